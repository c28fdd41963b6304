"""What the pages of an organisation need to know, read once for each pass over the board."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from gongkai.foundation.core import clock
from gongkai.foundation.organisations.audience import ANONYMOUS
from gongkai.procedure.catalogue.charter import EntryRule
from gongkai.procedure.catalogue.periods import Period, comment_period
from gongkai.procedure.duties import keeping
from gongkai.procedure.duties.keeping import Standing
from gongkai.surfaces.board import items, queries, shelves
from gongkai.surfaces.board.answered import Answer
from gongkai.surfaces.board.houses import House, Town
from gongkai.surfaces.board.items import Item
from gongkai.surfaces.board.models import Place
from gongkai.surfaces.board.rota import Reception
from gongkai.surfaces.board.shelves import Cut

LATEST = 10
"""Lines on the home page."""
ANSWERS = 2
"""Answers on the home page."""
INVITING = 100
"""How many of the newest things on which comments are invited are looked at: one page of them."""
ELSEWHERE = 5
"""Lines on the page for an address that is not there."""
HOUSES_AT_ONCE = 50
"""Organisations whose rows are read together."""
SOON = timedelta(days=31)
"""What has its last day within this time is due soon."""


WAITING = 50
"""Voices on the page of what is owed: of those overdue, and of those that come next."""
WALL = (
    shelves.VOICES_OF_UNIT,
    shelves.VOICES_OF_KIND,
    shelves.VOICES_OF_YEAR,
    shelves.FIGURE,
    shelves.MODERATED,
)


@dataclass(frozen=True)
class Open:
    """A thing on which comments are invited today (正在公示、正在听取意见)."""

    item: Item
    period: Period


@dataclass(frozen=True)
class Due:
    """An entry that is overdue or due soon (快要公开的), and its last day."""

    rule: EntryRule
    on: date

    def overdue(self, today: date) -> bool:
        """Whether that day has gone by."""
        return self.on < today


@dataclass(frozen=True)
class Today:
    """An organisation's board on a civil day (今天).

    ``counts`` are the sizes of its lists, ``months`` those of its months by ``2026-11``; ``last``
    is the newest place under each entry; ``found`` the items that any of these names. ``kept`` says
    of each entry that ever was before the public how it is kept, by code. ``receptions`` are the
    days of the months around this one on which leaders receive, ``rota_months`` every month that
    has any.
    """

    house: House
    day: date
    counts: Mapping[str, int]
    months: Mapping[str, int]
    last: Mapping[str, Place]
    newest: Sequence[Place]
    answers: Sequence[Answer]
    open: Sequence[Open]
    kept: Mapping[str, Standing]
    due: Mapping[str, Due]
    found: Mapping[str, Item]
    receptions: Sequence[Reception] = ()
    rota_months: Sequence[str] = ()
    waiting: queries.Waiting = queries.NOBODY
    wall: Mapping[str, Mapping[str, int]] = field(
        default_factory=lambda: {family: {} for family in WALL}
    )

    def count(self, family: str, code: str = "") -> int:
        """How many places one of its lists has."""
        return self.counts.get(self.house.shelf(family, code), 0)

    def place(self, entry: str) -> Place | None:
        """The newest place under an entry."""
        return self.last.get(entry)

    def published(self, entry: str) -> date | None:
        """The civil day on which something last came under an entry."""
        place = self.place(entry)
        return clock.civil_day(place.at, self.house.zone) if place else None

    def item(self, entry: str) -> Item | None:
        """The newest thing under an entry, unless it was taken back."""
        place = self.place(entry)
        item = self.found.get(place.subject) if place else None
        return item if item and item.current else None


class Gathering:
    """Reads for one pass. The lists do not change while it lasts, so each is read once."""

    def __init__(self, town: Town) -> None:
        self.town = town
        self._last: dict[str, Mapping[str, Place]] = {}

    def last(self, house: House) -> Mapping[str, Place]:
        """The newest place under each entry of ``house`` that has one, by code."""
        if house.slug not in self._last:
            names = {house.shelf(shelves.ENTRY, code): code for code in house.entries}
            found = queries.newest_in(names)
            self._last[house.slug] = {names[name]: place for name, place in found.items()}
        return self._last[house.slug]

    def today(self, house: House, now: datetime) -> Today:
        """All that its home and the other pages that speak of today have to say."""
        day = clock.civil_day(now, house.zone)
        counts = queries.sizes(always(house))
        last = self.last(house)
        own, wall = house.shelf(shelves.OF), house.shelf(shelves.WALL)
        newest = queries.last(own, counts[own], LATEST)
        inviting = self._inviting(house, counts, day)
        subjects = {place.subject for place in (*newest, *inviting)} | set(_named(house, last))
        found = queries.items_of(subjects, items.LISTED)
        said = [place.seq for place in queries.last(wall, counts[wall], ANSWERS)]
        answers = queries.answers_at(said)
        months = list(queries.parts(house.shelf(shelves.ROTA)))
        around = [code for code in months if code in around_of(day)]
        standings = kept(house, self._rows([house]).get(house.slug, {}), day)
        return Today(
            house=house,
            day=day,
            counts=counts,
            months=queries.parts(house.shelf(shelves.MONTH)),
            last=last,
            newest=newest,
            answers=[answers[seq] for seq in said if seq in answers],
            open=_open(house, (found[p.subject] for p in inviting if p.subject in found), day),
            kept=standings,
            due=_due(house, standings, day),
            found=found,
            receptions=queries.receptions([house.shelf(shelves.ROTA, code) for code in around])
            if around
            else (),
            rota_months=months,
            waiting=queries.waiting(house.slug, day, WAITING),
            wall=_by_family(house),
        )

    def below(
        self, houses: Sequence[House], now: datetime
    ) -> Iterator[tuple[House, Mapping[str, Standing]]]:
        """How each of several organisations keeps its entries on its own civil day; never all of
        their rows at once.
        """
        for portion in queries.portions(houses, HOUSES_AT_ONCE):
            rows = self._rows(portion)
            for house in portion:
                day = clock.civil_day(now, house.zone)
                yield house, kept(house, rows.get(house.slug, {}), day)

    def _rows(self, houses: Sequence[House]) -> dict[str, dict[str, Mapping[str, Any]]]:
        return queries.kept(ANONYMOUS, [house.slug for house in houses])

    def column(self, house: House, entries: Iterable[str]) -> tuple[list[Place], dict[str, Item]]:
        """The newest places under these entries together, newest first, with their items."""
        last = self.last(house)
        ends = {code: last[code].ordinal for code in entries if code in last}
        cuts = [
            cut
            for code, end in ends.items()
            for cut in shelves.newest(house.shelf(shelves.ENTRY, code), end + 1)
        ]
        found = {p.subject: p for places in queries.places_on(cuts).values() for p in places}
        places = sorted(found.values(), key=lambda place: -place.seq)[: shelves.PAGE]
        return places, queries.items_of([place.subject for place in places], items.LISTED)

    def elsewhere(self) -> tuple[list[Place], dict[str, Item]]:
        """The newest of everything, for readers who came to the wrong address."""
        size = queries.sizes([shelves.ALL])[shelves.ALL]
        places = queries.last(shelves.ALL, size, ELSEWHERE)
        return places, queries.items_of([place.subject for place in places], items.LISTED)

    def newest_cuts(self, entries: Iterable[tuple[str, str]]) -> set[Cut]:
        """The first pages of the categories and boxes that list these entries (slug, code)."""
        names = set()
        for slug, code in entries:
            house = self.town.house(slug)
            for rule in house.charter.entries if house.charter else ():
                if rule.code == code:
                    names.add(house.shelf(shelves.CATEGORY, rule.category))
                    names.add(house.shelf(shelves.BOX, rule.box))
        return {Cut(name, shelves.pages(size)) for name, size in queries.sizes(names).items()}

    def _inviting(self, house: House, counts: Mapping[str, int], day: date) -> list[Place]:
        """Where comments may still be invited, by the longest time that the charter knows."""
        if house.charter is None:
            return []
        shelf = house.shelf(shelves.COMMENT)
        limits = house.charter.deadlines
        rules = house.charter.entries
        workdays = max(limits.notice_workdays, *(rule.notice_workdays for rule in rules))
        # A working day comes at least every eleven days: no holiday is longer than ten.
        longest = timedelta(days=max(limits.consult_days, 11 * workdays) + 1)
        return [
            place
            for place in queries.last(shelf, counts[shelf], INVITING)
            if clock.civil_day(place.at, house.zone) + longest >= day
        ]


def _by_family(house: House) -> dict[str, dict[str, int]]:
    """The sizes of the wall's lists by family and code."""
    found = queries.parts_of(house.shelf(family) for family in WALL)
    return {family: found[house.shelf(family)] for family in WALL}


