"""The desk's pages of paper: the plan of the physical board, and what is printed from a record."""

from datetime import date

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from gongkai.foundation.core import clock
from gongkai.foundation.core.errors import Refused
from gongkai.foundation.organisations.doors import OFFICER, door
from gongkai.foundation.organisations.seat import Seated
from gongkai.surfaces.board import houses
from gongkai.surfaces.board.houses import House
from gongkai.surfaces.channels.paper import checklist as lists
from gongkai.surfaces.channels.paper import document as documents
from gongkai.surfaces.channels.paper import notice, queries
from gongkai.surfaces.channels.paper import wall as walls
from gongkai.surfaces.channels.paper.wall import WEEK, Plan
from gongkai.surfaces.reach import queries as reach
from gongkai.surfaces.reach.marks import SHEET
from gongkai.surfaces.reach.models import Spot

AHEAD = 4
"""Weeks that may be looked at before they begin."""


@door(OFFICER)
@require_safe
def wall(request: Seated) -> HttpResponse:
    """What hangs in which box this week, what goes up and what comes down."""
    house, plan = _plan(request)
    this = walls.monday_of(request.today)
    spot = _spot(request)
    context = {
        "plan": plan,
        "spots": reach.spots(request.acting.organisation),
        "at": spot.mark if spot else "",
        "house": house,
        "size": house.charter.wall.paper if house.charter else "",
        "last": plan.monday + WEEK - walls.DAY if plan else None,
        "before": plan.monday - WEEK if plan else None,
        "after": plan.monday + WEEK if plan and plan.monday < this + AHEAD * WEEK else None,
        "now": bool(plan and plan.monday == this),
    }
    return render(request, "channels/wall.html", context)


@door(OFFICER)
@require_safe
def checklist(request: Seated) -> HttpResponse:
    """The same as a checklist to take along."""
    house, plan = _plan(request)
    if plan is None:
        raise Http404
    try:
        made = lists.checklist(plan, house, clock.now())
    except Refused as refused:
        return _refused(request, refused)
    return _handed_out(made, f"{_('公开栏张贴单')} {plan.monday.isoformat()}")


@door(OFFICER)
@require_safe
def document(request: Seated, address: str) -> HttpResponse:
    """The item as an official document, as far as the reader may see it."""
    item = queries.item_for(request.reader, address)
    opening = queries.to_print(item) if item else None
    if item is None or opening is None:
        raise Http404
    house = houses.town().house(item.organisation)
    charter = house.charter_at(opening.seq) or house.charter
    if charter is None:
        raise Http404
    try:
        made = documents.document(address, opening, charter)
    except Refused as refused:
        return _refused(request, refused)
    return _handed_out(made, opening.number or address)


@door(OFFICER)
@require_safe
def sheet(request: Seated, address: str, size: str) -> HttpResponse:
    """The item's sheet for the wall; with ``?at=MARK`` for one of the office's own places."""
    item = queries.public_item(address) if size in notice.SIZES else None
    if item is None or item.current is None:
        raise Http404
    spot = _spot(request)
    mark, place = (spot.mark, f" {spot.name}") if spot else (SHEET, "")
    try:
        made = notice.notice(item, houses.town().house(item.organisation), size, mark)
    except Refused as refused:
        return _refused(request, refused)
    return _handed_out(made, f"{item.current.number or address} {size.upper()}{place}")


def _spot(request: Seated) -> Spot | None:
    """The place of sheets asked for, None when none is; 404 for what is none of theirs."""
    asked = request.GET.get("at", "")
    found = reach.spot(request.acting.organisation, asked) if asked else None
    if asked and found is None:
        raise Http404
    return found


def _plan(request: Seated) -> tuple[House, Plan | None]:
    """The officer's own board in the week asked for; no plan before the first charter is public."""
    house = houses.town().house(request.acting.organisation.slug)
    if house.charter is None:
        return house, None
    return house, walls.plan(house, house.charter, _monday(request), request.today)


def _monday(request: Seated) -> date:
    """The Monday of the week asked for, this one's when none is; 404 for what is no day."""
    asked = request.GET.get("week", "")
    this = walls.monday_of(request.today)
    if not asked:
        return this
    try:
        monday = walls.monday_of(date.fromisoformat(asked))
    except (ValueError, OverflowError) as wrong:
        raise Http404 from wrong
    if monday.year < 2000 or monday > this + AHEAD * WEEK:
        raise Http404
    return monday


def _refused(request: Seated, refused: Refused) -> HttpResponse:
    """Say on the plan's page why a sheet could not be set."""
    for obstacle in refused.obstacles:
        messages.error(request, obstacle)
    return redirect(reverse("paper:wall"))


def _handed_out(made: bytes, title: str) -> HttpResponse:
    answer = HttpResponse(made, content_type="application/pdf")
    answer["Content-Disposition"] = content_disposition_header(True, f"{title}.pdf") or ""
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return answer
