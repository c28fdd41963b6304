"""The keeper's steps that make the board: removals at once, pages after the log, home at midnight.

Each step may be cut off anywhere and repeated; it then writes the same bytes. The cursor moves
only when everything it covers is durable.
"""

import logging
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
from pathlib import Path
from typing import TypeVar

from django.conf import settings
from django.db import DatabaseError

from gongkai.foundation.core import clock
from gongkai.foundation.ledger import jobs as log
from gongkai.foundation.ledger import queries as ledger
from gongkai.foundation.ledger.durability import repeatable
from gongkai.foundation.ledger.models import Cursor, PublicRecord
from gongkai.surfaces.board import addresses, houses, items, queries, shelves
from gongkai.surfaces.board.gathering import Gathering, Today, always
from gongkai.surfaces.board.houses import House, Town
from gongkai.surfaces.board.items import Item
from gongkai.surfaces.board.models import Place
from gongkai.surfaces.board.pages import (
    about,
    columns,
    figures,
    home,
    lists,
    own,
    standing,
    systems,
)
from gongkai.surfaces.board.pages import answers as voices
from gongkai.surfaces.board.pages import item as item_page
from gongkai.surfaces.board.press import Press
from gongkai.surfaces.board.shelves import Cut
from gongkai.surfaces.board.site import Site
from gongkai.surfaces.board.workflow import shelve

logger = logging.getLogger(__name__)

CURSOR = "board"
RECORDS_AT_ONCE = 200

T = TypeVar("T")
Progress = Callable[[int, int], None]

_days_shown: dict[tuple[Path, str], date] = {}


@dataclass(frozen=True)
class Touched:
    """What a portion of records changes on the board: items, list pages, organisations, and the
    entries (organisation, code) under which something now stands or reads differently.
    """

    items: set[str]
    cuts: set[Cut]
    houses: set[str]
    entries: set[tuple[str, str]]


def remove() -> int:
    """Take away what has been closed: pages, versions, files, titles in lists. Returns how many.

    Waits for no log entry. *A crash leaves ``removed_at`` empty, so it is all done again.*
    """
    done = 0
    while closed := list(queries.to_remove().defer("body", "entry")[:RECORDS_AT_ONCE]):
        site = _site()
        _render(Press(site, houses.town()), _touched(closed))
        site.sync()
        still_closed = PublicRecord.objects.filter(
            pk__in=[record.pk for record in closed], closed_at__isnull=False
        )
        with repeatable():
            still_closed.update(removed_at=clock.now())
        done += len(closed)
    return done


def follow() -> int:
    """Render what the log has exposed since the cursor. Returns how many records were followed.

    Each page is rendered once however many records touch it. *Until the cursor moves, the same
    portion is rendered again, to the same bytes.*
    """
    cursor = Cursor.objects.get_or_create(name=CURSOR)[0]
    done, exposed = 0, ledger.head().exposed_size
    while cursor.seq < exposed:
        stop = min(cursor.seq + RECORDS_AT_ONCE, exposed)
        _follow(list(queries.public_records(cursor.seq, stop).defer("entry")), exposed)
        done += stop - cursor.seq
        cursor.seq = stop
        with repeatable():
            cursor.save(update_fields=["seq"])
    return done


def midnight(now: datetime) -> int:
    """Render the pages that speak of today where another day has begun. Returns for how many
    organisations.
    """
    town = houses.town()
    due = [house for house in _houses(town) if _shown(house) != clock.civil_day(now, house.zone)]
    if not due:
        return 0
    site = _site()
    press, gathering = Press(site, town), Gathering(town)
    for house in due:
        _today(press, gathering, house, now)
    site.sync()
    return len(due)


def build(progress: Progress | None = None, *, thorough: bool = False) -> Site:
    """Render everything anew from the public records, and take away what does not belong.

    Bytes that are right already stay; the returned site tells which were not. The result is the
    same, byte for byte, as what following the log has written. ``Broken`` when database and log
    tell two stories: an older database would take away pages that the log still promises.
    """
    log.check_head()
    exposed, town = ledger.head().exposed_size, houses.town()
    for start in range(0, exposed, RECORDS_AT_ONCE):
        stop = min(start + RECORDS_AT_ONCE, exposed)
        shelve(list(queries.public_records(start, stop).defer("entry")), town)
    site = _site(thorough=thorough)
    press = Press(site, town)
    _everything(press, progress or _silent)
    _log(press, exposed)
    site.changed += site.sweep()
    site.sync()
    Cursor.objects.update_or_create(name=CURSOR, defaults={"seq": exposed})
    return site


def _follow(records: Sequence[PublicRecord], exposed: int) -> None:
    town = houses.town()
    shelve(records, town)
    site = _site()
    press = Press(site, town)
    if any(record.kind == items.CHARTER for record in records):
        # Names, categories and telephones stand on every page; an organisation changes them rarely.
        _everything(press, _silent)
    else:
        _render(press, _touched(records))
    _log(press, exposed)
    site.sync()


def _render(press: Press, touched: Touched) -> None:
    """The touched items, list pages and pages of organisations, each once.

    Items and lists are durable before the rest is begun: they are what somebody waits for.
    """
    gathering = Gathering(press.town)
    _items(press, touched.items)
    cuts = touched.cuts | gathering.newest_cuts(touched.entries)
    _lists(press, sorted(cuts, key=lambda cut: (-cut.page, cut.shelf)), gathering)
    press.site.sync()
    now = clock.now()
    for slug in sorted(touched.houses):
        house = press.town.house(slug)
        codes = {code for owner, code in touched.entries if owner == slug}
        _columns(press, gathering, house, codes)
        today = _today(press, gathering, house, now)
        if systems.concerned(house, codes):
            systems.page(press, today)
    _around(press, gathering)


