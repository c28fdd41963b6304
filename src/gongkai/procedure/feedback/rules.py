"""Who may assign, answer, approve and reopen, and when. Reads, never writes."""

from datetime import date

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from gongkai.foundation.organisations.models import Post
from gongkai.foundation.organisations.queries import (
    Officer,
    holder,
    posts_with_right,
    today,
    vacancy,
)
from gongkai.foundation.organisations.rules import not_theirs
from gongkai.foundation.organisations.states import Right
from gongkai.procedure.catalogue.queries import charter_of
from gongkai.procedure.feedback import queries, receipts
from gongkai.procedure.feedback.models import Answer, Case
from gongkai.procedure.feedback.states import (
    MOVES,
    CaseKind,
    CaseState,
    Ground,
    Outcome,
    outcomes_of,
)
from gongkai.procedure.proposals.models import Disclosure
from gongkai.procedure.publication.queries import corrected_since, taken_back_since

LONGEST_TEXT = 2000
"""Characters of a voice."""

LONGEST_ANSWER = 5000
"""Characters of an answer."""

REOPENED_AT_MOST = 1


SEEING = (Right.ASSIGN, Right.APPROVE, Right.SUPERVISE)
"""Rights that need every voice of the organisation."""


def may_see(case: Case, officer: Officer) -> bool:
    """Whether ``officer`` may read ``case`` at the desk."""
    return visible(officer).filter(pk=case.pk).exists()


def visible(officer: Officer) -> QuerySet[Case]:
    """The voices that ``officer`` may read: those that a right of theirs needs, those given to a
    post they hold, those they answered. Nobody reads another organisation's.
    """
    own = queries.cases(officer.organisation)
    if any(officer.may(right) for right in SEEING):
        return own
    answered = Answer.objects.filter(case=OuterRef("pk"), member=officer.member)
    return own.filter(Q(post__in=[post.pk for post in officer.posts]) | Exists(answered))


def receive_obstacles(text: str) -> list[str]:
    """Why these words cannot be taken down."""
    if not text.strip():
        return [_("还没有写内容。请写下您要说的事。")]
    return _too_long(text, LONGEST_TEXT)


def kind_obstacles(kind: str, ground: str, disclosure: Disclosure | None) -> list[str]:
    """Why no voice of this kind can be taken down: a problem has its item and its ground."""
    if kind != CaseKind.PROBLEM:
        return []
    obstacles = []
    if disclosure is None:
        obstacles.append(_("请先打开有问题的那一件，再从那里说。"))
    if ground not in Ground.values:
        obstacles.append(_("还没有选是什么问题。"))
    return obstacles


def assign_obstacles(case: Case, officer: Officer, post: Post) -> list[str]:
    """Why ``officer`` may not give ``case`` to ``post``."""
    obstacles = may_assign_obstacles(case, officer)
    if post.organisation != case.organisation or post.retired:
        obstacles.append(_("本单位现在没有这个岗位。请另选一个。"))
    elif Right.ANSWER not in post.rights:
        able = posts_with_right(case.organisation, Right.ANSWER)
        posts = _("、").join(each.name for each in able)
        wording = _("%(post)s没有答复意见的权限。可以分给：%(posts)s。")
        obstacles.append(wording % {"post": post.name, "posts": posts})
    elif holder(post, today(case.organisation)) is None:
        obstacles.append(vacancy(post))
    return obstacles


def may_assign_obstacles(case: Case, officer: Officer) -> list[str]:
    """Why ``officer`` may not give ``case`` to anybody."""
    return not_theirs(officer, case.organisation, Right.ASSIGN) + _not_now(
        case, CaseState.ASSIGNED, CaseState.RECEIVED, CaseState.ASSIGNED
    )


def answer_obstacles(case: Case, officer: Officer, text: str, outcome: str) -> list[str]:
    """Why ``officer`` may not answer ``case`` with these words."""
    obstacles = may_answer_obstacles(case, officer)
    if not text.strip():
        obstacles.append(_("还没有写答复。"))
    if outcome not in outcomes_of(case.kind):
        obstacles.append(_("还没有选办理结果。"))
    return obstacles + _not_done(case, outcome) + _too_long(text, LONGEST_ANSWER)


def _not_done(case: Case, outcome: str) -> list[str]:
    """Why the outcome would not be honest: what it claims has not happened since the voice came."""
    item, since = case.disclosure, case.received_at
    if item and outcome == Outcome.CORRECTED and not corrected_since(item, since):
        return [_("这一件还没有更正公开。请先更正，公开以后再这样答复。")]
    if item and outcome == Outcome.REMOVED and not taken_back_since(item, since):
        return [_("这一件还没有撤回或者清除。请先撤下，再这样答复。")]
    return []


def may_answer_obstacles(case: Case, officer: Officer) -> list[str]:
    """Why ``officer`` may not answer ``case``, whatever the words."""
    obstacles = _not_now(case, CaseState.DRAFTED, CaseState.ASSIGNED)
    if case.post is None:
        return [_("这一件还没有分办。请先分给一个岗位。")]
    if not officer.holds(case.post.key) or officer.organisation != case.organisation:
        wording = _("这一件分给了%(post)s，由%(post)s答复。")
        obstacles.append(wording % {"post": case.post.name})
    return obstacles


def approve_obstacles(answer: Answer, officer: Officer) -> list[str]:
    """Why ``officer`` may not approve ``answer``: it takes a second person."""
    obstacles = not_theirs(officer, answer.case.organisation, Right.APPROVE)
    if answer.member == officer.member:
        obstacles.append(_("这份答复是您写的，请另一位有审定权的人审定。"))
    if queries.draft_answer(answer.case) != answer:
        obstacles.append(_("这份答复已经审定或者退回了。请看最新的情况。"))
    return obstacles


def return_obstacles(answer: Answer, officer: Officer, reason: str) -> list[str]:
    """Why ``officer`` may not send ``answer`` back."""
    obstacles = approve_obstacles(answer, officer)
    if not reason.strip():
        obstacles.append(_("请写明哪里要改。"))
    return obstacles


def reopen_obstacles(case: Case, receipt: str) -> list[str]:
    """Why whoever holds ``receipt`` may not ask for another answer."""
    if receipts.hashed(receipt) != case.receipt:
        return [_("查询码不对。请照抄下来的再输一次。")]
    if case.reopened >= REOPENED_AT_MOST:
        return [_("这一件已经重办过一次。还有话要说，请另外说一件事。")]
    if case.state != CaseState.ANSWERED:
        return [_("这一件还在办，答复以后才能要求重办。")]
    return []


def exemption(case: Case, officer: Officer) -> str:
    """The charter's named exemption under which ``officer`` answers alone; empty without one."""
    named = charter_of(case.organisation)[1].exemption
    if named and case.post and case.post.key in named.posts:
        return named.name
    return ""


def overdue(case: Case, on: date) -> bool:
    """Whether the promise to the voice is broken on that day."""
    return case.state != CaseState.ANSWERED and on > case.promised_on


def _not_now(case: Case, to: CaseState, *allowed: CaseState) -> list[str]:
    """The sentence for a case that is not where this act begins."""
    if case.state in allowed and to in MOVES[case.state]:
        return []
    state = CaseState(case.state).label
    return [_("这一件现在是“%(state)s”，不能这样办。请看最新的情况。") % {"state": state}]


def _too_long(text: str, most: int) -> list[str]:
    if len(text) <= most:
        return []
    wording = _("最多%(most)s个字，现在有%(now)s个。请写短一些，或者分几次说。")
    return [wording % {"most": most, "now": len(text)}]
