"""The desk's pages of hooks: set one up, see how it does, try it out, stop and resume."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from gongkai.foundation.core import clock
from gongkai.foundation.organisations.doors import ADMINISTRATOR, door
from gongkai.foundation.organisations.forms import attempt
from gongkai.foundation.organisations.models import Organisation
from gongkai.foundation.organisations.seat import Seated
from gongkai.foundation.ui.parts import Act
from gongkai.surfaces.board import houses
from gongkai.surfaces.channels.hooks import jobs, messengers, queries, rules, workflow
from gongkai.surfaces.channels.hooks.forms import HookForm, MessengerForm, WebhookForm
from gongkai.surfaces.channels.hooks.models import Hook
from gongkai.surfaces.channels.hooks.states import Carrier, HookState

SHOWN = 50
form_page = require_http_methods(["GET", "HEAD", "POST"])


def categories(organisation: Organisation) -> list[tuple[str, str]]:
    """The categories that can be chosen among, by code and name, as they were published."""
    house = houses.town().house(organisation.slug)
    return [(code, category.name) for code, category in house.categories.items()]


@door(ADMINISTRATOR)
@never_cache
@form_page
def new_webhook(request: Seated) -> HttpResponse:
    """Set a webhook up; what comes back shows its secret, this once."""
    officer = request.acting
    form = WebhookForm(categories(officer.organisation), request.POST or None)
    if request.method == "POST" and form.is_valid():
        made = attempt(form, workflow.add_webhook, officer=officer, **form.written())
        if made is not None:
            return _secret(request, *made)
    return _form(request, form, _("添加webhook"))


@door(ADMINISTRATOR)
@form_page
def new_messenger(request: Seated) -> HttpResponse:
    """Set up messages to a group."""
    officer = request.acting
    form = MessengerForm(categories(officer.organisation), request.POST or None)
    if request.method == "POST" and form.is_valid():
        made = attempt(form, workflow.add_messenger, officer=officer, **form.written())
        if made is not None:
            messages.success(request, _("设好了。请试送一次，再到群里看收到没有。"))
            return redirect("messages:hook", made.pk)
    return _form(request, form, _("添加工作群"), missing=not messengers.installed())


@door(ADMINISTRATOR)
@require_safe
def hook(request: Seated, pk: int) -> HttpResponse:
    """How one hook does: its last attempts, and what can be done."""
    found = _own(request, pk)
    known = dict(categories(found.organisation))
    context = {
        "hook": found,
        "categories": [known.get(code, code) for code in found.categories],
        "attempts": queries.deliveries(found, SHOWN),
        "acts": _acts(request, found),
        "overlaps": bool(found.old_until and clock.now() < found.old_until),
        "given_up": found.state == HookState.GIVEN_UP,
        "kept": rules.KEPT.days,
        "zone": found.organisation.zone,
    }
    return render(request, "channels/hook.html", context)


@door(ADMINISTRATOR)
@never_cache
@require_POST
def act(request: Seated, pk: int, verb: str) -> HttpResponse:
    """One act on a hook."""
    found, officer = _own(request, pk), request.acting
    match verb:
        case "test":
            jobs.try_out.enqueue(found.pk)
            messages.success(request, _("正在试送，过一会儿再看这一页。"))
        case "rotate":
            secret = workflow.rotate(officer=officer, hook=found)
            return _secret(request, _own(request, pk), secret)
        case "stop":
            workflow.stop(officer=officer, hook=found)
            messages.success(request, _("停了。没有送的都留着。"))
        case "resume" | "skip":
            workflow.resume(officer=officer, hook=found, from_now=verb == "skip")
            messages.success(request, _("恢复了。"))
        case "remove":
            workflow.remove(officer=officer, hook=found)
            messages.success(request, _("去掉了推送“%(name)s”。") % {"name": found.name})
            return redirect("messages:overview")
        case _:
            raise Http404
    return redirect("messages:hook", found.pk)


def _acts(request: Seated, found: Hook) -> list[Act]:
    officer, own = request.acting, rules.own_obstacles(request.acting, found)

    def made(verb: str, label: str, obstacles: list[str], **more: Any) -> Act:
        href = reverse("messages:hook-act", args=[found.pk, verb])
        return Act(label, href, obstacles, post=True, **more)

    acts = []
    troubled = found.state != HookState.ON or bool(found.failing_since)
    if troubled:
        obstacles = rules.resume_obstacles(officer, found)
        acts += [
            made("resume", _("接着送"), obstacles, hint=_("从停下的地方送起，一件不少。")),
            made("skip", _("从现在起送"), obstacles, hint=_("没有送到的不送了。"), quiet=True),
        ]
    acts.append(made("test", _("试送"), own, quiet=troubled))
    if found.state == HookState.ON:
        acts.append(made("stop", _("停送"), own, quiet=True))
    if found.carrier == Carrier.WEBHOOK:
        obstacles = rules.rotate_obstacles(officer, found, clock.now())
        acts.append(made("rotate", _("换密钥"), obstacles, quiet=True))
    acts.append(made("remove", _("去掉"), own, quiet=True, hint=_("密钥和记录一并删掉。")))
    return acts


def _own(request: Seated, pk: int) -> Hook:
    found = queries.hook(request.acting.organisation, pk)
    if found is None:
        raise Http404
    return found


def _secret(request: Seated, found: Hook, secret: str) -> HttpResponse:
    return render(request, "channels/hook_secret.html", {"hook": found, "secret": secret})


def _form(request: Seated, form: HookForm, heading: str, **more: Any) -> HttpResponse:
    refused = request.method == "POST"
    context = {"form": form, "heading": heading, "label": heading, **more}
    return render(request, "channels/message_form.html", context, status=422 if refused else 200)
