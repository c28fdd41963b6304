"""A draft read once: passages of text with their places, tables as grids, links.

Offsets count the characters of :attr:`Block.text`, so that a page can mark what was found where it
stands. A list's points and a table's cells are passages of their own: no number reaches from one
into the next.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from html import unescape
from urllib.parse import unquote

from gongkai.foundation.files.decoding import without_marks
from gongkai.procedure.proposals.sanitise import Block, blocks, pictures
from gongkai.procedure.review.checks.finding import Place

PIECES = re.compile(r"(<[^>]*+>)")
_ENDS_LINE = {"<br>", "</p>", "</li>", "</tr>", "</caption>", "</h2>", "</h3>"}
_CELL_ENDS = {"</td>", "</th>"}
_ALT = re.compile(r'<img alt="([^"]*+)"')
_TAG = re.compile(r"<(/?)([a-z0-9]{1,12})")
_HREF = re.compile(r'href="([^"]{0,2000})"')
_TO_SOMEBODY = ("tel:", "mailto:")
_SPAN = re.compile(r'(colspan|rowspan)="([0-9]{1,2})"')
_SENTENCE_END = "。！？!?；;\n\t"
_SENTENCE_LIMIT = 120


@dataclass(frozen=True)
class Piece:
    """A stretch of a block's HTML (一段标记或文字): its text, and where that begins."""

    html: str
    text: str
    start: int

    @property
    def is_tag(self) -> bool:
        """Whether it is a tag; what it stands for in the text is a line's end, a tab, or what a
        picture shows.
        """
        return self.html.startswith("<")


@dataclass(frozen=True)
class Passage:
    """Text that belongs together (一段文字); ``heading`` is what stands above or beside it."""

    place: Place
    text: str
    tag: str = ""
    heading: str = ""

    def at(self, start: int, end: int) -> Place:
        """The place of the characters from ``start`` to ``end`` of this passage."""
        here = self.place
        if here.part == "line":
            line = self.text.count("\n", 0, start)
            begun = self.text.rfind("\n", 0, start) + 1
            start, end = start - begun, end - begun
            return replace(here, number=here.number + line, start=start, length=end - start)
        return replace(here, start=here.start + start, length=end - start)


@dataclass(frozen=True)
class Cell:
    """A table's cell (单元格), also standing for the grid's places that it spans."""

    passage: Passage
    head: bool

    @property
    def text(self) -> str:
        """Its words without blanks."""
        return re.sub(r"\s", "", self.passage.text)


@dataclass(frozen=True)
class Table:
    """A table (表格): its grid of cells, row by row, spans filled in; and its place."""

    place: Place
    rows: Sequence[Sequence[Cell]]
    caption: str = ""


@dataclass(frozen=True)
class Attached:
    """An attachment as the checks see it (附件): ``text`` is None where none could be read out."""

    title: str
    digest: str
    text: str | None
    media_type: str = ""


@dataclass(frozen=True)
class Document:
    """A draft as the checks read it (文稿). A picture of the text has its attachment's name in the
    text's addresses, its alternative text and its place.
    """

    passages: Sequence[Passage]
    tables: Sequence[Table] = ()
    links: Sequence[tuple[str, Place]] = ()
    attached: Sequence[Attached] = ()
    pictures: Sequence[tuple[str, str, Place]] = ()

    @property
    def own(self) -> Iterator[Passage]:
        """The passages of the text itself, without those of the attachments and behind links."""
        beside = {"line", "title", "link"}
        return (each for each in self.passages if each.place.part not in beside)


@dataclass
class _Body:
    passages: list[Passage] = field(default_factory=list)
    tables: list[Table] = field(default_factory=list)
    links: list[tuple[str, Place]] = field(default_factory=list)
    pictures: list[tuple[str, str, Place]] = field(default_factory=list)


def document(
    lines: Iterable[tuple[str, str]], body: str, attached: Iterable[Attached] = ()
) -> Document:
    """The reading of a draft; ``lines`` are single fields as (Chinese name, text)."""
    files = list(attached)
    read = _Body()
    for name, text in lines:
        read.passages.append(Passage(Place("field", name), without_marks(text)))
    for number, block in enumerate(blocks(body), 1):
        _block(read, block, number)
    for number, each in enumerate(files, 1):
        read.passages.append(Passage(Place("title", each.title, number), each.title))
        if each.text:
            read.passages.append(Passage(Place("line", each.title, 1), each.text))
    return Document(read.passages, read.tables, read.links, files, read.pictures)


def pieces(inner: str) -> list[Piece]:
    """A block's HTML in stretches; their texts joined are ``Block.text``."""
    parts = [part for part in PIECES.split(inner) if part]
    found, at = [], 0
    leading = True
    for n, part in enumerate(parts):
        text = _said(part, parts[n + 1] if n + 1 < len(parts) else "")
        if leading:
            text = text.lstrip("\n")
            leading = not text
        found.append(Piece(part, text, at))
        at += len(text)
    return _trimmed(found)


