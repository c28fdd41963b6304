"""Reads about bodies, posts and people. Rights follow the post on the day, never the account."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from gongkai.foundation.core.clock import civil_day, now
from gongkai.foundation.core.errors import Refused
from gongkai.foundation.ledger.workflow import Actor
from gongkai.foundation.organisations import audience
from gongkai.foundation.organisations.audience import ANONYMOUS, Reader
from gongkai.foundation.organisations.models import (
    Absence,
    Account,
    Member,
    Organisation,
    Post,
    Seat,
    Tenure,
)
from gongkai.foundation.organisations.states import Right

MOST_LEVELS = 10
"""How many bodies may stand above one another before we call it a circle."""


@dataclass(frozen=True)
class Capacity:
    """As what somebody acts (身份): by a post of their own, or as deputy for an absent holder.

    ``by`` is the deputy's own post and ``absent`` whom they stand for; both none for a holder.
    """

    post: Post
    by: Post | None = None
    absent: Member | None = None

    @property
    def name(self) -> str:
        """How acts and papers name it, in Chinese as posts are: 党委书记（党委副书记代）."""
        return f"{self.post.name}（{self.by.name}代）" if self.by else self.post.name


@dataclass(frozen=True)
class Officer:
    """A member with the posts held on the day ``on`` (任职人员); all they may do follows."""

    member: Member
    organisation: Organisation
    posts: tuple[Post, ...]
    rights: frozenset[str]
    on: date

    def may(self, right: Right) -> bool:
        """Whether one of the posts carries ``right``."""
        return right.value in self.rights

    def holds(self, post_key: str) -> bool:
        """Whether the post ``post_key`` of the organisation is among those held."""
        return any(post.key == post_key for post in self.posts)

    @cached_property
    def deputising(self) -> tuple[Capacity, ...]:
        """The posts whose absent holders they stand in for: 1 query, when first asked for.

        Turns in review go by it. Rights do not: :attr:`rights` are those of one's own posts.
        """
        return deputising(self.member, self.posts, self.on) if self.posts else ()

    def capacities(self, keys: Iterable[str]) -> tuple[Capacity, ...]:
        """As what they may act where it is the turn of the posts ``keys``: own posts first."""
        wanted = set(keys)
        own = tuple(Capacity(post) for post in self.posts if post.key in wanted)
        if own or not wanted:
            return own
        return tuple(each for each in self.deputising if each.post.key in wanted)

    @property
    def post_names(self) -> str:
        """The posts as people read them: 组织干事、党政办主任; empty without a post."""
        return "、".join(post.name for post in self.posts)

    @property
    def actor(self) -> Actor:
        """How the ledger names this officer: by post, or by name when no post is held."""
        key = audience.member_key(self.member.key)
        return Actor(key, self.post_names or self.member.name)


By = Officer | Actor
"""Who asks for a verb: an officer with rights, or whoever runs the machine (command line)."""


def actor_of(by: By) -> Actor:
    """The name under which the ledger keeps an act of ``by``."""
    return by.actor if isinstance(by, Officer) else by


# -- bodies ----------------------------------------------------------------------------------------


def installation() -> Organisation | None:
    """The body this installation was made for: the topmost, oldest one; none before set-up."""
    return Organisation.objects.filter(parent=None).order_by("pk").first()


def organisation(slug: str) -> Organisation:
    """The body called ``slug``. ``Refused`` when there is none."""
    found = Organisation.objects.filter(slug=slug).first()
    if found is None:
        slugs = Organisation.objects.order_by("pk").values_list("slug", flat=True)[:20]
        wording = _("没有代号为“%(slug)s”的单位。现有：%(known)s。")
        raise Refused([wording % {"slug": slug, "known": _("、").join(slugs)}])
    return found


def today(organisation: Organisation) -> date:
    """The civil day it is now in the organisation's own zone."""
    return civil_day(now(), organisation.zone)


def ancestors(organisation: Organisation) -> Iterator[Organisation]:
    """The bodies above, nearest first; one query a level."""
    above = organisation.parent
    for _level in range(MOST_LEVELS):
        if above is None:
            return
        yield above
        above = above.parent


