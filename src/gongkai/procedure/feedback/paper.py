"""The public page that checks a sealed PDF 核对盖章的 PDF: looked at, told, and kept nowhere.

What comes is hostile until proven: its length is judged before a byte of it is read, and a process
of its own looks at it.
"""

from http import HTTPStatus
from pathlib import Path
from typing import Any

from django import forms
from django.conf import settings
from django.core.files.uploadhandler import TemporaryFileUploadHandler
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gongkai.foundation.organisations.queries import installation
from gongkai.foundation.seals import judging
from gongkai.procedure.feedback import guards, pages, workflow
from gongkai.procedure.feedback.views import public_form

DOOR = "paper"
MEGABYTE = 1024 * 1024
LARGEST = 20 * MEGABYTE
_AROUND = 64 * 1024
"""What a browser writes around the file."""


class PaperForm(forms.Form):
    """A PDF that somebody holds 手里的 PDF."""

    paper = forms.FileField(
        label=gettext_lazy("盖了数字签章的 PDF"),
        help_text=gettext_lazy("原来的文件才行：打印、截图、另存出来的，签章已经不在里面。"),
        widget=forms.FileInput(attrs={"accept": "application/pdf,.pdf"}),
        allow_empty_file=True,
        error_messages={"required": gettext_lazy("请选一个 PDF 文件")},
    )


@public_form
def check(request: HttpRequest) -> HttpResponse:
    """Say of a PDF whether it is sealed by us and unchanged."""
    organisation = installation()
    if organisation is None:
        raise Http404
    context: dict[str, Any] = {
        "form": PaperForm(),
        "certificates": f"{settings.BOARD_URL}/help/seal",
        **pages.surroundings(request, organisation),
    }
    if request.method == "GET":
        return _page(request, context)
    if int(request.META.get("CONTENT_LENGTH") or 0) > LARGEST + _AROUND:
        words = _("文件超过%(most)s MB，没有看。本站盖章的文件没有这么大。")
        context["trouble"] = words % {"most": LARGEST // MEGABYTE}
        return _page(request, context, HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
    hour, network = guards.this_window(), guards.network(request)
    if workflow.count_attempt(door=DOOR, network=network, hour=hour) > guards.LIMITS[DOOR]:
        context["trouble"] = _("核对得太频繁了。请过十分钟再来，或者按说明自己动手核对。")
        return _page(request, context, HTTPStatus.TOO_MANY_REQUESTS)
    request.upload_handlers = [TemporaryFileUploadHandler(request)]  # on the disk, gone at the end
    form = PaperForm(request.POST, request.FILES)
    context["form"] = form
    if not form.is_valid():
        return _page(request, context, HTTPStatus.UNPROCESSABLE_ENTITY)
    held = Path(form.cleaned_data["paper"].temporary_file_path())
    context["judgement"] = judging.judged(held, organisation.zone)
    context["form"] = PaperForm()
    return _page(request, context)


def _page(
    request: HttpRequest, context: dict[str, Any], status: int = HTTPStatus.OK
) -> HttpResponse:
    return render(request, "feedback/paper.html", context, status=status)
