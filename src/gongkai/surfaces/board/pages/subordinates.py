"""Subordinates side by side 下级单位落实情况: what became of what fell due, the worst first.

A superior may have thousands. Of those that said nothing new since they were counted nothing is
read again, and a page that looks as before is not made again.
"""

from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from markupsafe import Markup

from gongkai.foundation.core import clock
from gongkai.foundation.ui.parts import Link
from gongkai.foundation.ui.spoken import gettext as _
from gongkai.procedure.duties import keeping
from gongkai.procedure.duties.keeping import Counts, Standing
from gongkai.surfaces.board import addresses, queries, telling
from gongkai.surfaces.board.gathering import Gathering
from gongkai.surfaces.board.houses import House
from gongkai.surfaces.board.pages import about, rates
from gongkai.surfaces.board.press import Press, Values

PAGE = 50
"""Organisations on a page."""

_counted: dict[tuple[Path, str], tuple[Hashable, Counts]] = {}
"""What became of an organisation's duties, with what that follows from, by board and slug."""
_looks: dict[tuple[Path, str, int], Hashable] = {}
"""What each page was last made from, by board, superior and number."""


@dataclass(frozen=True)
class Below:
    """A subordinate beside the others (下级单位)."""

    name: Markup
    href: str
    counts: Counts

    @property
    def share(self) -> str:
        """How much was published in time, of what should have been."""
        return telling.share(self.counts.on_time, self.counts.owed)


def note(press: Press, house: House, day: date, kept: Mapping[str, Standing]) -> None:
    """Remember what became of the duties of ``house``, which was just looked at for that day."""
    last = queries.told_last([house.slug]).get(house.slug)
    _note(press, house, (house.issues, day, last), kept)


def uncounted(press: Press, house: House, now: datetime) -> list[House]:
    """The subordinates of ``house`` of which something was told, or whose day began, since they
    were counted.
    """
    below = press.town.below(house)
    last = queries.told_last([each.slug for each in below])
    return [each for each in below if _known(press, each) != _source(each, now, last)]


def pages(
    press: Press, gathering: Gathering, house: House, now: datetime, *, anew: bool = False
) -> None:
    """The organisations below ``house``, page by page; only what looks different, unless all are
    wanted ``anew``. *What is remembered is what has been written.*
    """
    below = press.town.below(house)
    if not below:
        return
    _count(press, gathering, uncounted(press, house, now), now)
    rows = [(each, _counted[press.site.root, each.slug][1]) for each in below]
    rows.sort(key=lambda row: keeping.worst(row[1], row[0].slug))
    portions = [rows[start : start + PAGE] for start in range(0, len(rows), PAGE)]
    day = clock.civil_day(now, house.zone)
    total = sum((counts for _house, counts in rows), Counts())
    for number, portion in enumerate(portions, 1):
        told = [(each.slug, counts) for each, counts in portion]
        look = (press.town.fingerprint, day, len(portions), told, total if number == 1 else None)
        if anew or _looks.get((press.site.root, house.slug, number)) != look:
            _page(press, house, day, number, len(portions), portion, total)
            _looks[press.site.root, house.slug, number] = look
    _remove_from(press, house, len(portions) + 1)


def _count(press: Press, gathering: Gathering, below: Sequence[House], now: datetime) -> None:
    last = queries.told_last([each.slug for each in below])
    for each, kept in gathering.below(below, now):
        _note(press, each, _source(each, now, last), kept)


def _note(press: Press, house: House, source: Hashable, kept: Mapping[str, Standing]) -> None:
    _counted[press.site.root, house.slug] = source, rates.total(kept.values())


def _known(press: Press, house: House) -> Hashable:
    return _counted.get((press.site.root, house.slug), (None,))[0]


def _source(house: House, now: datetime, last: Mapping[str, int]) -> Hashable:
    return house.issues, clock.civil_day(now, house.zone), last.get(house.slug)


def _page(
    press: Press,
    house: House,
    day: date,
    number: int,
    pages: int,
    portion: Iterable[tuple[House, Counts]],
    total: Counts,
) -> None:
    at = f"{house.root}/subordinates"

    def build(root: str) -> Values:
        return {
            "crumbs": [
                Link(_("首页"), f"{root}{house.root}/"),
                Link(_("公开目录"), f"{root}{house.root}/catalogue"),
            ],
            "today": day,
            "since": rates.since(day),
            "rows": [
                Below(about.name(each), f"{root}{each.root}/catalogue", counts)
                for each, counts in portion
            ],
            "share": telling.share,
            "total": total,
            "page": number,
            "pages": pages,
            "before": f"{root}{_address(at, number - 1)}",
            "after": f"{root}{_address(at, number + 1)}",
            "all": f"{root}/organisations",
        }

    press.pages(_address(at, number), "subordinates", house, build, "catalogue")


def _address(at: str, number: int) -> str:
    """The first page has no number: it is the one that links lead to."""
    return at if number <= 1 else f"{at}/{number}"


def _remove_from(press: Press, house: House, number: int) -> None:
    """Take away the pages of subordinates that are none any more."""
    for _language, root in addresses.LANGUAGES:
        surplus = number
        while press.site.delete(addresses.path(f"{root}{house.root}/subordinates/{surplus}")):
            surplus += 1
