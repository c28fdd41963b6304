"""The reception days of the demonstration: what is arranged, who comes, and how one is held."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from gongkai.foundation.core import clock, deadlines, workdays
from gongkai.foundation.organisations import queries as organisations
from gongkai.foundation.organisations.models import Organisation
from gongkai.foundation.organisations.queries import Officer
from gongkai.participation.meetings import queries as meetings_read
from gongkai.participation.meetings import visiting
from gongkai.participation.meetings import workflow as meetings
from gongkai.participation.meetings.models import Notice, ReceptionDay
from gongkai.participation.meetings.rules import Arrangement
from gongkai.participation.meetings.states import BookingState, DayState, NoticeKind

KEEPER, APPROVER = "office", "discipline-deputy"
SOON = timedelta(minutes=10)
EVERY = timedelta(minutes=30)
OPENING, LATEST = time(9), time(16, 30)
"""Between these hours of a working day a reception may begin."""
PLACE = "镇政府一楼接访室"


@dataclass(frozen=True)
class Visit:
    """What a party says who comes (来访), and what is promised them, so many days on."""

    said: str
    category: str
    promise: str
    promise_days: int


@dataclass(frozen=True)
class Day:
    """A reception day to be (接访日): so many working days ahead, in the morning; none: the next
    half hour in which the office is open, for a reception that was added at short notice.

    ``about`` is what somebody who has booked wants to talk of; with ``visit`` the day is held by
    the first load after its hours.
    """

    key: str
    post: str
    subject: str
    ahead: int
    slots: int
    minutes: int
    about: str
    persons: int
    visit: Visit | None = None


DAYS = (
    Day(
        "reception-added",
        "deputy",
        "临时加的一次：山塘加固施工期间怎样供水",
        0,
        1,
        30,
        "松林村的山塘加固，施工的时候秧田用水从哪里来",
        3,
        Visit(
            "来访人说，松林村的山塘腊月开始加固，塘里的水要放干，担心明年开春育秧没有水用。",
            "JC",
            "和施工单位商定分段放水，保证育秧用水，办法贴到村公开栏。",
            20,
        ),
    ),
    Day(
        "reception-secretary",
        "secretary",
        "水利、道路和为民办实事",
        5,
        8,
        20,
        "想问柳树湾村的支渠排在第几批，能不能早一点",
        2,
    ),
)
"""In the order they are arranged."""


class Rota:
    """The demonstration's rota, kept by the real verbs (演示的接访安排)."""

    def __init__(self, organisation: Organisation, officer: Callable[[str], Officer]) -> None:
        self.organisation = organisation
        self.officer = officer

    def arrange(self, day: Day) -> None:
        """Plan ``day``, have a second person announce it, and book a time on it; once."""
        if self._found(day):
            return
        on, starts = self._begins(day)
        wanted = Arrangement(
            post=organisations.post(self.organisation, day.post),
            starts=starts.time(),
            minutes=day.minutes,
            slots=day.slots,
            place=PLACE,
            subject=day.subject,
        )
        [planned] = meetings.plan(
            officer=self.officer(KEEPER), organisation=self.organisation, on=[on], wanted=wanted
        )
        self._announce(planned)
        planned.refresh_from_db()
        visiting.book(day=planned, persons=day.persons, about=day.about)

    def hold(self, day: Day) -> None:
        """Receive who booked and announce the result, once the hours are over.

        Whatever somebody has noted on the day by hand is theirs to go on with.
        """
        arranged = self._found(day)
        if day.visit is None or arranged is None or not _untouched(arranged):
            return
        keeper, [booking] = self.officer(KEEPER), meetings_read.bookings(arranged)
        booking = visiting.arrive(booking=booking, officer=keeper)
        visiting.hear(
            booking=booking,
            officer=keeper,
            text=day.visit.said,
            show=True,
            category=day.visit.category,
            promise=day.visit.promise,
            promise_by=arranged.date + timedelta(days=day.visit.promise_days),
        )
        meetings.conclude(day=arranged, officer=keeper, held=True)
        self._announce(arranged)

    def _begins(self, day: Day) -> tuple[date, datetime]:
        """The day, and an instant in the organisation's civil time at whose hour it begins."""
        zone = ZoneInfo(self.organisation.zone)
        if day.ahead:
            on = deadlines.deadline(organisations.today(self.organisation), day.ahead).due
            return on, datetime(on.year, on.month, on.day, 9, tzinfo=zone)
        begins = soonest(clock.now().astimezone(zone))
        return begins.date(), begins

    def _announce(self, day: ReceptionDay) -> None:
        notice = meetings_read.in_hand(day)
        assert notice is not None, "it was written just now"
        meetings.approve(notice=notice, officer=self.officer(APPROVER))

    def _found(self, day: Day) -> ReceptionDay | None:
        """The day that was planned under this subject, whatever happened to it since."""
        plans = Notice.objects.filter(
            day__organisation=self.organisation,
            kind=NoticeKind.PLAN,
            facts__subject=day.subject,
        )
        first = plans.select_related("day__organisation", "day__post").order_by("pk").first()
        return first.day if first else None


def soonest(now: datetime) -> datetime:
    """The next half hour, ten minutes from ``now`` at the least, at which the office is open; in
    the zone of ``now``.
    """
    soon = now + SOON
    begins = soon + (datetime.min.replace(tzinfo=soon.tzinfo) - soon) % EVERY
    if workdays.is_workday(begins.date()) and begins.time() <= LATEST:
        return max(begins, datetime.combine(begins.date(), OPENING, tzinfo=begins.tzinfo))
    day = begins.date() + timedelta(days=1)
    while not workdays.is_workday(day):
        day += timedelta(days=1)
    return datetime.combine(day, OPENING, tzinfo=begins.tzinfo)


def _untouched(day: ReceptionDay) -> bool:
    """Whether its hours are over and nothing was noted or written about it meanwhile."""
    if day.state != DayState.OPEN or clock.now() < day.ends_at or meetings_read.in_hand(day):
        return False
    return [each.state for each in meetings_read.bookings(day)] == [BookingState.BOOKED]
