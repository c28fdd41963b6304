"""The desk's page 订阅与推送: the lists, the hooks, the daily letter, and how they do."""

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from gongkai.foundation.organisations.doors import ONE_OF, RIGHT, door
from gongkai.foundation.organisations.letters import reaches
from gongkai.foundation.organisations.seat import Seated
from gongkai.foundation.organisations.states import Right
from gongkai.foundation.ui.parts import Act
from gongkai.surfaces.channels.daily import queries as daily
from gongkai.surfaces.channels.daily import workflow as daily_letters
from gongkai.surfaces.channels.hooks import queries as hooks
from gongkai.surfaces.channels.hooks import rules as hook_rules
from gongkai.surfaces.channels.lists import queries as lists
from gongkai.surfaces.channels.lists import rules as list_rules


@door(ONE_OF(Right.ADMINISTER, Right.PUBLISH, Right.SUPERVISE))
@require_safe
def overview(request: Seated) -> HttpResponse:
    """Everything that is handed on by mail, to programs, to groups."""
    officer = request.acting
    numbers = lists.numbers(officer.organisation)
    none = {"told": 0, "asked": 0, "paused": 0}
    keep, arrange = list_rules.keep_obstacles(officer), hook_rules.arrange_obstacles(officer)
    posts = daily.supervising(officer.posts)
    context = {
        "lists": [
            (each, numbers.get(each.what, none)) for each in lists.lists(officer.organisation)
        ],
        "keeps": not keep,
        "list_acts": [Act(_("建邮件列表"), reverse("messages:list-new"), keep)],
        "hooks": hooks.hooks(officer.organisation),
        "arranges": not arrange,
        "hook_acts": [
            Act(_("添加webhook"), reverse("messages:webhook-new"), arrange),
            Act(_("添加工作群"), reverse("messages:messenger-new"), arrange, quiet=True),
        ],
        "supervises": bool(posts),
        "left_out": bool(posts) and daily.left_out(posts),
        "told": daily.told(officer.organisation) if posts else None,
        "hour": settings.DAILY_HOUR,
        "reachable": reaches(officer.member.account),
        "zone": officer.organisation.zone,
        "without_mail": not settings.EMAIL_HOST,
    }
    return render(request, "channels/messages.html", context)


@door(RIGHT(Right.SUPERVISE))
@require_POST
def choose_daily(request: Seated) -> HttpResponse:
    """Get the daily letter, or no more."""
    daily_letters.choose(officer=request.acting, wanted=request.POST.get("wanted") == "yes")
    return redirect("messages:overview")
