"""What a portion of records changes on the board."""

from collections.abc import Sequence
from dataclasses import dataclass

from gongkai.foundation.ledger.models import PublicRecord
from gongkai.surfaces.board import (
    answered,
    briefs,
    items,
    queries,
    shelves,
    wall,
)
from gongkai.surfaces.board.shelves import Cut

LOOSE = frozenset((items.POSTING, items.VOICE))
"""What most pages of an organisation say nothing of."""


@dataclass(frozen=True)
class Touched:
    """What a portion of records changes on the board: items, those whose attachments have to be
    laid out for reading, list pages, organisations, the entries (organisation, code) under which
    something now stands or reads differently, and the months of the rota (organisation, month).
    ``heard`` are the organisations of which voices moved and nothing else.
    """

    items: set[str]
    read: set[str]
    cuts: set[Cut]
    houses: set[str]
    heard: set[str]
    entries: set[tuple[str, str]]
    rota: set[tuple[str, str]]
    voices: set[str]
    briefs: set[str]


def by(records: Sequence[PublicRecord]) -> Touched:
    """What these records change, whether they opened or closed."""
    named, retold = set(), set()
    # Where an item hangs stands on its page alone: no list, home or feed follows it.
    telling = [record for record in records if record.kind != items.POSTING]
    for record in telling:
        named.add(record.subject)
        if record.kind == items.ANSWER:
            named.add(answered.place_of_answer(record.subject, record.version))
        elif record.kind == items.VOICE:
            named |= {reply.place for reply in wall.voice(record).replies}
        elif record.kind in items.LISTED:
            retold.add(record.subject)
    # The wall tells an item's title beside its answers, or no longer does.
    named |= queries.answers_about(retold)
    places = [p for p in queries.places_of(named) if not shelves.is_held(p.shelf.name)]
    entries = [p.shelf.name.split(":") for p in places if p.shelf.name.startswith("e:")]
    months = [p.shelf.name.split(":") for p in places if p.shelf.name.startswith("rota:")]
    houses = {record.organisation for record in records if record.kind not in LOOSE}
    return Touched(
        items={record.subject for record in records if record.kind in items.ITEM},
        read={record.subject for record in records if record.kind == items.RELEASE},
        cuts={cut for place in places for cut in shelves.touched(place.shelf.name, place.ordinal)},
        houses=houses,
        heard={record.organisation for record in telling} - houses,
        entries={(slug, code) for _family, slug, code in entries},
        rota={(slug, code) for _family, slug, code in months},
        voices={record.subject for record in records if record.kind == items.VOICE},
        briefs={record.subject for record in records if record.kind in briefs.KINDS}
        | queries.briefs_with(telling),
    )
