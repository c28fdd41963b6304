"""The public pages under /say/: speak, confirm, receive a code, ask what became of it.

No account, no session, no cookie; every step is a plain form. What was written stays in the form
on every error.
"""

import math
from collections.abc import Callable, Sequence
from datetime import timedelta
from functools import partial, wraps
from http import HTTPStatus
from typing import Any

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from gongkai.foundation.core.errors import Refused
from gongkai.foundation.organisations.doors import ANYONE, door
from gongkai.foundation.organisations.models import Organisation, Post
from gongkai.foundation.organisations.queries import installation
from gongkai.procedure.catalogue.queries import asked_once
from gongkai.procedure.feedback import (
    confirmation,
    contacts,
    following,
    guards,
    held,
    held_pages,
    masking,
    paces,
    pages,
    queries,
    rules,
    taking,
    telling,
    work,
)
from gongkai.procedure.feedback.forms import (
    AddFileForm,
    ProblemForm,
    QuestionForm,
    ReceiptForm,
    SecondForm,
    ThingForm,
    VoiceForm,
)
from gongkai.procedure.feedback.spoken import Spoken
from gongkai.procedure.feedback.states import CaseKind
from gongkai.procedure.feedback.topics import second
from gongkai.procedure.proposals.models import Disclosure

View = Callable[..., HttpResponse]


def public_form(view: View) -> View:
    """A page whose form needs no session: checked by origin, kept by no cache and no crawler."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: str, **kwargs: str) -> HttpResponse:
        if request.method == "POST" and guards.foreign(request):
            return _stop(request, _("这张表是从别的网站送来的，没有收下。请回到公开栏再填。"))
        try:
            with asked_once():
                answer = view(request, *args, **kwargs)
        except RequestDataTooBig:
            words = {"most": rules.LONGEST_TEXT}
            answer = _stop(request, _("送来的内容太大。请只写文字，最多%(most)s个字。") % words)
        answer["X-Robots-Tag"] = "noindex, nofollow"
        return answer

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
def question(request: HttpRequest) -> HttpResponse:
    """Question a post, which answers over its own name 公开质询."""
    organisation = installation()
    if organisation is None:
        raise Http404
    posts = [
        (post.key, pages.post_named(organisation, post.key)) for post in _askable(organisation)
    ]
    return _speak(request, pages.About(organisation), partial(QuestionForm, posts=posts))


@public_form
def topics(request: HttpRequest) -> HttpResponse:
    """The topics that wait for others to second them; one press, no account 附议."""
    organisation = installation()
    if organisation is None:
        raise Http404
    form = SecondForm(request.POST if request.method == "POST" else None)
    context: dict[str, Any] = pages.surroundings(request, organisation)
    status = HTTPStatus.OK
    if form.is_bound:
        context["counted"] = _seconded(request, organisation, form)
        status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
    context |= {"form": form, "topics": pages.topics(organisation)}
    return render(request, "feedback/topics.html", context, status=status)


@public_form
def status(request: HttpRequest) -> HttpResponse:
    """What became of a voice, for whoever has its code, and what they may still do 查进展."""
    organisation = installation()
    if organisation is None:
        raise Http404
    form = ReceiptForm(request.POST if request.method == "POST" else None)
    context = {"form": form, **pages.surroundings(request, organisation)}
    if not form.is_valid():
        return render(request, "feedback/status.html", context, status=_fitting(form))
    if _too_many(request, "look"):
        form.add_error(None, _("查得太频繁了。请过十分钟再查，或者打电话问。"))
        return render(request, "feedback/status.html", context, status=429)
    code = form.cleaned_data["code"]
    case, waiting = queries.by_receipt(code), held.by_receipt(code)
    if case is None and waiting is not None:
        return held_pages.progress(request, waiting, code)
    if case is None:
        for obstacle in rules.code_obstacles(case):
            form.add_error("code", obstacle)
        return render(request, "feedback/status.html", context, status=422)
    done = following.act(request, case, code)
    fresh = queries.by_receipt(code) if done else case
    assert fresh is not None, "a case does not go away"
    return render(
        request,
        "feedback/progress.html",
        {**context, **pages.progress(fresh, code), **(done.context if done else following.blank())},
        status=done.status if done else HTTPStatus.OK,
    )


def letters(request: HttpRequest, word: str) -> HttpResponse:
    """The link below each letter: a page with a button; the button, or one click of the mail
    program (RFC 8058), which comes from anywhere 不再寄信. It says the same whatever the link.
    """
    organisation = installation()
    if organisation is None:
        raise Http404
    if request.method == "POST":
        telling.hush_by_link(word=word)
    context = {"done": request.method == "POST", **pages.surroundings(request, organisation)}
    answer = render(request, "feedback/letters.html", context)
    answer["X-Robots-Tag"] = "noindex, nofollow"
    return answer


letters = door(ANYONE)(csrf_exempt(never_cache(require_http_methods(["GET", "POST"])(letters))))


# -- speaking --------------------------------------------------------------------------------------


def _speak(
    request: HttpRequest, about: pages.About, kind: Callable[..., VoiceForm]
) -> HttpResponse:
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
    if seconds := paces.WRITING.wait(guards.network(request)):
        told = paces.too_many(timedelta(seconds=seconds))
        return _later(_form_page(request, about, form, [told], status=429), seconds)
    return _confirm_page(request, about, form.written())


def _confirm_page(
    request: HttpRequest,
    about: pages.About,
    fields: dict[str, str],
    once: str = "",
    line: str = "",
    status: int = 200,
) -> HttpResponse:
    """The words once more, with the work that the page's program does meanwhile."""
    once = once or confirmation.number()
    bits = paces.bits(taking.counted(about.organisation, guards.network(request)))
    context = {
        "token": confirmation.token(fields, about.address, once=once, bits=bits),
        "question": once,
        "bits": bits,
        "line": line,
        **pages.confirmation(about, fields),
        **pages.surroundings(request, about.organisation),
    }
    return render(request, "feedback/confirm.html", context, status=status)


