"""What an issue of the brief says, from public records under the one audience policy."""

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from html.parser import HTMLParser
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery
from django.utils.translation import gettext_noop

from gongkai.foundation.core import canonical, clock
from gongkai.foundation.core.errors import Broken
from gongkai.foundation.files.models import StoredFile
from gongkai.foundation.ledger.models import PublicRecord
from gongkai.foundation.organisations import queries as organisations
from gongkai.foundation.organisations.audience import PUBLIC, Reader, is_public
from gongkai.foundation.organisations.models import Member, Organisation
from gongkai.foundation.organisations.queries import Officer
from gongkai.foundation.organisations.states import Right
from gongkai.procedure.archive.states import UNFINISHED
from gongkai.procedure.catalogue.charter import Charter
from gongkai.procedure.catalogue.queries import charter_of, decides
from gongkai.procedure.publication.audience import covers, readable_records
from gongkai.procedure.review.checking import read_words
from gongkai.procedure.review.checks.finding import Finding
from gongkai.surfaces.board import items
from gongkai.surfaces.board.briefs import ISSUE
from gongkai.surfaces.board.items import Gone, Opening
from gongkai.surfaces.channels.briefs.models import Brief, BriefItem, Copy, Recall
from gongkai.surfaces.channels.briefs.states import CHANNEL, PRINTED, BriefState, Share

FORMAT = "gongkai-brief/1"
KIND = ISSUE
"""The kind of an issue's public record."""
LEAD = gettext_noop("导语")
"""What the lead is called in what the checks find."""
OFFERED = 200
"""Items that a period offers at most, the newest."""
PORTION = 400

Facts = Mapping[str, Any]


@dataclass(frozen=True)
class Piece:
    """An item as a brief holds it now (一篇): without ``opening`` it may not stand there."""

    address: str
    share: str
    opening: Opening | None
    channel: bool = True
    gone: Gone | None = None

    @property
    def title(self) -> str:
        """Its title, or of what it was."""
        if self.opening:
            return self.opening.edition.title.strip()
        return self.gone.title if self.gone else ""

    @property
    def length(self) -> int:
        """Characters of its text."""
        return characters(self.opening.edition.body) if self.opening else 0


# -- briefs ----------------------------------------------------------------------------------------


def briefs(organisation: Organisation) -> QuerySet[Brief]:
    """Every brief of the organisation that was not dropped, newest first, without its facts."""
    found = Brief.objects.filter(organisation=organisation).exclude(state=BriefState.DROPPED)
    return found.select_related("organisation", "deposit").defer("facts").order_by("-pk")


def brief(organisation: Organisation, key: int) -> Brief | None:
    """The brief ``key`` of the organisation; none when it has none."""
    found = Brief.objects.filter(organisation=organisation, pk=key)
    rows = found.select_related("organisation", "deposit", "paper", "word", "drafter", "sealer")
    return rows.defer("paper__text", "word__text").first()


def brief_of(record: PublicRecord) -> Brief | None:
    """The brief that a public record of kind ``brief`` announced."""
    found = Brief.objects.filter(pk=int(record.subject.rpartition(":")[2]))
    return found.select_related("organisation", "paper", "word").first()


def unfinished(organisation: Organisation, scope: str, first: date, last: date) -> bool:
    """Whether a brief of just this period is in hand for these readers."""
    same = briefs(organisation).filter(scope=scope, first=first, last=last)
    return same.filter(state__in=UNFINISHED).exists()


def reads(officer: Officer, charter: Charter) -> bool:
    """Whether ``officer`` may look into briefs in hand: who writes, seals, supervises."""
    rights = (Right.PUBLISH, Right.SUPERVISE)
    return any(map(officer.may, rights)) or decides(officer, charter)


def waiting_for(officer: Officer, charter: Charter) -> list[Brief]:
    """The briefs in which the next act is this officer's: one query, or none."""
    states = [BriefState.DRAFT] if officer.may(Right.PUBLISH) else []
    if decides(officer, charter):
        states.append(BriefState.PROPOSED)
    if not states:
        return []
    found = briefs(officer.organisation).filter(state__in=states).order_by("pk")
    own = officer.member.key
    return [each for each in found if each.state == BriefState.DRAFT or own not in each.authors]


def to_make() -> QuerySet[Brief]:
    """Sealed briefs whose PDF and .docx the worker has still to make."""
    found = Brief.objects.filter(state=BriefState.SEALED, paper=None, erased_at=None, trouble="")
    return found.select_related("organisation").order_by("pk")


def to_file() -> QuerySet[Brief]:
    """Sealed briefs with their papers whose folder does not stand in the archive yet."""
    found = Brief.objects.filter(paper__isnull=False, deposit__written_at=None, erased_at=None)
    return found.select_related("organisation", "deposit", "paper", "word").order_by("pk")


