"""What the board reads: open public records, and the places it gave them. Indexed, in portions."""

import logging
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import reduce
from itertools import islice
from operator import or_
from typing import Any, TypeVar

from django.db import connection
from django.db.models import Exists, F, Max, OuterRef, Q, QuerySet

from gongkai.foundation.ledger import keyring
from gongkai.foundation.ledger.models import PUBLIC_LOG, AudienceKey, PublicRecord
from gongkai.foundation.organisations.audience import ANONYMOUS, PUBLIC, Reader
from gongkai.foundation.seals import queries as seals
from gongkai.procedure.publication.audience import readable_records
from gongkai.surfaces.board import answered, briefs, items, rota, shelves, stamps, wall
from gongkai.surfaces.board.briefs import Issue
from gongkai.surfaces.board.items import Item
from gongkai.surfaces.board.models import Kept, Owed, Place, Shelf
from gongkai.surfaces.board.rota import Reception
from gongkai.surfaces.board.shelves import Cut

logger = logging.getLogger(__name__)

PORTION = 400
"""How many values one query names at most."""
CUTS_AT_ONCE = 50
"""How many ranges one query names: SQLite allows an expression to be 1,000 deep."""

STATEMENTS = (keyring.KIND, "restore")
STATED = (keyring.SUBJECTS[PUBLIC_LOG], "log")
"""The kinds and the subjects of records about the log itself."""

T = TypeVar("T")


def open_records() -> QuerySet[PublicRecord]:
    """Every record that anybody may read now; the one audience policy decides."""
    return readable_records(ANONYMOUS)


def public_records(start: int, stop: int) -> QuerySet[PublicRecord]:
    """The records with ``start <= seq < stop`` that were public, closed ones too, in log order.

    Closed ones keep their place in the lists; what they said is not rendered.
    """
    public = AudienceKey.objects.filter(record=OuterRef("pk"), key=PUBLIC)
    return PublicRecord.objects.filter(Exists(public), seq__gte=start, seq__lt=stop).order_by("seq")


def statements(exposed: int) -> list[PublicRecord]:
    """What was said of the log itself, the newest first: other keys, restores.

    Found by their subjects, which are two: by place SQLite would walk the whole log.
    """
    found = PublicRecord.objects.filter(kind__in=STATEMENTS, subject__in=STATED)
    told = [each for each in found if each.seq is not None and each.seq < exposed]
    return sorted(told, key=stamps.seq, reverse=True)


def certificates(exposed: int) -> list[PublicRecord]:
    """What was said of the certificates that seal PDFs, the oldest first.

    Found by their kind, of which there are few: by place SQLite would walk the whole log.
    """
    found = PublicRecord.objects.filter(kind=seals.KIND)
    told = [each for each in found if each.seq is not None and each.seq < exposed]
    return sorted(told, key=stamps.seq)


def unplaced(start: int, stop: int) -> list[PublicRecord]:
    """The public records with ``start <= seq < stop`` that may have no place in a list yet.

    A record that opened its item was given all places of that item at once.
    """
    records = public_records(start, stop)
    facts = dict(records.values_list("seq", "subject"))
    subjects = set(facts.values())
    opened = {
        place.seq
        for portion in portions(subjects)
        for place in Place.objects.filter(shelf__name=shelves.ALL, subject__in=portion)
    }
    wanted = [seq for seq in facts if seq not in opened]
    return list(records.filter(seq__in=wanted).defer("entry")) if wanted else []


def told_of_entries(start: int, stop: int) -> list[PublicRecord]:
    """The records of coverage with ``start <= seq < stop``, for whomever, in log order; of a
    portion of the log, since each record there is looked at.
    """
    here = PublicRecord.objects.filter(seq__gte=start, seq__lt=stop)
    # The kind is looked at here: asked for it, SQLite would walk all coverage there is.
    told = [key for key, kind in here.values_list("pk", "kind") if kind == items.COVERAGE]
    standing = PublicRecord.objects.filter(pk__in=told, closed_at__isnull=True)
    return list(standing.defer("entry").order_by("seq")) if told else []


