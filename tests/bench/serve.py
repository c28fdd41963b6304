"""What a request to the board costs the processor, beside reading the same file without it."""

from collections.abc import Callable
from itertools import repeat
from pathlib import Path

from django.conf import settings
from tests.bench import laying
from tests.bench.measure import Series, in_turn, series, used
from tests.bench.reader import Reader

from gongkai.surfaces.board import jobs

ITEMS = 40
REQUESTS, ROUNDS = 500, 40


def run() -> list[Series]:
    """A page of middling size, asked for in three ways; no network and no server around it."""
    laying.fill(ITEMS)
    jobs.build()
    pages = sorted(Path(settings.HOME.board).glob("i/*.html"), key=lambda path: path.stat().st_size)
    page = pages[len(pages) // 2]
    reader, address = Reader(settings.HOME.board), f"/i/{page.stem}"
    tag = reader.get(address)[1]["ETag"]
    packed, known = {"HTTP_ACCEPT_ENCODING": "gzip, br"}, {"HTTP_IF_NONE_MATCH": tag}
    assert reader.get(address, **packed)[1]["Content-Encoding"] == "br"
    assert reader.get(address, **known)[0] == 304
    bare, plain, br, unchanged, missing = in_turn(
        ROUNDS,
        lambda: _each(lambda: _read(page)),
        lambda: _each(lambda: reader.get(address)),
        lambda: _each(lambda: reader.get(address, **packed)),
        lambda: _each(lambda: reader.get(address, **known)),
        lambda: _each(lambda: reader.get("/i/0000000000")),
    )
    base = series(f"open and read {page.stat().st_size / 1000:.0f} kB", "µs", bare)
    return [
        base,
        series("the page, plain", "µs", plain, base),
        series("the page, brotli", "µs", br, base),
        series("the page, 304", "µs", unchanged, base),
        series("no page, 404", "µs", missing, base),
    ]


def _each(request: Callable[[], object]) -> float:
    """Processor seconds of one request, out of many."""
    return used(lambda: [request() for _ in repeat(None, REQUESTS)]) / REQUESTS


def _read(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read()