def around_of(day: date) -> list[str]:
    """The month of ``day``, the one before, and the next two, as ``2026-11``: as far as people plan
    to come. The others have pages of their own.
    """
    first = day.year * 12 + day.month - 2
    return [f"{number // 12:04}-{number % 12 + 1:02}" for number in range(first, first + 4)]


def always(house: House) -> list[str]:
    """The lists that have a page even while they are empty, and those that are only counted."""
    return [
        shelves.ALL,
        *map(house.shelf, (shelves.OF, shelves.WALL, shelves.GONE, shelves.FIXED)),
        *map(house.shelf, shelves.UNSEEN),
        *(house.shelf(shelves.CATEGORY, code) for code in house.categories),
        *(house.shelf(shelves.BOX, key) for key in house.boxes),
        *([house.shelf(shelves.BRIEFS)] if house.issues_briefs else []),
    ]


def kept(house: House, rows: Mapping[str, Mapping[str, Any]], day: date) -> dict[str, Standing]:
    """How each entry of the catalogue that may come before the public is kept on that day, and
    each that is not listed any more but was told of.
    """
    listed = {rule.code: rule for rule in house.charter.entries} if house.charter else {}
    shown = {
        code: keeping.standing(rows.get(code), rule, day)
        for code, rule in listed.items()
        if house.shows(rule)
    }
    gone = {code: row for code, row in rows.items() if code in house.entries and code not in listed}
    return shown | {code: keeping.standing(row, None, day) for code, row in gone.items()}


