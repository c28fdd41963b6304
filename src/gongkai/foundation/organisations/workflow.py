"""The verbs on bodies, posts, people and accounts."""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Protocol

from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from django.db import transaction
from django.utils.translation import gettext as _

from gongkai.foundation.core.clock import DEFAULT_ZONE
from gongkai.foundation.core.errors import Refused
from gongkai.foundation.core.identifiers import new_address
from gongkai.foundation.ledger import workflow as ledger
from gongkai.foundation.organisations import queries, rules
from gongkai.foundation.organisations.audience import member_key
from gongkai.foundation.organisations.models import (
    Absence,
    Account,
    Group,
    Member,
    Organisation,
    Post,
    Seat,
    Tenure,
)
from gongkai.foundation.organisations.queries import By, actor_of
from gongkai.foundation.organisations.states import AbsenceKind


class PostPlan(Protocol):
    """A post as a charter words it."""

    @property
    def key(self) -> str: ...
    @property
    def name(self) -> str: ...
    @property
    def department(self) -> str: ...
    @property
    def rights(self) -> tuple[str, ...]: ...


class GroupPlan(Protocol):
    """A group as a charter words it; ``seats`` are pairs of a post's key and a role."""

    @property
    def key(self) -> str: ...
    @property
    def name(self) -> str: ...
    @property
    def seats(self) -> tuple[tuple[str, str], ...]: ...


@transaction.atomic
def arrange(
    *,
    slug: str,
    name: str,
    zone: str = DEFAULT_ZONE,
    parent: str | None = None,
    posts: Iterable[PostPlan],
    groups: Iterable[GroupPlan] = (),
) -> Organisation:
    """Make the organisation ``slug`` what its charter says; repeating it changes nothing.

    A post that the charter leaves out is retired, never deleted; who holds what is not touched.
    The caller records the act, in the same transaction. ``Refused`` when ``parent`` is unknown.
    """
    above = queries.organisation(parent) if parent else None
    organisation, _made = Organisation.objects.select_for_update().update_or_create(
        slug=slug, defaults={"name": name, "zone": zone, "parent": above}
    )
    kept = {plan.key: _arrange_post(organisation, plan, n) for n, plan in enumerate(posts)}
    Post.objects.filter(organisation=organisation).exclude(key__in=kept).update(retired=True)
    planned = list(groups)
    for group in planned:
        _arrange_group(organisation, group, kept)
    gone = Group.objects.filter(organisation=organisation)
    gone.exclude(key__in=[group.key for group in planned]).delete()
    return organisation


def _arrange_post(organisation: Organisation, plan: PostPlan, place: int) -> Post:
    wording = {"name": plan.name, "department": plan.department, "rights": list(plan.rights)}
    post, _made = Post.objects.update_or_create(
        organisation=organisation,
        key=plan.key,
        defaults={**wording, "place": place, "retired": False},
    )
    return post


def _arrange_group(organisation: Organisation, plan: GroupPlan, posts: dict[str, Post]) -> None:
    group, _made = Group.objects.update_or_create(
        organisation=organisation, key=plan.key, defaults={"name": plan.name}
    )
    seats = {posts[key].pk: role for key, role in plan.seats}
    Seat.objects.filter(group=group).exclude(post__in=seats).delete()
    for post, role in seats.items():
        Seat.objects.update_or_create(group=group, post_id=post, defaults={"role": role})


# -- people ----------------------------------------------------------------------------------------


@transaction.atomic
def make_member(*, organisation: Organisation, name: str, party: bool = False, by: By) -> Member:
    """Add a person to ``organisation`` 成员."""
    if obstacles := rules.member_obstacles(organisation, name, by):
        raise Refused(obstacles)
    member = Member.objects.create(
        organisation=organisation, key=new_address(), name=name.strip(), party=party
    )
    _record_member("member.make", member, by, party=party)
    return member


@transaction.atomic
def amend_member(*, member: Member, name: str, party: bool, by: By) -> Member:
    """Write the name of ``member`` anew, and whether they belong to the Party."""
    member = _locked(member)
    if obstacles := rules.member_obstacles(member.organisation, name, by):
        raise Refused(obstacles)
    member.name, member.party = name.strip(), party
    member.save(update_fields=["name", "party"])
    _record_member("member.amend", member, by, party=party)
    return member


@transaction.atomic
def leave(*, member: Member, on: date, by: By) -> Member:
    """From ``on`` the person is no member any more 离开; what they hold ends the day before."""
    member = _locked(member)
    if obstacles := rules.leave_obstacles(member, on, by):
        raise Refused(obstacles)
    last = on - timedelta(days=1)
    standing = Tenure.objects.filter(member=member).exclude(until__lt=on)
    never = standing.filter(since__gte=on)
    Absence.objects.filter(tenure__in=never).delete()
    never.delete()
    standing.update(until=last)
    member.left_on = on
    member.save(update_fields=["left_on"])
    _record_member("member.leave", member, by, on=on.isoformat())
    return member


@transaction.atomic
def make_account(*, member: Member, username: str, email: str = "", by: By) -> Account:
    """Give ``member`` an account 账号, with no password until its one-time link is used."""
    member = _locked(member)
    today = queries.today(member.organisation)
    if obstacles := rules.account_obstacles(member, username, today, by):
        raise Refused(obstacles)
    account = Account.objects.create_user(username, email=email)
    member.account = account
    member.save(update_fields=["account"])
    _record_member("account.make", member, by)
    return account


