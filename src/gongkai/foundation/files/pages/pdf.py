"""Pages of a PDF: picture, text with its place, contents. Only ``child`` comes here."""

import json
from collections.abc import Iterator, Sequence
from ctypes import byref, c_int
from itertools import islice
from pathlib import Path
from typing import Any

import pypdfium2
import pypdfium2.raw as raw

from gongkai.foundation.files.pages import pictures
from gongkai.foundation.files.pages.sheets import CONTENTS_LIMIT, DEPTH, LINES_LIMIT, WHOLE
from gongkai.foundation.files.pages.verdicts import BROKEN, LOCKED, Stop

PIXELS = 8_000_000
"""Of one drawing: an A4 page at 1,600 pixels has 3.6 million."""
CHARACTERS = 40_000
MILLIMETRE = 72 / 25.4
GAP = 2.0
"""A hole in a line, in heights of its letters, that parts two columns of a table."""
HIDDEN = 0.1
"""The part of a character's box from which it counts as covered; boxes are taller than letters."""

Box = tuple[float, float, float, float]


def counted(source: Path) -> dict[str, Any]:
    """How many pages, and the contents."""
    document = opened(source)
    pages = len(document)
    if pages < 1:
        raise Stop(BROKEN)
    return {"pages": pages, "contents": list(_contents(document))}


def drawn(source: Path, folder: Path, start: int, stop: int) -> int:
    """Draw the pages ``start`` to ``stop``, counted from 0; each is written when it is whole."""
    document = opened(source)
    for number in range(start, stop):
        (folder / f"{number + 1}.json").write_text(json.dumps(_page(document, number, folder)))
    return stop - start


def opened(source: Path) -> pypdfium2.PdfDocument:
    """The document; the job stops where it is locked or broken."""
    try:
        return pypdfium2.PdfDocument(source)
    except pypdfium2.PdfiumError as error:
        locked = error.err_code in (raw.FPDF_ERR_PASSWORD, raw.FPDF_ERR_SECURITY)
        raise Stop(LOCKED if locked else BROKEN) from error


def _contents(document: pypdfium2.PdfDocument) -> Iterator[list[Any]]:
    for each in islice(document.get_toc(max_depth=DEPTH), CONTENTS_LIMIT):
        target = each.get_dest()
        page = target.get_index() if target else None
        if page is not None:
            yield [each.level, each.get_title(), page + 1]


def _page(document: pypdfium2.PdfDocument, number: int, folder: Path) -> dict[str, Any]:
    try:
        page = document[number]
        width, height = page.get_size()
        scale = min(pictures.LARGER / width, pictures.TALLEST / height)
        scale = min(scale, (PIXELS / (width * height)) ** 0.5)
        bitmap = page.render(scale=scale, may_draw_forms=False, rev_byteorder=True)
    except (pypdfium2.PdfiumError, ZeroDivisionError):
        return {"failed": True}
    image = pictures.on_white(bitmap.to_pil())
    found = {
        "pictures": pictures.kept(image, folder),
        "lines": _lines(page),
        "paper": [round(width / MILLIMETRE), round(height / MILLIMETRE)],
    }
    bitmap.close()
    page.close()
    return found


# -- text ------------------------------------------------------------------------------------------


def _lines(page: pypdfium2.PdfPage) -> list[list[Any]]:
    """The pieces of text: left, top, width, height in parts of the page, words, new paragraph."""
    found: list[list[Any]] = []
    for words, box in pieces(page):
        left, top, right, bottom = box
        size = [left, top, max(1, right - left), max(1, bottom - top)]
        found.append([*map(round, size), words, False])
        if len(found) == LINES_LIMIT:
            break
    edge = max((line[0] + line[2] for line in found), default=0)
    for before, line in zip([None, *found], found, strict=False):
        line[5] = before is None or _begins(before, line, edge)
    return found


def _begins(before: list[Any], line: list[Any], edge: int) -> bool:
    """Whether a paragraph begins here: after a short line, a gap, an indent, another size."""
    high = max(before[3], line[3])
    beside = abs(line[1] - before[1]) < high / 2
    if beside:
        return False
    short = before[0] + before[2] < edge - 2 * high
    apart = line[1] - (before[1] + before[3]) > high or line[1] < before[1]
    indented = line[0] - before[0] > high
    other = min(before[3], line[3]) < 0.7 * high and min(len(before[4]), len(line[4])) > 3
    return short or apart or indented or other


