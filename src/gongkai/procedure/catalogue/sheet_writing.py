"""The catalogue as a sheet: written so that it can be read back without loss.

Every cell is text or a number, never a formula, whatever its first character is.
"""

import io
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from gongkai.procedure.catalogue.charter import Charter
from gongkai.procedure.catalogue.columns import COLUMNS, PERIOD_WORDS, PRIVACY_WORDS, Column

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
HEAD_ROWS = 2
NUMBERS = ("number", "due_month", "due_day", "workdays", "notice_workdays")
ITEM = "公开事项"
"""The heading over the two columns 一级事项 and 二级事项."""


def workbook(charter: Charter) -> bytes:
    """The catalogue of ``charter`` as the bytes of an .xlsx file, with a page of explanation."""
    from openpyxl import Workbook

    book = Workbook()
    sheet = book.worksheets[0]
    sheet.title = "公开目录"
    _head(sheet)
    for n, rule in enumerate(charter.entries, 1):
        for m, column in enumerate(COLUMNS, 1):
            value = str(n) if column.field == "number" else column.shown(charter, rule)
            _write(sheet, HEAD_ROWS + n, m, value, column)
    notes = book.create_sheet("说明")
    for n, line in enumerate(_explanation(charter), 1):
        _write(notes, n, 1, line)
    notes.column_dimensions["A"].width = 90
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def _head(sheet: "Worksheet") -> None:
    from openpyxl.styles import Alignment, Font
    from openpyxl.utils import get_column_letter

    centred = Alignment(horizontal="center", vertical="center", wrap_text=True)
    for n, column in enumerate(COLUMNS, 1):
        under = column.field in ("category", "title")
        sheet.cell(1, n).value = ITEM if column.field == "category" else None
        cell = sheet.cell(2 if under else 1, n)
        cell.value = column.heading
        for row in (1, 2):
            sheet.cell(row, n).font, sheet.cell(row, n).alignment = Font(bold=True), centred
        letter = get_column_letter(n)
        sheet.column_dimensions[letter].width = column.width
        if not under:
            sheet.merge_cells(f"{letter}1:{letter}2")
    sheet.merge_cells("B1:C1")
    sheet.freeze_panes = "D3"


def _write(
    sheet: "Worksheet", row: int, column: int, value: str, about: Column | None = None
) -> None:
    from openpyxl.styles import Alignment

    cell: Any = sheet.cell(row, column)
    cell.alignment = Alignment(wrap_text=True, vertical="top")
    if value and about and about.field in NUMBERS:
        cell.value = int(value)
    elif value:
        cell.value = value
        cell.data_type = "s"  # a text that begins with = stays a text


def _explanation(charter: Charter) -> list[str]:
    """What may stand in our own columns, with the charter's codes."""
    return [
        _("第一张表是整个公开目录，一行一项。导入时少了哪一行，就是取消哪一项；先后也照表里的。"),
        _("有一处不对，整份都不导入；每一处都会指出是哪一格。"),
        _("编号认的是哪一项：改别的都行，改了编号就是取消一项、新添一项。"),
        _("序号和公开层级不用填。公开对象、公开方式跟着公开范围和时限类走，要改请改后面这两列。"),
        _("公开渠道和载体：选中的写■，没选的写□。"),
        _("公开范围按先后写，中间用→隔开：先党内后党外。"),
        "",
        *_codes(_("一级事项和文件盒："), _box_lines(charter)),
        *_codes(_("公开主体："), [each.name for each in charter.departments]),
        *_codes(_("公开范围："), [f"{each.code}　{each.name}" for each in charter.scopes]),
        *_codes(_("时限类："), [f"{each.code}　{each.name}" for each in charter.timings]),
        *_codes(_("周期："), [word for word in PERIOD_WORDS.values() if word]),
        *_codes(_("隐私检查："), list(PRIVACY_WORDS.values())),
        *_codes(_("保管期限："), [f"{each.code}　{each.name}" for each in charter.retentions]),
        *_codes(_("公开渠道："), [each.name for each in charter.channels]),
    ]


def _box_lines(charter: Charter) -> list[str]:
    return [
        f"{category.name}　{box.key}　{box.name}"
        for category in charter.categories
        for box in category.boxes
    ]


def _codes(heading: str, lines: list[str]) -> list[str]:
    return [heading, *lines, ""]
