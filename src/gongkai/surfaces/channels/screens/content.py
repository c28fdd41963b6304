"""A public item as a display shows it: blocks of words that a program lays out, never markup.

Pure but for pictures, which are taken as they were drawn anew for the pages of attachments. The
same opening gives the same content, so it is named by its digest and fetched once.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from html import unescape
from pathlib import Path
from typing import Any

from django.conf import settings

from gongkai.foundation.core import canonical
from gongkai.foundation.core.clock import civil_day
from gongkai.foundation.files.decoding import without_marks
from gongkai.foundation.files.pages.store import Rendition
from gongkai.foundation.ui import marks, qr
from gongkai.procedure.catalogue.periods import NOTICE
from gongkai.surfaces.board import addresses, telling
from gongkai.surfaces.board.houses import House
from gongkai.surfaces.board.items import Edition, Item, Opening
from gongkai.surfaces.channels.paper import body, widths
from gongkai.surfaces.channels.paper.body import Node, plain
from gongkai.surfaces.reach.marks import SCREEN, marked

FORMAT = "gongkai-screen-item/1"
LONGEST = 3_000
"""Characters of a text on a display: ten minutes for whoever stands before it. A 公示 is shown
whole, as far as :data:`WHOLE`."""
WHOLE = 20_000
COLUMNS = 6
"""Columns of a table that can be read from four metres; wider ones are cut, each part with the
first column again."""


@dataclass(frozen=True)
class Content:
    """What one item needs on a display (屏上内容): bytes named by ``name``, pictures by theirs.

    ``digest`` is the edition's own.
    """

    name: str
    digest: str
    data: bytes
    pictures: dict[str, Path] = field(default_factory=dict)


def content(item: Item, opening: Opening, house: House) -> Content:
    """The content of an open item."""
    edition, pictures = opening.edition, _Pictures()
    blocks = [_clean(each) for each in _split(_pictured(edition, pictures))]
    most = WHOLE if edition.kind == NOTICE else LONGEST
    shown = cut(blocks, most)
    category = house.categories.get(edition.category)
    title = without_marks(edition.title.strip()) or "—"
    page = f"{settings.BOARD_URL}{addresses.item(item.address)}"
    told = {
        "format": FORMAT,
        "address": item.address,
        "digest": edition.digest,
        "title": title,
        "words": [unescape(each) for each in marks.keep(title).split("<wbr>")],
        "category": category.name if category else "",
        "number": opening.number,
        "document": edition.document_number,
        "opened": f"{marks.day(civil_day(opening.at, house.zone))}公开",
        "corrected": item.corrected,
        "note": without_marks(opening.note),
        "hastened": _hastened(opening, house),
        "blocks": shown,
        "cut": len(shown) < len(blocks) or shown != blocks,
        "attachments": len(edition.attachments),
        "codes": {
            "item": code(marked(page, SCREEN)),
            "say": code(f"{settings.OFFICE_URL}/say/{item.address}/"),
        },
    }
    data = canonical.encode(told)
    return Content(f"{sha256(data).hexdigest()}.json", edition.digest, data, pictures.found)


def code(text: str) -> dict[str, Any]:
    """The QR code of an address: modules on a side, and the path of the dark ones."""
    side, path = qr.drawing(text)
    return {"side": side, "path": path, "text": text}


def cut(blocks: Sequence[Node], most: int) -> list[Node]:
    """As many whole blocks as ``most`` characters hold, a table by whole rows; one at least."""
    kept: list[Node] = []
    left = most
    for block in blocks:
        size = length(block)
        if size <= left or (not kept and block["t"] != "table"):
            kept.append(block)
            left -= size
            continue
        if block["t"] == "table" and (part := _rows_within(block, left)):
            kept.append(part)
        break
    while len(kept) > 1 and kept[-1]["t"] == "h":
        kept.pop()
    return kept


def length(block: Node) -> int:
    """The characters of a block that a reader reads; a picture takes as long as fifty."""
    match block["t"]:
        case "table":
            cells = (plain(cell["in"]) for cell in block["cells"])
            return sum(map(len, cells)) + len(plain(block["caption"]))
        case "list":
            return sum(length(each) for point in block["items"] for each in point)
        case "quote":
            return sum(map(length, block["in"]))
        case "figure":
            return 50 + len(plain(block["caption"]))
    return len(plain(block["in"]))


def _rows_within(table: Node, most: int) -> Node | None:
    """The table's head and its first rows, as many as ``most`` characters hold; none if none."""
    by_row: dict[int, int] = {}
    for cell in table["cells"]:
        by_row[cell["y"]] = by_row.get(cell["y"], 0) + len(plain(cell["in"]))
    rows, left = table["heads"], most - sum(by_row.get(y, 0) for y in range(table["heads"]))
    while rows < table["rows"] and by_row.get(rows, 0) <= left:
        left -= by_row.get(rows, 0)
        rows += 1
    if rows <= table["heads"]:
        return None
    cells = [
        {**cell, "h": min(cell["h"], rows - cell["y"])}
        for cell in table["cells"]
        if cell["y"] < rows
    ]
    return {**table, "rows": rows, "cells": cells}


def _split(blocks: Iterable[Node]) -> Iterator[Node]:
    """The blocks, a table of many columns as several of few."""
    for block in blocks:
        if block["t"] != "table" or block["columns"] <= COLUMNS:
            yield block
            continue
        for start in range(1, block["columns"], COLUMNS - 1):
            columns = [0, *range(start, min(start + COLUMNS - 1, block["columns"]))]
            part = {"columns": len(columns), "cells": widths.cut(block, columns)}
            of = {"from": columns[1] + 1, "to": columns[-1] + 1, "of": block["columns"]}
            yield {**block, **part, "part": of}


class _Pictures:
    """Pictures that were found, by the names that displays ask for."""

    def __init__(self) -> None:
        self.found: dict[str, Path] = {}

    def name(self, digest: str) -> str:
        """The name of the drawn picture; nothing while it is not there."""
        made = Rendition(digest)
        head = made.head()
        if head is None or head.trouble:
            return ""
        try:
            drawn = made.sheet(1).pictures[-1].digest
        except (FileNotFoundError, IndexError):
            return ""
        path = made.picture(drawn)
        if not path.exists():
            return ""
        self.found[f"{drawn}.webp"] = path
        return f"{drawn}.webp"


def _pictured(edition: Edition, pictures: _Pictures) -> Iterator[Node]:
    files = {each.filename: each.digest for each in edition.attachments}
    for node in body.nodes(edition.body):
        if node["t"] == "figure":
            digest = files.get(node["file"])
            node["picture"] = pictures.name(digest) if digest else ""
        yield node


def _hastened(opening: Opening, house: House) -> str:
    """That nobody else had looked at it before it was opened; nothing where somebody had."""
    if opening.hastened is None:
        return ""
    heading, sentence = telling.hastened(opening.hastened, house.zone, house.posts_named)
    return f"{heading}：{sentence.striptags()}"


def _clean(node: Any) -> Any:
    """The node without marks that show nothing or turn the order of reading round."""
    match node:
        case str():
            return without_marks(node).replace("\u200b", "")
        case dict():
            return {key: _clean(each) for key, each in node.items()}
        case list() | tuple():
            return [_clean(each) for each in node]
    return node
