"""Where a comment stands in a text that has changed since. Pure."""

from collections.abc import Sequence

from gongkai.procedure.proposals.sanitise import blocks

OPENING = 40
"""Characters by which a block is found again when nothing in it was quoted."""


def texts(body: str) -> list[str]:
    """The text of each block of ``body``, blanks and line ends made one."""
    return [" ".join(block.text.split()) for block in blocks(body)]


def opening(body: str, block: int) -> str:
    """How the block of that number (from 1) begins; nothing where there is none."""
    found = texts(body)
    return found[block - 1][:OPENING] if 1 <= block <= len(found) else ""


def found_at(block: int, quote: str, begins: str, among: Sequence[str]) -> int | None:
    """The number of the block in which the quoted words, or else how the block began, now stand.

    The block itself is looked at first, then those nearest to it; none when they are gone.
    """
    numbers = sorted(range(1, len(among) + 1), key=lambda number: (abs(number - block), number))
    for number in numbers:
        text = among[number - 1]
        if (quote and quote in text) or (not quote and begins and text.startswith(begins)):
            return number
    return None
