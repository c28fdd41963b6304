"""What the tick does about duties: follow charters, plan, count anew, show, remind."""

import time
from datetime import date, datetime, timedelta

from gongkai.foundation.core import clock
from gongkai.foundation.core.workdays import is_provisional
from gongkai.procedure.duties import calendars, queries, workflow
from gongkai.procedure.duties.due import AHEAD

AT_ONCE = 500
"""Schedules or duties that one transaction changes."""
ROWS_AT_ONCE = 100
"""Public rows that one pass makes."""
BUDGET = 1.0
"""Seconds that one visit takes at most; what is left waits for the next."""
FARTHEST_ZONE = timedelta(hours=14)
MORNING = timedelta(hours=8)
"""The hour of the civil day at which reminders go out."""


def follow(now: datetime) -> int:
    """Arrange what charters put in force have changed. Returns how many charters."""
    end, done = time.monotonic() + BUDGET, 0
    for version in queries.unfollowed()[:AT_ONCE]:
        workflow.follow(version)
        done += 1
        if time.monotonic() > end:
            break
    return done


def plan(now: datetime, budget: float = BUDGET) -> int:
    """Make the duties of the periods that begin soon, the longest missing first. Returns how many.

    After downtime everything missed is made in order, with the last day it always had.
    """
    end, made = time.monotonic() + budget, 0
    horizon = (now + FARTHEST_ZONE).date() + AHEAD
    while True:
        waiting = list(queries.to_plan(horizon)[:AT_ONCE])
        until = {
            each.organisation_id: clock.civil_day(now, each.organisation.zone) + AHEAD
            for each in waiting
        }
        ready = [each for each in waiting if _begins(each.planned, until[each.organisation_id])]
        if not ready:
            return made
        made += workflow.plan(ready, until)
        if time.monotonic() > end:
            return made


def recount(now: datetime) -> int:
    """Count anew what was provisional, as far as its calendar is known now. Returns how many."""
    calendars.notice()
    end, done, year = time.monotonic() + BUDGET, 0, now.year
    while not is_provisional(year):
        year += 1
    while found := list(queries.provisional(date(year, 1, 1))[:AT_ONCE]):
        workflow.recount(found)
        done += len(found)
        if time.monotonic() > end:
            break
    return done


def show(now: datetime) -> int:
    """Publish the rows of the entries that are not as they were shown. Returns how many."""
    found = list(queries.to_show()[:ROWS_AT_ONCE])
    return workflow.show(found) if found else 0


def remind(now: datetime) -> int:
    """Send the morning's reminders, to each organisation once a civil day. Returns how many
    letters.
    """
    end, sent = time.monotonic() + BUDGET, 0
    for followed in queries.to_remind((now + FARTHEST_ZONE).date())[:AT_ONCE]:
        zone = followed.organisation.zone
        today = clock.civil_day(now, zone)
        if followed.reminded_on < today and now >= clock.start_of(today, zone) + MORNING:
            sent += workflow.remind(followed=followed, today=today)
        if time.monotonic() > end:
            break
    return sent


def _begins(planned: date | None, until: date) -> bool:
    return planned is not None and planned < until
