"""What a 件 holds: text, attachments, approval, feedback and proof, gathered from the database.

Reads only, and renders outside any transaction. ``None`` means that a record still waits for the
log: the next pass tries again, for a 件 without its proofs would have to be opened later.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any
from urllib.parse import quote

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import translation

from gongkai.foundation.core import canonical, clock
from gongkai.foundation.ledger.models import PublicRecord
from gongkai.foundation.ledger.queries import proof
from gongkai.procedure.archive import posted, queries, voices
from gongkai.procedure.archive.folders import Content, safe
from gongkai.procedure.archive.models import Deposit, Filing, Supplement
from gongkai.procedure.catalogue.queries import charter_of
from gongkai.procedure.feedback.models import Answer
from gongkai.procedure.proposals.models import Disclosure, Submission
from gongkai.procedure.proposals.sanitise import placed
from gongkai.procedure.review import queries as review_read
from gongkai.procedure.review.checks.finding import Finding
from gongkai.procedure.review.models import (
    ApprovalSheet,
    Clearance,
    Edition,
    Opinion,
    Review,
)

LANGUAGE = "zh-hans"
"""The archivist's language, whatever the process was started in."""


def of_filing(filing: Filing) -> Content | None:
    """The whole 件; None while one of its records is not exposed yet."""
    disclosure = filing.disclosure
    proofs = _proofs(PublicRecord.objects.filter(subject=disclosure.address).order_by("pk"))
    if proofs is None:
        return None
    editions = list(Edition.objects.filter(disclosure=disclosure).order_by("number"))
    sheets = _sheets(editions)
    if sheets is None:
        return None
    texts: dict[str, bytes] = {"readme.txt": _readme(filing), **proofs}
    files = _attachments(editions)
    for edition in editions[:-1]:
        texts |= _edition(filing, edition, f"editions/{edition.number}/", files)
    texts |= _edition(filing, editions[-1], "", files)
    texts["review.json"] = _pretty(_review(disclosure))
    said = voices.of_disclosure(disclosure)
    texts["feedback.json"] = _pretty(said.told)
    told, pictures = posted.of(disclosure)
    if told:
        texts["postings.json"] = _pretty(told)
    return Content(texts, {**files, **sheets, **said.copies, **pictures})


def of_supplement(supplement: Supplement) -> Content | None:
    """What came after filing; None while its record is not exposed yet."""
    if supplement.answer:
        return _of_answer(supplement, supplement.answer)
    if supplement.noted_until:
        return _of_postings(supplement, supplement.noted_until)
    records = PublicRecord.objects.filter(pk=supplement.record or 0)
    proofs = _proofs(records)
    if proofs is None:
        return None
    texts = {"readme.txt": _supplement_readme(supplement), **proofs}
    editions = list(
        Edition.objects.filter(
            disclosure=supplement.filing.disclosure,
            digest__in=records.filter(kind="release").values("digest"),
        )
    )
    files = _attachments(editions)
    for edition in editions:
        texts |= _edition(supplement.filing, edition, "", files)
    sheets = _sheets(editions)
    return None if sheets is None else Content(texts, {**files, **sheets})


def of_erased(filing: Filing | Deposit) -> Content:
    """What stays of an erased 件: that there was one."""
    return Content({"readme.txt": _text("archive/erased.txt", {"filing": filing})})


def _of_answer(supplement: Supplement, answer: Answer) -> Content | None:
    records = PublicRecord.objects.filter(pk=answer.record) if answer.record else ()
    proofs = _proofs(records)
    if proofs is None:
        return None
    said = voices.of_case(answer.case)
    texts = {
        "readme.txt": _supplement_readme(supplement),
        "feedback.json": _pretty(said.told),
        **proofs,
    }
    return Content(texts, said.copies)


def _of_postings(supplement: Supplement, until: datetime) -> Content:
    span = (queries.noted_before(supplement), until)
    told, pictures = posted.of(supplement.filing.disclosure, span)
    texts = {"readme.txt": _supplement_readme(supplement), "postings.json": _pretty(told)}
    return Content(texts, pictures)


# -- texts -----------------------------------------------------------------------------------------


def _edition(
    filing: Filing, edition: Edition, folder: str, files: Mapping[str, str]
) -> dict[str, bytes]:
    """The sealed bytes verbatim, and the same for people to read, with the pictures beside it."""
    sealed = bytes(edition.data or b"")
    page = {"filing": filing, "edition": canonical.decode(sealed), "sealed_at": edition.sealed_at}
    paths = {digest[:16]: "../" * folder.count("/") + path for path, digest in files.items()}
    page["body"] = placed(
        page["edition"].get("body", ""), lambda _address, name: quote(paths.get(name[:16], name))
    )
    zone = filing.disclosure.organisation.zone
    html = _text("archive/text.html", {**page, "digest": edition.digest, "zone": zone})
    return {f"{folder}edition.json": sealed, f"{folder}text.html": html}


def _attachments(editions: Iterable[Edition]) -> dict[str, str]:
    """Path and digest of each attachment; one that several editions share is kept once."""
    found: dict[str, str] = {}
    for edition in editions:
        for attached in canonical.decode(bytes(edition.data or b"{}")).get("attachments", ()):
            if attached["digest"] not in found.values():
                number = f"{len(found) + 1:02d}"
                name = safe(f"{number}-{attached['title']}").removesuffix(
                    f".{attached['extension']}"
                )
                found[f"attachments/{name}.{attached['extension']}"] = attached["digest"]
    return found


