"""Dates as people write them: 2026年11月26日, 11月26日, 2026-11-26, 二〇二六年十一月二十六日."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

_DIGITS = dict(zip("〇零一二三四五六七八九", (0, 0, *range(1, 10)), strict=True))
_NUM = "[0-9]{1,2}"
_HAN = "[一二三四五六七八九十]{1,3}"
_DATE = re.compile(
    rf"(?<![0-9〇零一二三四五六七八九十])(?:(?P<y>[0-9]{{4}}|[〇零一二三四五六七八九]{{4}})\s{{0,2}}年\s{{0,2}})?"
    rf"(?:(?P<m>{_NUM}|{_HAN})\s{{0,2}}月\s{{0,2}})(?P<d>{_NUM}|{_HAN})\s{{0,2}}[日号]"
    r"|(?<![0-9./\-])(?P<y2>[12][0-9]{3})(?P<sep>[-./])(?P<m2>[0-9]{1,2})(?P=sep)(?P<d2>[0-9]{1,2})(?![0-9.\-/])"
)
_DAY_ONLY = re.compile(rf"(?P<d>{_NUM}|{_HAN})\s{{0,2}}日")
_WEEKDAY = re.compile(
    r"\s{0,2}(?:[（(]\s{0,2})?(?:星期|周|礼拜)(?P<w>[一二三四五六日天末])(?!期|年|岁|密|边|围|刊|报|全)"
)
_DAYS = "一二三四五六日"


@dataclass(frozen=True)
class Written:
    """A date in a text (写出的日期); ``year`` is None where none was written."""

    start: int
    end: int
    year: int | None
    month: int
    day: int

    def on(self, year: int) -> date | None:
        """The day it names, with ``year`` where none was written; None when there is no such."""
        try:
            return date(self.year or year, self.month, self.day)
        except ValueError:
            return None


def dates_in(text: str) -> Iterator[Written]:
    """Every date of ``text`` that has a month and a day."""
    told: tuple[int | None, int, int]
    for found in _DATE.finditer(text):
        if found["m2"]:
            told = int(found["y2"]), int(found["m2"]), int(found["d2"])
        else:
            year = _year(found["y"]) if found["y"] else None
            told = year, number(found["m"]), number(found["d"])
        start, end = found.span()
        yield Written(start, end, *told)


def day_at(text: str, start: int, before: Written) -> Written | None:
    """A bare 30日 at ``start``, in the month of ``before``."""
    found = _DAY_ONLY.match(text, start)
    if found is None:
        return None
    return Written(*found.span(), before.year, before.month, number(found["d"]))


def weekday_at(text: str, start: int) -> tuple[int, int, int] | None:
    """The day of the week written at ``start``: from 0 for Monday; and where its words stand."""
    found = _WEEKDAY.match(text, start)
    if found is None or found["w"] == "末":
        return None
    word = "日" if found["w"] == "天" else found["w"]
    return _DAYS.index(word), *found.span()


def weekday(n: int) -> str:
    """星期一 for 0."""
    return f"星期{_DAYS[n]}"


def number(written: str) -> int:
    """A number below a hundred in digits or in Chinese."""
    if written.isascii():
        return int(written)
    tens, ten, ones = written.partition("十")
    if not ten:
        return int("".join(str(_DIGITS[each]) for each in written))
    return (_DIGITS[tens] if tens else 1) * 10 + (_DIGITS.get(ones, 0) if ones else 0)


def _year(written: str) -> int:
    return int(written) if written.isascii() else int("".join(str(_DIGITS[c]) for c in written))
