"""A sheet back into a catalogue, cell by cell; every mistake is named by its cell.

Sheets come from everywhere: the heading may stand anywhere near the top and over two rows, words
have variants, cells are merged, rows are blank. What cannot be understood is refused, and one
mistake refuses the whole.
"""

import io
import unicodedata
import zipfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import MISSING, dataclass, fields, replace
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext as _

from gongkai.foundation.core.errors import Refused
from gongkai.foundation.files import packages
from gongkai.foundation.ui import marks
from gongkai.procedure.catalogue import columns
from gongkai.procedure.catalogue.charter import Charter, EntryRule
from gongkai.procedure.catalogue.columns import BY_FIELD, HEADINGS, LEVELS, PARTS, canonical, ticked
from gongkai.procedure.catalogue.editing import judged
from gongkai.procedure.catalogue.reading import guess

LARGEST_FILE = 5 * 1024 * 1024
LARGEST_UNPACKED = 30 * 1024 * 1024
MOST_ROWS = 2000
MOST_COLUMNS = 60
MOST_SAID = 200
HEAD_WITHIN = 30
"""The heading stands in one of so many first rows."""
FEWEST_HEADINGS = 3
AFTER_ALL = 10**6
"""In the order of rows, where stands what is about no row."""

TICKS = {"√", "✓", "✔", "■", "☑", "●", "是", "Y", "y", "1"}
KINDS = {each.name: each.type for each in fields(EntryRule)}
NUMBERS = frozenset(name for name, kind in KINDS.items() if kind is int)
SWITCHES = frozenset(name for name, kind in KINDS.items() if kind is bool)


@dataclass(frozen=True)
class Cell:
    """What stands in a cell (一格): its text, or why it cannot be read."""

    text: str = ""
    wrong: str = ""


EMPTY = Cell()


@dataclass(frozen=True)
class Head:
    """Where each column stands (表头). ``parts`` are columns that hold one choice of a field."""

    row: int
    places: dict[str, int]
    parts: dict[int, tuple[str, str]]


class Mistakes:
    """What is wrong with a sheet, each with its cell."""

    def __init__(self, head: Head) -> None:
        self.head = head
        self.found: list[tuple[int, int, str]] = []
        self.about: set[tuple[int, str]] = set()

    def add(self, row: int, field: str, words: str) -> None:
        """Note ``words`` at the cell of ``field`` in ``row``; both count from the sheet's first."""
        from openpyxl.utils import get_column_letter

        self.about.add((row, field))
        place = self.head.places.get(field)
        if place is None:
            place = next((n for n, part in self.head.parts.items() if part[0] == field), None)
        said = {"row": row, "heading": BY_FIELD[field].heading, "words": words}
        if place is None:
            wording = _("第%(row)s行“%(heading)s”（表里没有这一列）：%(words)s")
        else:
            said["cell"] = f"{get_column_letter(place + 1)}{row}"
            wording = _("第%(row)s行“%(heading)s”（%(cell)s）：%(words)s")
        sentence = (row, len(columns.COLUMNS) if place is None else place, wording % said)
        if sentence not in self.found:
            self.found.append(sentence)

    def sentences(self) -> list[str]:
        """Every one, from the top left."""
        told = [sentence for _row, _place, sentence in sorted(self.found)]
        if len(told) > MOST_SAID:
            more = _("还有%(n)s处不对。") % {"n": len(told) - MOST_SAID}
            return [*told[:MOST_SAID], more]
        return told


def read(data: bytes, charter: Charter) -> tuple[EntryRule, ...]:
    """The catalogue in the bytes of an .xlsx file, to take the place of that of ``charter``.

    ``Refused`` with every mistake, each with its cell.
    """
    lines = _lines(data)
    head = _head(lines)
    mistakes = Mistakes(head)
    reader = _Reader(charter, head, mistakes)
    rows = list(reader.rows(lines))
    if not rows:
        raise Refused([_("表里一项也没有。请从表头下面一行起，一行填一项。")])
    rules = tuple(rule for _row, rule in rows)
    _judge(replace(charter, entries=rules), [row for row, _rule in rows], mistakes)
    if told := mistakes.sentences():
        raise Refused(told)
    return rules


# -- the file --------------------------------------------------------------------------------------


