"""The briefs in the members' room 成员看简报: the issues, one of them, and its files."""

from collections.abc import Callable

from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from gongkai.foundation.core.errors import Refused
from gongkai.foundation.ledger.models import PublicRecord
from gongkai.foundation.organisations.doors import MEMBER, door
from gongkai.foundation.organisations.seat import Seated
from gongkai.surfaces.channels.briefs import reading, sheet
from gongkai.surfaces.channels.briefs.models import Brief
from gongkai.surfaces.members import rooms
from gongkai.surfaces.members.downloads import handed_out

_DIGITS = 19
"""Fewer than a database could not take as a number."""
PDF = "application/pdf"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


@door(MEMBER)
@require_safe
def listing(request: Seated) -> HttpResponse:
    """The issues for the reader, newest first."""
    before = request.GET.get("before", "")
    if before and not (before.isascii() and before.isdecimal() and len(before) < _DIGITS):
        raise Http404
    rows, older = reading.rows(request.reader, _zone(request), int(before) if before else None)
    context = {"rows": rows, "older": older, "frame": rooms.frame(request, "briefs")}
    return render(request, "members/briefs.html", context)


@door(MEMBER)
@require_safe
def issue(request: Seated, seq: int) -> HttpResponse:
    """One issue, as far as the reader may still see what stands in it."""
    found = reading.issue(request.reader, _record(request, seq), _zone(request))
    context = {"issue": found, "zone": _zone(request), "frame": rooms.frame(request, "briefs")}
    return render(request, "members/brief.html", context)


@door(MEMBER)
@require_safe
def paper(request: Seated, seq: int) -> HttpResponseBase:
    """The PDF: the sealed one; a later copy where something in it was taken away since."""
    brief, gone, name = _standing(request, seq)
    if not gone and brief.paper is not None:
        return handed_out(brief.paper.digest, name)
    return _copy(lambda: sheet.printed(brief, gone), PDF, f"{name}.pdf")


@door(MEMBER)
@require_safe
def words(request: Seated, seq: int) -> HttpResponseBase:
    """The .docx, likewise."""
    brief, gone, name = _standing(request, seq)
    if not gone and brief.word is not None:
        return handed_out(brief.word.digest, name)
    from gongkai.surfaces.channels.briefs import word

    return _copy(lambda: word.document(brief, gone), DOCX, f"{name}.docx")


def _record(request: Seated, seq: int) -> PublicRecord:
    found = reading.record(request.reader, seq) if len(str(seq)) < _DIGITS else None
    if found is None:
        raise Http404
    return found


def _standing(request: Seated, seq: int) -> tuple[Brief, frozenset[str], str]:
    found = reading.standing(_record(request, seq))
    if found is None:
        raise Http404
    brief, gone = found
    name = _("简报%(year)s年第%(number)s期") % {"year": brief.year, "number": brief.number}
    return brief, gone, name


def _copy(compose: Callable[[], bytes], kind: str, name: str) -> HttpResponse:
    """A later copy, composed now; 404 where a sign in it cannot be set any more."""
    try:
        made = compose()
    except Refused as refused:
        raise Http404 from refused
    answer = HttpResponse(made, content_type=kind)
    answer["Content-Disposition"] = content_disposition_header(True, name) or ""
    answer["X-Content-Type-Options"] = "nosniff"
    return answer


def _zone(request: Seated) -> str:
    assert request.member is not None
    return request.member.organisation.zone
