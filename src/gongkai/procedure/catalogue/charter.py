"""The charter 实施办法: an organisation's rules as data. TOML in, TOML out.

A field's name is its key in the file; ``docs/reference/charter.md`` explains each. Nothing here
knows the database: :mod:`gongkai.procedure.catalogue.queries` finds the charter in force.
"""

from collections.abc import Iterable
from dataclasses import dataclass, fields, is_dataclass
from pathlib import Path
from typing import Any, TypeVar

import tomli_w
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gongkai.foundation.core.errors import Refused
from gongkai.foundation.organisations.audience import PARTY, PUBLIC, group_key, is_public, org_key
from gongkai.procedure.catalogue.pacing import (
    Archive,
    Deadlines,
    Exemption,
    Reminders,
    Retention,
    Timing,
)
from gongkai.procedure.catalogue.reading import CODE, SLUG, load, read, said
from gongkai.procedure.catalogue.receiving import Reception
from gongkai.procedure.catalogue.showing import Column, Front, System, Wall
from gongkai.procedure.catalogue.staffing import Department, GroupRule, House, PostRule
from gongkai.procedure.catalogue.vetting import (
    TEMPLATES,
    Checks,
    Claiming,
    Consulting,
    Emergency,
    Prior,
)
from gongkai.procedure.catalogue.voices import Voices

OWN = "org"
"""Among a scope's keys: the members of the organisation itself."""
GROUP = "group:"
"""Before the key of one of the charter's groups, among a scope's keys."""

FIXED_KEYS = (PUBLIC, PARTY, OWN)
"""What may stand among a scope's keys beside groups."""

SAMPLES = Path(__file__).with_name("charters")
"""The charters that come with the product: ``township.toml``, ``village.toml``."""

PERIODS = ("month", "quarter", "half", "year")
PRIVACY = ("no", "depends", "yes")
MEETING = "-meeting"
"""How the key of a channel ends that is a meeting, where a thing is read out."""
QUORUMS = ("1/2", "3/5", "2/3", "3/4", "4/5", "1/1")


@dataclass(frozen=True)
class Box:
    """A file box of a category (文件盒)."""

    key: str = said(gettext_lazy("代号"), least=1, most=40, pattern=CODE)
    name: str = said(gettext_lazy("名称"), least=1, most=40)
    name_en: str = said(gettext_lazy("英文名称"), least=1, most=80)


@dataclass(frozen=True)
class Category:
    """A category of the board (类别), with its boxes in their order."""

    code: str = said(gettext_lazy("代码"), least=1, most=20, pattern=CODE)
    name: str = said(gettext_lazy("名称"), least=1, most=40)
    name_en: str = said(gettext_lazy("英文名称"), least=1, most=80)
    boxes: tuple[Box, ...] = said(gettext_lazy("文件盒"), least=1)
    intro: str = said(gettext_lazy("说明"), most=300, default="")
    intro_en: str = said(gettext_lazy("英文说明"), most=600, default="")


@dataclass(frozen=True)
class Scope:
    """To whom a thing is disclosed (公开范围).

    ``keys`` are ``public``, ``party``, ``org`` (the organisation's own members) or
    ``group:<key>``. ``choose`` leaves it to the proposer to name groups, bodies and members.
    """

    code: str = said(gettext_lazy("代码"), least=1, most=20, pattern=CODE)
    name: str = said(gettext_lazy("名称"), least=1, most=40)
    name_en: str = said(gettext_lazy("英文名称"), least=1, most=80)
    keys: tuple[str, ...] = said(gettext_lazy("对象"), most=60, default=())
    choose: bool = said(gettext_lazy("由提出人指定对象"), default=False)

    @property
    def inner(self) -> bool:
        """Whether it comes before the public: 先党内后党外."""
        return not is_public(self.keys)


@dataclass(frozen=True)
class Form:
    """A form of disclosure (公开形式)."""

    key: str = said(gettext_lazy("代号"), least=1, most=40, pattern=SLUG)
    name: str = said(gettext_lazy("名称"), least=1, most=40)
    name_en: str = said(gettext_lazy("英文名称"), least=1, most=80)


