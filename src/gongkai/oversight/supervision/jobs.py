"""What falls due in supervision: the month's report on answers, and each finished report's 件."""

import logging
from collections.abc import Iterator
from datetime import date, datetime

from gongkai.foundation.core import clock
from gongkai.foundation.core.errors import Refused
from gongkai.foundation.organisations.models import Organisation
from gongkai.oversight.supervision import periods, queries, sheet, workbook, workflow
from gongkai.oversight.supervision.models import Report
from gongkai.oversight.supervision.periods import DAY, Period
from gongkai.oversight.supervision.states import ReportKind
from gongkai.procedure.archive import jobs as archive
from gongkai.procedure.archive.folders import folder_of

logger = logging.getLogger(__name__)

PDF, BOOK = "report.pdf", "report.xlsx"
MOST_MONTHS = 12
"""How many months are caught up with at most, after an installation stood still."""


def count_months(now: datetime) -> int:
    """Begin each organisation's report on the answers of the month that is over; returns how many.

    After downtime the months in between come too, the oldest first. *Repeats after a crash: each
    month is its own transaction, and begun once.*
    """
    begun = 0
    for zone in Organisation.objects.order_by("zone").values_list("zone", flat=True).distinct():
        month = periods.month_before(clock.civil_day(now, zone))
        until = clock.start_of(month.last + DAY, zone)
        for organisation in queries.lacking(month, zone, until):
            for each in _since(queries.last_on_answers(organisation), month):
                made = workflow.count_month(organisation=organisation, month=each)
                begun += made is not None
    return begun


def file_reports(now: datetime) -> int:
    """Write the folder of every finished report that has none; returns how many now stand.

    *Repeats after a crash: the folder appears whole, and a report makes the same files again.*
    """
    written = 0
    for report in queries.to_file():
        assert report.deposit is not None, "a constraint: a finished report has its 件"
        try:
            texts = {PDF: sheet.printed(report), "report.json": bytes(report.facts or b"")}
            if report.kind == ReportKind.ANSWERS:
                texts[BOOK] = workbook.tabled(report)
            archive.write_deposit(report.deposit, texts)
        except (OSError, Refused):
            logger.exception("report %s could not be filed", report.pk)
            continue
        written += 1
    return written


def paper(report: Report) -> bytes:
    """The PDF of ``report``: the archive's, once it stands there; composed now before."""
    return _kept(report, PDF) or sheet.printed(report)


def book(report: Report) -> bytes:
    """The workbook of a report on answers: the archive's, once it stands there."""
    return _kept(report, BOOK) or workbook.tabled(report)


def _kept(report: Report, name: str) -> bytes | None:
    deposit = report.deposit
    if deposit is None or deposit.written_at is None:
        return None
    return (folder_of(deposit) / name).read_bytes()


def _since(last: date | None, month: Period) -> Iterator[Period]:
    """The months after ``last`` up to ``month``, a year at the most; that month alone at first."""
    missing = [month]
    while last is not None and missing[0].first > last + DAY and len(missing) < MOST_MONTHS:
        missing.insert(0, periods.month_before(missing[0].first))
    yield from missing
