"""The board's folder: every file whole, precompressed, and durable before the cursor moves.

A page is written as its plain file and two twins (``.br``, ``.gz``) that carry the very
modification time of the plain file; whoever serves the folder ignores a twin with another time.
So the order of steps is: twins away, plain file by rename, twins by rename. A crash in between
costs compression, never old words.
"""

import filecmp
import gzip
import os
import re
import shutil
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path

import brotli

from gongkai.foundation.core import durable

TWINS: tuple[tuple[str, Callable[[bytes], bytes], Callable[[bytes], bytes]], ...] = (
    (".gz", lambda data: gzip.compress(data, 6, mtime=0), gzip.decompress),
    (".br", lambda data: brotli.compress(data, quality=5), brotli.decompress),
)
OTHERS = frozenset(("log", "assets"))
"""Folders beside the pages that other parts write."""

_PART = re.compile(r"\w[\w.-]*")
_LONGEST_NAME = 200
_SYNCED_EACH = 2000


class Unsafe(ValueError):
    """A path that does not belong into the folder of pages."""


class Site:
    """One folder of pages. One process writes; any number read.

    ``kept`` holds every path asked for since the start, ``changed`` those whose bytes were new.
    With ``thorough`` the twins of an unchanged page are unpacked and compared too.
    """

    def __init__(self, root: Path, *, thorough: bool = False) -> None:
        self.root = root
        self.thorough = thorough
        self.kept: set[str] = set()
        self.changed: list[str] = []
        self._unsynced: set[Path] = set()

    def write(self, path: str, content: str | bytes) -> bool:
        """Make ``path`` hold ``content``; says whether it had to be written."""
        target = self._target(path)
        data = content.encode("utf-8") if isinstance(content, str) else content
        self.kept.add(path)
        same = _read(target) == data
        if same and self._twins_whole(target, data):
            return False
        if not same:
            _drop(_twins(target))
            self._put(target, data)
        stamp = target.stat().st_mtime_ns
        for twin, (_suffix, squeeze, _open) in zip(_twins(target), TWINS, strict=True):
            self._put(twin, squeeze(data), stamp)
        self.changed.append(path)
        return True

    def link(self, path: str, source: Path) -> bool:
        """Make ``path`` the file ``source``, by a hard link where that goes, else by a copy.

        ``source`` is named by its digest, so a file of its size is taken for the same.
        Raises ``FileNotFoundError`` when there is no such source.
        """
        target = self._target(path)
        self.kept.add(path)
        if target.exists() and self._same_file(target, source):
            _show(target)
            return False
        partial = _partial(target)
        target.parent.mkdir(parents=True, exist_ok=True)
        try:
            os.link(source, partial)
        except FileNotFoundError:
            raise
        except OSError:  # another file system, or one without hard links
            shutil.copyfile(source, partial)
        _show(partial)
        partial.replace(target)
        self._unsynced |= {target, target.parent}
        self.changed.append(path)
        return True

    def delete(self, path: str) -> bool:
        """Take the page or file away, its twins before it; says whether it was there."""
        target = self._target(path)
        self.kept.discard(path)
        _drop(_twins(target))
        there = target.exists()
        _drop([target])
        if there:
            self._unsynced.add(target.parent)
            self.changed.append(path)
        return there

    def delete_folder(self, path: str) -> None:
        """Take away everything under the folder ``path``."""
        folder = self._target(path)
        for inner in sorted(self._pages_under(folder)):
            self.delete(inner)
        if folder.is_dir():
            shutil.rmtree(folder)
            self._unsynced.add(folder.parent)

    def sweep(self) -> list[str]:
        """Take away every file that was not asked for since the start; returns their paths.

        What a crash left half-written goes too, and what other parts write stays.
        """
        swept = []
        for part in sorted(self.root.iterdir()):
            if part.name in OTHERS:
                continue
            for file in sorted([part] if part.is_file() else part.rglob("*")):
                path = file.relative_to(self.root).as_posix()
                if file.is_file() and not self._wanted(path):
                    file.unlink()
                    self._unsynced.add(file.parent)
                    swept.append(path)
        return swept

    def _wanted(self, path: str) -> bool:
        plain = path[:-3] if path.endswith((".br", ".gz")) else path
        return path in self.kept or plain in self.kept

    def under(self, path: str) -> list[str]:
        """The plain files under the folder ``path``."""
        return sorted(self._pages_under(self._target(path)))

    def sync(self) -> None:
        """Make everything written or deleted so far durable."""
        if len(self._unsynced) > _SYNCED_EACH:
            os.sync()
        else:
            durable.sync(self._unsynced)
        self._unsynced.clear()

    def _same_file(self, target: Path, source: Path) -> bool:
        if self.thorough:
            return filecmp.cmp(target, source, shallow=False)
        return target.stat().st_size == source.stat().st_size

    def _pages_under(self, part: Path) -> Iterator[str]:
        for file in [part] if part.is_file() else part.rglob("*"):
            if file.is_file() and not (file.name.endswith((".br", ".gz")) and _is_twin(file)):
                yield file.relative_to(self.root).as_posix()

    def _target(self, path: str) -> Path:
        parts = path.split("/")
        if parts[0] in OTHERS or not all(map(_fit, parts)):
            raise Unsafe(f"no page can stand at {path!r}")
        return self.root.joinpath(*parts)

    def _put(self, target: Path, data: bytes, stamp: int | None = None) -> None:
        partial = _partial(target)
        try:
            partial.write_bytes(data)
        except FileNotFoundError:
            partial.parent.mkdir(parents=True, exist_ok=True)
            self._unsynced.add(partial.parent.parent)
            partial.write_bytes(data)
        if stamp is not None:
            os.utime(partial, ns=(stamp, stamp))
        partial.replace(target)
        self._unsynced |= {target, target.parent}

    def _twins_whole(self, target: Path, data: bytes) -> bool:
        stamp = target.stat().st_mtime_ns
        try:
            if any(twin.stat().st_mtime_ns != stamp for twin in _twins(target)):
                return False
            return not self.thorough or all(
                unpack(twin.read_bytes()) == data
                for twin, (_suffix, _squeeze, unpack) in zip(_twins(target), TWINS, strict=True)
            )
        except (OSError, EOFError, brotli.error):
            return False


def _fit(part: str) -> bool:
    whole = _PART.fullmatch(part) is not None and ".." not in part
    return whole and len(part.encode()) <= _LONGEST_NAME and not part.endswith((".br", ".gz"))


def _twins(target: Path) -> list[Path]:
    return [target.with_name(target.name + suffix) for suffix, _squeeze, _open in TWINS]


def _is_twin(file: Path) -> bool:
    return file.with_name(file.name[:-3]).exists()


_serial = count()


def _partial(target: Path) -> Path:
    """A name beside ``target`` that no handler serves: it begins with a dot."""
    return target.with_name(f".{os.getpid()}-{next(_serial)}.partial")


def _show(file: Path) -> None:
    """Let the web server read ``file``; the store it was linked from stays shut by its folder."""
    if not file.stat().st_mode & 0o004:
        file.chmod(0o644)


def _read(target: Path) -> bytes | None:
    try:
        return target.read_bytes()
    except FileNotFoundError:
        return None


def _drop(files: list[Path]) -> None:
    for file in files:
        file.unlink(missing_ok=True)
