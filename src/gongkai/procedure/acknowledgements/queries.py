"""Reads about confirmations: what a member is asked for, who of an edition has still to confirm."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet

from gongkai.foundation.ledger.models import PUBLIC_LOG, Cursor, Head, PublicRecord
from gongkai.foundation.organisations.audience import is_public
from gongkai.foundation.organisations.models import Member, Organisation
from gongkai.foundation.organisations.queries import readers_with, subtree
from gongkai.procedure.acknowledgements.models import Acknowledgement, Circular
from gongkai.procedure.proposals.models import Disclosure
from gongkai.procedure.publication.models import Release
from gongkai.procedure.publication.states import ReleaseState

CURSOR = "acknowledgements"


def position() -> tuple[int, int]:
    """Up to where openings have been looked at, and up to where the log is exposed."""
    done = Cursor.objects.filter(name=CURSOR).values_list("seq", flat=True).first()
    exposed = Head.objects.filter(name=PUBLIC_LOG).values_list("exposed_size", flat=True).first()
    return done or 0, exposed or 0


def openings(start: int, stop: int) -> list[Release]:
    """The releases for members alone that opened in this portion of the log and still stand, in
    the order in which they opened.
    """
    records = PublicRecord.objects.filter(seq__gte=start, seq__lt=stop)
    rows = records.order_by("seq").values_list("pk", "kind", "audience")
    # The kind is looked at here: asked for it, SQLite would walk every release there is.
    inner = [key for key, kind, audience in rows if kind == "release" and not is_public(audience)]
    found = Release.objects.filter(record__in=inner, state=ReleaseState.OPEN).order_by("record")
    return list(found.select_related("edition", "disclosure__organisation", "disclosure__entry"))


def asked_by(organisation: Organisation, keys: Iterable[str], on: date) -> QuerySet[Member]:
    """Whom ``organisation`` may ask among the readers of ``keys`` on that day: its own members and
    those of the bodies below it. Who else may read is not answerable to it.
    """
    return readers_with(keys, on).filter(organisation__in=subtree(organisation))


def asked_of(member: Member) -> QuerySet[Acknowledgement]:
    """What ``member`` was asked for and has not confirmed, newest first; some of it may be gone."""
    rows = Acknowledgement.objects.filter(member=member, confirmed_at__isnull=True)
    found = rows.select_related("circular__edition", "circular__disclosure").order_by("-pk")
    return found.defer("circular__edition__data")


def asked(member: Member, digest: str) -> Acknowledgement | None:
    """What ``member`` was asked for about the edition with this digest; none for most."""
    rows = Acknowledgement.objects.filter(member=member, circular__edition__digest=digest)
    return rows.first()


@dataclass(frozen=True)
class Reading:
    """How an edition has been read (阅读情况).

    ``owed`` are those who were asked, may still read the edition as the newest, and have not
    confirmed; ``excused`` those who have not and are not asked any more. Once the names are gone
    all three are empty and the numbers remain.
    """

    circular: Circular
    confirmed: Sequence[Acknowledgement]
    owed: Sequence[Acknowledgement]
    excused: Sequence[Acknowledgement]

    @property
    def asked_count(self) -> int:
        """How many were asked."""
        if self.circular.names_gone_at:
            return self.circular.asked
        return len(self.confirmed) + len(self.owed) + len(self.excused)

    @property
    def confirmed_count(self) -> int:
        """How many have confirmed."""
        gone = self.circular.names_gone_at
        return self.circular.confirmed if gone else len(self.confirmed)


def readings(disclosure: Disclosure, today: date) -> list[Reading]:
    """How each edition of ``disclosure`` has been read, the newest first; the same few queries
    however many members.
    """
    circulars = Circular.objects.filter(disclosure=disclosure).select_related("edition")
    newest = list(circulars.defer("edition__data").order_by("-edition__number"))
    if not newest:
        return []
    rows = Acknowledgement.objects.filter(circular__in=newest).select_related(
        "member__account", "member__organisation"
    )
    known = {each.pk: each for each in newest}
    of: dict[int, list[Acknowledgement]] = {each.pk: [] for each in newest}
    for row in rows.order_by("member__name", "pk"):
        row.circular = known[row.circular_id]
        of[row.circular_id].append(row)
    owed = still_owed([row for each in of.values() for row in each], today)
    return [
        Reading(
            circular,
            confirmed=[row for row in of[circular.pk] if row.confirmed_at],
            owed=[row for row in of[circular.pk] if row.pk in owed],
            excused=[row for row in of[circular.pk] if not row.confirmed_at and row.pk not in owed],
        )
        for circular in newest
    ]


def still_owed(rows: Iterable[Acknowledgement], today: date) -> set[int]:
    """The keys of those of ``rows`` that are still owed: not confirmed, and of the newest edition
    that the member may read today. A correction or a withdrawal ends it, and so does whatever
    takes the member's last key.

    As many queries as there are different audiences, and two.
    """
    mine = [row for row in rows if row.confirmed_at is None]
    standing = Release.objects.filter(
        disclosure__in={row.circular.disclosure_id for row in mine}, state=ReleaseState.OPEN
    )
    readers: dict[frozenset[str], set[int]] = {}
    newest: dict[tuple[int, int], int] = {}
    for item, number, audience in standing.order_by("edition__number").values_list(
        "disclosure", "edition__number", "audience"
    ):
        keys = frozenset(audience)
        if keys not in readers:
            readers[keys] = set(readers_with(keys, today).values_list("pk", flat=True))
        newest |= {(item, member): number for member in readers[keys]}
    return {
        row.pk
        for row in mine
        if newest.get((row.circular.disclosure_id, row.member_id)) == row.circular.edition.number
    }


def to_remind(before: date) -> list[Organisation]:
    """The organisations that asked somebody whose last day lies before that day, in no order."""
    late = Acknowledgement.objects.filter(
        confirmed_at__isnull=True, reminded=False, due_on__lt=before
    )
    asking = late.values_list("circular__disclosure__organisation", flat=True).distinct()
    return list(Organisation.objects.filter(pk__in=asking))


def late(organisation: Organisation, today: date, most: int) -> list[Acknowledgement]:
    """Whose last day is over and who was not reminded yet, owed still or not; at most so many."""
    rows = Acknowledgement.objects.filter(
        confirmed_at__isnull=True,
        reminded=False,
        due_on__lt=today,
        circular__disclosure__organisation=organisation,
    )
    found = rows.select_related("circular__edition", "circular__disclosure", "member__account")
    return list(found.defer("circular__edition__data").order_by("member", "pk")[:most])


def to_destroy(ahead: date) -> QuerySet[Circular]:
    """Whose names may have to go by that day."""
    rows = Circular.objects.filter(names_gone_at__isnull=True, destroy_on__lte=ahead)
    return rows.select_related("disclosure__organisation", "edition").defer("edition__data")
