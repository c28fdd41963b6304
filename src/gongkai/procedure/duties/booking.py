"""A duty's row and the counts beside it, written together wherever a verb changes one.

Only ``workflow`` and ``following`` come here, inside a transaction of theirs.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date, datetime

from django.db.models import F

from gongkai.foundation.organisations.queries import today as today_of
from gongkai.procedure.duties.due import Planned
from gongkai.procedure.duties.models import Duty, Schedule, Tally
from gongkai.procedure.duties.states import DutyKind, DutyState

MANY = 500
"""Rows written with one statement."""


def row_of(schedule: Schedule, planned: Planned, now: datetime) -> Duty:
    """A new duty of what is planned for an entry, not written yet."""
    last = planned.due
    return Duty(
        organisation_id=schedule.organisation_id,
        entry_id=schedule.entry_id,
        kind=planned.kind,
        key=planned.key,
        from_on=planned.from_on,
        nominal_on=planned.nominal_on,
        workdays=planned.workdays,
        due_on=last.on,
        provisional=last.provisional,
        made_at=now,
    )


def make_all(duties: Sequence[Duty]) -> None:
    """Write new duties, and count them."""
    Duty.objects.bulk_create(duties, batch_size=MANY)
    count(duties, made=1)


def meet(duty: Duty, item: str, on: date, shown: bool) -> None:
    """``duty`` was met on that day by the item at that address."""
    duty.item, duty.shown = item, shown
    settle(duty, DutyState.MET, on)


def settle(duty: Duty, state: DutyState, on: date) -> None:
    """``duty`` came to that end on that day."""
    duty.state, duty.settled_on = state, on
    duty.save(update_fields=["state", "settled_on", "item", "shown", "reason", "post"])
    count([duty], **{_counted_as(duty): 1})
    stale(duty.entry_id)


def owe(duty: Duty) -> None:
    """``duty`` is open again, by the day it always was."""
    count([duty], **{_counted_as(duty): -1})
    duty.state, duty.settled_on = DutyState.OPEN, None
    duty.item, duty.shown, duty.reason = "", False, ""
    duty.save(update_fields=["state", "settled_on", "item", "shown", "reason"])
    stale(duty.entry_id)


def void(entries: Sequence[int], reason: str, after: date | None = None) -> None:
    """End the open duties of ``entries``; only periods that begin ``after`` a day, when given."""
    found = Duty.objects.select_for_update(of=("self",)).filter(
        entry__in=entries, state=DutyState.OPEN
    )
    if after is not None:
        found = found.filter(from_on__gt=after, kind=DutyKind.PERIOD)
    ended = list(found.select_related("organisation"))
    for duty in ended:
        duty.state, duty.reason = DutyState.VOID, reason
        duty.settled_on = today_of(duty.organisation)
    Duty.objects.bulk_update(ended, ["state", "reason", "settled_on"], batch_size=MANY)
    count(ended, made=-1)


def void_one(duty: Duty, on: date) -> None:
    """A yearly review that came early is not owed twice."""
    count([duty], made=-1)
    duty.state, duty.settled_on = DutyState.VOID, on
    duty.save(update_fields=["state", "settled_on"])


def _counted_as(duty: Duty) -> str:
    if duty.state == DutyState.WAIVED:
        return "waived"
    return "late" if duty.settled_on and duty.settled_on > duty.due_on else "on_time"


def count(duties: Iterable[Duty], **by: int) -> None:
    """Change the monthly counts for ``duties``, by organisation and month of the last day."""
    months = Counter((duty.organisation_id, duty.due_on.replace(day=1)) for duty in duties)
    for (organisation, month), many in sorted(months.items()):
        Tally.objects.get_or_create(organisation_id=organisation, month=month)
        change = {name: F(name) + one * many for name, one in by.items()}
        Tally.objects.filter(organisation_id=organisation, month=month).update(**change)


def stale(entry: int) -> None:
    """Whether it is stale already is not asked: who shows it may just be saying that it is not."""
    Schedule.objects.filter(entry_id=entry).update(stale=True)
