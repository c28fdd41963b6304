"""Tables whose totals do not add up: 合计, 小计 and 总计 in rows and columns, and percent columns.

Only what cannot be right by any usual reading is told: a total may leave out lines 其中, count
subtotals, stand above its lines, and differ by the rounding of figures in 万元 or per cent.
"""

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal

from gongkai.procedure.review.checks.about import About
from gongkai.procedure.review.checks.finding import Hit
from gongkai.procedure.review.checks.money import Figure, figure, in_yuan, said, unit_of
from gongkai.procedure.review.checks.reading import Cell, Document, Table

_TOTAL = re.compile(
    r"(?:本[年月季]|全[年镇村]|支出|收入|资金|费用)?(?:合计|总计|共计|总和|总额)(?:[(（][^）)]{0,10}[)）])?"
)
_SUBTOTAL = re.compile(r"[\u4e00-\u9fff]{0,8}小计")
_AMONG = re.compile(r"[（(]?其中|#")
_SHARE = re.compile(r"占比|比例|比重|百分比|所占|%|％")
_COUNTS = re.compile(r"户数|人数|人次|数量|面积|次数|个数|件数|份数|套数")
_NO_SUM = re.compile(
    r"序号|编号|单价|年龄|电话|日期|时间|备注|年度|年份|标准|平均|人均|均价|得分|名次|增长|增幅|同比|环比|完成率|率$|票号|号码|账号|余额|结余|面积单价"
)


def check(document: Document, about: About) -> Iterator[Hit]:
    """Every total of every table that is not the sum of what it totals."""
    for table in document.tables:
        if len(table.rows) >= 3:
            heads = _heads(table)
            yield from _downwards(table, heads)
            yield from _across(table, heads)


def _heads(table: Table) -> list[str]:
    """The words above each column: the rows of header cells, or the first row."""
    rows = [row for row in table.rows if all(cell.head for cell in row)] or list(table.rows[:1])
    return ["".join(dict.fromkeys(row[n].text for row in rows)) for n in range(len(table.rows[0]))]


def _label(row: Sequence[Cell]) -> str:
    return next((cell.text for cell in row if cell.text and figure(cell.text) is None), "")


def _downwards(table: Table, heads: Sequence[str]) -> Iterator[Hit]:
    body = [row for row in table.rows if not all(cell.head for cell in row)]
    labels = [_label(row) for row in body]
    for column, head in enumerate(heads):
        unit = unit_of(head) or unit_of(table.caption)
        cells = [(labels[n], row[column]) for n, row in enumerate(body)]
        figures = [(label, cell, figure(cell.text)) for label, cell in cells]
        if _SHARE.search(head) or any(each and each.unit == "%" for _l, _c, each in figures):
            yield from _percent(figures, head)
        elif not _NO_SUM.search(head):
            yield from _column(figures, unit)


Line = tuple[str, Cell, Figure | None]


def _column(lines: Sequence[Line], unit: str) -> Iterator[Hit]:
    """Each subtotal over the lines since the last, each total over all of them."""
    details: list[Line] = []
    subtotals: list[Decimal] = []
    since: list[Line] = []
    for n, (label, cell, value) in enumerate(lines):
        if _TOTAL.fullmatch(label):
            among = details or [each for each in lines[n + 1 :] if not _any_total(each[0])]
            if value and (right := _wrong(value, among, subtotals, unit)) is not None:
                yield _hit(cell, label, value, right)
            details, subtotals, since = [], [], []
        elif _SUBTOTAL.fullmatch(label):
            among = since or _until_subtotal(lines[n + 1 :])
            if value:
                if (right := _wrong(value, among, (), unit)) is not None:
                    yield _hit(cell, label, value, right)
                subtotals.append(_worth(value, unit))
            since = []
        elif value:
            details.append((label, cell, value))
            since.append((label, cell, value))


def _any_total(label: str) -> bool:
    return bool(_TOTAL.fullmatch(label) or _SUBTOTAL.fullmatch(label))