def subtree(organisation: Organisation) -> list[int]:
    """The keys of ``organisation`` and of the bodies below it; one query a level."""
    found = level = [organisation.pk]
    for _level in range(MOST_LEVELS):
        level = list(Organisation.objects.filter(parent__in=level).values_list("pk", flat=True))
        if not level:
            break
        found = [*found, *level]
    return found


# -- people ----------------------------------------------------------------------------------------


def member_of(account: Account) -> Member | None:
    """The member who signs in with ``account`` and has not left; otherwise none."""
    found = Member.objects.select_related("organisation").filter(account=account).first()
    return found if found and belongs(found, today(found.organisation)) else None


def belongs(member: Member, on: date) -> bool:
    """Whether ``member`` is one on that day; ``left_on`` is the first day they are not."""
    return member.left_on is None or on < member.left_on


def members(organisation: Organisation, on: date, named: str = "") -> QuerySet[Member]:
    """The members on that day, by name; ``named`` narrows to names that hold these characters."""
    present = Q(left_on=None) | Q(left_on__gt=on)
    found = Member.objects.filter(present, organisation=organisation, name__icontains=named.strip())
    return found.select_related("account").order_by("name", "pk")


def member(organisation: Organisation, key: str) -> Member:
    """The member ``key`` of the organisation. ``Refused`` when it has none."""
    found = Member.objects.select_related("account", "organisation").filter(
        organisation=organisation, key=key
    )
    if (one := found.first()) is None:
        raise Refused([_("本单位没有这位成员。请在成员名单里重新选一位。")])
    return one


@dataclass(frozen=True)
class Person:
    """A member with what they hold or will hold (成员与任职)."""

    member: Member
    tenures: tuple[Tenure, ...]


def people(members: Iterable[Member], on: date) -> list[Person]:
    """Each of ``members`` with the tenures that have not ended on that day: 1 query."""
    listed = list(members)
    standing = Tenure.objects.filter(Q(until=None) | Q(until__gte=on), member__in=listed)
    held: dict[int, list[Tenure]] = {}
    for tenure in standing.select_related("post").order_by("since", "pk"):
        held.setdefault(tenure.member_id, []).append(tenure)
    return [Person(member, tuple(held.get(member.pk, ()))) for member in listed]


def reader_of(member: Member | None, on: date) -> Reader:
    """The keys ``member`` reads with on that day: public, party, bodies, groups, oneself.

    Whoever has left reads what anybody reads.
    """
    if member is None or not belongs(member, on):
        return ANONYMOUS
    own = member.organisation
    keys = {audience.PUBLIC, audience.member_key(member.key), audience.org_key(own.slug)}
    keys |= {audience.org_key(above.slug) for above in ancestors(own)}
    keys |= {audience.group_key(own.slug, group) for group in _groups_of(member, on)}
    if member.party:
        keys.add(audience.PARTY)
    return Reader(frozenset(keys))


def readers_with(keys: Iterable[str], on: date) -> QuerySet[Member]:
    """Every member who has one of ``keys`` on that day: :func:`reader_of` the other way round.

    A query for each level of bodies below an ``org:`` key, then one.
    """
    wanted = Q(pk__in=())
    for key in keys:
        kind, _colon, name = key.partition(":")
        if key == audience.PUBLIC:
            wanted |= Q(pk__isnull=False)
        elif key == audience.PARTY:
            wanted |= Q(party=True)
        elif kind == "member":
            wanted |= Q(key=name)
        elif kind == "org":
            above = Organisation.objects.filter(slug=name).first()
            wanted |= Q(organisation__in=subtree(above) if above else ())
        elif kind == "group":
            slug, _slash, group = name.partition("/")
            seats = Seat.objects.filter(group__key=group).values("post")
            held = tenures_on(on).filter(post__in=seats, post__retired=False).values("member")
            wanted |= Q(organisation__slug=slug, pk__in=held)
    present = Q(left_on=None) | Q(left_on__gt=on)
    return Member.objects.filter(present, wanted)


