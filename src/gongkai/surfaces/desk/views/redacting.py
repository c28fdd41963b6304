"""提出内容: cover places in an attachment, page by page, and have the copy made."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from django.contrib import messages
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from gongkai.foundation.core.errors import Conflict, Refused
from gongkai.foundation.files import storage
from gongkai.foundation.files.pages.sheets import WHOLE
from gongkai.foundation.files.pages.store import Head, Rendition
from gongkai.foundation.files.redacting import Place, Redacting
from gongkai.foundation.organisations.doors import OFFICER, door
from gongkai.foundation.organisations.seat import Seated
from gongkai.procedure.proposals import jobs, queries, redacting, rules
from gongkai.procedure.proposals.models import DraftFile, Redaction
from gongkai.procedure.proposals.states import RedactionReason, RedactionState
from gongkai.surfaces.desk.dossier import Dossier
from gongkai.surfaces.desk.draft_forms import FindForm, PlaceForm
from gongkai.surfaces.desk.views.common import crumbs, dossier_of
from gongkai.surfaces.members import reading


@dataclass(frozen=True)
class Mark:
    """A place that is covered, as the page shows it (遮盖框)."""

    number: int
    page: int
    box: tuple[int, int, int, int]
    reason: str

    @property
    def size(self) -> tuple[int, int]:
        """Width and height in ten-thousandths of the page."""
        left, top, right, bottom = self.box
        return right - left, bottom - top


@door(OFFICER)
@require_safe
def redact(request: Seated, address: str, key: int) -> HttpResponse:
    """One page of the original with its marks; what can be added, taken away and made."""
    dossier = dossier_of(request, address)
    attachment, redaction = _redaction(dossier, key)
    return _page(request, dossier, attachment, redaction)


@door(OFFICER)
@require_safe
def picture(request: Seated, address: str, key: int, name: str) -> FileResponse:
    """A picture of the original's pages, for whoever may see the draft."""
    _attachment, redaction = _redaction(dossier_of(request, address), key)
    return reading.piece(redaction.original.digest, name)


@door(OFFICER)
@require_POST
def mark(request: Seated, address: str, key: int) -> HttpResponse:
    """Add the place that was drawn or typed."""
    dossier = dossier_of(request, address)
    attachment, redaction = _redaction(dossier, key)
    form = PlaceForm(request.POST)
    if not form.is_valid():
        return _page(request, dossier, attachment, redaction, place=form)
    told = form.cleaned_data
    with _said(request):
        redacting.mark(
            attachment=attachment,
            officer=request.acting,
            places=[Place(told["page"], *form.box)],
            reason=told["reason"],
        )
    return _back(address, key, told["page"])


@door(OFFICER)
@require_POST
def find(request: Seated, address: str, key: int) -> HttpResponse:
    """Mark every place at which some words stand."""
    dossier = dossier_of(request, address)
    attachment, redaction = _redaction(dossier, key)
    form = FindForm(request.POST)
    if not form.is_valid():
        return _page(request, dossier, attachment, redaction, find=form)
    told = form.cleaned_data
    page = told["page"]
    with _said(request):
        if obstacles := rules.mark_obstacles(attachment.draft, request.acting, redaction, []):
            raise Refused(obstacles)
        places = _places(redaction, told["words"])
        if not places:
            messages.warning(request, _("没有找到这些字。扫描件里没有文字，请在页面上画框。"))
        else:
            redacting.mark(
                attachment=attachment, officer=request.acting, places=places, reason=told["reason"]
            )
            page = places[0].page
            messages.success(
                request, _("找到%(n)d处，都画了框。请逐页看一遍。") % {"n": len(places)}
            )
    return _back(address, key, page)


@door(OFFICER)
@require_POST
def unmark(request: Seated, address: str, key: int) -> HttpResponse:
    """Take a mark away."""
    _attachment, redaction = _redaction(dossier_of(request, address), key)
    found = _numbered(redaction, request.POST.get("mark", ""))
    with _said(request):
        redacting.unmark(redaction=redaction, officer=request.acting, place=found)
    return _back(address, key, found["page"])


@door(OFFICER)
@require_POST
def make(request: Seated, address: str, key: int) -> HttpResponse:
    """Have the copy made; the page then says how far it has come."""
    _attachment, redaction = _redaction(dossier_of(request, address), key)
    if redaction.pk is None:
        raise Http404
    with _said(request):
        jobs.redact.enqueue(redacting.make(redaction=redaction, officer=request.acting).pk)
    return _back(address, key, 1)


