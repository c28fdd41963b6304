"""Reads about the archive: what can be filed, what waits to be written, what came after."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Exists, OuterRef, Q, QuerySet

from gongkai.foundation.core import clock
from gongkai.foundation.ledger.models import PUBLIC_LOG, Cursor, Head, PublicRecord
from gongkai.foundation.ledger.queries import of_kinds
from gongkai.foundation.organisations.audience import is_public
from gongkai.foundation.organisations.models import Organisation
from gongkai.foundation.organisations.queries import Officer
from gongkai.foundation.organisations.states import Right
from gongkai.procedure.archive import posted
from gongkai.procedure.archive.models import Filing, Supplement
from gongkai.procedure.catalogue.models import CharterVersion
from gongkai.procedure.catalogue.periods import NOTICE, Period, comment_period
from gongkai.procedure.feedback.models import Answer, Case, Topic
from gongkai.procedure.feedback.states import UNANSWERED
from gongkai.procedure.proposals.models import Disclosure, Draft
from gongkai.procedure.publication.models import Erasure, Release
from gongkai.procedure.publication.queries import OPENED
from gongkai.procedure.publication.states import ReleaseState

ANSWERS, RECORDS, NOTES = "archive.answers", "archive.records", "archive.postings"
"""Names of the followers: how far answers and notes of postings (by time) and records (by log) have
been seen.
"""

ADDED_LATER = ("release", "withdrawal")
"""Kinds of records that change what a filed item says."""

LONGEST = timedelta(days=400)
"""Longer than any period that a charter can ask for: 250 working days, 365 days."""

SEALED = (
    "edition__review__draft__kind",
    "edition__review__charter__digest",
    "edition__review__charter__number",
)
"""What is read of an edition to count its period."""


def filing_of(disclosure: Disclosure) -> Filing | None:
    """The disclosure's 件, when it has been filed."""
    return Filing.objects.filter(disclosure=disclosure).first()


def to_file(organisation: Organisation) -> QuerySet[Disclosure]:
    """Disclosures in which nothing is open any more and that are not filed yet, oldest first.

    Among them those that still stand for comments; their page says until when (:func:`standing`).
    """
    own = OuterRef("pk")
    releases = Release.objects.filter(disclosure=own)
    drafts = Draft.objects.filter(disclosure=own).exclude(state__in=("sealed", "dropped"))
    cases = Case.objects.filter(disclosure=own, state__in=UNANSWERED)
    topics = Topic.objects.filter(became=own, case__state__in=UNANSWERED)
    return Disclosure.objects.filter(
        Exists(releases.filter(state__in=OPENED)),
        ~Exists(releases.filter(state=ReleaseState.PLANNED)),
        ~Exists(drafts),
        ~Exists(cases),
        ~Exists(topics),
        ~Exists(Filing.objects.filter(disclosure=own)),
        ~Exists(Erasure.objects.filter(disclosure=own)),
        organisation=organisation,
        filed=False,
    ).order_by("pk")


def waiting_for(officer: Officer) -> list[Disclosure]:
    """What this officer can file now; three queries."""
    if not officer.may(Right.FILE):
        return []
    kept = standing(officer.organisation)
    return list(to_file(officer.organisation).exclude(pk__in=kept))


@dataclass(frozen=True)
class Standing:
    """Until when a disclosure has to stand (公示期, 征求意见期), as what kind of document."""

    kind: str
    period: Period


def standing(organisation: Organisation, only: Disclosure | None = None) -> dict[int, Standing]:
    """By the key of each disclosure whose period is not over, the one that ends last; two queries.

    Each opening has its own, a correction's too: what was changed is looked at anew. It is counted
    by the charter that the edition was sealed under, whatever has changed since. Without ``only``,
    of those that are not filed.
    """
    now = clock.now()
    today = clock.civil_day(now, organisation.zone)
    found: dict[int, Standing] = {}
    for release in _inviting(organisation, now, only):
        review = release.edition.review
        assert release.opened_at is not None  # a constraint: an open release has its record
        period = comment_period(
            review.charter.charter,
            release.disclosure.entry.code,
            review.draft.kind,
            clock.civil_day(release.opened_at, organisation.zone),
            not is_public(release.audience),
        )
        before = found.get(release.disclosure_id)
        if period and not period.over(today) and not (before and before.period.last > period.last):
            found[release.disclosure_id] = Standing(review.draft.kind, period)
    return found


