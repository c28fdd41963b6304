"""The verbs of who comes 来访: book, move, give up; arrive, stay away, walk in, be heard.

They stand apart from :mod:`workflow`, which keeps the rota and calls what is told to who booked.
"""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from gongkai.foundation.core import clock
from gongkai.foundation.core.errors import Refused
from gongkai.foundation.ledger import workflow as ledger
from gongkai.foundation.notices import queries as queue
from gongkai.foundation.notices import workflow as notices
from gongkai.foundation.notices.models import Letter
from gongkai.foundation.organisations.queries import Officer, today
from gongkai.participation.meetings import booking_rules, letters, queries, rules
from gongkai.participation.meetings.models import Booking, Reach, ReceptionDay
from gongkai.participation.meetings.states import COMING, BookingState, DayState
from gongkai.procedure.catalogue.queries import charter_of
from gongkai.procedure.feedback import contacts, masking, receipts
from gongkai.procedure.feedback import rules as feedback_rules
from gongkai.procedure.feedback import workflow as feedback
from gongkai.procedure.feedback.models import Case
from gongkai.procedure.feedback.states import CaseKind

VISITOR = ledger.Actor("visitor", "来访人")
"""Whoever books: no account, and nothing kept in the ledger that tells who it was."""


# -- booking ---------------------------------------------------------------------------------------


@transaction.atomic
def book(
    *,
    day: ReceptionDay,
    persons: int,
    about: str,
    slot: int | None = None,
    contact: Mapping[str, str] | None = None,
    language: str = "zh-hans",
    token: str = "",
) -> tuple[Booking, str]:
    """Book a time, or a place on the waiting list when none is left; returns the code as well 预约.

    Without ``slot`` it is the first that is free. ``Refused`` when the wanted one has gone while
    others are free, so that whoever asks chooses; and when the waiting list is full. ``token``
    names the confirmation page: sent twice, it gives the same booking and the same code.
    """
    day, about = locked(day), masking.tidied(about)
    code = receipts.code_for(token)
    if token and (earlier := Booking.objects.filter(token=token).first()):
        return earlier, code
    rule = queries.rule_of(day.organisation)
    if obstacles := booking_rules.book_obstacles(day, rule, about, persons, slot):
        raise Refused(obstacles)
    assert rule is not None, "the rule asked for it"
    given = _given(day, slot, rule.waiting)
    now = clock.now()
    kept: dict[str, Any] = {
        "day": day,
        "persons": persons,
        "about": about,
        "receipt": receipts.hashed(code),
        "token": token or None,
        "language": language,
        "made_at": now,
        "queued_at": now,
    }
    booking = _seated_or_waiting(given, kept)
    if contact:
        end = day.date + timedelta(days=rule.contact_days)
        Reach.objects.create(booking=booking, sealed=contacts.seal(contact), destroy_on=end)
    _record("reception.book", day, VISITOR, _facts(booking))
    return booking, code


@transaction.atomic
def move(*, booking: Booking, day: ReceptionDay, slot: int | None = None) -> Booking:
    """Take another time, on the same or another day, in place of this one 改约.

    The time given back goes to who has waited longest. ``Refused`` when the new one is gone: then
    the old one is kept.
    """
    days = {each.pk: each for each in _both(booking.day, day)}
    booking = fresh(booking, days[booking.day_id])
    old, day = days[booking.day_id], days[day.pk]
    rule = queries.rule_of(day.organisation)
    obstacles = booking_rules.coming_obstacles(booking) + booking_rules.book_obstacles(
        day, rule, booking.about, booking.persons, slot
    )
    if old.organisation_id != day.organisation_id:
        obstacles.append(_("只能改到同一个单位的另一天。"))
    if obstacles:
        raise Refused(obstacles)
    assert rule is not None, "the rule asked for it"
    if booking.slot is not None and (booking.day_id, booking.slot) == (day.pk, slot):
        raise Refused([_("约的就是这个时段，不用改。")])
    same_list = booking.waits and booking.day_id == day.pk
    given = _given(day, slot, rule.waiting)
    if given is None and same_list:
        raise Refused([_("这一天没有空的时段，您还在候补里，名次不变。")])
    booking.day, booking.slot, booking.untold = day, given, False
    booking.state = BookingState.WAITING if given is None else BookingState.BOOKED
    booking.queued_at = clock.now()
    booking.reminded_on = None
    booking.save()
    end = day.date + timedelta(days=rule.contact_days)
    Reach.objects.filter(booking=booking).update(destroy_on=end)
    _record("reception.move", day, VISITOR, {**_facts(booking), "from": old.key})
    _promote(old)
    return booking


