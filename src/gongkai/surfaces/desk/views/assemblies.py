"""Meetings as a channel 会议公开: note what was read out, with numbers and minutes."""

from zoneinfo import ZoneInfo

from django import forms
from django.contrib import messages
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from gongkai.foundation.organisations.doors import ONE_OF, door
from gongkai.foundation.organisations.forms import attempt
from gongkai.foundation.organisations.seat import Seated
from gongkai.foundation.organisations.states import Right
from gongkai.foundation.ui.parts import Link
from gongkai.procedure.catalogue.charter import Channel, Charter
from gongkai.procedure.catalogue.queries import charter_of
from gongkai.procedure.publication import assemblies
from gongkai.procedure.publication.models import Assembly, Evidence, Posting
from gongkai.procedure.publication.posting_rules import Held, is_meeting
from gongkai.procedure.publication.states import WAITING
from gongkai.surfaces.board.words import named
from gongkai.surfaces.desk.forms import moment_field
from gongkai.surfaces.desk.views.common import form_page
from gongkai.surfaces.members.downloads import handed_out

MEETINGS = ONE_OF(Right.PROPOSE, Right.PUBLISH, Right.SUPERVISE)
NEWEST, WAITING_SHOWN = 50, 100
MOST = 100_000


class AssemblyForm(forms.Form):
    """A meeting, and what was read out there."""

    at = moment_field(gettext_lazy("什么时候开的"))
    place = forms.CharField(label=gettext_lazy("在哪里"), max_length=200)
    called = forms.IntegerField(label=gettext_lazy("应到人数"), min_value=1, max_value=MOST)
    came = forms.IntegerField(label=gettext_lazy("实到人数"), min_value=1, max_value=MOST)
    minutes = forms.FileField(label=gettext_lazy("会议记录（可以以后再补）"), required=False)


class MinutesForm(forms.Form):
    """The minutes of a meeting that was noted without them."""

    minutes = forms.FileField(label=gettext_lazy("会议记录"))


@door(MEETINGS)
@require_safe
def listed(request: Seated) -> HttpResponse:
    """The newest meetings, and how much waits to be read out at which."""
    organisation = request.acting.organisation
    meetings = _meetings(charter_of(organisation)[1])
    names = {each.key: named(each) for each in meetings}
    held = Assembly.objects.filter(organisation=organisation).order_by("-at", "-pk")[:NEWEST]
    context = {
        "meetings": meetings,
        "held": [(each, names.get(each.channel, each.channel)) for each in held],
        "zone": organisation.zone,
        "crumbs": _crumbs()[:1],
    }
    return render(request, "desk/assemblies.html", context)


@door(MEETINGS)
@form_page
def new(request: Seated, channel: str) -> HttpResponse:
    """Write down a meeting and what was read out there."""
    officer = request.acting
    organisation = officer.organisation
    meetings = {each.key: each for each in _meetings(charter_of(organisation)[1])}
    if channel not in meetings:
        raise Http404
    waiting = _waiting(request, channel)
    marked = {int(each) for each in request.POST.getlist("posting") if each.isdecimal()}
    form = AssemblyForm(request.POST or None, request.FILES or None)
    if form.is_valid():
        told = form.cleaned_data
        at = told["at"].replace(tzinfo=ZoneInfo(organisation.zone))
        made = attempt(
            form,
            assemblies.read_out,
            held=Held(channel, at, told["place"], told["called"], told["came"]),
            chosen=[each for each in waiting if each.pk in marked],
            officer=officer,
            minutes=told["minutes"],
            name=told["minutes"].name if told["minutes"] else "",
        )
        if made:
            if made.quorate:
                messages.success(request, _("会议已登记。"))
            else:
                messages.warning(request, _("会议已登记。到会的人不够，宣读的还要在别的会上读。"))
            return redirect("desk:assembly", made.pk)
    context = {
        "form": form,
        "waiting": waiting,
        "marked": marked,
        "name": named(meetings[channel]),
        "quorum": assemblies.SHARES.get(meetings[channel].quorum),
        "crumbs": _crumbs(),
    }
    status = 422 if request.method == "POST" else 200
    return render(request, "desk/assembly_new.html", context, status=status)


@door(MEETINGS)
@form_page
def one(request: Seated, key: int) -> HttpResponse:
    """A meeting: the numbers, what was read out, the minutes or a place to add them."""
    assembly = _assembly(request, key)
    form = MinutesForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        upload = form.cleaned_data["minutes"]
        told = {"minutes": upload, "name": upload.name}
        added = attempt(
            form, assemblies.add_minutes, assembly=assembly, officer=request.acting, **told
        )
        if added:
            confirmed = _("会议记录收下了，宣读过的都已证实。")
            messages.success(request, confirmed if added.quorate else _("会议记录收下了。"))
            return redirect("desk:assembly", key)
    charter = charter_of(assembly.organisation)[1]
    names = {each.key: named(each) for each in charter.channels}
    read = Evidence.objects.filter(key=assembly.key, posting__organisation=assembly.organisation)
    context = {
        "assembly": assembly,
        "name": names.get(assembly.channel, assembly.channel),
        "said": assemblies.said_of(assembly),
        "read": read.select_related("posting__release__disclosure").order_by("posting"),
        "form": form,
        "zone": assembly.organisation.zone,
        "crumbs": _crumbs(),
    }
    status = 422 if request.method == "POST" else 200
    return render(request, "desk/assembly.html", context, status=status)


@door(MEETINGS)
@require_safe
def minutes(request: Seated, key: int) -> FileResponse:
    """The minutes as they were handed in."""
    assembly = _assembly(request, key)
    if assembly.minutes is None or assembly.minutes.erased_at:
        raise Http404
    return handed_out(assembly.minutes.digest, _("会议记录"))


def _waiting(request: Seated, channel: str) -> list[Posting]:
    """What is still to be read out there, the oldest first: 1 query."""
    rows = Posting.objects.filter(
        organisation=request.acting.organisation, channel=channel, state__in=WAITING
    )
    related = rows.select_related("release__disclosure", "organisation")
    return list(related.order_by("pk")[:WAITING_SHOWN])


def _meetings(charter: Charter) -> list[Channel]:
    return [each for each in charter.channels if is_meeting(each.key)]


def _assembly(request: Seated, key: int) -> Assembly:
    """The meeting ``key`` of the officer's organisation; 404 for any other."""
    found = Assembly.objects.filter(organisation=request.acting.organisation, pk=key)
    assembly = found.select_related("organisation", "minutes").defer("minutes__text").first()
    if assembly is None:
        raise Http404
    return assembly


def _crumbs() -> list[Link]:
    return [
        Link(_("张贴与播出"), reverse("desk:postings")),
        Link(_("会议公开"), reverse("desk:assemblies")),
    ]
