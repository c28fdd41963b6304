"""Giving items their places, and keeping what is told of entries. The board's only writes to the
database, besides its cursor.
"""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence

from gongkai.foundation.core import clock
from gongkai.foundation.ledger.durability import repeatable
from gongkai.foundation.ledger.models import PublicRecord
from gongkai.procedure.catalogue.charter import Charter
from gongkai.procedure.catalogue.periods import NOTICE
from gongkai.surfaces.board import (
    answered,
    briefs,
    finding,
    items,
    queries,
    rota,
    shelves,
    stamps,
    wall,
)
from gongkai.surfaces.board.houses import Town
from gongkai.surfaces.board.items import Label
from gongkai.surfaces.board.models import Kept, Owed, Place, Shelf


@repeatable()
def shelve(records: Sequence[PublicRecord], town: Town) -> list[Place]:
    """Give what these public ``records`` open its place in each of its lists, in log order.

    Returns the places given now; what already stands somewhere stays there. *A crash leaves either
    all of the portion placed or nothing; the same portion again gives the same places.*
    """
    ordered = sorted(records, key=stamps.seq)
    answers = queries.answers_about(r.subject for r in ordered if r.kind == items.ERASURE)
    names = {_name(record) for record in ordered} | queries.counted_of(ordered)
    found = _Found(town, ordered, answers, queries.places_of(names | answers))
    wanted = [
        (shelf, subject, record) for record in ordered for shelf, subject in found.due(record)
    ]
    rows = _locked({shelf for shelf, _subject, _record in wanted})
    made = []
    for shelf, subject, record in wanted:
        if (shelf, subject) in found.standing:
            continue
        found.standing.add((shelf, subject))
        made.append(_next(rows[shelf], subject, record))
    Place.objects.bulk_create(made, batch_size=200)
    Shelf.objects.bulk_update({place.shelf for place in made}, ["size"], batch_size=200)
    _forget(ordered)
    return made


@repeatable()
def keep(records: Iterable[PublicRecord]) -> int:
    """Note what these records of coverage tell of entries, whoever may read it. Returns how many
    rows they tell.

    *The same records again, or older ones, change nothing.*
    """
    told: dict[tuple[str, str, str], Kept] = {}
    for record in sorted(records, key=stamps.seq):
        audience = " ".join(sorted(record.audience))
        for row in json.loads(record.body)["rows"]:
            key = (record.organisation, row["entry"], audience)
            told[key] = Kept(
                organisation=record.organisation,
                entry=row["entry"],
                audience=audience,
                seq=stamps.seq(record),
                row=row,
            )
    newer = _newest(told)
    Kept.objects.bulk_create(
        newer,
        batch_size=200,
        update_conflicts=True,
        unique_fields=["organisation", "entry", "audience"],
        update_fields=["seq", "row"],
    )
    return len(told)


@repeatable()
def note_owed(records: Iterable[PublicRecord]) -> int:
    """Note of each voice among these records whether an answer is owed, and by when. Returns of how
    many.

    *The same records again, or older ones, change nothing.*
    """
    told: dict[str, Owed] = {}
    for record in sorted(records, key=stamps.seq):
        if record.kind == items.VOICE:
            found = wall.voice(record)
            told[record.subject] = Owed(
                subject=record.subject,
                organisation=record.organisation,
                seq=stamps.seq(record),
                open=found.open,
                promised_on=found.promised_on,
            )
    known = {
        subject: seq
        for portion in queries.portions(told)
        for subject, seq in Owed.objects.filter(subject__in=portion).values_list("subject", "seq")
    }
    Owed.objects.bulk_create(
        [owed for subject, owed in told.items() if owed.seq > known.get(subject, -1)],
        batch_size=200,
        update_conflicts=True,
        unique_fields=["subject"],
        update_fields=["seq", "open", "promised_on"],
    )
    return len(told)


def _newest(told: Mapping[tuple[str, str, str], Kept]) -> list[Kept]:
    """Those that are not known yet, or only as an older record told them."""
    slugs = {organisation for organisation, _entry, _audience in told}
    known = {
        (organisation, entry, audience): seq
        for portion in queries.portions(sorted(slugs))
        for organisation, entry, audience, seq in Kept.objects.filter(
            organisation__in=portion
        ).values_list("organisation", "entry", "audience", "seq")
    }
    return [kept for key, kept in told.items() if kept.seq > known.get(key, -1)]


def _forget(records: Iterable[PublicRecord]) -> None:
    """Of what has been erased, no digest stays behind either, but that of the tombstone's number.

    The files went before: removals wait for nothing, and come before any shelving.
    """
    for record in records:
        if record.kind != items.ERASURE:
            continue
        kept = [shelves.name(shelves.HELD, key) for key in finding.keys_in(record)]
        places = Place.objects.filter(
            subject=record.subject, shelf__name__startswith=f"{shelves.HELD}:"
        ).exclude(shelf__name__in=kept)
        emptied = list(places.values_list("shelf", flat=True))
        places.delete()
        standing = Place.objects.filter(shelf__in=emptied).values("shelf")
        Shelf.objects.filter(pk__in=emptied).exclude(pk__in=standing).delete()