@transaction.atomic
def make_link(*, member: Member, by: By) -> tuple[str, str]:
    """A one-time way to set the password of ``member``'s account 一次性链接.

    Returns what ``adapter.link_address`` takes. The link works once, and for
    ``PASSWORD_RESET_TIMEOUT`` seconds; it is nowhere kept.
    """
    member = _locked(member)
    if obstacles := rules.link_obstacles(member, queries.today(member.organisation), by):
        raise Refused(obstacles)
    account = member.account
    assert account is not None
    _record_member("account.link", member, by)
    return user_pk_to_url_str(account), default_token_generator.make_token(account)


def _locked(member: Member) -> Member:
    # The account is joined by an outer join, which PostgreSQL cannot lock.
    found = Member.objects.select_for_update(of=("self",)).select_related("organisation")
    return found.get(pk=member.pk)


def _record_member(verb: str, member: Member, by: By, **facts: object) -> None:
    """The act names the member by key alone: a name is personal data, and acts stay for ever."""
    ledger.record(
        verb=verb,
        actor=actor_of(by),
        organisation=member.organisation.slug,
        subject=member_key(member.key),
        label=member_key(member.key),
        facts=facts,
    )


# -- who holds what --------------------------------------------------------------------------------


@transaction.atomic
def appoint(
    *, post: Post, member: Member, since: date, until: date | None = None, by: By
) -> Tenure:
    """``member`` holds ``post`` from ``since`` through ``until``, or until further notice 任职."""
    post, member = _locked_post(post), _locked(member)
    if obstacles := rules.appoint_obstacles(post, member, since, until, by):
        raise Refused(obstacles)
    tenure = Tenure.objects.create(post=post, member=member, since=since, until=until)
    _record_post("post.appoint", tenure, by)
    return tenure


@transaction.atomic
def end_tenure(*, tenure: Tenure, on: date, by: By) -> Tenure:
    """``on`` is the last day of ``tenure`` 免职; after it the post is vacant."""
    _locked_post(tenure.post)
    tenure = Tenure.objects.select_related("post__organisation", "member").get(pk=tenure.pk)
    if obstacles := rules.end_obstacles(tenure, on, by):
        raise Refused(obstacles)
    tenure.until = on
    tenure.save(update_fields=["until"])
    _record_post("post.end", tenure, by)
    return tenure


@transaction.atomic
def hand_over(*, post: Post, to: Member, on: date, by: By) -> Tenure:
    """``post`` passes to ``to`` when ``on`` begins in the organisation's zone 移交."""
    post, to = _locked_post(post), _locked(to)
    if obstacles := rules.hand_over_obstacles(post, to, on, by):
        raise Refused(obstacles)
    leaving = rules.tenure_to_hand_over(post, on)
    assert leaving is not None
    leaving.until = on - timedelta(days=1)
    leaving.save(update_fields=["until"])
    _record_post("post.end", leaving, by)
    tenure = Tenure.objects.create(post=post, member=to, since=on)
    _record_post("post.appoint", tenure, by)
    return tenure


def _locked_post(post: Post) -> Post:
    found = Post.objects.select_for_update(of=("self",)).select_related("organisation")
    return found.get(pk=post.pk)


def _record_post(verb: str, tenure: Tenure, by: By) -> None:
    ledger.record(
        verb=verb,
        actor=actor_of(by),
        organisation=tenure.post.organisation.slug,
        subject=f"post:{tenure.post.organisation.slug}/{tenure.post.key}",
        label=tenure.post.name,
        facts={
            "post": tenure.post.name,
            "member": tenure.member.key,
            "since": tenure.since.isoformat(),
            "until": tenure.until.isoformat() if tenure.until else "",
        },
    )


# -- who is away -----------------------------------------------------------------------------------


@transaction.atomic
def register_absence(
    *, tenure: Tenure, deputy: Post, since: date, until: date, kind: AbsenceKind, by: By
) -> Absence:
    """The holder is away from ``since`` through ``until``; ``deputy`` acts on their turns 外出代行.

    Both posts are held meanwhile, in one order, lest two absences meet that must not.
    """
    for pk in sorted((tenure.post_id, deputy.pk)):
        Post.objects.select_for_update().get(pk=pk)
    tenure = Tenure.objects.select_related("post__organisation", "member").get(pk=tenure.pk)
    today = queries.today(tenure.post.organisation)
    if obstacles := rules.absence_obstacles(tenure, deputy, since, until, today, by):
        raise Refused(obstacles)
    absence = Absence.objects.create(
        tenure=tenure, deputy=deputy, since=since, until=until, kind=kind
    )
    _record_absence("post.away", absence, by)
    return absence


@transaction.atomic
def end_absence(*, absence: Absence, by: By) -> None:
    """Whoever was away is back today, or does not go 提前回来; the deputy's part is over."""
    rows = Absence.objects.select_for_update(of=("self",)).filter(pk=absence.pk)
    found = rows.select_related("tenure__post__organisation", "tenure__member", "deputy").first()
    if found is None:
        raise Refused([_("没有这次外出，可能刚有人改过。请看最新的情况。")])
    today = queries.today(found.tenure.post.organisation)
    if obstacles := rules.return_obstacles(found, today, by):
        raise Refused(obstacles)
    if found.since >= today:
        rows.delete()
    else:
        rows.update(until=today - timedelta(days=1))
    _record_absence("post.back", found, by)


def _record_absence(verb: str, absence: Absence, by: By) -> None:
    post = absence.tenure.post
    ledger.record(
        verb=verb,
        actor=actor_of(by),
        organisation=post.organisation.slug,
        subject=f"post:{post.organisation.slug}/{post.key}",
        label=post.name,
        facts={
            "post": post.name,
            "member": absence.tenure.member.key,
            "deputy": absence.deputy.name,
            "kind": str(absence.kind),
            "since": absence.since.isoformat(),
            "until": absence.until.isoformat(),
        },
    )
