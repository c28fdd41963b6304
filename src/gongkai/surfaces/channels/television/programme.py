"""What is on television today 播什么: public items on show whose sealed channels name it."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.conf import settings

from gongkai.foundation.core import canonical, clock
from gongkai.surfaces.board import gathering, items, queries, shelves
from gongkai.surfaces.board.houses import House
from gongkai.surfaces.board.items import Item, Opening
from gongkai.surfaces.channels.paper import body
from gongkai.surfaces.channels.television import timing, words
from gongkai.surfaces.channels.television.states import CHANNEL

FORMAT = "gongkai-television/1"
"""Of how a loop looks; another one is made anew."""
LONGEST = 15 * 60
"""Seconds of one loop, by what its texts weigh: more nobody waits through."""
AROUND = timing.LEAST + timing.SCANNED
"""Seconds of an item beside its text: its title, and its code."""
LOOKED_AT = 500
"""Openings that are looked at, from the newest back."""


@dataclass(frozen=True)
class Programme:
    """What is on (节目单): the items in their order, and how many found no room."""

    items: Sequence[Item]
    left: int
    content: str


def programme(house: House, today: date) -> Programme:
    """What is on show on that day: what invites comments first, then the newest. The same few
    queries for any board.
    """
    shown = [(item, opening) for item in _found(house, today) if (opening := item.current)]
    on = [
        (_rank(house, item, opening, today), item)
        for item, opening in shown
        if _names(opening) and _on_show(house, item, opening, today)
    ]
    order = [item for _rank_of, item in sorted(on, key=lambda each: each[0])]
    room = _room(order)
    return Programme(order[:room], len(order) - room, content(house, order[:room]))


def _room(order: Sequence[Item]) -> int:
    """How many of these items one loop has room for."""
    spent = 0.0
    for number, item in enumerate(order):
        spent += AROUND + _seconds(item)
        if spent > LONGEST:
            return number
    return len(order)


def _seconds(item: Item) -> float:
    if item.current is None:
        return 0.0
    paragraphs, _cut = words.told(body.nodes(item.current.edition.body))
    return timing.weight("".join(paragraphs)) / timing.SPEED


def content(house: House, shown: Sequence[Item]) -> str:
    """A name for what a loop of these items says."""
    charter = house.charter
    told = {
        "format": FORMAT,
        "board": settings.BOARD_URL,
        "name": house.name,
        "telephones": [
            [each.name, each.number]
            for each in (charter.organisation.telephones if charter else ())
        ],
        "items": [[item.address, _digest(item)] for item in shown],
    }
    return canonical.digest(canonical.encode(told))


def _digest(item: Item) -> str:
    return item.current.edition.digest if item.current else ""


def _found(house: House, today: date) -> list[Item]:
    """What opened lately, and all that invites comments: 5 queries."""
    since = clock.start_of(today - timedelta(days=_days(house)), house.zone)
    recent = queries.open_records().filter(
        kind=items.RELEASE, organisation=house.slug, at__gte=since
    )
    subjects = set(recent.order_by("-seq").values_list("subject", flat=True)[:LOOKED_AT])
    invited = queries.newest_of([house.shelf(shelves.COMMENT)])
    subjects |= {place.subject for places in invited.values() for place in places}
    return list(queries.items_of(sorted(subjects), items.LISTED).values())


def _days(house: House) -> int:
    return house.charter.wall.days if house.charter else 0


def _names(opening: Opening) -> bool:
    return CHANNEL in json.loads(opening.edition.source).get("channels", ())


def _on_show(house: House, item: Item, opening: Opening, today: date) -> bool:
    period = gathering.period_of(house, item)
    if period is not None and not period.over(today):
        return True
    return today < clock.civil_day(opening.at, house.zone) + timedelta(days=_days(house))


def _rank(house: House, item: Item, opening: Opening, today: date) -> tuple[bool, int, str]:
    period = gathering.period_of(house, item)
    invites = period is not None and not period.over(today)
    return not invites, -opening.seq, item.address
