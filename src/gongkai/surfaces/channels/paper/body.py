"""A sealed text as values that a template sets: blocks, words within them, tables as grids.

Only what ``proposals.sanitise`` lets stand can occur; every word reaches Typst as a value, never
as markup. Marks that show nothing, or turn the order of reading round, are left out.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any

from gongkai.foundation.files.decoding import without_marks
from gongkai.procedure.proposals.sanitise import PICTURE

Node = dict[str, Any]
Words = list[Any]
"""Strings, and nodes for what is marked: ``{"t": "strong", "in": […]}``, ``{"t": "br"}``."""

_VOID = ("img", "br")
_SPACE = re.compile(r"[ \t\n\r]+")
_FIGURE = re.compile(r"[-−+]?[¥￥]?[0-9][0-9,]*(?:\.[0-9]+)?[%‰]?")
"""What stands right-aligned in a column of figures."""
_UNBROKEN = re.compile("[!-~]{24}(?=[!-~])")
"""An address or a number that is longer than a line may be broken after so many letters."""
_WORDS = ("strong", "em", "sup", "sub", "a")


@dataclass
class _Element:
    tag: str
    attributes: dict[str, str]
    children: list[Any] = field(default_factory=list)


class _Tree(HTMLParser):
    """The elements of a cleaned text, which is well formed."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.root = _Element("", {})
        self._open = [self.root]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        made = _Element(tag, {name: value or "" for name, value in attrs})
        self._open[-1].children.append(made)
        if tag not in _VOID:
            self._open.append(made)

    def handle_endtag(self, tag: str) -> None:
        if self._open[-1].tag == tag:
            self._open.pop()

    def handle_data(self, data: str) -> None:
        self._open[-1].children.append(without_marks(data))


def nodes(body: str) -> list[Node]:
    """The blocks of a sealed ``body`` in their order."""
    tree = _Tree()
    tree.feed(body)
    tree.close()
    return list(_blocks(tree.root))


def plain(words: Words) -> str:
    """Marked words without their marks."""
    return "".join(
        each if isinstance(each, str) else "\n" if each["t"] == "br" else plain(each.get("in", []))
        for each in words
    )


def pictures(found: Sequence[Node]) -> list[str]:
    """The names of the pictures that blocks show, each once."""
    return list(dict.fromkeys(node["file"] for node in found if node["t"] == "figure"))


def _blocks(element: _Element) -> Iterator[Node]:
    """The blocks inside ``element``; words that stand in none are a paragraph."""
    loose: list[Any] = []
    for child in element.children:
        if isinstance(child, str) or child.tag in (*_WORDS, "br"):
            loose.append(child)
            continue
        yield from _paragraph(loose)
        loose = []
        yield from _block(child)
    yield from _paragraph(loose)


def _paragraph(children: list[Any]) -> Iterator[Node]:
    words = _words(children)
    if plain(words).strip():
        yield {"t": "p", "in": words}


def _block(element: _Element) -> Iterator[Node]:
    match element.tag:
        case "p":
            yield from _paragraph(element.children)
        case "h2" | "h3" as tag:
            yield {"t": "h", "level": int(tag[1]), "in": _words(element.children)}
        case "ul" | "ol" as tag:
            points = [list(_blocks(each)) for each in element.children if _is(each, "li")]
            yield {"t": "list", "ordered": tag == "ol", "items": [each for each in points if each]}
        case "blockquote":
            yield {"t": "quote", "in": list(_blocks(element))}
        case "figure":
            yield from _figure(element)
        case "table":
            yield from _table(element)
        case _:
            yield from _blocks(element)


def _figure(element: _Element) -> Iterator[Node]:
    caption: Words = []
    found: _Element | None = None
    for child in element.children:
        if _is(child, "img"):
            found = child
        elif _is(child, "figcaption"):
            caption = _words(child.children)
    place = PICTURE.fullmatch(found.attributes.get("src", "")) if found else None
    if found and place:
        alt = without_marks(found.attributes.get("alt", ""))
        yield {"t": "figure", "file": place[2], "alt": alt, "caption": caption}


