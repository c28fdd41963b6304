"""The verb that takes a roster in: members made, amended and given accounts in one act."""

from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _

from gongkai.foundation.core.errors import Refused
from gongkai.foundation.core.identifiers import new_address
from gongkai.foundation.ledger import workflow as ledger
from gongkai.foundation.organisations import queries, rules
from gongkai.foundation.organisations.enrolment import Comparison, Enrolment
from gongkai.foundation.organisations.models import (
    Account,
    Member,
    Organisation,
)
from gongkai.foundation.organisations.queries import By, actor_of
from gongkai.foundation.organisations.roster import Roster, Row
from gongkai.foundation.organisations.workflow import appoint


@dataclass(frozen=True)
class Imported:
    """What an import changed: new members, members with a new account, posts taken, corrected."""

    members: tuple[Member, ...]
    accounts: tuple[Member, ...]
    appointed: int
    amended: int

    @property
    def changed(self) -> bool:
        """Whether anything is different now."""
        return bool(self.members or self.accounts or self.appointed or self.amended)

    @property
    def summary(self) -> str:
        """The result in a sentence."""
        if not self.changed:
            return _("名册里的都已经登记过，没有改动。")
        wording = _(
            "已导入：新成员%(members)s人，新账号%(accounts)s个，任职%(posts)s项，更正%(amended)s人。"
        )
        return wording % {
            "members": len(self.members),
            "accounts": len(self.accounts),
            "posts": self.appointed,
            "amended": self.amended,
        }


@transaction.atomic
def import_members(*, organisation: Organisation, roster: Roster, by: By) -> Imported:
    """Enrol everybody in ``roster`` 导入名册: all of it, or nothing; again, and nothing changes.

    ``Refused`` with every mistake, each by its cell.
    """
    organisation = Organisation.objects.select_for_update(of=("self",)).get(pk=organisation.pk)
    if obstacles := rules.administer_obstacles(organisation, by):
        raise Refused(obstacles)
    comparison = Comparison(organisation, roster, queries.today(organisation))
    if comparison.mistakes:
        raise Refused(map(str, comparison.mistakes))
    enrolments = comparison.enrolments
    made = _enrol(organisation, [each for each in enrolments if each.member is None])
    amended = _amend([each for each in enrolments if each.member is not None])
    members = [each.member or made[each.row] for each in enrolments]
    accounts = _open_accounts(enrolments, members)
    appointed = 0
    for each, member in zip(enrolments, members, strict=True):
        for post in each.posts:
            appoint(post=post, member=member, since=each.since, by=by)
            appointed += 1
    imported = Imported(tuple(made.values()), tuple(accounts), appointed, amended)
    if imported.changed:
        _record_import(organisation, imported, by)
    return imported


def _enrol(organisation: Organisation, newcomers: list[Enrolment]) -> dict[Row, Member]:
    members = [
        Member(
            organisation=organisation,
            key=new_address(),
            name=each.row.name,
            party=bool(each.row.party),
        )
        for each in newcomers
    ]
    made = Member.objects.bulk_create(members)
    return {each.row: member for each, member in zip(newcomers, made, strict=True)}


def _amend(known: list[Enrolment]) -> int:
    """Take over what the roster says of known members; returns how many it changed."""
    party = [each for each in known if each.amends_party]
    email = [each for each in known if each.amends_email]
    for each in party:
        each.known.party = bool(each.row.party)
    for each in email:
        each.account.email = each.row.email
    Member.objects.bulk_update([each.known for each in party], ["party"])
    Account.objects.bulk_update([each.account for each in email], ["email"])
    return len({each.row for each in [*party, *email]})


def _open_accounts(enrolments: list[Enrolment], members: list[Member]) -> list[Member]:
    owners = []
    for each, member in zip(enrolments, members, strict=True):
        if each.wants_account:
            account = Account(username=each.row.username, email=each.row.email)
            account.set_unusable_password()
            member.account = account
            owners.append(member)
    Account.objects.bulk_create([member.account for member in owners if member.account])
    Member.objects.bulk_update(owners, ["account"])
    return owners


def _record_import(organisation: Organisation, imported: Imported, by: By) -> None:
    ledger.record(
        verb="member.import",
        actor=actor_of(by),
        organisation=organisation.slug,
        subject=f"members:{organisation.slug}",
        label=organisation.name,
        facts={
            "members": [member.key for member in imported.members],
            "accounts": [member.key for member in imported.accounts],
            "appointed": imported.appointed,
            "amended": imported.amended,
        },
    )
