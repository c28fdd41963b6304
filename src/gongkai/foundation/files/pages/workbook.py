"""A workbook as tables for a text: sheets under their names, merged cells as they are merged.

Only ``child`` comes here. Other than the pages of ``tables``, which are for looking a file up, this
is for becoming the text itself: short, complete, and silent about nothing that it leaves out.
"""

import re
import zipfile
from html import escape
from pathlib import Path
from typing import Any

from gongkai.foundation.files.pages.numbers import shown
from gongkai.foundation.files.pages.verdicts import BROKEN, LARGE, Stop

ROWS_LIMIT = 2_000
COLUMNS_LIMIT = 40
CELLS_LIMIT = 20_000
PART_LIMIT = 16 * 1024 * 1024
"""Bytes of a sheet: the reader builds it whole in memory, at many times its size."""
_UNFINISHED = re.compile(rb"</f>(?:<v\s*/>|<v></v>)?</c>")


def of_workbook(source: Path) -> dict[str, Any]:
    """The visible sheets as HTML; which were hidden or empty; how many formulas had no result."""
    import openpyxl

    unfinished = _looked_over(source)
    try:
        book = openpyxl.load_workbook(source, data_only=True)
    except MemoryError:
        raise
    except Exception as error:  # whatever a damaged file makes the reader stumble over
        raise Stop(BROKEN) from error
    tables: list[str] = []
    cells = 0
    hidden = [sheet.title for sheet in book.worksheets if sheet.sheet_state != "visible"]
    unseen = 0
    for sheet in book.worksheets:
        if sheet.sheet_state != "visible":
            continue
        table, count, left = _table(sheet)
        cells, unseen = cells + count, unseen + left
        if cells > CELLS_LIMIT:
            raise Stop(LARGE)
        if table:
            tables.append(table)
    if not tables:
        raise Stop(BROKEN)
    return {
        "html": "\n".join(tables),
        "hidden": hidden,
        "unseen": unseen,
        "unfinished": unfinished,
    }


def _looked_over(source: Path) -> int:
    """How many formulas have no result; ``Stop`` when a sheet is too large to be read whole."""
    count = 0
    with zipfile.ZipFile(source) as package:
        for part in package.infolist():
            if part.filename.startswith("xl/") and part.filename.endswith(".xml"):
                if part.file_size > PART_LIMIT:
                    raise Stop(LARGE)
                if part.filename.startswith("xl/worksheets/"):
                    count += len(_UNFINISHED.findall(package.read(part)))
    return count


def _table(sheet: Any) -> tuple[str, int, int]:
    """A sheet as a table, how many cells it has, how many hidden rows and columns it left out."""
    rows = [n for n in range(1, sheet.max_row + 1) if not sheet.row_dimensions[n].hidden]
    columns = [n for n in range(1, sheet.max_column + 1) if not _hidden(sheet, n)]
    unseen = sheet.max_row + sheet.max_column - len(rows) - len(columns)
    spans, covered = _merged(sheet, rows, columns)
    found = [(row, [(column, _cell(sheet, row, column)) for column in columns]) for row in rows]
    filled = [(row, cells) for row, cells in found if any(words for _n, words in cells)]
    if not filled:
        return "", 0, unseen
    last = max(column for _row, cells in filled for column, words in cells if words)
    last = max([last, *(_right(spans, at) for at in spans if at[0] in {r for r, _c in filled})])
    if len(filled) > ROWS_LIMIT or sum(1 for n in columns if n <= last) > COLUMNS_LIMIT:
        raise Stop(LARGE)
    kept = {row for row, _cells in filled}
    title, filled = _titled(sheet, filled, spans, columns, last)
    heads = max(_span(spans, filled[0][0], n, kept, last)[0] for n in columns)
    lines = [
        "".join(
            _drawn("th" if number < heads else "td", words, _span(spans, row, column, kept, last))
            for column, words in cells
            if column <= last and (row, column) not in covered
        )
        for number, (row, cells) in enumerate(filled)
    ]
    head = f"<thead>{''.join(f'<tr>{line}</tr>' for line in lines[:heads])}</thead>"
    body = "".join(f"<tr>{line}</tr>" for line in lines[heads:])
    caption = f"<caption>{escape(title)}</caption>"
    count = len(filled) * sum(1 for n in columns if n <= last)
    return f"<table>{caption}{head}<tbody>{body}</tbody></table>", count, unseen


def _titled(
    sheet: Any, filled: list[Any], spans: dict[Any, Any], columns: list[int], last: int
) -> tuple[str, list[Any]]:
    """The caption: the sheet's name, or its first line where that is one title across the whole."""
    row, cells = filled[0]
    words = [each for _n, each in cells if each]
    across = spans.get((row, columns[0]), ([], []))[1]
    whole = len(words) == 1 and len([n for n in columns if n <= last]) > 1
    if whole and len(across) > 1 and len(filled) > 1:
        return words[0], filled[1:]
    return str(sheet.title), filled


def _merged(
    sheet: Any, rows: list[int], columns: list[int]
) -> tuple[dict[tuple[int, int], tuple[list[int], list[int]]], set[tuple[int, int]]]:
    """What each first cell of a merged group covers of what is seen, and the cells it covers."""
    spans: dict[tuple[int, int], tuple[list[int], list[int]]] = {}
    covered: set[tuple[int, int]] = set()
    seen_rows, seen_columns = set(rows), set(columns)
    for each in sheet.merged_cells.ranges:
        if (each.max_row - each.min_row + 1) * (each.max_col - each.min_col + 1) > CELLS_LIMIT:
            raise Stop(LARGE)
        down = [n for n in range(each.min_row, each.max_row + 1) if n in seen_rows]
        across = [n for n in range(each.min_col, each.max_col + 1) if n in seen_columns]
        if not down or not across:
            continue
        spans[down[0], across[0]] = (down, across)
        covered |= {(r, c) for r in down for c in across} - {(down[0], across[0])}
    return spans, covered


def _right(spans: dict[Any, tuple[list[int], list[int]]], at: Any) -> int:
    return spans[at][1][-1]


def _span(
    spans: dict[Any, tuple[list[int], list[int]]], row: int, column: int, kept: set[int], last: int
) -> tuple[int, int]:
    down, across = spans.get((row, column), ([row], [column]))
    return (sum(1 for n in down if n in kept), sum(1 for n in across if n <= last))


def _drawn(tag: str, words: str, span: tuple[int, int]) -> str:
    down, across = span
    more = (f' rowspan="{down}"' if down > 1 else "") + (
        f' colspan="{across}"' if across > 1 else ""
    )
    inner = escape(words, quote=False).replace("\n", "<br>")
    return f"<{tag}{more}>{inner}</{tag}>"


def _cell(sheet: Any, row: int, column: int) -> str:
    cell = sheet.cell(row, column)  # one that a merged group covers has no value of its own
    return "" if cell.value is None else shown(cell.value, cell.number_format or "General")


def _hidden(sheet: Any, column: int) -> bool:
    from openpyxl.utils import get_column_letter

    return bool(sheet.column_dimensions[get_column_letter(column)].hidden)
