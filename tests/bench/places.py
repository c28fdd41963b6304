"""Processes with a home of their own: Django is set up there before any bench is imported."""

import os
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from concurrent.futures import Executor, ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from importlib import import_module
from multiprocessing import get_context
from pathlib import Path

from tests.bench.measure import Series

from gongkai.config.run import children

ORIGIN = "test.invalid/bench"
ELSEWHERE = ("PUBLIC_URL", "BOARD_URL", "OFFICE_URL", "MAIL_URL", "TIME_ZONE")


@contextmanager
def place() -> Iterator[Executor]:
    """A process over an empty home; what is submitted runs there, one thing at a time."""
    with tempfile.TemporaryDirectory(prefix="gongkai-bench-") as folder:
        spawn = get_context("spawn")
        with ProcessPoolExecutor(1, spawn, initializer=_enter, initargs=(folder,)) as here:
            yield here


def run(bench: str, **asked: int) -> list[Series]:
    """The figures of one bench; called in the place that is to measure them."""
    return import_module(f"tests.bench.{bench}").run(**asked)


@dataclass(frozen=True)
class Running:
    """An installation at work."""

    port: int
    processes: list[int]


@contextmanager
def installation(home: Path) -> Iterator[Running]:
    """Web, keeper and worker of ``home``, as processes."""
    port, surroundings = free_port(), os.environ | {"GONGKAI_HOME": str(home)}
    running = [
        subprocess.Popen(child.command, env=surroundings, stdout=subprocess.DEVNULL)
        for child in children("127.0.0.1", port)
    ]
    try:
        yield Running(port, [each.pid for each in running])
    finally:
        for each in running:
            each.terminate()
        for each in running:
            each.wait()


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _enter(folder: str) -> None:
    for name in ELSEWHERE:
        os.environ.pop(name, None)
    os.environ.update(
        GONGKAI_HOME=folder,
        LOG_ORIGIN=ORIGIN,
        SECRET_KEY="only for this run of the benches",
        DATABASE_URL=os.environ.get("BENCH_DATABASE_URL", ""),
        DJANGO_SETTINGS_MODULE="gongkai.config.settings",
        LOG_LEVEL="ERROR",
    )
    import django

    from gongkai.config.env import Home
    from gongkai.config.keys import make_keys

    Home().lay_out()
    make_keys(Home(), ORIGIN)
    django.setup()
