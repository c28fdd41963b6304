"""The catalogue changed on the desk: line by line or as a sheet, and approved by another."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from gongkai.foundation.organisations.doors import OFFICER, door
from gongkai.foundation.organisations.forms import attempt
from gongkai.foundation.organisations.rules import LONGEST_NOTE
from gongkai.foundation.organisations.seat import Seated
from gongkai.foundation.ui.parts import Act, Link
from gongkai.procedure.catalogue import queries, rules, sheet_reading, sheet_writing, workflow
from gongkai.procedure.catalogue.changes import changes
from gongkai.procedure.catalogue.charter import Charter, EntryRule
from gongkai.procedure.catalogue.models import Revision
from gongkai.procedure.catalogue.states import EDITABLE, RevisionState
from gongkai.surfaces.desk import entries
from gongkai.surfaces.desk.entry_form import EntryForm, SheetForm
from gongkai.surfaces.desk.forms import SendBackForm, SureForm, words_form
from gongkai.surfaces.desk.views.common import form_page, posted
from gongkai.surfaces.desk.views.verbs import Place, Verb, page, perform

LISTED = 50
"""How many revisions the list shows, newest first."""


def revision_href(revision: Revision) -> str:
    """The page of a revision."""
    return reverse("desk:revision", args=[revision.pk])


def _crumbs() -> list[Link]:
    return [Link(_("公开目录"), reverse("desk:catalogue"))]


@dataclass(frozen=True)
class Hand:
    """What an officer edits (手上的目录): the revision in hand, or else what is in force."""

    revision: Revision | None
    charter: Charter
    digest: str
    obstacles: Sequence[str]


def _hand(request: Seated) -> Hand:
    officer = request.acting
    version, charter = queries.charter_of(officer.organisation)
    revision = queries.revision_in_hand(officer)
    obstacles = rules.revise_obstacles(officer.organisation, officer, revision)
    if revision is None:
        return Hand(None, charter, version.digest, obstacles)
    return Hand(revision, revision.charter, revision.digest, obstacles)


def _rule(charter: Charter, code: str) -> EntryRule:
    for rule in charter.entries:
        if rule.code == code:
            return rule
    raise Http404


# -- one line --------------------------------------------------------------------------------------


@door(OFFICER)
@form_page
def entry(request: Seated, code: str = "") -> HttpResponse:
    """One line of the catalogue, or a new one; it goes into the officer's revision."""
    hand = _hand(request)
    rule = _rule(hand.charter, code) if code else None
    form = EntryForm(posted(request), charter=hand.charter, rule=rule)
    only_days = "days" in request.POST
    if request.method == "POST" and not only_days and not hand.obstacles and form.is_valid():
        seen = request.POST.get("seen", "")
        revised = attempt(
            form, workflow.revise, officer=request.acting, change=form.wanted, seen=seen
        )
        if revised:
            messages.success(request, _("已记在您的修改里。改完以后一起提请审定。"))
            return redirect(revision_href(revised))
    context = {
        "form": form,
        "rule": rule,
        "title": entries.titled(rule) if rule else "",
        "days": form.days(request.today),
        "only_days": only_days,
        "seen": request.POST.get("seen", hand.digest),
        "act": Act(_("记下这一项"), obstacles=hand.obstacles),
        "crumbs": _crumbs(),
    }
    refused = request.method == "POST" and not only_days
    return render(request, "desk/entry.html", context, status=422 if refused else 200)


@door(OFFICER)
@form_page
def retire(request: Seated, code: str) -> HttpResponse:
    """Leave a line out of the catalogue, in the officer's revision."""
    hand = _hand(request)
    rule = _rule(hand.charter, code)

    def without(charter: Charter) -> list[EntryRule]:
        return [each for each in charter.entries if each.code != code]

    form = SureForm(posted(request))
    if request.method == "POST" and form.is_valid():
        revised = attempt(form, workflow.revise, officer=request.acting, change=without)
        if revised:
            messages.success(request, _("已记在您的修改里：取消%(code)s。") % {"code": code})
            return redirect(revision_href(revised))
    back = reverse("desk:catalogue")
    return page(
        request,
        Place(f"{rule.code} {entries.titled(rule)}", back, back, _crumbs()),
        heading=_("取消这一项"),
        lead=_("取消以后不能再照它公开新的；已经公开的都还在，也还指着它。"),
        form=form,
        obstacles=() if form.errors else hand.obstacles,
    )


# -- the sheet -------------------------------------------------------------------------------------


@door(OFFICER)
@require_safe
def export(request: Seated) -> HttpResponse:
    """The catalogue in force as an .xlsx file."""
    charter = queries.charter_of(request.acting.organisation)[1]
    response = HttpResponse(sheet_writing.workbook(charter), content_type=sheet_writing.MEDIA_TYPE)
    name = f"catalogue-{charter.organisation.slug}.xlsx"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


@door(OFFICER)
@form_page
def sheet(request: Seated) -> HttpResponse:
    """A whole catalogue out of a sheet, into the officer's revision; all of it or nothing."""
    hand = _hand(request)
    form = SheetForm(posted(request), request.FILES if request.method == "POST" else None)
    if request.method == "POST" and not hand.obstacles and form.is_valid():
        data = form.cleaned_data["file"]

        def read(charter: Charter) -> tuple[EntryRule, ...]:
            return sheet_reading.read(data, charter)

        if revised := attempt(form, workflow.revise, officer=request.acting, change=read):
            messages.success(request, _("表已经读进来，记在您的修改里。请看下面改了什么。"))
            return redirect(revision_href(revised))
    context = {
        "form": form,
        "act": Act(_("读进这张表"), obstacles=hand.obstacles),
        "crumbs": _crumbs(),
    }
    status = 422 if request.method == "POST" else 200
    return render(request, "desk/catalogue_sheet.html", context, status=status)


