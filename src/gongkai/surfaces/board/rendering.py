"""Pages rendered together: each touched page once, with a fixed number of queries a portion.

What was written last is remembered in this process, so that a page is left alone that would look
the same.
"""

import logging
from collections.abc import Callable, Collection, Mapping
from datetime import date, datetime
from functools import lru_cache, partial
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import DatabaseError

from gongkai.foundation.core import clock
from gongkai.foundation.ledger import queries as ledger
from gongkai.surfaces.board import (
    addresses,
    finding,
    hearing,
    issuing,
    items,
    queries,
    shelves,
    wall,
)
from gongkai.surfaces.board.gathering import Gathering, Today, always
from gongkai.surfaces.board.houses import House, Town
from gongkai.surfaces.board.items import Item
from gongkai.surfaces.board.manifest import Manifest
from gongkai.surfaces.board.models import Place
from gongkai.surfaces.board.pages import (
    about,
    calendars,
    certificates,
    columns,
    feeds,
    figures,
    home,
    lists,
    maps,
    outcomes,
    own,
    rates,
    reader,
    receptions,
    standing,
    subordinates,
    systems,
    wall_feeds,
)
from gongkai.surfaces.board.pages import answers as voices
from gongkai.surfaces.board.pages import (
    follow as following,
)
from gongkai.surfaces.board.pages import item as item_page
from gongkai.surfaces.board.pages import wall as wall_pages
from gongkai.surfaces.board.press import Press
from gongkai.surfaces.board.shelves import Cut
from gongkai.surfaces.board.site import Site
from gongkai.surfaces.board.touched import Touched

logger = logging.getLogger(__name__)

COUNTED_AT_ONCE = 100
"""Organisations that a publication waits for to be counted."""

days_shown: dict[tuple[Path, str], date] = {}
"""The day for which an organisation's pages were last rendered, by board and organisation."""
compared: dict[tuple[Path, str], date] = {}
"""The day for which an organisation's subordinates were last compared."""
looks_shown: dict[tuple[Path, str, str], int] = {}
"""What the page of an entry was last made from, by board, organisation and code."""
witnesses_shown: dict[Path, bytes | None] = {}
"""The file of witnesses that the page about the log was last made from."""


def to_compare(town: Town, now: datetime) -> list[House]:
    """The superiors whose subordinates were not compared since their day began."""
    superiors = (each for each in houses_of(town) if town.below(each))
    return [each for each in superiors if another_day(compared, each, now)]


def another_day(shown: Mapping[tuple[Path, str], date], house: House, now: datetime) -> bool:
    """Whether another day than the one that was ``shown`` has begun for ``house``."""
    at = (Path(settings.HOME.board), house.slug)
    return shown.get(at) != clock.civil_day(now, house.zone)


def finish(site: Site, facts: Mapping[str, Any] | None = None) -> None:
    """Make what was written durable, then note it and ``facts`` in the manifest."""
    site.sync()
    manifest().note(site.written.items(), site.gone, facts)


def manifest() -> Manifest:
    """The manifest of this home's board."""
    return _manifest(Path(settings.HOME.run) / "board.sqlite3")


@lru_cache(maxsize=2)
def _manifest(path: Path) -> Manifest:
    return Manifest(path)


def render(press: Press, touched: Touched) -> None:
    """The touched items, list pages and pages of organisations, each once.

    Items and lists are there first, then compressed and durable, before the rest is begun: they
    are what somebody waits for.
    """
    gathering = Gathering(press.town)
    found = _item_pages(press, touched.items)
    cuts = touched.cuts | gathering.newest_cuts(touched.entries)
    render_voices(press, touched.voices)
    issuing.render(press, touched.briefs)
    render_lists(press, sorted(cuts, key=lambda cut: (-cut.page, cut.shelf)), gathering)
    press.site.sync()
    finding.render(press.site, found, touched.items)
    render_feeds(press, {cut.shelf for cut in cuts}, {})
    _maps(press, touched.items)
    for slug in sorted(touched.houses if touched.briefs else ()):
        issuing.ways(press, press.town.house(slug))
    now = clock.now()
    for slug in sorted(touched.houses):
        house = press.town.house(slug)
        _own_feed(press, house)
        codes = {code for owner, code in touched.entries if owner == slug}
        _columns(press, gathering, house, codes)
        for month in sorted(code for owner, code in touched.rota if owner == slug):
            receptions.month(press, house, month)
        today = day_pages(press, gathering, house, now)
        if systems.concerned(house, codes):
            systems.page(press, today)
    for slug in sorted(touched.heard):
        _voice_pages(press, gathering.today(press.town.house(slug), now))
    if touched.houses:
        _above(press, gathering, touched.houses, now)
        _around(press, gathering)
    for address in sorted(touched.read & set(found)):
        _isolated(partial(reader.pages, press), found[address])


