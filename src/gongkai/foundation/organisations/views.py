"""The administrator's pages: posts and who holds them, members and their accounts."""

from dataclasses import dataclass

from django import forms
from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from gongkai.foundation.organisations import enrolling, letters, queries, roster, rules, workflow
from gongkai.foundation.organisations.adapter import link_address
from gongkai.foundation.organisations.doors import ADMINISTRATOR, OFFICER, door
from gongkai.foundation.organisations.forms import (
    MOST_CHOICES,
    AbsenceForm,
    AccountForm,
    AppointForm,
    EndForm,
    LeaveForm,
    MemberForm,
    RosterForm,
    attempt,
)
from gongkai.foundation.organisations.models import Member, Post, Tenure
from gongkai.foundation.organisations.queries import Place
from gongkai.foundation.organisations.seat import Seated
from gongkai.foundation.ui.marks import day
from gongkai.foundation.ui.parts import Act, Link

PAGE = 50
form_page = require_http_methods(["GET", "HEAD", "POST"])


# -- posts -----------------------------------------------------------------------------------------


@door(ADMINISTRATOR)
@require_GET
def posts(request: Seated) -> HttpResponse:
    """Every post with its holder; the vacant ones first."""
    places = queries.places(request.acting.organisation, request.today)
    context = {
        "vacant": [place for place in places if place.held is None],
        "held": [place for place in places if place.held is not None],
    }
    return render(request, "organisations/posts.html", context)


@door(ADMINISTRATOR)
@require_GET
def post(request: Seated, key: str) -> HttpResponse:
    """One post: holder, what may be done, who held it before."""
    place = _place(request, key)
    context = {
        "place": place,
        "rights": queries.right_names(place.post),
        "tenures": queries.history(place.post),
        "acts": _post_acts(request, place),
        "crumbs": _crumbs(),
    }
    return render(request, "organisations/post.html", context)


def _post_acts(request: Seated, place: Place) -> list[Act]:
    appoint = reverse("organisations:appoint", args=[place.post.key])
    if place.held is None:
        return [Act(_("登记由谁担任"), appoint)]
    obstacles = rules.end_obstacles(
        place.held, max(request.today, place.held.since), request.acting
    )
    end = reverse("organisations:end", args=[place.post.key, place.held.pk])
    return [
        Act(_("移交给别人"), appoint),
        Act(_("登记结束"), end, obstacles, _("结束以后这个岗位没有人担任。"), quiet=True),
    ]


@door(ADMINISTRATOR)
@form_page
def appoint(request: Seated, key: str) -> HttpResponse:
    """Register who takes a post; when somebody holds it, it is handed over."""
    place = _place(request, key)
    name = request.GET.get("name", "").strip()
    found = queries.members(request.acting.organisation, request.today, name)
    shown = list(found[: MOST_CHOICES + 1])
    form = AppointForm(
        request.POST or None,
        people=_choices(shown[:MOST_CHOICES]),
        held=place.held is not None,
        initial={"since": request.today},
    )
    if form.is_valid() and (tenure := _take(request, place.post, form)):
        told = _("已登记：%(member)s从%(since)s起担任“%(post)s”。")
        words = {"member": tenure.member, "since": day(tenure.since), "post": place.post}
        messages.success(request, told % words)
        return redirect("organisations:post", key)
    context = {
        "place": place,
        "form": form,
        "name": name,
        "found": bool(shown),
        "more": len(shown) > MOST_CHOICES,
        "crumbs": [*_crumbs(), _to_post(place.post)],
    }
    return render(request, "organisations/appoint.html", context)


def _choices(shown: list[Member]) -> QuerySet[Member]:
    keys = [member.pk for member in shown]
    return Member.objects.filter(pk__in=keys).select_related("account").order_by("name", "pk")


def _take(request: Seated, post: Post, form: AppointForm) -> Tenure | None:
    """Hand over when somebody holds the post the day before, otherwise appoint."""
    member, since = form.cleaned_data["member"], form.cleaned_data["since"]
    if rules.tenure_to_hand_over(post, since):
        return attempt(form, workflow.hand_over, post=post, to=member, on=since, by=request.acting)
    until = form.cleaned_data.get("until")
    return attempt(
        form,
        workflow.appoint,
        post=post,
        member=member,
        since=since,
        until=until,
        by=request.acting,
    )


