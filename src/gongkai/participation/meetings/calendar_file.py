"""The calendar file of a booking (.ics), for the visitor's own telephone."""

from datetime import UTC, timedelta
from urllib.parse import urlsplit

from django.conf import settings
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from gongkai.foundation.core import clock
from gongkai.participation.meetings.models import Booking
from gongkai.participation.meetings.states import BookingState, DayState


def of(booking: Booking, post: str) -> bytes:
    """The event as iCalendar (RFC 5545): the time that is booked, or that it no longer is.

    A file fetched again after a change replaces the event before: its name stays, its number grows.
    """
    from icalendar import Alarm, Calendar, Event  # late: a quarter of a second to load

    day = booking.day
    begins = day.at(booking.slot or 1)
    stands = booking.state == BookingState.BOOKED and day.state == DayState.OPEN
    whole = Calendar()
    whole.add("prodid", "-//Gongkai//Reception//ZH")
    whole.add("version", "2.0")
    whole.add("method", "PUBLISH")
    event = Event()
    event.add("uid", f"{_name(booking)}@{urlsplit(settings.OFFICE_URL).hostname}")
    event.add("dtstamp", clock.now())
    event.add("sequence", int(clock.now().timestamp()) - int(booking.made_at.timestamp()))
    event.add("dtstart", begins.astimezone(UTC))
    event.add("dtend", (begins + timedelta(minutes=day.minutes)).astimezone(UTC))
    event.add("summary", _("领导接访：%(post)s") % {"post": post})
    event.add("location", day.place)
    event.add("status", "CONFIRMED" if stands else "CANCELLED")
    event.add("url", f"{settings.OFFICE_URL}/say/reception/status/")
    if stands:
        alarm = Alarm()
        alarm.add("action", "DISPLAY")
        alarm.add("description", _("领导接访：%(post)s") % {"post": post})
        alarm.add("trigger", -timedelta(hours=2))
        event.add_component(alarm)
    whole.add_component(event)
    return bytes(whole.to_ical())


def _name(booking: Booking) -> str:
    """A name that stays, and from which nobody tells how many bookings there are."""
    drawn = salted_hmac("gongkai.reception", str(booking.pk), algorithm="sha256")
    return str(drawn.hexdigest())[:20]
