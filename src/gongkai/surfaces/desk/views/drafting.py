"""Around the text of a draft: saved while it is written, its pictures and attachments, its
earlier revisions, and how it will look on every carrier.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import FileResponse, Http404, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe
from markupsafe import Markup

from gongkai.foundation.core.errors import Conflict, Refused
from gongkai.foundation.files import intake as files
from gongkai.foundation.files.models import StoredFile
from gongkai.foundation.organisations.doors import OFFICER, door
from gongkai.foundation.organisations.seat import Seated
from gongkai.foundation.ui.parts import Act
from gongkai.foundation.ui.policy import with_policy
from gongkai.procedure.feedback.masking import masked
from gongkai.procedure.proposals import jotting, queries, revisions, rules, workflow
from gongkai.procedure.proposals.models import Draft, DraftFile, Revision
from gongkai.procedure.proposals.pictures import ALT_LIMIT, picture_name
from gongkai.procedure.proposals.sanitise import PICTURE
from gongkai.procedure.review import queries as review
from gongkai.procedure.review.difference import difference
from gongkai.surfaces.desk import carriers, jotted, readers, sentences, sheet
from gongkai.surfaces.desk.dossier import Dossier
from gongkai.surfaces.desk.draft_forms import DraftForm
from gongkai.surfaces.desk.views.common import crumbs, dossier_of, draft_in_hand, form_page
from gongkai.surfaces.members.downloads import handed_out

# -- saved while it is written ---------------------------------------------------------------------


@door(OFFICER)
@require_POST
def autosave(request: Seated, address: str) -> JsonResponse:
    """What the editor sends while somebody writes: saved, or why not, in one sentence.

    409 when somebody else saved in between: then these words are set aside, and nothing is lost.
    """
    dossier = dossier_of(request, address)
    draft, officer = dossier.draft, request.acting
    if draft is None:
        return _told(_("这份草稿已经不在手上了。请打开这一件看看。"), 422)
    if obstacles := rules.edit_obstacles(draft, officer):
        return _told(obstacles[0], 422)
    form = _form(request, dossier, draft)
    if not form.is_valid():
        return _told(_("还不能存：%s") % _first(form), 422)
    content, edits = form.content(), form.cleaned_data["edits"] or 0
    try:
        saved = workflow.autosave(draft=draft, officer=officer, edits=edits, **content)
    except Conflict:
        workflow.set_aside(draft=draft, officer=officer, **content)
        return _told(_met(draft, dossier.zone), 409)
    except Refused as refused:
        return _told(_("还不能存：%s") % refused.obstacles[0], 422)
    at = {"time": _clock(saved.changed_at, dossier.zone)}
    return JsonResponse({"edits": saved.edits, "says": _("已保存 %(time)s") % at})


@door(OFFICER)
@require_POST
def jot(request: Seated, code: str) -> JsonResponse:
    """What the editor sends before something new was saved: kept for its writer, no draft yet."""
    officer = request.acting
    entry = queries.entry_of(officer.organisation, code)
    typed = request.POST.get("edits", "")
    edits = int(typed) if typed.isascii() and typed.isdecimal() and len(typed) < 9 else 0
    try:
        row = jotting.jot(officer=officer, entry=entry, edits=edits, said=jotted.said(request.POST))
    except (Refused, Conflict) as refused:
        return _told(" ".join(getattr(refused, "obstacles", [str(refused)])), 422)
    at = {"time": _clock(row.at, officer.organisation.zone)}
    return JsonResponse({"edits": row.edits, "says": _("已留住 %(time)s，还不是草稿") % at})


@door(OFFICER)
@require_POST
def drop_jotting(request: Seated, code: str) -> HttpResponse:
    """Begin the page of something new without the words that were kept."""
    entry = queries.entry_of(request.acting.organisation, code)
    if left := jotting.jotted(request.acting, entry):
        jotting.forget(officer=request.acting, entry=entry, edits=left.edits)
    return redirect("desk:write", code)


def _form(request: Seated, dossier: Dossier, draft: Draft) -> DraftForm:
    rule = dossier.charter.entry(dossier.disclosure.entry.code)
    choose = any(dossier.charter.scope(code).choose for code in rule.scopes)
    return DraftForm(
        request.POST,
        charter=dossier.charter,
        rule=rule,
        people=readers.people(request.acting.organisation, choose),
        draft=draft,
        before=draft.body,
    )


def _first(form: DraftForm) -> str:
    return str(next(error for errors in form.errors.values() for error in errors))


def _met(draft: Draft, zone: str) -> str:
    """Who saved in between, by post, and when."""
    last = queries.last_revision(draft)
    if last is None:
        return _("别人刚刚改过这份草稿。您写的另存了一稿，没有盖掉别人的。")
    said = {"post": last.post, "time": _clock(last.at, zone)}
    return (
        _("%(post)s%(time)s改过这份草稿。您写的另存了一稿，没有盖掉别人的。请看两份的不同。") % said
    )


def _clock(at: datetime, zone: str) -> str:
    there = at.astimezone(ZoneInfo(zone))
    return f"{there.hour}:{there.minute:02d}"


def _told(says: str, status: int) -> JsonResponse:
    return JsonResponse({"says": says}, status=status)


# -- pictures --------------------------------------------------------------------------------------


@door(OFFICER)
@require_POST
def take_picture(request: Seated, address: str) -> JsonResponse:
    """A picture for the text: taken in and attached like any file, then named by its place."""
    dossier = dossier_of(request, address)
    upload, alt = request.FILES.get("picture"), request.POST.get("alt", "").strip()
    if dossier.draft is None:
        return _told(_("这份草稿已经不在手上了。请打开这一件看看。"), 422)
    if not upload or not alt or len(alt) > ALT_LIMIT:
        return _told(_("请选一张图片，写上看不见的人也明白的说明，不超过100个字。"), 422)
    try:
        stored = files.keep(upload, upload.name or "", request.acting)
        if stored.extension not in ("png", "jpg"):
            raise Refused([_("正文里的图片要用PNG或JPG。请另存为这样的图片，再放一次。")])
        _attach(request, dossier.draft, dossier.files, stored, alt)
    except Refused as refused:
        return _told(" ".join(refused.obstacles), 422)
    return JsonResponse({"src": f"/files/{address}/{picture_name(stored)}"})


def _attach(
    request: Seated, draft: Draft, present: Iterable[DraftFile], stored: StoredFile, alt: str
) -> None:
    """Attach the picture, but once: the text may show it in several places."""
    if all(each.file_id != stored.pk for each in present):
        workflow.attach(draft=draft, officer=request.acting, file=stored, title=alt)


@door(OFFICER)
@require_safe
def picture(request: Seated, address: str, filename: str) -> FileResponse:
    """A picture of a text that the desk shows: of a draft, or as it was sealed."""
    dossier = dossier_of(request, address)
    if not PICTURE.fullmatch(f"/files/{address}/{filename}"):
        raise Http404
    rows = DraftFile.objects.filter(draft__disclosure=dossier.disclosure)
    found = rows.filter(file__digest__startswith=filename[:16]).select_related("file")
    if attached := found.defer("file__text").first():
        return handed_out(attached.file.digest, attached.title)
    for edition in dossier.editions:
        for each in review.edition_data(edition)["attachments"] if edition.data else ():
            if filename == f"{each['digest'][:16]}.{each['extension']}":
                return handed_out(each["digest"], each["title"])
    raise Http404


# -- attachments -----------------------------------------------------------------------------------


@door(OFFICER)
@require_POST
def attach(request: Seated, address: str) -> HttpResponse:
    """Add attachments to a draft, apart from its text."""
    dossier = dossier_of(request, address)
    draft = draft_in_hand(dossier)
    for upload in request.FILES.getlist("files"):
        _take(request, draft, upload)
    return redirect("desk:edit", address)


def _take(request: Seated, draft: Draft, upload: UploadedFile[Any]) -> None:
    name = upload.name or ""
    try:
        stored = files.keep(upload, name, request.acting)
        attached = workflow.attach(draft=draft, officer=request.acting, file=stored, title=name)
    except Refused as refused:
        for sentence in refused.obstacles:
            messages.error(request, sentence)
    else:
        messages.success(request, _("已加附件“%(title)s”。") % {"title": attached.title})


@door(OFFICER)
@require_POST
def detach(request: Seated, address: str, key: int) -> HttpResponse:
    """Take an attachment off a draft."""
    dossier = dossier_of(request, address)
    draft = draft_in_hand(dossier)
    file = get_object_or_404(DraftFile, draft=draft, pk=key)
    workflow.detach(draft=draft, officer=request.acting, attachment=file)
    messages.success(request, _("已去掉附件“%(title)s”。") % {"title": file.title})
    return redirect("desk:edit", address)


# -- earlier revisions -----------------------------------------------------------------------------


@door(OFFICER)
@require_safe
def history(request: Seated, address: str) -> HttpResponse:
    """What is kept of how the draft came about, newest first."""
    dossier, draft = _in_hand(request, address)
    context = {
        "item": dossier,
        "zone": dossier.zone,
        "draft": draft,
        "revisions": queries.revisions(draft),
        "most": rules.REVISIONS_LIMIT,
        "crumbs": crumbs(dossier),
    }
    return render(request, "desk/history.html", context)


@door(OFFICER)
@form_page
def earlier(request: Seated, address: str, key: int) -> HttpResponse:
    """What a revision says otherwise than the draft does now; posted, the draft says it again."""
    dossier, draft = _in_hand(request, address)
    found = get_object_or_404(Revision, draft=draft, pk=key)
    if request.method == "POST":
        said = str(request.POST.get("edits", ""))
        edits = int(said) if said.isdecimal() else -1
        workflow.restore(draft=draft, officer=request.acting, edits=edits, revision=found)
        return redirect("desk:edit", address)
    made = difference(_masked(found), _masked(_as_revision(draft)))
    context = {
        "item": dossier,
        "zone": dossier.zone,
        "draft": draft,
        "revision": found,
        "difference": made,
        "title": Markup(made.title),
        "body": Markup(made.body),
        "whole": sheet.flagged(found.body),
        "particulars": _("、").join(
            str(sentences.FIELDS.get(name, name)) for name in made.particulars
        ),
        "restore": Act(_("恢复这一稿"), obstacles=rules.edit_obstacles(draft, request.acting)),
        "crumbs": crumbs(dossier),
    }
    return render(request, "desk/earlier.html", context)


def _as_revision(draft: Draft) -> Revision:
    """What the draft says now, to be compared; never saved."""
    said: dict[str, Any] = revisions.particulars(draft)
    return Revision(draft=draft, title=draft.title, body=draft.body, particulars=said)


def _masked(revision: Revision) -> Revision:
    """The same words without the personal numbers in them; never saved."""
    return Revision(
        title=masked(revision.title),
        body=sheet.plain(revision.body),
        particulars=revision.particulars,
    )


def _in_hand(request: Seated, address: str) -> tuple[Dossier, Draft]:
    """The item and the draft that somebody is writing or reviewing; 404 when there is none."""
    dossier = dossier_of(request, address)
    if dossier.draft is None:
        raise Http404
    return dossier, dossier.draft


# -- how it will look ------------------------------------------------------------------------------


@door(OFFICER)
@require_safe
def preview(request: Seated, address: str) -> HttpResponse:
    """The draft on every carrier that suits it, side by side, as it was saved last."""
    dossier, draft = _in_hand(request, address)
    context = {
        "item": dossier,
        "zone": dossier.zone,
        "draft": draft,
        "carriers": carriers.of(dossier),
        "crumbs": crumbs(dossier),
    }
    response = render(request, "desk/preview.html", context)
    return with_policy(response, frame_src="'self'")


@door(OFFICER)
@require_safe
def carried(request: Seated, address: str, key: str) -> HttpResponse:
    """The draft as the page of one carrier: for a frame of this office alone, without scripts."""
    dossier, _draft = _in_hand(request, address)
    carrier = next((each for each in carriers.of(dossier) if each.key == key), None)
    if carrier is None:
        raise Http404
    response = HttpResponse(carriers.drawn(carrier, request, dossier))
    response["X-Frame-Options"] = "SAMEORIGIN"
    response["Cache-Control"] = "no-store, private"
    return with_policy(
        response, frame_ancestors="'self'", script_src="'none'", form_action="'none'"
    )
