"""``make bench``: how fast this is, here and now.

    python -m tests.bench [NAME…]
    python -m tests.bench publish log --items 1000000

Each bench runs in a process and a home of its own, which are gone afterwards. What is compared
is measured in turn within one run, so that other work on the machine disturbs both sides alike;
so trust the ratios before the times.
"""

import argparse
import os
import time

from tests.bench.measure import machine, table
from tests.bench.places import place, run

BENCHES = (
    "log",
    "board",
    "publish",
    "bulk",
    "cases",
    "checks",
    "desk",
    "duties",
    "superior",
    "alerts",
    "paper",
    "reading",
    "recognising",
    "sealing",
    "screens",
    "search",
    "serve",
    "start",
    "voices",
)
SIZED = ("log", "publish", "cases", "desk", "duties", "superior", "search", "screens", "voices")
"""What can be told how many items, or entries of the log, there are to be."""


def main() -> None:
    """The command line: name the machine, then print what each bench found."""
    asked = argparse.ArgumentParser(prog="python -m tests.bench")
    asked.add_argument("names", nargs="*", metavar="NAME", help=" ".join(BENCHES))
    asked.add_argument("--items", type=int, help=f"items that stand already: {' '.join(SIZED)}")
    given = asked.parse_args()
    names = given.names or BENCHES
    if unknown := set(names) - set(BENCHES):
        asked.error(f"no such bench: {' '.join(sorted(unknown))}")
    print(machine(), flush=True)
    for name in names:
        begun = time.monotonic()
        with place() as here:
            sized = {"items": given.items} if given.items and name in SIZED else {}
            found = here.submit(run, name, **sized).result()
        load = f"load {os.getloadavg()[0]:.1f}"
        print(f"\n{name}: {time.monotonic() - begun:.0f} s, {load}\n{table(found)}", flush=True)


if __name__ == "__main__":
    main()