@transaction.atomic
def give_up(*, booking: Booking) -> Booking:
    """Give the time back; how to reach who booked is destroyed at once 退约."""
    day = locked(booking.day)
    booking = fresh(booking, day)
    if obstacles := booking_rules.coming_obstacles(booking):
        raise Refused(obstacles)
    booking.state, booking.slot, booking.untold = BookingState.GIVEN_UP, None, False
    booking.save(update_fields=["state", "slot", "untold"])
    _forget_reach(booking)
    _record("reception.give_up", day, VISITOR, _facts(booking))
    _promote(day)
    return booking


# -- the day itself --------------------------------------------------------------------------------


@transaction.atomic
def arrive(*, booking: Booking, officer: Officer) -> Booking:
    """Note that they came; who waited is received if there is time 登记到场."""
    booking = _noted(booking, officer, BookingState.ARRIVED)
    _record("reception.arrive", booking.day, officer, _facts(booking))
    return booking


@transaction.atomic
def stay_away(*, booking: Booking, officer: Officer) -> Booking:
    """Note that they did not come 登记没有来."""
    booking = _noted(booking, officer, BookingState.ABSENT)
    _record("reception.stay_away", booking.day, officer, _facts(booking))
    return booking


@transaction.atomic
def walk_in(
    *,
    day: ReceptionDay,
    officer: Officer,
    persons: int,
    about: str,
    contact: Mapping[str, str] | None = None,
) -> tuple[Booking, str]:
    """Add who came without a booking; a free time of the day is theirs 登记没有预约的."""
    day, about = locked(day), masking.tidied(about)
    rule = queries.rule_of(day.organisation)
    if rule is None:
        raise Refused(rules.charter_obstacles(day.organisation))
    obstacles = rules.walk_in_obstacles(day, officer, persons, rule)
    if obstacles := obstacles + booking_rules.about_obstacles(about):
        raise Refused(obstacles)
    code, now = receipts.code_for(""), clock.now()
    left = queries.free(day, now)
    booking = Booking.objects.create(
        day=day,
        slot=left[0] if left else None,
        state=BookingState.ARRIVED,
        persons=persons,
        about=about,
        receipt=receipts.hashed(code),
        walk_in=True,
        made_at=now,
        queued_at=now,
        arrived_at=now,
    )
    if contact:
        end = day.date + timedelta(days=rule.contact_days)
        Reach.objects.create(booking=booking, sealed=contacts.seal(contact), destroy_on=end)
    _record("reception.walk_in", day, officer, _facts(booking))
    return booking, code


def hear(
    *,
    booking: Booking,
    officer: Officer,
    text: str,
    show: bool,
    category: str,
    promise: str = "",
    promise_by: date | None = None,
) -> tuple[Case, str]:
    """Take down what was said as a case, with what was promised; returns its receipt code 登记办件.

    The contact data goes over to the case and is destroyed here.
    """
    text, promise = masking.tidied(text), masking.tidied(promise)
    with transaction.atomic():
        day = locked(booking.day)
        booking = fresh(booking, day)
        charter = charter_of(day.organisation)[1]
        obstacles = rules.hear_obstacles(booking, officer, charter, category, promise, promise_by)
        if obstacles := obstacles + feedback_rules.receive_obstacles(text):
            raise Refused(obstacles)
        reach = queries.reach(booking)
        case, code = feedback.receive(
            organisation=day.organisation,
            disclosure=None,
            text=text,
            show=show,
            contact={name: reach[name] for name in ("name", "tel") if reach.get(name)},
            kind=CaseKind.VISIT,
        )
        _forget_reach(booking)
        booking.case, booking.category = case, category
        booking.promise, booking.promise_by = promise, promise_by
        booking.save(update_fields=["case", "category", "promise", "promise_by"])
        _record("reception.hear", day, officer, {**_facts(booking), "case": case.number})
    return case, code


