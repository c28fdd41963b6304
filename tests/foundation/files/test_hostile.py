"""Uploads are hostile until proven otherwise: what has been thought of, one by one."""

import io
import warnings
import zipfile
import zlib
from datetime import timedelta

import pytest
from PIL import Image

from gongkai.foundation.core import clock
from gongkai.foundation.core.errors import Refused
from gongkai.foundation.files import jobs, kinds, scanner, storage, workflow
from gongkai.foundation.files.models import Refusal, StoredFile

from . import made
from .clamd import EICAR, clamd

BROKEN = "文件打不开，可能没有传完整。请在自己的电脑上打开看看，另存一份，再传一次。"
ACTIVE = "PDF里有脚本、内嵌文件或可填的表单，没有收下。请用“打印成PDF”另存一份，再传一次。"
AROUND = "PDF的前面或者后面还接着别的内容，没有收下。请用“打印成PDF”另存一份。"
EMBEDDED = (
    "文件里嵌着别的文件（如图表背后的工作簿），没有收下。请把它改成图片，或单独作为附件，再传一次。"
)
PROGRAM = "文件里藏着程序，没有收下。"
ELSEWHERE = "文件里有通向别处的路径，没有收下。请用办公软件打开，另存一份，再传一次。"
TWICE = "文件里有两个同名的部分，不合规范，没有收下。请用办公软件打开，另存一份，再传一次。"
AWAY = "查毒程序现在用不了，文件没有收下。请过一会儿再传；一直这样，请告诉管理员。"


def verdict(data, folder):
    """The kind of these bytes, or why they are refused; no database needed."""
    path = folder / "upload"
    path.write_bytes(data)
    try:
        return kinds.recognise(path).extension
    except Refused as refused:
        return refused.obstacles[0]


def zipped(*parts):
    """A .docx with further members exactly as named, twice if so wanted."""
    target = io.BytesIO(made.docx("甲"))
    with warnings.catch_warnings(), zipfile.ZipFile(target, "a") as file:
        warnings.simplefilter("ignore")  # a name twice is the point
        for name, data in parts:
            file.writestr(zipfile.ZipInfo(name), data)
    return target.getvalue()


def object_stream(inner, head=b"/Filter /FlateDecode", packed=None):
    data = zlib.compress(inner) if packed is None else packed
    return b"5 0 obj <</Type /ObjStm %s>>\nstream\n" % head + data + b"\nendstream endobj"


SCRIPT = b"<</S /JavaScript /JS (x)>>"
BOMB = '<!DOCTYPE x [<!ENTITY a "aa"><!ENTITY b "&a;&a;">]><x>&b;</x>'
LOCAL = '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><x>&a;</x>'


@pytest.mark.parametrize(
    ("parts", "found"),
    [
        ([("../../etc/cron.d/x", b"x")], ELSEWHERE),
        ([("/etc/passwd", b"x")], ELSEWHERE),
        ([("C:\\Windows\\x.dll", b"x")], ELSEWHERE),
        ([("word/..\\..\\x", b"x")], ELSEWHERE),
        ([("word/document.xml", b"<x/>")], TWICE),
        ([("WORD/Document.xml", b"<x/>")], TWICE),
        ([("word/media/image9.png", made.docx("乙"))], EMBEDDED),
        ([("word/media/image9.png", made.compound("WordDocument"))], EMBEDDED),
        ([("word/media/image9.png", b"MZ\x90\0\x03")], PROGRAM),
        ([("word/odd.bin", BOMB)], BROKEN),
        ([("word/odd.bin", LOCAL.encode("utf-16"))], BROKEN),
        ([("word/odd.xml", '<?xml version="1.0"?>'.encode("cp037"))], BROKEN),
        ([("word/odd.xml", b'<?xml version="1.0" encoding="cp037"?><x/>')], BROKEN),
        ([("word/odd.xml", b'<?xml version="1.0" encoding="UTF-8"?><x/>')], "docx"),
    ],
)
def test_a_package_is_what_its_parts_are(parts, found, tmp_path):
    assert verdict(zipped(*parts), tmp_path) == found


