"""Reads about reception days and bookings."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from gongkai.foundation.core import deadlines
from gongkai.foundation.core.identifiers import RECEIPT_LENGTH, normalised
from gongkai.foundation.organisations.models import Organisation
from gongkai.foundation.organisations.queries import Officer
from gongkai.foundation.organisations.states import Right
from gongkai.participation.meetings.models import Booking, Notice, Reach, ReceptionDay
from gongkai.participation.meetings.states import SEATED, BookingState, DayState, NoticeKind
from gongkai.procedure.catalogue.queries import charter_of
from gongkai.procedure.catalogue.receiving import Reception
from gongkai.procedure.feedback import contacts, receipts

LONGEST_AGO = timedelta(days=60)
"""How long a day that is over stands in the desk's list."""


def rule_of(organisation: Organisation) -> Reception | None:
    """What the charter in force says of receptions; none when it says nothing of them."""
    return charter_of(organisation)[1].reception


def result_due(on: date, rule: Reception) -> date:
    """By when the result of a day is announced: working days, the day itself not counted."""
    return deadlines.deadline(on, rule.result_workdays).due


# -- days ------------------------------------------------------------------------------------------


def days(organisation: Organisation) -> QuerySet[ReceptionDay]:
    """Every day of the organisation that was not given up, by date, with how many come and wait."""
    found = ReceptionDay.objects.filter(organisation=organisation).exclude(state=DayState.DROPPED)
    return found.select_related("organisation", "post").order_by("date", "starts", "pk")


def counted(found: QuerySet[ReceptionDay]) -> QuerySet[ReceptionDay]:
    """The days with ``taken`` (times that somebody has) and ``waiting``; still one query."""
    seated = Booking.objects.filter(state__in=SEATED, slot__isnull=False)
    waiting = Booking.objects.filter(state=BookingState.WAITING)
    return found.annotate(taken=_many(seated), waiting=_many(waiting))


def _many(bookings: QuerySet[Booking]) -> Coalesce:
    """How many of ``bookings`` each day has."""
    own = bookings.filter(day=OuterRef("pk")).order_by().values("day")
    return Coalesce(Subquery(own.annotate(many=Count("pk")).values("many")), 0)


def recent(organisation: Organisation, today: date) -> QuerySet[ReceptionDay]:
    """The days that lie ahead, and those of the last weeks; what waits for its result besides."""
    late = Q(state=DayState.OPEN) | Q(state=DayState.DRAFT)
    return counted(days(organisation)).filter(Q(date__gte=today - LONGEST_AGO) | late)


@dataclass(frozen=True)
class Ahead:
    """A day that lies ahead, with its free times and how many wait (可约的一天)."""

    day: ReceptionDay
    free: Sequence[int]
    waiting: int


def bookable(
    organisation: Organisation, rule: Reception, now: datetime, today: date
) -> list[Ahead]:
    """The days on which a time can be booked now, the next first: 2 queries."""
    last = today + timedelta(days=rule.days_ahead)
    ahead = days(organisation).filter(state=DayState.OPEN, date__gte=today, date__lte=last)
    found = [day for day in ahead if day.ends_at > now]
    held: dict[int, set[int]] = {day.pk: set() for day in found}
    waiting = dict.fromkeys(held, 0)
    bookings = Booking.objects.filter(day__in=found).exclude(state=BookingState.GIVEN_UP)
    for day, slot, state in bookings.values_list("day", "slot", "state"):
        if slot is not None:
            held[day].add(slot)
        waiting[day] += state == BookingState.WAITING
    return [Ahead(day, free_of(day, held[day.pk], now), waiting[day.pk]) for day in found]


def day(organisation: Organisation, key: str) -> ReceptionDay | None:
    """The day ``key`` of the organisation; none when there is none."""
    return days(organisation).filter(key=key).first()


def public_day(key: str) -> ReceptionDay | None:
    """The announced day ``key`` of whichever organisation; none for one not announced yet."""
    found = ReceptionDay.objects.exclude(state__in=(DayState.DRAFT, DayState.DROPPED))
    return found.select_related("organisation", "post").filter(key=key).first()


# -- announcements ---------------------------------------------------------------------------------


def notices(day: ReceptionDay) -> list[Notice]:
    """Everything announced about the day, or to be, oldest first."""
    return list(Notice.objects.filter(day=day).select_related("member").order_by("pk"))


def in_hand(day: ReceptionDay) -> Notice | None:
    """The announcement that waits for its second person."""
    return Notice.objects.filter(day=day, settled_at=None, returned_reason="").first()


def to_approve(organisation: Organisation) -> list[Notice]:
    """What waits for a second person, by date of its day; one query."""
    found = Notice.objects.filter(
        day__organisation=organisation, settled_at=None, returned_reason=""
    ).exclude(day__state=DayState.DROPPED)
    related = found.select_related("day__organisation", "day__post", "member")
    return list(related.order_by("day__date", "day__starts", "pk"))


def notice(organisation: Organisation, key: int) -> Notice | None:
    """The announcement ``key`` of the organisation; none when there is none."""
    found = Notice.objects.filter(day__organisation=organisation, pk=key)
    return found.select_related("day__organisation", "day__post", "member").first()


def returned(day: ReceptionDay) -> Notice | None:
    """The last announcement, when it was sent back; none once another was written."""
    last = Notice.objects.filter(day=day).order_by("-pk").first()
    return last if last and last.returned_reason else None