def render_fixed(press: Press) -> None:
    """All pages but those of items and of lists."""
    gathering = Gathering(press.town)
    standing.write(press)
    now = clock.now()
    for house in houses_of(press.town):
        own.charter(press, house)
        about.organisation(press, house)
        about.sitemap(press, house)
        following.page(press, house)
        issuing.ways(press, house)
        _own_feed(press, house)
        _columns(press, gathering, house, house.entries)
        today = day_pages(press, gathering, house, now, anew=True)
        systems.page(press, today)
        for month in today.rota_months:
            receptions.month(press, house, month)
        subordinates.pages(press, gathering, house, now, anew=True)
        compared[press.site.root, house.slug] = clock.civil_day(now, house.zone)
    _around(press, gathering)
    maps.index(press, queries.sizes([shelves.ALL])[shelves.ALL])
    log_page(press)
    certificates_page(press)


def sizes(town: Town) -> dict[str, int]:
    """Every list that has an address, with its size; those too that are still empty."""
    known = {shelf.name: shelf.size for shelf in queries.every_shelf()}
    for house in houses_of(town):
        for name in always(house):
            known.setdefault(name, 0)
    return {name: known[name] for name in sorted(known) if addresses.shelf(town, name)}


def render_items(press: Press, subjects: Collection[str]) -> None:
    """The pages of these items, their files, and what they are found under."""
    found = _item_pages(press, subjects)
    for item in found.values():
        _isolated(partial(reader.pages, press), item)
    finding.render(press.site, found, subjects)


def _item_pages(press: Press, subjects: Collection[str]) -> dict[str, Item]:
    found = queries.items_of(subjects, items.ITEM)
    for item in found.values():
        _isolated(partial(item_page.page, press), item)
    return found


def render_lists(
    press: Press, cuts: Collection[Cut], gathering: Gathering | None = None
) -> Mapping[str, Item]:
    """These list pages, with a fixed number of queries for each portion of them. Returns the items
    on them.
    """
    gathering = gathering or Gathering(press.town)
    shown = [cut for cut in cuts if addresses.shelf(press.town, cut.shelf)]
    sizes = queries.sizes({cut.shelf for cut in shown})
    places = queries.places_on(shown)
    walls = [cut for cut in shown if cut.shelf.startswith(f"{shelves.WALL}:")]
    spoken = [cut for cut in shown if is_of_voices(cut.shelf)]
    issued = [cut for cut in shown if cut.shelf.startswith(f"{shelves.BRIEFS}:")]
    others = [cut for cut in shown if cut not in {*walls, *spoken, *issued}]
    found = queries.items_of({p.subject for cut in others for p in places[cut]}, items.LISTED)
    for cut in others:
        if cut.shelf.startswith(f"{shelves.GONE}:"):
            lists.register(press, cut, sizes[cut.shelf], places[cut], found)
        else:
            last = _listed(press, cut, sizes[cut.shelf], gathering)
            lists.page(press, cut, sizes[cut.shelf], places[cut], found, last)
    _walls(press, {cut: places[cut] for cut in walls}, sizes)
    heard = queries.voices({p.subject for cut in spoken for p in places[cut]})
    for cut in spoken:
        told = [heard[place.subject] for place in places[cut] if place.subject in heard]
        wall_pages.cut(press, cut, sizes[cut.shelf], told)
    issuing.lists(press, {cut: places[cut] for cut in issued}, sizes)
    return found


