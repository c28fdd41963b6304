"""A workbook becomes tables as people see them."""

import io
from datetime import date, datetime, time, timedelta

import pytest

from gongkai.foundation.files.pages import numbers, workbook
from gongkai.foundation.files.pages.verdicts import BROKEN, LARGE, Stop

DAY = datetime(2026, 1, 2)  # noqa: DTZ001, a sheet knows no zone


@pytest.mark.parametrize(
    ("value", "format", "words"),
    [
        (1234.5, "General", "1234.5"),
        (0.1 + 0.2, "General", "0.3"),
        (1234.5, "#,##0.00", "1,234.50"),
        (0.125, "0.0%", "12.5%"),
        (2.5, "0", "3"),
        (-3.2, "0.00;(0.00)", "(3.20)"),
        (-1234.5, "#,##0.00_ ;[Red]\\-#,##0.00\\ ", "-1,234.50"),
        (1234, '"¥"#,##0', "¥1,234"),
        (3, "[$¥-804]#,##0.00", "¥3.00"),
        (12.5, '0.0"万元"', "12.5万元"),
        (12, "0.##", "12"),
        (5, "00000", "00005"),
        (123, '_ * #,##0.00_ ;_ * \\-#,##0.00_ ;_ * "-"??_ ;_ @_ ', "123.00"),
        (DAY, 'yyyy"年"m"月"d"日";@', "2026年1月2日"),
        (DAY.replace(hour=9, minute=5), "yyyy/m/d h:mm", "2026年1月2日9:05"),
        (DAY.replace(day=1), 'yyyy"年"m"月"', "2026年1月"),
        (date(2026, 3, 4), "mm-dd-yy", "2026年3月4日"),
        (time(9, 5), "h:mm", "9:05"),
        (timedelta(hours=30), "[h]:mm", "30:00"),
        (True, "General", "是"),
        (None, "0.00", ""),
        (" 甲村 ", "@", "甲村"),
    ],
)
def test_a_cell_reads_as_it_is_shown(value, format, words):
    assert numbers.shown(value, format) == words


@pytest.fixture
def book(tmp_path):
    """``book(fill)``: what comes of the workbook that ``fill`` makes."""
    import openpyxl

    def made(fill):
        found = openpyxl.Workbook()
        fill(found)
        found.save(tmp_path / "book.xlsx")
        return workbook.of_workbook(tmp_path / "book.xlsx")

    return made


def test_sheets_become_tables_with_caption_and_head(book):
    def fill(found):
        first = found.active
        first.title = "收支"
        first["A1"] = "2026年收支表"
        first.merge_cells("A1:C1")
        for row in (["项目", "金额", "备注"], ["收入", 1234.5, "a<b"], ["支出", "=B3", None]):
            first.append(row)
        first["B3"].number_format = "#,##0.00"
        first.merge_cells("A3:A4")
        first.row_dimensions[4].hidden = False
        secret = found.create_sheet("底稿")
        secret["A1"] = "不给人看"
        secret.sheet_state = "hidden"
        second = found.create_sheet("人员")
        second.append(["姓名", "部门"])
        second.append(["某人", "党政办"])
        second.column_dimensions["B"].hidden = True

    assert book(fill) == {
        "html": (
            "<table><caption>2026年收支表</caption><thead><tr><th>项目</th><th>金额</th>"
            "<th>备注</th></tr></thead><tbody>"
            '<tr><td rowspan="2">收入</td><td>1,234.50</td><td>a&lt;b</td></tr></tbody></table>\n'
            "<table><caption>人员</caption><thead><tr><th>姓名</th></tr></thead>"
            "<tbody><tr><td>某人</td></tr></tbody></table>"
        ).replace(' rowspan="2"', ""),
        "hidden": ["底稿"],
        "unseen": 1,
        "unfinished": 1,
    }


def test_merged_cells_stay_merged(book):
    def fill(found):
        sheet = found.active
        sheet.title = "表"
        for row in (["村", "户", None], [None, "上年", "今年"], ["甲", 1, 2]):
            sheet.append(row)
        sheet.merge_cells("A1:A2")
        sheet.merge_cells("B1:C1")

    assert book(fill)["html"] == (
        '<table><caption>表</caption><thead><tr><th rowspan="2">村</th><th colspan="2">户</th></tr>'
        "<tr><th>上年</th><th>今年</th></tr></thead><tbody>"
        "<tr><td>甲</td><td>1</td><td>2</td></tr></tbody></table>"
    )


@pytest.mark.parametrize(
    ("fill", "status"),
    [
        (lambda found: None, BROKEN),
        (lambda found: [found.active.append([n]) for n in range(2_001)], LARGE),
        (lambda found: found.active.append(list(range(41))), LARGE),
    ],
)
def test_what_is_no_table_for_a_text(book, fill, status):
    with pytest.raises(Stop) as stop:
        book(fill)
    assert stop.value.status == status


def test_a_sheet_that_is_too_large_is_not_opened(tmp_path):
    import zipfile

    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr("xl/worksheets/sheet1.xml", b" " * (workbook.PART_LIMIT + 1))
    (tmp_path / "book.xlsx").write_bytes(target.getvalue())
    with pytest.raises(Stop) as stop:
        workbook.of_workbook(tmp_path / "book.xlsx")
    assert stop.value.status == LARGE
