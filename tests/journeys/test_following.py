"""A reader follows by mail: form, letter, button, alert, and one click to leave.

On a phone without JavaScript. Letters really leave by SMTP; a server at the far edge keeps them.
"""

import re
import socketserver
import threading
from email import message_from_bytes, policy
from pathlib import Path

import pytest
from axe_playwright_python.base import AXE_FILE_PATH
from playwright.sync_api import expect
from tests.surfaces.board.office import Office, address
from tests.surfaces.channels.conftest import work

from gongkai.config import keeper
from gongkai.config.keys import make_keys
from gongkai.foundation.ledger.lease import Lease
from gongkai.surfaces.channels.models import Subscription

pytestmark = pytest.mark.browser
A = address(1)
LI = "li@example.org"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
AXE = """async rules => {
    const found = await axe.run(document, {runOnly: rules, resultTypes: ['violations']})
    return found.violations.flatMap(each => each.nodes.map(node => `${each.id} ${node.html}`))
}"""


class Mailbox(socketserver.ThreadingTCPServer):
    """Speaks as much SMTP as it takes to accept letters."""

    allow_reuse_address = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Session)
        self.letters: list[tuple[str, object]] = []


class Session(socketserver.StreamRequestHandler):
    def handle(self) -> None:
        self.wfile.write(b"220 far edge\r\n")
        to = ""
        while line := self.rfile.readline():
            verb = line[:4].upper()
            if verb == b"DATA":
                self.wfile.write(b"354 go on\r\n")
                lines = []
                while (text := self.rfile.readline()) != b".\r\n":
                    lines.append(text.removeprefix(b".") if text.startswith(b"..") else text)
                message = message_from_bytes(b"".join(lines), policy=policy.default)
                self.server.letters.append((to, message))
            elif verb == b"RCPT":
                to = re.search(rb"<(.+)>", line)[1].decode()
            self.wfile.write(b"221 bye\r\n" if verb == b"QUIT" else b"250 ok\r\n")


@pytest.fixture
def mailbox(settings):
    """A mail server that takes everything, and what it took."""
    with Mailbox() as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        settings.MAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = server.server_address
        settings.DEFAULT_FROM_EMAIL = "board@qingxi.example"
        yield server.letters
        server.shutdown()


@pytest.fixture
def office(site, home, settings, qingxi):
    """A township whose board and office stand at one address."""
    settings.BOARD_URL = settings.OFFICE_URL = site
    make_keys(home, settings.LOG_ORIGIN)
    lease = Lease()
    assert lease.acquire()
    office = Office(home, lease)
    keeper.run_once(lease)
    yield office
    lease.release()


@pytest.fixture
def window(browser):
    """``window(**options)``: a window of its own."""
    contexts = []

    def opened(**options):
        contexts.append(browser.new_context(locale="zh-CN", **options))
        page = contexts[-1].new_page()
        page.set_default_timeout(20_000)
        return page

    yield opened
    for context in contexts:
        context.close()


def text_of(letter) -> str:
    return letter.get_body(("plain",)).get_content()


def test_a_reader_follows_is_told_and_leaves(office, site, mailbox, window):
    page = window(viewport={"width": 390, "height": 844}, java_script_enabled=False)
    page.goto(f"{site}/")
    page.get_by_role("link", name="跟进：订阅和邮件提醒").first.click()
    expect(page.locator("h1")).to_have_text("跟进：有新的就知道")
    page.select_option("#what", "c:qingxi:JC")
    page.fill("#words", "三号渠")
    page.fill("#mail", LI)
    page.get_by_role("button", name="下一步").click()
    expect(page.locator("main")).to_contain_text("现在还什么都没有留下")
    page.get_by_role("button", name="寄确认信").click()
    expect(page.locator("main")).to_contain_text(f"确认信会寄到{LI}")
    work()
    ((to, letter),) = mailbox
    assert to == LI
    assert letter["Subject"].startswith("请确认：跟进")
    page.goto(re.search(rf"{site}/follow/confirm/\S+", text_of(letter))[0])
    page.get_by_role("button", name="是我要的，开始提醒").click()
    expect(page.locator("main")).to_contain_text("开始提醒了")

    office.release(address(2), title="别的事")
    office.release(A, title="三号渠今冬停水维修")
    keeper.run_once(office.lease)
    work()
    ((_to, alert),) = mailbox[1:]
    assert alert["Subject"] == "新公开：三号渠今冬停水维修"
    page.goto(re.search(rf"{site}/i/\w+", text_of(alert))[0])
    expect(page.locator("h1")).to_have_text("三号渠今冬停水维修")
    page.goto(alert["List-Unsubscribe"].strip(" <>"))
    page.get_by_role("button", name="退订").click()
    expect(page.locator("main")).to_contain_text("不再寄了")
    assert Subscription.objects.count() == 0


@pytest.mark.once
def test_the_pages_are_accessible_and_data_blocks_offend_no_policy(office, site, mailbox, window):
    axe = Path(AXE_FILE_PATH).read_text("utf-8")
    office.release(A)
    keeper.run_once(office.lease)
    for width in (390, 1440):
        page = window(viewport={"width": width, "height": 900}, bypass_csp=False)
        said = []
        page.on("console", lambda line, said=said: said.append(line.text))
        for path in (f"/i/{A}", "/"):
            page.goto(f"{site}{path}")
            assert page.locator('script[type="application/ld+json"]').count() == 1
        assert said == []
        page.close()
        page = window(viewport={"width": width, "height": 900}, bypass_csp=True)
        for path in ("/follow/?what=c:qingxi:JC", "/follow/confirm/x/", "/follow/leave/x/"):
            page.goto(f"{site}{path}")
            page.add_script_tag(content=axe)
            assert page.evaluate(AXE, RULES) == [], path
            wide = page.evaluate("document.documentElement.scrollWidth")
            assert wide <= width, path
