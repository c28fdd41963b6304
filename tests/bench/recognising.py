"""A scan that is read in: what the worker spends on a page, and how large its child grows.

The pages are full of printed lines, as a decision of two columns of words would be. Needs the extra
``gongkai[ocr]``; 200 pages unless the environment asks for fewer (``PAGES=12``).
"""

import hashlib
import os
import resource
import time
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

from django.conf import settings
from PIL import Image, ImageDraw, ImageFont
from tests.bench.measure import Series, series

from gongkai.foundation.files import recognition, storage
from gongkai.foundation.files.pages import preparing
from gongkai.foundation.files.pages.store import Rendition

PAGES = int(os.environ.get("PAGES", "200"))
SIZE = (1240, 1754)
FONTS = ("/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc",)
LINE = "关于{n}号水渠管护的决定，各村应在{n}日以前完成清理，共计1,{n}84元。"
MEGABYTE = 1 << 20


def run() -> list[Series]:
    """Drawn, then read, in the tasks of the worker; alone, so that what grows is seen."""
    if not recognition.available():
        return []  # the extra is not installed: nothing to measure
    path = Path(settings.HOME.files) / "scan.pdf"
    with ProcessPoolExecutor(1, get_context("spawn")) as apart:
        apart.submit(printed, path, PAGES).result()
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    storage.path(digest).parent.mkdir(parents=True)
    path.rename(storage.path(digest))
    while preparing.advance(digest, "pdf", 5.0) is None:
        pass
    numbers, tasks, done = list(range(1, PAGES + 1)), [], False
    while not done:
        begun = time.monotonic()
        done = recognition.advance(digest, "pdf", numbers, 5.0)
        tasks.append(time.monotonic() - begun)
    made = Rendition(digest)
    words = [made.words(number) for number in numbers]
    assert all(each and len(each.lines) == LINES for each in words)
    said = LINE.format(n=10)
    right = sum(line.text == said for each in words if each for line in each.lines)
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * 1024
    own = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    return [
        series("a page of a scan read", "s", [sum(tasks) / PAGES]),
        series("the longest task of the worker", "s", [max(tasks)]),
        Series("lines read without a mistake", "%", (100 * right / (PAGES * LINES),)),
        Series("most memory of a child", "MB", (peak / MEGABYTE,)),
        Series("most memory of the worker itself", "MB", (own / MEGABYTE,)),
    ]


LINES = 28


def printed(path: Path, count: int) -> None:
    """Write a PDF of so many pages of print as a scanner makes them."""
    font = ImageFont.truetype(FONTS[0], 30)
    paper = Image.blend(Image.new("L", SIZE, 245), Image.effect_noise(SIZE, 20), 0.08)
    pen = ImageDraw.Draw(paper)
    for n in range(LINES):
        pen.text((110, 120 + 55 * n), LINE.format(n=10), 40, font)
    paper.save(
        path, "PDF", save_all=True, append_images=[paper] * (count - 1), resolution=150, quality=60
    )
