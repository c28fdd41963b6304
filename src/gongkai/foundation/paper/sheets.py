"""Tables as a workbook 电子表格: numbers as numbers, words as words, the same bytes each time.

No cell is ever a formula. A text that a spreadsheet would read as one (``=``, ``+``, ``-``, ``@``
and the tabulator before them) is kept as a text and marked so, also for whoever types into it or
copies it on.
"""

import io
import unicodedata
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from openpyxl import Workbook
    from openpyxl.worksheet.worksheet import Worksheet

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
WIDEST = 60
"""Signs of a column at the most; longer texts wrap."""
_READ_AS_FORMULA = tuple("=+-@\t\r")

Cell = str | int | None


@dataclass(frozen=True)
class Table:
    """One sheet of a workbook (工作表): its name, its heads, its rows."""

    name: str
    heads: Sequence[str]
    rows: Sequence[Sequence[Cell]]


def workbook(tables: Sequence[Table], *, at: datetime) -> bytes:
    """``tables`` as the bytes of an .xlsx file that bears the time ``at`` and no other."""
    from openpyxl import Workbook

    book = Workbook()
    book.remove(book.worksheets[0])
    for table in tables:
        _fill(book.create_sheet(table.name), table)
    return packed(book, at)


def packed(book: "Workbook", at: datetime) -> bytes:
    """The bytes of ``book`` without the minute in which it was packed: ``at`` stands for it."""
    at = at.astimezone(UTC)
    book.properties.created = at.replace(tzinfo=None)
    raw, made = io.BytesIO(), io.BytesIO()
    book.save(raw)
    with zipfile.ZipFile(raw) as source, zipfile.ZipFile(made, "w") as target:
        for part in source.infolist():
            data = source.read(part)
            if part.filename == "docProps/core.xml":
                data = _stamped(data, at)
            named = zipfile.ZipInfo(part.filename, at.timetuple()[:6])
            target.writestr(named, data, zipfile.ZIP_DEFLATED)
    return made.getvalue()


def _fill(sheet: "Worksheet", table: Table) -> None:
    from openpyxl.styles import Alignment, Font
    from openpyxl.utils import get_column_letter

    for line, row in enumerate([table.heads, *table.rows], 1):
        for n, value in enumerate(row, 1):
            cell: Any = sheet.cell(line, n, value)
            if isinstance(value, str):
                cell.data_type = "s"
                cell.quotePrefix = value.startswith(_READ_AS_FORMULA)
                cell.alignment = Alignment(wrap_text=True, vertical="top")
            if line == 1:
                cell.font = Font(bold=True)
    for n in range(len(table.heads)):
        column = [str(row[n]) for row in [table.heads, *table.rows] if row[n] is not None]
        wide = min(WIDEST, 2 + max(map(_width, column), default=0))
        sheet.column_dimensions[get_column_letter(n + 1)].width = wide
    sheet.freeze_panes = "A2"


def _width(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(sign) in "WF" else 1 for sign in text)


def _stamped(core: bytes, at: datetime) -> bytes:
    """openpyxl writes when it saved, whatever it was told."""
    head, _tag, rest = core.partition(b"<dcterms:modified")
    attributes, _end, tail = rest.partition(b">")
    _old, _close, after = tail.partition(b"</dcterms:modified>")
    said = at.strftime("%Y-%m-%dT%H:%M:%SZ").encode()
    return head + b"<dcterms:modified" + attributes + b">" + said + b"</dcterms:modified>" + after
