"""The verbs on reports: draft, revise, propose, send back, finish, drop."""

from collections.abc import Mapping

from django.db import transaction
from django.utils import translation

from gongkai.foundation.core import canonical, clock
from gongkai.foundation.core.errors import Conflict, Refused
from gongkai.foundation.ledger import workflow as ledger
from gongkai.foundation.organisations.models import Organisation
from gongkai.foundation.organisations.queries import Officer, today
from gongkai.oversight.supervision import queries, rules
from gongkai.oversight.supervision.models import Report
from gongkai.oversight.supervision.periods import Period
from gongkai.oversight.supervision.states import ReportKind, ReportState
from gongkai.oversight.supervision.wording import LANGUAGE, beginning, called
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
    _told("report.draft", report, officer)
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
    _told("report.count", report, None)
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
    report.authors = sorted({*report.authors, officer.member.key})
    _save(report, "introduction", "reasons", "authors")
    _told("report.revise", report, officer)
    return report


@transaction.atomic
def propose(*, report: Report, officer: Officer) -> Report:
    """Hand the report over to whoever makes it final 交去定稿."""
    report = _held(report)
    if obstacles := rules.propose_obstacles(report, officer, today(report.organisation)):
        raise Refused(obstacles)
    report.state, report.answer = ReportState.PROPOSED, ""
    report.authors = sorted({*report.authors, officer.member.key})
    _save(report, "state", "answer", "authors")
    _told("report.propose", report, officer)
    return report


@transaction.atomic
def send_back(*, report: Report, officer: Officer, text: str) -> Report:
    """Return the report with what is to be changed 退回修改."""
    report = _held(report)
    charter = charter_of(report.organisation)[1]
    if obstacles := rules.return_obstacles(report, officer, charter, text):
        raise Refused(obstacles)
    report.state, report.answer = ReportState.DRAFT, text.strip()
    _save(report, "state", "answer")
    _told("report.return", report, officer, text=report.answer)
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
    facts = queries.facts(report)
    if canonical.digest(canonical.encode(facts)) != seen:
        raise Conflict("the report says something else than was read")
    report.year = day.year
    series = SERIES[ReportKind(report.kind)]
    report.number = ledger.next_number(f"{series}:{organisation.slug}:{day.year}")
    report.deposit = archive.deposit(
        officer=officer,
        subject=f"{series}:{organisation.slug}:{report.year}-{report.number}",
        title=_called(report, charter),
        year=day.year,
    )
    report.finisher, report.finished_at = officer.member, clock.now()
    facts |= {
        "year": report.year,
        "number": report.number,
        "file_number": report.deposit.file_number,
        "finished_by": officer.post_names,
        "finished_at": clock.stamp(report.finished_at),
    }
    data = canonical.encode(facts)
    report.state, report.facts, report.digest = ReportState.FINISHED, data, canonical.digest(data)
    report.save()
    _told("report.finish", report, officer, digest=report.digest, file=report.deposit.file_number)
    return report


@transaction.atomic
def drop(*, report: Report, officer: Officer) -> Report:
    """Give the report up; another over the same period can be begun 放弃报告."""
    report = _held(report)
    if obstacles := rules.drop_obstacles(report, officer):
        raise Refused(obstacles)
    report.state = ReportState.DROPPED
    _save(report, "state")
    _told("report.drop", report, officer)
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


def _save(report: Report, *fields: str) -> None:
    report.changed_at = clock.now()
    report.save(update_fields=[*fields, "changed_at"])


def _told(verb: str, report: Report, officer: Officer | None, **facts: str) -> None:
    slug = report.organisation.slug
    ledger.record(
        verb=verb,
        actor=officer.actor if officer else ledger.SYSTEM,
        organisation=slug,
        subject=f"report:{slug}:{report.pk}",
        label=str(report),
        facts={
            "first": report.first.isoformat(),
            "last": report.last.isoformat(),
            "number": report.number or 0,
            **({"post": officer.post_names} if officer else {}),
            **facts,
        },
    )