def _send(
    request: HttpRequest, about: pages.About, written: confirmation.Written, again: VoiceForm
) -> HttpResponse:
    """Keep the voice and show its code, this once."""
    fields = written.fields
    contact = contacts.given(fields, get_language() or settings.LANGUAGE_CODE)
    spoken = Spoken(
        about.organisation,
        about.disclosure,
        masking.tidied(fields["say"]),
        fields["show"] == "yes",
        CaseKind(fields["kind"]),
        fields.get("ground", ""),
        _asked(about.organisation, fields.get("asked", "")),
    )
    worked = work.done(written.once, written.bits, request.POST.get("work", ""))
    sender = taking.Sender(written.once, guards.network(request), worked)
    try:
        taken = taking.take(spoken=spoken, contact=contact, sender=sender)
    except Refused as refusal:
        return _form_page(request, about, again, refusal.obstacles, status=422)
    if taken.wait is not None:
        line = paces.too_many(taken.wait)
        page = _confirm_page(request, about, fields, written.once, line, status=429)
        return _later(page, taken.wait.total_seconds())
    if taken.case is None:
        return held_pages.taken(request, about, taken, request.POST["token"])
    context = {
        **pages.receipt(taken.case, about, taken.code),
        "file_form": AddFileForm(),
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
        "question": isinstance(form, QuestionForm),
        "responsible": pages.responsible(about),
        "promise": pages.promise(about.organisation, form.of_kind),
        **pages.surroundings(request, about.organisation),
    }
    return render(request, "feedback/say.html", context, status=status)


def _later(page: HttpResponse, seconds: float) -> HttpResponse:
    """``page``, with the wait for programs to read."""
    page["Retry-After"] = str(max(1, math.ceil(seconds)))
    return page


def _item(request: HttpRequest, address: str) -> pages.About:
    """The item at ``address`` as this reader may read it; 404 for everybody else."""
    title = pages.readable_title(request, address)
    disclosure = (
        Disclosure.objects.select_related("organisation", "entry").filter(address=address).first()
    )
    if title is None or disclosure is None:
        raise Http404
    return pages.About(disclosure.organisation, disclosure, title)


def _askable(organisation: Organisation) -> list[Post]:
    return queries.askable(organisation)


def _asked(organisation: Organisation, key: str) -> Post | None:
    """The post that is questioned; none for a voice that questions nobody, or one that is gone."""
    return next((post for post in _askable(organisation) if post.key == key), None) if key else None


def _seconded(request: HttpRequest, organisation: Organisation, form: SecondForm) -> str:
    """Second the topic that was chosen; how it went in a sentence, or the form says why not."""
    if not form.is_valid():
        return ""
    topic = queries.topic_named(organisation, form.cleaned_data["topic"])
    if topic is None:
        form.add_error(None, _("这个题目现在不收附议。"))
        return ""
    if _too_many(request, "send"):
        form.add_error(None, _("这个网络这一会儿送来的太多了。请过十分钟再来。"))
        return ""
    code = form.cleaned_data["code"].strip()
    try:
        counted = second(topic=topic, network=guards.network(request), receipt=code)
    except Refused as refusal:
        for obstacle in refusal.obstacles:
            form.add_error(None, obstacle)
        return ""
    if counted:
        return _("已经记下您的附议。")
    if code:
        return _("这个查询码已经附议过这个题目了。")
    return _("您所在的网络今天已经附议过这个题目。家里别的人可以用自己的查询码附议。")


def _begun(request: HttpRequest) -> dict[str, str]:
    """What the link that led here has filled in already; the reader may change all of it."""
    given = {name: request.GET[name] for name in ("kind", "ground", "say") if request.GET.get(name)}
    return {name: value[: rules.LONGEST_TEXT] for name, value in given.items()}


def _too_many(request: HttpRequest, door_name: str) -> bool:
    return following.knocked_too_often(request, door_name)


def _stop(request: HttpRequest, reason: str) -> HttpResponse:
    organisation: Organisation | None = installation()
    around = pages.surroundings(request, organisation) if organisation else {}
    context = {"reason": reason, **around}
    return render(request, "feedback/stopped.html", context, status=HTTPStatus.FORBIDDEN)


def _fitting(form: ReceiptForm) -> int:
    return 422 if form.is_bound else 200
