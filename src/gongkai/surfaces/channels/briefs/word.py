"""An issue of the brief as a .docx 简报 Word 版, for offices that lay it out again.

The same words as the PDF, from the same values; no macros, no fields, no link to anything fetched.
"""

import io
from collections.abc import Collection, Sequence
from datetime import UTC
from typing import Any

from django.utils import translation
from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor
from PIL import Image

from gongkai.foundation.core import clock
from gongkai.surfaces.channels.briefs import queries, sheet
from gongkai.surfaces.channels.briefs.models import Brief
from gongkai.surfaces.channels.paper import body, setting
from gongkai.surfaces.channels.paper.body import Node
from gongkai.surfaces.channels.paper.setting import Handed

SONG, HEI, FANG = "SimSun", "SimHei", "FangSong"
"""Faces of the readers' own machines; where one is missing, another is put in its place there."""
RED = RGBColor(0xC0, 0, 0)
LINE = Mm(156)
TALLEST = Mm(110)
MARGINS = 4.0
"""Millimetres that such a program leaves beside the words of a cell."""
PIXEL = 6
"""Points of a code's module, so that a printer draws it sharp."""


def document(brief: Brief, gone: Collection[str] = ()) -> bytes:
    """``brief`` as a .docx; what is ``gone`` a later copy leaves out."""
    facts = queries.facts(brief)
    handed = Handed()
    with translation.override(sheet.LANGUAGE):
        told = setting.clean(sheet.data(facts, brief.organisation.zone, handed, gone))
    made = _Word(handed)
    made.head(told)
    made.contents(told)
    for each in told["items"]:
        made.item(each)
    made.told(told["told"])
    made.foot(told["signed"])
    core = made.file.core_properties
    core.title, core.author = f"{told['title']}{told['year']}{told['number']}", told["name"]
    core.language = "zh-CN"
    if "sealed_at" in facts:
        core.created = core.modified = clock.unstamp(facts["sealed_at"]).astimezone(UTC)
    written = io.BytesIO()
    made.file.save(written)
    return written.getvalue()