def _words(children: Sequence[Any]) -> Words:
    """Text with its marks; blanks run together as on a page, blanks at the ends go."""
    found: Words = []
    for child in children:
        if isinstance(child, str):
            if text := _SPACE.sub(" ", child):
                found.append(_UNBROKEN.sub("\\g<0>\u200b", text))
        elif child.tag == "br":
            found.append({"t": "br"})
        elif child.tag in _WORDS:
            found.append({"t": child.tag, "in": _words(child.children)} | _target(child))
        else:
            found += _words(child.children)
    return _trimmed(found)


def _trimmed(words: Words) -> Words:
    for end, strip in ((0, str.lstrip), (-1, str.rstrip)):
        if words and isinstance(words[end], str):
            words[end] = strip(words[end], " \n")
    return [each for each in words if each != ""]


def _target(element: _Element) -> dict[str, str]:
    href = element.attributes.get("href", "") if element.tag == "a" else ""
    return {"href": href} if href.startswith(("http://", "https://")) else {}


def _is(child: Any, *tags: str) -> bool:
    return isinstance(child, _Element) and child.tag in tags


# -- tables ----------------------------------------------------------------------------------------


def _table(element: _Element) -> Iterator[Node]:
    """A grid: every cell with its place and its spans, cut to the grid as browsers cut them."""
    caption: Words = []
    heads: list[_Element] = []
    rows: list[_Element] = []
    for child in element.children:
        if _is(child, "caption"):
            caption = _words(child.children)
        elif _is(child, "thead"):
            heads += _rows(child)
        elif _is(child, "tbody", "tfoot"):
            rows += _rows(child)
        elif _is(child, "tr"):
            rows.append(child)
    while not heads and len(rows) > 1 and _all_heads(rows[0]):
        heads.append(rows.pop(0))
    cells = _grid(heads, 0) + _grid(rows, len(heads))
    if not cells:
        return
    wide = max(cell["x"] + cell["w"] for cell in cells)
    yield {
        "t": "table",
        "caption": caption,
        "heads": len(heads),
        "rows": len(heads) + len(rows),
        "columns": wide,
        "cells": cells + _gaps(cells, wide, len(heads) + len(rows), len(heads)),
    }


def _rows(element: _Element) -> list[_Element]:
    return [each for each in element.children if _is(each, "tr")]


def _all_heads(row: _Element) -> bool:
    cells = [each for each in row.children if _is(each, "td", "th")]
    return bool(cells) and all(cell.tag == "th" for cell in cells)


def _grid(rows: Sequence[_Element], first: int) -> list[Node]:
    taken: set[tuple[int, int]] = set()
    found: list[Node] = []
    for y, row in enumerate(rows):
        x = 0
        for cell in row.children:
            if not _is(cell, "td", "th"):
                continue
            while (x, y) in taken:
                x += 1
            wide, high = _span(cell, "colspan"), min(_span(cell, "rowspan"), len(rows) - y)
            while any((x + n, y) in taken for n in range(wide)):
                wide -= 1
            taken |= {(x + n, y + m) for n in range(wide) for m in range(high)}
            words = _words(cell.children)
            head = cell.tag == "th"
            place = {"x": x, "y": first + y, "w": wide, "h": high}
            figure = bool(_FIGURE.fullmatch("".join(plain(words).split())))
            found.append({**place, "in": words, "head": head, "number": figure and not head})
            x += wide
    return found


def _span(cell: _Element, name: str) -> int:
    given = cell.attributes.get(name, "1")
    return int(given) if given.isdecimal() and int(given) > 0 else 1


def _gaps(cells: Sequence[Node], wide: int, high: int, heads: int) -> list[Node]:
    """Empty cells where a row is shorter than the others."""
    taken = {
        (cell["x"] + n, cell["y"] + m)
        for cell in cells
        for n in range(cell["w"])
        for m in range(cell["h"])
    }
    return [
        {"x": x, "y": y, "w": 1, "h": 1, "in": [], "head": y < heads, "number": False}
        for y in range(high)
        for x in range(wide)
        if (x, y) not in taken
    ]
