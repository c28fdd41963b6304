"""提出内容: send for review, give up, take back."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from gongkai.foundation.organisations.doors import OFFICER, door
from gongkai.foundation.organisations.forms import attempt
from gongkai.foundation.organisations.seat import Seated
from gongkai.procedure.proposals import rules, workflow
from gongkai.procedure.proposals.workflow import statement_wording
from gongkai.procedure.review import rules as review_rules
from gongkai.procedure.review import turns
from gongkai.procedure.review import workflow as review
from gongkai.surfaces.desk import flagging
from gongkai.surfaces.desk.acts import WORDS
from gongkai.surfaces.desk.draft_forms import SubmitForm
from gongkai.surfaces.desk.forms import DropForm, SureForm
from gongkai.surfaces.desk.views.common import (
    act_page,
    dossier_of,
    draft_in_hand,
    form_page,
    posted,
    shown,
)


@door(OFFICER)
@form_page
def submit(request: Seated, address: str) -> HttpResponse:
    """Hand the draft over, with the authenticity statement in full."""
    dossier = dossier_of(request, address)
    draft, officer = draft_in_hand(dossier), request.acting
    form = SubmitForm(posted(request))
    if (
        request.method == "POST"
        and form.is_valid()
        and (under := attempt(form, review.submit, draft=draft, officer=officer))
    ):
        said = {"title": shown(draft.title), "turn": turns.turn(under)}
        messages.success(request, _("已送审《%(title)s》。现在轮到%(turn)s。") % said)
        return redirect("desk:item", address)
    obstacles = rules.submit_obstacles(draft, officer, dossier.charter, dossier.files, dossier.now)
    obstacles += review_rules.submit_obstacles(dossier.looked.findings if dossier.looked else ())
    return act_page(
        request,
        dossier,
        heading=_("送审"),
        lead=_("送审以后不能再改；要改请收回，或者由审核人退回。"),
        label=_("作出承诺，送审"),
        form=form,
        obstacles=() if form.errors else obstacles,
        statement=statement_wording(),
        signed=officer.post_names,
        sheet=dossier.looked_sheet(),
        sections=flagging.before(dossier.looked) if dossier.looked else (),
    )


@door(OFFICER)
@form_page
def drop(request: Seated, address: str) -> HttpResponse:
    """Give up a draft."""
    dossier = dossier_of(request, address)
    draft, officer = draft_in_hand(dossier), request.acting
    form = DropForm(posted(request))
    if request.method == "POST" and form.is_valid():
        reason = form.cleaned_data["text"]
        if attempt(form, workflow.drop, draft=draft, officer=officer, reason=reason):
            messages.success(
                request, _("已放弃草稿《%(title)s》。") % {"title": shown(draft.title)}
            )
            return redirect("desk:inbox")
    return act_page(
        request,
        dossier,
        heading=_("放弃这份草稿"),
        lead=_("放弃以后不能再写，记录里会留下理由。"),
        label=_("放弃草稿"),
        form=form,
        obstacles=() if form.errors else rules.drop_obstacles(draft, officer, WORDS),
    )


@door(OFFICER)
@form_page
def recall(request: Seated, address: str) -> HttpResponse:
    """Take the draft back out of review."""
    dossier = dossier_of(request, address)
    under, officer = dossier.review, request.acting
    if under is None:
        raise Http404
    form = SureForm(posted(request))
    if (
        request.method == "POST"
        and form.is_valid()
        and attempt(form, review.recall, review=under, officer=officer) is not None
    ):
        messages.success(request, _("已收回，可以接着改。"))
        return redirect("desk:edit", address)
    return act_page(
        request,
        dossier,
        heading=_("收回"),
        lead=_("这一轮审核到此为止。改好以后要重新送审，从第一级审起。"),
        label=_("收回"),
        form=form,
        obstacles=() if form.errors else review_rules.recall_obstacles(under, officer),
    )
