"""What the verbs on a round share: hold it, know as what somebody acts, write down part and act.

Only the verbs of review come here: ``workflow``, ``consulting``, ``remarking``, ``hastening``.
"""

from collections.abc import Mapping
from typing import Any

from gongkai.foundation.ledger import workflow as ledger
from gongkai.foundation.organisations.models import Member
from gongkai.foundation.organisations.queries import Capacity, Officer
from gongkai.procedure.proposals.models import Draft
from gongkai.procedure.review import queries, turns
from gongkai.procedure.review.models import Hand, PriorApproval, Review
from gongkai.procedure.review.states import PriorState, ReviewState

CLAIM = ("claimed_by", "claimed_as", "claimed_until")
"""The columns of who has taken a stage on."""


def lock(review: Review) -> Review:
    """The draft first, as every verb of proposals does, then the review: never the other way."""
    Draft.objects.select_for_update(of=("self",)).get(pk=review.draft_id)
    return queries.rows().select_for_update(of=("self",)).get(pk=review.pk)


def capacity(review: Review, officer: Officer) -> Capacity:
    """As what ``officer`` acts, after the rule has said that they may."""
    acting = turns.capacity(review, officer)
    assert acting is not None
    return acting


def take_part(review: Review, member: Member, post: str) -> Hand:
    """Write down what ``member`` is in this round. The database refuses a second part."""
    key = f"{review.pk}:{member.pk}:{post}"
    said = {"review": review, "member": member, "post": post}
    hand, _made = Hand.objects.get_or_create(key=key, defaults=said)
    review.__dict__.pop("parts", None)
    return hand


def end(review: Review, state: ReviewState) -> None:
    """The round is over: it is nobody's turn any more."""
    review.state, review.posts, review.asked = state, [], []
    give_back(review)
    review.save(update_fields=["state", "posts", "asked", *CLAIM])
    if queries.outside(review):
        waiting = PriorApproval.objects.filter(review=review, state=PriorState.WAITING)
        waiting.update(state=PriorState.RECALLED)


def give_back(review: Review) -> None:
    """Nobody has taken the stage on any more; the caller saves it."""
    review.claimed_by, review.claimed_as, review.claimed_until = None, "", None


def record(verb: str, review: Review, officer: Officer, facts: Mapping[str, Any]) -> None:
    """Write the act about the item under review."""
    disclosure = review.draft.disclosure
    ledger.record(
        verb=verb,
        actor=officer.actor,
        organisation=disclosure.organisation.slug,
        subject=disclosure.address,
        label=review.draft.title,
        facts={"draft": review.draft.number, "round": review.round, **facts},
    )
