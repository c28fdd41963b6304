"""The sheet for the physical board 公开栏张贴页: large type to be read from two metres.

It shows what anybody may read, and nothing else. A notice 公示 is set whole; so is a text of a few
sheets; of a longer one as many whole paragraphs as one sheet holds, and where the rest is.
"""

import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from gongkai.foundation.core import clock
from gongkai.foundation.core.errors import Refused
from gongkai.foundation.paper.composing import compose
from gongkai.foundation.ui import marks
from gongkai.procedure.catalogue.charter import Charter
from gongkai.procedure.catalogue.periods import NOTICE
from gongkai.surfaces.board import gathering
from gongkai.surfaces.board.houses import House
from gongkai.surfaces.board.items import Item
from gongkai.surfaces.channels.paper import body, setting, widths
from gongkai.surfaces.channels.paper.body import Node
from gongkai.surfaces.channels.paper.setting import Handed
from gongkai.surfaces.reach.marks import SHEET

TEMPLATE = Path(__file__).with_name("notice.typ")
SIZES = ("a4", "a3")
MOST = 2000
"""Characters of a paragraph that a sheet might hold."""
BLOCKS = 80
"""More of a text than one sheet holds."""
_SENTENCE = re.compile("[^。！？；]*[。！？；]?")


def notice(item: Item, house: House, size: str, mark: str = SHEET) -> bytes:
    """The sheets of an open item as PDF/A, on paper of ``size``, for the place with this ``mark``.

    ``Refused`` where nothing of it is open to the public, or where a sign cannot be printed.
    """
    return notices([item], house, size, mark)


def notices(printed: Sequence[Item], house: House, size: str, mark: str = SHEET) -> bytes:
    """The sheets of several items of one organisation in one PDF/A, each counted from one.

    ``Refused`` for all of them where one cannot be printed: whoever asks for many asks for parts.
    """
    handed = Handed()
    with translation.override("zh-hans"):
        told = [_told(n, item, house, handed, mark) for n, item in enumerate(printed)]
    at = max(each.current.at for each in printed if each.current)
    return _composed(told, handed, size, at)


def proof(item: Item, house: House, charter: Charter, size: str) -> bytes:
    """The sheets that a draft would get, marked 草样: its codes lead to where it will stand."""
    handed = Handed()
    with translation.override("zh-hans"):
        told = facts(item, house, charter, handed, setting.future_codes(item.address, handed))
    return _composed([told], handed, size, item.opened_at, proof=True)


def _composed(
    told: Sequence[dict[str, Any]], handed: Handed, size: str, at: datetime, *, proof: bool = False
) -> bytes:
    title = told[0]["title"] if len(told) == 1 else f"张贴页，{len(told)}件"
    handed.files["text.typ"] = setting.TEXT.read_bytes()
    data = {"size": size, "title": title, "author": told[0]["organisation"], "proof": proof}
    return compose(TEMPLATE, {**data, "sheets": told}, at=at, pictures=handed.files)


def _told(number: int, item: Item, house: House, handed: Handed, mark: str) -> dict[str, Any]:
    if item.current is None or house.charter is None or not item.current.public:
        raise Refused([_("这一件没有向社会公开的内容，不能贴到公开栏上。")])
    handed.sheet = f"s{number}-"
    codes = setting.public_codes(item.current, item.address, handed, mark)
    return facts(item, house, house.charter, handed, codes)


def facts(
    item: Item, house: House, charter: Charter, handed: Handed, codes: Mapping[str, Any]
) -> dict[str, Any]:
    """What a sheet says, with ``codes`` as its QR codes."""
    opening = item.current
    assert opening is not None
    edition = opening.edition
    box, category = house.boxes.get(edition.box), house.categories.get(edition.category)
    told = {
        "organisation": edition.organisation_name,
        "matter": house.matter,
        "category": category.name if category else "",
        "box": f"{edition.box}　{box[0].name}" if box else edition.box,
        "number": opening.number,
        "title": edition.title.strip() or "—",
        "period": _period(item, house),
        "opened": marks.day(clock.civil_day(opening.at, house.zone)),
        "note": opening.note,
        "hastened": setting.hastened(opening, house.zone),
        "whole": edition.kind == NOTICE,
        "attachments": len(edition.attachments),
        "codes": codes,
        "address": f"{settings.BOARD_URL}/i/{item.address}",
        "contact": [
            each for each in (charter.organisation.address, charter.organisation.postcode) if each
        ],
        "telephones": [
            [each.name, each.number, each.hours] for each in charter.organisation.telephones
        ],
    }
    found = setting.text(edition, handed, widths.SHEET)
    return setting.clean(told) | {"body": found, "sentences": _sentences(found)}


def _sentences(found: Sequence[Node]) -> list[list[str]]:
    """How each of the first blocks begins, by sentences, where it is words."""
    words = [body.plain(node["in"]) if node["t"] == "p" else "" for node in found[:BLOCKS]]
    return [[each for each in _SENTENCE.findall(text[:MOST]) if each] for text in words]


def _period(item: Item, house: House) -> list[str]:
    """From when until when it is shown for comments, and the sum; nothing for anything else."""
    period = gathering.period_of(house, item)
    if period is None or item.current is None:
        return []
    name = "公示期" if item.current.edition.kind == NOTICE else "征求意见"
    last = marks.day(period.last, year=period.last.year != period.first.year)
    days = f"{marks.day(period.first)}至{last}"
    return [name, days + ("（暂定）" if period.provisional else ""), period.sentence]
