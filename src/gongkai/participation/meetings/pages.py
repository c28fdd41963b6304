"""What the public pages of receptions show, as values."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from gongkai.foundation.core import clock
from gongkai.foundation.organisations.models import Organisation
from gongkai.foundation.organisations.queries import installation, today
from gongkai.foundation.ui import marks
from gongkai.participation.meetings import booking_rules, queries
from gongkai.participation.meetings.models import Booking, ReceptionDay
from gongkai.participation.meetings.states import BookingState, DayState, NoticeKind
from gongkai.procedure.catalogue.queries import charter_of
from gongkai.procedure.catalogue.receiving import Reception


@dataclass(frozen=True)
class Offer:
    """A day on which a time can be had (可约的一天)."""

    day: ReceptionDay
    post: str
    hours: str
    left: str
    bookable: bool


def offers(organisation: Organisation, rule: Reception) -> list[Offer]:
    """The days ahead, the next first; the number of queries does not depend on how many."""
    on, now = today(organisation), clock.now()
    named = post_names(organisation)
    found = []
    for each in queries.bookable(organisation, rule, now, on):
        day, free = each.day, len(each.free)
        post = named.get(day.post.key, day.post.name)
        full = not free and each.waiting >= rule.waiting
        found.append(Offer(day, post, hours(day), _left(free, each.waiting, full), not full))
    return found


def post_names(organisation: Organisation) -> dict[str, str]:
    """The posts in the reader's language, by key."""
    posts = charter_of(organisation)[1].posts
    return {each.key: each.name_en if marks.english() else each.name for each in posts}


def post_name(day: ReceptionDay) -> str:
    """Who receives, in the reader's language."""
    return post_names(day.organisation).get(day.post.key, day.post.name)


def hours(day: ReceptionDay) -> str:
    """From when to when: 9:00–11:40."""
    return span(day.at(1), day.ends_at)


def time_of(day: ReceptionDay, slot: int) -> str:
    """One of its times: 9:20–9:40."""
    return span(day.at(slot), day.at(slot + 1))


def span(begins: datetime, ends: datetime) -> str:
    """Two times of a day in words."""
    return f"{begins:%H:%M}–{ends:%H:%M}"


def times(day: ReceptionDay) -> list[tuple[str, str]]:
    """The free times of a day as choices."""
    return [(str(n), time_of(day, n)) for n in queries.free(day, clock.now())]


def elsewhere(booking: Booking, rule: Reception) -> list[tuple[str, list[tuple[str, str]]]]:
    """Where a booking could be moved to: the free times of each day, and waiting lists."""
    organisation = booking.day.organisation
    on, now = today(organisation), clock.now()
    found = []
    named = post_names(organisation)
    for each in queries.bookable(organisation, rule, now, on):
        day = each.day
        on_day = marks.day(day.date, year=False)
        choices = [(f"{day.key}:{n}", f"{on_day} {time_of(day, n)}") for n in each.free]
        if not choices and each.waiting < rule.waiting and day.pk != booking.day_id:
            choices = [(f"{day.key}:", _("候补，前面有%(n)s位") % {"n": each.waiting})]
        if choices:
            post = named.get(day.post.key, day.post.name)
            found.append((f"{marks.day(day.date)} {post}", choices))
    return found


def confirmation(
    day: ReceptionDay, rule: Reception, fields: dict[str, str], slot: int | None
) -> dict[str, Any]:
    """The confirmation page: what was written, and when contact data is destroyed."""
    return {
        "day": day,
        "post": post_name(day),
        "fields": fields,
        "time": time_of(day, slot) if slot else "",
        "contact_end": day.date + timedelta(days=rule.contact_days),
    }


def standing(booking: Booking) -> dict[str, Any]:
    """How a booking stands, for who holds its code."""
    day = booking.day
    last = queries.settled(day)[-1]
    return {
        "booking": booking,
        "day": day,
        "post": post_name(day),
        "hours": hours(day),
        "time": time_of(day, booking.slot) if booking.slot else "",
        "place": queries.place(booking) if booking.waits else 0,
        "state": BookingState(booking.state).label,
        "cancelled": day.state == DayState.CANCELLED,
        "over": _over(booking),
        "reason": last.reason if last.kind in (NoticeKind.CHANGE, NoticeKind.CANCEL) else "",
        "may_change": not booking_rules.coming_obstacles(booking),
        "calendar": booking.state == BookingState.BOOKED,
        "rota": rota(day.organisation),
    }


def rota(organisation: Organisation) -> str:
    """Where the board shows the organisation's rota."""
    first = installation()
    root = "" if first == organisation else f"/o/{organisation.slug}"
    return f"{settings.BOARD_URL}{root}/receptions"


def last_day(organisation: Organisation, rule: Reception) -> date:
    """Up to which day times can be booked now."""
    return today(organisation) + timedelta(days=rule.days_ahead)


def _over(booking: Booking) -> bool:
    return clock.now() >= booking.day.ends_at


def _left(free: int, waiting: int, full: bool) -> str:
    if free:
        return ngettext("还有%(n)s个时段", "还有%(n)s个时段", free) % {"n": free}
    if full:
        return _("约满了，候补也满了")
    return _("约满了，可以候补，前面有%(n)s位") % {"n": waiting}
