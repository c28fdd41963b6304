"""Who may open, correct, take back and destroy, and when. Reads, never writes."""

from collections.abc import Sequence
from datetime import datetime

from django.utils.translation import gettext as _

from gongkai.foundation.organisations.queries import Officer
from gongkai.foundation.organisations.rules import not_theirs, sentence_obstacles
from gongkai.foundation.organisations.states import Right
from gongkai.foundation.ui import marks
from gongkai.procedure.proposals.models import Disclosure
from gongkai.procedure.proposals.queries import draft_in_hand
from gongkai.procedure.publication import queries
from gongkai.procedure.publication.models import Erasure, Release
from gongkai.procedure.publication.plans import Planned, Step, plan_obstacles, time_obstacles
from gongkai.procedure.publication.states import ReleaseState
from gongkai.procedure.review.models import Edition
from gongkai.procedure.review.queries import emergency_of


def schedule_obstacles(
    edition: Edition, officer: Officer, steps: Sequence[Step], now: datetime
) -> list[str]:
    """Why ``officer`` may not arrange ``steps`` of ``edition``; empty when they may."""
    obstacles = may_schedule_obstacles(edition, officer)
    if edition.erased_at is None:
        plan, stands = queries.sealed_stages(edition), queries.standing_plan(edition)
        obstacles += plan_obstacles(plan, stands, steps, now)
    return obstacles


def may_schedule_obstacles(edition: Edition, officer: Officer) -> list[str]:
    """Why nothing of ``edition`` may be arranged by ``officer``, whatever the steps."""
    disclosure = edition.disclosure
    obstacles = not_theirs(officer, disclosure.organisation, Right.PUBLISH) + gone_obstacles(
        disclosure
    )
    if not queries.is_newest(edition):
        obstacles.append(_("后来又审核封存了新的版本。请安排新的版本公开。"))
    emergency = emergency_of(edition)
    if emergency and emergency.confirmed is False:
        obstacles.append(_("这一版补审没有通过，不能再公开。请撤回，或者更正。"))
    return obstacles


def reschedule_obstacles(
    release: Release, officer: Officer, opens_at: datetime | None, now: datetime
) -> list[str]:
    """Why the planned ``release`` may not be moved to ``opens_at``."""
    obstacles = not_theirs(officer, release.disclosure.organisation, Right.PUBLISH)
    obstacles += _not_planned(release)
    sealed = {stage.scope: stage for stage in queries.sealed_stages(release.edition)}
    if stage := sealed.get(release.scope):
        obstacles += time_obstacles(stage, opens_at, now)
    return obstacles + _between_neighbours(release, opens_at or now)


def cancel_obstacles(release: Release, officer: Officer) -> list[str]:
    """Why the planned ``release`` may not be cancelled."""
    return not_theirs(officer, release.disclosure.organisation, Right.PUBLISH) + _not_planned(
        release
    )


def open_obstacles(release: Release, before: Sequence[Release], now: datetime) -> list[str]:
    """Why ``release`` must not open at ``now``: its time, its place in the order.

    ``before`` are the standing stages of its plan that come first. Whether its item is gone is
    asked once for all of them, by ``gone_obstacles``.
    """
    obstacles = []
    if now < release.opens_at:
        wording = _("还没有到公开的时间：%(at)s。")
        obstacles.append(wording % {"at": marks.moment(release.opens_at)})
    if any(each.state == ReleaseState.PLANNED for each in before):
        obstacles.append(_("前面的一步还没有公开，这一步要等它。"))
    if len(before) < release.order:
        obstacles.append(_("前面的一步取消了，这一步不能先公开。"))
    return obstacles


def correct_obstacles(disclosure: Disclosure, officer: Officer, note: str) -> list[str]:
    """Why ``officer`` may not begin a correction of ``disclosure``."""
    obstacles = may_correct_obstacles(disclosure, officer)
    return obstacles + sentence_obstacles(note, _("请写明更正了什么，读者会看到这句话。"))


