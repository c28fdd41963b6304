"""An issue of the brief as a PDF/A 简报版面, from what it says; the same words, the same bytes.

Of an item that its readers may not read any more a later copy says so in its place. What is sealed
is made once, before anything could go.
"""

from collections.abc import Collection
from datetime import date, datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils import translation

from gongkai.foundation.core import clock
from gongkai.foundation.core.clock import start_of
from gongkai.foundation.organisations.audience import is_public
from gongkai.foundation.paper.composing import compose
from gongkai.foundation.ui import marks
from gongkai.surfaces.board import addresses, items
from gongkai.surfaces.board.items import Edition
from gongkai.surfaces.channels.briefs import queries
from gongkai.surfaces.channels.briefs.models import Brief
from gongkai.surfaces.channels.briefs.queries import Facts
from gongkai.surfaces.channels.briefs.states import Share
from gongkai.surfaces.channels.paper import body, setting
from gongkai.surfaces.channels.paper.setting import Handed
from gongkai.surfaces.reach.marks import BRIEF, marked

TEMPLATE = Path(__file__).with_name("brief.typ")
SECONDS = 120
"""Processor time: eighty pages with tables, in the worker."""
EXCERPT = 260
"""Characters after which an excerpt takes no further paragraph."""
LANGUAGE = "zh-hans"


def printed(brief: Brief, gone: Collection[str] = ()) -> bytes:
    """``brief`` as a PDF; before it is sealed as a draft that says so. ``gone`` are the addresses
    of what a later copy leaves out.

    ``Refused`` names what no font has, and says when an issue is too long.
    """
    facts = queries.facts(brief)
    handed = Handed()
    with translation.override(LANGUAGE):
        told = setting.clean(data(facts, brief.organisation.zone, handed, gone))
    handed.files["text.typ"] = setting.TEXT.read_bytes()
    at = brief.sealed_at or start_of(brief.last, brief.organisation.zone)
    return compose(TEMPLATE, told, at=at, pictures=handed.files, seconds=SECONDS)


def data(facts: Facts, zone: str, handed: Handed, gone: Collection[str] = ()) -> dict[str, Any]:
    """What the issue says, as the template sets it."""
    sealed = "sealed_at" in facts
    at = clock.unstamp(facts["sealed_at"]) if sealed else None
    return {
        "name": facts["name"],
        "title": f"{facts['matter']}简报",
        "number": f"第{facts['number']}期" if sealed else "送审稿",
        "year": f"{facts['year']}年" if sealed else "",
        "office": facts["office"],
        "on": _day(at, zone) if at else marks.day(date.fromisoformat(facts["last"])),
        "readers": facts["readers"],
        "inner": not is_public(facts["audience"]),
        "lead": facts["lead"],
        "copy": bool(gone),
        "sealed": sealed and not gone,
        "items": [
            _item(number, part, zone, handed, part["address"] in gone)
            for number, part in enumerate(facts["items"], 1)
        ],
        "told": [
            {
                "number": each["number"] or each["address"],
                "title": each["title"] or "—",
                "reason": each["reason"],
                "on": _day(clock.unstamp(each["at"]), zone),
            }
            for each in facts["told"]
        ],
        "signed": [
            each
            for each in (
                ["编印", facts["office"]],
                ["签发", facts.get("sealed_by", "")],
                ["发送范围", facts["readers"]],
                ["档号", facts.get("file_number", "")],
            )
            if each[1]
        ],
    }


def _item(number: int, part: Facts, zone: str, handed: Handed, gone: bool) -> dict[str, Any]:
    edition = items.edition(part["edition"])
    told: dict[str, Any] = {
        "n": number,
        "gone": gone,
        "title": "（已经撤下）" if gone else edition.title.strip() or "—",
        "number": part["number"],
        "document": "" if gone else edition.document_number,
        "opened": _day(clock.unstamp(part["opened_at"]), zone),
        "code": _code(number, part, handed),
        "attachments": 0 if gone else len(edition.attachments),
        "whole": part["share"] == Share.WHOLE,
        "body": [],
    }
    if not gone:
        whole = part["share"] == Share.WHOLE
        told["body"] = setting.text(edition, handed) if whole else excerpt(edition)
    return told


def _code(number: int, part: Facts, handed: Handed) -> dict[str, str]:
    """The code of an item, with the mark of briefs where its page is public; as text without."""
    page = link(part)
    coded = marked(page, BRIEF) if part["public"] else page
    return handed.code(f"item{number}", coded) | {"address": page, "coded": coded}


def link(part: Facts) -> str:
    """Where an item can be read by whoever reads the brief."""
    if part["public"]:
        return f"{settings.BOARD_URL}{addresses.item(part['address'])}"
    return f"{settings.OFFICE_URL}/members/i/{part['address']}/"


def excerpt(edition: Edition) -> list[body.Node]:
    """The first whole paragraphs of a text, up to some lines; tables and pictures are left out. A
    first paragraph that alone is longer is cut.
    """
    found: list[body.Node] = []
    length = 0
    for node in body.nodes(edition.body):
        if node["t"] not in ("p", "h"):
            continue
        words = body.plain(node["in"])
        if found and length + len(words) > EXCERPT:
            break
        if len(words) > EXCERPT:
            node = {"t": "p", "in": [f"{words[:EXCERPT]}……"]}
        found.append(node)
        length += len(words)
    while found and found[-1]["t"] == "h":  # a heading without what it heads
        found.pop()
    return found


def _day(at: datetime, zone: str) -> str:
    return marks.day(clock.civil_day(at, zone))
