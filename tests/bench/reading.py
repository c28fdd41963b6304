"""A scan of 300 pages: what the worker spends on it, and how soon its first page is open."""

import hashlib
import json
import resource
import time
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from urllib.request import Request, urlopen

from django.conf import settings
from django.core.management import call_command
from tests.bench.measure import Series, passed, series
from tests.bench.scanning import scan
from tests.bench.serve import OURS
from tests.config.served import free_port, running
from tests.surfaces.board.office import Office, address

from gongkai.foundation.files import storage
from gongkai.foundation.files.pages import preparing
from gongkai.foundation.files.pages.store import Rendition
from gongkai.foundation.ledger.lease import Lease
from gongkai.surfaces.board import jobs

PAGES = 300
OPENED = 20
MEGABYTE = 1 << 20
KILOBYTE = 1000


def run() -> list[Series]:
    """Drawn by the worker, laid out by the keeper, opened by a reader."""
    call_command("migrate", verbosity=0)
    call_command("collectstatic", verbosity=0, interactive=False)
    lease = Lease()
    assert lease.acquire()
    office = Office(settings.HOME, lease)
    office.charter()
    office.go()
    file = stored()
    drawn = list(tasks(file["digest"]))
    office.release(address(2), attachments=[file])
    office.go()  # templates are compiled once
    office.release(address(1), attachments=[file])
    office.expose()
    seen = passed(jobs.follow)
    lease.release()
    made, path = Rendition(file["digest"]), f"/i/{address(1)}/{file['digest'][:16]}"
    waits, weight = opened(path, made.sheet(1).pictures[0].digest)
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * 1024
    own = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    return [
        Series("pages of a scan drawn in a second", "/s", tuple(1 / each for each in drawn)),
        series(
            "the longest task of the worker", "s", [max(each * preparing.PORTION for each in drawn)]
        ),
        Series("most memory of a child", "MB", (peak / MEGABYTE,)),
        Series("most memory of the worker itself", "MB", (own / MEGABYTE,)),
        series("publishing it, the whole pass of the keeper", "s", [seen]),
        series("the first page and its picture, opened", "ms", waits),
        Series("what that transfers", "kB", (weight / KILOBYTE,)),
    ]


def stored() -> dict[str, object]:
    """The scan in the store, made by a process that takes its memory with it."""
    path = Path(settings.HOME.files) / "scan.pdf"
    with ProcessPoolExecutor(1, get_context("spawn")) as apart:
        apart.submit(scan, path, PAGES).result()
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    size = path.stat().st_size
    storage.path(digest).parent.mkdir(parents=True)
    path.rename(storage.path(digest))
    return {"title": "签字原件", "digest": digest, "size": size, "extension": "pdf"}


def tasks(digest: str):
    """The seconds a page took, for each of the worker's tasks."""
    made, before = Rendition(digest), 0
    head = None
    while head is None:
        begun = time.perf_counter()
        head = preparing.advance(digest, "pdf", 0)
        taken = time.perf_counter() - begun
        count = len(list((made.folder / "sheets").iterdir()))
        if count > before:
            yield taken / (count - before)
        before = count
    assert (head.pages, head.trouble) == (PAGES, "")


def opened(path: str, picture: str) -> tuple[list[float], int]:
    """Seconds until the page, its sheets and scripts and its first picture are there; and bytes."""
    port = free_port()
    with running(port, [*OURS, str(port)]):
        while json.load(urlopen(f"http://127.0.0.1:{port}/healthz"))["office"] == "loading":
            time.sleep(0.1)

        def ask() -> int:
            wanted = [path, *_sheets(path), f"{path}/{picture[:16]}.webp"]
            return sum(_fetched(port, each) for each in wanted)

        return [passed(ask) for _ in range(OPENED)], ask()


def _sheets(path: str) -> list[str]:
    html = (Path(settings.HOME.board) / f"{path[1:]}.html").read_text("utf-8")
    head = html.partition("</head>")[0]
    return ["/assets/" + each.partition('"')[0] for each in head.split('"/assets/')[1:]]


def _fetched(port: int, path: str) -> int:
    asked = Request(f"http://127.0.0.1:{port}{path}", headers={"Accept-Encoding": "br"})
    with urlopen(asked) as answer:
        return len(answer.read())
