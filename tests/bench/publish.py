"""From the commit of ``schedule`` to the page that readers get, with few items and with many.

The keeper is a process of its own; members' and public stage open at once, in their order. The
two boards take turns, and each publication begins when the one before it is wholly done.
"""

import time
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from random import Random

from django.conf import settings
from django.db import transaction
from tests import cast
from tests.bench import corpus
from tests.bench.measure import Series, series
from tests.bench.places import keeper, place
from tests.bench.reader import Reader
from tests.procedure.editions import MEMBERS, PUBLIC, disclosure_of, sealed

from gongkai.foundation.ledger.models import Cursor, PublicRecord
from gongkai.procedure.publication import workflow as publication
from gongkai.procedure.publication.plans import Step
from gongkai.procedure.review.models import Edition
from gongkai.surfaces.board import jobs

FEW, MANY = 100, 5000
PUBLICATIONS, WARMING = 100, 3
STAGES = (Step(MEMBERS), Step(PUBLIC))
PATIENCE = 30.0
OFTEN, RARELY = 0.001, 0.005


@dataclass(frozen=True)
class Office:
    """A township with its board built, and editions that wait for publication."""

    home: Path
    editions: list[int]


@dataclass(frozen=True)
class Times:
    """Seconds from the commit: until readers see the item, and until its pages are synced."""

    seen: float
    synced: float


def run() -> list[Series]:
    """The ratio is the figure: publishing must cost the same."""
    with ExitStack() as until_the_end:
        places = [until_the_end.enter_context(place()) for _ in (FEW, MANY)]
        begun = [at.submit(prepare, size) for at, size in zip(places, (FEW, MANY), strict=True)]
        offices = [each.result() for each in begun]
        for office in offices:
            until_the_end.enter_context(keeper(office.home))
        rounds = [
            [
                at.submit(publish, office.editions[number]).result()
                for at, office in zip(places, offices, strict=True)
            ]
            for number in range(WARMING + PUBLICATIONS)
        ]
    few, many = zip(*rounds[WARMING:], strict=True)
    seen = series(f"until readers see it, among {FEW}", "ms", [each.seen for each in few])
    synced = series(f"until all is synced, among {FEW}", "ms", [each.synced for each in few])
    return [
        seen,
        series(f"until readers see it, among {MANY:,}", "ms", [each.seen for each in many], seen),
        synced,
        series(
            f"until all is synced, among {MANY:,}", "ms", [each.synced for each in many], synced
        ),
    ]


def prepare(size: int) -> Office:
    """Here: ``size`` items on the board, and what is to be published."""
    organisation, chance = corpus.fill(size), Random(size)
    jobs.build()
    with transaction.atomic():
        editions = [
            sealed(
                disclosure_of(organisation, title=corpus.title(chance)), body=corpus.body(chance)
            ).pk
            for _ in range(WARMING + PUBLICATIONS)
        ]
    return Office(settings.HOME.path, editions)


def publish(number: int) -> Times:
    """Here: open one edition now, and look until it is there."""
    edition = Edition.objects.select_related("disclosure__organisation").get(pk=number)
    officer = cast.officer_named(edition.disclosure.organisation, "党政办主任")
    address, reader = edition.disclosure.address, Reader(settings.HOME.board)
    publication.schedule(edition=edition, officer=officer, steps=STAGES)
    committed = time.perf_counter()
    _until(lambda: _shown(reader, address, f"/c/{edition.disclosure.entry.category}"))
    seen, pulse = time.perf_counter() - committed, _pulse()
    _until(lambda: _followed(address), RARELY)
    synced = time.perf_counter() - committed
    _until(lambda: _pulse() != pulse, RARELY)
    return Times(seen, synced)


def _shown(reader: Reader, address: str, newest: str) -> bool:
    """Whether the item has its page, and its line in the newest page of its list."""
    if reader.get(f"/i/{address}")[0] != 200:
        return False
    return f"/i/{address}".encode() in reader.get(newest)[2]


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
