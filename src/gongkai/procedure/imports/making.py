"""From a stored file and its pages to a proposed text: one way for each kind of file.

The words are taken as they are. What a body cannot carry and what a machine was not sure of is
said in ``notes`` and ``doubts``, for the person who looks before anything is kept.
"""

import csv
import io
import re
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field, replace
from html import escape
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from django.utils.translation import gettext as _

from gongkai.foundation.core.errors import Refused
from gongkai.foundation.files import recognition, storage
from gongkai.foundation.files.decoding import decode
from gongkai.foundation.files.models import StoredFile
from gongkai.foundation.files.pages import limited
from gongkai.foundation.files.pages.limited import Failed, Unshowable
from gongkai.foundation.files.pages.sheets import Recognised, Sheet
from gongkai.foundation.files.pages.store import Rendition
from gongkai.foundation.files.pages.verdicts import LARGE
from gongkai.foundation.files.states import Trouble
from gongkai.procedure.imports import queries
from gongkai.procedure.proposals import pictures, texts
from gongkai.procedure.proposals.sanitise import Block, blocks, joined

AT_ONCE = frozenset(("docx", "txt", "csv", "xlsx"))
"""What becomes a text without its pages."""
TABLE_ROWS = 2_000
SHOWN_DOUBTS = 300
_ENDS = ("。", "！", "？", "；", "：", "”", "）", ".", "!", "?", ";", ":", "》")
_PAGE_NUMBER = re.compile(r"[-—–－\s]*(第\s*)?\d{1,4}(\s*页)?[-—–－\s]*")
_FULL = 300
"""Ten-thousandths of the page: a line that ends so near the edge runs on."""


@dataclass(frozen=True)
class Made:
    """What is proposed (读出的文字); ``doubts`` name page, words and how sure the machine was."""

    title: str
    html: str
    document_number: str = ""
    notes: tuple[str, ...] = ()
    doubts: tuple[dict[str, Any], ...] = ()
    pictures: tuple[str, ...] = field(default=())

    def data(self) -> dict[str, Any]:
        """As an import keeps it."""
        return asdict(self)


def made_of(stored: StoredFile, name: str = "") -> Made:
    """The text that ``stored`` gives; its pages must be made where its kind needs them.

    ``name`` titles a table that has no title of its own. Raises ``Refused`` with what to do.
    """
    match stored.extension:
        case "docx" | "txt":
            return _of_text(stored, name)
        case "csv":
            return _of_csv(stored, name)
        case "xlsx":
            return _of_workbook(stored)
    return _of_pages(stored)


def readable(stored: StoredFile) -> str:
    """Why no text can come of a file of this kind here; empty when it may."""
    if stored.extension == "ofd":
        return _(".ofd的文字这里读不出来。请另存为PDF或者.docx，再读一次；也可以只作附件。")
    if stored.extension in ("doc", "xls", "ppt", "pptx") and not limited.office():
        return _(
            "这种办公文件要先转换，这里没有装LibreOffice。请另存为.docx、.xlsx或者PDF，再读一次；"
            "也可以只作附件。"
        )
    return ""


# -- files with text of their own ------------------------------------------------------------------


def _of_text(stored: StoredFile, name: str) -> Made:
    text = texts.from_stored(storage.path(stored.digest), stored.extension, name)
    taken = pictures.take(text.html, text.pictures)
    digests = tuple(file.digest for file, _title in taken.files)
    return Made(text.title, taken.html, text.document_number, text.notes, pictures=digests)


def _of_csv(stored: StoredFile, name: str) -> Made:
    text = decode(storage.path(stored.digest).read_bytes())
    rows = [row for row in csv.reader(io.StringIO(text)) if any(cell.strip() for cell in row)]
    if len(rows) > TABLE_ROWS:
        raise Refused([_too_large_a_table()])
    width = max(map(len, rows))
    lines = [
        "".join(f"<{tag}>{escape(cell.strip(), quote=False)}</{tag}>" for cell in padded)
        for tag, padded in (
            ("th" if n == 0 else "td", [*row, *[""] * (width - len(row))])
            for n, row in enumerate(rows)
        )
    ]
    title = texts.file_title(name)
    caption = f"<caption>{escape(title, quote=False)}</caption>" if title else ""
    body = "".join(f"<tr>{line}</tr>" for line in lines[1:])
    table = f"<table>{caption}<thead><tr>{lines[0]}</tr></thead><tbody>{body}</tbody></table>"
    return Made(title, joined(blocks(table)), notes=(_table_note(),))


def _of_workbook(stored: StoredFile) -> Made:
    with TemporaryDirectory() as folder:
        try:
            told = limited.run("workbook", storage.path(stored.digest), Path(folder))
        except Unshowable as verdict:
            if verdict.status == LARGE:
                raise Refused([_too_large_a_table()]) from verdict
            raise Refused(
                [_("工作簿里没有能读的表，或者文件损坏。请打开看看，另存一份。")]
            ) from verdict
        except Failed as failed:
            raise Refused([_too_large_a_table()]) from failed
    found = blocks(str(told["html"]))
    hidden = _("、").join(f"“{each}”" for each in told["hidden"])
    notes = {
        _table_note(): True,
        _("隐藏的工作表没有读入：%s。") % hidden: bool(hidden),
        _("隐藏的行或者列没有读入，共%d处。") % int(told["unseen"]): int(told["unseen"]) > 0,
        _("有%d个公式没有算出结果，是空的。请用办公软件打开，存一次，再读。")
        % int(told["unfinished"]): int(told["unfinished"]) > 0,
    }
    title = _caption(found[0]) if len(found) == 1 else ""
    made = Made(title, joined(found), notes=tuple(note for note, true in notes.items() if true))
    return _within_limit(made)


