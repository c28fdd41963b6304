"""What a printed sheet remembers (纸上存证): the head of the log at the entry it shows.

The QR code of an item's page leads to the item's permanent address, from a sheet with the mark of
the place where it hangs; behind ``#`` stand the size of the log at this entry and the first 192
bits of its root. No server is told of what comes after ``#``, every phone opens the page, and yet
any sheet on any wall holds the whole log before it: whoever rewrites an earlier entry has all these
sheets against them. The head ends with the item's own entry, so a page never tells of a later one.
"""

import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.conf import settings

from gongkai.foundation.core.identifiers import ALPHABET
from gongkai.foundation.translog.heads import Heads
from gongkai.foundation.translog.store import TileStore

Home = Any
"""The data folder, as the settings have it; hashed quickly, unlike a path made anew."""
BEGINNING = 24
"""Bytes of the root: two logs that agree in so many cannot be made, and the code stays small."""

_HEAD = re.compile(
    r"(?P<page>(?P<board>https?://[^\s#]+?)?(?:/en)?(?:/i/)?(?P<address>[0-9A-Za-z]{10})(?:/v\d+)?(?:\?s=[0-9a-z]{1,4})?)?"
    r"#?(?P<size>[1-9][0-9]{0,15})\.(?P<root>[A-Za-z0-9_-]{32})"
)


@dataclass(frozen=True)
class Sheet:
    """What was read from a printed sheet (纸上存证); ``board`` and ``address`` may be missing.

    ``begins`` is how the root of the first ``size`` entries begins.
    """

    board: str
    address: str
    size: int
    begins: bytes

    @property
    def index(self) -> int:
        """The entry with which the head ends."""
        return self.size - 1

    def fits(self, root: bytes) -> bool:
        """Whether this is the root that the sheet remembers."""
        return root.startswith(self.begins)


def head(seq: int) -> str:
    """The head of the log at entry ``seq``, as ``269.`` and 32 letters."""
    return _head(settings.HOME, seq + 1)


def read(text: str) -> Sheet | None:
    """What the scanned or typed ``text`` holds; None when it is no head of a log."""
    found = _HEAD.fullmatch("".join(text.split()))
    if not found:
        return None
    address = (found["address"] or "").upper()
    if not set(address) <= set(ALPHABET):
        return None
    begins = urlsafe_b64decode(found["root"])
    return Sheet(found["board"] or "", address, int(found["size"]), begins)


def encoded(root: bytes) -> str:
    """The beginning of a root in the letters of an address (base64url)."""
    return urlsafe_b64encode(root[:BEGINNING]).decode()


@lru_cache(maxsize=8)
def _head(home: Home, size: int) -> str:
    """Kept for the page in the other language."""
    return f"{size}.{encoded(_heads(home).root(size))}"


@lru_cache(maxsize=2)
def _heads(home: Home) -> Heads:
    return Heads(TileStore(home.log))
