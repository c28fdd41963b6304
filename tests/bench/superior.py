"""A superior of very many organisations: what their number costs the board.

``--items`` organisations (300) below one township, each with a charter of its own and the public
rows of all its entries. A keeper that has just started reads the charters once; at midnight each
organisation's pages are made and all are compared; and in between one of them tells something.
"""

import os
from collections.abc import Iterator
from datetime import timedelta
from functools import partial
from typing import Any

from django.core.management import call_command
from django.db import transaction
from tests import cast
from tests.bench import duties, laying
from tests.bench.measure import Series, passed, series, used
from tests.bench.memory import private_memory

from gongkai.foundation.core import clock
from gongkai.foundation.ledger import workflow as ledger
from gongkai.foundation.ledger.queries import head
from gongkai.foundation.ledger.workflow import SYSTEM
from gongkai.foundation.organisations.audience import PUBLIC
from gongkai.foundation.organisations.models import Organisation
from gongkai.procedure.catalogue.charter import Charter, dump, parse, sample
from gongkai.procedure.catalogue.workflow import apply
from gongkai.procedure.duties import coverage
from gongkai.procedure.duties.models import Schedule
from gongkai.surfaces.board import houses, jobs, queries, rendering
from gongkai.surfaces.board.gathering import Gathering
from gongkai.surfaces.board.models import Kept
from gongkai.surfaces.board.pages import subordinates
from gongkai.surfaces.board.press import Press

ITEMS = 300
ROUNDS = 10
Rows = dict[str, dict[str, Any]]
"""What is told of each entry, by its code."""


def run(items: int = ITEMS) -> list[Series]:
    """The start, midnight, and one that tells something."""
    call_command("migrate", verbosity=0)
    call_command("collectstatic", verbosity=0, interactive=False)
    cast.township()
    charter = duties.recurring(parse(sample("township")))
    apply(source=dump(charter), by=SYSTEM)
    township = Organisation.objects.get(slug=charter.organisation.slug)
    today = clock.civil_day(clock.now(), township.zone)
    with laying.hasty():
        duties.lay(township, charter, duties.SEEDED, today)
        told = _published(charter, items)
    before = private_memory([os.getpid()])
    found = list(_measured(told))
    return [
        Series("organisations below", "", (items,)),
        *found,
        Series("memory that they take", "MB", ((private_memory([os.getpid()]) - before) / 1e6,)),
    ]


def _measured(told: Rows) -> Iterator[Series]:
    yield series("charters read, once a start", "s", [passed(_read)])
    town = houses.town()
    some = town.below(town.top)[:ROUNDS]
    press, gathering, now = Press(rendering.site_of_board(), town), Gathering(town), clock.now()
    for each in some:
        rendering.day_pages(press, gathering, each, now)
    night = now + timedelta(days=1)
    yield series(
        "pages of one at midnight, processor time",
        "ms",
        [used(partial(rendering.day_pages, press, gathering, each, night)) for each in some],
    )
    compare = partial(subordinates.pages, press, gathering, town.top, now)
    yield series("all counted and compared, processor time", "s", [used(compare)])
    spent, compared = [], []
    for each in some:
        _tell(each.slug, told)
        spent.append(used(jobs.follow))
        Kept.objects.filter(organisation=each.slug).update(seq=head().exposed_size)
        compared.append(used(compare))
    yield series("one tells something, processor time", "ms", spent)
    yield series("of that, the comparison", "ms", compared)


def _read() -> None:
    for each in houses.town().houses.values():
        assert each.charter


def _published(charter: Charter, count: int) -> Rows:
    """Public records of so many organisations below the township's, and its own; rows by entry."""
    own = f'slug = "{charter.organisation.slug}"'
    pattern = dump(charter)
    slugs = [f"h{n}" for n in range(count)]
    texts = {slug: pattern.replace(own, f'slug = "{slug}"\nparent = "qingxi"', 1) for slug in slugs}
    with transaction.atomic():
        for slug, source in texts.items():
            body = {"format": "gongkai-charter/1", "number": 1, "source": source}
            _record("charter", f"charter:{slug}", slug, body)
            _record(coverage.KIND, coverage.subject(slug), slug, coverage.body([]))
    laying.expose()
    last = queries.public_records(0, head().exposed_size).filter(kind=coverage.KIND)
    seqs = dict(last.values_list("organisation", "seq"))
    first = Schedule.objects.filter(organisation__slug="h0").select_related("entry", "organisation")
    schedules = list(first)
    rows = coverage.rows(schedules)
    told = {each.entry.code: rows[each.pk] for each in schedules}
    Kept.objects.bulk_create(
        (
            Kept(organisation=slug, entry=code, audience=PUBLIC, seq=seqs[slug], row=row)
            for slug in slugs
            for code, row in told.items()
        ),
        batch_size=500,
    )
    jobs.followed(head().exposed_size)
    return told


def _tell(slug: str, told: Rows) -> None:
    """The tick says anew how one entry of the organisation is kept."""
    code = min(told)
    with transaction.atomic():
        _record(coverage.KIND, coverage.subject(slug), slug, coverage.body([told[code]]))
    laying.expose()


def _record(kind: str, subject: str, organisation: str, body: dict[str, Any]) -> None:
    ledger.record(
        verb=f"{kind}.bench",
        actor=SYSTEM,
        organisation=organisation,
        subject=subject,
        label="",
        opens=ledger.Opening(kind, subject, [PUBLIC], body),
    )
