"""/verify/ in a real browser, on a real board: what is true passes, each thing changed is named."""

import json
import re
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest
import time_machine
from axe_playwright_python.base import AXE_FILE_PATH
from django.conf import settings
from tests.surfaces.board.office import Office, address, filled
from tests.surfaces.board.serving import dress, served

from gongkai.foundation.core import canonical
from gongkai.foundation.translog.checkpoint import Checkpoint
from gongkai.foundation.translog.cosignature import Cosigner
from gongkai.foundation.translog.note import Signer
from gongkai.foundation.translog.store import TileStore
from gongkai.surfaces.board import item_commands, paper
from gongkai.surfaces.board.bundle import Bundle, gather

pytestmark = [pytest.mark.django_db, pytest.mark.browser]

A, W, E, F, G = (address(number) for number in range(1, 6))
FORM = b"%PDF-1.7 a form that two items share"
LIST = b"%PDF-1.7 a list"
TEXT = "第一批52处，2027年9月底前全部完工，逐处验收。"
NEWER = TEXT.replace("9月", "10月")
WITNESS, SEEN = Cosigner("n.test/log/witness", b"7" * 32), 1_795_406_400
NUMBER = "青溪-JC-2026-31"


@pytest.fixture(scope="module")
def board(tmp_path_factory, django_db_setup, django_db_blocker):
    """A board with a corrected item A behind a full tile, W withdrawn, E erased, F and G alike."""
    with time_machine.travel(datetime(2026, 11, 23, 4, 0, tzinfo=UTC), tick=False):
        home = filled(tmp_path_factory.mktemp("check"), fill, django_db_blocker)
    dress(home)
    return home.board


def fill(office: Office) -> None:
    assert office.lease.acquire()
    office.charter()
    for number in range(258):
        office.record("note", f"n{number}", {"org:qingxi"}, {})
    form = office.attachment(FORM, title="申请表")
    mine = office.attachment(LIST, title="附件1　清单")
    office.release(A, body=f"<p>{TEXT}</p>", number=NUMBER, attachments=[mine])
    for subject in (W, E, F, G):
        office.release(subject, number=f"青溪-QT-2026-{subject}", attachments=[form])
    office.go()
    newer = f"<p>{NEWER}</p>"
    office.release(A, body=newer, number=NUMBER, note="改期。", attachments=[mine])
    office.withdraw(W, number="青溪-QT-2026-9")
    office.erase(E)
    office.go()
    watched(office.home)
    office.lease.release()


def watched(home) -> None:
    """A witness signed the log at 265 entries, later the whole; one key is known, one is not."""
    text = Checkpoint(settings.LOG_ORIGIN, 265, TileStore(home.log).root(265)).text()
    early = Signer.parse(home.secret("log.key")).sign(text)
    early += WITNESS.cosign(text, SEEN) + Cosigner.generate("x.test/w").cosign(text, SEEN)
    newest = (home.log / "checkpoint").read_text()
    newest += WITNESS.cosign(newest.rpartition("\n\n")[0] + "\n", SEEN + 60)
    for path, data in {"001": f"{early}\n{newest}", "checkpoint": newest}.items():
        (home.log / "cosigned").mkdir(exist_ok=True)
        (home.log / "cosigned" / path).write_text(data)
    told = {"name": WITNESS.witness.name, "vkey": WITNESS.witness.vkey, "url": "https://n.test"}
    (home.log / "witnesses.json").write_bytes(canonical.encode({"witnesses": [told]}))


@pytest.fixture(scope="module")
def here(board):
    """Where the board is served."""
    with served(board) as address:
        yield address


@pytest.fixture(scope="module")
def reader(browser, here):
    """One page of one reader, with everything that it asks for kept in ``asked``."""
    context = browser.new_context(locale="zh-CN", timezone_id="Asia/Shanghai")
    page = context.new_page()
    page.asked = []
    page.on("request", lambda request: page.asked.append(request.url))
    page.on("pageerror", lambda error: pytest.fail(str(error)))
    page.goto(f"{here}/verify/")
    yield page
    assert {url for url in page.asked if not url.startswith((here, "blob:"))} == set()
    context.close()


