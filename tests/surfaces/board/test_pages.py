"""Every kind of page in a real browser: accessible, inside its width, with nothing from outside."""

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from tests.surfaces.board.office import address
from tests.surfaces.board.serving import dress, served

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
A, W, E = address(1), address(2), address(3)
PAGES = (
    *("/", "/all", "/c/JC", "/b/JC-1", "/e/JC-05", "/c/LZ", "/catalogue", "/wall", "/charter"),
    *("/withdrawals", "/log-about", "/help", "/help/verify", "/accessibility", "/nothing"),
    *(f"/i/{A}", f"/i/{A}/v1", f"/i/{W}", f"/i/{E}"),
    *("/en/", f"/en/i/{A}", "/en/catalogue", "/en/charter", "/en/wall", "/en/help/verify"),
)
KEY = ("/", f"/i/{A}", "/catalogue", "/charter", "/help/verify", f"/en/i/{A}")
VIEWS = (
    (1440, "", PAGES),
    (390, "", KEY),
    (320, "large", KEY[:3]),
    (1440, "high", KEY[:3]),
)
INLINE = (r"\sstyle=", r"<style", r"\son\w+=", r"<script(?! src=)", r'(?:src|href)="//')


@pytest.fixture
def everything(qingxi_board):
    """A board with one of each kind of page."""
    table = (
        "<table><tbody><tr><th>项目</th><td>186.0</td><td>2027年2月28日</td></tr></tbody></table>"
    )
    for subject in (A, W, E):
        qingxi_board.release(subject, body=f"<p>决定。</p>{table}<ul><li>招标</li></ul>")
    qingxi_board.go()
    file = qingxi_board.attachment(b"list", title="附件1　清单")
    qingxi_board.release(A, note="数字有误。", attachments=[file])
    qingxi_board.answer(A, item=A)
    qingxi_board.withdraw(W)
    qingxi_board.erase(E)
    qingxi_board.go()
    dress(qingxi_board.home)
    return qingxi_board


def test_nothing_inline_and_nothing_from_outside(everything):
    for path in everything.home.board.rglob("*.html"):
        html = path.read_text("utf-8")
        assert [pattern for pattern in INLINE if re.search(pattern, html)] == [], path


def violations(page) -> list[str]:
    """What axe finds wrong with the page that is open."""
    found = Axe().run(page, options={"runOnly": RULES}).response["violations"]
    return [f"{each['id']} {node['html'][:90]}" for each in found for node in each["nodes"][:2]]


@pytest.mark.browser
@pytest.mark.parametrize(("width", "mode", "paths"), VIEWS, ids=["wide", "phone", "large", "high"])
def test_pages_are_accessible(everything, page, width, mode, paths):
    page.set_viewport_size({"width": width, "height": 900})
    wrong = []
    with served(everything.home.board) as here:
        page.on("requestfailed", lambda request: wrong.append(request.url))
        for path in paths:
            page.goto(here + path)
            if mode:
                name = {"large": "text", "high": "contrast"}[mode]
                page.evaluate(f"document.documentElement.dataset.{name} = '{mode}'")
            wrong += [f"{path}: {each}" for each in violations(page)]
    assert wrong == []


@pytest.mark.browser
@pytest.mark.parametrize(("width", "large"), [(390, False), (320, True)])
def test_every_page_fits_its_width(everything, page, width, large):
    page.set_viewport_size({"width": width, "height": 900})
    wide = []
    with served(everything.home.board) as here:
        for path in PAGES:
            page.goto(here + path)
            if large:
                page.evaluate("document.documentElement.dataset.text = 'large'")
            over = page.evaluate("document.documentElement.scrollWidth - innerWidth")
            wide += [f"{path}: {over} px"] if over > 0 else []
    assert wide == []
