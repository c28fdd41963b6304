"""The home page of an organisation on its civil day, and what comments are invited on today."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from django.conf import settings
from markupsafe import Markup

from gongkai.foundation.core import clock
from gongkai.foundation.ui.parts import Link
from gongkai.foundation.ui.spoken import gettext as _
from gongkai.surfaces.board import addresses, excerpt, frame, gathering, shelves, words
from gongkai.surfaces.board.gathering import Open, Today
from gongkai.surfaces.board.items import Item
from gongkai.surfaces.board.pages import answers as voices
from gongkai.surfaces.board.pages import columns, entries, lists, metadata, own, receptions
from gongkai.surfaces.board.pages.lists import Row
from gongkai.surfaces.board.press import Press, Values

OPEN = 4
"""Invitations to comment on the home page, the lead among them."""
DUE = 5
"""Lines of what is due."""


@dataclass(frozen=True)
class Invitation:
    """A thing on which comments are invited (正在公示、正在征求意见), ready to be shown."""

    title: Markup
    href: str
    say: str
    category: Markup
    notice: bool
    text: Markup
    first: date
    last: date
    provisional: bool
    sentence: str


@dataclass(frozen=True)
class Await:
    """A line of what is due (快要公开的)."""

    code: str
    title: Markup
    href: str
    on: date


@dataclass(frozen=True)
class Shelf:
    """A standing column with the day it was last added to."""

    link: Link
    last: date | None


def page(press: Press, today: Today) -> None:
    """The home page: what is open for comment, new, due; the columns, the wall, the rules."""
    house = today.house

    def build(root: str) -> Values:
        at = f"{root}{house.root}"
        invitations = [_invitation(today, each, root) for each in today.open]
        until = {each.item.address: each.period.last for each in today.open}
        catalogue = own.groups(today, root)
        rows = lists.rows(press, today.newest, today.found, root, house)
        return {
            "frame": frame.frame(press.town, house, root, "home", today.counts),
            "today": today.day,
            "lead": invitations[0] if invitations else None,
            "open": invitations[1:OPEN],
            "open_total": len(invitations),
            "rows": [_with_end(row, today.newest, until, root) for row in rows],
            "total": today.count(shelves.OF),
            "reception": _next(today),
            "receptions": f"{at}/receptions",
            "rota": _rota(today, root),
            "telephones": frame.telephones(house),
            "awaits": _awaits(today, root)[:DUE],
            "awaits_total": len(today.due),
            "catalogue": catalogue,
            "columns": _shelves(today, root),
            "charter": Link(_("实施办法"), f"{at}/charter") if house.charter else None,
            "charter_day": house.issues and clock.civil_day(house.issues[-1].at, house.zone),
            "cases": [voices.case(each, house) for each in today.answers],
            "answered": today.count(shelves.WALL),
            "waiting": today.waiting,
            "say": f"{settings.OFFICE_URL}/say/",
            "metadata": metadata.organisation(house),
        }

    press.pages(f"{house.root}/", "home", house, build, "home")


def open_now(press: Press, today: Today) -> None:
    """All on which comments are invited today."""
    house = today.house
    press.pages(
        f"{house.root}/open",
        "open",
        house,
        lambda root: {
            "crumbs": [Link(_("首页"), f"{root}{house.root}/")],
            "today": today.day,
            "open": [_invitation(today, each, root) for each in today.open],
            "limits": house.charter.deadlines if house.charter else None,
            "full": len(today.open) >= gathering.INVITING,
        },
        "home",
    )


def _invitation(today: Today, each: Open, root: str) -> Invitation:
    house, current = today.house, each.item.current
    assert current is not None, "nobody is asked about what was taken back"
    category = house.categories.get(current.edition.category)
    period = gathering.period_of(house, each.item) or each.period
    return Invitation(
        title=words.listed(current.edition.title),
        href=f"{root}{addresses.item(each.item.address)}",
        say=f"{settings.OFFICE_URL}/say/{each.item.address}/",
        category=words.label(category) if category else Markup(""),
        notice=current.edition.kind == "notice",
        text=words.chinese(excerpt.lead(current.edition.body)),
        first=period.first,
        last=period.last,
        provisional=period.provisional,
        sentence=period.sentence,
    )


def _with_end(row: Row, _places: Sequence[object], until: dict[str, date], root: str) -> Row:
    address = row.href.rpartition("/")[2]
    return replace(row, until=until.get(address)) if not row.gone else row


def _next(today: Today) -> receptions.Row | None:
    """The next day on which somebody receives visitors."""
    found = receptions.next_of(today)
    return receptions.row(found, today.house, today.day) if found else None


def _rota(today: Today, root: str) -> Link | None:
    """The newest about who receives visitors, under the entry that the charter names for it."""
    charter = today.house.charter
    item: Item | None = today.item(charter.front.rota) if charter else None
    if item is None or item.current is None:
        return None
    return Link(words.listed(item.current.edition.title), f"{root}{addresses.item(item.address)}")


def _awaits(today: Today, root: str) -> list[Await]:
    return [
        Await(code, words.entry(due.rule), entries.about(today.house, code, root), due.on)
        for code, due in today.due.items()
    ]


def _shelves(today: Today, root: str) -> list[Shelf]:
    charter = today.house.charter
    known = charter.columns if charter else ()
    days = [
        max(filter(None, map(today.published, column.entries)), default=None) for column in known
    ]
    return list(map(Shelf, columns.links(today.house, root), days))
