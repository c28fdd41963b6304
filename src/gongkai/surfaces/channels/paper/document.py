"""The item as an official document 公开件纸质版: the look of GB/T 9704, the words of the record.

The same record gives the same bytes for ever: the charter is the one that was in force when it
opened, and the PDF bears the time of its opening.
"""

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils import translation

from gongkai.foundation.core import clock
from gongkai.foundation.core.identifiers import verification_code
from gongkai.foundation.paper.composing import compose
from gongkai.foundation.ui import marks
from gongkai.procedure.catalogue.charter import Charter
from gongkai.procedure.review import approval
from gongkai.surfaces.board.items import Attachment, Opening
from gongkai.surfaces.channels.paper import setting
from gongkai.surfaces.channels.paper.setting import Handed
from gongkai.surfaces.reach.marks import DOCUMENT

TEMPLATE = Path(__file__).with_name("document.typ")
SECONDS = 60
"""Processor time: some hundred pages are an edition too."""


def document(address: str, opening: Opening, charter: Charter) -> bytes:
    """The document as PDF/A. ``Refused`` where a sign cannot be printed, or it is too long."""
    return _composed(address, opening, charter, proof=False)


def proof(address: str, opening: Opening, charter: Charter) -> bytes:
    """The document that a draft would become, marked 草样."""
    return _composed(address, opening, charter, proof=True)


def _composed(address: str, opening: Opening, charter: Charter, *, proof: bool) -> bytes:
    handed = Handed()
    with translation.override("zh-hans"):  # a document keeps its own language, whoever prints it
        told = facts(address, opening, charter, handed, proof=proof)
    handed.files |= {"text.typ": setting.TEXT.read_bytes(), "mark.typ": approval.MARK.read_bytes()}
    return compose(TEMPLATE, told, at=opening.at, pictures=handed.files, seconds=SECONDS)


def facts(
    address: str, opening: Opening, charter: Charter, handed: Handed, *, proof: bool = False
) -> dict[str, Any]:
    """What the document says; of a draft no number in the log."""
    edition, zone = opening.edition, charter.organisation.zone
    found = setting.text(edition, handed)
    told = {
        "organisation": edition.organisation_name,
        "number": edition.document_number,
        "title": edition.title.strip() or "—",
        "attachments": [_attachment(each) for each in edition.attachments],
        "closing": "" if setting.ends_with_a_day(found) else _day(edition.sealed_at, zone),
        "note": opening.note,
        "inner": "" if opening.public else _scope(opening),
        "hastened": setting.hastened(opening, zone),
        "seal": {
            "name": charter.seal.name,
            "organisation": edition.organisation_name,
            "number": edition.seal_number,
            "post": edition.seal_post,
            "on": _day(edition.sealed_at, zone),
            "code": verification_code(edition.digest),
        },
        "facts": _facts(opening, zone, "" if proof else marks.thousands(opening.seq)),
        "proof": proof,
        "digest": edition.digest,
        "codes": _codes(address, opening, handed, proof=proof),
    }
    return setting.clean(told) | {"body": found}


def _codes(address: str, opening: Opening, handed: Handed, *, proof: bool) -> Mapping[str, Any]:
    if not opening.public:
        return {"item": handed.code("item", f"{settings.OFFICE_URL}/members/i/{address}/")}
    if proof:
        return setting.future_codes(address, handed)
    return setting.public_codes(opening, address, handed, DOCUMENT)


def _attachment(each: Attachment) -> str:
    name = each.title.removesuffix(f".{each.extension}")
    return f"{name}（{each.extension.upper()}）"


def _scope(opening: Opening) -> str:
    return opening.stages[-1].name if opening.stages else ""


def _facts(opening: Opening, zone: str, logged: str) -> list[list[str]]:
    edition = opening.edition
    stages = "；".join(f"{each.name}，{_day(each.opened_at, zone)}" for each in opening.stages)
    rows = [
        ["公开编号", opening.number],
        ["公开范围", stages],
        ["目录事项", f"{edition.entry}　{edition.entry_title}"],
        ["版本", f"第{edition.number}版"],
        ["日志序号", logged],
    ]
    return [row for row in rows if row[1]]


def _day(at: datetime | None, zone: str) -> str:
    return marks.day(clock.civil_day(at, zone)) if at else ""
