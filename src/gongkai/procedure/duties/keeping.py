"""How an entry is kept on a day 应公开与已公开, from its public row. Pure arithmetic.

The row tells what fell due and what became of it; the day says what of it is late, and which
periods have come since the row was made.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from dateutil.relativedelta import relativedelta

from gongkai.procedure.duties import due
from gongkai.procedure.duties.due import AHEAD, Rule
from gongkai.procedure.duties.states import DutyState

MONTHS = 12
"""Months that rates are counted over, the present one among them."""
MISSING, DUE, ON_TIME, LATE, WAIVED, IDLE = "missing", "due", "on_time", "late", "waived", "idle"
"""How an entry is kept; ``IDLE``: nothing has fallen due yet, as with what is published on
application or when it comes about."""

_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Task:
    """A duty as its public row tells it (一项任务); ``on`` is the day it was settled."""

    key: str
    kind: str
    title: str
    due: date
    state: str = DutyState.OPEN
    provisional: bool = False
    on: date | None = None
    item: str = ""
    reason: str = ""
    post: str = ""

    def late(self, today: date) -> int:
        """Calendar days by which it is, or was done, after its last day; 0 in time."""
        if self.state == DutyState.WAIVED:
            return 0
        return max(0, ((self.on or today) - self.due).days)

    def kept(self, today: date) -> str:
        """In one word how it stands on that day."""
        if self.state == DutyState.WAIVED:
            return WAIVED
        if self.state == DutyState.OPEN:
            return MISSING if self.due < today else DUE
        return LATE if self.late(today) else ON_TIME


@dataclass(frozen=True)
class Counts:
    """What became of duties (落实计数). What was waived is in no rate."""

    on_time: int = 0
    late: int = 0
    missing: int = 0
    waived: int = 0

    @property
    def owed(self) -> int:
        """How many there should be by now."""
        return self.on_time + self.late + self.missing

    @property
    def done(self) -> int:
        """How many there are."""
        return self.on_time + self.late

    def __add__(self, other: "Counts") -> "Counts":
        return Counts(
            self.on_time + other.on_time,
            self.late + other.late,
            self.missing + other.missing,
            self.waived + other.waived,
        )


@dataclass(frozen=True)
class Standing:
    """How an entry is kept on a day (落实情况).

    ``about`` is the duty that ``state`` speaks of, ``coming`` the next that is not yet overdue;
    ``tasks`` are all that are told, latest due first.
    """

    state: str
    about: Task | None
    coming: Task | None
    tasks: tuple[Task, ...]
    counts: Counts


def standing(row: Mapping[str, Any] | None, rule: Rule | None, today: date) -> Standing:
    """How the entry of a public ``row`` is kept on that day; without a row nothing is known.

    ``rule`` is its line of the charter, for the periods that have begun since; None when it is
    not listed any more.
    """
    tasks = sorted(_told(row, rule, today), key=lambda task: (task.due, task.key)) if row else []
    overdue = [task for task in tasks if task.kept(today) == MISSING]
    owed = [task for task in tasks if task.kept(today) == DUE]
    settled = [task for task in tasks if task.state != DutyState.OPEN]
    speaking = overdue[:1] or settled[-1:] or owed[:1]
    about = speaking[0] if speaking else None
    return Standing(
        state=about.kept(today) if about else IDLE,
        about=about,
        coming=owed[0] if owed else None,
        tasks=tuple(reversed(tasks)),
        counts=counts(tasks, today),
    )


def counts(tasks: Iterable[Task], today: date) -> Counts:
    """What became of what fell due within the last months; whatever is still missing counts."""
    since, until = window(today)
    found = {ON_TIME: 0, LATE: 0, MISSING: 0, WAIVED: 0, DUE: 0}
    for task in tasks:
        state = task.kept(today)
        found[state] += state == MISSING or since <= task.due < until
    return Counts(found[ON_TIME], found[LATE], found[MISSING], found[WAIVED])


def worst(counts: Counts, name: str) -> tuple[int, float, str]:
    """By what the worst comes first: what is missing, then how little was in time."""
    return -counts.missing, counts.on_time / counts.owed if counts.owed else 1, name


def window(today: date) -> tuple[date, date]:
    """The first day of the months that rates are counted over, and the day after them."""
    month = today.replace(day=1)
    return month - relativedelta(months=MONTHS - 1), month + relativedelta(months=1)


def _told(row: Mapping[str, Any], rule: Rule | None, today: date) -> Iterable[Task]:
    for each in row["open"]:
        yield Task(
            key=each["key"],
            kind=each["kind"],
            title=each["title"],
            due=date.fromisoformat(each["due"]),
            provisional=each["provisional"],
        )
    for each in row["settled"]:
        yield Task(
            key=each["key"],
            kind=each["kind"],
            title=each["title"],
            due=date.fromisoformat(each["due"]),
            state=each["state"],
            on=date.fromisoformat(each["on"]),
            item=each["item"],
            reason=each["reason"],
            post=each["post"],
        )
    if rule is not None and rule.period and row["planned"]:
        since = date.fromisoformat(row["planned"]) + _DAY
        for planned in due.periodic(rule, since, today + AHEAD):
            last = planned.due
            yield Task(planned.key, planned.kind, "", last.on, provisional=last.provisional)
