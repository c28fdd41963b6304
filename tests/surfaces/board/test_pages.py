"""Every kind of page: nothing from outside, light, accessible by key and ear, fit for paper."""

import re
from collections.abc import Sequence
from datetime import UTC, datetime
from html.parser import HTMLParser
from importlib.resources import files
from pathlib import Path
from urllib.parse import urlsplit

import brotli
import pytest
import time_machine
from django.conf import settings
from django.db import connections
from tests import axe
from tests.foundation.files import made
from tests.procedure.duties.rows import owed, row, settled
from tests.surfaces.board.office import Office, address, charter_text, filled
from tests.surfaces.board.serving import dress, served
from tests.surfaces.board.test_receptions import notice, told
from tests.surfaces.board.test_wall import answered
from tests.surfaces.board.test_wall import told as voiced
from tools.pages import MODES, one_of_each

from gongkai.foundation.files.pages import preparing

pytestmark = pytest.mark.django_db  # the shared board is built in the test database

A, W, E = address(1), address(2), address(3)
ITEM = f"/i/{A}"
TABLE = """<table>
<thead><tr><th>项目</th><th>金额<br>（万元）</th><th>完工</th></tr></thead><tbody>
<tr><th>渠道</th><td>186.0</td><td rowspan="2">2027年2月28日</td></tr>
<tr><th>泵站</th><td>30.5</td></tr><tr><td colspan="3">合计216.5</td></tr></tbody></table>"""
BODY = f"<h2>一、决定</h2><p>先修渠道。“再修泵站。”今年完工。</p>{TABLE}<ul><li>公开招标</li></ul>"
MET = (("2026-08", "2026-08-20"), ("2026-10", "2026-11-02"))
FEW = {"home", "item", "catalogue"}
"""The kinds of which one Chinese page is looked at in every mode."""
INLINE = (r"\sstyle=", r"<style", r"\son\w+=", r"<script(?! src=| type=\"application/ld\+json\">)")
REFERRING = {"canonical", "alternate"}
"""Links in the head that no browser follows by itself."""
FIRST_VIEW = 60_000
CHOOSE = """chosen => {
    const modes = {text: 'large', contrast: 'high', simple: 'on'}
    for (const mode in modes) {
        if (chosen.includes(mode)) document.documentElement.dataset[mode] = modes[mode]
        else delete document.documentElement.dataset[mode]
    }
}"""


@pytest.fixture(scope="module")
def board(tmp_path_factory, django_db_setup, django_db_blocker):
    """The folder of a board with every kind of page, built once."""
    with time_machine.travel(datetime(2026, 11, 23, 4, 0, tzinfo=UTC), tick=False):
        home = filled(tmp_path_factory.mktemp("board"), fill, django_db_blocker)
    dress(home)
    yield home.board
    # With a browser's loop in this thread Django keeps a second connection, which nobody closes.
    connections.close_all()


def fill(office: Office) -> None:
    """Publish something of every kind; a kind that nothing here brings about fails a test."""
    assert office.lease.acquire()
    office.charter()
    office.go()
    held = [(subject, office.release(subject, body=BODY)) for subject in (A, W, E)]
    issued(office, [(subject, record.digest) for subject, record in held[:2]])
    office.go()
    file = office.attachment(made.pages(["list", "of works"]), title="附件1　清单")
    preparing.advance(file["digest"], "pdf", 60)
    office.release(A, body=BODY, note="数字有误。", attachments=[file])
    office.answer(A, item=A)
    office.release(address(4), title="拟表彰对象公示", kind="notice", body=BODY)
    office.release(address(5), title="征求意见稿", entry={"code": "JC-07"})
    office.release(address(6), title="民情日记", entry={"code": "FW-06"}, category="FW", box="FW-1")
    office.release(address(7), title="制度汇编", entry={"code": "ZD-01"}, category="ZD", box="ZD-1")
    village = charter_text("village").replace('"shiqiao"', '"shiqiao"\nparent = "qingxi"', 1)
    body = {"number": 1, "source": village}
    office.record("charter", "charter:shiqiao", {"public"}, body, organisation="shiqiao")
    waived = settled(
        "2026-09", "2026-09-30", "waived", "2026-09-29", reason="停办一个月。", post="党委书记"
    )
    done = (settled(key, f"{key}-28", "met", on, item=A) for key, on in MET)
    overdue = row(*done, waived, owed=[owed("2026-11", "2026-11-20")], planned="2026-11-30")
    rows = [{"entry": "FW-05", "listed": True, **overdue}]
    office.record("coverage", "cover:qingxi", {"public"}, {"rows": rows})
    told(office, address(8), "2026-11-25", "open", [notice("change", "上午到县里开会，改在下午。")])
    result = {"held": True, "visits": 3, "persons": 5, "categories": {"FW": 3}}
    told(office, address(9), "2026-11-18", "held", [notice("result", "")], result=result)
    told(office, address(10), "2026-11-11")
    judged = [{"round": 1, "moment": "closing", "verdict": "yes"}]
    changed = {"reason": "own", "why": "住处不写", "at": "2026-11-18T02:00:00Z"}
    answered(office, address(11), judged=judged, changed=changed)
    voiced(office, address(12), "路灯不亮。", promised_on="2026-11-19")
    office.withdraw(W)
    office.erase(E)
    office.go()
    office.lease.release()


