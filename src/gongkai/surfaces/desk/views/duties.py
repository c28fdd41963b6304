"""公开任务: the list, the months, one duty with its sum; report, waive, reinstate, confirm."""

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from gongkai.foundation.ledger.queries import history
from gongkai.foundation.organisations.doors import OFFICER, door
from gongkai.foundation.organisations.forms import attempt
from gongkai.foundation.organisations.seat import Seated
from gongkai.foundation.ui import marks
from gongkai.foundation.ui.parts import Act, Link
from gongkai.procedure.catalogue.charter import EntryRule
from gongkai.procedure.catalogue.queries import charter_of
from gongkai.procedure.duties import due, queries, rules, workflow
from gongkai.procedure.duties.models import Duty
from gongkai.procedure.duties.states import DutyKind, DutyState
from gongkai.procedure.proposals import queries as proposals
from gongkai.procedure.proposals.rules import writer_obstacles
from gongkai.surfaces.board.words import named
from gongkai.surfaces.desk import agenda, due_list, entries, owed, story
from gongkai.surfaces.desk.forms import ChooseForm, ReportForm, WaiveForm
from gongkai.surfaces.desk.pointing import draft_href
from gongkai.surfaces.desk.views.common import form_page, posted, shown


@door(OFFICER)
@require_safe
def listed(request: Seated) -> HttpResponse:
    """What is due and what became of it, narrowed by state, department and month."""
    organisation = request.acting.organisation
    _version, charter = charter_of(organisation)
    form = due_list.DutyFilterForm(request.GET, charter=charter)
    asked = request.GET.copy()
    after = asked.pop("after", [""])[-1]
    page = due_list.page(organisation, charter, form, after, request.today)
    context = {
        "form": form,
        "page": page,
        "asked": asked.urlencode(),
        "begun": bool(after),
        "today": request.today,
    }
    return render(request, "desk/duties.html", context, status=422 if form.errors else 200)


@door(OFFICER)
@require_safe
def months(request: Seated) -> HttpResponse:
    """A month as a calendar, with what falls due on each day listed below it."""
    organisation = request.acting.organisation
    _version, charter = charter_of(organisation)
    asked = request.GET.copy()
    if not asked.get("month"):
        asked["month"] = f"{request.today:%Y-%m}"
    form = due_list.DutyFilterForm(asked, charter=charter)
    valid = form.is_valid()
    first = form.cleaned_data.get("month") or request.today.replace(day=1)
    department = form.cleaned_data.get("department", "")
    days = due_list.of_month(organisation, charter, first, department, request.today)
    context = {
        "form": form,
        "department": department,
        "month": agenda.month(first, today=request.today, counts=due_list.counts(days)),
        "days": sorted(days.items()),
        "total": sum(map(len, days.values())),
        "today": request.today,
    }
    return render(request, "desk/months.html", context, status=200 if valid else 422)


# -- one duty --------------------------------------------------------------------------------------


@door(OFFICER)
@require_safe
def duty(request: Seated, key: int) -> HttpResponse:
    """One duty: by when and how that was counted, what became of it, what can be done."""
    return _page(request, _duty(request, key))


@door(OFFICER)
@require_POST
def waive(request: Seated, key: int) -> HttpResponse:
    """Excuse the organisation from a duty, for a reason that everybody reads."""
    one, form = _duty(request, key), WaiveForm(request.POST)
    if form.is_valid():
        said = {"officer": request.acting, "reason": form.cleaned_data["text"]}
        if attempt(form, workflow.waive, duty=one, **said):
            messages.success(request, _("已定为免于公开。理由会登在公开目录上。"))
            return redirect("desk:duty", key)
    return _page(request, _duty(request, key), status=422, waive_form=form)


@door(OFFICER)
@require_POST
def reinstate(request: Seated, key: int) -> HttpResponse:
    """Take back a waiver."""
    workflow.reinstate(duty=_duty(request, key), officer=request.acting)
    messages.success(request, _("已恢复，仍按原来的日期到期。"))
    return redirect("desk:duty", key)


@door(OFFICER)
@require_POST
def confirm(request: Seated, key: int) -> HttpResponse:
    """Say that what stands for good is still true."""
    workflow.confirm(duty=_duty(request, key), officer=request.acting)
    messages.success(request, _("已记下：复核过，没有变化。一年以后再复核。"))
    return redirect("desk:duty", key)


def _duty(request: Seated, key: int) -> Duty:
    """The duty ``key`` of the officer's organisation; 404 for any other."""
    found = Duty.objects.filter(organisation=request.acting.organisation, pk=key)
    one = found.select_related("entry", "organisation").first()
    if one is None:
        raise Http404
    return one


