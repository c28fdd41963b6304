"""What an entry makes due, and by when 应公开. Pure: the rule and the calendar decide.

A last day is either counted in working days from a day, by the one deadline engine, or is a day
that the rule names, moved to the next working day when nobody works on it.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Protocol

from dateutil.relativedelta import relativedelta
from django.utils.translation import gettext as _

from gongkai.foundation.core.deadlines import Deadline, deadline
from gongkai.foundation.core.workdays import NATIONAL, Calendar
from gongkai.foundation.ui import marks
from gongkai.procedure.duties import recurrence
from gongkai.procedure.duties.recurrence import Due, Span
from gongkai.procedure.duties.states import DutyKind

AHEAD = timedelta(days=31)
"""How long before its period begins a duty is made, so that a month can be planned in time."""
REVIEW_AHEAD = timedelta(days=30)
"""How long before its last day a yearly review can be done."""

REPORTED = {"staged": DutyKind.MILESTONE, "prompt": DutyKind.EVENT, "standing": DutyKind.CHANGE}
"""What is reported on the desk for an entry of this timing, and becomes a duty."""


class Rule(Protocol):
    """What both a charter's line and a schedule say about recurrence (周期规则)."""

    @property
    def period(self) -> str:
        """``month``, ``quarter``, ``half`` or ``year``."""

    @property
    def due_month(self) -> int:
        """The month of the period, from 1, in which the last day lies; 0 is the last."""

    @property
    def due_day(self) -> int:
        """The last day in that month; 0 is the month's last."""

    @property
    def workdays(self) -> int:
        """Working days after the period's end, where no day is named."""


@dataclass(frozen=True)
class Planned:
    """A duty to be made (应有的任务), before anybody has written it down."""

    kind: DutyKind
    key: str
    from_on: date
    nominal_on: date
    workdays: int = 0

    @property
    def due(self) -> Due:
        """The last day."""
        return last_day(self.nominal_on, self.workdays)


def last_day(nominal: date, workdays: int, calendar: Calendar = NATIONAL) -> Due:
    """``workdays`` after ``nominal``; without any, that day or the first working day after it."""
    if not workdays:
        return recurrence.worked_on(nominal, calendar)
    counted = deadline(nominal, workdays, calendar=calendar)
    return Due(counted.due, counted.provisional)


def periodic(rule: Rule, since: date, until: date) -> Iterator[Planned]:
    """The duties of the periods that end on ``since`` or later and begin by ``until``."""
    months = {"due_month": rule.due_month, "due_day": rule.due_day}
    for span in recurrence.spans(rule.period, since, until, **months):
        yield of_span(rule, span)


def of_span(rule: Rule, span: Span) -> Planned:
    """The duty of one period."""
    if rule.workdays and not (rule.due_month or rule.due_day):
        return Planned(DutyKind.PERIOD, span.key, span.first, span.last, rule.workdays)
    return Planned(DutyKind.PERIOD, span.key, span.first, span.nominal)


def review(published: date) -> Planned:
    """The yearly look at what stands for good: a year after it was last published."""
    nominal = published + relativedelta(years=1)
    return Planned(DutyKind.REVIEW, f"R{nominal.isoformat()}", nominal - REVIEW_AHEAD, nominal)


def sum_of(nominal: date, workdays: int) -> Deadline | None:
    """The sum behind a last day that was counted; None when the rule named the day."""
    return deadline(nominal, workdays) if workdays else None


def sentence(nominal: date, workdays: int, gettext: Callable[[str], str] = str) -> str:
    """The sum in words, for whoever asks why it is that day."""
    if counted := sum_of(nominal, workdays):
        return counted.sentence(gettext)
    due = recurrence.worked_on(nominal)
    named = {"nominal": marks.day(nominal), "due": marks.day(due.on)}
    told = (
        _("按规定是%(nominal)s。")
        if due.on == nominal
        else _("按规定是%(nominal)s，那天休息，顺延到%(due)s。")
    ) % named
    return told + (_("那一年的放假安排还没有公布，日期暂定。") if due.provisional else "")