def render_voices(press: Press, subjects: Collection[str]) -> None:
    """The pages of these voices; of one that was closed, none is left until its tombstone comes."""
    found = queries.voices(subjects)
    for subject in sorted(subjects):
        each = found.get(subject)
        if each is not None and each.shown:
            wall_pages.voice(press, each)
        elif each is None:
            address = addresses.voice(subject.removeprefix(wall.PREFIX))
            for _language, root in addresses.LANGUAGES:
                press.site.delete(addresses.path(f"{root}{address}"))


def voices_on(cuts: Collection[Cut]) -> set[str]:
    """The voices on those of these pages that list a year: each stands in one of them."""
    years = [cut for cut in cuts if cut.shelf.startswith(f"{shelves.VOICES_OF_YEAR}:")]
    return {place.subject for places in queries.places_on(years).values() for place in places}


def is_of_voices(shelf: str) -> bool:
    """Whether a list is one of voices."""
    families = (shelves.VOICES_OF_KIND, shelves.VOICES_OF_UNIT, shelves.VOICES_OF_YEAR)
    return shelf.partition(":")[0] in families


def render_feeds(press: Press, names: Collection[str], known: Mapping[str, Item]) -> None:
    """The feeds of those of these lists that have one; ``known`` has been read just before."""
    for name, news in hearing.newest({*names, *hearing.walls_of(names)}).items():
        wall_feeds.write(press, name, news)
    fed = sorted(name for name in names if name.partition(":")[0] in shelves.FED)
    newest = queries.newest_of(fed)
    named = {place.subject for places in newest.values() for place in places}
    found = {**known, **queries.items_of(named - known.keys(), items.LISTED)}
    for name, places in newest.items():
        feeds.of_list(press, name, [found[p.subject] for p in places if p.subject in found])


def _own_feed(press: Press, house: House) -> None:
    """An organisation's feed: the newest of what it opened, corrected and took back."""
    families = (shelves.OF, shelves.FIXED, shelves.GONE)
    newest = queries.newest_of([house.shelf(family) for family in families])
    last: dict[str, int] = {}
    for place in (place for places in newest.values() for place in places):
        last[place.subject] = max(place.seq, last.get(place.subject, 0))
    named = sorted(last, key=lambda subject: -last[subject])[: feeds.NEWEST]
    found = queries.items_of(named, items.LISTED)
    feeds.of_house(press, house, [found[each] for each in named if each in found])


def _maps(press: Press, subjects: Collection[str]) -> None:
    """The map's shards in which these items stand."""
    ordinals = queries.ordinals(subjects)
    render_shards(press, maps.shards_of(ordinals))
    size = queries.sizes([shelves.ALL])[shelves.ALL]
    if maps.first_of(ordinals):
        maps.index(press, size)


def render_shards(press: Press, numbers: Collection[int]) -> None:
    """These files of the map of all items."""
    for number in numbers:
        subjects = queries.addresses(number * maps.SHARD, (number + 1) * maps.SHARD)
        maps.shard(press, number, subjects, queries.changed_at(subjects))


def _walls(press: Press, walls: dict[Cut, list[Place]], sizes: dict[str, int]) -> None:
    answers = queries.answers_at(place.seq for places in walls.values() for place in places)
    told = queries.items_of({each.item for each in answers.values()}, items.LISTED)
    current = {address for address, item in told.items() if item.current}
    heard = queries.voices({wall.subject(each.hung) for each in answers.values() if each.hung})
    for cut, places in walls.items():
        shown = [answers[place.seq] for place in places if place.seq in answers]
        voices.wall(press, cut, sizes[cut.shelf], shown, current, heard)


def _listed(press: Press, cut: Cut, size: int, gathering: Gathering) -> Mapping[str, Place] | None:
    """The newest place under each entry, for the first page of a category or box."""
    family = cut.shelf.partition(":")[0]
    if family not in (shelves.CATEGORY, shelves.BOX) or cut.page != shelves.pages(size):
        return None
    return gathering.last(addresses.house(press.town, cut.shelf))


