"""提出内容: choose an entry, write and change what is to be disclosed."""

from functools import partial

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from gongkai.foundation.core.errors import Conflict, Refused
from gongkai.foundation.organisations.doors import OFFICER, door
from gongkai.foundation.organisations.forms import attempt
from gongkai.foundation.organisations.seat import Seated
from gongkai.procedure.catalogue.charter import EntryRule
from gongkai.procedure.catalogue.queries import charter_of
from gongkai.procedure.proposals import jotting, queries, rules, workflow
from gongkai.procedure.proposals.models import Draft
from gongkai.surfaces.desk import (
    meeting,
    owed,
)
from gongkai.surfaces.desk.draft_forms import DraftForm
from gongkai.surfaces.desk.forms import ChooseForm
from gongkai.surfaces.desk.views.common import dossier_of, form_page
from gongkai.surfaces.desk.views.writing_desk import WritingDesk, duty_asked


@door(OFFICER)
@require_safe
def choose(request: Seated) -> HttpResponse:
    """Under which line of the catalogue something new comes."""
    _version, charter = charter_of(request.acting.organisation)
    words = request.GET.get("q", "").strip()
    found = [rule for rule in charter.entries if _matches(rule, words)]
    data = request.GET if "entry" in request.GET else None
    form = ChooseForm(data, categories=charter.categories, entries=found)
    if form.is_valid():
        return redirect("desk:write", form.cleaned_data["entry"])
    context = {
        "form": form,
        "words": words,
        "found": found,
        "total": len(charter.entries),
        "obstacles": rules.writer_obstacles(request.acting.organisation, request.acting),
    }
    return render(request, "desk/choose.html", context)


def _matches(rule: EntryRule, words: str) -> bool:
    said = f"{rule.code} {rule.title} {rule.content} {rule.department}".lower()
    return all(word in said for word in words.lower().split())


# -- writing ---------------------------------------------------------------------------------------


@door(OFFICER)
@form_page
def write(request: Seated, code: str) -> HttpResponse:
    """A new disclosure under the line ``code``."""
    organisation = request.acting.organisation
    _version, charter = charter_of(organisation)
    entry = queries.entry_of(organisation, code)
    rule = charter.entry(entry.code)
    obstacles = rules.writer_obstacles(organisation, request.acting)
    if obstacles and request.method == "POST":
        raise Refused(obstacles)
    left = jotting.jotted(request.acting, entry) if request.method != "POST" else None
    desk = WritingDesk(request, charter, rule, None, owed.choices(entry, duty_asked(request)), left)
    if request.method != "POST":
        return desk.page(desk.form(), obstacles=obstacles)
    form = desk.form(desk.read_in())
    valid = desk.may_keep(form)
    if not valid or desk.only_looks:
        return desk.page(form, preview=valid)
    begin = partial(workflow.begin, organisation=organisation, entry=entry, officer=request.acting)
    draft = attempt(form, partial(begin, **form.content(), **desk.answers(form)))
    if draft is None:
        return desk.page(form)
    edits = form.cleaned_data["edits"] or 0
    jotting.forget(officer=request.acting, entry=entry, edits=edits)
    return desk.kept(draft)


@door(OFFICER)
@form_page
def edit(request: Seated, address: str) -> HttpResponse:
    """Change a draft. What was typed stays on every error; two people's texts are both shown."""
    dossier = dossier_of(request, address)
    draft = dossier.draft
    if draft is None:
        return redirect("desk:item", address)
    obstacles = rules.edit_obstacles(draft, request.acting)
    if obstacles and request.method == "POST":
        raise Refused(obstacles)
    rule = dossier.charter.entry(dossier.disclosure.entry.code)
    desk = WritingDesk(request, dossier.charter, rule, draft)
    if request.method != "POST":
        return desk.page(desk.form(), obstacles=obstacles)
    data = desk.read_in()
    form = desk.form(data)
    valid = desk.may_keep(form)
    if not valid or desk.only_looks:
        return desk.page(form, preview=valid)
    try:
        saved = attempt_edit(form, draft, request)
    except Conflict:
        return desk.conflict(form, data)
    return desk.kept(saved) if saved else desk.page(form)


def attempt_edit(form: DraftForm, draft: Draft, request: Seated) -> Draft | None:
    """The saved draft; none when a rule refused, and then the form says why."""
    try:
        return workflow.edit(
            draft=draft,
            officer=request.acting,
            edits=form.cleaned_data["edits"] or 0,
            **meeting.chosen(request.POST, draft, form.content()),
        )
    except Refused as refused:
        for obstacle in refused.obstacles:
            form.add_error(None, obstacle)
    return None
