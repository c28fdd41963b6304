"""Reads about reports."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from django.db.models import Exists, Max, OuterRef, QuerySet

from gongkai.foundation.core import canonical
from gongkai.foundation.core.errors import Broken
from gongkai.foundation.organisations.models import Organisation
from gongkai.foundation.organisations.queries import Officer, today
from gongkai.foundation.organisations.states import Right
from gongkai.oversight.supervision import answering, counting
from gongkai.oversight.supervision.models import Report
from gongkai.oversight.supervision.periods import Period
from gongkai.oversight.supervision.states import ReportKind, ReportState
from gongkai.procedure.archive.states import UNFINISHED
from gongkai.procedure.catalogue.charter import Charter
from gongkai.procedure.catalogue.queries import charter_of, decides
from gongkai.procedure.feedback.models import Case


def reports(organisation: Organisation) -> QuerySet[Report]:
    """Every report of the organisation that was not dropped, newest first, without its facts."""
    found = Report.objects.filter(organisation=organisation).exclude(state=ReportState.DROPPED)
    return found.select_related("deposit").defer("facts").order_by("-pk")


def report(organisation: Organisation, key: int) -> Report | None:
    """The report ``key`` of the organisation; none when it has none."""
    found = Report.objects.filter(organisation=organisation, pk=key)
    return found.select_related("organisation", "deposit").first()


def waiting_for(officer: Officer, charter: Charter) -> list[Report]:
    """The reports in which the next act is this officer's: one query, or none."""
    states = []
    if officer.may(Right.PUBLISH):
        states.append(ReportState.DRAFT)
    if decides(officer, charter):
        states.append(ReportState.PROPOSED)
    if not states:
        return []
    found = reports(officer.organisation).filter(state__in=states).order_by("pk")
    return [
        each
        for each in found
        if each.state == ReportState.DRAFT or officer.member.key not in each.authors
    ]


def reads(officer: Officer, charter: Charter) -> bool:
    """Whether ``officer`` may read the reports of their organisation: the office that writes
    them, who supervises, whoever has the last word, and the group it reports to. No query.
    """
    if officer.may(Right.PUBLISH) or officer.may(Right.SUPERVISE) or decides(officer, charter):
        return True
    group = charter.reminders.leaders
    seats = charter.group(group).seats if group else ()
    return any(officer.holds(post) for post, _role in seats)


def facts(report: Report) -> dict[str, Any]:
    """What ``report`` says: as it was finished, or as it would be now.

    ``Broken`` when what was finished is not what its digest names.
    """
    if report.facts is not None:
        data = bytes(report.facts)
        if canonical.digest(data) != report.digest:
            raise Broken(f"report {report.pk} is not what was finished")
        found: dict[str, Any] = canonical.decode(data)
        return found
    charter = charter_of(report.organisation)[1]
    count = answering.count if report.kind == ReportKind.ANSWERS else counting.count
    counted = count(
        counting.Asked(
            report.organisation,
            charter,
            Period(report.first, report.last),
            today(report.organisation),
            report.reasons,
        )
    )
    return {**counted, "introduction": report.introduction, "drafted_by": report.drafter_post}


def seen(report: Report) -> str:
    """A name for what ``report`` says now, so that nobody finishes what they have not read."""
    return canonical.digest(canonical.encode(facts(report)))


def unfinished(organisation: Organisation, period: Period) -> Report | None:
    """The general report in hand over just this period."""
    return (
        reports(organisation)
        .filter(
            kind=ReportKind.GENERAL,
            first=period.first,
            last=period.last,
            state__in=UNFINISHED,
        )
        .first()
    )


def lacking(month: Period, zone: str, until: datetime) -> QuerySet[Organisation]:
    """The organisations of that zone to which voices had come by ``until``, the month's end, and
    which have no report on answers over it.
    """
    reported = Report.objects.filter(
        organisation=OuterRef("pk"), kind=ReportKind.ANSWERS, first=month.first
    )
    heard = Case.objects.filter(organisation=OuterRef("pk"), received_at__lt=until)
    found = Organisation.objects.filter(~Exists(reported), Exists(heard), zone=zone)
    return found.order_by("pk")


def on_answers(organisation: Organisation, month: Period) -> Report | None:
    """The report on the answers of ``month``."""
    found = Report.objects.filter(organisation=organisation, kind=ReportKind.ANSWERS)
    return found.filter(first=month.first).first()


def last_on_answers(organisation: Organisation) -> date | None:
    """The last day that a report on answers is about; none before the first."""
    found = Report.objects.filter(organisation=organisation, kind=ReportKind.ANSWERS)
    last: date | None = found.aggregate(last=Max("last"))["last"]
    return last


def to_file() -> Iterable[Report]:
    """Finished reports whose folder does not stand in the archive yet."""
    found = Report.objects.filter(state=ReportState.FINISHED, deposit__written_at__isnull=True)
    return found.select_related("organisation", "deposit").order_by("pk")
