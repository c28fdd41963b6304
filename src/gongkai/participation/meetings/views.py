"""The public pages under /say/reception/: which days, book a time, what became of it.

No account, no session, no cookie, as under /say/; the guards are those of the voices.
"""

from collections.abc import Sequence
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import translation
from django.utils.translation import gettext as _

from gongkai.foundation.core.errors import Refused
from gongkai.foundation.organisations.models import Organisation
from gongkai.foundation.organisations.queries import installation
from gongkai.participation.meetings import (
    booking_rules,
    calendar_file,
    pages,
    queries,
    visiting,
)
from gongkai.participation.meetings.forms import ANY, BookForm, BookingCodeForm, MoveForm, slot_of
from gongkai.participation.meetings.models import Booking, ReceptionDay
from gongkai.procedure.catalogue.receiving import Reception
from gongkai.procedure.feedback import confirmation, guards
from gongkai.procedure.feedback import workflow as feedback
from gongkai.procedure.feedback.pages import surroundings
from gongkai.procedure.feedback.views import public_form

CONTACT = ("name", "tel", "mail")


@public_form
def days(request: HttpRequest, slug: str = "") -> HttpResponse:
    """The days on which a time can be had 预约领导接访."""
    organisation, rule = _organisation(slug)
    context = {
        "offers": pages.offers(organisation, rule),
        "last": pages.last_day(organisation, rule),
        "rota": pages.rota(organisation),
        **surroundings(request, organisation),
    }
    return render(request, "meetings/days.html", context)


@public_form
def book(request: HttpRequest, key: str) -> HttpResponse:
    """Book a time of one day: form → confirmation → code."""
    day = queries.public_day(key)
    rule = queries.rule_of(day.organisation) if day else None
    if day is None or rule is None:
        raise Http404
    if request.method == "GET":
        return _form_page(request, day, rule, _form(day, rule))
    if "token" not in request.POST:
        return _confirm(request, day, rule)
    written = confirmation.read(request.POST["token"], _about(day))
    if written is None:
        lost = _("确认页不完整，还没有约上。请再写一次。")
        return _form_page(request, day, rule, _form(day, rule), [lost], status=422)
    again = _form(day, rule, initial=written.fields)
    if "edit" in request.POST:
        return _form_page(request, day, rule, again)
    if written.expired:
        late = _("确认页放了一个多小时，还没有约上。内容都在，请再送一次。")
        return _form_page(request, day, rule, again, [late], status=422)
    return _send(request, day, rule, written, again)


@public_form
def status(request: HttpRequest) -> HttpResponse:
    """What became of a booking, for whoever has its code; they may move it or give it up 查预约."""
    organisation = installation()
    if organisation is None:
        raise Http404
    form = BookingCodeForm(request.POST if request.method == "POST" else None)
    around = surroundings(request, organisation)
    if not form.is_valid():
        code = 422 if form.is_bound else 200
        return render(request, "meetings/status.html", {"form": form, **around}, status=code)
    if _too_many(request, "look"):
        form.add_error(None, _("查得太频繁了。请过十分钟再查，或者打电话问。"))
        return render(request, "meetings/status.html", {"form": form, **around}, status=429)
    typed = form.cleaned_data["code"]
    booking = queries.by_receipt(typed)
    if booking is None:
        form.add_error("code", _("没有这个查询码。请照抄下来的再输一次，字母O和数字0不用分。"))
        return render(request, "meetings/status.html", {"form": form, **around}, status=422)
    if "calendar" in request.POST:
        return _calendar(booking)
    return _standing(request, booking, typed)


# -- booking ---------------------------------------------------------------------------------------


def _confirm(request: HttpRequest, day: ReceptionDay, rule: Reception) -> HttpResponse:
    """Show what was written; nothing is kept yet."""
    form = _form(day, rule, request.POST)
    if not form.is_valid():
        return _form_page(request, day, rule, form, status=422)
    if gone := booking_rules.day_obstacles(day, rule):
        return _form_page(request, day, rule, form, gone, status=422)
    if _too_many(request, "write"):
        return _slow_down(request, day, rule, form)
    context = {
        "token": confirmation.token(form.written(), _about(day)),
        **pages.confirmation(day, rule, form.written(), slot_of(form.written())),
        **surroundings(request, day.organisation),
    }
    return render(request, "meetings/confirm.html", context)


