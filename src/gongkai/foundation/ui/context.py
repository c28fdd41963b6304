"""What every office page knows without asking: its frame, its languages, today's date.

This app stands below ``organisations``, so it cannot ask who the organisation is: a middleware
sets ``request.organisation_name``, and may set a whole ``request.frame`` and ``request.who``.
"""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.functional import SimpleLazyObject
from django.utils.http import urlencode
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from gongkai.foundation.core.clock import civil_day, now
from gongkai.foundation.ui.parts import Frame, Link


def page(request: HttpRequest) -> dict[str, Any]:
    """The context processor; a view may replace any of these, ``frame`` above all."""
    return {
        "frame": SimpleLazyObject(lambda: frame(request)),
        "languages": languages(request),
        "organisation": getattr(request, "organisation_name", ""),
        "who": getattr(request, "who", ""),
        "board_url": settings.BOARD_URL,
        "office_url": settings.OFFICE_URL,
        "demonstration": settings.DEMONSTRATION,
        "today": civil_day(now(), settings.TIME_ZONE),
    }


def frame(request: HttpRequest | None) -> Frame:
    """The frame of a page for readers; a plain one when nobody made a better."""
    given: Frame | None = getattr(request, "frame", None)
    if given is not None:
        return given
    home = settings.BOARD_URL + "/"
    return Frame(
        organisation=getattr(request, "organisation_name", "") or _("公开栏"),
        home=home,
        nav=(Link(_("首页"), home),),
        languages=languages(request),
        tools=_tools(request),
        who=getattr(request, "who", ""),
        notice=demonstration_notice(),
    )


def demonstration_notice() -> str:
    """The line that a demonstration carries on every page; empty elsewhere."""
    return _("演示：机构和内容都是虚构的。") if settings.DEMONSTRATION else ""


def languages(request: HttpRequest | None) -> tuple[Link, ...]:
    """The other languages of this page. A plain link, so that it works without script or token."""
    if request is None:
        return ()
    active = get_language()
    back = urlencode({"next": request.get_full_path() if request.method == "GET" else "/"})
    try:
        return tuple(
            Link(name, f"{reverse('language', args=[code])}?{back}", lang=code)
            for code, name in settings.LANGUAGES
            if code != active
        )
    except NoReverseMatch:
        return ()


def _tools(request: HttpRequest | None) -> tuple[Link, ...]:
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return ()
    return (Link(_("账号"), reverse("account_change_password")), *_leave())


def _leave() -> tuple[Link, ...]:
    return (Link(_("退出"), reverse("account_logout")),)
