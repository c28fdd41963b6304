"""A cell as its sheet shows it: numbers, money, shares and days by their number format.

Pure and small on purpose: the formats that people meet, read by what they ask for. What is left of
a format that nobody here knows is the plain value, never a guess at another one.
"""

import re
from datetime import date, datetime, time, timedelta
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from typing import Any

_QUOTED = re.compile(r'"([^"]*)"|\\(.)|\[[^\]]*\]|[_*].')
_PLACES = re.compile(r"[0#?][0#?,]*(?:\.([0#?]*))?")
_LONGEST = 100
"""Of a format; a longer one is no format."""


def shown(value: Any, format: str = "General") -> str:
    """``value`` as a person reads it in the sheet."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, datetime | date | time | timedelta):
        return _moment(value, format)
    if isinstance(value, int | float):
        return _number(value, format[:_LONGEST])
    return str(value).strip()


def _moment(value: datetime | date | time | timedelta, format: str) -> str:
    if isinstance(value, timedelta):
        minutes = int(value.total_seconds() // 60)
        return f"{minutes // 60}:{minutes % 60:02d}"
    if isinstance(value, time):
        return f"{value.hour}:{value.minute:02d}"
    asked = _QUOTED.sub("", format).lower()
    days = "d" in asked or not asked or asked == "general"
    if "y" in asked or days or not re.search("[hs]", asked):
        whole = f"{value.year}年{value.month}月" + (f"{value.day}日" if days else "")
    else:
        whole = ""
    at = isinstance(value, datetime) and ("h" in asked or bool(value.hour or value.minute))
    return f"{whole}{value:%-H:%M}" if at else whole


def _number(value: int | float, format: str) -> str:
    parts = format.split(";")
    negative = value < 0 and len(parts) > 1
    part = parts[1] if negative else parts[0]
    plain = _QUOTED.sub("", part)
    places = _PLACES.search(plain)
    try:
        exact = Decimal(repr(value))
    except InvalidOperation:
        return str(value)
    if places is None or not exact.is_finite() or "E" in plain.upper():
        return _general(exact)
    if "/" in plain:
        return _general(exact)
    share = plain.count("%")
    exact = (abs(exact) if negative else exact) * (100**share)
    digits = Decimal(1).scaleb(-len(places[1] or ""))
    rounded = exact.quantize(digits, ROUND_HALF_UP)
    most = _optional(places[1] or "")
    words = f"{rounded:,f}" if "," in places[0] else f"{rounded:f}"
    whole = places[0].partition(".")[0]
    if "," not in whole:  # 00000: a code, whose zeros in front are part of it
        sign, figures = ("-", words[1:]) if words.startswith("-") else ("", words)
        wanted = whole.count("0") + len(figures) - len(figures.partition(".")[0])
        words = sign + figures.zfill(wanted)
    if most:
        words = _without_zeros(words, most)
    before, after = _around(part, places[0])
    return f"{before}{words}{after}{'' if '%' in after or not share else '%'}"


def _around(part: str, digits: str) -> tuple[str, str]:
    """What the format writes before and behind the digits: ¥, 元, a minus sign, brackets."""
    spelled = re.sub(r"\[\$([^\]-]*)[^\]]*\]", r"\1", part)
    spelled = re.sub(r"\[[^\]]*\]|[_*].", "", spelled)
    spelled = re.sub(r'"([^"]*)"', r"\1", spelled).replace("\\", "")
    before, _digits, after = spelled.partition(digits)
    return before.strip(), after.strip()


def _optional(places: str) -> int:
    """How many digits behind the point stand only where there is something: ``0.##`` has two."""
    return len(places) - len(places.rstrip("#?"))


def _without_zeros(words: str, most: int) -> str:
    for _place in range(most):
        words = words.removesuffix("0") if "." in words else words
    return words.removesuffix(".")


def _general(value: Decimal) -> str:
    """As a cell without a format: eleven digits, no zeros behind."""
    if value == value.to_integral_value() and abs(value) < 10**15:
        return f"{value:.0f}"
    return f"{float(value):.10g}"
