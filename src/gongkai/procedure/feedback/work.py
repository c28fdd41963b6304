"""A proof of work 算题: what a page's program works out while a person reads the confirmation page.

The question is the number of that page, which is drawn by the server, signed, bound to the words
and the form, good for an hour and for one voice: nothing can be worked out ahead or used again.
The answer is eight numbers, so that luck plays no great part in how long it takes:

    SHA-256("<question>:<place>:<number>") begins with ``bits`` zero bits, for the places 0 to 7

Whoever sends many spends a second of a processor on each; a reader does not notice it. Whoever
cannot do it, or does it wrong, loses nothing: they are let through more slowly (:mod:`paces`).
"""

import hashlib

PIECES = 8
LEAST, MOST = 11, 15
"""Zero bits of each piece: 16 thousand hashes in all, a tenth of a second on a cheap telephone,
to 260 thousand, which take it a second or two."""
HARDER = 25
"""Voices of a network on one day after which the next one's work is doubled."""
LONGEST = 12
"""Digits of a number."""


def bits(load: int) -> int:
    """How hard the work is for a network from which ``load`` voices came today."""
    return min(MOST, LEAST + load // HARDER)


def done(question: str, bits: int, answer: str) -> bool:
    """Whether ``answer`` is the work that ``question`` asks for; never when it asks for none."""
    numbers = answer.split(" ", PIECES)
    if bits < 1 or not question or len(numbers) != PIECES:
        return False
    return all(_fits(question, bits, place, each) for place, each in enumerate(numbers))


def _fits(question: str, bits: int, place: int, number: str) -> bool:
    if not (number.isascii() and number.isdecimal() and len(number) <= LONGEST):
        return False
    digest = hashlib.sha256(f"{question}:{place}:{number}".encode()).digest()
    return int.from_bytes(digest, "big") >> (256 - bits) == 0
