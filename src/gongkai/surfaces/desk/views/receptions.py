"""领导接访日: the rota, one day, and what is done with it. Who comes is in ``visits``."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from gongkai.foundation.core.errors import Refused
from gongkai.foundation.ledger.queries import history
from gongkai.foundation.organisations.doors import OFFICER, door
from gongkai.foundation.organisations.forms import attempt
from gongkai.foundation.organisations.queries import posts
from gongkai.foundation.organisations.rules import not_theirs
from gongkai.foundation.organisations.seat import Seated
from gongkai.foundation.organisations.states import Right
from gongkai.foundation.ui import marks
from gongkai.foundation.ui.parts import Act, Link
from gongkai.participation.meetings import pages, queries, rules, workflow
from gongkai.participation.meetings.models import ReceptionDay
from gongkai.participation.meetings.states import DayState
from gongkai.surfaces.desk import receptions, story
from gongkai.surfaces.desk.forms import SureForm
from gongkai.surfaces.desk.receptions import (
    BackForm,
    CancelForm,
    ChangeForm,
    MissedForm,
    PlanForm,
)
from gongkai.surfaces.desk.views.common import form_page, posted


@door(OFFICER)
@require_safe
def listed(request: Seated) -> HttpResponse:
    """The rota: what lies ahead, what waits for approval or a result, what was."""
    officer, organisation = request.acting, request.acting.organisation
    found = list(queries.recent(organisation, request.today))
    pending = queries.to_approve(organisation)
    waiting = {each.day_id: each for each in pending}
    context = {
        "ahead": [each for each in found if each.date >= request.today],
        "past": [each for each in found if each.date < request.today][::-1],
        "waiting": waiting,
        "resting": receptions.rest_days(each for each in found if each.state == DayState.OPEN),
        "plan": Act(
            _("排接访日"),
            reverse("desk:reception-new"),
            rules.keep_obstacles(organisation, officer),
        ),
        "approve": Act(
            _("全部审定公布"),
            reverse("desk:receptions-approve"),
            not_theirs(officer, organisation, Right.APPROVE),
            post=True,
        )
        if len(pending) > 1
        else None,
        "today": request.today,
    }
    return render(request, "desk/receptions.html", context)


@door(OFFICER)
@form_page
def plan(request: Seated) -> HttpResponse:
    """Plan a day, or a series."""
    officer, organisation = request.acting, request.acting.organisation
    rule = queries.rule_of(organisation)
    begun = receptions.begun(rule, request.today) if rule else {}
    form = PlanForm(posted(request), posts=posts(organisation), initial=begun)
    if request.method == "POST" and form.is_valid():
        found = form.days
        made = attempt(
            form,
            workflow.plan,
            officer=officer,
            organisation=organisation,
            on=found.days,
            wanted=form.arrangement,
        )
        if made is not None:
            for said in receptions.planned_said(made, found):
                messages.success(request, said)
            return redirect("desk:receptions")
    obstacles = rules.keep_obstacles(organisation, officer)
    context = {
        "heading": _("排接访日"),
        "lead": _("排好以后要由另一位有审定权的人审定，才公布、才能预约。"),
        "form": form,
        "act": Act(_("排好了"), obstacles=obstacles),
        "crumbs": _crumbs(),
        "back": reverse("desk:receptions"),
    }
    return render(request, "desk/revision_act.html", context, status=422 if form.errors else 200)


@door(OFFICER)
@require_POST
def approve_all(request: Seated) -> HttpResponse:
    """Announce all that waits, each by itself; what cannot be is named."""
    done = 0
    for notice in queries.to_approve(request.acting.organisation):
        try:
            workflow.approve(notice=notice, officer=request.acting)
            done += 1
        except Refused as refused:
            said = {"day": marks.day(notice.day.date), "why": " ".join(refused.obstacles)}
            messages.error(request, _("%(day)s没有公布：%(why)s") % said)
    if done:
        messages.success(request, _("公布了%(n)s条。") % {"n": done})
    return redirect("desk:receptions")


@door(OFFICER)
@require_safe
def day(request: Seated, key: str) -> HttpResponse:
    """One day: what is announced, what waits, what can be done."""
    return _page(request, day_of(request, key))


# -- acts ------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Verb:
    """An act on a day (一种办法): its words, its form and its verb."""

    label: Any
    lead: Any
    done: Any
    form: type[forms.Form]
    run: Callable[..., object]


def _held(*, day: ReceptionDay, officer: Any) -> object:
    return workflow.conclude(day=day, officer=officer, held=True)


def _missed(*, day: ReceptionDay, officer: Any, text: str) -> object:
    return workflow.conclude(day=day, officer=officer, held=False, reason=text)


def _sent_back(*, day: ReceptionDay, officer: Any, text: str) -> object:
    notice = queries.in_hand(day)
    if notice is None:
        raise Refused([_("这条公告已经审定或者退回了。请看最新的情况。")])
    notice.day = day
    return workflow.send_back(notice=notice, officer=officer, text=text)


def _approved(*, day: ReceptionDay, officer: Any) -> object:
    notice = queries.in_hand(day)
    if notice is None:
        raise Refused([_("这条公告已经审定或者退回了。请看最新的情况。")])
    notice.day = day
    return workflow.approve(notice=notice, officer=officer)


VERBS = {
    "approve": Verb(
        gettext_lazy("审定公布"),
        "",
        gettext_lazy("已经公布。"),
        forms.Form,
        _approved,
    ),
    "return": Verb(
        gettext_lazy("退回"),
        gettext_lazy("写的人会看到您的理由，改好以后再交来。"),
        gettext_lazy("已退回。"),
        BackForm,
        _sent_back,
    ),
    "drop": Verb(
        gettext_lazy("放弃"),
        gettext_lazy("这一天还没有公布。放弃以后不留在安排里。"),
        gettext_lazy("已放弃。"),
        SureForm,
        workflow.drop,
    ),
    "cancel": Verb(
        gettext_lazy("取消这一天"),
        gettext_lazy("马上公布，不等审定。约了的人：留了邮箱的自动寄信，留了电话的请打电话。"),
        gettext_lazy("已取消，已经公布。"),
        CancelForm,
        workflow.cancel,
    ),
    "held": Verb(
        gettext_lazy("登记结果"),
        gettext_lazy("人数按接访台的登记自动数出来，另一位有审定权的人审定以后公布。"),
        gettext_lazy("结果已登记，等另一位有审定权的人审定。"),
        SureForm,
        _held,
    ),
    "missed": Verb(
        gettext_lazy("没有接访"),
        gettext_lazy("安排里会写明这一天没有接访和原因，另一位有审定权的人审定以后公布。"),
        gettext_lazy("结果已登记，等另一位有审定权的人审定。"),
        MissedForm,
        _missed,
    ),
    "record": Verb(
        gettext_lazy("起草接访记录"),
        gettext_lazy("按登记的类别和答应的事起草，不写姓名。起草后照常修改、送审。"),
        gettext_lazy("记录已经起草，请看一遍再送审。"),
        SureForm,
        workflow.draft_record,
    ),
}


@door(OFFICER)
@form_page
def act(request: Seated, key: str, verb: str) -> HttpResponse:
    """One act on a day, with the words it asks for."""
    found, known = day_of(request, key), VERBS.get(verb)
    if known is None:
        raise Http404
    form = known.form(posted(request))
    if request.method == "POST" and form.is_valid():
        asked: dict[str, Any] = {"day": found, "officer": request.acting}
        if "text" in form.cleaned_data:
            asked["text"] = form.cleaned_data["text"]
        made = attempt(form, known.run, **asked)
        if made is not None:
            messages.success(request, str(known.done))
            return redirect(_after(verb, found, made))
    if verb == "approve":
        return _page(request, found, form)
    context = {
        "heading": str(known.label),
        "about": _name(found),
        "lead": str(known.lead),
        "form": form,
        "act": Act(
            str(known.label), obstacles=() if form.errors else _obstacles(request, found, verb)
        ),
        "back": reverse("desk:reception", args=[key]),
        "crumbs": _crumbs(found),
    }
    status = 422 if request.method == "POST" else 200
    return render(request, "desk/revision_act.html", context, status=status)


@door(OFFICER)
@form_page
def change(request: Seated, key: str) -> HttpResponse:
    """Change a day; an announced one with its public reason."""
    found = day_of(request, key)
    form = ChangeForm(posted(request), day=found, posts=posts(found.organisation))
    if request.method == "POST" and form.is_valid():
        made = attempt(
            form,
            workflow.change,
            day=found,
            officer=request.acting,
            wanted=form.arrangement,
            reason=form.cleaned_data.get("reason", ""),
        )
        if made is not None:
            messages.success(request, _("已写好，等另一位有审定权的人审定。"))
            return redirect("desk:reception", key)
    obstacles = rules.may_change_obstacles(found, request.acting)
    context = {
        "heading": _("改安排"),
        "about": _name(found),
        "lead": _("日期不能改：换一天，请取消这一天，另排一天。"),
        "form": form,
        "act": Act(_("改好了"), obstacles=obstacles),
        "back": reverse("desk:reception", args=[key]),
        "crumbs": _crumbs(found),
    }
    return render(request, "desk/revision_act.html", context, status=422 if form.errors else 200)


def _obstacles(request: Seated, found: ReceptionDay, verb: str) -> list[str]:
    officer = request.acting
    match verb:
        case "drop":
            return rules.drop_obstacles(found, officer)
        case "cancel":
            return rules.cancel_obstacles(found, officer)
        case "held" | "missed":
            return rules.conclude_obstacles(found, officer, held=verb == "held")
        case "record":
            rule = queries.rule_of(found.organisation)
            return rules.record_obstacles(found, officer, rule)
    return not_theirs(officer, found.organisation, Right.APPROVE)


def _after(verb: str, found: ReceptionDay, made: Any) -> str:
    if verb == "record":
        return reverse("desk:edit", args=[made.disclosure.address])
    if verb == "drop":
        return reverse("desk:receptions")
    return reverse("desk:reception", args=[found.key])


def _page(request: Seated, found: ReceptionDay, form: forms.Form | None = None) -> HttpResponse:
    pending = queries.in_hand(found)
    if pending:
        pending.day = found
    returned = queries.returned(found)
    sees = rules.may_receive(found, request.acting)
    context = {
        "day": found,
        "title": _name(found),
        "hours": pages.hours(found),
        "form": form,
        "pending": pending,
        "pending_says": receptions.said_of(pending) if pending else (),
        "returned": returned,
        "acts": receptions.acts(found, request.acting, pending),
        "sees": sees,
        "taken": len(queries.taken(found)),
        "queue": len(queries.queue(found)),
        "public": found.state not in (DayState.DRAFT, DayState.DROPPED),
        "book": reverse("reception:book", args=[found.key]),
        "rota": pages.rota(found.organisation),
        "record_href": reverse("desk:item", args=[found.disclosure.address])
        if found.disclosure
        else "",
        "story": story.events(
            history(found.subject_name), story.Names({}, found.organisation.zone)
        ),
        "zone": found.organisation.zone,
        "today": request.today,
        "crumbs": _crumbs(),
    }
    status = 422 if form is not None else 200
    return render(request, "desk/reception.html", context, status=status)


# -- finding ---------------------------------------------------------------------------------------


def day_of(request: Seated, key: str) -> ReceptionDay:
    """The day of the officer's own organisation; 404 otherwise."""
    found = queries.day(request.acting.organisation, key)
    if found is None:
        raise Http404
    return found


def _name(found: ReceptionDay) -> str:
    return _("%(day)s%(post)s接访") % {"day": marks.day(found.date), "post": found.post.name}


def _crumbs(found: ReceptionDay | None = None) -> list[Link]:
    way = [Link(_("接访日"), reverse("desk:receptions"))]
    if found is not None:
        way.append(Link(_name(found), reverse("desk:reception", args=[found.key])))
    return way
