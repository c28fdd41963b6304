"""The verbs on comments in the text 批注: remark, take one back, mark one as dealt with.

Apart from ``workflow`` for their length alone; as there, the draft is held first. Comments stand
beside the draft: nothing of them comes into an edition.
"""

from django.db import transaction

from gongkai.foundation.core import clock
from gongkai.foundation.core.errors import Refused
from gongkai.foundation.organisations.queries import Officer
from gongkai.procedure.review import anchoring, queries, rounds, rules, turns
from gongkai.procedure.review.models import Remark, Review


@transaction.atomic
def remark(*, review: Review, officer: Officer, block: int, text: str, quote: str = "") -> Remark:
    """Write a comment at a block of the text, or at words that stand in it 写批注."""
    review, quote = rounds.lock(review), " ".join(quote.split())
    if obstacles := rules.remark_obstacles(review, officer, block, quote, text):
        raise Refused(obstacles)
    made = Remark.objects.create(
        review=review,
        block=block,
        quote=quote,
        opening=anchoring.opening(review.draft.body, block),
        text=text.strip(),
        member=officer.member,
        post=_acting(review, officer),
        at=clock.now(),
    )
    facts = {"post": made.post, "block": block, "text": made.text}
    rounds.record("review.remark", review, officer, facts)
    return made


@transaction.atomic
def unsay(*, remark: Remark, officer: Officer) -> None:
    """Take back one's own comment 去掉批注, while the round goes on."""
    found = _locked(remark)
    if obstacles := rules.unsay_obstacles(found, officer):
        raise Refused(obstacles)
    facts = {"post": found.post, "block": found.block}
    rounds.record("review.unsay", found.review, officer, facts)
    found.delete()


@transaction.atomic
def resolve(*, remark: Remark, officer: Officer) -> Remark:
    """Mark a comment as dealt with 批注已改; it stays to be seen."""
    found = _locked(remark)
    if obstacles := rules.resolve_obstacles(found, officer):
        raise Refused(obstacles)
    found.resolved_at, found.resolved_as = clock.now(), officer.post_names
    found.save(update_fields=["resolved_at", "resolved_as"])
    facts = {"post": officer.post_names, "block": found.block}
    rounds.record("review.resolve", found.review, officer, facts)
    return found


def _acting(review: Review, officer: Officer) -> str:
    """As what they comment: whose turn it is, or as the post that was asked."""
    acting = turns.capacity(review, officer) or officer.capacities(review.asked)[0]
    return acting.name


def _locked(remark: Remark) -> Remark:
    review = rounds.lock(remark.review)
    found = queries.remark(review.draft, remark.pk)
    found.review = review
    return found
