"""Dates that contradict themselves, the week, each other, or the least time of a notice.

The one deadline engine counts a notice: its first day counts, working days alone (rules §3).
"""

import re
from collections.abc import Iterator
from datetime import date

from gongkai.foundation.core.deadlines import notice_period
from gongkai.procedure.review.checks.about import About
from gongkai.procedure.review.checks.calendar_words import (
    Written,
    dates_in,
    day_at,
    number,
    weekday,
    weekday_at,
)
from gongkai.procedure.review.checks.finding import Hit
from gongkai.procedure.review.checks.reading import Document, Passage

_TO = re.compile(r"\s{0,2}(?:起)?\s{0,2}(?:至|到|—{1,2}|－|–|-{1,2}|~|～)\s{0,2}")
_NOTICE = re.compile(r"公示(?:期|时间|起止|从|自|的?期限|日期)|公示")
_COUNTED = re.compile(
    r"(?:共|合计|为期|计)?\s{0,2}(?P<n>[0-9]{1,3}|[一二三四五六七八九十]{1,3})\s{0,2}个?工作日"
)
_CONTEXT = 30
_EARLIEST, _AHEAD = 1921, 10
"""Before the Party's founding, or further ahead than any plan with a day in it."""


def check(document: Document, about: About) -> Iterator[Hit]:
    """The dates of the text itself; an attachment's are its own."""
    year = about.today.year
    for passage in document.own:
        written = list(dates_in(passage.text))
        ended = -1
        for n, each in enumerate(written):
            year = each.year or year
            yield from _alone(passage, each, year, about)
            if each.start < ended:
                continue
            until = _until(passage.text, each, written[n + 1] if n + 1 < len(written) else None)
            if until is not None:
                ended = until.end
                yield from _span(passage, each, until, year, about)


def _alone(passage: Passage, each: Written, year: int, about: About) -> Iterator[Hit]:
    words = passage.text[each.start : each.end]
    day = each.on(year)
    if day is None:
        if each.year or not _leap_day(each):
            yield _hit(passage, each.start, each.end, words, "none")
        return
    if each.year and not _EARLIEST <= each.year <= about.today.year + _AHEAD:
        yield _hit(passage, each.start, each.end, words, "far")
    if said := weekday_at(passage.text, each.end):
        wrong, _start, end = said
        if wrong != day.weekday():
            facts = {"right": weekday(day.weekday()), "wrong": weekday(wrong)}
            yield _hit(passage, each.start, end, words, "weekday", **facts)


def _leap_day(each: Written) -> bool:
    """29 February without its year may be right."""
    return (each.month, each.day) == (2, 29)


def _until(text: str, first: Written, following: Written | None) -> Written | None:
    """The other end of a span that begins with ``first``; the day of the week may stand between."""
    start = first.end
    if said := weekday_at(text, start):
        start = said[2]
    while start < len(text) and text[start] in "）)":
        start += 1
    found = _TO.match(text, start)
    if found is None:
        return None
    if following and following.start == found.end():
        return following
    return day_at(text, found.end(), first)


def _span(
    passage: Passage, first: Written, last: Written, year: int, about: About
) -> Iterator[Hit]:
    """A span that ends before it begins; a notice that is too short, or is counted wrongly."""
    begins = first.on(year)
    ends = last.on(begins.year) if begins else None
    if begins is None or ends is None:
        return
    text = passage.text
    words = text[first.start : last.end]
    if ends < begins:
        if last.year is None and last.month < first.month:
            return  # 12月28日至1月5日, over the turn of the year
        yield _hit(passage, first.start, last.end, words, "order")
        return
    around = text[max(0, first.start - _CONTEXT) : first.start] + passage.heading
    if about.notice_workdays and _NOTICE.search(around):
        yield from _notice(passage, (first.start, last.end), (begins, ends), about)


def _notice(
    passage: Passage, where: tuple[int, int], span: tuple[date, date], about: About
) -> Iterator[Hit]:
    begins, ends = span
    start, end = where
    words = passage.text[start:end]
    needed = notice_period(begins, about.notice_workdays, calendar=about.calendar)
    if ends < needed.due:
        facts = {"days": str(about.notice_workdays), "until": _said(needed.due)}
        yield Hit("period", passage.at(start, end), words, words, "short", facts)
    counted = _COUNTED.search(passage.text[end : end + _CONTEXT])
    if counted:
        stood = sum(
            about.calendar.is_workday(date.fromordinal(n))
            for n in range(begins.toordinal(), min(ends.toordinal(), begins.toordinal() + 400) + 1)
        )
        if number(counted["n"]) != stood:
            facts = {"right": str(stood), "wrong": str(number(counted["n"]))}
            yield Hit("period", passage.at(start, end), words, words, "count", facts)


def _said(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"


def _hit(passage: Passage, start: int, end: int, words: str, variant: str, **facts: str) -> Hit:
    return Hit("dates", passage.at(start, end), words, words, variant, facts)
