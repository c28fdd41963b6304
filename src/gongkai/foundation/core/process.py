"""Processes that do not outlive the one that started them, nor their time."""

import ctypes
import os
import signal
import subprocess
import sys
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryFile

_PR_SET_PDEATHSIG = 1
_ANSWER = 4 * 1024 * 1024


def die_with(parent: int) -> None:
    """Ask the kernel to end this process when ``parent``, which started it, is gone.

    Even ``kill -9`` of the parent then leaves nothing running. Linux only: elsewhere a parent
    that is killed this way leaves its children to the operator.
    """
    if sys.platform != "linux":
        return
    ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    if os.getppid() != parent:  # it went between our start and this call
        os._exit(1)


def ended(command: Sequence[str], seconds: int, folder: Path, **more: str) -> tuple[int, bytes]:
    """Exit status and answer of a child; all that it started is ended when the clock runs out.

    It sees ``folder`` as its home, the search path, ``more`` and nothing else of our surroundings.
    The answer goes into a file, which cannot grow beyond what a child may write.
    """
    surroundings = {"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C.UTF-8", **more}
    with (
        TemporaryFile() as answer,
        subprocess.Popen(
            command,
            env={**surroundings, "HOME": str(folder)},
            stdin=subprocess.DEVNULL,
            stdout=answer,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        ) as running,
    ):
        try:
            running.wait(seconds)
        except subprocess.TimeoutExpired:
            pass
        finally:
            _end(running)
        answer.seek(0)
        return running.returncode, answer.read(_ANSWER)


def _end(running: subprocess.Popen[bytes]) -> None:
    """End the child and what it may have left running in its group."""
    with suppress(ProcessLookupError):
        os.killpg(running.pid, signal.SIGKILL)
    running.wait()
