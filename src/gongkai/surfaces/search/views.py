"""The public search page 检索: no session, no cookie, nothing kept of what was asked."""

from dataclasses import replace

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe

from gongkai.foundation.core.network import NETWORK
from gongkai.foundation.organisations.audience import ANONYMOUS
from gongkai.foundation.organisations.doors import ANYONE, door
from gongkai.foundation.ui import spoken
from gongkai.foundation.ui.parts import Frame, Link
from gongkai.procedure.feedback.guards import foreign
from gongkai.surfaces.board import addresses, frame, houses
from gongkai.surfaces.search import guards, similar
from gongkai.surfaces.search.pages import Found, Room

ENGLISH = "en"
ROOTS = dict(addresses.LANGUAGES)


@door(ANYONE)
@require_safe
def search(request: HttpRequest, language: str) -> HttpResponseBase:
    """What anybody may read, found by words; in the language of the address."""
    with spoken.speaking(language):
        response = found(request, _public(language))
    response["Cache-Control"] = "no-cache, private"
    return response


@door(ANYONE)
@csrf_exempt
@require_POST
def alike(request: HttpRequest, language: str) -> HttpResponse:
    """What is like the words that somebody is writing on a form: a part of a page, perhaps empty.

    They come in the body, so that no address and no log holds them.
    """
    if foreign(request):
        return HttpResponse(status=403)
    response = HttpResponse()
    if seconds := guards.ALIKE.wait(str(request.META.get(NETWORK, ""))):
        response.status_code = 429
        response["Retry-After"] = str(max(1, round(seconds)))
    else:
        with spoken.speaking(language):
            found = similar.lines(request.POST.get("say", ""), ROOTS[language])
            response.content = similar.html(found)
    response["Cache-Control"] = "no-store"
    response["X-Robots-Tag"] = "noindex"
    return response


def found(request: HttpRequest, room: Room) -> HttpResponseBase:
    """The page of a room, a part of it, or the way to the one item that was meant."""
    slow = guards.too_many(str(request.META.get(NETWORK, "")))
    page = Found(room, request.GET, part="part" in request.GET, slow=slow)
    if page.goto:
        return HttpResponseRedirect(page.goto)
    response = HttpResponse(page.html(), status=page.status)
    response["X-Robots-Tag"] = "noindex"
    if slow:
        response["Retry-After"] = "60"
    return response


def _public(language: str) -> Room:
    town, root = houses.town(), f"{settings.BOARD_URL}{ROOTS[language]}"

    def framed(slug: str, asked: str) -> Frame:
        own = frame.frame(town, town.house(slug) if slug else town.top, root)
        return replace(own, search="", languages=[_other(asked, language)])

    return Room(
        address=reverse(f"search:{language}"),
        reader=ANONYMOUS,
        town=town,
        item=lambda address: f"{root}{addresses.item(address)}",
        voice=lambda address: f"{root}{addresses.voice(address)}",
        frame=framed,
    )


def _other(asked: str, language: str) -> Link:
    """The same search in the other language."""
    query = f"?{asked}" if asked else ""
    if language == ENGLISH:
        return Link("中文", f"{reverse('search:zh-hans')}{query}", lang="zh-CN")
    return Link("English", f"{reverse('search:en')}{query}", lang="en")