def _lines(data: bytes) -> list[list[Cell]]:
    """The cells of the first sheet; sizes are looked at before anything is unpacked."""
    if len(data) > LARGEST_FILE:
        raise Refused([_("文件太大了，最多5 MB。请去掉图片和别的表。")])
    _check_package(data)
    from openpyxl import load_workbook

    try:
        book = load_workbook(io.BytesIO(data), read_only=True, data_only=False)
        found = book.worksheets[0].iter_rows(max_row=MOST_ROWS + 1, max_col=MOST_COLUMNS)
        lines = [[_cell(cell) for cell in row] for row in found]
    except Exception as error:  # the library lets every kind out for a damaged file
        raise _unreadable() from error
    if len(lines) > MOST_ROWS and any(cell.text for cell in lines[MOST_ROWS]):
        raise Refused([_("表太长了，最多%(n)s行。请看是不是选错了文件。") % {"n": MOST_ROWS}])
    return lines


def _check_package(data: bytes) -> None:
    try:
        with packages.opened(io.BytesIO(data)) as package:
            members = package.infolist()
            if "xl/workbook.xml" not in {member.filename for member in members}:
                raise _unreadable()
            if sum(member.file_size for member in members) > LARGEST_UNPACKED:
                raise Refused([_("文件展开以后太大了。请把目录复制到一个新文件里，再传一次。")])
            packages.inspect(package)
    except zipfile.BadZipFile as error:
        raise _unreadable() from error


def _unreadable() -> Refused:
    return Refused([_("读不出这个文件。请用表格软件另存为 .xlsx（不加密、不带宏），再传一次。")])


def _cell(cell: Any) -> Cell:
    """A cell's text as people see it; a formula is never worked out."""
    if cell.data_type == "f":
        return Cell("=", _("这一格是公式。请改成文字。"))
    if cell.data_type == "e":
        return Cell("#", _("这一格是表格软件报的错误。请重新填。"))
    value = cell.value
    if isinstance(value, bool):
        return Cell(columns.YES if value else columns.NO)
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if isinstance(value, datetime):
        value = value.date()
    if isinstance(value, date):
        return Cell(marks.day(value))
    return EMPTY if value is None else Cell(" ".join(str(value).split("\n")).strip())


# -- the heading -----------------------------------------------------------------------------------


def _head(lines: Sequence[Sequence[Cell]]) -> Head:
    """The first row with headings, together with the row below when that only divides them."""
    for n, line in enumerate(lines[:HEAD_WITHIN]):
        found = _named(line)
        below = _named(lines[n + 1]) if n + 1 < len(lines) else {}
        parts = _parts(lines[n + 1]) if n + 1 < len(lines) else {}
        if len(set(found.values())) >= FEWEST_HEADINGS and "title" in {
            *found.values(),
            *below.values(),
        }:
            divided = _is_heading(lines[n + 1]) if n + 1 < len(lines) else False
            if divided:
                found = {m: field for m, field in found.items() if m not in below} | below
            else:
                parts = {}
            parts = _parts(line) | parts
            _no_twins(found, n)
            places = {field: m for m, field in found.items() if m not in parts}
            return Head(n + (2 if divided else 1), places, parts)
    wording = _(
        "没有找到表头。前%(n)s行里要有一行写着“公开事项”“公开内容（要素）”“公开时限”这些列名。"
    )
    raise Refused([wording % {"n": HEAD_WITHIN}])


def _named(line: Sequence[Cell]) -> dict[int, str]:
    found = {n: HEADINGS.get(canonical(cell.text), "") for n, cell in enumerate(line)}
    return {n: field for n, field in found.items() if field}


def _parts(line: Sequence[Cell]) -> dict[int, tuple[str, str]]:
    found = {n: PARTS.get(canonical(cell.text)) for n, cell in enumerate(line)}
    return {n: part for n, part in found.items() if part}


def _is_heading(line: Sequence[Cell]) -> bool:
    """Whether every word of the row is one that stands under a heading."""
    texts = [canonical(cell.text) for cell in line if cell.text]
    return bool(texts) and all(
        text in HEADINGS or text in PARTS or text in LEVELS for text in texts
    )


def _no_twins(found: dict[int, str], row: int) -> None:
    fields_ = list(found.values())
    if twins := sorted({field for field in fields_ if fields_.count(field) > 1}):
        wording = _("表头（第%(row)s行）里“%(heading)s”这一列有两个。请删掉一个。")
        raise Refused(
            [wording % {"row": row + 1, "heading": BY_FIELD[field].heading} for field in twins]
        )