class _Found:
    """A portion of records, with what stands already: which lists is each due in?"""

    def __init__(
        self,
        town: Town,
        records: Sequence[PublicRecord],
        answers: set[str],
        places: Sequence[Place],
    ) -> None:
        self.town = town
        self.answers = answers
        self.standing = {(place.shelf.name, place.subject) for place in places}
        self.destroyed = _destroyed(records)
        self.openings = {p.subject: p.seq for p in places if p.shelf.name == shelves.ALL}
        for record in records:
            if record.kind == items.RELEASE:
                self.openings.setdefault(record.subject, stamps.seq(record))

    def due(self, record: PublicRecord) -> Iterator[tuple[str, str]]:
        """The lists that ``record`` gives a place in, each with the subject that stands there."""
        name = _name(record)
        for family, code in self._families(record):
            organisation = "" if family == shelves.ALL else record.organisation
            yield shelves.name(family, organisation, code), name
        if record.kind == items.VOICE:
            for family, code, who in wall.due(record, self._zone(record)):
                yield shelves.name(family, record.organisation, code), who
        if record.kind in items.LISTED:
            yield from ((shelves.name(shelves.HELD, key), name) for key in finding.keys_in(record))
        if record.kind == items.ERASURE:
            kept, lost = (
                shelves.name(family, record.organisation) for family in (shelves.KEPT, shelves.LOST)
            )
            mine = [
                each for each in sorted(self.answers) if answered.case_of(each) == record.subject
            ]
            yield from ((lost, each) for each in mine if (kept, each) in self.standing)
            yield from self._unsaid(set(mine))

    def _unsaid(self, destroyed: set[str]) -> Iterator[tuple[str, str]]:
        """Where the destroyed answers that were counted by their outcome are counted off."""
        for shelf, name in sorted(self.standing):
            family, _, rest = shelf.partition(":")
            if name in destroyed and family == shelves.ENDED:
                yield f"{shelves.UNSAID}:{rest}", name

    def _families(self, record: PublicRecord) -> Iterator[tuple[str, str]]:
        match record.kind:
            case items.RELEASE:
                yield from self._opened(record)
            case items.WITHDRAWAL | items.ERASURE:
                yield shelves.GONE, ""
            case items.ANSWER:
                yield shelves.WALL, ""
                if answered.kept_promise(record.body, self._zone(record)):
                    yield shelves.KEPT, ""
                yield from self._ended(record)
            case items.REPORT:
                yield from self._ended(record)
            case items.RECEPTION:
                yield shelves.ROTA, rota.month_of(record.body)
            case briefs.ISSUE | briefs.EMPTIED:
                yield from briefs.due(record)

    def _ended(self, record: PublicRecord) -> Iterator[tuple[str, str]]:
        if ending := answered.ending(record.body, self._zone(record)):
            yield shelves.ENDED, ending.code

    def _opened(self, record: PublicRecord) -> Iterator[tuple[str, str]]:
        yield shelves.ALL, ""
        yield shelves.OF, ""
        if stamps.seq(record) > self.openings[record.subject]:
            yield shelves.FIXED, ""
        else:
            day = clock.civil_day(record.at, self._zone(record))
            yield shelves.MONTH, f"{day:%Y-%m}"
        body = record.body if record.body != "{}" else self.destroyed.get(record.subject, "{}")
        if label := items.label(body):
            families = {
                shelves.ENTRY: label.entry,
                shelves.CATEGORY: label.category,
                shelves.BOX: label.box,
            }
            yield from ((family, code) for family, code in families.items() if code)
            house = self.town.house(record.organisation)
            if _invites(label, house.charter_at(stamps.seq(record))):
                yield shelves.COMMENT, ""

    def _zone(self, record: PublicRecord) -> str:
        """The zone in force then: a later charter moves nothing into another month."""
        return self.town.house(record.organisation).zone_at(stamps.seq(record))


def _name(record: PublicRecord) -> str:
    """Under which name what ``record`` opens stands in the lists."""
    if record.kind == items.ANSWER:
        return answered.place_of_answer(record.subject, record.version)
    if record.kind == items.REPORT:
        return answered.place_of_report(record.subject, record.version)
    return record.subject


def _invites(label: Label, charter: Charter | None) -> bool:
    """Whether comments are invited on a thing with this label, for however long."""
    entries = charter.entries if charter else ()
    return label.kind == NOTICE or any(e.consult for e in entries if e.code == label.entry)


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
        shelf=shelf, ordinal=shelf.size, subject=subject, seq=stamps.seq(record), at=record.at
    )
    shelf.size += 1
    return place
