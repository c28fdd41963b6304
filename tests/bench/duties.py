"""What is due, of very many organisations: the tick that makes a month's duties, and the tables.

A seeded county: ``--items`` organisations (3,000) of 45 entries, a third each monthly, quarterly
and yearly with a share of waivers, late and missing ones, over three years. ``BENCH_DATABASE_URL``
names an empty PostgreSQL database; without it, SQLite.
"""

import random
from collections import Counter
from collections.abc import Iterator
from datetime import date, timedelta

from django.conf import settings
from django.core.management import call_command
from django.db import connection, transaction
from django.db.models import Model
from django.test import Client
from django.test.utils import CaptureQueriesContext
from tests import cast
from tests.bench.laying import hasty
from tests.bench.measure import Series, passed, series, used

from gongkai.foundation.core import clock
from gongkai.foundation.ledger.workflow import SYSTEM
from gongkai.foundation.organisations.models import Organisation
from gongkai.foundation.organisations.workflow import make_account
from gongkai.procedure.catalogue.models import Entry
from gongkai.procedure.duties import due, jobs
from gongkai.procedure.duties.models import Duty, Schedule, Tally
from gongkai.procedure.duties.recurrence import spans
from gongkai.procedure.duties.states import DutyKind, DutyState

ITEMS, ENTRIES, YEARS = 3000, 45, 3
SEEDED = 20
ROUNDS, MANY = 5, 5000
PERIODS = ("month", "quarter", "year")
SEED = 20261126


