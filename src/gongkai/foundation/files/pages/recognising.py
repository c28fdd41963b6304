"""Text out of pictures of pages, by rapidocr. Only ``child`` comes here.

The models lie in the package: nothing is fetched. One thread, small pictures for finding lines and
full ones for reading them: a page costs a few seconds, the process stays under 500 MB.
"""

import json
import os
from pathlib import Path
from typing import Any

from PIL import Image

from gongkai.foundation.files.pages import pictures
from gongkai.foundation.files.pages.sheets import LINES_LIMIT, WHOLE
from gongkai.foundation.files.pages.verdicts import BROKEN, Stop

WIDE = 1_400
"""Pixels of a page's width: 170 to the inch on A4, where the smallest print is still read."""
FINDING = 960
"""Pixels of the longer side in which lines are looked for."""
_PARAMETERS = {
    "Global.log_level": "critical",
    "Global.use_cls": False,
    "Global.max_side_len": 2_600,
    "Det.limit_type": "max",
    "Det.limit_side_len": FINDING,
    "Rec.rec_batch_num": 1,
    "EngineConfig.onnxruntime.intra_op_num_threads": 1,
    "EngineConfig.onnxruntime.inter_op_num_threads": 1,
    "EngineConfig.onnxruntime.enable_cpu_mem_arena": False,
}


def recognised(source: Path, folder: Path, extension: str, wanted: list[int]) -> dict[str, Any]:
    """Read the pages ``wanted``, counted from 1; each is written when it is whole."""
    os.environ["OMP_NUM_THREADS"] = "1"
    from rapidocr import RapidOCR

    engine = RapidOCR(params=_PARAMETERS)
    for number in wanted:
        image = _image(source, extension, number)
        found = _read(engine, image)
        (folder / f"{number}.words.json").write_text(json.dumps(found, ensure_ascii=False))
    return {"made": len(wanted)}


def _image(source: Path, extension: str, number: int) -> Image.Image:
    if extension != "pdf":
        return _narrowed(pictures.opened(source))
    import pypdfium2

    document = pypdfium2.PdfDocument(source)
    try:
        page = document[number - 1]
        width, height = page.get_size()
        scale = min(WIDE / width, 2 * WIDE / height)
        bitmap = page.render(scale=scale, may_draw_forms=False, rev_byteorder=True)
        return pictures.on_white(bitmap.to_pil())
    except (pypdfium2.PdfiumError, ZeroDivisionError, IndexError) as error:
        raise Stop(BROKEN) from error


def _narrowed(image: Image.Image) -> Image.Image:
    scale = min(1.0, WIDE / image.width, 2 * WIDE / image.height)
    size = (max(1, round(image.width * scale)), max(1, round(image.height * scale)))
    return image.resize(size, Image.Resampling.LANCZOS) if scale < 1 else image


def _read(engine: Any, image: Image.Image) -> dict[str, Any]:
    import numpy

    # The library was made for pictures with the blue first.
    answer = engine(numpy.ascontiguousarray(numpy.asarray(image.convert("RGB"))[:, :, ::-1]))
    if answer.txts is None:
        return {"lines": [], "sure": []}
    pieces = sorted(
        (
            (_box(corners, image.size), str(words), float(score))
            for corners, words, score in zip(
                answer.boxes.tolist(), answer.txts, answer.scores, strict=True
            )
        ),
        key=lambda piece: (piece[0][1], piece[0][0]),
    )
    placed = _in_rows(pieces)[:LINES_LIMIT]
    edge = max((box[0] + box[2] for box, _words, _score in placed), default=0)
    lines: list[list[Any]] = []
    before: list[int] | None = None
    for box, words, _score in placed:
        lines.append([*box, words, before is None or _begins(before, box, edge)])
        before = box
    return {"lines": lines, "sure": [round(score, 3) for _box, _words, score in placed]}


def _box(corners: list[list[float]], size: tuple[int, int]) -> list[int]:
    across = [corner[0] / size[0] * WHOLE for corner in corners]
    down = [corner[1] / size[1] * WHOLE for corner in corners]
    left, top = round(min(across)), round(min(down))
    return [left, top, max(1, round(max(across)) - left), max(1, round(max(down)) - top)]


def _in_rows(pieces: list[Any]) -> list[Any]:
    """The pieces in reading order: row after row, within a row from the left."""
    rows: list[list[Any]] = []
    for piece in pieces:
        top, high = piece[0][1], piece[0][3]
        if rows and abs(rows[-1][0][0][1] - top) * 2 < max(high, rows[-1][0][0][3]):
            rows[-1].append(piece)
        else:
            rows.append([piece])
    return [piece for row in rows for piece in sorted(row, key=lambda piece: piece[0][0])]


def _begins(before: list[int], box: list[int], edge: int) -> bool:
    """Whether a paragraph begins here: after a short line, a gap, an indent, another size."""
    high = max(before[3], box[3])
    if abs(box[1] - before[1]) * 2 < high:
        return False
    short = before[0] + before[2] < edge - 3 * high
    apart = box[1] - (before[1] + before[3]) > 1.5 * high
    indented = box[0] - before[0] > high
    other = min(before[3], box[3]) < 0.7 * high
    return short or apart or indented or other