def kept(reader: Reader, organisations: Iterable[str]) -> dict[str, dict[str, Mapping[str, Any]]]:
    """How the entries of these organisations are kept, as ``reader`` may see it: the latest row of
    each by organisation and entry.
    """
    open_now = readable_records(reader).filter(seq=OuterRef("seq"))
    found: dict[str, dict[str, Mapping[str, Any]]] = {}
    for portion in portions(organisations):
        rows = Kept.objects.filter(Exists(open_now), organisation__in=portion).order_by("seq")
        for organisation, entry, row in rows.values_list("organisation", "entry", "row"):
            found.setdefault(organisation, {})[entry] = row
    return found


def told_last(organisations: Iterable[str]) -> dict[str, int]:
    """Where in the log something was last told of the entries of each of these organisations."""
    return {
        organisation: last
        for portion in portions(organisations)
        for organisation, last in Kept.objects.filter(organisation__in=portion)
        .values_list("organisation")
        .annotate(Max("seq"))
    }


def to_remove() -> QuerySet[PublicRecord]:
    """Closed records whose pages may still stand, public or not."""
    waiting = PublicRecord.objects.filter(closed_at__isnull=False, removed_at__isnull=True)
    return waiting.order_by("id")


def items_of(addresses: Collection[str], kinds: Sequence[str]) -> dict[str, Item]:
    """The items with these addresses that ever were public, as their open ``kinds`` make them."""
    stands = {place.subject: place for place in _stands(addresses)}
    found: dict[str, list[PublicRecord]] = {address: [] for address in stands}
    for portion in portions(stands):
        for record in open_records().filter(subject__in=portion, kind__in=kinds):
            found[record.subject].append(record)
    read = {
        address: _read(address, stands[address].at, records) for address, records in found.items()
    }
    return {address: item for address, item in read.items() if item}


def answers_at(seqs: Iterable[int]) -> dict[int, answered.Answer]:
    """The open answers among the records with these log indices."""
    answers: dict[int, answered.Answer] = {}
    for portion in portions(seqs):
        for record in open_records().filter(seq__in=portion, kind=items.ANSWER):
            answers[stamps.seq(record)] = answered.answer(record)
    return answers


def receptions(names: Collection[str]) -> list[Reception]:
    """The reception days on these lists, each as announced last, by date: 2 queries."""
    subjects = set(Place.objects.filter(shelf__name__in=names).values_list("subject", flat=True))
    return rota.latest(
        record
        for portion in portions(subjects)
        for record in open_records().filter(subject__in=portion, kind=items.RECEPTION)
    )


def voices(subjects: Iterable[str]) -> dict[str, wall.Voice]:
    """The voices on the wall of these subjects, each as told last, by subject."""
    return wall.latest(
        record
        for portion in portions(subjects)
        for record in open_records().filter(subject__in=portion, kind=items.VOICE)
    )


def briefs_of(subjects: Iterable[str]) -> dict[str, Issue]:
    """The public issues of the brief with these subjects, as their open records make them."""
    told: dict[str, list[PublicRecord]] = {}
    for portion in portions(subjects):
        for record in open_records().filter(subject__in=portion, kind__in=briefs.KINDS):
            told.setdefault(record.subject, []).append(record)
    found = {subject: briefs.issue(records) for subject, records in told.items()}
    return {subject: issue for subject, issue in found.items() if issue}


def briefs_with(records: Iterable[PublicRecord]) -> set[str]:
    """The issues that name the items of these records."""
    names = {
        shelves.name(shelves.BRIEFS_WITH, record.organisation, record.subject)
        for record in records
        if record.kind in items.LISTED
    }
    return {subject for subjects in holders(names).values() for subject in subjects}


@dataclass(frozen=True)
class Waiting:
    """The voices to which an answer is owed (待答复): how many, how many of them late, and those
    due first; ``late`` and ``coming`` hold the first of each.
    """

    count: int
    overdue: int
    late: Sequence[wall.Voice]
    coming: Sequence[wall.Voice]