def pieces(page: pypdfium2.PdfPage, covers: Sequence[Box] = ()) -> Iterator[tuple[str, Box]]:
    """Runs of characters on one line, in the order of the file.

    A character of which ``covers`` hide anything to speak of is not there.
    """
    text = page.get_textpage()
    letters: list[str] = []
    box: Box | None = None
    for number in range(min(raw.FPDFText_CountChars(text), CHARACTERS)):
        code = raw.FPDFText_GetUnicode(text, number)
        letter = chr(code) if 0 < code < 0x110000 else ""
        if letter in "\r\n\x02" and letter:
            if box:
                yield "".join(letters).strip(), box
            letters, box = [], None
            continue
        at = None if letter.isspace() else _box(page, text, number)
        if at and any(_hides(cover, at) for cover in covers):
            continue
        if at and box and at[0] - box[2] > GAP * (box[3] - box[1]) * _across(page):
            yield "".join(letters).strip(), box
            letters, box = [], None
        letters.append(letter)
        if at:
            box = at if box is None else _both(box, at)
    if box:
        yield "".join(letters).strip(), box


def boxes_of(page: pypdfium2.PdfPage, words: str) -> Iterator[Box]:
    """Where ``words`` stand on the page, a box for each line they stand on; blanks aside."""
    text = page.get_textpage()
    letters = [
        (chr(raw.FPDFText_GetUnicode(text, number)), number)
        for number in range(min(raw.FPDFText_CountChars(text), CHARACTERS))
    ]
    solid = [(letter, number) for letter, number in letters if not letter.isspace()]
    said, wanted = "".join(letter for letter, _ in solid), "".join(words.split())
    at = said.find(wanted) if wanted else -1
    while at >= 0:
        yield from _lines_of(_box(page, text, number) for _, number in solid[at : at + len(wanted)])
        at = said.find(wanted, at + len(wanted))


def _lines_of(boxes: Iterator[Box | None]) -> Iterator[Box]:
    """These boxes of characters as one for each line, which may run across or down the page."""
    whole: Box | None = None
    last: Box | None = None
    for box in boxes:
        if box is None:
            continue
        if whole is not None and last is not None and _goes_on(last, box):
            whole = _both(whole, box)
        else:
            if whole is not None:
                yield whole
            whole = box
        last = box
    if whole is not None:
        yield whole


def _goes_on(last: Box, box: Box) -> bool:
    """Whether a character stands beside the one before it in its line, not at another's start."""
    across = last[1] < box[3] and box[1] < last[3] and box[0] >= last[0]
    return across or (last[0] < box[2] and box[0] < last[2])


def _hides(cover: Box, letter: Box) -> bool:
    wide = min(cover[2], letter[2]) - max(cover[0], letter[0])
    high = min(cover[3], letter[3]) - max(cover[1], letter[1])
    if wide <= 0 or high <= 0:
        return False
    area = max(1.0, (letter[2] - letter[0]) * (letter[3] - letter[1]))
    return wide * high >= HIDDEN * area


def _across(page: pypdfium2.PdfPage) -> float:
    """How much of the width a part of the height is: places are in parts of each."""
    width, height = page.get_size()
    return float(height / width)


def _box(page: pypdfium2.PdfPage, text: pypdfium2.PdfTextPage, number: int) -> Box | None:
    """Where a character stands on the page as it is shown, turned and cropped."""
    box = raw.FS_RECTF()
    if not raw.FPDFText_GetLooseCharBox(text, number, byref(box)):
        return None
    one, other = _shown(page, box.left, box.top), _shown(page, box.right, box.bottom)
    return (
        min(one[0], other[0]),
        min(one[1], other[1]),
        max(one[0], other[0]),
        max(one[1], other[1]),
    )


def _shown(page: pypdfium2.PdfPage, x: float, y: float) -> tuple[int, int]:
    across, down = c_int(), c_int()
    raw.FPDF_PageToDevice(page, 0, 0, WHOLE, WHOLE, 0, x, y, byref(across), byref(down))
    return across.value, down.value


def _both(one: Box, other: Box) -> Box:
    return (
        min(one[0], other[0]),
        min(one[1], other[1]),
        max(one[2], other[2]),
        max(one[3], other[3]),
    )