def ask(page, *, number="", text="", file=None, name="file.json"):
    """What the page answers: the state and each line with its mark."""
    page.click("button[type=reset]")
    page.fill("[name=number]", number)
    page.fill("[name=text]", text)
    if file is not None:
        payload = {"name": name, "mimeType": "application/octet-stream", "buffer": file}
        page.set_input_files("[name=file]", payload)
    page.click("#check form .btn >> nth=0")
    return answered(page)


def answered(page):
    page.wait_for_selector("#result [data-state]")
    return (
        page.get_attribute("#result [data-state]", "data-state"),
        page.locator("#result [data-line]").all_inner_texts(),
    )


def lines(answer) -> str:
    return re.sub(r"\s+", "", "|".join(answer[1]))


@contextmanager
def changed(file, before: bytes, after: bytes):
    """``file`` with other bytes in it for a while."""
    whole = file.read_bytes()
    assert whole.replace(before, after, 1) != whole
    file.write_bytes(whole.replace(before, after, 1))
    yield
    file.write_bytes(whole)


def flipped(data: bytes, at: int) -> bytes:
    return data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :]


# -- what is true ----------------------------------------------------------------------------------


def test_whatever_one_holds_of_an_item_finds_and_proves_it(board, reader):
    sealed = (board / f"i/{A}/v2.json").read_bytes()
    for held in (
        {"number": " 青溪－jc－2026－31"},
        {"number": A.lower()},
        {"number": f"{settings.BOARD_URL}/en/i/{A}"},
        {"text": f"关于今冬明春农田水利设施维修养护工作的决定\n {NEWER} \n"},
        {"number": A, "text": NEWER[:12]},
        {"file": sealed},
        {"file": LIST, "name": "清单.pdf"},
        {"file": (board / f"i/{A}/v2.log.json").read_bytes()},
    ):
        answer = ask(reader, **held)
        assert answer[0] == "match", (held, answer)
        said = lines(answer)
        assert "对原文和盖章封存时一字不差" in said
        assert "对日志第264条说的就是它" in said
        assert "对这一条在test.invalid/log签了名的日志里，日志当时共267条，签名是真的。" in said
    assert "不等同于法律意义上的电子公章" in reader.inner_text("#result")
    assert "不晚于2026年11月23日" in said
    assert "联署人n.test/log/witness在那时见过并且签过前265条" in said
    assert "联署人由本站自己登记" in reader.inner_text("#result .facts")
    assert reader.evaluate("document.activeElement.innerText") == "对得上"


def test_the_file_is_one_of_the_item_s_attachments(reader):
    assert "对这个文件就是附件“附件1清单”" in lines(ask(reader, file=LIST))


def test_an_item_s_page_leads_here(here, reader):
    reader.goto(f"{here}/i/{A}/v1")
    reader.click("text=在浏览器里核对")
    assert answered(reader)[0] == "old"
    assert reader.get_attribute("#result .links a >> nth=0", "href") == f"/i/{A}"
    reader.goto(f"{here}/en/verify/#{A}")
    assert answered(reader)[0] == "match"
    assert reader.inner_text("#result h2") == "It matches"
    reader.goto(f"{here}/verify/")


def test_the_bundle_made_here_is_the_one_that_python_makes(board, reader):
    ask(reader, number=A)
    with reader.expect_download() as saved:
        reader.click("text=保存证明文件")
    made = saved.value.path().read_bytes()
    assert saved.value.suggested_filename == f"{A}-v2.proof.json"
    assert made == gather(item_commands._folder(board), A).encode()
    bundle = Bundle.parse(made)
    assert bundle.check((board / "log/vkey").read_text().strip()).size == 265
    assert [each.at for each in bundle.seen([WITNESS.witness])] == [SEEN]
    assert ask(reader, file=made)[0] == "match"


def scanned(board, path=f"i/{A}.html") -> str:
    """What the code on this page's print says, as it is printed below it."""
    (text,) = re.findall(r'onpaper">(http[^<]*#[^<]*)<', (board / path).read_text())
    return text


