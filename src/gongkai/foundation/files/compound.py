"""The old office container (doc, xls, ppt, wps): names of its streams, nothing more.

Source: [MS-CFB], version 20210817, sections 2.2 (header), 2.3 (sector chains), 2.6 (directory).
"""

import struct
from collections.abc import Iterator
from pathlib import Path
from typing import IO

from django.utils.translation import gettext as _

from gongkai.foundation.core.errors import Refused

MAGIC = bytes.fromhex("d0cf11e0a1b11ae1")
_LAST_REGULAR = 0xFFFFFFFA
_ENTRY = 128
_SECTORS_LIMIT = 4096  # of the directory: some 16,000 streams


def names(path: Path) -> set[str]:
    """The names of all streams and storages; ``Refused`` when the container is damaged."""
    try:
        with path.open("rb") as file:
            return _names(file)
    except (struct.error, ValueError) as error:
        message = _("文件打不开，可能没有传完整。请在自己的电脑上打开看看，另存一份，再传一次。")
        raise Refused([message]) from error


def _names(file: IO[bytes]) -> set[str]:
    header = file.read(512)
    (shift,) = struct.unpack_from("<H", header, 30)
    (first,) = struct.unpack_from("<I", header, 48)
    if shift not in (9, 12):
        raise ValueError("no such sector size")
    size = 1 << shift
    table = _table(file, header, size)
    found: set[str] = set()
    for number in _chain(file, table, first, size):
        data = _sector(file, number, size)
        found.update(_name(data[at : at + _ENTRY]) for at in range(0, size, _ENTRY))
    return found - {""}


def _name(entry: bytes) -> str:
    length, kind = struct.unpack_from("<HB", entry, 64)
    if kind == 0 or not 2 <= length <= 64:
        return ""
    return entry[: length - 2].decode("utf-16-le", "replace")


def _table(file: IO[bytes], header: bytes, size: int) -> list[int]:
    """Where the sectors of the allocation table are: 109 in the header, more in a chain."""
    table = list(struct.unpack_from("<109I", header, 76))
    (sector,) = struct.unpack_from("<I", header, 68)
    while sector < _LAST_REGULAR:
        if len(table) > _SECTORS_LIMIT * 4:
            raise ValueError("an allocation table without end")
        *more, sector = struct.unpack(f"<{size // 4}I", _sector(file, sector, size))
        table.extend(more)
    return table


def _chain(file: IO[bytes], table: list[int], sector: int, size: int) -> Iterator[int]:
    """The sectors of a chain in order, from its first one."""
    for _count in range(_SECTORS_LIMIT):
        if sector >= _LAST_REGULAR:
            return
        yield sector
        index, place = divmod(sector, size // 4)
        if index >= len(table):
            raise ValueError("a chain that leaves the allocation table")
        data = _sector(file, table[index], size)
        (sector,) = struct.unpack_from("<I", data, 4 * place)
    raise ValueError("a chain without end")


def _sector(file: IO[bytes], number: int, size: int) -> bytes:
    file.seek((number + 1) * size)
    data = file.read(size)
    if len(data) != size:
        raise ValueError("a sector beyond the end")
    return data
