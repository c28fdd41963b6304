"""Making the pages of files in the worker; clearing away uploads that never arrived whole; what a
restore must put right and know.
"""

import logging
import shutil
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings
from django_tasks import task
from django_tasks_db.models import DBTaskResult

from gongkai.foundation.core.errors import Broken
from gongkai.foundation.files import queries, storage, workflow
from gongkai.foundation.files.models import Reading, StoredFile
from gongkai.foundation.files.pages import limited, preparing
from gongkai.foundation.files.pages.store import BREAK, Head, Rendition
from gongkai.foundation.files.reading import TEXT_LIMIT
from gongkai.foundation.files.states import ReadingState

logger = logging.getLogger(__name__)

BEHIND = -10
"""Letters go before pages."""
PORTION = 5.0
"""Seconds of one task: so a worker that is to stop can, and letters do not wait long."""
LEASE = timedelta(minutes=5)
"""Nobody goes on with pages for so long: their worker died, or nobody ever began."""
ASKED_AT_ONCE = 100
_ARRIVES_WITHIN = timedelta(hours=6)


@task(priority=BEHIND)
def read(digest: str) -> None:
    """Go on with the pages of a file, and leave the rest to the next task. May run twice."""
    reading = queries.reading(digest)
    if reading is None or reading.state != ReadingState.WAITING:
        return
    if reading.file.erased_at:
        storage.destroy(digest)  # erased while its pages were made
        return
    workflow.touch(reading=reading)
    try:
        head = preparing.advance(digest, reading.file.extension, PORTION)
    except Broken as lost:
        return logger.error("pages not made: %s", lost)
    if head is None:
        read.enqueue(digest)
        return
    text = _text(digest, head)
    if not workflow.finish_reading(
        reading=reading, trouble=head.trouble, pages=head.pages, text=text
    ):
        read.enqueue(digest)  # another worker was faster, or the file is erased by now


def _text(digest: str, head: Head) -> str | None:
    """What the pages say, where they say everything: a page without words may show some."""
    if head.trouble or head.wordless:
        return None
    text = Rendition(digest).text.read_text("utf-8").replace(BREAK, "")
    return text if len(text) <= TEXT_LIMIT else None


def requeue(now: datetime) -> int:
    """Ask for the pages that nobody goes on with; returns how many. For the tick.

    The library does not take up what a worker that died had begun; and files that came in before
    there were pages have nobody who asked.
    """
    if DBTaskResult.objects.ready().filter(task_path=read.module_path).exists():
        return 0  # the worker has enough to do, and what it does is not left alone
    asked = list(queries.left_alone(now - LEASE)[:ASKED_AT_ONCE])
    for reading in asked:
        workflow.touch(reading=reading)
        read.enqueue(reading.file.digest)
    return len(asked)


def read_by_office(_now: datetime) -> int:
    """Once LibreOffice is installed, ask for the pages that waited for it; for how many files."""
    if not limited.office():
        return 0
    found = queries.without_office().values_list("file__digest", flat=True)
    digests = list(found[:ASKED_AT_ONCE])
    for digest in digests:
        Rendition(digest).destroy()
    return workflow.read_again(digests=digests) if digests else 0


def number(_now: datetime) -> int:
    """Give finished readings their order, for those who follow them. For the keeper's tick."""
    return workflow.number_readings() if queries.to_number().exists() else 0


def read_lost() -> int:
    """Have made again what the disk lacks of finished pages; returns of how many files."""
    done = Reading.objects.exclude(state=ReadingState.WAITING).filter(file__erased_at=None)
    digests = done.values_list("file__digest", flat=True).iterator()
    lost = [digest for digest in digests if Rendition(digest).head() is None]
    return sum(workflow.read_again(digests=lost[at : at + 400]) for at in range(0, len(lost), 400))


def sweep(now: datetime) -> int:
    """Remove what a crash left of uploads older than six hours; returns how many files."""
    folder = Path(settings.HOME.files) / "incoming"
    removed = 0
    for left in folder.glob("*"):
        with suppress(FileNotFoundError):
            if left.stat().st_mtime < (now - _ARRIVES_WITHIN).timestamp():
                shutil.rmtree(left) if left.is_dir() else left.unlink()
                removed += 1
    return removed


def forget_refusals(now: datetime) -> int:
    """Destroy what was set apart ``QUARANTINE_DAYS`` ago; returns how many refusals it was."""
    due = list(queries.refusals_due(now - timedelta(days=settings.QUARANTINE_DAYS))[:ASKED_AT_ONCE])
    for refusal in due:
        workflow.forget_refusal(refusal)
    return len(due)


def destroy_erased() -> int:
    """Destroy again what was erased, wherever the bytes came back from; returns how many files."""
    erased = StoredFile.objects.filter(erased_at__isnull=False).values_list("digest", flat=True)
    return sum(storage.destroy(digest) for digest in erased.iterator())


def missing() -> list[str]:
    """The digests of files that should stand in the store and do not."""
    wanted = StoredFile.objects.filter(erased_at__isnull=True).values_list("digest", flat=True)
    return [digest for digest in wanted.iterator() if not storage.path(digest).exists()]


def unasked(stored: StoredFile) -> bool:
    """Whether nobody has begun with the pages of a file that has just come in."""
    reading = queries.reading(stored.digest)
    return reading is not None and reading.touched_at is None
