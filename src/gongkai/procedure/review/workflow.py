"""The verbs of the second step 审核确定: submit, pass, return, recall, clear, seal; the word list.

The checks read long texts, so they are done before the transaction; inside it we only make sure
that what was checked is what is submitted.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from gongkai.foundation.core import clock, deadlines
from gongkai.foundation.core.errors import Conflict, Refused
from gongkai.foundation.files.models import StoredFile
from gongkai.foundation.ledger import workflow as ledger
from gongkai.foundation.organisations.models import Member, Organisation
from gongkai.foundation.organisations.queries import Capacity, Officer
from gongkai.procedure.catalogue.charter import Charter
from gongkai.procedure.catalogue.queries import charter_of
from gongkai.procedure.proposals import queries as proposals_read
from gongkai.procedure.proposals import workflow as proposals
from gongkai.procedure.proposals.models import Draft, DraftFile, Submission
from gongkai.procedure.review import (
    checking,
    queries,
    rounds,
    rules,
    sealing,
    turns,
    word_rules,
    wordlist,
)
from gongkai.procedure.review.checks.about import Listed
from gongkai.procedure.review.checks.finding import Finding
from gongkai.procedure.review.models import (
    AUTHOR,
    ApprovalSheet,
    Clearance,
    Edition,
    ListedWord,
    Opinion,
    Review,
)
from gongkai.procedure.review.states import Decision, ReviewState


def submit(*, draft: Draft, officer: Officer) -> Review:
    """Hand ``draft`` over with the proposer's statement and begin its review 送审.

    Raises ``Conflict`` when somebody changed it while it was being checked, ``Refused`` while it
    holds what only the writer can mend.
    """
    checked, findings = _checked(draft)
    with transaction.atomic():
        submission = proposals.submit(draft=draft, officer=officer)
        if _fingerprint(submission) != checked:
            raise Conflict(_("送审时别人刚好改了这份草稿，还没有送出。请看最新的稿子，再送一次。"))
        if obstacles := rules.submit_obstacles(findings):
            raise Refused(obstacles)
        draft = Draft.objects.select_related("disclosure__organisation", "disclosure__entry").get(
            pk=draft.pk
        )
        version, charter = charter_of(draft.disclosure.organisation)
        review = Review(
            draft=draft,
            round=submission.round,
            charter=version,
            findings=[finding.as_data() for finding in findings],
            began_at=clock.now(),
        )
        _await_stage(review, charter, review.began_at)
        review.save()
        for author in Member.objects.filter(key__in=draft.authors):
            rounds.take_part(review, author, AUTHOR)
    return review


@transaction.atomic
def pass_stage(*, review: Review, officer: Officer, text: str = "") -> Review:
    """Pass the present stage with an opinion; without ``text`` the usual wording stands. 通过"""
    review, now = rounds.lock(review), clock.now()
    if obstacles := rules.pass_obstacles(review, officer, text):
        raise Refused(obstacles)
    acting, said = rounds.capacity(review, officer), text.strip() or queries.USUAL_OPINION
    seen = queries.advice_of(review)
    _say(review, officer, acting, Decision.PASS, said, now, seen)
    stage = queries.stage_of(review, review.charter.charter)
    assert stage is not None
    review.stage += 1
    rounds.give_back(review)
    _await_stage(review, review.charter.charter, now)
    review.save(update_fields=["stage", "state", "posts", "due_on", *rounds.CLAIM])
    facts: dict[str, Any] = {"post": acting.name, "stage": stage.name, "text": said}
    if seen:
        facts["seen"] = [finding.code for finding in seen]
    rounds.record("review.pass", review, officer, facts)
    return review


@transaction.atomic
def return_draft(*, review: Review, officer: Officer, reason: str) -> Review:
    """Send the draft back to its proposer with reasons 退回修改."""
    review, now = rounds.lock(review), clock.now()
    if obstacles := rules.return_obstacles(review, officer, reason):
        raise Refused(obstacles)
    acting, said = rounds.capacity(review, officer), reason.strip()
    stage = queries.stage_of(review, review.charter.charter)
    _say(review, officer, acting, Decision.RETURN, said, now)
    rounds.end(review, ReviewState.RETURNED)
    proposals.mark_returned(review.draft)
    facts = {"post": acting.name, "stage": stage.name if stage else "", "text": said}
    rounds.record("review.return", review, officer, facts)
    return review


@transaction.atomic
def recall(*, review: Review, officer: Officer) -> Review:
    """Take the draft back out of review, to go on writing 收回."""
    review = rounds.lock(review)
    if obstacles := rules.recall_obstacles(review, officer):
        raise Refused(obstacles)
    rounds.end(review, ReviewState.RECALLED)
    proposals.mark_recalled(review.draft)
    rounds.record("draft.recall", review, officer, {"post": officer.post_names})
    return review


@transaction.atomic
def claim(*, review: Review, officer: Officer) -> Review:
    """Take the present stage on 认领: for the charter's hours nobody else decides it."""
    review = rounds.lock(review)
    if obstacles := turns.claim_obstacles(review, officer):
        raise Refused(obstacles)
    acting = rounds.capacity(review, officer)
    hours = review.charter.charter.claiming.hours
    review.claimed_by, review.claimed_as = officer.member, acting.name
    review.claimed_until = clock.now() + timedelta(hours=hours)
    review.save(update_fields=rounds.CLAIM)
    facts = {"post": acting.name, "claimed_until": clock.stamp(review.claimed_until)}
    rounds.record("review.claim", review, officer, facts)
    return review


