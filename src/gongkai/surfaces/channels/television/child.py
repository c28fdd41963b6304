"""The process that encodes: it limits itself, then becomes ffmpeg.

    python -I -m gongkai.surfaces.channels.television.child PARENT SECONDS ffmpeg …

It dies with its parent, writes no file larger than a loop may be, and reaches no network.
"""

import os
import resource
import sys

from gongkai.foundation.core.process import die_with

LARGEST = 1024 * 1024 * 1024


def main() -> None:
    """Become the program named on the command line."""
    parent, seconds, *command = sys.argv[1:]
    die_with(int(parent))
    for what, most in (
        (resource.RLIMIT_FSIZE, LARGEST),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_CPU, int(seconds)),
    ):
        resource.setrlimit(what, (most, most))
    os.umask(0o077)
    os.nice(5)  # pages come first
    os.execv(command[0], command)


if __name__ == "__main__":
    main()
