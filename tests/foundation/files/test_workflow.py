"""An upload is taken whole and harmless, or refused with a sentence."""

import io
import os
from pathlib import Path

import pytest
from django.utils import timezone

from gongkai.foundation.core import canonical
from gongkai.foundation.core.errors import Refused
from gongkai.foundation.files import jobs, kinds, packages, storage, workflow
from gongkai.foundation.files.models import StoredFile

from . import made

MACRO = "文件里有宏或控件，没有收下。请另存为不带宏的文件，再传一次。"
BROKEN = "文件打不开，可能没有传完整。请在自己的电脑上打开看看，另存一份，再传一次。"
EMBEDDED = (
    "文件里嵌着别的文件（如图表背后的工作簿），没有收下。请把它改成图片，或单独作为附件，再传一次。"
)
UNSEEN = "图像打不开，可能没有传完整。请在自己的电脑上打开看看，另存一份，再传一次。"
LOCKED = "文件设了密码，没有收下。请去掉密码，再传一次。"

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("home")]


def keep(data, name="材料"):
    return workflow.keep(io.BytesIO(data), name)


def refusal(data, name="材料"):
    with pytest.raises(Refused) as refused:
        keep(data, name)
    assert StoredFile.objects.count() == 0
    return [obstacle.partition("：")[2] for obstacle in refused.value.obstacles]


@pytest.mark.parametrize(
    ("data", "extension", "text"),
    [
        (made.docx("甲村", "乙村"), "docx", "甲村\n乙村"),
        (made.xlsx(["姓名", "电话"], ["某人", "1"]), "xlsx", "姓名\t电话\n某人\t1"),
        ("第一行\n第二行".encode("gb18030"), "txt", "第一行\n第二行"),
        ("村,户数\n甲村,30\n".encode(), "csv", "村,户数\n甲村,30\n"),
        (made.pdf(), "pdf", None),
        (made.compound("Root Entry", "WordDocument"), "doc", None),
        (made.compound("Root Entry", "1Table", "2", "3", "4", "Workbook"), "xls", None),
        (made.compound("PowerPoint Document"), "ppt", None),
        (made.package({"OFD.xml": "<ofd/>"}), "ofd", None),
    ],
)
def test_content_decides_the_kind(data, extension, text):
    stored = keep(data, "名字.exe")
    assert (stored.extension, stored.readable, stored.text) == (
        extension,
        text is not None,
        text or "",
    )
    assert storage.open(stored.digest).read() == data
    assert stored.digest == canonical.digest(data)


def test_the_same_bytes_are_one_file(home):
    assert keep(made.pdf()) == keep(made.pdf(), "另一个名字")
    assert len([path for path in home.files.rglob("*") if path.is_file()]) == 1


def test_too_large_is_refused_while_it_streams(settings, home):
    settings.UPLOAD_LIMIT = 50 * 1024 * 1024

    class Endless:
        given = 0

        def read(self, size):
            self.given += size
            return b"\0" * size

    upload = Endless()
    with pytest.raises(Refused) as refused:
        workflow.keep(upload, "六十兆.docx")
    assert refused.value.obstacles == [
        "“六十兆.docx”：文件超过50 MB，没有收下。请压缩图片或分成几个文件，再传一次。"
    ]
    assert upload.given <= settings.UPLOAD_LIMIT + 2 * storage.PORTION
    assert not [path for path in home.files.rglob("*") if path.is_file()]


@pytest.mark.parametrize(
    ("data", "obstacles"),
    [
        (b"", ["文件是空的。请打开看看内容是否保存了，再传一次。"]),
        (made.docx("甲", parts={"word/vbaProject.bin": b"x"}), [MACRO]),
        (
            made.docx("甲", main="application/vnd.ms-word.document.macroEnabled.main+xml"),
            [MACRO],
        ),
        (made.docx("甲", parts={"word/embeddings/sheet.xlsx": b"x"}), [EMBEDDED]),
        (made.docx("甲")[:-30], [BROKEN]),
        (made.docx("甲").replace(b"word/document", b"word/docXment", 1), [BROKEN]),
        (made.compound("WordDocument", "Macros"), [MACRO]),
        (made.compound("EncryptedPackage"), [LOCKED]),
        (made.compound("WordDocument")[:700], [BROKEN]),
        (made.pdf(end=b""), [BROKEN]),
        (made.PNG[:40], [BROKEN]),
        (b"\xff\xd8\xff\xe0 JFIF \xff\xd9", [UNSEEN]),
        (b"PK\x03\x04 not really", [BROKEN]),
    ],
)
def test_what_is_not_taken_says_what_to_do(data, obstacles):
    assert refusal(data) == obstacles


@pytest.mark.parametrize("kind", ["attachedTemplate", "image", "oleObject"])
def test_content_from_elsewhere_is_refused(kind):
    rels = made.relations(("rId9", kind, "http://elsewhere.invalid/x", True))
    assert refusal(made.docx("甲", parts={"word/_rels/document.xml.rels": rels}))[0].startswith(
        "文件里有取自别处的内容"
    )


def test_a_link_for_readers_is_fine():
    rels = made.relations(("rId9", "hyperlink", "http://elsewhere.invalid/x", True))
    assert keep(made.docx("甲", parts={"word/_rels/document.xml.rels": rels})).extension == "docx"


