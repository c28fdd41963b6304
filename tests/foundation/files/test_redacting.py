"""What was covered is nowhere in the new file: all that can be got out of it is looked at."""

import io
import re
import zlib
from datetime import UTC, datetime

import pypdfium2
import pytest
from PIL import Image, ImageDraw

from gongkai.foundation.core.errors import Refused
from gongkai.foundation.files import kinds, redacting
from gongkai.foundation.files.redacting import Place, Redacting

from . import made

AT = datetime(2026, 11, 26, 4, tzinfo=UTC)
NUMBER = "110101199003078515"
WHITE, BLACK = (255, 255, 255), (0, 0, 0)


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "redacting"


def started(tmp_path, folder, data, extension):
    source = tmp_path / f"source.{extension}"
    source.write_bytes(data)
    return Redacting(source, extension, folder)


def copy_of(work, *places):
    boxes = {}
    for each in places:
        boxes.setdefault(each.page, []).append([each.left, each.top, each.right, each.bottom])
    pages, done = work.begin(boxes), 0
    while done < pages:
        done = work.advance(pages)
    return work.finished(pages, AT)


def everything_in(data):
    """The bytes as they are, and every stream of them unpacked."""
    found = [data]
    for stream in re.findall(rb"stream\r?\n(.*?)\r?\nendstream", data, re.S):
        try:
            found.append(zlib.decompressobj().decompress(stream))
        except zlib.error:
            found.append(stream)
    return b"\0".join(found)


def text_of(data):
    return [page.get_textpage().get_text_range() for page in pypdfium2.PdfDocument(data)]


def hidden_pdf():
    """A number in the text, in the outline, in the title, in a note, and in a file within."""
    lines = [f"Applicant {NUMBER} of the village", "Water works"]
    more = f"/Info <</Title ({NUMBER}) /Author ({NUMBER})>>"
    return made.pages(lines, ["Second page"], outline=[(f"No {NUMBER}", 0)], more=more)


def test_nothing_of_what_was_covered_can_be_got_out_of_the_copy(tmp_path, folder):
    work = started(tmp_path, folder, hidden_pdf(), "pdf")
    places = work.find(NUMBER)
    assert [each.page for each in places] == [1]
    data, extension = copy_of(work, *places)
    assert extension == "pdf"
    first, second = text_of(data)
    assert first.split() == ["Applicant", "of", "the", "village", "Water", "works"]
    assert second.strip() == "Second page"
    whole = everything_in(data)
    assert NUMBER.encode() not in whole
    assert NUMBER.encode("utf-16-be") not in whole
    document = pypdfium2.PdfDocument(data)
    assert document.get_metadata_dict(skip_empty=True)["Title"] == redacting.TITLE
    assert NUMBER not in str(document.get_metadata_dict())
    assert (list(document.get_toc()), document.count_attachments()) == ([], 0)
    source = tmp_path / "copy.pdf"
    source.write_bytes(data)
    assert kinds.recognise(source).extension == "pdf"


def test_the_place_is_black_and_the_rest_as_it_was(tmp_path, folder):
    work = started(tmp_path, folder, hidden_pdf(), "pdf")
    [place] = work.find(NUMBER)
    data, _extension = copy_of(work, place)
    before, after = (
        pypdfium2.PdfDocument(each)[0].render(scale=2).to_pil().convert("RGB")
        for each in (hidden_pdf(), data)
    )
    assert before.size == after.size
    box = [
        place.left * after.width // 10_000,
        place.top * after.height // 10_000,
        place.right * after.width // 10_000,
        place.bottom * after.height // 10_000,
    ]
    covered = after.crop(box)
    assert max(high for _low, high in covered.getextrema()) < 40
    assert any(low < 100 for low, _high in before.crop((0, 0, box[0], before.height)).getextrema())
    beside = after.crop((0, box[3] + 4, after.width, after.height)).convert("L")
    then = before.crop((0, box[3] + 4, after.width, after.height)).convert("L")
    dark = [sum(each.histogram()[:128]) for each in (then, beside)]
    assert abs(dark[0] - dark[1]) < 0.25 * dark[0]