@transaction.atomic
def note_told(*, booking: Booking, officer: Officer) -> Booking:
    """Note that they were told by telephone that their time changed 登记已告知."""
    day = locked(booking.day)
    booking = fresh(booking, day)
    if not rules.may_receive(day, officer):
        raise Refused(rules.desk_obstacles(day, officer))
    booking.untold = False
    booking.save(update_fields=["untold"])
    _record("reception.told", day, officer, _facts(booking))
    return booking


# -- what follows from other verbs, and from the day -----------------------------------------------


def told_of_change(day: ReceptionDay, reason: str) -> None:
    """Tell who comes of a change; where there are more times now, who waits gets one."""
    for booking in Booking.objects.filter(day=day, state__in=COMING):
        _tell(booking, day, "changed", reason)
    _promote(day)


def told_of_cancelling(day: ReceptionDay, reason: str) -> None:
    """Tell who meant to come that the day falls out. They keep their codes and may move."""
    for booking in Booking.objects.filter(day=day, state__in=COMING):
        _tell(booking, day, "cancelled", reason)


@transaction.atomic
def remind(*, booking: Booking, on: date) -> bool:
    """Send the reminder of that day once, to who left an address; says whether one went 提醒."""
    day = locked(booking.day)
    booking = fresh(booking, day)
    if booking.state != BookingState.BOOKED or booking.reminded_on == on:
        return False
    booking.reminded_on = on
    booking.save(update_fields=["reminded_on"])
    address = queries.reach(booking).get("mail", "")
    if address:
        letters.tell(booking, day, address, "remind")
        _record("reception.remind", day, ledger.SYSTEM, _facts(booking))
    return bool(address)


@transaction.atomic
def destroy_reach(*, reach: Reach) -> bool:
    """Destroy contact data whose day has come; says whether it was still there 销毁联系方式."""
    deleted, _rows = Reach.objects.filter(pk=reach.pk).delete()
    if deleted:
        day = reach.booking.day
        _forget_letters(reach.booking)
        Booking.objects.filter(pk=reach.booking_id).update(untold=False)
        _record("reception.destroy", day, ledger.SYSTEM, {"due": reach.destroy_on.isoformat()})
    return bool(deleted)


# -- letters that did not arrive -------------------------------------------------------------------


@transaction.atomic
def settle(*, letter: Letter) -> None:
    """A letter to who booked was given up: who is on the desk that day sees it 没有寄到."""
    _not_reached(letter.about)
    notices.take_back(Letter.objects.filter(pk=letter.pk))


@transaction.atomic
def returned(*, word: str) -> bool:
    """A mail server sent a letter back; says whether its name is ours 退信."""
    about = letters.in_name(word)
    _not_reached(about)
    return bool(about)


def _not_reached(about: str) -> None:
    """Note the day; whose time changed is to be telephoned, where they left a number."""
    number, kind = letters.named(about)
    found = Booking.objects.select_related("day").filter(pk=number, state__in=COMING).first()
    if found is None:
        return
    day = locked(found.day)
    booking = fresh(found, day)
    if kind == letters.NEWS and queries.reach(booking).get("tel"):
        booking.untold = True
    booking.unreached_on = today(day.organisation)
    booking.save(update_fields=["untold", "unreached_on"])
    _record("reception.unreached", day, ledger.SYSTEM, _facts(booking))


def _forget_reach(booking: Booking) -> None:
    """Destroy how to reach who booked, and the letters to them that wait."""
    Reach.objects.filter(booking=booking).delete()
    _forget_letters(booking)


def _forget_letters(booking: Booking) -> None:
    for kind in (letters.REMINDER, letters.NEWS):
        notices.take_back(queue.about(letters.ORIGIN, letters.about(booking, kind)))


