"""The whole trunk in a browser: a Word file becomes an archived 件, by one post after the other.

提出内容 → 审核确定 → 实施公开 → 处理反馈 → 归档管理, as people walk it: by the words on the
buttons, the first of them signed in with a password. On a desk's window, on a phone, and without
JavaScript. Only time's due openings and the log are moved by hand, as the keeper does.
"""

import json
import re
from pathlib import Path

import pytest
from playwright.sync_api import expect
from tests.foundation.files.made import docx
from tests.surfaces.desk.conftest import entered

from gongkai.config import keeper
from gongkai.config.keys import make_keys
from gongkai.foundation.ledger.workflow import SYSTEM
from gongkai.foundation.organisations import workflow as organisations
from gongkai.procedure.archive.models import Filing
from gongkai.procedure.review import jobs as approvals

pytestmark = pytest.mark.browser
TITLE = "关于水利设施管护的决定"
TEXT = ("青委发〔2026〕41号", TITLE, "一、管护", "甲村的水渠由甲村管护，联系电话0000-6600101。")
PASSWORD = "keep-this-phrase-1"
WINDOWS = {
    "desk": {"viewport": {"width": 1440, "height": 900}},
    "phone": {"viewport": {"width": 390, "height": 844}},
    "no script": {"viewport": {"width": 1440, "height": 900}, "java_script_enabled": False},
}


@pytest.fixture(
    params=[
        "desk",
        *(pytest.param(name, marks=pytest.mark.once) for name in ("phone", "no script")),
    ]
)
def sign_in(request, browser, site, home, settings, qingxi, officer):
    """``sign_in("党政办主任")``: the window of the holder of the post, at the inbox.

    The first one comes through the front door; the others have signed in already. Without a post
    it is a new window of somebody who has no account.
    """
    make_keys(home, settings.LOG_ORIGIN)
    windows, at = [], {}

    def opened():
        context = browser.new_context(
            locale="zh-CN", timezone_id="Asia/Shanghai", **WINDOWS[request.param]
        )
        windows.append(context)
        page = context.new_page()
        page.set_default_timeout(15_000)
        return page

    def window(post=""):
        if not post:
            return opened()
        if post not in at:
            first, at[post] = not at, opened()
            enter = _through_the_door if first else _with_a_session
            enter(at[post], site, officer(post).member)
        at[post].goto(f"{site}/desk/")
        expect(at[post].locator("h1")).to_have_text("待我办")
        return at[post]

    yield window
    for context in windows:
        context.close()


def _through_the_door(page, site, member):
    """By user name and password."""
    account = organisations.make_account(member=member, username=f"user{member.pk}", by=SYSTEM)
    account.set_password(PASSWORD)
    account.save()
    page.goto(f"{site}/desk/")
    page.fill("input[name=login]", account.username)
    page.fill("input[name=password]", PASSWORD)
    page.locator("main form button").first.click()
    expect(page.locator("h1")).to_have_text("待我办")


def _with_a_session(page, site, member):
    session = entered(member).cookies["gongkai_session"].value
    page.context.add_cookies([{"name": "gongkai_session", "value": session, "url": site}])


def _take_up(page, title, act):
    """From the inbox to the item, by the button of its line."""
    page.locator("li.todo", has_text=title).get_by_role("link", name=act).click()


def _press(page, words):
    page.get_by_role("button", name=words, exact=True).click()


def _tells(page, words) -> str:
    """Wait until the page says so, and return the whole sentence."""
    line = page.locator(".flash__line").last
    expect(line).to_contain_text(words)
    return line.inner_text()


@pytest.mark.long
def test_a_word_file_becomes_an_archived_item(sign_in, site, home, tmp_path):
    file = tmp_path / "决定.docx"
    file.write_bytes(docx(*TEXT))

    address = _propose(sign_in("组织干事"), file)
    for post, act in [
        ("党政办主任", "通过，交给党委副书记或纪委书记"),
        ("党委副书记", "通过，交给党委书记"),
        ("党委书记", "通过，请党委书记盖章"),
    ]:
        page = sign_in(post)
        _take_up(page, TITLE, "审核")
        page.get_by_role("link", name=act, exact=True).click()
        page.fill("textarea", f"{post}同意")
        _press(page, "通过")
        _tells(page, f"已通过《{TITLE}》。")
    _seal(page)

    _publish(sign_in("党政办主任"))
    keeper.run_once()
    receipt = _speak(sign_in(), site, address)
    _answer(sign_in)
    keeper.run_once()
    assert "年底前修好。" in (home.board / f"i/{address}.html").read_text("utf-8")
    _look(sign_in(), site, receipt)

    number = _file(sign_in("党政办主任"))
    approvals.make_sheets.call()  # as the worker does
    keeper.run_once()
    keeper.run_once()
    _archived(home.archive, number)