def test_a_box_over_a_part_of_a_letter_takes_the_whole_letter_from_the_text(tmp_path, folder):
    work = started(tmp_path, folder, made.pages(["AAAA BBBB"]), "pdf")
    [place] = work.find("BBBB")
    half = Place(1, place.left, (place.top + place.bottom) // 2, place.right, place.bottom)
    data, _extension = copy_of(work, half)
    assert text_of(data)[0].strip() == "AAAA"


def test_words_are_found_over_the_end_of_a_line(tmp_path, folder):
    work = started(tmp_path, folder, made.pages(["number 1101011990", "03078515 and more"]), "pdf")
    places = work.find(NUMBER)
    assert len(places) == 2
    assert places[0].bottom <= places[1].top
    assert work.find("nowhere") == work.find("  ") == []


def test_a_picture_is_drawn_anew_without_what_it_carried(tmp_path, folder):
    image = Image.new("RGB", (200, 100), "white")
    ImageDraw.Draw(image).text((20, 40), NUMBER, fill="black")
    exif = Image.Exif()
    exif[0x010E] = NUMBER  # its description
    target = io.BytesIO()
    image.save(target, "JPEG", exif=exif, comment=NUMBER.encode(), icc_profile=NUMBER.encode())
    work = started(tmp_path, folder, target.getvalue(), "jpg")
    data, extension = copy_of(work, Place(1, 1_000, 3_000, 9_000, 7_000))
    assert extension == "png"
    with Image.open(io.BytesIO(data)) as shown:
        assert (shown.size, shown.info, dict(shown.getexif())) == ((200, 100), {}, {})
        assert shown.crop((20, 30, 180, 70)).getextrema() == ((0, 0),) * 3
        assert shown.getpixel((5, 5)) == WHITE
    assert NUMBER.encode() not in everything_in(data)


def test_a_turned_page_is_covered_where_the_reader_sees_the_words(tmp_path, folder):
    data = made.pages([f"No {NUMBER}"]).replace(
        b"/Type /Page /Parent", b"/Rotate 90 /Type /Page /Parent"
    )
    document = pypdfium2.PdfDocument(data)
    assert document[0].get_rotation() == 90
    work = started(tmp_path, folder, data, "pdf")
    places = work.find(NUMBER)
    copied, _extension = copy_of(work, *places)
    assert NUMBER not in text_of(copied)[0]
    shown = pypdfium2.PdfDocument(copied)[0]
    assert [round(edge) for edge in shown.get_size()] == [842, 595]
    assert shown.get_rotation() == 0
    image = shown.render(scale=1).to_pil().convert("L")
    [place] = places
    box = [
        round(edge * size / 10_000)
        for edge, size in zip(
            (place.left, place.top, place.right, place.bottom), image.size * 2, strict=True
        )
    ]
    assert image.crop(box).getextrema()[0] < 10
    assert sum(image.crop(box).histogram()[:60]) > 0.8 * (box[2] - box[0]) * (box[3] - box[1])


def test_going_on_after_a_kill_makes_the_same_file(tmp_path, folder, monkeypatch):
    monkeypatch.setattr(redacting, "PORTION", 1)
    work = started(tmp_path, folder, hidden_pdf(), "pdf")
    boxes = {1: [[0, 0, 5_000, 5_000]]}
    pages = work.begin(boxes)
    assert (pages, work.done(pages), work.advance(pages)) == (2, 0, 1)
    again = started(tmp_path, folder, hidden_pdf(), "pdf")
    assert (again.begin(boxes), again.done(2), again.advance(2)) == (2, 1, 2)
    assert again.finished(2, AT) == again.finished(2, AT)


@pytest.mark.parametrize(
    ("data", "extension", "said"),
    [
        (b"x", "docx", "这种文件不能直接遮盖。请另存为PDF，再上传遮盖。"),
        (b"%PDF-1.7 nothing", "pdf", "这个文件打不开：加了密、坏了，或者太大。请换一份再上传。"),
    ],
)
def test_what_cannot_be_covered_says_what_to_do(tmp_path, folder, data, extension, said):
    with pytest.raises(Refused) as refusal:
        started(tmp_path, folder, data, extension).begin({})
    assert refusal.value.obstacles == [said]


def test_too_many_pages_are_refused_before_anything_is_drawn(tmp_path, folder, monkeypatch):
    monkeypatch.setattr(redacting, "PAGES_LIMIT", 1)
    with pytest.raises(Refused) as refusal:
        started(tmp_path, folder, hidden_pdf(), "pdf").begin({})
    assert refusal.value.obstacles == ["这个文件有2页，一次最多遮盖1页。请分成几个文件。"]


def test_a_sign_without_a_font_costs_the_text_and_not_the_page(tmp_path, folder, monkeypatch):
    work = started(tmp_path, folder, hidden_pdf(), "pdf")
    real = redacting._composed

    def composed(pages, drawn, at):
        told = [
            {
                **each,
                "lines": [{**line, "text": f"\U000f0000{line['text']}"} for line in each["lines"]],
            }
            for each in pages
        ]
        return real(told, drawn, at)

    monkeypatch.setattr(redacting, "_composed", composed)
    data, _extension = copy_of(work, Place(1, 0, 0, 10, 10))
    assert (len(pypdfium2.PdfDocument(data)), text_of(data)) == (2, ["", ""])
