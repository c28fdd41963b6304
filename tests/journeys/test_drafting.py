"""From a clerk's file to the seal in a real browser: by drag and drop and on a phone, by keyboard
alone, and without JavaScript.

One browser serves all three; what the worker does between two pages is done in this process.
"""

import base64
import re

import pytest
from django.urls import reverse
from playwright.sync_api import expect
from tests.foundation.files import made
from tests.procedure.proposals.test_texts import INLINE
from tests.surfaces.desk.conftest import STAGES, entered

from gongkai.config import keeper
from gongkai.config.keys import make_keys
from gongkai.foundation.ledger.lease import Lease
from gongkai.procedure.imports import jobs
from gongkai.procedure.imports.models import Import
from gongkai.procedure.proposals.models import Disclosure, Draft, TextMask
from gongkai.procedure.publication import workflow as publication
from gongkai.procedure.publication.plans import Step
from gongkai.procedure.review.models import Edition

pytestmark = [pytest.mark.browser, pytest.mark.once]  # its verbs are asked of both elsewhere
IDENTITY, MOBILE = "11010519491231002X", "13800132046"
LAPTOP, PHONE = (1366, 768), (390, 844)
ROW = "<w:tr>{}</w:tr>"
CELL = "<w:tc>{}</w:tc>"
DROP = """(zone, data) => {
    const bytes = Uint8Array.from(atob(data), letter => letter.charCodeAt(0))
    const transfer = new DataTransfer()
    transfer.items.add(new File([bytes], '救助.docx'))
    for (const kind of ['dragenter', 'dragover', 'drop'])
        zone.dispatchEvent(
            new DragEvent(kind, {dataTransfer: transfer, bubbles: true, cancelable: true}))
}"""


def letter() -> bytes:
    """A Word file with a table, a picture and the numbers of a person in text and table."""
    rows = (("姓名", "身份证号", "金额（元）"), ("张某", IDENTITY, "500"))
    table = "".join(
        ROW.format("".join(CELL.format(made.paragraph(cell)) for cell in row)) for row in rows
    )
    rels = made.relations(("rId5", "image", "media/image1.png", False))
    return made.docx(
        "关于发放临时救助的决定",
        f"张某（{IDENTITY}）电话{MOBILE}，发给临时救助500元。",
        INLINE,
        f"<w:tbl>{table}</w:tbl>",
        parts={
            "word/media/image1.png": made.picture((240, 160)),
            "word/_rels/document.xml.rels": rels,
        },
    )


@pytest.fixture
def enter(site, browser, officer, settings, home):
    """``enter("组织干事", PHONE, script=True)``: a page in which that post has signed in."""
    settings.BOARD_URL = settings.OFFICE_URL = site
    make_keys(home, settings.LOG_ORIGIN)
    contexts, complaints = [], []

    def open_(post, size=LAPTOP, script=True):
        context = browser.new_context(
            viewport=dict(zip(("width", "height"), size, strict=True)),
            has_touch=size == PHONE,
            java_script_enabled=script,
            locale="zh-CN",
            timezone_id="Asia/Shanghai",
        )
        contexts.append(context)
        cookie = entered(officer(post)).cookies["gongkai_session"].value
        context.add_cookies([{"name": "gongkai_session", "value": cookie, "url": site}])
        page = context.new_page()
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("console", lambda told: complaints.append(f"{told.text} {told.location}"))
        page.goto(f"{site}/desk/")
        return page

    yield open_
    for context in contexts:
        context.close()
    assert complaints == []


def worked() -> Import:
    """The file that was brought last, once the worker has looked at it."""
    row = Import.objects.latest("pk")
    jobs.read_in.call(row.pk)
    return row


def at(site, name, address=None):
    """The address of a page of the item, or of the only one there is."""
    return site + reverse(f"desk:{name}", args=[address or Disclosure.objects.get().address])


