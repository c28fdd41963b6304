"""The tick: every due transition is found from timestamps and done, without anyone asking.

Each job is idempotent and catches up in order after downtime. One that fails is reported and
keeps neither the others nor the log from their work; it is tried again at the next pass.
"""

import logging
from collections import deque
from collections.abc import Callable
from datetime import datetime

from gongkai.config import watch
from gongkai.foundation.core import clock
from gongkai.foundation.core.errors import Broken
from gongkai.foundation.files import jobs as files
from gongkai.foundation.notices import jobs as notices
from gongkai.foundation.seals import jobs as seals
from gongkai.foundation.witness import jobs as witness
from gongkai.oversight.supervision import jobs as supervision
from gongkai.participation.meetings import jobs as meetings
from gongkai.procedure.acknowledgements import jobs as acknowledgements
from gongkai.procedure.archive import jobs as archive
from gongkai.procedure.duties import jobs as duties
from gongkai.procedure.feedback import jobs as feedback
from gongkai.procedure.imports import jobs as imports
from gongkai.procedure.proposals import jobs as proposals
from gongkai.procedure.publication import jobs as publication
from gongkai.procedure.review import jobs as review
from gongkai.surfaces.board import jobs as board
from gongkai.surfaces.channels import jobs as channels
from gongkai.surfaces.channels.briefs import jobs as briefs
from gongkai.surfaces.channels.daily import jobs as daily
from gongkai.surfaces.channels.hooks import jobs as hooks
from gongkai.surfaces.channels.screens import jobs as screens
from gongkai.surfaces.channels.television import jobs as television
from gongkai.surfaces.printing import jobs as printing
from gongkai.surfaces.reach import jobs as reach
from gongkai.surfaces.search import jobs as search

logger = logging.getLogger(__name__)

Job = Callable[[datetime], object]

BEFORE_LOG: tuple[Job, ...] = (
    publication.open_due,
    publication.erase_files,
    duties.show,
)
WITH_FOLLOWERS: tuple[Job, ...] = (acknowledgements.ask,)
AFTER_PAGES: tuple[Job, ...] = (
    archive.write_filings,
    archive.remove_erased,
    screens.follow,
)
NOW_AND_THEN: tuple[Job, ...] = (
    duties.follow,
    duties.plan,
    duties.recount,
    duties.remind,
    publication.lapse,
    acknowledgements.ask,  # what a visit had no time for
    acknowledgements.remind,
    acknowledgements.destroy_names,
    feedback.ask_again,
    feedback.destroy_contacts,
    feedback.end_pauses,
    feedback.destroy_held,
    feedback.forget_heard,
    feedback.remind_overdue,
    feedback.settle_letters,
    feedback.tell,
    feedback.follow_erasures,
    meetings.remind,
    meetings.destroy_reaches,
    meetings.settle_letters,
    archive.write_supplements,
    supervision.count_months,
    supervision.file_reports,
    files.sweep,
    files.forget_refusals,
    files.read_by_office,
    files.requeue,
    proposals.requeue,
    proposals.forget_jottings,
    review.requeue,
    seals.requeue,
    files.number,
    imports.requeue,
    board.follow_readings,
    search.follow_readings,
    notices.requeue,
    watch.due,
    channels.upkeep,
    hooks.upkeep,
    screens.upkeep,
    briefs.recall_taken,
    briefs.destroy_erased,
    briefs.requeue,
    briefs.file_briefs,
    briefs.forget_receivers,
    daily.upkeep,
    reach.gather,
    reach.forget,
    printing.requeue,
    printing.tidy,
    television.upkeep,
    witness.enqueue,
    witness.publish,
    board.witnesses,
)


def run() -> None:
    """What is due now and belongs into the log: openings, destructions."""
    _each(BEFORE_LOG)


def follow() -> None:
    """What follows from what was just exposed, and is not a page."""
    _each(WITH_FOLLOWERS)


def file() -> None:
    """What follows from what is exposed: the archive's copies."""
    _each(AFTER_PAGES)


def night(leave_off: Callable[[], bool]) -> bool:
    """The pages that speak of today, where another day has begun; says whether any were made, so
    that more may be left.
    """
    done: list[int] = []

    def midnight(now: datetime) -> None:
        done.append(board.midnight(now, leave_off))

    _each((midnight,))
    return any(done)


def upkeep(waiting: deque[Job], leave_off: Callable[[], bool]) -> None:
    """What is due by the day or by the hour, so that once a minute is soon enough.

    Takes from ``waiting`` what it does, a job at least, until ``leave_off`` says that other work
    waits: nobody's publication stands behind all of it.
    """
    while waiting:
        _each((waiting.popleft(),))
        if leave_off():
            return


def _each(jobs: tuple[Job, ...]) -> None:
    now = clock.now()
    for job in jobs:
        try:
            job(now)
        except Broken:
            raise
        except Exception:
            logger.exception("job failed: %s.%s", job.__module__, job.__name__)
