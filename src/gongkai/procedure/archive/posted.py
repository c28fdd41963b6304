"""Where an item hung, for its 件 and what is added to it: postings with their evidence 张贴登记."""

from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet

from gongkai.foundation.core import clock
from gongkai.procedure.proposals.models import Disclosure
from gongkai.procedure.publication.models import Evidence, Posting
from gongkai.procedure.publication.posting_rules import WEBSITE

Span = tuple[datetime, datetime]
"""After when, and until when."""


def out() -> QuerySet[Posting]:
    """What went out besides the website."""
    return Posting.objects.filter(since__isnull=False).exclude(channel=WEBSITE)


def of(disclosure: Disclosure, noted: Span | None = None) -> tuple[dict[str, Any], dict[str, str]]:
    """The record of what went out besides the website, and path and digest of each file that shows
    it; both empty where nothing did. With ``noted``, of what was written down in that time alone.
    """
    rows = out().filter(release__disclosure=disclosure)
    kept = Evidence.objects.all()
    if noted:
        within = Q(noted_at__gt=noted[0], noted_at__lte=noted[1])
        rows, kept = rows.filter(noted_at__gt=noted[0]), kept.filter(within)
    rows = rows.select_related("release__edition").order_by("pk")
    postings = list(rows.defer("release__edition__data"))
    if not postings:
        return {}, {}
    files: dict[str, str] = {}
    shown = {posting.pk: _posting(posting) for posting in postings}
    kept = kept.filter(posting__in=postings).select_related("file")
    for evidence in kept.defer("file__text").order_by("pk"):
        path = ""
        if evidence.file and not evidence.file.erased_at:
            path = f"evidence/{len(files) + 1:02d}.{evidence.file.extension}"
            files[path] = evidence.file.digest
        shown[evidence.posting_id]["evidence"].append(_evidence(evidence, path))
    return {"format": "gongkai-postings/1", "postings": list(shown.values())}, files


def _posting(posting: Posting) -> dict[str, Any]:
    return {
        "channel": posting.channel,
        "edition": posting.release.edition.number,
        "scope": posting.release.scope,
        "state": posting.state,
        "since": _stamp(posting.since),
        "at": _stamp(posting.at),
        "post": posting.post,
        "said": posting.said,
        "evidence": [],
    }


def _evidence(evidence: Evidence, path: str) -> dict[str, Any]:
    return {
        "kind": evidence.kind,
        "at": _stamp(evidence.at),
        "place": evidence.place,
        "said": evidence.said,
        "post": evidence.post,
        "file": path,
    }


def _stamp(at: datetime | None) -> str:
    return clock.stamp(at) if at else ""
