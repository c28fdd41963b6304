"""Calls by day as a small picture: bars, and what they say in words."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from gongkai.procedure.proposals.models import Disclosure
from gongkai.surfaces.reach import queries, rules
from gongkai.surfaces.reach.queries import Day

DAYS = 30
"""Of the picture: a month."""
HIGH, STEP, WIDE = 40, 8, 6
"""Of the picture and its bars, in units of the drawing."""


@dataclass(frozen=True)
class Bar:
    """A day of the picture (一日): where its bar stands, and how much of it came from sheets."""

    day: Day
    x: int
    top: float
    high: float
    scanned_top: float
    scanned: float


@dataclass(frozen=True)
class Picture:
    """The days with their bars (日线图), and the sums that are told beside it."""

    bars: Sequence[Bar]
    count: int
    scanned: int
    most: int

    @property
    def wide(self) -> int:
        """The width of the drawing."""
        return STEP * len(self.bars)

    @property
    def high(self) -> int:
        """The height of the drawing."""
        return HIGH

    @property
    def called(self) -> list[Day]:
        """The days with a call, the newest first."""
        return [each.day for each in reversed(self.bars) if each.day.count]


def of(disclosure: Disclosure, today: date) -> Picture | None:
    """The last month of an item; none before it was ever public, or where nothing is counted."""
    if disclosure.number is None or not rules.counts():
        return None
    return picture(queries.by_day(disclosure.address, first(today), today))


def first(today: date) -> date:
    """The first day of a picture that ends today."""
    return today - timedelta(days=DAYS - 1)


def picture(days: Sequence[Day]) -> Picture:
    """The picture of these days; the highest bar fills it."""
    most = max((each.count for each in days), default=0)
    bars = [_bar(number, each, most) for number, each in enumerate(days)]
    count, scanned = sum(each.count for each in days), sum(each.scanned for each in days)
    return Picture(bars, count, scanned, most)


def _bar(number: int, day: Day, most: int) -> Bar:
    unit = HIGH / most if most else 0
    high, scanned = round(day.count * unit, 1), round(day.scanned * unit, 1)
    return Bar(day, number * STEP, HIGH - high, high, HIGH - scanned, scanned)
