"""Giving items their places. The board's only writes to the database, besides its cursor."""

from collections.abc import Iterable, Iterator, Sequence

from gongkai.foundation.ledger.durability import repeatable
from gongkai.foundation.ledger.models import PublicRecord
from gongkai.surfaces.board import items, queries, shelves
from gongkai.surfaces.board.models import Place, Shelf


@repeatable()
def shelve(records: Sequence[PublicRecord]) -> list[Place]:
    """Give what these public ``records`` open its place in each of its lists, in log order.

    Returns the places given now; what already stands somewhere stays there. *A crash leaves either
    all of the portion placed or nothing; the same portion again gives the same places.*
    """
    destroyed = _destroyed(records)
    wanted = [
        (shelf, subject, record)
        for record in sorted(records, key=items.seq)
        for shelf, subject in _due(record, destroyed)
    ]
    standing = {
        (place.shelf.name, place.subject)
        for place in queries.places_of({subject for _shelf, subject, _record in wanted})
    }
    rows = _locked({shelf for shelf, _subject, _record in wanted})
    made = []
    for shelf, subject, record in wanted:
        if (shelf, subject) in standing:
            continue
        standing.add((shelf, subject))
        made.append(_next(rows[shelf], subject, record))
    Place.objects.bulk_create(made, batch_size=200)
    Shelf.objects.bulk_update({place.shelf for place in made}, ["size"], batch_size=200)
    return made


def _due(record: PublicRecord, destroyed: dict[str, str]) -> Iterator[tuple[str, str]]:
    """The lists that a record stands in, each with the subject that stands there."""
    if record.kind == items.RELEASE:
        body = record.body if record.body != "{}" else destroyed.get(record.subject, "{}")
        for shelf in _lists(record.organisation, body):
            yield shelf, record.subject
    elif record.kind in (items.WITHDRAWAL, items.ERASURE):
        yield shelves.name(shelves.GONE, record.organisation), record.subject
    elif record.kind == items.ANSWER:
        yield (
            shelves.name(shelves.WALL, record.organisation),
            items.place_of_answer(record.subject, record.version),
        )


def _lists(organisation: str, body: str) -> Iterator[str]:
    yield shelves.ALL
    yield shelves.name(shelves.OF, organisation)
    if found := items.shelved_under(body):
        families = (shelves.ENTRY, shelves.CATEGORY, shelves.BOX)
        for family, code in zip(families, found, strict=True):
            if code:
                yield shelves.name(family, organisation, code)


def _destroyed(records: Iterable[PublicRecord]) -> dict[str, str]:
    """For releases whose body has been destroyed: what the tombstone says of their place."""
    empty = {record.subject for record in records if record.body == "{}"}
    if not empty:
        return {}
    tombstones = PublicRecord.objects.filter(subject__in=empty, kind=items.ERASURE)
    return dict(tombstones.values_list("subject", "body"))


def _locked(names: set[str]) -> dict[str, Shelf]:
    """The lists with these names, made where missing, held until the transaction ends."""
    Shelf.objects.bulk_create(
        (Shelf(name=name) for name in sorted(names)), ignore_conflicts=True, batch_size=200
    )
    rows = Shelf.objects.select_for_update().order_by("name")
    return {
        shelf.name: shelf
        for portion in queries.portions(sorted(names))
        for shelf in rows.filter(name__in=portion)
    }


def _next(shelf: Shelf, subject: str, record: PublicRecord) -> Place:
    place = Place(
        shelf=shelf, ordinal=shelf.size, subject=subject, seq=items.seq(record), at=record.at
    )
    shelf.size += 1
    return place
