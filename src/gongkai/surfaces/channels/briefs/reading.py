"""What members see of the briefs 成员看简报: from public records alone, as they stand now.

An issue's record names its items and holds none of their words. So what is taken back or erased is
gone from these pages by itself, and from the copies handed out here.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from gongkai.foundation.core import clock
from gongkai.foundation.core.clock import civil_day
from gongkai.foundation.ledger.models import PublicRecord
from gongkai.foundation.ledger.queries import of_kinds
from gongkai.foundation.organisations.audience import Reader, is_public
from gongkai.procedure.publication.audience import readable_records
from gongkai.surfaces.board import excerpt, items
from gongkai.surfaces.channels.briefs import queries
from gongkai.surfaces.channels.briefs.models import Brief

PAGE = 30


@dataclass(frozen=True)
class Row:
    """A line of the list (一期)."""

    title: str
    name: str
    readers: str
    count: int
    href: str
    day: date


@dataclass(frozen=True)
class Part:
    """An item of an issue as its reader may see it (一篇)."""

    title: str
    href: str
    number: str
    day: date
    excerpt: str = ""
    gone: bool = False
    corrected: bool = False


@dataclass(frozen=True)
class Issue:
    """An issue with its items (一期简报)."""

    title: str
    number: str
    name: str
    readers: str
    inner: bool
    sealed_by: str
    at: datetime
    lead: str
    parts: Sequence[Part]
    told: Sequence[Part]
    ready: bool
    pdf: str
    word: str

    @property
    def gone(self) -> bool:
        """Whether something in it was taken away since."""
        return any(part.gone for part in self.parts)


def rows(reader: Reader, zone: str, before: int | None) -> tuple[list[Row], int | None]:
    """The issues open to ``reader``, newest first, further back than ``before``; and where the next
    page begins. One query.
    """
    records = of_kinds(readable_records(reader), [queries.KIND])
    if before is not None:
        records = records.filter(seq__lt=before)
    found = list(records.order_by("-seq")[: PAGE + 1])
    older = found[PAGE - 1].seq if len(found) > PAGE else None
    return [_row(record, zone) for record in found[:PAGE]], older


def record(reader: Reader, seq: int) -> PublicRecord | None:
    """The record of the issue at ``seq``, where ``reader`` may see it."""
    return readable_records(reader).filter(seq=seq, kind=queries.KIND).first()


def issue(reader: Reader, found: PublicRecord, zone: str) -> Issue:
    """The issue of which ``found`` is the record: 2 queries, and one for its papers."""
    body = json.loads(found.body)
    addresses = [part["address"] for part in body["items"]] + body["told"]
    kinds = (items.RELEASE, items.WITHDRAWAL, items.ERASURE)
    records: dict[str, list[PublicRecord]] = {}
    readable = readable_records(reader).filter(subject__in=addresses, kind__in=kinds)
    for each in readable.order_by("seq"):
        records.setdefault(each.subject, []).append(each)
    known = {key: items.item(key, own[0].at, own) for key, own in records.items()}
    brief = queries.brief_of(found)
    return Issue(
        title=_title(body),
        number=_number(body),
        name=body["name"],
        readers=body["readers"],
        inner=not is_public(found.audience),
        sealed_by=body["sealed_by"],
        at=clock.unstamp(body["sealed_at"]),
        lead=body["lead"],
        parts=[_part(part, known.get(part["address"]), zone) for part in body["items"]],
        told=[_told(address, known.get(address), zone) for address in body["told"]],
        ready=bool(brief and brief.paper_id),
        pdf=reverse("members:brief-paper", args=[found.seq]),
        word=reverse("members:brief-word", args=[found.seq]),
    )


def standing(found: PublicRecord) -> tuple[Brief, frozenset[str]] | None:
    """The brief behind a record that its reader may see, and what its copies leave out; None while
    the worker is at it.
    """
    brief = queries.brief_of(found)
    if brief is None or brief.paper is None or brief.word is None or brief.erased_at:
        return None
    return brief, queries.gone_from(brief, queries.facts(brief))


def _row(found: PublicRecord, zone: str) -> Row:
    body = json.loads(found.body)
    return Row(
        title=_title(body),
        name=body["name"],
        readers=body["readers"],
        count=len(body["items"]),
        href=reverse("members:brief", args=[found.seq]),
        day=civil_day(clock.unstamp(body["sealed_at"]), zone),
    )


def _part(part: dict[str, Any], item: items.Item | None, zone: str) -> Part:
    day = civil_day(clock.unstamp(part["opened_at"]), zone)
    openings = item.openings if item else ()
    own = [each for each in openings if each.edition.digest == part["digest"]]
    if item is None or not own or item.gone:
        gone = item.gone if item else None
        title = (gone.title if gone else "") or _("（已经撤下）")
        href = reverse("members:item", args=[part["address"]]) if item else ""
        return Part(title, href, gone.number if gone else part["address"], day, gone=True)
    return Part(
        title=own[-1].edition.title.strip(),
        href=reverse("members:item", args=[part["address"]]),
        number=own[-1].number,
        day=day,
        excerpt=excerpt.lead(own[-1].edition.body),
        corrected=openings[-1].edition.digest != part["digest"],
    )


def _told(address: str, item: items.Item | None, zone: str) -> Part:
    title = item.gone.title if item and item.gone and item.gone.title else address
    day = civil_day(item.opened_at if item else clock.now(), zone)
    return Part(title, reverse("members:item", args=[address]), address, day, gone=True)


def _title(body: dict[str, Any]) -> str:
    told = {"matter": body["matter"], "year": body["year"], "number": body["number"]}
    return _("%(matter)s简报%(year)s年第%(number)s期") % told


def _number(body: dict[str, Any]) -> str:
    return _("%(year)s年第%(number)s期") % {"year": body["year"], "number": body["number"]}