@dataclass(frozen=True)
class Channel:
    """A carrier of what is disclosed (公开渠道); ``public`` when anybody may come across it.

    ``usual`` are those that a draft begins with when its entry names none. ``quorum``, of a meeting
    alone, is which part of those called has to come at least, so that it counts (法定到会人数).
    """

    key: str = said(gettext_lazy("代号"), least=1, most=40, pattern=SLUG)
    name: str = said(gettext_lazy("名称"), least=1, most=40)
    name_en: str = said(gettext_lazy("英文名称"), least=1, most=80)
    public: bool = said(gettext_lazy("向社会"), default=True)
    usual: bool = said(gettext_lazy("平常就用"), default=True)
    quorum: str = said(gettext_lazy("到会最少要占应到的"), one_of=QUORUMS, default="")


@dataclass(frozen=True)
class Stage:
    """A stage of review (审核环节).

    The head of the entry's department reviews when ``department``; ``posts`` may as well, so that
    there is somebody when the head is the one who proposes.
    """

    key: str = said(gettext_lazy("代号"), least=1, most=40, pattern=SLUG)
    name: str = said(gettext_lazy("名称"), least=1, most=40)
    name_en: str = said(gettext_lazy("英文名称"), least=1, most=80)
    posts: tuple[str, ...] = said(gettext_lazy("审核岗位"), most=40, default=())
    department: bool = said(gettext_lazy("由责任部门负责人审核"), default=False)
    workdays: int = said(gettext_lazy("工作日数"), least=1, most=60, default=2)


@dataclass(frozen=True)
class Seal:
    """The review seal (审核专用章): who may fix it, and how its numbers read."""

    name: str = said(gettext_lazy("名称"), least=1, most=40)
    name_en: str = said(gettext_lazy("英文名称"), least=1, most=80)
    number_code: str = said(gettext_lazy("编号用的代字"), least=1, most=20)
    posts: tuple[str, ...] = said(gettext_lazy("盖章岗位"), least=1, most=40)

    def number(self, year: int, n: int) -> str:
        """The number of the ``n``-th seal of ``year``: 青委公审〔2026〕第118号."""
        return f"{self.number_code}〔{year}〕第{n}号"


@dataclass(frozen=True)
class EntryRule:
    """One line of the disclosure catalogue (目录事项), with all its columns.

    ``scopes`` stand in the order they open; with ``choice`` the proposer takes some of them.
    ``workdays`` is how long after its event the thing is due, ``notice_workdays`` how long a 公示
    of it stands at least; 0 leaves it to the charter's deadlines, or to the matter. What recurs
    each ``period`` is due by ``due_day`` of its month number ``due_month``: 4 is the month after a
    quarter; 0 is the period's last month, or a month's last day. ``consult`` says that it asks for
    comments before it is decided (预公开), ``confirm`` that the members to whom it opens confirm
    having read it (阅读确认). A draft under it begins with ``channels`` and with ``template``. What
    comes under a line that is ``outside`` the catalogue needs the superior's approval before it is
    sealed (目录外，事前报批).
    """

    code: str = said(gettext_lazy("编号"), least=1, most=20, pattern=CODE)
    title: str = said(gettext_lazy("公开事项"), least=1, most=200)
    title_en: str = said(gettext_lazy("英文公开事项"), least=1, most=200)
    category: str = said(gettext_lazy("类别"), least=1, most=20)
    box: str = said(gettext_lazy("文件盒"), least=1, most=40)
    content: str = said(gettext_lazy("内容要素"), least=1, most=300)
    content_en: str = said(gettext_lazy("英文内容要素"), least=1, most=500)
    scopes: tuple[str, ...] = said(gettext_lazy("公开范围"), least=1, most=20)
    timing: str = said(gettext_lazy("时限"), least=1, most=20)
    cycle: str = said(gettext_lazy("周期或者截止"), least=1, most=60)
    cycle_en: str = said(gettext_lazy("英文周期或者截止"), least=1, most=120)
    department: str = said(gettext_lazy("责任部门"), least=1, most=100)
    retention: str = said(gettext_lazy("保管期限"), least=1, most=10)
    choice: bool = said(gettext_lazy("公开范围可以选"), default=False)
    period: str = said(gettext_lazy("周期"), one_of=PERIODS, default="")
    due_month: int = said(gettext_lazy("截止在周期的第几个月"), most=24, default=0)
    due_day: int = said(gettext_lazy("截止在当月几日"), most=31, default=0)
    workdays: int = said(gettext_lazy("工作日数"), most=250, default=0)
    notice_workdays: int = said(gettext_lazy("公示工作日数"), most=250, default=0)
    consult: bool = said(gettext_lazy("征求意见"), default=False)
    confirm: bool = said(gettext_lazy("阅读确认"), default=False)
    privacy: str = said(gettext_lazy("隐私检查"), one_of=PRIVACY, default="no")
    basis: str = said(gettext_lazy("依据"), default="")
    channels: tuple[str, ...] = said(gettext_lazy("公开渠道"), most=40, default=())
    template: str = said(gettext_lazy("文稿模板"), one_of=tuple(TEMPLATES), default="")
    outside: bool = said(gettext_lazy("目录外"), default=False)