def may_correct_obstacles(disclosure: Disclosure, officer: Officer) -> list[str]:
    """Why no correction may begin, whatever its note."""
    obstacles = not_theirs(officer, disclosure.organisation, Right.PROPOSE) + gone_obstacles(
        disclosure
    )
    if queries.latest_edition(disclosure) is None:
        obstacles.append(_("这一件还没有审核封存，请直接修改草稿。"))
    elif draft_in_hand(disclosure):
        obstacles.append(_("已经有一份更正在办。请先办完或者放弃那一份。"))
    return obstacles


def withdraw_obstacles(disclosure: Disclosure, officer: Officer, reason: str) -> list[str]:
    """Why ``officer`` may not withdraw ``disclosure``."""
    obstacles = may_withdraw_obstacles(disclosure, officer)
    return obstacles + sentence_obstacles(reason, _("请写明为什么撤回，这句话会登在撤回登记上。"))


def may_withdraw_obstacles(disclosure: Disclosure, officer: Officer) -> list[str]:
    """Why no withdrawal may be made, whatever its reason."""
    obstacles = not_theirs(officer, disclosure.organisation, Right.WITHDRAW) + gone_obstacles(
        disclosure
    )
    if not queries.open_audience(disclosure) and not queries.withdrawal_of(disclosure):
        obstacles.append(_("这一件还没有公开，不用撤回。不想公开了，请取消公开安排。"))
    return obstacles


def ask_erasure_obstacles(disclosure: Disclosure, officer: Officer, reason: str) -> list[str]:
    """Why ``officer`` may not ask for the erasure of ``disclosure``."""
    obstacles = may_ask_erasure_obstacles(disclosure, officer)
    return obstacles + sentence_obstacles(
        reason, _("请写明为什么要清除，例如判决书文号。不要重复泄露的内容。")
    )


def may_ask_erasure_obstacles(disclosure: Disclosure, officer: Officer) -> list[str]:
    """Why no erasure may be asked for, whatever its reason."""
    obstacles = not_theirs(officer, disclosure.organisation, Right.ERASE)
    asked = queries.erasure_of(disclosure)
    if asked and asked.confirmed_at:
        obstacles.append(_("这一件已经清除了。"))
    elif asked:
        wording = _("%(post)s已经申请清除，请另一位有清除权的人确认。")
        obstacles.append(wording % {"post": asked.asked_post})
    return obstacles


def confirm_erasure_obstacles(erasure: Erasure, officer: Officer) -> list[str]:
    """Why ``officer`` may not confirm ``erasure``: it takes a second person."""
    obstacles = not_theirs(officer, erasure.disclosure.organisation, Right.ERASE)
    if erasure.confirmed_at:
        obstacles.append(_("这一件已经清除了。"))
    if erasure.asked_by == officer.member:
        obstacles.append(_("清除要两个人：您是申请人，请另一位有清除权的人确认。"))
    return obstacles


def gone_obstacles(disclosure: Disclosure) -> list[str]:
    """The sentence for an item that was taken back or destroyed."""
    if queries.is_erased(disclosure):
        return [_("这一件已经清除了。")]
    if queries.is_withdrawn(disclosure):
        return [_("这一件已经撤回了。要再公开，请另起一件。")]
    return []


def _not_planned(release: Release) -> list[str]:
    if release.state == ReleaseState.PLANNED:
        return []
    state = ReleaseState(release.state).label
    return [_("这一步%(state)s，不能再改。请看最新的情况。") % {"state": state}]


def _between_neighbours(release: Release, at: datetime) -> list[str]:
    """The new time must keep the order of the stages before and after."""
    obstacles = []
    for other in queries.standing(release.edition):
        neighbour = Planned(other.scope, other.opened_at or other.opens_at)
        if other.order < release.order and at < neighbour.opens_at:
            wording = _("不能早于前面一步的%(at)s。先党内后党外。")
        elif other.order > release.order and at > neighbour.opens_at:
            wording = _("不能晚于后面一步的%(at)s。请先改后面一步的时间。")
        else:
            continue
        obstacles.append(wording % {"at": marks.moment(neighbour.opens_at)})
    return obstacles
