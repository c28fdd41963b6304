"""The desk's pages of runs: ask for one, see how far it is, fetch it, give it up."""

from django.contrib import messages
from django.http import FileResponse, Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from gongkai.foundation.organisations.doors import OFFICER, door
from gongkai.foundation.organisations.forms import attempt
from gongkai.foundation.organisations.seat import Seated
from gongkai.surfaces.board import houses
from gongkai.surfaces.printing import choosing, queries, rules, setting, store, workflow
from gongkai.surfaces.printing.forms import RunForm
from gongkai.surfaces.printing.models import Run
from gongkai.surfaces.printing.states import RunState

SHOWN = 20
"""Runs on the page: those of a week."""


@door(OFFICER)
@require_http_methods(["GET", "HEAD", "POST"])
def runs(request: Seated) -> HttpResponse:
    """The runs there are, and another."""
    officer = request.acting
    given = choosing.offer(houses.town().house(officer.organisation.slug), request.today)
    form = None
    if given is not None:
        data = request.POST if request.method == "POST" else None
        form = RunForm(data, given=given, organisation=officer.organisation)
        if request.method == "POST" and form.is_valid():
            told, words = form.cleaned_data, dict(given.ways())
            run = attempt(
                form,
                workflow.ask,
                officer=officer,
                wanted=given.wanted(told["way"], told["chosen"]),
                what=words[told["way"]],
                size=told["size"],
                mark=told["mark"],
            )
            if run is not None:
                setting.set_sheets.enqueue(run.pk)
                return redirect("printing:run", run.pk)
    context = {
        "rows": queries.of(officer.organisation)[:SHOWN],
        "form": form,
        "zone": officer.organisation.zone,
        "days": rules.KEPT.days,
    }
    refused = form is not None and bool(form.errors)
    return render(request, "printing/runs.html", context, status=422 if refused else 200)


@door(OFFICER)
@require_safe
def run(request: Seated, key: int) -> HttpResponse:
    """How far a run is, and what could not be set."""
    row = _row(request, key)
    named = _named([address for address, _why in row.left_out])
    context = {
        "run": row,
        "whole": len(row.wanted),
        "left_out": [
            (named.get(address, address), _("已经撤回或者更正") if why == setting.GONE else why)
            for address, why in row.left_out
        ],
        "until": row.at + rules.KEPT,
        "obstacles": rules.cancel_obstacles(row, request.acting),
        "zone": row.organisation.zone,
    }
    return render(request, "printing/run.html", context)


@door(OFFICER)
@require_safe
def sheets(request: Seated, key: int) -> HttpResponseBase:
    """All sheets of a finished run in one PDF; nothing once something in it has changed."""
    row = _row(request, key)
    if row.state != RunState.READY:
        raise Http404
    if queries.changed(row):
        workflow.retire(run=row)
        messages.error(request, _("里面有的后来更正或者撤回了，这一批不能再用。请重新排。"))
        return redirect("printing:run", row.pk)
    try:
        made = store.whole(row.folder).open("rb")
    except FileNotFoundError as error:
        raise Http404 from error
    name = f"{_('张贴页')} {row.pk} {row.size.upper()}.pdf"
    answer = FileResponse(made, as_attachment=True, filename=name, content_type="application/pdf")
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return answer


@door(OFFICER)
@require_POST
def cancel(request: Seated, key: int) -> HttpResponse:
    """Give a run up; its bytes go at once."""
    workflow.cancel(run=_row(request, key), officer=request.acting)
    messages.success(request, _("不印了，排好的也删掉了。"))
    return redirect("printing:runs")


def _row(request: Seated, key: int) -> Run:
    row = queries.of(request.acting.organisation).filter(pk=key).first()
    if row is None:
        raise Http404
    return row


def _named(addresses: list[str]) -> dict[str, str]:
    return {item.address: item.openings[-1].edition.title for item in queries.named(addresses)}
