"""The words of a report 报告用语: its title, how it begins, and what its figures come to."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from gongkai.foundation.ui import marks
from gongkai.oversight.supervision import periods
from gongkai.oversight.supervision.periods import Period
from gongkai.procedure.catalogue.charter import Charter

LANGUAGE = "zh-hans"
"""What is kept is in the office's language, whoever asked for it."""


def period_of(facts: Mapping[str, Any]) -> Period:
    """The period that ``facts`` are about."""
    return Period(date.fromisoformat(facts["first"]), date.fromisoformat(facts["last"]))


def title(charter: Charter, period: Period) -> str:
    """What the report is called: 2026年第三季度党务公开工作情况报告."""
    return _titled(charter.organisation.matter, charter.organisation.matter_en, period)


def title_of(facts: Mapping[str, Any]) -> str:
    """The same, from the facts alone."""
    return _titled(facts["matter"], facts["matter_en"], period_of(facts))


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


def counted_on(facts: Mapping[str, Any]) -> date:
    """The day as of which the figures stand."""
    return date.fromisoformat(facts["counted_on"])
