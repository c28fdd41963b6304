"""A running demonstration for the tools that look at its pages.

In the home that ``GONGKAI_HOME`` names, or in a new one that is removed afterwards. A home that
stands already shows its pages as they were built; ``gongkai board build`` brings them up to date.
"""

import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

PATIENCE = 600
"""Seconds that a first start may take on a busy machine."""


@contextmanager
def demonstration() -> Iterator[tuple[str, Path]]:
    """The address of a running demonstration and its home."""
    with tempfile.TemporaryDirectory(prefix="gongkai-demonstration-") as fresh:
        home = Path(os.environ.get("GONGKAI_HOME") or fresh)
        port = _free_port()
        surroundings = {"LOG_LEVEL": "WARNING", **os.environ}
        surroundings |= {"GONGKAI_HOME": str(home), "PORT": str(port)}
        for name in ("PUBLIC_URL", "BOARD_URL", "OFFICE_URL"):
            surroundings.pop(name, None)
        process = subprocess.Popen(
            [Path(sys.executable).with_name("gongkai"), "run"],
            env=surroundings,
            stdout=subprocess.DEVNULL,
        )
        try:
            yield _answering(f"http://127.0.0.1:{port}", process), home
        finally:
            process.terminate()
            process.wait()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _answering(here: str, process: "subprocess.Popen[bytes]") -> str:
    """``here`` once its home page answers; ends the program when it cannot."""
    for _try in range(PATIENCE):
        if process.poll() is not None:
            raise SystemExit("The demonstration did not start; its own words stand above.")
        try:
            urlopen(f"{here}/").close()
            return here
        except URLError:
            time.sleep(1)
    raise SystemExit(f"The demonstration does not answer after {PATIENCE} seconds.")
