"""张贴与播出: what is to go out and to come down, one posting with its evidence, the photo page.

The photo page works without a network: see ``static/desk/photo.js`` and its worker.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.staticfiles import finders
from django.http import FileResponse, Http404, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST, require_safe

from gongkai.foundation.core import clock
from gongkai.foundation.core.errors import Refused
from gongkai.foundation.core.identifiers import new_address
from gongkai.foundation.files import storage
from gongkai.foundation.organisations.doors import ONE_OF, door
from gongkai.foundation.organisations.forms import attempt
from gongkai.foundation.organisations.seat import Seated
from gongkai.foundation.organisations.states import Right
from gongkai.foundation.ui.parts import Link
from gongkai.procedure.catalogue.queries import charter_of
from gongkai.procedure.publication import hanging
from gongkai.procedure.publication.models import Evidence, Posting
from gongkai.surfaces.board.words import named
from gongkai.surfaces.desk import posting_list
from gongkai.surfaces.desk.posting_list import PostingsForm, ToldForm
from gongkai.surfaces.desk.views.common import form_page

POSTING = ONE_OF(Right.PROPOSE, Right.PUBLISH, Right.SUPERVISE)
LONGEST_AGO = timedelta(days=60)
"""How long a photograph may have waited on a telephone."""
WORKER = "desk/photo-worker.js"


class PhotoForm(forms.Form):
    """A photograph of a posting. ``key``, ``ago`` and ``place`` come from the page's program: what
    counts once, how many seconds ago it was taken, where, if that was ticked.
    """

    photo = forms.FileField(
        label=gettext_lazy("照片"),
        widget=forms.FileInput({"accept": "image/jpeg,image/png", "capture": "environment"}),
    )
    key = forms.RegexField(r"^[0-9a-f-]{8,60}$", required=False, widget=forms.HiddenInput)
    ago = forms.IntegerField(required=False, min_value=0, widget=forms.HiddenInput)
    place = forms.CharField(required=False, max_length=80, widget=forms.HiddenInput)

    def at(self, now: datetime) -> datetime:
        """When it was taken. How long ago, not when: a telephone's clock may be wrong."""
        ago = timedelta(seconds=self.cleaned_data.get("ago") or 0)
        return now - min(ago, LONGEST_AGO)


@door(POSTING)
@require_safe
def listed(request: Seated) -> HttpResponse:
    """What is not out yet, what must come down today, what hangs, by channel."""
    return _list(request, ToldForm())


@door(POSTING)
@require_POST
def act(request: Seated) -> HttpResponse:
    """Say of all that are marked that they went out, hang, came down, or could not go out."""
    officer, verb = request.acting, request.POST.get("verb", "")
    marked = [each for each in request.POST.getlist("posting") if each.isdecimal()]
    marked = [each for each in marked if len(each) < 19]
    chosen = list(Posting.objects.filter(organisation=officer.organisation, pk__in=marked))
    form = ToldForm(request.POST)
    if form.is_valid() and (done := _do(verb, chosen, form, request)):
        wording = ngettext("已登记%(n)s件。", "已登记%(n)s件。", len(done))
        messages.success(request, wording % {"n": len(done)})
        return redirect(f"{reverse('desk:postings')}?{request.GET.urlencode()}")
    return _list(request, form, marked=set(marked))


@door(POSTING)
@require_safe
def one(request: Seated, key: int) -> HttpResponse:
    """One posting: how it stands, and what shows it."""
    posting = _posting(request, key)
    _version, charter = charter_of(posting.organisation)
    names = {each.key: named(each) for each in charter.channels}
    context = {
        "row": posting_list.row(posting, names, clock.now()),
        "evidence": Evidence.objects.filter(posting=posting).select_related("file").order_by("pk"),
        "zone": posting.organisation.zone,
        "crumbs": _crumbs(),
    }
    return render(request, "desk/posting.html", context)