NOBODY = Waiting(0, 0, (), ())
"""Where nobody waits."""


def waiting(organisation: str, today: date, most: int) -> Waiting:
    """What is owed on the wall of an organisation: 4 queries at most, bounded by ``most`` rows and
    two ranges of an index.
    """
    open_now = Owed.objects.filter(organisation=organisation, open=True)
    count = open_now.count()
    if not count:
        return NOBODY
    late = open_now.filter(promised_on__lt=today).order_by("promised_on", "subject")
    due = open_now.filter(promised_on__gte=today).order_by("promised_on", "subject")
    named = [list(each.values_list("subject", flat=True)[:most]) for each in (late, due)]
    undated = open_now.filter(promised_on=None).order_by("subject")
    if len(named[1]) < most:
        named[1] += undated.values_list("subject", flat=True)[: most - len(named[1])]
    found = voices([subject for each in named for subject in each])
    shown = [[found[subject] for subject in each if subject in found] for each in named]
    return Waiting(count, late.count(), *shown)


def counted_of(records: Iterable[PublicRecord]) -> set[str]:
    """The names under which the voices of these records may be counted."""
    return {name for record in records if record.kind == items.VOICE for name in wall.names(record)}


def answers_about(subjects: Iterable[str]) -> set[str]:
    """Under which names the answers about these items stand on the wall."""
    return {
        answered.place_of_answer(subject, version)
        for portion in portions(subjects)
        for subject, version in PublicRecord.objects.filter(
            subject__in=portion, kind=items.ANSWER, seq__isnull=False
        ).values_list("subject", "version")
    }


def places_of(subjects: Iterable[str]) -> list[Place]:
    """Every place of these subjects, with its shelf."""
    return [
        place
        for portion in portions(subjects)
        for place in Place.objects.filter(subject__in=portion).select_related("shelf")
    ]


def places_on(cuts: Collection[Cut]) -> dict[Cut, list[Place]]:
    """The places on each of these pages, newest first."""
    found: dict[Cut, list[Place]] = {cut: [] for cut in cuts}
    names = _shelves({cut.shelf for cut in cuts})
    known = [(names[cut.shelf].pk, cut) for cut in found if cut.shelf in names]
    named = {shelf.pk: name for name, shelf in names.items()}
    for portion in portions(known, CUTS_AT_ONCE):
        ranges = reduce(or_, (_range(pk, cut) for pk, cut in portion))
        for place in Place.objects.filter(ranges).order_by("-ordinal"):
            found[shelves.cut_of(named[place.shelf_id], place.ordinal)].append(place)
    return found


def sizes(names: Iterable[str]) -> dict[str, int]:
    """How many places each of these lists has; 0 for one that is not there yet."""
    wanted = list(names)
    known = _shelves(wanted)
    return {name: known[name].size if name in known else 0 for name in wanted}


def parts(shelf: str) -> dict[str, int]:
    """The sizes of the lists below ``shelf`` by the last part of their names, in its order: of the
    months of an organisation by ``2026-11``, twelve a year.
    """
    rows = Shelf.objects.filter(_below(shelf)).order_by("name")
    return {name.rpartition(":")[2]: size for name, size in rows.values_list("name", "size")}


def parts_of(names: Iterable[str]) -> dict[str, dict[str, int]]:
    """The same of several lists at once: 1 query."""
    wanted = list(names)
    found: dict[str, dict[str, int]] = {name: {} for name in wanted}
    rows = Shelf.objects.filter(reduce(or_, map(_below, wanted))).order_by("name")
    for name, size in rows.values_list("name", "size"):
        above, _colon, code = name.rpartition(":")
        found[above][code] = size
    return found


def _below(shelf: str) -> Q:
    """The names that begin with ``shelf:``. SQLite finds a beginning by no index, but a range."""
    if connection.vendor == "sqlite":
        return Q(name__gt=f"{shelf}:", name__lt=f"{shelf};")  # what comes after the colon
    return Q(name__startswith=f"{shelf}:")


