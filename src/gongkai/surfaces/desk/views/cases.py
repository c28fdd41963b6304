"""处理反馈: a voice, who answers it, the answer, the second person."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from gongkai.foundation.core.clock import civil_day
from gongkai.foundation.ledger.queries import history
from gongkai.foundation.organisations.doors import OFFICER, door
from gongkai.foundation.organisations.forms import attempt
from gongkai.foundation.organisations.queries import posts_with_right
from gongkai.foundation.organisations.seat import Seated
from gongkai.foundation.organisations.states import Right
from gongkai.foundation.ui.parts import Act, Event, Link
from gongkai.procedure.catalogue.queries import charter_of
from gongkai.procedure.feedback import (
    contacts,
    handling,
    masking,
    promises,
    queries,
    rules,
    wall_rules,
    workflow,
)
from gongkai.procedure.feedback.models import Answer, Case, Survey
from gongkai.procedure.feedback.states import (
    PETITIONS,
    UNANSWERED,
    CaseKind,
    CaseState,
    Ground,
    Moment,
    Outcome,
    Verdict,
)
from gongkai.procedure.proposals import rules as proposals
from gongkai.surfaces.desk import limits, pointing, steps, story
from gongkai.surfaces.desk.acts import WORDS
from gongkai.surfaces.desk.case_forms import AnswerForm, AssignForm, NoteForm
from gongkai.surfaces.desk.forms import ReturnAnswerForm
from gongkai.surfaces.desk.hung import stand
from gongkai.surfaces.members.downloads import handed_out


@door(OFFICER)
@require_safe
def case(request: Seated, number: str) -> HttpResponse:
    """A voice, its answers, and what may be done."""
    return _page(request, case_of(request, number))


@door(OFFICER)
@require_POST
def assign(request: Seated, number: str) -> HttpResponse:
    """Give it to the post that will answer."""
    found = case_of(request, number)
    form = _assign_form(found, request.POST)
    if form.is_valid():
        post = form.cleaned_data["post"]
        if attempt(form, workflow.assign, case=found, officer=request.acting, post=post):
            messages.success(request, _("已分给%(post)s。") % {"post": post.name})
            return redirect("desk:case", number)
    return _page(request, found, assign=form)


@door(OFFICER)
@require_POST
def note(request: Seated, number: str) -> HttpResponse:
    """Write something down for the office alone."""
    found = case_of(request, number)
    form = NoteForm(request.POST, prefix="note")
    if form.is_valid():
        told, officer = form.cleaned_data, request.acting
        if attempt(form, handling.note, case=found, officer=officer, **told):
            messages.success(request, _("记下了，只有经办这一件的人看得到。"))
            return redirect("desk:case", number)
    return _page(request, found, note=form)


@door(OFFICER)
@require_safe
def file(request: Seated, number: str, key: int) -> FileResponse:
    """A file that came with the voice, for whoever may read the voice."""
    found = case_of(request, number)
    wanted = next((each for each in queries.files(found) if each.pk == key), None)
    if wanted is None:
        raise Http404
    return handed_out(wanted.file.digest, wanted.name)


@door(OFFICER)
@require_POST
def answer(request: Seated, number: str) -> HttpResponse:
    """Write the answer."""
    found = case_of(request, number)
    form = AnswerForm(request.POST, kind=found.kind)
    if form.is_valid():
        written = attempt(
            form, workflow.answer, case=found, officer=request.acting, **form.cleaned_data
        )
        if written:
            told = (
                _("已答复。") if written.settled_at else _("答复已写好，等另一位有审定权的人审定。")
            )
            messages.success(request, told)
            return redirect("desk:case", number)
    return _page(request, found, answer=form)


@door(OFFICER)
@require_POST
def approve(request: Seated, number: str) -> HttpResponse:
    """Let the answer go out, as the second person."""
    found = case_of(request, number)
    waiting, form = _waiting_answer(found), forms.Form(request.POST)
    form.is_valid()
    if attempt(form, workflow.approve, answer=waiting, officer=request.acting):
        messages.success(request, _("已审定，答复已经送出。"))
        return redirect("desk:case", number)
    return _page(request, found, approve=form)


@door(OFFICER)
@require_POST
def send_back(request: Seated, number: str) -> HttpResponse:
    """Send the answer back to its post."""
    found = case_of(request, number)
    waiting, form = _waiting_answer(found), ReturnAnswerForm(request.POST, prefix="return")
    if form.is_valid():
        reason = form.cleaned_data["text"]
        if attempt(
            form, workflow.return_answer, answer=waiting, officer=request.acting, reason=reason
        ):
            messages.success(request, _("已退回，%(post)s会看到理由。") % {"post": waiting.post})
            return redirect("desk:case", number)
    return _page(request, found, return_answer=form)


def case_of(request: Seated, number: str) -> Case:
    """The case of the officer's own organisation, when they may read it; 404 otherwise."""
    seen = rules.visible(request.acting).filter(number=number)
    whole = seen.select_related(
        "organisation", "disclosure__entry", "post", "asked", "head__organisation"
    )
    found: Case | None = whole.first()
    if found is None:
        raise Http404
    return found


