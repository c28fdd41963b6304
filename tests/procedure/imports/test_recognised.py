"""Pictures of words are really read, and what the machine doubted is shown: ``make test-ocr``."""

import io
from pathlib import Path

import manimgx_fonts_cjk
import pytest
from PIL import Image, ImageDraw, ImageFont

from gongkai.foundation.files import recognition
from gongkai.procedure.catalogue.queries import entry
from gongkai.procedure.imports import queries, workflow

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(not recognition.available(), reason="gongkai[ocr] is not installed"),
]
CLEAR = "关于清理甲村水渠的通知"
BLOTTED = "每户出工两天，费用由村集体承担"


def letter() -> bytes:
    """A page photographed: a clean line, and one with blots of ink on it."""
    (path,) = Path(manimgx_fonts_cjk.__file__).parent.glob("*.ttc")
    font = ImageFont.truetype(path, 44)
    page = Image.new("L", (1100, 400), 245)
    pen = ImageDraw.Draw(page)
    pen.text((60, 60), CLEAR, 20, font)
    pen.text((60, 240), BLOTTED, 20, font.font_variant(size=40))
    for left in range(80, 640, 40):
        pen.ellipse((left, 245, left + 26, 280), fill=20)
    target = io.BytesIO()
    page.save(target, "PNG")
    return target.getvalue()


def test_a_photograph_is_read_and_its_blotted_line_is_doubted(brought, township, who):
    row = brought(letter(), "拍的.png")
    assert (row.state, row.made["title"]) == ("ready", CLEAR)
    (doubt,) = row.made["doubts"]
    assert (doubt["page"], doubt["sure"] < recognition.UNSURE) == (1, True)
    draft = workflow.begin(row=row, officer=who("组织干事"), entry=entry(township, "JC-05"))
    row.refresh_from_db()
    assert queries.doubts(row, draft.body) == [doubt]
    assert queries.doubts(row, f"<p>{BLOTTED}。</p>") == []
