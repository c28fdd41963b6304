"""审核确定: the register of seals, and the approval sheet of an edition."""

from io import BytesIO

from django.http import FileResponse, Http404, StreamingHttpResponse
from django.http.response import HttpResponse
from django.shortcuts import render
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from gongkai.foundation.organisations.doors import OFFICER, RIGHT, door
from gongkai.foundation.organisations.seat import Seated
from gongkai.foundation.organisations.states import Right
from gongkai.procedure.review import approval
from gongkai.procedure.review import queries as review
from gongkai.surfaces.desk import seals
from gongkai.surfaces.desk.views.common import act_after, dossier_of
from gongkai.surfaces.members.downloads import handed_out


@door(RIGHT(Right.SUPERVISE))
@require_safe
def register(request: Seated) -> HttpResponse:
    """Each use of the review seal, newest first, in pages that follow each other."""
    organisation = request.acting.organisation
    uses, last = seals.page(organisation, act_after(request, verb=seals.VERB))
    context = {
        "uses": uses,
        "older": last.pk if last else None,
        "begun": "after" in request.GET,
        "zone": organisation.zone,
    }
    return render(request, "desk/seals.html", context)


@door(RIGHT(Right.SUPERVISE))
@require_safe
def export(request: Seated) -> StreamingHttpResponse:
    """The register as a CSV file, sent as it is made."""
    lines = seals.lines(request.acting.organisation)
    answer = StreamingHttpResponse(lines, content_type="text/csv; charset=utf-8")
    name = _("用印登记") + f"-{request.today.isoformat()}.csv"
    answer.headers["Content-Disposition"] = content_disposition_header(True, name) or ""
    return answer


@door(OFFICER)
@require_safe
def sheet(request: Seated, address: str, number: int) -> FileResponse:
    """The approval sheet of an edition; made here where the worker has not come to it yet."""
    dossier = dossier_of(request, address)
    edition = next((each for each in dossier.editions if each.number == number), None)
    if edition is None or edition.data is None:
        raise Http404
    title = f"{_('党务公开审批表')} {edition.seal_number}"
    kept = review.sheet_of(edition)
    if kept and kept.file:
        return handed_out(kept.file.digest, title)
    made = BytesIO(approval.sheet(edition))
    answer = FileResponse(made, as_attachment=True, filename=f"{title}.pdf")
    answer["Content-Type"] = "application/pdf"
    return answer
