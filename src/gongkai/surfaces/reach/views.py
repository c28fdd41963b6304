"""The desk's pages of reach: what is read most, one item by day, the places where sheets hang."""

from datetime import timedelta

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from gongkai.foundation.organisations.doors import OFFICER, RIGHT, door
from gongkai.foundation.organisations.forms import attempt
from gongkai.foundation.organisations.seat import Seated
from gongkai.foundation.organisations.states import Right
from gongkai.procedure.proposals.models import Disclosure
from gongkai.surfaces.reach import pictures, queries, rules, workflow
from gongkai.surfaces.reach.forms import SpotForm
from gongkai.surfaces.reach.models import Spot

SPANS = (7, 30, 365)
"""Days of which the page tells."""


@door(OFFICER)
@require_http_methods(["GET", "HEAD", "POST"])
def home(request: Seated) -> HttpResponse:
    """What was read most, and the places where sheets hang; a new place is named here."""
    officer = request.acting
    form = SpotForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        named = attempt(form, workflow.name_spot, officer=officer, name=form.cleaned_data["name"])
        if named is not None:
            messages.success(request, _("设好了。印张贴页的时候可以选它。"))
            return redirect("reach:home")
    span = _span(request)
    since = request.today - timedelta(days=span - 1)
    context = {
        "counts": rules.counts(),
        "span": span,
        "spans": SPANS,
        "since": since,
        "items": queries.most_read(officer.organisation, since),
        "total": queries.total(officer.organisation, since),
        "scanned": queries.of_spots(officer.organisation, since),
        "spots": queries.spots(officer.organisation),
        "form": form,
        "may_name": officer.may(Right.PUBLISH),
    }
    return render(request, "reach/home.html", context, status=422 if form.errors else 200)


@door(OFFICER)
@require_safe
def item(request: Seated, address: str) -> HttpResponse:
    """The calls of one item of the officer's organisation, by day and by place."""
    found = get_object_or_404(Disclosure, address=address, organisation=request.acting.organisation)
    picture = pictures.of(found, request.today)
    if picture is None:
        raise Http404
    since = pictures.first(request.today)
    context = {
        "item": found,
        "picture": picture,
        "scanned": queries.of_spots(found.organisation, since, address),
        "since": since,
    }
    return render(request, "reach/item.html", context)


@door(RIGHT(Right.PUBLISH))
@require_POST
def end(request: Seated, mark: str) -> HttpResponse:
    """Give up a place."""
    spot = get_object_or_404(Spot, mark=mark, organisation=request.acting.organisation)
    workflow.end_spot(officer=request.acting, spot=spot)
    messages.success(request, _("“%(name)s”停用了。贴着的照样计数。") % {"name": spot.name})
    return redirect("reach:home")


def _span(request: Seated) -> int:
    """The days asked for; a month when none is asked for, 404 for others."""
    asked = request.GET.get("days", "30")
    if asked not in map(str, SPANS):
        raise Http404
    return int(asked)
