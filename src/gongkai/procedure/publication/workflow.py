"""The verbs of publication: arrange, open, correct, take back, destroy."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from gongkai.foundation.core import clock
from gongkai.foundation.core.errors import Conflict, Refused
from gongkai.foundation.ledger import workflow as ledger
from gongkai.foundation.ledger.durability import repeatable
from gongkai.foundation.ledger.models import PublicRecord
from gongkai.foundation.organisations.queries import Officer
from gongkai.procedure.duties import workflow as duties
from gongkai.procedure.proposals import workflow as proposals
from gongkai.procedure.proposals.models import Disclosure, Draft
from gongkai.procedure.proposals.states import DraftState
from gongkai.procedure.publication import erasing, postings, queries, rules
from gongkai.procedure.publication.models import Erasure, Release, Withdrawal
from gongkai.procedure.publication.opening import hastened, open_stage, sealed_text
from gongkai.procedure.publication.plans import Step, resolved
from gongkai.procedure.publication.states import ReleaseState
from gongkai.procedure.publication.telling import place, record_act, replanned, said
from gongkai.procedure.review.models import Edition, Review
from gongkai.procedure.review.queries import OPEN
from gongkai.procedure.review.states import ReviewState

DESTROYED_KINDS = ("release", "withdrawal", "answer")
"""Records that can repeat what an erasure must destroy."""


@transaction.atomic
def schedule(*, edition: Edition, officer: Officer, steps: Sequence[Step]) -> list[Release]:
    """Arrange the next stages of the sealed plan; each will open by itself. 安排公开

    ``Refused`` with every obstacle. Stages of earlier editions that still wait are cancelled:
    their text has been corrected.
    """
    disclosure = lock(edition.disclosure)
    edition, now = Edition.objects.get(pk=edition.pk), clock.now()
    edition.disclosure = disclosure
    if obstacles := rules.schedule_obstacles(edition, officer, steps, now):
        raise Refused(obstacles)
    return arrange(edition, officer, steps, now)


@transaction.atomic
def reschedule(*, release: Release, officer: Officer, opens_at: datetime | None) -> Release:
    """Move a planned stage to another time (None: at once), within its order. 改公开时间"""
    release, now = _locked(release), clock.now()
    if obstacles := rules.reschedule_obstacles(release, officer, opens_at, now):
        raise Refused(obstacles)
    before, release.opens_at = release.opens_at, resolved(opens_at, now)
    release.save(update_fields=["opens_at"])
    facts = {"plan": [said(release)], "before": clock.stamp(before)}
    record_act("release.plan", release.disclosure, officer, facts, replanned(release.edition))
    return release


@transaction.atomic
def cancel(*, release: Release, officer: Officer) -> list[Release]:
    """Cancel a planned stage and every later one of its plan, which it would precede. 取消安排"""
    release = _locked(release)
    if obstacles := rules.cancel_obstacles(release, officer):
        raise Refused(obstacles)
    later = waiting(release.disclosure).filter(edition=release.edition, order__gte=release.order)
    cancelled = cancel_waiting(later)
    wait(release.disclosure, True)
    facts = {"plan": [said(each) for each in cancelled]}
    record_act("release.cancel", release.disclosure, officer, facts, replanned(release.edition))
    return cancelled


@repeatable()
def open_stages(*, stages: Sequence[Release]) -> list[PublicRecord]:
    """Open stages of one edition whose time has come, in their order; the tick does this. 公开

    Everything is read again under the lock: the stored time, the order, the bytes. ``Conflict``
    when one is no longer planned, ``Broken`` when the bytes are not those that were sealed: then
    none of them opens. What a loss of power takes of it opens again: nothing was shown before the
    log was ordered from it.
    """
    now, (edition, plan) = clock.now(), _plan(stages[0])
    if plan and (obstacles := rules.gone_obstacles(edition.disclosure)):
        raise Refused(obstacles)
    text, more = (sealed_text(edition), hastened(edition)) if plan else ("", {})
    opened = []
    for stage in stages:
        release = plan.get(stage.pk)
        if release is None or release.state != ReleaseState.PLANNED:
            raise Conflict(_("这一步已经公开或者取消了。请看最新的情况。"))
        before = [each for each in plan.values() if each.order < release.order]
        if obstacles := rules.open_obstacles(release, before, now):
            raise Refused(obstacles)
        opened.append(open_stage(release, list(plan.values()), text, more, now))
    return opened


@transaction.atomic
def correct(*, disclosure: Disclosure, officer: Officer, note: str, privacy: bool) -> Draft:
    """Begin a correction: a new draft from the last edition, with its public note. 更正

    With ``privacy`` the earlier editions close when the new one opens, and what waits of them is
    cancelled at once.
    """
    disclosure = lock(disclosure)
    if obstacles := rules.correct_obstacles(disclosure, officer, note):
        raise Refused(obstacles)
    edition = queries.latest_edition(disclosure)
    assert edition is not None
    draft = proposals.revise(
        disclosure=disclosure,
        officer=officer,
        note=note.strip(),
        privacy=privacy,
        corrects=edition.digest,
        source=queries.content(edition),
    )
    cancelled = cancel_waiting(waiting(disclosure)) if privacy else []
    if cancelled:
        wait(disclosure, True)
    facts = {
        "digest": edition.digest,
        "text": note.strip(),
        "privacy": privacy,
        "cancelled": [said(release) for release in cancelled],
    }
    record_act("disclosure.correct", disclosure, officer, facts)
    return draft


@transaction.atomic
def withdraw(*, disclosure: Disclosure, officer: Officer, reason: str) -> Withdrawal:
    """Take back what is open, for everyone who could see it; a tombstone stays. 撤回

    A correction in hand is given up: it could never open.
    """
    draft = _held_draft(disclosure)
    disclosure, now = lock(disclosure), clock.now()
    if obstacles := rules.withdraw_obstacles(disclosure, officer, reason):
        raise Refused(obstacles)
    audience = queries.seen_by(disclosure)
    withdrawal = Withdrawal.objects.create(
        disclosure=disclosure,
        reason=reason.strip(),
        post=officer.post_names,
        member=officer.member,
        at=now,
    )
    cancel_waiting(waiting(disclosure))
    wait(disclosure, False)
    if draft:
        _give_up(draft)
        facts = {"draft": draft.number, "text": withdrawal.reason}
        record_act("draft.drop", disclosure, officer, facts)
    opened = Release.objects.filter(
        disclosure=disclosure, state__in=(ReleaseState.OPEN, ReleaseState.REPLACED)
    )
    opened.update(state=ReleaseState.WITHDRAWN)
    postings.taken_back(disclosure, now)
    ledger.close(subject=disclosure.address, kinds=["release"], at=now)
    duties.owe_again(item=disclosure.address)
    record_act(
        "disclosure.withdraw",
        disclosure,
        officer,
        {"text": withdrawal.reason},
        ledger.Opening(
            kind="withdrawal",
            subject=disclosure.address,
            audience=audience,
            body={
                "format": "gongkai-withdrawal/1",
                "title": queries.title_for(disclosure, audience),
                "reason": withdrawal.reason,
                "post": withdrawal.post,
                "at": clock.stamp(now),
                **place(disclosure),
            },
        ),
    )
    return withdrawal


@transaction.atomic
def ask_erasure(*, disclosure: Disclosure, officer: Officer, reason: str) -> Erasure:
    """Ask for the destruction of all that the disclosure says; a second person decides. 申请清除"""
    disclosure = lock(disclosure)
    if obstacles := rules.ask_erasure_obstacles(disclosure, officer, reason):
        raise Refused(obstacles)
    erasure = Erasure.objects.create(
        disclosure=disclosure,
        reason=reason.strip(),
        asked_by=officer.member,
        asked_post=officer.post_names,
        asked_at=clock.now(),
    )
    record_act("erasure.ask", disclosure, officer, {"text": erasure.reason})
    return erasure


@transaction.atomic
def confirm_erasure(*, erasure: Erasure, officer: Officer) -> Erasure:
    """Destroy the sealed bytes, drafts, submissions and records; tombstone and log stay. 清除

    Files go after the commit, by ``jobs.erase_files``; pages, index and archive copy by their own
    keepers.
    """
    draft = _held_draft(erasure.disclosure)
    disclosure, now = lock(erasure.disclosure), clock.now()
    erasure = Erasure.objects.select_for_update().get(pk=erasure.pk)
    if obstacles := rules.confirm_erasure_obstacles(erasure, officer):
        raise Refused(obstacles)
    audience = queries.seen_by(disclosure)
    erasure.confirmed_by, erasure.confirmed_post = officer.member, officer.post_names
    erasure.confirmed_at = now
    erasure.save(update_fields=["confirmed_by", "confirmed_post", "confirmed_at"])
    Release.objects.filter(disclosure=disclosure).exclude(state=ReleaseState.CANCELLED).update(
        state=ReleaseState.ERASED
    )
    if draft:
        _give_up(draft)
    wait(disclosure, False)
    postings.taken_back(disclosure, now)
    postings.destroy_words(disclosure)
    erasing.destroy_texts(disclosure, now)
    duties.owe_again(item=disclosure.address)
    ledger.erase(subject=disclosure.address, kinds=DESTROYED_KINDS, at=now)
    body = {
        "format": "gongkai-erasure/1",
        "at": clock.stamp(now),
        "posts": [erasure.asked_post, erasure.confirmed_post],
        **place(disclosure),
    }
    opening = ledger.Opening("erasure", disclosure.address, audience, body) if audience else None
    record_act("erasure.confirm", disclosure, officer, {}, opening)
    return erasure


@transaction.atomic
def note_files_gone(*, erasure: Erasure) -> None:
    """Write down that the files of ``erasure`` are destroyed, and let go of their names."""
    erasing.forget_files(erasure.disclosure)
    Erasure.objects.filter(pk=erasure.pk, files_gone_at=None).update(files_gone_at=clock.now())


# -- locks -----------------------------------------------------------------------------------------


def lock(disclosure: Disclosure) -> Disclosure:
    """Every verb of publication holds its disclosure first: two people come one after the other."""
    rows = Disclosure.objects.select_for_update(of=("self",))
    return rows.select_related("organisation", "entry", "duty").get(pk=disclosure.pk)


def _held_draft(disclosure: Disclosure) -> Draft | None:
    """What is being written or reviewed; held before its disclosure, as the verbs of review do."""
    over = (DraftState.SEALED, DraftState.DROPPED)
    rows = Draft.objects.select_for_update(of=("self",)).filter(disclosure=disclosure)
    return rows.exclude(state__in=over).first()


def _locked(release: Release) -> Release:
    disclosure = lock(release.disclosure)
    release = Release.objects.select_related("edition").get(pk=release.pk)
    release.disclosure = release.edition.disclosure = disclosure
    return release


def _plan(release: Release) -> tuple[Edition, dict[int, Release]]:
    """The edition of ``release``, and the stages that stand of it in order, read under its lock."""
    disclosure = lock(release.disclosure)
    edition = Edition.objects.get(pk=release.edition_id)
    edition.disclosure = disclosure
    plan = {each.pk: each for each in queries.standing(edition)}
    for each in plan.values():
        each.disclosure, each.edition = disclosure, edition
    return edition, plan


def arrange(
    edition: Edition, officer: Officer, steps: Sequence[Step], now: datetime
) -> list[Release]:
    """Write down stages that may be arranged, in the transaction of a verb that holds the item."""
    disclosure = edition.disclosure
    if edition.number > 1:
        cancel_waiting(waiting(disclosure).exclude(edition=edition))
    plan = queries.sealed_stages(edition)
    sealed = {stage.scope: stage for stage in plan}
    first = len(queries.standing(edition))
    made = [
        Release(
            edition=edition,
            disclosure=disclosure,
            order=order,
            scope=step.scope,
            audience=sorted(step.keys or sealed[step.scope].keys),
            last=order + 1 == len(plan),
            opens_at=resolved(step.opens_at, now),
        )
        for order, step in enumerate(steps, first)
    ]
    Release.objects.bulk_create(made)
    if any(release.last for release in made):
        wait(disclosure, False)
    facts = {"plan": [said(release) for release in made]}
    record_act("release.plan", disclosure, officer, facts, replanned(edition))
    return made


def waiting(disclosure: Disclosure) -> QuerySet[Release]:
    """The stages of the item that are planned."""
    return Release.objects.filter(disclosure=disclosure, state=ReleaseState.PLANNED)


def _give_up(draft: Draft) -> None:
    """End the writing and the review of what could never open: its item is gone."""
    Review.objects.filter(draft=draft, state__in=OPEN).update(
        state=ReviewState.RECALLED, posts=[], asked=[]
    )
    draft.state, draft.changed_at = DraftState.DROPPED, clock.now()
    draft.save(update_fields=["state", "changed_at"])


def cancel_waiting(releases: QuerySet[Release]) -> list[Release]:
    """Cancel these planned stages; returns them."""
    cancelled = list(releases.order_by("order"))
    Release.objects.filter(pk__in=[release.pk for release in cancelled]).update(
        state=ReleaseState.CANCELLED
    )
    return cancelled


def wait(disclosure: Disclosure, waits: bool) -> None:
    """Say whether an edition may have to be arranged: where ``queries.to_arrange`` looks."""
    disclosure.waits = waits
    disclosure.save(update_fields=["waits"])