def _caption(block: Block) -> str:
    found = re.match(r"<caption>(.*?)</caption>", block.inner)
    return Block("p", found[1]).text[: texts.TITLE_LIMIT] if found else ""


def _table_note() -> str:
    return _("表格的第一行作了表头。请核对表头、合并的格子和数字。")


def _too_large_a_table() -> str:
    return _(
        "表格太大，放不进正文（超过2,000行、40列或者20,000格）。请只作附件，或者删减以后再读。"
    )


# -- files that are pages --------------------------------------------------------------------------


def _of_pages(stored: StoredFile) -> Made:
    """Text of a PDF or of pictures, in reading order; scans by what was recognised in them."""
    made = Rendition(stored.digest)
    head = made.head()
    if head is None or head.trouble:
        raise Refused([str(Trouble(head.trouble).label) if head else _("还没有读完。")])
    scans = set(queries.scans(made))
    unread = scans and all(made.words(number) is None for number in scans)
    if len(scans) == head.pages and unread and not recognition.available():
        raise Refused([_no_recognition()])
    paragraphs: list[str] = []
    doubts: list[dict[str, Any]] = []
    lost: list[int] = []
    runs_on = False
    for number in range(1, head.pages + 1):
        words = made.words(number) if number in scans else None
        if number in scans and (words is None or words.failed or not words.lines):
            lost.append(number)
            runs_on = False
            continue
        found, full = _recognised(words) if words else _placed(made.sheet(number))
        if words:
            doubts += [
                {"page": number, "words": line.text, "sure": sure}
                for line, sure in zip(words.lines, words.sure, strict=True)
                if sure < recognition.UNSURE
            ]
        if runs_on and found and paragraphs:
            paragraphs[-1] += found.pop(0)
        paragraphs += found
        runs_on = full and bool(paragraphs) and not paragraphs[-1].endswith(_ENDS)
    if not paragraphs:
        raise Refused([_("没有读出文字。请照着原件录入，或者只作附件。")])
    text = texts.from_plain("\n".join(paragraphs))
    notes = _notes(len(scans), lost, doubts, head.pages)
    proposal = Made(
        text.title, text.html, text.document_number, notes, tuple(doubts[:SHOWN_DOUBTS])
    )
    return _within_limit(proposal)


def _placed(sheet: Sheet) -> tuple[list[str], bool]:
    """The paragraphs of a page, and whether its last line runs to the edge."""
    if not sheet.lines:
        return [line for line in sheet.text.split("\n") if line.strip()], False
    groups = [
        "".join(line.text + joint for line, joint in paragraph) for paragraph in sheet.paragraphs
    ]
    edges = [line.left + line.width for line in sheet.lines]
    last = next((n for n, group in reversed(list(enumerate(groups))) if not _number(group)), None)
    full = last is not None and _ends_full(
        [line for line, _joint in sheet.paragraphs[last]][-1:], max(edges)
    )
    return [group.strip() for group in groups if group.strip() and not _number(group)], full


def _recognised(words: Recognised) -> tuple[list[str], bool]:
    groups = [[line for line, _sure in paragraph] for paragraph in words.paragraphs]
    said = [
        "".join(
            line.text + (line.joint(after) if after else "")
            for line, after in zip(group, (*group[1:], None), strict=True)
        )
        for group in groups
    ]
    edge = max(line.left + line.width for line in words.lines)
    last = next((n for n, one in reversed(list(enumerate(said))) if not _number(one)), None)
    full = last is not None and _ends_full(groups[last][-1:], edge)
    return [one.strip() for one in said if one.strip() and not _number(one)], full


def _ends_full(lines: Iterable[Any], edge: int) -> bool:
    return any(line.left + line.width >= edge - _FULL for line in lines)


def _number(words: str) -> bool:
    """Whether these words are no text but the number of a page."""
    return bool(_PAGE_NUMBER.fullmatch(words.strip()))


def _notes(
    scans: int, lost: list[int], doubts: list[dict[str, Any]], pages: int
) -> tuple[str, ...]:
    unread = _("、").join(str(number) for number in lost[:20]) + ("……" if len(lost) > 20 else "")
    read = scans > len(lost)
    told = {
        _("文字是从%(pages)d页里读出来的，段落和表格可能和原件不同。请对着原件看一遍。")
        % {"pages": pages}: not scans,
        _("有%(scans)d页是扫描的图像，文字由机器识别，可能认错。请对着原件逐字核对。")
        % {"scans": scans}: read,
        _("有%(lines)d行机器没有把握，标了出来。") % {"lines": len(doubts)}: bool(doubts),
        _("第%(numbers)s页没有读出文字，请照原件录入。") % {"numbers": unread}: bool(lost),
        _no_recognition(): bool(lost) and not recognition.available(),
    }
    return tuple(sentence for sentence, true in told.items() if true)


def _no_recognition() -> str:
    return _("扫描的图像要先识别文字，这里没有装（gongkai[ocr]）。请照着原件录入，或者只作附件。")


def _within_limit(made: Made) -> Made:
    if len(made.html) > texts.BODY_LIMIT:
        raise Refused([_("文字太多，放不进一件的正文。请分成几件，或者只作附件。")])
    return replace(made, title=made.title[: texts.TITLE_LIMIT])
