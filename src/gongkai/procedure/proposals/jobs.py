"""Making the copies of attachments in which something is covered, in the worker."""

import logging
import shutil
import time
from datetime import datetime, timedelta
from io import BytesIO
from pathlib import Path

from django.conf import settings
from django_tasks import task

from gongkai.foundation.core import clock
from gongkai.foundation.core.errors import Refused
from gongkai.foundation.files import intake, storage
from gongkai.foundation.files.redacting import Redacting
from gongkai.procedure.proposals import jotting, queries, redacting
from gongkai.procedure.proposals.models import Redaction

logger = logging.getLogger(__name__)

PORTION = 5.0
"""Seconds of one task: so a worker that is to stop can, and letters do not wait long."""
LEASE = timedelta(minutes=5)
"""Nobody goes on for so long: the worker died."""


@task(priority=-5)
def redact(key: int) -> None:
    """Go on with a copy, and leave the rest to the next task. May run twice."""
    redaction = queries.redaction_at_work(key)
    if redaction is None:
        return
    try:
        copy = _advanced(redaction)
    except Refused as refusal:
        said = " ".join(refusal.obstacles)
        redacting.finish(redaction=redaction, copy=None, trouble=said)
        shutil.rmtree(_folder(redaction), ignore_errors=True)
        return
    if copy is None:
        redact.enqueue(key)
        return
    data, extension = copy
    stored = intake.keep(BytesIO(data), f"{redaction.attachment.title}.{extension}")
    redacting.finish(redaction=redaction, copy=stored)
    shutil.rmtree(_folder(redaction), ignore_errors=True)


def requeue(now: datetime) -> int:
    """Ask again for the copies that nobody goes on with, and clear away what nobody wants.

    Returns how many were asked for. For the tick.
    """
    waiting = queries.redactions_at_work()
    wanted = {_folder(each).name for each in waiting}
    if _place().is_dir():
        for left in _place().iterdir():
            if left.name not in wanted:
                shutil.rmtree(left, ignore_errors=True)
    asked = [each for each in waiting if each.touched_at < now - LEASE]
    for each in asked:
        redacting.note_drawn(redaction=each, pages=each.pages, drawn=each.drawn)
        redact.enqueue(each.pk)
    return len(asked)


def forget_jottings(now: datetime) -> int:
    """Destroy the words that never became a draft and are old. For the tick."""
    return jotting.forget_old(now)


def _advanced(redaction: Redaction) -> tuple[bytes, str] | None:
    """The copy once it is whole; None while pages are missing."""
    original, until = redaction.original, time.monotonic() + PORTION
    work = Redacting(storage.path(original.digest), original.extension, _folder(redaction))
    boxes: dict[int, list[list[int]]] = {}
    for each in redaction.marks:
        boxes.setdefault(each["page"], []).append(each["box"])
    pages = redaction.pages or work.begin(boxes)
    drawn = work.done(pages)
    while drawn < pages and time.monotonic() < until:
        drawn = work.advance(pages)
    redacting.note_drawn(redaction=redaction, pages=pages, drawn=drawn)
    return work.finished(pages, clock.now()) if drawn == pages else None


def _folder(redaction: Redaction) -> Path:
    return _place() / f"{redaction.pk}-{redaction.turn}"


def _place() -> Path:
    return Path(settings.HOME.run) / "redacting"
