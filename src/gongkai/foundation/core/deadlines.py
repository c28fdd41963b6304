"""The one deadline engine 期限: every due date of the product is counted here, and shows its sum.

Two start rules (domain rules §3): a time limit for an answer excludes the day it starts on, a
public notice 公示 counts its first day. Working days count for most limits, every day for the
limits of letters and visits. Paused days (a third party is heard, an applicant corrects) never
count. Lengths and rules come from the charter, not from here.

Sentences are written in Chinese; pass Django's ``gettext`` to have them in the reader's language.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum

from gongkai.foundation.core.workdays import NATIONAL, Calendar

Translate = Callable[[str], str]

UNKNOWN = date.max
"""The due date while an open pause stands: later than any day, so nothing becomes overdue."""

_DAY = timedelta(days=1)


class Unit(StrEnum):
    """What a limit is counted in."""

    WORKDAYS = "workdays"
    DAYS = "days"


class StartRule(StrEnum):
    """Whether the day a limit starts on is its day 0 or its day 1."""

    EXCLUDE_FIRST = "exclude_first"
    COUNT_FIRST = "count_first"


class Reason(StrEnum):
    """Why a day did not count."""

    WEEKEND = "weekend"
    HOLIDAY = "holiday"
    PAUSED = "paused"


@dataclass(frozen=True)
class Pause:
    """Days that do not count, both ends included; ``to_day`` None while the pause still stands."""

    from_day: date
    to_day: date | None = None

    def __post_init__(self) -> None:
        if self.to_day is not None and self.to_day < self.from_day:
            raise ValueError(f"pause ends {self.to_day} before it begins {self.from_day}")

    def holds(self, day: date) -> bool:
        """Whether ``day`` is paused."""
        return self.from_day <= day and (self.to_day is None or day <= self.to_day)


@dataclass(frozen=True)
class Cells:
    """The day ruler 日格: how many cells are black, grey and red."""

    used: int
    left: int
    late: int


@dataclass(frozen=True)
class Deadline:
    """A counted limit 期限. ``due`` is its last day; ``counted`` holds each day that counts."""

    start: date
    length: int
    unit: Unit
    rule: StartRule
    extension: int
    due: date
    provisional: bool
    counted: tuple[date, ...]
    skipped: tuple[tuple[date, Reason], ...]
    calendar: Calendar = field(default=NATIONAL, repr=False, compare=False)

    @property
    def total(self) -> int:
        """Length and extension together, in the limit's unit."""
        return self.length + self.extension

    @property
    def suspended(self) -> bool:
        """Whether an open pause keeps the due date unknown."""
        return self.due == UNKNOWN

    def overdue(self, today: date) -> bool:
        """Whether the last day is over, even if no working day has passed since."""
        return today > self.due

    def remaining(self, today: date) -> int:
        """Counting days left after ``today``: 0 on the last day, negative when late.

        Still 0 on a weekend right after the last day; :meth:`overdue` tells the two apart.
        """
        cells = self.cells(today)
        return cells.left - cells.late

    def cells(self, today: date) -> Cells:
        """The day ruler as of the end of ``today``, in the limit's unit."""
        used = sum(day <= today for day in self.counted)
        return Cells(used, self.total - used, self._since_due(today))

    def sentence(self, gettext: Translate = str) -> str:
        """The sum in words: the rule, each day that counts, and why the others do not."""
        parts = [self._count_sentence(gettext)]
        new = (self.start.year, 0)  # each sentence says its month anew
        if self.extension:
            parts.append(_amount(gettext("其中延长%s。"), self.extension, self.unit, gettext))
        for reason in Reason:
            days = [day for day, why in self.skipped if why is reason]
            if days:
                parts.append(_reason_sentence(reason, gettext) % _days(days, new, 3, gettext))
        if made_up := [day for day in self.counted if self._is_made_up(day)]:
            parts.append(gettext("%s补班，算。") % _days(made_up, new, 3, gettext))
        if self.suspended:
            left = self.total - len(self.counted)
            parts.append(_amount(gettext("现在暂停计算，还有%s。"), left, self.unit, gettext))
        if self.provisional:
            parts.append(gettext("有的年份放假安排还没有公布，按周末推算，日期暂定。"))
        return "".join(parts)

    def _count_sentence(self, gettext: Translate) -> str:
        if not self.total:
            wording = gettext("%(start)s当天截止。")
        elif self.rule is StartRule.COUNT_FIRST:
            wording = gettext("%(start)s起算，当天计入，共%(total)s：%(days)s。")
        else:
            wording = gettext("%(start)s起算，次日起%(total)s：%(days)s。")
        return wording % {
            "start": _say(self.start, (self.start.year, 0), gettext),
            "total": _amount("%s", self.total, self.unit, gettext),
            "days": _days(self.counted, _month(self.start), 6, gettext, terse=True)
            or gettext("还没有"),
        }

    def _is_made_up(self, day: date) -> bool:
        return self.unit is Unit.WORKDAYS and day.weekday() >= 5

    def _since_due(self, today: date) -> int:
        if today <= self.due:
            return 0
        if self.unit is Unit.DAYS:
            return (today - self.due).days
        return self.calendar.between(self.due, today)


