"""The register of outcomes 办理结果登记: how voices ended, by year, kind and what was wrong.

Counted from public records alone: answers that may be shown, and every problem of an item that the
public could read, shown or not.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from django.conf import settings

from gongkai.foundation.ui.parts import Link
from gongkai.foundation.ui.spoken import gettext as _
from gongkai.procedure.feedback.states import Outcome
from gongkai.surfaces.board import queries, shelves, words
from gongkai.surfaces.board.answered import Ending
from gongkai.surfaces.board.houses import House
from gongkai.surfaces.board.pages.answers import sort
from gongkai.surfaces.board.press import Press

CHANGED = (Outcome.DONE, Outcome.PARTLY, Outcome.ADOPTED, Outcome.CORRECTED, Outcome.REMOVED)
"""Outcomes after which something is different: 办成、部分办成、采纳、更正、撤下."""
UNCHANGED = (Outcome.IMPOSSIBLE, Outcome.REFUSED)
"""Outcomes that refuse, with a reason."""


@dataclass(frozen=True)
class Sort:
    """Voices of one kind, and of one ground, in a year: how many ended in which way."""

    name: str
    count: int
    parts: tuple[tuple[str, int], ...]
    outcomes: tuple[tuple[str, int], ...]


@dataclass(frozen=True)
class Year:
    """What was answered in a civil year, the most frequent first."""

    number: int
    count: int
    most: int
    sorts: tuple[Sort, ...]


def page(press: Press, house: House, day: date) -> None:
    """The register of an organisation."""
    counted = counts(house)

    def build(root: str) -> dict[str, object]:
        return {
            "crumbs": [
                Link(_("首页"), f"{root}{house.root}/"),
                Link(_("统计"), f"{root}{house.root}/statistics"),
            ],
            "today": day,
            "years": years(counted),
            "say": f"{settings.OFFICE_URL}/say/",
        }

    press.pages(f"{house.root}/outcomes", "outcomes", house, build, "wall")


def counts(house: House) -> dict[Ending, int]:
    """How many voices ended in which way, without those whose answers were destroyed."""
    found = queries.parts(house.shelf(shelves.ENDED))
    unsaid = queries.parts(house.shelf(shelves.UNSAID)) if found else {}
    left = {code: size - unsaid.get(code, 0) for code, size in found.items()}
    return {Ending.of(code): size for code, size in left.items() if size}


def years(counted: Mapping[Ending, int]) -> list[Year]:
    """The same by year, newest first, in the active language."""
    endings = sorted(counted, key=lambda each: (-each.year, each.kind, each.ground, each.outcome))
    return [
        _year(number, list(group), counted)
        for number, group in groupby(endings, key=lambda each: each.year)
    ]


def _year(number: int, endings: list[Ending], counted: Mapping[Ending, int]) -> Year:
    sorts = [
        _sort(kind, ground, {each.outcome: counted[each] for each in group})
        for (kind, ground), group in groupby(endings, key=lambda each: (each.kind, each.ground))
    ]
    sorts.sort(key=lambda each: -each.count)
    most = max(each.count for each in sorts)
    return Year(number, sum(each.count for each in sorts), most, tuple(sorts))


def _sort(kind: str, ground: str, outcomes: Mapping[str, int]) -> Sort:
    drawn: Counter[str] = Counter()
    for outcome, count in outcomes.items():
        drawn[_drawn(outcome)] += count
    return Sort(
        name=sort(kind, ground),
        count=drawn.total(),
        parts=tuple((part, drawn[part]) for part in ("done", "wait", "late") if drawn[part]),
        outcomes=tuple(_named(outcomes)),
    )


def _drawn(outcome: str) -> str:
    """As which part of a bar an outcome is drawn."""
    if outcome in CHANGED:
        return "done"
    return "late" if outcome in UNCHANGED else "wait"


def _named(outcomes: Mapping[str, int]) -> Iterable[tuple[str, int]]:
    """Outcomes with their words, in the order in which they may be chosen."""
    known = [each.value for each in Outcome if each.value in outcomes]
    others = sorted(set(outcomes) - set(known))
    return ((words.choice(Outcome, each), outcomes[each]) for each in (*known, *others))
