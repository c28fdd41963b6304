"""Processes with a home of their own: Django is set up there before any bench is imported."""

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from concurrent.futures import Executor, ProcessPoolExecutor
from contextlib import contextmanager
from importlib import import_module
from multiprocessing import get_context
from pathlib import Path

from tests.bench.measure import Series

ORIGIN = "test.invalid/bench"
ELSEWHERE = ("PUBLIC_URL", "BOARD_URL", "OFFICE_URL", "MAIL_URL", "TIME_ZONE")


@contextmanager
def place() -> Iterator[Executor]:
    """A process over an empty home; what is submitted runs there, one thing at a time."""
    with tempfile.TemporaryDirectory(prefix="gongkai-bench-") as folder:
        spawn = get_context("spawn")
        with ProcessPoolExecutor(1, spawn, initializer=_enter, initargs=(folder,)) as here:
            yield here


def run(bench: str) -> list[Series]:
    """The figures of one bench; called in the place that is to measure them."""
    return import_module(f"tests.bench.{bench}").run()


@contextmanager
def keeper(home: Path) -> Iterator[None]:
    """The keeper of ``home``, as a process."""
    command = [sys.executable, "-m", "gongkai.config.cli", "keeper"]
    running = subprocess.Popen(command, env=os.environ | {"GONGKAI_HOME": str(home)})
    try:
        yield
    finally:
        running.terminate()
        running.wait()


def _enter(folder: str) -> None:
    for name in ELSEWHERE:
        os.environ.pop(name, None)
    os.environ.update(
        GONGKAI_HOME=folder,
        LOG_ORIGIN=ORIGIN,
        SECRET_KEY="only for this run of the benches",
        DATABASE_URL="",
        DJANGO_SETTINGS_MODULE="gongkai.config.settings",
        LOG_LEVEL="ERROR",
    )
    import django

    from gongkai.config.env import Home
    from gongkai.config.keys import make_keys

    Home().lay_out()
    make_keys(Home(), ORIGIN)
    django.setup()
