"""Making the approval sheets in the worker: they are there when the item is filed."""

import logging
from datetime import datetime
from io import BytesIO

from django_tasks import task
from django_tasks_db.models import DBTaskResult

from gongkai.foundation.core.errors import Refused
from gongkai.foundation.files import workflow as files
from gongkai.procedure.review import approval, queries, workflow

logger = logging.getLogger(__name__)

AT_ONCE = 20


@task(priority=-5)
def make_sheets() -> None:
    """Make the sheets that are wanted, some at once. May run twice: the same bytes come of it."""
    for sheet in queries.sheets_to_make()[:AT_ONCE]:
        try:
            made = approval.sheet(sheet.edition)
        except Refused as refusal:
            workflow.keep_sheet(sheet=sheet, file=None, trouble=" ".join(refusal.obstacles))
            continue
        workflow.keep_sheet(sheet=sheet, file=files.keep(BytesIO(made), f"{sheet.pk}.pdf"))


def requeue(_now: datetime) -> int:
    """Ask the worker for the sheets that are wanted; says whether it was asked. For the tick."""
    if not queries.sheets_to_make().exists():
        return 0
    if DBTaskResult.objects.ready().filter(task_path=make_sheets.module_path).exists():
        return 0
    make_sheets.enqueue()
    return 1
