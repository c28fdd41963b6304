"""Every voice of an organisation, narrowed and in pages, and one act for many of them 成批办理.

Pages go on from the last row, never by counting: the list of half a million answers in the same
time as that of ten.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django import forms
from django.db.models import Q, QuerySet
from django.http import HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from gongkai.foundation.core.clock import civil_day
from gongkai.foundation.organisations.doors import OFFICER, door
from gongkai.foundation.organisations.queries import Officer, posts_with_right
from gongkai.foundation.organisations.seat import Seated
from gongkai.foundation.organisations.states import Right
from gongkai.foundation.ui.parts import Link
from gongkai.procedure.catalogue.queries import charter_of, entry
from gongkai.procedure.feedback import bulk, queries, rules
from gongkai.procedure.feedback.models import Case
from gongkai.procedure.feedback.states import UNANSWERED, CaseKind, CaseState
from gongkai.surfaces.desk import pointing, steps
from gongkai.surfaces.desk.case_forms import (
    AnswerForm,
    AssignForm,
    CasesForm,
    MergeForm,
    SuggestForm,
)

PAGE = 50
OVERDUE, URGENT, HELPED, MINE = "overdue", "urgent", "helped", "mine"


@dataclass(frozen=True)
class Row:
    """A voice in the list (一行)."""

    number: str
    title: str
    href: str
    kind: str
    state: str
    post: str
    received: date
    due: date | None
    urgent: bool


@door(OFFICER)
@require_safe
def listed(request: Seated) -> HttpResponse:
    """The voices that the officer may read, those due first at the top."""
    officer = request.acting
    answering = posts_with_right(officer.organisation, Right.ANSWER)
    charter = charter_of(officer.organisation)[1]
    form = CasesForm(request.GET, states=_states(officer), posts=answering, charter=charter)
    form.is_valid()
    asked = {name: str(form.cleaned_data.get(name) or "") for name in form.fields}
    found = _narrowed(officer, asked, request.today)
    rows = list(_after(found, request.GET.get("from", ""), asked["state"])[: PAGE + 1])
    keep = QueryDict(mutable=True)
    keep.update({name: value for name, value in asked.items() if value})
    if len(rows) > PAGE:
        keep["from"] = str(rows[PAGE - 1].pk)
    context = {
        "form": form,
        "rows": [_row(case, officer) for case in rows[:PAGE]],
        "next": f"?{keep.urlencode()}" if len(rows) > PAGE else "",
        "today": request.today,
        "acts": _acts(officer),
        "takes": not rules.intake_obstacles(officer.organisation, CaseKind.HOTLINE, officer),
        "most": bulk.AT_ONCE,
        "crumbs": _crumbs(),
    }
    return render(request, "desk/cases.html", context)


@door(OFFICER)
@require_POST
def act(request: Seated) -> HttpResponse:
    """Do one act to all that are marked; then what was done, and what was refused and why."""
    officer, verb = request.acting, request.POST.get("verb", "")
    numbers = request.POST.getlist("number")
    form = _bound(verb, officer, request.POST)
    report = None
    if form is not None and form.is_valid() and numbers:
        report = DEEDS[verb](numbers, officer, form.cleaned_data)
    context = {
        "report": report,
        "form": form,
        "numbers": numbers,
        "verb": verb,
        "names": NAMES,
        "crumbs": [*_crumbs(), Link(_("全部意见"), reverse("desk:cases"))],
    }
    return render(request, "desk/cases_done.html", context, status=200 if report else 422)


# -- the list --------------------------------------------------------------------------------------


def _states(officer: Officer) -> Sequence[tuple[str, str]]:
    sees = any(officer.may(right) for right in rules.SEEING)
    beside = [] if sees else [(HELPED, _("请我协办的")), (MINE, _("我答复过的"))]
    return [
        ("", _("没有答复的")),
        (OVERDUE, _("逾期的")),
        (URGENT, _("急件")),
        *beside,
        *((state.value, str(state.label)) for state in CaseState),
    ]


def _narrowed(officer: Officer, asked: Mapping[str, str], today: date) -> QuerySet[Case]:
    """What was asked for, in the order in which it presses; what is closed, the latest first."""
    found, state = _whose(officer, asked["state"]), asked["state"]
    if state in CaseState.values:
        found = found.filter(state=state)
    elif state != MINE:
        found = found.filter(state__in=UNANSWERED)
    if state == OVERDUE:
        found = found.filter(promised_on__lt=today)
    if state == URGENT:
        found = found.filter(urgent=True)
    if asked["kind"]:
        found = found.filter(kind=asked["kind"])
    if asked["post"]:
        found = found.filter(post_id=int(asked["post"]))
    if asked["entry"]:
        found = found.filter(entry=entry(officer.organisation, asked["entry"]))
    if words := asked["words"].strip():
        held = Q(number=words)
        if not _closed(state):
            held |= Q(text__contains=words)
        found = found.filter(held)
    return found.order_by("-promised_on", "-pk") if _closed(state) else found


def _whose(officer: Officer, state: str) -> QuerySet[Case]:
    """Every voice, for whom a right needs that; else those of the officer's own posts, or those
    that they help with or answered once: an index leads to each by itself.
    """
    if any(officer.may(right) for right in rules.SEEING):
        return rules.visible(officer)
    if state == HELPED:
        return queries.helped_by(officer)
    if state == MINE:
        return queries.answered_by(officer)
    return queries.given_to(officer)


def _closed(state: str) -> bool:
    return state == MINE or (state in CaseState.values and state not in UNANSWERED)


def _after(found: QuerySet[Case], last: str, state: str) -> QuerySet[Case]:
    """What follows the row with the key ``last``; everything when there is none."""
    row = Case.objects.filter(pk=last).first() if last.isascii() and last.isdecimal() else None
    if row is None:
        return found
    if _closed(state):
        before = Q(promised_on__lt=row.promised_on) | Q(promised_on=row.promised_on, pk__lt=row.pk)
        return found.filter(before, promised_on__lte=row.promised_on)
    later = Q(promised_on__gt=row.promised_on) | Q(promised_on=row.promised_on, pk__gt=row.pk)
    return found.filter(later, promised_on__gte=row.promised_on)


def _row(case: Case, officer: Officer) -> Row:
    return Row(
        number=case.number,
        title=pointing.voice(case),
        href=reverse("desk:case", args=[case.number]),
        kind=str(CaseKind(case.kind).label),
        state=str(CaseState(case.state).label),
        post=case.post.name if case.post else _("还没有分办"),
        received=civil_day(case.received_at, officer.organisation.zone),
        due=case.promised if case.state in UNANSWERED else None,
        urgent=case.urgent,
    )


def _crumbs() -> list[Link]:
    return [Link(str(steps.NAMES[steps.FEEDBACK]), reverse("desk:step", args=["feedback"]))]


# -- the acts --------------------------------------------------------------------------------------

NAMES: Mapping[str, Callable[[], str]] = {
    "assign": lambda: _("分办"),
    "answer": lambda: _("用一段话答复"),
    "approve": lambda: _("审定答复"),
    "merge": lambda: _("合并"),
    "suggest": lambda: _("由意见提出建议"),
}

DEEDS: Mapping[str, Callable[[Sequence[str], Officer, Mapping[str, Any]], bulk.Report]] = {
    "assign": lambda numbers, officer, told: bulk.assign(
        numbers, officer=officer, post=told["post"]
    ),
    "answer": lambda numbers, officer, told: bulk.answer(numbers, officer=officer, **told),
    "approve": lambda numbers, officer, told: bulk.approve(numbers, officer=officer),
    "merge": lambda numbers, officer, told: bulk.merge(numbers, officer=officer, into=told["into"]),
    "suggest": lambda numbers, officer, told: bulk.suggest(
        numbers, officer=officer, text=told["text"], item=told["item"].strip()
    ),
}


@dataclass(frozen=True)
class Deed:
    """An act for all that are marked (成批的办法), with its form and its button."""

    verb: str
    name: str
    form: forms.Form


def _acts(officer: Officer) -> list[Deed]:
    """The acts that the officer's posts may do to many: each case still has its own obstacles."""
    rights = {
        "assign": Right.ASSIGN,
        "answer": Right.ANSWER,
        "approve": Right.APPROVE,
        "merge": Right.ASSIGN,
        "suggest": Right.ASSIGN,
    }
    found = []
    for verb, right in rights.items():
        form = _bound(verb, officer, None)
        if officer.may(right) and form is not None:
            found.append(Deed(verb, NAMES[verb](), form))
    return found


def _bound(verb: str, officer: Officer, data: Any) -> forms.Form | None:
    match verb:
        case "assign":
            posts = posts_with_right(officer.organisation, Right.ANSWER)
            return AssignForm(data, prefix="assign", posts=posts)
        case "answer":
            return AnswerForm(data, prefix="answer", kind=CaseKind.OPINION)
        case "approve":
            return forms.Form(data)
        case "merge":
            return MergeForm(data, prefix="merge")
        case "suggest":
            return SuggestForm(data, prefix="suggest")
        case _:
            return None
