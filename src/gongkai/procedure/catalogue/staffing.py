"""Who there is, in a charter: the house, its telephones, departments, posts, groups."""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy

from gongkai.foundation.core.clock import DEFAULT_ZONE
from gongkai.foundation.organisations.states import Right
from gongkai.procedure.catalogue.reading import CODE, SLUG, said


@dataclass(frozen=True)
class Telephone:
    """A number that readers may call (电话)."""

    name: str = said(gettext_lazy("名称"), least=1, most=40)
    name_en: str = said(gettext_lazy("英文名称"), least=1, most=80)
    number: str = said(gettext_lazy("号码"), least=1, most=40)
    hours: str = said(gettext_lazy("接听时间"), default="")
    hours_en: str = said(gettext_lazy("英文接听时间"), default="")


@dataclass(frozen=True)
class House:
    """The organisation itself (公开主体): its names and where to find it."""

    slug: str = said(gettext_lazy("代号"), least=1, most=40, pattern=SLUG)
    name: str = said(gettext_lazy("名称"), least=1, most=100)
    name_en: str = said(gettext_lazy("英文名称"), least=1, most=100)
    number_code: str = said(gettext_lazy("公开编号用的代号"), least=1, most=20, pattern=CODE)
    matter: str = said(gettext_lazy("公开什么"), least=1, most=20)
    matter_en: str = said(gettext_lazy("英文：公开什么"), least=1, most=40)
    zone: str = said(gettext_lazy("时区"), least=1, most=40, default=DEFAULT_ZONE)
    parent: str = said(gettext_lazy("上级代号"), most=40, pattern=SLUG, default="")
    address: str = said(gettext_lazy("地址"), default="")
    address_en: str = said(gettext_lazy("英文地址"), default="")
    postcode: str = said(gettext_lazy("邮编"), most=10, default="")
    telephones: tuple[Telephone, ...] = said(gettext_lazy("电话"), default=())


@dataclass(frozen=True)
class Department:
    """Who answers for entries (责任部门). ``head`` is the post that reviews first."""

    name: str = said(gettext_lazy("名称"), least=1, most=100)
    name_en: str = said(gettext_lazy("英文名称"), least=1, most=100)
    head: str = said(gettext_lazy("负责人岗位"), least=1, most=40)


@dataclass(frozen=True)
class PostRule:
    """A post and its rights (岗位)."""

    key: str = said(gettext_lazy("代号"), least=1, most=40, pattern=SLUG)
    name: str = said(gettext_lazy("名称"), least=1, most=60)
    name_en: str = said(gettext_lazy("英文名称"), least=1, most=100)
    department: str = said(gettext_lazy("责任部门"), most=100, default="")
    rights: tuple[str, ...] = said(gettext_lazy("权限"), one_of=tuple(Right.values), default=())


@dataclass(frozen=True)
class Sitting:
    """A post's place in a group, with its role (小组成员)."""

    post: str = said(gettext_lazy("岗位"), least=1, most=40)
    role: str = said(gettext_lazy("职务"), least=1, most=40)
    role_en: str = said(gettext_lazy("英文职务"), least=1, most=80)


@dataclass(frozen=True)
class GroupRule:
    """A standing group of posts (小组) and what it is for."""

    key: str = said(gettext_lazy("代号"), least=1, most=30, pattern=SLUG)
    name: str = said(gettext_lazy("名称"), least=1, most=100)
    name_en: str = said(gettext_lazy("英文名称"), least=1, most=100)
    members: tuple[Sitting, ...] = said(gettext_lazy("成员"), least=1)
    duties: str = said(gettext_lazy("职责"), most=500, default="")
    duties_en: str = said(gettext_lazy("英文职责"), most=1000, default="")

    @property
    def seats(self) -> tuple[tuple[str, str], ...]:
        """Post and role of each member."""
        return tuple((member.post, member.role) for member in self.members)
