"""What every sheet of an item needs: its text with pictures and fitted tables, and its codes."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.conf import settings
from markupsafe import escape

from gongkai.foundation.files.decoding import without_marks
from gongkai.foundation.files.pages.store import Rendition
from gongkai.foundation.ui import qr
from gongkai.surfaces.board import addresses, paper, telling
from gongkai.surfaces.board.items import Edition, Opening
from gongkai.surfaces.channels.paper import body, widths
from gongkai.surfaces.channels.paper.body import Node
from gongkai.surfaces.reach import marks

TEXT = Path(__file__).with_name("text.typ")


@dataclass
class Handed:
    """What is handed to Typst beside the values (随附文件): codes and pictures by their names."""

    files: dict[str, bytes] = field(default_factory=dict)
    sheet: str = ""
    """Before the names of codes, where several sheets are handed over together."""

    def code(self, name: str, text: str) -> dict[str, str]:
        """The QR code of an address, as a picture called ``name``."""
        name = f"{self.sheet}{name}"
        side, path = qr.drawing(text)
        self.files[f"{name}.svg"] = (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {side} {side}"'
            f' shape-rendering="crispEdges"><path stroke="#000" d="{path}"/></svg>'
        ).encode()
        return {"file": f"/{name}.svg", "address": text}

    def picture(self, digest: str) -> str:
        """The picture with this digest as it was drawn anew; nothing while it is not there."""
        made = Rendition(digest)
        head = made.head()
        if head is None or head.trouble:
            return ""
        drawn = made.sheet(1).pictures[-1].digest
        name = f"p{drawn[:32]}.webp"
        try:
            self.files[name] = made.picture(drawn).read_bytes()
        except FileNotFoundError:
            return ""  # an erasure may take it between the two lines above
        return f"/{name}"


def text(edition: Edition, handed: Handed, room: widths.Room = widths.PAGE) -> list[Node]:
    """The sealed text as a template sets it, its tables fitted to ``room``."""
    files = {each.filename: each.digest for each in edition.attachments}
    found = body.nodes(edition.body)
    for node in _every(found):
        if node["t"] == "table":
            fit = widths.fit(node, room)
            node["size"], node["turned"] = fit.size, fit.turned
            node["groups"] = [
                {
                    "widths": fit.shares(columns),
                    "first": columns[min(1, len(columns) - 1)] + 1 if number else 1,
                    "last": columns[-1] + 1,
                    "cells": widths.cut(node, columns),
                }
                for number, columns in enumerate(fit.groups)
            ]
            del node["cells"]
        elif node["t"] == "figure":
            digest = files.get(node["file"])
            node["picture"] = handed.picture(digest) if digest else ""
            # PDF/UA asks for words beside each picture, and a sealed text may have none.
            node["alt"] = node["alt"] or body.plain(node["caption"]) or "图片"
    return found


def ends_with_a_day(found: list[Node]) -> bool:
    """Whether the text already closes with a day of its own, below its own names (落款)."""
    last = found[-1] if found else None
    if last is None or last["t"] != "p":
        return False
    words = "".join(body.plain(last["in"]).split())
    return len(words) <= _CLOSING and words.endswith("日") and "年" in words and "月" in words


_CLOSING = 40
"""Characters of a last line that is a name and a day."""


def hastened(opening: Opening, zone: str) -> list[str]:
    """A heading and a sentence for what was opened in an emergency; nothing for anything else."""
    if opening.hastened is None:
        return []
    heading, sentence = telling.hastened(opening.hastened, zone, escape)
    return [heading, sentence.striptags()]


def public_codes(opening: Opening, address: str, handed: Handed, mark: str) -> Mapping[str, Any]:
    """The codes of an item that anybody may read: its page with the head of the log at its entry,
    where it is checked, where it is talked about. ``mark`` says where the paper hangs.
    """
    item = f"{settings.BOARD_URL}{addresses.item(address)}"
    page = f"{marks.marked(item, mark)}#{paper.head(opening.seq)}"
    return {
        "item": handed.code("item", page) | {"address": item},
        "verify": handed.code("verify", f"{settings.BOARD_URL}/verify/#{address}"),
        "say": handed.code("say", f"{settings.OFFICE_URL}/say/{address}/"),
    }


def future_codes(address: str, handed: Handed) -> Mapping[str, Any]:
    """The codes of what is not public yet: where it will stand, without a log that holds it."""
    item = f"{settings.BOARD_URL}{addresses.item(address)}"
    return {
        "item": handed.code("item", item),
        "verify": handed.code("verify", f"{settings.BOARD_URL}/verify/#{address}"),
        "say": handed.code("say", f"{settings.OFFICE_URL}/say/{address}/"),
    }


def clean(told: Mapping[str, Any]) -> dict[str, Any]:
    """Values without marks that show nothing or turn the order of reading round."""
    return {name: _cleaned(value) for name, value in told.items()}


def _cleaned(value: Any) -> Any:
    match value:
        case str():
            return without_marks(value)
        case Mapping():
            return {key: _cleaned(each) for key, each in value.items()}
        case list() | tuple():
            return [_cleaned(each) for each in value]
    return value


def _every(found: Iterable[Node]) -> Iterator[Node]:
    for node in found:
        yield node
        match node["t"]:
            case "quote":
                yield from _every(node["in"])
            case "list":
                for each in node["items"]:
                    yield from _every(each)
