"""An attachment is read page by page, says honestly when it cannot be, and goes with its item."""

import io
from datetime import UTC, datetime

import pytest
from axe_playwright_python.sync_playwright import Axe
from tests.foundation.files import made
from tests.foundation.files.drawn import remembered
from tests.surfaces.board.office import pages, says

from gongkai.foundation.files import intake, workflow
from gongkai.foundation.files import jobs as files
from gongkai.foundation.files.pages.store import Rendition
from gongkai.surfaces.board import build, jobs, rendering

A, B = "A000000001", "B000000002"
NOW = datetime(2026, 11, 23, 4, 0, tzinfo=UTC)


def kept(office, data, title="附件1", extension="pdf", read=True):
    """An attachment as the desk takes it in, and as the worker leaves it."""
    stored = intake.keep(io.BytesIO(data), title)

    def draw():
        while workflow.Reading.objects.get(file=stored).state == "waiting":
            files.read.call(stored.digest)

    if read:
        remembered(stored.digest, draw)
    return office.attachment(data, title, extension)


def text(count):
    outline = [("Start", 0), ("End", count - 1)]
    return made.pages(*([f"page {n} of {count}"] for n in range(1, count + 1)), outline=outline)


def of(file):
    return f"i/{A}/{file['digest'][:16]}"


def test_twelve_pages_stand_in_two_parts_with_text_contents_and_pictures(qingxi_board):
    file = kept(qingxi_board, text(12))
    qingxi_board.release(A, attachments=[file])
    qingxi_board.go()
    at = of(file)
    first, second = qingxi_board.page(f"{at}.html"), qingxi_board.page(f"{at}/2.html")
    assert first.count('class="sheet"') == 10
    assert second.count('class="sheet"') == 2
    assert f'<a rel="next" href="/{at}/2">后面：第11至12页</a>' in first
    assert f'<li data-depth="0"><a href="/{at}/2#p12">End</a></li>' in first
    assert f'<a rel="prev" href="/{at}">前面：第1至10页</a>' in second
    assert '<section class="sheet" id="p12"' in second
    assert "page 12 of 12</span>" in second
    assert "Pages 1 to 10" in qingxi_board.page(f"en/{at}/2.html")
    assert (qingxi_board.home.board / at / "text.txt").read_text().split("\f")[11] == (
        "page 12 of 12\n"
    )
    assert (qingxi_board.home.board / at / "text.txt.br").exists()
    pictures = sorted(path.name for path in (qingxi_board.home.board / at).glob("*.webp*"))
    assert len(pictures) == 24
    assert all(
        f'"/{at}/{name} ' in first + second or f" /{at}/{name} " in first + second
        for name in pictures
    )
    item = qingxi_board.page(f"i/{A}.html")
    assert f'<a href="/{at}" aria-label="在线看 附件1">在线看</a>' in item
    assert "共12页" in item


def test_a_rebuild_writes_the_same_bytes_and_knows_every_file(qingxi_board):
    file = kept(qingxi_board, text(2))
    qingxi_board.release(A, attachments=[file])
    qingxi_board.go()
    before = pages(qingxi_board.home.board)
    assert build.build().changed == 0
    assert pages(qingxi_board.home.board) == before
    for path in before:
        if not path.endswith((".br", ".gz")):
            assert rendering.manifest().known([path])


def test_a_file_that_is_not_ready_says_so_and_is_followed_when_it_is(qingxi_board):
    file = kept(qingxi_board, text(1), read=False)
    qingxi_board.release(A, attachments=[file])
    qingxi_board.release(B)
    qingxi_board.go()
    page = qingxi_board.page(f"{of(file)}.html")
    assert "在线看的页面还没有做好" in page
    assert f'href="/files/{A}/{file["digest"][:16]}.pdf" download' in page
    assert jobs.follow_readings(NOW) == 0
    other = (qingxi_board.home.board / f"i/{B}.html").stat().st_ctime_ns
    files.read.call(file["digest"])
    files.number(NOW)
    assert jobs.follow_readings(NOW) == 1
    assert "page 1 of 1" in qingxi_board.page(f"{of(file)}.html")
    assert jobs.follow_readings(NOW) == 0
    assert (qingxi_board.home.board / f"i/{B}.html").stat().st_ctime_ns == other


def test_what_cannot_be_read_has_its_sentence_on_both_pages(qingxi_board):
    file = kept(qingxi_board, made.pdf(), title="../../<b>附件</b>.svg")
    qingxi_board.release(A, attachments=[file])
    qingxi_board.go()
    sentence = "这个文件已经损坏或者不合规范，画不出来，不能在线看。"
    assert sentence in qingxi_board.page(f"i/{A}.html")
    assert ">在线看</a>" not in qingxi_board.page(f"i/{A}.html")
    assert f"{sentence}请下载原件来看。" in qingxi_board.page(f"{of(file)}.html")
    assert "<b>附件" not in qingxi_board.page(f"{of(file)}.html")