def _waiting_answer(found: Case) -> Answer:
    """The answer that waits for a second person, or the last one, for the rule to say the rest."""
    waiting = queries.draft_answer(found)
    if waiting is None:
        answers = queries.answers(found)
        if not answers:
            raise Http404
        waiting = answers[-1]
    waiting.case = found
    return waiting


def _assign_form(found: Case, data: Any = None) -> AssignForm:
    posts = posts_with_right(found.organisation, Right.ANSWER)
    return AssignForm(data, posts=posts, initial={"post": found.post_id})


def _page(request: Seated, found: Case, **bound: forms.Form) -> HttpResponse:
    officer, today = request.acting, request.today
    waiting = queries.draft_answer(found)
    if waiting:
        waiting.case = found
    answers = queries.answers(found)
    context = {
        "case": found,
        "kind": CaseKind(found.kind).label,
        "ground": Ground(found.ground).label if found.ground else "",
        "state": CaseState(found.state).label,
        "zone": found.organisation.zone,
        "today": today,
        "title": pointing.voice(found),
        "answered": found.state not in UNANSWERED,
        "deadline": limits.to_answer(found) if found.state in UNANSWERED else None,
        "received": civil_day(found.received_at, found.organisation.zone),
        "masked": _masked(found),
        "answers": [_said(each) for each in answers],
        **_contact(request, found),
        "item_href": _item_href(request, found),
        "notice": found.kind in PETITIONS and found.accepted_on is None,
        "stopped": promises.stopped(found),
        "turns": [*queries.turns(found), *queries.turns_of_parts(found)],
        "files": queries.files(found),
        "notes": queries.notes(found),
        "note_form": bound.get("note") or NoteForm(prefix="note", initial={"kind": "note"}),
        "helpers": queries.helpers(found),
        "parts": list(queries.parts(found)),
        "origin": queries.origin(found),
        "surveys": [_judged(each) for each in queries.surveys(found)],
        "wordings": _wordings(found),
        "stands": stand(found),
        "waiting": waiting,
        "story": _story(found),
        "crumbs": [Link(str(steps.NAMES[steps.FEEDBACK]), reverse("desk:step", args=["feedback"]))],
        "assign_form": bound.get("assign") or _assign_form(found),
        "assign_obstacles": rules.may_assign_obstacles(found, officer),
        "answer_form": bound.get("answer")
        or AnswerForm(initial=_first_words(request, found, answers), kind=found.kind),
        "answer_obstacles": rules.may_answer_obstacles(found, officer),
        "exempt": not rules.may_answer_obstacles(found, officer)
        and rules.exemption(found, officer),
        "approve_form": bound.get("approve"),
        "approve_act": _approve_act(waiting, found, request),
        "return_form": bound.get("return_answer") or ReturnAnswerForm(prefix="return"),
        "return_obstacles": rules.return_obstacles(waiting, officer, WORDS) if waiting else [],
    }
    context["acts"] = acts = _acts(context)
    nearest = sorted(acts, key=lambda act: bool(act.obstacles))
    context["target"] = nearest[0].href.lstrip("#") if nearest else ""
    return render(request, "desk/case.html", context, status=422 if bound else 200)


