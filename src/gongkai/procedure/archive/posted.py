"""Where an item hung until it was filed, for its 件: postings with their evidence 张贴登记."""

from datetime import datetime
from typing import Any

from gongkai.foundation.core import clock
from gongkai.procedure.proposals.models import Disclosure
from gongkai.procedure.publication.models import Evidence, Posting
from gongkai.procedure.publication.posting_rules import WEBSITE


def of(disclosure: Disclosure) -> tuple[dict[str, Any], dict[str, str]]:
    """The record of what went out besides the website, and path and digest of each file that shows
    it; both empty where nothing did. What comes after filing stays at the office.
    """
    rows = Posting.objects.filter(release__disclosure=disclosure, since__isnull=False)
    rows = rows.exclude(channel=WEBSITE).select_related("release__edition").order_by("pk")
    postings = list(rows.defer("release__edition__data"))
    if not postings:
        return {}, {}
    files: dict[str, str] = {}
    shown = {posting.pk: _posting(posting) for posting in postings}
    kept = Evidence.objects.filter(posting__in=postings).select_related("file")
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
