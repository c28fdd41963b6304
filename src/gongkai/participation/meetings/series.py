"""Which days a series falls on (每隔几周的星期几), with the days of rest left out. Pure."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

from gongkai.foundation.core import workdays

LONGEST = timedelta(days=366)
"""A series is planned for a year at most: further ahead nobody knows who holds which post."""


@dataclass(frozen=True)
class Series:
    """Every ``every`` weeks on ``weekday`` (0 is Monday), from ``first`` through ``last``."""

    weekday: int
    every: int
    first: date
    last: date


@dataclass(frozen=True)
class Spread:
    """The days of a series: those that hold, those left out because nobody works on them, and
    whether some lie in a year whose holidays are not published yet.
    """

    days: tuple[date, ...]
    skipped: tuple[date, ...]
    provisional: bool


def spread(series: Series, is_workday: Callable[[date], bool] = workdays.is_workday) -> Spread:
    """The days of ``series`` by the one calendar, make-up days included."""
    ahead = (series.weekday - series.first.weekday()) % 7
    day, found = series.first + timedelta(days=ahead), []
    while day <= series.last:
        found.append(day)
        day += timedelta(weeks=series.every)
    return Spread(
        days=tuple(day for day in found if is_workday(day)),
        skipped=tuple(day for day in found if not is_workday(day)),
        provisional=any(workdays.is_provisional(day.year) for day in found),
    )