def _acts(context: dict[str, Any]) -> list[Act]:
    """What the bar on phones names: the forms further down, free or not."""
    if context["answered"]:
        return []
    if context["waiting"]:
        return [
            Act(_("审定答复"), "#approve", context["approve_act"].obstacles),
            Act(_("退回答复"), "#return", context["return_obstacles"]),
        ]
    return [
        Act(_("答复"), "#answer", context["answer_obstacles"]),
        Act(_("分办"), "#assign", context["assign_obstacles"]),
    ]


def _approve_act(waiting: Answer | None, found: Case, request: Seated) -> Act | None:
    if waiting is None:
        return None
    hint = _("送出以后，凭查询码马上能看到。")
    if wall_rules.hangable(found):
        hint += _("意见的文字随答复一起上墙，请也看一遍：没有可以认出是谁的话。")
    return Act(
        _("审定，送出答复"),
        reverse("desk:approve", args=[found.number]),
        rules.approve_obstacles(waiting, request.acting),
        hint,
        post=True,
    )


def _said(each: Answer) -> dict[str, Any]:
    return {"answer": each, "outcome": Outcome(each.outcome).label}


def _judged(each: Survey) -> str:
    said = {"moment": Moment(each.moment).label, "verdict": Verdict(each.verdict).label}
    return _("%(moment)s：%(verdict)s") % said


def _wordings(found: Case) -> list[Link]:
    """The charter's answers to begin from; each is a link, so that they work without programs."""
    named = charter_of(found.organisation)[1].voices.wordings
    return [Link(each.name, f"?wording={n}#answer") for n, each in enumerate(named)]


def _first_words(request: Seated, found: Case, answers: list[Answer]) -> dict[str, str]:
    """What an answer begins with: the wording that was chosen, or what was returned, written on."""
    asked = request.GET.get("wording", "")
    named = charter_of(found.organisation)[1].voices.wordings
    if asked.isascii() and asked.isdecimal() and int(asked) < len(named):
        return {"text": named[int(asked)].text}
    if answers and answers[-1].returned_reason:
        last = answers[-1]
        return {"text": last.text, "outcome": last.outcome, "passed_to": last.passed_to}
    return {}


def _masked(found: Case) -> str:
    """How the voice will hang on the wall, when that differs from what was written."""
    words = masking.masked(found.text)
    return words if found.show and words != found.text else ""


def _contact(request: Seated, found: Case) -> dict[str, Any]:
    """How to reach the voice, and how it is told: for whoever assigns and the post that answers."""
    officer = request.acting
    theirs = found.post is not None and officer.holds(found.post.key)
    reach = queries.reach(found) if theirs or officer.may(Right.ASSIGN) else None
    return {"contact": contacts.unseal(bytes(reach.sealed)) if reach else {}, "reach": reach}


def _item_href(request: Seated, found: Case) -> str:
    if found.disclosure is None or not proposals.may_see(found.disclosure, request.acting):
        return ""
    return pointing.item_href(found.disclosure.address)


def _story(found: Case) -> list[Event]:
    acts = [
        act for act in history(queries.subject_of(found)) if act.facts.get("case") == found.number
    ]
    _version, charter = charter_of(found.organisation)
    names = story.Names({s.code: s.name for s in charter.scopes}, found.organisation.zone)
    return story.events(acts, names)