class _Word:
    """A document that is being written."""

    def __init__(self, handed: Handed) -> None:
        self.file = Document()
        self.files = handed.files
        section = self.file.sections[0]
        section.page_width, section.page_height = Mm(210), Mm(297)
        section.top_margin, section.bottom_margin = Mm(37), Mm(35)
        section.left_margin, section.right_margin = Mm(28), Mm(26)
        for name, face, size in (
            ("Normal", FANG, 16),
            ("Heading 1", SONG, 20),
            ("Heading 2", HEI, 16),
            ("Heading 3", HEI, 16),
        ):
            style: Any = self.file.styles[name]
            style.font.name, style.font.size = face, Pt(size)
            style.font.color.rgb = RGBColor(0, 0, 0)
            style.element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), face)
        for language in self.file.styles.element.iter(qn("w:lang")):
            language.set(qn("w:eastAsia"), "zh-CN")  # else signs are drawn as in other countries

    # -- parts -------------------------------------------------------------------------------------

    def head(self, told: dict[str, Any]) -> None:
        """The red head."""
        if told["inner"]:
            words = f"内部资料，只向“{told['readers']}”公开，请不要转发到外面"
            self.line(words, size=12, face=HEI, align=WD_ALIGN_PARAGRAPH.RIGHT)
        centre = WD_ALIGN_PARAGRAPH.CENTER
        self.line(told["title"], size=44, face=SONG, align=centre, colour=RED, bold=True)
        self.line(told["year"] + told["number"], align=centre)
        last = self.line(f"{told['name']}　{told['office']}　{told['on']}", face=SONG, align=centre)
        _rule(last)
        if told["copy"]:
            self.line("这是后来发放的副本：签发以后撤下的内容，这里不再登载。", size=11, face=HEI)

    def contents(self, told: dict[str, Any]) -> None:
        """What stands in it, and the office's lead."""
        self.line("本期目录", size=13, face=HEI, bold=True)
        for each in told["items"]:
            self.line(f"{each['n']}.　{each['title']}", size=13)
        if told["told"]:
            self.line("　　以前登过、后来撤回的", size=13)
        if told["lead"]:
            self.line("编者的话", face=HEI, bold=True)
            for words in told["lead"].splitlines():
                if words.strip():
                    self.line(words.strip(), indent=True)

    def item(self, each: dict[str, Any]) -> None:
        """One item with its code."""
        self.file.add_heading(f"{each['n']}.　{each['title']}", 1)
        facts = (each["number"], each["document"], f"{each['opened']}公开")
        self.line("　　".join(filter(None, facts)), size=11, face=HEI)
        if each["gone"]:
            self.line("这一件在签发以后撤下或者更换了，这里不再登载。", size=11, face=HEI)
        self.blocks(each["body"])
        notes = []
        if not each["whole"] and not each["gone"]:
            notes.append("这里登的是摘要，全文和表格、图片请看网页。")
        if each["attachments"]:
            notes.append(f"另有附件{each['attachments']}件。")
        right = WD_ALIGN_PARAGRAPH.RIGHT
        address = each["code"]["address"]
        self.line("".join([*notes, address]), size=10, face=HEI, align=right)
        code = self.line("", align=right)
        coded = each["code"]["coded"]
        shown = code.add_run().add_picture(_code(coded), width=Mm(20))
        _described(shown, f"二维码：{address}")

    def told(self, told: Sequence[dict[str, str]]) -> None:
        """What earlier issues held and was taken back since."""
        if told:
            self.file.add_heading("以前登过、后来撤回的", 1)
        for each in told:
            words = f"{each['number']}《{each['title']}》，{each['on']}撤回：{each['reason']}"
            self.line(words, size=12)

    def foot(self, signed: Sequence[Sequence[str]]) -> None:
        """Who answers for it."""
        words = "　　".join(f"{name}：{said}" for name, said in signed)
        _rule(self.line(words, size=11, face=HEI), "top")

    # -- text --------------------------------------------------------------------------------------

    def blocks(self, found: Sequence[Node], style: str | None = None) -> None:
        """The blocks of a text."""
        for node in found:
            match node["t"]:
                case "h":
                    self.words(self.file.add_heading("", node["level"]), node["in"])
                case "list":
                    kind = "List Number" if node["ordered"] else "List Bullet"
                    for point in node["items"]:
                        self.blocks(point, kind)
                case "quote":
                    self.blocks(node["in"], "Quote")
                case "table":
                    self.tables(node)
                case "figure":
                    self.figure(node)
                case _:
                    made = self.file.add_paragraph(style=style)
                    if style is None:
                        made.paragraph_format.first_line_indent = Pt(32)
                    self.words(made, node["in"])

    def words(self, into: Any, found: Sequence[Any], **marks: bool) -> None:
        """Words with their marks."""
        for each in found:
            if isinstance(each, str):
                run = into.add_run(each.replace("\u200b", ""))
                run.bold, run.font.underline = marks.get("strong"), marks.get("em")
                run.font.superscript, run.font.subscript = marks.get("sup"), marks.get("sub")
            elif each["t"] == "br":
                into.add_run().add_break()
            else:
                self.words(into, each["in"], **{**marks, each["t"]: True})

    def tables(self, node: Node) -> None:
        """A table; what is too wide for the page stands in groups of columns, as on paper."""
        if node["caption"]:
            words = body.plain(node["caption"])
            called = self.line(words, size=12, face=HEI, align=WD_ALIGN_PARAGRAPH.CENTER)
            called.paragraph_format.keep_with_next = True
        for group in node["groups"]:
            made = self.file.add_table(node["rows"], len(group["widths"]), "Table Grid")
            _columns(made, group["widths"])
            for cell in group["cells"]:
                first = made.cell(cell["y"], cell["x"])
                last = made.cell(cell["y"] + cell["h"] - 1, cell["x"] + cell["w"] - 1)
                whole = first if first is last else first.merge(last)
                self.words(whole.paragraphs[0], cell["in"], strong=cell["head"])
                for run in whole.paragraphs[0].runs:
                    run.font.size = Pt(node["size"])
            for row in made.rows:
                _marked(row, "cantSplit")
            for row in made.rows[: node["heads"]]:
                _marked(row, "tblHeader")  # comes again on every page, and never alone
                for paragraph in (each for cell in row.cells for each in cell.paragraphs):
                    paragraph.paragraph_format.keep_with_next = True
            self.file.add_paragraph()

    def figure(self, node: Node) -> None:
        """A picture, or its words while it is not drawn."""
        centre = WD_ALIGN_PARAGRAPH.CENTER
        if not node["picture"]:
            self.line(f"〔图片：{node['alt']}〕", size=12, align=centre)
            return
        drawn = io.BytesIO()
        with Image.open(io.BytesIO(self.files[node["picture"].lstrip("/")])) as picture:
            wide, high = picture.size
            picture.convert("RGB").save(drawn, "PNG")
        drawn.seek(0)
        width = min(LINE, int(TALLEST * wide / high))
        shown = self.line("", align=centre).add_run().add_picture(drawn, width=width)
        _described(shown, node["alt"])
        if node["caption"]:
            self.line(body.plain(node["caption"]), size=12, face=HEI, align=centre)

    def line(
        self,
        words: str,
        *,
        size: int = 16,
        face: str = FANG,
        align: Any = None,
        colour: RGBColor | None = None,
        bold: bool = False,
        indent: bool = False,
    ) -> Any:
        """A paragraph of one kind of letters."""
        made = self.file.add_paragraph()
        made.alignment = align
        if indent:
            made.paragraph_format.first_line_indent = Pt(2 * size)
        run = made.add_run(words)
        run.font.name, run.font.size, run.bold = face, Pt(size), bold
        run._element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), face)
        if colour is not None:
            run.font.color.rgb = colour
        return made


def _rule(paragraph: Any, side: str = "bottom") -> None:
    """A line above or below a paragraph: red below the head, black above the foot."""
    borders, line = OxmlElement("w:pBdr"), OxmlElement(f"w:{side}")
    colour = "C00000" if side == "bottom" else "000000"
    for name, value in (("val", "single"), ("sz", "18"), ("space", "4"), ("color", colour)):
        line.set(qn(f"w:{name}"), value)
    borders.append(line)
    paragraph._p.get_or_add_pPr().append(borders)


def _marked(row: Any, name: str) -> None:
    """A property of a row of a table."""
    mark = OxmlElement(f"w:{name}")
    mark.set(qn("w:val"), "true")
    row._tr.get_or_add_trPr().append(mark)


def _columns(table: Any, widths: Sequence[float]) -> None:
    """Columns as wide as on paper, stretched to the line. Before any of its cells are joined."""
    table.autofit = False
    whole = [width + MARGINS for width in widths]
    shares = [int(LINE * width / sum(whole)) for width in whole]
    for column, share in zip(table.columns, shares, strict=True):
        column.width = share
    for row in table._tbl.tr_lst:
        for cell, share in zip(row.tc_lst, shares, strict=True):
            cell.width = share


def _described(picture: Any, words: str) -> None:
    """What a picture shows, for whoever cannot see it."""
    picture._inline.docPr.set("descr", words)


def _code(address: str) -> io.BytesIO:
    """The QR code of an address as a picture."""
    import segno

    drawn = io.BytesIO()
    segno.make(address, micro=False).save(drawn, kind="png", scale=PIXEL, border=2)
    drawn.seek(0)
    return drawn
