"""Which signs can be printed 字形: what no font of ours has, found without setting a sheet.

Read from the tables of the fonts themselves, once in a process: a draft is checked while it is
written, and a sheet takes a second.
"""

import re
import struct
import unicodedata
from bisect import bisect_right
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import BinaryIO

from gongkai.foundation.core.errors import Broken
from gongkai.foundation.paper.child import FONTS, folder_of

_FULL = 12
"""The format of the table that lists every sign beyond the first 65,536 too."""
_SELECTORS = re.compile("[\ufe00-\ufe0f\U000e0100-\U000e01ef]")
_MARK = "\ufeff"
"""A mark of an encoding, which no sheet for the archive may hold."""

Span = tuple[int, int]


def missing(text: str) -> list[str]:
    """The signs of ``text`` that no font has, each once, in their order."""
    return [sign for sign in dict.fromkeys(text) if not printable(sign)]


def printable(sign: str) -> bool:
    """Whether a sheet can show ``sign``, or it shows nothing anyway."""
    if sign.isascii() and sign.isprintable():
        return True
    firsts, lasts = _spans()
    point = ord(sign)
    at = bisect_right(firsts, point) - 1
    return (at >= 0 and point <= lasts[at]) or _shows_nothing(sign)


def replaced(text: str) -> str:
    """``text`` with a box for each sign that no font has: for words that nobody can change now."""
    return "".join(sign if printable(sign) else "□" for sign in text)


def numbered(signs: str) -> str:
    """Signs by their numbers, for a person who cannot see them: U+1F600."""
    return " ".join(f"U+{ord(each):04X}" for each in signs)


def shown(signs: str) -> str:
    """The signs themselves, or a box where a line of text cannot hold them."""
    return "".join(each if each.isprintable() else "□" for each in signs)


def _shows_nothing(sign: str) -> bool:
    """Whether ``sign`` only says how others stand: no font needs it."""
    silent = unicodedata.category(sign) in ("Cf", "Zl", "Zp") or bool(_SELECTORS.match(sign))
    return sign in "\t\n\r" or (silent and sign != _MARK)


@cache
def _spans() -> tuple[list[int], list[int]]:
    """First and last points of all that the fonts have, apart from each other and in order."""
    found = sorted(
        span
        for package in FONTS
        for path in sorted(folder_of(package).iterdir())
        if path.suffix in (".otf", ".ttf", ".ttc")
        for span in _font(path)
    )
    firsts, lasts = [found[0][0]], [found[0][1]]
    for first, last in found[1:]:
        if first <= lasts[-1] + 1:
            lasts[-1] = max(lasts[-1], last)
        else:
            firsts.append(first)
            lasts.append(last)
    return firsts, lasts


def _font(path: Path) -> Iterator[Span]:
    with path.open("rb") as font:
        for face in _faces(font):
            yield from _table(font, face, path)


def _faces(font: BinaryIO) -> tuple[int, ...]:
    """Where the faces of a file begin: one, or as many as a collection holds."""
    if font.read(4) != b"ttcf":
        return (0,)
    _version, count = struct.unpack(">II", font.read(8))
    return struct.unpack(f">{count}I", font.read(4 * count))


def _table(font: BinaryIO, face: int, path: Path) -> Iterator[Span]:
    """What one face has, by its ``cmap`` table."""
    font.seek(face)
    _kind, tables, _search = struct.unpack(">IH6s", font.read(12))
    places = {
        tag: offset
        for tag, _sum, offset, _length in struct.iter_unpack(">4sIII", font.read(16 * tables))
    }
    begun = places[b"cmap"]
    font.seek(begun)
    _version, count = struct.unpack(">HH", font.read(4))
    for _platform, _encoding, offset in list(struct.iter_unpack(">HHI", font.read(8 * count))):
        font.seek(begun + offset)
        if struct.unpack(">H", font.read(2))[0] == _FULL:
            _reserved, _length, _language, groups = struct.unpack(">HIII", font.read(14))
            for first, last, _glyph in struct.iter_unpack(">III", font.read(12 * groups)):
                yield first, last
            return
    raise Broken(f"{path.name} does not say which signs it has")
