from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.utils.translation import override

from gongkai.foundation.ui import marks

MONDAY = date(2026, 11, 23)
CLOCK = str(marks.icon("clock"))
BANG = str(marks.icon("bang"))


@pytest.fixture(params=["zh-hans", "en"])
def language(request):
    with override(request.param):
        yield request.param


@pytest.mark.parametrize(
    ("when", "css", "shape", "chinese", "english"),
    [
        (date(2026, 11, 19), "due due--over", BANG, "逾期2个工作日", "2 working days late"),
        (date(2026, 11, 20), "due due--over", BANG, "逾期1个工作日", "1 working day late"),
        (date(2026, 11, 23), "due due--soon", CLOCK, "今天截止", "Due today"),
        (date(2026, 11, 26), "due due--soon", CLOCK, "还有3个工作日", "3 working days left"),
        (date(2026, 12, 4), "due", CLOCK, "还有9个工作日", "9 working days left"),
    ],
)
def test_due_counts_working_days(language, when, css, shape, chinese, english):
    words = chinese if language == "zh-hans" else english
    assert marks.due(when, MONDAY) == f'<span class="{css}">{shape}{words}</span>'


def test_due_on_days_without_work_counts_days():
    saturday, sunday = date(2026, 11, 28), date(2026, 11, 29)
    assert "还有1日" in marks.due(sunday, saturday)
    assert "逾期1日" in marks.due(saturday, sunday)


def test_due_in_calendar_days():
    assert "还有15日" in marks.due(date(2026, 12, 8), MONDAY, calendar=True)


def test_due_on_the_last_day_says_what_ends():
    assert "今天公开" in marks.due(MONDAY, MONDAY, ends="今天公开")


def test_what_is_done_says_when(language):
    done = marks.due(MONDAY, MONDAY, done=date(2026, 11, 16), said="已公开")
    words = "11月16日已公开" if language == "zh-hans" else "已公开 16 November"
    assert done == f'<span class="due due--ok">{marks.icon("check")}{words}</span>'


def test_the_ruler_has_a_cell_for_each_working_day():
    assert marks.days(date(2026, 11, 20), date(2026, 11, 27), MONDAY) == (
        '<svg class="days" width="52" height="12" aria-hidden="true">'
        '<rect class="r" width="50" height="12"/><rect class="u" width="10" height="12"/>'
        '<rect class="o" x="50" width="0" height="12"/>'
        '<path d="M10 1V11M20 1V11M30 1V11M40 1V11"/><path class="end" d="M50 -2V14"/></svg>'
    )


def test_the_ruler_shows_late_days_past_its_end():
    ruler = marks.days(date(2026, 11, 16), date(2026, 11, 19), MONDAY)
    assert '<rect class="u" width="30" height="12"/>' in ruler
    assert '<rect class="o" x="30" width="20" height="12"/>' in ruler


def test_a_ruler_of_a_whole_year_keeps_its_width():
    assert 'width="170"' in marks.days(date(2026, 1, 1), date(2026, 12, 31), MONDAY)


def test_dates_and_instants(language):
    at = datetime(2026, 11, 23, 1, 5, tzinfo=UTC)
    said = (
        marks.day(MONDAY),
        marks.day(MONDAY, year=False),
        marks.weekday(MONDAY),
        marks.moment(at, "Asia/Shanghai"),
        marks.lang(),
    )
    assert (
        said
        == {
            "zh-hans": ("2026年11月23日", "11月23日", "星期一", "2026年11月23日9:05", "zh-CN"),
            "en": ("23 November 2026", "23 November", "Monday", "23 November 2026, 9:05", "en"),
        }[language]
    )


def test_numbers(language):
    amounts = [marks.money(n) for n in (1_860_000, 97_100, Decimal("8.50"), 128_450)]
    assert (
        amounts
        == {
            "zh-hans": ["186万元", "97,100元", "8.5元", "128,450元"],
            "en": ["¥1,860,000", "¥97,100", "¥8.5", "¥128,450"],
        }[language]
    )
    assert marks.thousands(1284) == "1,284"
    assert [marks.size(n) for n in (10, 88_064, 3_250_000)] == ["1 KB", "86 KB", "3.1 MB"]


def test_a_bar_is_drawn_with_attributes_only():
    assert marks.bar([("done", 3), ("late", 0), ("wait", 1)], 4) == (
        '<svg class="bar" aria-hidden="true">'
        '<rect class="done" x="0.00%" y="0" width="75.00%" height="100%"/>'
        '<rect class="wait" x="75.00%" y="0" width="25.00%" height="100%"/></svg>'
    )


def test_a_bar_of_nothing_is_empty():
    assert marks.bar([("done", 0)], 0) == '<svg class="bar" aria-hidden="true"></svg>'


def test_titles_break_between_words_only():
    kept = marks.keep("2026年冬季困难党员慰问<公示>")
    assert kept == "2026年<wbr>冬季<wbr>困难<wbr>党员<wbr>慰问<wbr>&lt;<wbr>公示<wbr>&gt;"


def test_text_without_chinese_stays_as_it_is():
    assert marks.keep("Party conduct & integrity") == "Party conduct &amp; integrity"


def test_a_qr_code_names_what_it_leads_to():
    code = marks.qr("https://gongkai.example/i/7k2m9x0qpz")
    assert 'aria-label="二维码：https://gongkai.example/i/7k2m9x0qpz"' in code
    assert code.startswith('<svg class="qr" viewBox="0 0 29 29"')