@pytest.mark.parametrize(
    ("inner", "found"),
    [
        (b"<</S /SubmitForm /F (http://elsewhere.invalid)>>", ACTIVE),
        (b"<</OpenAction <</S /#4c#61unch>>>>", ACTIVE),
        (b"<</Open#41ction 9 0 R>>", ACTIVE),
        (b"<</Type /Annot /Subtype /FileAttachment>>", ACTIVE),
        (b"<</Names <</EmbeddedFiles 9 0 R>>>>", ACTIVE),
        (b"<</AcroForm <</XFA 9 0 R>>>>", ACTIVE),
        (b"<</OpenAction [3 0 R /Fit]>>", "pdf"),  # only where to begin reading
        (object_stream(SCRIPT), ACTIVE),
        (object_stream(b" " * 3_000_000 + SCRIPT), ACTIVE),
        (object_stream(SCRIPT, b"/X (%s)" % (b"x" * 5000)), ACTIVE),
        (object_stream(b"", b"/Filter [/ASCIIHexDecode /FlateDecode]", b"00>"), ACTIVE),
        (object_stream(SCRIPT, b"/Filter [/FlateDecode /FlateDecode]"), ACTIVE),
        (object_stream(SCRIPT, b"/X /FlateDecode /Filter 7 0 R"), ACTIVE),
        (object_stream(SCRIPT, b"/Filter /FlateDecode /DecodeParms <</Predictor 12>>"), ACTIVE),
        (object_stream(SCRIPT, b"/#46ilter /FlateDecode"), ACTIVE),
        (object_stream(b"", packed=b"no zlib"), BROKEN),
        (object_stream(b"\0" * 70_000_000), BROKEN),
        (object_stream(b"<</Type /Page>>"), "pdf"),
        (b"PK\x05\x06" + b"x" * 60_000, AROUND),
    ],
)
def test_a_pdf_hides_nothing(inner, found, tmp_path):
    assert verdict(made.pdf(inner), tmp_path) == found


def test_many_object_streams_take_no_time_that_grows(tmp_path):
    data = made.pdf(object_stream(b"<<>>") * 19_000)
    assert verdict(data, tmp_path) == "pdf"
    assert verdict(made.pdf(object_stream(b"<<>>") * 21_000), tmp_path) == ACTIVE


@pytest.mark.parametrize(
    ("data", "found"),
    [
        (b"<script>alert(1)</script>\n" + made.pdf(), AROUND),
        (b"\xef\xbb\xbf\r\n" + made.pdf(), "pdf"),
        (b"<!-- " + b"x" * 600 + b" --><svg onload=alert(1)>", "txt"),  # only ever plain text
        (made.docx("甲") + b"x" * 70_000, BROKEN),
    ],
)
def test_a_file_is_one_thing_only(data, found, tmp_path):
    assert verdict(data, tmp_path) == found


# -- with the store --------------------------------------------------------------------------------


@pytest.fixture
def keep(db, home):
    """Keep these bytes; the stored file, or the first sentence of the refusal."""

    def kept(data, name="材料"):
        try:
            return workflow.keep(io.BytesIO(data), name)
        except Refused as refused:
            return refused.obstacles[0]

    return kept


def test_a_picture_is_drawn_anew(keep):
    exif = Image.Exif()
    exif[0x0112], exif[0x010E] = 6, "家门口"
    came = made.picture((40, 30), "JPEG", exif=exif, comment=b"<?php") + b"PK\x03\x04 behind"
    stored = keep(came + b"\xff\xd9")
    data = storage.open(stored.digest).read()
    with Image.open(io.BytesIO(data)) as image:
        assert (image.format, image.size, dict(image.getexif())) == ("JPEG", (30, 40), {})
    assert [piece for piece in (b"php", b"PK", b"Exif", "家".encode()) if piece in data] == []
    assert keep(came + b"\xff\xd9") == stored
    assert keep(data) == stored
    assert StoredFile.objects.count() == 1


def test_a_png_keeps_its_pixels_and_nothing_else(keep):
    from PIL.PngImagePlugin import PngInfo

    told = PngInfo()
    told.add_text("Author", "somebody")
    came = made.picture((40, 30), pnginfo=told)
    data = storage.open(keep(came).digest).read()
    assert b"somebody" in came
    assert b"somebody" not in data
    with Image.open(io.BytesIO(came)) as before, Image.open(io.BytesIO(data)) as after:
        assert before.tobytes() == after.tobytes()


