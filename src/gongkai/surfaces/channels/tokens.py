"""The links in a subscriber's letters: a row's handle, signed for one purpose."""

from gongkai.foundation.notices import links

CONFIRM, LEAVE = "confirm", "leave"
HANDLE = links.HANDLE
"""Characters of a handle."""


def token(purpose: str, handle: str) -> str:
    """The word that stands in a link."""
    return links.word(f"follow.{purpose}", handle)


def handle_in(purpose: str, text: str) -> str:
    """The handle that ``text`` names for this purpose; nothing when it is forged or mangled."""
    return links.handle_in(f"follow.{purpose}", text)
