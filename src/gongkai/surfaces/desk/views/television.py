"""电视: what is on, the loop for the station with its pages, and the files to fetch."""

from dataclasses import dataclass

from django.contrib import messages
from django.http import FileResponse, Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from gongkai.foundation.core import clock
from gongkai.foundation.core.errors import Refused
from gongkai.foundation.organisations.doors import OFFICER, door
from gongkai.foundation.organisations.seat import Seated
from gongkai.foundation.ui import marks
from gongkai.foundation.ui.parts import Act
from gongkai.surfaces.channels.television import jobs, queries, rules, tape, workflow
from gongkai.surfaces.channels.television.models import Loop
from gongkai.surfaces.channels.television.programme import Programme


@dataclass(frozen=True)
class Line:
    """An item that is on (节目)."""

    title: str
    href: str
    number: str
    day: str


@door(OFFICER)
@require_safe
def page(request: Seated) -> HttpResponse:
    """What is on today, how far the loop is, how its pages look, what can be fetched."""
    organisation, zone = request.acting.organisation, request.acting.organisation.zone
    on = queries.on(organisation)
    made, making = queries.ready(organisation), queries.in_hand(organisation)
    last = queries.last(organisation)
    withheld = rules.fetch_obstacles(made, on) if made else []
    shown = {item.address for item in on.items}
    left_out = [each for each in made.items if each not in shown] if made and withheld else []
    context = {
        "lines": [
            Line(
                opening.edition.title.strip(),
                reverse("desk:item", args=[item.address]),
                opening.number or item.address,
                marks.day(clock.civil_day(opening.at, zone)),
            )
            for item in on.items
            if (opening := item.current)
        ],
        "left": on.left,
        "made": made,
        "making": making,
        "trouble": last.trouble if last else "",
        "withheld": withheld,
        "taken_back": queries.taken_back(left_out) if left_out else [],
        "recalled": queries.recalled(organisation, clock.now()),
        "files": [] if withheld or made is None else _files(made),
        "posters": [] if made is None or withheld else _posters(made),
        "acts": _acts(request, on, making),
        "zone": zone,
    }
    return render(request, "desk/television.html", context)


@door(OFFICER)
@require_POST
def make(request: Seated) -> HttpResponse:
    """Have a loop made of what is on now."""
    organisation = request.acting.organisation
    try:
        workflow.want(organisation=organisation, by=request.acting, on=queries.on(organisation))
    except Refused as refused:
        return _said(request, refused)
    jobs.ask()
    messages.success(request, _("开始制作。几分钟以后再来看。"))
    return redirect("desk:television")


@door(OFFICER)
@require_POST
def stop(request: Seated) -> HttpResponse:
    """Leave off making."""
    try:
        workflow.stop(organisation=request.acting.organisation, by=request.acting)
    except Refused as refused:
        return _said(request, refused)
    messages.success(request, _("已停止。"))
    return redirect("desk:television")


@door(OFFICER)
@require_safe
def piece(request: Seated, key: int, name: str) -> HttpResponseBase:
    """A file of the loop, or the small picture of a page; nothing of one that is out of date."""
    organisation = request.acting.organisation
    found = queries.ready(organisation)
    if found is None or found.pk != key:
        raise Http404
    on = queries.on(organisation)
    posters = {tape.poster(number) for number in range(1, found.pages + 1)}
    if name in posters and not rules.fetch_obstacles(found, on):
        return _handed(found, name, "image/webp", attached=False)
    if name not in tape.FILES:
        raise Http404
    try:
        if name == tape.VIDEO and request.method == "GET":
            workflow.take(loop=found, officer=request.acting, on=on)
        elif wrong := rules.fetch_obstacles(found, on):
            raise Refused(wrong)
    except Refused as refused:
        return _said(request, refused)
    return _handed(found, name, tape.FILES[name], attached=True)


def _handed(loop: Loop, name: str, kind: str, *, attached: bool) -> FileResponse:
    try:
        opened = (tape.folder(loop.pk) / name).open("rb")
    except FileNotFoundError as missing:
        raise Http404 from missing
    answer = FileResponse(opened, as_attachment=attached, filename=name, content_type=kind)
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return answer


def _acts(request: Seated, on: Programme, making: Loop | None) -> list[Act]:
    organisation, officer = request.acting.organisation, request.acting
    if making is not None:
        wrong = rules.stop_obstacles(making, organisation, officer)
        return [Act(_("停止制作"), reverse("desk:stop-television"), wrong, quiet=True, post=True)]
    wrong = rules.make_obstacles(organisation, officer, on)
    return [Act(_("制作循环片"), reverse("desk:make-television"), wrong, post=True)]


def _files(made: Loop) -> list[tuple[str, str, int]]:
    """What can be fetched: what it is, where, and its size."""
    names = {
        tape.VIDEO: _("循环片（MP4，1920×1080，25帧）"),
        tape.SRT: _("字幕（SRT）"),
        tape.VTT: _("字幕（WebVTT）"),
        tape.CRAWL: _("滚动字幕文字（UTF-8）"),
        tape.CRAWL_GB: _("滚动字幕文字（GB18030）"),
    }
    found = []
    for name, label in names.items():
        place = tape.folder(made.pk) / name
        if place.exists():
            href = reverse("desk:television-piece", args=[made.pk, name])
            found.append((label, href, place.stat().st_size))
    return found


def _posters(made: Loop) -> list[tuple[int, str]]:
    return [
        (number, reverse("desk:television-piece", args=[made.pk, tape.poster(number)]))
        for number in range(1, made.pages + 1)
    ]


def _said(request: Seated, refused: Refused) -> HttpResponse:
    for obstacle in refused.obstacles:
        messages.error(request, obstacle)
    return redirect("desk:television")
