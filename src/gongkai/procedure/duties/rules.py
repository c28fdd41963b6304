"""Who may report, waive and confirm what is due. Reads, never writes."""

from datetime import date, timedelta

from django.utils.translation import gettext as _

from gongkai.foundation.organisations.queries import Officer
from gongkai.foundation.organisations.rules import not_theirs, sentence_obstacles
from gongkai.foundation.organisations.states import Right
from gongkai.procedure.duties.due import REPORTED
from gongkai.procedure.duties.models import Duty, Schedule
from gongkai.procedure.duties.states import MOVES, DutyKind, DutyState

LONGEST_TITLE = 200
FARTHEST = timedelta(days=366 * 5)
"""How far from today a milestone may lie: more is a slip of the keyboard."""


def report_obstacles(
    schedule: Schedule, officer: Officer, title: str, on: date, today: date
) -> list[str]:
    """Why ``officer`` may not report that ``title`` came about, or ends a stage, on that day."""
    obstacles = may_report_obstacles(schedule, officer)
    if not title.strip():
        obstacles.append(_("请写明是什么事，例如“11月23日党委会议”。"))
    elif len(title.strip()) > LONGEST_TITLE:
        said = {"most": LONGEST_TITLE, "now": len(title.strip())}
        obstacles.append(_("事项名称最多%(most)s个字，现在有%(now)s个。") % said)
    if abs(on - today) > FARTHEST:
        obstacles.append(_("日期离今天超过五年，请核对年份。"))
    elif on > today and schedule.timing != "staged":
        obstacles.append(_("这件事还没有发生。请在发生以后登记，日期填发生的那一天。"))
    return obstacles


def may_report_obstacles(schedule: Schedule, officer: Officer) -> list[str]:
    """Why nothing may be reported under the entry of ``schedule``, whatever it is."""
    obstacles = not_theirs(officer, schedule.organisation, Right.PROPOSE)
    if not schedule.timing:
        obstacles.append(_("“%s”已从公开目录里去掉。请另选一个事项。") % schedule.entry)
    elif schedule.timing not in REPORTED:
        obstacles.append(
            _("“%s”不用登记：定期的由系统按周期列出，依申请的收到申请才办。") % schedule.entry
        )
    return obstacles


def waive_obstacles(duty: Duty, officer: Officer, reason: str) -> list[str]:
    """Why ``officer`` may not waive ``duty`` for ``reason``."""
    obstacles = may_waive_obstacles(duty, officer)
    return obstacles + sentence_obstacles(
        reason, _("请写明为什么不用公开，读者会在公开目录里看到这句话。")
    )


def may_waive_obstacles(duty: Duty, officer: Officer) -> list[str]:
    """Why ``duty`` may not be waived, whatever the reason."""
    obstacles = not_theirs(officer, duty.organisation, Right.PUBLISH)
    return obstacles + _not_now(duty, DutyState.WAIVED)


def reinstate_obstacles(duty: Duty, officer: Officer) -> list[str]:
    """Why ``officer`` may not take back the waiver of ``duty``."""
    obstacles = not_theirs(officer, duty.organisation, Right.PUBLISH)
    if duty.state != DutyState.WAIVED:
        obstacles.append(_("这项任务没有免于公开，不用恢复。"))
    return obstacles


def confirm_obstacles(duty: Duty, officer: Officer, today: date) -> list[str]:
    """Why ``officer`` may not say that what stands for good is still true, and so meet ``duty``."""
    obstacles = not_theirs(officer, duty.organisation, Right.PUBLISH)
    obstacles += _not_now(duty, DutyState.MET)
    if duty.kind != DutyKind.REVIEW:
        obstacles.append(_("只有年度复核可以只确认、不重新公开。"))
    elif today < duty.from_on:
        obstacles.append(_("离复核的日子还早，到期前一个月内再确认。"))
    return obstacles


def _not_now(duty: Duty, move: DutyState) -> list[str]:
    if move in MOVES.get(duty.state, ()):
        return []
    state = DutyState(duty.state).label
    return [_("这项任务已经是“%s”，不能再改。请看最新的情况。") % state]
