"""Pages and files of the whole installation, which say the same whatever is published."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from gongkai.foundation.core import clock
from gongkai.foundation.ledger import keyring
from gongkai.foundation.ledger.models import PublicRecord
from gongkai.foundation.ui.parts import Link
from gongkai.surfaces.board import frame
from gongkai.surfaces.board.houses import House
from gongkai.surfaces.board.items import Item
from gongkai.surfaces.board.models import Place
from gongkai.surfaces.board.pages import lists, maps
from gongkai.surfaces.board.press import Press, Values

HELP = "/help"
NAMED = "witnesses"
"""Where the log's file has the list of witnesses."""


def _plain(press: Press, address: str, template: str, here: str = "", **values: Any) -> None:
    """A page that says the same whatever is published."""
    house = press.town.top

    def told(root: str) -> Values:
        return {"house": house, "root": root, "crumbs": _way(house, root, address), **values}

    press.pages(address, template, house, told, here)


def _way(house: House, root: str, address: str) -> list[Link]:
    """The way to a page of words: what explains something stands below the help."""
    way = [Link(_("首页"), f"{root}{house.root}/")]
    return way if address == HELP else [*way, Link(_("使用帮助"), f"{root}{HELP}")]


@dataclass(frozen=True)
class Witnessed:
    """What the page about the log says of one witness (联署人), and how far it lags behind."""

    name: str
    url: str
    size: int
    at: datetime | None
    behind: int
    silent: bool
    conflict: bool


@dataclass(frozen=True)
class Statement:
    """What was said of the log itself (关于日志的声明): another key, a restore."""

    index: int
    day: date
    kind: str
    said: Mapping[str, Any]


def log(
    press: Press,
    size: int,
    vkey: str,
    witnesses: bytes | None,
    statements: Sequence[PublicRecord],
) -> None:
    """The page about the log, with its present length; rendered at every pass.

    ``witnesses`` is the log's file that names them, ``statements`` is what was said of the log
    itself: what the page says follows from files and records alone.
    """
    named = json.loads(witnesses or b"{}").get(NAMED, ())
    _plain(
        press,
        "/log-about",
        "log",
        size=size,
        vkey=vkey,
        origin=settings.LOG_ORIGIN,
        witnesses=[_witnessed(each, size) for each in named],
        statements=[statement(press, each) for each in statements],
        keys=any(each.kind == keyring.KIND for each in statements),
    )


def statement(press: Press, record: PublicRecord) -> Statement:
    """The statement that ``record`` makes."""
    said = json.loads(record.body)
    house = press.town.house(record.organisation)
    kind = "restore" if record.kind == "restore" else said["change"]
    return Statement(record.seq or 0, clock.civil_day(record.at, house.zone), kind, said)


def _witnessed(told: Mapping[str, Any], size: int) -> Witnessed:
    return Witnessed(
        name=told["name"],
        url=told["url"],
        size=told["size"],
        at=clock.unstamp(told["time"]) if told["time"] else None,
        behind=max(0, size - told["size"]),
        silent=bool(told["trouble"]),
        conflict=told["conflict"],
    )


def missing(press: Press, places: Sequence[Place], found: Mapping[str, Item]) -> None:
    """The page for an address that is not there: how to find what one came for."""
    house = press.town.top
    alone = house if len(press.town.houses) < 2 else None
    press.pages(
        "/404",
        "missing",
        house,
        lambda root: {
            "rows": lists.rows(press, places, found, root, alone),
            "telephones": frame.telephones(house),
            "say": f"{settings.OFFICE_URL}/say/",
        },
    )


def write(press: Press) -> None:
    """The pages of words and the files for machines."""
    house = press.town.top
    _plain(press, HELP, "help", "help")
    _plain(press, f"{HELP}/verify", "verify", "help", board=settings.BOARD_URL)
    _plain(press, "/verify/", "check", "help", board=settings.BOARD_URL)
    for address, template in (("/accessibility", "accessibility"), ("/closed", "closed")):
        press.pages(address, template, house, lambda root: {"hours": frame.contact_lines(house)})
    press.site.write("contact.json", json.dumps(_contact(house), ensure_ascii=False))
    maps.robots(press)


def _contact(house: House) -> Values:
    """What hangs at the office's door while nobody can open it."""
    if house.charter is None:
        return {"name": house.name}
    own = house.charter.organisation
    lines = own.telephones
    return {
        "name": own.name,
        "telephone": "；".join(f"{line.name} {line.number}" for line in lines),
        "address": own.address,
        "hours": lines[0].hours if lines else "",
    }
