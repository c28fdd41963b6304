"""The process that looks at one PDF: it limits itself, looks, tells, and ends.

    python -I -m gongkai.foundation.seals.child '{"source": "…", "sealing": […], "above": […], …}'

It tells what was found as JSON and exits 0; any other end is a limit that it ran into.
"""

import json
import resource
import sys
from pathlib import Path

from gongkai.foundation.core.process import die_with
from gongkai.foundation.seals.examining import Known, examine

MEGABYTE = 1024 * 1024
LIMITS = {
    resource.RLIMIT_AS: 2048 * MEGABYTE,
    resource.RLIMIT_FSIZE: MEGABYTE,
    resource.RLIMIT_CORE: 0,
    resource.RLIMIT_NOFILE: 32,
}


def main() -> None:
    """One file from the command line."""
    told = json.loads(sys.argv[1])
    die_with(told["parent"])
    for what, most in {**LIMITS, resource.RLIMIT_CPU: told["seconds"]}.items():
        resource.setrlimit(what, (most, most))
    known = Known(frozenset(told["sealing"]), frozenset(told["above"]))
    print(json.dumps(examine(Path(told["source"]), known).told()))


if __name__ == "__main__":
    main()
