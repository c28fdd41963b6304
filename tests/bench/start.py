"""``gongkai run`` in a home that has run before: how long until readers, and until the office."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from urllib.error import URLError
from urllib.request import urlopen

from django.db import connections
from tests.bench import laying
from tests.bench.measure import Series, passed, series
from tests.bench.places import free_port

from gongkai.surfaces.board import build

ITEMS = 20
STARTS = 5
PATIENCE = 60.0
LOOK_AGAIN = 0.01
BARE = [sys.executable, "-c", "pass"]
RUN = [sys.executable, "-m", "gongkai.config.cli", "run"]


@dataclass(frozen=True)
class Start:
    """Seconds from the command to the first page, and to the page where the office signs in."""

    board: float
    login: float


def run() -> list[Series]:
    """The first start prepares the home and does not count."""
    laying.fill(ITEMS)
    build.build()
    connections.close_all()
    _start()
    rounds = [(passed(lambda: subprocess.run(BARE, check=True)), _start()) for _ in range(STARTS)]
    base = series("Python started and ended", "s", [bare for bare, _ in rounds])
    return [
        base,
        series("until the board answers", "s", [each.board for _, each in rounds], base),
        series("until the sign-in page answers", "s", [each.login for _, each in rounds], base),
    ]


def _start() -> Start:
    port = free_port()
    begun = time.perf_counter()
    with _running(port):
        _until_found(f"http://127.0.0.1:{port}/")
        board = time.perf_counter() - begun
        _until_found(f"http://127.0.0.1:{port}/accounts/login/")
        return Start(board, time.perf_counter() - begun)


@contextmanager
def _running(port: int) -> Iterator[None]:
    running = subprocess.Popen(RUN, env=os.environ | {"PORT": str(port)}, stdout=subprocess.DEVNULL)
    try:
        yield
    finally:
        running.terminate()
        running.wait()


def _until_found(address: str) -> None:
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        try:
            urlopen(address, timeout=PATIENCE).close()
            return
        except (URLError, OSError):
            time.sleep(LOOK_AGAIN)
    raise TimeoutError(address)
