"""From the commit of ``schedule`` to the page that readers get, with few items and with many.

Web, keeper and worker run as they do in an installation; members' and public stage open at once,
in their order. The two boards take turns, and each publication begins when the one before it is
wholly done. Of the items that stand already the newest have their pages, as many on one board as
on the other: a page further back in the list is not looked at by any publication.
"""

import time
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from random import Random

from django.conf import settings
from django.db import connection, transaction
from tests import cast
from tests.bench import corpus, laying
from tests.bench.measure import Series
from tests.bench.memory import looked_at, private_memory
from tests.bench.places import installation, place
from tests.bench.reader import Reader
from tests.procedure.editions import MEMBERS, PUBLIC, disclosure_of, sealed

from gongkai.config import keeper
from gongkai.foundation.ledger.lease import Lease
from gongkai.foundation.ledger.models import Cursor, PublicRecord
from gongkai.procedure.publication import workflow as publication
from gongkai.procedure.publication.plans import Step
from gongkai.procedure.review.models import Edition
from gongkai.surfaces.board import jobs
from gongkai.surfaces.search import jobs as search

FEW, MANY = 1000, 5000
VILLAGES = 8
WITH_PAGES = 300
"""The newest records, whose pages stand on both boards."""
PUBLICATIONS, WARMING, COUNTED = 100, 3, 5
STAGES = (Step(MEMBERS), Step(PUBLIC))
PATIENCE = 120.0
OFTEN, RARELY = 0.001, 0.005
STEPS_AT_ONCE = 100


@dataclass(frozen=True)
class Office:
    """A township with its board built, and editions that wait for publication."""

    home: Path
    editions: list[int]
    queries: list[float]
    """Of a publication: verb and keeper's pass."""
    steps: list[float]
    """The same in steps of SQLite's machine, which grow with the rows that are read."""


@dataclass(frozen=True)
class Times:
    """Seconds from the commit: until readers see the item, and until its pages are synced."""

    seen: float
    synced: float


def run(items: int = MANY) -> list[Series]:
    """The ratio is the figure: publishing must cost the same."""
    sizes = (FEW, items)
    with ExitStack() as until_the_end:
        places = [until_the_end.enter_context(place()) for _ in sizes]
        begun = [at.submit(prepare, size) for at, size in zip(places, sizes, strict=True)]
        offices = [each.result() for each in begun]
        running = [until_the_end.enter_context(installation(office.home)) for office in offices]
        rounds = [
            [
                at.submit(publish, office.editions[number]).result()
                for at, office in zip(places, offices, strict=True)
            ]
            for number in range(WARMING + PUBLICATIONS)
        ]
        looked_at(running[-1].port)
        memory = private_memory(running[-1].processes)
    few, many = zip(*rounds[WARMING:], strict=True)
    compared = (
        ("until readers see it", "ms", [e.seen * 1e3 for e in few], [e.seen * 1e3 for e in many]),
        ("until all is synced", "ms", *([e.synced * 1e3 for e in side] for side in (few, many))),
        ("queries of a publication", "", *(office.queries for office in offices)),
        ("SQLite's steps for it", "k", *(office.steps for office in offices)),
    )
    return [
        *(one for what, unit, *sides in compared for one in _both(what, unit, sides, sizes)),
        Series(f"private memory of web, keeper, worker, {items:,}", "MB", (memory / 1e6,)),
    ]


def _both(
    what: str, unit: str, sides: list[list[float]], sizes: tuple[int, int]
) -> tuple[Series, Series]:
    few = Series(f"{what}, among {sizes[0]:,}", unit, tuple(sides[0]))
    return few, Series(f"{what}, among {sizes[1]:,}", unit, tuple(sides[1]), few)


def prepare(size: int) -> Office:
    """Here: ``size`` items on the board, and what is to be published."""
    organisation, chance = laying.fill(size, VILLAGES), Random(size)
    laying.newest(WITH_PAGES)
    with transaction.atomic():
        editions = [
            sealed(
                disclosure_of(organisation, title=corpus.title(chance)), body=corpus.body(chance)
            ).pk
            for _ in range(WARMING + PUBLICATIONS + COUNTED)
        ]
    counted = [_counted(number) for number in editions[:COUNTED]]
    queries, steps = zip(*counted, strict=True)
    connection.close()
    return Office(settings.HOME.path, editions[COUNTED:], list(queries), list(steps))


def publish(number: int) -> Times:
    """Here: open one edition now, and look until it is there."""
    edition = Edition.objects.select_related("disclosure__organisation").get(pk=number)
    address, reader = edition.disclosure.address, Reader(settings.HOME.board)
    lists = _lists(edition)
    _schedule(edition)
    committed = time.perf_counter()
    _until(lambda: _shown(reader, address, lists))
    seen, pulse = time.perf_counter() - committed, _pulse()
    _until(lambda: _followed(address), RARELY)
    synced = time.perf_counter() - committed
    _until(lambda: _pulse() != pulse, RARELY)
    return Times(seen, synced)


def _counted(number: int) -> tuple[float, float]:
    """Queries and thousands of SQLite's steps of one publication, keeper's pass included."""
    edition = Edition.objects.select_related("disclosure__organisation").get(pk=number)
    lease, queries, steps = Lease(), 0, 0

    def asked(execute, sql, params, many, context):
        nonlocal queries
        queries += 1
        return execute(sql, params, many, context)

    def stepped() -> int:
        nonlocal steps
        steps += STEPS_AT_ONCE
        return 0

    assert lease.acquire()
    connection.ensure_connection()
    connection.connection.set_progress_handler(stepped, STEPS_AT_ONCE)
    with connection.execute_wrapper(asked):
        _schedule(edition)
        keeper.run_once(lease, calm=True)
    connection.connection.set_progress_handler(None, 0)
    search.close()  # the installation's own keeper writes the index from here on
    lease.release()
    return queries, steps / 1000


def _schedule(edition: Edition) -> None:
    officer = cast.officer_named(edition.disclosure.organisation, "党政办主任")
    publication.schedule(edition=edition, officer=officer, steps=STAGES)


def _lists(edition: Edition) -> list[str]:
    """The newest pages on which the item will stand."""
    entry = edition.disclosure.entry
    return [f"/e/{entry.code}", f"/b/{entry.box}", f"/c/{entry.category}", "/all"]


def _shown(reader: Reader, address: str, lists: list[str]) -> bool:
    """Whether the item has its page, and its line in the newest page of each of its lists."""
    if reader.get(f"/i/{address}")[0] != 200:
        return False
    line = f"/i/{address}".encode()
    return all(line in reader.get(newest)[2] for newest in lists)


def _followed(address: str) -> bool:
    """Whether the board's cursor, which moves after the sync, has passed the item's records."""
    last = PublicRecord.objects.filter(subject=address).latest("pk").seq
    return last is not None and Cursor.objects.get(name=jobs.CURSOR).seq > last


def _pulse() -> int:
    """When the keeper last ended a pass."""
    mark = Path(settings.HOME.run) / "keeper.alive"
    return mark.stat().st_mtime_ns if mark.exists() else 0


def _until(true: Callable[[], bool], pause: float = OFTEN) -> None:
    end = time.monotonic() + PATIENCE
    while not true():
        assert time.monotonic() < end, "the keeper did not come to it"
        time.sleep(pause)
