"""A person's file becomes a draft's text, or a sentence says what to do."""

import io

import pytest

from gongkai.foundation.core.errors import Refused
from gongkai.procedure.proposals.pictures import Picture
from gongkai.procedure.proposals.texts import Text, from_bytes, from_plain, from_upload

from ...foundation.files import made

pytestmark = pytest.mark.usefixtures("home")

PLAIN = """关于水利设施管护的决定
青委发〔2026〕41号

各村党支部：
一、总体要求
　　甲村、乙村的水渠由各村管护。
（一）责任到人
1.巡查
2026.5.1前完成。
一、这一条是一整句话，所以不是标题。
"""


def test_plain_text_keeps_its_shape():
    assert from_plain(PLAIN) == Text(
        title="关于水利设施管护的决定",
        document_number="青委发〔2026〕41号",
        html="\n".join(
            [
                "<p>各村党支部：</p>",
                "<h2>一、总体要求</h2>",
                "<p>甲村、乙村的水渠由各村管护。</p>",
                "<h3>（一）责任到人</h3>",
                "<h3>1.巡查</h3>",
                "<p>2026.5.1前完成。</p>",
                "<p>一、这一条是一整句话，所以不是标题。</p>",
            ]
        ),
    )


def test_a_subtitle_belongs_to_the_title():
    text = from_plain("推进党务公开\n——青溪镇汇报材料\n正文")
    assert (text.title, text.html) == ("推进党务公开——青溪镇汇报材料", "<p>正文</p>")


def test_what_is_no_text_is_told_what_a_body_may_be():
    with pytest.raises(Refused) as refusal:
        from_bytes(b"\x7fELF\x02\x01\x01\0\0", "程序")
    assert refusal.value.obstacles[1] == "“程序”：正文请用.docx或文本文件。"


def test_markup_in_plain_text_is_text():
    assert from_plain("标题\n<b>甲</b> & 乙").html == "<p>&lt;b&gt;甲&lt;/b&gt; &amp; 乙</p>"


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030", "utf-16"])
def test_text_files_in_any_usual_encoding(encoding):
    assert from_bytes(PLAIN.encode(encoding), "决定.docx") == from_plain(PLAIN)


@pytest.mark.parametrize("first", ["长" * 2000, "这一行是一句完整的话，不能作标题。"])
def test_a_first_line_that_is_no_title_stays_in_the_body(first):
    text = from_plain(f"{first}\n正文")
    assert (text.title, text.html) == ("", f"<p>{first}</p>\n<p>正文</p>")


def test_a_word_file_becomes_the_same_text():
    lines = [line for line in PLAIN.split("\n") if line]
    assert from_bytes(made.docx(*lines), "决定.txt") == from_plain(PLAIN)


def test_a_styled_heading_is_the_title():
    styles = (
        '<w:styles xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main">'
        '<w:style w:type="paragraph" w:styleId="a1"><w:name w:val="Title"/></w:style>'
        '<w:style w:type="paragraph" w:styleId="a2"><w:name w:val="heading 4"/></w:style>'
        "</w:styles>"
    )
    rels = made.relations(("rId1", "styles", "styles.xml", False))
    data = made.docx(
        made.paragraph("决定", "a1"),
        made.paragraph("要求", "a2"),
        "正文",
        parts={"word/styles.xml": styles, "word/_rels/document.xml.rels": rels},
    )
    text = from_bytes(data, "x")
    assert (text.title, text.html) == ("决定", "<h3>要求</h3>\n<p>正文</p>")


def test_a_table_stays_a_table():
    row = "<w:tr>{}</w:tr>"
    cell = "<w:tc>{}</w:tc>"
    cells = "".join(cell.format(made.paragraph(text)) for text in ("村", "户数"))
    text = from_bytes(made.docx("标题", f"<w:tbl>{row.format(cells)}</w:tbl>"), "x")
    assert text.html == (
        "<table><tbody><tr><td><p>村</p></td><td><p>户数</p></td></tr></tbody></table>"
    )


INLINE = (
    "<w:p><w:r><w:t>见下图</w:t></w:r><w:r><w:drawing><wp:inline "
    'xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing">'
    '<a:graphic xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"><a:graphicData>'
    '<pic:pic xmlns:pic="http://schemas.openxmlformats.org/drawingml/2006/picture">'
    '<pic:blipFill><a:blip xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/'
    'relationships" r:embed="rId5"/></pic:blipFill></pic:pic></a:graphicData></a:graphic>'
    "</wp:inline></w:drawing></w:r></w:p>"
)
"""A paragraph of Word with a picture in it, the relation ``rId5``."""


