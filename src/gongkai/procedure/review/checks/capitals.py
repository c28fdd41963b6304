"""Amounts in capital figures against the digits beside them. Source: 支付结算办法附一."""

import re
from collections.abc import Iterator
from decimal import Decimal

from gongkai.procedure.review.checks import money
from gongkai.procedure.review.checks.about import About
from gongkai.procedure.review.checks.finding import Hit
from gongkai.procedure.review.checks.numbers import shown
from gongkai.procedure.review.checks.reading import Document

_CAPITAL = re.compile(
    "[壹贰叁肆伍陆柒捌玖拾貳參陸弍弐][零〇壹贰叁肆伍陆柒捌玖拾佰仟万萬亿貳參陸弍弐十百千]{0,30}[元圆圓][零〇壹贰叁肆伍陆柒捌玖拾角分整正]{0,8}"
)
_DIGITS = re.compile(
    r"[¥￥]?\s{0,2}(?P<n>[0-9]{1,3}(?:,[0-9]{3}){1,5}(?:\.[0-9]{1,2})?|[0-9]{1,15}(?:\.[0-9]{1,6})?)\s{0,2}(?P<unit>万元|亿元|元)?"
)
_NEAR = 24
_BETWEEN = re.compile(r"[（(）)，,：:；;\s]|大写|小写|人民币|金额|合计|即|元|整|为|计|￥|¥")


def check(document: Document, about: About) -> Iterator[Hit]:
    """Each pair of the text, its tables, and the attachments, that does not say the same."""
    for passage in document.passages:
        taken: set[int] = set()
        for found in _CAPITAL.finditer(passage.text):
            value = money.capitals(found.group())
            beside = _beside(passage.text, *found.span(), taken)
            if value is None or beside is None or money.in_yuan(*beside) == value:
                continue
            facts = {"right": money.said(value), "wrong": money.said(money.in_yuan(*beside))}
            place = shown(passage.at(*found.span()))
            yield Hit("capitals", place, found.group(), found.group(), facts=facts)


def _beside(text: str, start: int, end: int, taken: set[int]) -> tuple[Decimal, str] | None:
    """The amount in digits next to the capitals, with only such words between that join the two.

    ``taken`` are the ends of those that belong to capitals further ahead.
    """
    behind = text[end : end + _NEAR]
    first = next(_DIGITS.finditer(behind), None)
    if first and not _BETWEEN.sub("", behind[: first.start()]):
        taken.add(end + first.end())
        return _value(first)
    begin = max(0, start - _NEAR)
    found = list(_DIGITS.finditer(text, begin, start))
    if not found or found[-1].end() in taken or _BETWEEN.sub("", text[found[-1].end() : start]):
        return None
    return _value(found[-1])


def _value(found: re.Match[str]) -> tuple[Decimal, str]:
    return Decimal(found["n"].replace(",", "")), found["unit"] or ""
