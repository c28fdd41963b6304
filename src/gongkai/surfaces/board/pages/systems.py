"""The systems of rules 制度: what each is, where its text is disclosed, where it is carried out."""

from collections.abc import Collection
from dataclasses import dataclass

from markupsafe import Markup

from gongkai.foundation.core import clock
from gongkai.foundation.ui import marks
from gongkai.foundation.ui.parts import Link
from gongkai.foundation.ui.spoken import gettext as _
from gongkai.procedure.catalogue.showing import System
from gongkai.surfaces.board import addresses, words
from gongkai.surfaces.board.gathering import Today
from gongkai.surfaces.board.houses import House
from gongkai.surfaces.board.press import Press


@dataclass(frozen=True)
class Rules:
    """A system of rules, ready to be shown. ``texts`` are its newest texts, with their days."""

    key: str
    name: Markup
    summary: Markup
    texts: list[tuple[Markup, str, str]]
    section: Link | None


def page(press: Press, today: Today) -> None:
    """The systems of an organisation, and its charter."""
    house = today.house
    if house.charter is None:
        return
    systems = house.charter.systems
    press.pages(
        f"{house.root}/systems",
        "systems",
        house,
        lambda root: {
            "crumbs": [Link(_("首页"), f"{root}{house.root}/")],
            "matter": house.matter,
            "systems": [_rules(today, each, root) for each in systems],
            "issue": house.issues[-1],
            "issued": words.day(house.issues[-1].at, house.zone),
        },
        "systems",
    )


def concerned(house: House, entries: Collection[str]) -> bool:
    """Whether what changed under these entries is told on the page of the systems."""
    systems = house.charter.systems if house.charter else ()
    return any(code in entries for each in systems for code in each.entries)


def _rules(today: Today, system: System, root: str) -> Rules:
    house = today.house
    texts = [
        (
            words.listed(item.current.edition.title),
            f"{root}{addresses.item(item.address)}",
            marks.day(clock.civil_day(item.opened_at, house.zone)),
        )
        for item in map(today.item, system.entries)
        if item and item.current
    ]
    link = Link(_section(system.section), f"{root}{house.root}/charter#h-{system.section}")
    return Rules(
        system.key,
        words.label(system),
        words.either(system.summary, system.summary_en),
        texts,
        link if system.section else None,
    )


def _section(key: str) -> str:
    """What the section of the charter's page is called."""
    return {
        "way": _("实施办法：一件内容怎样公开"),
        "deadlines": _("实施办法：期限"),
        "groups": _("实施办法：领导小组和监督小组"),
        "posts": _("实施办法：岗位和权限"),
    }.get(key, "")
