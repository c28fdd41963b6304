"""The board's folder: every file whole, precompressed, and durable before the cursor moves.

A page is written as its plain file and two twins (``.br``, ``.gz``) that carry the very
modification time of the plain file; whoever serves the folder ignores a twin with another time.
So the order of steps is: twins away, plain file by rename, twins by rename. A crash in between
costs compression, never old words. Where somebody waits for the page, its twins come later.
"""

import gzip
import os
import re
import shutil
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from functools import lru_cache
from hashlib import file_digest
from itertools import count
from pathlib import Path

import brotli

from gongkai.foundation.core import durable
from gongkai.surfaces.board.manifest import DIGEST, Manifest, digest

WINDOW = 16
"""Brotli looks back 64 KB, which is more than a page, and needs no larger tables for it."""
TWINS: tuple[tuple[str, Callable[[bytes], bytes], Callable[[bytes], bytes]], ...] = (
    (".gz", lambda data: gzip.compress(data, 6, mtime=0), gzip.decompress),
    (".br", lambda data: brotli.compress(data, quality=5, lgwin=WINDOW), brotli.decompress),
)
EVIDENCE, PICTURES, ATTACHMENTS, FEED = ".json", ".webp", "files/", "feed.json"
"""What has no twins. Few fetch evidence, and a million items would need four million more files;
pictures are compressed as they are, and attachments are what was uploaded. A feed is fetched every
hour by every program that follows it."""
OTHERS = frozenset(("log", "assets"))
"""Folders beside the pages that other parts write."""

_PART = re.compile(r"\w[\w.-]*")
_LONGEST_NAME = 200
_SYNCED_EACH = 2000
_AT_ONCE = 500


class Unsafe(ValueError):
    """A path that does not belong into the folder of pages."""


class Spoilt(FileNotFoundError):
    """A stored file that no longer holds the bytes it is named after."""


