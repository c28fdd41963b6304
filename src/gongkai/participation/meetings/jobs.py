"""What falls due at receptions: reminders, and the end of contact data."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta

from gongkai.foundation.core import clock
from gongkai.foundation.notices import queries as letters
from gongkai.participation.meetings import queries, visiting
from gongkai.participation.meetings.letters import ORIGIN
from gongkai.participation.meetings.models import Booking, Reach, ReceptionDay
from gongkai.participation.meetings.states import BookingState, DayState
from gongkai.procedure.catalogue.receiving import Reception

_DAY = timedelta(days=1)
AT_ONCE = 200


def remind(now: datetime) -> int:
    """Send the reminders that are due by the charter's days; returns how many letters went.

    After downtime the one that is due latest is sent, once. *Repeats after a crash.*
    """
    sent = 0
    rules: dict[int, Reception | None] = {}
    near = now.date() + timedelta(days=31)
    ahead = ReceptionDay.objects.filter(
        state=DayState.OPEN, date__gte=now.date() - _DAY, date__lte=near
    )
    for day in ahead.select_related("organisation"):
        if day.organisation_id not in rules:
            rules[day.organisation_id] = queries.rule_of(day.organisation)
        due = _due(day, rules[day.organisation_id], now)
        if due is None:
            continue
        made_before = clock.start_of(due, day.organisation.zone)
        waiting = Booking.objects.filter(
            day=day, state=BookingState.BOOKED, made_at__lt=made_before
        ).exclude(reminded_on=due)
        sent += sum(visiting.remind(booking=each, on=due) for each in _with_day(waiting, day))
    return sent


def destroy_reaches(now: datetime) -> int:
    """Destroy how to reach who booked where the day has come; returns how many went.

    *Repeats after a crash.*
    """
    ahead = (now + timedelta(hours=14)).date()  # no zone is further ahead of UTC
    near = Reach.objects.filter(destroy_on__lte=ahead).order_by("destroy_on", "pk")
    return sum(
        visiting.destroy_reach(reach=reach)
        for reach in near.select_related("booking__day__organisation", "booking__day__post")
        if reach.destroy_on <= clock.civil_day(now, reach.booking.day.organisation.zone)
    )


def settle_letters(_now: datetime) -> None:
    """Note which letters were given up, and let them go. *Repeats after a crash.*"""
    for letter in letters.given_up(ORIGIN)[:AT_ONCE]:
        visiting.settle(letter=letter)


def _due(day: ReceptionDay, rule: Reception | None, now: datetime) -> date | None:
    """The latest reminder of ``day`` that is due; none before the first and once it began."""
    if rule is None or now >= day.at(1):
        return None
    today = clock.civil_day(now, day.organisation.zone)
    due = [day.date - timedelta(days=before) for before in rule.reminder_days]
    return max((each for each in due if each <= today), default=None)


def _with_day(bookings: Iterable[Booking], day: ReceptionDay) -> list[Booking]:
    found = list(bookings)
    for each in found:
        each.day = day
    return found
