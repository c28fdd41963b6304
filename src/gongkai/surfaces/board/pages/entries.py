"""Lines of the catalogue as pages show them, with what was last published under each."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from markupsafe import Markup

from gongkai.foundation.core import clock
from gongkai.procedure.catalogue.charter import EntryRule
from gongkai.procedure.duties import keeping
from gongkai.procedure.duties.keeping import Standing
from gongkai.surfaces.board import telling, words
from gongkai.surfaces.board.houses import House
from gongkai.surfaces.board.models import Place


@dataclass(frozen=True)
class Line:
    """A line of the catalogue (目录事项) with what was last published under it.

    ``href`` leads to what was published, ``about`` to how the entry is kept; ``standing`` says so
    in short, None for what is for members alone.
    """

    code: str
    title: Markup
    content: Markup
    department: Markup
    timing: Markup
    cycle: Markup
    last: date | None
    href: str
    about: str
    inner: bool
    kind: str
    standing: Standing | None = None

    def state(self, today: date) -> Markup:
        """How it is kept, in words and mark."""
        return telling.state(self.standing, today, self.kind) if self.standing else Markup("")

    def coming(self, today: date) -> Markup:
        """What is due next."""
        return telling.coming(self.standing, today) if self.standing else Markup("")

    @property
    def missing(self) -> bool:
        """Whether something should have been published by now."""
        return self.standing is not None and self.standing.state == keeping.MISSING


def line(
    rule: EntryRule,
    house: House,
    last: Mapping[str, Place],
    root: str,
    kept: Mapping[str, Standing] | None = None,
) -> Line:
    """An entry in the active language; ``last`` holds the newest place by entry code."""
    charter = house.charter
    assert charter is not None, "a line of the catalogue comes from a charter"
    place = last.get(rule.code)
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
        about=about(house, rule.code, root),
        inner=not house.shows(rule),
        kind=charter.timing(rule.timing).kind,
        standing=(kept or {}).get(rule.code),
    )


def about(house: House, code: str, root: str) -> str:
    """Where it is told how an entry is kept."""
    return f"{root}{house.root}/catalogue/{code}"