@door(ADMINISTRATOR)
@form_page
def end(request: Seated, key: str, tenure: int) -> HttpResponse:
    """Register the last day of a tenure."""
    place = _place(request, key)
    ending = queries.tenure(place.post, tenure)
    form = EndForm(request.POST or None, initial={"on": request.today})
    if (
        form.is_valid()
        and attempt(
            form, workflow.end_tenure, tenure=ending, on=form.cleaned_data["on"], by=request.acting
        )
        is not None
    ):
        told = _("已登记：%(member)s担任“%(post)s”到%(day)s为止。")
        words = {
            "member": ending.member,
            "post": place.post,
            "day": day(form.cleaned_data["on"]),
        }
        messages.success(request, told % words)
        return redirect("organisations:post", key)
    context = {
        "place": place,
        "tenure": ending,
        "form": form,
        "crumbs": [*_crumbs(), _to_post(place.post)],
    }
    return render(request, "organisations/end.html", context)


def _place(request: Seated, key: str) -> Place:
    return queries.place(queries.post(request.acting.organisation, key), request.today)


def _crumbs() -> list[Link]:
    return [Link(pgettext("heading", "岗位"), reverse("organisations:posts"))]


def _to_post(post: Post) -> Link:
    return Link(post.name, reverse("organisations:post", args=[post.key]))


# -- who is away -----------------------------------------------------------------------------------


@door(OFFICER)
@form_page
def absences(request: Seated) -> HttpResponse:
    """Who is away, and who acts for them: officers register themselves, administrators anybody."""
    officer = request.acting
    form = AbsenceForm(
        request.POST or None,
        tenures=queries.tenures_to_leave(officer),
        deputies=queries.held_posts(officer.organisation, request.today),
        initial={"since": request.today},
    )
    if form.is_valid() and (
        made := attempt(form, workflow.register_absence, by=officer, **form.cleaned_data)
    ):
        told = _("已登记：“%(post)s”%(since)s至%(until)s外出，由“%(deputy)s”代行。")
        words = {
            "post": made.tenure.post,
            "deputy": made.deputy,
            "since": day(made.since),
            "until": day(made.until),
        }
        messages.success(request, told % words)
        return redirect("organisations:absences")
    away = queries.absences(officer.organisation, request.today)
    context = {
        "away": [(each, not rules.return_obstacles(each, request.today, officer)) for each in away],
        "form": form,
    }
    status = 422 if form.errors else 200
    return render(request, "organisations/absences.html", context, status=status)


@door(OFFICER)
@require_POST
def back(request: Seated, key: int) -> HttpResponse:
    """Whoever was away is back."""
    found = queries.absence(request.acting.organisation, key)
    workflow.end_absence(absence=found, by=request.acting)
    told = _("已登记：“%(post)s”不再外出，代行结束。")
    messages.success(request, told % {"post": found.tenure.post})
    return redirect("organisations:absences")


# -- members ---------------------------------------------------------------------------------------


@door(ADMINISTRATOR)
@require_GET
def members(request: Seated) -> HttpResponse:
    """The members by name, with what they hold and whether they can sign in."""
    name = request.GET.get("name", "").strip()
    found = queries.members(request.acting.organisation, request.today, name)
    page = Paginator(found, PAGE).get_page(request.GET.get("page"))
    context = {
        "name": name,
        "page": page,
        "people": queries.people(page.object_list, request.today),
        "crumbs": _crumbs(),
    }
    return render(request, "organisations/members.html", context)


@door(ADMINISTRATOR)
@form_page
def new_member(request: Seated) -> HttpResponse:
    """Add a person."""
    form = MemberForm(request.POST or None)
    if form.is_valid():
        made = attempt(
            form,
            workflow.make_member,
            organisation=request.acting.organisation,
            by=request.acting,
            **form.cleaned_data,
        )
        if made:
            messages.success(request, _("已添加%(member)s。") % {"member": made})
            return redirect("organisations:member", made.key)
    context = {"form": form, "crumbs": _member_crumbs()}
    return render(request, "organisations/new_member.html", context)


@dataclass
class MemberForms:
    """The forms of a member's page; each goes to its own address and comes back bound."""

    amend: forms.Form
    account: forms.Form
    leave: forms.Form


def _member_page(request: Seated, member: Member, **bound: forms.Form) -> HttpResponse:
    """The page of ``member``, with a form that was refused when there is one."""
    fresh: dict[str, forms.Form] = {
        "amend": MemberForm(initial={"name": member.name, "party": member.party}),
        "account": AccountForm(prefix="account"),
        "leave": LeaveForm(initial={"on": request.today}, prefix="leave"),
    }
    (person,) = queries.people([member], request.today)
    context = {
        "person": person,
        "member": member,
        "forms": MemberForms(**{**fresh, **bound}),
        "belongs": queries.belongs(member, request.today),
        "leave_obstacles": rules.leave_obstacles(member, request.today, request.acting),
        "crumbs": _member_crumbs(),
    }
    return render(request, "organisations/member.html", context, status=422 if bound else 200)