def _said(part: str, following: str) -> str:
    if not part.startswith("<"):
        return unescape(part)
    if picture := _ALT.match(part):
        return f"{unescape(picture[1])}\n"
    if part in _CELL_ENDS:
        return "\t" if following.startswith(("<td", "<th")) else ""
    return "\n" if part in _ENDS_LINE else ""


def _trimmed(found: list[Piece]) -> list[Piece]:
    """Without the line ends behind the last word."""
    for n in range(len(found) - 1, -1, -1):
        kept = found[n].text.rstrip("\n")
        found[n] = replace(found[n], text=kept)
        if kept:
            break
    return found


def _block(read: _Body, block: Block, number: int) -> None:
    place = Place("body", number=number)
    parts = pieces(block.inner)
    text = "".join(part.text for part in parts)
    if block.tag == "table":
        _table(read, parts, text, place)
    elif block.tag in {"ul", "ol", "blockquote"}:
        start = 0
        for line in text.split("\n"):
            if line.strip():
                read.passages.append(Passage(replace(place, start=start), line, block.tag))
            start += len(line) + 1
    else:
        read.passages.append(Passage(place, text, block.tag))
    read.pictures += [(name, alt, place) for _item, name, alt in pictures(block.html)]
    opened = (part for part in parts if part.html.startswith("<a "))
    for row, part in enumerate(opened, 1):
        if found := _HREF.search(part.html):
            href = unescape(found[1])
            read.links.append((href, replace(place, start=part.start)))
            if href.lower().startswith(_TO_SOMEBODY):
                behind = unquote(href.partition(":")[2])
                read.passages.append(Passage(replace(place, part="link", row=row), behind, "link"))


def _table(read: _Body, parts: Sequence[Piece], text: str, place: Place) -> None:
    """The grid of a table; a cell is a passage, headed by its column's and its row's first."""
    grid: dict[tuple[int, int], Cell] = {}
    row, column, caption, caption_at = 0, 0, "", 0
    begun: tuple[int, str] | None = None
    for part in parts:
        tag = _TAG.match(part.html) if part.is_tag else None
        if tag is None:
            continue
        match tag[1], tag[2]:
            case "", "tr":
                row, column = row + 1, 0
            case "", "td" | "th":
                column = next(n for n in range(column + 1, 10_000) if (row, n) not in grid)
                begun = part.start + len(part.text), part.html
            case "/", "td" | "th" if begun:
                start, opening = begun
                here = replace(place, part="cell", row=row, column=column, start=start)
                cell = Cell(Passage(here, text[start : part.start], "table"), tag[2] == "th")
                _fill(grid, cell, opening, row, column)
                begun = None
            case "", "caption":
                begun = part.start + len(part.text), part.html
            case "/", "caption" if begun:
                caption, caption_at = text[begun[0] : part.start], begun[0]
                begun = None
    if caption.strip():
        read.passages.append(Passage(replace(place, start=caption_at), caption, "caption"))
    _headed(read, grid, place, caption)


def _fill(
    grid: dict[tuple[int, int], Cell], cell: Cell, opening: str, row: int, column: int
) -> None:
    spans = {name: int(size) for name, size in _SPAN.findall(opening)}
    for down in range(spans.get("rowspan", 1)):
        for right in range(spans.get("colspan", 1)):
            grid.setdefault((row + down, column + right), cell)


def _headed(read: _Body, grid: dict[tuple[int, int], Cell], place: Place, caption: str) -> None:
    if not grid:
        return
    high, wide = max(row for row, _ in grid), max(column for _, column in grid)
    empty = Cell(Passage(place, ""), False)
    rows = []
    told: set[Place] = set()
    for row in range(1, high + 1):
        cells = []
        for column in range(1, wide + 1):
            cell = grid.get((row, column), empty)
            if cell is not empty and cell.passage.place not in told:
                told.add(cell.passage.place)
                above = grid.get((1, column), empty).text if row > 1 else ""
                beside = grid.get((row, 1), empty).text if column > 1 else ""
                heading = above or beside
                read.passages.append(replace(cell.passage, heading=heading[-24:]))
            cells.append(cell)
        rows.append(cells)
    read.tables.append(Table(place, rows, caption))


def sentence_at(text: str, start: int, length: int) -> tuple[str, str, str]:
    """The sentence of ``text`` around what stands at ``start``: what is before, it, and behind."""
    first, last = start, start + length
    while first > 0 and text[first - 1] not in _SENTENCE_END and start - first < _SENTENCE_LIMIT:
        first -= 1
    while (
        last < len(text)
        and text[last] not in _SENTENCE_END
        and last - start - length < _SENTENCE_LIMIT
    ):
        last += 1
    return text[first:start], text[start : start + length], text[start + length : last]
