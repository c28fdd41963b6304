"""How schedules and duties follow a charter 照办, and how the periods to come are planned.

Only ``workflow.follow`` and ``workflow.plan`` come here, each a transaction.
"""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta

from django.utils.translation import gettext as _

from gongkai.foundation.core import clock
from gongkai.foundation.organisations.audience import PUBLIC, is_public, org_key
from gongkai.foundation.organisations.queries import today as today_of
from gongkai.procedure.catalogue.charter import Charter, EntryRule, scope_keys
from gongkai.procedure.catalogue.models import CharterVersion, Entry
from gongkai.procedure.duties import booking, due, recurrence
from gongkai.procedure.duties.due import Planned
from gongkai.procedure.duties.models import Followed, Schedule
from gongkai.procedure.duties.states import DutyKind

DAY = timedelta(days=1)
RECURRENCE = ("timing", "period", "due_month", "due_day", "workdays")
"""What makes another schedule of it when the charter changes it."""


def follow(version: CharterVersion) -> int:
    """What ``workflow.follow`` says of itself."""
    organisation, charter = version.organisation, version.charter
    today = today_of(organisation)
    before = {each.entry_id: each for each in Schedule.objects.filter(organisation=organisation)}
    listed = {
        entry.pk: entry for entry in Entry.objects.filter(organisation=organisation, retired=False)
    }
    rows = [_schedule(charter, charter.entry(entry.code), entry) for entry in listed.values()]
    told = {"number": version.number}
    left = [each for key, each in before.items() if key not in listed and each.timing]
    changed = [row for row in rows if _recurs_otherwise(before.get(row.entry_id), row)]
    # Duties first, then schedules: the order in which every verb holds them.
    booking.void([each.entry_id for each in left], _("实施办法第%(number)s版不再列这一项。") % told)
    reason = _("实施办法第%(number)s版改了它的时限。") % told
    booking.void([row.entry_id for row in changed], reason, after=today)
    _unlist(left)
    for row in rows:
        row.planned = _planned_before(row, before.get(row.entry_id), changed, today)
    Schedule.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["entry"],
        update_fields=[*RECURRENCE, "planned", "audience", "stale"],
    )
    new = [row for row in changed if row.entry_id not in before and row.timing == "standing"]
    first = _first(charter, today, old=version.number > 1 and not before)
    made = [booking.row_of(row, first, clock.now()) for row in new if not row.period]
    booking.make_all(made)
    Followed.objects.update_or_create(
        organisation=organisation,
        defaults={"number": version.number},
        create_defaults={"number": version.number, "reminded_on": today - DAY},
    )
    return len(made)


def plan(schedules: Sequence[Schedule], until: Mapping[int, date]) -> int:
    """What ``workflow.plan`` says of itself."""
    now, made = clock.now(), []
    for each in schedules:
        last = until[each.organisation_id]
        assert each.planned is not None, "only what recurs is planned"
        made += [
            booking.row_of(each, one, now) for one in due.periodic(each, each.planned + DAY, last)
        ]
        each.planned = _planned_to(each, last)
    booking.make_all(made)
    Schedule.objects.bulk_update(schedules, ["planned"], batch_size=booking.MANY)
    return len(made)


def _schedule(charter: Charter, rule: EntryRule, entry: Entry) -> Schedule:
    return Schedule(
        entry=entry,
        organisation_id=entry.organisation_id,
        timing=charter.timing(rule.timing).kind,
        period=rule.period,
        due_month=rule.due_month,
        due_day=rule.due_day,
        workdays=rule.workdays,
        audience=_audience(charter, rule),
        stale=True,
    )


def _audience(charter: Charter, rule: EntryRule) -> list[str]:
    """Who may see how an entry is kept: whoever may read what lies under it.

    Where the proposer names the readers each time, the organisation's own members.
    """
    scopes = [charter.scope(code) for code in rule.scopes]
    keys = {key for scope in scopes if not scope.choose for key in scope_keys(charter, scope)}
    if is_public(keys):
        return [PUBLIC]
    return sorted(keys) or [org_key(charter.organisation.slug)]


def _recurs_otherwise(before: Schedule | None, now: Schedule) -> bool:
    return before is None or any(getattr(before, name) != getattr(now, name) for name in RECURRENCE)


def _planned_before(
    now: Schedule, before: Schedule | None, changed: Sequence[Schedule], today: date
) -> date | None:
    """The day up to which the periods of ``now`` need no duty any more.

    Under a new rule: those before today's, and today's when its last day is already over.
    """
    if not now.period:
        return None
    if before and now not in changed:
        return before.planned
    months = {"due_month": now.due_month, "due_day": now.due_day}
    span = recurrence.span(now.period, today, **months)
    return span.first - DAY if due.of_span(now, span).due.on >= today else span.last


def _planned_to(schedule: Schedule, until: date) -> date:
    """The last day of the last period that begins by ``until``."""
    assert schedule.planned is not None, "only what recurs is planned"
    begun = recurrence.spans(schedule.period, schedule.planned + DAY, until)
    return max((span.last for span in begun), default=schedule.planned)


def _unlist(schedules: Sequence[Schedule]) -> None:
    for each in schedules:
        each.timing, each.period, each.planned, each.stale = "", "", None, True
    Schedule.objects.bulk_update(
        schedules, ["timing", "period", "planned", "stale"], batch_size=booking.MANY
    )


def _first(charter: Charter, today: date, *, old: bool) -> Planned:
    if old:
        return due.review(today)
    limit = charter.deadlines.disclose_workdays
    return Planned(DutyKind.FIRST, "first", today, today, limit)