def _groups_of(member: Member, on: date) -> QuerySet[Seat, str]:
    posts = tenures_on(on).filter(member=member, post__retired=False).values("post")
    return Seat.objects.filter(post__in=posts).values_list("group__key", flat=True).distinct()


# -- posts and who holds them ----------------------------------------------------------------------


def tenures_on(on: date) -> QuerySet[Tenure]:
    """The tenures that cover that day; ``until`` is the last day of one."""
    return Tenure.objects.filter(Q(until=None) | Q(until__gte=on), since__lte=on)


def officer_of(member: Member, on: date) -> Officer:
    """``member`` with the posts held on that day: 2 queries at most. Whoever left holds none."""
    held = tenures_on(on).filter(member=member, post__retired=False).select_related("post")
    posts = tuple(tenure.post for tenure in held.order_by("post_id")) if belongs(member, on) else ()
    rights = frozenset(right for post in posts for right in post.rights)
    return Officer(member, member.organisation, posts, rights, on)


def holder(post: Post, on: date) -> Member | None:
    """Who holds ``post`` on that day; none when it is vacant."""
    held = tenures_on(on).filter(post=post).select_related("member__organisation")
    tenure = held.order_by("-since").first()
    return tenure.member if tenure and belongs(tenure.member, on) else None


# -- who is away -----------------------------------------------------------------------------------


def absences_on(first: date, last: date | None = None) -> QuerySet[Absence]:
    """The absences that cover a day from ``first`` to ``last`` (that one day when left out), of
    tenures that still last.
    """
    lasting = Q(tenure__until=None) | Q(tenure__until__gte=first)
    found = Absence.objects.filter(lasting, since__lte=last or first, until__gte=first)
    return found.select_related("tenure__post", "tenure__member", "deputy")


def deputising(member: Member, posts: Iterable[Post], on: date) -> tuple[Capacity, ...]:
    """For which absent holders ``member``, who holds ``posts``, acts on that day: 1 query.

    A deputy has no deputy, so nothing is handed on; and nobody is their own.
    """
    found = absences_on(on).filter(deputy__in=[post.pk for post in posts])
    return tuple(
        Capacity(each.tenure.post, each.deputy, each.tenure.member)
        for each in found.order_by("since", "pk")
        if each.tenure.member_id != member.pk
        and not each.tenure.post.retired
        and belongs(each.tenure.member, on)
    )


def absences(organisation: Organisation, on: date) -> list[Absence]:
    """Who is away on that day or will be, the earliest first: 1 query."""
    lasting = Q(tenure__until=None) | Q(tenure__until__gte=on)
    found = Absence.objects.filter(lasting, until__gte=on, tenure__post__organisation=organisation)
    rows = found.select_related("tenure__post__organisation", "tenure__member", "deputy")
    return list(rows.order_by("since", "pk"))


def tenures_to_leave(officer: Officer) -> QuerySet[Tenure]:
    """The tenures whose holder ``officer`` may register as away: their own; whoever arranges
    posts, everybody's.
    """
    held = tenures_on(officer.on).filter(
        post__organisation=officer.organisation, post__retired=False
    )
    if not officer.may(Right.ADMINISTER):
        held = held.filter(member=officer.member)
    return held.select_related("post__organisation", "member").order_by("post__place", "post_id")


def absence(organisation: Organisation, pk: int) -> Absence:
    """The absence ``pk`` of the organisation. ``Refused`` when there is none."""
    found = Absence.objects.filter(tenure__post__organisation=organisation, pk=pk)
    rows = found.select_related("tenure__post__organisation", "tenure__member", "deputy")
    if (one := rows.first()) is None:
        raise Refused([_("没有这次外出，可能刚有人改过。请看最新的情况。")])
    return one


