"""The catalogue's columns in a sheet 目录表: the standard ones of 政务公开标准目录, and our own.

The standard columns are those that offices exchange; some of them only repeat what other columns
say. Ours carry the rest, so that a sheet can come back without loss. Headings are a standard's own
words, in Chinese whatever language the reader has.
"""

import re
import unicodedata
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from gongkai.procedure.catalogue.charter import Charter, EntryRule
from gongkai.procedure.catalogue.vetting import TEMPLATES

TICKED, OPEN = "■", "□"
YES, NO = "是", "否"
PERIOD_WORDS = {"": "", "month": "每月", "quarter": "每季度", "half": "每半年", "year": "每年"}
TEMPLATE_WORDS = {"": "", **TEMPLATES}
PRIVACY_WORDS = {"no": NO, "depends": "视情况", "yes": YES}
ARROW = "→"

EVERYBODY, SOME = "全社会", "特定群体"
BY_ITSELF, ON_REQUEST = "主动", "依申请"
OWN_LEVEL = "本级"

SAME = {
    "特定群众": SOME,
    "社会": EVERYBODY,
    "主动公开": BY_ITSELF,
    "依申请公开": ON_REQUEST,
    "纸质载体": "纸质媒体",
    "行政服务中心": "政务服务中心",
}
"""What other sheets write for the same thing."""

_TICKS = re.compile(r"([■☑√✓✔▣●]|[□☐○])\s*([^■☑√✓✔▣●□☐○]*)")
_SEPARATORS = re.compile(r"[、,，;；/\n]+")


@dataclass(frozen=True)
class Column:
    """One column of the sheet (一列). ``field`` names the entry's, or what is derived from it."""

    field: str
    heading: str
    aliases: tuple[str, ...]
    width: int
    shown: Callable[[Charter, EntryRule], str]


def canonical(text: str) -> str:
    """Words as they are compared: half-width, without spaces, one name for one thing."""
    plain = re.sub(r"\s+", "", unicodedata.normalize("NFKC", text))
    return SAME.get(plain, plain)


def ticked(text: str) -> set[str]:
    """The names that a cell ticks: ■…□…, or simply listed."""
    marks = _TICKS.findall(text)
    if marks:
        names = [name for mark, name in marks if mark not in "□☐○"]
        return {canonical(_SEPARATORS.sub("", name)) for name in names} - {""}
    return {canonical(name) for name in _SEPARATORS.split(text)} - {""}


def _boxes(among: Iterable[str], chosen: Iterable[str]) -> str:
    taken = set(chosen)
    return " ".join(f"{TICKED if name in taken else OPEN}{name}" for name in among)


def _plain(field: str) -> Callable[[Charter, EntryRule], str]:
    return lambda charter, rule: str(getattr(rule, field))


def _number(field: str) -> Callable[[Charter, EntryRule], str]:
    return lambda charter, rule: str(getattr(rule, field) or "")


def _yes(field: str) -> Callable[[Charter, EntryRule], str]:
    return lambda charter, rule: YES if getattr(rule, field) else NO


def _channels(charter: Charter, rule: EntryRule) -> str:
    chosen = {channel.name for channel in charter.channels if channel.key in rule.channels}
    return _boxes((channel.name for channel in charter.channels), chosen)


def audience(charter: Charter, rule: EntryRule) -> set[str]:
    """公开对象, as the scopes of ``rule`` have it."""
    return {SOME if charter.scope(code).inner else EVERYBODY for code in rule.scopes}


def means(charter: Charter, rule: EntryRule) -> set[str]:
    """公开方式, as the timing of ``rule`` has it."""
    asked = charter.timing(rule.timing).kind == "application"
    return {ON_REQUEST if asked else BY_ITSELF}


def _column(field: str, heading: str, width: int, shown: Any = None, *aliases: str) -> Column:
    return Column(field, heading, aliases, width, shown or _plain(field))


COLUMNS: tuple[Column, ...] = (
    _column("number", "序号", 6, lambda charter, rule: ""),
    _column(
        "category",
        "一级事项",
        14,
        lambda charter, rule: charter.category(rule.category).name,
        "类别",
        "一级公开事项",
    ),
    _column("title", "二级事项", 30, None, "公开事项", "事项名称", "事项", "二级公开事项"),
    _column("content", "公开内容（要素）", 40, None, "公开内容", "内容要素", "公开要素"),
    _column("basis", "公开依据", 20, None, "依据"),
    _column("cycle", "公开时限", 22, None, "周期或者截止", "周期/截止"),
    _column("department", "公开主体", 20, None, "责任部门", "责任主体", "公开责任主体"),
    _column("channels", "公开渠道和载体", 36, _channels, "公开渠道", "公开渠道及载体", "公开载体"),
    _column(
        "audience",
        "公开对象",
        20,
        lambda charter, rule: _boxes((EVERYBODY, SOME), audience(charter, rule)),
    ),
    _column(
        "means",
        "公开方式",
        18,
        lambda charter, rule: _boxes((BY_ITSELF, ON_REQUEST), means(charter, rule)),
    ),
    _column("level", "公开层级", 10, lambda charter, rule: f"{TICKED}{OWN_LEVEL}", "层级"),
    _column("code", "编号", 10, None, "事项编号", "事项编码"),
    _column("title_en", "英文公开事项", 30),
    _column("box", "文件盒", 10),
    _column("content_en", "英文内容要素", 36),
    _column("scopes", "公开范围", 12, lambda charter, rule: ARROW.join(rule.scopes)),
    _column("choice", "公开范围可以选", 10, _yes("choice")),
    _column("timing", "时限类", 8, None, "时限"),
    _column("cycle_en", "英文公开时限", 24),
    _column("period", "周期", 10, lambda charter, rule: PERIOD_WORDS[rule.period]),
    _column("due_month", "截止在周期的第几个月", 10, _number("due_month"), "截止月"),
    _column("due_day", "截止在当月几日", 10, _number("due_day"), "截止日"),
    _column("workdays", "工作日数", 8, _number("workdays")),
    _column("notice_workdays", "公示工作日数", 10, _number("notice_workdays")),
    _column("consult", "征求意见", 8, _yes("consult")),
    _column("confirm", "阅读确认", 8, _yes("confirm")),
    _column("privacy", "隐私检查", 10, lambda charter, rule: PRIVACY_WORDS[rule.privacy], "隐私"),
    _column("retention", "保管期限", 8, None, "保管"),
    _column("template", "文稿模板", 12, lambda charter, rule: TEMPLATE_WORDS[rule.template]),
    _column("outside", "目录外", 8, _yes("outside")),
)

BY_FIELD = {column.field: column for column in COLUMNS}

PARTS = {
    "全社会": ("audience", EVERYBODY),
    "特定群体": ("audience", SOME),
    "主动": ("means", BY_ITSELF),
    "依申请": ("means", ON_REQUEST),
}
"""Headings under 公开对象 and 公开方式 where a sheet gives each choice a column of its own."""

LEVELS = ("县级", "乡级", "镇级", "村级", "乡镇级", "市级", "县级乡级", "乡村级")
"""Headings under 公开层级; a charter is of one body, so they say nothing that is kept."""

HEADINGS = {
    canonical(name): column.field
    for column in COLUMNS
    for name in (column.heading, *column.aliases)
}
