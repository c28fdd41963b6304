"""Who may write, finish and read a report, and when. Reads, never writes."""

from collections.abc import Mapping
from datetime import date

from django.utils.translation import gettext as _

from gongkai.foundation.organisations.models import Organisation
from gongkai.foundation.organisations.queries import Officer
from gongkai.foundation.organisations.rules import not_theirs, sentence_obstacles
from gongkai.foundation.organisations.states import Right
from gongkai.foundation.ui import marks
from gongkai.oversight.supervision import periods, queries
from gongkai.oversight.supervision.models import Report
from gongkai.oversight.supervision.periods import Period
from gongkai.oversight.supervision.states import ReportKind, ReportState
from gongkai.procedure.catalogue.charter import Charter
from gongkai.procedure.catalogue.queries import decides

MOST_WORDS = 5000
MOST_REASON = 300


def draft_obstacles(
    organisation: Organisation, officer: Officer, period: Period, today: date
) -> list[str]:
    """Why ``officer`` may not begin a report over ``period``."""
    if obstacles := not_theirs(officer, organisation, Right.PUBLISH):
        return obstacles
    if period.first > period.last:
        return [_("第一天不能在最后一天以后。")]
    if period.last - period.first > periods.LONGEST:
        return [_("一份报告最多写两年。请分成几份。")]
    if period.first > today:
        return [_("这一时期还没有开始。")]
    if queries.unfinished(organisation, period):
        return [_("这一时期已经有一份报告在写。请接着写那一份。")]
    return []


def revise_obstacles(
    report: Report,
    officer: Officer,
    introduction: str = "",
    reasons: Mapping[str, str] | None = None,
) -> list[str]:
    """Why ``officer`` may not go on writing ``report``, or not with these words."""
    if obstacles := _writing(report, officer):
        return obstacles
    if len(introduction) > MOST_WORDS:
        return [_("前言最多%(most)s个字。请写短一些。") % {"most": MOST_WORDS}]
    if any(len(words) > MOST_REASON for words in (reasons or {}).values()):
        return [_("每条原因最多%(most)s个字。请写短一些。") % {"most": MOST_REASON}]
    return []


def propose_obstacles(report: Report, officer: Officer, today: date) -> list[str]:
    """Why ``officer`` may not hand ``report`` over to be finished."""
    if obstacles := _writing(report, officer):
        return obstacles
    obstacles = _not_over(report, today)
    if report.kind == ReportKind.GENERAL and not report.introduction.strip():
        obstacles.append(_("前言还没有写。"))
    return obstacles


def drop_obstacles(report: Report, officer: Officer) -> list[str]:
    """Why ``officer`` may not give ``report`` up."""
    if report.kind == ReportKind.ANSWERS:
        return [*_over(report), _("办理情况月报每月都要有，不能放弃。要改，请审定的人退回。")]
    return _over(report) or not_theirs(officer, report.organisation, Right.PUBLISH)


def finish_obstacles(report: Report, officer: Officer, charter: Charter, today: date) -> list[str]:
    """Why ``officer`` may not make ``report`` final.

    Whoever fixes the review seal has the last word here as well, and nobody on what they wrote.
    """
    if over := _over(report):
        return over
    if report.state != ReportState.PROPOSED:
        return [_("报告还在写，还没有交来定稿。")]
    return [*_deciding(report, officer, charter), *_not_over(report, today)]


def return_obstacles(
    report: Report, officer: Officer, charter: Charter, text: str | None = None
) -> list[str]:
    """Why ``officer`` may not send ``report`` back to be changed, for the reason ``text``."""
    if over := _over(report):
        return over
    if report.state != ReportState.PROPOSED:
        return [_("报告还在写，还没有交来定稿。")]
    obstacles = _deciding(report, officer, charter)
    if text is not None:
        obstacles += sentence_obstacles(text, _("请写明为什么退回、要改什么。"))
    return obstacles


def _writing(report: Report, officer: Officer) -> list[str]:
    if obstacles := _over(report) or not_theirs(officer, report.organisation, Right.PUBLISH):
        return obstacles
    if report.state == ReportState.PROPOSED:
        return [_("报告已经交去定稿，不能再改。要改，请审定的人先退回。")]
    return []


def _deciding(report: Report, officer: Officer, charter: Charter) -> list[str]:
    obstacles = []
    if officer.organisation != report.organisation or not decides(officer, charter):
        posts = _("、").join(charter.post(key).name for key in charter.seal.posts)
        obstacles.append(_("报告要由%(posts)s来定稿。") % {"posts": posts})
    if officer.member.key in report.authors:
        obstacles.append(_("这份报告是您写的，要由另一个人来定稿。"))
    return obstacles


def _not_over(report: Report, today: date) -> list[str]:
    if report.last < today:
        return []
    said = {"last": marks.day(report.last)}
    return [_("报告期到%(last)s才结束。请从第二天起再定稿。") % said]


def _over(report: Report) -> list[str]:
    if report.state == ReportState.FINISHED:
        return [_("报告已经定稿，不能再改。")]
    if report.state == ReportState.DROPPED:
        return [_("这份报告已经放弃。")]
    return []
