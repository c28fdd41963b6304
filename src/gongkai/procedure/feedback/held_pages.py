"""The pages of a voice that made no case of its own: read first 先看, or come already 来过."""

from http import HTTPStatus
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from gongkai.foundation.core import clock
from gongkai.foundation.core.errors import Refused
from gongkai.procedure.feedback import holding, pages
from gongkai.procedure.feedback.models import Held
from gongkai.procedure.feedback.states import CaseKind, HeldState
from gongkai.procedure.feedback.taking import Taken


def taken(request: HttpRequest, about: pages.About, taken: Taken, token: str) -> HttpResponse:
    """The receipt of what is read first; or that the same words came already, with a way on."""
    around = pages.surroundings(request, about.organisation)
    if taken.held is not None:
        context = {**_receipt(taken.held, taken.code), "about": about, **around}
        return render(request, "feedback/held.html", context)
    context = {
        "at": taken.earlier,
        "zone": about.organisation.zone,
        "about": about,
        "token": token,
        **around,
    }
    return render(request, "feedback/earlier.html", context, status=HTTPStatus.CONFLICT)


def progress(request: HttpRequest, held: Held, code: str) -> HttpResponse:
    """What became of a voice that is or was read first; its sender may take it back till then."""
    obstacles: list[str] = []
    if "withdraw" in request.POST:
        try:
            held = holding.take_back(held=held)
        except Refused as refusal:
            obstacles = refusal.obstacles
    context: dict[str, Any] = {
        "held": held,
        "code": code,
        "kind": CaseKind(held.kind).label,
        "obstacles": obstacles,
        "waiting": held.state == HeldState.WAITING,
        "refused": held.state == HeldState.REFUSED,
        "withdrawn": held.state == HeldState.WITHDRAWN,
        **pages.surroundings(request, held.organisation),
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if obstacles else HTTPStatus.OK
    return render(request, "feedback/held_progress.html", context, status=status)


def _receipt(held: Held, code: str) -> dict[str, Any]:
    return {
        "held": held,
        "code": code,
        "came_on": clock.civil_day(held.came_at, held.organisation.zone),
        "qr": f"{settings.OFFICE_URL}{reverse('say:status')}#{code}",
    }
