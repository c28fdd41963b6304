"""A log that somebody else hands out, compared with what was seen of it before.

``Read`` asks for one file of the log, over the network or from a folder. Nothing that comes back is
believed: a checkpoint by its signature, tiles by the roots that are signed.
"""

from collections.abc import Callable
from pathlib import Path

from gongkai.foundation.core.errors import Broken
from gongkai.foundation.translog.checkpoint import Checkpoint
from gongkai.foundation.translog.merkle import (
    EMPTY_ROOT,
    consistency_proof,
    tree_root,
    verify_consistency,
)
from gongkai.foundation.translog.store import TileStore
from gongkai.foundation.translog.tiles import LARGEST_ENTRY, WIDTH, Tile

Read = Callable[[str], bytes | None]
"""``read("tile/0/000")``: a file of the log; None when there is none."""

LARGEST_CHECKPOINT = 64 * 1024
LARGEST_FILE = WIDTH * (LARGEST_ENTRY + 2)
"""No bundle is larger, and no tile."""


class WentBack(ValueError):
    """The log is shorter than it was: entries that it once promised are missing (日志变短)."""


class Forked(ValueError):
    """The log has two histories: it does not extend what was seen of it before (日志分叉)."""


class Unverifiable(ValueError):
    """The tiles that are handed out do not give the root that is signed (文件对不上)."""


class ReadLog(TileStore):
    """A log that is read file by file. A file that is there in part counts as ``Broken``."""

    def __init__(self, read: Read) -> None:
        super().__init__(Path("log"))
        self._read = read

    def find(self, tile: Tile) -> tuple[Tile, bytes] | None:
        """The file of a tile or bundle, unchecked, or the full one that took its place."""
        for candidate in (tile, tile.full):
            data = self._read(candidate.path)
            if data is not None:
                return candidate, data
        return None


def extends(log: TileStore, old: Checkpoint | None, new: Checkpoint) -> None:
    """Return when ``new`` begins with all that ``old`` held, as the tiles of ``log`` prove.

    Without ``old``, only that the tiles belong to ``new``. Raises ``WentBack``, ``Forked``, or
    ``Unverifiable``; both checkpoints' signatures are the caller's to check.
    """
    size, root = (old.size, old.root) if old else (0, EMPTY_ROOT)
    if new.size < size:
        raise WentBack(f"{new.size} entries, where {size} were seen before")
    if new.size == size:
        if new.root != root:
            raise Forked(f"two different logs of {size} entries")
        return
    told = proved_root(log, size, new)
    if told != root:
        raise Forked(f"the first {size} entries are not those that were seen before")


def proved_root(log: TileStore, size: int, within: Checkpoint) -> bytes:
    """The root of the first ``size`` entries of the log that ``within`` commits to.

    Proved, not only told: the same hashes give the signed root. ``Unverifiable`` when they do not,
    or a tile is missing or cut off; ``ValueError`` when the log is not that long.
    """
    try:
        reader = log.hash_reader(within.size)
        if size in (0, within.size):
            told = tree_root(size, reader) if size else EMPTY_ROOT
            whole = told if size else tree_root(within.size, reader)
            sound = whole == within.root
        else:
            told = tree_root(size, reader)
            proof = consistency_proof(size, within.size, reader)
            sound = verify_consistency(size, within.size, told, within.root, proof)
    except (Broken, IndexError) as error:
        raise Unverifiable(str(error)) from error
    if not sound:
        raise Unverifiable("the tiles do not give the signed root")
    return told
