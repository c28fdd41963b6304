"""By when the things on the desk are due, each with its sum.

The lengths come from the charter, the counting from the one deadline engine.
"""

from gongkai.foundation.core import deadlines
from gongkai.foundation.core.clock import civil_day
from gongkai.foundation.core.deadlines import Deadline
from gongkai.procedure.catalogue.charter import Charter
from gongkai.procedure.feedback import promises
from gongkai.procedure.feedback.models import Case
from gongkai.procedure.proposals.models import Disclosure
from gongkai.procedure.review.models import Opinion, Review
from gongkai.procedure.review.queries import stage_of

SEAL_WORKDAYS = 1
"""What ``review`` gives the sealing post; a test holds the two together."""


def to_publish(disclosure: Disclosure, charter: Charter) -> Deadline:
    """By when a thing that was first written down should be public: the entry's own working days,
    or the charter's 形成以后 limit.
    """
    zone = charter.organisation.zone
    own = [rule.workdays for rule in charter.entries if rule.code == disclosure.entry.code]
    length = (own[0] if own else 0) or charter.deadlines.disclose_workdays
    return deadlines.deadline(civil_day(disclosure.made_at, zone), length)


def to_review(review: Review, opinions: list[Opinion]) -> Deadline:
    """By when the present stage should act; it began with the opinion before it."""
    charter = review.charter.charter
    passed = [opinion.at for opinion in opinions if opinion.stage < review.stage]
    start = civil_day(passed[-1] if passed else review.began_at, charter.organisation.zone)
    stage = stage_of(review, charter)
    return deadlines.deadline(start, stage.workdays if stage else SEAL_WORKDAYS)


def to_answer(case: Case) -> Deadline:
    """By when a voice is answered: its own clock, with what stopped and what extended it."""
    return promises.of(case)