def _page(
    request: Seated, duty: Duty, status: int = 200, waive_form: forms.Form | None = None
) -> HttpResponse:
    organisation = duty.organisation
    _version, charter = charter_of(organisation)
    rule = next((each for each in charter.entries if each.code == duty.entry.code), None)
    scopes = {scope.code: named(scope) for scope in charter.scopes}
    begun = owed.begun(duty)
    waivable = rules.may_waive_obstacles(duty, request.acting)
    context = {
        "duty": duty,
        "title": owed.titled(rule, duty),
        "department": entries.department(charter, rule) if rule else duty.entry.department,
        "elements": owed.elements(rule) if rule else (),
        "sentence": due.sentence(duty.nominal_on, duty.workdays, _),
        "months": _months(request, duty),
        "begun": begun,
        "late": duty.late(request.today),
        "acts": _acts(request, duty, rule, begun=begun is not None),
        "waive": Act(_("定为免于公开"), obstacles=waivable),
        "waive_form": waive_form or WaiveForm(),
        "story": story.events(
            history(queries.subject(duty)), story.Names(scopes, organisation.zone)
        ),
        "crumbs": [Link(_("公开任务"), reverse("desk:duties"))],
        "zone": organisation.zone,
        "today": request.today,
    }
    return render(request, "desk/duty.html", context, status=status)


def _months(request: Seated, duty: Duty) -> list[agenda.Month]:
    if counted := due.sum_of(duty.nominal_on, duty.workdays):
        return agenda.sum_of(counted, request.today)
    return agenda.named_day(duty.nominal_on, duty.due_on, request.today)


def _acts(request: Seated, duty: Duty, rule: EntryRule | None, *, begun: bool) -> list[Act]:
    """What can be done with ``duty`` but waiving it, which asks for words on the page itself."""
    officer, key = request.acting, [duty.pk]
    found = []
    if duty.state == DutyState.OPEN and duty.kind == DutyKind.REVIEW:
        found.append(
            Act(
                _("复核过，没有变化"),
                reverse("desk:confirm-duty", args=key),
                rules.confirm_obstacles(duty, officer, request.today),
                _("公开的内容还对，就不用重新公开。"),
                post=True,
            )
        )
    if duty.state == DutyState.OPEN and rule and not begun:
        found.append(Act(_("起草"), draft_href(duty), writer_obstacles(duty.organisation, officer)))
    if duty.state == DutyState.WAIVED:
        found.append(
            Act(
                _("取消免于公开"),
                reverse("desk:reinstate-duty", args=key),
                rules.reinstate_obstacles(duty, officer),
                _("仍按原来的日期到期。"),
                post=True,
            )
        )
    return found


# -- reporting -------------------------------------------------------------------------------------


@door(OFFICER)
@require_safe
def choose_report(request: Seated) -> HttpResponse:
    """Under which entry something came about: those whose charter waits for events."""
    _version, charter = charter_of(request.acting.organisation)
    found = [rule for rule in charter.entries if charter.timing(rule.timing).kind in due.REPORTED]
    data = request.GET if "entry" in request.GET else None
    form = ChooseForm(data, categories=charter.categories, entries=found)
    if form.is_valid():
        return redirect("desk:report", form.cleaned_data["entry"])
    context = {"form": form, "crumbs": [Link(_("公开任务"), reverse("desk:duties"))]}
    return render(request, "desk/report_entry.html", context)


@door(OFFICER)
@form_page
def report(request: Seated, code: str) -> HttpResponse:
    """What came about, and when: two fields make a duty."""
    organisation = request.acting.organisation
    _version, charter = charter_of(organisation)
    entry = proposals.entry_of(organisation, code)
    rule = charter.entry(entry.code)
    schedule = queries.schedule(entry)
    form = ReportForm(posted(request), timing=schedule.timing, initial={"on": request.today})
    if (
        request.method == "POST"
        and form.is_valid()
        and (
            made := attempt(
                form, workflow.report, entry=entry, officer=request.acting, **form.cleaned_data
            )
        )
    ):
        said = {"title": shown(made.title), "day": marks.day(made.due_on)}
        messages.success(request, _("已登记“%(title)s”，%(day)s前公开。") % said)
        return redirect("desk:duty", made.pk)
    obstacles = rules.may_report_obstacles(schedule, request.acting)
    context = {
        "form": form,
        "rule": rule,
        "title": entries.titled(rule),
        "cycle": entries.cycle(rule),
        "act": Act(_("登记"), obstacles=() if form.errors else obstacles),
        "crumbs": [Link(_("公开任务"), reverse("desk:duties"))],
    }
    status = 422 if request.method == "POST" else 200
    return render(request, "desk/report.html", context, status=status)
