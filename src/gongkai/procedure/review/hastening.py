"""The emergency path on the side of review 紧急公开: seal at once; decide afterwards.

In the transaction of publication's verbs, which open what is sealed and tell readers of it.
"""

from django.utils import translation
from django.utils.translation import gettext as _

from gongkai.foundation.core import clock, deadlines
from gongkai.foundation.core.errors import Refused
from gongkai.foundation.organisations.queries import Officer
from gongkai.procedure.review import emergency_rules, queries, rounds, sealing
from gongkai.procedure.review.models import ApprovalSheet, Emergency, Review


def seal(review: Review, officer: Officer, reason: str) -> Emergency:
    """Fix the bytes of what is under review before every stage has passed 紧急封存."""
    review, now = rounds.lock(review), clock.now()
    if obstacles := emergency_rules.emergency_obstacles(review, officer, reason):
        raise Refused(obstacles)
    rule = review.charter.charter.emergency
    assert rule is not None
    post = next(post for post in officer.posts if post.key in rule.posts)
    if officer.member.pk not in review.parts:
        rounds.take_part(review, officer.member, post.key)
    said = reason.strip()
    edition = sealing.fix(review, officer, post.name, now, {"emergency": True, "text": said})
    today = clock.civil_day(now, review.draft.disclosure.organisation.zone)
    return Emergency.objects.create(
        edition=edition,
        reason=said,
        member=officer.member,
        post=post.name,
        at=now,
        due_on=deadlines.deadline(today, rule.workdays).due,
    )


def decide(emergency: Emergency, officer: Officer, *, confirmed: bool, text: str) -> Emergency:
    """Write down what the second person decided 补审; the approval sheet is made anew with it."""
    Emergency.objects.select_for_update(of=("self",)).get(pk=emergency.pk)
    emergency = queries.emergencies().get(pk=emergency.pk)
    rule = emergency_rules.confirm_obstacles if confirmed else emergency_rules.refuse_obstacles
    if obstacles := rule(emergency, officer, text):
        raise Refused(obstacles)
    acting = emergency_rules.confirming(emergency, officer)
    assert acting is not None
    with translation.override("zh-hans"):
        said = text.strip() or _("补审通过。")
    emergency.confirmed, emergency.text = confirmed, said
    emergency.decided_by, emergency.decided_as = officer.member, acting.name
    emergency.decided_at = clock.now()
    emergency.save(update_fields=["confirmed", "text", "decided_by", "decided_as", "decided_at"])
    ApprovalSheet.objects.filter(edition=emergency.edition).update(file=None, trouble="")
    return emergency
