"""处理反馈: what several voices have in common, put forward for another post to take up."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from gongkai.foundation.organisations.doors import OFFICER, door
from gongkai.foundation.organisations.forms import attempt
from gongkai.foundation.organisations.seat import Seated
from gongkai.foundation.organisations.states import Right
from gongkai.foundation.ui.parts import Link
from gongkai.procedure.feedback import pattern_rules, patterns, rules
from gongkai.procedure.feedback.models import Pattern
from gongkai.surfaces.desk.case_forms import DeclineForm, TakeForm

PAGE = 100
READING = (*rules.SEEING, Right.PROPOSE)
"""Rights that need the suggestions of the organisation."""


@door(OFFICER)
@require_safe
def listed(request: Seated) -> HttpResponse:
    """The newest suggestions of the organisation; 404 for whoever has nothing to do with them."""
    found = _visible(request)[:PAGE]
    context = {"rows": [(each, _what(each)) for each in found], "crumbs": _crumbs()}
    return render(request, "desk/suggestions.html", context)


@door(OFFICER)
@require_safe
def one(request: Seated, key: int) -> HttpResponse:
    """One suggestion, the voices it came from, and what can be done."""
    return _page(request, _found(request, key))


@door(OFFICER)
@require_POST
def act(request: Seated, key: int, verb: str) -> HttpResponse:
    """Take it up, or decide that nothing comes of it."""
    found = _found(request, key)
    if verb not in ("take", "decline"):
        raise Http404
    form = _take_form(found, request.POST) if verb == "take" else DeclineForm(request.POST)
    run: Any = patterns.take if verb == "take" else patterns.decline
    if form.is_valid() and attempt(
        form, run, pattern=found, officer=request.acting, **form.cleaned_data
    ):
        messages.success(
            request,
            _("已接手，说话的人会知道。") if verb == "take" else _("已回复，说话的人会知道。"),
        )
        return redirect("desk:suggestion", key)
    return _page(request, found, **{f"{verb}_form": form})


def _page(request: Seated, found: Pattern, **bound: forms.Form) -> HttpResponse:
    seen = rules.visible(request.acting)
    cases = pattern_rules.cases_of(found)
    context = {
        "pattern": found,
        "what": _what(found),
        "done": pattern_rules.done(found),
        "cases": cases,
        "seen": set(seen.filter(pk__in=[case.pk for case in cases]).values_list("pk", flat=True)),
        "obstacles": pattern_rules.may_decide_obstacles(found, request.acting),
        "take_form": _take_form(found, None),
        "decline_form": DeclineForm(),
        "zone": found.organisation.zone,
        "crumbs": [*_crumbs(), Link(_("由意见提出的建议"), reverse("desk:suggestions"))],
        **bound,
    }
    return render(request, "desk/suggestion.html", context, status=422 if bound else 200)


def _take_form(found: Pattern, data: Any) -> TakeForm:
    return TakeForm(data, correcting=found.disclosure is not None, initial={"note": found.text})


def _what(pattern: Pattern) -> str:
    """What is suggested, in a few words."""
    if pattern.disclosure is None:
        return _("给公开目录增加一项")
    return _("更正《%(title)s》") % {"title": pattern.disclosure.title}


def _visible(request: Seated) -> Any:
    if not any(request.acting.may(right) for right in READING):
        raise Http404
    return pattern_rules.suggestions(request.acting.organisation)


def _found(request: Seated, key: int) -> Pattern:
    found: Pattern | None = _visible(request).filter(pk=key).first()
    if found is None:
        raise Http404
    return found


def _crumbs() -> list[Link]:
    return [Link(_("全部意见"), reverse("desk:cases"))]
