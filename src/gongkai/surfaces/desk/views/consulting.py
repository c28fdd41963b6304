"""审核确定, beside the stages: ask other posts, give an opinion, comment in the text."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from gongkai.foundation.organisations import queries as organisations
from gongkai.foundation.organisations.doors import OFFICER, door
from gongkai.foundation.organisations.forms import attempt
from gongkai.foundation.organisations.seat import Seated
from gongkai.foundation.ui import marks
from gongkai.procedure.review import anchoring, consulting, queries, remarking, rules
from gongkai.procedure.review.models import Consultation
from gongkai.procedure.review.states import Advice
from gongkai.surfaces.desk import beside
from gongkai.surfaces.desk.acts import WORDS
from gongkai.surfaces.desk.dossier import Dossier
from gongkai.surfaces.desk.forms import SureForm
from gongkai.surfaces.desk.review_forms import AdviseForm, AskForm, RemarkForm
from gongkai.surfaces.desk.views.common import (
    crumbs,
    dossier_of,
    form_page,
    one_act,
    posted,
    shown,
)


@door(OFFICER)
@form_page
def ask(request: Seated, address: str) -> HttpResponse:
    """Ask several posts at once for their opinion."""
    dossier, officer = dossier_of(request, address), request.acting
    under = queries.open_review(dossier.disclosure)
    posts = organisations.held_posts(officer.organisation, request.today)
    wait = under.charter.charter.consulting.wait
    return one_act(
        request,
        dossier,
        AskForm(posted(request), posts=posts),
        lambda data: consulting.ask(
            review=under, officer=officer, posts=data["posts"], question=data["text"]
        ),
        told=lambda made: (
            _("已请%(posts)s会签，%(day)s前答复。")
            % {
                "posts": _("、").join(each.post.name for each in made),
                "day": marks.day(made[0].due_on),
            }
        ),
        obstacles=lambda: rules.may_ask_obstacles(under, officer),
        heading=_("请会签"),
        lead=_("同时问几个岗位，谁先看都可以。")
        + (_("没有答复以前，最后一级不能通过。") if wait else ""),
        label=_("请他们会签"),
    )


@door(OFFICER)
@form_page
def advise(request: Seated, address: str, key: int) -> HttpResponse:
    """Give the opinion that a post was asked for."""
    dossier, officer = dossier_of(request, address), request.acting
    asked = _asked(dossier, key)
    return one_act(
        request,
        dossier,
        AdviseForm(posted(request)),
        lambda data: consulting.advise(asked=asked, officer=officer, **data),
        told=lambda _done: _("已写下对《%(title)s》的会签意见。") % {"title": shown(dossier.title)},
        obstacles=lambda: rules.advise_obstacles(asked, officer, Advice.AGREE, WORDS),
        heading=_("会签"),
        lead=_("%(asked)s请%(post)s会签，%(day)s前答复。%(question)s")
        % {
            "asked": asked.asked_as,
            "post": asked.post.name,
            "day": marks.day(asked.due_on),
            "question": asked.question,
        },
        label=_("送出会签意见"),
        after=reverse("desk:inbox"),
        shows=lambda: {"sections": dossier.findings(), "sheet": dossier.sheet()},
    )


@door(OFFICER)
@form_page
def unask(request: Seated, address: str, key: int) -> HttpResponse:
    """No longer wait for an opinion."""
    dossier, officer = dossier_of(request, address), request.acting
    asked = _asked(dossier, key)
    return one_act(
        request,
        dossier,
        SureForm(posted(request)),
        lambda _data: consulting.drop(asked=asked, officer=officer),
        told=lambda _done: _("不再等%(post)s会签。") % {"post": asked.post.name},
        obstacles=lambda: rules.drop_obstacles(asked, officer),
        heading=_("不再等%(post)s会签") % {"post": asked.post.name},
        lead=_("审批表上会写明请过它、没有等到意见。"),
        label=_("不再等"),
    )


@door(OFFICER)
@form_page
def remark(request: Seated, address: str) -> HttpResponse:
    """Comment at a place in the text: by its number, or by selecting it."""
    dossier, officer = dossier_of(request, address), request.acting
    under = queries.open_review(dossier.disclosure)
    form = RemarkForm(posted(request), texts=anchoring.texts(under.draft.body))
    if (
        request.method == "POST"
        and form.is_valid()
        and attempt(form, remarking.remark, review=under, officer=officer, **form.cleaned_data)
        is not None
    ):
        messages.success(request, _("已写下批注。退回以后，提出人在编辑时看得到。"))
        return redirect("desk:remark", address)
    context = {
        "item": dossier,
        "form": form,
        "obstacles": () if form.errors else rules.may_remark_obstacles(under, officer),
        "remarks": beside.remarks(dossier.draft, officer),
        "sheet": dossier.sheet(),
        "zone": dossier.zone,
        "back": reverse("desk:item", args=[address]),
        "crumbs": crumbs(dossier),
    }
    status = 422 if request.method == "POST" else 200
    return render(request, "desk/remark.html", context, status=status)


@door(OFFICER)
@require_POST
def unsay(request: Seated, address: str, key: int) -> HttpResponse:
    """Take back one's own comment."""
    dossier = dossier_of(request, address)
    under = queries.open_review(dossier.disclosure)
    remarking.unsay(remark=queries.remark(under.draft, key), officer=request.acting)
    messages.success(request, _("已去掉这条批注。"))
    return redirect("desk:remark", address)


@door(OFFICER)
@require_POST
def resolve(request: Seated, address: str, key: int) -> HttpResponse:
    """Mark a comment as dealt with."""
    dossier = dossier_of(request, address)
    if dossier.draft is None:
        return redirect("desk:item", address)
    remarking.resolve(remark=queries.remark(dossier.draft, key), officer=request.acting)
    messages.success(request, _("已标为改好。"))
    return redirect("desk:edit" if "edit" in request.POST else "desk:item", address)


def _asked(dossier: Dossier, key: int) -> Consultation:
    return queries.consultation(queries.open_review(dossier.disclosure), key)
