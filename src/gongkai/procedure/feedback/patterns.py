"""The verbs of suggestions 共性问题建议: put one forward from voices, take it up, decline it.

In two steps, by two persons: who deals with voices sees what they have in common, and a post that
proposes decides whether anything comes of it. What comes of it is a correction or a revision of the
catalogue like any other, with its own review and approval.
"""

from collections.abc import Sequence

from django.db import transaction

from gongkai.foundation.core import clock
from gongkai.foundation.core.errors import Refused
from gongkai.foundation.organisations.queries import Officer, holder, today
from gongkai.procedure.feedback import acts, letters, masking, pattern_rules
from gongkai.procedure.feedback.models import Case, Pattern, PatternCase
from gongkai.procedure.feedback.states import PatternState
from gongkai.procedure.proposals.models import Disclosure
from gongkai.procedure.publication import workflow as publication


@transaction.atomic
def put_forward(*, officer: Officer, cases: Sequence[Case], text: str, item: str = "") -> Pattern:
    """Suggest from ``cases`` that the ``item`` be corrected; without one, a line more. 提出建议

    Whoever may take it up gets a letter. The senders read ``text`` on their receipt pages.
    """
    text = " ".join(masking.tidied(text).split())
    found = Disclosure.objects.filter(organisation=officer.organisation, address=item).first()
    if obstacles := pattern_rules.put_forward_obstacles(officer, cases, text, item, found):
        raise Refused(obstacles)
    pattern = Pattern.objects.create(
        organisation=officer.organisation,
        disclosure=found,
        text=text,
        proposer=officer.member,
        post=officer.post_names,
        at=clock.now(),
    )
    PatternCase.objects.bulk_create(PatternCase(pattern=pattern, case=case) for case in cases)
    _told("pattern.propose", pattern, officer, text=text)
    day = today(officer.organisation)
    held = {holder(post, day) for post in pattern_rules.fitting(pattern)}
    for member in sorted((each for each in held if each), key=lambda each: each.pk):
        if member != officer.member and member.account and member.account.email:
            letters.suggested(pattern, member)
    return pattern


@transaction.atomic
def take(*, pattern: Pattern, officer: Officer, note: str = "", code: str = "") -> Pattern:
    """Take the suggestion up. 接手

    A correction is begun with ``note``, which readers of the item will see; for a line more,
    ``code`` is the one it has in the officer's revision of the catalogue.
    """
    pattern, code = _held(pattern), code.strip()
    if obstacles := pattern_rules.take_obstacles(pattern, officer, code):
        raise Refused(obstacles)
    if pattern.disclosure is not None:
        publication.correct(
            disclosure=pattern.disclosure, officer=officer, note=note, privacy=False
        )
    else:
        pattern.code = code
    _decide(pattern, officer, PatternState.TAKEN)
    _told("pattern.take", pattern, officer)
    return pattern


@transaction.atomic
def decline(*, pattern: Pattern, officer: Officer, reason: str) -> Pattern:
    """Decide that nothing comes of the suggestion, for a reason that the senders read. 不采纳"""
    pattern, reason = _held(pattern), masking.tidied(reason)
    if obstacles := pattern_rules.decline_obstacles(pattern, officer, reason):
        raise Refused(obstacles)
    pattern.answer = reason
    _decide(pattern, officer, PatternState.DECLINED)
    _told("pattern.decline", pattern, officer, text=reason)
    return pattern


def _held(pattern: Pattern) -> Pattern:
    rows = Pattern.objects.select_for_update(of=("self",))
    return rows.select_related("organisation", "disclosure").get(pk=pattern.pk)


def _decide(pattern: Pattern, officer: Officer, state: PatternState) -> None:
    pattern.state, pattern.decider = state, officer.member
    pattern.decided_post, pattern.decided_at = officer.post_names, clock.now()
    pattern.save()


def _told(verb: str, pattern: Pattern, officer: Officer, **facts: str) -> None:
    """The act, with each of the voices that it came from."""
    item = pattern.disclosure.address if pattern.disclosure else ""
    for case in pattern_rules.cases_of(pattern):
        acts.record(verb, case, officer, {"suggestion": pattern.pk, "item": item, **facts})
