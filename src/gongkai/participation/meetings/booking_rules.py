"""Who may book a time on a reception day, move it and come."""

from datetime import timedelta

from django.utils.translation import gettext as _

from gongkai.foundation.core import clock
from gongkai.foundation.organisations.queries import today
from gongkai.foundation.ui import marks
from gongkai.participation.meetings.models import Booking, ReceptionDay
from gongkai.participation.meetings.states import (
    COMING,
    BookingState,
    DayState,
)
from gongkai.procedure.catalogue.receiving import Reception

MOST_ABOUT = 500
"""Characters of what somebody wants to talk about."""


def book_obstacles(
    day: ReceptionDay, rule: Reception | None, about: str, persons: int, slot: int | None
) -> list[str]:
    """Why nobody can book this; whether the time is still free is seen when it is given."""
    if rule is None:
        return [_("现在不能预约。请打电话问。")]
    return [
        *day_obstacles(day, rule),
        *about_obstacles(about),
        *group_obstacles(persons, rule),
        *slot_obstacles(day, slot),
    ]


def day_obstacles(day: ReceptionDay, rule: Reception) -> list[str]:
    """Why no time of this day can be booked now."""
    if day.state == DayState.CANCELLED:
        return [_("这一天的接访已经取消了。请另选一天。")]
    if day.state != DayState.OPEN or clock.now() >= day.ends_at:
        return [_("这一天的接访已经过去了。请另选一天。")]
    first = day.date - timedelta(days=rule.days_ahead)
    if today(day.organisation) < first:
        wording = _("这一天%(first)s起才可以预约。")
        return [wording % {"first": marks.day(first)}]
    return []


def slot_obstacles(day: ReceptionDay, slot: int | None) -> list[str]:
    """Why this time cannot be had by anybody."""
    if slot is None:
        return []
    if not 1 <= slot <= day.slots:
        return [_("没有这个时段。请另选一个。")]
    if day.at(slot) <= clock.now():
        return [_("这个时段已经过去了。请另选一个。")]
    return []


def about_obstacles(about: str) -> list[str]:
    """Why these words cannot be taken down."""
    if not about.strip():
        return [_("请写几个字，想谈什么事。")]
    if len(about) > MOST_ABOUT:
        said = {"most": MOST_ABOUT, "now": len(about)}
        return [_("最多%(most)s个字，现在有%(now)s个。见面再细说。") % said]
    return []


def group_obstacles(persons: int, rule: Reception) -> list[str]:
    """Why so many cannot come together."""
    if 1 <= persons <= rule.group:
        return []
    return [_("一起来最多%(most)s个人。人多的，请推选代表。") % {"most": rule.group}]


def coming_obstacles(booking: Booking) -> list[str]:
    """Why the holder of the receipt can no longer change this booking."""
    if booking.state not in COMING:
        state = BookingState(booking.state).label
        return [_("这个预约现在是“%(state)s”，不能再改。") % {"state": state}]
    begun = booking.day.at(booking.slot or 1) if booking.slot else booking.day.ends_at
    if booking.day.state == DayState.OPEN and clock.now() >= begun:
        return [_("约的时间已经到了，不能再改。")]
    return []