def _propose(page, file: Path) -> str:
    """组织干事 reads the file in, looks at it, and sends it for review. Returns its address."""
    page.get_by_role("link", name="写一件新的").click()
    page.select_option("select[name=entry]", "JC-05")
    _press(page, "去写")
    page.set_input_files("input[name=text_file]", str(file))
    _press(page, "存草稿")
    _tells(page, "已从文件读入，存成草稿。请核对正文，再送审。")
    assert page.input_value("input[name=title]") == TITLE
    assert page.input_value("input[name=document_number]") == "青委发〔2026〕41号"
    assert page.input_value("textarea[name=body]").startswith("\n".join(TEXT[2:]))
    _press(page, "预览")
    expect(page.locator("#preview .doc__body h2")).to_have_text("一、管护")
    _press(page, "存好，去送审")
    expect(page.locator(".statement")).to_contain_text("我对所提内容的真实性、准确性、完整性负责")
    _press(page, "作出承诺，送审")  # not confirmed yet: the browser or the page says so
    page.check("input[name=stated]")
    _press(page, "作出承诺，送审")
    _tells(page, f"已送审《{TITLE}》。")
    return re.search(r"/desk/i/([0-9A-Z]{10})/", page.url)[1]


def _seal(page):
    page.get_by_role("link", name="加盖审核章", exact=True).click()
    page.check("input[name=sure]")
    _press(page, "加盖审核章")
    _tells(page, re.compile(r"^\s*已盖章封存，编号青委公审〔\d{4}〕第1号，第1版。"))
    expect(page.locator(".steps [aria-current]")).to_contain_text("实施公开")


def _publish(page):
    """党政办主任 arranges both stages at once; they open by themselves."""
    _take_up(page, TITLE, "安排公开")
    expect(page.locator("input[type=checkbox][name^=take_]")).to_have_count(2)
    _press(page, "安排公开")
    _tells(page, "到时自动公开。")


def _speak(page, site, address) -> str:
    """A reader finds the item on the board and says something. Returns the receipt code."""
    page.goto(f"{site}/i/{address}")
    expect(page.locator("h1")).to_have_text(TITLE)
    page.goto(f"{site}/say/{address}/")
    page.fill("textarea[name=say]", "水渠什么时候修好？")
    page.locator("main form button").first.click()
    page.get_by_role("button", name="送出意见", exact=True).click()
    return page.locator(".receipt").inner_text()


def _answer(sign_in):
    page = sign_in("党政办主任")
    _take_up(page, "水渠什么时候修好？", "分办")
    page.select_option("select[name=post]", label="财政所长")
    _press(page, "分给这个岗位")
    _tells(page, "已分给财政所长。")
    page = sign_in("财政所长")
    _take_up(page, "水渠什么时候修好？", "写答复")
    page.fill("textarea[name=text]", "年底前修好。")
    page.check("input[name=outcome][value=planned]")
    _press(page, "写好答复")
    _tells(page, "答复已写好，等另一位有审定权的人审定。")
    page = sign_in("党委副书记")
    _take_up(page, "水渠什么时候修好？", "看答复")
    _press(page, "审定，送出答复")
    _tells(page, "已审定，答复已经送出。")


def _look(page, site, receipt):
    """The voice sees its answer by the code."""
    page.goto(f"{site}/say/status/")
    page.fill("input[name=code]", receipt)
    page.locator("main form button").first.click()
    expect(page.locator("main")).to_contain_text("年底前修好。")


def _file(page) -> str:
    _take_up(page, TITLE, "归档")
    page.get_by_role("link", name="归档", exact=True).click()
    page.check("input[name=sure]")
    _press(page, "归档")
    told = _tells(page, "已归档，档号Z109-WS·")
    return told.removeprefix("已归档，档号").removesuffix("。")


def _archived(archive: Path, number: str):
    """The 件 stands on disk with the text, the approval, the voice and the proof."""
    assert Filing.objects.get().file_number == number
    assert Filing.objects.get().written_at is not None
    files = {path.name: path for path in archive.rglob("*") if path.is_file()}
    sealed = json.loads(files["edition.json"].read_text("utf-8"))
    assert (sealed["title"], sealed["document_number"]) == (TITLE, "青委发〔2026〕41号")
    assert "水渠什么时候修好？" in files["feedback.json"].read_text("utf-8")
    assert "党委副书记同意" in files["review.json"].read_text("utf-8")


@pytest.mark.once
@pytest.mark.parametrize("sign_in", ["phone"], indirect=True)
def test_on_a_phone_the_acts_are_within_reach(sign_in, tmp_path):
    """One line at the foot of the screen says what can be done, and leads there."""
    page = sign_in("组织干事")
    file = tmp_path / "决定.docx"
    file.write_bytes(docx(*TEXT, *(f"第{n}段，说明管护的办法。" for n in range(60))))
    _propose(page, file)
    reviewer = sign_in("党政办主任")
    _take_up(reviewer, TITLE, "审核")
    bar = reviewer.locator(".actbar")
    expect(bar).to_contain_text("您可以：通过，交给党委副书记或纪委书记、退回修改")
    box = bar.bounding_box()
    assert box["y"] + box["height"] <= 844 + 1
    bar.click()
    act = reviewer.get_by_role("link", name="退回修改", exact=True)
    reviewer.wait_for_function(
        "() => { const r = document.querySelector('#acts').getBoundingClientRect();"
        " return r.top < innerHeight && r.bottom > 0 }"
    )
    assert act.is_visible()
    assert reviewer.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
