"""The wall 互动反馈栏: each voice, the lists of voices, what is owed, the departments' figures, and
the register of what was changed, kept off or taken down.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from django.conf import settings
from django.utils.translation import ngettext
from markupsafe import Markup

from gongkai.foundation.ui import marks
from gongkai.foundation.ui.parts import Link
from gongkai.foundation.ui.spoken import gettext as _
from gongkai.procedure.feedback import hanging
from gongkai.procedure.feedback.states import Outcome, Verdict, WallReason
from gongkai.surfaces.board import addresses, hearing, shelves, words
from gongkai.surfaces.board.gathering import Today
from gongkai.surfaces.board.houses import House
from gongkai.surfaces.board.pages.answers import reasoned, sort, wall_tabs
from gongkai.surfaces.board.press import Press, Values
from gongkai.surfaces.board.shelves import Cut
from gongkai.surfaces.board.wall import CHANGED, Noted, Reply, Voice

LEAST = 5
"""Judgements below which no rate is told: of three, one voice is a third."""


@dataclass(frozen=True)
class Said:
    """An answer beneath a voice, ready to be shown."""

    text: str
    outcome: str
    by: Markup
    kept: str
    late: bool
    judged: str


@dataclass(frozen=True)
class Row:
    """A voice ready to be shown; ``due`` only where the page knows what day it is."""

    sort: str
    href: str
    text: str
    received: str
    post: Markup
    state: str
    badge: str
    changed: Markup
    note: Markup
    replies: Sequence[Said]
    links: Sequence[Link]
    due: date | None


@dataclass(frozen=True)
class Unit:
    """What a department received and answered (部门的数), with the way to its voices."""

    name: Markup
    href: str
    received: int
    answered: int
    kept: int
    reopened: int
    content: int
    judged: int

    @property
    def late(self) -> int:
        """Answers that came after the promised day."""
        return self.answered - self.kept

    @property
    def rate(self) -> str:
        """How many of those who judged are content; only their number where they are few."""
        if not self.judged:
            return _("还没有评价")
        counted = ngettext("%(n)s次评价", "%(n)s次评价", self.judged) % {"n": self.judged}
        if self.judged < LEAST:
            return _("%(counted)s，太少，不算比例") % {"counted": counted}
        told = {"rate": f"{100 * self.content // self.judged}%", "counted": counted}
        return _("满意%(rate)s（%(counted)s）") % told


def voice(press: Press, found: Voice) -> None:
    """The page of one voice; it says the same whatever day it is."""
    house = press.town.house(found.organisation)

    def build(root: str) -> Values:
        return {
            "crumbs": [
                Link(_("首页"), f"{root}{house.root}/"),
                Link(_("互动反馈栏"), f"{root}{house.root}/wall"),
            ],
            "row": row(found, house, root),
            "voice": found,
            "tombstone": _tombstone(found, house) if found.down else None,
            "say": f"{settings.OFFICE_URL}/say/",
        }

    press.pages(addresses.voice(found.address), "voice", house, build, "wall")


def cut(press: Press, cut: Cut, size: int, voices: Sequence[Voice]) -> None:
    """One page of a list of voices."""
    house = addresses.house(press.town, cut.shelf)
    press.cut(
        cut,
        size,
        "wall_list",
        house,
        lambda root: {
            "crumbs": [
                Link(_("首页"), f"{root}{house.root}/"),
                Link(_("互动反馈栏"), f"{root}{house.root}/wall"),
            ],
            "title": _listed(cut.shelf, house),
            "feed": addresses.shelf(press.town, cut.shelf) if _fed(cut.shelf) else "",
            "rows": [row(each, house, root) for each in voices],
            "open": f"{root}{house.root}/wall/open",
        },
        "wall",
    )


def _fed(shelf: str) -> bool:
    return shelf.partition(":")[0] in hearing.FED


def owed(press: Press, today: Today) -> None:
    """What an answer is owed to, what is overdue, and the ways to all other voices."""
    house, waiting = today.house, today.waiting

    def build(root: str) -> Values:
        return {
            "tabs": wall_tabs(house, root, "open"),
            "today": today.day,
            "count": waiting.count,
            "overdue": waiting.overdue,
            "late": [row(each, house, root, today.day) for each in waiting.late],
            "coming": [row(each, house, root, today.day) for each in waiting.coming],
            "lists": list(_lists(today, root)),
            "say": f"{settings.OFFICE_URL}/say/",
        }

    press.pages(f"{house.root}/wall/open", "wall_open", house, build, "wall")


def departments(press: Press, today: Today) -> None:
    """What each department received, answered in time, was asked again, and what was said of it."""
    house = today.house

    def build(root: str) -> Values:
        found = units(house, today.wall[shelves.FIGURE], root)
        return {
            "tabs": wall_tabs(house, root, "departments"),
            "today": today.day,
            "units": found,
            "most": max((each.answered for each in found), default=0),
            "least": LEAST,
        }

    press.pages(f"{house.root}/wall/departments", "wall_departments", house, build, "wall")


def register(press: Press, today: Today) -> None:
    """What was changed, kept off or taken down, by month and reason; never a word of it."""
    house = today.house

    def build(root: str) -> Values:
        return {
            "tabs": wall_tabs(house, root, "register"),
            "today": today.day,
            "months": list(_months(today.wall[shelves.MODERATED])),
        }

    press.pages(f"{house.root}/wall/register", "wall_register", house, build, "wall")


def row(found: Voice, house: House, root: str, today: date | None = None) -> Row:
    """A voice in the active language."""
    zone, due = house.zone, found.promised_on
    stands, badge = state(found)
    return Row(
        sort=sort(found.kind, found.ground),
        href=f"{root}{addresses.voice(found.address)}",
        text=found.text,
        received=words.day(found.received_at, zone) if found.received_at else "",
        post=house.posts_named(found.post) if found.post else Markup(""),
        state=stands,
        badge=badge,
        changed=_reasoned(found.changed) if found.changed else Markup(""),
        note=_note(found, house),
        replies=[_said(each, found, house) for each in found.replies],
        links=list(_links(found, root)),
        due=due if found.open and today else None,
    )


def units(house: House, figures: Mapping[str, int], root: str) -> list[Unit]:
    """The departments that any voice on the wall was given to, by what they received."""
    keys = sorted({code.partition(".")[0] for code in figures})
    found = []
    for key in keys:
        told = {
            name: figures.get(f"{key}.{name}", 0)
            for name in ("received", "answered", "kept", "reopened", Verdict.YES, Verdict.NO)
        }
        found.append(
            Unit(
                name=unit(key, house),
                href=f"{root}{house.root}/wall/p/{key}",
                received=told["received"],
                answered=told["answered"],
                kept=told["kept"],
                reopened=told["reopened"],
                content=told[Verdict.YES],
                judged=told[Verdict.YES] + told[Verdict.NO],
            )
        )
    return sorted(found, key=lambda each: (-each.received, str(each.name)))


def state(found: Voice) -> tuple[str, str]:
    """How it stands, and the kind of its badge."""
    if found.open:
        return (_("还在办"), "plain") if not found.reopened else (_("重新在办"), "plain")
    known = {
        hanging.ANSWERED: (_("已答复"), "ok"),
        hanging.MERGED: (_("并入另一件"), "plain"),
        hanging.HANDED: (_("已转交别的单位"), "plain"),
    }
    return known.get(found.state, (_("已撤下"), "gone"))


def _note(found: Voice, house: House) -> Markup:
    """Where and by when it is answered, in a sentence that holds on any day."""
    if found.down and found.noted:
        return _reasoned(found.noted)
    if found.state == hanging.HANDED:
        return Markup(_("已转交%(body)s，期限接着算。")) % {"body": words.chinese(found.body)}
    if not found.open:
        return Markup("")
    told = {
        "post": house.posts_named(found.post) if found.post else "",
        "day": marks.day(found.promised_on) if found.promised_on else "",
    }
    if found.waits == "stopped":
        return Markup(_("计时暂停，恢复以后再算哪一天答复。"))
    if found.waits:
        return Markup(_("等附议，还没有答应哪一天答复。"))
    sentence = (
        _("%(post)s在办，答应%(day)s以前答复。")
        if found.post
        else _("正在确定由谁来办，答应%(day)s以前答复。")
    )
    extended = _("延长过期限。") if found.extended else ""
    return Markup(sentence) % told + extended


def _said(reply: Reply, found: Voice, house: House) -> Said:
    late = reply.late(house.zone)
    kept = _("按时答复")
    if late:
        kept = ngettext("比答应的晚了%(n)s日", "比答应的晚了%(n)s日", late) % {"n": late}
    elif reply.promised_on is None:
        kept = ""
    judged = [each for each in found.judged if each.round == reply.round]
    return Said(
        text=reply.text,
        outcome=words.choice(Outcome, reply.outcome),
        by=house.posts_named(reply.post) + _("，") + words.day(reply.at, house.zone),
        kept=kept,
        late=bool(late),
        judged=_("，").join(words.choice(Verdict, each.verdict) for each in judged),
    )


def _reasoned(noted: Noted) -> Markup:
    return reasoned(noted.reason, noted.why)


def _tombstone(found: Voice, house: House) -> Values:
    assert found.noted is not None, "what was taken down says why"
    return {
        "day": words.day(found.noted.at, house.zone),
        "reason": _reasoned(found.noted),
        "post": house.posts_named(found.noted.post) if found.noted.post else "",
    }


def _links(found: Voice, root: str) -> Iterable[Link]:
    """What it is about, what its answer leads to, and where it is answered instead."""
    if found.item:
        yield Link(_("说的是这一件公开内容"), f"{root}{addresses.item(found.item)}")
    if found.leads:
        yield Link(_("答复里的事，见这一件公开内容"), f"{root}{addresses.item(found.leads)}")
    if found.merged:
        yield Link(_("和这一件一起办、一起答复"), f"{root}{addresses.voice(found.merged)}")


def unit(key: str, house: House) -> Markup:
    """The department whose head has that key, or the post itself, as last described."""
    for charter in (issue.charter for issue in reversed(house.issues)):
        named: list[words.Named] = [each for each in charter.departments if each.head == key]
        named += [each for each in charter.posts if each.key == key]
        if named:
            return words.label(named[0])
    return words.chinese(key)


def _listed(shelf: str, house: House) -> Markup:
    """The title of a list of voices."""
    family, _colon, rest = shelf.partition(":")
    code = rest.partition(":")[2]
    match family:
        case shelves.VOICES_OF_YEAR:
            return Markup(_("%(year)s年的意见")) % {"year": code}
        case shelves.VOICES_OF_KIND:
            return Markup("{}").format(sort(code, ""))
        case _:
            return unit(code, house)


def _lists(today: Today, root: str) -> Iterable[tuple[str, list[Link]]]:
    """The ways to lists of voices: by department, kind and year."""
    house = today.house
    at = f"{root}{house.root}/wall"
    for name, family in (
        (_("按部门"), shelves.VOICES_OF_UNIT),
        (_("按类别"), shelves.VOICES_OF_KIND),
        (_("按年"), shelves.VOICES_OF_YEAR),
    ):
        found = today.wall[family]
        links = [
            Link(_coded(family, code, house), f"{at}/{family[1]}/{code}", count=size)
            for code, size in found.items()
        ]
        if links:
            yield name, links


def _coded(family: str, code: str, house: House) -> str:
    """What a list of voices is called among others of its family."""
    if family == shelves.VOICES_OF_UNIT:
        return unit(code, house).striptags()
    if family == shelves.VOICES_OF_KIND:
        return sort(code, "")
    return _("%(year)s年") % {"year": code}


def _months(counted: Mapping[str, int]) -> Iterable[tuple[str, list[tuple[str, str, int]]]]:
    """Month, what was done, why, and how often; the newest month first."""
    rows = [(*code.split("."), size) for code, size in counted.items()]
    rows.sort(key=lambda each: (each[0], each[1], each[2]))
    acts = {
        CHANGED: _("改了文字"),
        hanging.OFF: _("没有上墙"),
        hanging.REFUSED: _("先看过，没有受理"),
        hanging.DOWN: _("从墙上撤下"),
    }
    months = [(month, list(group)) for month, group in groupby(rows, key=lambda each: each[0])]
    for month, group in reversed(months):
        year, number = map(int, str(month).split("-"))
        yield (
            marks.month(year, number),
            [
                (acts.get(str(act), str(act)), words.choice(WallReason, str(reason)), int(size))
                for _month, act, reason, size in group
            ],
        )
