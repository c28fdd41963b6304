"""What a supervisor's children do first."""

import os
import signal

from gongkai.foundation.core.process import die_with

SUPERVISOR = "GONGKAI_SUPERVISOR"


def follow_supervisor() -> None:
    """When a supervisor started this process: end with it, and leave Ctrl-C to it.

    Ctrl-C reaches the whole group of processes, but the supervisor decides the order of the end.
    """
    if supervisor := os.environ.pop(SUPERVISOR, ""):
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        signal.signal(signal.SIGHUP, signal.SIG_IGN)
        die_with(int(supervisor))
