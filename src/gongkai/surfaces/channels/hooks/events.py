"""What there is to tell: openings, withdrawals and erasures that anybody may read now.

An opening that has been closed meanwhile is not told: the one audience policy leaves it out.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.conf import settings

from gongkai.foundation.core import canonical, clock
from gongkai.foundation.ledger.models import PublicRecord
from gongkai.surfaces.board import addresses, items, stamps
from gongkai.surfaces.board import queries as board
from gongkai.surfaces.board.houses import House

FORMAT = "gongkai-hook/1"
AT_ONCE = 500
"""Places of the log that are looked at in one go."""


@dataclass(frozen=True)
class Event:
    """One thing to tell (一件要推送的事); its place in the log, ``seq``, names it for ever.

    Of an erasure nothing is told but that it was: ``title``, ``category``, ``entry`` are empty.
    """

    seq: int
    kind: str
    organisation: str
    item: str
    title: str
    category: str
    entry: str
    digest: str
    corrected: bool
    on: date
    recorded: str
    record: str
    proof: str

    @property
    def page(self) -> str:
        """The item's permanent address."""
        return f"{settings.BOARD_URL}{addresses.item(self.item)}"

    @property
    def payload(self) -> dict[str, Any]:
        """What a program is told."""
        return {
            "format": FORMAT,
            "seq": self.seq,
            "log": settings.LOG_ORIGIN,
            "kind": self.kind,
            "corrected": self.corrected,
            "organisation": self.organisation,
            "item": self.item,
            "url": self.page,
            "title": self.title,
            "category": self.category,
            "entry": self.entry,
            "digest": self.digest,
            "at": self.recorded,
            "record": f"{settings.BOARD_URL}{self.record}",
            "proof": f"{settings.BOARD_URL}{self.proof}",
        }


def first(house: House, categories: Iterable[str], start: int, stop: int) -> Event | None:
    """The first thing that one organisation has to tell with ``start <= seq < stop``.

    Of ``categories``, or of all if none is given; an erasure, which has none, is always told.
    """
    wanted = frozenset(categories)
    found = board.open_records().filter(
        organisation=house.slug, kind__in=items.LISTED, seq__gte=start, seq__lt=stop
    )
    for record in found.order_by("seq").iterator(chunk_size=20):
        event = told(record, house.zone)
        if not wanted or not event.category or event.category in wanted:
            return event
    return None


def told(record: PublicRecord, zone: str) -> Event:
    """What an open record of a release, a withdrawal or an erasure tells."""
    title, category, entry, digest, corrected, at = _said(record)
    gone = record.kind != items.RELEASE
    subject = record.subject
    return Event(
        seq=stamps.seq(record),
        kind=record.kind,
        organisation=record.organisation,
        item=subject,
        title=title,
        category=category,
        entry=entry,
        digest=digest,
        corrected=corrected,
        on=clock.civil_day(at, zone),
        recorded=clock.stamp(record.at),
        record=addresses.tombstone(subject) if gone else addresses.sealed(subject, record.version),
        proof=addresses.taken_back(subject) if gone else addresses.opened(subject, record.version),
    )


def _said(record: PublicRecord) -> tuple[str, str, str, str, bool, Any]:
    if record.kind == items.RELEASE:
        opening = items.opening(record)
        edition = opening.edition
        title = " ".join(edition.title.split())
        place = (title, edition.category, edition.entry, edition.digest)
        return (*place, bool(opening.note), opening.at)
    digest = canonical.digest(record.body.encode())
    gone = items.item(record.subject, record.at, [record]).gone
    assert gone is not None, "the record of a withdrawal or an erasure is a tombstone"
    if gone.erased:
        return "", "", "", digest, False, gone.at
    return " ".join(gone.title.split()), gone.category, gone.entry, digest, False, gone.at
