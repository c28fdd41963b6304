"""接访台: who comes, who is next, what they say; for who keeps the rota and who receives."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from gongkai.foundation.core.errors import Refused
from gongkai.foundation.organisations.doors import OFFICER, door
from gongkai.foundation.organisations.forms import attempt
from gongkai.foundation.organisations.seat import Seated
from gongkai.foundation.ui import marks
from gongkai.foundation.ui.parts import Act, Link
from gongkai.participation.meetings import pages, queries, rules, visiting
from gongkai.participation.meetings.models import Booking, ReceptionDay
from gongkai.participation.meetings.states import BookingState
from gongkai.procedure.catalogue.queries import charter_of
from gongkai.surfaces.desk.receptions import HearForm, WalkInForm
from gongkai.surfaces.desk.views.common import form_page, posted
from gongkai.surfaces.desk.views.receptions import day_of

CONTACT = ("name", "tel")


@door(OFFICER)
@never_cache
@form_page
def visitors(request: Seated, key: str) -> HttpResponse:
    """The list of the day, for the desk at the door and for printing; walk-ins are added here."""
    day = _day(request, key)
    form = WalkInForm(posted(request))
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        made = attempt(
            form,
            visiting.walk_in,
            day=day,
            officer=request.acting,
            persons=given["persons"],
            about=given["about"],
            contact={name: given[name] for name in CONTACT if given[name]},
        )
        if made is not None:
            messages.success(request, _("已登记。"))
            return redirect("desk:visitors", key)
    return _list(request, day, form)


@door(OFFICER)
@require_POST
def note(request: Seated, key: str, booking: int, verb: str) -> HttpResponse:
    """Note that a party arrived, stayed away, or was told by telephone."""
    day = _day(request, key)
    found = _booking(day, booking)
    verbs = {"arrive": visiting.arrive, "away": visiting.stay_away, "told": visiting.note_told}
    if verb not in verbs:
        raise Http404
    try:
        verbs[verb](booking=found, officer=request.acting)
    except Refused as refused:
        for obstacle in refused.obstacles:
            messages.error(request, obstacle)
    return redirect(f"{reverse('desk:visitors', args=[key])}#v{found.pk}")


@door(OFFICER)
@never_cache
@form_page
def hear(request: Seated, key: str, booking: int) -> HttpResponse:
    """Take down what was said; the slip with the code is shown once."""
    day = _day(request, key)
    found = _booking(day, booking)
    charter = charter_of(day.organisation)[1]
    form = HearForm(posted(request), charter=charter, initial={"text": found.about})
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        made = attempt(
            form,
            visiting.hear,
            booking=found,
            officer=request.acting,
            text=given["text"],
            show=given["show"] == "yes",
            category=given["category"],
            promise=given["promise"],
            promise_by=given["promise_by"],
        )
        if made is not None:
            return _slip(request, day, *made)
    context = {
        "day": day,
        "booking": found,
        "time": pages.time_of(day, found.slot) if found.slot else _("没有预约"),
        "form": form,
        "act": Act(_("登记成办件"), obstacles=rules.desk_obstacles(day, request.acting)),
        "crumbs": _crumbs(day),
        "back": reverse("desk:visitors", args=[key]),
    }
    return render(request, "desk/visit.html", context, status=422 if form.errors else 200)


def _slip(request: Seated, day: ReceptionDay, case: Any, code: str) -> HttpResponse:
    context = {
        "day": day,
        "case": case,
        "code": code,
        "status": request.build_absolute_uri(reverse("say:status")),
        "crumbs": _crumbs(day),
        "back": reverse("desk:visitors", args=[day.key]),
    }
    return render(request, "desk/visit_slip.html", context)


def _list(request: Seated, day: ReceptionDay, form: WalkInForm) -> HttpResponse:
    found = queries.bookings(day)
    reached = queries.reaches(found)
    upcoming = next((each for each in found if _is_next(each)), None)
    rows = [
        {
            "booking": each,
            "time": pages.time_of(day, each.slot) if each.slot else "",
            "reach": reached.get(each.pk, {}),
            "state": BookingState(each.state).label,
            "next": each is upcoming,
            "open": not each.case_id,
        }
        for each in found
    ]
    context = {
        "day": day,
        "rows": rows,
        "form": form,
        "hours": pages.hours(day),
        "obstacles": rules.desk_obstacles(day, request.acting),
        "counts": queries.counts(found),
        "untold": any(each.untold for each in found),
        "crumbs": _crumbs(day),
        "title": _("接访台"),
    }
    return render(request, "desk/visitors.html", context, status=422 if form.errors else 200)


def _is_next(booking: Booking) -> bool:
    """Whether this party is here and has not been heard yet."""
    return booking.state == BookingState.ARRIVED and not booking.case_id


def _day(request: Seated, key: str) -> ReceptionDay:
    """The day, for who sees who comes; 404 for everybody else."""
    day = day_of(request, key)
    if not rules.may_receive(day, request.acting):
        raise Http404
    return day


def _booking(day: ReceptionDay, key: int) -> Booking:
    found = queries.booking(day, key)
    if found is None or found.state == BookingState.GIVEN_UP:
        raise Http404
    found.day = day
    return found


def _crumbs(day: ReceptionDay) -> list[Link]:
    name = _("%(day)s%(post)s接访") % {"day": marks.day(day.date), "post": day.post.name}
    return [
        Link(_("接访日"), reverse("desk:receptions")),
        Link(name, reverse("desk:reception", args=[day.key])),
    ]