# -- the rows --------------------------------------------------------------------------------------


class _Reader:
    """One sheet being read against the charter that it is to change."""

    def __init__(self, charter: Charter, head: Head, mistakes: Mistakes) -> None:
        self.charter, self.head, self.mistakes = charter, head, mistakes
        self.by_code = {canonical(rule.code): rule for rule in charter.entries}
        titles = [canonical(rule.title) for rule in charter.entries]
        self.by_title = {
            canonical(rule.title): rule
            for rule in charter.entries
            if titles.count(canonical(rule.title)) == 1
        }
        self.category = EMPTY

    def rows(self, lines: Sequence[Sequence[Cell]]) -> Iterator[tuple[int, EntryRule]]:
        """Each row that says something, with its number and its entry."""
        for n, line in enumerate(lines[self.head.row :], self.head.row + 1):
            texts = [
                cell.text for m, cell in enumerate(line) if m != self.head.places.get("number")
            ]
            if any(texts):
                yield n, self._row(n, line)

    def _row(self, row: int, line: Sequence[Cell]) -> EntryRule:
        cells = {
            field: line[place] if place < len(line) else EMPTY
            for field, place in self.head.places.items()
        }
        if "category" in cells:  # merged downwards: only the first row of many says it
            self.category = cells["category"] if cells["category"].text else self.category
            cells["category"] = self.category
        old = self._known(cells)
        values: dict[str, Any] = {}
        for each in fields(EntryRule):
            values[each.name] = self._value(row, each, cells.get(each.name), old)
        rule = EntryRule(**values)
        self._compare(row, line, cells, rule)
        return rule

    def _known(self, cells: dict[str, Cell]) -> EntryRule | None:
        """The entry that a row is about: by its code, without one by its title."""
        code, title = cells.get("code", EMPTY).text, cells.get("title", EMPTY).text
        if code:
            return self.by_code.get(canonical(code))
        return self.by_title.get(canonical(title))

    def _value(self, row: int, each: Any, cell: Cell | None, old: EntryRule | None) -> Any:
        default = _blank(each) if each.default is MISSING else each.default
        if cell is None or (each.name == "code" and not cell.text and old):
            return getattr(old, each.name) if old else default
        if cell.wrong:
            self.mistakes.add(row, each.name, cell.wrong)
            return default
        if old and _same(cell.text, BY_FIELD[each.name].shown(self.charter, old)):
            return getattr(old, each.name)
        if not cell.text:
            return default
        try:
            return _parse(each.name)(cell.text, self.charter)
        except ValueError as error:
            self.mistakes.add(row, each.name, str(error))
            return default

    def _compare(
        self, row: int, line: Sequence[Cell], cells: dict[str, Cell], rule: EntryRule
    ) -> None:
        """公开对象 and 公开方式 repeat what scopes and timing say; they must not say otherwise."""
        for field, decides, derive in (
            ("audience", "scopes", columns.audience),
            ("means", "timing", columns.means),
        ):
            if wrong := cells.get(field, EMPTY).wrong:
                self.mistakes.add(row, field, wrong)
                continue
            said = self._said(field, line, cells)
            if said is None or (row, decides) in self.mistakes.about:
                continue
            try:
                wanted = derive(self.charter, rule)
            except Refused:
                continue  # the scope or timing is unknown, which is told at its own cell
            if said != wanted:
                told = {
                    "said": "、".join(sorted(said)),
                    "wanted": "、".join(sorted(wanted)),
                    "heading": BY_FIELD[decides].heading,
                }
                wording = _("写的是“%(said)s”，而照“%(heading)s”应当是“%(wanted)s”。请改成一致的。")
                self.mistakes.add(row, field, wording % told)

    def _said(self, field: str, line: Sequence[Cell], cells: dict[str, Cell]) -> set[str] | None:
        parts = {n: part[1] for n, part in self.head.parts.items() if part[0] == field}
        if parts:
            on = {
                name
                for n, name in parts.items()
                if n < len(line) and canonical(line[n].text) in TICKS
            }
            return on or None
        text = cells.get(field, EMPTY).text
        return ticked(text) or None if text else None


def _same(typed: str, shown: str) -> bool:
    """Whether a cell says what we would write there; surrounding spaces do not count."""
    return typed == " ".join(shown.split("\n")).strip()


def _blank(each: Any) -> Any:
    return () if each.name in ("scopes", "channels") else ""


# -- values ----------------------------------------------------------------------------------------


