"""读入文件: bring many files, see what came of each, and only then make something of it."""

from collections.abc import Sequence
from functools import partial
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import FileResponse, Http404, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from gongkai.foundation.core.errors import Conflict, Refused
from gongkai.foundation.files import intake as files
from gongkai.foundation.files.models import StoredFile
from gongkai.foundation.organisations.doors import OFFICER, door
from gongkai.foundation.organisations.forms import attempt
from gongkai.foundation.organisations.seat import Seated
from gongkai.foundation.ui.parts import Link
from gongkai.procedure.catalogue.queries import charter_of
from gongkai.procedure.imports import jobs, queries, rules, workflow
from gongkai.procedure.imports.models import Import
from gongkai.procedure.imports.states import OPEN, ImportState, Use
from gongkai.procedure.proposals import queries as proposals
from gongkai.procedure.proposals import rules as proposal_rules
from gongkai.procedure.proposals.models import Draft
from gongkai.procedure.proposals.pictures import picture_name
from gongkai.surfaces.board.reading import TOGETHER, drawn
from gongkai.surfaces.desk import sheet
from gongkai.surfaces.desk.dossier import visible as seen
from gongkai.surfaces.desk.forms import ChooseForm
from gongkai.surfaces.desk.pointing import item_href
from gongkai.surfaces.desk.views.common import form_page, posted, shown
from gongkai.surfaces.members import reading
from gongkai.surfaces.members.downloads import handed_out

MEGABYTE = 1024 * 1024
AT_ONCE = 100
"""Files of one form; Django takes no more."""
SHOWN = 200


@door(OFFICER)
@form_page
def imports(request: Seated) -> HttpResponse:
    """Bring files, one or many; each has its own outcome, and a bad one keeps no other out."""
    draft = _target(request)
    if request.method == "POST":
        return _taken(request, draft)
    rows = list(queries.in_hand(request.acting.organisation)[:SHOWN])
    rows = [row for row in rows if draft is None or row.target_id == draft.disclosure_id]
    context = {
        "rows": [(row, _progress(row)) for row in rows],
        "waits": any(row.state == ImportState.WAITING for row in rows),
        "draft": draft,
        "obstacles": rules.take_obstacles(request.acting, draft),
        "limit": settings.UPLOAD_LIMIT // MEGABYTE,
        "bytes": settings.UPLOAD_LIMIT,
        "most": AT_ONCE,
        "crumbs": _crumbs(draft),
        "zone": request.acting.organisation.zone,
    }
    return render(request, "desk/imports.html", context)


def _taken(request: Seated, draft: Draft | None) -> HttpResponse:
    """Each file by itself; a script that sends them one by one is told as data."""
    if obstacles := rules.take_obstacles(request.acting, draft):
        raise Refused(obstacles)
    outcomes = [_take(request, upload, draft) for upload in request.FILES.getlist("files")]
    if request.headers.get("Accept", "") == "application/json":
        row, sentences = outcomes[0] if outcomes else (None, [_("没有文件。")])
        href = reverse("desk:import", args=[row.pk]) if row else ""
        told = {"taken": row is not None, "sentences": sentences, "href": href}
        return JsonResponse(told, status=200 if row else 422)
    if not outcomes:
        messages.error(request, _("请先选文件。"))
    for row, sentences in outcomes:
        for sentence in sentences:
            (messages.success if row else messages.error)(request, sentence)
    asked = f"?for={draft.disclosure.address}" if draft else ""
    return redirect(reverse("desk:imports") + asked)


def _take(request: Seated, upload: Any, draft: Draft | None) -> tuple[Import | None, list[str]]:
    name = upload.name or ""
    try:
        stored = files.keep(upload, name, request.acting)
        row = workflow.take(officer=request.acting, file=stored, name=name, draft=draft)
    except Refused as refused:
        return None, refused.obstacles
    jobs.read_in.enqueue(row.pk)
    return row, [_("“%(name)s”收下了，正在读。") % {"name": shown(row.name)}]


# -- one file --------------------------------------------------------------------------------------


@door(OFFICER)
@form_page
def one(request: Seated, key: int) -> HttpResponse:
    """What came of a file, beside the original; and what is to be made of it."""
    row = _row(request, key)
    draft = proposals.draft_in_hand(row.target) if row.target else None
    choices = _choices(request, row, draft)
    problems: Sequence[str] = ()
    if request.method == "POST":
        try:
            return _used(request, row, draft, choices)
        except Refused as refused:
            problems = refused.obstacles
        except Conflict:
            problems = [_("别人刚刚改过这份草稿，什么都没有动。请看最新的草稿，再决定一次。")]
    made = row.made or {}
    shown_at = partial(_picture_at, row.pk)
    doubtful = [each["words"] for each in made.get("doubts", ())]
    context = {
        "row": row,
        "open": row.state in OPEN,
        "made": made,
        "title": sheet.line(made.get("title", "")),
        "body": sheet.unsure(sheet.flagged(made.get("html", ""), shown_at), doubtful),
        "progress": _progress(row),
        "pages": _pages(row),
        "draft": draft,
        "choices": choices,
        "problems": problems,
        "obstacles": proposal_rules.writer_obstacles(row.organisation, request.acting),
        "current": sheet.flagged(draft.body) if draft else "",
        "before": sheet.flagged(row.before["body"]) if row.before else "",
        "crumbs": _crumbs(draft, row),
        "zone": row.organisation.zone,
    }
    return render(request, "desk/import.html", context, status=422 if problems else 200)


