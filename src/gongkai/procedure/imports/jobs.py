"""Reading files in, in the worker: pages, recognised text, and the proposal made of them."""

import logging
from datetime import datetime, timedelta

from django_tasks import task

from gongkai.foundation.core.errors import Broken, Refused
from gongkai.foundation.files import recognition
from gongkai.foundation.files.pages import preparing
from gongkai.foundation.files.pages.store import Rendition
from gongkai.procedure.imports import making, queries, workflow
from gongkai.procedure.imports.models import Import
from gongkai.procedure.imports.states import ImportState

logger = logging.getLogger(__name__)

BEHIND = -5
"""Somebody waits at the desk: before pages for readers, behind letters."""
PORTION = 5.0
LEASE = timedelta(minutes=5)
ASKED_AT_ONCE = 100


@task(priority=BEHIND)
def read_in(key: int) -> None:
    """Go on with a file that is read in, and leave the rest to the next task. May run twice."""
    row = queries.rows().filter(pk=key, state=ImportState.WAITING).first()
    if row is None or row.file.erased_at:
        return
    workflow.touch(row)
    try:
        if not _prepared(row):
            read_in.enqueue(key)
            return
        made = making.made_of(row.file, row.name)
    except Refused as refusal:
        workflow.propose_text(row=row, made=None, trouble="\n".join(refusal.obstacles))
    except Broken as lost:
        logger.error("file not read in: %s", lost)
    else:
        workflow.propose_text(row=row, made=made.data())


def _prepared(row: Import) -> bool:
    """Whether pages and recognised text stand as far as this file needs them; goes on if not."""
    if why := making.readable(row.file):
        raise Refused([why])
    if row.file.extension in making.AT_ONCE:
        return True
    head = preparing.advance(row.file.digest, row.file.extension, PORTION)
    if head is None:
        return False
    scans = queries.scans(Rendition(row.file.digest))
    if not scans or not recognition.available():
        return True
    return recognition.advance(row.file.digest, row.file.extension, scans, PORTION)


def requeue(now: datetime) -> int:
    """Ask again for what nobody goes on with: its worker died. Returns how many; for the tick."""
    rows = list(queries.left_alone(now - LEASE)[:ASKED_AT_ONCE])
    for row in rows:
        workflow.touch(row)
        read_in.enqueue(row.pk)
    return len(rows)
