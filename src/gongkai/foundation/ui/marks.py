"""Marks: small pieces of HTML that say one thing the same way on every page.

Pure functions from values to :class:`~markupsafe.Markup`, used by the office's Django templates
(``templatetags/ui.py``) and by the board's Jinja2 (``jinja.py``). The words follow the active
language. Nothing here reads a clock: whoever renders passes the day, so that a page can be
rendered again to the same bytes.
"""

from collections.abc import Iterable
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache
from zoneinfo import ZoneInfo

from django.conf import settings
from django.contrib.staticfiles.storage import staticfiles_storage
from django.utils.translation import ngettext
from markupsafe import Markup, escape

from gongkai.foundation.core.workdays import workdays_between
from gongkai.foundation.ui import qr as codes
from gongkai.foundation.ui import spoken
from gongkai.foundation.ui.spoken import gettext as _

SOON = 5
"""Working days before a due date from which it is shown as near."""

ICONS = {
    "check": '<path d="M4 12.5 9.5 18 20 6.5"/>',
    "clock": '<circle cx="12" cy="12" r="9"/><path d="M12 7v5.5l3.5 2"/>',
    "bang": '<path d="M12 4v10M12 19v.5"/>',
    "dash": '<path d="M5 12h14"/>',
    "lock": '<path d="M5 11h14v9H5zM8 11V8a4 4 0 0 1 8 0v3"/>',
    "pen": '<path d="M4 20l1-5L16 4l4 4L9 19zM14 6l4 4"/>',
    "back": '<path d="M9 7 4 12l5 5M4 12h11a5 5 0 0 1 0 10h-2"/>',
    "shield": '<path d="M12 3l8 3v6c0 5-3.5 8-8 9.5C7.5 20 4 17 4 12V6zM8.5 12l2.5 2.5 4.5-5"/>',
    "cross": '<path d="M6 6l12 12M18 6 6 18"/>',
    "down": '<path d="M12 4v16M6 14l6 6 6-6"/>',
}

MONTHS = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
]
WEEKDAYS = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]


def english() -> bool:
    """Whether the page being made is in English."""
    return spoken.language().startswith("en")


def lang() -> str:
    """The ``lang`` attribute of the active language."""
    return "en" if english() else "zh-CN"


def asset(name: str) -> str:
    """The address of a static file, with its digest."""
    return str(staticfiles_storage.url(name))


def icon(name: str) -> Markup:
    """One of :data:`ICONS`, always beside a word and hidden from screen readers.

    The shape stands in the page itself: it needs no sprite, and prints.
    """
    return Markup('<svg class="icon" viewBox="0 0 24 24" aria-hidden="true">{}</svg>').format(
        Markup(ICONS[name])
    )


# -- dates and numbers ---------------------------------------------------------------------------


def day(value: date, year: bool = True) -> str:
    """A date in words: 2026年11月23日, 23 November 2026; without the year in a list of one year."""
    if english():
        return f"{value.day} {MONTHS[value.month - 1]}" + (f" {value.year}" if year else "")
    return (f"{value.year}年" if year else "") + f"{value.month}月{value.day}日"


def month(year: int, number: int) -> str:
    """A month in words: 2026年11月, November 2026."""
    return f"{MONTHS[number - 1]} {year}" if english() else f"{year}年{number}月"


def weekday(value: date) -> str:
    """The day of the week: 星期一, Monday."""
    return WEEKDAYS[value.weekday()] if english() else "星期" + "一二三四五六日"[value.weekday()]


def weekday_short(value: date) -> str:
    """The day of the week at the head of a calendar: 一, Mon."""
    return WEEKDAYS[value.weekday()][:3] if english() else "一二三四五六日"[value.weekday()]


def moment(value: datetime, zone: str = "", year: bool = True) -> str:
    """An instant in civil time: 2026年11月23日9:40, 23 November 2026, 9:40."""
    local = value.astimezone(ZoneInfo(zone or settings.TIME_ZONE))
    clock = f"{local.hour}:{local.minute:02}"
    return day(local.date(), year) + (", " if english() else "") + clock


def thousands(value: int | float | Decimal) -> str:
    """A number with its thousands set apart: 1,284."""
    return f"{value:,}"


def money(yuan: int | Decimal) -> str:
    """An amount of yuan in running text: 186万元, 97,100元; ¥1,860,000 in English."""
    amount = Decimal(yuan).quantize(Decimal("0.01"), ROUND_HALF_UP)
    if english():
        return f"¥{_short(amount)}"
    wan = amount / 10_000
    if abs(wan) >= 10 and wan == wan.quantize(Decimal("0.01")):
        return f"{_short(wan)}万元"
    return f"{_short(amount)}元"


def _short(amount: Decimal) -> str:
    text = f"{amount:,.2f}"
    return text.rstrip("0").rstrip(".")


def size(count: int) -> str:
    """The size of a file: 86 KB, 3.1 MB."""
    kilobytes = max(1, round(count / 1024))
    return f"{kilobytes} KB" if kilobytes < 1000 else f"{count / 1024 / 1024:.1f} MB"


# -- when it is due --------------------------------------------------------------------------------


