"""A sheet says exactly what was handed in, or says which sign stands against it."""

import re
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

import pypdfium2
import pytest
import segno

from gongkai.foundation.core.errors import Broken, Refused
from gongkai.foundation.paper import glyphs
from gongkai.foundation.paper.composing import compose

HERE = Path(__file__).parent
AT = datetime(2026, 11, 26, 1, 2, 3, tzinfo=UTC)
MARKUP = (
    r"""$x$ #let y = 1 *z* @q <w> `c` _u_ \ // /* */ ~ -- "b" 'a' = h + e [x] {y} https://a.b"""
)
RARE = "𠮷㐂①Ⅳ㎡〇豈⼀“”é"


def sheet(**data) -> bytes:
    return compose(HERE / "plain.typ", {"title": "通知", "text": "", **data}, at=AT)


def pages(made: bytes) -> list[str]:
    """The text of each page in its order, without the breaks that lines make."""
    document = pypdfium2.PdfDocument(made)
    told = [page.get_textpage().get_text_range().replace("\r\n", "") for page in document]
    document.close()
    return told


def test_it_is_for_the_archive_and_says_when_it_was_made():
    made = sheet()
    assert made.startswith(b"%PDF-1.7")
    assert b"<pdfaid:part>2</pdfaid:part><pdfaid:conformance>A</pdfaid:conformance>" in made
    assert b"<pdfuaid:part>1</pdfuaid:part>" in made
    assert b"<xmp:CreateDate>2026-11-26T01:02:03+00:00</xmp:CreateDate>" in made
    document = pypdfium2.PdfDocument(made)
    assert document.get_metadata_dict(skip_empty=True)["Title"] == "通知"
    assert document[0].get_size() == pytest.approx((595.3, 841.9), abs=0.1)


def test_the_same_call_makes_the_same_bytes():
    once, again = (sheet(text=RARE, rows=[["1", "一"]]) for _ in range(2))
    assert once == again


@pytest.mark.parametrize("text", [MARKUP, RARE], ids=["markup", "rare"])
def test_every_sign_is_text(text):
    assert pages(sheet(text=text)) == [f"通知{text}— 1 —"]


def test_a_long_table_repeats_its_head():
    first, second = pages(sheet(rows=[[f"第{number}号", "*事项*"] for number in range(1, 61)]))
    told = "".join((first.removeprefix("通知") + second).split())
    assert [first.count("序号"), second.count("序号")] == [1, 1]
    told = re.sub("序号事项|—[12]—", "", told)
    assert told == "".join(f"第{number}号*事项*" for number in range(1, 61))


def test_what_no_font_has_is_named():
    with pytest.raises(Refused) as refusal:
        sheet(title="开会😀的通知", rows=[["1", "先\x07后"]])
    assert refusal.value.obstacles == [
        "“😀”（U+1F600）印不出来，字体里没有这个字，在“开会😀的通知”里。请改成文字。",
        "“□”（U+0007）印不出来，字体里没有这个字，在“先□后”里。请改成文字。",
    ]


def test_what_an_archive_forbids_is_named():
    with pytest.raises(Refused, match=r"U\+FEFF"):
        sheet(text="甲\ufeff乙")


def test_the_fonts_say_beforehand_what_a_sheet_shows():
    told = f"{MARKUP}{RARE}好\u202e\u200d\ufe0f☎㊣"
    assert glyphs.missing(told) == []
    sheet(text=told)
    assert glyphs.missing("甲😀\x07😀\ufeff\ue000") == ["😀", "\x07", "\ufeff", "\ue000"]


def test_half_a_sign_is_named():
    with pytest.raises(Refused, match=r"U\+D83D"):
        sheet(text="半\ud83d个")


def test_a_picture_is_handed_in():
    drawn = BytesIO()
    segno.make("https://gongkai.invalid/i/ABCDEFGHJK").save(drawn, kind="svg")
    data = {"title": "通知", "text": "", "code": "code.svg"}
    made = compose(HERE / "plain.typ", data, at=AT, pictures={"code.svg": drawn.getvalue()})
    assert len(made) > len(sheet())
    with pytest.raises(Broken, match="may not be called"):
        compose(HERE / "plain.typ", data, at=AT, pictures={"../code.svg": b""})
    with pytest.raises(Broken, match="file not found"):
        compose(HERE / "plain.typ", data, at=AT)


@pytest.mark.parametrize(
    ("ask", "said"),
    [("escape", "would escape"), ("outside", "file not found"), ("fetch", "Connection refused")],
)
def test_a_template_reaches_nothing_else(ask, said):
    data = {"ask": ask, "file": "@preview/cetz:0.3.0" if ask == "fetch" else "data.json"}
    with pytest.raises(Broken, match=said):
        compose(HERE / "broken.typ", data, at=AT)


def test_no_template_names_a_package(tmp_path):
    template = tmp_path / "asking.typ"
    template.write_text('#import "@preview/cetz:0.3.0": canvas', "utf-8")
    with pytest.raises(Broken, match="asks for a package"):
        compose(template, {}, at=AT)


def test_a_sheet_without_end_is_given_up():
    with pytest.raises(Refused, match="太长"):
        compose(HERE / "broken.typ", {"ask": "forever"}, at=AT, seconds=1)
