"""Taking a voice down for somebody 代录: a call, a visit, a letter, a page of the opinions book.

The receipt code is shown once, on a slip that can be printed and handed over.
"""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from gongkai.foundation.core.errors import Refused
from gongkai.foundation.files.models import StoredFile
from gongkai.foundation.files.workflow import keep
from gongkai.foundation.organisations.doors import OFFICER, door
from gongkai.foundation.organisations.forms import attempt
from gongkai.foundation.organisations.queries import Officer
from gongkai.foundation.organisations.seat import Seated
from gongkai.foundation.ui.parts import Link
from gongkai.procedure.feedback import contacts, rules, workflow
from gongkai.procedure.feedback.models import Case
from gongkai.procedure.feedback.states import CaseKind
from gongkai.procedure.feedback.workflow import Intake
from gongkai.surfaces.desk import steps
from gongkai.surfaces.desk.case_forms import BookForm, IntakeForm


@door(OFFICER)
@require_http_methods(["GET", "POST"])
def new(request: Seated) -> HttpResponse:
    """A call, a visit or a letter on one screen."""
    form = IntakeForm(request.POST or None, request.FILES or None)
    obstacles = _obstacles(request.acting, CaseKind.HOTLINE)
    if request.method == "POST" and not obstacles and form.is_valid():
        files = _kept(form, "file", request.acting)
        if files is not None and (taken := _take(form, request.acting, files)):
            return _slip(request, [taken])
    return _form(request, "desk/case_new.html", form, obstacles)


@door(OFFICER)
@require_http_methods(["GET", "POST"])
def book(request: Seated) -> HttpResponse:
    """A page of the opinions book: its photograph and its entries."""
    form = BookForm(request.POST or None, request.FILES or None)
    obstacles = _obstacles(request.acting, CaseKind.BOOK)
    if request.method == "POST" and not obstacles and form.is_valid():
        wrong = rules.transcribe_obstacles(request.acting, form.entries)
        for obstacle in wrong:
            form.add_error(None, obstacle)
        photo = None if wrong else _kept(form, "photo", request.acting)
        if photo:
            taken = attempt(
                form,
                workflow.transcribe,
                officer=request.acting,
                entries=form.entries,
                photo=photo[0],
                received_on=form.cleaned_data["received_on"],
                show=form.cleaned_data["show"],
            )
            if taken:
                return _slip(request, taken)
    return _form(request, "desk/case_book.html", form, obstacles)


def _obstacles(officer: Officer, kind: CaseKind) -> list[str]:
    return rules.intake_obstacles(officer.organisation, kind, officer)


def _take(
    form: IntakeForm, officer: Officer, files: Sequence[tuple[StoredFile, str]]
) -> tuple[Case, str] | None:
    told = form.cleaned_data
    fields = {name: _said(told.get(name)) for name in (*contacts.DATA, *contacts.WISHES)}
    return attempt(
        form,
        workflow.receive,
        organisation=officer.organisation,
        disclosure=None,
        text=told["text"],
        show=told["show"],
        contact=contacts.given(fields, contacts.language_of(told["text"])),
        kind=CaseKind(told["kind"]),
        files=files,
        intake=Intake(officer, told["received_on"], told["urgent"], told["callback"], told["call"]),
    )


def _said(value: object) -> str:
    return value.strip() if isinstance(value, str) else "yes" if value else ""


def _kept(form: forms.Form, name: str, officer: Officer) -> list[tuple[StoredFile, str]] | None:
    """The uploaded file in the store, with its name; empty without one, none when refused."""
    upload: UploadedFile[Any] | None = form.cleaned_data[name]
    if not upload:
        return []
    try:
        return [(keep(upload, upload.name or "", officer), upload.name or "")]
    except Refused as refusal:
        for obstacle in refusal.obstacles:
            form.add_error(name, obstacle)
        return None


def _form(
    request: Seated, template: str, form: forms.Form, obstacles: Sequence[str]
) -> HttpResponse:
    context = {"form": form, "obstacles": obstacles, "crumbs": _crumbs()}
    return render(request, template, context, status=422 if request.method == "POST" else 200)


def _slip(request: Seated, taken: Sequence[tuple[Case, str]]) -> HttpResponse:
    """The codes, shown this once; nothing keeps the page."""
    status = f"{settings.OFFICE_URL}{reverse('say:status')}"
    context = {
        "slips": [{"case": case, "code": code, "qr": f"{status}#{code}"} for case, code in taken],
        "status": status,
        "crumbs": _crumbs(),
    }
    response = render(request, "desk/case_slip.html", context)
    response["Cache-Control"] = "no-store, private"
    return response


def _crumbs() -> list[Link]:
    return [
        Link(str(steps.NAMES[steps.FEEDBACK]), reverse("desk:step", args=["feedback"])),
        Link(_("全部意见"), reverse("desk:cases")),
    ]
