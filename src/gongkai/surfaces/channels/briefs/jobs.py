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
from gongkai.surfaces.channels.briefs import queries, recalling, sheet, workflow
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


@task(priority=-5)
def make_copies() -> None:
    """Hand out the files of public issues: the sealed ones, and once something in them was taken
    away others without it. May run twice: the same words give the same bytes.
    """
    from gongkai.surfaces.channels.briefs import word

    for brief in queries.to_hand_out()[:AT_ONCE]:
        gone = queries.gone_from(brief, queries.facts(brief))
        paper, words = brief.paper, brief.word
        last = queries.last_copy(brief)
        if gone and (last is None or set(last.left_out) != gone):
            try:
                paper = files.keep(BytesIO(sheet.printed(brief, gone)), PDF)
                words = files.keep(BytesIO(word.document(brief, gone)), WORD)
            except Refused as refusal:
                logger.error("brief %s cannot be set without what was taken: %s", brief, refusal)
                continue
        if paper is None or words is None:
            continue
        if not recalling.hand_out(brief=brief, left_out=gone, paper=paper, word=words):
            _let_go(brief, *([paper, words] if gone else []))


def recall_taken(_now: datetime) -> int:
    """Write to the readers of issues from which something was taken since. Returns how many letters
    were written, for the tick. *What is noted with the letters is not written again.*
    """
    written = 0
    for brief, addresses in queries.to_look_at():
        gone = queries.gone_from(brief, queries.facts(brief))
        written += recalling.recall(brief=brief, gone=gone, looked_at=addresses)
    return written


def _let_go(brief: Brief, *made: StoredFile) -> None:
    """What was made while an erasure took the brief goes as well."""
    if Brief.objects.filter(pk=brief.pk, erased_at__isnull=False).exists():
        for file in made:
            files.forget(digest=file.digest, at=clock.now())
            storage.destroy(file.digest)


def requeue(_now: datetime) -> int:
    """Ask the worker for the papers that are wanted; says for how many sorts. For the tick."""
    asked = 0
    for wanted, work in ((queries.to_make, make_papers), (queries.to_hand_out, make_copies)):
        if not wanted():
            continue
        if not DBTaskResult.objects.ready().filter(task_path=work.module_path).exists():
            work.enqueue()
            asked += 1
    return asked


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
        for file in queries.files_of(brief):
            storage.destroy(file.digest)
        if brief.deposit is not None:
            archive.empty_deposit(brief.deposit)
        workflow.destroy(brief=brief, at=now)
    return len(found)


def forget_receivers(now: datetime) -> int:
    """Destroy to whom issues went, once their days are over. For the tick. *Repeats.*"""
    return recalling.forget_receivers(now)


def repeat_removals() -> None:
    """Destroy once more what erased briefs left in the archive, after a restore. *Repeats.*"""
    for brief in Brief.objects.filter(erased_at__isnull=False).select_related("deposit"):
        if brief.deposit is not None:
            archive.empty_deposit(brief.deposit)


def _bytes(digest: str) -> bytes:
    with storage.open(digest) as kept:
        return kept.read()
