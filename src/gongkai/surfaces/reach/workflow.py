"""The verbs of reach: add what was counted, once; name and give up places; forget old totals."""

import secrets
from collections import Counter
from collections.abc import Mapping
from datetime import date, datetime

from django.db import connection, transaction

from gongkai.foundation.core import clock
from gongkai.foundation.core.errors import Refused
from gongkai.foundation.core.identifiers import ALPHABET
from gongkai.foundation.ledger.workflow import record
from gongkai.foundation.organisations.queries import Officer
from gongkai.surfaces.reach import marks, queries, rules
from gongkai.surfaces.reach.models import ReadLog, Spot, Taken

Totals = Mapping[tuple[date, str, str], int]
"""Calls by civil day, address and mark."""

# Two processes may add to the same row at once: the database adds, not we.
_ADD = """
INSERT INTO reach_calls (day, address, mark, count) VALUES (%s, %s, %s, %s)
ON CONFLICT (address, day, mark) DO UPDATE SET count = reach_calls.count + excluded.count
"""


@transaction.atomic
def take(*, name: str, totals: Totals) -> bool:
    """Add what a file of the web process counted, once 计入. Says whether it was news."""
    if queries.taken(name):
        return False
    Taken.objects.create(name=name, at=clock.now())
    _add(totals)
    return True


@transaction.atomic
def read_on(*, log: ReadLog, read: int, totals: Totals) -> bool:
    """Add what a log says up to the byte ``read``, once 计入日志.

    Says whether it was news: another process may have read as far meanwhile.
    """
    row = ReadLog.objects.select_for_update().get(pk=log.pk)
    if row.read != log.read:
        return False
    row.read, row.at = read, clock.now()
    row.save(update_fields=["read", "at"])
    log.read = read
    _add(totals)
    return True


def begin_log(identity: str) -> ReadLog:
    """The log with this identity, as far as it was read."""
    row, _new = ReadLog.objects.get_or_create(identity=identity, defaults={"at": clock.now()})
    return row


@transaction.atomic
def name_spot(*, officer: Officer, name: str) -> Spot:
    """Name a place where sheets hang; it gets a mark for its codes 设张贴处."""
    if obstacles := rules.name_obstacles(officer, name):
        raise Refused(obstacles)
    spot = Spot.objects.create(
        organisation=officer.organisation, mark=_new_mark(), name=name, since=clock.now()
    )
    _record("spot.name", officer, spot)
    return spot


@transaction.atomic
def end_spot(*, officer: Officer, spot: Spot) -> None:
    """Give up a place: no more sheets are printed for it, what hangs is counted on 停用张贴处."""
    spot = Spot.objects.select_for_update().select_related("organisation").get(pk=spot.pk)
    if obstacles := rules.end_obstacles(officer, spot):
        raise Refused(obstacles)
    spot.ended_at = clock.now()
    spot.save(update_fields=["ended_at"])
    _record("spot.end", officer, spot)


def forget(before: date, taken_before: datetime) -> int:
    """Destroy the totals of days before; returns how many rows."""
    totals, names = queries.over(before, taken_before)
    names.delete()
    return totals.delete()[0]


def _add(totals: Totals) -> None:
    """Add to the totals, in one order for all, of items and marks that are ours."""
    items = queries.known({address for _day, address, _mark in totals})
    ours = queries.known_marks()
    wanted: Counter[tuple[date, str, str]] = Counter()
    for (day, address, mark), count in totals.items():
        if address in items:
            wanted[day, address, mark if mark in ours else ""] += count
    adapted = connection.ops.adapt_datefield_value
    rows = [(adapted(day), *rest, count) for (day, *rest), count in sorted(wanted.items())]
    if rows:
        with connection.cursor() as cursor:
            cursor.executemany(_ADD, rows)


def _new_mark() -> str:
    while True:
        mark = "".join(secrets.choice(ALPHABET.lower()) for _ in range(marks.LENGTH))
        if not Spot.objects.filter(mark=mark).exists():
            return mark


def _record(verb: str, officer: Officer, spot: Spot) -> None:
    record(
        verb=verb,
        actor=officer.actor,
        organisation=officer.organisation.slug,
        subject=f"spot:{spot.mark}",
        label=spot.name,
    )