def to_look_at() -> list[tuple[Brief, list[str]]]:
    """Sealed briefs with those of their items of which an edition was closed after the seal, and
    which nobody has looked at since: one query, and one more where there are some.
    """
    closed = PublicRecord.objects.filter(
        kind=items.RELEASE, subject=OuterRef("address"), closed_at__gte=OuterRef("brief__sealed_at")
    )
    done = Recall.objects.filter(brief=OuterRef("brief"), address=OuterRef("address"))
    rows = BriefItem.objects.filter(
        Exists(closed),
        ~Exists(done),
        brief__state=BriefState.SEALED,
        brief__erased_at=None,
        share__in=PRINTED,
    )
    found: dict[int, list[str]] = {}
    for key, address in rows.order_by("brief", "place").values_list("brief", "address"):
        found.setdefault(key, []).append(address)
    known = Brief.objects.filter(pk__in=found).select_related("organisation").order_by("pk")
    return [(each, found[each.pk]) for each in known]


def to_hand_out() -> list[Brief]:
    """Public sealed briefs whose files the board does not have, or not without what was taken from
    them since.
    """
    copies = Copy.objects.filter(brief=OuterRef("pk"))
    last = copies.order_by("-pk").values("at")[:1]
    later = Recall.objects.filter(brief=OuterRef("pk"), at__gte=OuterRef("handed_out_at"))
    found = Brief.objects.filter(
        state=BriefState.SEALED, paper__isnull=False, word__isnull=False, erased_at=None
    ).annotate(handed_out_at=Subquery(last))
    due = found.filter(Q(handed_out_at=None) | Exists(later))
    related = due.select_related("organisation", "paper", "word")
    rows = related.defer("paper__text", "word__text").order_by("pk")
    return [each for each in rows if is_public(each.audience)]


def last_copy(brief: Brief) -> Copy | None:
    """The files that the board hands out of it now."""
    return Copy.objects.filter(brief=brief).order_by("-pk").first()


def files_of(brief: Brief) -> list[StoredFile]:
    """Every file that was made of it."""
    made = Copy.objects.filter(brief=brief).select_related("paper", "word").order_by("pk")
    own = [each for each in (brief.paper, brief.word) if each is not None]
    files = {each.digest: each for each in own}
    files |= {each.digest: each for copy in made for each in (copy.paper, copy.word)}
    return list(files.values())


def erased_among(addresses: Collection[str]) -> bool:
    """Whether any of these items was erased."""
    found = PublicRecord.objects.filter(subject__in=list(addresses), kind=items.ERASURE)
    return found.exists()


def to_destroy() -> list[Brief]:
    """Sealed briefs that hold or name an item which was erased since."""
    erased = PublicRecord.objects.filter(kind=items.ERASURE, subject=OuterRef("address"))
    held = BriefItem.objects.filter(Exists(erased), brief=OuterRef("pk"))
    found = Brief.objects.filter(Exists(held), state=BriefState.SEALED, erased_at=None)
    return list(found.select_related("organisation", "deposit", "paper", "word").order_by("pk"))


# -- items -----------------------------------------------------------------------------------------


def offered(
    organisation: Organisation, audience: Collection[str], first: date, last: date
) -> list[Opening]:
    """What opened to all of ``audience`` in these days and names the brief among its channels, the
    oldest first; of more than a brief can hold the newest.
    """
    start = clock.start_of(first, organisation.zone)
    end = clock.start_of(last + timedelta(days=1), organisation.zone)
    found: dict[str, Opening] = {}
    seen: set[str] = set()
    records = _readable(audience).filter(kind=items.RELEASE, organisation=organisation.slug)
    for record in records.order_by("-seq").iterator(PORTION):
        if record.at < start - timedelta(days=1) or len(found) == OFFERED:
            break  # the order of the log is that of time, but for seconds
        if record.subject in seen or not covers(record.audience, audience):
            continue
        seen.add(record.subject)
        opening = items.opening(record)
        if start <= record.at < end and names_brief(opening):
            found[record.subject] = opening
    return list(found.values())[::-1]


def names_brief(opening: Opening) -> bool:
    """Whether the brief is among the channels that were sealed with the text."""
    return CHANNEL in json.loads(opening.edition.source).get("channels", ())


def address_of(opening: Opening) -> str:
    """The address of the item that an opening belongs to, as it was sealed."""
    return str(json.loads(opening.edition.source)["address"])


def pieces(brief: Brief) -> list[Piece]:
    """The items of a brief that is not sealed, in their order, as they stand now: 2 queries."""
    rows = list(BriefItem.objects.filter(brief=brief).order_by("place", "pk"))
    rows = [row for row in rows if row.share in PRINTED]
    standing, gone = _standing(brief.audience, [row.address for row in rows])
    return [
        Piece(
            row.address,
            row.share,
            opening := standing.get(row.address),
            channel=bool(opening and names_brief(opening)),
            gone=gone.get(row.address),
        )
        for row in rows
    ]


