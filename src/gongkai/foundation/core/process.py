"""Processes that do not outlive the one that started them."""

import ctypes
import os
import signal
import sys

_PR_SET_PDEATHSIG = 1


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
