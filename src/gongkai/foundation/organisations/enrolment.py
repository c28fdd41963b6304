"""What a roster would change in an organisation, and what in it cannot be right."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models.functions import Lower
from django.utils.translation import gettext as _

from gongkai.foundation.organisations import roster
from gongkai.foundation.organisations.models import Account, Member, Organisation, Post, Tenure
from gongkai.foundation.organisations.queries import belongs, posts
from gongkai.foundation.organisations.roster import Mistake, Roster, Row
from gongkai.foundation.organisations.rules import LONGEST_NAME, username_wording
from gongkai.foundation.ui.marks import day


@dataclass(frozen=True)
class Enrolment:
    """One row set beside the organisation: who it is, and the posts still to be taken."""

    row: Row
    member: Member | None
    since: date
    posts: tuple[Post, ...]

    @property
    def wants_account(self) -> bool:
        """Whether the row asks for an account that is not there yet."""
        return bool(self.row.username) and (self.member is None or self.member.account is None)

    @property
    def known(self) -> Member:
        """The member, for a row that means one we have."""
        assert self.member is not None
        return self.member

    @property
    def account(self) -> Account:
        """The account of the member, for a row that means one who has one."""
        assert self.known.account is not None
        return self.known.account

    @property
    def amends_party(self) -> bool:
        """Whether the row says something new about belonging to the Party."""
        return (
            self.member is not None
            and self.row.party is not None
            and self.member.party != self.row.party
        )

    @property
    def amends_email(self) -> bool:
        """Whether the row gives a known account another address."""
        account = self.member.account if self.member else None
        return account is not None and self.row.email not in {"", account.email}


class Comparison:
    """A roster beside the organisation as it stands: five queries, however long the roster."""

    def __init__(self, organisation: Organisation, sheet: Roster, today: date) -> None:
        self.today = today
        self.mistakes: list[Mistake] = list(sheet.mistakes)
        self.posts = {post.name: post for post in posts(organisation)}
        self.standing = _standing(organisation, today)
        found = Member.objects.filter(organisation=organisation).select_related("account")
        self.members = [member for member in found if belongs(member, today)]
        self.owners = _owners(sheet.rows)
        self.enrolments = [self._compare(row) for row in sheet.rows if row.name]
        self._each_once(sheet.rows)
        self.mistakes.sort()

    def _compare(self, row: Row) -> Enrolment:
        if len(row.name) > LONGEST_NAME:
            words = _("姓名太长了，最多%(n)s个字。") % {"n": LONGEST_NAME}
            self._wrong(row, roster.NAME, words)
        for words in username_wording(row.username) if row.username else ():
            self._wrong(row, roster.USERNAME, words)
        member = self._member(row)
        if row.email and not row.username and (member is None or member.account is None):
            words = _("有邮箱却没有用户名。请填用户名，或把邮箱空着。")
            self.mistakes.append(row.mistake(roster.EMAIL, words))
        since = row.since or self.today
        wanted = [post for name in row.posts if (post := self._post(row, name, member, since))]
        return Enrolment(row, member, since, tuple(wanted))

    def _member(self, row: Row) -> Member | None:
        """Whom the row means: by user name when there is such an account, otherwise by name."""
        account = self.owners.get(row.username.lower())
        if account is not None:
            owner = next((m for m in self.members if m.account_id == account.pk), None)
            if owner is None or owner.name != row.name:
                words = _("用户名“%(username)s”已经有人用了。请换一个。")
                self._wrong(row, roster.USERNAME, words % {"username": row.username})
            return owner
        namesakes = [member for member in self.members if member.name == row.name]
        if len(namesakes) > 1:
            words = _(
                "本单位有%(n)s位%(name)s，分不清是哪一位。请填各人的用户名，或在办公台上登记。"
            )
            self._wrong(row, roster.NAME, words % {"n": len(namesakes), "name": row.name})
        known = namesakes[0] if len(namesakes) == 1 else None
        if known and known.account and row.username:
            words = _("本单位的%(name)s已有账号“%(username)s”。同名的另一位请在办公台上单独添加。")
            names = {"name": row.name, "username": known.account.username}
            self._wrong(row, roster.USERNAME, words % names)
        return known

    def _post(self, row: Row, name: str, member: Member | None, since: date) -> Post | None:
        """The post to be taken; none when it is unknown, held already, or another's."""
        post = self.posts.get(name)
        if post is None:
            self._wrong(row, roster.POSTS, _unknown_post(name, list(self.posts)))
            return None
        for tenure in self.standing.get(post.pk, []):
            if member is not None and tenure.member_id == member.pk:
                return None
            if tenure.until is None or tenure.until >= since:
                self._wrong(row, roster.POSTS, _taken(post, tenure))
                return None
        return post

    def _each_once(self, rows: Iterable[Row]) -> None:
        """A person, a user name and a post may stand in one row only."""
        listed = list(rows)
        names = Counter(row.name for row in listed if row.name)
        usernames = Counter(row.username.lower() for row in listed if row.username)
        held = Counter(name for row in listed for name in row.posts)
        for row in listed:
            if names[row.name] > 1 and not (row.username and usernames[row.username.lower()] == 1):
                words = _("名册里有%(n)s位%(name)s。同名的人都要填用户名，才分得清。")
                self._wrong(row, roster.NAME, words % {"n": names[row.name], "name": row.name})
            if usernames[row.username.lower()] > 1:
                words = _("用户名“%(username)s”填了两次。请换一个。")
                self._wrong(row, roster.USERNAME, words % {"username": row.username})
            for name in row.posts:
                if held[name] > 1 and name in self.posts:
                    words = _("“%(post)s”填给了两个人。一个岗位同时只能由一人担任。")
                    self._wrong(row, roster.POSTS, words % {"post": name})

    def _wrong(self, row: Row, heading: str, words: str) -> None:
        self.mistakes.append(row.mistake(heading, words))


def _standing(organisation: Organisation, today: date) -> dict[int, list[Tenure]]:
    """For each post the tenures that have not ended, earliest first."""
    standing: dict[int, list[Tenure]] = {}
    tenures = Tenure.objects.filter(post__organisation=organisation).exclude(until__lt=today)
    for tenure in tenures.select_related("member").order_by("since"):
        standing.setdefault(tenure.post_id, []).append(tenure)
    return standing


def _owners(rows: Iterable[Row]) -> dict[str, Account]:
    """The accounts of the whole installation whose names the roster mentions, by lower case."""
    wanted = {row.username.lower() for row in rows if row.username}
    if not wanted:
        return {}
    named = Account.objects.annotate(lower=Lower("username")).filter(lower__in=wanted)
    return {account.username.lower(): account for account in named}


def _unknown_post(name: str, known: list[str]) -> str:
    near = roster.closest(name, known)
    if near:
        return _("没有“%(name)s”这个岗位，最接近的是“%(near)s”。") % {"name": name, "near": near}
    return _("没有“%(name)s”这个岗位。请照实施办法里的名称写。") % {"name": name}


def _taken(post: Post, tenure: Tenure) -> str:
    return _("“%(post)s”从%(since)s起由%(member)s担任。换人请在办公台上移交。") % {
        "post": post.name,
        "since": day(tenure.since),
        "member": tenure.member.name,
    }
