"""What falls due in reading confirmations: who is to be asked, reminded, forgotten."""

import time
from datetime import datetime, timedelta

from gongkai.foundation.core import clock
from gongkai.procedure.acknowledgements import queries, workflow

RECORDS_AT_ONCE = 500
BUDGET = 1.0
"""Seconds that one visit takes at most; what is left waits for the next."""
FARTHEST_ZONE = timedelta(hours=14)
MORNING = timedelta(hours=8)
"""The hour of the civil day at which reminders go out."""


def ask(now: datetime) -> int:
    """Ask the readers of what has opened to members since. Returns how many were asked.

    *A crash repeats the last portion, which asks nobody twice.*
    """
    end, asked = time.monotonic() + BUDGET, 0
    done, exposed = queries.position()
    while done < exposed:
        stop = min(done + RECORDS_AT_ONCE, exposed)
        for release in queries.openings(done, stop):
            asked += workflow.ask(release=release)
        workflow.note_followed(stop)
        done = stop
        if time.monotonic() > end:
            break
    return asked


def remind(now: datetime) -> int:
    """Send the morning's reminders. Returns how many letters."""
    sent = 0
    for organisation in queries.to_remind((now + FARTHEST_ZONE).date()):
        today = clock.civil_day(now, organisation.zone)
        if now >= clock.start_of(today, organisation.zone) + MORNING:
            sent += workflow.remind(organisation=organisation, today=today)
    return sent


def destroy_names(now: datetime) -> int:
    """Destroy the names whose day has come in their organisation's zone. Returns of how many
    editions. *Repeats after a crash.*
    """
    gone = 0
    for circular in queries.to_destroy((now + FARTHEST_ZONE).date()):
        if circular.destroy_on <= clock.civil_day(now, circular.disclosure.organisation.zone):
            gone += workflow.destroy_names(circular=circular, now=now)
    return gone
