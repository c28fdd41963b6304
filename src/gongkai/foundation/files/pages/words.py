"""Texts as HTML with headings, lists and tables. Only ``child`` comes here."""

import json
import re
from collections.abc import Iterator
from html import escape
from pathlib import Path
from typing import Any

from gongkai.foundation.files.pages.verdicts import BROKEN, LARGE, Stop

PAGE = 4_000
"""Characters after which a text without pages of its own is parted, between two blocks."""
PAGES_LIMIT = 500
_TAG = re.compile(r"<(/?)(?:p|ul|ol|li|table|thead|tbody|tr|t[dh]|h[1-6])\b[^>]*>")
_HEADING = re.compile(r"<h([1-6])[^>]*>(.*?)</h[1-6]>", re.S)
_LOOK = {"h1": "h2", "h5": "h4", "h6": "h4"}


def of_word(source: Path, folder: Path) -> dict[str, Any]:
    """A .docx by its meaning: headings, lists, tables, pictures drawn anew."""
    import mammoth

    from gongkai.foundation.files.pages import pictures

    taken = 0

    def take(image: Any) -> dict[str, str]:
        nonlocal taken
        taken += 1
        if taken > pictures.EMBEDDED:
            return {"src": ""}
        with image.open() as opened:
            data = opened.read()
        try:
            width, height, digest = pictures.kept(pictures.opened(data), folder)[0]
        except Stop:
            return {"src": ""}  # a drawing of another program; the text stands without it
        return {"src": f"picture:{digest}", "width": str(width), "height": str(height)}

    try:
        with source.open("rb") as file:
            shown = mammoth.images.img_element(take)
            html = mammoth.convert_to_html(file, convert_image=shown).value
    except Stop:
        raise
    except Exception as error:  # whatever a damaged file makes the reader stumble over
        raise Stop(BROKEN) from error
    html = re.sub(r"<(/?)(h[156])\b", lambda found: f"<{found[1]}{_LOOK[found[2]]}", html)
    return _written([block for block in _blocks(html) if block.strip()], folder)


def of_plain(source: Path, folder: Path) -> dict[str, Any]:
    """Plain text, a paragraph to a line."""
    lines = (line.strip() for line in decoded(source).split("\n"))
    return _written([f"<p>{escape(line)}</p>" for line in lines if line], folder)


def decoded(source: Path) -> str:
    """The text, in one of the encodings that the upload was accepted in."""
    data = source.read_bytes()
    wide = data.startswith((b"\xff\xfe", b"\xfe\xff"))
    for encoding in ("utf-16",) if wide else ("utf-8-sig", "gb18030"):
        try:
            return data.decode(encoding).replace("\r\n", "\n").replace("\r", "\n")
        except UnicodeDecodeError:
            continue
    raise Stop(BROKEN)


def _blocks(html: str) -> Iterator[str]:
    """The outermost blocks: no page ends within a table or a list."""
    start, depth = 0, 0
    for tag in _TAG.finditer(html):
        depth += -1 if tag[1] else 1
        if depth <= 0:
            yield html[start : tag.end()]
            start, depth = tag.end(), 0
    yield html[start:]


def _written(blocks: list[str], folder: Path) -> dict[str, Any]:
    pages: list[list[str]] = [[]]
    contents: list[list[Any]] = []
    length = 0
    for block in blocks:
        if length + len(block) > PAGE and pages[-1]:
            pages.append([])
            length = 0
        length += len(block)
        pages[-1].append(block)
        if heading := _HEADING.match(block):
            title = re.sub(r"<[^>]*>", "", heading[2])
            contents.append([int(heading[1]) - 2, title, len(pages)])
    if not blocks:
        raise Stop(BROKEN)
    if len(pages) > PAGES_LIMIT:
        raise Stop(LARGE)
    for number, page in enumerate(pages, 1):
        text = json.dumps({"html": "\n".join(page)}, ensure_ascii=False)
        (folder / f"{number}.json").write_text(text, "utf-8")
    return {"pages": len(pages), "contents": contents if len(pages) > 1 else []}
