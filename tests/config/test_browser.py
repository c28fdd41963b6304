"""The world of the tests, seen in a browser: one address for board and office, a strict policy."""

import pytest

pytestmark = pytest.mark.browser

INLINE = """<!doctype html><html lang="en"><meta charset="utf-8"><title>quiet</title>
<p>text</p><script>document.title = "loud"</script>"""


def test_a_browser_reaches_board_and_office(site, page, home):
    (home.board / "index.html").write_text("<!doctype html><title>公开栏</title>", "utf-8")
    page.goto(site)
    assert page.title() == "公开栏"
    page.goto(f"{site}/accounts/login/")
    assert page.locator("input[type=password]").count() == 1


def test_a_browser_runs_no_script_that_stands_in_a_page(site, page, home):
    (home.board / "loud.html").write_text(INLINE, "utf-8")
    page.goto(f"{site}/loud")
    assert page.title() == "quiet"


def test_the_sign_in_page_breaks_no_rule_of_the_policy(site, page):
    complaints = []
    page.on("console", lambda message: complaints.append(message.text))
    page.goto(f"{site}/accounts/login/")
    page.wait_for_load_state("networkidle")
    assert complaints == []
