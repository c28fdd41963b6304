"""The verbs of asking other posts for their opinion beside the stages 会签: ask, advise, drop.

Apart from ``workflow`` for their length alone; as there, the draft is held first.
"""

from collections.abc import Iterable

from django.db import transaction

from gongkai.foundation.core import clock, deadlines
from gongkai.foundation.core.errors import Refused
from gongkai.foundation.organisations.models import Post
from gongkai.foundation.organisations.queries import Officer
from gongkai.procedure.review import queries, rounds, rules, turns
from gongkai.procedure.review.models import Consultation, Review
from gongkai.procedure.review.states import Advice, Asked


@transaction.atomic
def ask(
    *, review: Review, officer: Officer, posts: Iterable[Post], question: str = ""
) -> list[Consultation]:
    """Ask several posts at once for their opinion, each within the charter's days 请会签."""
    review, now, asked = rounds.lock(review), clock.now(), list(posts)
    if obstacles := rules.ask_obstacles(review, officer, asked, question):
        raise Refused(obstacles)
    acting = turns.capacity(review, officer)
    asked_as = acting.name if acting else officer.post_names
    zone, charter = review.draft.disclosure.organisation.zone, review.charter.charter
    limit = deadlines.deadline(clock.civil_day(now, zone), charter.consulting.workdays)
    made = [
        Consultation.objects.create(
            review=review,
            post=post,
            question=question.strip(),
            asked_by=officer.member,
            asked_as=asked_as,
            asked_at=now,
            due_on=limit.due,
        )
        for post in asked
    ]
    review.asked = [*review.asked, *(post.key for post in asked)]
    review.save(update_fields=["asked"])
    facts = {
        "post": asked_as,
        "asked": [post.name for post in asked],
        "due": limit.due.isoformat(),
        "text": question.strip(),
    }
    rounds.record("review.ask", review, officer, facts)
    return made


@transaction.atomic
def advise(*, asked: Consultation, officer: Officer, advice: str, text: str = "") -> Consultation:
    """Give the opinion that a post was asked for 会签意见."""
    asked = _locked(asked)
    if obstacles := rules.advise_obstacles(asked, officer, advice, text):
        raise Refused(obstacles)
    acting = officer.capacities([asked.post.key])[0]
    asked.state, asked.advice, asked.text = Asked.ANSWERED, Advice(advice), text.strip()
    asked.member, asked.answered_as, asked.answered_at = officer.member, acting.name, clock.now()
    asked.save()
    _answered(asked)
    facts = {"post": acting.name, "advice": str(asked.advice), "text": asked.text}
    rounds.record("review.advise", asked.review, officer, facts)
    return asked


@transaction.atomic
def drop(*, asked: Consultation, officer: Officer) -> Consultation:
    """Say that this opinion is not waited for any longer 不再等会签."""
    asked = _locked(asked)
    if obstacles := rules.drop_obstacles(asked, officer):
        raise Refused(obstacles)
    asked.state = Asked.DROPPED
    asked.save(update_fields=["state"])
    _answered(asked)
    acting = turns.capacity(asked.review, officer)
    facts = {"post": acting.name if acting else officer.post_names, "asked": [asked.post.name]}
    rounds.record("review.unask", asked.review, officer, facts)
    return asked


def _answered(asked: Consultation) -> None:
    """Nothing is waited for from that post any more."""
    review = asked.review
    review.asked = [key for key in review.asked if key != asked.post.key]
    review.save(update_fields=["asked"])


def _locked(asked: Consultation) -> Consultation:
    return queries.consultation(rounds.lock(asked.review), asked.pk)