def _sheets(editions: Sequence[Edition]) -> dict[str, str] | None:
    """Path and digest of each edition's approval sheet; None while one is still to be made.

    Those sealed before there were sheets have none, nor those of which no sheet can be made.
    """
    found: dict[str, str] = {}
    for sheet in ApprovalSheet.objects.filter(edition__in=editions).select_related(
        "file", "edition"
    ):
        if sheet.file is None and not sheet.trouble:
            return None
        last = sheet.edition.number == editions[-1].number
        if sheet.file is not None:
            name = "approval.pdf" if last else f"editions/{sheet.edition.number}/approval.pdf"
            found[name] = sheet.file.digest
    return found


def _readme(filing: Filing) -> bytes:
    page = {"filing": filing, "disclosure": filing.disclosure, "retention": _retention(filing)}
    return _text("archive/readme.txt", page)


def _retention(filing: Filing) -> str:
    """How the charter calls the retention (30年), its code beside it: D30 stands in the 档号."""
    charter = charter_of(filing.disclosure.organisation)[1]
    for kept in charter.retentions:
        if kept.code == filing.retention:
            return f"{kept.name}（{kept.code}）"
    return filing.retention


def _supplement_readme(supplement: Supplement) -> bytes:
    filing = supplement.filing
    return _text("archive/supplement.txt", {"supplement": supplement, "filing": filing})


def _text(template: str, context: dict[str, Any]) -> bytes:
    with translation.override(LANGUAGE):
        return render_to_string(template, context).encode("utf-8")


# -- approval --------------------------------------------------------------------------------------


def _review(disclosure: Disclosure) -> dict[str, Any]:
    """Every round of review with its opinions, clearances and seal 审批记录."""
    reviews = Review.objects.filter(draft__disclosure=disclosure).select_related("draft")
    with translation.override(LANGUAGE):
        rounds = [_round(review) for review in reviews.order_by("pk")]
    return {"format": "gongkai-review-record/1", "rounds": rounds}


def _round(review: Review) -> dict[str, Any]:
    """One round; what the checks found stands in the archive's language, without the numbers."""
    edition = Edition.objects.filter(review=review).first()
    submission = Submission.objects.filter(draft=review.draft, round=review.round).first()
    return {
        "draft": review.draft.number,
        "round": review.round,
        "proposer": review.draft.proposer_post,
        "submitted_at": _stamp(submission.at if submission else None),
        "state": review.state,
        "opinions": [
            {
                "stage": opinion.stage,
                "post": opinion.post,
                "decision": opinion.decision,
                "text": opinion.text,
                "seen": opinion.seen,
                "at": _stamp(opinion.at),
            }
            for opinion in Opinion.objects.filter(review=review).order_by("pk")
        ],
        "findings": [
            {
                "finding": finding.label,
                "digest": finding.digest,
                "blocking": finding.blocking,
            }
            for finding in map(Finding.of_data, review.findings)
        ],
        "clearances": [
            {
                "finding": clearance.label,
                "reason": clearance.reason,
                "post": clearance.post,
                "at": _stamp(clearance.at),
            }
            for clearance in Clearance.objects.filter(review=review).order_by("pk")
        ],
        "consultations": [
            {
                "post": each.answered_as or each.post.name,
                "state": each.state,
                "question": each.question,
                "advice": each.advice,
                "text": each.text,
                "due_on": each.due_on.isoformat(),
                "at": _stamp(each.answered_at),
            }
            for each in review_read.consultations(review)
        ],
        "seal": _seal(edition) if edition else None,
        "emergency": _emergency(edition) if edition else None,
    }


def _emergency(edition: Edition) -> dict[str, Any] | None:
    """How it was opened before its review was over, and what the second person decided."""
    found = review_read.emergency_of(edition)
    if found is None:
        return None
    return {
        "post": found.post,
        "reason": found.reason,
        "at": _stamp(found.at),
        "due_on": found.due_on.isoformat(),
        "confirmed": found.confirmed,
        "decided_post": found.decided_as,
        "text": found.text,
        "decided_at": _stamp(found.decided_at),
    }


def _seal(edition: Edition) -> dict[str, Any]:
    return {
        "number": edition.seal_number,
        "post": edition.sealed_by,
        "at": _stamp(edition.sealed_at),
        "edition": edition.number,
        "digest": edition.digest,
    }


# -- proof -----------------------------------------------------------------------------------------


def _proofs(records: Iterable[PublicRecord]) -> dict[str, bytes] | None:
    """Each record with its inclusion proof, and the verifying key; None while one waits."""
    texts: dict[str, bytes] = {}
    for record in records:
        shown = proof(record)
        if shown is None:
            return None
        name = f"proof/{record.kind}-{record.version}"
        texts[f"{name}.tlog-proof"] = shown.text().encode("utf-8")
        texts[f"{name}.json"] = _pretty(_record(record))
    if texts:
        texts["proof/vkey"] = (settings.HOME.log / "vkey").read_bytes()
    return texts


def _record(record: PublicRecord) -> dict[str, Any]:
    """All that the salted commitment covers, so that the proof can be checked without us."""
    return {
        "kind": record.kind,
        "subject": record.subject,
        "version": record.version,
        "organisation": record.organisation,
        "audience": record.audience,
        "digest": record.digest,
        "salt": bytes(record.salt).hex(),
        "entry": bytes(record.entry).decode("utf-8"),
        "index": record.seq,
        "body": record.body,
    }


def _pretty(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False, indent=1).encode("utf-8")


def _stamp(at: Any) -> str:
    return clock.stamp(at) if at else ""