def _columns(press: Press, gathering: Gathering, house: House, entries: Collection[str]) -> None:
    """The standing columns that show any of these entries."""
    for column in house.columns.values():
        if set(column.entries) & set(entries):
            columns.page(press, house, column, *gathering.column(house, column.entries))


def day_pages(
    press: Press, gathering: Gathering, house: House, now: datetime, *, anew: bool = False
) -> Today:
    """The pages of an organisation that count what there is, or speak of today; those of entries
    only where they look different, unless all are wanted ``anew``.
    """
    today = gathering.today(house, now)
    home.open_now(press, today)
    own.catalogue(press, today)
    _entries(press, today, anew=anew)
    figures.months(press, today)
    figures.statistics(press, today)
    outcomes.page(press, house, today.day)
    calendars.page(press, today)
    receptions.page(press, today)
    _voice_pages(press, today)
    if press.town.parent(house):
        subordinates.note(press, house, today.day, today.kept)
    days_shown[press.site.root, house.slug] = today.day
    return today


def _voice_pages(press: Press, today: Today) -> None:
    """Those of them that tell of voices: all that follows when only voices moved."""
    home.page(press, today)
    wall_pages.owed(press, today)
    wall_pages.departments(press, today)
    wall_pages.register(press, today)


def _entries(press: Press, today: Today, *, anew: bool) -> None:
    """The pages of entries. *What is remembered is what has been written.*"""
    at = (press.site.root, today.house.slug)
    for code, look in rates.looks(today, press.town.fingerprint).items():
        if anew or looks_shown.get((*at, code)) != look:
            rates.page(press, today, code)
            looks_shown[*at, code] = look


def _above(press: Press, gathering: Gathering, slugs: Collection[str], now: datetime) -> None:
    """The pages on which superiors compare these organisations with others, and their own.

    Where many have to be counted, because their day has just begun, midnight comes to it.
    """
    town = press.town
    superiors = {town.parent(town.house(slug)) for slug in slugs} | set(slugs)
    for slug in sorted(superiors & set(town.houses)):
        house = town.house(slug)
        if len(subordinates.uncounted(press, house, now)) <= COUNTED_AT_ONCE:
            subordinates.pages(press, gathering, house, now)
            compared[press.site.root, slug] = clock.civil_day(now, house.zone)
        else:
            compared.pop((press.site.root, slug), None)


def _around(press: Press, gathering: Gathering) -> None:
    """The pages of the whole installation that follow what is published."""
    standing.missing(press, *gathering.elsewhere())
    own_shelves = [house.shelf(shelves.OF) for house in houses_of(press.town)]
    about.directory(press, queries.sizes(own_shelves), queries.newest_in(own_shelves))


def log_page(press: Press) -> None:
    """The page about the log, with what its file of witnesses says."""
    told = log_file("witnesses.json")
    key = (log_file("vkey") or b"").decode().strip()
    exposed = ledger.head().exposed_size
    standing.log(press, exposed, key, told, queries.statements(exposed))
    witnesses_shown[press.site.root] = told


def certificates_page(press: Press) -> None:
    """The page that lists the certificates of the seals."""
    certificates.page(press, queries.certificates(ledger.head().exposed_size))


def log_file(name: str) -> bytes | None:
    """The bytes of this file of the log; none where there is no such file."""
    file = Path(settings.HOME.log) / name
    return file.read_bytes() if file.exists() else None


def _isolated(render: Callable[[Item], None], item: Item) -> None:
    """One item that cannot be rendered is reported and keeps no other from its page.

    A full disk or a lost database is not its fault: that stops the pass, to be repeated.
    """
    try:
        render(item)
    except (OSError, DatabaseError):
        raise
    except Exception:
        logger.exception("page failed: %s", item.address)


def houses_of(town: Town) -> list[House]:
    """The organisations that have a home page."""
    return list(town.houses.values()) or [town.top]


def site_of_board(*, thorough: bool = False, dry: bool = False, prompt: bool = False) -> Site:
    """This home's folder of pages."""
    return Site(Path(settings.HOME.board), thorough=thorough, dry=dry, prompt=prompt)
