"""Lines of the catalogue as pages show them, with what was last published under each."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from markupsafe import Markup

from gongkai.foundation.core import clock
from gongkai.procedure.catalogue.charter import EntryRule
from gongkai.surfaces.board import upcoming, words
from gongkai.surfaces.board.houses import House
from gongkai.surfaces.board.models import Place


@dataclass(frozen=True)
class Line:
    """A line of the catalogue (目录事项) with what was last published under it.

    ``due`` is the last day by which something is wanted, where that is near or past.
    """

    code: str
    title: Markup
    content: Markup
    department: Markup
    timing: Markup
    cycle: Markup
    last: date | None
    href: str
    inner: bool
    due: date | None = None


def line(
    rule: EntryRule,
    house: House,
    last: Mapping[str, Place],
    root: str,
    due: Mapping[str, upcoming.Due] | None = None,
) -> Line:
    """An entry in the active language; ``last`` holds the newest place by entry code."""
    charter = house.charter
    assert charter is not None, "a line of the catalogue comes from a charter"
    place = last.get(rule.code)
    department = charter.department(rule.department)
    awaited = (due or {}).get(rule.code)
    return Line(
        code=rule.code,
        title=words.entry(rule),
        content=words.either(rule.content, rule.content_en),
        department=words.label(department),
        timing=words.label(charter.timing(rule.timing)),
        cycle=words.either(rule.cycle, rule.cycle_en),
        last=clock.civil_day(place.at, house.zone) if place else None,
        href=f"{root}{house.root}/e/{rule.code}" if place else "",
        inner=not upcoming.public(charter, rule),
        due=awaited.on if awaited else None,
    )