def deadline(
    start: date,
    length: int,
    *,
    unit: Unit = Unit.WORKDAYS,
    rule: StartRule = StartRule.EXCLUDE_FIRST,
    pauses: Sequence[Pause] = (),
    extension: int = 0,
    calendar: Calendar = NATIONAL,
) -> Deadline:
    """Count ``length + extension`` days from ``start`` by ``rule``, skipping ``pauses``.

    A length of 0 falls due on ``start`` itself (answered on the spot). ``due`` is ``UNKNOWN``
    when an open pause begins before the count is full. ``ValueError`` on a negative length or
    extension, and on a count of 0 with ``COUNT_FIRST``, which contradicts itself.
    """
    counts_first = rule is StartRule.COUNT_FIRST
    if length < 0 or extension < 0 or (counts_first and not length + extension):
        raise ValueError(f"cannot count {length} + {extension} days by {rule}")
    counted: list[date] = []
    skipped: list[tuple[date, Reason]] = []
    day = start if counts_first else start + _DAY
    stop = min((pause.from_day for pause in pauses if pause.to_day is None), default=UNKNOWN)
    while len(counted) < length + extension and day < stop:
        why = _why_skipped(day, unit, pauses, calendar)
        if why is None:
            counted.append(day)
        else:
            skipped.append((day, why))
        day += _DAY
    full = len(counted) == length + extension
    last = counted[-1] if counted else start
    years = {day.year for day in (*counted, *(day for day, _ in skipped))}
    return Deadline(
        start=start,
        length=length,
        unit=unit,
        rule=rule,
        extension=extension,
        due=last if full else UNKNOWN,
        provisional=unit is Unit.WORKDAYS and any(map(calendar.is_provisional, years)),
        counted=tuple(counted),
        skipped=tuple(skipped),
        calendar=calendar,
    )


def notice_period(
    start: date, days: int, *, pauses: Sequence[Pause] = (), calendar: Calendar = NATIONAL
) -> Deadline:
    """A public notice 公示 of ``days`` working days whose first day counts (catalogue §9)."""
    return deadline(start, days, rule=StartRule.COUNT_FIRST, pauses=pauses, calendar=calendar)


def _reason_sentence(reason: Reason, gettext: Translate) -> str:
    match reason:
        case Reason.WEEKEND:
            return gettext("%s是周末，不算。")
        case Reason.HOLIDAY:
            return gettext("%s放假，不算。")
        case Reason.PAUSED:
            return gettext("%s暂停计算，不算。")


def _why_skipped(
    day: date, unit: Unit, pauses: Sequence[Pause], calendar: Calendar
) -> Reason | None:
    """Why ``day`` does not count; None when it does."""
    if any(pause.holds(day) for pause in pauses):
        return Reason.PAUSED
    if unit is Unit.DAYS or calendar.is_workday(day):
        return None
    return Reason.HOLIDAY if calendar.is_holiday(day) else Reason.WEEKEND


def _amount(wording: str, count: int, unit: Unit, gettext: Translate) -> str:
    amount = gettext("%d个工作日") if unit is Unit.WORKDAYS else gettext("%d日")
    return wording % (amount % count)


def _days(
    days: Iterable[date],
    said: tuple[int, int],
    longest: int,
    gettext: Translate,
    *,
    terse: bool = False,
) -> str:
    """``days`` as 11月23日、24日, terse as 11月23、24日; ``longest`` in a row become 23日至30日.

    ``said`` is the year and month the reader has in mind; only another one is written.
    """
    parts: list[str] = []
    spans = list(_spans(days, longest))
    for (first, last), following in zip(spans, [*spans[1:], None], strict=False):
        if first != last:
            span = {"first": _say(first, said, gettext), "last": _say(last, _month(first), gettext)}
            parts.append(gettext("%(first)s至%(last)s") % span)
        else:
            bare = terse and following is not None and _month(following[0]) == _month(first)
            parts.append(_say(first, said, gettext, bare=bare))
        said = _month(last)
    return gettext("、").join(parts)


def _spans(days: Iterable[date], longest: int) -> Iterator[tuple[date, date]]:
    """First and last of each run of ``longest`` or more days in a row; other days by themselves."""
    runs: list[list[date]] = []
    for day in days:
        if runs and day - runs[-1][-1] == _DAY:
            runs[-1].append(day)
        else:
            runs.append([day])
    for run in runs:
        yield from [(run[0], run[-1])] if len(run) >= longest else ((day, day) for day in run)


def _month(day: date) -> tuple[int, int]:
    return day.year, day.month


def _say(day: date, said: tuple[int, int], gettext: Translate, *, bare: bool = False) -> str:
    """``day`` without the year and month the reader has in mind; bare leaves the last 日 away."""
    if _month(day) == said:
        wording = gettext("%(day)d") if bare else gettext("%(day)d日")
    elif bare:
        wording = gettext("%(month)d月%(day)d")
    else:
        wording = gettext("%(month)d月%(day)d日")
    text = wording % {"month": day.month, "day": day.day}
    if day.year == said[0]:
        return text
    return gettext("%(year)d年%(date)s") % {"year": day.year, "date": text}
