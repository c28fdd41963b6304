"""Fixing the exact bytes of an edition, in the transaction of a verb that may seal."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from gongkai.foundation.core import canonical, clock
from gongkai.foundation.core.errors import Broken
from gongkai.foundation.ledger import workflow as ledger
from gongkai.foundation.organisations.queries import Officer
from gongkai.procedure.proposals import queries as proposals_read
from gongkai.procedure.proposals import revisions
from gongkai.procedure.proposals import workflow as proposals
from gongkai.procedure.proposals.models import Draft, Submission
from gongkai.procedure.review import queries, rounds
from gongkai.procedure.review.edition import SealMark, compose
from gongkai.procedure.review.models import ApprovalSheet, Edition, Review
from gongkai.procedure.review.states import ReviewState


def fix(
    review: Review,
    officer: Officer,
    post: str,
    now: datetime,
    more: Mapping[str, Any] | None = None,
) -> Edition:
    """The edition of what is under review, under the seal of ``post``; ``more`` goes to its act."""
    submission = queries.submission_of(review)
    _refuse_changed(review.draft, submission)
    disclosure = review.draft.disclosure
    number = 1 + Edition.objects.filter(disclosure=disclosure).count()
    mark = SealMark(_seal_number(review, now), post, now)
    data = canonical.encode(
        compose(
            review.draft,
            number=number,
            attachments=submission.attachments,
            mark=mark,
            charter=review.charter.digest,
        )
    )
    edition = Edition.objects.create(
        disclosure=disclosure,
        review=review,
        number=number,
        digest=canonical.digest(data),
        data=data,
        seal_number=mark.number,
        sealed_at=now,
        sealed_by=post,
    )
    ApprovalSheet.objects.create(edition=edition)
    rounds.end(review, ReviewState.SEALED)
    proposals.mark_sealed(review.draft)
    facts = {"number": number, "seal": mark.number, "digest": edition.digest, "post": post}
    rounds.record("review.seal", review, officer, {**facts, **(more or {})})
    return edition


def said(
    title: str, body: str, attachments: list[dict[str, Any]]
) -> tuple[str, str, list[tuple[str, str]]]:
    """What readers would read, so that two times of it can be compared."""
    return title, body, [(each["title"], each["digest"]) for each in attachments]


def _refuse_changed(draft: Draft, submission: Submission) -> None:
    """What is sealed is what was reviewed. A draft under review does not change: ``Broken``."""
    now = said(
        draft.title, draft.body, proposals_read.attachment_data(proposals_read.attachments(draft))
    )
    then = said(submission.title, submission.body, submission.attachments)
    if now != then or revisions.particulars(draft) != submission.particulars:
        raise Broken(f"draft {draft.pk} is not what was reviewed")


def _seal_number(review: Review, now: datetime) -> str:
    organisation = review.draft.disclosure.organisation
    year = clock.civil_day(now, organisation.zone).year
    while True:
        n = ledger.next_number(f"seal:{organisation.slug}:{year}")
        number: str = review.charter.charter.seal.number(year, n)
        # Another organisation may use the same words before its numbers: a number names one seal.
        if not Edition.objects.filter(seal_number=number).exists():
            return number
