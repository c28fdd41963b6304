"""The page of an item, and what can be looked at from it."""

from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe
from markupsafe import Markup

from gongkai.foundation.organisations.doors import OFFICER, door
from gongkai.foundation.organisations.seat import Seated
from gongkai.procedure.feedback.masking import masked
from gongkai.procedure.proposals.models import DraftFile, Submission
from gongkai.procedure.review import queries as review
from gongkai.procedure.review.difference import difference
from gongkai.procedure.review.models import Edition
from gongkai.surfaces.board.reading import drawn
from gongkai.surfaces.desk import beside, originals, sentences, sheet, upward
from gongkai.surfaces.desk.dossier import Dossier
from gongkai.surfaces.desk.views.common import crumbs, dossier_of
from gongkai.surfaces.members import reading
from gongkai.surfaces.members.downloads import handed_out
from gongkai.surfaces.reach import pictures as reach


@door(OFFICER)
@require_safe
def item(request: Seated, address: str) -> HttpResponse:
    """Everything about one item, and all that may be done with it."""
    dossier = dossier_of(request, address)
    body = dossier.draft.body if dossier.draft else ""
    context = {
        "item": dossier,
        "zone": dossier.zone,
        "today": dossier.today,
        "originals": originals.of(dossier.disclosure, body),
        "opinions": beside.opinions(dossier),
        "priors": upward.requests(dossier),
        "remarks": beside.remarks(dossier.draft, request.acting),
        "reach": reach.of(dossier.disclosure, dossier.today),
    }
    return render(request, "desk/item.html", context)


@door(OFFICER)
@require_safe
def readings(request: Seated, address: str) -> HttpResponse:
    """Who was asked to read the item, and who has confirmed; for the responsible post alone."""
    dossier = dossier_of(request, address)
    if not dossier.readings:
        raise Http404
    context = {"item": dossier, "zone": dossier.zone, "crumbs": crumbs(dossier)}
    return render(request, "desk/readings.html", context)


@door(OFFICER)
@require_safe
def changes(request: Seated, address: str, draft: int, round: int) -> HttpResponse:
    """What a submission changed against the one before it."""
    dossier = dossier_of(request, address)
    found = Submission.objects.filter(
        draft__disclosure=dossier.disclosure, draft__number=draft, round__lte=round
    ).order_by("-round")[:2]
    if len(found) < 2 or found[0].round != round:
        raise Http404
    new, old = map(_masked, found)
    made = difference(old, new)
    context = {
        "item": dossier,
        "zone": dossier.zone,
        "old": old,
        "new": new,
        "difference": made,
        "title": Markup(made.title),
        "body": Markup(made.body),
        "particulars": _("、").join(
            str(sentences.FIELDS.get(name, name)) for name in made.particulars
        ),
        "crumbs": crumbs(dossier),
    }
    return render(request, "desk/changes.html", context)


@door(OFFICER)
@require_safe
def edition(request: Seated, address: str, number: int) -> HttpResponse:
    """The text of a sealed edition."""
    dossier = dossier_of(request, address)
    found = _edition(dossier, number)
    context = {
        "item": dossier,
        "zone": dossier.zone,
        "edition": found,
        "sheet": dossier.edition_sheet(found),
        "crumbs": crumbs(dossier),
    }
    return render(request, "desk/edition.html", context)


@door(OFFICER)
@require_safe
def edition_file(request: Seated, address: str, number: int, filename: str) -> FileResponse:
    """An attachment as it was sealed."""
    found = _edition(dossier_of(request, address), number)
    for each in review.edition_data(found)["attachments"]:
        if filename == f"{each['digest'][:16]}.{each['extension']}":
            return handed_out(each["digest"], each["title"])
    raise Http404


@door(OFFICER)
@require_safe
def draft_file(request: Seated, address: str, key: int) -> FileResponse:
    """An attachment of a draft, for whoever writes or reviews it."""
    file = _draft_file(dossier_of(request, address), key)
    return handed_out(file.file.digest, file.title)


@door(OFFICER)
@require_safe
def read_draft_file(request: Seated, address: str, key: int, part: int = 1) -> HttpResponse:
    """An attachment of a draft page by page, as it will be read once it is public."""
    dossier = dossier_of(request, address)
    file = _draft_file(dossier, key)
    base = reverse("desk:draft-read", args=[address, key])
    original = reverse("desk:draft-file", args=[address, key])
    view = reading.view(file.file.digest, part, base, original)
    context = {
        "title": masked(file.title),
        "view": view,
        "body": drawn(view),
        "crumbs": crumbs(dossier),
    }
    return render(request, "desk/reader.html", context)


@door(OFFICER)
@require_safe
def draft_piece(request: Seated, address: str, key: int, name: str) -> FileResponse:
    """A picture or the text of those pages."""
    file = _draft_file(dossier_of(request, address), key)
    return reading.piece(file.file.digest, name)


def _draft_file(dossier: Dossier, key: int) -> DraftFile:
    files = DraftFile.objects.filter(draft__disclosure=dossier.disclosure).select_related("file")
    return get_object_or_404(files.defer("file__text"), pk=key)


def _masked(submission: Submission) -> Submission:
    """The same words without the personal numbers in them; never saved."""
    submission.title = masked(submission.title)
    submission.body = sheet.plain(submission.body)
    return submission


def _edition(dossier: Dossier, number: int) -> Edition:
    found = next((each for each in dossier.editions if each.number == number), None)
    if found is None or found.data is None:
        raise Http404
    return found
