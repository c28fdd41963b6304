"""What stands around every page: masthead, menu, categories, contact."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

from django.conf import settings

from gongkai.foundation.ui import marks
from gongkai.foundation.ui.parts import Category, Column, Frame, Link
from gongkai.foundation.ui.spoken import gettext as _
from gongkai.procedure.catalogue.staffing import Telephone
from gongkai.surfaces.board import shelves, words
from gongkai.surfaces.board.houses import House, Town


def frame(
    town: Town, house: House, root: str, here: str = "", counts: Mapping[str, int] | None = None
) -> Frame:
    """The frame of ``house`` in the active language; ``here`` is the menu's or a category's key.

    ``counts`` (list name → size) stand beside the boxes on the home page.
    """
    at = f"{root}{house.root}"
    return Frame(
        organisation=_organisation(house),
        line=_line(house),
        home=f"{at}/",
        nav=_menu(house, at, root, here),
        search=search_page(),
        tools=[Link(_inside(house), f"{settings.OFFICE_URL}/members/")],
        categories=_categories(house, at, here, counts or {}),
        columns=_columns(town, house, at, root),
        notice=_("演示：机构和内容都是虚构的。") if settings.DEMONSTRATION else "",
    )


def search_page() -> str:
    """The address of the search page in the active language."""
    return f"{settings.OFFICE_URL}/search/{'en/' if marks.english() else ''}"


def in_languages(frame: Frame, address: str) -> Frame:
    """``frame`` with the link to the same page in the other language."""
    other = (
        Link("中文", address, lang="zh-CN")
        if marks.english()
        else Link("English", f"/en{address}", lang="en")
    )
    return replace(frame, languages=[other])


def _organisation(house: House) -> str:
    return (house.name_en if marks.english() else "") or house.name


def _line(house: House) -> str:
    matter = house.matter
    if house.of_the_party:
        return _("%(matter)s栏　先审核，后公开；先党内，后党外") % {"matter": matter}
    return _("%(matter)s栏　先审核，后公开") % {"matter": matter}


def _inside(house: House) -> str:
    return _("党员登录") if house.of_the_party else _("成员登录")


def _menu(house: House, at: str, root: str, here: str) -> Sequence[Link]:
    own = [
        ("home", _("首页"), f"{at}/"),
        ("all", _("全部公开"), f"{at}/all"),
        ("catalogue", _("公开目录"), f"{at}/catalogue"),
        ("wall", _("回音壁"), f"{at}/wall"),
        ("systems", _("制度"), f"{at}/systems"),
        ("help", _("帮助"), f"{root}/help"),
    ]
    if house.charter is None:
        own = [line for line in own if line[0] not in ("catalogue", "systems")]
    return [Link(name, href, current=key == here) for key, name, href in own]


def _categories(house: House, at: str, here: str, counts: Mapping[str, int]) -> Sequence[Category]:
    charter = house.charter
    return [
        Category(
            words.named(category),
            f"{at}/c/{category.code}",
            [
                Link(
                    words.named(box),
                    f"{at}/b/{box.key}",
                    count=counts.get(house.shelf(shelves.BOX, box.key)),
                )
                for box in category.boxes
            ],
            current=here == f"c:{category.code}",
        )
        for category in (charter.categories if charter else ())
    ]


def _columns(town: Town, house: House, at: str, root: str) -> Sequence[Column]:
    return [
        Column(
            _organisation(house),
            lines=contact_lines(house),
            links=[
                Link(_("小组、部门和电话"), f"{at}/about"),
                *([Link(_("领导接访"), f"{at}/receptions")] if house.receives else []),
                *([Link(_("简报"), f"{at}/briefs")] if house.issues_briefs else []),
            ],
        ),
        Column(
            _("监督"),
            links=[
                Link(_("统计"), f"{at}/statistics"),
                Link(_("更正登记"), f"{at}/corrections"),
                Link(_("撤回登记"), f"{at}/withdrawals"),
                Link(_("办理结果登记"), f"{at}/outcomes"),
                Link(_("上墙调整登记"), f"{at}/wall/register"),
                Link(_("说一件事"), f"{settings.OFFICE_URL}/say/"),
                Link(_("凭查询码看进展"), f"{settings.OFFICE_URL}/say/status/"),
            ],
        ),
        Column(
            _("使用帮助"),
            links=[
                Link(_("怎样看、怎样找、怎样提意见"), f"{root}/help"),
                Link(_("跟进：订阅和邮件提醒"), f"{at}/following"),
                Link(_("搜索公开内容"), search_page()),
                Link(_("核对一件公开内容"), f"{root}/verify/"),
                Link(_("怎样核对真伪"), f"{root}/help/verify"),
                Link(_("无障碍说明"), f"{root}/accessibility"),
                Link(_("网站地图"), f"{at}/sitemap"),
            ],
        ),
        Column(
            _("本站记录"),
            lines=[_("每一次公开都记入透明日志，谁也不能悄悄改动、倒填日期或者抽走。")],
            links=[Link(_("透明日志"), f"{root}/log-about"), *_others(town, house, root)],
        ),
    ]


def contact_lines(house: House) -> list[str]:
    """Address, telephones and hours, as far as the charter gives them."""
    if house.charter is None:
        return []
    lines = (place(house), *map(_telephone, house.charter.organisation.telephones))
    return [line for line in lines if line]


def place(house: House) -> str:
    """Where the office is, with its postcode; nothing where the charter does not say."""
    if house.charter is None:
        return ""
    own = house.charter.organisation
    address = (own.address_en if marks.english() else "") or own.address
    if address and own.postcode:
        return _("%(address)s，邮编%(code)s") % {"address": address, "code": own.postcode}
    return address


def telephones(house: House) -> list[tuple[str, str, str, str]]:
    """Name, number, number to dial, and hours of each telephone."""
    lines = house.charter.organisation.telephones if house.charter else ()
    return [
        (words.named(line), line.number, re.sub(r"[^+0-9]", "", line.number), hours_of(line))
        for line in lines
    ]


def _telephone(line: Telephone) -> str:
    name, hours = words.named(line), hours_of(line)
    if not hours:
        return f"{name} {line.number}"
    said = {"name": name, "number": line.number, "hours": hours}
    return _("%(name)s %(number)s（%(hours)s）") % said


def hours_of(line: Telephone) -> str:
    """When a telephone is answered, in the page's language where that is known."""
    return (line.hours_en if marks.english() else "") or line.hours


NEIGHBOURS = 3
"""Other organisations named in a footer; the directory has them all."""


def _others(town: Town, house: House, root: str) -> list[Link]:
    """The way to other organisations: a few by name, all of them by the directory."""
    others = sorted(slug for slug in town.houses if slug != house.slug)
    if not others:
        return []
    named = [town.houses[slug] for slug in others[:NEIGHBOURS]]
    links = [Link(_organisation(each), f"{root}{each.root}/") for each in named]
    return [*links, Link(_("各单位"), f"{root}/organisations")]