def _send(
    request: HttpRequest,
    day: ReceptionDay,
    rule: Reception,
    written: confirmation.Written,
    again: BookForm,
) -> HttpResponse:
    """Keep the booking and show its code, this once."""
    if _too_many(request, "send"):
        return _slow_down(request, day, rule, again)
    fields = written.fields
    try:
        booking, code = visiting.book(
            day=day,
            persons=int(fields["persons"]),
            about=fields["about"],
            slot=slot_of(fields),
            contact={name: fields[name] for name in CONTACT if fields[name]},
            language=translation.get_language() or "zh-hans",
            token=written.once,
        )
    except Refused as refusal:
        again = _form(day, rule, initial=written.fields)
        return _form_page(request, day, rule, again, refusal.obstacles, status=422)
    context = {
        "code": code,
        **pages.standing(booking),
        **surroundings(request, day.organisation),
    }
    return render(request, "meetings/receipt.html", context)


def _form(day: ReceptionDay, rule: Reception, data: Any = None, initial: Any = None) -> BookForm:
    return BookForm(data, rule=rule, times=pages.times(day), initial=initial or {"slot": ANY})


def _form_page(
    request: HttpRequest,
    day: ReceptionDay,
    rule: Reception,
    form: BookForm,
    lines: Sequence[str] = (),
    status: int = 200,
) -> HttpResponse:
    context = {
        "form": form,
        "day": day,
        "rule": rule,
        "post": pages.post_name(day),
        "hours": pages.hours(day),
        "lines": lines,
        "closed": booking_rules.day_obstacles(day, rule),
        "waiting": len(queries.queue(day)) if "slot" not in form.fields else 0,
        "full": "slot" not in form.fields,
        **surroundings(request, day.organisation),
    }
    return render(request, "meetings/book.html", context, status=status)


def _slow_down(
    request: HttpRequest, day: ReceptionDay, rule: Reception, form: BookForm
) -> HttpResponse:
    busy = _("这个网络这一会儿送来的太多了。内容都在，请过十分钟再送，或者打电话约。")
    return _form_page(request, day, rule, form, [busy], status=429)


def _about(day: ReceptionDay) -> str:
    """What the confirmation page is for, so that it serves nothing else."""
    return f"reception:{day.key}"


# -- what became of it -----------------------------------------------------------------------------


def _standing(request: HttpRequest, booking: Booking, code: str) -> HttpResponse:
    """The booking's page, after what was asked for has been done, or with why not."""
    rule = queries.rule_of(booking.day.organisation)
    form, done = None, ""
    obstacles: tuple[str, ...] = ()
    try:
        if "give_up" in request.POST:
            booking, done = visiting.give_up(booking=booking), "given_up"
        elif "move" in request.POST and rule is not None:
            form = MoveForm(request.POST, times=pages.elsewhere(booking, rule))
            if form.is_valid():
                booking, done, form = _moved(booking, form), "moved", None
    except Refused as refusal:
        obstacles = tuple(refusal.obstacles)
    found = pages.standing(booking)
    if form is None and rule is not None and found["may_change"]:
        form = MoveForm(times=pages.elsewhere(booking, rule))
    context = {
        **found,
        "form": form,
        "code": code,
        "done": done,
        "obstacles": obstacles,
        **surroundings(request, booking.day.organisation),
    }
    refused = bool(obstacles) or bool(form and form.errors)
    return render(request, "meetings/booking.html", context, status=422 if refused else 200)


def _moved(booking: Booking, form: MoveForm) -> Booking:
    key, slot = form.wanted
    day = queries.public_day(key)
    if day is None:
        raise Refused([_("没有这个时段。请另选一个。")])
    return visiting.move(booking=booking, day=day, slot=slot)


def _calendar(booking: Booking) -> HttpResponse:
    data = calendar_file.of(booking, pages.post_name(booking.day))
    answer = HttpResponse(data, content_type="text/calendar; charset=utf-8")
    answer.headers["Content-Disposition"] = f'attachment; filename="{booking.day.date}.ics"'
    return answer


# -- finding ---------------------------------------------------------------------------------------


def _organisation(slug: str) -> tuple[Organisation, Reception]:
    """The organisation with its rule; 404 where the charter knows no receptions."""
    found = Organisation.objects.filter(slug=slug).first() if slug else installation()
    try:
        rule = queries.rule_of(found) if found else None
    except Refused:  # before the first charter
        rule = None
    if found is None or rule is None:
        raise Http404
    return found, rule


def _too_many(request: HttpRequest, door_name: str) -> bool:
    count = feedback.count_attempt(
        door=door_name, network=guards.network(request), hour=guards.this_window()
    )
    return count > guards.LIMITS[door_name]
