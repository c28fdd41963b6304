"""Lists of items, newest first, and the register of withdrawals."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from datetime import date as Day
from functools import lru_cache
from typing import Any

from django.conf import settings
from markupsafe import Markup, escape

from gongkai.foundation.core import clock
from gongkai.foundation.ui import marks, spoken
from gongkai.foundation.ui.jinja import macro
from gongkai.foundation.ui.parts import Link
from gongkai.foundation.ui.spoken import gettext as _
from gongkai.procedure.catalogue.charter import Category
from gongkai.surfaces.board import addresses, items, shelves, words
from gongkai.surfaces.board.houses import House
from gongkai.surfaces.board.items import Item
from gongkai.surfaces.board.models import Place
from gongkai.surfaces.board.pages.entries import Line, line
from gongkai.surfaces.board.press import Press, Values
from gongkai.surfaces.board.shelves import Cut

LINES = 2000
"""Drawn lines in memory: those of the newest pages, which each publication shows again."""


@dataclass(frozen=True)
class Row:
    """A line of a list (公开条目), ready to be shown."""

    title: Markup
    href: str
    date: date
    category: Markup
    meta: tuple[Markup, ...]
    gone: bool
    corrected: str = ""
    until: Day | None = None

    @property
    def drawn(self) -> Markup:
        """The line as it stands in every list that speaks of no day, in the active language."""
        return _drawn(self, spoken.language())


@lru_cache(maxsize=LINES)
def _drawn(row: Row, _language: str) -> Markup:
    return Markup(macro("board/rows.jinja", "line")(row))


@dataclass(frozen=True)
class Entered:
    """A line of the register of withdrawals (撤回登记)."""

    title: Markup
    href: str
    date: date
    category: Markup
    meta: Sequence[Markup]
    reason: Markup
    by: Markup


def page(
    press: Press,
    cut: Cut,
    size: int,
    places: Sequence[Place],
    found: Mapping[str, Item],
    last: Mapping[str, Place] | None = None,
) -> None:
    """One page of a list of items; ``places`` newest first.

    ``last``, the newest place under each entry, is given for the first page of a category or box:
    it lists the entries that belong there.
    """
    family, _sep, rest = cut.shelf.partition(":")
    code = rest.partition(":")[2]
    house = addresses.house(press.town, cut.shelf)
    here = {shelves.CATEGORY: f"c:{code}", shelves.ALL: "all", shelves.OF: "all"}.get(family, "")
    alone = None if family == shelves.ALL and len(press.town.houses) > 1 else house
    press.cut(
        cut,
        size,
        "list",
        house,
        lambda root: {
            **_list_words(family, code, house, root),
            "rows": rows(press, places, found, root, alone),
            "entries": _entries(family, code, house, last, root) if last is not None else [],
            "feed": addresses.shelf(press.town, cut.shelf) if family in shelves.FED else "",
            "follow": _follow(cut.shelf, alone),
        },
        here,
    )


def _follow(shelf: str, alone: House | None) -> str:
    """Where a reader asks to be told what is new in a list that has a feed; else nothing."""
    if shelf.partition(":")[0] not in shelves.FED:
        return ""
    what = alone.shelf(shelves.OF) if shelf == shelves.ALL and alone else shelf
    return f"{settings.OFFICE_URL}/follow/?what={what}"


def _entries(
    family: str, code: str, house: House, last: Mapping[str, Place], root: str
) -> list[Line]:
    """The entries that belong into a category or a box now."""
    rules = house.charter.entries if house.charter else ()
    return [
        line(rule, house, last, root)
        for rule in rules
        if code == (rule.category if family == shelves.CATEGORY else rule.box)
    ]


def rows(
    press: Press, places: Sequence[Place], found: Mapping[str, Item], root: str, house: House | None
) -> Sequence[Row]:
    """The lines of a list in the active language.

    With ``house`` None each line names its organisation.
    """
    known = (found[place.subject] for place in places if place.subject in found)
    return [_row(press, item, root, house) for item in known]


def _row(press: Press, item: Item, root: str, given: House | None) -> Row:
    """The line of an item; the same in each of its lists."""
    key = ("row", item.address, root, given.slug if given else "")
    if key not in press.kept:
        press.kept[key] = _new_row(press, item, root, given)
    row: Row = press.kept[key]
    return row


def _new_row(press: Press, item: Item, root: str, given: House | None) -> Row:
    house = given or press.town.house(item.organisation)
    category, _box, entry, number = items.filed_under(item)
    known, current = house.categories.get(category), item.current
    listed = _("目录%(code)s") % {"code": entry} if entry else ""
    said = tuple(escape(text) for text in (number, listed) if text)
    return Row(
        title=_row_title(item),
        href=f"{root}{addresses.item(item.address)}",
        date=clock.civil_day(item.opened_at, house.zone),
        category=words.label(known) if known else Markup(""),
        meta=said if given else (words.chinese(house.name), *said),
        gone=current is None,
        corrected=words.day(current.at, house.zone) if current and item.corrected else "",
    )


def register(
    press: Press, cut: Cut, size: int, places: Sequence[Place], found: Mapping[str, Item]
) -> None:
    """One page of the register of withdrawals."""
    house = addresses.house(press.town, cut.shelf)
    known = [found[place.subject] for place in places if place.subject in found]
    press.cut(
        cut,
        size,
        "withdrawals",
        house,
        lambda root: {
            "title": _("撤回登记"),
            "crumbs": [Link(_("首页"), f"{root}{house.root}/")],
            "register": [_entered(press, each, house, root) for each in known if each.gone],
        },
        "",
    )


def _entered(press: Press, item: Item, house: House, root: str) -> Entered:
    gone = item.gone
    assert gone is not None, "only what is gone stands in the register"
    row = _row(press, item, root, house)
    done = _("%(posts)s决定清除") if gone.erased else _("%(posts)s决定撤回")
    return Entered(
        title=row.title,
        href=row.href,
        date=clock.civil_day(gone.at, house.zone),
        category=row.category,
        meta=row.meta,
        reason=words.chinese(gone.reason),
        by=Markup(escape(done)) % {"posts": house.posts_named("、".join(gone.posts))},
    )


def _row_title(item: Item) -> Markup:
    if item.current:
        return words.listed(item.current.edition.title)
    if item.gone and item.gone.title:
        return words.listed(item.gone.title)
    return Markup(_("内容已经清除") if item.gone else _("已经撤下，说明随后公布"))


def _list_words(family: str, code: str, house: House, root: str) -> Values:
    """Title, introduction, way and tabs of a list of items."""
    at = f"{root}{house.root}"
    crumbs = [Link(_("首页"), f"{at}/")]
    values: dict[str, Any] = {"tabs": [], "intro": "", "code": "", "crumbs": crumbs}
    charter = Link(_("看公开目录"), f"{at}/catalogue") if house.charter else None
    values["links"] = [charter] if charter else []
    match family:
        case shelves.CATEGORY if code in house.categories:
            category = house.categories[code]
            return {
                **values,
                "title": words.label(category),
                "intro": words.either(category.intro, category.intro_en),
                "tabs": _tabs(category, at),
            }
        case shelves.BOX if code in house.boxes:
            box, category = house.boxes[code]
            crumbs.append(Link(words.named(category), f"{at}/c/{category.code}"))
            return {**values, "title": words.label(box), "tabs": _tabs(category, at, code)}
        case shelves.ENTRY if code in house.entries:
            rule = house.entries[code]
            crumbs.append(Link(_("公开目录"), f"{at}/catalogue"))
            return {
                **values,
                "title": words.entry(rule),
                "code": _("目录%(code)s") % {"code": code},
                "intro": words.either(rule.content, rule.content_en),
            }
        case shelves.MONTH:
            crumbs.append(Link(_("按月看"), f"{at}/m"))
            year, month = code.split("-")
            return {
                **values,
                "title": Markup(marks.month(int(year), int(month))),
                "intro": _("这个月里公开的，按公开的先后。"),
            }
        case shelves.FIXED:
            return {
                **values,
                "title": Markup(_("更正登记")),
                "intro": _(
                    "公开以后又更正过的，都在这里。打开能看到改了什么、为什么改，更正以前的版本也还在；为了保护个人信息而更正的除外。"
                ),
            }
        case shelves.ALL | shelves.OF:
            return {
                **values,
                "title": Markup(_("全部公开")),
                "links": [*values["links"], Link(_("按月看"), f"{at}/m")],
                "intro": _("公开过的全部内容，最新的在最前面。撤回的也留着位置，写明理由。"),
            }
        case _:
            return {**values, "title": words.chinese(code)}


def _tabs(category: Category, at: str, box: str = "") -> list[Link]:
    """A category's list and those of its boxes, of which that of ``box`` is open, else its own."""
    whole = Link(_("全部"), f"{at}/c/{category.code}", current=not box)
    return [
        whole,
        *(
            Link(words.named(each), f"{at}/b/{each.key}", current=each.key == box)
            for each in category.boxes
        ),
    ]