def post(organisation: Organisation, key: str) -> Post:
    """The post ``key`` of the organisation. ``Refused`` when its charter has none."""
    found = Post.objects.filter(organisation=organisation, key=key, retired=False).first()
    if found is None:
        raise Refused(
            [
                _("%(organisation)s的实施办法里没有“%(key)s”这个岗位。")
                % {"organisation": organisation, "key": key}
            ]
        )
    return found


def officer_of_post(organisation: Organisation, post_key: str, on: date) -> Officer:
    """The holder of the post on that day, as an officer. ``Refused`` while it is vacant."""
    wanted = post(organisation, post_key)
    member = holder(wanted, on)
    if member is None:
        raise Refused([vacancy(wanted)])
    return officer_of(member, on)


def vacancy(post: Post) -> str:
    """The sentence that says ``post`` is vacant and who can fill it."""
    return _("“%(post)s”现在没有人担任。请%(administrators)s先登记由谁担任。") % {
        "post": post.name,
        "administrators": administrators(post.organisation),
    }


def administrators(organisation: Organisation) -> str:
    """The posts that may register appointments, as read in a sentence: “党政办主任”."""
    named = posts_with_right(organisation, Right.ADMINISTER)
    return "、".join(_("“%(post)s”") % {"post": post.name} for post in named) or _("管理员")


def posts(organisation: Organisation) -> QuerySet[Post]:
    """The posts of the charter in force, in its order."""
    return Post.objects.filter(organisation=organisation, retired=False).order_by("place", "pk")


def held_posts(organisation: Organisation, on: date) -> QuerySet[Post]:
    """The posts that somebody holds on that day, in the charter's order."""
    return posts(organisation).filter(pk__in=tenures_on(on).values("post"))


def posts_with_right(organisation: Organisation, right: Right) -> list[Post]:
    """The posts that carry ``right``, held or vacant."""
    return [post for post in posts(organisation) if right.value in post.rights]


def vacant_posts(organisation: Organisation, on: date) -> list[Post]:
    """The posts nobody holds on that day; shown to the administrator until someone does."""
    return [place.post for place in places(organisation, on) if place.held is None]


@dataclass(frozen=True)
class Place:
    """A post with who holds it and who comes after (岗位与任职)."""

    post: Post
    held: Tenure | None
    coming: tuple[Tenure, ...]


def places(organisation: Organisation, on: date) -> list[Place]:
    """Every post with its holder on that day and the tenures still to begin: 2 queries."""
    standing: dict[int, list[Tenure]] = {}
    tenures = Tenure.objects.filter(
        Q(until=None) | Q(until__gte=on), post__organisation=organisation
    )
    for tenure in tenures.select_related("member").order_by("since"):
        if belongs(tenure.member, max(on, tenure.since)):
            standing.setdefault(tenure.post_id, []).append(tenure)
    return [_place(post, standing.get(post.pk, []), on) for post in posts(organisation)]


def _place(post: Post, standing: list[Tenure], on: date) -> Place:
    held = next((tenure for tenure in standing if tenure.since <= on), None)
    return Place(post, held, tuple(tenure for tenure in standing if tenure.since > on))


def place(post: Post, on: date) -> Place:
    """``post`` with its holder on that day and the tenures still to begin."""
    tenures = Tenure.objects.filter(Q(until=None) | Q(until__gte=on), post=post)
    standing = tenures.select_related("member", "post__organisation").order_by("since")
    return _place(post, [t for t in standing if belongs(t.member, max(on, t.since))], on)


def history(post: Post) -> QuerySet[Tenure]:
    """Every tenure of ``post``, latest first."""
    return Tenure.objects.filter(post=post).select_related("member").order_by("-since", "-pk")


def tenure(post: Post, pk: int) -> Tenure:
    """The tenure ``pk`` of ``post``. ``Refused`` when there is none."""
    found = Tenure.objects.filter(post=post, pk=pk).select_related("member", "post__organisation")
    if (one := found.first()) is None:
        raise Refused([_("没有这段任职，可能刚有人改过。请看最新的情况。")])
    return one


def right_names(post: Post) -> list[str]:
    """What the holder of ``post`` may do, in words."""
    return [str(right.label) for right in Right if right.value in post.rights]
