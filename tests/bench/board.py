"""The board built from nothing: pages per second of one core, and where the time goes."""

import shutil
from pathlib import Path

from django.conf import settings
from tests.bench import laying
from tests.bench.measure import Series, in_turn, series, used

from gongkai.surfaces.board import jobs
from gongkai.surfaces.board.site import OTHERS, TWINS

ITEMS = 200
REPEATS = 3


def run() -> list[Series]:
    """Processor time, so that what else the machine does counts little."""
    laying.fill(ITEMS)
    jobs.build()
    pages = [path for path in _files() if path.suffix == ".html"]
    data = [path.read_bytes() for path in pages]
    (gzip, brotli) = (squeeze for _suffix, squeeze, _open in TWINS)
    built, again, zipped, squeezed = in_turn(
        REPEATS,
        lambda: _build_from_nothing() / len(pages),
        lambda: used(jobs.build) / len(pages),
        lambda: used(lambda: list(map(gzip, data))) / len(pages),
        lambda: used(lambda: list(map(brotli, data))) / len(pages),
    )
    whole = series(f"a page of {len(pages)}, all its files written", "ms", built)
    return [
        Series("pages per second and core", "/s", tuple(1 / value for value in built)),
        whole,
        series("  of it gzip 6", "ms", zipped, whole),
        series("  of it brotli 5", "ms", squeezed, whole),
        series("a page built again, nothing changed", "ms", again, whole),
        Series("bytes of a page", "kB", tuple(len(each) / 1000 for each in data)),
    ]


def _build_from_nothing() -> float:
    """Clear the folder, which does not count; then the processor seconds of the whole build."""
    for part in Path(settings.HOME.board).iterdir():
        if part.name not in OTHERS:
            shutil.rmtree(part) if part.is_dir() else part.unlink()
    return used(jobs.build)


def _files() -> list[Path]:
    root = Path(settings.HOME.board)
    return [path for part in root.iterdir() if part.name not in OTHERS for path in _under(part)]


def _under(part: Path) -> list[Path]:
    return [path for path in part.rglob("*") if path.is_file()] if part.is_dir() else [part]
