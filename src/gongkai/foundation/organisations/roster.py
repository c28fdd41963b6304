"""The roster 名册: members and posts in a spreadsheet, read cell by cell.

Reading knows the sheet alone; ``enrolment`` compares it with the organisation. Both name every
mistake by its cell, so that a clerk corrects the whole sheet in one go.
"""

import io
import zipfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from difflib import get_close_matches
from re import fullmatch
from typing import TYPE_CHECKING, TypeVar

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from gongkai.foundation.core.errors import Refused

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
LARGEST_FILE = 5 * 1024 * 1024
LARGEST_UNPACKED = 60 * 1024 * 1024
MOST_ROWS = 5000
MOST_COLUMNS = 40
LONGEST_CELL = 500

NAME, PARTY, USERNAME, EMAIL, POSTS, SINCE = HEADINGS = (
    gettext_noop("姓名"),
    gettext_noop("党员"),
    gettext_noop("用户名"),
    gettext_noop("电子邮箱"),
    gettext_noop("岗位"),
    gettext_noop("从哪天起"),
)
YES, NO = {"是", "yes", "y", "1", "true", "✓", "√"}, {"否", "no", "n", "0", "false"}

T = TypeVar("T")


@dataclass(frozen=True, order=True)
class Mistake:
    """What is wrong with one cell, and what to do."""

    line: int
    column: str
    words: str

    def __str__(self) -> str:
        return _("%(cell)s：%(words)s") % {
            "cell": f"{self.column}{self.line}",
            "words": self.words,
        }


@dataclass(frozen=True)
class Row:
    """One person of the sheet, as typed; an empty cell says nothing, and changes nothing.

    ``columns`` tells in which column each heading stands.
    """

    line: int
    name: str
    party: bool | None
    username: str
    email: str
    posts: tuple[str, ...]
    since: date | None
    columns: dict[str, str] = field(repr=False, compare=False)

    def mistake(self, heading: str, words: str) -> Mistake:
        """A mistake in this row's cell under ``heading``."""
        return Mistake(self.line, self.columns.get(heading, self.columns[NAME]), words)


@dataclass(frozen=True)
class Roster:
    """Every person of a sheet, and every mistake that can be seen without asking further."""

    rows: tuple[Row, ...]
    mistakes: tuple[Mistake, ...]


def read(data: bytes) -> Roster:
    """The roster in the bytes of an .xlsx file. ``Refused`` when they are none at all."""
    _check_package(data)
    from openpyxl import load_workbook

    try:
        book = load_workbook(io.BytesIO(data), read_only=True, data_only=True)
        lines = list(
            book.worksheets[0].iter_rows(
                max_row=MOST_ROWS + 2, max_col=MOST_COLUMNS, values_only=True
            )
        )
    except Exception as error:  # the library lets every kind out for a damaged file
        raise _unreadable() from error
    if len(lines) > MOST_ROWS + 1:
        raise Refused([_("表太长了，一次最多%(n)s人。请分成几个文件。") % {"n": MOST_ROWS}])
    return _rows(lines)


def closest(typed: str, known: Sequence[str]) -> str:
    """The one of ``known`` that ``typed`` most resembles; empty when none does."""
    return next(iter(get_close_matches(typed, known, 1, 0.5)), "")


def blank(posts: Sequence[str]) -> bytes:
    """An empty sheet with the headings, and the names of the posts beside it."""
    from openpyxl import Workbook
    from openpyxl.styles import Font
    from openpyxl.worksheet.datavalidation import DataValidation

    book = Workbook()
    sheet = book.worksheets[0]
    sheet.title = _("名册")
    sheet.append([_(heading) for heading in HEADINGS])
    choice = DataValidation("list", formula1=f'"{_("是")},{_("否")}"', allow_blank=True)
    choice.add(f"B2:B{MOST_ROWS + 1}")
    sheet.add_data_validation(choice)
    _tidy(sheet, Font(bold=True))
    notes = book.create_sheet(_("说明"))
    for line in [*_explanation(), "", _("本单位的岗位："), *posts]:
        notes.append([line])
    notes.column_dimensions["A"].width = 80
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def _explanation() -> list[str]:
    return [
        _("名册填在第一张表里，一行一人。只有姓名必填。"),
        _("党员：填“是”或“否”；空着就照原来的，新添的人当作“否”。"),
        _("用户名：要登录的人才填。密码由本人用一次性链接设定，不写在这里。"),
        _("岗位：写实施办法里的名称；一人有几个岗位，用顿号隔开。"),
        _("从哪天起：写成2026年11月23日或2026-11-23；空着就从今天起。"),
        _("有一处不对，整份都不导入；同一份可以再导入一次，已经登记的不会重复。"),
    ]


def _tidy(sheet: "Worksheet", bold: object) -> None:
    for letter, width in zip("ABCDEF", (14, 8, 18, 28, 28, 18), strict=True):
        sheet.column_dimensions[letter].width = width
        sheet[f"{letter}1"].font = bold
    sheet.freeze_panes = "A2"


def _check_package(data: bytes) -> None:
    """Refuse what is no .xlsx, or would unpack to more than a roster ever holds."""
    if len(data) > LARGEST_FILE:
        raise Refused([_("文件太大了。名册最多5 MB，请去掉图片和别的表。")])
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            names = {info.filename for info in package.infolist()}
            unpacked = sum(info.file_size for info in package.infolist())
    except (zipfile.BadZipFile, ValueError, NotImplementedError) as error:
        raise _unreadable() from error
    if "xl/workbook.xml" not in names:
        raise _unreadable()
    if unpacked > LARGEST_UNPACKED:
        raise Refused([_("文件展开以后太大了。请把名册复制到一个新文件里，再传一次。")])


