"""Where the tests' temporary files stand: in memory where the machine has room for them there.

Most tests write a data folder of hundreds of files and sync each; none of them pulls the plug, and
a process that is killed leaves in memory what it would leave on a disk.
"""

import os
import shutil
import tempfile
from pathlib import Path

MEMORY = Path("/dev/shm")
ROOM = 2 * 1024**3


def in_memory() -> bool:
    """Whether temporary files of this process, and of those it starts, stand in memory from now
    on; not where somebody has named a place, nor where programs may not be run.
    """
    if "TMPDIR" in os.environ or not os.access(MEMORY, os.W_OK):
        return False
    if os.statvfs(MEMORY).f_flag & os.ST_NOEXEC or shutil.disk_usage(MEMORY).free < ROOM:
        return False
    os.environ["TMPDIR"] = tempfile.tempdir = str(MEMORY)
    return True
