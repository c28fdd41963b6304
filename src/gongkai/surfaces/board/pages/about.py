"""Who discloses here: the directory of organisations, a page about each, the map of the site."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from django.conf import settings
from markupsafe import Markup

from gongkai.foundation.core import clock
from gongkai.foundation.ui.parts import Link
from gongkai.foundation.ui.spoken import gettext as _
from gongkai.surfaces.board import bylaws, frame, shelves, words
from gongkai.surfaces.board.houses import House, Town
from gongkai.surfaces.board.models import Place
from gongkai.surfaces.board.pages import columns
from gongkai.surfaces.board.press import Press, Values


@dataclass(frozen=True)
class Branch:
    """An organisation in the tree (组织树), with those below it."""

    name: Markup
    matter: str
    home: str
    about: str
    count: int
    last: date | None
    below: list["Branch"] = field(default_factory=list)


@dataclass(frozen=True)
class Department:
    """A department (责任部门), who heads it and which posts belong to it."""

    name: Markup
    head: Markup
    posts: list[Markup]
    entries: int


def directory(press: Press, sizes: Mapping[str, int], newest: Mapping[str, Place]) -> None:
    """All organisations of the installation, each below its superior."""
    town = press.town

    def branch(house: House, root: str, above: tuple[str, ...]) -> Branch:
        shelf = house.shelf(shelves.OF)
        place = newest.get(shelf)
        # A circle of superiors, which no verb prevents across charters, ends where it closes.
        below = [each for each in town.below(house) if each.slug not in above]
        return Branch(
            name=name(house),
            matter=house.matter,
            home=f"{root}{house.root}/",
            about=f"{root}{house.root}/about",
            count=sizes.get(shelf, 0),
            last=clock.civil_day(place.at, house.zone) if place else None,
            below=[branch(each, root, (*above, each.slug)) for each in below],
        )

    press.pages(
        "/organisations",
        "organisations",
        town.top,
        lambda root: {
            "crumbs": [Link(_("首页"), f"{root}/")],
            "tree": [branch(each, root, (each.slug,)) for each in _roots(town)],
            "count": len(town.houses),
        },
        "organisations",
    )


def organisation(press: Press, house: House) -> None:
    """A page about an organisation: where it is, who is in it, what it discloses."""
    town, charter = press.town, house.charter

    def build(root: str) -> Values:
        at = f"{root}{house.root}"
        above = town.houses.get(charter.organisation.parent) if charter else None
        return {
            "crumbs": [Link(_("首页"), f"{at}/"), Link(_("各单位"), f"{root}/organisations")],
            "house": house,
            "name": name(house),
            "matter": house.matter,
            "above": Link(name(above), f"{root}{above.root}/about") if above else None,
            "below": [Link(name(each), f"{root}{each.root}/about") for each in town.below(house)],
            "address": frame.place(house),
            "telephones": frame.telephones(house),
            "groups": bylaws.told(charter)["groups"] if charter else [],
            "departments": _departments(house),
            "categories": charter.categories if charter else (),
            "entries": len(charter.entries) if charter else 0,
            "say": f"{settings.OFFICE_URL}/say/",
        }

    press.pages(f"{house.root}/about", "about", house, build, "about")


def sitemap(press: Press, house: House) -> None:
    """The map of the site: every page that has an address of its own, lists without their pages."""

    def build(root: str) -> Values:
        at = f"{root}{house.root}"
        charter = house.charter
        return {
            "crumbs": [Link(_("首页"), f"{at}/")],
            "parts": [
                (_("公开的内容"), _contents(at, bool(press.town.below(house)))),
                (_("固定栏目"), columns.links(house, root)),
                (_("监督"), _oversight(at, house)),
                (_("规矩和单位"), _rules(at, root)),
                (_("帮助"), _help(at, root)),
            ],
            "categories": [
                (
                    Link(words.named(category), f"{at}/c/{category.code}"),
                    [Link(words.named(box), f"{at}/b/{box.key}") for box in category.boxes],
                )
                for category in (charter.categories if charter else ())
            ],
        }

    press.pages(f"{house.root}/sitemap", "sitemap", house, build, "help")


def name(house: House) -> Markup:
    """What an organisation is called, in the page's language where that is known."""
    return words.either(house.name, house.name_en)


def _contents(at: str, superior: bool) -> list[Link]:
    links = [
        Link(_("首页"), f"{at}/"),
        Link(_("全部公开"), f"{at}/all"),
        Link(_("正在公示和征求意见"), f"{at}/open"),
        Link(_("按月看"), f"{at}/m"),
        Link(_("公开目录"), f"{at}/catalogue"),
    ]
    return [*links, Link(_("下级单位落实情况"), f"{at}/subordinates")] if superior else links


def _oversight(at: str, house: House) -> list[Link]:
    rota = [Link(_("领导接访"), f"{at}/receptions")] if house.receives else []
    return [
        *rota,
        Link(_("互动反馈栏"), f"{at}/wall"),
        Link(_("还在办的意见"), f"{at}/wall/open"),
        Link(_("各部门答复情况"), f"{at}/wall/departments"),
        Link(_("上墙调整登记"), f"{at}/wall/register"),
        Link(_("说一件事"), f"{settings.OFFICE_URL}/say/"),
        Link(_("凭查询码看进展"), f"{settings.OFFICE_URL}/say/status/"),
        Link(_("统计"), f"{at}/statistics"),
        Link(_("更正登记"), f"{at}/corrections"),
        Link(_("撤回登记"), f"{at}/withdrawals"),
        Link(_("办理结果登记"), f"{at}/outcomes"),
    ]


def _rules(at: str, root: str) -> list[Link]:
    return [
        Link(_("制度"), f"{at}/systems"),
        Link(_("实施办法"), f"{at}/charter"),
        Link(_("本单位"), f"{at}/about"),
        Link(_("各单位"), f"{root}/organisations"),
    ]


def _help(at: str, root: str) -> list[Link]:
    return [
        Link(_("使用帮助"), f"{root}/help"),
        Link(_("跟进：订阅和邮件提醒"), f"{at}/following"),
        Link(_("怎样核对真伪"), f"{root}/help/verify"),
        Link(_("文件上的数字签章"), f"{root}/help/seal"),
        Link(_("透明日志"), f"{root}/log-about"),
        Link(_("无障碍说明"), f"{root}/accessibility"),
    ]


def _departments(house: House) -> list[Department]:
    charter = house.charter
    return [
        Department(
            words.label(each),
            words.label(charter.post(each.head)),
            [words.label(post) for post in charter.posts if post.department == each.name],
            sum(rule.department == each.name for rule in charter.entries),
        )
        for each in (charter.departments if charter else ())
        if charter
    ]


def _roots(town: Town) -> list[House]:
    """Those without a superior here; of those that are superior to each other, the first."""
    houses = sorted(town.houses.values(), key=lambda each: (town.parent(each) != "", each.slug))
    roots: list[House] = []
    reached: set[str] = set()
    for house in houses:
        if not town.parent(house) or house.slug not in reached:
            roots.append(house)
            _reach(town, house, reached)
    return roots


def _reach(town: Town, house: House, reached: set[str]) -> None:
    if house.slug not in reached:
        reached.add(house.slug)
        for each in town.below(house):
            _reach(town, each, reached)
