"""The members' room: the releases open to whoever is signed in."""

from collections.abc import Sequence

from django.contrib import messages
from django.http import FileResponse, Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from gongkai.foundation.core import clock
from gongkai.foundation.core.clock import civil_day
from gongkai.foundation.core.errors import Refused
from gongkai.foundation.ledger.queries import proof
from gongkai.foundation.organisations.doors import MEMBER, door
from gongkai.foundation.organisations.seat import Seated
from gongkai.procedure.acknowledgements import workflow as acknowledgements
from gongkai.surfaces.board.reading import drawn
from gongkai.surfaces.members import downloads, queries, reading, rooms
from gongkai.surfaces.search.views import found


@door(MEMBER)
@require_safe
def listing(request: Seated) -> HttpResponse:
    """What is open to the reader, newest first, a page at a time."""
    assert request.member is not None
    inner = request.GET.get("only") == "inner"
    page = rooms.page(request.reader, _zone(request), inner, request.GET.get("before", ""))
    ask = page.newest and not inner
    context = {
        "page": page,
        "asked": rooms.asked(request.member, request.reader, _zone(request)) if ask else [],
        "inner": inner,
        "today": civil_day(clock.now(), _zone(request)),
        "frame": rooms.frame(request, "inner" if inner else "all"),
    }
    return render(request, "members/list.html", context)


@door(MEMBER)
@require_safe
def search(request: Seated) -> HttpResponseBase:
    """What is open to the reader, found by words; the public's page in the room's frame."""
    return found(request, rooms.searched(request))


@door(MEMBER)
@require_safe
def coverage(request: Seated) -> HttpResponse:
    """How the entries that are for members alone are kept by the reader's own organisation."""
    assert request.member is not None
    context = {
        "lines": rooms.kept(request.reader, request.member.organisation),
        "frame": rooms.frame(request, "coverage"),
    }
    return render(request, "members/coverage.html", context)


@door(MEMBER)
@require_safe
def item(request: Seated, address: str) -> HttpResponse:
    """One item: text, attachments, proof; or what is said in its place."""
    return _item(request, address)


@door(MEMBER)
@require_POST
def confirm(request: Seated, address: str) -> HttpResponse:
    """The reader says to have read the edition that the page showed."""
    assert request.member is not None
    digest = request.POST.get("edition", "")
    rooms.item(request.reader, address)
    try:
        acknowledgements.confirm(member=request.member, address=address, digest=digest)
    except Refused as refused:
        return _item(request, address, status=422, obstacles=refused.obstacles)
    messages.success(request, _("已经记下：您读过这一件。"))
    return redirect("members:item", address)


def _item(
    request: Seated, address: str, status: int = 200, obstacles: Sequence[str] = ()
) -> HttpResponse:
    assert request.member is not None
    found = rooms.item(request.reader, address)
    context = {
        **rooms.context(found, request.member, _zone(request)),
        "obstacles": obstacles,
        "frame": rooms.frame(request, ""),
    }
    return render(request, "members/item.html", context, status=status)


@door(MEMBER)
@require_safe
def attachment(request: Seated, address: str, filename: str) -> FileResponse:
    """An attachment of an edition that is open to the reader."""
    file = rooms.attachment(rooms.item(request.reader, address), filename)
    return downloads.handed_out(file.digest, file.title)


@door(MEMBER)
@require_safe
def reader(request: Seated, address: str, filename: str, part: int = 1) -> HttpResponse:
    """The attachment page by page, as on the board."""
    found = rooms.item(request.reader, address)
    file = rooms.attachment(found, filename)
    base = reverse("members:read", args=[address, filename])
    original = reverse("members:file", args=[address, filename])
    view = reading.view(file.digest, part, base, original)
    context = {
        "item": found,
        "title": found.openings[-1].edition.title,
        "item_href": reverse("members:item", args=[address]),
        "file": file,
        "view": view,
        "body": drawn(view),
        "frame": rooms.frame(request, ""),
    }
    return render(request, "members/reader.html", context)


@door(MEMBER)
@require_safe
def piece(request: Seated, address: str, filename: str, name: str) -> FileResponse:
    """A picture or the text of those pages, for whoever may read the attachment now."""
    file = rooms.attachment(rooms.item(request.reader, address), filename)
    return reading.piece(file.digest, name)


@door(MEMBER)
@require_safe
def proved(request: Seated, address: str, version: int) -> HttpResponse:
    """The proof that an opening lies in the log, to be checked without us."""
    for record in queries.of_item(request.reader, address):
        if record.kind == "release" and record.version == version and (made := proof(record)):
            response = HttpResponse(made.text(), content_type="text/plain; charset=utf-8")
            name = f"{address}-v{version}.tlog-proof"
            response["Content-Disposition"] = f'attachment; filename="{name}"'
            return response
    raise Http404


def _zone(request: Seated) -> str:
    assert request.member is not None
    return request.member.organisation.zone