def told(brief: Brief) -> list[tuple[str, Gone]]:
    """What stood in earlier issues for the same readers, was taken back since, and was not yet
    told of: each with its address, in the order of the log.
    """
    sealed = Brief.objects.filter(
        organisation=brief.organisation,
        scope=brief.scope,
        state=BriefState.SEALED,
        erased_at=None,
    )
    rows = BriefItem.objects.filter(brief__in=sealed)
    done = rows.filter(share=Share.TOLD, address=OuterRef("address"))
    taken = PublicRecord.objects.filter(kind=items.WITHDRAWAL, subject=OuterRef("address"))
    open_to = rows.filter(~Exists(done), Exists(taken), share__in=PRINTED)
    addresses = sorted(set(open_to.values_list("address", flat=True)))
    _openings, gone = _standing(brief.audience, addresses)
    return sorted(gone.items(), key=lambda each: each[1].seq)


def _standing(
    audience: Collection[str], addresses: Sequence[str]
) -> tuple[dict[str, Opening], dict[str, Gone]]:
    """What of these items is open to all of ``audience``, and what was said in their place."""
    found: dict[str, Opening] = {}
    gone: dict[str, Gone] = {}
    kinds = (items.RELEASE, items.WITHDRAWAL, items.ERASURE)
    records = _readable(audience).filter(subject__in=list(addresses), kind__in=kinds)
    for record in records.order_by("seq"):
        if not covers(record.audience, audience):
            continue
        if record.kind == items.RELEASE:
            found[record.subject] = items.opening(record)
        elif taken := items.item(record.subject, record.at, [record]).gone:
            gone[record.subject] = taken
    return {key: each for key, each in found.items() if key not in gone}, gone


def _readable(audience: Iterable[str]) -> QuerySet[PublicRecord]:
    return readable_records(Reader(frozenset({PUBLIC, *audience})))


def read_by(reader: Reader, parts: Sequence[Facts]) -> dict[str, Opening]:
    """Of these items in a sealed brief the very editions that ``reader`` may still read, by
    address; 1 query.
    """
    wanted = {part["address"]: part["digest"] for part in parts}
    rows = readable_records(reader).filter(subject__in=list(wanted), kind=items.RELEASE)
    openings = [(record.subject, items.opening(record)) for record in rows.order_by("seq")]
    return {key: each for key, each in openings if each.edition.digest == wanted[key]}


def gone_from(brief: Brief, facts: Facts) -> frozenset[str]:
    """The addresses of what a sealed brief holds and its readers may not read any more."""
    reader = Reader(frozenset({PUBLIC, *brief.audience}))
    still = read_by(reader, facts["items"])
    return frozenset(part["address"] for part in facts["items"] if part["address"] not in still)


# -- what it says ----------------------------------------------------------------------------------


def facts(brief: Brief) -> dict[str, Any]:
    """What ``brief`` says: as it was sealed, or as it would be now. Empty once it is erased.

    ``Broken`` when what was sealed is not what its digest names.
    """
    if brief.erased_at:
        return {}
    if brief.facts is not None:
        data = bytes(brief.facts)
        if canonical.digest(data) != brief.digest:
            raise Broken(f"brief {brief.pk} is not what was sealed")
        found: dict[str, Any] = canonical.decode(data)
        return found
    charter = charter_of(brief.organisation)[1]
    return {
        "format": FORMAT,
        "organisation": brief.organisation.slug,
        "name": brief.organisation.name,
        "matter": charter.organisation.matter,
        "office": brief.drafter_post,
        "readers": charter.scope(brief.scope).name,
        "audience": sorted(brief.audience),
        "first": brief.first.isoformat(),
        "last": brief.last.isoformat(),
        "lead": brief.lead,
        "items": [_part(each, each.opening) for each in pieces(brief) if each.opening],
        "told": [
            {
                "address": address,
                "number": gone.number,
                "title": gone.title,
                "reason": gone.reason,
                "at": clock.stamp(gone.at),
            }
            for address, gone in told(brief)
            if not gone.erased
        ],
    }


def _part(piece: Piece, opening: Opening) -> dict[str, Any]:
    return {
        "address": piece.address,
        "share": piece.share,
        "public": opening.public,
        "number": opening.number,
        "opened_at": clock.stamp(opening.at),
        "digest": opening.edition.digest,
        "edition": opening.edition.source,
    }


def seen(brief: Brief) -> str:
    """A name for what ``brief`` says now, so that nobody seals what they have not read."""
    return canonical.digest(canonical.encode(facts(brief)))


def findings(brief: Brief, charter: Charter) -> list[Finding]:
    """What review's own checks find in the office's words."""
    return read_words(brief.organisation, [(LEAD, brief.lead)], charter).findings


def recipients(brief: Brief, posts: Sequence[str], on: date) -> list[Member]:
    """The members of the brief's audience who can be written to; only holders of ``posts`` where
    some are named.
    """
    found = organisations.readers_with(brief.audience, on)
    if posts:
        held = organisations.tenures_on(on).filter(
            post__organisation=brief.organisation, post__key__in=posts, post__retired=False
        )
        found = found.filter(pk__in=held.values("member"))
    reached = ~Q(account__email="") & Q(account__isnull=False, account__is_active=True)
    return list(found.filter(reached).select_related("account").order_by("pk"))


class _Counting(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.count = 0

    def handle_data(self, data: str) -> None:
        self.count += len(data.strip())


def characters(body: str) -> int:
    """How many characters the text of a body has."""
    counting = _Counting()
    counting.feed(body)
    return counting.count
