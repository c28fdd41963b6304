"""What whoever holds a receipt code may still do on its page: ask again, add, withdraw, judge."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from gongkai.foundation.core.errors import Refused
from gongkai.foundation.files.workflow import keep
from gongkai.procedure.feedback import guards, rules, telling, wall, workflow
from gongkai.procedure.feedback.forms import AddFileForm, AgainForm, ReachForm
from gongkai.procedure.feedback.models import Case


@dataclass(frozen=True)
class Done:
    """How it went (办理结果): what the page shows of it, and the page's status."""

    context: Mapping[str, Any] = field(default_factory=dict)
    status: HTTPStatus = HTTPStatus.OK


def blank() -> dict[str, Any]:
    """The forms of a page on which nothing was filled in."""
    return {"again_form": AgainForm(), "file_form": AddFileForm(), "reach_form": ReachForm()}


def act(request: HttpRequest, case: Case, code: str) -> Done | None:
    """Do what was pressed on the page of ``case``; none when it was only opened."""
    pressed = next((name for name in ACTS if name in request.POST), None)
    if pressed is None:
        return None
    try:
        return ACTS[pressed](request, case, code)
    except Refused as refusal:
        told = {"obstacles": refusal.obstacles, **blank()}
        return Done(told, HTTPStatus.UNPROCESSABLE_ENTITY)


def knocked_too_often(request: HttpRequest, door: str) -> bool:
    """Count this knock of the request's network at ``door``; whether it was one too many."""
    count = workflow.count_attempt(
        door=door, network=guards.network(request), hour=guards.this_window()
    )
    return count > guards.LIMITS[door]


def _reopen(request: HttpRequest, case: Case, code: str) -> Done:
    form = AgainForm(request.POST)
    if not form.is_valid():
        return _wrong(again_form=form)
    workflow.reopen(case=case, receipt=code, text=form.cleaned_data["text"])
    return _well(_("好，重新办理"), _("已经交回经办岗位，答复日期按今天重新算。"))


def _withdraw(request: HttpRequest, case: Case, code: str) -> Done:
    workflow.withdraw(case=case, receipt=code)
    return _well(_("已经撤回"), _("这一件不再办了，留下的联系方式已经销毁。"))


def _forget(request: HttpRequest, case: Case, code: str) -> Done:
    workflow.forget(case=case, receipt=code)
    return _well(_("联系方式已经销毁"), _("以后只能凭查询码看进展，没有人能打电话给您。"))


def _reach(request: HttpRequest, case: Case, code: str) -> Done:
    form = ReachForm(request.POST)
    if not form.is_valid():
        return _wrong(reach_form=form)
    language = get_language() or settings.LANGUAGE_CODE
    address = form.cleaned_data["mail"]
    telling.reach(case=case, receipt=code, address=address, language=language)
    return _well(_("记下了"), _("以后有进展寄信到这个邮箱。信里只有编号和日期。"))


def _hush(request: HttpRequest, case: Case, code: str) -> Done:
    telling.hush(case=case, receipt=code)
    return _well(_("不再告诉您了"), _("以后凭查询码看进展。"))


def _retract(request: HttpRequest, case: Case, code: str) -> Done:
    wall.retract(case=case, receipt=code)
    return _well(_("不再公开了"), _("墙上只留下撤下的日期和理由，办理和答复照旧。"))


def _judge(request: HttpRequest, case: Case, code: str) -> Done:
    workflow.judge(case=case, receipt=code, verdict=request.POST["judge"])
    return _well(_("记下了，谢谢"), "")


def _attach(request: HttpRequest, case: Case, code: str) -> Done:
    """The file is taken in by the rules for hostile uploads, outside of any transaction."""
    if obstacles := rules.attach_obstacles(case, case.head or case, code):
        raise Refused(obstacles)
    form = AddFileForm(request.POST, request.FILES)
    if not form.is_valid():
        return _wrong(file_form=form)
    if knocked_too_often(request, "send"):
        raise Refused([_("这个网络这一会儿送来的太多了。请过十分钟再传。")])
    upload = form.cleaned_data["file"]
    try:
        kept = keep(upload, upload.name)
    except Refused as refusal:
        for obstacle in refusal.obstacles:
            form.add_error("file", obstacle)
        return _wrong(file_form=form)
    workflow.attach(case=case, receipt=code, file=kept, name=upload.name)
    return _well(_("附件收到了"), "")


ACTS: Mapping[str, Callable[[HttpRequest, Case, str], Done]] = {
    "reopen": _reopen,
    "withdraw": _withdraw,
    "forget": _forget,
    "judge": _judge,
    "reach": _reach,
    "hush": _hush,
    "retract": _retract,
    "attach": _attach,
}


def _well(title: str, body: str) -> Done:
    return Done({"done": title, "done_body": body, **blank()})


def _wrong(**forms: Any) -> Done:
    return Done({**blank(), **forms}, HTTPStatus.UNPROCESSABLE_ENTITY)
