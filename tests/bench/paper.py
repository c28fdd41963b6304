"""Paper: an item of five pages as a document, an edition of 300 pages, sheets for the wall, and 500
of them in one run.
"""

import resource
import time
from collections.abc import Callable, Iterator
from dataclasses import replace

from tests.bench import laying
from tests.bench.measure import Series

from gongkai.foundation.core import clock
from gongkai.foundation.core.clock import civil_day
from gongkai.foundation.organisations.audience import ANONYMOUS
from gongkai.foundation.organisations.models import Organisation
from gongkai.surfaces.board import houses, items, queries, shelves
from gongkai.surfaces.channels.paper import document, notice, wall
from gongkai.surfaces.channels.paper import queries as printed
from gongkai.surfaces.printing import queries as printing
from gongkai.surfaces.printing import setting, store
from gongkai.surfaces.printing.models import Run
from gongkai.surfaces.printing.states import RunState

ITEMS = 60
REPEATS = 10
WORDS = "各村要逐条渠道、逐座塘坝落实管护责任人，责任人名单在公开栏公布，接受群众监督。" * 3
ROW = "<tr><td>{}</td><td>石桥村</td><td>北干渠第三支渠</td><td>1,200</td><td>18.5</td></tr>"
HEAD = "<tr><th>序号</th><th>村</th><th>设施</th><th>长度（米）</th><th>资金（万元）</th></tr>"
FIVE, MANY = (10, 50), (930, 2560)
"""Paragraphs and rows of a table that fill five pages, and 300."""


def run() -> list[Series]:
    """The times of each kind of sheet, one after the other."""
    laying.fill(ITEMS)
    town = houses.town()
    record = queries.open_records().filter(kind=items.RELEASE).order_by("-seq")[0]
    house = town.house(record.organisation)
    item = printed.item_for(ANONYMOUS, record.subject)
    assert item
    assert item.current
    assert house.charter
    charter, opening = house.charter, item.current
    day = civil_day(opening.at, house.zone)

    def set_(shape: tuple[int, int]) -> Callable[[], object]:
        text = _text(*shape)
        changed = _with(opening, text)
        return lambda: document.document(item.address, changed, charter)

    made = _run(record.organisation)
    return [
        *made,
        Series("an item of 5 pages as a document", "s", tuple(_timed(set_(FIVE), REPEATS))),
        Series("an edition of 300 pages", "s", tuple(_timed(set_(MANY), 3))),
        Series(
            "a sheet for the wall, A3",
            "s",
            tuple(_timed(lambda: notice.notice(item, house, "a3"), REPEATS)),
        ),
        Series(
            "the plan of the wall, 60 items",
            "s",
            tuple(_timed(lambda: wall.plan(house, charter, wall.monday_of(day), day), REPEATS)),
        ),
    ]


def _run(slug: str) -> list[Series]:
    """A run of as many sheets as one may have, as the worker sets it: its time, its largest part in
    memory, and what it leaves on the disk meanwhile and afterwards.
    """
    organisation = Organisation.objects.get(slug=slug)
    wanted = printing.newest(houses.town().house(slug).shelf(shelves.OF))
    wanted = (wanted * (printing.MOST // len(wanted) + 1))[: printing.MOST]
    run = Run.objects.create(
        organisation=organisation,
        wanted=wanted,
        size="a3",
        mark="w",
        folder="bench",
        seq=printing.logged(),
        at=clock.now(),
    )
    begun, disk, slowest = time.perf_counter(), 0, 0.0
    while not Run.objects.filter(pk=run.pk, state=RunState.READY).exists():
        before = time.perf_counter()
        setting.set_sheets.call(run.pk)
        slowest = max(slowest, time.perf_counter() - before)
        disk = max(disk, sum(each.stat().st_size for each in store.folder("bench").iterdir()))
    took = time.perf_counter() - begun
    child = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    own = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return [
        Series("500 sheets for the wall, A3", "s", (took,)),
        Series("the longest of its tasks", "s", (slowest,)),
        Series("memory of the process that sets", "MB", (child / 1024,)),
        Series("memory of the worker", "MB", (own / 1024,)),
        Series("disk at most", "MB", (disk / 1e6,)),
        Series("the PDF", "MB", (store.whole("bench").stat().st_size / 1e6,)),
    ]


def _text(paragraphs: int, rows: int) -> str:
    said = "".join(f"<p>{WORDS}</p>" for _ in range(paragraphs))
    table = "".join(ROW.format(n) for n in range(1, rows + 1))
    return f"{said}<table><thead>{HEAD}</thead><tbody>{table}</tbody></table>"


def _with(opening: items.Opening, text: str) -> items.Opening:
    return replace(opening, edition=replace(opening.edition, body=text))


def _timed(make: Callable[[], object], repeats: int) -> Iterator[float]:
    make()
    for _ in range(repeats):
        begun = time.perf_counter()
        make()
        yield time.perf_counter() - begun
