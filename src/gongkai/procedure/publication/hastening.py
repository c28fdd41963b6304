"""The verbs of the emergency path 紧急公开: seal and open at once; confirm or refuse afterwards.

Apart from ``workflow`` for their length alone. As there, whatever is being reviewed is held first,
then its disclosure.
"""

from django.db import transaction

from gongkai.foundation.core import clock
from gongkai.foundation.core.errors import Refused
from gongkai.foundation.ledger import workflow as ledger
from gongkai.foundation.organisations.queries import Officer
from gongkai.procedure.proposals.models import Disclosure
from gongkai.procedure.publication import queries, telling, workflow
from gongkai.procedure.publication.plans import earliest_steps, plan_obstacles
from gongkai.procedure.review import hastening
from gongkai.procedure.review.models import Emergency, Review


@transaction.atomic
def hasten(*, review: Review, officer: Officer, reason: str) -> Emergency:
    """Seal what is under review and open it as early as its plan allows, at once 紧急公开.

    The sealed order stands: members first. ``Refused`` with every obstacle.
    """
    emergency = hastening.seal(review, officer, reason)
    edition, now = emergency.edition, clock.now()
    edition.disclosure = workflow.lock(edition.disclosure)
    plan = queries.sealed_stages(edition)
    steps = earliest_steps(plan, now)
    if obstacles := plan_obstacles(plan, [], steps, now):
        raise Refused(obstacles)
    workflow.arrange(edition, officer, steps, now)
    return emergency


@transaction.atomic
def confirm(*, emergency: Emergency, officer: Officer, text: str = "") -> Emergency:
    """A second person has looked at it, and it may stand 补审通过."""
    disclosure = workflow.lock(emergency.edition.disclosure)
    emergency = hastening.decide(emergency, officer, confirmed=True, text=text)
    _tell("emergency.confirm", disclosure, emergency, officer)
    return emergency


@transaction.atomic
def refuse(*, emergency: Emergency, officer: Officer, reason: str) -> Emergency:
    """A second person has looked at it, and it may not stand 补审不通过.

    What waits of it no longer opens; taking back what is open is a withdrawal, by who may.
    """
    disclosure = workflow.lock(emergency.edition.disclosure)
    emergency = hastening.decide(emergency, officer, confirmed=False, text=reason)
    workflow.cancel_waiting(workflow.waiting(disclosure).filter(edition=emergency.edition))
    workflow.wait(disclosure, False)
    _tell("emergency.refuse", disclosure, emergency, officer)
    return emergency


def _tell(verb: str, disclosure: Disclosure, emergency: Emergency, officer: Officer) -> None:
    """The act, and for those who can read the item a record of what was decided."""
    gone = queries.is_withdrawn(disclosure) or queries.is_erased(disclosure)
    audience = frozenset() if gone else queries.seen_by(disclosure)
    number = emergency.edition.number
    body = {"format": "gongkai-emergency/1", "edition": number, **queries.told(emergency)}
    opening = ledger.Opening("emergency", disclosure.address, audience, body) if audience else None
    facts = {"edition": number, "text": emergency.text, "post": emergency.decided_as}
    telling.record_act(verb, disclosure, officer, facts, opening)
