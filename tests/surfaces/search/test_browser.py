"""Searching in a real browser: type, take the arrows to a hit, open it; and without JavaScript."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from tests.surfaces.search.conftest import follow

ITEM, OTHER = "K7AAAAAAA1", "K7AAAAAAA2"


@pytest.mark.browser
def test_somebody_types_and_opens_a_hit(site, office, settings, page, browser):
    settings.BOARD_URL = site
    office.charter()
    office.release(ITEM, title="水塘的安排", body="<p>水塘清淤。</p>")
    office.release(OTHER, title="道路的安排", body="<p>经过水塘。</p>")
    office.go()
    follow()
    page.goto(f"{site}/search/")
    page.locator("#q").press_sequentially("水塘")
    page.locator("#found li.row").first.wait_for()
    assert page.locator("#told").text_content() == "找到2件"
    assert page.url.endswith("/search/?q=%E6%B0%B4%E5%A1%98")
    found = Axe().run(page).response["violations"]
    assert [violation["id"] for violation in found] == []
    keys = ("ArrowDown", "ArrowDown", "ArrowDown", "ArrowUp", "ArrowUp", "ArrowDown")
    seen = []
    for key in keys:
        page.keyboard.press(key)
        seen.append(page.evaluate("document.activeElement.textContent"))
    assert seen == ["水塘的安排", "道路的安排", "道路的安排", "水塘的安排", "", "水塘的安排"]
    page.keyboard.press("Enter")
    page.wait_for_url(f"{site}/i/{ITEM}")
    assert page.locator("h1").text_content() == "水塘的安排"
    plain = browser.new_context(java_script_enabled=False, locale="zh-CN")
    reader = plain.new_page()
    reader.goto(f"{site}/search/")
    reader.locator("#q").fill("道路")
    reader.keyboard.press("Enter")
    reader.get_by_role("link", name="道路的安排").click()
    reader.wait_for_url(f"{site}/i/{OTHER}")
    plain.close()
