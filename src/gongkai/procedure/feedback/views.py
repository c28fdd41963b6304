"""The public pages under /say/: speak, confirm, receive a code, ask what became of it.

No account, no session, no cookie; every step is a plain form. What was written stays in the form
on every error.
"""

from collections.abc import Callable, Sequence
from functools import wraps
from http import HTTPStatus
from typing import Any

from django.core.exceptions import RequestDataTooBig
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from gongkai.foundation.core.errors import Refused
from gongkai.foundation.organisations.doors import ANYONE, door
from gongkai.foundation.organisations.models import Organisation
from gongkai.foundation.organisations.queries import installation
from gongkai.procedure.feedback import confirmation, guards, pages, queries, rules, workflow
from gongkai.procedure.feedback.forms import ProblemForm, ReceiptForm, ThingForm, VoiceForm
from gongkai.procedure.feedback.models import Case
from gongkai.procedure.feedback.states import CaseKind
from gongkai.procedure.proposals.models import Disclosure

View = Callable[..., HttpResponse]


def public_form(view: View) -> View:
    """A page whose form needs no session: checked by origin, never kept by a cache."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: str, **kwargs: str) -> HttpResponse:
        if request.method == "POST" and guards.foreign(request):
            return _stop(request, _("这张表是从别的网站送来的，没有收下。请回到公开栏再填。"))
        try:
            return view(request, *args, **kwargs)
        except RequestDataTooBig:
            words = {"most": rules.LONGEST_TEXT}
            return _stop(request, _("送来的内容太大。请只写文字，最多%(most)s个字。") % words)

    return door(ANYONE)(csrf_exempt(never_cache(require_http_methods(["GET", "POST"])(guarded))))


@public_form
def thing(request: HttpRequest) -> HttpResponse:
    """Say a thing that belongs to no item 说一件事."""
    organisation = installation()
    if organisation is None:
        raise Http404
    return _speak(request, pages.About(organisation), ThingForm)


@public_form
def item(request: HttpRequest, address: str) -> HttpResponse:
    """Say something about an item that the reader may read 对这件事提意见."""
    return _speak(request, _item(request, address), VoiceForm)


@public_form
def problem(request: HttpRequest, address: str) -> HttpResponse:
    """Say what is wrong with an item that the reader may read 这里有问题."""
    return _speak(request, _item(request, address), ProblemForm)


@public_form
def status(request: HttpRequest) -> HttpResponse:
    """What became of a voice, for whoever has its code; they may reopen it once 查进展."""
    organisation = installation()
    if organisation is None:
        raise Http404
    form = ReceiptForm(request.POST if request.method == "POST" else None)
    context = {"form": form, **pages.surroundings(request, organisation)}
    if not form.is_valid():
        return render(request, "feedback/status.html", context, status=_fitting(form))
    if _too_many(request, "look"):
        form.add_error(None, _("查得太频繁了。请过一小时再查，或者打电话问。"))
        return render(request, "feedback/status.html", context, status=429)
    code = form.cleaned_data["code"]
    case = queries.by_receipt(code)
    if case is None:
        form.add_error("code", _("没有这个查询码。请照抄下来的再输一次，字母O和数字0不用分。"))
        return render(request, "feedback/status.html", context, status=422)
    if "reopen" in request.POST:
        case = _reopen(case, code, context)
    return render(request, "feedback/progress.html", {**context, **pages.progress(case, code)})


# -- speaking --------------------------------------------------------------------------------------


def _speak(request: HttpRequest, about: pages.About, kind: type[VoiceForm]) -> HttpResponse:
    """Form → confirmation → code, by what has been posted."""
    if request.method == "GET":
        return _form_page(request, about, kind(initial=_begun(request)))
    if "token" not in request.POST:
        return _confirm(request, about, kind(request.POST))
    written = confirmation.read(request.POST["token"], about.address)
    if written is None:
        lost = _("确认页不完整，意见没有送出。请再写一次。")
        return _form_page(request, about, kind(), [lost], status=422)
    again = kind(initial=written.fields)
    if "edit" in request.POST:
        return _form_page(request, about, again)
    if written.expired:
        late = _("确认页放了一个多小时，意见还没有送出。内容都在，请再送一次。")
        return _form_page(request, about, again, [late], status=422)
    return _send(request, about, written, again)


def _confirm(request: HttpRequest, about: pages.About, form: VoiceForm) -> HttpResponse:
    """Show what was written, with the date it will be answered by; nothing is kept yet."""
    if not form.is_valid():
        return _form_page(request, about, form, status=422)
    if _too_many(request, "write"):
        return _slow_down(request, about, form)
    context = {
        "token": confirmation.token(form.written(), about.address),
        **pages.confirmation(about, form.written()),
        **pages.surroundings(request, about.organisation),
    }
    return render(request, "feedback/confirm.html", context)


def _send(
    request: HttpRequest, about: pages.About, written: confirmation.Written, again: VoiceForm
) -> HttpResponse:
    """Keep the voice and show its code, this once."""
    if _too_many(request, "send"):
        return _slow_down(request, about, again)
    fields = written.fields
    contact = {name: fields[name] for name in ("name", "tel") if fields[name]}
    try:
        case, code = workflow.receive(
            organisation=about.organisation,
            disclosure=about.disclosure,
            text=fields["say"],
            show=fields["show"] == "yes",
            contact=contact,
            token=written.once,
            kind=CaseKind(fields["kind"]),
            ground=fields.get("ground", ""),
        )
    except Refused as refusal:
        return _form_page(request, about, again, refusal.obstacles, status=422)
    context = {
        "code": code,
        **pages.receipt(case, about),
        **pages.surroundings(request, about.organisation),
    }
    return render(request, "feedback/receipt.html", context)


def _form_page(
    request: HttpRequest,
    about: pages.About,
    form: VoiceForm,
    lines: Sequence[str] = (),
    status: int = 200,
) -> HttpResponse:
    context = {
        "form": form,
        "about": about,
        "lines": lines,
        "problem": isinstance(form, ProblemForm),
        "responsible": pages.responsible(about),
        "promise": pages.promise(about.organisation),
        **pages.surroundings(request, about.organisation),
    }
    return render(request, "feedback/say.html", context, status=status)


def _slow_down(request: HttpRequest, about: pages.About, form: VoiceForm) -> HttpResponse:
    busy = _("这个网络一小时里送来的意见太多了。内容都在，请过一小时再送，或者打电话说。")
    return _form_page(request, about, form, [busy], status=429)


def _item(request: HttpRequest, address: str) -> pages.About:
    """The item at ``address`` as this reader may read it; 404 for everybody else."""
    title = pages.readable_title(request, address)
    disclosure = (
        Disclosure.objects.select_related("organisation", "entry").filter(address=address).first()
    )
    if title is None or disclosure is None:
        raise Http404
    return pages.About(disclosure.organisation, disclosure, title)


def _reopen(case: Case, code: str, context: dict[str, Any]) -> Case:
    try:
        case = workflow.reopen(case=case, receipt=code)
        context["reopened"] = True
    except Refused as refusal:
        context["obstacles"] = refusal.obstacles
    return case


def _begun(request: HttpRequest) -> dict[str, str]:
    """What the link that led here has filled in already; the reader may change all of it."""
    given = {name: request.GET[name] for name in ("kind", "ground", "say") if request.GET.get(name)}
    return {name: value[: rules.LONGEST_TEXT] for name, value in given.items()}


def _too_many(request: HttpRequest, door_name: str) -> bool:
    count = workflow.count_attempt(
        door=door_name, network=guards.network(request), hour=guards.this_hour()
    )
    return count > guards.LIMITS[door_name]


def _stop(request: HttpRequest, reason: str) -> HttpResponse:
    organisation: Organisation | None = installation()
    around = pages.surroundings(request, organisation) if organisation else {}
    context = {"reason": reason, **around}
    return render(request, "feedback/stopped.html", context, status=HTTPStatus.FORBIDDEN)


def _fitting(form: ReceiptForm) -> int:
    return 422 if form.is_bound else 200
