"""The verbs of the superior's prior approval 事前报批: ask, recall; approve, refuse.

As in ``workflow``, the draft is held first, so a request is decided before or after the round
moves on, never while it does.
"""

from typing import Any

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from gongkai.foundation.core import clock, deadlines
from gongkai.foundation.core.errors import Refused
from gongkai.foundation.ledger import workflow as ledger
from gongkai.foundation.organisations.queries import Officer
from gongkai.procedure.review import prior_rules, queries, rounds, turns
from gongkai.procedure.review.models import PriorApproval, Review
from gongkai.procedure.review.states import PriorState


@transaction.atomic
def ask(*, review: Review, officer: Officer, question: str = "") -> PriorApproval:
    """Ask the superior to approve what was submitted in this round 报上级批准."""
    review, now = rounds.lock(review), clock.now()
    if obstacles := prior_rules.ask_obstacles(review, officer, question):
        raise Refused(obstacles)
    found = queries.superior_of(review.draft.disclosure.organisation)
    assert found is not None
    superior, charter = found
    due = deadlines.deadline(clock.civil_day(now, superior.zone), charter.prior.workdays).due
    acting = turns.capacity(review, officer)
    request = PriorApproval.objects.create(
        review=review,
        superior=superior,
        digest=queries.matter(queries.submission_of(review)),
        question=question.strip(),
        asked_by=officer.member,
        asked_as=acting.name if acting else officer.post_names,
        asked_at=now,
        due_on=due,
    )
    facts = {
        "post": request.asked_as,
        "superior": superior.name,
        "due": due.isoformat(),
        "text": request.question,
    }
    rounds.record("prior.ask", review, officer, facts)
    return request


@transaction.atomic
def recall(*, request: PriorApproval, officer: Officer) -> PriorApproval:
    """Take the request back: the superior no longer sees it 撤回报批."""
    request = _locked(request)
    if obstacles := prior_rules.recall_obstacles(request, officer):
        raise Refused(obstacles)
    request.state = PriorState.RECALLED
    request.save(update_fields=["state"])
    facts = {"post": officer.post_names, "superior": request.superior.name}
    rounds.record("prior.recall", request.review, officer, facts)
    return request


@transaction.atomic
def approve(*, request: PriorApproval, officer: Officer, text: str = "") -> PriorApproval:
    """Approve that this very submission is disclosed; without ``text`` the usual words. 批准"""
    request = _locked(request)
    if obstacles := prior_rules.approve_obstacles(request, officer, text):
        raise Refused(obstacles)
    with translation.override("zh-hans"):
        said = text.strip() or _("同意公开。")
    facts = _decided(request, officer, PriorState.APPROVED, said)
    rounds.record("prior.approve", request.review, officer, facts)
    ledger.record(verb="prior.approve", **_above(request, officer))
    return request


@transaction.atomic
def refuse(*, request: PriorApproval, officer: Officer, text: str) -> PriorApproval:
    """Refuse it, with the reason that the body below reads 不同意."""
    request = _locked(request)
    if obstacles := prior_rules.refuse_obstacles(request, officer, text):
        raise Refused(obstacles)
    facts = _decided(request, officer, PriorState.REFUSED, text.strip())
    rounds.record("prior.refuse", request.review, officer, facts)
    ledger.record(verb="prior.refuse", **_above(request, officer))
    return request


def _decided(
    request: PriorApproval, officer: Officer, state: PriorState, said: str
) -> dict[str, str]:
    """Write the decision down, and what its act says."""
    acting = prior_rules.deciding(request, officer)
    assert acting is not None
    request.state, request.text, request.member = state, said, officer.member
    request.answered_as = f"{request.superior.name}{acting.name}"
    request.answered_at = clock.now()
    request.save(update_fields=["state", "text", "member", "answered_as", "answered_at"])
    return {"post": request.answered_as, "text": said}


def _above(request: PriorApproval, officer: Officer) -> dict[str, Any]:
    """The same act among the superior's own: who decided for which body, none of the words, so
    that an erasure below leaves nothing behind here.
    """
    below = request.review.draft.disclosure.organisation
    return {
        "actor": officer.actor,
        "organisation": request.superior.slug,
        "subject": f"prior:{request.pk}",
        "label": below.name,
        "facts": {"post": request.answered_as, "of": below.name},
    }


def _locked(request: PriorApproval) -> PriorApproval:
    rounds.lock(request.review)
    return queries.requests().select_for_update(of=("self",)).get(pk=request.pk)
