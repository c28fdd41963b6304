"""Bytes on disk by digest: ``files/ab/cd/<digest>`` under the home folder.

A file appears whole or not at all: it is written beside its place, synced, renamed, and the
folder is synced too. Two uploads of the same bytes are one file.
"""

import hashlib
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from django.conf import settings
from django.utils.translation import gettext as _

from gongkai.foundation.core.errors import Broken, Refused
from gongkai.foundation.files.pages.store import Rendition

PORTION = 256 * 1024
MEGABYTE = 1024 * 1024


@dataclass(frozen=True)
class Incoming:
    """An upload that has arrived whole and stands beside the store, not yet in it."""

    path: Path
    size: int
    digest: str


def path(digest: str) -> Path:
    """Where the bytes named ``digest`` stand, or would stand."""
    if len(digest) != 64 or not set(digest) <= set("0123456789abcdef"):
        raise ValueError(f"not a digest: {digest[:80]!r}")
    return Path(settings.HOME.files) / digest[:2] / digest[2:4] / digest


def open(digest: str) -> IO[bytes]:
    """The bytes named ``digest``, for reading; ``Broken`` when they are not there."""
    try:
        return path(digest).open("rb")
    except FileNotFoundError as error:
        raise Broken(f"the file {digest} is missing from the store") from error


@contextmanager
def arriving(upload: IO[bytes], limit: int) -> Iterator[Incoming]:
    """Stream ``upload`` beside the store, counting and hashing; gone again after the block.

    ``limit`` is in bytes. Raises ``Refused`` as soon as more has come, and on an empty upload.
    """
    folder = Path(settings.HOME.files) / "incoming"
    folder.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=folder)
    try:
        with os.fdopen(handle, "wb") as target:
            size, digest = _copy(upload, target, limit)
        yield Incoming(Path(name), size, digest)
    finally:
        with suppress(FileNotFoundError):
            os.unlink(name)


def place(incoming: Incoming) -> None:
    """Put an arrived upload into the store for good; repeating it changes nothing."""
    target = path(incoming.digest)
    if target.exists() and target.stat().st_size == incoming.size:
        return
    target.parent.mkdir(parents=True, exist_ok=True)
    os.replace(incoming.path, target)
    for folder in (target.parent, target.parent.parent, target.parent.parent.parent):
        _sync(folder)


def destroy(digest: str) -> bool:
    """Destroy the bytes named ``digest`` and the pages made of them, for an erasure only.

    Says whether the bytes were there.
    """
    target = path(digest)
    Rendition(digest).destroy()
    if not target.exists():
        return False
    target.unlink()
    _sync(target.parent)
    return True


def set_apart(incoming: Incoming) -> None:
    """Keep an arrived upload that may do harm where nothing serves or reads it 隔离."""
    target = _apart(incoming.digest)
    target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    os.replace(incoming.path, target)
    target.chmod(0o400)
    _sync(target.parent)


def destroy_apart(digest: str) -> None:
    """Destroy what was set apart; nothing happens when it is gone."""
    with suppress(FileNotFoundError):
        _apart(digest).unlink()
        _sync(_apart(digest).parent)


def _apart(digest: str) -> Path:
    return Path(settings.HOME.quarantine) / path(digest).name


def check(digest: str) -> bool:
    """Whether the bytes named ``digest`` are there and still have that digest."""
    try:
        with path(digest).open("rb") as stored:
            return hashlib.file_digest(stored, "sha256").hexdigest() == digest
    except FileNotFoundError:
        return False


def fault(digest: str) -> str:
    """What is wrong with the bytes named ``digest``: ``missing``, ``changed``, or nothing."""
    if not path(digest).exists():
        return "missing"
    return "" if check(digest) else "changed"


def _copy(source: IO[bytes], target: IO[bytes], limit: int) -> tuple[int, str]:
    size, digest = 0, hashlib.sha256()
    while portion := source.read(PORTION):
        size += len(portion)
        if size > limit:
            message = _("文件超过%(limit)d MB，没有收下。请压缩图片或分成几个文件，再传一次。")
            raise Refused([message % {"limit": limit // MEGABYTE}])
        digest.update(portion)
        target.write(portion)
    if size == 0:
        raise Refused([_("文件是空的。请打开看看内容是否保存了，再传一次。")])
    target.flush()
    os.fsync(target.fileno())
    return size, digest.hexdigest()


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
