"""The sheet of a cabinet of old files: one row a document, judged whole before anything is done.

A row names a file of the folder and says under which entry, with which title, date and number it is
to become a draft. Every mistake is reported with its cell; one mistake holds back all rows, since
half a cabinet in the office would have to be sorted out by hand.
"""

import csv
import io
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from hashlib import file_digest, sha256
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from gongkai.foundation.core import clock
from gongkai.foundation.core.errors import Refused
from gongkai.foundation.files import kinds, packages
from gongkai.foundation.files.decoding import decode
from gongkai.foundation.organisations.models import Organisation
from gongkai.procedure.catalogue.charter import Charter, EntryRule
from gongkai.procedure.catalogue.models import Entry
from gongkai.procedure.catalogue.queries import charter_of
from gongkai.procedure.proposals import queries as proposals
from gongkai.procedure.proposals import rules as proposal_rules
from gongkai.procedure.proposals import texts
from gongkai.procedure.proposals.states import DocumentKind

ROWS_LIMIT = 10_000
SHEET_LIMIT = 10 * 1024 * 1024
MEGABYTE = 1024 * 1024
HEADINGS = {
    "file": ("文件", "file"),
    "title": ("标题", "title"),
    "entry": ("目录编号", "entry"),
    "dated": ("原件日期", "date"),
    "number": ("文号", "number"),
    "kind": ("文种", "kind"),
    "scopes": ("公开范围", "audience"),
    "use": ("用法", "use"),
    "attached": ("附件", "attachments"),
}
"""Which heading means which field; the first one is written, all are read."""
TEXT, ATTACHED, BOTH = "正文", "附件", "正文和附件"
USES = (TEXT, ATTACHED, BOTH)
_WORDED = frozenset((".docx", ".txt", ".xlsx", ".csv"))
_SHEETS = re.compile(r"^(import|录入)[^/]*\.(xlsx|csv)$", re.I)
_DAY = re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?(?:\s.*)?")
_AND = re.compile(r"[、,，;；\n]")


@dataclass(frozen=True)
class Old:
    """One old document (旧件), ready to become a draft; ``line`` is its row in the sheet."""

    line: int
    file: Path
    name: str
    title: str
    entry: Entry
    dated: date | None
    number: str
    kind: str
    plan: Sequence[Mapping[str, Any]]
    use: str
    attached: Sequence[Path] = field(default=())


def proposed(folder: Path) -> bytes:
    """A sheet with every file of ``folder``, for a person to fill in: .xlsx."""
    from openpyxl import Workbook
    from openpyxl.styles import Font

    book = Workbook()
    sheet = book.worksheets[0]
    sheet.title = "录入旧件"
    for n, words in enumerate(HEADINGS.values(), 1):
        sheet.cell(1, n, words[0]).font = Font(bold=True)
    for line, path in enumerate(_files(folder), 2):
        worded = path.suffix.lower() in _WORDED
        known = {
            "file": path.relative_to(folder).as_posix(),
            "title": texts.file_title(path.name),
            "dated": _in_name(path.name),
            "kind": str(DocumentKind.DOCUMENT.label),
            "use": TEXT if worded else BOTH if path.suffix.lower() == ".pdf" else ATTACHED,
        }
        for n, name in enumerate(HEADINGS, 1):
            cell = sheet.cell(line, n, known.get(name, ""))
            cell.data_type = "s"  # a name that begins with = is no formula
            cell.number_format = "@"
    for letter, width in zip("ABCDEFGHI", (40, 50, 12, 14, 24, 12, 24, 12, 40), strict=True):
        sheet.column_dimensions[letter].width = width
    sheet.freeze_panes = "A2"
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def found_sheet(folder: Path) -> Path:
    """The sheet that lies in the folder. ``Refused`` when there is none, or more than one."""
    found = [path for path in sorted(folder.iterdir()) if _SHEETS.match(path.name)]
    if len(found) == 1:
        return found[0]
    if found:
        names = _("、").join(path.name for path in found)
        raise Refused([_("文件夹里有几张录入表：%s。请只留一张，或者用 --mapping 指明。") % names])
    raise Refused(
        [_("文件夹里没有录入表。请先运行 gongkai import 文件夹 --sheet，填好那张表，再来一次。")]
    )


def read(sheet: Path, folder: Path, organisation: Organisation) -> list[Old]:
    """Every document of ``sheet``. ``Refused`` with every mistake, each with its cell."""
    lines = list(_lines(sheet))
    if not lines:
        raise Refused([_("录入表是空的。")])
    head = _head(lines[0])
    reader = _Reader(folder.resolve(), organisation, head)
    rows = [
        row
        for number, cells in enumerate(lines[1:], 2)
        if any(cells) and (row := reader.row(number, cells))
    ]
    if reader.mistakes:
        raise Refused(reader.mistakes)
    if not rows:
        raise Refused([_("录入表里一行也没有。")])
    return rows