def issued(office: Office, held: Sequence[tuple[str, str]]) -> None:
    """An issue of the brief for everybody, without files yet."""
    when = "2026-11-16T01:00:00Z"
    parts = [
        {"address": subject, "share": "whole", "digest": digest, "opened_at": when}
        for subject, digest in held
    ]
    body = {"name": "中共青溪镇委员会", "matter": "党务公开", "lead": "这一期收了两件。"}
    body |= {"year": 2026, "number": 1, "sealed_by": "党委书记", "sealed_at": when}
    body |= {"first": "2026-11-01", "last": "2026-11-15", "file_number": "Z109-WS·2026-Y-BGS-0001"}
    told = {**body, "items": parts, "told": []}
    office.record("brief", "brief:qingxi:1", {"public"}, told, digest="0" * 64)


@pytest.fixture(scope="module")
def here(board):
    """Where the board is served."""
    with served(board) as address:
        yield address


def test_every_kind_of_page_is_there_in_both_languages(board):
    folder = Path(str(files("gongkai.surfaces.board"))) / "templates" / "board"
    frame = '{% extends "ui/board/frame.jinja" %}'
    kinds = {file.stem for file in folder.iterdir() if frame in file.read_text("utf-8")}
    found = {(page.kind, page.english) for page in one_of_each(board)}
    assert found == {(kind, english) for kind in kinds for english in (False, True)}


# -- what a page asks for --------------------------------------------------------------------------