def _choices(request: Seated, row: Import, draft: Draft | None) -> ChooseForm | None:
    """The entry for something new, where no draft was named."""
    if draft is not None or row.state not in OPEN:
        return None
    _version, charter = charter_of(row.organisation)
    return ChooseForm(posted(request), categories=charter.categories, entries=charter.entries)


def _used(
    request: Seated, row: Import, draft: Draft | None, choices: ChooseForm | None
) -> HttpResponse:
    officer, wanted = request.acting, request.POST.get("use", "")
    if wanted == "drop":
        workflow.drop(row=row, officer=officer)
        messages.success(request, _("“%(name)s”放在一边了。") % {"name": shown(row.name)})
        return redirect("desk:imports")
    if wanted == "again":
        workflow.again(row=row, officer=officer)
        jobs.read_in.enqueue(row.pk)
        return redirect("desk:import", row.pk)
    if draft is not None and wanted in (Use.APPEND, Use.REPLACE, Use.ATTACH):
        edits = request.POST.get("edits", "")
        seen = int(edits) if edits.isascii() and edits.isdecimal() and len(edits) < 9 else -1
        workflow.put_in(row=row, officer=officer, draft=draft, use=Use(wanted), edits=seen)
        messages.success(request, _("已放进草稿《%(title)s》。") % {"title": shown(draft.title)})
        return redirect("desk:edit", draft.disclosure.address)
    if choices is None or not choices.is_valid():
        raise Refused(choices.errors.get("entry", []) if choices else [_("请选要怎么用。")])
    entry = proposals.entry_of(row.organisation, choices.cleaned_data["entry"])
    begun = attempt(choices, workflow.begin, row=row, officer=officer, entry=entry)
    if begun is None:
        raise Refused(choices.non_field_errors())
    messages.success(request, _("已写成草稿。请核对正文，再送审。"))
    return redirect("desk:edit", begun.disclosure.address)


@door(OFFICER)
@require_safe
def original(request: Seated, key: int) -> FileResponse:
    """The file as it was brought."""
    row = _row(request, key)
    return handed_out(row.file.digest, row.name)


def _picture_at(key: int, _address: str, name: str) -> str:
    return reverse("desk:import-picture", args=[key, name])


@door(OFFICER)
@require_safe
def picture(request: Seated, key: int, name: str) -> FileResponse:
    """A picture of the text that was read out of the file."""
    digests = (_row(request, key).made or {}).get("pictures", ())
    found = StoredFile.objects.filter(digest__in=digests, digest__startswith=name[:16]).first()
    if found is None or found.erased_at or name != picture_name(found):
        raise Http404
    return handed_out(found.digest, name)


@door(OFFICER)
@require_safe
def read(request: Seated, key: int, part: int = 1) -> HttpResponse:
    """The original page by page."""
    row = _row(request, key)
    base = reverse("desk:import-read", args=[key])
    view = reading.view(row.file.digest, part, base, reverse("desk:import-file", args=[key]))
    context = {
        "title": row.name,
        "view": view,
        "body": drawn(view),
        "crumbs": [Link(_("读入文件"), reverse("desk:imports")), Link(row.name, _href(row))],
    }
    return render(request, "desk/reader.html", context)


@door(OFFICER)
@require_safe
def piece(request: Seated, key: int, name: str) -> FileResponse:
    """A picture or the text of those pages."""
    return reading.piece(_row(request, key).file.digest, name)


# -- finding ---------------------------------------------------------------------------------------


def _row(request: Seated, key: int) -> Import:
    """The import, for who writes here, who brought it, and who may look into what it became."""
    officer = request.acting
    row = queries.rows().filter(pk=key, organisation=officer.organisation).first()
    if row is None or row.file.erased_at:
        raise Http404
    if rules.visible(officer).filter(pk=key).exists():
        return row
    if row.disclosure and proposal_rules.may_see(row.disclosure, officer):
        return row
    raise Http404


def _target(request: Seated) -> Draft | None:
    address = str(request.POST.get("for") or request.GET.get("for", ""))
    if not address:
        return None
    disclosure = seen(address, request.acting)
    draft = proposals.draft_in_hand(disclosure) if disclosure else None
    if draft is None:
        raise Http404
    return draft


def _progress(row: Import) -> queries.Progress | None:
    return queries.progress(row.file) if row.state == ImportState.WAITING else None


def _pages(row: Import) -> list[tuple[int, str, str]]:
    """The first pages as small pictures: number, address of the picture, address of the page."""
    base = reverse("desk:import-read", args=[row.pk])

    def at(number: int) -> str:
        part = (number - 1) // TOGETHER + 1
        return f"{base if part == 1 else f'{base}{part}/'}#p{number}"

    found = queries.previews(row.file)
    return [(number, f"{base}{digest}.webp", at(number)) for number, digest in found]


def _href(row: Import) -> str:
    return reverse("desk:import", args=[row.pk])


def _crumbs(draft: Draft | None, row: Import | None = None) -> list[Link]:
    if draft is None:
        return [Link(_("读入文件"), reverse("desk:imports"))] if row else []
    found = [Link(draft.title, item_href(draft.disclosure.address))]
    if row:
        found.append(
            Link(_("读入文件"), f"{reverse('desk:imports')}?for={draft.disclosure.address}")
        )
    return found