def test_a_field_that_fetches_is_refused():
    field = '<w:p><w:r><w:instrText xml:space="preserve"> DDEAUTO c:\\x </w:instrText></w:r></w:p>'
    assert refusal(made.docx(field)) == [
        "文件里有会取别处内容的域，没有收下。请把域转成文字，再传一次。"
    ]


@pytest.mark.parametrize(
    "active",
    [
        b"<</S /JavaScript /JS (x)>>",
        b"<</S /#4aavaScript>>",
        b"<</S /Launch>>",
        b"<</Type /EmbeddedFile>>",
    ],
)
def test_an_active_pdf_is_refused(active):
    assert refusal(made.pdf(active))[0].startswith("PDF里有脚本")


def test_a_script_in_an_object_stream_is_found():
    import zlib

    packed = zlib.compress(b"<</S /JavaScript /JS (x)>>")
    hidden = b"5 0 obj <</Type /ObjStm /Filter /FlateDecode /Length %d>>\nstream\n" % len(packed)
    assert refusal(made.pdf(hidden + packed + b"\nendstream"))[0].startswith("PDF里有脚本")


@pytest.mark.parametrize(
    "data", [b"MZ\x90\0\x03\0\0\0", b"\x7fELF\x02\x01\x01\0\0", b"GIF89a\0\0\0\0"]
)
def test_other_kinds_are_refused_with_what_is_taken(data):
    seen, allowed = refusal(data, "通知.pdf")
    assert seen.startswith("这种文件（看内容像.")
    assert allowed == "附件可以是：PDF、Word、Excel、PPT、WPS、OFD、文本、CSV、PNG、JPG。"


@pytest.mark.parametrize("data", [b"<!DOCTYPE html><p>x", b"  <svg onload=x>", b"{\\rtf1 x}"])
def test_markup_is_refused(data):
    assert refusal(data) == ["网页和RTF文件没有收下。请另存为PDF或.docx，再传一次。"]


def test_an_archive_is_refused():
    import zipfile

    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as file:
        file.writestr("通知.txt", "甲")
    assert refusal(target.getvalue()) == ["压缩包没有收下。请把里面的文件逐个上传。"]


def test_a_bomb_is_refused_before_it_unpacks():
    bomb = made.docx("甲", parts={"word/media/a.xml": b"0" * (packages.RATIO_FROM + 1)})
    assert len(bomb) < 10_000
    assert refusal(bomb) == [
        "文件展开后大得不正常，没有收下。请用办公软件打开，另存一份，再传一次。"
    ]


def test_a_document_type_in_a_package_is_refused():
    bomb = '<!DOCTYPE x [<!ENTITY a "aaaa">]><x>&a;</x>'
    assert refusal(made.docx("甲", parts={"word/footnotes.xml": bomb})) == [BROKEN]


def test_hidden_text_is_read_too():
    comment = made.document(made.paragraph("批注里的号码13812345678"))
    deleted = "<w:p><w:del><w:r><w:delText>删去的话</w:delText></w:r></w:del></w:p>"
    stored = keep(made.docx("正文", deleted, parts={"word/comments.xml": comment}))
    assert stored.text == "正文\n删去的话\n批注里的号码13812345678"


def test_erased_bytes_do_not_come_back(home):
    stored = keep("泄露的内容".encode())
    at = timezone.now()
    assert workflow.forget(digest=stored.digest, at=at)
    assert storage.destroy(stored.digest)
    assert (storage.destroy(stored.digest), workflow.forget(digest=stored.digest, at=at)) == (
        False,
        False,
    )
    stored.refresh_from_db()
    assert (stored.text, stored.readable, stored.erased_at) == ("", False, at)
    with pytest.raises(Refused) as refused:
        keep("泄露的内容".encode())
    assert refused.value.obstacles == [
        "“材料”：这个文件已经按规定清除，不能再次上传。请换成去掉了不当内容的文件。"
    ]
    assert not storage.path(stored.digest).exists()


def test_a_missing_file_is_put_back_by_the_next_upload():
    stored = keep(made.pdf())
    storage.path(stored.digest).unlink()
    assert storage.check(stored.digest) is False
    assert keep(made.pdf()) == stored
    assert storage.check(stored.digest) is True


def test_a_path_is_only_made_of_a_digest():
    with pytest.raises(ValueError, match="not a digest"):
        storage.path("../../etc/passwd")


def test_what_a_crash_left_is_swept(home):
    folder = Path(home.files) / "incoming"
    folder.mkdir()
    old, new = folder / "old", folder / "new"
    old.write_bytes(b"x")
    new.write_bytes(b"x")
    os.utime(old, (0, 0))
    (folder / "drawn").mkdir()
    (folder / "drawn" / "anew.png").write_bytes(b"x")
    os.utime(folder / "drawn", (0, 0))
    assert jobs.sweep(timezone.now()) == 2
    assert (old.exists(), new.exists()) == (False, True)


def test_the_allowed_extensions_are_all_different():
    found = [kind.extension for kind in vars(kinds).values() if isinstance(kind, kinds.FileKind)]
    assert sorted(found) == sorted(set(found))