class Site:
    """One folder of pages. One process writes a page; any number read.

    ``written`` holds the digest of every path asked for, ``gone`` what was taken away, ``changed``
    the paths of both whose bytes were new. With ``thorough`` the twins of an unchanged page are
    unpacked and compared too, and attachments hashed; with ``dry`` nothing is changed, only found.
    With ``prompt`` pages are there at once, and compressed when they are synced.
    """

    def __init__(
        self, root: Path, *, thorough: bool = False, dry: bool = False, prompt: bool = False
    ) -> None:
        self.root = root
        self.thorough = thorough
        self.dry = dry
        self.prompt = prompt
        self.written: dict[str, bytes] = {}
        self.gone: set[str] = set()
        self.changed: list[str] = []
        self._base = f"{root}/"
        self._unsynced: set[str] = set()
        self._single: dict[str, bytes] = {}

    def write(self, path: str, content: str | bytes) -> bool:
        """Make ``path`` hold ``content``; says whether it had to be written."""
        target = self._target(path)
        data = content.encode("utf-8") if isinstance(content, str) else content
        self._keep(path, digest(data))
        same = _read(target) == data
        if same and (not has_twins(path) or self._twins_whole(target, data)):
            return False
        self.changed.append(path)
        if self.dry:
            return True
        if not same:
            if has_twins(path):
                _drop(_twins(target))
            self._put(target, data)
        if has_twins(path):
            self._single[target] = data
            if not self.prompt:
                self._pair()
        return True

    def _pair(self) -> None:
        """Give every page that was written its twins."""
        while self._single:
            target, data = self._single.popitem()
            stamp = os.stat(target).st_mtime_ns
            for twin, (_suffix, squeeze, _open) in zip(_twins(target), TWINS, strict=True):
                self._put(twin, squeeze(data), stamp)

    def link(self, path: str, source: Path) -> bool:
        """Make ``path`` the file ``source``, by a hard link where that goes, else by a copy.

        ``source`` is named by the SHA-256 of its bytes, so a file of its size is taken for the
        same unless one looks closely. ``FileNotFoundError`` when there is no such source;
        ``Spoilt`` when it holds other bytes: then nothing stands at ``path``.
        """
        target, named = self._target(path), source.name
        self._keep(path, bytes.fromhex(named)[:DIGEST])
        if self._same_file(target, source, named):
            _show(target)
            return False
        self.changed.append(path)
        if self.dry:
            return True
        if self.thorough and source.exists() and _hash(source) != named:
            self._forget(path)
            self._drop_plain(path)
            raise Spoilt(f"{source} no longer holds the bytes of its name")
        partial = _partial(target)
        os.makedirs(_folder(target), exist_ok=True)
        self._unsynced.add(
            _folder(target)
        )  # the bytes of a link are durable since they were stored
        try:
            os.link(source, partial)
        except FileNotFoundError:
            self._forget(path)
            raise
        except OSError:  # another file system, or one without hard links
            shutil.copyfile(source, partial)
            self._unsynced.add(target)
        _show(partial)
        os.replace(partial, target)
        return True

    def delete(self, path: str) -> bool:
        """Take the page or file away, its twins before it; says whether it was there."""
        target = self._target(path)
        self._forget(path)
        self._single.pop(target, None)
        if self.dry:
            if os.path.exists(target):
                self.changed.append(path)
            return os.path.exists(target)
        _drop(_twins(target))
        return self._drop_plain(path)

    def drop(self, path: str) -> bool:
        """Take away what ``under`` named, half-written or not; says whether it was there.

        The writer of a half-written file is dead: one process at a time writes in a folder.
        """
        if _fit(path.rpartition("/")[2]):
            return self.delete(path)
        if self.dry:
            self.changed.append(path)
            return True
        return self.discard(path)

    def _drop_plain(self, path: str) -> bool:
        target = self._target(path)
        there = os.path.exists(target)
        _drop([target])
        if there:
            self._unsynced.add(_folder(target))
            self.changed.append(path)
        return there

    def under(self, path: str) -> list[str]:
        """The plain files under the folder ``path``, and what a crash left half-written there."""
        names = _walk(self._target(path), f"{path}/")
        return sorted(name for name in names if not self._is_twin(name))

    def strangers(self, manifest: Manifest) -> Iterator[list[str]]:
        """The files that the manifest does not know, in portions as the folder is walked.

        What a crash left half-written is among them; what other parts write is not.
        """
        portion: dict[str, list[str]] = {}
        for name in self._all():
            plain = name[:-3] if name.endswith((".br", ".gz")) else name
            portion.setdefault(plain, []).append(name)
            if len(portion) == _AT_ONCE:
                yield _unknown(portion, manifest)
                portion = {}
        yield _unknown(portion, manifest)

    def _all(self) -> Iterator[str]:
        with os.scandir(self.root) as parts:
            for part in sorted(parts, key=lambda part: part.name):
                if part.name in OTHERS:
                    continue
                if part.is_dir(follow_symlinks=False):
                    yield from _walk(part.path, f"{part.name}/")
                else:
                    yield part.name

    def discard(self, path: str) -> bool:
        """Take away what should not be in the folder, whatever its name; says whether it was."""
        parts = path.split("/")
        if parts[0] in OTHERS or not all(parts) or {".", ".."} & set(parts):
            raise Unsafe(f"{path!r} is not the board's to take away")
        file = self._base + path
        there = os.path.isfile(file) or os.path.islink(file)
        self._single.pop(file, None)
        _drop([*_twins(file), file] if has_twins(path) else [file])
        self._unsynced.add(_folder(file))
        self._forget(path)
        return there

    def sync(self, changed: Iterable[str] = ()) -> None:
        """Make durable what was written or deleted so far, and what others ``changed`` here."""
        self._pair()
        for path in changed:
            target = self._target(path)
            self._unsynced |= {target, *_twins(target), _folder(target)}
        if len(self._unsynced) > _SYNCED_EACH:
            os.sync()
        else:
            durable.sync({Path(path) for path in self._unsynced})
        self._unsynced.clear()

    def sound(self, path: str, expected: bytes) -> bool:
        """Whether the file at ``path`` and its twins hold the bytes of the digest ``expected``."""
        target = self._target(path)
        if not has_twins(path):
            with suppress(FileNotFoundError), open(target, "rb") as file:
                return file_digest(file, "sha256").digest()[:DIGEST] == expected
            return False
        data = _read(target)
        if data is None or digest(data) != expected:
            return False
        return _same_moment(target) and _same_words(target, data)

    def _keep(self, path: str, expected: bytes) -> None:
        self.written[path] = expected
        self.gone.discard(path)

    def _forget(self, path: str) -> None:
        self.written.pop(path, None)
        self.gone.add(path)

    def _same_file(self, target: str, source: Path, named: str) -> bool:
        try:
            if self.thorough:
                return _hash(target) == named
            return os.stat(target).st_size == os.stat(source).st_size
        except FileNotFoundError:
            return False

    def _is_twin(self, path: str) -> bool:
        return path.endswith((".br", ".gz")) and os.path.exists(self._base + path[:-3])

    def _target(self, path: str) -> str:
        folder, _, name = path.rpartition("/")
        if not _fit(name) or not _fit_folder(folder or name):
            raise Unsafe(f"no page can stand at {path!r}")
        return self._base + path

    def _put(self, target: str, data: bytes, stamp: int | None = None) -> None:
        partial = _partial(target)
        handle = self._made(partial)
        try:
            left = memoryview(data)
            while left:
                left = left[os.write(handle, left) :]
            if stamp is not None:
                os.utime(handle, ns=(stamp, stamp))
        except OSError:
            _drop([partial])
            raise
        finally:
            os.close(handle)
        os.replace(partial, target)
        self._changed_at(target)

    def _made(self, partial: str) -> int:
        try:
            return os.open(partial, _NEW, 0o666)
        except FileNotFoundError:
            folder = _folder(partial)
            os.makedirs(folder, exist_ok=True)
            self._unsynced.add(_folder(folder))
            return os.open(partial, _NEW, 0o666)

    def _changed_at(self, target: str) -> None:
        self._unsynced |= {target, _folder(target)}

    def _twins_whole(self, target: str, data: bytes) -> bool:
        return _same_moment(target) and (not self.thorough or _same_words(target, data))