def test_a_picture_of_a_billion_pixels_is_refused(keep):
    def part(kind, inner):
        whole = kind + inner
        return len(inner).to_bytes(4, "big") + whole + zlib.crc32(whole).to_bytes(4, "big")

    head = part(b"IHDR", b"\0\0\x9c\x40\0\0\x9c\x40\x08\x02\0\0\0")
    data = b"\x89PNG\r\n\x1a\n" + head + part(b"IDAT", zlib.compress(b"\0")) + part(b"IEND", b"")
    assert keep(data) == ("“材料”：图像太大（超过6,000万个像素），没有收下。请缩小以后再传一次。")


def test_a_name_is_told_without_tricks(keep):
    assert keep(b"", "\u202efdp.\x07\u200b工资exe\n.doc") == (
        "“fdp.工资exe.doc”：文件是空的。请打开看看内容是否保存了，再传一次。"
    )


def test_every_refusal_is_noted_and_only_harm_is_set_apart(keep, home):
    keep(b"")
    keep(b"GIF89a\0\0\0\0", "动图.gif")
    harm = made.docx("甲", parts={"word/vbaProject.bin": b"x"})
    keep(harm, "宏.docx")
    keep(harm, "又一次.docx")
    rows = list(Refusal.objects.order_by("id").values_list("name", "size", "harmful"))
    assert rows == [
        ("材料", None, False),
        ("动图.gif", 10, False),
        ("宏.docx", len(harm), True),
        ("又一次.docx", len(harm), True),
    ]
    apart = list(home.quarantine.iterdir())
    assert [(path.read_bytes(), path.stat().st_mode & 0o777) for path in apart] == [(harm, 0o400)]
    assert not [path for path in home.files.rglob("*") if path.is_file()]
    assert StoredFile.objects.count() == 0


def test_what_was_set_apart_is_destroyed_on_its_day(keep, home, settings):
    settings.QUARANTINE_DAYS = 30
    keep(made.docx("甲", parts={"word/vbaProject.bin": b"x"}), "宏.docx")
    now = clock.now()
    assert jobs.forget_refusals(now + timedelta(days=29)) == 0
    again = Refusal.objects.get()
    again.pk, again.at = None, now + timedelta(days=10)
    again.save()
    assert jobs.forget_refusals(now + timedelta(days=31)) == 1
    assert len(list(home.quarantine.iterdir())) == 1  # it came again, and that day is not here
    assert jobs.forget_refusals(now + timedelta(days=41)) == 1
    assert list(home.quarantine.iterdir()) == []
    assert not Refusal.objects.exclude(name="").exists()
    assert not Refusal.objects.filter(destroyed_at=None).exists()


# -- the virus scanner -----------------------------------------------------------------------------


def test_a_virus_is_refused_by_its_name_and_set_apart(keep, home, settings, tmp_path):
    settings.CLAMD = f"unix:{tmp_path}/clamd"
    with clamd(tmp_path / "clamd") as server:
        assert scanner.reachable()
        assert keep(EICAR, "测试.txt") == (
            "“测试.txt”：查毒程序在文件里查到“Eicar-Signature”，没有收下。"
        )
        assert keep(made.pdf()).extension == "pdf"
    assert server.seen == [EICAR, made.pdf()]
    assert [path.read_bytes() for path in home.quarantine.iterdir()] == [EICAR]


def test_without_the_scanner_that_is_wanted_nothing_is_taken_in(keep, settings, tmp_path):
    settings.CLAMD = f"unix:{tmp_path}/nobody"
    assert keep(made.pdf()) == f"“材料”：{AWAY}"
    assert not scanner.reachable()
    settings.CLAMD = f"unix:{tmp_path}/clamd"
    with clamd(tmp_path / "clamd", answer=b"UNKNOWN COMMAND\0"):
        assert keep(made.pdf()) == f"“材料”：{AWAY}"
    assert StoredFile.objects.count() == 0


def test_what_the_scanner_finds_too_large_is_refused(keep, settings, tmp_path):
    settings.CLAMD = f"unix:{tmp_path}/clamd"
    with clamd(tmp_path / "clamd", limit=1000):
        assert keep(made.pdf(b"x" * 2_000_000)) == (
            "“材料”：文件比查毒程序肯查的大，没有收下。请分成几个文件，再传一次。"
        )