@transaction.atomic
def unclaim(*, review: Review, officer: Officer) -> Review:
    """Give a stage back that one has taken on 放开."""
    review = rounds.lock(review)
    if obstacles := turns.unclaim_obstacles(review, officer):
        raise Refused(obstacles)
    facts = {"post": review.claimed_as}
    rounds.give_back(review)
    review.save(update_fields=rounds.CLAIM)
    rounds.record("review.unclaim", review, officer, facts)
    return review


@transaction.atomic
def clear(*, review: Review, officer: Officer, finding: Finding, reason: str) -> Clearance:
    """Sign a reason to let a blocking finding stand 放行. It holds for this round only."""
    review = rounds.lock(review)
    if obstacles := rules.clear_obstacles(review, officer, finding, reason):
        raise Refused(obstacles)
    acting = rounds.capacity(review, officer)
    clearance = Clearance.objects.create(
        review=review,
        finding=finding.digest,
        label=_as_kept(finding),
        reason=reason.strip(),
        member=officer.member,
        post=acting.name,
        at=clock.now(),
    )
    facts = {"post": acting.name, "text": clearance.reason, "finding": finding.code}
    rounds.record("review.clear", review, officer, facts)
    return clearance


@transaction.atomic
def seal(*, review: Review, officer: Officer) -> Edition:
    """Fix the exact bytes that publication will carry, under the review seal 盖章封存."""
    review, now = rounds.lock(review), clock.now()
    if obstacles := rules.seal_obstacles(review, officer):
        raise Refused(obstacles)
    acting = rounds.capacity(review, officer)
    rounds.take_part(review, officer.member, acting.post.key)
    return sealing.fix(review, officer, acting.name, now)


@transaction.atomic
def keep_sheet(*, sheet: ApprovalSheet, file: StoredFile | None, trouble: str = "") -> None:
    """Note the file of an edition's approval sheet, or why there is none; the worker does this."""
    waiting = ApprovalSheet.objects.filter(pk=sheet.pk, file=None, edition__erased_at=None)
    waiting.update(file=file, trouble=trouble)


# -- the word list ---------------------------------------------------------------------------------


