"""What waits for me, the list of each step, the catalogue."""

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from gongkai.foundation.core import clock
from gongkai.foundation.organisations.doors import OFFICER, door
from gongkai.foundation.organisations.seat import Seated
from gongkai.foundation.organisations.states import Right
from gongkai.procedure.proposals.rules import writer_obstacles
from gongkai.surfaces.desk import inbox as waiting
from gongkai.surfaces.desk import posting_list, rail, shelves, steps
from gongkai.surfaces.desk.inbox import office, voices


@door(OFFICER)
@require_safe
def inbox(request: Seated) -> HttpResponse:
    """What waits for the officer, over all steps."""
    own = [*office.briefs_waiting(request.acting), *voices.suggested(request.acting)]
    found = [*rail.desk_of(request).tasks, *own]
    groups = waiting.groups(found, request.today)
    context = {
        "groups": groups,
        "count": len(waiting.waiting(found)),
        "over": sum(1 for t in waiting.waiting(found) if t.due and t.due < request.today),
        "due_today": sum(1 for t in waiting.waiting(found) if t.due == request.today),
        "steps": steps.NAMES,
        "may_write": not writer_obstacles(request.acting.organisation, request.acting),
        "down": _down(request),
        "today": request.today,
    }
    return render(request, "desk/inbox.html", context)


def _down(request: Seated) -> int:
    """How much has to come down from walls and screens today, for who may note it."""
    officer = request.acting
    if not any(map(officer.may, (Right.PROPOSE, Right.PUBLISH))):
        return 0
    return posting_list.how_many_down(officer.organisation, clock.now())


@door(OFFICER)
@require_safe
def step(request: Seated, step: str) -> HttpResponse:
    """The list of one step."""
    context = {
        "shelf": shelves.shelf(step, request.acting, request.GET),
        "name": steps.NAMES.get(step, ""),
        "empty": _EMPTY[step](),
        "many": reverse("desk:cases") if step == steps.FEEDBACK else "",
        "may_write": not writer_obstacles(request.acting.organisation, request.acting),
        "today": request.today,
    }
    return render(request, "desk/step.html", context)


_EMPTY = {
    steps.PROPOSE: lambda: _("没有正在写的草稿。"),
    steps.REVIEW: lambda: _("没有正在审核的。送审以后会列在这里。"),
    steps.PUBLISH: lambda: _("没有等着公开的。盖章封存以后会列在这里。"),
    steps.FEEDBACK: lambda: _("没有等答复的意见。"),
    steps.ARCHIVE: lambda: _("没有可以归档的。全部公开、意见都答复以后会列在这里。"),
}


@door(OFFICER)
@require_safe
def catalogue(request: Seated) -> HttpResponse:
    """The catalogue, with what was last published under each line."""
    categories = shelves.catalogue(request.acting)
    context = {
        "categories": categories,
        "total": sum(len(each.lines) for each in categories),
        "never": sum(each.never for each in categories),
        "obstacles": writer_obstacles(request.acting.organisation, request.acting),
        "today": request.today,
    }
    return render(request, "desk/catalogue.html", context)
