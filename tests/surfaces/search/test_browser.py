"""Searching in a real browser: type, take the arrows to a hit, open it; and without JavaScript.

And saying something there: what was answered already is shown while one writes, and the page does
its work while one reads it once more.
"""

from urllib.parse import parse_qs

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect
from tests.surfaces.search.conftest import follow

from gongkai.procedure.feedback import work
from gongkai.procedure.feedback.models import Case

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


@pytest.mark.browser
def test_somebody_speaks_sees_what_is_there_and_the_page_works(
    site, qingxi, office, settings, page
):
    settings.BOARD_URL = settings.OFFICE_URL = site
    office.release(ITEM, title="石桥村水渠维修的安排", body="<p>三号渠今年冬天维修。</p>")
    office.expose()
    follow()
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(f"{site}/say/")
    page.locator("#id_say").fill("石桥村三号渠今年冬天修不修？")
    expect(page.locator("#similar li")).to_have_count(1)
    expect(page.locator("#similar-told")).to_have_text("也许已经有答复")
    expect(page.locator("#similar a")).to_have_attribute("href", f"{site}/i/{ITEM}")
    wide = page.evaluate("document.documentElement.scrollWidth")
    found = Axe().run(page).response["violations"]
    assert ([violation["id"] for violation in found], wide) == ([], 390)
    page.get_by_role("button", name="看一遍再送出").click()
    form = page.locator("#confirm")
    question, bits = (form.get_attribute(f"data-{name}") for name in ("question", "bits"))
    with page.expect_request(lambda request: request.url.endswith("/say/")) as sent:
        page.get_by_role("button", name="送出意见").dblclick()
    expect(page.locator(".receipt")).to_be_visible()
    given = parse_qs(sent.value.post_data)
    assert work.done(question, int(bits), given["work"][0])
    assert Case.objects.count() == 1