@door(OFFICER)
@require_POST
def restore(request: Seated, address: str, key: int) -> HttpResponse:
    """Take the original back."""
    attachment, redaction = _redaction(dossier_of(request, address), key)
    if redaction.pk is None:
        raise Http404
    with _said(request):
        redacting.restore(redaction=redaction, officer=request.acting)
        told = _("附件“%(title)s”已恢复成原件，没有遮盖。")
        messages.success(request, told % {"title": attachment.title})
    return redirect("desk:edit", address)


# -- what the page shows ---------------------------------------------------------------------------


def _page(
    request: Seated,
    dossier: Dossier,
    attachment: DraftFile,
    redaction: Redaction,
    place: PlaceForm | None = None,
    find: FindForm | None = None,
) -> HttpResponse:
    original = redaction.original
    head = Rendition(original.digest).head()
    page = _asked(request, head)
    marks = _marks(redaction)
    base = reverse("desk:redact", args=[dossier.disclosure.address, attachment.pk])
    context = {
        "item": dossier,
        "attachment": attachment,
        "redaction": redaction,
        "base": base,
        "pages": head.pages if head else 0,
        "page": page,
        "paper": _paper(original.digest, page, head, base),
        "marks": marks,
        "here": [each for each in marks if each.page == page],
        "elsewhere": [each for each in marks if each.page != page],
        "place": place or PlaceForm(initial={"page": page}),
        "find": find or FindForm(initial={"page": page}),
        "searchable": original.extension == "pdf",
        "obstacles": rules.mark_obstacles(attachment.draft, request.acting, redaction, []),
        "working": redaction.state == RedactionState.WORKING,
        "done": redaction.state == RedactionState.DONE,
        "begun": redaction.pk is not None,
        "crumbs": crumbs(dossier),
    }
    refused = bool((place and place.errors) or (find and find.errors))
    return render(request, "desk/redact.html", context, status=422 if refused else 200)


def _paper(digest: str, page: int, head: Head | None, base: str) -> Mapping[str, Any] | None:
    """The largest picture of the page; None while there is none, or where there cannot be."""
    if head is None or head.trouble or not 1 <= page <= head.pages:
        return None
    pictures = Rendition(digest).sheet(page).pictures
    if not pictures:
        return None
    largest = pictures[-1]
    return {
        "href": f"{base}{largest.digest}.webp",
        "width": largest.width,
        "height": largest.height,
        "whole": WHOLE,
    }


def _asked(request: Seated, head: Head | None) -> int:
    """The page that is looked at: a number within the file, whatever was asked for."""
    given = request.POST.get("page") or request.GET.get("page") or "1"
    last = head.pages if head and head.pages else 1
    number = int(given) if given.isascii() and given.isdigit() and len(given) < 7 else 1
    return min(max(number, 1), last)


def _marks(redaction: Redaction) -> list[Mark]:
    found = [
        Mark(number, each["page"], tuple(each["box"]), str(RedactionReason(each["reason"]).label))
        for number, each in enumerate(redaction.marks)
    ]
    return sorted(found, key=lambda each: (each.page, each.box[1], each.box[0]))


def _numbered(redaction: Redaction, number: str) -> dict[str, Any]:
    """The mark with this number; 404 when there is none."""
    if not (number.isascii() and number.isdigit()) or int(number) >= len(redaction.marks):
        raise Http404
    found: dict[str, Any] = redaction.marks[int(number)]
    return found


def _places(redaction: Redaction, words: str) -> list[Place]:
    original = redaction.original
    with TemporaryDirectory(prefix="gongkai-find-") as folder:
        work = Redacting(storage.path(original.digest), original.extension, Path(folder))
        return work.find(words)


@contextmanager
def _said(request: Seated) -> Iterator[None]:
    """What stands against an act is said on the page that one comes back to."""
    try:
        yield
    except Refused as refused:
        for sentence in refused.obstacles:
            messages.error(request, sentence)
    except Conflict as conflict:
        messages.error(request, str(conflict))


def _redaction(dossier: Dossier, key: int) -> tuple[DraftFile, Redaction]:
    """An attachment of the draft in hand, and what is covered in it, perhaps nothing yet."""
    rows = DraftFile.objects.filter(draft__disclosure=dossier.disclosure)
    rows = rows.select_related("file", "draft__disclosure__organisation").defer("file__text")
    attachment = get_object_or_404(rows, pk=key)
    found = queries.redactions(attachment.draft).get(attachment.pk)
    return attachment, found or Redaction(attachment=attachment, original=attachment.file)


def _back(address: str, key: int, page: int) -> HttpResponse:
    return redirect(f"{reverse('desk:redact', args=[address, key])}?page={page}")
