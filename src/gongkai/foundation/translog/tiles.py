"""Tiles and entry bundles: where each part of the log stands and how it is packed.

C2SP tlog-tiles. A tile at level L holds up to 256 roots of complete subtrees of 256**L leaves; a
bundle holds up to 256 entries, each after its length in two bytes. The last of a level may be
partial; its width is then part of its name, so that every name stands for one content for ever.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Self, TypeVar

from gongkai.foundation.translog.merkle import HASH_SIZE

WIDTH = 256
HEIGHT = 8
LARGEST_ENTRY = 0xFFFF

T = TypeVar("T")


@dataclass(frozen=True)
class Tile:
    """The name of a tile, or with level None of a bundle; ``width`` counts hashes or entries."""

    level: int | None
    index: int
    width: int = WIDTH

    @property
    def path(self) -> str:
        """The path relative to the log, as in ``tile/0/x001/234.p/17``."""
        if self.level is None:
            return bundle_path(self.index, self.width)
        return tile_path(self.level, self.index, self.width)

    @property
    def full(self) -> Self:
        """The full tile that takes the place of this one."""
        return replace(self, width=WIDTH)

    @property
    def end(self) -> int:
        """How many leaves a log must have for this tile to be in it."""
        return (self.index * WIDTH + self.width) << HEIGHT * (self.level or 0)


def tile_path(level: int, index: int, width: int = WIDTH) -> str:
    """The path of a hash tile. ``ValueError`` when there is no such tile."""
    if not 0 <= level <= 63:
        raise ValueError(f"no tile level {level}")
    return f"tile/{level}/{_number(index, width)}"


def bundle_path(index: int, width: int = WIDTH) -> str:
    """The path of an entry bundle. ``ValueError`` when there is no such bundle."""
    return f"tile/entries/{_number(index, width)}"


def pack_bundle(entries: Sequence[bytes]) -> bytes:
    """The bytes of a bundle. ``ValueError`` when an entry is longer than 65535 bytes."""
    parts: list[bytes] = []
    for entry in entries:
        if len(entry) > LARGEST_ENTRY:
            raise ValueError(f"an entry holds at most {LARGEST_ENTRY} bytes, not {len(entry)}")
        parts += (len(entry).to_bytes(2, "big"), entry)
    return b"".join(parts)


def unpack_bundle(data: bytes) -> list[bytes]:
    """The entries of a bundle. ``ValueError`` when it is cut off."""
    entries, at = [], 0
    while at < len(data):
        start = at + 2
        at = start + int.from_bytes(data[at:start], "big")
        entries.append(data[start:at])
    if at > len(data):
        raise ValueError("the bundle is cut off")
    return entries


def split_tile(data: bytes) -> list[bytes]:
    """The hashes of a tile, whose length must be whole hashes."""
    return [data[at : at + HASH_SIZE] for at in range(0, len(data), HASH_SIZE)]


def changed(old: int, new: int) -> Iterator[Tile]:
    """The bundles, then the tiles from level 0 upwards, that growth from ``old`` to ``new`` makes.

    Each of them is a new file: a wider partial one, or a full one.
    """
    yield from _widened(None, old, new)
    level = 0
    while old < new:
        yield from _widened(level, old, new)
        level, old, new = level + 1, old // WIDTH, new // WIDTH


def chunks(items: Sequence[T]) -> Iterable[Sequence[T]]:
    """Items in the portions of a tile; only the last may be narrower."""
    return (items[at : at + WIDTH] for at in range(0, len(items), WIDTH))


def _widened(level: int | None, old: int, new: int) -> Iterator[Tile]:
    for index in range(old // WIDTH, -(-new // WIDTH)):
        yield Tile(level, index, min(WIDTH, new - index * WIDTH))


def _number(index: int, width: int) -> str:
    if index < 0 or not 1 <= width <= WIDTH:
        raise ValueError(f"no tile {index} of width {width}")
    groups = f"{index:,}".split(",")
    name = "/".join([*(f"x{group:0>3}" for group in groups[:-1]), f"{groups[-1]:0>3}"])
    return name if width == WIDTH else f"{name}.p/{width}"
