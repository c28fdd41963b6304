"""The deadline engine: the golden cases of the catalogue (§9), its properties, its sentences."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gongkai.foundation.core.deadlines import (
    UNKNOWN,
    Cells,
    Pause,
    Reason,
    StartRule,
    Unit,
    deadline,
    notice_period,
)
from gongkai.foundation.core.workdays import Calendar, is_workday, workdays_between

STARTS = st.dates(date(2024, 1, 1), date(2027, 6, 30))
LENGTHS = st.integers(0, 45)
UNITS = st.sampled_from(Unit)
RULES = st.sampled_from(StartRule)
FRIDAY = date(2026, 11, 20)


@st.composite
def pauses(draw):
    first = draw(STARTS)
    return Pause(first, first + timedelta(days=draw(st.integers(0, 30))))


@pytest.mark.parametrize(
    ("start", "length", "due", "provisional"),
    [
        ("2026-02-13", 7, "2026-03-02", False),
        ("2026-09-18", 5, "2026-09-24", False),
        ("2026-04-30", 20, "2026-06-01", False),
        ("2025-12-31", 5, "2026-01-08", False),
        ("2026-11-23", 20, "2026-12-21", False),
        ("2026-11-23", 40, "2027-01-18", True),
    ],
)
def test_golden_cases(start, length, due, provisional):
    limit = deadline(date.fromisoformat(start), length)
    assert (limit.due, limit.provisional) == (date.fromisoformat(due), provisional)


def test_golden_case_of_a_notice():
    notice = notice_period(date(2020, 3, 11), 3)
    assert notice.due == date(2020, 3, 13)
    assert notice.counted == (date(2020, 3, 11), date(2020, 3, 12), date(2020, 3, 13))


def test_the_provisional_date_is_recomputed_when_the_calendar_arrives():
    calendar = Calendar()
    calendar.learn(2027, {date(2027, 1, 1): False})
    limit = deadline(date(2026, 11, 23), 40, calendar=calendar)
    assert (limit.due, limit.provisional) == (date(2027, 1, 19), False)


def test_calendar_days_need_no_calendar():
    limit = deadline(date(2026, 11, 20), 60, unit=Unit.DAYS, extension=30)
    assert (limit.due, limit.provisional) == (date(2027, 2, 18), False)
    assert not limit.skipped


def test_answered_on_the_spot():
    limit = deadline(FRIDAY, 0)
    assert (limit.due, limit.counted) == (FRIDAY, ())
    assert limit.sentence() == "11月20日当天截止。"
    assert not deadline(date(2027, 1, 4), 0).provisional, "nothing was counted by the calendar"


@pytest.mark.parametrize(
    ("length", "extension", "rule"),
    [
        (-1, 0, StartRule.EXCLUDE_FIRST),
        (1, -1, StartRule.EXCLUDE_FIRST),
        (0, 0, StartRule.COUNT_FIRST),
    ],
)
def test_an_impossible_count_is_refused(length, extension, rule):
    with pytest.raises(ValueError, match="cannot count"):
        deadline(FRIDAY, length, extension=extension, rule=rule)


def test_a_pause_cannot_end_before_it_begins():
    with pytest.raises(ValueError, match="before it begins"):
        Pause(FRIDAY, FRIDAY - timedelta(days=1))


@given(STARTS, LENGTHS, UNITS)
def test_monotone_in_length(start, length, unit):
    assert deadline(start, length, unit=unit).due < deadline(start, length + 1, unit=unit).due


@given(STARTS, st.integers(1, 45), UNITS, RULES, pauses())
def test_monotone_in_start(start, length, unit, rule, pause):
    one = deadline(start, length, unit=unit, rule=rule, pauses=[pause])
    other = deadline(start + timedelta(days=1), length, unit=unit, rule=rule, pauses=[pause])
    assert one.due <= other.due


@given(STARTS, LENGTHS, LENGTHS, UNITS, pauses())
def test_additive(start, n, m, unit, pause):
    first = deadline(start, n, unit=unit, pauses=[pause])
    second = deadline(first.due, m, unit=unit, pauses=[pause])
    whole = deadline(start, n + m, unit=unit, pauses=[pause])
    assert second.due == whole.due == deadline(start, n, extension=m, unit=unit, pauses=[pause]).due


@given(STARTS, st.integers(1, 45), pauses())
def test_a_pause_moves_the_due_date_by_the_working_days_it_takes(start, length, pause):
    plain = deadline(start, length)
    paused = deadline(start, length, pauses=[pause])
    taken = sum(pause.holds(day) for day in paused_span(start, paused.due))
    assert paused.due == deadline(start, length + taken).due
    if not any(pause.holds(day) for day in plain.counted):
        assert paused.due == plain.due


def paused_span(start, due):
    days = (start + timedelta(days=n + 1) for n in range((due - start).days))
    return [day for day in days if is_workday(day)]


@given(STARTS, st.integers(1, 45), UNITS, RULES, pauses())
def test_each_day_is_counted_or_skipped_for_a_reason(start, length, unit, rule, pause):
    limit = deadline(start, length, unit=unit, rule=rule, pauses=[pause])
    first = start if rule is StartRule.COUNT_FIRST else start + timedelta(days=1)
    days = [first + timedelta(days=n) for n in range((limit.due - first).days + 1)]
    assert sorted([*limit.counted, *(day for day, _ in limit.skipped)]) == days
    assert len(limit.counted) == length


@given(STARTS, st.integers(1, 45), st.integers(-10, 90))
def test_the_ruler_agrees_with_the_countdown(start, length, offset):
    limit = deadline(start, length)
    today = start + timedelta(days=offset)
    cells = limit.cells(today)
    assert cells.used + cells.left == length
    assert limit.remaining(today) == cells.left - cells.late
    if today >= start:
        assert limit.remaining(today) == workdays_between(today, limit.due)


def test_countdown():
    limit = deadline(FRIDAY, 5)
    left = {
        n: limit.remaining(FRIDAY + timedelta(days=n)) for n in (-3, 0, 2, 3, 6, 7, 8, 9, 10, 11)
    }
    assert left == {-3: 5, 0: 5, 2: 5, 3: 4, 6: 1, 7: 0, 8: 0, 9: 0, 10: -1, 11: -2}
    assert limit.cells(date(2026, 12, 1)) == Cells(used=5, left=0, late=2)
    assert not limit.overdue(limit.due)
    assert limit.overdue(date(2026, 11, 28)), "a Saturday is late though no working day passed"


def test_calendar_days_are_late_by_calendar_days():
    limit = deadline(FRIDAY, 7, unit=Unit.DAYS)
    assert limit.remaining(date(2026, 11, 29)) == -2


def test_an_open_pause_stops_the_clock():
    limit = deadline(FRIDAY, 5, pauses=[Pause(date(2026, 11, 25))])
    assert limit.suspended
    assert limit.due == UNKNOWN
    assert limit.remaining(date(2027, 3, 1)) == 3
    assert not limit.overdue(date(2027, 3, 1))
    assert limit.sentence() == (
        "11月20日起算，次日起5个工作日：23、24日。11月21日、22日是周末，不算。"
        "现在暂停计算，还有3个工作日。"
    )


def test_an_open_pause_from_the_first_day_counts_nothing():
    limit = deadline(FRIDAY, 5, pauses=[Pause(FRIDAY)])
    assert limit.sentence() == (
        "11月20日起算，次日起5个工作日：还没有。现在暂停计算，还有5个工作日。"
    )


def test_an_open_pause_after_the_end_changes_nothing():
    assert deadline(FRIDAY, 5, pauses=[Pause(date(2026, 11, 28))]) == deadline(FRIDAY, 5)


@pytest.mark.parametrize(
    ("limit", "sentence"),
    [
        (
            deadline(FRIDAY, 5),
            "11月20日起算，次日起5个工作日：23、24、25、26、27日。11月21日、22日是周末，不算。",
        ),
        (
            deadline(date(2026, 2, 13), 7),
            "2月13日起算，次日起7个工作日：14、24、25、26、27、28日、3月2日。"
            "3月1日是周末，不算。2月15日至23日放假，不算。2月14日、28日补班，算。",
        ),
        (
            deadline(date(2025, 12, 31), 5),
            "12月31日起算，次日起5个工作日：2026年1月4、5、6、7、8日。"
            "2026年1月1日至3日放假，不算。2026年1月4日补班，算。",
        ),
        (
            notice_period(date(2020, 3, 11), 3),
            "3月11日起算，当天计入，共3个工作日：11、12、13日。",
        ),
        (
            deadline(FRIDAY, 15, unit=Unit.DAYS, extension=30),
            "11月20日起算，次日起45日：21日至2027年1月4日。其中延长30日。",
        ),
        (
            deadline(FRIDAY, 5, pauses=[Pause(date(2026, 11, 24), date(2026, 11, 30))]),
            "11月20日起算，次日起5个工作日：23日、12月1、2、3、4日。"
            "11月21日、22日是周末，不算。11月24日至30日暂停计算，不算。",
        ),
        (
            deadline(date(2026, 12, 31), 2),
            "12月31日起算，次日起2个工作日：2027年1月1、4日。2027年1月2日、3日是周末，不算。"
            "有的年份放假安排还没有公布，按周末推算，日期暂定。",
        ),
    ],
)
def test_the_sum_in_words(limit, sentence):
    assert limit.sentence() == sentence


def test_the_sum_in_another_language():
    english = {
        "%(start)s起算，次日起%(total)s：%(days)s。": "%(total)s after %(start)s: %(days)s.",
        "%d个工作日": "%d working days",
        "%(month)d月%(day)d日": "%(month)d/%(day)d",
        "%(day)d日": "%(day)d",
        "%(day)d": "%(day)d",
        "、": ", ",
        "%s是周末，不算。": " Weekend: %s.",
    }
    assert deadline(FRIDAY, 5).sentence(english.__getitem__) == (
        "5 working days after 11/20: 23, 24, 25, 26, 27. Weekend: 11/21, 22."
    )


def test_skipped_days_name_their_reason():
    limit = deadline(date(2026, 4, 30), 1, pauses=[Pause(date(2026, 5, 6))])
    assert {why for _, why in limit.skipped} == {Reason.HOLIDAY}