def settled(day: ReceptionDay) -> list[Notice]:
    """What was announced, oldest first."""
    return list(Notice.objects.filter(day=day, settled_at__isnull=False).order_by("settled_at"))


def result(day: ReceptionDay) -> Notice | None:
    """The announced result of the day."""
    found = Notice.objects.filter(day=day, kind=NoticeKind.RESULT, settled_at__isnull=False)
    return found.first()


# -- bookings --------------------------------------------------------------------------------------


def bookings(day: ReceptionDay) -> list[Booking]:
    """Who comes, waits or came, in the order in which they are called; one query."""
    found = Booking.objects.filter(day=day).exclude(state=BookingState.GIVEN_UP)
    ordered = found.select_related("case").order_by("queued_at", "pk")
    return sorted(ordered, key=lambda each: (each.waits, each.slot is None, each.slot or 0))


def booking(day: ReceptionDay, key: int) -> Booking | None:
    """The booking ``key`` of the day; none when there is none."""
    return Booking.objects.filter(day=day, pk=key).select_related("case").first()


def taken(day: ReceptionDay) -> set[int]:
    """The times that somebody has."""
    held = Booking.objects.filter(day=day, state__in=SEATED, slot__isnull=False)
    return {slot for slot in held.values_list("slot", flat=True) if slot is not None}


def free(day: ReceptionDay, now: datetime) -> list[int]:
    """The times that nobody has and that have not begun."""
    return free_of(day, taken(day), now)


def free_of(day: ReceptionDay, held: set[int], now: datetime) -> list[int]:
    """The same, when it is known which are ``held``."""
    return [n for n in range(1, day.slots + 1) if n not in held and day.at(n) > now]


def queue(day: ReceptionDay) -> list[Booking]:
    """The waiting list, first come first."""
    waiting = Booking.objects.filter(day=day, state=BookingState.WAITING)
    return list(waiting.order_by("queued_at", "pk"))


def place(booking: Booking) -> int:
    """The place on the waiting list, from 1."""
    before = Q(queued_at__lt=booking.queued_at) | Q(queued_at=booking.queued_at, pk__lt=booking.pk)
    waiting = Booking.objects.filter(day=booking.day_id, state=BookingState.WAITING)
    return 1 + waiting.filter(before).count()


def by_receipt(typed: str) -> Booking | None:
    """The booking whose receipt code was typed, in any spelling; none for a wrong code."""
    if len(normalised(typed)) != RECEIPT_LENGTH:
        return None
    found = Booking.objects.select_related("day__organisation", "day__post", "case")
    return found.filter(receipt=receipts.hashed(typed)).first()


def reach(booking: Booking) -> dict[str, str]:
    """The decrypted contact data; empty when none was given or it has been destroyed."""
    return reaches([booking]).get(booking.pk, {})


def reaches(among: Iterable[Booking]) -> dict[int, dict[str, str]]:
    """The decrypted contact data of several bookings, by their keys; one query."""
    rows = Reach.objects.filter(booking__in=[each.pk for each in among])
    return {row.booking_id: contacts.unseal(bytes(row.sealed)) for row in rows}


def counts(found: Sequence[Booking]) -> dict[str, int]:
    """What a result says in numbers: parties and persons that came, walk-ins, who stayed away."""
    came = [each for each in found if each.state == BookingState.ARRIVED]
    return {
        "visits": len(came),
        "persons": sum(each.persons for each in came),
        "walk_ins": sum(each.walk_in for each in came),
        "absent": sum(each.state == BookingState.ABSENT for each in found),
    }


def categories(found: Sequence[Booking]) -> dict[str, int]:
    """How many of those who came spoke of which category, by its code."""
    told: dict[str, int] = {}
    for each in found:
        if each.state == BookingState.ARRIVED and each.category:
            told[each.category] = told.get(each.category, 0) + 1
    return dict(sorted(told.items()))


# -- what waits for whom ---------------------------------------------------------------------------


@dataclass(frozen=True)
class Waiting:
    """What waits for an officer (待办): announcements to approve, days without result, and days of
    which visitors have to be told by telephone, with how many.
    """

    approve: Sequence[Notice]
    close: Sequence[ReceptionDay]
    telephone: Sequence[tuple[ReceptionDay, int]]


def waits_for(officer: Officer, today: date) -> Waiting:
    """The receptions in which the next act is this officer's: 2 queries at most."""
    own = officer.organisation
    approve = to_approve(own) if officer.may(Right.APPROVE) else []
    kept = _kept(own, today) if officer.may(Right.ASSIGN) else []
    return Waiting(
        approve=[each for each in approve if each.member_id != officer.member.pk],
        close=[day for day, pending, _many in kept if _over(day, today) and not pending],
        telephone=[(day, many) for day, _pending, many in kept if many],
    )


def _kept(organisation: Organisation, today: date) -> list[tuple[ReceptionDay, bool, int]]:
    """The days that ask something of who keeps the rota: whether an announcement is in hand, and
    how many have to be told by telephone. One query.
    """
    pending = Notice.objects.filter(day=OuterRef("pk"), settled_at=None, returned_reason="")
    untold = Booking.objects.filter(untold=True)
    late = Q(state=DayState.OPEN, date__lt=today)
    found = days(organisation).filter(late | Q(pk__in=untold.values("day")))
    told = found.annotate(pending=Exists(pending), untold=_many(untold))
    return [(day, day.pending, day.untold) for day in told]


def _over(day: ReceptionDay, today: date) -> bool:
    return day.state == DayState.OPEN and day.date < today
