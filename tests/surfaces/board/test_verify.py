"""The commands of the help page do what it says, with nothing of ours."""

import re
import subprocess
import sys
from html import unescape

from tests.surfaces.board.office import address
from tests.surfaces.board.serving import served

from gongkai.foundation.core import canonical
from gongkai.surfaces.board import build

A = address(1)


def program(page: str) -> str:
    return unescape(re.search(r'id="program"><code>(.*?)</code>', page, re.DOTALL)[1])


def run(folder, name="v1"):
    return subprocess.run(
        [sys.executable, "-I", "check.py", name], cwd=folder, capture_output=True, text=True
    )


def test_an_item_is_checked_by_hand(qingxi_board, settings, tmp_path):
    with served(qingxi_board.home.board) as here:
        settings.BOARD_URL = here
        for number in range(300):  # more than one bundle
            qingxi_board.record("note", f"n{number}", {"org:qingxi"}, {})
        qingxi_board.release(A)
        qingxi_board.go()
        build.build()
        for name in ("v1.json", "v1.log.json"):
            (tmp_path / name).write_bytes((qingxi_board.home.board / "i" / A / name).read_bytes())
        (tmp_path / "check.py").write_text(program(qingxi_board.page("help/verify.html")))
        good = run(tmp_path)
        sealed = (tmp_path / "v1.json").read_bytes()
        assert good.stdout.split()[:2] == ["OK:", "301"], good.stderr
        assert good.stdout.split()[-1] == canonical.digest(sealed)
        (tmp_path / "v1.json").write_bytes(sealed.replace("52处".encode(), "99处".encode()))
        assert "the sealed text was changed" in run(tmp_path).stderr
        (tmp_path / "v1.json").write_bytes(sealed)
        facts = (tmp_path / "v1.log.json").read_text()
        (tmp_path / "v1.log.json").write_text(facts.replace("2026-11-23T", "2026-11-01T"))
        assert "the log says otherwise" in run(tmp_path).stderr


def test_the_page_holds_the_sealed_body(qingxi_board):
    qingxi_board.release(
        A, body="<p>甲 &amp; 乙</p>\n<table><tbody><tr><td>1</td></tr></tbody></table>"
    )
    qingxi_board.go()
    sealed = canonical.decode((qingxi_board.home.board / "i" / A / "v1.json").read_bytes())
    page = (qingxi_board.home.board / f"i/{A}.html").read_text()
    assert re.search(r"<!--sealed-->(.*)<!--/sealed-->", page, re.DOTALL)[1] == sealed["body"]