@door(POSTING)
@require_safe
def picture(request: Seated, key: int, number: int) -> FileResponse:
    """A photograph of the posting, for who may see the posting."""
    found = Evidence.objects.filter(posting=_posting(request, key), pk=number, kind="photo")
    evidence = found.select_related("file").first()
    if evidence is None or evidence.file is None or evidence.file.erased_at:
        raise Http404
    answer = FileResponse(storage.open(evidence.file.digest))
    answer["Content-Type"] = evidence.file.media_type
    answer["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return answer


@door(POSTING)
@form_page
def photo(request: Seated, key: int) -> HttpResponse:
    """The page made for a telephone: take a photograph of the thing where it hangs.

    The page's program sends by ``fetch`` and is answered in JSON; a browser without it posts the
    form.
    """
    posting = _posting(request, key)
    form = PhotoForm(request.POST or None, request.FILES or None)
    program = request.headers.get("X-Requested-With") == "photo"
    if request.method == "POST":
        wrong = _take(request, posting, form)
        if program:
            return JsonResponse({"wrong": wrong}, status=422 if wrong else 200)
        if not wrong:
            messages.success(request, _("照片收下了，已登记证实。"))
            return redirect("desk:posting", key)
    return _photo_page(request, form, posting)


@door(POSTING)
@require_safe
def shell(request: Seated) -> HttpResponse:
    """The photo page without any item, which a telephone keeps to open it without a network."""
    return _photo_page(request, PhotoForm(), None)


@door(POSTING)
@require_safe
def worker(request: Seated) -> HttpResponse:
    """The worker that keeps the photo page, from where its scope is the postings alone."""
    program = Path(str(finders.find(WORKER))).read_bytes()
    answer = HttpResponse(program, content_type="text/javascript; charset=utf-8")
    answer["Cache-Control"] = "no-cache"
    return answer


def _do(
    verb: str, chosen: Sequence[Posting], form: ToldForm, request: Seated
) -> list[Posting] | None:
    officer, said = request.acting, form.cleaned_data["said"]
    at = form.at(request.today, officer.organisation.zone)
    match verb:
        case "up":
            told: dict[str, Any] = {"at": at, "said": said}
            return attempt(form, hanging.put_up, chosen=chosen, officer=officer, **told)
        case "seen":
            return attempt(form, hanging.confirm, chosen=chosen, officer=officer, said=said)
        case "down":
            told = {"at": at, "said": said}
            return attempt(form, hanging.bring_down, chosen=chosen, officer=officer, **told)
        case "fail":
            return attempt(form, hanging.fail, chosen=chosen, officer=officer, reason=said)
        case _:
            raise Http404


def _take(request: Seated, posting: Posting, form: PhotoForm) -> list[str]:
    """Take the photograph in; what is wrong with it, if anything."""
    if not form.is_valid():
        return [str(each) for errors in form.errors.values() for each in errors]
    told = form.cleaned_data
    try:
        hanging.photograph(
            posting=posting,
            officer=request.acting,
            upload=told["photo"],
            name=told["photo"].name,
            key=told["key"] or new_address(),
            at=max(form.at(clock.now()), posting.planned_at),
            place=told["place"],
        )
    except Refused as refused:
        for obstacle in refused.obstacles:
            form.add_error(None, obstacle)
        return list(refused.obstacles)
    return []


def _list(request: Seated, told: ToldForm, marked: Sequence[str] | set[str] = ()) -> HttpResponse:
    organisation = request.acting.organisation
    _version, charter = charter_of(organisation)
    form = PostingsForm(request.GET, charter=charter)
    asked = request.GET.copy()
    after = asked.pop("after", [""])[-1]
    page = posting_list.page(organisation, charter, form, after, clock.now())
    context = {
        "form": form,
        "told": told,
        "page": page,
        "marked": {int(each) for each in marked},
        "asked": asked.urlencode(),
        "begun": bool(after),
        "zone": organisation.zone,
    }
    wrong = bool(form.errors or told.errors)
    return render(request, "desk/postings.html", context, status=422 if wrong else 200)


def _photo_page(request: Seated, form: PhotoForm, posting: Posting | None) -> HttpResponse:
    context = {"form": form, "posting": posting}
    answer = render(request, "desk/photo.html", context, status=422 if form.errors else 200)
    policy = "camera=(), geolocation=(self), microphone=(), payment=(), usb=()"
    answer["Permissions-Policy"] = policy
    return answer


def _posting(request: Seated, key: int) -> Posting:
    """The posting ``key`` of the officer's organisation; 404 for any other."""
    found = Posting.objects.filter(organisation=request.acting.organisation, pk=key)
    related = ("release__disclosure", "release__edition", "organisation")
    posting = found.select_related(*related).defer("release__edition__data").first()
    if posting is None:
        raise Http404
    return posting


def _crumbs() -> list[Link]:
    return [Link(_("张贴与播出"), reverse("desk:postings"))]