def _inviting(
    organisation: Organisation, now: datetime, only: Disclosure | None
) -> QuerySet[Release]:
    """The openings that may have such a period, without the sealed bytes."""
    versions = CharterVersion.objects.filter(organisation=organisation).defer("source")
    consulting = {
        entry.code for version in versions for entry in version.charter.entries if entry.consult
    }
    kinds = Q(edition__review__draft__kind=NOTICE) | Q(disclosure__entry__code__in=consulting)
    own = Disclosure.objects.filter(organisation=organisation)
    meant = own.filter(pk=only.pk) if only else own.filter(filed=False)
    opened = Release.objects.filter(
        kinds,
        disclosure__in=meant.values("pk"),
        state=ReleaseState.OPEN,
        opened_at__gt=now - LONGEST,
    )
    read = ("disclosure__entry", "edition__review__charter", "edition__review__draft")
    return opened.select_related(*read).only(
        "audience", "opened_at", "disclosure__entry__code", *SEALED
    )


def filings_to_write() -> QuerySet[Filing]:
    """Filings whose folder does not stand yet; those of erased items never will."""
    waiting = Filing.objects.filter(written_at__isnull=True, erased_at__isnull=True)
    return _kept(waiting).select_related("disclosure__organisation").order_by("pk")


def supplements_to_write() -> QuerySet[Supplement]:
    """Supplements whose folder does not stand yet, once their 件 does."""
    waiting = Supplement.objects.filter(
        written_at__isnull=True, filing__written_at__isnull=False, filing__erased_at__isnull=True
    )
    erased = _erasures("filing__disclosure")
    return waiting.filter(~Exists(erased)).select_related(
        "filing__disclosure__organisation", "answer__case"
    )


def copies_to_remove() -> QuerySet[Filing]:
    """Filings whose disclosure has been erased and whose copy may still stand.

    Asked each second: from the few erasures there are, not from all that was ever filed.
    """
    erased = Erasure.objects.filter(confirmed_at__isnull=False).values("disclosure")
    kept = Filing.objects.filter(erased_at__isnull=True, disclosure__in=erased)
    return kept.select_related("disclosure").order_by("pk")


def answers_after_filing(since: datetime) -> QuerySet[Answer]:
    """Answers settled from ``since`` on about items that were filed before them."""
    filed = Filing.objects.filter(
        disclosure=OuterRef("case__disclosure"), filed_at__lt=OuterRef("settled_at")
    )
    known = Supplement.objects.filter(answer=OuterRef("pk"))
    late = Answer.objects.filter(Exists(filed), ~Exists(known), settled_at__gte=since)
    return late.select_related("case__disclosure").order_by("settled_at", "pk")


def records_after_filing(since: int, until: int) -> QuerySet[PublicRecord]:
    """Corrections and withdrawals in this part of the log, of items that were filed before them."""
    filed = Filing.objects.filter(
        disclosure__address=OuterRef("subject"), filed_at__lt=OuterRef("at")
    )
    known = Supplement.objects.filter(record=OuterRef("pk"))
    late = of_kinds(PublicRecord.objects.filter(seq__gte=since, seq__lt=until), ADDED_LATER)
    return late.filter(Exists(filed), ~Exists(known)).order_by("seq")


def noted_after_filing(since: datetime, until: datetime) -> QuerySet[Filing]:
    """The 件 of which something was noted in this time, after they were filed: what was put up,
    seen, photographed, taken down, or read out with its minutes.
    """
    noted = posted.out().filter(noted_at__gt=since, noted_at__lte=until)
    theirs = noted.filter(release__disclosure=OuterRef("disclosure"))
    late = Filing.objects.filter(disclosure__in=noted.values("release__disclosure"))
    known = Supplement.objects.filter(filing=OuterRef("pk"), noted_until=until)
    late = late.filter(Exists(theirs.filter(noted_at__gt=OuterRef("filed_at"))), ~Exists(known))
    return _kept(late.filter(erased_at__isnull=True)).order_by("pk")


def noted_before(supplement: Supplement) -> datetime:
    """Until when notes of the postings are in the 件 without this supplement."""
    earlier = Supplement.objects.filter(
        filing=supplement.filing, noted_until__lt=supplement.noted_until
    )
    last = earlier.order_by("-noted_until").values_list("noted_until", flat=True).first()
    return last or supplement.filing.filed_at


def followed(name: str) -> int:
    """How far the follower ``name`` has come."""
    return Cursor.objects.filter(name=name).values_list("seq", flat=True).first() or 0


def exposed_size() -> int:
    """How many entries of the log readers may see."""
    return Head.objects.filter(name=PUBLIC_LOG).values_list("exposed_size", flat=True).first() or 0


def _kept(filings: QuerySet[Filing]) -> QuerySet[Filing]:
    return filings.filter(~Exists(_erasures("disclosure")))


def _erasures(path: str) -> QuerySet[Erasure]:
    return Erasure.objects.filter(disclosure=OuterRef(path), confirmed_at__isnull=False)
