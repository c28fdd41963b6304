"""What was newly said on the wall 回音壁新事: the newest voices, answers and removals."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Max

from gongkai.procedure.feedback.hanging import DOWN
from gongkai.surfaces.board import items, queries, shelves
from gongkai.surfaces.board.models import Place
from gongkai.surfaces.board.wall import Voice

FED = (shelves.WALL, shelves.VOICES_OF_UNIT)
"""The wall itself, and each department's part of it, have a feed."""
MONTHS = 2
"""Months back in which something was taken down whose tombstones the wall's feed tells of."""


@dataclass(frozen=True)
class News:
    """A voice as it stands now (新事), and when that was said last."""

    voice: Voice
    at: datetime


def walls_of(names: Collection[str]) -> set[str]:
    """The walls on which those of these lists stand that hold voices."""
    kinds = (name for name in names if name.partition(":")[0] == shelves.VOICES_OF_KIND)
    return {shelves.name(shelves.WALL, name.split(":")[1]) for name in kinds}


def newest(names: Collection[str]) -> dict[str, list[News]]:
    """The newest of each of these walls and departments, a page full, the newest first: 6 queries
    for few of them.

    A department's follows from its own voices and answers alone; the wall's has also what was
    taken down of late, however long it had hung.
    """
    fed = sorted(name for name in names if name.partition(":")[0] in FED)
    lists = _lists([name for name in fed if ":" in name])
    if not lists:
        return {name: [] for name in fed}  # on a board without a charter nobody has spoken
    places = queries.newest_of(sorted({each for own in lists.values() for each in own}))
    subjects = {
        name: _last([place for each in own for place in places[each]])
        for name, own in lists.items()
    }
    named = {subject for own in subjects.values() for subject in own}
    found, told = queries.voices(named), _told_at(named)
    return {name: [] for name in fed} | {
        name: [News(found[each], told[each]) for each in own if each in found and each in told]
        for name, own in subjects.items()
    }


def _lists(fed: Collection[str]) -> dict[str, list[str]]:
    """The lists in whose newest places the news of each of these stands."""
    slugs = sorted({name.split(":")[1] for name in fed})
    if not slugs:
        return {}
    families = (shelves.VOICES_OF_KIND, shelves.FIGURE, shelves.MODERATED)
    known = queries.parts_of(shelves.name(each, slug) for each in families for slug in slugs)
    return {name: list(_lists_of(name, known)) for name in fed}


def _lists_of(name: str, known: Mapping[str, Collection[str]]) -> Iterator[str]:
    family, slug, *code = name.split(":")
    figures = shelves.name(shelves.FIGURE, slug)
    if family == shelves.VOICES_OF_UNIT:
        yield name
        yield shelves.name(shelves.FIGURE, slug, f"{code[0]}.answered")
        return
    kinds = shelves.name(shelves.VOICES_OF_KIND, slug)
    yield from (f"{kinds}:{kind}" for kind in known[kinds])
    yield from (f"{figures}:{each}" for each in known[figures] if each.endswith(".answered"))
    moderated = shelves.name(shelves.MODERATED, slug)
    down = [each for each in known[moderated] if each.split(".")[1] == DOWN]
    months = sorted({each.partition(".")[0] for each in down})[-MONTHS:]
    yield from (f"{moderated}:{each}" for each in down if each.partition(".")[0] in months)


def _last(places: Collection[Place]) -> list[str]:
    """The voices of these places, each once, those first of which something was said last."""
    last: dict[str, int] = {}
    for place in places:
        subject = place.subject.partition(".")[0]  # "voice:….a1" is an answer to it
        last[subject] = max(place.seq, last.get(subject, 0))
    return sorted(last, key=lambda each: -last[each])[: shelves.PAGE]


def _told_at(subjects: Collection[str]) -> dict[str, datetime]:
    """When something was told last of each of these voices that still stands."""
    told: dict[str, datetime] = {}
    for portion in queries.portions(sorted(subjects)):
        records = queries.open_records().filter(subject__in=portion, kind=items.VOICE)
        told |= dict(records.order_by().values_list("subject").annotate(Max("at")))
    return told
