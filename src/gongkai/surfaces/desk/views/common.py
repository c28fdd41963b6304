"""What the pages of every step share: finding the item, the small page of an act, its outcome."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from gongkai.foundation.core.errors import Refused
from gongkai.foundation.ledger.models import Act as Recorded
from gongkai.foundation.organisations.forms import attempt
from gongkai.foundation.organisations.seat import Seated
from gongkai.foundation.ui.parts import Act, Link
from gongkai.procedure.proposals.models import Draft
from gongkai.surfaces.desk.dossier import Dossier, visible
from gongkai.surfaces.desk.pointing import item_href

T = TypeVar("T")
form_page = require_http_methods(["GET", "HEAD", "POST"])


def posted(request: Seated) -> QueryDict | None:
    """What was filled in, perhaps nothing; none when the page is only looked at."""
    return request.POST if request.method == "POST" else None


def dossier_of(request: Seated, address: str) -> Dossier:
    """The item at ``address`` as the officer sees it; 404 when it is not theirs to look into."""
    disclosure = visible(address, request.acting)
    if disclosure is None:
        raise Http404
    return Dossier(disclosure, request.acting)


def crumbs(dossier: Dossier) -> list[Link]:
    """The way back to the item."""
    return [Link(dossier.title, item_href(dossier.disclosure.address))]


def one_act(
    request: Seated,
    dossier: Dossier,
    form: forms.Form,
    do: Callable[[Mapping[str, Any]], T | None],
    *,
    told: Callable[[T], str],
    obstacles: Callable[[], Sequence[str]],
    heading: str,
    label: str,
    lead: str = "",
    after: str = "",
    shows: Callable[[], Mapping[str, Any]] = dict,
) -> HttpResponse:
    """Do one act on the item, with what ``form`` was given, and go on to ``after``, else the item.

    Not sent, or refused: the small page of the act says what it does, asks for its words and
    ``shows`` what they are about, or says why it cannot be done.
    """
    back = item_href(dossier.disclosure.address)
    if request.method == "POST" and form.is_valid():
        made = attempt(form, do, form.cleaned_data)
        if made is not None:
            messages.success(request, told(made))
            return redirect(after or back)
    context = {
        "heading": heading,
        "lead": lead,
        "form": form,
        "act": Act(label, obstacles=() if form.errors else obstacles()),
        "item": dossier,
        "back": back,
        "crumbs": crumbs(dossier),
        **shows(),
    }
    refused = request.method == "POST"
    return render(request, "desk/act.html", context, status=422 if refused else 200)


def shown(words: str, most: int = 40) -> str:
    """A title in a message: short enough for one line."""
    return words if len(words) <= most else _("%(start)s…") % {"start": words[:most]}


def act_after(request: Seated, **narrowed: str) -> Recorded | None:
    """The act of the organisation after which a page begins; none for the newest, 404 for others'.

    ``narrowed`` says which acts the page lists.
    """
    asked = request.GET.get("after", "")
    if not asked:
        return None
    own = Recorded.objects.filter(organisation=request.acting.organisation.slug, **narrowed)
    if asked.isascii() and asked.isdecimal() and len(asked) < 19:
        found: Recorded | None = own.filter(pk=int(asked)).first()
        if found:
            return found
    raise Http404


def draft_in_hand(dossier: Dossier) -> Draft:
    """The draft somebody is writing. ``Refused`` when there is none."""
    if dossier.draft is None:
        raise Refused([_("《%(title)s》现在没有正在写的草稿。") % {"title": shown(dossier.title)}])
    return dossier.draft