def test_a_printed_sheet_remembers_the_log_and_finds_its_version(board, reader):
    now, before = scanned(board), scanned(board, f"i/{A}/v1.html")
    root = paper.encoded(TileStore(board / "log").root(265))
    assert now == f"{settings.BOARD_URL}/i/{A}#265.{root}"
    answer = ask(reader, number=now)
    assert answer[0] == "match"
    assert "对纸上的存证和今天的日志接得上：从第1条到第265条" in lines(answer)
    assert "日志第264条说的就是它" in lines(answer)
    assert ask(reader, number=before)[0] == "old"
    assert ask(reader, number=now.partition("#")[2])[0] == "match"
    wrong = now.replace(root, root[::-1])
    for text, says in (
        (wrong, "不对纸上的存证和今天的日志接不上"),
        (now.replace("#265.", "#266."), "不对纸上的存证和今天的日志接不上"),
        (now.replace("#265.", "#999."), "不对纸上记着日志有999条，今天只有267条"),
    ):
        answer = ask(reader, number=text)
        assert (answer[0], says in lines(answer)) == ("differs", True), text


# -- what differs ----------------------------------------------------------------------------------


def test_each_thing_changed_on_the_board_is_named(board, reader):
    sealed, facts = board / f"i/{A}/v2.json", board / f"i/{A}/v2.log.json"
    tile, checkpoint = board / "log/tile/1/000.p/1", board / "log/checkpoint"
    edge = board / "log/tile/0/001.p/11"
    salt = json.loads(facts.read_bytes())["salt"].encode()
    note = checkpoint.read_bytes()
    root = note.split(b"\n")[2]
    other = b"B" if root.startswith(b"A") else b"A"
    cosigned = board / "log/cosigned/001"
    signed = cosigned.read_bytes().split(b" n.test/log/witness ")[1].split(b"\n")[0]
    for file, before, after, says in (
        (sealed, "10月".encode(), "11月".encode(), "原文和封存时的指纹不一致"),
        (facts, salt, salt[::-1], "日志第264条说的不是它"),
        (facts, b"2026-11-23T", b"2026-11-01T", "日志第264条说的不是它"),
        (tile, tile.read_bytes()[:32], bytes(32), "算不出签了名的总指纹"),
        (edge, edge.read_bytes()[:32], bytes(32), "算不出签了名的总指纹"),
        (edge, edge.read_bytes()[:32], b"", "算不出签了名的总指纹"),
        (checkpoint, b"\n267\n", b"\n268\n", "检查点的签名是假的"),
        (checkpoint, root, other + root[1:], "检查点的签名是假的"),
        (
            checkpoint,
            b"\xe2\x80\x94 test.invalid/log",
            b"\xe2\x80\x94 other.invalid/log",
            "没有test",
        ),
        (checkpoint, b"\n\n", b"\n", "检查点读不懂"),
        (cosigned, signed, signed[:40] + signed[40:80][::-1] + signed[80:], "联署人n.test"),
        (cosigned, b"\n265\n", b"\n266\n", "检查点的签名是假的"),
    ):
        with changed(file, before, after):
            answer = ask(reader, number=A)
        assert (answer[0], says in lines(answer)) == ("differs", True), (file, answer)
    assert ask(reader, number=A)[0] == "match"


def test_each_thing_changed_in_a_file_is_named(board, reader):
    sealed = (board / f"i/{A}/v2.json").read_bytes()
    answer = ask(reader, file=sealed.replace("10月".encode(), "11月".encode()))
    assert (answer[0], "原文和封存时的指纹不一致" in lines(answer)) == ("differs", True)
    answer = ask(reader, file=flipped(LIST, -1), name="清单.pdf")
    assert (answer[0], "没有“清单.pdf”" in lines(answer)) == ("missing", True)
    answer = ask(reader, number=A, text=NEWER.replace("验收", "检查"))
    assert answer[0] == "differs"
    assert "您贴的文字从第25个字起和封存的正文不同。" in lines(answer)
    assert "您的：“部完工，逐处检查。”；封存的：“部完工，逐处验收。”" in lines(answer)
    good = gather(item_commands._folder(board), A)
    proof = good.proof.replace("index 264", "index 263")
    for bundle, says in (
        (good.encode().replace("10月".encode(), "11月".encode()), "原文和封存时的指纹不一致"),
        (good.encode().replace(b'"version":2', b'"version":1'), "日志第264条说的不是它"),
        (good.encode().replace(b'"version":2', b'"version": 2'), "证明文件读不懂"),
        (Bundle(good.facts, good.sealed, proof, "", "").encode(), "日志第264条说的不是它"),
        (good.encode()[:-1], "没有“file.json”"),
    ):
        answer = ask(reader, file=bundle)
        assert says in lines(answer), answer
        assert answer[0] in {"differs", "missing"}


