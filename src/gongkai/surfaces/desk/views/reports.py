"""工作报告: the reports to the leading group, one of them, and what is done with it."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from gongkai.foundation.ledger.queries import history
from gongkai.foundation.organisations.doors import OFFICER, door
from gongkai.foundation.organisations.forms import attempt
from gongkai.foundation.organisations.rules import not_theirs
from gongkai.foundation.organisations.seat import Seated
from gongkai.foundation.organisations.states import Right
from gongkai.foundation.paper.sheets import MEDIA_TYPE
from gongkai.foundation.ui.parts import Act, Link
from gongkai.oversight.supervision import jobs, queries, rules, sheet, wording, workflow
from gongkai.oversight.supervision.models import Report
from gongkai.oversight.supervision.states import ReportKind, ReportState
from gongkai.procedure.catalogue.charter import Charter
from gongkai.procedure.catalogue.queries import charter_of
from gongkai.surfaces.desk import answer_reporting, oversight, reporting, story
from gongkai.surfaces.desk.forms import SendBackForm, SureForm
from gongkai.surfaces.desk.views.common import form_page, posted
from gongkai.surfaces.desk.views.verbs import Place, Verb, perform


@door(OFFICER)
@require_safe
def listed(request: Seated) -> HttpResponse:
    """Every report of the organisation, newest first; 404 for whoever does not read them."""
    charter = _charter(request)
    organisation = request.acting.organisation
    context = {
        "rows": [
            (each, wording.called(each, charter), _number(each))
            for each in queries.reports(organisation)
        ],
        "begin": Act(
            _("写一份新的"),
            reverse("desk:new-report"),
            not_theirs(request.acting, organisation, Right.PUBLISH),
        ),
        "zone": organisation.zone,
    }
    return render(request, "desk/reports.html", context)


@door(OFFICER)
@form_page
def new(request: Seated) -> HttpResponse:
    """Choose the period; the figures are counted by the system."""
    _charter(request)
    organisation = request.acting.organisation
    form = reporting.PeriodForm(posted(request), organisation=organisation, today=request.today)
    if request.method == "POST" and form.is_valid():
        made = attempt(form, workflow.draft, officer=request.acting, period=form.chosen)
        if made is not None:
            return redirect("desk:edit-report", made.pk)
    obstacles = not_theirs(request.acting, organisation, Right.PUBLISH)
    context = {
        "form": form,
        "act": Act(_("开始写"), obstacles=obstacles),
        "crumbs": _crumbs(),
    }
    return render(request, "desk/report_new.html", context, status=422 if form.errors else 200)


@door(OFFICER)
@require_safe
def report(request: Seated, key: int) -> HttpResponse:
    """One report: its words, its figures and what stands behind them, what can be done."""
    charter = _charter(request)
    found = _report(request, key)
    facts = queries.facts(found)
    organisation = found.organisation
    acts = _acts(request, found, charter)
    context = {
        "report": found,
        "facts": facts,
        "title": wording.title_of(facts),
        "number": _number(found),
        **_figures(found, facts, charter),
        "counted": wording.counted_on(facts),
        "acts": acts,
        "story": story.events(history(found.subject), story.Names({}, organisation.zone)),
        **oversight.KEY,
        "crumbs": _crumbs(),
        "zone": organisation.zone,
        "today": request.today,
    }
    return render(request, PAGES[ReportKind(found.kind)], context)


PAGES = {
    ReportKind.GENERAL: "desk/office_report.html",
    ReportKind.ANSWERS: "desk/answer_report.html",
}


def _figures(found: Report, facts: reporting.Facts, charter: Charter) -> dict[str, Any]:
    """What the page of this kind of report shows."""
    if found.kind == ReportKind.ANSWERS:
        return answer_reporting.shown(facts, charter)
    return {
        "sections": reporting.sections(facts),
        "departments": reporting.departments(facts, charter),
        "kinds": reporting.kinds(facts),
    }


@door(OFFICER)
@require_safe
def paper(request: Seated, key: int) -> HttpResponse:
    """The report as a PDF for printing and keeping."""
    charter = _charter(request)
    found = _report(request, key)
    answer = HttpResponse(jobs.paper(found), content_type="application/pdf")
    return _named(answer, found, charter, ".pdf")


@door(OFFICER)
@require_safe
def book(request: Seated, key: int) -> HttpResponse:
    """A report on answers as a workbook; 404 for a report of the other kind."""
    charter = _charter(request)
    found = _report(request, key)
    if found.kind != ReportKind.ANSWERS:
        raise Http404
    answer = HttpResponse(jobs.book(found), content_type=MEDIA_TYPE)
    return _named(answer, found, charter, ".xlsx")


@door(OFFICER)
@form_page
def edit(request: Seated, key: int) -> HttpResponse:
    """The introduction, and why things were late."""
    _charter(request)
    found = _report(request, key)
    form = reporting.WritingForm(
        posted(request),
        owed=reporting.owed(queries.facts(found)),
        needed=found.kind == ReportKind.GENERAL,
        initial={"introduction": found.introduction},
    )
    if request.method == "POST" and form.is_valid():
        said = {"introduction": form.cleaned_data["introduction"], "reasons": form.reasons}
        if attempt(form, workflow.revise, report=found, officer=request.acting, **said):
            messages.success(request, _("已保存。"))
            return redirect("desk:office-report", key)
    obstacles = rules.revise_obstacles(found, request.acting)
    context = {
        "form": form,
        "act": Act(_("保存"), obstacles=obstacles),
        "back": reverse("desk:office-report", args=[key]),
        "crumbs": _crumbs(found, _title(request, found)),
    }
    return render(request, "desk/report_edit.html", context, status=422 if form.errors else 200)


# -- acts ------------------------------------------------------------------------------------------


def _proposed(*, report: Report, **asked: Any) -> Report:
    """Handed over only when it can be printed: a sign that no font has is found now."""
    sheet.printed(report)
    return workflow.propose(report=report, **asked)


VERBS = {
    "propose": Verb(
        gettext_lazy("交去定稿"),
        gettext_lazy("定稿的是盖审核章的岗位。定稿以前，数字每次打开都重新统计。"),
        gettext_lazy("已交去定稿。"),
        SureForm,
        _proposed,
    ),
    "finish": Verb(
        gettext_lazy("定稿"),
        gettext_lazy("定稿以后数字和文字都不再变，编上号，归入档案。"),
        gettext_lazy("已定稿，归入档案。"),
        SureForm,
        workflow.finish,
    ),
    "return": Verb(
        gettext_lazy("退回修改"),
        gettext_lazy("起草的人会看到您写的理由，改好以后再交来。"),
        gettext_lazy("已退回。"),
        SendBackForm,
        workflow.send_back,
    ),
    "drop": Verb(
        gettext_lazy("放弃这份报告"),
        gettext_lazy("放弃以后可以另写一份。"),
        gettext_lazy("已放弃。"),
        SureForm,
        workflow.drop,
    ),
}


@door(OFFICER)
@form_page
def act(request: Seated, key: int, verb: str) -> HttpResponse:
    """One act on a report, with the words it asks for."""
    charter, known = _charter(request), VERBS.get(verb)
    found = _report(request, key)
    if known is None:
        raise Http404
    title, here = _title(request, found), reverse("desk:office-report", args=[key])
    after = reverse("desk:reports") if verb == "drop" else here
    return perform(
        request,
        known,
        Place(title, here, after, _crumbs(found, title)),
        lambda: _obstacles(request, found, charter)[verb],
        seen=(lambda: queries.seen(found)) if verb == "finish" else None,
        report=found,
    )


def _obstacles(request: Seated, found: Report, charter: Charter) -> dict[str, list[str]]:
    officer, today = request.acting, request.today
    return {
        "propose": rules.propose_obstacles(found, officer, today),
        "finish": rules.finish_obstacles(found, officer, charter, today),
        "return": rules.return_obstacles(found, officer, charter),
        "drop": rules.drop_obstacles(found, officer),
    }


def _acts(request: Seated, found: Report, charter: Charter) -> list[Act]:
    """What is done next, also by those who may not: they read why."""
    kept = [Act(_("下载PDF"), reverse("desk:report-paper", args=[found.pk]), quiet=True)]
    if found.kind == ReportKind.ANSWERS:
        kept.append(Act(_("下载表格"), reverse("desk:report-book", args=[found.pk]), quiet=True))
    if found.state == ReportState.FINISHED:
        return kept
    obstacles = _obstacles(request, found, charter)
    names = ["finish", "return"] if found.state == ReportState.PROPOSED else ["propose"]
    asked = [
        VERBS[name].act(
            reverse("desk:report-act", args=[found.pk, name]),
            obstacles[name],
            quiet=name in ("return", "drop"),
        )
        for name in [*names, *(["drop"] if found.kind == ReportKind.GENERAL else [])]
    ]
    write = Act(
        _("写前言和原因"),
        reverse("desk:edit-report", args=[found.pk]),
        rules.revise_obstacles(found, request.acting),
    )
    return [*([write] if found.state == ReportState.DRAFT else []), *asked, *kept]


# -- finding ---------------------------------------------------------------------------------------


def _charter(request: Seated) -> Charter:
    """The charter in force; 404 for whoever does not read its organisation's reports."""
    charter = charter_of(request.acting.organisation)[1]
    if not queries.reads(request.acting, charter):
        raise Http404
    return charter


def _report(request: Seated, key: int) -> Report:
    found = queries.report(request.acting.organisation, key)
    if found is None:
        raise Http404
    return found


def _number(found: Report) -> str:
    if found.number is None or found.year is None:
        return ""
    return wording.number(found.year, found.number)


def _title(request: Seated, found: Report) -> str:
    charter = charter_of(request.acting.organisation)[1]
    return wording.called(found, charter)


def _named(answer: HttpResponse, found: Report, charter: Charter, ending: str) -> HttpResponse:
    name = wording.called(found, charter) + ending
    answer.headers["Content-Disposition"] = content_disposition_header(True, name) or ""
    return answer


def _crumbs(found: Report | None = None, title: str = "") -> list[Link]:
    way = [Link(_("工作报告"), reverse("desk:reports"))]
    if found is not None:
        way.append(Link(title, reverse("desk:office-report", args=[found.pk])))
    return way
