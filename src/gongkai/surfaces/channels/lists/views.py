"""The desk's pages of mail lists."""

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from gongkai.foundation.organisations.doors import RIGHT, door
from gongkai.foundation.organisations.forms import attempt
from gongkai.foundation.organisations.seat import Seated
from gongkai.foundation.organisations.states import Right
from gongkai.foundation.ui.parts import Act
from gongkai.surfaces.board import houses
from gongkai.surfaces.channels import mailbox
from gongkai.surfaces.channels.hooks.views import categories
from gongkai.surfaces.channels.lists import queries, rules, workflow
from gongkai.surfaces.channels.lists.forms import AddressesForm, ListForm
from gongkai.surfaces.channels.lists.models import MailingList
from gongkai.surfaces.channels.models import Subscription

form_page = require_http_methods(["GET", "HEAD", "POST"])


@dataclass(frozen=True)
class Recipient:
    """Who is on a list, as far as the office needs it (收件人)."""

    handle: str
    shown: str
    state: str


@door(RIGHT(Right.PUBLISH))
@form_page
def new(request: Seated) -> HttpResponse:
    """Make a list."""
    officer = request.acting
    form = ListForm(categories(officer.organisation), request.POST or None)
    if request.method == "POST" and form.is_valid():
        made = attempt(form, workflow.make, officer=officer, **form.cleaned_data)
        if made is not None:
            messages.success(request, _("列表建好了。请把邮箱加进来。"))
            return redirect("messages:list", made.pk)
    return _form(request, form, _("建邮件列表"), _("建列表"))


@door(RIGHT(Right.PUBLISH))
@form_page
def change(request: Seated, pk: int) -> HttpResponse:
    """Change what a list is called, what it tells and how often."""
    found, officer = _own(request, pk), request.acting
    names = ("name", "purpose", "pace", "categories")
    initial = {name: getattr(found, name) for name in names}
    form = ListForm(categories(found.organisation), request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        made = attempt(form, workflow.change, officer=officer, chosen=found, **form.cleaned_data)
        if made is not None:
            messages.success(request, _("改好了，从下一封信起照新的寄。"))
            return redirect("messages:list", found.pk)
    return _form(request, form, _("改邮件列表"), _("保存"))


@door(RIGHT(Right.PUBLISH))
@form_page
def one(request: Seated, pk: int) -> HttpResponse:
    """A list with whoever is on it, and a form to put more addresses on it."""
    found, officer = _own(request, pk), request.acting
    form = AddressesForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        count = attempt(
            form,
            workflow.enter,
            officer=officer,
            chosen=found,
            town=houses.town(),
            **form.cleaned_data,
        )
        if count is not None:
            told = ngettext("加了%(num)s个邮箱。", "加了%(num)s个邮箱。", count)
            messages.success(request, told % {"num": count})
            return redirect("messages:list", found.pk)
    known = dict(categories(found.organisation))
    context = {
        "list": found,
        "form": form,
        "categories": [known.get(code, code) for code in found.categories],
        "recipients": [_shown(each) for each in queries.recipients(found)],
        "acts": _acts(request, found),
    }
    refused = request.method == "POST"
    return render(request, "channels/list.html", context, status=422 if refused else 200)


@door(RIGHT(Right.PUBLISH))
@require_POST
def act(request: Seated, pk: int, verb: str) -> HttpResponse:
    """One act on a list."""
    found, officer = _own(request, pk), request.acting
    match verb:
        case "test":
            address = workflow.try_out(officer=officer, chosen=found, town=houses.town())
            messages.success(request, _("试寄给了%(address)s。") % {"address": address})
        case "take-off":
            handle = str(request.POST.get("handle", ""))
            if workflow.take_off(officer=officer, chosen=found, handle=handle):
                messages.success(request, _("去掉了一个邮箱。"))
        case "close":
            workflow.close(officer=officer, chosen=found)
            messages.success(request, _("去掉了列表“%(name)s”。") % {"name": found.name})
            return redirect("messages:overview")
        case _:
            raise Http404
    return redirect("messages:list", found.pk)


def _acts(request: Seated, found: MailingList) -> list[Act]:
    own = rules.own_obstacles(request.acting, found)

    def to(verb: str) -> str:
        return reverse("messages:list-act", args=[found.pk, verb])

    change_at = reverse("messages:list-change", args=[found.pk])
    return [
        Act(_("试寄给我"), to("test"), own, post=True, hint=_("寄最近公开的几件到您自己的邮箱。")),
        Act(_("改列表"), change_at, own, quiet=True),
        Act(_("去掉列表"), to("close"), own, post=True, quiet=True, hint=_("邮箱全部一并删掉。")),
    ]


def _shown(row: Subscription) -> Recipient:
    name, _at, host = mailbox.unseal(row.sealed).rpartition("@")
    if row.paused_at:
        state = _("退信太多，停寄了")
    elif row.confirmed_at is None:
        state = _("等本人确认")
    else:
        state = _("在寄")
    return Recipient(row.handle, f"{name[:2]}…@{host}", state)


def _own(request: Seated, pk: int) -> MailingList:
    found = queries.mailing_list(request.acting.organisation, pk)
    if found is None:
        raise Http404
    return found


def _form(request: Seated, form: ListForm, heading: str, label: str) -> HttpResponse:
    refused = request.method == "POST"
    context: dict[str, Any] = {"form": form, "heading": heading, "label": label}
    return render(request, "channels/message_form.html", context, status=422 if refused else 200)
