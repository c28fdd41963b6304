"""What follows from filing: folders on disk, supplements, and the end of erased copies."""

import logging
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

from django.conf import settings

from gongkai.foundation.core import clock
from gongkai.procedure.archive import contents, folders, queries, workflow
from gongkai.procedure.archive.models import Deposit, Filing

logger = logging.getLogger(__name__)

OVERLAP = timedelta(hours=1)
"""How far back answers are looked at again: a verb that took long may commit behind its time."""


def write_filings(now: datetime) -> int:
    """Write the folder of every filing that has none; returns how many now stand.

    One whose records are not exposed yet waits for the next pass. *A crash leaves a folder beside
    its place, which the next pass removes, or a complete one, which it finds.*
    """
    written = 0
    for filing in queries.filings_to_write():
        content = contents.of_filing(filing)
        if content is None:
            continue
        try:
            manifest = folders.write(folders.folder_of(filing), content)
        except OSError:
            logger.exception("filing %s could not be written", filing.pk)
            continue
        workflow.note_written(filing=filing, manifest=manifest)
        written += 1
    return written


def write_deposit(deposit: Deposit, texts: Mapping[str, bytes]) -> None:
    """Write the folder of ``deposit`` with these files, for the step that knows them.

    ``OSError`` when the disk refuses. *Repeats after a crash, as the others do.*
    """
    manifest = folders.write(folders.folder_of(deposit), folders.Content(texts))
    workflow.note_deposited(deposit=deposit, manifest=manifest)


def empty_deposit(deposit: Deposit) -> None:
    """Destroy what the folder of ``deposit`` holds, for the step that knows why; a note stays in
    its place. Nothing happens before the folder was written, or when it is empty. *Repeats.*
    """
    folder, content = folders.folder_of(deposit), contents.of_erased(deposit)
    if folder.exists() and not folders.holds(folder, content):
        folders.replace(folder, content)
    if deposit.written_at is not None:
        workflow.note_emptied(deposit=deposit, manifest=folders.write(folder, content))


def write_supplements(now: datetime) -> int:
    """Find what came after filing, and write its dated folders; returns how many now stand."""
    _find_answers(now)
    _find_records()
    _find_notes(now)
    written = 0
    for supplement in queries.supplements_to_write():
        content = contents.of_supplement(supplement)
        if content is None:
            continue
        zone = supplement.filing.disclosure.organisation.zone
        day = clock.civil_day(supplement.at, zone).isoformat()
        try:
            folders.write(folders.supplement_folder(supplement, day), content)
        except OSError:
            logger.exception("supplement %s could not be written", supplement.pk)
            continue
        workflow.note_supplement_written(supplement=supplement)
        written += 1
    return written


def remove_erased(now: datetime) -> int:
    """Destroy the copies of erased disclosures; a note stays in their place. Returns how many.

    *Repeats after a crash: a folder half gone is found again under the name it was moved to.*
    """
    removed = 0
    for filing in queries.copies_to_remove():
        folders.replace(folders.folder_of(filing), contents.of_erased(filing))
        workflow.note_removed(filing=filing)
        removed += 1
    return removed


def repeat_removals() -> int:
    """Destroy once more every copy whose removal is written down, after a restore.

    Returns how many stood there again with more than the note. *Repeats.*
    """
    removed = 0
    for filing in Filing.objects.filter(erased_at__isnull=False).order_by("pk"):
        folder, content = folders.folder_of(filing), contents.of_erased(filing)
        if not folders.holds(folder, content):
            folders.replace(folder, content)
            removed += 1
    return removed


def _find_answers(now: datetime) -> None:
    seen = datetime.fromtimestamp(queries.followed(queries.ANSWERS), UTC)
    for answer in queries.answers_after_filing(seen - min(OVERLAP, seen - _EPOCH)):
        workflow.supplement(filing=_filing(answer.case.disclosure_id), answer=answer)
    if now - seen > OVERLAP:
        workflow.note_followed(name=queries.ANSWERS, seq=int(now.timestamp()))


def _find_records() -> None:
    since, until = queries.followed(queries.RECORDS), queries.exposed_size()
    if until <= since:
        return
    for record in queries.records_after_filing(since, until):
        filing = Filing.objects.get(disclosure__address=record.subject)
        workflow.supplement(filing=filing, record=record)
    workflow.note_followed(name=queries.RECORDS, seq=until)


def _find_notes(now: datetime) -> None:
    """What was noted of postings goes in once its day is over: who walks along the wall notes much
    in an hour. A while later, so that all of that day is committed.
    """
    zone = settings.TIME_ZONE
    until = clock.start_of(clock.civil_day(now - OVERLAP, zone), zone)
    seen = datetime.fromtimestamp(queries.followed(queries.NOTES), UTC)
    if until <= seen:
        return
    for filing in queries.noted_after_filing(seen, until):
        workflow.supplement(filing=filing, noted_until=until)
    workflow.note_followed(name=queries.NOTES, seq=int(until.timestamp()))


def _filing(disclosure: int | None) -> Filing:
    return Filing.objects.get(disclosure=disclosure)


_EPOCH = datetime.fromtimestamp(0, UTC)