def key_of(old: Old, organisation: Organisation) -> str:
    """The name of a row, by what it is and not by where it stands in the sheet.

    The same file under the same entry is the same document, whatever it is called by now.
    """
    with old.file.open("rb") as file:
        digest = file_digest(file, "sha256").hexdigest()
    return sha256("\n".join((organisation.slug, old.entry.code, digest)).encode()).hexdigest()


class _Reader:
    """Judges row after row and collects every mistake."""

    def __init__(self, folder: Path, organisation: Organisation, head: Mapping[str, int]) -> None:
        self.folder, self.organisation, self.head = folder, organisation, head
        self.mistakes: list[str] = []
        self.charter: Charter = charter_of(organisation)[1]
        self.today = clock.civil_day(clock.now(), organisation.zone)
        self.seen: dict[tuple[Path, str], int] = {}
        self.looked: dict[Path, list[str]] = {}

    def row(self, line: int, cells: Sequence[str]) -> Old | None:
        """The document of a row; none where it has mistakes."""
        before = len(self.mistakes)
        said = {name: cells[n].strip() if n < len(cells) else "" for name, n in self.head.items()}
        file = self._file(line, "file", said["file"])
        entry = self._entry(line, said.get("entry", ""))
        kind = self._kind(line, said.get("kind", ""))
        dated = self._day(line, said.get("dated", ""))
        title = said.get("title") or texts.file_title(said["file"])
        use = said.get("use") or (TEXT if file and file.suffix.lower() in _WORDED else ATTACHED)
        if use not in USES:
            self._bad(line, "use", _("要写：%s。") % _("、").join(USES))
        attached = [self._file(line, "attached", each) for each in _parts(said.get("attached", ""))]
        plan = self._plan(line, entry, said.get("scopes", ""))
        if entry:
            self._content(line, entry, title, said.get("number", ""), kind, plan)
        if file and entry and (first := self.seen.setdefault((file, entry.code), line)) != line:
            self._bad(line, "file", _("和第%d行是同一个文件、同一个事项。") % first)
        if len(self.mistakes) > before or file is None or entry is None:
            return None
        more = [path for path in attached if path]
        number = said.get("number", "")
        return Old(line, file, said["file"], title, entry, dated, number, kind, plan, use, more)

    def _file(self, line: int, name: str, said: str) -> Path | None:
        if not said:
            self._bad(line, name, _("要写文件的名字。"))
            return None
        path = (self.folder / said.replace("\\", "/")).resolve()
        if not path.is_relative_to(self.folder):
            self._bad(line, name, _("“%s”不在这个文件夹里。") % said[:80])
        elif not path.is_file():
            self._bad(line, name, _("没有“%s”这个文件。") % said[:80])
        else:
            for obstacle in self._looked(path):
                self._bad(line, name, obstacle)
            return path
        return None

    def _looked(self, path: Path) -> list[str]:
        """What is wrong with a file by its content; each is looked at once."""
        if path not in self.looked:
            self.looked[path] = _obstacles(path)
        return self.looked[path]

    def _entry(self, line: int, code: str) -> Entry | None:
        try:
            return proposals.entry_of(self.organisation, code)
        except Refused as refused:
            for obstacle in refused.obstacles:
                self._bad(line, "entry", obstacle)
        return None

    def _kind(self, line: int, said: str) -> str:
        known = {str(label): value for value, label in DocumentKind.choices}
        found = known.get(said, said or DocumentKind.DOCUMENT.value)
        if found not in DocumentKind.values:
            self._bad(line, "kind", _("要写：%s。") % _("、").join(known))
        return found

    def _day(self, line: int, said: str) -> date | None:
        if not said:
            return None
        if found := _DAY.fullmatch(said):
            day = _day(found)
            if day and day <= self.today:
                return day
            if day:
                self._bad(line, "dated", _("这一天还没有到。"))
                return None
        self._bad(line, "dated", _("看不懂“%s”。请写成2019年3月5日。") % said[:40])
        return None

    def _plan(self, line: int, entry: Entry | None, said: str) -> list[dict[str, Any]]:
        if entry is None or not said:
            return []
        rule = self.charter.entry(entry.code)
        scopes = [self.charter.scope(code) for code in rule.scopes]
        known = {word: each for each in scopes for word in (each.name, each.code)}
        wanted = [each.strip() for each in _parts(said)]
        if wrong := [each for each in wanted if each not in known]:
            allowed = _("、").join(each.name for each in scopes)
            self._bad(
                line,
                "scopes",
                _("“%(wrong)s”不是这一项的公开范围。可以写：%(allowed)s。")
                % {"wrong": wrong[0][:40], "allowed": allowed},
            )
            return []
        chosen = sorted((known[each] for each in wanted), key=lambda scope: not scope.inner)
        return [{"scope": each.code, "keys": [], "opens": ""} for each in chosen]

    def _content(
        self,
        line: int,
        entry: Entry,
        title: str,
        number: str,
        kind: str,
        plan: Sequence[Mapping[str, Any]],
    ) -> None:
        """What the rules of a draft would say, at the cell that is meant."""
        rule: EntryRule = self.charter.entry(entry.code)
        steps = [dict(step) for step in plan] or proposal_rules.default_plan(self.charter, rule)
        for name, each in (("title", title), ("number", number), ("scopes", "")):
            content = proposal_rules.Content(
                title=each if name == "title" else "x",
                body="",
                kind=kind if kind in DocumentKind.values else DocumentKind.DOCUMENT.value,
                document_number=each if name == "number" else "",
                form=self.charter.forms[0].key,
                plan=steps if name == "scopes" else [],
            )
            for obstacle in proposal_rules.content_obstacles(self.charter, rule, content):
                self._bad(line, name, obstacle)

    def _bad(self, line: int, name: str, words: str) -> None:
        place = self.head.get(name)
        cell = f"{chr(ord('A') + place)}{line}" if place is not None else _("第%d行") % line
        self.mistakes.append(
            _("%(cell)s（%(heading)s）：%(words)s")
            % {"cell": cell, "heading": HEADINGS[name][0], "words": words}
        )