@door(ADMINISTRATOR)
@form_page
def member(request: Seated, key: str) -> HttpResponse:
    """One person: name, posts, account."""
    one = queries.member(request.acting.organisation, key)
    if request.method != "POST":
        return _member_page(request, one)
    form = MemberForm(request.POST)
    if (
        form.is_valid()
        and attempt(form, workflow.amend_member, member=one, by=request.acting, **form.cleaned_data)
        is not None
    ):
        messages.success(request, _("已改好。"))
        return redirect("organisations:member", key)
    return _member_page(request, one, amend=form)


@door(ADMINISTRATOR)
@require_POST
def account(request: Seated, key: str) -> HttpResponse:
    """Give a member an account, and show the link that sets its password."""
    one = queries.member(request.acting.organisation, key)
    form = AccountForm(request.POST, prefix="account")
    if form.is_valid() and (
        link := attempt(form, _account_and_link, request, one, **form.cleaned_data)
    ):
        return _link_page(request, one, link)
    return _member_page(request, one, account=form)


@transaction.atomic
def _account_and_link(request: Seated, member: Member, username: str, email: str) -> str:
    workflow.make_account(member=member, username=username, email=email, by=request.acting)
    return link_address(*workflow.make_link(member=member, by=request.acting))


@door(ADMINISTRATOR)
@require_POST
def link(request: Seated, key: str) -> HttpResponse:
    """A new one-time link for a member who has no password, or has lost it."""
    one = queries.member(request.acting.organisation, key)
    return _link_page(
        request, one, link_address(*workflow.make_link(member=one, by=request.acting))
    )


def _link_page(request: Seated, member: Member, link: str) -> HttpResponse:
    """Shown once and kept nowhere; to a registered address it goes by letter as well."""
    member.refresh_from_db()
    given = member.account
    assert given is not None
    written = letters.reaches(given)
    if written:
        letters.invite(request.acting.organisation, given, link)
    context = {
        "member": member,
        "account": given,
        "link": link,
        "written": written,
        "days": settings.PASSWORD_RESET_TIMEOUT // 86400,
        "crumbs": [*_member_crumbs(), _to_member(member)],
    }
    return render(request, "organisations/link.html", context)


@door(ADMINISTRATOR)
@require_POST
def leave(request: Seated, key: str) -> HttpResponse:
    """Register that a person is no member any more."""
    one = queries.member(request.acting.organisation, key)
    form = LeaveForm(request.POST, prefix="leave")
    if (
        form.is_valid()
        and attempt(form, workflow.leave, member=one, on=form.cleaned_data["on"], by=request.acting)
        is not None
    ):
        words = {"member": one, "day": day(form.cleaned_data["on"])}
        messages.success(request, _("已登记：%(member)s从%(day)s起不再是成员。") % words)
        return redirect("organisations:members")
    return _member_page(request, one, leave=form)


def _member_crumbs() -> list[Link]:
    return [Link(pgettext("heading", "成员"), reverse("organisations:members"))]


def _to_member(member: Member) -> Link:
    return Link(member.name, reverse("organisations:member", args=[member.key]))


# -- the roster ------------------------------------------------------------------------------------


@door(ADMINISTRATOR)
@form_page
def bring_in(request: Seated) -> HttpResponse:
    """Members and posts from a sheet; every mistake by its cell, and nothing until it is right."""
    form = RosterForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        imported = attempt(form, _import, request, form.cleaned_data["file"])
        if imported:
            messages.success(request, imported.summary)
            return redirect("organisations:members")
    context = {"form": form, "crumbs": _member_crumbs()}
    status = 422 if form.errors else 200
    return render(request, "organisations/import.html", context, status=status)


def _import(request: Seated, data: bytes) -> enrolling.Imported:
    officer = request.acting
    imported = enrolling.import_members(
        organisation=officer.organisation, roster=roster.read(data), by=officer
    )
    keys = [each.key for each in imported.accounts if letters.reaches(each.account)]
    if keys:
        letters.invite_all.enqueue(keys, officer.actor.key, officer.actor.label)
    return imported


@door(ADMINISTRATOR)
@require_GET
def blank(request: Seated) -> HttpResponse:
    """An empty roster with the organisation's posts."""
    names = [post.name for post in queries.posts(request.acting.organisation)]
    response = HttpResponse(roster.blank(names), content_type=roster.MEDIA_TYPE)
    response["Content-Disposition"] = 'attachment; filename="roster.xlsx"'
    return response
