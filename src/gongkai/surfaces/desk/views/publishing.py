"""实施公开 and 归档管理: arrange, move, cancel, correct, withdraw, erase, file."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from gongkai.foundation.organisations.doors import OFFICER, door
from gongkai.foundation.organisations.forms import attempt
from gongkai.foundation.organisations.seat import Seated
from gongkai.foundation.ui import marks
from gongkai.foundation.ui.parts import Act
from gongkai.procedure.archive import rules as archive_rules
from gongkai.procedure.archive import workflow as archive
from gongkai.procedure.publication import rules, workflow
from gongkai.procedure.publication.models import Release
from gongkai.surfaces.desk.dossier import Dossier
from gongkai.surfaces.desk.forms import (
    CorrectForm,
    EraseForm,
    MoveForm,
    ScheduleForm,
    SureForm,
    WithdrawForm,
    civil,
    instant,
)
from gongkai.surfaces.desk.pointing import item_href
from gongkai.surfaces.desk.views.common import crumbs, dossier_of, form_page, one_act, posted

# -- arranging -------------------------------------------------------------------------------------


@door(OFFICER)
@form_page
def schedule(request: Seated, address: str) -> HttpResponse:
    """Arrange the stages of the sealed plan that do not stand yet."""
    dossier = dossier_of(request, address)
    edition, officer = dossier.edition, request.acting
    if edition is None:
        return redirect("desk:item", address)
    taken = {release.scope for release in dossier.standing}
    stages = [stage for stage in dossier.stages if stage.scope not in taken]
    form = ScheduleForm(posted(request), stages=stages, zone=dossier.zone, now=dossier.now)
    if request.method == "POST" and form.is_valid():
        made = attempt(
            form, workflow.schedule, edition=edition, officer=officer, steps=form.steps()
        )
        if made:
            names = {stage.scope: stage.name for stage in stages}
            plan = _("，").join(_planned(release, names, dossier.zone) for release in made)
            messages.success(request, _("已安排：%(plan)s。到时自动公开。") % {"plan": plan})
            return redirect("desk:item", address)
    obstacles = () if form.errors else rules.may_schedule_obstacles(edition, officer)
    if not stages and not obstacles:
        obstacles = [_("封存的每一步都已经安排了。要改时间，请到这一件的“公开安排”里改。")]
    context = {
        "item": dossier,
        "edition": edition,
        "form": form,
        "standing": dossier.plan()[: len(taken)],
        "act": Act(_("安排公开"), obstacles=obstacles),
        "back": item_href(address),
        "crumbs": crumbs(dossier),
        "zone": dossier.zone,
    }
    status = 422 if request.method == "POST" else 200
    return render(request, "desk/schedule.html", context, status=status)


def _planned(release: Release, names: dict[str, str], zone: str) -> str:
    name = names.get(release.scope, release.scope)
    return f"{name} {marks.moment(release.opens_at, zone, year=False)}"


@door(OFFICER)
@form_page
def move(request: Seated, address: str, key: int) -> HttpResponse:
    """Give a planned stage another time."""
    dossier = dossier_of(request, address)
    release, officer, zone = _release(dossier, key), request.acting, dossier.zone
    return one_act(
        request,
        dossier,
        MoveForm(posted(request), initial={"opens": civil(release.opens_at, zone)}),
        lambda data: workflow.reschedule(
            release=release, officer=officer, opens_at=instant(data["opens"], zone)
        ),
        told=lambda moved: _("已改到%(at)s公开。") % {"at": marks.moment(moved.opens_at, zone)},
        obstacles=lambda: rules.cancel_obstacles(release, officer),
        heading=_("改公开时间"),
        lead=_("现在定在%(at)s。") % {"at": marks.moment(release.opens_at, zone)},
        label=_("改时间"),
    )


@door(OFFICER)
@form_page
def cancel(request: Seated, address: str, key: int) -> HttpResponse:
    """Cancel a planned stage and those after it."""
    dossier = dossier_of(request, address)
    release, officer = _release(dossier, key), request.acting
    return one_act(
        request,
        dossier,
        SureForm(posted(request)),
        lambda _data: workflow.cancel(release=release, officer=officer),
        told=lambda _done: _("已取消公开安排。封存的内容没有变，随时可以重新安排。"),
        obstacles=lambda: rules.cancel_obstacles(release, officer),
        heading=_("取消公开安排"),
        lead=_("定在%(at)s的这一步，和排在它后面的，都会取消。")
        % {"at": marks.moment(release.opens_at, dossier.zone)},
        label=_("取消安排"),
    )


def _release(dossier: Dossier, key: int) -> Release:
    found = next((release for release in dossier.releases if release.pk == key), None)
    if found is None:
        raise Http404
    found.disclosure = dossier.disclosure
    return found


# -- correcting and taking back --------------------------------------------------------------------


@door(OFFICER)
@form_page
def correct(request: Seated, address: str) -> HttpResponse:
    """Begin a correction: a new draft with its public note."""
    dossier = dossier_of(request, address)
    disclosure, officer = dossier.disclosure, request.acting
    return one_act(
        request,
        dossier,
        CorrectForm(posted(request)),
        lambda data: workflow.correct(
            disclosure=disclosure, officer=officer, note=data["text"], privacy=data["privacy"]
        ),
        told=lambda _done: _("已起草更正稿。改好以后送审，盖章后再安排公开。"),
        obstacles=lambda: rules.may_correct_obstacles(disclosure, officer),
        heading=_("更正"),
        lead=_("更正是另出一版：现在的版本先照样公开，新版本送审、盖章、公开以后代替它。"),
        label=_("开始更正"),
        after=reverse("desk:edit", args=[address]),
    )


@door(OFFICER)
@form_page
def withdraw(request: Seated, address: str) -> HttpResponse:
    """Take back what is open; a tombstone stays."""
    dossier = dossier_of(request, address)
    disclosure, officer = dossier.disclosure, request.acting
    return one_act(
        request,
        dossier,
        WithdrawForm(posted(request)),
        lambda data: workflow.withdraw(disclosure=disclosure, officer=officer, reason=data["text"]),
        told=lambda _done: _("已撤回。原来的地址上会写明撤回的日期和理由。"),
        obstacles=lambda: rules.may_withdraw_obstacles(disclosure, officer),
        heading=_("撤回"),
        lead=_("撤回以后谁也看不到正文和附件，原地址写明日期和理由，登在撤回登记上，不能再公开。"),
        label=_("撤回"),
    )


@door(OFFICER)
@form_page
def ask_erasure(request: Seated, address: str) -> HttpResponse:
    """Ask for the destruction of all the item says."""
    dossier = dossier_of(request, address)
    disclosure, officer = dossier.disclosure, request.acting
    return one_act(
        request,
        dossier,
        EraseForm(posted(request)),
        lambda data: workflow.ask_erasure(
            disclosure=disclosure, officer=officer, reason=data["text"]
        ),
        told=lambda _done: _("已申请清除，等另一位有清除权的人确认。"),
        obstacles=lambda: rules.may_ask_erasure_obstacles(disclosure, officer),
        heading=_("申请清除"),
        lead=_(
            "清除会彻底销毁正文、附件、草稿、提交稿和档案副本，不能恢复，只留下曾经有过这一件的记录。"
            "只用于泄露的个人信息和法院等机关的决定；写错了请用更正，不该公开请用撤回。"
        ),
        label=_("申请清除"),
    )


@door(OFFICER)
@form_page
def confirm_erasure(request: Seated, address: str) -> HttpResponse:
    """Destroy, as the second person."""
    dossier = dossier_of(request, address)
    erasure, officer = dossier.erasure, request.acting
    if erasure is None:
        raise Http404
    return one_act(
        request,
        dossier,
        SureForm(posted(request)),
        lambda _data: workflow.confirm_erasure(erasure=erasure, officer=officer),
        told=lambda _done: _("已清除。正文和附件已经销毁，记录保留。"),
        obstacles=lambda: rules.confirm_erasure_obstacles(erasure, officer),
        heading=_("确认清除"),
        lead=_("%(post)s申请清除，理由是：%(reason)s。确认以后马上销毁，不能恢复。")
        % {"post": erasure.asked_post, "reason": erasure.reason},
        label=_("确认清除"),
    )


# -- filing ----------------------------------------------------------------------------------------


@door(OFFICER)
@form_page
def file(request: Seated, address: str) -> HttpResponse:
    """Close the item and give it its file number."""
    dossier = dossier_of(request, address)
    disclosure, officer = dossier.disclosure, request.acting
    kept = dossier.charter.retention(dossier.entry.retention).name if dossier.entry else ""
    return one_act(
        request,
        dossier,
        SureForm(posted(request)),
        lambda _data: archive.file(disclosure=disclosure, officer=officer),
        told=lambda filing: _("已归档，档号%(number)s。") % {"number": filing.file_number},
        obstacles=lambda: archive_rules.file_obstacles(disclosure, officer),
        heading=_("归档"),
        lead=_(
            "正文、附件、审批记录、意见答复和日志证明合成一件，保管期限：%(kept)s。"
            "归档以后还能更正和撤回，会作为补充材料收进去。"
        )
        % {"kept": kept or _("按封存时的实施办法")},
        label=_("归档"),
    )
