"""What a display itself asks of the office: the page, its worker, a code, its token, its reports.

No account, no session, no cookie. Everything else a display shows comes as files (see ``files``).
"""

import json
from collections.abc import Callable
from functools import wraps
from http import HTTPStatus
from typing import Any

from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe

from gongkai.foundation.core import clock
from gongkai.foundation.organisations.doors import ANYONE, door
from gongkai.foundation.ui import qr
from gongkai.procedure.feedback import guards
from gongkai.procedure.feedback.workflow import count_attempt
from gongkai.surfaces.channels.screens import queries, reports, rules, shell, tokens, workflow
from gongkai.surfaces.channels.screens.models import Pairing

View = Callable[..., HttpResponse]
LARGEST = 128 * 1024
DOOR = "screen"


def told_in_json(view: Callable[[HttpRequest, Any], HttpResponse]) -> View:
    """A POST from our own page that carries a JSON value, answered in JSON and kept nowhere."""

    @wraps(view)
    def answered(request: HttpRequest) -> HttpResponse:
        if guards.foreign(request):
            return _wrong(_("这是从别的网站送来的，没有收下。"), HTTPStatus.FORBIDDEN)
        try:
            body = request.body
            told = json.loads(body) if len(body) <= LARGEST else None
        except (ValueError, RecursionError, RequestDataTooBig):
            told = None
        if not isinstance(told, dict):
            return _wrong(_("送来的不是这里认得的内容，没有收下。"), HTTPStatus.BAD_REQUEST)
        return view(request, told)

    return door(ANYONE)(csrf_exempt(never_cache(require_POST(answered))))


@door(ANYONE)
@require_safe
def page(request: HttpRequest, code: str = "") -> HttpResponse:
    """The page that a display opens, the same for every display."""
    words = json.dumps(shell.WORDS, ensure_ascii=False)
    context = {"words": words, "program": shell.version()}
    answer = render(request, "screens/screen.html", context)
    answer["Cache-Control"] = "no-cache"
    answer["X-Robots-Tag"] = "noindex, nofollow"
    return answer


@door(ANYONE)
@require_safe
def worker(request: HttpRequest) -> HttpResponse:
    """The program that keeps the page and its contents for when there is no network."""
    context = {"assets": json.dumps(shell.assets()), "program": json.dumps(shell.version())}
    answer = render(request, "screens/worker.js", context, content_type="text/javascript")
    answer["Cache-Control"] = "no-cache"
    return answer


@told_in_json
def ask(request: HttpRequest, told: dict[str, Any]) -> HttpResponse:
    """A code to show, and the secret by which to ask what became of it."""
    hour = rules.this_hour()
    count = count_attempt(door=DOOR, network=guards.network(request), hour=hour)
    made = workflow.ask() if count <= rules.ASKED_AN_HOUR else None
    if made is None:
        busy = _wrong(_("等着配对的屏太多了。请过一会儿再试。"), HTTPStatus.TOO_MANY_REQUESTS)
        busy["Retry-After"] = "60"
        return busy
    pairing, secret = made
    side, path = qr.drawing(request.build_absolute_uri(f"/desk/screens/pair/?code={pairing.code}"))
    return JsonResponse(
        {
            "code": pairing.code,
            "secret": secret,
            "seconds": int(rules.EXPIRES.total_seconds()),
            "qr": {"side": side, "path": path},
        }
    )


@told_in_json
def claim(request: HttpRequest, told: dict[str, Any]) -> HttpResponse:
    """What became of a code: still waiting, the token, or nothing any more."""
    found = workflow.claim(secret=str(told.get("secret", ""))[:100])
    if found is None:
        return JsonResponse({"state": "gone"})
    if isinstance(found, Pairing):
        return JsonResponse({"state": "waiting"})
    screen, token = found
    return JsonResponse({"state": "paired", "screen": screen.code, "token": token})


@told_in_json
def report(request: HttpRequest, told: dict[str, Any]) -> HttpResponse:
    """A display's report, with its token; 401 when the token is worth nothing."""
    kind, _blank, token = request.headers.get("Authorization", "").partition(" ")
    screen = queries.by_token(tokens.digest(token)) if kind == "Bearer" and token else None
    if screen is None:
        return _wrong(_("这块屏已经停用，或者在别处重新配对了。"), HTTPStatus.UNAUTHORIZED)
    zone = screen.organisation.zone
    read = reports.read(told, clock.now(), zone)
    if read is None:
        return _wrong(_("送来的不是这里认得的内容，没有收下。"), HTTPStatus.BAD_REQUEST)
    answer = workflow.report(token=token, told=read)
    if answer is None:
        return _wrong(_("这块屏已经停用，或者在别处重新配对了。"), HTTPStatus.UNAUTHORIZED)
    return JsonResponse({**answer, "every": rules.REPORTS_EVERY})


def _wrong(sentence: str, status: HTTPStatus) -> HttpResponse:
    return JsonResponse({"error": sentence}, status=status)
