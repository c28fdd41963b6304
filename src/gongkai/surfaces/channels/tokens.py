"""The links in a subscriber's letters: a row's handle, signed for one purpose."""

from django.utils.crypto import constant_time_compare, salted_hmac

from gongkai.foundation.core.identifiers import ALPHABET

CONFIRM, LEAVE = "confirm", "leave"
HANDLE = 16
"""Characters of a handle: 80 random bits."""
_SIGNATURE = 20


def token(purpose: str, handle: str) -> str:
    """The word that stands in a link."""
    return handle + _signature(purpose, handle)


def handle_in(purpose: str, text: str) -> str:
    """The handle that ``text`` names for this purpose; nothing when it is forged or mangled."""
    handle, signature = text[:HANDLE], text[HANDLE:]
    good = constant_time_compare(signature, _signature(purpose, handle))
    return handle if good else ""


def _signature(purpose: str, handle: str) -> str:
    drawn = salted_hmac(f"gongkai.follow.{purpose}", handle, algorithm="sha256").digest()
    return "".join(ALPHABET[byte % 32] for byte in drawn[:_SIGNATURE])