def _until_subtotal(lines: Sequence[Line]) -> list[Line]:
    found = []
    for line in lines:
        if _any_total(line[0]):
            break
        found.append(line)
    return found


def _worth(value: Figure, unit: str) -> Decimal:
    return in_yuan(value.value, value.unit or unit)


def _wrong(
    total: Figure, lines: Sequence[Line], subtotals: Sequence[Decimal], unit: str
) -> Decimal | None:
    """What the lines add up to, when ``total`` is not that by any reading; else None."""
    values = [(label, each) for label, _cell, each in lines if each]
    if len(values) < 2 and not subtotals:
        return None
    whole = sum((_worth(each, unit) for _label, each in values), Decimal(0))
    without = sum((_worth(e, unit) for label, e in values if not _AMONG.match(label)), Decimal(0))
    written = _worth(total, unit)
    readings = [whole, without, *([sum(subtotals, Decimal(0))] if subtotals else [])]
    slack = _slack([*(each for _label, each in values), total], unit)
    if any(abs(each - written) <= slack for each in readings):
        return None
    scale = _worth(Figure(Decimal(1), total.unit, 0), unit)
    return without / scale


def _slack(figures: Sequence[Figure], unit: str) -> Decimal:
    """Half of the last place of each figure, where figures are rounded; none for 元."""
    if all((each.unit or unit) in {"", "元"} for each in figures):
        return Decimal(0)
    worst = min(each.decimals for each in figures)
    half = Decimal(5).scaleb(-worst - 1)
    return in_yuan(half * len(figures), unit or next(each.unit for each in figures if each.unit))


def _percent(lines: Sequence[Line], head: str) -> Iterator[Hit]:
    """A column of shares with a total: to 100, give or take the rounding."""
    parts = [value for label, _cell, value in lines if value and not _any_total(label)]
    totals = [(cell, value) for label, cell, value in lines if value and _any_total(label)]
    if len(parts) < 2 or not totals or totals[-1][1].value != 100:
        return
    whole = sum((each.value for each in parts), Decimal(0))
    slack = Decimal(5).scaleb(-min(each.decimals for each in parts) - 1) * len(parts)
    if abs(whole - 100) > slack:
        cell = totals[-1][0]
        facts = {"label": head, "right": said(whole)}
        place = cell.passage.at(0, len(cell.passage.text))
        yield Hit("sums", place, cell.text, f"{place}", "percent", facts)


def _across(table: Table, heads: Sequence[str]) -> Iterator[Hit]:
    """A last or first column 合计 against the other columns of money, row by row."""
    totals = [n for n, head in enumerate(heads) if _TOTAL.fullmatch(_without_unit(head))]
    if len(totals) != 1:
        return
    (at,) = totals
    others = [
        n
        for n, head in enumerate(heads)
        if n != at
        and not any(each.search(head) for each in (_NO_SUM, _SHARE, _COUNTS))
        and not _SUBTOTAL.fullmatch(_without_unit(head))
    ]
    unit = unit_of(table.caption)
    for row in table.rows:
        total = figure(row[at].text)
        parts = [(n, figure(row[n].text)) for n in others]
        given = [(unit_of(heads[n]) or unit, each) for n, each in parts if each]
        if total is None or len(given) < 2 or any(cell.head and not cell.text for cell in row):
            continue
        own = unit_of(heads[at]) or unit
        whole = sum((_worth(each, its) for its, each in given), Decimal(0))
        slack = _slack([*(each for _its, each in given), total], own)
        if abs(whole - _worth(total, own)) > slack:
            scale = _worth(Figure(Decimal(1), total.unit, 0), own)
            yield _hit(row[at], f"{_label(row)} {heads[at]}".strip(), total, whole / scale)


def _without_unit(head: str) -> str:
    return re.sub(r"[(（][^）)]{0,10}[)）]", "", head)


def _hit(cell: Cell, label: str, total: Figure, right: Decimal) -> Hit:
    place = cell.passage.at(0, len(cell.passage.text))
    facts = {"label": label, "right": f"{said(right)}{total.unit}"}
    return Hit("sums", place, cell.text, f"{place}", "", facts)