# -- small parts -----------------------------------------------------------------------------------


def locked(day: ReceptionDay) -> ReceptionDay:
    """The day as it is now, held until the transaction ends."""
    rows = ReceptionDay.objects.select_for_update(of=("self",))
    return rows.select_related("organisation", "post").get(pk=day.pk)


def fresh(booking: Booking, day: ReceptionDay) -> Booking:
    """The booking as it is now, with the day that is held."""
    found = Booking.objects.get(pk=booking.pk)
    if found.day_id != day.pk:  # moved in between: somebody else holds the receipt as well
        raise Refused([_("这个预约刚刚改过。请凭查询码看最新的情况。")])
    found.day = day
    return found


def _both(one: ReceptionDay, other: ReceptionDay) -> list[ReceptionDay]:
    """Two days, or one, held in the same order by everybody: nobody waits for each other."""
    rows = ReceptionDay.objects.select_for_update(of=("self",)).order_by("pk")
    found = rows.select_related("organisation", "post").filter(pk__in={one.pk, other.pk})
    return list(found)


def _given(day: ReceptionDay, slot: int | None, waiting: int) -> int | None:
    """The time that whoever asks gets; none for a place on the waiting list."""
    left = queries.free(day, clock.now())
    if slot in left:
        return slot
    if slot is None and left:
        return left[0]
    if left:
        raise Refused([_("这个时段刚刚被别人约走了，还有别的时段。请另选一个。")])
    if len(queries.queue(day)) >= waiting:
        raise Refused([_("这一天都约满了，候补也满了。请另选一天，或者打电话问。")])
    return None


def _seated_or_waiting(slot: int | None, kept: Mapping[str, Any]) -> Booking:
    """The booking; on the waiting list when the database says that the time has just gone."""
    if slot is not None:
        try:
            with transaction.atomic():
                return Booking.objects.create(slot=slot, state=BookingState.BOOKED, **kept)
        except IntegrityError:
            if slot not in queries.taken(kept["day"]):
                raise
    return Booking.objects.create(slot=None, state=BookingState.WAITING, **kept)


def _promote(day: ReceptionDay) -> None:
    """Give the times that are free to who has waited longest, and tell them."""
    if day.state != DayState.OPEN:
        return
    left = queries.free(day, clock.now())
    for booking, slot in zip(queries.queue(day), left, strict=False):
        booking.slot, booking.state = slot, BookingState.BOOKED
        booking.save(update_fields=["slot", "state"])
        _tell(booking, day, "seated", "")
        _record("reception.seat", day, ledger.SYSTEM, _facts(booking))


def _tell(booking: Booking, day: ReceptionDay, said: str, reason: str) -> None:
    """By mail at once; by telephone somebody has to; without either the receipt page says it."""
    reach = queries.reach(booking)
    if reach.get("mail"):
        letters.tell(booking, day, reach["mail"], said, reason)
    booking.untold = bool(reach.get("tel") and not reach.get("mail"))
    booking.save(update_fields=["untold"])


def _noted(booking: Booking, officer: Officer, to: BookingState) -> Booking:
    day = locked(booking.day)
    booking = fresh(booking, day)
    if obstacles := rules.arrival_obstacles(booking, officer, to):
        raise Refused(obstacles)
    booking.state = to
    booking.arrived_at = clock.now() if to == BookingState.ARRIVED else None
    booking.save(update_fields=["state", "arrived_at"])
    return booking


def _facts(booking: Booking) -> dict[str, Any]:
    return {"booking": booking.pk, "slot": booking.slot or 0, "persons": booking.persons}


def _record(
    verb: str, day: ReceptionDay, by: Officer | ledger.Actor, facts: Mapping[str, Any]
) -> None:
    post = {"post": by.post_names} if isinstance(by, Officer) else {}
    ledger.record(
        verb=verb,
        actor=by.actor if isinstance(by, Officer) else by,
        organisation=day.organisation.slug,
        subject=day.subject_name,
        label=f"{day.date.isoformat()} {day.post.name}",
        facts={**facts, "day": day.key, **post},
    )
