"""What hangs on the physical board 公开栏, in which box, and what changes in a week.

What should hang is worked out from public records and the charter alone: the same week gives the
same plan, whoever asks. In the week of today, what really hangs is what postings tell.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from gongkai.foundation.core.clock import civil_day
from gongkai.procedure.catalogue.charter import Box, Category, Charter
from gongkai.surfaces.board import gathering, items, queries, shelves
from gongkai.surfaces.board.houses import House
from gongkai.surfaces.board.items import Item, Opening
from gongkai.surfaces.channels.paper import standing
from gongkai.surfaces.channels.paper.hung import Hung
from gongkai.surfaces.channels.paper.standing import Key, Told

DAY = timedelta(days=1)
WEEK = timedelta(days=7)
Boxes = dict[str, list[Hung]]


@dataclass(frozen=True)
class Slot:
    """A box with what is to be put up there, what stays, and what comes down (文件盒)."""

    category: Category
    box: Box
    up: Sequence[Hung]
    stays: Sequence[Hung]
    down: Sequence[Hung]


@dataclass(frozen=True)
class Plan:
    """The board in the week that begins on ``monday`` (张贴安排), as of ``day``."""

    monday: date
    day: date
    slots: Sequence[Slot]

    @property
    def up(self) -> list[Hung]:
        """All that is to be put up, in the order of the boxes."""
        return [each for slot in self.slots for each in slot.up]

    @property
    def down(self) -> list[Hung]:
        """All that comes down."""
        return [each for slot in self.slots for each in slot.down]


def plan(house: House, charter: Charter, monday: date, today: date) -> Plan:
    """The plan of one week, up to ``today`` while it lasts. The same few queries for any board."""
    day = max(monday, min(today, monday + WEEK - DAY))
    found = _items(house, charter)
    before = _wall(house, charter, found, monday - DAY)
    after = _wall(house, charter, found, day)
    if day == today:
        before, after = _as_told(house, charter, found, before, after, day)
    slots = [
        _slot(category, box, before.get(box.key, []), after.get(box.key, []), found, day)
        for category in charter.categories
        for box in category.boxes
    ]
    return Plan(monday, day, slots)


def monday_of(day: date) -> date:
    """The Monday of the week of ``day``."""
    return day - timedelta(days=day.weekday())


def _as_told(
    house: House,
    charter: Charter,
    found: dict[str, Item],
    before: Boxes,
    after: Boxes,
    day: date,
) -> tuple[Boxes, Boxes]:
    """What hangs now in place of what should have hung, and what should hang, with their postings.

    What hangs besides, since it came down from the plan long ago, is looked up among the items.
    """
    told = standing.told(house.slug, charter.wall.channel, sorted(found), house.zone)
    ruled = {_key(each) for boxes in (before, after) for row in boxes.values() for each in row}
    besides = told.besides(ruled)
    if missing := {address for address, _edition in besides} - found.keys():
        found |= queries.items_of(sorted(missing), items.LISTED)
    hangs: Boxes = {}
    for box in before.keys() | after.keys():
        then = {_key(each): each for each in before.get(box, ())}
        either = {**{_key(each): each for each in after.get(box, ())}, **then}
        rows = [each for key, each in either.items() if told.hangs(key, key in then)]
        hangs[box] = [_with(told, each) for each in rows]
    for address, edition in sorted(besides):
        if item := found.get(address):
            box, sheet = _left(item, edition, told)
            timely = _hung(house, charter, item, day)  # it gives way to newer ones alone
            until = timely[2].until if timely and timely[2].edition == edition else None
            hangs.setdefault(box, []).append(replace(sheet, until=until))
    return hangs, {box: [_with(told, each) for each in row] for box, row in after.items()}


def _left(item: Item, edition: int, told: Told) -> tuple[str, Hung]:
    """The box and the sheet of what hangs and should not."""
    _category, box, _entry, number = items.filed_under(item)
    titles = {each.edition.number: each.edition.title for each in item.openings}
    title = item.gone.title if item.gone else titles.get(edition, "")
    key = (item.address, edition)
    since = told.since[key]
    return box, Hung(item.address, number, title, edition, since, posting=told.posting[key])


def _with(told: Told, sheet: Hung) -> Hung:
    return replace(sheet, posting=told.posting.get(_key(sheet), 0))


def _key(sheet: Hung) -> Key:
    return sheet.address, sheet.edition


def _items(house: House, charter: Charter) -> dict[str, Item]:
    """What may hang: the newest of each box, and all on which comments may be invited."""
    names = [house.shelf(shelves.BOX, box.key) for each in charter.categories for box in each.boxes]
    newest = queries.newest_of([*names, house.shelf(shelves.COMMENT)])
    subjects = {place.subject for places in newest.values() for place in places}
    return queries.items_of(sorted(subjects), items.PRINTED)


def _wall(house: House, charter: Charter, found: dict[str, Item], day: date) -> Boxes:
    """What should hang at the end of ``day``, by box, the newest first."""
    by_box: dict[str, list[tuple[bool, Hung]]] = {}
    for item in sorted(found.values(), key=lambda each: (each.opened_at, each.address)):
        if hung := _hung(house, charter, item, day):
            key, invites, sheet = hung
            by_box.setdefault(key, []).insert(0, (invites, sheet))
    return {key: _room(charter, sheets) for key, sheets in by_box.items()}


def _room(charter: Charter, sheets: Sequence[tuple[bool, Hung]]) -> list[Hung]:
    """All that invites comments, and of the rest the newest, as much as the box has room for."""
    left = charter.wall.sheets - sum(invites for invites, _sheet in sheets)
    kept = []
    for invites, sheet in sheets:
        if not invites:
            left -= 1
        if invites or left >= 0:
            kept.append(sheet)
    return kept


def _hung(house: House, charter: Charter, item: Item, day: date) -> tuple[str, bool, Hung] | None:
    """The box of an item and its sheet on that day, and whether it invites comments; None when it
    hangs nowhere.
    """
    since = civil_day(item.opened_at, house.zone)
    if since > day or _gone_by(item, day, house.zone):
        return None
    opening = _shown(item, day, house.zone)
    if opening is None:
        return _lost(house, charter, item, since, day)
    edition = opening.edition
    if charter.wall.channel not in json.loads(edition.source)["channels"]:
        return None
    period = gathering.period_of(house, item)
    invites = period is not None and not period.over(day)
    until = period.last if period and invites else since + (charter.wall.days - 1) * DAY
    if day > until:
        return None
    title, number = edition.title.strip(), opening.number
    outcome = _outcome(opening, day, house.zone)
    sheet = Hung(item.address, number, title, edition.number, since, until, outcome=outcome)
    return edition.box, invites, sheet


def _lost(
    house: House, charter: Charter, item: Item, since: date, day: date
) -> tuple[str, bool, Hung] | None:
    """What hung before it was taken back, or before its first version was closed for privacy: all
    that is still known of it.
    """
    if day > since + (charter.wall.days - 1) * DAY:
        return None
    _category, box, _entry, number = items.filed_under(item)
    title = item.gone.title if item.gone else ""
    return box, False, Hung(item.address, number, title, 0, since)


def _gone_by(item: Item, day: date, zone: str) -> bool:
    return item.gone is not None and civil_day(item.gone.at, zone) <= day


def _shown(item: Item, day: date, zone: str) -> Opening | None:
    """The opening that stood at the end of ``day``, as far as it is still open."""
    stood = [each for each in item.openings if civil_day(each.at, zone) <= day]
    return stood[-1] if stood else None


def _outcome(opening: Opening, day: date, zone: str) -> str:
    """What its sheet said of an emergency at the end of ``day``."""
    found = opening.hastened
    if found is None:
        return ""
    decided = found.decided_at is not None and civil_day(found.decided_at, zone) <= day
    return found.outcome if decided else "waiting"


def _slot(
    category: Category,
    box: Box,
    before: Sequence[Hung],
    after: Sequence[Hung],
    found: dict[str, Item],
    day: date,
) -> Slot:
    then = {each.shows: each for each in before}
    now = {each.shows: each for each in after}
    standing = {each.address: each.edition for each in after}
    return Slot(
        category,
        box,
        up=[each for key, each in now.items() if key not in then],
        stays=[each for key, each in now.items() if key in then],
        down=[
            _down(each, found[each.address], standing, day)
            for key, each in then.items()
            if key not in now
        ],
    )


def _down(sheet: Hung, item: Item, standing: Mapping[str, int], day: date) -> Hung:
    if item.gone:
        why = "erased" if item.gone.erased else "withdrawn"
    elif sheet.address in standing:
        why = "replaced" if standing[sheet.address] != sheet.edition else "decided"
    else:
        why = "over" if sheet.until is None or sheet.until < day else "newer"
    return replace(sheet, why=why)
