"""Whom a scope that leaves the choice may name: groups, bodies, and members by name."""

import re
from dataclasses import dataclass, field

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from gongkai.foundation.organisations import queries
from gongkai.foundation.organisations.audience import group_key, member_key, org_key
from gongkai.foundation.organisations.models import Group, Member, Organisation

_WITH_ACCOUNT = re.compile(r"(.+?)[（(](.+)[)）]")


@dataclass(frozen=True)
class People:
    """The readers one can choose from (可以指定的对象); nothing is asked until it is needed."""

    organisation: Organisation
    groups: list[tuple[str, str]] = field(default_factory=list)

    def named(self, key: str) -> str:
        """How a member stands on the form; the key itself for one who is not there any more."""
        found = self._present().filter(key=key.removeprefix("member:")).first()
        return self._shown(found) if found else key

    def keys(self, typed: str) -> tuple[list[str], list[str]]:
        """The keys of the people named, a line each; and a sentence for each that is not clear."""
        found, unclear = [], []
        for line in dict.fromkeys(filter(None, map(str.strip, re.split(r"[\n、，,；;]", typed)))):
            people = self._called(line)
            if len(people) == 1:
                found.append(member_key(people[0].key))
            elif people:
                names = _("、").join(map(self._shown, people))
                wording = _("有%(n)s位叫“%(name)s”，请写清楚是哪一位：%(names)s。")
                unclear.append(wording % {"n": len(people), "name": line, "names": names})
            else:
                unclear.append(_("本单位没有叫“%(name)s”的成员。") % {"name": line})
        return found, unclear

    def _called(self, line: str) -> list[Member]:
        if line.startswith("member:"):
            return list(self._present().filter(key=line.removeprefix("member:"))[:1])
        if (told := _WITH_ACCOUNT.fullmatch(line)) and (
            one := list(self._present().filter(name=told[1].strip(), account__username=told[2]))
        ):
            return one
        return list(self._present().filter(name=line)[:5])

    def _present(self) -> QuerySet[Member]:
        return queries.members(self.organisation, queries.today(self.organisation))

    def _shown(self, member: Member) -> str:
        same = self._present().filter(name=member.name).count() > 1
        if not same or member.account is None:
            return member.name
        said = {"name": member.name, "username": member.account.username}
        return _("%(name)s（%(username)s）") % said


def people(organisation: Organisation, choose: bool) -> People:
    """Whom ``organisation`` can name; its groups are read only when a scope leaves the choice."""
    if not choose:
        return People(organisation)
    slug = organisation.slug
    groups = [
        (group_key(slug, group.key), group.name)
        for group in Group.objects.filter(organisation=organisation).order_by("pk")
    ]
    below = Organisation.objects.filter(parent=organisation).order_by("pk")
    bodies = [(org_key(each.slug), each.name) for each in below]
    return People(organisation, [*groups, *bodies])