def picture(data):
    """A Word file with one picture in its text."""
    rels = made.relations(("rId5", "image", "media/image1.png", False))
    return made.docx(
        "标题", INLINE, parts={"word/media/image1.png": data, "word/_rels/document.xml.rels": rels}
    )


def test_a_picture_stays_at_its_place():
    text = from_bytes(picture(made.PNG), "x")
    assert text.html == (
        '<p>见下图</p>\n<figure><img alt="" src="/files/0000000000/0000000000000001.png"></figure>'
    )
    assert text.pictures == (Picture(made.PNG),)
    assert text.notes == (
        "文稿里的1张图片在正文里，也是附件。请看位置对不对。",
        "有1张图片没有文字说明。请各写一句，看不见图的人才知道图上有什么。",
    )


def test_a_picture_of_another_kind_is_refused():
    with pytest.raises(Refused) as refusal:
        from_bytes(picture(b"GIF89a"), "图.docx")
    assert refusal.value.obstacles == [
        "“图.docx”：图1不是PNG或JPG，没有收下。请把它另存为PNG重新插入，再传一次。"
    ]


def test_what_the_body_cannot_carry_is_said():
    changed = '<w:p><w:ins w:id="1"><w:r><w:t>新</w:t></w:r></w:ins></w:p>'
    numbered = "<w:p><w:pPr><w:numPr></w:numPr></w:pPr><w:r><w:t>甲</w:t></w:r></w:p>"
    assert from_bytes(made.docx("标题", changed, numbered), "x").notes == (
        "文稿里有自动编号，正文里改成了1. 2. 3.的顺序。请核对编号。",
        "文稿里有修订痕迹：已按接受全部修订处理。请核对。",
    )


def test_footnotes_stand_behind_the_text_with_their_numbers(home):
    space = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
    note = '<w:footnote w:id="1"><w:p><w:r><w:t>见第三条。</w:t></w:r></w:p></w:footnote>'
    text = '<w:p><w:r><w:t>甲村</w:t></w:r><w:r><w:footnoteReference w:id="1"/></w:r></w:p>'
    parts = {
        "word/footnotes.xml": f"<w:footnotes {space}>{note}</w:footnotes>",
        "word/_rels/document.xml.rels": made.relations(
            ("rId8", "footnotes", "footnotes.xml", False)
        ),
    }
    assert from_bytes(made.docx("标题", text, parts=parts), "x").html == (
        "<p>甲村<sup>[1]</sup></p>\n<h3>注释</h3>\n<p>[1] 见第三条。</p>"
    )


@pytest.mark.parametrize(
    ("data", "obstacle"),
    [
        (b"", "文件是空的。请打开看看内容是否保存了，再传一次。"),
        (made.docx(""), "文件里没有文字。请打开看看内容是否保存了，再传一次。"),
        (
            made.compound("WordDocument"),
            "旧的.doc文件不能作正文。请用Word或WPS另存为.docx，再传一次。",
        ),
        (made.pdf(), ".pdf不能作正文。正文请用.docx或文本文件；这个文件可以作为附件上传。"),
        (
            made.docx("甲", parts={"word/vbaProject.bin": b""}),
            "文件里有宏或控件，没有收下。请另存为不带宏的文件，再传一次。",
        ),
        (
            made.docx("甲", parts={"word/document.xml": "<w:oops"}),
            "文件打不开，可能没有传完整。请在自己的电脑上打开看看，另存一份，再传一次。",
        ),
        (
            ("标题\n" + "长" * 500_001).encode(),
            "正文超过500000个字，没有收下。请分成几件，或把其中一部分作为附件。",
        ),
    ],
)
def test_what_is_not_taken_says_what_to_do(data, obstacle, home):
    with pytest.raises(Refused) as refusal:
        from_bytes(data, "文稿")
    assert refusal.value.obstacles == [f"“文稿”：{obstacle}"]
    assert not [path for path in home.files.rglob("*") if path.is_file()]


def test_sixty_megabytes_are_refused_while_streaming(settings):
    class Endless(io.RawIOBase):
        given = 0

        def read(self, size=-1):
            self.given += size
            return b"0" * size

    upload = Endless()
    with pytest.raises(Refused) as refusal:
        from_upload(upload, "大.docx")
    assert refusal.value.obstacles == [
        "“大.docx”：文件超过50 MB，没有收下。请压缩图片或分成几个文件，再传一次。"
    ]
    assert upload.given < settings.UPLOAD_LIMIT + 1024 * 1024
