"""The folder that keeps the backups: every file once, under its digest, and dated lists.

    DEST/format           what this folder is, and whose
    DEST/blobs/ab/<sha256>
    DEST/backups/<time>.json
    DEST/incoming/        what is on its way

A backup is its list, and that is written last, in one step: one cut off at any moment is none, and
what it had copied is used by the next. Needs neither Django nor a home, so any machine can verify.
"""

import fcntl
import hashlib
import json
import os
import shutil
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Any, Self

from gongkai.config.env import Unusable
from gongkai.foundation.core import canonical
from gongkai.foundation.core.durable import sync

FORMAT = "gongkai-backup/1"
PORTION = 1024 * 1024
SETTLED_AT_ONCE = 200
STAMP = "%Y%m%dT%H%M%S%fZ"

Progress = Callable[[int, int], None]
"""``progress(done, total)``."""


class Damaged(Exception):
    """A list or a file of the pool is not what was written."""


@dataclass(frozen=True)
class Kept:
    """One file of a backup: its path in the home, and the bytes it had."""

    path: str
    sha256: str
    size: int
    mtime: int
    """Microseconds: with path and size it tells a file that has not changed since."""


@dataclass(frozen=True)
class Manifest:
    """The list of one backup (备份清单). ``facts`` say of what, ``sealed`` holds the secrets."""

    at: datetime
    facts: Mapping[str, Any]
    files: tuple[Kept, ...]
    sealed: Mapping[str, Any]

    @property
    def name(self) -> str:
        """The name of its file."""
        return f"{self.at.strftime(STAMP)}.json"

    @property
    def blobs(self) -> dict[str, int]:
        """Size by digest of everything it needs."""
        return {kept.sha256: kept.size for kept in self.files}

    def covered(self) -> bytes:
        """The bytes that the passphrase's seal covers: all but the seal."""
        at, files = self.at.strftime(STAMP), [asdict(kept) for kept in self.files]
        return canonical.encode({"at": at, "facts": dict(self.facts), "files": files})

    def encoded(self) -> bytes:
        """The bytes of the file: a digest, a line break, the list."""
        whole = {"covered": self.covered().decode(), "sealed": dict(self.sealed)}
        data = json.dumps({"format": FORMAT, **whole}, ensure_ascii=False).encode()
        return hashlib.sha256(data).hexdigest().encode() + b"\n" + data

    @classmethod
    def decoded(cls, data: bytes) -> Self:
        """The list in these bytes; ``Damaged`` when they are not those that were written."""
        digest, _, body = data.partition(b"\n")
        if hashlib.sha256(body).hexdigest().encode() != digest:
            raise Damaged
        try:
            told = json.loads(body)
            covered = canonical.decode(told["covered"].encode())
            at = datetime.strptime(covered["at"], STAMP).replace(tzinfo=UTC)
            files = tuple(Kept(**each) for each in covered["files"])
            return cls(at, covered["facts"], files, told["sealed"])
        except (ValueError, KeyError, TypeError) as error:
            raise Damaged from error


