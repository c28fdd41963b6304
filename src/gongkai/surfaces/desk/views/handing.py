"""提出内容: send for review, give up, take back."""

from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from gongkai.foundation.organisations.doors import OFFICER, door
from gongkai.foundation.organisations.seat import Seated
from gongkai.procedure.proposals import rules, workflow
from gongkai.procedure.proposals.models import Draft
from gongkai.procedure.proposals.workflow import statement_wording
from gongkai.procedure.review import rules as review_rules
from gongkai.procedure.review import turns
from gongkai.procedure.review import workflow as review
from gongkai.surfaces.desk import flagging
from gongkai.surfaces.desk.acts import WORDS
from gongkai.surfaces.desk.dossier import Dossier
from gongkai.surfaces.desk.draft_forms import SubmitForm
from gongkai.surfaces.desk.forms import DropForm, SureForm
from gongkai.surfaces.desk.views.common import (
    dossier_of,
    draft_in_hand,
    form_page,
    one_act,
    posted,
    shown,
)


@door(OFFICER)
@form_page
def submit(request: Seated, address: str) -> HttpResponse:
    """Hand the draft over, with the authenticity statement in full."""
    dossier = dossier_of(request, address)
    draft, officer = draft_in_hand(dossier), request.acting
    return one_act(
        request,
        dossier,
        SubmitForm(posted(request)),
        lambda _data: review.submit(draft=draft, officer=officer),
        told=lambda under: (
            _("已送审《%(title)s》。现在轮到%(turn)s。")
            % {"title": shown(draft.title), "turn": turns.turn(under)}
        ),
        obstacles=lambda: _submit_obstacles(dossier, draft),
        heading=_("送审"),
        lead=_("送审以后不能再改；要改请收回，或者由审核人退回。"),
        label=_("作出承诺，送审"),
        shows=lambda: {
            "statement": statement_wording(),
            "signed": officer.post_names,
            "sheet": dossier.looked_sheet(),
            "sections": flagging.before(dossier.looked) if dossier.looked else (),
        },
    )


def _submit_obstacles(dossier: Dossier, draft: Draft) -> list[str]:
    found = rules.submit_obstacles(
        draft, dossier.officer, dossier.charter, dossier.files, dossier.now
    )
    told = dossier.looked.findings if dossier.looked else ()
    return found + review_rules.submit_obstacles(told)


@door(OFFICER)
@form_page
def drop(request: Seated, address: str) -> HttpResponse:
    """Give up a draft."""
    dossier = dossier_of(request, address)
    draft, officer = draft_in_hand(dossier), request.acting
    return one_act(
        request,
        dossier,
        DropForm(posted(request)),
        lambda data: workflow.drop(draft=draft, officer=officer, reason=data["text"]),
        told=lambda _done: _("已放弃草稿《%(title)s》。") % {"title": shown(draft.title)},
        obstacles=lambda: rules.drop_obstacles(draft, officer, WORDS),
        heading=_("放弃这份草稿"),
        lead=_("放弃以后不能再写，记录里会留下理由。"),
        label=_("放弃草稿"),
        after=reverse("desk:inbox"),
    )


@door(OFFICER)
@form_page
def recall(request: Seated, address: str) -> HttpResponse:
    """Take the draft back out of review."""
    dossier = dossier_of(request, address)
    under, officer = dossier.review, request.acting
    if under is None:
        raise Http404
    return one_act(
        request,
        dossier,
        SureForm(posted(request)),
        lambda _data: review.recall(review=under, officer=officer),
        told=lambda _done: _("已收回，可以接着改。"),
        obstacles=lambda: review_rules.recall_obstacles(under, officer),
        heading=_("收回"),
        lead=_("这一轮审核到此为止。改好以后要重新送审，从第一级审起。"),
        label=_("收回"),
        after=reverse("desk:edit", args=[address]),
    )
