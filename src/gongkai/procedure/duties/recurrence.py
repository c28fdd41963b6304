"""When what recurs is due 周期: the periods of the civil year, and the last day for each.

Pure arithmetic on days; the charter says how long a period is and when its thing is due, the one
deadline engine knows which days are worked on.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from dateutil.relativedelta import relativedelta
from dateutil.rrule import MONTHLY, rrule
from django.utils.translation import gettext as _

from gongkai.foundation.core.workdays import NATIONAL, Calendar
from gongkai.foundation.ui import marks

MONTHS = {"month": 1, "quarter": 3, "half": 6, "year": 12}
"""How many months each kind of period has."""

_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Span:
    """One period (一个周期) of the civil year: ``2026-11``, ``2026-Q4``, ``2026-H2``, ``2026``.

    ``nominal`` is the day the charter names as the last; it may turn out not to be worked on.
    """

    key: str
    first: date
    last: date
    nominal: date


@dataclass(frozen=True)
class Due:
    """A last day (截止日); ``provisional`` while the calendar of a year it touches is unknown."""

    on: date
    provisional: bool


def spans(
    period: str, since: date, until: date, *, due_month: int = 0, due_day: int = 0
) -> Iterator[Span]:
    """The periods that end on ``since`` or later and begin by ``until``, in order.

    ``due_month`` counts from the period's first month: 3 is a quarter's last month, 4 the month
    after it; 0 is the last. ``due_day`` beyond the month's end, or 0, is its last day: there is
    no 30 February.
    """
    length = MONTHS[period]
    starts = rrule(
        MONTHLY,
        interval=length,
        dtstart=datetime.combine(_start(period, since), time()),
        until=datetime.combine(until, time()),
    )
    for start in starts:
        first = start.date()
        yield Span(
            key=_key(period, first),
            first=first,
            last=first + relativedelta(months=length) - _DAY,
            nominal=_nominal(first, due_month or length, due_day),
        )


def span(period: str, day: date, *, due_month: int = 0, due_day: int = 0) -> Span:
    """The period that ``day`` lies in."""
    return next(spans(period, day, day, due_month=due_month, due_day=due_day))


def after(period: str, day: date, *, due_month: int = 0, due_day: int = 0) -> Span:
    """The period after the one that ``day`` lies in."""
    following = span(period, day).last + _DAY
    return span(period, following, due_month=due_month, due_day=due_day)


def said(key: str) -> str:
    """A period's key as people say it: 2026年11月, 2026年第4季度."""
    year, _dash, part = key.partition("-")
    told = {"year": year, "n": part.lstrip("QH")}
    match part[:1]:
        case "":
            return _("%(year)s年") % told
        case "Q":
            return _("%(year)s年第%(n)s季度") % told
        case "H":
            return (_("%(year)s年上半年") if told["n"] == "1" else _("%(year)s年下半年")) % told
        case _:
            return marks.month(int(year), int(part))


def worked_on(nominal: date, calendar: Calendar = NATIONAL) -> Due:
    """The last day that ``nominal`` comes to: itself, or the next working day after a rest.

    What is due on a day off may be done on the first day of work after it, as with every time
    limit (Civil Code, article 203).
    """
    on = nominal
    while not calendar.is_workday(on):
        on += _DAY
    return Due(on, any(map(calendar.is_provisional, {nominal.year, on.year})))


def _start(period: str, day: date) -> date:
    length = MONTHS[period]
    return date(day.year, (day.month - 1) // length * length + 1, 1)


def _nominal(first: date, month: int, day: int) -> date:
    last = first + relativedelta(months=month) - _DAY
    return last.replace(day=min(day, last.day)) if day else last


def _key(period: str, first: date) -> str:
    match period:
        case "month":
            return f"{first:%Y-%m}"
        case "quarter":
            return f"{first.year}-Q{(first.month - 1) // 3 + 1}"
        case "half":
            return f"{first.year}-H{(first.month - 1) // 6 + 1}"
        case _:
            return str(first.year)