# -- what is not here, or no more ------------------------------------------------------------------


def test_what_is_gone_or_elsewhere_or_unknown_says_so(board, reader):
    signer = Signer.generate("elsewhere.invalid/log")
    good = gather(item_commands._folder(board), A)
    text, _, _ = good.proof.partition("\n\n")
    other = signer.sign(good.proof.split("\n\n")[1].replace("test.", "elsewhere.") + "\n")
    foreign = Bundle(good.facts, good.sealed, f"{text}\n\n{other}", "", "").encode()
    for held, state, says in (
        ({"number": W}, "gone", "青溪-QT-2026-9已经撤回"),
        ({"number": "青溪-QT-2026-9"}, "gone", "青溪-QT-2026-9已经撤回"),
        ({"number": E}, "gone", "已经依法清除"),
        ({"number": address(9)}, "missing", "没有编号是"),
        ({"text": "没有公开过的一段文字，二十个字以上的一段文字。"}, "missing", "没有哪一件"),
        ({"file": FORM, "name": "表.pdf"}, "several", "有2件都对得上"),
        ({"number": f"https://elsewhere.invalid/i/{A}"}, "cannot", "属于elsewhere.invalid"),
        ({"file": foreign}, "cannot", "另一个日志elsewhere.invalid/log"),
        ({}, "cannot", "请选一个文件"),
    ):
        answer = ask(reader, **held)
        assert (answer[0], says in lines(answer)) == (state, True), (held, answer)
    ask(reader, number=A, text=TEXT)
    assert answered(reader)[0] == "old"


def test_without_the_log_nothing_is_claimed(board, reader):
    (board / "log/checkpoint").rename(board / "log/away")
    answer = ask(reader, number=A)
    (board / "log/away").rename(board / "log/checkpoint")
    assert (answer[0], "没有取到本站的/log/checkpoint" in lines(answer)) == ("cannot", True)
    reader.context.set_offline(True)
    answer = ask(reader, number=A)
    reader.context.set_offline(False)
    assert (answer[0], "请看网络是否连着" in lines(answer)) == ("cannot", True)
    assert reader.locator("text=保存证明文件").count() == 0


AXE = """async () => {
    const found = await axe.run(document, {resultTypes: ['violations']})
    return found.violations.flatMap(each => each.nodes.map(node => `${each.id} ${node.html}`))
}"""


@pytest.mark.parametrize("root", ["", "/en"], ids=["chinese", "english"])
def test_every_answer_is_accessible_and_fits_a_narrow_screen(here, page, root):
    page.set_viewport_size({"width": 320, "height": 900})
    page.goto(f"{here}{root}/verify/")
    page.evaluate(Path(AXE_FILE_PATH).read_text("utf-8"))
    page.check("#mode-text")
    wrong = []
    for held in (
        {"number": A},
        {"number": A, "text": "别的话"},
        {"number": W},
        {"number": "x"},
        {},
    ):
        state = ask(page, **held)[0]
        wrong += [f"{state}: {fault}" for fault in page.evaluate(AXE)]
        over = page.evaluate("document.documentElement.scrollWidth - innerWidth")
        wrong += [f"{state}: {over} px too wide"] if over > 0 else []
    assert wrong == []


def test_a_file_is_dropped_and_the_rest_is_done_by_keyboard(here, page):
    page.goto(f"{here}/verify/")
    page.evaluate(
        """data => {
            const held = new DataTransfer()
            held.items.add(new File([data], 'list.pdf'))
            const drop = new DragEvent('drop', {dataTransfer: held, bubbles: true})
            document.querySelector('#check form').dispatchEvent(drop)
        }""",
        LIST.decode(),
    )
    assert answered(page)[0] == "match"
    page.focus("[name=number]")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert page.locator("#result > *").count() == 0
    page.focus("[name=number]")
    page.keyboard.type(A)
    page.keyboard.press("Enter")
    assert answered(page)[0] == "match"
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.innerText") == "看这一件"


