"""Figures as tables and texts write them: 1,284.50, （12.3）, 186万元, 壹佰捌拾陆万元整."""

import re
from dataclasses import dataclass
from decimal import Decimal

_FIGURE = re.compile(
    r"(?P<left>[(（])?[-－−]?[¥￥]?\s?(?P<n>[0-9]{1,3}(?:,[0-9]{3}){1,6}(?:\.[0-9]{1,6})?|[0-9]{1,18}(?:\.[0-9]{1,6})?)"
    r"\s{0,2}(?P<unit>%|％|万元|亿元|元|万)?[)）]?"
)
_SCALE = {"万元": 10_000, "万": 10_000, "亿元": 100_000_000}
_HEAD_UNIT = re.compile(r"[(（:：/]?(?:单位[:：]?)?(?:人民币)?(万元|亿元|元|%|％)[)）]?")
_WIDE = str.maketrans("０１２３４５６７８９，．％－", "0123456789,.%-")

CAPITALS = "零壹贰叁肆伍陆柒捌玖"
_VALUES = {
    **{each: n for n, each in enumerate(CAPITALS)},
    **dict(
        zip("〇一二三四五六七八九两貳參陸弍弐", (0, *range(1, 10), 2, 2, 3, 6, 2, 2), strict=True)
    ),
}
_SMALL = {"拾": 10, "十": 10, "佰": 100, "百": 100, "仟": 1000, "千": 1000}


@dataclass(frozen=True)
class Figure:
    """A number in a cell (数): its value in the unit that the cell or the column has."""

    value: Decimal
    unit: str
    decimals: int


def figure(text: str) -> Figure | None:
    """The number that is all there is in ``text``; none when it is words, or nothing."""
    plain = re.sub(r"\s", "", text).translate(_WIDE)
    if len(plain) > 40 or not (found := _FIGURE.fullmatch(plain)):
        return None
    value = Decimal(found["n"].replace(",", ""))
    negative = bool(found["left"]) or plain.startswith(("-", "－", "−"))
    decimals = len(found["n"].partition(".")[2])
    unit = (found["unit"] or "").replace("％", "%")
    return Figure(-value if negative else value, unit, decimals)


def unit_of(head: str) -> str:
    """The unit that a column's head, or a caption, names; empty when none."""
    found = _HEAD_UNIT.search(head)
    return found[1].replace("％", "%") if found else ""


def in_yuan(value: Decimal, unit: str) -> Decimal:
    """``value`` in 元, or as it is where the unit is no money."""
    return value * _SCALE.get(unit, 1)


def said(value: Decimal) -> str:
    """A number for a sentence: thousands apart, no needless zeros."""
    text = f"{value:,f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def capitals(written: str) -> Decimal | None:
    """An amount in capital figures, in 元: 壹万贰仟元伍角整; None when it cannot be one."""
    total, section, digit = Decimal(0), 0, 0
    seen_unit = False
    for each in written:
        if each in _VALUES:
            digit = _VALUES[each]
        elif each in _SMALL:
            section += (digit or 1) * _SMALL[each]
            digit = 0
        elif each in "万萬亿":
            scale = 10_000 if each != "亿" else 100_000_000
            total = (
                (total + section + digit) * scale
                if each == "亿"
                else total + (section + digit) * scale
            )
            section, digit = 0, 0
        elif each in "元圆圓":
            total, section, digit = total + section + digit, 0, 0
            seen_unit = True
        elif each in "角分":
            total += Decimal(digit) / (10 if each == "角" else 100)
            digit = 0
        elif each in "整正":
            continue
        else:
            return None
    return total if seen_unit else None
