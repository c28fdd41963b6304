"""The log as a folder of plain files, as any web server can hand out (C2SP tlog-tiles).

Writing is safe to repeat: a file is a function of the entries alone, appears whole (temporary
file, fsync, rename) and is durable when ``write`` returns. A name that already holds other bytes
means two histories of one log; then nothing more may be written.
"""

import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from shutil import rmtree

from gongkai.foundation.core.durable import sync
from gongkai.foundation.core.errors import Broken
from gongkai.foundation.translog.checkpoint import Checkpoint
from gongkai.foundation.translog.merkle import (
    HASH_SIZE,
    HashReader,
    leaf_hash,
    subtree_root,
    tree_root,
)
from gongkai.foundation.translog.note import split_note
from gongkai.foundation.translog.tiles import (
    HEIGHT,
    WIDTH,
    Tile,
    chunks,
    pack_bundle,
    split_tile,
    unpack_bundle,
)

EntriesAt = Callable[[range], Sequence[bytes]]
"""The entries of a range of indices, from the database."""

_CHECKPOINT = "checkpoint"
_CACHED_TILES = 64


class TileStore:
    """One log's folder. One process writes; any number read."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def write(
        self, old_size: int, entries: Sequence[bytes], *, entry_at: EntriesAt | None = None
    ) -> None:
        """Write the bundles and tiles of ``entries``, which follow the first ``old_size``.

        The entries before them in the same bundle are read back from disk, or asked of
        ``entry_at`` where the disk lacks them. ``ValueError``, with nothing written, on an entry
        of more than 65535 bytes. Raises ``Broken`` when the disk lacks what it must have or holds
        another history, which is left as it stands. *A crash here leaves whole files that no
        checkpoint covers; the same call again completes them.*
        """
        if not entries:
            return
        entries = [*self._entries_before(old_size, entry_at), *entries]
        bundles = [
            (Tile(None, index, len(portion)), pack_bundle(portion))
            for index, portion in enumerate(chunks(entries), old_size // WIDTH)
        ]
        with _batch(self.folder, self._exposed_size()) as files:
            for bundle, data in bundles:
                files.put(bundle, data)
            self._put_hashes(files, list(map(leaf_hash, entries)), old_size)

    def _put_hashes(self, files: "_Files", hashes: Sequence[bytes], size: int) -> None:
        """The tiles of these leaf hashes, which begin a tile, and of every level above."""
        level = 0
        while hashes:
            roots = []
            for index, portion in enumerate(chunks(hashes), size // WIDTH):
                files.put(Tile(level, index, len(portion)), b"".join(portion))
                if len(portion) == WIDTH:
                    roots.append(subtree_root(portion))
            level, size = level + 1, size // WIDTH
            hashes = [*self._hashes_before(level, size), *roots] if roots else []

    def root(self, size: int) -> bytes:
        """The root of the first ``size`` entries, computed from the tiles on disk."""
        return tree_root(size, self.hash_reader(size))

    def hash_reader(self, size: int) -> HashReader:
        """A reader of subtree hashes of the tree of ``size``, for proofs; caches a few tiles."""
        read = lru_cache(_CACHED_TILES)(self.tile)

        def reader(height: int, index: int) -> bytes:
            level, inner = divmod(height, HEIGHT)
            number, start = divmod(index << inner, WIDTH)
            width = min(WIDTH, (size >> HEIGHT * level) - number * WIDTH)
            return subtree_root(read(Tile(level, number, width))[start : start + (1 << inner)])

        return reader

    def tile(self, tile: Tile) -> list[bytes]:
        """The hashes of ``tile``. Raises ``Broken`` when it is missing or of a wrong length."""
        found, data = self._found(tile)
        if len(data) != found.width * HASH_SIZE:
            raise Broken(f"{found.path} is of {len(data)} bytes")
        return split_tile(data)[: tile.width]

    def bundle(self, bundle: Tile) -> list[bytes]:
        """The entries of ``bundle``. Raises ``Broken`` when it is missing or cut off."""
        found, data = self._found(bundle)
        try:
            entries = unpack_bundle(data)
        except ValueError as error:
            raise Broken(f"{found.path}: {error}") from error
        if len(entries) != found.width:
            raise Broken(f"{found.path} holds {len(entries)} entries")
        return entries[: bundle.width]

    def find(self, tile: Tile) -> tuple[Tile, bytes] | None:
        """The file of a tile or bundle, unchecked, or a wider one that begins with it.

        A pruned partial tile has given way to the full one; in a folder that was laid out anew
        only the widest partial one was ever written.
        """
        for candidate in (tile, tile.full):
            data = _read(self.folder / candidate.path)
            if data is not None:
                return candidate, data
        for part in sorted(self._parts(tile), key=lambda part: part.width):
            if part.width > tile.width and (data := _read(self.folder / part.path)) is not None:
                return part, data
        return None

    def _parts(self, tile: Tile) -> Iterator[Tile]:
        """The partial files of a tile that stand."""
        for part in (self.folder / f"{tile.full.path}.p").glob("[0-9]*"):
            yield replace(tile, width=int(part.name))

    def entry(self, index: int) -> bytes:
        """The entry at ``index``, ``IndexError`` when the log on disk does not reach it."""
        number, place = divmod(index, WIDTH)
        bundle = Tile(None, number)
        if not (self.folder / bundle.path).exists():
            parts = (self.folder / f"{bundle.path}.p").glob("[0-9]*")
            widest = max((int(part.name) for part in parts), default=0)
            if place >= widest:
                raise IndexError(f"the log has no entry {index}")
            bundle = Tile(None, number, widest)
        return self.bundle(bundle)[place]

    def publish_checkpoint(self, note: str) -> None:
        """Expose the signed ``note``: from now on readers see the log it covers.

        Raises ``Broken`` when the checkpoint already there is larger, or as large with another
        root: a signed size is never taken back. Signature and tiles are the caller's to check.
        """
        new, old = _checkpoint(note), self._exposed()
        if old and (new.size < old.size or (new.size == old.size and new.root != old.root)):
            raise Broken(f"the checkpoint of {new.size} contradicts the exposed one of {old.size}")
        with _batch(self.folder, 0) as files:
            files.replace(self.folder / _CHECKPOINT, note.encode())

    def read_checkpoint(self) -> str | None:
        """The exposed note, unverified; None before the first."""
        data = _read(self.folder / _CHECKPOINT)
        return None if data is None else data.decode()

    def prune(self) -> int:
        """Remove partial tiles whose full tile the exposed checkpoint covers; returns how many.

        The specification allows it: a reader falls back on the full tile.
        """
        size, removed = self._exposed_size(), 0
        for partial in sorted(self.folder.glob("tile/**/*.p")):
            full = partial.with_suffix("")
            if full.exists() and _tile_at(full.relative_to(self.folder)).end <= size:
                rmtree(partial)
                removed += 1
        return removed

    def _found(self, tile: Tile) -> tuple[Tile, bytes]:
        found = self.find(tile)
        if found is None:
            raise Broken(f"{tile.path} is missing")
        return found

    def _entries_before(self, size: int, entry_at: EntriesAt | None) -> Sequence[bytes]:
        """The entries that share a bundle with entry ``size``."""
        index, count = divmod(size, WIDTH)
        if not count:
            return []
        bundle, tile = Tile(None, index, count), Tile(0, index, count)
        if entry_at and self.find(bundle) is None:
            entries = entry_at(range(size - count, size))
        else:
            entries = self.bundle(bundle)
        if self.find(tile) and self.tile(tile) != list(map(leaf_hash, entries)):
            raise Broken(f"{bundle.path} holds other entries than {tile.path} was made of")
        return entries

    def _hashes_before(self, level: int, size: int) -> Sequence[bytes]:
        """The hashes that share a tile with hash ``size``, from that tile or from those below."""
        index, count = divmod(size, WIDTH)
        if not count:
            return []
        tile = Tile(level, index, count)
        if self.find(tile):
            return self.tile(tile)
        below = (Tile(level - 1, number) for number in range(size - count, size))
        return [subtree_root(self.tile(each)) for each in below]

    def _exposed(self) -> Checkpoint | None:
        try:
            note = self.read_checkpoint()
            return None if note is None else _checkpoint(note)
        except ValueError as error:
            raise Broken(f"the exposed checkpoint is unreadable: {error}") from error

    def _exposed_size(self) -> int:
        exposed = self._exposed()
        return exposed.size if exposed else 0


class _Files:
    """Files written in one batch: all synced under other names, then put in place, then synced
    the folders that name them.
    """

    def __init__(self, root: Path, exposed: int) -> None:
        self._root = root
        self._exposed = exposed
        self._folders: set[Path] = set()
        self._waiting: dict[Path, Path] = {}

    def put(self, tile: Tile, data: bytes) -> None:
        """Write a tile, unless it stands there already; other bytes there are ``Broken``.

        Only a partial tile beyond the exposed checkpoint may change: nobody was promised it.
        """
        path = self._root / tile.path
        present = _read(path)
        if present == data:
            self._touch(path)  # the rename may not have been synced before a crash
            return
        if present is not None and (tile.width == WIDTH or tile.end <= self._exposed):
            raise Broken(f"{tile.path} holds other bytes: two histories of one log")
        self.replace(path, data)

    def replace(self, path: Path, data: bytes) -> None:
        """Have ``data`` at ``path`` once settled, in one step: a reader sees the old or the new."""
        self._touch(path)
        temporary = path.with_name(f".{path.name}.{os.getpid()}")
        self._waiting[temporary] = path
        temporary.write_bytes(data)

    def settle(self) -> None:
        """Put the files of this batch in their places, and make them and their names durable."""
        sync(self._waiting.keys())
        for temporary, path in self._waiting.items():
            temporary.rename(path)
        self._waiting.clear()
        sync(self._folders)

    def drop(self) -> None:
        """Take away what was written and never settled."""
        for temporary in self._waiting:
            temporary.unlink(missing_ok=True)

    def _touch(self, path: Path) -> None:
        """Have the folders of ``path`` exist, and be synced at the end."""
        if path.parent not in self._folders:
            path.parent.mkdir(parents=True, exist_ok=True)
            depth = len(path.relative_to(self._root).parents)
            self._folders.update(list(path.parents)[:depth])


@contextmanager
def _batch(root: Path, exposed: int) -> Iterator[_Files]:
    """A batch that is settled at the end, or leaves nothing of itself when it fails."""
    files = _Files(root, exposed)
    try:
        yield files
        files.settle()
    finally:
        files.drop()


def _read(path: Path) -> bytes | None:
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return None


def _checkpoint(note: str) -> Checkpoint:
    return Checkpoint.parse(split_note(note)[0])


def _tile_at(path: Path) -> Tile:
    """The full tile of a relative path such as ``tile/0/x001/234``."""
    _, level, *groups = path.parts
    number = int("".join(group.removeprefix("x") for group in groups))
    return Tile(None if level == "entries" else int(level), number)