def due(
    when: date,
    today: date,
    *,
    done: date | None = None,
    said: str = "",
    ends: str = "",
    calendar: bool = False,
) -> Markup:
    """The one way to say when: word, shape and colour together.

    ``done`` (the day it was done) with ``said`` (已公开) makes it past; ``ends`` (今天公开) stands
    for 今天截止 on the last day; ``calendar`` counts days instead of working days.
    """
    if done is not None:
        words = _("%(day)s%(said)s") % {"day": day(done, False), "said": said or _("已完成")}
        return _due("ok", "check", words)
    left = (when - today).days if calendar else workdays_between(today, when)
    if when == today:
        return _due("soon", "clock", ends or _("今天截止"))
    # between two days without work both counts are nought: then calendar days say it truly
    whole, calendar = (left, calendar) if left else ((when - today).days, True)
    if whole < 0:
        return _due("over", "bang", _late(-whole, calendar))
    return _due("soon" if whole <= SOON else "", "clock", _left(whole, calendar))


def _left(n: int, calendar: bool) -> str:
    if calendar:
        return ngettext("还有%(n)s日", "还有%(n)s日", n) % {"n": n}
    return ngettext("还有%(n)s个工作日", "还有%(n)s个工作日", n) % {"n": n}


def _late(n: int, calendar: bool) -> str:
    if calendar:
        return ngettext("逾期%(n)s日", "逾期%(n)s日", n) % {"n": n}
    return ngettext("逾期%(n)s个工作日", "逾期%(n)s个工作日", n) % {"n": n}


def _due(kind: str, shape: str, words: str) -> Markup:
    css = f"due due--{kind}" if kind else "due"
    return Markup('<span class="{}">{}{}</span>').format(css, icon(shape), words)


def days(start: date, end: date, today: date, *, first: bool = False) -> Markup:
    """The day ruler 日格: one cell per working day; black gone, grey left, red late.

    ``first``: the start day counts too (公示期). A span too long for cells is drawn to scale.
    """
    extra = 1 if first else 0
    total = max(1, workdays_between(start, end) + extra)
    used = min(total, max(0, workdays_between(start, today) + extra))
    late = max(0, workdays_between(end, today))
    cell, ticked = _cell(total + late)
    stop, wide = round(total * cell, 1), round((total + late) * cell, 1)
    ticks = "".join(f"M{i * cell:g} 1V11" for i in range(1, total + late)) if ticked else ""
    return Markup(
        '<svg class="days" width="{}" height="12" aria-hidden="true">'
        '<rect class="r" width="{}" height="12"/><rect class="u" width="{}" height="12"/>'
        '<rect class="o" x="{}" width="{}" height="12"/>'
        '<path d="{}"/><path class="end" d="M{} -2V14"/></svg>'
    ).format(*map(_n, (wide + 2, stop, used * cell, stop, late * cell)), ticks, _n(stop))


def _cell(cells: int) -> tuple[float, bool]:
    if cells <= 12:
        return 10, True
    return (7, True) if cells <= 24 else (168 / cells, False)


def _n(value: float) -> str:
    return f"{value:.1f}".removesuffix(".0")


# -- drawings --------------------------------------------------------------------------------------


def bar(parts: Iterable[tuple[str, int]], total: int) -> Markup:
    """A stacked bar of ``(kind, count)`` parts, by SVG attributes only: a strict policy allows it.

    Kinds: ``done late wait none``. It stands beside its own numbers, so readers skip it.
    """
    x, drawn = 0.0, Markup("")
    for kind, count in parts:
        width = 100 * count / total if total else 0
        if count:
            drawn += Markup(
                '<rect class="{}" x="{:.2f}%" y="0" width="{:.2f}%" height="100%"/>'
            ).format(kind, x, width)
        x += width
    return Markup('<svg class="bar" aria-hidden="true">{}</svg>').format(drawn)


def qr(text: str, tail: int = codes.TAIL) -> Markup:
    """``text`` as a QR code, drawn row by row in one path.

    Its last ``tail`` letters differ from one code to the next. What stands behind ``#`` is for
    programs and not read aloud.
    """
    side, path = codes.drawing(text, tail)
    label = escape(_("二维码：%(text)s") % {"text": text.partition("#")[0]})
    return Markup(
        f'<svg class="qr" viewBox="0 0 {side} {side}" role="img" aria-label="{label}"'
        f' shape-rendering="crispEdges"><path stroke="#000" d="{path}"/></svg>'
    )


# -- text ------------------------------------------------------------------------------------------

_NO_START = set("，。；：！？、）》”〕』」】年月日号条款项的了")
_NO_END = set("（《“〔『「【")


@lru_cache(maxsize=4096)
def keep(text: str) -> Markup:
    """``text`` with breaks between words only (GB/T 9704: 词意完整); numbers stay with 年月日.

    Stands in an element of class ``keep``. Text without Chinese comes back as it is.
    """
    if not any("\u4e00" <= c <= "\u9fff" for c in text):
        return escape(text)
    import rjieba  # late: its dictionary is loaded by the first Chinese title

    words, last = [], ""
    for word in rjieba.cut(text):
        if last and not _stuck(last, word):
            words.append("<wbr>")
        words.append(str(escape(word)))
        last = word
    return Markup("".join(words))


def _stuck(before: str, word: str) -> bool:
    latin = before[-1].isascii() and word[0].isascii()
    return latin or word[0] in _NO_START or before[-1] in _NO_END or before[-1].isdigit()
