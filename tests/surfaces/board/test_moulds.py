"""Pages with gaps: what many items have in common is drawn once."""

import pytest
from markupsafe import Markup
from tests.surfaces.board.office import address, pages

from gongkai.surfaces.board import build, moulds
from gongkai.surfaces.board.moulds import Mould, gap


def test_a_gap_takes_plain_text_and_markup():
    mould = Mould(f"<p>{gap('title')}</p>{gap('body')}<i>{gap('title')}</i>")
    filled = mould.filled({"title": "a < b", "body": Markup("<b>1</b>"), "unused": ""})
    assert filled == "<p>a &lt; b</p><b>1</b><i>a &lt; b</i>"


def test_what_fills_a_gap_is_not_filled_again():
    assert Mould(gap("one")).filled({"one": gap("two"), "two": "2"}) == gap("two")


def test_a_gap_that_nobody_fills_is_an_error():
    with pytest.raises(KeyError):
        Mould(gap("title")).filled({"titel": ""})


def test_the_oldest_mould_makes_room(monkeypatch):
    monkeypatch.setattr(moulds, "KEPT", 2)
    monkeypatch.setattr(moulds, "_moulds", {})
    drawn = []

    def draw(key):
        return moulds.mould(key, lambda: drawn.append(key) or key).filled({})

    assert [draw(key) for key in "abacab"] == list("abacab")
    assert drawn == list("abcab")


def test_items_share_moulds_and_a_fresh_process_makes_the_same_pages(qingxi_board, monkeypatch):
    monkeypatch.setattr(moulds, "_moulds", {})
    for number in range(1, 4):
        qingxi_board.release(address(number), title=f"第{number}件 <甲>")
    qingxi_board.answer(address(3))
    qingxi_board.go()
    kept, shared = pages(qingxi_board.home.board), len(moulds._moulds)
    assert shared == 4, "one look without answers and one with, each in two languages"
    monkeypatch.setattr(moulds, "_moulds", {})
    build.build()
    assert pages(qingxi_board.home.board) == kept


def test_what_was_corrected_is_told_in_the_language_of_the_page(qingxi_board):
    for word in ("甲", "乙"):
        body = "".join(f"<p>第{number}户，{word}。</p>" for number in range(30))
        qingxi_board.release(address(1), body=body, note="改正")
    qingxi_board.go()
    assert "处改动，请对照从前的版本看" in qingxi_board.page(f"i/{address(1)}.html")
    assert "处改动，请对照从前的版本看" not in qingxi_board.page(f"en/i/{address(1)}.html")