def _obstacles(path: Path) -> list[str]:
    if path.stat().st_size > settings.UPLOAD_LIMIT:
        return [_("文件超过%d MB。") % (settings.UPLOAD_LIMIT // MEGABYTE)]
    if not path.stat().st_size:
        return [_("文件是空的。")]
    try:
        kinds.recognise(path)
    except Refused as refused:
        return refused.obstacles
    return []


# -- the sheet -------------------------------------------------------------------------------------


def _files(folder: Path) -> Iterator[Path]:
    for path in sorted(folder.rglob("*")):
        within = path.relative_to(folder)
        hidden = any(part.startswith((".", "~$")) for part in within.parts)
        if path.is_file() and not hidden and not _SHEETS.match(within.as_posix()):
            yield path


def _in_name(name: str) -> str:
    """A day that a file's name tells: 20190305, 2019-03-05, 2019年3月5日."""
    whole = re.search(r"(?<!\d)((?:19|20)\d\d)(\d\d)(\d\d)(?!\d)", name)
    found = whole or re.search(r"((?:19|20)\d\d)[-._年](\d{1,2})[-._月](\d{1,2})", name)
    day = _day(found) if found else None
    return f"{day.year}年{day.month}月{day.day}日" if day else ""


def _day(found: re.Match[str]) -> date | None:
    try:
        return date(int(found[1]), int(found[2]), int(found[3]))
    except ValueError:
        return None


def _parts(said: str) -> list[str]:
    return [each.strip() for each in _AND.split(said) if each.strip()]


def _head(cells: Sequence[str]) -> dict[str, int]:
    known = {word: name for name, words in HEADINGS.items() for word in words}
    found = {known[cell.strip()]: n for n, cell in enumerate(cells) if cell.strip() in known}
    missing = [HEADINGS[name][0] for name in ("file", "entry") if name not in found]
    if missing:
        names = _("、").join(missing)
        raise Refused([_("录入表的第一行要有这些列名：%s。") % names])
    return found


def _lines(sheet: Path) -> Iterator[list[str]]:
    if sheet.stat().st_size > SHEET_LIMIT:
        raise Refused([_("录入表太大了，最多10 MB。")])
    found = _of_csv(sheet) if sheet.suffix.lower() == ".csv" else _of_workbook(sheet)
    for number, line in enumerate(found):
        if number > ROWS_LIMIT:
            raise Refused([_("录入表太长了，最多%d行。请分成几个文件夹。") % ROWS_LIMIT])
        yield line


def _of_csv(sheet: Path) -> Iterator[list[str]]:
    yield from csv.reader(io.StringIO(decode(sheet.read_bytes())))


def _of_workbook(sheet: Path) -> Iterator[list[str]]:
    with packages.opened(sheet) as package:
        packages.inspect(package)
    from openpyxl import load_workbook

    try:
        book = load_workbook(sheet, read_only=True, data_only=True)
        for row in book.worksheets[0].iter_rows(max_col=len(HEADINGS) + 11, values_only=True):
            yield [_said(value) for value in row]
    except Exception as error:  # the library lets every kind out for a damaged file
        raise Refused([_("读不出录入表。请用表格软件另存为.xlsx（不加密），再来一次。")]) from error


def _said(value: Any) -> str:
    if isinstance(value, datetime | date):
        return f"{value.year}年{value.month}月{value.day}日"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return "" if value is None else str(value).strip()
