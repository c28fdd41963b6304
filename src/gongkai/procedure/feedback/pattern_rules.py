"""Who may put a suggestion forward, take it up, decline it; and what became of one."""

from collections.abc import Sequence

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from gongkai.foundation.organisations.models import Organisation, Post
from gongkai.foundation.organisations.queries import Officer, posts_with_right
from gongkai.foundation.organisations.rules import not_theirs, sentence_obstacles
from gongkai.foundation.organisations.states import Right
from gongkai.procedure.catalogue.queries import charter_of, revision_in_hand
from gongkai.procedure.feedback import masking, rules
from gongkai.procedure.feedback.models import Case, Pattern, PatternCase
from gongkai.procedure.feedback.states import PatternState
from gongkai.procedure.proposals.models import Disclosure
from gongkai.procedure.publication.queries import corrected_since
from gongkai.procedure.publication.rules import may_correct_obstacles

MOST_CASES = 200
"""Voices that one suggestion may name."""


def put_forward_obstacles(
    officer: Officer, cases: Sequence[Case], text: str, item: str, found: Disclosure | None
) -> list[str]:
    """Why ``officer`` may not suggest this from these cases; ``found`` is the ``item`` named."""
    obstacles = not_theirs(officer, officer.organisation, Right.ASSIGN)
    if not cases:
        obstacles.append(_("还没有选意见。请至少选一件。"))
    if len(cases) > MOST_CASES:
        obstacles.append(_("一次最多选%(most)s件意见。") % {"most": MOST_CASES})
    seen = rules.visible(officer).filter(pk__in=[case.pk for case in cases]).count()
    if seen < len(set(cases)):
        obstacles.append(_("选的意见里有您看不到的。请重新选。"))
    if item and found is None:
        obstacles.append(_("本单位没有编号为%(item)s的公开件。") % {"item": item})
    if masking.masked(text) != text:
        obstacles.append(_("建议里像是有个人号码。请去掉，说话的人都会看到这句话。"))
    return obstacles + sentence_obstacles(text, _("请写明要改什么、加什么，说话的人会看到。"))


def take_obstacles(pattern: Pattern, officer: Officer, code: str) -> list[str]:
    """Why ``officer`` may not take ``pattern`` up; what a correction needs is asked there."""
    if obstacles := may_decide_obstacles(pattern, officer):
        return obstacles
    if pattern.disclosure is not None:
        return may_correct_obstacles(pattern.disclosure, officer)
    if in_force(pattern.organisation, code):
        return [_("目录里已经有编号为%(code)s的一项。") % {"code": code}]
    revision = revision_in_hand(officer)
    if revision is None or all(rule.code != code for rule in revision.charter.entries):
        return [_("请先在“公开目录”里起草修改，把这一项加进去，再写它的编号。")]
    return []


def decline_obstacles(pattern: Pattern, officer: Officer, reason: str) -> list[str]:
    """Why ``officer`` may not decide for this reason that nothing comes of ``pattern``."""
    obstacles = may_decide_obstacles(pattern, officer)
    if masking.masked(reason) != reason:
        obstacles.append(_("理由里像是有个人号码。请去掉，说话的人都会看到这句话。"))
    return obstacles + sentence_obstacles(reason, _("请写明为什么不采纳，说话的人会看到。"))


def may_decide_obstacles(pattern: Pattern, officer: Officer) -> list[str]:
    """Why ``officer`` may not decide on ``pattern``: another person who proposes does."""
    if pattern.state != PatternState.PROPOSED:
        state = {"state": pattern.get_state_display()}
        return [_("这条建议现在是“%(state)s”，不能这样办。请看最新的情况。") % state]
    obstacles = not_theirs(officer, pattern.organisation, Right.PROPOSE)
    if officer.member == pattern.proposer:
        obstacles.append(_("这条建议是您提出的，要由另一个人接手。"))
    return obstacles


# -- reads -----------------------------------------------------------------------------------------


def suggestions(organisation: Organisation) -> QuerySet[Pattern]:
    """The suggestions of an organisation, newest first."""
    found = Pattern.objects.filter(organisation=organisation)
    return found.select_related("organisation", "disclosure__entry").order_by("-pk")


def waiting_for(officer: Officer) -> list[Pattern]:
    """The suggestions that this officer may take up, the oldest first: those of their department's
    items, or of an item whose department has no post that proposes; at most 2 queries, none for
    whoever does not propose.
    """
    if not officer.may(Right.PROPOSE):
        return []
    found = suggestions(officer.organisation).filter(state=PatternState.PROPOSED)
    waiting = list(found.exclude(proposer=officer.member).order_by("pk")[:MOST_WAITING])
    if not waiting:
        return []
    able = posts_with_right(officer.organisation, Right.PROPOSE)
    return [each for each in waiting if any(officer.holds(p.key) for p in _fitting(each, able))]


MOST_WAITING = 100
"""Suggestions that are shown as waiting; the list of all has the rest."""


def about(case: Case) -> list[Pattern]:
    """The suggestions that came from ``case`` or from the one that answers in its place."""
    cases = [case.pk, *([case.head_id] if case.head_id else [])]
    found = Pattern.objects.filter(
        pk__in=PatternCase.objects.filter(case__in=cases).values("pattern")
    )
    return list(found.select_related("organisation", "disclosure").order_by("pk"))


def cases_of(pattern: Pattern) -> list[Case]:
    """The voices that ``pattern`` came from, oldest first."""
    own = PatternCase.objects.filter(pattern=pattern).values("case")
    found = Case.objects.filter(pk__in=own).select_related("organisation", "disclosure")
    return list(found.order_by("pk"))


def fitting(pattern: Pattern) -> list[Post]:
    """The posts that are to hear of it: those of the item's department that propose, else all."""
    return _fitting(pattern, posts_with_right(pattern.organisation, Right.PROPOSE))


def _fitting(pattern: Pattern, able: list[Post]) -> list[Post]:
    if pattern.disclosure is None:
        return able
    department = pattern.disclosure.entry.department
    return [each for each in able if each.department == department] or able


def done(pattern: Pattern) -> bool:
    """Whether what was taken up has come: the correction is public, the line is in force."""
    if pattern.state != PatternState.TAKEN or pattern.decided_at is None:
        return False
    if pattern.disclosure is not None:
        return corrected_since(pattern.disclosure, pattern.decided_at)
    return in_force(pattern.organisation, pattern.code)


def in_force(organisation: Organisation, code: str) -> bool:
    """Whether the catalogue in force has the line ``code``."""
    return any(rule.code == code for rule in charter_of(organisation)[1].entries)
