"""The editor in a real browser: nothing is lost, all by keyboard, and two clerks in one draft."""

import random

import pytest
from playwright.sync_api import expect
from tests.foundation.files.made import picture
from tests.procedure.proposals.test_sanitise import PICTURE, PIECES

from gongkai.procedure.proposals.models import Revision
from gongkai.procedure.proposals.sanitise import clean

from .conftest import BODY, entered

pytestmark = pytest.mark.browser
TEXTS = 400
RICH = (
    "<p>甲<em><strong>乙</strong></em><sup>1</sup></p>",
    '<table><caption>表1</caption><thead><tr><th colspan="2">项目</th></tr></thead><tbody>'
    "<tr><td>甲</td><td><p>一</p><p>二</p></td></tr></tbody></table>",
    "<ul><li>甲<ul><li>乙</li></ul></li><li><p>丙</p></li></ul>",
    "<blockquote>甲<p>乙</p></blockquote>",
    f"<figure>{PICTURE}<figcaption>图1　<strong>水渠</strong></figcaption></figure>",
    '<p><a href="https://gov.example/x?a=1&amp;b=2">甲</a>&nbsp;&lt;b&gt;</p>',
)
ROUND = """async bodies => {
    const { load, save } = await import('/assets/desk/editor/schema.js')
    return bodies.map(body => {
        const doc = load(body)
        let kept = 0
        doc.forEach(node => { kept += node.type.name == 'kept' })
        return [save(doc), save(load(save(doc))), kept]
    })
}"""
WORD = """<html xmlns:o="urn:schemas-microsoft-com:office:office"><head><style>p{color:red}</style>
</head><body><!--StartFragment--><h1 style='color:red'>一、贴来的标题</h1>
<p class=MsoNormal style='text-indent:32pt'><span style='font-size:16pt'>　　正文<b>要紧</b><o:p>
</o:p>
</span></p><p class=MsoListParagraph style='mso-list:l0 level1 lfo1'><![if !supportLists]><span
style='mso-list:Ignore'>1.<span>&nbsp;&nbsp;</span></span><![endif]>第一点</p>
<p class=MsoListParagraph style='mso-list:l0 level1 lfo1'><span
style='mso-list:Ignore'>2.</span>第二点</p>
<table style='width:100%'><tr><td style='border:1px'><p class=MsoNormal>格</p></td></tr></table>
<p><img src="file:///C:/x.png"></p><!--EndFragment--></body></html>"""
PASTE = """html => {
    const data = new DataTransfer()
    data.setData('text/html', html)
    document.querySelector('.ProseMirror').dispatchEvent(
        new ClipboardEvent('paste', { clipboardData: data, bubbles: true, cancelable: true }))
}"""


@pytest.fixture
def open_(site, browser, officer):
    """``open_(post, path, width)``: a page of that post's browser, and what it complained of."""
    contexts = []

    def enter(post, path, width=1440):
        context = browser.new_context(
            viewport={"width": width, "height": 900}, locale="zh-CN", timezone_id="Asia/Shanghai"
        )
        contexts.append(context)
        cookie = entered(officer(post)).cookies["gongkai_session"].value
        context.add_cookies([{"name": "gongkai_session", "value": cookie, "url": site}])
        page, complaints = context.new_page(), []
        page.on("console", lambda message: complaints.append(message.text))
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.goto(site + path)
        return page, complaints

    yield enter
    for context in contexts:
        context.close()


def bodies():
    """Texts of every sort that the office keeps, the same ones each time."""
    chance, strategy = random.Random(7), PIECES.elements
    mixed = ("".join(chance.choices(strategy, k=chance.randint(1, 25))) for _ in range(TEXTS))
    return [body for body in map(clean, (*RICH, *mixed)) if body]


def test_words_that_were_typed_before_the_program_came_stay(walk, open_):
    page, _complaints = open_("组织干事", walk().page("edit"))
    page.route(
        "**/editor/schema*.js", lambda route: (page.wait_for_timeout(500), route.continue_())
    )
    page.reload(wait_until="commit")
    plain = page.locator("textarea[name=body]")
    plain.fill("程序来以前写的字。")
    page.wait_for_load_state()
    expect(plain).to_be_visible()
    expect(plain).to_have_value("程序来以前写的字。")
    expect(page.locator("[data-editor]")).to_be_hidden()


