"""Months as calendars 月历: which days are worked on, what is due on them, how a limit was counted.

Pure: the calendar of working days decides, whoever asks brings the duties.
"""

from calendar import Calendar as Weeks
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from dateutil.relativedelta import relativedelta
from django.utils.translation import gettext as _

from gongkai.foundation.core.deadlines import Deadline
from gongkai.foundation.core.workdays import NATIONAL, Calendar
from gongkai.foundation.ui import marks

MOST_MONTHS = 3
"""Months that the sum of one limit is drawn in; of a longer one the first and the last."""


@dataclass(frozen=True)
class Cell:
    """A day of a month (一格): ``rest`` says 休 or 班 with the reason in words, ``count`` how many
    things are due, ``mark`` what the day is in a sum.
    """

    day: date
    inside: bool
    free: bool
    rest: str = ""
    why: str = ""
    count: int = 0
    today: bool = False
    mark: str = ""
    said: str = ""


@dataclass(frozen=True)
class Month:
    """A month in weeks that begin on Monday (月历); ``provisional`` while its year's holidays are
    not published.
    """

    first: date
    name: str
    weeks: Sequence[Sequence[Cell]]
    provisional: bool

    @property
    def before(self) -> date:
        """The first day of the month before."""
        return self.first - relativedelta(months=1)

    @property
    def after(self) -> date:
        """The first day of the month after."""
        return self.first + relativedelta(months=1)


def month(
    first: date,
    *,
    today: date,
    counts: Mapping[date, int] | None = None,
    marked: Mapping[date, tuple[str, str]] | None = None,
    calendar: Calendar = NATIONAL,
) -> Month:
    """The month that begins on ``first``, with how many things are due on each day, or with each
    day's mark in a sum and its words.
    """
    counts, marked = counts or {}, marked or {}
    weeks = [
        [
            _cell(day, first, today, counts.get(day, 0), marked.get(day, ("", "")), calendar)
            for day in week
        ]
        for week in Weeks().monthdatescalendar(first.year, first.month)
    ]
    return Month(
        first=first,
        name=marks.month(first.year, first.month),
        weeks=weeks,
        provisional=calendar.is_provisional(first.year),
    )


def sum_of(counted: Deadline, today: date) -> list[Month]:
    """The months in which a limit was counted: its first day, each day that counts, its last."""
    marked = {day: (str(n), _("第%(n)s个工作日") % {"n": n}) for n, day in _numbered(counted)}
    start = marked.get(counted.start, ("", ""))[0]
    marked[counted.start] = (start or _("起"), _("从这天算起"))
    if counted.counted:
        last = marked[counted.due][0]
        marked[counted.due] = (last, _("最后一天"))
    return [month(first, today=today, marked=marked) for first in _months(counted)]


def named_day(nominal: date, due: date, today: date) -> list[Month]:
    """The month of a last day that the rule names, and of the working day it moved to."""
    marked = {nominal: (_("定"), _("按规定的日子"))} if nominal != due else {}
    marked[due] = (_("止"), _("最后一天"))
    firsts = sorted({nominal.replace(day=1), due.replace(day=1)})
    return [month(first, today=today, marked=marked) for first in firsts]


def _numbered(counted: Deadline) -> Iterable[tuple[int, date]]:
    return enumerate(counted.counted, 1)


def _months(counted: Deadline) -> list[date]:
    first, last = counted.start.replace(day=1), counted.due.replace(day=1)
    found = []
    while first <= last:
        found.append(first)
        first += relativedelta(months=1)
    return found if len(found) <= MOST_MONTHS else [found[0], found[-1]]


def _cell(
    day: date,
    first: date,
    today: date,
    count: int,
    marked: tuple[str, str],
    calendar: Calendar,
) -> Cell:
    free = not calendar.is_workday(day)
    made_up = not free and day.weekday() >= 5
    holiday = free and calendar.is_holiday(day)
    rest, why = "", ""
    if made_up:
        rest, why = _("班"), _("补班")
    elif holiday:
        rest, why = _("休"), _("放假")
    mark, said = marked
    return Cell(
        day=day,
        inside=(day.year, day.month) == (first.year, first.month),
        free=free,
        rest=rest,
        why=why,
        count=count,
        today=day == today,
        mark=mark,
        said=said,
    )