_NEW = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC


def has_twins(path: str) -> bool:
    """Whether the file at ``path`` is kept compressed as well."""
    if path.endswith(EVIDENCE):
        return path.rpartition("/")[2] == FEED
    return not (path.endswith(PICTURES) or path.startswith(ATTACHMENTS))


def _unknown(portion: dict[str, list[str]], manifest: Manifest) -> list[str]:
    known = manifest.known(list(portion))
    return sorted(
        name
        for plain, names in portion.items()
        for name in names
        if plain not in known or (name != plain and not has_twins(plain))
    )


def _fit(part: str) -> bool:
    whole = _PART.fullmatch(part) is not None and ".." not in part
    return whole and len(part.encode()) <= _LONGEST_NAME and not part.endswith((".br", ".gz"))


@lru_cache(maxsize=1024)
def _fit_folder(path: str) -> bool:
    parts = path.split("/")
    return parts[0] not in OTHERS and all(map(_fit, parts))


def _twins(target: str) -> list[str]:
    return [f"{target}.gz", f"{target}.br"]


def _same_moment(target: str) -> bool:
    try:
        stamp = os.stat(target).st_mtime_ns
        return all(os.stat(twin).st_mtime_ns == stamp for twin in _twins(target))
    except FileNotFoundError:
        return False


def _same_words(target: str, data: bytes) -> bool:
    try:
        return all(
            unpack(_read(twin) or b"") == data
            for twin, (_suffix, _squeeze, unpack) in zip(_twins(target), TWINS, strict=True)
        )
    except (OSError, EOFError, brotli.error):
        return False


def _walk(folder: str, prefix: str) -> Iterator[str]:
    """The files under ``folder`` as paths that begin with ``prefix``; none when it is not there."""
    try:
        inner = os.scandir(folder)
    except (FileNotFoundError, NotADirectoryError):
        return
    with inner:
        for entry in inner:
            if entry.is_dir(follow_symlinks=False):
                yield from _walk(entry.path, f"{prefix}{entry.name}/")
            else:
                yield prefix + entry.name


_serial = count()


def _partial(target: str) -> str:
    """A name beside ``target`` that no handler serves: it begins with a dot."""
    return f"{_folder(target)}/.{os.getpid()}-{next(_serial)}.partial"


def _folder(target: str) -> str:
    return target.rpartition("/")[0]


def _show(file: str) -> None:
    """Let the web server read ``file``; the store it was linked from stays shut by its folder."""
    if not os.stat(file).st_mode & 0o004:
        os.chmod(file, 0o644)


def _read(target: str) -> bytes | None:
    try:
        handle = os.open(target, os.O_RDONLY | os.O_CLOEXEC)
    except FileNotFoundError:
        return None
    with open(handle, "rb") as file:
        return file.read()


def _hash(file: str | Path) -> str:
    with open(file, "rb") as opened:
        return file_digest(opened, "sha256").hexdigest()


def _drop(files: list[str]) -> None:
    for file in files:
        with suppress(FileNotFoundError):
            os.unlink(file)
