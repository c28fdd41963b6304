"""The word list as files: one row a line, as .txt or .csv, in and out.

A line is 种类,词,建议 in a .csv, or the same set apart by tabs or blanks in a .txt. A line with one
word alone is a word to avoid; with two, one often mistyped and what it should be.
"""

import csv
import io
import re
import unicodedata
from collections.abc import Iterable

from django.utils.translation import gettext as _

from gongkai.foundation.core.errors import Refused
from gongkai.foundation.files.decoding import decode
from gongkai.procedure.review.checks.about import Listed
from gongkai.procedure.review.models import ListedWord
from gongkai.procedure.review.states import WordKind

LARGEST = 1024 * 1024
"""Bytes of a file; far more than the longest list has."""

NAMES = {"领导人": WordKind.LEADER, "慎用词": WordKind.SENSITIVE, "错词": WordKind.MISTYPED}
"""What the kinds are called in a file."""
HEAD = ("种类", "词", "建议")
_NAMED = {kind: name for name, kind in NAMES.items()}
_DIVIDES = re.compile(r"[\t,，]|[ \u3000]{1,8}")


def tidied(row: Listed) -> Listed:
    """``row`` without blanks around, in the characters that texts are written in."""
    word, instead = (unicodedata.normalize("NFC", each).strip() for each in (row.word, row.instead))
    return Listed(row.kind, word, instead)


def differs(row: ListedWord | None, wanted: Listed) -> bool:
    """Whether ``wanted`` is not on the list yet as it is."""
    return row is None or row.instead != wanted.instead


def read(data: bytes) -> list[Listed]:
    """The rows of a .txt or .csv. ``Refused`` with every line that cannot be one."""
    if len(data) > LARGEST:
        raise Refused([_("文件太大，不像词表。请只留种类、词、建议三列，另存为.csv或者.txt。")])
    rows, wrong = [], []
    lines = _lines(decode(data))
    for number, cells in enumerate(lines, 1):
        if not any(cells) or tuple(cells[:2]) == HEAD[:2] or cells[0].startswith("#"):
            continue
        row = _row(cells)
        if row is None:
            wording = _("第%(line)s行：没有“%(kind)s”这一种。可以写：%(kinds)s。")
            told = {"line": number, "kind": cells[0][:20], "kinds": _("、").join(NAMES)}
            wrong.append(wording % told)
        else:
            rows.append(row)
    if not rows and not wrong:
        wrong.append(_("文件里没有词。一行写一条：种类、词、建议。"))
    if wrong:
        raise Refused(wrong)
    return rows


def written(rows: Iterable[ListedWord]) -> bytes:
    """The rows as a .csv that opens in a spreadsheet and can be read back."""
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(HEAD)
    for row in rows:
        writer.writerow(
            [_harmless(each) for each in (_NAMED[WordKind(row.kind)], row.word, row.instead)]
        )
    return out.getvalue().encode("utf-8-sig")


def _harmless(cell: str) -> str:
    """A cell that no spreadsheet takes for a formula."""
    return f"'{cell}" if cell[:1] in "=+-@" and cell else cell


def _lines(text: str) -> list[list[str]]:
    if '"' in text:
        return [[cell.strip() for cell in row] or [""] for row in csv.reader(io.StringIO(text))]
    return [
        [cell for cell in _DIVIDES.split(line.strip()) if cell] or [""] for line in text.split("\n")
    ]


def _row(cells: list[str]) -> Listed | None:
    cells = [cell.removeprefix("'") if cell[1:2] in {*"=+-@"} else cell for cell in cells]
    if cells[0] in NAMES and len(cells) > 1:
        instead = " ".join(cells[2:])
        return tidied(Listed(NAMES[cells[0]], cells[1], instead))
    if len(cells) == 1:
        return tidied(Listed(WordKind.SENSITIVE, cells[0]))
    if len(cells) == 2:
        return tidied(Listed(WordKind.MISTYPED, cells[0], cells[1]))
    return None