# -- revisions -------------------------------------------------------------------------------------


@door(OFFICER)
@require_safe
def revisions(request: Seated) -> HttpResponse:
    """The changes of the catalogue there were, newest first."""
    found = queries.revisions(request.acting.organisation)[:LISTED]
    rows = [(each, revision_href(each)) for each in found]
    zone = request.acting.organisation.zone
    return render(request, "desk/revisions.html", {"rows": rows, "crumbs": _crumbs(), "zone": zone})


@door(OFFICER)
@require_safe
def revision(request: Seated, key: int) -> HttpResponse:
    """One change of the catalogue: what it says, and what may be done with it."""
    found = _revision(request, key)
    told = changes(found.base.charter, found.charter)
    finished = found.state in (RevisionState.APPROVED, RevisionState.WITHDRAWN)
    context = {
        "revision": found,
        "changes": told,
        "behind": [] if finished else rules.behind_obstacles(found),
        "acts": [] if finished else _acts(request, found),
        "editable": not rules.edit_obstacles(found, request.acting),
        "crumbs": _revision_crumbs(),
        "zone": request.acting.organisation.zone,
    }
    return render(request, "desk/revision.html", context)


def _revision(request: Seated, key: int) -> Revision:
    """The revision ``key``; one still being written is its proposer's alone."""
    found = queries.revision(request.acting.organisation, key)
    own = found is not None and found.proposer_id == request.acting.member.pk
    if found is None or (found.state == RevisionState.DRAFT and not own):
        raise Http404
    return found


def _revision_crumbs() -> list[Link]:
    return [*_crumbs(), Link(_("目录的修改"), reverse("desk:revisions"))]


ReasonForm = words_form(
    gettext_lazy("为什么要改"),
    gettext_lazy("审定人会看到。例如：上级规定改了，写明文号。"),
    most=LONGEST_NOTE,
    required=gettext_lazy("请写明为什么要改目录"),
)


VERBS = {
    "propose": Verb(
        gettext_lazy("提请审定"),
        gettext_lazy("审定以前不会生效。审定人是盖审核章的岗位。"),
        gettext_lazy("已提请审定。"),
        ReasonForm,
        workflow.propose,
    ),
    "approve": Verb(
        gettext_lazy("审定，让它生效"),
        gettext_lazy("审定以后马上生效，新的实施办法作为公开记录登在公开栏上。"),
        gettext_lazy("已经生效，会作为公开记录登在公开栏上。"),
        SureForm,
        workflow.approve,
    ),
    "return": Verb(
        gettext_lazy("退回修改"),
        gettext_lazy("提出人会看到您写的理由，改好以后再交来。"),
        gettext_lazy("已退回，提出人会看到理由。"),
        SendBackForm,
        workflow.send_back,
    ),
    "recall": Verb(
        gettext_lazy("收回"),
        gettext_lazy("收回以后可以接着改，改好要重新提请审定。"),
        gettext_lazy("已收回，可以接着改。"),
        SureForm,
        workflow.recall,
    ),
    "rebase": Verb(
        gettext_lazy("换到新的一版"),
        gettext_lazy("把您的修改放到现行的实施办法上。两边都改过的会一项项指出来。"),
        gettext_lazy("已换到新的一版。请看一遍，再提请审定。"),
        SureForm,
        workflow.rebase,
    ),
    "withdraw": Verb(
        gettext_lazy("撤销这份修改"),
        gettext_lazy("撤销以后不能再改，目录照旧。"),
        gettext_lazy("已撤销，目录照旧。"),
        SureForm,
        workflow.withdraw,
    ),
}


def _obstacles(request: Seated, found: Revision) -> dict[str, list[str]]:
    """Why the officer may not do each thing with the revision."""
    officer = request.acting
    charter = queries.charter_of(officer.organisation)[1]
    return {
        "propose": rules.propose_obstacles(found, officer, charter),
        "approve": rules.approve_obstacles(found, officer, charter),
        "return": rules.return_obstacles(found, officer, charter),
        "recall": rules.recall_obstacles(found, officer),
        "rebase": rules.rebase_obstacles(found, officer),
        "withdraw": rules.withdraw_obstacles(found, officer),
    }


def _acts(request: Seated, found: Revision) -> list[Act]:
    """What is done next, also by those who may not: they read why."""
    own = found.proposer_id == request.acting.member.pk
    obstacles = _obstacles(request, found)
    if found.state in EDITABLE:
        names = ["rebase"] if not obstacles["rebase"] else ["propose"]
        names = [*names, "withdraw"] if own else []
    else:
        names = ["recall", "withdraw"] if own else ["approve", "return"]
    return [
        VERBS[name].act(reverse("desk:revision-act", args=[found.pk, name]), obstacles[name])
        for name in names
    ]


@door(OFFICER)
@form_page
def act(request: Seated, key: int, verb: str) -> HttpResponse:
    """One act on a revision, with the words it asks for."""
    found, known = _revision(request, key), VERBS.get(verb)
    if known is None:
        raise Http404
    about = _("第%(n)s号修改，%(post)s提出") % {"n": found.pk, "post": found.proposer_post}
    here = revision_href(found)
    after = reverse("desk:revisions") if verb == "withdraw" else here
    return perform(
        request,
        known,
        Place(about, here, after, _revision_crumbs()),
        lambda: _obstacles(request, found)[verb],
        seen=(lambda: request.POST.get("seen", found.digest)) if verb == "approve" else None,
        changes=changes(found.base.charter, found.charter),
        revision=found,
    )