def test_a_withdrawal_takes_pages_pictures_and_text_at_once(qingxi_board):
    file = kept(qingxi_board, text(12))
    qingxi_board.release(A, attachments=[file])
    qingxi_board.go()
    assert len(says(qingxi_board.home.board, "page 12 of 12")) == 4
    qingxi_board.withdraw(A)
    jobs.remove()
    stands = [path for path in pages(qingxi_board.home.board) if file["digest"][:16] in path]
    assert stands == []
    assert says(qingxi_board.home.board, "page 12 of 12") == []
    assert Rendition(file["digest"]).head()


def test_a_correction_drops_the_pages_of_a_file_it_no_longer_has(qingxi_board):
    old, new = kept(qingxi_board, text(1)), kept(qingxi_board, text(2))
    first = qingxi_board.release(A, attachments=[old])
    qingxi_board.go()
    qingxi_board.release(A, attachments=[new], note="换了附件。")
    qingxi_board.go()
    assert qingxi_board.has(f"{of(old)}.html")
    type(first).objects.filter(pk=first.pk).update(closed_at=NOW)
    qingxi_board.go()
    assert not qingxi_board.has(f"{of(old)}.html")
    assert not (qingxi_board.home.board / of(old)).exists() or not any(
        (qingxi_board.home.board / of(old)).iterdir()
    )
    assert qingxi_board.has(f"{of(new)}.html")


def test_an_answer_does_not_lay_out_the_attachment_again(qingxi_board, monkeypatch):
    file = kept(qingxi_board, text(1))
    qingxi_board.release(A, attachments=[file])
    qingxi_board.go()
    monkeypatch.setattr("gongkai.surfaces.board.reading.view", None)  # would fail if it were asked
    qingxi_board.answer(A, item=A)
    qingxi_board.go()
    assert "石桥村的三号渠" in qingxi_board.page(f"i/{A}.html")
    assert qingxi_board.has(f"{of(file)}.html")


def test_a_lost_picture_is_reported_and_the_rest_stands(qingxi_board, caplog):
    file = kept(qingxi_board, text(1))
    made_of = Rendition(file["digest"])
    made_of.picture(made_of.sheet(1).pictures[0].digest).unlink()
    qingxi_board.release(A, attachments=[file])
    qingxi_board.go()
    assert "is missing from the store" in caplog.text
    assert "page 1 of 1" in qingxi_board.page(f"{of(file)}.html")


@pytest.mark.browser
def test_reading_with_script_and_without(site, office, page, browser):
    office.charter()
    file = kept(office, text(12))
    office.release(A, attachments=[file])
    office.go()
    page.goto(f"{site}/{of(file)}#p3")
    box = page.locator("#p3 [data-at]").bounding_box()
    picture = page.locator("#p3 img").bounding_box()
    assert picture["y"] < box["y"] < picture["y"] + picture["height"] / 8
    assert abs((box["x"] - picture["x"]) / picture["width"] - 72 / 595) < 0.01
    assert page.evaluate("getComputedStyle(document.querySelector('#p3 [data-at]')).color") == (
        "rgba(0, 0, 0, 0)"
    )
    page.get_by_label("在全文里找").fill("PAGE 12")
    page.get_by_role("button", name="找", exact=True).click()
    page.get_by_role("link", name="第12页").click()
    page.wait_for_url(f"**/{of(file)}/2#p12")
    assert page.locator("#p12 mark").text_content() == "page 12 of 12"
    assert page.locator("#p11 mark").count() == 0
    page.keyboard.press("ArrowLeft")
    page.wait_for_url("**#p11")
    page.get_by_role("button", name="看文字").click()
    assert not page.locator("#p11 img").is_visible()
    assert page.locator("#p11 [data-at]").is_visible()
    found = Axe().run(page).response["violations"]
    assert [violation["id"] for violation in found] == []
    plain = browser.new_context(java_script_enabled=False)
    reader = plain.new_page()
    reader.goto(f"{site}/{of(file)}")
    assert reader.locator("#p1 img").is_visible()
    assert reader.locator("#p1 [data-at]").is_visible()
    assert not reader.locator("[data-tools]").is_visible()
    reader.get_by_role("link", name="后面：第11至12页").first.click()
    assert reader.locator("#p12 [data-at]").text_content() == "page 12 of 12"
    plain.close()
