"""The head of the log at every entry: size and root of the tree that ends there.

No checkpoint was signed for most of these, yet every later one commits to all of them. What was
hashed of a tile is kept, so that the heads of neighbouring entries cost a dozen hashes each.
"""

from collections import OrderedDict
from dataclasses import replace

from gongkai.foundation.translog.merkle import node_hash, tree_root
from gongkai.foundation.translog.store import TileStore
from gongkai.foundation.translog.tiles import HEIGHT, WIDTH, Tile

_KEPT = 32
"""Tiles in memory with all that lies above their hashes, some 40 kB each."""

Levels = list[list[bytes]]


class Heads:
    """The roots of a log's first entries, from its tiles."""

    def __init__(self, store: TileStore) -> None:
        self._store = store
        self._tiles: OrderedDict[tuple[int, int], Levels] = OrderedDict()

    def root(self, size: int) -> bytes:
        """The root of the first ``size`` entries. ``Broken`` when the tiles do not reach so far."""
        return tree_root(size, self._read)

    def _read(self, height: int, index: int) -> bytes:
        level, inner = divmod(height, HEIGHT)
        number, start = divmod(index << inner, WIDTH)
        return self._levels(level, number, start + (1 << inner))[inner][start >> inner]

    def _levels(self, level: int, number: int, width: int) -> Levels:
        """The hashes of a tile, of at least ``width``, and those of the levels above within it."""
        found = self._tiles.get((level, number))
        if found is None or len(found[0]) < width:
            found = self._tiles[level, number] = _above(self._widest(Tile(level, number, width)))
            if len(self._tiles) > _KEPT:
                self._tiles.popitem(last=False)
        return found

    def _widest(self, tile: Tile) -> list[bytes]:
        """The hashes of ``tile``, and those behind them that stand in the same file."""
        found = self._store.find(tile)
        wide = replace(tile, width=found[0].width) if found else tile
        return self._store.tile(wide)


def _above(hashes: list[bytes]) -> Levels:
    levels = [hashes]
    while len(hashes) > 1:
        hashes = [node_hash(hashes[at], hashes[at + 1]) for at in range(0, len(hashes) - 1, 2)]
        levels.append(hashes)
    return levels
