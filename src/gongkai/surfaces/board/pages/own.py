"""An organisation's own pages: home, catalogue, charter."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.conf import settings
from markupsafe import Markup

from gongkai.foundation.core import clock
from gongkai.procedure.catalogue.charter import EntryRule
from gongkai.surfaces.board import bylaws, frame, shelves, words
from gongkai.surfaces.board.houses import House, Issue
from gongkai.surfaces.board.items import Answer, Item
from gongkai.surfaces.board.models import Place
from gongkai.surfaces.board.pages import answers as voices
from gongkai.surfaces.board.pages import lists
from gongkai.surfaces.board.press import Press, Values


@dataclass(frozen=True)
class Line:
    """A line of the catalogue (目录事项) with what was last published under it."""

    code: str
    title: Markup
    content: Markup
    department: Markup
    timing: Markup
    cycle: Markup
    last: date | None
    href: str
    inner: bool


@dataclass(frozen=True)
class Group:
    """A category's lines of the catalogue."""

    code: str
    name: Markup
    lines: Sequence[Line]


def home(
    press: Press,
    house: House,
    today: date,
    counts: Mapping[str, int],
    newest: tuple[Sequence[Place], Mapping[str, Item]],
    answers: Sequence[Answer],
) -> None:
    """The home page of an organisation on its civil day ``today``.

    ``counts`` are the sizes of its lists; ``newest`` and ``answers`` what comes first.
    """

    def build(root: str) -> Values:
        return {
            "frame": frame.frame(press.town, house, root, "home", counts),
            "today": today,
            "rows": lists.rows(press, *newest, root, house),
            "total": counts[house.shelf(shelves.OF)],
            "telephones": frame.telephones(house),
            "cases": [voices.case(each, house) for each in answers],
            "say": f"{settings.OFFICE_URL}/say/",
            "entries": len(house.charter.entries) if house.charter else 0,
        }

    press.pages(f"{house.root}/", "home", house, build, "home")


def catalogue(press: Press, house: House, last: Mapping[str, Place]) -> None:
    """The catalogue with the day each line was last published under, or never."""
    charter = house.charter
    if charter is None:
        return

    def build(root: str) -> Values:
        lines = [(rule.category, _line(rule, house, last, root)) for rule in charter.entries]
        return {
            "count": len(lines),
            "groups": [
                Group(
                    category.code,
                    words.label(category),
                    [line for code, line in lines if code == category.code],
                )
                for category in charter.categories
            ],
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
            "matter": house.matter,
            "issues": [
                (issue, f"/{_charter_file(house, issue)}", words.day(issue.at, house.zone))
                for issue in reversed(house.issues)
            ],
        },
        "charter",
    )


def _line(rule: EntryRule, house: House, last: Mapping[str, Place], root: str) -> Line:
    charter = house.charter
    assert charter is not None, "a line of the catalogue comes from a charter"
    place = last.get(house.shelf(shelves.ENTRY, rule.code))
    scopes = [charter.scope(code) for code in rule.scopes]
    department = charter.department(rule.department)
    return Line(
        code=rule.code,
        title=words.entry(rule),
        content=words.either(rule.content, rule.content_en),
        department=words.label(department),
        timing=words.label(charter.timing(rule.timing)),
        cycle=words.either(rule.cycle, rule.cycle_en),
        last=clock.civil_day(place.at, house.zone) if place else None,
        href=f"{root}{house.root}/e/{rule.code}" if place else "",
        inner=all(scope.inner for scope in scopes),
    )


def _charter_file(house: House, issue: Issue) -> str:
    return f"{house.root}/charter/{issue.number}.txt"[1:]