@dataclass(frozen=True)
class Charter:
    """The whole of it (实施办法)."""

    organisation: House = said(gettext_lazy("公开主体"))
    deadlines: Deadlines = said(gettext_lazy("期限"))
    seal: Seal = said(gettext_lazy("审核专用章"))
    archive: Archive = said(gettext_lazy("归档"))
    categories: tuple[Category, ...] = said(gettext_lazy("类别"), least=1)
    scopes: tuple[Scope, ...] = said(gettext_lazy("公开范围"), least=1)
    timings: tuple[Timing, ...] = said(gettext_lazy("时限类"), least=1)
    forms: tuple[Form, ...] = said(gettext_lazy("公开形式"), least=1)
    channels: tuple[Channel, ...] = said(gettext_lazy("公开渠道"), least=1)
    retentions: tuple[Retention, ...] = said(gettext_lazy("保管期限"), least=1)
    departments: tuple[Department, ...] = said(gettext_lazy("责任部门"), least=1)
    posts: tuple[PostRule, ...] = said(gettext_lazy("岗位"), least=1)
    stages: tuple[Stage, ...] = said(gettext_lazy("审核环节"), least=1)
    entries: tuple[EntryRule, ...] = said(gettext_lazy("目录事项"), least=1)
    groups: tuple[GroupRule, ...] = said(gettext_lazy("小组"), default=())
    columns: tuple[Column, ...] = said(gettext_lazy("固定栏目"), default=())
    systems: tuple[System, ...] = said(gettext_lazy("制度"), default=())
    front: Front = said(gettext_lazy("首页"), default=Front())
    wall: Wall = said(gettext_lazy("公开栏"), default=Wall())
    reminders: Reminders = said(gettext_lazy("提醒和督办"), default=Reminders())
    checks: Checks = said(gettext_lazy("审核前检查"), default=Checks())
    consulting: Consulting = said(gettext_lazy("会签"), default=Consulting())
    claiming: Claiming = said(gettext_lazy("认领"), default=Claiming())
    prior: Prior = said(gettext_lazy("事前报批"), default=Prior())
    emergency: Emergency | None = said(gettext_lazy("紧急公开"), default=None)
    voices: Voices = said(gettext_lazy("意见处理"), default=Voices())
    exemption: Exemption | None = said(gettext_lazy("例外"), default=None)
    reception: Reception | None = said(gettext_lazy("领导接访日"), default=None)

    def category(self, code: str) -> Category:
        """The category ``code``. This and the next ones are ``Refused`` when there is none."""
        return _one(self.categories, "code", code, _("类别"))

    def box(self, key: str) -> Box:
        """The box ``key``, of whichever category."""
        boxes = [box for category in self.categories for box in category.boxes]
        return _one(boxes, "key", key, _("文件盒"))

    def scope(self, code: str) -> Scope:
        """The scope ``code``."""
        return _one(self.scopes, "code", code, _("公开范围"))

    def timing(self, code: str) -> Timing:
        """The timing ``code``."""
        return _one(self.timings, "code", code, _("时限类"))

    def form(self, key: str) -> Form:
        """The form ``key``."""
        return _one(self.forms, "key", key, _("公开形式"))

    def channel(self, key: str) -> Channel:
        """The channel ``key``."""
        return _one(self.channels, "key", key, _("公开渠道"))

    def retention(self, code: str) -> Retention:
        """The retention ``code``."""
        return _one(self.retentions, "code", code, _("保管期限"))

    def department(self, name: str) -> Department:
        """The department ``name``."""
        return _one(self.departments, "name", name, _("责任部门"))

    def post(self, key: str) -> PostRule:
        """The post ``key``."""
        return _one(self.posts, "key", key, _("岗位"))

    def group(self, key: str) -> GroupRule:
        """The group ``key``."""
        return _one(self.groups, "key", key, _("小组"))

    def column(self, key: str) -> Column:
        """The standing column ``key``."""
        return _one(self.columns, "key", key, _("固定栏目"))

    def entry(self, code: str) -> EntryRule:
        """The entry ``code``."""
        return _one(self.entries, "code", code, _("目录事项"))

    @property
    def prior_posts(self) -> tuple[str, ...]:
        """The keys of the posts that decide on what bodies below ask approval for."""
        return self.prior.posts or self.seal.posts

    def stage_posts(self, stage: Stage, entry: EntryRule) -> tuple[str, ...]:
        """The keys of the posts of which any may review ``entry`` at ``stage``."""
        head = (self.department(entry.department).head,) if stage.department else ()
        return tuple(dict.fromkeys((*head, *stage.posts)))


