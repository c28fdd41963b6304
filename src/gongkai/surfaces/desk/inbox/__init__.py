"""What waits for me 待我办: one list over all steps, overdue first."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.utils.translation import gettext as _

from gongkai.foundation.organisations.queries import Officer
from gongkai.procedure.catalogue.queries import charter_of
from gongkai.procedure.review import queries as review
from gongkai.surfaces.desk.inbox import office, trunk, voices
from gongkai.surfaces.desk.inbox.task import Task


@dataclass(frozen=True)
class Group:
    """Tasks under one heading (分组)."""

    name: str
    tasks: Sequence[Task]


def tasks(officer: Officer) -> list[Task]:
    """Everything that waits for ``officer``; the number of queries does not depend on how much."""
    _version, charter = charter_of(officer.organisation)
    under_review = review.under_review(officer.organisation)
    found = [
        *trunk.erasures(officer),
        *trunk.emergencies(officer, charter),
        *trunk.drafts(officer, charter),
        *trunk.due(officer, charter),
        *trunk.reviews(officer, under_review),
        *trunk.consulted(officer, under_review),
        *trunk.upward(officer, charter),
        *trunk.editions(officer, charter),
        *voices.cases(officer),
        *voices.held_back(officer),
        *trunk.filings(officer),
        *office.vacancies(officer),
        *office.damages(officer),
        *office.holidays(officer),
        *office.neighbours(officer),
        *trunk.planned(officer, charter),
        *office.revisions(officer, charter),
        *office.reports(officer, charter),
        *office.receptions(officer, charter),
    ]
    return sorted(found, key=lambda task: (task.quiet, not task.now, task.due or date.max))


def groups(found: Sequence[Task], today: date) -> list[Group]:
    """The tasks under their headings, in the order in which they press."""
    headings = {
        "over": _("已经逾期"),
        "now": _("马上要办"),
        "today": _("今天到期"),
        "week": _("本周到期"),
        "later": _("以后"),
        "open": _("没有定期限"),
        "quiet": _("已经安排好，到时自动公开"),
    }
    sorted_out: dict[str, list[Task]] = {key: [] for key in headings}
    for task in found:
        sorted_out[_heading(task, today)].append(task)
    return [Group(headings[key], each) for key, each in sorted_out.items() if each]


def _heading(task: Task, today: date) -> str:
    sunday = today + timedelta(days=6 - today.weekday())
    if task.now:
        return "now"
    if task.quiet and task.due:
        return "quiet"
    if task.due is None:
        return "open"
    if task.due < today:
        return "over"
    if task.due == today:
        return "today"
    return "week" if task.due <= sunday else "later"


def waiting(found: Sequence[Task]) -> list[Task]:
    """Without those that only inform."""
    return [task for task in found if not task.quiet]