def _unreadable() -> Refused:
    return Refused([_("读不出这个文件。请用表格软件另存为 .xlsx（不加密、不带宏），再传一次。")])


def _rows(lines: Sequence[tuple[object, ...]]) -> Roster:
    columns, mistakes = _columns(lines[0] if lines else ())
    if NAME not in columns:
        return Roster((), tuple(sorted(mistakes)))
    rows = []
    for number, cells in enumerate(lines[1:], start=2):
        if any(_text(cell) for cell in cells):
            row, wrong = _row(number, cells, columns)
            rows.append(row)
            mistakes += wrong
    if not rows:
        mistakes.append(Mistake(2, columns[NAME], _("名册是空的。请从第2行起，一行填一人。")))
    return Roster(tuple(rows), tuple(sorted(mistakes)))


def _columns(heads: Sequence[object]) -> tuple[dict[str, str], list[Mistake]]:
    """In which column each heading stands; headings may be in either language and any order."""
    from openpyxl.utils import get_column_letter

    known = {_(heading): heading for heading in HEADINGS} | {name: name for name in HEADINGS}
    columns: dict[str, str] = {}
    mistakes = []
    for number, cell in enumerate(heads, start=1):
        letter, typed = get_column_letter(number), _text(cell)
        heading = known.get(typed)
        if heading in columns:
            words = _("“%(heading)s”这一列有两个。请删掉一个。") % {"heading": typed}
            mistakes.append(Mistake(1, letter, words))
        elif heading:
            columns[heading] = letter
        elif typed:
            mistakes.append(Mistake(1, letter, _unknown_heading(typed)))
    if NAME not in columns:
        mistakes.append(Mistake(1, "A", _("第一行要有“姓名”这一列。请用空白名册的表头。")))
    return columns, mistakes


def _unknown_heading(typed: str) -> str:
    near = closest(typed, [_(heading) for heading in HEADINGS])
    if near:
        return _("没有“%(typed)s”这一列，最接近的是“%(near)s”。") % {"typed": typed, "near": near}
    return _("没有“%(typed)s”这一列。请删掉它。") % {"typed": typed}


def _row(line: int, cells: Sequence[object], columns: dict[str, str]) -> tuple[Row, list[Mistake]]:
    from openpyxl.utils import column_index_from_string

    mistakes: list[Mistake] = []

    def under(heading: str, reading: Callable[[object], T], otherwise: T) -> T:
        letter = columns.get(heading)
        index = column_index_from_string(letter) - 1 if letter else len(cells)
        try:
            return reading(cells[index] if index < len(cells) else None)
        except ValueError as error:
            mistakes.append(Mistake(line, letter or "A", str(error)))
            return otherwise

    row = Row(
        line=line,
        name=under(NAME, _name, ""),
        party=under(PARTY, _yes, None),
        username=under(USERNAME, _short, ""),
        email=under(EMAIL, _email, ""),
        posts=under(POSTS, _list, ()),
        since=under(SINCE, _day, None),
        columns=columns,
    )
    return row, mistakes


def _text(cell: object) -> str:
    """What stands in a cell; a whole number without its decimal point."""
    if isinstance(cell, float) and cell.is_integer():
        cell = int(cell)
    return "" if cell is None else str(cell).strip()


def _short(cell: object) -> str:
    text = _text(cell)
    if len(text) > LONGEST_CELL:
        raise ValueError(_("这一格的字太多了。"))
    if not text.replace("\n", "").isprintable():
        raise ValueError(_("有看不见的控制字符。请重新输入，不要粘贴。"))
    return text


def _name(cell: object) -> str:
    text = _short(cell)
    if not text:
        raise ValueError(_("姓名没有填。"))
    return text


def _yes(cell: object) -> bool | None:
    text = _text(cell).lower()
    if not text:
        return None
    if text not in YES | NO:
        raise ValueError(_("请填“是”或“否”，不能填“%(typed)s”。") % {"typed": _text(cell)[:20]})
    return text in YES


def _email(cell: object) -> str:
    text = _short(cell)
    try:
        if text:
            validate_email(text)
    except ValidationError as error:
        words = _("“%(typed)s”不像一个邮箱。请核对。") % {"typed": text[:60]}
        raise ValueError(words) from error
    return text


def _list(cell: object) -> tuple[str, ...]:
    text = _short(cell)
    for mark in "，,；;\n":
        text = text.replace(mark, "、")
    return tuple(dict.fromkeys(part.strip() for part in text.split("、") if part.strip()))


def _day(cell: object) -> date | None:
    if isinstance(cell, datetime):
        return cell.date()
    if isinstance(cell, date):
        return cell
    text = _text(cell)
    if not text:
        return None
    found = fullmatch(r"(\d{4})\s*[-年/.]\s*(\d{1,2})\s*[-月/.]\s*(\d{1,2})\s*日?", text)
    try:
        year, month, day = (int(part) for part in found.groups()) if found else (0, 0, 0)
        return date(year, month, day)
    except ValueError as error:
        words = _("“%(typed)s”不是日期。请写成2026年11月23日。") % {"typed": text[:20]}
        raise ValueError(words) from error
