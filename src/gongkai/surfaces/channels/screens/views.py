"""The desk's pages of displays: where they hang, how they are, what they show."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from gongkai.foundation.core import clock
from gongkai.foundation.core.errors import Refused
from gongkai.foundation.organisations.doors import OFFICER, ONE_OF, RIGHT, door
from gongkai.foundation.organisations.forms import attempt
from gongkai.foundation.organisations.seat import Seated
from gongkai.foundation.organisations.states import Right
from gongkai.foundation.ui.parts import Link
from gongkai.procedure.feedback.workflow import count_attempt
from gongkai.surfaces.board import houses, items
from gongkai.surfaces.board import queries as board
from gongkai.surfaces.board.houses import House
from gongkai.surfaces.board.items import Item
from gongkai.surfaces.channels.screens import programme, queries, rules, workflow
from gongkai.surfaces.channels.screens.forms import (
    InterruptForm,
    PairForm,
    PlaylistForm,
    ScreenForm,
    StateForm,
    address_in,
    initial_of,
)
from gongkai.surfaces.channels.screens.models import Playlist, Screen, every_day
from gongkai.surfaces.channels.screens.states import Health

KEEPER = ONE_OF(Right.PUBLISH, Right.ADMINISTER)
DAYS = 30
"""Days of plays and of presence that a page tells of."""
PAGE = 50
MINUTE = 60_000
form_page = require_http_methods(["GET", "HEAD", "POST"])


@door(OFFICER)
@require_safe
def listed(request: Seated) -> HttpResponse:
    """The displays with their health in words, a page of them, perhaps of those in one state alone;
    the playlists, and what interrupts them.
    """
    body, now = request.acting.organisation, clock.now()
    every, since = queries.hung(body), now - rules.LATE
    counts = queries.counted(every, since)
    form = StateForm(counts, request.GET)
    state = form.cleaned_data["state"] if form.is_valid() else ""
    found = Paginator(queries.in_state(every, state, since), PAGE)
    page = found.get_page(request.GET.get("page"))
    shown = list(page.object_list)
    days = queries.presence(shown, request.today - timedelta(days=DAYS - 1))
    titles = queries.titles(each.playing for each in shown if each.playing)
    context = {
        "rows": [_row(each, titles, days.get(each.pk, 0)) for each in shown],
        "form": form,
        "page": page,
        "pager": f"?state={state}&page={{n}}" if state else "?page={n}",
        "hung": counts[""],
        "revoked": queries.revoked(body),
        "playlists": queries.playlists(body),
        "urgent": queries.urgent_of(body, now),
        "interrupt": InterruptForm(),
        "keeps": rules.may_keep(request.acting),
        "publishes": request.acting.may(Right.PUBLISH),
        "known": programme.has_channel(_house(request).charter),
        "days": DAYS,
    }
    return render(request, "screens/list.html", context)


@door(KEEPER)
@form_page
def pair(request: Seated) -> HttpResponse:
    """Enter the code that a display shows."""
    body = request.acting.organisation
    first = {"code": request.GET.get("code", "")[:20], "playlists": queries.playlists(body)[:1]}
    form = PairForm(body, request.POST if request.method == "POST" else None, initial=first)
    if form.is_valid():
        tried = count_attempt(
            door="pair", network=f"member {request.acting.member.pk}", hour=rules.this_hour()
        )
        made = attempt(
            form,
            workflow.pair,
            code=form.cleaned_data["code"],
            instead=form.cleaned_data["instead"],
            officer=request.acting,
            tried=tried,
            **form.arranged(),
        )
        if made:
            said = _("已经配对。屏上几秒钟以后开始播。")
            messages.success(request, said)
            return redirect(reverse("screens:list"))
    return _form(request, form, _("配对显示屏"), _("配对"))


@door(KEEPER)
@form_page
def screen(request: Seated, code: str) -> HttpResponse:
    """One display: where it hangs, what it shows, what it has shown."""
    found = _screen(request, code)
    initial = {
        "place": found.place,
        "layout": found.layout,
        "playlists": found.playlists.all(),
    }
    body = request.acting.organisation
    form = ScreenForm(body, request.POST if request.method == "POST" else None, initial=initial)
    if form.is_valid():
        attempt(form, workflow.arrange, screen=found, officer=request.acting, **form.arranged())
        if not form.errors:
            messages.success(request, _("已经改好。屏上几秒钟以后换过来。"))
            return redirect(reverse("screens:screen", args=[code]))
    since = request.today - timedelta(days=DAYS - 1)
    plays = queries.played(found, since)
    titles = queries.titles(str(each["digest"]) for each in plays)
    days = queries.presence([found], since).get(found.pk, 0)
    context = {
        "screen": found,
        "row": _row(found, queries.titles([found.playing]), days),
        "plays": [{**each, "title": titles.get(str(each["digest"]), "")} for each in plays],
        "form": form,
        "days": DAYS,
        "crumbs": _crumbs(),
        "address": request.build_absolute_uri(reverse("screen:screen", args=[code])),
    }
    return render(request, "screens/one.html", context)


@door(KEEPER)
@require_POST
def revoke(request: Seated, code: str) -> HttpResponse:
    """Take a display out of use."""
    _do(
        request,
        _("已经停用。屏上几秒钟以后变回配对的画面。"),
        workflow.revoke,
        screen=_screen(request, code),
    )
    return redirect(reverse("screens:list"))


@door(KEEPER)
@form_page
def playlist(request: Seated, key: int = 0) -> HttpResponse:
    """Make or change a playlist."""
    house = _house(request)
    if house.charter is None:
        raise Http404
    found = _playlist(request, key) if key else Playlist()
    open_now = programme.candidates(house, [*found.pinned, *found.picked, *_typed(request)])
    fresh = {"weekdays": every_day(), "begins": "00:00", "ends": "00:00"}
    form = PlaylistForm(
        house.charter,
        open_now,
        request.POST if request.method == "POST" else None,
        initial=initial_of(found) if key else fresh,
    )
    if form.is_valid():
        for name, value in form.cleaned_data.items():
            setattr(found, name, value)
        same = queries.playlists(request.acting.organisation).filter(name=found.name)
        if same.exclude(pk=found.pk).exists():
            form.add_error("name", _("已经有一个节目单叫这个名字。请换一个。"))
        elif attempt(form, workflow.keep, playlist=found, officer=request.acting):
            messages.success(request, _("节目单已经存好。屏上几秒钟以后换过来。"))
            return redirect(reverse("screens:list"))
    shown = programme.chosen(house, found, open_now, request.today) if key else []
    return _form(request, form, found.name or _("编节目单"), _("存好"), playlist=found, shown=shown)


@door(KEEPER)
@require_POST
def drop(request: Seated, key: int) -> HttpResponse:
    """Delete a playlist."""
    _do(request, _("节目单已经删了。"), workflow.drop, playlist=_playlist(request, key))
    return redirect(reverse("screens:list"))


@door(RIGHT(Right.PUBLISH))
@form_page
def interrupt(request: Seated) -> HttpResponse:
    """Show one published item on every display at once."""
    form = InterruptForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        house, line = _house(request), form.cleaned_data["item"].strip()
        address = address_in(line, {}) or address_in(line, programme.candidates(house))
        found = _open(address, house)
        title = found.current.edition.title if found and found.current else ""
        made = attempt(
            form,
            workflow.interrupt,
            address=address,
            title=title,
            showable=programme.showable(found),
            minutes=form.cleaned_data["minutes"],
            officer=request.acting,
        )
        if made:
            messages.success(request, _("已经插播。联机的屏10秒以内换过来。"))
            return redirect(reverse("screens:list"))
    return _form(request, form, _("紧急插播"), _("插播"))


@door(RIGHT(Right.PUBLISH))
@require_POST
def resume(request: Seated) -> HttpResponse:
    """End the interruption."""
    _do(request, _("插播已经结束。"), workflow.resume)
    return redirect(reverse("screens:list"))


# -- small parts -----------------------------------------------------------------------------------


def _row(screen: Screen, titles: Mapping[str, str], days: int) -> dict[str, Any]:
    """A display as the list tells of it, trouble in plain words."""
    now = clock.now()
    health = rules.health(screen, now)
    trouble = []
    minutes = round(screen.clock_offset / MINUTE)
    if abs(minutes) >= 2:
        trouble.append(
            _("时钟慢%(n)s分钟，屏上已经校正") % {"n": minutes}
            if minutes > 0
            else _("时钟快%(n)s分钟，屏上已经校正") % {"n": -minutes}
        )
    if not screen.holds:
        trouble.append(_("存不下内容：屏不是用https打开的，断网、断电以后不能自己再播"))
    elif screen.storage_full:
        trouble.append(_("存储已满，断网以后不能续播"))
    if health == Health.LATE:
        trouble.append(_("请看屏有没有通电、联网"))
    return {
        "screen": screen,
        "health": health,
        "badge": "ok" if health == Health.LIVE else "gone" if health == Health.LATE else "plain",
        "playing": titles.get(screen.playing, ""),
        "trouble": trouble,
        "days": days,
    }


def _form(request: Seated, form: object, title: str, button: str, **more: object) -> HttpResponse:
    context = {"form": form, "title": title, "button": button, "crumbs": _crumbs(), **more}
    return render(request, "screens/form.html", context)


def _do(request: Seated, said: str, verb: Any, **told: Any) -> None:
    """Do it, and say on the next page that it is done, or why not."""
    try:
        verb(officer=request.acting, **told)
        messages.success(request, said)
    except Refused as refused:
        for obstacle in refused.obstacles:
            messages.error(request, obstacle)


def _house(request: Seated) -> House:
    return houses.town().house(request.acting.organisation.slug)


def _screen(request: Seated, code: str) -> Screen:
    found = Screen.objects.filter(code=code, organisation=request.acting.organisation).first()
    if found is None:
        raise Http404
    return found


def _playlist(request: Seated, key: int) -> Playlist:
    found = Playlist.objects.filter(pk=key, organisation=request.acting.organisation).first()
    if found is None:
        raise Http404
    return found


def _typed(request: Seated) -> list[str]:
    """The addresses that a submitted playlist names: they are looked up with the others."""
    lines = (request.POST.get(name, "").splitlines() for name in ("pinned", "picked"))
    return [found for each in lines for line in each[:100] if (found := address_in(line, {}))]


def _open(address: str, house: House) -> Item | None:
    found = board.items_of([address], items.LISTED).get(address) if address else None
    return found if found and found.organisation == house.slug else None


def _crumbs() -> list[Link]:
    return [Link(_("电子显示屏"), reverse("screens:list"))]