class Addresses(HTMLParser):
    """Collects what a page links to, and of it what a browser fetches to show the page."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.all: list[str] = []
        self.fetched: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag, attributes):
        for name, value in attributes:
            if name in {"href", "src", "action", "formaction", "poster", "data", "srcset", "cite"}:
                self.all.append(value)
                if name == "src" or (tag == "link" and dict(attributes)["rel"] not in REFERRING):
                    self.fetched.append(value)


def outside(found: str) -> bool:
    """Whether an address leads away from this installation."""
    parts = urlsplit(found)
    own = {urlsplit(url).netloc for url in (settings.BOARD_URL, settings.OFFICE_URL)} | {""}
    return parts.scheme not in {"", "tel", "http", "https"} or parts.netloc not in own


def test_nothing_inline_and_nothing_from_outside(board):
    for path in board.rglob("*.html"):
        html = path.read_text("utf-8")
        assert [pattern for pattern in INLINE if re.search(pattern, html)] == [], path
        assert [found for found in Addresses(html).all if outside(found)] == [], path
    for path in (board / "assets").rglob("*.*s"):
        released = "vendored" in path.parts  # names its own pages in comments and complaints
        asked = r"@import|url\(" + (r"|fetch\(|XMLHttp|sendBeacon" if released else "|https?://")
        assert re.findall(asked, path.read_text("utf-8")) == [], path


def test_the_first_view_of_an_item_is_light(board):
    weights = {}
    for page in one_of_each(board):
        if page.kind == "item":
            fetched = Addresses(page.file.read_text("utf-8")).fetched
            assets = sum(
                len(brotli.compress((board / each[1:]).read_bytes(), quality=5)) for each in fetched
            )
            twin = page.file.with_name(page.file.name + ".br")
            weights[page.address] = twin.stat().st_size + assets
    assert len(weights) > 2
    assert {at: weight for at, weight in weights.items() if weight > FIRST_VIEW} == {}


def test_the_modes_are_set_before_anything_is_painted(board):
    head = (board / f"{ITEM[1:]}.html").read_text("utf-8").partition("</head>")[0]
    assert re.search(r'<script src="/assets/gongkai/modes\.js"></script>', head)


# -- what axe says ---------------------------------------------------------------------------------


def refused(answer) -> list[str]:
    """What a page asks for besides itself and does not get."""
    document = answer.request.resource_type == "document"
    return [f"{answer.url}: {answer.status}"] if answer.status >= 400 and not document else []


@pytest.mark.long
@pytest.mark.browser
@pytest.mark.parametrize("english", [False, True], ids=["chinese", "english"])
def test_every_kind_of_page_is_accessible_and_fits(board, here, page, english):
    wrong, few = [], set() if english else set(FEW)
    page.on("requestfailed", lambda request: wrong.append(f"{request.url}: {request.failure}"))
    page.on("response", lambda answer: wrong.extend(refused(answer)))
    for each in one_of_each(board):
        if each.english != english:
            continue
        page.goto(here + each.address)
        axe.ready(page)
        modes = [[], *([mode] for mode in MODES), [*MODES]] if each.kind in few else [[]]
        few.discard(each.kind)
        wide = [] if english else [(1440, [])]
        for width, chosen in [*wide, *((390, chosen) for chosen in modes)]:
            page.set_viewport_size({"width": width, "height": 900})
            page.evaluate(CHOOSE, chosen)
            rules = axe.LOOKS if chosen in (["text"], ["contrast"]) else axe.RULES
            found = axe.violations(page, rules)
            wrong += [f"{each.address} {width} {chosen}: {it}" for it in found]
        page.set_viewport_size({"width": 320, "height": 900})
        for chosen in ([], ["text"]):
            page.evaluate(CHOOSE, chosen)
            over = page.evaluate("document.documentElement.scrollWidth - innerWidth")
            wrong += [f"{each.address} {chosen}: {over} px too wide"] if over > 0 else []
    # What the browser gives up because the next page is called for has not failed.
    assert [each for each in wrong if not each.endswith("net::ERR_ABORTED")] == []


# -- modes -----------------------------------------------------------------------------------------

PARTS = {
    "title": "h1",
    "text": ".doc__body p",
    "attachments": ".files",
    "answers": ".case",
    "telephone": "main .tel >> nth=0",
    "say": "textarea",
    "menu": "header nav[aria-label=类别]",
    "steps": ".steps",
    "verify": ".verify",
    "way": ".crumbs",
    "number": ".doc__no",
}
SIMPLE = {"title", "text", "attachments", "answers", "telephone", "say"}


def visible(page) -> set[str]:
    return {name for name, place in PARTS.items() if page.locator(place).first.is_visible()}


@pytest.mark.browser
def test_modes_are_kept_and_go_together(here, page):
    page.goto(here + ITEM)
    assert visible(page) == set(PARTS)
    for mode in MODES:
        page.check(f"#mode-{mode}")
    assert visible(page) == SIMPLE
    page.goto(here + "/")
    page.goto(here + ITEM)
    assert visible(page) == SIMPLE
    assert page.evaluate("({...document.documentElement.dataset})") == MODES
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(0, 0, 0)"
    page.uncheck("#mode-simple")
    page.go_back()
    page.go_forward()
    assert visible(page) == set(PARTS)
    assert not page.is_checked("#mode-simple")


@pytest.mark.browser
def test_modes_work_without_script(here, browser):
    with browser.new_context(java_script_enabled=False) as context:
        page = context.new_page()
        page.goto(here + ITEM)
        page.check("#mode-simple")
        assert visible(page) == SIMPLE
        assert not page.is_visible("#aloud")


@pytest.mark.browser
def test_paper_shows_a_notice(here, page):
    page.goto(here + ITEM)
    page.emulate_media(media="print")
    assert visible(page) == {"title", "text", "attachments", "verify", "number"}
    for place in (".mast__name", ".mark", ".qr", f".onpaper:text('{ITEM}')"):
        assert page.locator(place).first.is_visible(), place
    for place in ("nav", "form", "button", ".util", "input"):
        assert page.locator(f"{place}:visible").count() == 0, place


# -- the keyboard ----------------------------------------------------------------------------------

WHERE = """() => {
    const it = document.activeElement
    if (it === document.body) return null
    const seen = it.closest('.mode') || it, style = getComputedStyle(seen)
    return [it.id || it.getAttribute('href') || it.tagName, style.outlineStyle !== 'none']
}"""


@pytest.mark.browser
def test_the_keyboard_reaches_everything_in_order(here, page):
    page.goto(here + ITEM)
    stops = []
    while len(stops) < 200:
        page.keyboard.press("Tab")
        stop = page.evaluate(WHERE)
        if stop is None:
            break
        stops.append(stop)
    names = [name for name, _seen in stops]
    assert len(names) < 200, "the focus never leaves the page"
    assert [name for name, seen in stops if not seen] == []
    files = next(name for name in names if name.startswith(f"/files/{A}/"))
    wanted = ["#main", "mode-text", "mode-contrast", "mode-simple", "DIV", files, "say", "name"]
    assert [name for name in names if name in wanted] == wanted
    page.goto(here + ITEM)
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("document.getElementById('main').contains(document.activeElement)")


# -- read aloud ------------------------------------------------------------------------------------

VOICES = """(() => {
    let current = null
    window.spoken = []
    window.SpeechSynthesisUtterance = class { constructor(text) { this.text = text } }
    Object.defineProperty(window, 'speechSynthesis', {value: {
        known: [],
        getVoices() { return this.known },
        speak(it) { current = it; spoken.push([it.lang, it.voice.name, it.text]) },
        cancel() { const it = current; current = null; if (it) it.onerror({error: 'canceled'}) },
    }})
    window.knows = (...voices) => {
        speechSynthesis.known = voices
        speechSynthesis.onvoiceschanged()
    }
    window.ends = () => { const it = current; current = null; it.onend() }
})()"""
FAR = {"lang": "zh-CN", "name": "far", "localService": False}
NEAR = {"lang": "zh_CN", "name": "near", "localService": True}
ENGLISH = {"lang": "en-GB", "name": "english", "localService": True}


@pytest.fixture
def listener(page):
    """A page whose device has no voice yet; the test gives it some and ends each sentence."""
    page.add_init_script(VOICES)
    return page


def knows(page, *voices) -> bool:
    """Whether the button is there on a device with these voices."""
    page.evaluate("voices => knows(...voices)", list(voices))
    return page.is_visible("#aloud")


def heard(page) -> list[list[str]]:
    """Everything, each sentence ended as soon as it has begun, from a click on the button."""
    page.click("[data-toggle]")
    while page.is_visible("[data-stop]"):
        page.evaluate("ends()")
    return page.evaluate("spoken")


@pytest.mark.browser
def test_the_text_is_read_with_a_voice_of_the_device(here, listener):
    listener.goto(here + ITEM)
    assert not knows(listener)
    assert not knows(listener, FAR)
    assert not knows(listener, ENGLISH)
    assert knows(listener, FAR, ENGLISH, NEAR)
    said = heard(listener)
    assert {(lang, voice) for lang, voice, _text in said} == {("zh-CN", "near")}
    texts = [text for _lang, _voice, text in said]
    start, end = texts.index("一、决定"), texts.index("公开招标")
    assert texts[:3] == [
        "关于今冬明春农田水利设施维修养护工作的决定",
        "中共青溪镇委员会",
        "2026年11月16日公开",
    ]
    assert texts[start + 1 : end] == [
        "先修渠道。",
        "“再修泵站。”",
        "今年完工。",
        "渠道，金额 （万元）：186.0，完工：2027年2月28日",
        "泵站，金额 （万元）：30.5",
        "合计216.5",
    ]
    assert texts[end + 1 : end + 3] == ["附件", "附件1 清单 PDF，1 KB"]
    assert texts[-1].startswith("农业农村办公室主任")


@pytest.mark.browser
def test_each_language_is_read_with_its_own_voice(here, listener):
    listener.goto(here + "/en" + ITEM)
    assert not knows(listener, NEAR)
    assert knows(listener, NEAR, ENGLISH)
    said = heard(listener)
    assert ["zh-CN", "near", "先修渠道。"] in said
    assert ["en", "english", "Attachments"] in said


@pytest.mark.browser
def test_reading_pauses_goes_on_and_stops_by_keyboard(here, listener):
    listener.goto(here + ITEM)
    knows(listener, NEAR)
    button = listener.locator("[data-toggle]")
    button.focus()
    listener.keyboard.press("Enter")
    assert button.inner_text() == "暂停"
    assert listener.locator("[data-reading]").evaluate_all("all => all.map(e => e.tagName)") == [
        "H1"
    ]
    listener.evaluate("ends()")
    listener.keyboard.press("Enter")
    assert button.inner_text() == "接着读"
    listener.keyboard.press("Enter")
    texts = [text for _lang, _voice, text in listener.evaluate("spoken")]
    assert texts[1:] == ["中共青溪镇委员会"] * 2
    listener.keyboard.press("Tab")
    listener.keyboard.press("Enter")
    assert button.inner_text() == "朗读"
    assert listener.evaluate("document.activeElement.hasAttribute('data-toggle')")
    assert listener.locator("[data-reading]").count() == 0
    listener.evaluate("knows()")
    assert not listener.is_visible("#aloud")
