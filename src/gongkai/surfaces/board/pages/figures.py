"""Figures 统计: how much was disclosed, in which month, corrected, withdrawn, answered in time.

Every number is the size of a list, so that it costs the same however many items there are.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby

from django.conf import settings
from markupsafe import Markup

from gongkai.foundation.ui import marks
from gongkai.foundation.ui.parts import Link
from gongkai.foundation.ui.spoken import gettext as _
from gongkai.surfaces.board import shelves, words
from gongkai.surfaces.board.gathering import Today
from gongkai.surfaces.board.press import Press

SPAN = 24
"""Months in the table at most; before the first disclosure there is nothing to count."""


@dataclass(frozen=True)
class Month:
    """A civil month with how much was opened in it."""

    year: int
    number: int
    count: int
    href: str

    @property
    def name(self) -> str:
        """In the page's language: 2026年11月."""
        return marks.month(self.year, self.number)


@dataclass(frozen=True)
class Count:
    """A named number with the way to what was counted."""

    name: Markup
    count: int
    href: str


def months(press: Press, today: Today) -> None:
    """The index of the months, by year, newest first."""
    house = today.house

    def years(root: str) -> list[tuple[int, int, list[Month]]]:
        found = [_month(today, code, root) for code in sorted(today.months, reverse=True)]
        told = [(year, list(group)) for year, group in groupby(found, lambda each: each.year)]
        return [(year, sum(each.count for each in group), group) for year, group in told]

    press.pages(
        f"{house.root}/m",
        "months",
        house,
        lambda root: {
            "crumbs": [Link(_("首页"), f"{root}{house.root}/")],
            "years": years(root),
            "most": max(today.months.values(), default=0),
        },
        "all",
    )


def statistics(press: Press, today: Today) -> None:
    """The figures of an organisation, each beside its bar."""
    house = today.house

    def build(root: str) -> dict[str, object]:
        at = f"{root}{house.root}"
        shown = [
            Count(
                words.label(category),
                today.count(shelves.CATEGORY, category.code),
                f"{at}/c/{category.code}",
            )
            for category in (house.charter.categories if house.charter else ())
        ]
        span = [_month(today, code, root) for code in _codes(today)]
        kept = today.count(shelves.KEPT) - today.count(shelves.LOST)
        return {
            "crumbs": [Link(_("首页"), f"{at}/")],
            "today": today.day,
            "total": today.count(shelves.OF),
            "fixed": today.count(shelves.FIXED),
            "gone": today.count(shelves.GONE),
            "answered": today.count(shelves.WALL),
            "kept": kept,
            "days": house.charter.deadlines.answer_workdays if house.charter else 0,
            "categories": shown,
            "most": max((each.count for each in shown), default=0),
            "months": span,
            "busiest": max((each.count for each in span), default=0),
            "recent": sum(each.count for each in span[:12]),
            "say": f"{settings.OFFICE_URL}/say/",
        }

    press.pages(f"{house.root}/statistics", "statistics", house, build)


def _codes(today: Today) -> Iterable[str]:
    """The last months as ``2026-11``, the present one first."""
    last = today.day.year * 12 + today.day.month - 1
    codes = [f"{n // 12:04}-{n % 12 + 1:02}" for n in range(last, last - SPAN, -1)]
    return [code for code in codes if code >= min(today.months, default=codes[0])]


def _month(today: Today, code: str, root: str) -> Month:
    year, number = map(int, code.split("-"))
    count = today.months.get(code, 0)
    href = f"{root}{today.house.root}/m/{code}" if count else ""
    return Month(year, number, count, href)
