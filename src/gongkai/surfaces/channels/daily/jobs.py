"""When the daily letter is due, the worker counts and writes it; the keeper only says so."""

from datetime import date, datetime

from django_tasks import TaskResultStatus, task
from django_tasks_db.models import DBTaskResult

from gongkai.foundation.core import clock
from gongkai.foundation.core.errors import Refused
from gongkai.foundation.organisations.models import Organisation
from gongkai.surfaces.channels.daily import counting, letters, queries, workflow
from gongkai.surfaces.channels.daily.queries import DAY

MOST_DAYS = 14
"""After a longer downtime the days before these are left to the periodic report."""


def upkeep(now: datetime) -> None:
    """For the tick: wake the worker when some organisation's letter is due."""
    if queries.due(now) and not _waits():
        tell.enqueue()


@task
def tell() -> None:
    """Write the letters that are due, one organisation after another. May run twice."""
    now = clock.now()
    for organisation in queries.due(now):
        _tell(organisation, queries.yesterday(organisation, now))


def _tell(organisation: Organisation, day: date) -> None:
    """One letter about all days since the last one; none where nothing happened.

    An organisation that was never told of begins now: nobody is told of its past.
    """
    known = queries.told(organisation)
    written = []
    if known is not None:
        first = max(known + DAY, day - DAY * (MOST_DAYS - 1))
        addresses = queries.addresses(organisation, day + DAY)
        told = _days(organisation, first, day) if addresses else None
        if told and told.eventful:
            late = first < day
            written = [letters.letter(organisation, told, to, late=late) for to in addresses]
    workflow.tell(organisation=organisation, known=known, day=day, written=written)


def _days(organisation: Organisation, first: date, last: date) -> counting.Days | None:
    try:
        return counting.days(organisation, first, last)
    except Refused:
        return None  # it has no charter yet, so nothing is owed


def _waits() -> bool:
    """Whether the task is in the queue and has not begun."""
    waiting = DBTaskResult.objects.filter(task_path=tell.module_path, status=TaskResultStatus.READY)
    return waiting.exists()
