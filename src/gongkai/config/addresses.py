"""What an address of the board asks for: which files it may mean, and how such a file is sent."""

import re
from functools import lru_cache
from typing import NamedTuple

from gongkai.config.folder import SUFFIXES

TYPES = {
    ".atom": "application/atom+xml; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".csv": "text/csv; charset=utf-8",
    ".gif": "image/gif",
    ".html": "text/html; charset=utf-8",
    ".ico": "image/x-icon",
    ".ics": "text/calendar; charset=utf-8",
    ".jpg": "image/jpeg",
    ".js": "text/javascript; charset=utf-8",
    ".json": "application/json",
    ".pdf": "application/pdf",
    ".png": "image/png",
    ".svg": "image/svg+xml",
    ".txt": "text/plain; charset=utf-8",
    ".webp": "image/webp",
    ".woff2": "font/woff2",
    ".xml": "application/xml; charset=utf-8",
}
LOG_TYPES = {
    "/log/checkpoint": "text/plain; charset=utf-8",
    "/log/vkey": "text/plain; charset=utf-8",
}
OCTETS = "application/octet-stream"
ACTIVE = {"text/html", "image/svg+xml", "text/javascript", "text/css", "application/xml"}

FOREVER = "public, max-age=31536000, immutable"
ASK_AGAIN = "no-cache"
DIGEST_NAMED = re.compile(r"/assets/.*\.[0-9a-f]{8,64}\.[a-z0-9.]+")
FULL_TILE = re.compile(r"/log/tile/[^.]+")  # a partial one ends in .p/<width>
# No part is empty or begins with a dot; our names hold neither backslash nor NUL.
SOUND = re.compile(r"(?:/(?!\.)[^/\\\0]+)*/?")
EXACT = frozenset(("log", "assets", "files"))
TWINS = frozenset(SUFFIXES.values())


class Address(NamedTuple):
    """The files that may be meant, in this order, and what holds for each of them."""

    names: tuple[str, ...] = ()
    area: str = ""
    """``log``, ``assets`` or ``files``; empty for pages."""
    type: str = ""
    lifetime: str = ASK_AGAIN

    @property
    def twinned(self) -> bool:
        """Whether it may have twins. In the log none are made; ``note.txt.gz`` among the files
        is a file of its own.
        """
        return self.area not in {"log", "files"}


NOTHING = Address()
"""No file of ours can have such a name."""
MISSING = Address(("404.html",), type=TYPES[".html"])


@lru_cache(maxsize=1024)
def read(path: str) -> Address:
    """What ``path`` asks for, as the server gives it: percent signs decoded, bytes as Latin-1."""
    try:
        path = path if path.isascii() else path.encode("latin-1").decode("utf-8")
    except UnicodeError:
        return NOTHING
    if not path or not SOUND.fullmatch(path):
        return NOTHING
    first, slash, _ = path[1:].partition("/")
    area = first if slash and first in EXACT else ""
    suffix = _suffix(path.removesuffix("/"))
    if suffix in TWINS and area != "files":
        return NOTHING  # a twin is a way of sending its plain file, not a thing of its own
    if suffix or first in EXACT:
        names = () if path.endswith("/") else (path[1:],)
        return Address(names, area, _type(path, area, suffix), _lifetime(path))
    return Address(_pages(path), "", TYPES[".html"])


def _pages(path: str) -> tuple[str, ...]:
    if path.endswith("/"):
        return (f"{path[1:]}index.html",)
    return (f"{path[1:]}.html", f"{path[1:]}/index.html")


def _suffix(path: str) -> str:
    last = path.rpartition("/")[2]
    return last[last.rfind(".") :].lower() if "." in last else ""


def _type(path: str, area: str, suffix: str) -> str:
    kind = LOG_TYPES.get(path) or TYPES.get(suffix, OCTETS)
    return OCTETS if area == "files" and kind.partition(";")[0] in ACTIVE else kind


def _lifetime(path: str) -> str:
    return FOREVER if DIGEST_NAMED.fullmatch(path) or FULL_TILE.fullmatch(path) else ASK_AGAIN