def test_texts_come_back_whole_and_one_is_written_by_keyboard(walk, open_):
    item = walk()
    page, complaints = open_("组织干事", item.page("edit"))
    for body, (saved, again, kept) in zip(bodies(), page.evaluate(ROUND, bodies()), strict=True):
        assert clean(saved) == body
        assert clean(again) == body
        if body in map(clean, RICH):
            assert kept == 0, body

    editor = page.get_by_role("textbox", name="正文")
    editor.press("Control+a")
    page.evaluate(PASTE, WORD)
    editor.press("Control+End")
    editor.press("Alt+F10")
    while page.evaluate("document.activeElement.textContent") != "表格":
        page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    page.get_by_label("几行").fill("2")
    page.get_by_label("几列").fill("2")
    page.keyboard.press("Enter")
    for words in ("村", "户数", "甲村", "12"):
        page.keyboard.type(words)
        if words != "12":
            page.keyboard.press("Tab")
    page.get_by_role("button", name="表名").click()
    page.get_by_label("表格的名称").fill("各村户数")
    page.keyboard.press("Enter")
    page.get_by_role("button", name="图片", exact=True).click()
    page.get_by_label("选图片").set_input_files(
        {"name": "canal.png", "mimeType": "image/png", "buffer": picture()}
    )
    page.get_by_label("文字说明").fill("甲村的水渠")
    page.keyboard.press("Enter")
    page.locator(".ProseMirror img").wait_for()
    page.keyboard.type("图1 水渠")
    page.get_by_text("已保存 ", exact=False).last.wait_for()
    page.wait_for_function(
        "!Object.keys(localStorage).some(key => key.startsWith('gongkai-draft'))"
    )
    item.draft.refresh_from_db()
    start, figure = item.draft.body.split("\n<figure>")
    assert start == (
        "<h2>一、贴来的标题</h2>\n<p>正文<strong>要紧</strong></p>\n"
        "<ol><li>第一点</li><li>第二点</li></ol>\n"
        "<table><tbody><tr><td>格</td></tr></tbody></table>\n"
        "<table><caption>各村户数</caption><thead><tr><th>村</th><th>户数</th></tr></thead>"
        "<tbody><tr><td>甲村</td><td>12</td></tr></tbody></table>"
    )
    assert figure.startswith('<img alt="甲村的水渠" src="/files/')
    assert figure.endswith("<figcaption>图1 水渠</figcaption></figure>")
    page.get_by_role("button", name="存草稿").click()
    page.wait_for_url("**" + item.page())
    assert complaints == []


def test_two_clerks_in_one_draft_lose_no_word(walk, open_, site):
    item = walk(body=BODY)
    first, _complaints = open_("组织干事", item.page("edit"), 390)
    second, complaints = open_("团委书记", item.page("edit"))
    for page, words in ((second, "团委写的。"), (first, "组织写的。")):
        page.locator(".ProseMirror > p").first.click()
        page.keyboard.press("Home")
        page.keyboard.type(words)
        page.get_by_text("已保存 " if page is second else "没有盖掉别人的").last.wait_for()
    assert first.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
    # What is not saved stays in the browser, and goes with the sign-out.
    kept = "Object.keys(localStorage).filter(key => key.startsWith('gongkai-draft')).length"
    assert [first.evaluate(kept), second.evaluate(kept)] == [1, 0]
    # Whoever is faster than the program loses nothing, and leaves nothing behind.
    first.route("**/editor/*.js", lambda route: route.abort())
    first.get_by_role("button", name="看两份的不同").click()
    first.get_by_role("group", name="第1处").get_by_label("两份都留").check()
    first.get_by_role("button", name="存草稿").click()
    first.wait_for_url("**" + item.page())
    item.draft.refresh_from_db()
    assert item.draft.body.split("\n")[:2] == [
        "<p>团委写的。为做好工作，现决定如下。</p>",
        "<p>组织写的。为做好工作，现决定如下。</p>",
    ]
    assert Revision.objects.filter(draft=item.draft, kind="aside").count() == 1
    assert first.evaluate(kept) == 0
    second.locator(".ProseMirror > p").first.click()
    second.keyboard.type("再写。")
    second.get_by_text("没有盖掉别人的").last.wait_for()
    second.on("dialog", lambda dialog: dialog.accept())
    second.goto(site + "/accounts/logout/")
    assert second.evaluate(kept) == 1
    second.locator("form[data-leave] button").click()
    second.wait_for_url("**/accounts/login/**")
    assert second.evaluate(kept) == 0
    assert [each for each in complaints if "409" not in each] == []
