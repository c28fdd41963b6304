"""What a page costs the server: ours beside nginx, and our handler beside reading the file.

Processor time of the server's processes for requests of one reader on one line, over loopback.
nginx is left out where it is not installed.
"""

import json
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from itertools import repeat
from pathlib import Path
from urllib.request import urlopen

from django.conf import settings
from tests.bench import laying
from tests.bench.client import Line, spent
from tests.bench.measure import Series, in_turn, passed, series, used
from tests.bench.reader import Answer, Reader
from tests.config import fronts
from tests.config.served import free_port, running

from gongkai.config.wsgi import Router
from gongkai.surfaces.board import build
from gongkai.surfaces.reach.counting import Counter

BROWSER = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
ITEMS = 40
ALONE, ALONE_ROUNDS = 500, 40
REQUESTS, ROUNDS = 2_000, 25
OURS = [sys.executable, "-m", "gongkai.config.web", "127.0.0.1"]
MINIMAL = """
server {{
    listen 127.0.0.1:{port};
    root {board};
    default_type text/html;
    gzip_static on;
    location / {{ try_files $uri.html =404; }}
}}
"""


def run() -> list[Series]:
    """A page of middling size, in every way."""
    laying.fill(ITEMS)
    build.build()
    pages = sorted(Path(settings.HOME.board).glob("i/*.html"), key=lambda path: path.stat().st_size)
    page = pages[len(pages) // 2]
    return [*alone(page), *behind_a_server(f"/i/{page.stem}")]


def alone(page: Path) -> list[Series]:
    """The handler called without network and server."""
    reader, address = Reader(settings.HOME.board), f"/i/{page.stem}"
    tag = reader.get(address)[1]["ETag"]
    counted = Routed(settings.HOME.board, Counter(settings.HOME.reach))
    uncounted = Routed(settings.HOME.board, None)
    packed, known = {"HTTP_ACCEPT_ENCODING": "gzip, br"}, {"HTTP_IF_NONE_MATCH": tag}
    assert reader.get(address, **packed)[1]["Content-Encoding"] == "br"
    assert reader.get(address, **known)[0] == 304
    bare, plain, br, unchanged, missing, without, with_ = in_turn(
        ALONE_ROUNDS,
        lambda: _each(lambda: _read(page)),
        lambda: _each(lambda: reader.get(address)),
        lambda: _each(lambda: reader.get(address, **packed)),
        lambda: _each(lambda: reader.get(address, **known)),
        lambda: _each(lambda: reader.get("/i/0000000000")),
        lambda: _each(lambda: uncounted.get(address, **packed)),
        lambda: _each(lambda: counted.get(address, **packed)),
    )
    routed = series("router and handler, not counted", "µs", without)
    base = series(f"open and read {page.stat().st_size / 1000:.0f} kB", "µs", bare)
    return [
        base,
        series("the handler, plain", "µs", plain, base),
        series("the handler, brotli", "µs", br, base),
        series("the handler, 304", "µs", unchanged, base),
        series("the handler, 404", "µs", missing, base),
        routed,
        series("router and handler, counted", "µs", with_, routed),
    ]


class Routed(Reader):
    """A reader who comes by the web process's router, which counts or does not."""

    def __init__(self, folder: Path, counter: Counter | None) -> None:
        super().__init__(folder)
        self.board = Router(self.board, None, counter=counter)

    def get(self, address: str, **headers: str) -> Answer:
        """As a browser asks."""
        return super().get(address, HTTP_USER_AGENT=BROWSER, QUERY_STRING="", **headers)


def _each(request: Callable[[], object]) -> float:
    """Processor seconds of one request, out of many."""
    return used(lambda: [request() for _ in repeat(None, ALONE)]) / ALONE


def _read(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read()


@dataclass(frozen=True)
class Asked:
    """A server, and the line on which it is asked."""

    server: int
    line: Line

    def __call__(self) -> tuple[float, float]:
        """Its processor seconds for one request, and the reader's seconds."""
        before = spent(self.server)
        waited = passed(lambda: self.line.ask(REQUESTS))
        return (spent(self.server) - before) / REQUESTS, waited / REQUESTS


def behind_a_server(address: str) -> list[Series]:
    """The same page from real servers, gzip, in turn."""
    with ExitStack() as stack:
        ours = stack.enter_context(_ours())
        asked = [
            ("embedded server, the page", ours(address)),
            ("embedded server, 304", ours(address, known=True)),
        ]
        if fronts.NGINX:
            minimal = stack.enter_context(_nginx(MINIMAL))
            ready = stack.enter_context(_nginx(""))
            asked = [
                ("nginx gzip_static, the page", minimal(address)),
                ("nginx with deploy/nginx.conf", ready(address)),
                *asked,
            ]
        else:
            print("nginx is not installed: left out", file=sys.stderr)
        rounds = [[each() for _, each in asked] for _ in range(ROUNDS)]
        return list(_told([name for name, _ in asked], rounds))


def _told(names: list[str], rounds: list[list[tuple[float, float]]]) -> Iterator[Series]:
    columns = list(zip(*rounds, strict=True))
    base = series(names[0], "µs", [cpu for cpu, _ in columns[0]])
    yield base
    for name, column in zip(names[1:], columns[1:], strict=True):
        yield series(name, "µs", [cpu for cpu, _ in column], base)
    waited = series(f"the reader waits: {names[0]}", "µs", [wall for _, wall in columns[0]])
    yield waited
    yield series(f"the reader waits: {names[1]}", "µs", [wall for _, wall in columns[1]], waited)


Ask = Callable[..., Asked]


@contextmanager
def _ours() -> Iterator[Ask]:
    port = free_port()
    with running(port, [*OURS, str(port)]) as server:
        while json.load(urlopen(f"http://127.0.0.1:{port}/healthz"))["office"] == "loading":
            time.sleep(0.1)
        yield lambda address, known=False: _asked(server.pid, port, address, known)


@contextmanager
def _nginx(minimal: str) -> Iterator[Ask]:
    port, board = free_port(), settings.HOME.board
    site = minimal.format(port=port, board=board) or fronts.nginx_site(board, port, free_port())
    with (
        tempfile.TemporaryDirectory(prefix="gongkai-bench-nginx-") as here,
        fronts.nginx(site, Path(here), port) as server,
    ):
        yield lambda address: _asked(server, port, address, False)


def _asked(server: int, port: int, address: str, known: bool) -> Asked:
    line = Line(port, address, "gzip")
    assert (line.status, line.headers["content-encoding"]) == (200, "gzip")
    if known:
        line = Line(port, address, "gzip", **{"If-None-Match": line.headers["etag"]})
        assert line.status == 304
    line.ask(REQUESTS)  # what is loaded or compiled once does not count
    return Asked(server, line)
