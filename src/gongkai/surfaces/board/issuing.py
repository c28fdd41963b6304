"""Rendering the briefs 简报 from what the log has of them: issues, lists, and the ways to them."""

import logging
from collections.abc import Collection, Mapping, Sequence

from django.db import DatabaseError

from gongkai.surfaces.board import items, queries, shelves
from gongkai.surfaces.board.houses import House
from gongkai.surfaces.board.models import Place
from gongkai.surfaces.board.pages import briefs as pages
from gongkai.surfaces.board.pages import maps
from gongkai.surfaces.board.press import Press
from gongkai.surfaces.board.shelves import Cut

logger = logging.getLogger(__name__)


def render(press: Press, subjects: Collection[str]) -> None:
    """The pages of these issues of the brief; of one that was closed, none is left until its
    tombstone comes. One that cannot be rendered is reported and keeps nothing else from its page.
    """
    found = queries.briefs_of(subjects)
    named = {address for issue in found.values() for address in issue.named}
    known = queries.items_of(named, items.LISTED)
    for issue in found.values():
        try:
            pages.page(press, issue, known)
        except (OSError, DatabaseError):
            raise
        except Exception:
            logger.exception("page failed: %s", issue.subject)
    for place in queries.places_of(set(subjects) - found.keys()):
        family, _, rest = place.shelf.name.partition(":")
        if family == shelves.BRIEF_CALLED:
            pages.remove(press, *rest.split(":"))


def ways(press: Press, house: House) -> None:
    """What leads to an organisation's issues: their feed, and its map of pages."""
    name = house.shelf(shelves.BRIEFS)
    newest = [place.subject for place in queries.newest_of([name])[name]]
    found = queries.briefs_of(newest)
    pages.feed(press, house, [found[each] for each in newest if each in found])
    maps.house(press, house, [issue.code for issue in found.values()])


def on(cuts: Collection[Cut]) -> set[str]:
    """The issues on these pages, of those that list issues."""
    lists = [cut for cut in cuts if cut.shelf.startswith(f"{shelves.BRIEFS}:")]
    return {place.subject for places in queries.places_on(lists).values() for place in places}


def lists(press: Press, cuts: Mapping[Cut, Sequence[Place]], sizes: Mapping[str, int]) -> None:
    """These pages of lists of issues, each with its places."""
    issues = queries.briefs_of({place.subject for places in cuts.values() for place in places})
    for cut, places in cuts.items():
        listed = [issues[place.subject] for place in places if place.subject in issues]
        pages.cut(press, cut, sizes[cut.shelf], listed)
