"""Who may write, finish and read a report, and when. Reads, never writes."""

from collections.abc import Mapping
from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gongkai.foundation.organisations.models import Organisation
from gongkai.foundation.organisations.queries import Officer
from gongkai.foundation.organisations.rules import not_theirs
from gongkai.foundation.organisations.states import Right
from gongkai.foundation.ui import marks
from gongkai.oversight.supervision import periods, queries
from gongkai.oversight.supervision.models import Report
from gongkai.oversight.supervision.periods import Period
from gongkai.oversight.supervision.states import ReportKind
from gongkai.procedure.archive import office_paper_rules as papers
from gongkai.procedure.catalogue.charter import Charter

MOST_WORDS = 5000
MOST_REASON = 300

SAY = papers.Sayings(
    fixed=gettext_lazy("报告已经定稿，不能再改。"),
    dropped=gettext_lazy("这份报告已经放弃。"),
    proposed=gettext_lazy("报告已经交去定稿，不能再改。要改，请审定的人先退回。"),
    unproposed=gettext_lazy("报告还在写，还没有交来定稿。"),
    decided=gettext_lazy("报告要由%(posts)s来定稿。"),
    own=gettext_lazy("这份报告是您写的，要由另一个人来定稿。"),
)


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
    if obstacles := papers.write_obstacles(report, officer, SAY):
        return obstacles
    if len(introduction) > MOST_WORDS:
        return [_("前言最多%(most)s个字。请写短一些。") % {"most": MOST_WORDS}]
    if any(len(words) > MOST_REASON for words in (reasons or {}).values()):
        return [_("每条原因最多%(most)s个字。请写短一些。") % {"most": MOST_REASON}]
    return []


def propose_obstacles(report: Report, officer: Officer, today: date) -> list[str]:
    """Why ``officer`` may not hand ``report`` over to be finished."""
    if obstacles := papers.write_obstacles(report, officer, SAY):
        return obstacles
    obstacles = _not_over(report, today)
    if report.kind == ReportKind.GENERAL and not report.introduction.strip():
        obstacles.append(_("前言还没有写。"))
    return obstacles


def drop_obstacles(report: Report, officer: Officer) -> list[str]:
    """Why ``officer`` may not give ``report`` up."""
    if report.kind == ReportKind.ANSWERS:
        monthly = _("办理情况月报每月都要有，不能放弃。要改，请审定的人退回。")
        return [*papers.over_obstacles(report, SAY), monthly]
    return papers.drop_obstacles(report, officer, SAY)


def finish_obstacles(report: Report, officer: Officer, charter: Charter, today: date) -> list[str]:
    """Why ``officer`` may not make ``report`` final."""
    if obstacles := papers.unproposed_obstacles(report, SAY):
        return obstacles
    obstacles = papers.decide_obstacles(report, officer, charter, SAY)
    return obstacles + _not_over(report, today)


def return_obstacles(
    report: Report, officer: Officer, charter: Charter, text: str | None = None
) -> list[str]:
    """Why ``officer`` may not send ``report`` back to be changed, for the reason ``text``."""
    return papers.return_obstacles(report, officer, charter, SAY, text)


def _not_over(report: Report, today: date) -> list[str]:
    if report.last < today:
        return []
    said = {"last": marks.day(report.last)}
    return [_("报告期到%(last)s才结束。请从第二天起再定稿。") % said]
