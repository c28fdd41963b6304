"""How entries are kept, as everybody may see it 应公开与已公开: the body of a public record.

Only facts that the system owns: what fell due, by when, and what became of it. What depends on
today (how many days late) is not in it; whoever renders it counts.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from dateutil.relativedelta import relativedelta
from django.db.models import Q

from gongkai.foundation.organisations.queries import today
from gongkai.procedure.duties.models import Duty, Schedule
from gongkai.procedure.duties.states import DutyState

KIND = "coverage"
FORMAT = "gongkai-coverage/1"
MONTHS = 13
"""How many months back a row tells: a year, and the month it began in."""


def subject(organisation: str) -> str:
    """What the public records of an organisation's rows are about, by its slug."""
    return f"cover:{organisation}"


def body(rows: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """The public record of rows that have changed; a later row of an entry replaces it."""
    return {"format": FORMAT, "rows": list(rows)}


def rows(schedules: Sequence[Schedule]) -> Mapping[int, dict[str, Any]]:
    """Each schedule's row, by its key; one query, however many."""
    since = {each.entry_id: _since(today(each.organisation)) for each in schedules}
    if not schedules:
        return {}
    told = Q(state=DutyState.OPEN) | Q(due_on__gte=min(since.values()))
    duties = Duty.objects.filter(told, entry__in=since).order_by("due_on", "pk")
    of: dict[int, list[Duty]] = {entry: [] for entry in since}
    for duty in duties:
        if duty.state == DutyState.OPEN or duty.due_on >= since[duty.entry_id]:
            of[duty.entry_id].append(duty)
    return {each.pk: _row(each, of[each.entry_id]) for each in schedules}


def _since(day: date) -> date:
    return day.replace(day=1) - relativedelta(months=MONTHS - 1)


def _row(schedule: Schedule, duties: Iterable[Duty]) -> dict[str, Any]:
    kept = [duty for duty in duties if duty.state != DutyState.VOID]
    return {
        "entry": schedule.entry.code,
        "listed": bool(schedule.timing),
        "planned": schedule.planned.isoformat() if schedule.planned else "",
        "open": [_owed(duty) for duty in kept if duty.state == DutyState.OPEN],
        "settled": [_done(duty) for duty in kept if duty.state != DutyState.OPEN],
        "months": _months(kept),
    }


def _owed(duty: Duty) -> dict[str, Any]:
    return {
        "key": duty.key,
        "kind": duty.kind,
        "title": duty.title,
        "from": duty.from_on.isoformat(),
        "due": duty.due_on.isoformat(),
        "provisional": duty.provisional,
    }


def _done(duty: Duty) -> dict[str, Any]:
    assert duty.settled_on is not None
    return {
        "key": duty.key,
        "kind": duty.kind,
        "title": duty.title,
        "due": duty.due_on.isoformat(),
        "state": duty.state,
        "on": duty.settled_on.isoformat(),
        "item": duty.item if duty.shown else "",
        "reason": duty.reason,
        "post": duty.post if duty.state == DutyState.WAIVED else "",
    }


def _months(duties: Iterable[Duty]) -> list[list[Any]]:
    """Month of the last day, how many fell due, met in time, met late, waived."""
    counts: dict[str, Counter[str]] = {}
    for duty in duties:
        month = counts.setdefault(f"{duty.due_on:%Y-%m}", Counter())
        month["made"] += 1
        if duty.state == DutyState.WAIVED:
            month["waived"] += 1
        elif duty.settled_on:
            month["late" if duty.settled_on > duty.due_on else "on_time"] += 1
    order = ("made", "on_time", "late", "waived")
    return [[month, *(count[name] for name in order)] for month, count in sorted(counts.items())]
