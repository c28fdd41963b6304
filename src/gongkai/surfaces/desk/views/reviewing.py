"""审核确定: pass, send back, let a finding stand, seal."""

from django import forms
from django.http import HttpResponse
from django.utils.translation import gettext as _

from gongkai.foundation.organisations.doors import OFFICER, door
from gongkai.foundation.organisations.queries import Officer
from gongkai.foundation.organisations.seat import Seated
from gongkai.procedure.review import queries, rules, turns, workflow
from gongkai.procedure.review.models import Review
from gongkai.surfaces.desk.acts import WORDS
from gongkai.surfaces.desk.dossier import Dossier
from gongkai.surfaces.desk.forms import ClearForm, OpinionForm, ReturnForm, SureForm
from gongkai.surfaces.desk.views.common import dossier_of, form_page, one_act, posted, shown


def _under_review(dossier: Dossier) -> Review:
    """The round in which somebody has to act. ``Refused`` when there is none."""
    return queries.open_review(dossier.disclosure)


def _deputised(under: Review, officer: Officer) -> str:
    """Said to a deputy: for whom they act, and how it will read."""
    acting = turns.capacity(under, officer)
    if acting is None or acting.by is None:
        return ""
    told = _("您代行%(post)s，会写明“%(name)s”。")
    return told % {"post": acting.post.name, "name": acting.name}


@door(OFFICER)
@form_page
def pass_stage(request: Seated, address: str) -> HttpResponse:
    """Pass the present stage, with an opinion."""
    dossier = dossier_of(request, address)
    under, officer = _under_review(dossier), request.acting
    said = _("现在办%(turn)s。请看过正文、附件和审核前检查再通过。") % {"turn": turns.turn(under)}
    return one_act(
        request,
        dossier,
        OpinionForm(posted(request)),
        lambda data: workflow.pass_stage(review=under, officer=officer, text=data["text"]),
        told=lambda passed: (
            _("已通过《%(title)s》。现在轮到%(turn)s。")
            % {"title": shown(dossier.title), "turn": turns.turn(passed)}
        ),
        obstacles=lambda: rules.pass_obstacles(under, officer),
        heading=_("通过这一级审核"),
        lead=said + _deputised(under, officer),
        label=_("通过"),
        shows=lambda: {"sections": dossier.findings(), "sheet": dossier.sheet()},
    )


@door(OFFICER)
@form_page
def claim(request: Seated, address: str) -> HttpResponse:
    """Take the present stage on."""
    dossier = dossier_of(request, address)
    under, officer = _under_review(dossier), request.acting
    hours = under.charter.charter.claiming.hours
    return one_act(
        request,
        dossier,
        forms.Form(posted(request)),
        lambda _data: workflow.claim(review=under, officer=officer),
        told=lambda _done: (
            _("已认领《%(title)s》，%(hours)s小时以后自己放开。")
            % {"title": shown(dossier.title), "hours": hours}
        ),
        obstacles=lambda: turns.claim_obstacles(under, officer),
        heading=_("认领"),
        lead=_("现在办%(turn)s。认领以后别人先不办；%(hours)s小时没有办，就自己放开。")
        % {"turn": turns.turn(under), "hours": hours},
        label=_("认领"),
    )


@door(OFFICER)
@form_page
def unclaim(request: Seated, address: str) -> HttpResponse:
    """Give the stage back."""
    dossier = dossier_of(request, address)
    under, officer = _under_review(dossier), request.acting
    return one_act(
        request,
        dossier,
        forms.Form(posted(request)),
        lambda _data: workflow.unclaim(review=under, officer=officer),
        told=lambda _done: _("已放开，别人也可以办了。"),
        obstacles=lambda: turns.unclaim_obstacles(under, officer),
        heading=_("放开认领"),
        label=_("放开认领"),
    )


@door(OFFICER)
@form_page
def send_back(request: Seated, address: str) -> HttpResponse:
    """Send the draft back to its proposer."""
    dossier = dossier_of(request, address)
    under, officer = _under_review(dossier), request.acting
    said = {"title": shown(dossier.title), "post": under.draft.proposer_post}
    return one_act(
        request,
        dossier,
        ReturnForm(posted(request)),
        lambda data: workflow.return_draft(review=under, officer=officer, reason=data["text"]),
        told=lambda _done: _("已退回《%(title)s》，%(post)s会看到理由。") % said,
        obstacles=lambda: rules.return_obstacles(under, officer, WORDS),
        heading=_("退回修改"),
        lead=_("%(post)s会看到您写的理由，改好以后要重新送审。") % said,
        label=_("退回修改"),
    )


@door(OFFICER)
@form_page
def clear(request: Seated, address: str, code: str) -> HttpResponse:
    """Let a finding stand, with a signed reason."""
    dossier = dossier_of(request, address)
    under, officer = _under_review(dossier), request.acting
    finding = queries.finding(under, code)
    return one_act(
        request,
        dossier,
        ClearForm(posted(request)),
        lambda data: workflow.clear(
            review=under, officer=officer, finding=finding, reason=data["text"]
        ),
        told=lambda _done: _("已记下您的理由，这一处准予保留。"),
        obstacles=lambda: rules.clear_obstacles(under, officer, finding, WORDS),
        heading=_("核对后保留"),
        lead=_("%(finding)s。写明理由，由您的岗位负责；只对这一轮审核有效。")
        % {"finding": finding.label},
        label=_("准予保留"),
    )


@door(OFFICER)
@form_page
def seal(request: Seated, address: str) -> HttpResponse:
    """Fix the exact bytes under the review seal."""
    dossier = dossier_of(request, address)
    under, officer = _under_review(dossier), request.acting
    return one_act(
        request,
        dossier,
        SureForm(posted(request)),
        lambda _data: workflow.seal(review=under, officer=officer),
        told=lambda edition: (
            _("已盖章封存，编号%(number)s，第%(n)s版。")
            % {"number": edition.seal_number, "n": edition.number}
        ),
        obstacles=lambda: rules.seal_obstacles(under, officer),
        heading=_("加盖审核章"),
        lead=_(
            "盖章把正文、附件、公开范围和最早时间一起封存，以后一个字也不能改；"
            "要改只能更正，另出一版。"
        )
        + _deputised(under, officer),
        label=_("加盖审核章"),
        shows=lambda: {"sheet": dossier.sheet()},
    )
