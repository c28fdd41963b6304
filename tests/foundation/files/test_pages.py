"""A file becomes pages within limits, or a clear state; nothing that a stranger made hangs us."""

import io
import os
import zlib
from itertools import pairwise
from struct import pack

import openpyxl
import pytest
from PIL import Image

from gongkai.foundation.core import canonical
from gongkai.foundation.files import storage
from gongkai.foundation.files.pages import limited, preparing, sheets
from gongkai.foundation.files.pages.sheets import Heading, Sheet
from gongkai.foundation.files.pages.store import Head, Rendition

from . import made

pytestmark = pytest.mark.usefixtures("home")

LOCK = f"/Encrypt <</Filter /Standard /V 1 /R 2 /O <{'41' * 32}> /U <{'42' * 32}> /P -4>>"


def placed(data):
    digest = canonical.digest(data)
    path = storage.path(digest)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    return digest


def read(data, extension, seconds=60.0):
    digest = placed(data)
    return Rendition(digest), preparing.advance(digest, extension, seconds)


def workbook():
    book = openpyxl.Workbook()
    book.active.title = "名单"
    for row in range(250):
        book.active.append([f"第{row}户", row, None])
    hidden = book.create_sheet("草稿")
    hidden.append(["不给人看"])
    hidden.sheet_state = "hidden"
    book.create_sheet("空的")
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def huge_picture():
    """A PNG of a few hundred bytes that says it is 40,000 by 40,000 pixels."""

    def part(name, data):
        return pack(">I", len(data)) + name + data + pack(">I", zlib.crc32(name + data))

    head = part(b"IHDR", pack(">IIBBBBB", 40_000, 40_000, 8, 0, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + head + part(b"IDAT", zlib.compress(b"\0")) + part(b"IEND", b"")


def test_a_pdf_gives_pictures_places_contents_and_text():
    data = made.pages(
        ["Water works of this winter", "and spring."],
        ["Second page"],
        outline=[("Works", 0), ("More", 1)],
    )
    stored, head = read(data, "pdf")
    contents = (Heading(0, "Works", 1), Heading(0, "More", 2))
    assert head == Head("pages", 2, contents, 0, "")
    assert stored.head() == head
    page = stored.sheet(1)
    assert [line.text for line in page.lines] == ["Water works of this winter", "and spring."]
    first, second = page.lines
    assert (first.left, first.begins, second.begins) == (second.left, True, False)
    assert 800 < first.top < second.top < 1100
    assert page.paper == (210, 297)
    assert [(each.width, each.height) for each in page.pictures] == [(900, 1273), (1600, 2264)]
    assert stored.text.read_text() == "Water works of this winter\nand spring.\n\fSecond page\n"
    with Image.open(stored.picture(page.pictures[0].digest)) as shown:
        assert (shown.format, shown.size) == ("WEBP", (900, 1273))


def test_a_scan_has_no_words_and_says_so():
    _stored, head = read(made.scan(2), "pdf")
    assert (head.pages, head.wordless) == (2, 2)


def test_what_is_made_is_kept_when_the_time_is_over_and_not_made_again(monkeypatch):
    monkeypatch.setattr(preparing, "PORTION", 2)
    data = made.scan(5, (60, 80))
    stored, head = read(data, "pdf", seconds=0)
    assert head is None
    assert list(stored.missing(5)) == [3, 4, 5]
    stored.keep(1, Sheet(title="made before"))
    stored.keep(4, Sheet(title="made before"))
    while head is None:
        head = preparing.advance(stored.digest, "pdf", 0)
    assert head.pages == 5
    assert [n for n in range(1, 6) if stored.sheet(n).title] == [1, 4]


def test_a_page_without_end_costs_its_time_and_no_other_page(monkeypatch):
    monkeypatch.setattr(limited, "SECONDS", 1)
    stored, head = read(made.endless(), "pdf", seconds=0)
    assert head is None
    while head is None:
        head = preparing.advance(stored.digest, "pdf", 0)
    assert (head.pages, head.trouble) == (3, "")
    assert [stored.sheet(n).failed for n in (1, 2, 3)] == [False, True, False]


def test_a_file_of_such_pages_is_given_up(monkeypatch):
    monkeypatch.setattr(limited, "SECONDS", 1)
    monkeypatch.setattr(preparing, "FAILED_LIMIT", 0)
    _stored, head = read(made.endless(before=0), "pdf")
    assert head.trouble == "broken"


@pytest.mark.parametrize(
    ("data", "extension", "trouble"),
    [
        (made.pdf(), "pdf", "broken"),
        (made.pages(["p"], more=f" {LOCK}"), "pdf", "locked"),
        (made.pages(*[["p"]] * 3001), "pdf", "long"),
        (huge_picture(), "png", "large"),
        (b"\xff\xd8\xff\xe0 JFIF \xff\xd9", "jpg", "broken"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "png", "broken"),
        (made.docx("<w:p>"), "docx", "broken"),
        (made.xlsx(["no workbook"]), "xlsx", "broken"),
        (made.package({"OFD.xml": "<ofd/>"}), "ofd", "unknown"),
    ],
)
def test_what_cannot_be_shown_has_a_clear_state(data, extension, trouble, monkeypatch):
    monkeypatch.setattr(limited, "office", lambda: "")
    stored, head = read(data, extension)
    assert head.trouble == trouble
    assert stored.head() == head
    assert [path.name for path in stored.folder.glob("sheets/*")] == []


def test_a_page_of_ten_metres_is_shown_small_and_says_so():
    stored, head = read(made.pages(["banner"], size=(28346, 600)), "pdf")
    page = stored.sheet(1)
    assert head.pages == 1
    assert (page.paper, page.enormous) == ((10_000, 212), True)
    assert page.pictures[-1].width == 1600


def test_a_picture_is_drawn_anew_without_what_was_hidden_in_it():
    told = Image.Exif()
    told[0x0112] = 6  # turned by a quarter
    told[0x010E] = "taken at home"
    data = made.picture((40, 30), "JPEG", exif=told)
    assert b"taken at home" in data
    stored, head = read(data, "jpg")
    (picture,) = stored.sheet(1).pictures
    assert (head.kind, picture.width, picture.height) == ("picture", 30, 40)
    assert b"taken" not in stored.picture(picture.digest).read_bytes()


def test_a_workbook_becomes_tables_that_can_be_heard():
    stored, head = read(workbook(), "xlsx")
    assert (head.kind, head.pages, head.contents) == ("table", 3, ())
    last = stored.sheet(3)
    assert last.title == "名单"
    assert last.html.startswith('<table><thead><tr><th scope="col">第0户</th>')
    assert last.html.endswith("<td>第249户</td><td>249</td></tr></tbody></table>")
    assert "不给人看" not in stored.text.read_text("utf-8")


def test_a_text_document_becomes_headings_lists_and_paragraphs(monkeypatch):
    monkeypatch.setattr(limited, "office", lambda: "")
    heading = made.paragraph("第一章", "Heading1")
    styles = (
        '<w:styles xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main">'
        '<w:style w:type="paragraph" w:styleId="Heading1"><w:name w:val="heading 1"/></w:style>'
        "</w:styles>"
    )
    long = ["决定" * 500] * 9
    data = made.docx(heading, "甲村&lt;script&gt;", *long, parts={"word/styles.xml": styles})
    stored, head = read(data, "docx")
    assert (head.kind, head.pages, head.contents) == ("text", 3, (Heading(0, "第一章", 1),))
    assert stored.sheet(1).html.startswith("<h2>第一章</h2>\n<p>甲村&lt;script&gt;</p>\n<p>决定")


@pytest.mark.skipif(not limited.office(), reason="LibreOffice is not installed")
def test_libreoffice_turns_a_document_into_pages():
    stored, head = read(made.docx("甲村", "乙村"), "docx")
    assert (head.kind, head.pages) == ("pages", 1)
    assert "甲村" in stored.text.read_text("utf-8")


def test_nothing_is_taken_from_a_child_that_lies():
    stored = Rendition("ab" * 32)
    work = stored.work
    (work / "1.json").write_text('{"html": "<p onclick=x>a<script>b</script><img src=//c>"}')
    (work / "2.json").write_text(f'{{"pictures": [[1, 1, "{"cd" * 32}"]]}}')
    (work / ("cd" * 32)).write_bytes(b"<html>not a picture</html>")
    (work / "3.json").write_text('{"pictures": [[1, 1, "../../../etc/passwd"]]}')
    (work / "4.json").write_text('{"lines": [[-5, 1, 99999, 2, "a\\u0000b", true]]}')
    assert [stored.take_over(n) for n in (1, 2, 3, 4, 5)] == [True, False, False, True, False]
    assert stored.sheet(1).html == "<p>a<img></p>"
    assert stored.sheet(4).lines == (sheets.Line(0, 1, sheets.WHOLE, 2, "ab", True),)


def test_lines_run_on_as_their_language_does():
    lines = [(0, "水利设施"), (30, "管护"), (60, "of the"), (90, "village"), (91, "12")]
    placed = tuple(sheets.Line(0, top, 9, 20, text, top == 0) for top, text in lines)
    ((first, *others),) = Sheet(lines=placed).paragraphs
    joints = [joint for _line, joint in (first, *others)]
    assert joints == ["", "", " ", " ", ""]
    assert all(one.top <= other.top for one, other in pairwise(placed))


def test_an_unfinished_rendition_says_nothing():
    stored = Rendition("ab" * 32)
    assert stored.head() is None
    assert not stored.destroy()
    with pytest.raises(ValueError, match="not a digest"):
        Rendition(f"..{os.sep}x")
