"""What follows from a sealed brief: its papers its 件, and the end of erased ones."""

import logging
from datetime import datetime
from io import BytesIO

from django_tasks import task
from django_tasks_db.models import DBTaskResult

from gongkai.foundation.core import clock
from gongkai.foundation.core.errors import Refused
from gongkai.foundation.files import storage
from gongkai.foundation.files import workflow as files
from gongkai.foundation.files.models import StoredFile
from gongkai.foundation.seals import papers
from gongkai.procedure.archive import jobs as archive
from gongkai.surfaces.channels.briefs import queries, sheet, workflow
from gongkai.surfaces.channels.briefs.models import Brief

logger = logging.getLogger(__name__)

AT_ONCE = 5
PDF, WORD, FACTS = "brief.pdf", "brief.docx", "brief.json"


@task(priority=-5)
def make_papers() -> None:
    """Make the PDF, under its seal, and the .docx of some sealed briefs. May run twice: what a run
    that was cut off has sealed is found again. One whose key cannot be reached waits.
    """
    from gongkai.surfaces.channels.briefs import (
        word,
    )  # what it needs is heavy, and needed here alone

    for brief in queries.to_make()[:AT_ONCE]:
        try:
            paper = papers.file(
                sheet.printed(brief),
                of=f"brief-{brief.pk}",
                subject=brief.subject,
                label=str(brief),
                organisation=brief.organisation,
            )
            made = files.keep(BytesIO(word.document(brief)), WORD)
        except Refused as refusal:
            workflow.note_trouble(brief=brief, trouble=" ".join(refusal.obstacles))
        except papers.Later as reason:
            logger.error("brief %s waits for its seal: %s", brief.pk, reason)
        else:
            if not workflow.keep_papers(brief=brief, paper=paper, word=made):
                _let_go(brief, paper, made)


def _let_go(brief: Brief, *made: StoredFile) -> None:
    """What was made while an erasure took the brief goes as well."""
    if Brief.objects.filter(pk=brief.pk, erased_at__isnull=False).exists():
        for file in made:
            files.forget(digest=file.digest, at=clock.now())
            storage.destroy(file.digest)


def requeue(_now: datetime) -> int:
    """Ask the worker for the papers that are wanted; says whether it was asked. For the tick."""
    if not queries.to_make().exists():
        return 0
    if DBTaskResult.objects.ready().filter(task_path=make_papers.module_path).exists():
        return 0
    make_papers.enqueue()
    return 1


def file_briefs(_now: datetime) -> int:
    """Write the folder of every brief whose papers are there; returns how many now stand.

    *Repeats after a crash: the folder appears whole.*
    """
    written = 0
    for brief in queries.to_file():
        if brief.deposit is None or brief.paper is None or brief.word is None:
            continue
        try:
            texts = {PDF: _bytes(brief.paper.digest), WORD: _bytes(brief.word.digest)}
            archive.write_deposit(brief.deposit, {**texts, FACTS: bytes(brief.facts or b"")})
        except OSError:
            logger.exception("brief %s could not be filed", brief.pk)
            continue
        written += 1
    return written


def destroy_erased(now: datetime) -> int:
    """Destroy the briefs that hold an item which was erased: words, files, the copy in the archive.
    Returns how many.

    Files first, the note last: *repeats after a crash until nothing is left.*
    """
    found = queries.to_destroy()
    for brief in found:
        for file in filter(None, (brief.paper, brief.word)):
            storage.destroy(file.digest)
        if brief.deposit is not None:
            archive.empty_deposit(brief.deposit)
        workflow.destroy(brief=brief, at=now)
    return len(found)


def repeat_removals() -> None:
    """Destroy once more what erased briefs left in the archive, after a restore. *Repeats.*"""
    for brief in Brief.objects.filter(erased_at__isnull=False).select_related("deposit"):
        if brief.deposit is not None:
            archive.empty_deposit(brief.deposit)


def _bytes(digest: str) -> bytes:
    with storage.open(digest) as kept:
        return kept.read()
