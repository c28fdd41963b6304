"""The verbs on reports: draft, revise, propose, send back, finish, drop."""

from collections.abc import Mapping

from django.db import transaction
from django.utils import translation

from gongkai.foundation.core import clock
from gongkai.foundation.core.errors import Refused
from gongkai.foundation.organisations.models import Organisation
from gongkai.foundation.organisations.queries import Officer, today
from gongkai.oversight.supervision import queries, rules
from gongkai.oversight.supervision.models import Report
from gongkai.oversight.supervision.periods import Period
from gongkai.oversight.supervision.states import ReportKind, ReportState
from gongkai.oversight.supervision.wording import LANGUAGE, beginning, called
from gongkai.procedure.archive import office_papers as papers
from gongkai.procedure.archive import workflow as archive
from gongkai.procedure.catalogue.charter import Charter
from gongkai.procedure.catalogue.queries import charter_of

SERIES = {ReportKind.GENERAL: "report", ReportKind.ANSWERS: "answer-report"}
"""Each kind is numbered by itself."""


@transaction.atomic
def draft(*, officer: Officer, period: Period) -> Report:
    """Begin the report over ``period``, with an introduction to start from 起草报告."""
    organisation = Organisation.objects.select_for_update().get(pk=officer.organisation.pk)
    if obstacles := rules.draft_obstacles(organisation, officer, period, today(organisation)):
        raise Refused(obstacles)
    report = Report.objects.create(
        organisation=organisation,
        first=period.first,
        last=period.last,
        introduction=_begun(organisation, period),
        authors=[officer.member.key],
        drafter=officer.member,
        drafter_post=officer.post_names,
        changed_at=clock.now(),
    )
    papers.tell("report.draft", report, officer)
    return report


@transaction.atomic
def count_month(*, organisation: Organisation, month: Period) -> Report | None:
    """Begin the report on the answers of ``month`` and hand it over to be finished 生成月报.

    Nobody wrote it, so whoever has the last word reads it alone, or sends it back for an
    introduction. None when there is one already.
    """
    organisation = Organisation.objects.select_for_update().get(pk=organisation.pk)
    if queries.on_answers(organisation, month) is not None:
        return None
    report = Report.objects.create(
        organisation=organisation,
        kind=ReportKind.ANSWERS,
        first=month.first,
        last=month.last,
        state=ReportState.PROPOSED,
        changed_at=clock.now(),
    )
    papers.tell("report.count", report, None)
    return report


@transaction.atomic
def revise(
    *, report: Report, officer: Officer, introduction: str, reasons: Mapping[str, str]
) -> Report:
    """Write the introduction, and why things were late, by the duty's name 修改报告."""
    report = _held(report)
    if obstacles := rules.revise_obstacles(report, officer, introduction, reasons):
        raise Refused(obstacles)
    report.introduction = introduction.strip()
    report.reasons = {name: words.strip() for name, words in reasons.items() if words.strip()}
    papers.sign(report, officer)
    papers.save(report, "introduction", "reasons", "authors")
    papers.tell("report.revise", report, officer)
    return report


@transaction.atomic
def propose(*, report: Report, officer: Officer) -> Report:
    """Hand the report over to whoever makes it final 交去定稿."""
    report = _held(report)
    if obstacles := rules.propose_obstacles(report, officer, today(report.organisation)):
        raise Refused(obstacles)
    papers.hand_over(report, officer)
    papers.tell("report.propose", report, officer)
    return report


@transaction.atomic
def send_back(*, report: Report, officer: Officer, text: str) -> Report:
    """Return the report with what is to be changed 退回修改."""
    report = _held(report)
    charter = charter_of(report.organisation)[1]
    if obstacles := rules.return_obstacles(report, officer, charter, text):
        raise Refused(obstacles)
    papers.send_back(report, text)
    papers.tell("report.return", report, officer, text=report.answer)
    return report


@transaction.atomic
def finish(*, report: Report, officer: Officer, seen: str) -> Report:
    """Make the report final: its figures stand from now on, and it becomes a 件 定稿.

    ``seen`` names what the officer read (:func:`queries.seen`); ``Conflict`` when a figure or a
    word is another by now. The keeper writes the folder with the PDF.
    """
    report = _held(report)
    organisation = report.organisation
    charter, day = charter_of(organisation)[1], today(organisation)
    if obstacles := rules.finish_obstacles(report, officer, charter, day):
        raise Refused(obstacles)
    facts, series = queries.facts(report), SERIES[ReportKind(report.kind)]
    papers.give_number(report, facts, seen=seen, series=series, year=day.year)
    report.deposit = archive.deposit(
        officer=officer,
        subject=f"{series}:{organisation.slug}:{report.year}-{report.number}",
        title=_called(report, charter),
        year=day.year,
    )
    report.finisher, report.finished_at = officer.member, clock.now()
    papers.fix(report, officer, facts, state=ReportState.FINISHED, at=report.finished_at)
    report.save()
    papers.tell(
        "report.finish", report, officer, digest=report.digest, file=report.deposit.file_number
    )
    return report


@transaction.atomic
def drop(*, report: Report, officer: Officer) -> Report:
    """Give the report up; another over the same period can be begun 放弃报告."""
    report = _held(report)
    if obstacles := rules.drop_obstacles(report, officer):
        raise Refused(obstacles)
    papers.drop(report)
    papers.tell("report.drop", report, officer)
    return report


def _begun(organisation: Organisation, period: Period) -> str:
    with translation.override(LANGUAGE):
        return beginning(charter_of(organisation)[1], period)


def _called(report: Report, charter: Charter) -> str:
    with translation.override(LANGUAGE):
        return called(report, charter)


def _held(report: Report) -> Report:
    rows = Report.objects.select_for_update(of=("self",)).select_related("organisation")
    return rows.get(pk=report.pk)