def newest_in(names: Iterable[str]) -> dict[str, Place]:
    """The newest place of each of these lists that has one."""
    newest = Place.objects.filter(ordinal=F("shelf__size") - 1).select_related("shelf")
    return {
        place.shelf.name: place
        for portion in portions(names)
        for place in newest.filter(shelf__name__in=portion)
    }


def last(shelf: str, size: int, count: int) -> list[Place]:
    """The newest ``count`` places of a list of ``size``, newest first."""
    places = Place.objects.filter(shelf__name=shelf, ordinal__gte=size - count)
    return list(places.order_by("-ordinal"))


def newest_of(names: Iterable[str]) -> dict[str, list[Place]]:
    """The newest places of each of these lists, a page full, newest first."""
    cuts = [cut for name, size in sizes(names).items() for cut in shelves.newest(name, size)]
    found: dict[str, list[Place]] = {cut.shelf: [] for cut in cuts}
    for cut, places in places_on(sorted(cuts, key=lambda cut: -cut.page)).items():
        found[cut.shelf] += places
    return {name: places[: shelves.PAGE] for name, places in found.items()}


def ordinals(subjects: Iterable[str]) -> list[int]:
    """Where these subjects stand in the list of everything."""
    return [place.ordinal for place in _stands(list(subjects))]


def changed_at(subjects: Iterable[str]) -> dict[str, datetime]:
    """The time of the newest open record of each of these items that has one."""
    found: dict[str, datetime] = {}
    for portion in portions(subjects):
        records = open_records().filter(subject__in=portion, kind__in=items.LISTED)
        found |= dict(records.order_by().values_list("subject").annotate(Max("at")))
    return found


def every_shelf() -> Iterator[Shelf]:
    """Every list that is paged, by name."""
    held = Q(name__startswith=f"{shelves.HELD}:")
    return Shelf.objects.exclude(held).order_by("name").iterator()


def held_by(subjects: Iterable[str]) -> set[str]:
    """The lists of the keys under which these subjects stand or stood."""
    return {
        name
        for portion in portions(subjects)
        for name in Place.objects.filter(
            subject__in=portion, shelf__name__startswith=f"{shelves.HELD}:"
        ).values_list("shelf__name", flat=True)
    }


def holders(names: Iterable[str]) -> dict[str, set[str]]:
    """The subjects in each of these lists of keys."""
    found: dict[str, set[str]] = {}
    for portion in portions(names):
        rows = Place.objects.filter(shelf__name__in=portion)
        for name, subject in rows.values_list("shelf__name", "subject"):
            found.setdefault(name, set()).add(subject)
    return found


def addresses(start: int, stop: int) -> list[str]:
    """The addresses at these ordinals of the list of everything."""
    places = Place.objects.filter(
        shelf__name=shelves.ALL, ordinal__gte=start, ordinal__lt=stop
    ).order_by("ordinal")
    return list(places.values_list("subject", flat=True))


def portions(values: Iterable[T], size: int = PORTION) -> Iterator[list[T]]:
    """The values in lists of at most ``size``."""
    rest = iter(values)
    while portion := list(islice(rest, size)):
        yield portion


def _read(address: str, at: datetime, records: Sequence[PublicRecord]) -> Item | None:
    """The item, or None with a report when its records cannot be understood.

    One that cannot keeps no other from its page.
    """
    try:
        return items.item(address, at, records)
    except (LookupError, TypeError, ValueError):
        logger.exception("records of %s cannot be read", address)
        return None


def _stands(addresses: Collection[str]) -> Iterator[Place]:
    for portion in portions(addresses):
        yield from Place.objects.filter(shelf__name=shelves.ALL, subject__in=portion)


def _shelves(names: Iterable[str]) -> dict[str, Shelf]:
    return {
        shelf.name: shelf
        for portion in portions(names)
        for shelf in Shelf.objects.filter(name__in=portion)
    }


def _range(shelf: int, cut: Cut) -> Q:
    # By the list's key, not its name: then each range is one walk along the index.
    ordinals = cut.ordinals
    return Q(shelf=shelf, ordinal__gte=ordinals.start, ordinal__lt=ordinals.stop)
