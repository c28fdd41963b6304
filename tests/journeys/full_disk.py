"""A disk that is full, and one that is read-only, at every step of the keeper.

    python -m tests.journeys.full_disk

A home on a small file system of its own (and, where ``TEST_DATABASE_URL`` is set, a database of
its own). As each step begins, the file system is filled to its last byte, or made read-only. The
pass then ends in an error that says so, or goes on without what the step wanted; once there is room
again, the next pass completes everything, and nothing is lost. Needs the right to mount.
"""

import errno
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

from tests.journeys.crash import Outcome, finished, fork, hear, surroundings

SIZE = "64m"
OWN = ("board", "archive", "audit")
"""The folders that are file systems of their own, so that they can be made read-only."""
TOLD = {errno.ENOSPC, errno.EDQUOT, errno.EROFS}
WORDS = ("disk is full", "No space left", "readonly", "read-only", "Read-only", "disk I/O error")


@contextmanager
def mounted(folder: Path) -> Iterator[None]:
    """A small file system of its own at ``folder``; ``OSError`` where that is not allowed."""
    folder.mkdir(parents=True, exist_ok=True)
    command = ["mount", "-t", "tmpfs", "-o", f"size={SIZE},mode=711", "tmpfs", str(folder)]
    if subprocess.run(command, stderr=subprocess.DEVNULL, check=False).returncode:
        raise OSError(errno.EPERM, "no right to mount")
    try:
        yield
    finally:
        subprocess.run(["umount", "--lazy", str(folder)], check=True)


class Full:
    """No byte left in any of ``folders``; to be taken back by ``end``."""

    name = "full"

    def __init__(self, folders: list[Path]) -> None:
        self._ballast = [folder / ".ballast" for folder in folders]

    def begin(self) -> None:
        for place in self._ballast:
            for portion in (2**16, 1):
                with suppress(OSError), place.open("ab", buffering=0) as file:
                    while True:
                        file.write(bytes(portion))

    def end(self) -> None:
        for place in self._ballast:
            place.unlink(missing_ok=True)


class ReadOnly:
    """Board, archive and office log cannot be written."""

    name = "read-only"

    def __init__(self, folders: list[Path]) -> None:
        self._folders = folders

    def _remount(self, how: str) -> None:
        for folder in self._folders:
            subprocess.run(["mount", "-o", f"remount,{how}", str(folder)], check=True)

    def begin(self) -> None:
        self._remount("ro")

    def end(self) -> None:
        self._remount("rw")


def run(home: Path) -> list[str]:
    """Every step under both troubles; the broken promises, none when all went well."""
    from tests.journeys import crash_parts as parts

    finished(fork(parts.prepare))
    parts.warm()
    report, told = home / "faults", home / "told"
    told.touch()
    folders = [home / name for name in OWN]
    for trouble in (Full([home, *folders]), ReadOnly(folders)):
        for step in parts.STEPS:
            finished(fork(lambda trouble=trouble, step=step: once(told, trouble, step)))
    outcome = Outcome()
    hear(told, outcome)
    finished(fork(lambda: parts.settle(report)))
    finished(fork(lambda: parts.audit(outcome, None, report)))
    if not (outcome.planned and outcome.withdrawn and outcome.filed):
        return ["nothing was published"]
    return report.read_text("utf-8").splitlines()


def once(told: Path, trouble: Full | ReadOnly, at: str) -> None:
    """Some work, a pass in trouble from the step ``at`` on, and one without."""
    from tests.journeys import crash_parts as parts

    from gongkai.config import keeper
    from gongkai.foundation.ledger.lease import Lease

    lease = Lease()
    assert lease.acquire()
    parts.work(told)
    said = failure(lambda: keeper.run_once(lease, lambda step: step == at and trouble.begin()))
    trouble.end()
    print(f"{trouble.name} at {at}: {said or 'went on without it'}", flush=True)
    keeper.run_once(lease)
    lease.release()


def failure(work: Callable[[], object]) -> str:
    """What ``work`` failed with, one line that names the trouble; empty when it went well."""
    from django.db import DatabaseError

    try:
        work()
    except (OSError, DatabaseError) as error:
        named = getattr(error, "errno", None) in TOLD or any(word in str(error) for word in WORDS)
        if not named:
            raise
        return f"{type(error).__name__}: {error}"
    return ""


def main() -> int:
    """The command line: what each step said, and every broken promise."""
    os.closerange(3, 1024)
    with tempfile.TemporaryDirectory(prefix="gongkai-full-") as folder:
        home = Path(folder) / "home"
        try:
            with ExitStack() as stack:
                for place in (home, *(home / name for name in OWN), surroundings(home)):
                    stack.enter_context(mounted(place) if isinstance(place, Path) else place)
                faults = run(home)
        except PermissionError as error:
            print(error)
            return 77
    print(f"faults {len(faults)}", *faults, sep="\n")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