def run(items: int = ITEMS) -> list[Series]:
    """The tick, then the two pages."""
    call_command("migrate", verbosity=0)
    call_command("collectstatic", verbosity=0, interactive=False)
    township = cast.township()
    settings.ALLOWED_HOSTS = ["testserver"]
    today = clock.civil_day(clock.now(), township.zone)
    with hasty(), transaction.atomic():
        rows = lay(township, items, today)
    _analyze()
    began = Duty.objects.count()
    spent: list[float] = []
    seconds = passed(lambda: spent.append(used(lambda: jobs.plan(clock.now(), budget=3600))))
    made = Duty.objects.count() - began
    _analyze()
    client, member = Client(), cast.officer_named(township, "纪委书记").member
    client.force_login(make_account(member=member, username="bench", by=SYSTEM))
    some = Organisation.objects.filter(parent=township).order_by("pk")[items // 2]
    return [
        Series("duties that stand", "", (rows,)),
        Series("duties made by the tick", "", (made,)),
        series("the tick", "s", [seconds]),
        series("the tick, processor time", "s", spent),
        *_page(client, "the superior's table", "/desk/coverage/"),
        *_page(client, "an organisation below", f"/desk/coverage/{some.slug}/"),
        *_page(client, "the superior's own entries", f"/desk/coverage/{township.slug}/"),
    ]


def lay(township: Organisation, count: int, today: date) -> int:
    """Organisations below ``township`` with their schedules, duties and counts; how many duties.

    The first :data:`SEEDED` are drawn one by one, the others are the same again.
    """
    chance = random.Random(SEED)
    houses = Organisation.objects.bulk_create(
        Organisation(slug=f"h{n}", name=f"第{n}村", parent=township) for n in range(count)
    )
    seeded = houses[:SEEDED]
    entries = Entry.objects.bulk_create(
        Entry(organisation=house, code=f"E-{n:02}", title=f"第{n}项", category="E")
        for house in houses
        for n in range(ENTRIES)
    )
    drawn = entries[: len(seeded) * ENTRIES]
    _laid([_schedule(each, n % len(PERIODS)) for n, each in enumerate(drawn)], today, chance)
    for model in (Schedule, Duty, Tally):
        _again(model, houses, len(seeded))
    return Duty.objects.count()


def _again(model: type[Model], houses: list[Organisation], seeded: int) -> None:
    """The rows of the first ``seeded`` organisations for all others, by shifted keys."""
    fields = [field for field in model._meta.concrete_fields if not field.primary_key]
    quote = connection.ops.quote_name
    shift = {"organisation_id": seeded, "entry_id": seeded * ENTRIES}
    told = [
        f"d.{quote(f.column)} + {shift.get(f.column, 0)} * g.n"
        if f.column in shift
        else f"d.{quote(f.column)}"
        for f in fields
    ]
    columns = ", ".join(quote(field.column) for field in fields)
    with connection.cursor() as cursor:
        cursor.execute(
            "WITH RECURSIVE g(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM g WHERE n < %s) "
            f"INSERT INTO {model._meta.db_table} ({columns}) SELECT {', '.join(told)} "
            f"FROM {model._meta.db_table} d CROSS JOIN g "
            "WHERE d.organisation_id BETWEEN %s AND %s AND d.organisation_id + %s * g.n <= %s",
            [
                -(-len(houses) // seeded),
                *(houses[0].pk, houses[seeded - 1].pk, seeded, houses[-1].pk),
            ],
        )


def _schedule(entry: Entry, period: int) -> Schedule:
    return Schedule(
        entry=entry,
        organisation_id=entry.organisation_id,
        timing="periodic",
        period=PERIODS[period],
        audience=["public"],
        stale=False,
    )


def _laid(schedules: list[Schedule], today: date, chance: random.Random) -> None:
    """Three years up to a month that the tick has still to make."""
    since, until = today.replace(year=today.year - YEARS), today - timedelta(days=31)
    duties: list[Duty] = []
    for each in schedules:
        made = [_duty(each, one, today, chance) for one in due.periodic(each, since, until)]
        each.planned = [span.last for span in spans(each.period, since, until)][-1]
        duties += made
    Schedule.objects.bulk_create(schedules, batch_size=MANY)
    Duty.objects.bulk_create(duties, batch_size=MANY)
    Tally.objects.bulk_create(_tallies(duties), batch_size=MANY)


def _duty(schedule: Schedule, planned: due.Planned, today: date, chance: random.Random) -> Duty:
    last, draw = planned.due, chance.random()
    state, on = DutyState.MET, last.on - timedelta(days=1)
    if last.on >= today or draw < 0.03:
        state, on = DutyState.OPEN, None
    elif draw < 0.08:
        on = last.on + timedelta(days=5)
    elif draw < 0.1:
        state = DutyState.WAIVED
    return Duty(
        organisation_id=schedule.organisation_id,
        entry_id=schedule.entry_id,
        kind=DutyKind.PERIOD,
        key=planned.key,
        from_on=planned.from_on,
        nominal_on=planned.nominal_on,
        due_on=last.on,
        provisional=last.provisional,
        state=state,
        settled_on=on,
        reason="没有发生" if state == DutyState.WAIVED else "",
        item="K700000001" if state == DutyState.MET else "",
        made_at=clock.now(),
    )


def _tallies(duties: list[Duty]) -> Iterator[Tally]:
    found: dict[tuple[int, date], Counter[str]] = {}
    for duty in duties:
        count = found.setdefault((duty.organisation_id, duty.due_on.replace(day=1)), Counter())
        count["made"] += 1
        if duty.state == DutyState.WAIVED:
            count["waived"] += 1
        elif duty.settled_on:
            count["late" if duty.settled_on > duty.due_on else "on_time"] += 1
    for (organisation, month), count in found.items():
        yield Tally(organisation_id=organisation, month=month, **count)


def _page(client: Client, name: str, page: str) -> Iterator[Series]:
    def ask() -> None:
        assert client.get(page).status_code == 200, page

    ask()  # what is loaded or compiled once does not count
    with CaptureQueriesContext(connection) as asked:
        ask()
    yield Series(f"{name}: queries", "", (len(asked),))
    yield series(name, "ms", [passed(ask) for _ in range(ROUNDS)])
    yield series(f"{name}, processor time", "ms", [used(ask) for _ in range(ROUNDS)])


def _analyze() -> None:
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
