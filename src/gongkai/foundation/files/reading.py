"""What a person could read in a file, for the privacy check: everything, hidden parts too.

Comments, tracked deletions, hidden sheets and notes are included: they reach the reader with the
file. Where nothing can be read (pdf, pictures, old containers) a person has to look.
"""

import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import IO
from xml.etree import ElementTree

from gongkai.foundation.files.decoding import decode
from gongkai.foundation.files.kinds import CSV, DOCX, PPTX, TXT, XLSX, FileKind

TEXT_LIMIT = 4_000_000
_WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_DRAWING = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
_SHEET = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"


def text_of(path: Path, kind: FileKind) -> str | None:
    """The text of the file, a line to each paragraph or row; None when it cannot be read out.

    Text beyond ``TEXT_LIMIT`` characters counts as unreadable: half a check would pass for one.
    """
    try:
        text = _read(path, kind)
    except (ElementTree.ParseError, KeyError, ValueError):
        return None
    return text if text is None or len(text) <= TEXT_LIMIT else None


def _read(path: Path, kind: FileKind) -> str | None:
    if kind in (TXT, CSV):
        return decode(path.read_bytes())
    if kind not in (DOCX, PPTX, XLSX):
        return None
    lines, length = [], 0
    with zipfile.ZipFile(path) as package:
        for line in _sheets(package) if kind == XLSX else _paragraphs(package, kind):
            lines.append(line)
            length += len(line)
            if length > TEXT_LIMIT:
                return None
    return "\n".join(lines)


def _paragraphs(package: zipfile.ZipFile, kind: FileKind) -> Iterator[str]:
    """Each paragraph of every part: body, headers, notes, comments; deletions as well."""
    space = _WORD if kind == DOCX else _DRAWING
    for name in package.namelist():
        if not name.endswith(".xml") or not name.startswith(("word/", "ppt/", "docProps/")):
            continue
        with package.open(name) as part:
            if name.startswith("docProps/"):
                yield from _values(part)
            else:
                yield from _texts(part, f"{space}p", (f"{space}t", f"{space}delText"))


def _sheets(package: zipfile.ZipFile) -> Iterator[str]:
    """Each row of every sheet, cells joined by tabs; then comments and properties."""
    names = package.namelist()
    shared: list[str] = []
    if "xl/sharedStrings.xml" in names:
        with package.open("xl/sharedStrings.xml") as part:
            shared = list(_texts(part, f"{_SHEET}si", (f"{_SHEET}t",)))
    for name in names:
        if name.startswith("xl/worksheets/") and name.endswith(".xml"):
            with package.open(name) as part:
                yield from _rows(part, shared)
        elif name.startswith(("xl/comments", "xl/threadedComments", "docProps/")):
            with package.open(name) as part:
                yield from _values(part)


def _rows(part: IO[bytes], shared: list[str]) -> Iterator[str]:
    for _event, row in ElementTree.iterparse(part):
        if row.tag == f"{_SHEET}row":
            yield "\t".join(_cell(cell, shared) for cell in row.iter(f"{_SHEET}c"))
            row.clear()


def _cell(cell: ElementTree.Element, shared: list[str]) -> str:
    inline = "".join(element.text or "" for element in cell.iter(f"{_SHEET}t"))
    value = cell.findtext(f"{_SHEET}v") or ""
    if cell.get("t") == "s" and value.isdecimal():
        return shared[int(value)] if int(value) < len(shared) else ""
    return inline or value


def _texts(part: IO[bytes], unit: str, pieces: tuple[str, ...]) -> Iterator[str]:
    """The text of each ``unit`` element, its pieces joined: a number may lie in several runs."""
    for _event, element in ElementTree.iterparse(part):
        if element.tag == unit:
            yield "".join(piece.text or "" for piece in element.iter() if piece.tag in pieces)
            element.clear()


def _values(part: IO[bytes]) -> Iterator[str]:
    for element in ElementTree.parse(part).iter():
        if text := (element.text or "").strip():
            yield text