def test_a_file_goes_from_the_drop_to_the_seal(enter, site, home, qingxi, officer):
    page = enter("组织干事")
    page.goto(f"{site}{reverse('desk:imports')}")
    page.locator(".drop__zone").evaluate(DROP, base64.b64encode(letter()).decode())
    page.get_by_text("传完了：收下1个").wait_for()
    assert page.locator(".drop__list progress, .drop__list li").count() >= 1
    worked()
    page.get_by_role("link", name="看读得怎样").click()
    page.get_by_text("有1张图片没有文字说明").wait_for()
    expect(page.locator(".doc__body figure img")).to_have_js_property("naturalWidth", 240)
    page.get_by_label("目录事项").select_option("JC-05")
    page.get_by_role("button", name="写成新的一件").click()

    editor = page.get_by_role("textbox", name="正文")
    figure = editor.locator("figure")
    expect(figure).to_have_attribute("data-silent", re.compile("没有文字说明"))
    figure.locator("img").click()
    page.get_by_role("button", name="图片", exact=True).click()
    page.get_by_label("文字说明").fill("发放现场")
    page.keyboard.press("Enter")
    expect(figure).not_to_have_attribute("data-silent", re.compile("."))
    page.get_by_text("已保存").wait_for()
    page.get_by_role("button", name="存好，检查").click()

    page.get_by_role("button", name="遮盖全部身份证号码（2处）").click()
    page.get_by_text("已遮盖2处").wait_for()
    page.get_by_role("button", name=re.compile("^按统一方式遮盖.*手机号码")).click()
    page.get_by_text("已遮盖1处").wait_for()
    assert page.get_by_role("button", name=re.compile("^按统一方式遮盖")).count() == 0
    page.get_by_role("link", name="遮盖登记").click()
    expect(page.locator("td[data-label=理由]")).to_have_text(["个人隐私", "个人隐私"])
    draft = Draft.objects.get()
    assert "<td><p>1****************X</p></td>" in draft.body
    page.goto(at(site, "submit"))
    page.get_by_label("我已读过").check()
    page.get_by_role("button", name="作出承诺，送审").click()
    page.get_by_text("已送审").wait_for()

    for post in STAGES:
        phone = enter(post, PHONE)
        phone.goto(at(site, "item"))
        wide = phone.evaluate("document.documentElement.scrollWidth")
        assert wide == PHONE[0], f"{post}: the item is {wide} wide"
        assert IDENTITY not in phone.content()
        if post == STAGES[0]:  # a picture has no text to check, so somebody looks and signs
            phone.get_by_role("link", name=re.compile("^核对后保留")).tap()
            phone.get_by_label("为什么可以保留").fill("看过图片，没有个人信息。")
            phone.get_by_role("button", name="准予保留").tap()
            phone.wait_for_url(at(site, "item"))
        phone.locator("a:visible", has_text=re.compile("^通过，")).first.tap()
        phone.get_by_role("button", name="通过").tap()
        phone.wait_for_url(at(site, "item"))
    phone.get_by_role("link", name="加盖审核章", exact=True).tap()
    phone.wait_for_url(at(site, "seal"))
    phone.get_by_role("checkbox").last.check()
    phone.get_by_role("button", name="加盖审核章").tap()
    phone.wait_for_url(at(site, "item"))

    edition = Edition.objects.get()
    steps = [Step(step["scope"]) for step in draft.plan]
    publication.schedule(edition=edition, officer=officer("党政办主任"), steps=steps)
    lease = Lease()
    assert lease.acquire()
    keeper.run_once(lease)
    reader = enter("组织干事", PHONE)
    reader.goto(f"{site}/i/{draft.disclosure.address}")
    shown = reader.get_by_role("img", name="发放现场")
    expect(shown).to_have_js_property("naturalWidth", 240)
    assert reader.get_by_role("cell", name="1****************X").count() == 1
    told = [path for path in home.board.rglob("*") if path.is_file()]
    assert told
    assert [path for path in told if IDENTITY.encode() in path.read_bytes()] == []


