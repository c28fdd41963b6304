"""The pages under /follow/: ask, confirm, leave. And the administrator's page of numbers.

No account, no session, no cookie. A link in a letter only shows a page; the button on it does the
thing, since mail scanners open every link. Whoever asks, confirms or leaves reads the same whether
or not the address was known.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import wraps

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from gongkai.foundation.core import clock
from gongkai.foundation.notices import queries as letters
from gongkai.foundation.organisations import queries as organisations
from gongkai.foundation.organisations.doors import ADMINISTRATOR, ANYONE, door
from gongkai.foundation.organisations.seat import Seated
from gongkai.procedure.feedback import confirmation, guards, pages
from gongkai.procedure.feedback.views import public_form
from gongkai.procedure.feedback.workflow import count_attempt
from gongkai.surfaces.board import houses, shelves
from gongkai.surfaces.board import words as board_words
from gongkai.surfaces.board.houses import Town
from gongkai.surfaces.channels import queries, rules, targets, workflow
from gongkai.surfaces.channels.forms import AddressForm, FollowForm
from gongkai.surfaces.channels.states import Pace

View = Callable[..., HttpResponse]
ASKED_AT_ONCE = 30
"""How often one network may ask within ten minutes."""
OURS = "follow"
"""Under this name the confirmation page's token is ours."""
LATE = timedelta(hours=1)


def in_own_language(view: View) -> View:
    """Answer in the language of the page that the form stood on."""

    @wraps(view)
    def spoken(request: HttpRequest, *args: str, **kwargs: str) -> HttpResponse:
        asked = request.POST.get("lang", request.GET.get("lang", ""))
        known = {"zh-CN": "zh-hans", **{code: code for code, _name in settings.LANGUAGES}}
        if asked not in known:
            return view(request, *args, **kwargs)
        with override(known[asked]):
            return view(request, *args, **kwargs)

    return spoken


@public_form
@in_own_language
def ask(request: HttpRequest) -> HttpResponse:
    """Form → confirmation → a letter is on its way, by what has been posted 跟进."""
    town = houses.town()
    if not town.houses:
        raise Http404
    if not letters.mail_works():
        return _page(request, town, "without_mail", status=503)
    choices = targets.choices(town, targets.house_of(town, _what(request, town)))
    if request.method == "GET":
        return _form(request, town, FollowForm(choices, initial=_initial(request, town)))
    if "token" not in request.POST:
        return _confirm(request, town, FollowForm(choices, request.POST))
    written = confirmation.read(request.POST["token"], OURS)
    if written is None:
        lost = _("确认页不完整，还没有寄信。请再填一次。")
        return _form(request, town, FollowForm(choices), lost, 422)
    again = FollowForm(choices, initial=written.fields)
    if "edit" in request.POST:
        return _form(request, town, again)
    if written.expired:
        late = _("确认页放了一个多小时，还没有寄信。内容都在，请再送一次。")
        return _form(request, town, again, late, 422)
    if _too_many(request):
        return _form(request, town, again, _busy(), 429)
    return _send(request, town, written.fields)


def _send(request: HttpRequest, town: Town, fields: dict[str, str]) -> HttpResponse:
    """Write to the address, and say so whether or not a letter really goes out."""
    workflow.ask(
        town=town,
        address=fields["mail"],
        what=fields["what"],
        words=fields["words"],
        pace=fields["pace"],
        language=_language(),
    )
    return _page(request, town, "asked", fields=fields, days=rules.UNCONFIRMED.days)


@public_form
@in_own_language
def confirm(request: HttpRequest, token: str) -> HttpResponse:
    """The link in the letter: a page with a button, and the button 确认."""
    town = houses.town()
    if request.method == "GET":
        return _page(request, town, "confirm")
    row = workflow.confirm(token=token)
    if row is None:
        return _page(request, town, "unconfirmed", status=410)
    told = {"what": targets.label(town, row.what), "words": row.words, "pace": Pace(row.pace).label}
    return _page(request, town, "confirmed", told=told)


def leave(request: HttpRequest, token: str) -> HttpResponse:
    """The link below each alert: a page with a button; the button, or one click of the mail
    program (RFC 8058), which comes from anywhere 退订.
    """
    town = houses.town()
    if request.method == "GET":
        return _page(request, town, "leave")
    workflow.leave(token=token)
    return _page(request, town, "left")