@transaction.atomic
def change_words(
    *,
    organisation: Organisation,
    officer: Officer,
    add: Iterable[Listed] = (),
    remove: Iterable[Listed] = (),
) -> tuple[int, int]:
    """Put words on the list, or take them off 改词表. Returns how many were added or changed, and
    how many went. What is already there as it should be makes no act.
    """
    Organisation.objects.select_for_update().get(pk=organisation.pk)
    if obstacles := word_rules.words_obstacles(organisation, officer):
        raise Refused(obstacles)
    wanted = [wordlist.tidied(each) for each in add]
    if obstacles := [each for row in wanted for each in word_rules.word_obstacles(row)]:
        raise Refused(obstacles)
    there = {(row.kind, row.word): row for row in queries.word_list(organisation)}
    new = [each for each in wanted if wordlist.differs(there.get((each.kind, each.word)), each)]
    gone = [each for each in remove if (each.kind, each.word) in there]
    if obstacles := word_rules.length_obstacles(len({*there, *((e.kind, e.word) for e in new)})):
        raise Refused(obstacles)
    for each in new:
        ListedWord.objects.update_or_create(
            organisation=organisation,
            kind=each.kind,
            word=each.word,
            defaults={"instead": each.instead},
        )
        ledger.record(verb="words.add", **_about(organisation, officer, each))
    for each in gone:
        there[each.kind, each.word].delete()
        ledger.record(verb="words.remove", **_about(organisation, officer, each))
    return len(new), len(gone)


def _about(organisation: Organisation, officer: Officer, row: Listed) -> dict[str, Any]:
    """What an act about a row of the word list says."""
    return {
        "actor": officer.actor,
        "organisation": organisation.slug,
        "subject": f"words:{organisation.slug}",
        "label": row.word,
        "facts": {"kind": row.kind, "text": row.instead, "post": officer.post_names},
    }


def _as_kept(finding: Finding) -> str:
    """The finding in the archive's language, whatever language the reviewer's desk speaks."""
    with translation.override("zh-hans"):
        return finding.label


# -- before the transaction ------------------------------------------------------------------------


def _checked(draft: Draft) -> tuple[object, list[Finding]]:
    """What was read, so that it can be compared, and what was found in it."""
    rows = Draft.objects.select_related("disclosure__organisation", "disclosure__entry")
    draft = rows.get(pk=draft.pk)
    _version, charter = charter_of(draft.disclosure.organisation)
    files = list(DraftFile.objects.filter(draft=draft).select_related("file").order_by("order"))
    fingerprint = sealing.said(draft.title, draft.body, proposals_read.attachment_data(files))
    found = checking.read(draft, files, charter).findings
    return (*fingerprint, draft.document_number, draft.note), found


def _fingerprint(submission: Submission) -> object:
    said = sealing.said(submission.title, submission.body, submission.attachments)
    about = submission.particulars
    return (*said, about["document_number"], about["note"])


# -- within the transaction ------------------------------------------------------------------------


def _await_stage(review: Review, charter: Charter, now: datetime) -> None:
    """Say whose turn it is and by when; after the last stage it is the seal's."""
    stage = queries.stage_of(review, charter)
    disclosure = review.draft.disclosure
    if stage is None:
        review.state, review.posts, workdays = ReviewState.PASSED, list(charter.seal.posts), 1
    else:
        entry = charter.entry(disclosure.entry.code)
        review.posts, workdays = list(charter.stage_posts(stage, entry)), stage.workdays
    today = clock.civil_day(now, disclosure.organisation.zone)
    review.due_on = deadlines.deadline(today, workdays).due


def _say(
    review: Review,
    officer: Officer,
    acting: Capacity,
    decision: Decision,
    text: str,
    at: datetime,
    seen: Iterable[Finding] = (),
) -> None:
    Opinion.objects.create(
        review=review,
        hand=rounds.take_part(review, officer.member, acting.post.key),
        stage=review.stage,
        post=acting.name,
        post_key=acting.post.key,
        deputy=acting.by.key if acting.by else "",
        member=officer.member,
        decision=decision,
        text=text,
        seen=[finding.digest for finding in seen],
        at=at,
    )