class Pool:
    """The folder. ``written`` opens it for writing; reading needs no more than its path."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.blobs = folder / "blobs"
        self.lists = folder / "backups"
        self.incoming = folder / "incoming"
        self._waiting: dict[Path, Path] = {}
        self.copied = 0
        """How many files were not there yet."""

    @classmethod
    @contextmanager
    def written(cls, folder: Path, origin: str) -> Iterator[Self]:
        """The pool of the log ``origin``, made if need be, for one process at a time.

        What a cut-off backup left on its way is cleared away. ``Unusable`` when the folder holds
        something else.
        """
        pool = cls(folder)
        pool._found(origin)
        with (folder / "lock").open("w") as lock:
            _only(lock, folder)
            shutil.rmtree(pool.incoming, ignore_errors=True)
            for inner in (pool.blobs, pool.lists, pool.incoming):
                inner.mkdir(mode=0o700, exist_ok=True)
            try:
                yield pool
            finally:
                shutil.rmtree(pool.incoming, ignore_errors=True)

    def _found(self, origin: str) -> None:
        self.folder.mkdir(mode=0o700, exist_ok=True)
        mark, wanted = self.folder / "format", f"{FORMAT} {origin}\n"
        if not mark.exists():
            if others := {each.name for each in self.folder.iterdir()} - {"lost+found", ".format"}:
                raise Unusable(
                    f"{self.folder} 里有别的东西（{min(others)}）。请给备份一个空文件夹。"
                    " / The folder holds something else; give the backups one of their own."
                )
            partial = self.folder / ".format"
            partial.write_text(wanted, "utf-8")
            partial.rename(mark)
        elif mark.read_text("utf-8") != wanted:
            raise Unusable(
                f"{self.folder} 是另一个站点的备份。请换一个文件夹。"
                " / These are another installation's backups; choose another folder."
            )

    # -- writing ---------------------------------------------------------------------------------

    def blob(self, digest: str) -> Path:
        """Where the bytes of this digest stand, or would stand."""
        return self.blobs / digest[:2] / digest

    def has(self, digest: str, size: int) -> bool:
        """Whether the bytes are here; :func:`verify` reads whether they are still right."""
        place = self.blob(digest)
        if place in self._waiting.values():
            return True
        try:
            return place.stat().st_size == size
        except FileNotFoundError:
            return False

    def keep(self, source: Path, *, expected: str = "") -> str:
        """Copy ``source`` unless its bytes are here; returns their digest.

        ``Damaged`` when it is not the ``expected`` one. Durable after :meth:`settle`.
        """
        partial = self.incoming / f"{len(self._waiting)}"
        with source.open("rb") as opened, partial.open("wb") as target:
            digest, size = _copy(opened, target)
        if expected and digest != expected:
            partial.unlink()
            raise Damaged
        self._place(partial, digest, size)
        return digest

    def adopt(self, file: Path) -> tuple[str, int]:
        """Take in ``file``, which stands in ``incoming``; returns digest and size."""
        with file.open("rb") as opened:
            digest = hashlib.file_digest(opened, "sha256").hexdigest()
        size = file.stat().st_size
        self._place(file, digest, size)
        return digest, size

    def _place(self, partial: Path, digest: str, size: int) -> None:
        if self.has(digest, size):
            partial.unlink()
            return
        self.copied += 1
        self._waiting[partial] = self.blob(digest)
        if len(self._waiting) >= SETTLED_AT_ONCE:
            self.settle()

    def settle(self) -> None:
        """Put what was copied in its places: synced under other names first, as bytes must be."""
        sync(self._waiting.keys())
        folders = {place.parent for place in self._waiting.values()}
        for folder in folders:
            folder.mkdir(mode=0o700, exist_ok=True)
        for partial, place in self._waiting.items():
            partial.replace(place)
        self._waiting.clear()
        sync(folders | {self.blobs})

    def write(self, manifest: Manifest) -> None:
        """Make the backup one: all it names is settled, then its list appears, whole."""
        self.settle()
        partial = self.incoming / manifest.name
        partial.write_bytes(manifest.encoded())
        sync([partial])
        partial.rename(self.lists / manifest.name)
        sync([self.lists])

    def drop(self, manifests: Iterable[Path]) -> int:
        """Remove these lists, then the blobs that no list needs; returns how many blobs.

        ``Damaged`` when a list that stays cannot be read: then nobody knows what it needs.
        """
        for file in manifests:
            file.unlink()
        needed = {digest for file in self.manifests() for digest in self.read(file).blobs}
        idle = [blob for blob in self.blobs.glob("??/*") if blob.name not in needed]
        for blob in idle:
            blob.unlink()
        return len(idle)

    # -- reading ---------------------------------------------------------------------------------

    def manifests(self) -> list[Path]:
        """The lists' files, the oldest first."""
        return sorted(self.lists.glob("*.json"))

    def read(self, file: Path) -> Manifest:
        """The list in ``file``; ``Damaged`` when it is not what was written."""
        manifest = Manifest.decoded(file.read_bytes())
        if manifest.name != file.name:
            raise Damaged
        return manifest

    def newest(self) -> Manifest | None:
        """The newest list that can be read."""
        for file in reversed(self.manifests()):
            with suppress(Damaged):
                return self.read(file)
        return None

    def fault(self, digest: str, size: int) -> str:
        """What is wrong with one blob: ``missing``, ``damaged``, or nothing."""
        try:
            with self.blob(digest).open("rb") as opened:
                right = hashlib.file_digest(opened, "sha256").hexdigest() == digest
                return "" if right and os.fstat(opened.fileno()).st_size == size else "damaged"
        except FileNotFoundError:
            return "missing"


def _copy(source: IO[bytes], target: IO[bytes]) -> tuple[str, int]:
    digest, size = hashlib.sha256(), 0
    while portion := source.read(PORTION):
        digest.update(portion)
        target.write(portion)
        size += len(portion)
    return digest.hexdigest(), size


def _only(lock: IO[str], folder: Path) -> None:
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        raise Unusable(
            f"另一个备份正在写 {folder}。 / Another backup is writing there already."
        ) from error
