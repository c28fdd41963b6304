"""Who may bring a voice to the wall, pass its wording, keep it off or take it down, and when."""

from collections.abc import Collection

from django.utils.translation import gettext as _

from gongkai.foundation.organisations.audience import is_public
from gongkai.foundation.organisations.queries import Officer
from gongkai.foundation.organisations.rules import not_theirs
from gongkai.foundation.organisations.states import Right
from gongkai.procedure.catalogue.queries import charter_of
from gongkai.procedure.feedback import hanging, masking, queries, rules
from gongkai.procedure.feedback.models import Case, Hanging, Wording
from gongkai.procedure.feedback.states import (
    ELSEWHERE,
    PETITIONS,
    TO_CHANGE,
    TO_KEEP_OFF,
    TO_TAKE_DOWN,
    CaseState,
    Ground,
    WallReason,
)
from gongkai.procedure.proposals.models import Disclosure
from gongkai.procedure.publication.queries import open_audience

LONGEST_WHY = 200
"""Characters of the words beside a reason."""


def hangable(case: Case) -> bool:
    """Whether the voice may come to the wall at all: it agreed, and its kind is not private."""
    return case.show and case.kind not in PETITIONS and case.ground != Ground.PRIVACY


def may_obstacles(case: Case, officer: Officer) -> list[str]:
    """Why ``officer`` may not propose anything for the wall of ``case``, whatever the words."""
    theirs = case.post is not None and officer.holds(case.post.key)
    own = officer.organisation == case.organisation
    obstacles = [] if theirs and own else not_theirs(officer, case.organisation, Right.ASSIGN)
    if case.kind in PETITIONS:
        obstacles.append(_("来信来访不上墙。"))
    elif case.ground == Ground.PRIVACY:
        obstacles.append(_("指出泄露个人信息的不上墙。"))
    elif not case.show:
        obstacles.append(_("本人没有同意公开，不能上墙。"))
    if case.state in ELSEWHERE:
        state = CaseState(case.state).label
        wording = _("这一件现在是“%(state)s”，不能这样办。请看最新的情况。")
        obstacles.append(wording % {"state": state})
    return obstacles + _hung_obstacles(case)


def _hung_obstacles(case: Case) -> list[str]:
    found = hanging.of(case)
    if found is not None and found.down_at is not None:
        return [_("这一件已经从墙上撤下，不能再上墙。")]
    if any(each.record for each in queries.settled_answers(case)):
        return [_("答复已经公开，墙上的字不能再改。确实不该公开的，请撤下并写明理由。")]
    return []


def propose_obstacles(
    case: Case, officer: Officer, text: str, reason: str, why: str, item: Disclosure | None
) -> list[str]:
    """Why ``officer`` may not propose these words; words that were changed need a reason."""
    obstacles = may_obstacles(case, officer)
    if not text:
        return [*obstacles, _("还没有写上墙的文字。")]
    obstacles += rules.too_long(text, rules.LONGEST_TEXT) + _no_numbers(text)
    if text != hanging.words_of(case):
        obstacles += reason_obstacles(reason, why, TO_CHANGE)
    elif reason:
        obstacles.append(_("文字没有改动，不用选理由。"))
    if item is not None and not is_public(open_audience(item)):
        obstacles.append(_("那一件没有向社会公开，不能从墙上链接过去。"))
    return obstacles


def keep_off_obstacles(case: Case, officer: Officer, reason: str, why: str) -> list[str]:
    """Why ``officer`` may not propose that the voice be kept off the wall."""
    return may_obstacles(case, officer) + reason_obstacles(reason, why, TO_KEEP_OFF)


def reason_obstacles(reason: str, why: str, allowed: Collection[WallReason]) -> list[str]:
    """Why this is no reason that everybody can read: one of the closed list, and words."""
    obstacles = []
    if reason not in allowed:
        obstacles.append(_("还没有选理由。理由会公开，并且计入调整登记。"))
    if not why:
        obstacles.append(_("请用一句话写明理由，不要写出不该公开的内容。"))
    return obstacles + rules.too_long(why, LONGEST_WHY) + _no_numbers(why)


def pass_obstacles(wording: Wording, officer: Officer) -> list[str]:
    """Why ``officer`` may not pass what was proposed: it takes a second person."""
    obstacles = not_theirs(officer, wording.case.organisation, Right.APPROVE)
    if wording.member == officer.member:
        obstacles.append(_("这是您自己提请的，请另一位有审定权的人审定。"))
    if wording.passed_at is not None or wording.returned_reason:
        obstacles.append(_("这一稿已经审定或者退回了。请看最新的情况。"))
    return obstacles + may_pass_obstacles(wording.case)


def may_pass_obstacles(case: Case) -> list[str]:
    """Why nothing more can come to the wall from ``case``."""
    if case.state in ELSEWHERE:
        return [_("这一件已经不在这里办，不能再上墙。")]
    return _hung_obstacles(case)


def return_obstacles(wording: Wording, officer: Officer, reason: str) -> list[str]:
    """Why ``officer`` may not send back what was proposed."""
    obstacles = not_theirs(officer, wording.case.organisation, Right.APPROVE)
    if wording.passed_at is not None or wording.returned_reason:
        obstacles.append(_("这一稿已经审定或者退回了。请看最新的情况。"))
    if not reason:
        obstacles.append(_("请写明哪里要改。"))
    return obstacles


def take_down_obstacles(
    found: Hanging | None, officer: Officer, case: Case, reason: str, why: str
) -> list[str]:
    """Why ``officer`` may not take the voice down: one person may, since it waits for nothing."""
    obstacles = not_theirs(officer, case.organisation, Right.APPROVE)
    return obstacles + _not_up(found) + reason_obstacles(reason, why, TO_TAKE_DOWN)


def retract_obstacles(found: Hanging | None, case: Case, receipt: str) -> list[str]:
    """Why whoever holds ``receipt`` may not take the voice down from the wall."""
    return rules.receipt_obstacles(case, receipt) or ([] if case.show else [_not_shown()])


def exemption(case: Case, text: str) -> str:
    """The charter's named exemption under which these words need no second person; empty without
    one. It never covers words that the office has changed.
    """
    named = charter_of(case.organisation)[1].voices.unpassed
    if named is None or case.kind not in named.kinds or text != hanging.words_of(case):
        return ""
    return named.name


def _not_up(found: Hanging | None) -> list[str]:
    if found is None or found.record is None or found.wording.off:
        return [_("这一件不在墙上。")]
    return [_("这一件已经撤下了。")] if found.down_at else []


def _not_shown() -> str:
    return _("这一件本来就不公开。")


def _no_numbers(text: str) -> list[str]:
    if masking.masked(text) == text:
        return []
    return [_("文字里像是有个人号码。请去掉再上墙。")]
