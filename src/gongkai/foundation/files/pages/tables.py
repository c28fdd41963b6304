"""Spreadsheets as tables that can be read without seeing them. Only ``child`` comes here."""

import csv
import io
import json
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from html import escape
from itertools import islice
from pathlib import Path
from typing import Any

from gongkai.foundation.files.pages.verdicts import BROKEN, LARGE, Stop
from gongkai.foundation.files.pages.words import decoded

ROWS = 100
"""Rows of a page."""
ROWS_LIMIT = 50_000
COLUMNS_LIMIT = 100
CELLS_LIMIT = 400_000

Row = Sequence[str]


def of_workbook(source: Path, folder: Path) -> dict[str, Any]:
    """Each sheet that is not hidden in pages of a hundred rows."""
    import openpyxl

    made = _Pages(folder)
    try:
        with source.open("rb") as file:
            book = openpyxl.load_workbook(file, read_only=True, data_only=True)
            for sheet in book.worksheets:
                if sheet.sheet_state == "visible":
                    sheet.reset_dimensions()  # what the file claims of its size is not believed
                    made.table(sheet.title, _trimmed(_cells(sheet.iter_rows(values_only=True))))
    except Stop:
        raise
    except Exception as error:  # whatever a damaged file makes the reader stumble over
        raise Stop(BROKEN) from error
    return made.told()


def of_csv(source: Path, folder: Path) -> dict[str, Any]:
    """A table of text, in pages of a hundred rows."""
    made = _Pages(folder)
    made.table("", _trimmed(csv.reader(io.StringIO(decoded(source)))))
    return made.told()


class _Pages:
    """Writes tables page after page, and counts what it has taken in."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.pages = 0
        self.cells = 0
        self.contents: list[list[Any]] = []

    def table(self, title: str, rows: Iterator[Row]) -> None:
        """One sheet; its first row heads every page of it."""
        head = next(rows, None)
        if head is None:
            return
        self.contents.append([0, title, self.pages + 1])
        portion = list(islice(rows, ROWS))
        while True:
            self.cells += len(head) + sum(map(len, portion))
            if self.cells > CELLS_LIMIT:
                raise Stop(LARGE)
            self._page(title, head, portion)
            if not (portion := list(islice(rows, ROWS))):
                return

    def _page(self, title: str, head: Row, rows: Sequence[Row]) -> None:
        width = max(map(len, (head, *rows)))
        body = "".join(_row(row, width, "td") for row in rows)
        headed = _row(head, width, 'th scope="col"')
        html = f"<table><thead>{headed}</thead><tbody>{body}</tbody></table>"
        self.pages += 1
        page = json.dumps({"html": html, "title": title}, ensure_ascii=False)
        (self.folder / f"{self.pages}.json").write_text(page, "utf-8")

    def told(self) -> dict[str, Any]:
        """How many pages, and the sheets as contents where there are several."""
        if not self.pages:
            raise Stop(BROKEN)
        return {"pages": self.pages, "contents": self.contents if len(self.contents) > 1 else []}


def _row(cells: Row, width: int, tag: str) -> str:
    name = tag.partition(" ")[0]
    filled = [*cells, *[""] * (width - len(cells))]
    return f"<tr>{''.join(f'<{tag}>{escape(cell)}</{name}>' for cell in filled)}</tr>"


def _cells(rows: Iterable[Sequence[Any]]) -> Iterator[Row]:
    for row in rows:
        yield [_said(value) for value in row]


def _trimmed(rows: Iterable[Row]) -> Iterator[Row]:
    """Rows that hold something, without the empty cells behind."""
    for row in islice(rows, ROWS_LIMIT + 1):
        cells = list(row[: COLUMNS_LIMIT + 1])
        while cells and not cells[-1].strip():
            cells.pop()
        if len(cells) > COLUMNS_LIMIT:
            raise Stop(LARGE)
        if cells:
            yield cells


def _said(value: Any) -> str:
    """A cell as a person reads it."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, datetime) and (value.hour or value.minute):
        return f"{value:%Y-%m-%d %H:%M}"
    if isinstance(value, date):
        return f"{value:%Y-%m-%d}"
    if isinstance(value, float):
        return f"{value:.10g}"
    return str(value)