leave = door(ANYONE)(
    csrf_exempt(never_cache(require_http_methods(["GET", "POST"])(in_own_language(leave))))
)


@door(ADMINISTRATOR)
@require_http_methods(["GET", "POST"])
def numbers(request: Seated) -> HttpResponse:
    """How many follow what, whether mail goes out, and a way to remove an address on request."""
    removed, form = False, AddressForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        workflow.remove(address=form.cleaned_data["mail"], officer=request.acting)
        removed, form = True, AddressForm()
    town, own = houses.town(), request.acting.organisation
    whole = own == organisations.installation()
    rows = [
        {**row, "label": _named(town, str(row["what"]))}
        for row in queries.numbers(None if whole else own.slug)
    ]
    now = clock.now()
    context = {
        "rows": rows,
        "form": form,
        "removed": removed,
        "waiting_since": _late(queries.oldest_waiting(now), now),
        "letters_late": letters.waiting(now - LATE) if whole else 0,
        "without_mail": not settings.EMAIL_HOST,
        "refusals": rules.REFUSALS,
    }
    return render(request, "channels/numbers.html", context)


# -- small parts -----------------------------------------------------------------------------------


def _named(town: Town, what: str) -> str:
    """What is followed, with whose it is where there are several organisations."""
    label, house = targets.label(town, what) or what, targets.house_of(town, what)
    within = what.partition(":")[0] in (shelves.CATEGORY, shelves.ENTRY)
    return f"{board_words.named(house)} {label}" if within and len(town.houses) > 1 else label


def _late(since: datetime | None, now: datetime) -> datetime | None:
    return since if since and since < now - LATE else None


def _confirm(request: HttpRequest, town: Town, form: FollowForm) -> HttpResponse:
    """Show what was filled in; nothing is kept yet, and no letter written."""
    if not form.is_valid():
        return _form(request, town, form, status=422)
    if _too_many(request):
        return _form(request, town, form, _busy(), 429)
    fields = form.written()
    return _page(
        request,
        town,
        "check",
        what=fields["what"],
        fields=fields,
        told={
            "what": targets.label(town, fields["what"]),
            "words": fields["words"],
            "pace": Pace(fields["pace"]).label,
        },
        token=confirmation.token(fields, OURS),
        language=_language(),
        days=rules.UNCONFIRMED.days,
    )


def _form(
    request: HttpRequest, town: Town, form: FollowForm, line: str = "", status: int = 200
) -> HttpResponse:
    what = _what(request, town)
    page = targets.house_of(town, what).root
    return _page(
        request,
        town,
        "follow",
        status,
        form=form,
        lines=[line] if line else [],
        language=_language(),
        page=f"{settings.BOARD_URL}{'/en' if _language() == 'en' else ''}{page}/following",
    )


def _page(
    request: HttpRequest, town: Town, template: str, status: int = 200, **context: object
) -> HttpResponse:
    slug = targets.house_of(town, _what(request, town)).slug
    organisation = organisations.organisation(slug)
    around = pages.surroundings(request, organisation)
    return render(request, f"channels/{template}.html", {**around, **context}, status=status)


def _what(request: HttpRequest, town: Town) -> str:
    """The target asked for, if there is one by that name; else the whole of the first house."""
    asked = request.POST.get("what", request.GET.get("what", ""))
    known = targets.house_of(town, asked) if asked else town.top
    return asked if known.slug in town.houses else town.top.shelf(shelves.OF)


def _initial(request: HttpRequest, town: Town) -> dict[str, str]:
    return {
        "what": _what(request, town),
        "words": request.GET.get("words", "")[:100],
        "pace": Pace.NOW,
    }


def _language() -> str:
    return get_language() or settings.LANGUAGE_CODE


def _busy() -> str:
    return _("这个网络这一会儿送来的太多了。内容都在，请过十分钟再送，或者用订阅源。")


def _too_many(request: HttpRequest) -> bool:
    count = count_attempt(door=OURS, network=guards.network(request), hour=guards.this_window())
    return count > ASKED_AT_ONCE
