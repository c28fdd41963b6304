"""What is due, of very many organisations: the tick that makes a month's duties, and the tables.

A seeded county: ``--items`` organisations (3,000), each under the township's charter, whose
entries here all recur, a third each monthly, quarterly and yearly, with a share of waivers, late
and missing ones, over three years. ``BENCH_DATABASE_URL`` names an empty PostgreSQL database;
without it, SQLite.
"""

import random
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from hashlib import sha256
from typing import Any

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
from gongkai.procedure.catalogue.charter import Charter, EntryRule, dump, parse, sample
from gongkai.procedure.catalogue.models import CharterVersion, Entry
from gongkai.procedure.catalogue.workflow import apply
from gongkai.procedure.duties import due, jobs
from gongkai.procedure.duties.models import Duty, Followed, Schedule, Tally
from gongkai.procedure.duties.recurrence import spans
from gongkai.procedure.duties.states import DutyKind, DutyState

ITEMS, YEARS = 3000, 3
SEEDED = 20
ROUNDS, MANY = 5, 5000
PERIODS = ("month", "quarter", "year")
SEED = 20261126


def run(items: int = ITEMS) -> list[Series]:
    """The tick, then the two pages."""
    call_command("migrate", verbosity=0)
    call_command("collectstatic", verbosity=0, interactive=False)
    cast.township()
    charter = recurring(parse(sample("township")))
    apply(source=dump(charter), by=SYSTEM)
    township = Organisation.objects.get(slug=charter.organisation.slug)
    settings.ALLOWED_HOSTS = ["testserver"]
    today = clock.civil_day(clock.now(), township.zone)
    with hasty(), transaction.atomic():
        rows = lay(township, charter, items, today)
    _analyze()
    began = Duty.objects.count()
    spent: list[float] = []
    seconds = passed(lambda: spent.append(used(lambda: jobs.plan(clock.now(), budget=3600))))
    made = Duty.objects.count() - began
    _analyze()
    supervisor, head = (_signed_in(township, post) for post in ("纪委书记", "党政办主任"))
    some = Organisation.objects.filter(parent=township).order_by("pk")[items // 2]
    return [
        Series("duties that stand", "", (rows,)),
        Series("duties made by the tick", "", (made,)),
        series("the tick", "s", [seconds]),
        series("the tick, processor time", "s", spent),
        *_page(supervisor, "the superior's table", "/desk/coverage/"),
        *_page(supervisor, "an organisation below", f"/desk/coverage/{some.slug}/"),
        *_page(supervisor, "the superior's own entries", f"/desk/coverage/{township.slug}/"),
        *_page(head, "what is due", "/desk/duties/"),
        *_page(head, "what was met", "/desk/duties/?state=met"),
        *_page(head, "a month", "/desk/duties/calendar/"),
    ]


def recurring(charter: Charter) -> Charter:
    """``charter`` with every entry due by the month, the quarter or the year, in turn."""
    periodic = next(each.code for each in charter.timings if each.kind == "periodic")
    plain: dict[str, Any] = {"due_month": 0, "due_day": 0, "workdays": 0}
    return replace(
        charter,
        entries=tuple(
            replace(rule, timing=periodic, period=PERIODS[n % len(PERIODS)], **plain)
            for n, rule in enumerate(charter.entries)
        ),
    )


def lay(township: Organisation, charter: Charter, count: int, today: date) -> int:
    """Organisations below ``township`` under its ``charter``, with their schedules, duties and
    counts, and its own; how many duties.

    The first :data:`SEEDED` are drawn one by one, the others are the same again.
    """
    chance = random.Random(SEED)
    houses = Organisation.objects.bulk_create(
        Organisation(slug=f"h{n}", name=f"第{n}村", parent=township) for n in range(count)
    )
    CharterVersion.objects.bulk_create(_versions(charter, houses), batch_size=MANY // 10)
    Followed.objects.bulk_create(
        Followed(organisation=house, number=1, reminded_on=today) for house in houses
    )
    Followed.objects.create(organisation=township, number=2, reminded_on=today)
    seeded = houses[:SEEDED]
    entries = Entry.objects.bulk_create(
        (_entry(house, rule) for house in houses for rule in charter.entries), batch_size=MANY
    )
    own = {each.code: each for each in Entry.objects.filter(organisation=township)}
    drawn = entries[: len(seeded) * len(charter.entries)]
    _laid(_schedules(charter, drawn), today, chance)
    for model in (Schedule, Duty, Tally):
        _again(model, houses, len(seeded), len(charter.entries))
    _laid(_schedules(charter, [own[rule.code] for rule in charter.entries]), today, chance)
    return Duty.objects.count()


def _versions(charter: Charter, houses: list[Organisation]) -> Iterator[CharterVersion]:
    pattern, own = dump(charter), f'slug = "{charter.organisation.slug}"'
    for house in houses:
        source = pattern.replace(own, f'slug = "{house.slug}"', 1)
        yield CharterVersion(
            organisation=house,
            number=1,
            source=source,
            digest=sha256(source.encode()).hexdigest(),
            applied_at=clock.now(),
            applied_by="",
        )


def _entry(house: Organisation, rule: EntryRule) -> Entry:
    return Entry(
        organisation=house,
        code=rule.code,
        title=rule.title,
        category=rule.category,
        box=rule.box,
        department=rule.department,
    )


def _signed_in(organisation: Organisation, post: str) -> Client:
    client = Client()
    member = cast.officer_named(organisation, post).member
    client.force_login(make_account(member=member, username=f"bench{member.pk}", by=SYSTEM))
    return client


def _again(model: type[Model], houses: list[Organisation], seeded: int, entries: int) -> None:
    """The rows of the first ``seeded`` organisations for all others, by shifted keys."""
    fields = [field for field in model._meta.concrete_fields if not field.primary_key]
    quote = connection.ops.quote_name
    shift = {"organisation_id": seeded, "entry_id": seeded * entries}
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


def _schedules(charter: Charter, entries: list[Entry]) -> list[Schedule]:
    rules = {rule.code: rule for rule in charter.entries}
    return [
        Schedule(
            entry=entry,
            organisation_id=entry.organisation_id,
            timing="periodic",
            period=rules[entry.code].period,
            audience=["public"],
            stale=False,
        )
        for entry in entries
    ]


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
