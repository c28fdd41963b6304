"""落实情况: how the officer's organisation and those below it keep their catalogues."""

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from gongkai.foundation.organisations.doors import ONE_OF, door
from gongkai.foundation.organisations.seat import Seated
from gongkai.foundation.organisations.states import Right
from gongkai.procedure.duties import keeping
from gongkai.surfaces.board import telling
from gongkai.surfaces.desk import oversight

READERS = ONE_OF(Right.SUPERVISE, Right.PUBLISH, Right.PROPOSE)


@door(READERS)
@require_safe
def organisations(request: Seated) -> HttpResponse:
    """Its subordinates side by side, the worst first; without any, its own entries."""
    own = request.acting.organisation
    below = oversight.subordinates(own)
    if not below:
        return _entries(request, own.slug)
    rows = oversight.table([own, *below], request.today)
    total = oversight.total(rows)
    context = {
        "page": Paginator(rows, oversight.PAGE).get_page(request.GET.get("page")),
        "count": len(rows),
        "own": own,
        "total": total,
        **oversight.KEY,
        "share": telling.share(total.on_time, total.owed),
        "parts": oversight.parts(total),
        "since": keeping.window(request.today)[0],
        "today": request.today,
    }
    return render(request, "desk/coverage.html", context)


@door(READERS)
@require_safe
def organisation(request: Seated, slug: str) -> HttpResponse:
    """Every entry of one organisation with its duties; 404 unless it is the officer's or below."""
    return _entries(request, slug)


def _entries(request: Seated, slug: str) -> HttpResponse:
    found = oversight.beneath(request.acting.organisation, slug)
    if found is None:
        raise Http404
    lines = oversight.lines(found)
    total = sum((line.standing.counts for line in lines), keeping.Counts())
    context = {
        "shown": found,
        "lines": lines,
        "total": total,
        "parts": oversight.parts(total),
        **oversight.KEY,
        "done": telling.share(total.done, total.owed),
        "in_time": telling.share(total.on_time, total.owed),
        "since": keeping.window(request.today)[0],
        "today": request.today,
    }
    return render(request, "desk/coverage_of.html", context)
