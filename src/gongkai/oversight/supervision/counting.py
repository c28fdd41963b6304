"""What a report says 报告的事实: read from what the system owns, with nothing added by hand.

Names of items, words of voices and reasons of withdrawals are not in it: a report is kept for
good, and what an erasure destroys must not live on there. The entry and the address tell enough.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Min, OuterRef, Subquery

from gongkai.foundation.core.clock import civil_day, start_of
from gongkai.foundation.organisations.models import Organisation
from gongkai.oversight.supervision.periods import DAY, Period
from gongkai.procedure.catalogue.charter import Charter
from gongkai.procedure.duties import due
from gongkai.procedure.duties.models import Duty, Schedule
from gongkai.procedure.duties.queries import subject
from gongkai.procedure.duties.states import DutyState
from gongkai.procedure.feedback.models import Answer, Case
from gongkai.procedure.feedback.states import ELSEWHERE, UNANSWERED
from gongkai.procedure.publication.models import Erasure, Release, Withdrawal

FORMAT = "gongkai-report/1"
ON_TIME, LATE, MISSING, WAIVED, DUE = "on_time", "late", "missing", "waived", "due"
"""What became of a duty; ``DUE`` is owed but not yet overdue."""
IN_TIME, WAITING, OVERDUE = "in_time", "waiting", "overdue"
"""What became of a voice, beside ``LATE``."""
PLACE = ("disclosure__address", "disclosure__entry__code", "disclosure__entry__title")
"""What is told of an item."""


@dataclass(frozen=True)
class Asked:
    """What is counted, as of which day (统计口径)."""

    organisation: Organisation
    charter: Charter
    period: Period
    today: date
    reasons: Mapping[str, str]

    @property
    def between(self) -> tuple[datetime, datetime]:
        """The instants at which the period begins and has ended."""
        zone = self.organisation.zone
        return start_of(self.period.first, zone), start_of(self.period.last + DAY, zone)

    def day(self, at: datetime) -> str:
        """The civil day of an instant."""
        return civil_day(at, self.organisation.zone).isoformat()


def count(asked: Asked) -> dict[str, Any]:
    """All figures of the period with the rows behind them, as canonical JSON can hold them.

    The number of queries does not depend on how much there is.
    """
    duties = [_duty(asked, each) for each in _due(asked)]
    voices = [_voice(asked, each) for each in _received(asked)]
    return {
        "format": FORMAT,
        "organisation": asked.organisation.name,
        "matter": asked.charter.organisation.matter,
        "matter_en": asked.charter.organisation.matter_en,
        "first": asked.period.first.isoformat(),
        "last": asked.period.last.isoformat(),
        "counted_on": asked.today.isoformat(),
        "duties": duties,
        "earlier": [_duty(asked, each) for each in _still_owed(asked)],
        "departments": _departments(asked, duties),
        "opened": list(_opened(asked, corrected=False)),
        "corrections": list(_opened(asked, corrected=True)),
        "withdrawals": list(_taken(asked, Withdrawal, "at")),
        "erasures": list(_taken(asked, Erasure, "confirmed_at")),
        "voices": voices,
        "coming": sorted(_coming(asked), key=lambda each: (each["due"], each["entry"])),
    }


def states(rows: Iterable[Mapping[str, Any]]) -> Counter[str]:
    """How many rows there are of each state."""
    return Counter(row["state"] for row in rows)


# -- what was due ----------------------------------------------------------------------------------


def _due(asked: Asked) -> Iterable[Duty]:
    period = asked.period
    found = Duty.objects.filter(
        organisation=asked.organisation, due_on__gte=period.first, due_on__lte=period.last
    )
    return found.exclude(state=DutyState.VOID).select_related("entry").order_by("due_on", "pk")


def _still_owed(asked: Asked) -> Iterable[Duty]:
    """What was due before the period and is missing to this day."""
    found = Duty.objects.filter(
        organisation=asked.organisation, state=DutyState.OPEN, due_on__lt=asked.period.first
    )
    return found.select_related("entry").order_by("due_on", "pk")


def _duty(asked: Asked, duty: Duty) -> dict[str, Any]:
    duty.organisation = asked.organisation  # known: no query for its name
    named, late = subject(duty), duty.late(asked.today)
    match duty.state:
        case DutyState.WAIVED:
            state = WAIVED
        case DutyState.MET:
            state = LATE if late else ON_TIME
        case _:
            state = MISSING if late else DUE
    return {
        "key": duty.pk,
        "subject": named,
        **_entry(asked, duty.entry.code, duty.entry.title),
        "department": duty.entry.department,
        "period": duty.key if duty.kind == "period" else "",
        "name": duty.title,
        "due": duty.due_on.isoformat(),
        "on": duty.settled_on.isoformat() if duty.settled_on else "",
        "state": state,
        "days": late,
        "reason": duty.reason if state == WAIVED else asked.reasons.get(named, ""),
        "post": duty.post if state == WAIVED else "",
    }


def _entry(asked: Asked, code: str, title: str) -> dict[str, Any]:
    english = {rule.code: rule.title_en for rule in asked.charter.entries}
    return {"entry": code, "title": title, "title_en": english.get(code, title)}


def _departments(asked: Asked, duties: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """What became of each department's duties, in the charter's order."""
    order = [each.name for each in asked.charter.departments]
    of: dict[str, Counter[str]] = {name: Counter() for name in order}
    for row in duties:
        of.setdefault(row["department"], Counter())[row["state"]] += 1
    kinds = (ON_TIME, LATE, MISSING, WAIVED, DUE)
    return [
        {"name": name, **{kind: counts[kind] for kind in kinds}}
        for name, counts in of.items()
        if counts.total()
    ]


def _coming(asked: Asked) -> Iterator[dict[str, Any]]:
    """What falls due in the following period: duties that stand, and those still to be made."""
    following = asked.period.following
    standing = Duty.objects.filter(
        organisation=asked.organisation,
        state=DutyState.OPEN,
        due_on__gte=following.first,
        due_on__lte=following.last,
    )
    for duty in standing.select_related("entry"):
        yield {
            **_entry(asked, duty.entry.code, duty.entry.title),
            "department": duty.entry.department,
            "due": duty.due_on.isoformat(),
            "provisional": duty.provisional,
        }
    schedules = Schedule.objects.filter(organisation=asked.organisation, planned__isnull=False)
    for each in schedules.select_related("entry"):
        assert each.planned is not None, "only what recurs is planned"
        for planned in due.periodic(each, each.planned + DAY, following.last):
            if following.first <= planned.due.on <= following.last:
                yield {
                    **_entry(asked, each.entry.code, each.entry.title),
                    "department": each.entry.department,
                    "due": planned.due.on.isoformat(),
                    "provisional": planned.due.provisional,
                }


# -- what was published ----------------------------------------------------------------------------


def _opened(asked: Asked, *, corrected: bool) -> Iterator[dict[str, Any]]:
    """What was opened for the first time, to whomever; or the new editions of what had been."""
    since, until = asked.between
    wanted = {"edition__number__gt": 1} if corrected else {"edition__number": 1}
    rows = (
        Release.objects.filter(
            disclosure__organisation=asked.organisation, opened_at__isnull=False, **wanted
        )
        .values("edition", *PLACE)
        .annotate(opened=Min("opened_at"))
        .filter(opened__gte=since, opened__lt=until)
        .order_by("opened", "edition")
    )
    for row in rows:
        address, code, title = (row[name] for name in PLACE)
        yield _item(asked, address, code, title, row["opened"])


def _taken(asked: Asked, model: type[Withdrawal] | type[Erasure], at: str) -> Iterator[Any]:
    """What was taken back, by its own day."""
    since, until = asked.between
    within = {f"{at}__gte": since, f"{at}__lt": until}
    found = model._default_manager.filter(
        disclosure__organisation=asked.organisation, **within
    ).order_by(at, "pk")
    for address, code, title, day in found.values_list(*PLACE, at):
        yield _item(asked, address, code, title, day)


def _item(asked: Asked, address: str, code: str, title: str, at: datetime) -> dict[str, Any]:
    return {"address": address, **_entry(asked, code, title), "on": asked.day(at)}


# -- what was said ---------------------------------------------------------------------------------


def _received(asked: Asked) -> Iterable[Case]:
    since, until = asked.between
    settled = Answer.objects.filter(case=OuterRef("pk"), settled_at__isnull=False)
    return (
        Case.objects.filter(
            organisation=asked.organisation, received_at__gte=since, received_at__lt=until
        )
        .exclude(state__in=ELSEWHERE)  # counted with the case that answers, or taken back
        .annotate(answered_at=Subquery(settled.order_by("-settled_at").values("settled_at")[:1]))
        .order_by("received_at", "pk")
    )


def _voice(asked: Asked, case: Case) -> dict[str, Any]:
    """A voice by its number alone. One that was reopened waits again, by its new date."""
    answered: datetime | None = getattr(case, "answered_at", None)
    if case.state in UNANSWERED or answered is None:
        on, state = "", OVERDUE if case.promised_on < asked.today else WAITING
    else:
        on = asked.day(answered)
        state = IN_TIME if on <= case.promised_on.isoformat() else LATE
    return {
        "number": case.number,
        "kind": case.kind,
        "received": asked.day(case.received_at),
        "promised": case.promised.isoformat() if case.promised else "",
        "on": on,
        "state": state,
    }