Named = TypeVar("Named")


def _one(among: Iterable[Named], by: str, wanted: str, label: str) -> Named:
    for each in among:
        if getattr(each, by) == wanted:
            return each
    wording = _("实施办法里没有“%(wanted)s”这个%(label)s。")
    raise Refused([wording % {"wanted": wanted, "label": label}])


def scope_keys(charter: Charter, scope: Scope, chosen: Iterable[str] = ()) -> frozenset[str]:
    """The audience keys that ``scope`` stands for; ``chosen`` where it leaves the choice open.

    ``Refused`` when a choice is missing, or reaches beyond the organisation's own groups, bodies
    and members: nobody makes a narrow scope public by naming another key.
    """
    slug = charter.organisation.slug
    if not scope.choose:
        return frozenset(_audience_key(slug, key) for key in scope.keys)
    keys = frozenset(chosen)
    if not keys:
        raise Refused([_("“%(scope)s”还没有指定对象。") % {"scope": scope.name}])
    allowed = ("member:", "org:", group_key(slug, ""))
    if wrong := sorted(key for key in keys if not key.startswith(allowed)):
        wording = _("“%(scope)s”只能指定小组、单位和成员，不能是“%(key)s”。")
        raise Refused([wording % {"scope": scope.name, "key": key} for key in wrong])
    return keys


def _audience_key(slug: str, key: str) -> str:
    if key == OWN:
        return org_key(slug)
    if key.startswith(GROUP):
        return group_key(slug, key.removeprefix(GROUP))
    return key


def parse(source: str) -> Charter:
    """The charter that ``source`` says. ``Refused`` with every mistake, each with its line."""
    from gongkai.procedure.catalogue.checks import check

    tables, faults = load(source.removeprefix("\ufeff"))
    charter = read(Charter, tables, faults)
    check(charter, faults)
    if obstacles := faults.sentences():
        raise Refused(obstacles)
    return charter


def sample(name: str) -> str:
    """The text of the charter ``name`` that comes with the product."""
    return (SAMPLES / f"{name}.toml").read_text("utf-8")


def dump(charter: Charter) -> str:
    """``charter`` as TOML; ``parse(dump(charter)) == charter``."""
    return tomli_w.dumps(as_data(charter))


def as_data(value: Any) -> Any:
    """``value`` as plain lists and tables, without what merely repeats a default."""
    if is_dataclass(value):
        return {
            each.name: as_data(getattr(value, each.name))
            for each in fields(value)
            if getattr(value, each.name) != each.default
        }
    return [as_data(item) for item in value] if isinstance(value, tuple) else value
