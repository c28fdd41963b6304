"""What follows from a finished report: its 件 in the archive, with the PDF."""

import logging
from datetime import datetime

from gongkai.foundation.core.errors import Refused
from gongkai.oversight.supervision import queries, sheet
from gongkai.oversight.supervision.models import Report
from gongkai.procedure.archive import jobs as archive
from gongkai.procedure.archive.folders import folder_of

logger = logging.getLogger(__name__)

PDF = "report.pdf"


def file_reports(now: datetime) -> int:
    """Write the folder of every finished report that has none; returns how many now stand.

    *Repeats after a crash: the folder appears whole, and a report makes the same PDF again.*
    """
    written = 0
    for report in queries.to_file():
        assert report.deposit is not None, "a constraint: a finished report has its 件"
        try:
            texts = {PDF: sheet.printed(report), "report.json": bytes(report.facts or b"")}
            archive.write_deposit(report.deposit, texts)
        except (OSError, Refused):
            logger.exception("report %s could not be filed", report.pk)
            continue
        written += 1
    return written


def paper(report: Report) -> bytes:
    """The PDF of ``report``: the archive's, once it stands there; composed now before."""
    deposit = report.deposit
    if deposit is not None and deposit.written_at is not None:
        return (folder_of(deposit) / PDF).read_bytes()
    return sheet.printed(report)
