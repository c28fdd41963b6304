"""Pages drawn anew with parts of them covered. Only ``child`` comes here.

What a page was made of stays behind: it becomes one picture, and beside it the pieces of text of
which nothing is covered. Places are in ten-thousandths of the page, as everywhere.
"""

import json
from collections.abc import Iterator, Sequence
from math import ceil, floor
from pathlib import Path
from typing import Any

import pypdfium2
from PIL import Image, ImageDraw

from gongkai.foundation.files.pages import pdf, pictures
from gongkai.foundation.files.pages.pdf import Box
from gongkai.foundation.files.pages.sheets import WHOLE

BOXES = "boxes.json"
"""What is to be covered, in the folder: boxes by the number of their page."""
WORDS = "words.txt"
"""What is to be looked for, likewise."""
DENSITY = 200
"""Dots an inch: small print and seals stay legible on paper."""
SMALLEST, LARGEST = 1, 14_400
"""Points of a page's edge, as PDF itself allows."""
QUALITY = 88
MARGIN = 1
"""Pixels by which a cover reaches over its edge, where letters are drawn softly."""
POINTS = 72


def of_pdf(source: Path, folder: Path, start: int, stop: int) -> int:
    """Draw the pages ``start`` to ``stop``, counted from 0: ``1.jpg`` and ``1.json`` for the first.

    The JSON is written last; it says the paper in millimetres, and the lines that may be read.
    """
    boxes, document = _boxes(folder), pdf.opened(source)
    for number in range(start, stop):
        page, covers = document[number], boxes.get(number + 1, [])
        image = _drawn(page)
        cover(image, covers)
        _keep(image, folder / f"{number + 1}.jpg")
        width, height = (round(edge / pdf.MILLIMETRE, 6) for edge in page.get_size())
        told = {"paper": [width, height], "lines": list(_lines(page, covers))}
        (folder / f"{number + 1}.json").write_text(json.dumps(told, ensure_ascii=False))
        page.close()
    return stop - start


def of_picture(source: Path, folder: Path) -> int:
    """Draw a picture anew as ``1.png``, upright, without all that it carried besides."""
    image = pictures.opened(source)
    cover(image, _boxes(folder).get(1, []))
    image.info.clear()  # comment, colour profile and place of the photograph would be written again
    image.save(folder / "1.png")
    return 1


def cover(image: Image.Image, boxes: Sequence[Box]) -> None:
    """Make these parts of ``image`` black, whole pixels and one more on each side."""
    brush = ImageDraw.Draw(image)
    for left, top, right, bottom in boxes:
        brush.rectangle(
            (
                floor(left * image.width / WHOLE) - MARGIN,
                floor(top * image.height / WHOLE) - MARGIN,
                ceil(right * image.width / WHOLE) + MARGIN,
                ceil(bottom * image.height / WHOLE) + MARGIN,
            ),
            fill="black",
        )


def found(source: Path, words: str) -> list[list[int]]:
    """Where ``words`` stand in a PDF: page, left, top, right, bottom; each line of it by itself."""
    return [
        [number + 1, *map(round, box)]
        for number, page in enumerate(pdf.opened(source))
        for box in pdf.boxes_of(page, words)
    ]


def _boxes(folder: Path) -> dict[int, list[Box]]:
    told = json.loads((folder / BOXES).read_text())
    return {int(page): [(b[0], b[1], b[2], b[3]) for b in boxes] for page, boxes in told.items()}


def _drawn(page: pypdfium2.PdfPage) -> Image.Image:
    width, height = (min(max(edge, SMALLEST), LARGEST) for edge in page.get_size())
    scale = min(DENSITY / POINTS, (pdf.PIXELS / (width * height)) ** 0.5)
    bitmap = page.render(scale=scale, may_draw_forms=False, rev_byteorder=True)
    image = pictures.on_white(bitmap.to_pil()).copy()  # the bitmap's memory goes with it
    bitmap.close()
    return image


def _keep(image: Image.Image, target: Path) -> None:
    image.save(target, "JPEG", quality=QUALITY, subsampling=0)


def _lines(page: pypdfium2.PdfPage, covers: Sequence[Box]) -> Iterator[list[Any]]:
    for words, (left, top, right, bottom) in pdf.pieces(page, covers):
        if words:
            size = (left, top, max(1, right - left), max(1, bottom - top))
            yield [*map(round, size), words]