def _parse(field: str) -> Callable[[str, Charter], Any]:
    if field in NUMBERS:
        return _whole
    if field in SWITCHES:
        return _switch
    return _PARSERS.get(field, lambda text, charter: text)


def _whole(text: str, charter: Charter) -> int:
    plain = unicodedata.normalize("NFKC", text)
    if not plain.isascii() or not plain.isdigit() or len(plain) > 6:
        raise ValueError(_("要填整数，不能填“%(typed)s”。") % {"typed": text[:20]})
    return int(plain)


def _switch(text: str, charter: Charter) -> bool:
    word = canonical(text).lower()
    if word in {columns.YES, "yes", "true", "√", "■"}:
        return True
    if word in {columns.NO, "no", "false", "□"}:
        return False
    raise ValueError(_("请填“是”或“否”，不能填“%(typed)s”。") % {"typed": text[:20]})


def _word(words: dict[str, str]) -> Callable[[str, Charter], str]:
    """A value by its word, or by itself."""
    known = {canonical(word): value for value, word in words.items()}

    def parse(text: str, charter: Charter) -> str:
        plain = canonical(text)
        if plain in known:
            return known[plain]
        if plain in words:
            return plain
        offer = {
            "typed": text[:20],
            "guess": guess(text, [word for word in words.values() if word]),
        }
        raise ValueError(_("不能填“%(typed)s”。%(guess)s") % offer)

    return parse


def _one(part: str, key: str) -> Callable[[str, Charter], str]:
    """The code of one of the charter's ``part``, written as its code or as its name."""

    def parse(text: str, charter: Charter) -> str:
        plain = canonical(text)
        for each in getattr(charter, part):
            if plain in (canonical(getattr(each, key)), canonical(each.name)):
                return str(getattr(each, key))
        names = [each.name for each in getattr(charter, part)]
        offer = {"typed": text[:40], "guess": guess(text, names)}
        raise ValueError(_("没有“%(typed)s”。%(guess)s") % offer)

    return parse


def _box(text: str, charter: Charter) -> str:
    plain = canonical(text)
    for category in charter.categories:
        for box in category.boxes:
            if plain in (canonical(box.key), canonical(box.name)):
                return box.key
    return text


def _scopes(text: str, charter: Charter) -> tuple[str, ...]:
    for mark in ("->", "－＞", "、", ",", "，", "/", "；", ";"):
        text = text.replace(mark, columns.ARROW)
    one = _one("scopes", "code")
    return tuple(one(part.strip(), charter) for part in text.split(columns.ARROW) if part.strip())


def _channels(text: str, charter: Charter) -> tuple[str, ...]:
    chosen = ticked(text)
    known = {canonical(channel.name): channel.key for channel in charter.channels}
    known |= {canonical(channel.key): channel.key for channel in charter.channels}
    if unknown := sorted(chosen - set(known)):
        names = [channel.name for channel in charter.channels]
        wording = _("没有“%(name)s”这个公开渠道。%(guess)s")
        raise ValueError(
            " ".join(wording % {"name": name, "guess": guess(name, names)} for name in unknown)
        )
    taken = {known[name] for name in chosen}
    return tuple(channel.key for channel in charter.channels if channel.key in taken)


_PARSERS: dict[str, Callable[[str, Charter], Any]] = {
    "code": lambda text, charter: unicodedata.normalize("NFKC", text),
    "category": _one("categories", "code"),
    "department": _one("departments", "name"),
    "timing": _one("timings", "code"),
    "retention": _one("retentions", "code"),
    "box": _box,
    "scopes": _scopes,
    "channels": _channels,
    "period": _word(columns.PERIOD_WORDS),
    "privacy": _word(columns.PRIVACY_WORDS),
    "template": _word(columns.TEMPLATE_WORDS),
}


# -- judging ---------------------------------------------------------------------------------------


def _judge(wanted: Charter, rows: Sequence[int], mistakes: Mistakes) -> None:
    """What the charter's own checks say of the entries, at the cells they are about."""
    for path, sentence in judged(wanted):
        if path[0] == "entries" and len(path) > 2:
            row, field = rows[int(path[1])], str(path[2])
            if (row, field) not in mistakes.about:
                mistakes.add(row, field, sentence)
            continue
        if (AFTER_ALL, 0, sentence) not in mistakes.found:
            mistakes.found.append((AFTER_ALL, 0, sentence))