def period_of(house: House, item: Item) -> Period | None:
    """How long comments are invited on ``item``, with the sum in the active language."""
    charter, current = house.charter, item.current
    if charter is None or current is None:
        return None
    edition = current.edition
    if all(rule.code != edition.entry for rule in charter.entries):
        return None
    opened = clock.civil_day(item.opened_at, house.zone)
    return comment_period(charter, edition.entry, edition.kind, opened, inner=False)


def _named(house: House, last: Mapping[str, Place]) -> Iterator[str]:
    """The items that the rota and the systems of rules point to."""
    charter = house.charter
    if charter:
        codes = {charter.front.rota, *(code for each in charter.systems for code in each.entries)}
        yield from (last[code].subject for code in codes if code in last)


def _due(house: House, kept: Mapping[str, Standing], day: date) -> dict[str, Due]:
    """What is overdue or due soon, by last day."""
    found = []
    for rule in house.charter.entries if house.charter else ():
        standing = kept.get(rule.code)
        late = standing and standing.state == keeping.MISSING
        task = standing and (standing.about if late else standing.coming)
        if task and task.due <= day + SOON:
            found.append(Due(rule, task.due))
    return {due.rule.code: due for due in sorted(found, key=lambda due: (due.on, due.rule.code))}


def _open(house: House, found: Iterable[Item], day: date) -> list[Open]:
    """Those of ``found`` on which comments are invited on ``day``, the soonest to end first."""
    open_now = []
    for item in found:
        period = period_of(house, item)
        if period and not period.over(day):
            open_now.append(Open(item, period))
    return sorted(open_now, key=lambda each: (each.period.last, -each.item.opened_at.timestamp()))
