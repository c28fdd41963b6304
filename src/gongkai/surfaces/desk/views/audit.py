"""监督检查: what was done, by which post, and what the office log vouches for."""

from django.conf import settings
from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_safe

from gongkai.foundation.core.errors import Refused
from gongkai.foundation.files import queries as files
from gongkai.foundation.organisations.doors import ADMINISTRATOR, RIGHT, door
from gongkai.foundation.organisations.seat import Seated
from gongkai.foundation.organisations.states import Right
from gongkai.surfaces.desk import auditing
from gongkai.surfaces.desk.views.common import act_after

DAMAGES = 500


@door(RIGHT(Right.SUPERVISE))
@require_safe
def acts(request: Seated) -> HttpResponse:
    """The acts of the officer's organisation, newest first, in pages that follow each other."""
    form = _form(request)
    organisation = request.acting.organisation
    rows, last = auditing.page(form.wanted(organisation), act_after(request), request.acting)
    asked = request.GET.copy()
    asked.pop("after", None)
    for name in [name for name, value in asked.items() if not value]:
        del asked[name]
    context = {
        "form": form,
        "rows": rows,
        "asked": asked.urlencode(),
        "older": last.pk if last else None,
        "begun": "after" in request.GET,
        "standing": auditing.standing(),
        "zone": organisation.zone,
    }
    return render(request, "desk/audit.html", context)


@door(RIGHT(Right.SUPERVISE))
@require_safe
def export(request: Seated) -> StreamingHttpResponse:
    """The same acts as a CSV file, sent as it is made."""
    wanted = _form(request).wanted(request.acting.organisation)
    answer = StreamingHttpResponse(
        auditing.lines(wanted, request.acting), content_type="text/csv; charset=utf-8"
    )
    name = pgettext("heading", "操作记录") + f"-{request.today.isoformat()}.csv"
    answer.headers["Content-Disposition"] = content_disposition_header(True, name) or ""
    return answer


@door(ADMINISTRATOR)
@require_safe
def damages(request: Seated) -> HttpResponse:
    """What the integrity watch found damaged: the topmost organisation's matter."""
    if request.acting.organisation.parent_id:
        raise Refused([_("保存的内容由上级单位的管理员管。")])
    return render(request, "desk/damages.html", {"damages": files.damages()[:DAMAGES]})


@door(ADMINISTRATOR)
@require_safe
def refusals(request: Seated) -> HttpResponse:
    """What was not taken in, and why; what may do harm is kept apart until its day."""
    context = {
        "refusals": files.refusals(request.acting.organisation)[:DAMAGES],
        "days": settings.QUARANTINE_DAYS,
        "scanner": bool(settings.CLAMD),
    }
    return render(request, "desk/refusals.html", context)


def _form(request: Seated) -> auditing.AuditForm:
    form = auditing.AuditForm(request.GET, organisation=request.acting.organisation)
    form.is_valid()
    return form
