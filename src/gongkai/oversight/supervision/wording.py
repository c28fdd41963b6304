"""The words of a report 报告用语: its title, how it begins, and what its figures come to."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from gongkai.foundation.ui import marks
from gongkai.oversight.supervision import answering, periods
from gongkai.oversight.supervision.models import Report
from gongkai.oversight.supervision.periods import Period
from gongkai.oversight.supervision.states import ReportKind
from gongkai.procedure.catalogue.charter import Charter
from gongkai.procedure.feedback.states import CaseKind, Moment, Outcome

LANGUAGE = "zh-hans"
"""What is kept is in the office's language, whoever asked for it."""


def period_of(facts: Mapping[str, Any]) -> Period:
    """The period that ``facts`` are about."""
    return Period(date.fromisoformat(facts["first"]), date.fromisoformat(facts["last"]))


def title(charter: Charter, period: Period) -> str:
    """What the report is called: 2026年第三季度党务公开工作情况报告."""
    return _titled(charter.organisation.matter, charter.organisation.matter_en, period)


def called(report: Report, charter: Charter) -> str:
    """What ``report`` is called, of whichever kind."""
    period = Period(report.first, report.last)
    if report.kind == ReportKind.ANSWERS:
        return _on_answers(period)
    return title(charter, period)


def title_of(facts: Mapping[str, Any]) -> str:
    """The same, from the facts alone."""
    if facts["format"] == answering.FORMAT:
        return _on_answers(period_of(facts))
    return _titled(facts["matter"], facts["matter_en"], period_of(facts))


def _on_answers(period: Period) -> str:
    return _("%(period)s意见办理情况月报") % {"period": periods.name(period)}


def _titled(matter: str, matter_en: str, period: Period) -> str:
    told = {
        "period": periods.name(period),
        "matter": matter_en if marks.english() and matter_en else matter,
    }
    return _("%(period)s%(matter)s工作情况报告") % told


def beginning(charter: Charter, period: Period) -> str:
    """What a new report begins with, for the office to go on from."""
    told = {"period": periods.name(period), "matter": charter.organisation.matter}
    return _("现将%(period)s%(matter)s工作情况报告如下。") % told


def number(year: int, number: int) -> str:
    """The number of a finished report: 2026年第3号."""
    return _("%(year)s年第%(number)s号") % {"year": year, "number": number}


def named(row: Mapping[str, Any]) -> str:
    """An entry of the catalogue in the page's language, with its code."""
    return f"{row['entry']} {row['title_en' if marks.english() else 'title']}"


def about(row: Mapping[str, Any]) -> str:
    """What of an entry a duty is about: its period, or what was reported; may be nothing."""
    return " ".join(filter(None, (_when(row["period"]), row["name"])))


def _when(key: str) -> str:
    """A period of the civil year, as duties have it: 2026-Q3."""
    year, _dash, part = key.partition("-")
    if not year.isdigit():
        return ""
    if not part:
        return _("%(year)s年") % {"year": year}
    if part.startswith("Q"):
        return periods.quarter(int(year), int(part[1:]))
    if part.startswith("H"):
        half = _("%(year)s年上半年") if part == "H1" else _("%(year)s年下半年")
        return half % {"year": year}
    return marks.month(int(year), int(part))


# -- of a report on answers ------------------------------------------------------------------------


def totals() -> dict[str, str]:
    """The figures of a month over all, by their key, in the order in which they are told."""
    return {
        "received": _("收到"),
        "answered": _("答复"),
        "in_time": _("按期"),
        "late": _("逾期"),
        "again": _("第二次答复"),
        "median": _("用时中位数（日）"),
        "reopened": _("要求重办、追问"),
        "elsewhere": _("合并、转交或者撤回"),
        "waiting": _("还在办"),
        "overdue": _("逾期没有答复"),
    }


def period_name(facts: Mapping[str, Any]) -> str:
    """What the period of ``facts`` is called."""
    return periods.name(period_of(facts))


def kind(value: str) -> str:
    """A kind of voice."""
    return str(CaseKind(value).label)


def outcome(value: str) -> str:
    """How cases ended."""
    return str(Outcome(value).label)


def moment(value: str) -> str:
    """When voices said whether they were content."""
    return str(Moment(value).label)


def department(row: Mapping[str, Any]) -> str:
    """A department or post; what was given to none yet has no name."""
    return row["name"] or _("还没有分办")


def span(row: Mapping[str, Any]) -> str:
    """So many days, from when to when."""
    told = {"from": row["from"], "to": row["to"]}
    if row["to"] is None:
        return _("%(from)s日以上") % told
    return _("%(from)s至%(to)s日") % told if row["from"] else _("%(to)s日以内") % told


def few(facts: Mapping[str, Any]) -> str:
    """Why some cells are empty."""
    return _("不足%(few)s件的，不列用时中位数和满意的件数，免得认出是谁。") % {"few": facts["few"]}


def answered(row: Mapping[str, Any]) -> str:
    """What became of a topic."""
    return _("已经答复") if row["answered"] else _("还在办")


def counted_on(facts: Mapping[str, Any]) -> date:
    """The day as of which the figures stand."""
    return date.fromisoformat(facts["counted_on"])
