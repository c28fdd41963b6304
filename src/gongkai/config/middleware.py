"""What stands between the server and every view: identity, policy, doors, obstacles."""

import logging
import re
import secrets
import time
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils.cache import add_never_cache_headers
from django.utils.translation import gettext as _

from gongkai.config import headers, logs
from gongkai.config.doors import door_of
from gongkai.foundation.core.errors import Conflict, Refused
from gongkai.foundation.core.network import NETWORK, network
from gongkai.foundation.ledger.workflow import request_identity
from gongkai.foundation.ui.policy import own_rules
from gongkai.procedure.duties import calendars

log = logging.getLogger(__name__)

Next = Callable[[HttpRequest], HttpResponseBase]


class RequestIdentity:
    """Gives each request an identity, shown in the response and on every line of the log.

    What later counts requests gets their network, never the client's whole address.
    """

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer, and tell in one line what was asked and how it ended."""
        started = time.monotonic()
        identity = _identity(request.headers.get("X-Request-ID", ""))
        logs.request_id.set(identity)
        request_identity.set(identity)  # the acts of this request name it too
        request.META[NETWORK] = network(_client(request))
        response = self.get_response(request)
        response["X-Request-ID"] = identity
        log.info("answered", extra=_summary(request, response, started))
        return response


class ContentPolicy:
    """Adds the headers that forbid foreign content, and keeps signed-in pages out of caches."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response
        self.policy = headers.content_policy()

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer with the policy's headers."""
        response = self.get_response(request)
        own = own_rules(response)
        policy = headers.content_policy(own=own) if own else self.policy
        response.headers.setdefault("Content-Security-Policy", policy)
        for name, value in headers.ALWAYS.items():
            response.headers.setdefault(name, value)
        if "Cookie" in response.get("Vary", "") or response.cookies:
            # Touching the session adds "Vary: Cookie": such a page belongs to one person.
            add_never_cache_headers(response)
            response["Cache-Control"] = "no-store, private"
        return response


class Holidays:
    """Takes in a year's holidays as soon as they are loaded: one look at a folder a request."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Look, and pass on."""
        calendars.notice()
        return self.get_response(request)


class Doors:
    """Refuses every view that has not declared who may use it."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Pass on; the decision falls in :meth:`process_view`, when the view is known."""
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], args: object, kwargs: object
    ) -> HttpResponseBase | None:
        """Let in whom the view's door admits; others sign in first, or are refused."""
        door = door_of(view, _view_name(request))
        if door is None:
            log.error("A view without a door was asked for: %s.", _view_name(request))
            raise PermissionDenied
        if door.admits(request):
            return None
        if not request.user.is_authenticated:
            return redirect_to_login(request.get_full_path())
        raise PermissionDenied


class Obstacles:
    """Turns a rule's refusal and a lost race into a page that says what to do.

    ``Broken`` and every other error pass: they must stay loud.
    """

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Pass on; errors arrive at :meth:`process_exception`."""
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """The page with every obstacle at once, or with the request to look again."""
        match error:
            case Refused():
                title, reasons, status = _("现在还不能这样做"), error.obstacles, 422
            case Conflict():
                title = _("有人先了一步")
                reasons = [_("别人刚刚改过这一件。请看最新的情况，再做一次。")]
                status = 409
            case _:
                return None
        context = {"title": title, "reasons": reasons, "back": _page_before(request)}
        return render(request, "obstacles.html", context, status=status)


def _view_name(request: HttpRequest) -> str:
    return request.resolver_match.view_name if request.resolver_match else ""


def _identity(offered: str) -> str:
    """The proxy's identity for the request when it is a harmless word, else a new one."""
    return offered if re.fullmatch(r"[A-Za-z0-9-]{8,64}", offered) else secrets.token_hex(8)


def _summary(request: HttpRequest, response: HttpResponseBase, started: float) -> dict[str, object]:
    match = request.resolver_match
    return {
        "method": request.method,
        "route": match.route if match else "",
        "status": response.status_code,
        "milliseconds": round((time.monotonic() - started) * 1000),
        "client": request.META[NETWORK],
    }


def _client(request: HttpRequest) -> str:
    """The client's address; behind trusted proxies, the one that the outermost of them saw."""
    proxies: int = settings.ALLAUTH_TRUSTED_PROXY_COUNT
    seen = request.headers.get("X-Forwarded-For", "").split(",")
    if proxies and len(seen) >= proxies:
        return seen[-proxies].strip()
    return str(request.META.get("REMOTE_ADDR", ""))


def _page_before(request: HttpRequest) -> str:
    """The page the person came from, when it is one of ours."""
    origin = f"{request.scheme}://{request.get_host()}/"
    referrer = request.headers.get("Referer", "")
    return "/" + referrer.removeprefix(origin) if referrer.startswith(origin) else "/desk/"
