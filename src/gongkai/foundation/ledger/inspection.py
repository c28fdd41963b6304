"""A log looked at in portions: each bundle with the tiles above it, and the rows that it logs.

All portions together are what ``gongkai log verify`` and ``audit verify`` look at; each costs the
same however long the log is.
"""

from collections.abc import Iterator

from django.conf import settings

from gongkai.foundation.core.errors import Broken
from gongkai.foundation.ledger import audit
from gongkai.foundation.ledger.logs import PUBLIC, Log
from gongkai.foundation.ledger.queries import head
from gongkai.foundation.translog.checkpoint import open_checkpoint
from gongkai.foundation.translog.merkle import leaf_hash, subtree_root
from gongkai.foundation.translog.store import TileStore
from gongkai.foundation.translog.tiles import HEIGHT, WIDTH, Tile

MISSING, CHANGED, ALTERED = "missing", "changed", "altered"

Fault = tuple[str, str]
"""What is wrong: a file by its path in the home or a row by name and number, and in what way."""


def bundles(log: Log) -> int:
    """How many bundles there are to look at."""
    return -(-head(log.name).exposed_size // WIDTH)


def faults(log: Log, number: int) -> list[Fault]:
    """What is wrong with bundle ``number``: the files first; rows only under sound ones."""
    now = head(log.name)
    found = list(_checkpoint(log, now.exposed_size)) or list(_files(log, number, now.exposed_size))
    return found or list(_rows(log, number, now.exposed_size, now.size))


def _checkpoint(log: Log, size: int) -> Iterator[Fault]:
    """Whether the tiles along the edge still give the signed root."""
    path = _named(log, "checkpoint")
    note = log.store.read_checkpoint()
    if note is None:
        yield path, MISSING
        return
    try:
        checkpoint = open_checkpoint(note, *log.verifiers)
        if checkpoint.size < size or log.store.root(checkpoint.size) != checkpoint.root:
            yield path, CHANGED
    except (Broken, ValueError):
        yield path, CHANGED


def _files(log: Log, number: int, size: int) -> Iterator[Fault]:
    """The bundle gives its tile, and each full tile its place in the tile above."""
    store, bundle = log.store, Tile(None, number, min(WIDTH, size - number * WIDTH))
    try:
        hashes = list(map(leaf_hash, store.bundle(bundle)))
    except Broken:
        yield _named(log, bundle.path), _what(store, bundle)
        return
    level, index = 0, number
    while True:
        tile = Tile(level, index, len(hashes))
        try:
            if store.tile(tile) != hashes:
                yield _named(log, (bundle if level == 0 else tile).path), CHANGED
                return
            above = _above(tile, size)
            if above is None:
                return
            written = store.tile(above)
        except Broken:
            yield _named(log, tile.path), _what(store, tile)
            return
        if written[index % WIDTH] != subtree_root(hashes):
            yield _named(log, above.path), CHANGED
            return
        if index % WIDTH or len(written) < WIDTH:
            return
        level, index, hashes = above.level or 0, above.index, written


def _above(tile: Tile, size: int) -> Tile | None:
    """The tile that holds the root of a full ``tile``; None for a partial one."""
    if tile.width < WIDTH:
        return None
    level, index = (tile.level or 0) + 1, tile.index // WIDTH
    return Tile(level, index, min(WIDTH, (size >> HEIGHT * level) - index * WIDTH))


def _rows(log: Log, number: int, size: int, ordered: int) -> Iterator[Fault]:
    start, stop = number * WIDTH, min(size, (number + 1) * WIDTH)
    if log.name == PUBLIC.name:
        yield from ((f"record:{seq}", ALTERED) for seq in audit.altered(stop, start=start))
    else:
        found = audit.altered_acts(stop, ordered, start=start)
        for each in found:
            logged = each.what != audit.INSERTED
            yield (f"act:{each.seq}" if logged else f"unlogged:{each.act}"), ALTERED


def bundle_of(log: Log, path: str) -> int:
    """The bundle under which :func:`faults` names ``path``, if it does."""
    kind, _colon, number = path.partition(":")
    if kind in {"act", "record"}:
        return int(number) // WIDTH
    _before, tile, place = path.partition("/tile/")
    if not tile:
        return 0
    level, _slash, groups = place.partition("/")
    index = int("".join(part.removeprefix("x") for part in groups.partition(".p")[0].split("/")))
    return index if level == "entries" else index * WIDTH ** int(level)


def _what(store: TileStore, tile: Tile) -> str:
    return MISSING if store.find(tile) is None else CHANGED


def _named(log: Log, path: str) -> str:
    return (log.folder / path).relative_to(settings.HOME.path).as_posix()