def pressed_to(page, name, key="Tab"):
    """Press ``key`` until what has the focus is called ``name``; then it is reached by keyboard."""
    for _turn in range(160):
        page.keyboard.press(key)
        said = page.evaluate(
            "(document.activeElement.textContent || document.activeElement.value || '').trim()"
        )
        label = page.evaluate(
            "[...(document.activeElement.labels || [])].map(each => each.textContent).join(' ')"
        )
        role = page.evaluate("document.activeElement.getAttribute('aria-label') || ''")
        if re.search(name, said) or re.search(name, label) or re.search(name, role):
            return
    raise AssertionError(f"no key leads to {name}")


def test_all_of_it_by_keyboard(enter, site):
    page = enter("组织干事")
    page.goto(f"{site}{reverse('desk:write', args=['JC-05'])}")
    pressed_to(page, "^标题")
    page.keyboard.type("关于水渠的决定")
    pressed_to(page, "^正文$")
    page.keyboard.type(f"电话{MOBILE}。")
    page.get_by_text("已留住").wait_for()
    page.reload()  # as if the browser had died
    page.get_by_text("只有您看得见").wait_for()
    expect(page.get_by_label("向社会公开", exact=True)).to_be_checked()
    pressed_to(page, "^存好，检查$")
    page.keyboard.press("Enter")
    page.get_by_text("手机号码138****2046").first.wait_for()
    pressed_to(page, "^遮盖全部手机号码")
    page.keyboard.press("Enter")
    page.get_by_text("已遮盖1处").wait_for()
    assert Draft.objects.get().body == "<p>电话138****2046。</p>"
    pressed_to(page, "^去送审$")
    page.keyboard.press("Enter")
    page.wait_for_url(at(site, "submit"))
    pressed_to(page, "我已读过")
    page.keyboard.press("Space")
    pressed_to(page, "^作出承诺，送审$")
    page.keyboard.press("Enter")
    page.get_by_text("已送审").wait_for()
    reviewer = enter(STAGES[0])
    reviewer.goto(at(site, "item"))
    pressed_to(reviewer, "^通过，交给")
    reviewer.keyboard.press("Enter")
    reviewer.wait_for_url(at(site, "pass"))
    pressed_to(reviewer, "^通过$")
    reviewer.keyboard.press("Enter")
    reviewer.wait_for_url(at(site, "item"))


def test_all_of_it_without_javascript(enter, site):
    page = enter("组织干事", script=False)
    page.goto(f"{site}{reverse('desk:imports')}")
    page.set_input_files("#id_files", {"name": "救助.docx", "mimeType": "", "buffer": letter()})
    page.get_by_role("button", name="传上来").click()
    row = worked()
    page.goto(f"{site}{reverse('desk:import', args=[row.pk])}")
    page.get_by_label("目录事项").select_option("JC-05")
    page.get_by_role("button", name="写成新的一件").click()
    lines = page.get_by_label("正文").input_value()
    page.get_by_label("正文").fill(lines.replace("【图片1：】", "【图片1：发放现场】"))
    page.get_by_role("button", name="存好，检查").click()
    for kind in ("身份证号码", "手机号码"):
        page.get_by_role("button", name=f"遮盖全部{kind}").click()
        page.get_by_role("button", name=f"遮盖全部{kind}").wait_for(state="detached")
    body = Draft.objects.get().body
    assert 'alt="发放现场"' in body
    assert (IDENTITY in body, MOBILE in body, TextMask.objects.count()) == (False, False, 2)
    page.goto(at(site, "submit"))
    page.get_by_label("我已读过").check()
    page.get_by_role("button", name="作出承诺，送审").click()
    page.get_by_text("已送审").wait_for()
    reviewer = enter(STAGES[0], PHONE, script=False)
    reviewer.goto(at(site, "item"))
    reviewer.locator("a:visible", has_text=re.compile("^通过，")).first.click()
    reviewer.get_by_role("button", name="通过").click()
    reviewer.get_by_text("已通过").first.wait_for()
