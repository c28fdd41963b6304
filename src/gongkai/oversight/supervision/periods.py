"""The periods that a report can be about 报告期, and what they are called."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from django.utils.translation import gettext as _

from gongkai.foundation.ui import marks
from gongkai.procedure.duties import recurrence

DAY = timedelta(days=1)
LONGEST = timedelta(days=732)
"""Two years and the leap day: longer ones are several reports."""
BACK = {"month": 6, "quarter": 4, "half": 2, "year": 2}
"""How many periods of each kind are offered, the newest that is over first."""


@dataclass(frozen=True)
class Period:
    """A report's period (报告期): its first and its last day."""

    first: date
    last: date

    @property
    def key(self) -> str:
        """As a form hands it over."""
        return f"{self.first.isoformat()}/{self.last.isoformat()}"

    @property
    def following(self) -> "Period":
        """The period of the same kind after it; for any two days, as many days."""
        first = self.last + DAY
        kind = kind_of(self)
        span = recurrence.span(kind, first) if kind else None
        return Period(first, span.last if span else self.last + (first - self.first))


def kind_of(period: Period) -> str:
    """``month``, ``quarter``, ``half`` or ``year``; nothing for any two days."""
    for kind in recurrence.MONTHS:
        span = recurrence.span(kind, period.first)
        if (span.first, span.last) == (period.first, period.last):
            return kind
    return ""


def name(period: Period) -> str:
    """What it is called: 2026年第三季度."""
    year, month = period.first.year, period.first.month
    match kind_of(period):
        case "month":
            return marks.month(year, month)
        case "quarter":
            return quarter(year, (month + 2) // 3)
        case "half" if month == 1:
            return _("%(year)s年上半年") % {"year": year}
        case "half":
            return _("%(year)s年下半年") % {"year": year}
        case "year":
            return _("%(year)s年") % {"year": year}
    told = {"first": marks.day(period.first), "last": marks.day(period.last)}
    return _("%(first)s至%(last)s") % told


def quarter(year: int, number: int) -> str:
    """What a quarter is called."""
    named = {
        1: _("%(year)s年第一季度"),
        2: _("%(year)s年第二季度"),
        3: _("%(year)s年第三季度"),
        4: _("%(year)s年第四季度"),
    }
    return named[number] % {"year": year}


def month_before(day: date) -> Period:
    """The month that was over when the month of ``day`` began."""
    span = recurrence.span("month", day.replace(day=1) - DAY)
    return Period(span.first, span.last)


def offered(today: date) -> Iterator[Period]:
    """The periods that are over, the newest of each kind first; quarters before all."""
    for kind in ("quarter", "month", "half", "year"):
        span = recurrence.span(kind, today)
        for _number in range(BACK[kind]):
            span = recurrence.span(kind, span.first - DAY)
            yield Period(span.first, span.last)
