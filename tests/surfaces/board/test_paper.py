"""A printed sheet: what its code says, and that the log of today is held against it."""

import pytest
from click.testing import CliRunner
from tests.surfaces.board.office import address
from tests.surfaces.board.serving import served

from gongkai.foundation.translog.note import Signer
from gongkai.foundation.translog.store import TileStore
from gongkai.surfaces.board import paper
from gongkai.surfaces.board.item_commands import verify

A, B = address(1), address(2)
ROOT = bytes(range(32))
TEXT = f"269.{paper.encoded(ROOT)}"


@pytest.mark.parametrize(
    ("text", "board", "found"),
    [
        (f"https://a.test/i/{A}#{TEXT}", "https://a.test", A),
        (f"https://a.test/i/{A}?s=7k3#{TEXT}", "https://a.test", A),
        (f"http://127.0.0.1:8000/en/i/{A}/v2#{TEXT}\n", "http://127.0.0.1:8000", A),
        (f" {A.lower()} # {TEXT}", "", A),
        (TEXT, "", ""),
    ],
)
def test_what_was_scanned_or_typed_is_read(text, board, found):
    sheet = paper.read(text)
    assert (sheet.board, sheet.address, sheet.size, sheet.index) == (board, found, 269, 268)
    assert (sheet.fits(ROOT), sheet.fits(ROOT[::-1])) == (True, False)


@pytest.mark.parametrize(
    "text",
    [
        "",
        f"https://a.test/i/{A}",
        TEXT[:-1],
        f"{TEXT}x",
        TEXT.replace("269", "0"),
        TEXT.replace("269", "0269"),
        TEXT.replace("A", "+", 1),
        f"https://a.test/i/ABCDEFGHIJ#{TEXT}",
    ],
)
def test_other_texts_are_no_sheets(text):
    assert paper.read(text) is None


def asked(*words):
    result = CliRunner().invoke(verify, words)
    return result.exit_code, result.output


def test_the_log_of_today_is_held_against_the_sheet(qingxi_board, settings):
    office = qingxi_board
    with served(office.home.board) as url:
        settings.BOARD_URL = url
        office.release(A)
        office.go()
        sheet = f"{url}/i/{A}#{paper.head(1)}"
        page = office.page(f"i/{A}.html")
        assert sheet in page
        before = {path: office.page(path) for path in (f"i/{A}.html", f"en/i/{A}.html")}
        office.release(B)
        office.go()
        assert {path: office.page(path) for path in before} == before
        vkey = (office.home.log / "vkey").read_text().strip()
        assert asked(sheet, "--vkey", vkey) == (
            0,
            "对得上：日志test.invalid/log从第1条到第2条，和纸印出来的时候一样（今天共3条）。\n",
        )
        assert "还没有核实" in asked(sheet.partition("#")[2], "--board", url)[1]
        other = Signer.generate("test.invalid/log").verifier.vkey
        for words, status, says in (
            ((sheet[:-8] + "AAAAAAAA",), 1, "有被改动、抽走或者插进去的"),
            ((sheet.replace("#2.", "#9."),), 1, "今天只有3条"),
            ((sheet, "--vkey", other), 1, "不是用这把公钥签的"),
            ((sheet.partition("#")[2],), 2, "请用--board"),
            ((sheet, "--board", "http://127.0.0.1:9"), 3, "没有应答"),
            (("no-such-file",), 2, "打不开"),
        ):
            assert (asked(*words)[0], says in asked(*words)[1]) == (status, True), words
        tile = office.home.log / "tile/0/000.p/3"
        tile.write_bytes(tile.read_bytes()[:-1])
        assert "缺失或者损坏" in asked(sheet)[1]


def test_a_page_tells_of_no_later_entry(qingxi_board):
    qingxi_board.release(A)
    qingxi_board.release(B)
    qingxi_board.go()
    root = paper.encoded(TileStore(qingxi_board.home.log).root(2))
    assert f"/i/{A}#2.{root}" in qingxi_board.page(f"i/{A}.html")
