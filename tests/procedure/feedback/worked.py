"""Doing a page's work as its program does, in Python."""

import hashlib
import re
from itertools import count

from gongkai.procedure.feedback.work import PIECES


def worked(question: str, bits: int) -> str:
    """The answer to ``question``."""
    return " ".join(str(_number(question, bits, place)) for place in range(PIECES))


def worked_in(page: str) -> str:
    """The answer to the question that a confirmation page asks."""
    asked = re.search(r'data-question="([^"]+)" data-bits="(\d+)"', page)
    return worked(asked[1], int(asked[2]))


def _number(question: str, bits: int, place: int) -> int:
    for number in count():
        digest = hashlib.sha256(f"{question}:{place}:{number}".encode()).digest()
        if int.from_bytes(digest[:4], "big") >> (32 - bits) == 0:
            return number
    raise AssertionError
