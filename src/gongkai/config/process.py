"""Processes that do not outlive the one that started them."""

import ctypes
import os
import signal
import sys

SUPERVISOR = "GONGKAI_SUPERVISOR"
_PR_SET_PDEATHSIG = 1


def follow_supervisor() -> None:
    """When a supervisor started this process: end with it, and leave Ctrl-C to it.

    Ctrl-C reaches the whole group of processes, but the supervisor decides the order of the end.
    """
    if supervisor := os.environ.pop(SUPERVISOR, ""):
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        signal.signal(signal.SIGHUP, signal.SIG_IGN)
        die_with(int(supervisor))


def die_with(parent: int) -> None:
    """Ask the kernel to end this process when ``parent``, which started it, is gone.

    Even ``kill -9`` of the supervisor then leaves nothing running. Linux only: elsewhere a
    supervisor that is killed this way leaves its children to the operator.
    """
    if sys.platform != "linux":
        return
    ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    if os.getppid() != parent:  # it went between our start and this call
        os._exit(1)