def _everything(press: Press, progress: Progress) -> None:
    gathering = Gathering(press.town)
    standing.write(press)
    size = queries.sizes([shelves.ALL])[shelves.ALL]
    for start in range(0, size, queries.PORTION):
        stop = min(start + queries.PORTION, size)
        _items(press, queries.addresses(start, stop))
        progress(stop, size)
    for portion in queries.portions(_every_cut(press.town), queries.CUTS_AT_ONCE):
        _lists(press, portion, gathering)
    now = clock.now()
    for house in _houses(press.town):
        own.charter(press, house)
        about.organisation(press, house)
        about.sitemap(press, house)
        _columns(press, gathering, house, house.entries)
        systems.page(press, _today(press, gathering, house, now))
    _around(press, gathering)


def _every_cut(town: Town) -> list[Cut]:
    """Every page of every list that has an address; an empty list has one page."""
    sizes = {shelf.name: shelf.size for shelf in queries.every_shelf()}
    for house in _houses(town):
        for name in always(house):
            sizes.setdefault(name, 0)
    return [
        Cut(name, page)
        for name in sorted(sizes)
        if addresses.shelf(town, name)
        for page in range(1, shelves.pages(sizes[name]) + 1)
    ]


def _items(press: Press, subjects: Collection[str]) -> None:
    for item in queries.items_of(subjects, items.ITEM).values():
        _isolated(partial(item_page.page, press), item)


def _lists(press: Press, cuts: Collection[Cut], gathering: Gathering) -> None:
    """These list pages, with a fixed number of queries for each portion of them."""
    shown = [cut for cut in cuts if addresses.shelf(press.town, cut.shelf)]
    sizes = queries.sizes({cut.shelf for cut in shown})
    places = queries.places_on(shown)
    walls = [cut for cut in shown if cut.shelf.startswith(f"{shelves.WALL}:")]
    others = [cut for cut in shown if cut not in set(walls)]
    found = queries.items_of({p.subject for cut in others for p in places[cut]}, items.LISTED)
    for cut in others:
        if cut.shelf.startswith(f"{shelves.GONE}:"):
            lists.register(press, cut, sizes[cut.shelf], places[cut], found)
        else:
            last = _listed(press, cut, sizes[cut.shelf], gathering)
            lists.page(press, cut, sizes[cut.shelf], places[cut], found, last)
    _walls(press, {cut: places[cut] for cut in walls}, sizes)


def _walls(press: Press, walls: dict[Cut, list[Place]], sizes: dict[str, int]) -> None:
    answers = queries.answers_at(place.seq for places in walls.values() for place in places)
    told = queries.items_of({each.item for each in answers.values()}, items.LISTED)
    current = {address for address, item in told.items() if item.current}
    for cut, places in walls.items():
        shown = [answers[place.seq] for place in places if place.seq in answers]
        voices.wall(press, cut, sizes[cut.shelf], shown, current)


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


def _today(press: Press, gathering: Gathering, house: House, now: datetime) -> Today:
    """The pages of an organisation that count what there is, or speak of today."""
    today = gathering.today(house, now)
    home.page(press, today)
    home.open_now(press, today)
    own.catalogue(press, today)
    figures.months(press, today)
    figures.statistics(press, today)
    _days_shown[press.site.root, house.slug] = today.day
    return today


def _around(press: Press, gathering: Gathering) -> None:
    """The pages of the whole installation that follow what is published."""
    standing.missing(press, *gathering.elsewhere())
    own_shelves = [house.shelf(shelves.OF) for house in _houses(press.town)]
    about.directory(press, queries.sizes(own_shelves), queries.newest_in(own_shelves))


def _log(press: Press, exposed: int) -> None:
    vkey = Path(settings.HOME.log) / "vkey"
    standing.log(press, exposed, vkey.read_text("utf-8").strip() if vkey.exists() else "")


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


def _houses(town: Town) -> list[House]:
    return list(town.houses.values()) or [town.top]


def _shown(house: House) -> date | None:
    return _days_shown.get((Path(settings.HOME.board), house.slug))


def _touched(records: Sequence[PublicRecord]) -> Touched:
    """What these records change, whether they opened or closed."""
    named, retold = set(), set()
    for record in records:
        named.add(record.subject)
        if record.kind == items.ANSWER:
            named.add(items.place_of_answer(record.subject, record.version))
        elif record.kind in items.LISTED:
            retold.add(record.subject)
    # The wall tells an item's title beside its answers, or no longer does.
    named |= queries.answers_about(retold)
    places = queries.places_of(named)
    entries = [p.shelf.name.split(":") for p in places if p.shelf.name.startswith("e:")]
    return Touched(
        items={record.subject for record in records if record.kind in items.ITEM},
        cuts={cut for place in places for cut in shelves.touched(place.shelf.name, place.ordinal)},
        houses={record.organisation for record in records},
        entries={(slug, code) for _family, slug, code in entries},
    )


def _site(*, thorough: bool = False) -> Site:
    return Site(Path(settings.HOME.board), thorough=thorough)


def _silent(_done: int, _total: int) -> None:
    """No progress to show."""
