"""A page of several acts on one voice, each a section of its own with its form."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from gongkai.foundation.organisations.forms import attempt
from gongkai.foundation.organisations.queries import Officer
from gongkai.foundation.organisations.seat import Seated
from gongkai.foundation.ui.parts import Link
from gongkai.procedure.feedback.models import Case
from gongkai.surfaces.desk import steps
from gongkai.surfaces.desk.views.cases import case_of

Acts = Mapping[str, Callable[[Case, Officer, Mapping[str, Any]], str]]
"""What each act does with what was filled in; returns what is told of it."""
Forms = Mapping[str, Callable[[Case, Any], forms.Form]]
"""How the form of each act is made, with what was filled in or with nothing."""
Bound = Mapping[str, forms.Form]
"""The form that was refused, under its act."""


@dataclass(frozen=True)
class Section:
    """One act of the page (一种办法): its form, why it is not free, and its button."""

    key: str
    title: str
    button: str
    form: forms.Form
    obstacles: Sequence[str] = ()
    hint: str = ""


@dataclass(frozen=True)
class Writer:
    """Writes the sections of one page about ``case`` (写各节的)."""

    case: Case
    forms: Forms
    bound: Bound

    def __call__(
        self, key: str, title: str, button: str, obstacles: Sequence[str], hint: str = ""
    ) -> Section:
        """The section of the act ``key``; what was refused keeps what was filled in."""
        form = self.bound.get(key) or self.forms[key](self.case, None)
        return Section(key, title, button, form, obstacles, hint)


def perform(
    request: Seated,
    number: str,
    verb: str,
    acts: Acts,
    forms: Forms,
    page: Callable[[Seated, Case, Bound], HttpResponse],
    after: str,
) -> HttpResponse:
    """Do ``verb`` on the voice and go on to ``after``; refused, ``page`` shows why. Else 404."""
    found = case_of(request, number)
    if verb not in acts:
        raise Http404
    form = forms[verb](found, request.POST)
    if form.is_valid() and (
        told := attempt(form, acts[verb], found, request.acting, form.cleaned_data)
    ):
        messages.success(request, told)
        return redirect(after, number)
    return page(request, found, {verb: form})


def crumbs(case: Case) -> list[Link]:
    """The way back to the voice."""
    return [
        Link(str(steps.NAMES[steps.FEEDBACK]), reverse("desk:step", args=["feedback"])),
        Link(case.number, reverse("desk:case", args=[case.number])),
    ]