# -- other browsers --------------------------------------------------------------------------------

# RFC 8032, section 7.1: key, message, signature.
RFC_8032 = [
    (
        "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
        "",
        "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46b"
        "d25bf5f0595bbe24655141438e7a100b",
    ),
    (
        "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
        "72",
        "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c"
        "387b2eaeb4302aeeb00d291612bb0c00",
    ),
    (
        "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025",
        "af82",
        "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc659"
        "4a7c15e9716ed28dc027beceea1ec40a",
    ),
    (
        "ec172b93ad5e563bf4932c70e1245034c35467ef2efd4d64ebf819683467e2bf2",
        "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a"
        "2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f",
        "dc2a4459e7369633a52b1bf277839a00201009a3efbf3ecb69bea2186c26b58909351fc9ac90b3ecfdfbc7c66431e030"
        "3dca179c138ac17ad9bef1177331a704",
    ),
]
OWN = """async vectors => {
    const own = gongkai.sums, wrong = [], hex = gongkai.prove.hex
    const bytes = text => Uint8Array.from(text.match(/../g) || [], pair => parseInt(pair, 16))
    for (const vector of vectors) {
        const [key, message, signature] = vector.map(bytes)
        if (!own.ed25519(key, signature, message)) wrong.push(vector)
        for (const part of [key, signature]) {
            part[3] ^= 4
            if (own.ed25519(key, signature, message)) wrong.push(['forged', ...vector])
            part[3] ^= 4
        }
        const large = signature.slice()  // s + L is the same number modulo L, and is refused
        const order = (1n << 252n) + 27742317777372353535851937790883648493n
        let s = order
        for (let at = 63; at > 31; at -= 1) s += BigInt(signature[at]) << BigInt(8 * (at - 32))
        for (let at = 32; at < 64; at += 1, s >>= 8n) large[at] = Number(s & 255n)
        if (own.ed25519(key, large, message)) wrong.push(['malleable', ...vector])
    }
    for (const length of [0, 1, 55, 56, 63, 64, 111, 112, 119, 128, 1000]) {
        const data = Uint8Array.from({length}, (_, at) => at * 7)
        for (const [name, sum] of [['SHA-256', own.sha256], ['SHA-512', own.sha512]]) {
            const theirs = new Uint8Array(await crypto.subtle.digest(name, data))
            if (hex(sum(data)) !== hex(theirs)) wrong.push([name, length])
        }
    }
    return wrong
}"""


def test_our_own_sums_are_those_of_the_standards(reader):
    assert reader.evaluate(OWN, RFC_8032) == []


def test_without_the_browser_s_own_sums_all_is_the_same(board, here, page):
    page.add_init_script("Object.defineProperty(crypto, 'subtle', {value: undefined})")
    page.goto(f"{here}/verify/#{A}")
    assert answered(page)[0] == "match"
    with changed(board / "log/checkpoint", b"\n267\n", b"\n268\n"):
        assert "签名是假的" in lines(ask(page, number=A))


def test_a_browser_without_ed25519_uses_ours(here, page):
    page.add_init_script(
        "crypto.subtle.importKey = async () => { throw new DOMException('', 'NotSupportedError') }"
    )
    page.goto(f"{here}/verify/#{A}")
    assert answered(page)[0] == "match"


def test_a_picture_of_the_code_is_read_where_the_browser_can(here, page):
    code = f"{settings.BOARD_URL}/i/{A}"
    page.add_init_script(
        f"window.BarcodeDetector = class {{ async detect() {{ return [{{rawValue: '{code}'}}] }} }}"
    )
    page.goto(f"{here}/verify/")
    assert page.is_visible("text=也可以选一张拍下二维码的照片。")
    picture = page.screenshot()
    payload = {"name": "code.png", "mimeType": "image/png", "buffer": picture}
    page.set_input_files("[name=file]", payload)
    page.click("#check form .btn >> nth=0")
    assert answered(page)[0] == "match"


def test_without_script_the_page_says_how_to_check_by_hand(here, browser):
    with browser.new_context(java_script_enabled=False) as context:
        page = context.new_page()
        page.goto(f"{here}/verify/")
        assert not page.is_visible("#check form")
        page.click("#by-hand a")
        assert page.url == f"{here}/help/verify"
