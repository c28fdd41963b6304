"""Reads about the archive: what can be filed, what waits to be written, what came after."""

from datetime import datetime

from django.db.models import Exists, OuterRef, QuerySet

from gongkai.foundation.ledger.models import Cursor, Head, PublicRecord
from gongkai.foundation.organisations.models import Organisation
from gongkai.foundation.organisations.queries import Officer
from gongkai.foundation.organisations.states import Right
from gongkai.procedure.archive.models import Filing, Supplement
from gongkai.procedure.feedback.models import Answer, Case
from gongkai.procedure.feedback.states import CaseState
from gongkai.procedure.proposals.models import Disclosure, Draft
from gongkai.procedure.publication.models import Erasure, Release
from gongkai.procedure.publication.queries import OPENED
from gongkai.procedure.publication.states import ReleaseState

ANSWERS, RECORDS = "archive.answers", "archive.records"
"""Names of the two followers: how far answers (by time) and records (by log) have been seen."""

ADDED_LATER = ("release", "withdrawal")
"""Kinds of records that change what a filed item says."""


def filing_of(disclosure: Disclosure) -> Filing | None:
    """The disclosure's 件, when it has been filed."""
    return Filing.objects.filter(disclosure=disclosure).first()


def to_file(organisation: Organisation) -> QuerySet[Disclosure]:
    """Disclosures in which nothing is open any more and that are not filed yet, oldest first."""
    own = OuterRef("pk")
    releases = Release.objects.filter(disclosure=own)
    drafts = Draft.objects.filter(disclosure=own).exclude(state__in=("sealed", "dropped"))
    cases = Case.objects.filter(disclosure=own).exclude(state=CaseState.ANSWERED)
    return Disclosure.objects.filter(
        Exists(releases.filter(state__in=OPENED)),
        ~Exists(releases.filter(state=ReleaseState.PLANNED)),
        ~Exists(drafts),
        ~Exists(cases),
        ~Exists(Filing.objects.filter(disclosure=own)),
        ~Exists(Erasure.objects.filter(disclosure=own)),
        organisation=organisation,
    ).order_by("pk")


def waiting_for(officer: Officer) -> list[Disclosure]:
    """What this officer can file now; one query."""
    return list(to_file(officer.organisation)) if officer.may(Right.FILE) else []


def supplements(filing: Filing) -> QuerySet[Supplement]:
    """What came after filing, in its order."""
    return Supplement.objects.filter(filing=filing).order_by("number")


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
    """Filings whose disclosure has been erased and whose copy may still stand."""
    kept = Filing.objects.filter(erased_at__isnull=True).filter(Exists(_erasures("disclosure")))
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
    late = PublicRecord.objects.filter(seq__gte=since, seq__lt=until, kind__in=ADDED_LATER)
    return late.filter(Exists(filed), ~Exists(known)).order_by("seq")


def followed(name: str) -> int:
    """How far the follower ``name`` has come."""
    return Cursor.objects.filter(name=name).values_list("seq", flat=True).first() or 0


def exposed_size() -> int:
    """How many entries of the log readers may see."""
    return Head.objects.filter(pk=1).values_list("exposed_size", flat=True).first() or 0


def _kept(filings: QuerySet[Filing]) -> QuerySet[Filing]:
    return filings.filter(~Exists(_erasures("disclosure")))


def _erasures(path: str) -> QuerySet[Erasure]:
    return Erasure.objects.filter(disclosure=OuterRef(path), confirmed_at__isnull=False)
