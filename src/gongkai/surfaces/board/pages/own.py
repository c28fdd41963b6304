"""What an organisation has to disclose, and its rules: the catalogue and the charter."""

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from gongkai.foundation.ui.parts import Link
from gongkai.foundation.ui.spoken import gettext as _
from gongkai.surfaces.board import bylaws, words
from gongkai.surfaces.board.gathering import Today
from gongkai.surfaces.board.houses import House, Issue
from gongkai.surfaces.board.pages import entries, rates
from gongkai.surfaces.board.pages.entries import Line, line
from gongkai.surfaces.board.press import Press, Values


@dataclass(frozen=True)
class Group:
    """A category's lines of the catalogue, with how many were ever published, late, inner."""

    code: str
    name: Markup
    lines: Sequence[Line]

    @property
    def open(self) -> int:
        """How many may come before the public."""
        return sum(not line.inner for line in self.lines)

    @property
    def done(self) -> int:
        """How many of these were ever published, and are not overdue."""
        return sum(not line.inner and line.last is not None for line in self.lines) - sum(
            line.last is not None for line in self._overdue
        )

    @property
    def late(self) -> int:
        """How many are overdue."""
        return len(self._overdue)

    @property
    def never(self) -> int:
        """How many were never published, and are not overdue."""
        return self.open - self.done - self.late

    @property
    def inner(self) -> int:
        """How many are for members alone."""
        return len(self.lines) - self.open

    @property
    def _overdue(self) -> list[Line]:
        return [line for line in self.lines if line.missing]


def groups(today: Today, root: str) -> list[Group]:
    """The catalogue by categories, in the active language."""
    house = today.house
    charter = house.charter
    if charter is None:
        return []
    lines = [
        (rule.category, line(rule, house, today.last, root, today.kept)) for rule in charter.entries
    ]
    return [
        Group(
            category.code,
            words.label(category),
            [each for code, each in lines if code == category.code],
        )
        for category in charter.categories
    ]


def catalogue(press: Press, today: Today) -> None:
    """What should be public and what is: each line of the catalogue with its last edition, how it
    is kept and what is due next; the rates of the last months.
    """
    house, charter = today.house, today.house.charter
    if charter is None:
        return
    listed = {rule.code for rule in charter.entries}

    def build(root: str) -> Values:
        told = groups(today, root)
        return {
            "count": sum(len(group.lines) for group in told),
            "groups": told,
            "today": today.day,
            "rates": rates.of(today),
            "since": rates.since(today.day),
            "waived": rates.total(today.kept.values()).waived,
            "gone": [
                Link(words.entry(house.entries[code]), entries.about(house, code, root))
                for code in today.kept
                if code not in listed
            ],
            "below": f"{root}{house.root}/subordinates" if press.town.below(house) else "",
        }

    press.pages(f"{house.root}/catalogue", "catalogue", house, build, "catalogue")


def charter(press: Press, house: House) -> None:
    """The charter in words, and its text as a file for each time it was published."""
    charter = house.charter
    if charter is None:
        return
    for issue in house.issues:
        press.site.write(_charter_file(house, issue), issue.source)
    press.pages(
        f"{house.root}/charter",
        "charter",
        house,
        lambda root: {
            **bylaws.told(charter),
            "crumbs": [
                Link(_("首页"), f"{root}{house.root}/"),
                Link(_("制度"), f"{root}{house.root}/systems"),
            ],
            "matter": house.matter,
            "issues": [
                (issue, f"/{_charter_file(house, issue)}", words.day(issue.at, house.zone))
                for issue in reversed(house.issues)
            ],
        },
        "systems",
    )


def _charter_file(house: House, issue: Issue) -> str:
    return f"{house.root}/charter/{issue.number}.txt"[1:]
