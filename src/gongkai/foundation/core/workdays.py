"""Working days 工作日: the State Council's yearly calendar, with its make-up days.

The published years come from ``chinesecalendar``. A year it does not hold counts Monday to Friday
and is *provisional* 暂定, until a release of the library or a file of that year's holidays brings
the real calendar. An unknown year is never an error: a due date must always have an answer.
"""

import importlib
import json
import logging
from collections.abc import Mapping
from datetime import date, timedelta
from functools import cache
from itertools import accumulate
from pathlib import Path

logger = logging.getLogger(__name__)


class Calendar:
    """Which days are working days; what is learned here goes before the national data."""

    def __init__(self) -> None:
        self._learned: dict[int, Mapping[date, bool]] = {}
        self._overrides: dict[date, bool] = {}
        self._years: dict[int, tuple[int, ...]] = {}
        self._seen: tuple[Path, int] | None = None

    def learn(self, year: int, days: Mapping[date, bool]) -> None:
        """Take ``days`` (True: working) as the whole official arrangement of ``year``, in place of
        any earlier one.

        Days of a neighbouring year may be among them, as the notice for New Year often has; of two
        arrangements that name the same day, the later year's holds.
        """
        self._take({**self._learned, year: days})

    def refresh(self, folder: Path) -> bool:
        """Know the years' files in ``folder`` and no others, when it changed since the last look.
        Returns whether it did. They are in the JSON form of the public holiday-cn data set.

        One look at the folder: whoever counts days pays nothing. A file that cannot be read leaves
        its year provisional, and is named in the log.
        """
        try:
            seen = (folder, folder.stat().st_mtime_ns)
        except OSError:
            return False
        if seen == self._seen:
            return False
        self._seen = seen
        learned: dict[int, Mapping[date, bool]] = {}
        for file in sorted(folder.glob("[0-9][0-9][0-9][0-9].json")):
            try:
                year, days = arrangement(file.read_bytes())
            except (OSError, ValueError, KeyError, TypeError):
                logger.exception("not a calendar: %s", file)
            else:
                learned[year] = days
        self._take(learned)
        return True

    def is_workday(self, day: date) -> bool:
        """Whether people work on ``day``, make-up days included."""
        arranged = self._arranged(day)
        return day.weekday() < 5 if arranged is None else arranged

    def is_holiday(self, day: date) -> bool:
        """Whether ``day`` is free by arrangement (weekends within a holiday included)."""
        return self._arranged(day) is False

    def is_provisional(self, year: int) -> bool:
        """Whether ``year`` has no published arrangement yet, so that only weekends are known."""
        return year not in self._learned and year not in _published()

    def between(self, a: date, b: date) -> int:
        """Working days after ``a`` through ``b``; negative when ``b`` is before ``a``."""
        if b < a:
            return -self.between(b, a)
        whole = sum(self._counts(year)[-1] for year in range(a.year, b.year))
        return whole + self._upto(b) - self._upto(a)

    def _take(self, learned: dict[int, Mapping[date, bool]]) -> None:
        self._learned = learned
        self._overrides = {
            day: works for _year, days in sorted(learned.items()) for day, works in days.items()
        }
        self._years = {}

    def _arranged(self, day: date) -> bool | None:
        """What the arrangement says of ``day``: work, no work, or nothing."""
        if day in self._overrides:
            return self._overrides[day]
        if day.year in self._learned:
            return None
        free, made_up = _national()
        return False if day in free else True if day in made_up else None

    def _upto(self, day: date) -> int:
        return self._counts(day.year)[day.timetuple().tm_yday - 1]

    def _counts(self, year: int) -> tuple[int, ...]:
        """Working days from 1 January through each day of ``year``: a span is two lookups."""
        if year not in self._years:
            first = date(year, 1, 1)
            length = (date(year, 12, 31) - first).days + 1
            days = (first + timedelta(days=n) for n in range(length))
            self._years[year] = tuple(accumulate(map(self.is_workday, days)))
        return self._years[year]


def arrangement(data: bytes) -> tuple[int, dict[date, bool]]:
    """The year in ``data``, and each day it names with whether people work on it.

    ``{"year": 2027, "days": [{"date": "2027-01-01", "isOffDay": true}, …]}``; ``ValueError``,
    ``KeyError`` or ``TypeError`` on another form.
    """
    told = json.loads(data)
    days = {date.fromisoformat(each["date"]): _works(each["isOffDay"]) for each in told["days"]}
    return int(told["year"]), days


def _works(off: object) -> bool:
    if not isinstance(off, bool):
        raise TypeError(f"isOffDay: {off!r}")
    return not off


NATIONAL = Calendar()
"""The calendar every deadline uses unless given another."""


def is_workday(day: date) -> bool:
    """Whether ``day`` is a working day of the national calendar."""
    return NATIONAL.is_workday(day)


def is_provisional(year: int) -> bool:
    """Whether the national calendar of ``year`` is not published yet."""
    return NATIONAL.is_provisional(year)


def workdays_between(a: date, b: date) -> int:
    """Working days after ``a`` through ``b``; negative when ``b`` is before ``a``."""
    return NATIONAL.between(a, b)


@cache
def _national() -> tuple[frozenset[date], frozenset[date]]:
    """The published free weekdays and made-up weekend days. Imported late: start-up stays quick."""
    constants = importlib.import_module("chinese_calendar.constants")
    return frozenset(constants.holidays), frozenset(constants.workdays)


@cache
def _published() -> range:
    """The years the library has data for; outside them it would raise."""
    free, _ = _national()
    return range(min(free).year, max(free).year + 1)
