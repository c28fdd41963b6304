"""The administrator's page of letters that were given up."""

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from gongkai.foundation.core.errors import Refused
from gongkai.foundation.notices import queries, workflow
from gongkai.foundation.organisations import queries as organisations
from gongkai.foundation.organisations.doors import ADMINISTRATOR, door
from gongkai.foundation.organisations.seat import Seated

PAGE = 100


@door(ADMINISTRATOR)
@require_GET
def letters(request: Seated) -> HttpResponse:
    """What did not go out, to whom roughly, and what to do about it."""
    _ours(request)
    return render(request, "notices/letters.html", {"letters": queries.undelivered()[:PAGE]})


@door(ADMINISTRATOR)
@require_POST
def set_aside(request: Seated, pk: int) -> HttpResponse:
    """The administrator has dealt with it."""
    _ours(request)
    workflow.set_aside(pk)
    return redirect("notices:letters")


def _ours(request: Seated) -> None:
    """Mail belongs to the installation: to the administrator of its topmost organisation."""
    if request.acting.organisation != organisations.installation():
        raise Refused([_("邮件由上级单位的管理员管。")])
