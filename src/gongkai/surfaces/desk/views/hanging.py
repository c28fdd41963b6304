"""处理反馈: a voice and the wall; what is proposed, how it will look, and the second person."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.conf import settings
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from gongkai.foundation.organisations.doors import OFFICER, door
from gongkai.foundation.organisations.queries import Officer
from gongkai.foundation.organisations.seat import Seated
from gongkai.procedure.feedback import hanging, queries, wall, wall_rules
from gongkai.procedure.feedback.models import Case, Wording
from gongkai.procedure.feedback.states import TO_KEEP_OFF, TO_TAKE_DOWN, WallReason
from gongkai.surfaces.desk import pointing
from gongkai.surfaces.desk.acts import WORDS
from gongkai.surfaces.desk.hung import Stand
from gongkai.surfaces.desk.views.cases import case_of
from gongkai.surfaces.desk.views.sections import (
    Acts,
    Bound,
    Forms,
    Section,
    Writer,
    crumbs,
    perform,
)
from gongkai.surfaces.desk.wall_forms import (
    KeepOffForm,
    ReturnWordingForm,
    TakeDownForm,
    WordingForm,
)


@door(OFFICER)
@require_safe
def page(request: Seated, number: str) -> HttpResponse:
    """What is proposed for the wall, and what may be done."""
    return _page(request, case_of(request, number), {})


@door(OFFICER)
@require_POST
def act(request: Seated, number: str, verb: str) -> HttpResponse:
    """Do one of them."""
    return perform(request, number, verb, ACTS, FORMS, _page, "desk:case-wall")


def _page(request: Seated, found: Case, bound: Bound) -> HttpResponse:
    place, waiting = hanging.of(found), queries.waiting_wording(found)
    stands = Stand(found, place, waiting)
    address = f"{settings.BOARD_URL}/w/{place.address}" if place and stands.up else ""
    context = {
        "case": found,
        "title": pointing.voice(found),
        "stands": stands,
        "original": found.text,
        "preview": waiting or (place.wording if place and stands.up else None),
        "reason": _reason(waiting or (place.wording if place else None)),
        "href": address,
        "sections": _sections(found, stands, request.acting, bound),
        "zone": found.organisation.zone,
        "crumbs": crumbs(found),
    }
    return render(request, "desk/case_wall.html", context, status=422 if bound else 200)


def _reason(wording: Wording | None) -> str:
    if wording is None or not wording.reason:
        return ""
    said = {"reason": WallReason(wording.reason).label, "why": wording.why}
    return _("%(reason)s（%(why)s）") % said


# -- the acts --------------------------------------------------------------------------------------


def _propose(case: Case, officer: Officer, data: Mapping[str, Any]) -> str:
    written = wall.propose(case=case, officer=officer, **data)
    if written.passed_at:
        return _("按“%(name)s”已经上墙。") % {"name": written.exemption}
    return _("已提请，等另一位有审定权的人审定。")


def _keep_off(case: Case, officer: Officer, data: Mapping[str, Any]) -> str:
    wall.keep_off(case=case, officer=officer, **data)
    return _("已提请不上墙，等另一位有审定权的人审定。")


def _pass(case: Case, officer: Officer, data: Mapping[str, Any]) -> str:
    place = wall.pass_wording(wording=_waiting(case), officer=officer)
    return _("已审定，不上墙，计入调整登记。") if place.wording.off else _("已审定，马上上墙。")


def _send_back(case: Case, officer: Officer, data: Mapping[str, Any]) -> str:
    wall.send_back(wording=_waiting(case), officer=officer, reason=data["text"])
    return _("已退回上墙稿。")


def _take_down(case: Case, officer: Officer, data: Mapping[str, Any]) -> str:
    wall.take_down(case=case, officer=officer, **data)
    return _("已撤下，墙上留下日期和理由。")


ACTS: Acts = {
    "propose": _propose,
    "keep-off": _keep_off,
    "pass": _pass,
    "return": _send_back,
    "take-down": _take_down,
}

FORMS: Forms = {
    "propose": lambda case, data: WordingForm(data, prefix="words", initial=_words(case)),
    "keep-off": lambda case, data: KeepOffForm(data, prefix="off"),
    "pass": lambda case, data: forms.Form(data),
    "return": lambda case, data: ReturnWordingForm(data, prefix="back"),
    "take-down": lambda case, data: TakeDownForm(data, prefix="down"),
}


def _waiting(case: Case) -> Wording:
    """What waits, or what was proposed last, for the rule to say the rest."""
    found = queries.waiting_wording(case) or queries.last_wording(case)
    if found is None:
        raise Http404
    found.case = case
    return found


def _words(case: Case) -> dict[str, str]:
    """What the form begins with: what was proposed last, or the voice's words, numbers masked."""
    last = queries.last_wording(case)
    if last is None or last.off:
        return {"text": hanging.words_of(case)}
    address = last.item.address if last.item else ""
    return {"text": last.text, "reason": last.reason, "why": last.why, "item": address}


def _sections(case: Case, stands: Stand, officer: Officer, bound: Bound) -> list[Section]:
    """The acts that the wall may need, each with what stands in its way."""

    section = Writer(case, FORMS, bound)
    found = []
    if stands.waiting is not None:
        stands.waiting.case = case
        passes = wall_rules.pass_obstacles(stands.waiting, officer)
        off = stands.waiting.off
        found += [
            section(
                "pass",
                _("审定不上墙") if off else _("审定上墙"),
                _("审定，不上墙") if off else _("审定，上墙"),
                passes,
                "" if off else _("请看清：没有人名、号码、住址，没有可以认出是谁的话。"),
            ),
            section(
                "return",
                _("退回上墙稿"),
                _("退回"),
                wall_rules.return_obstacles(stands.waiting, officer, WORDS),
            ),
        ]
    may = wall_rules.may_obstacles(case, officer)
    if stands.up:
        down = wall_rules.take_down_obstacles(stands.place, officer, case, TO_TAKE_DOWN[0], WORDS)
        hint = _("马上撤下，不用等第二个人。墙上留下日期和理由，计入调整登记。")
        found.append(section("take-down", _("从墙上撤下"), _("撤下"), down, hint))
    if stands.place is None or stands.place.down_at is None:
        found.append(section("propose", _("提请上墙"), _("提请"), may))
    if not stands.up and not stands.said:
        off_obstacles = wall_rules.keep_off_obstacles(case, officer, TO_KEEP_OFF[0], WORDS)
        hint = _("由另一个人审定，计入调整登记；答复照样凭查询码能看到。")
        found.append(section("keep-off", _("提请不上墙"), _("提请不上墙"), off_obstacles, hint))
    return found
