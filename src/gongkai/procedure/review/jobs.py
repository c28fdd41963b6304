"""Making and sealing the approval sheets in the worker: they are there when the item is filed."""

import logging
from datetime import datetime

from django_tasks import task
from django_tasks_db.models import DBTaskResult

from gongkai.foundation.core.errors import Refused
from gongkai.foundation.seals import papers
from gongkai.procedure.review import approval, queries, workflow

logger = logging.getLogger(__name__)

AT_ONCE = 20


@task(priority=-5)
def make_sheets() -> None:
    """Make and seal the sheets that are wanted, some at once. May run twice: what a run that was
    cut off has sealed is found again. One whose key cannot be reached waits.
    """
    for sheet in queries.sheets_to_make()[:AT_ONCE]:
        edition = sheet.edition
        try:
            made = approval.sheet(edition)
            file = papers.file(
                made,
                of=queries.paper(edition),
                subject=edition.disclosure.address,
                label=edition.disclosure.title,
                organisation=edition.disclosure.organisation,
            )
        except Refused as refusal:
            workflow.keep_sheet(sheet=sheet, file=None, trouble=" ".join(refusal.obstacles))
        except papers.Later as reason:
            logger.error("the sheet of edition %s waits for its seal: %s", edition.pk, reason)
        else:
            workflow.keep_sheet(sheet=sheet, file=file)


def requeue(_now: datetime) -> int:
    """Ask the worker for the sheets that are wanted; says whether it was asked. For the tick."""
    if not queries.sheets_to_make().exists():
        return 0
    if DBTaskResult.objects.ready().filter(task_path=make_sheets.module_path).exists():
        return 0
    make_sheets.enqueue()
    return 1
