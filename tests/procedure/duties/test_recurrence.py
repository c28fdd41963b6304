"""Periods of the civil year, and the last day of each."""

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gongkai.foundation.core.workdays import Calendar
from gongkai.procedure.duties.recurrence import MONTHS, Due, Span, after, span, spans, worked_on

DAYS = st.dates(date(2020, 1, 1), date(2040, 12, 31))
PERIODS = st.sampled_from(sorted(MONTHS))


@pytest.mark.parametrize(
    ("period", "day", "key", "first", "last"),
    [
        ("month", date(2028, 2, 29), "2028-02", date(2028, 2, 1), date(2028, 2, 29)),
        ("quarter", date(2026, 11, 26), "2026-Q4", date(2026, 10, 1), date(2026, 12, 31)),
        ("half", date(2026, 7, 1), "2026-H2", date(2026, 7, 1), date(2026, 12, 31)),
        ("year", date(2026, 1, 1), "2026", date(2026, 1, 1), date(2026, 12, 31)),
    ],
)
def test_a_period_has_its_name_and_its_ends(period, day, key, first, last):
    assert span(period, day) == Span(key, first, last, nominal=last)


def test_the_last_day_may_lie_in_a_later_month():
    """The quarter is due by the 10th of the month after it."""
    found = span("quarter", date(2026, 11, 26), due_month=4, due_day=10)
    assert found.nominal == date(2027, 1, 10)


def test_there_is_no_30_february():
    assert span("year", date(2027, 6, 1), due_month=2, due_day=30).nominal == date(2027, 2, 28)
    assert span("year", date(2028, 6, 1), due_month=2, due_day=30).nominal == date(2028, 2, 29)


def test_a_rule_without_a_day_means_the_end_of_the_month():
    assert span("half", date(2026, 8, 1), due_month=1).nominal == date(2026, 7, 31)


def test_the_period_after_this_one():
    assert after("half", date(2026, 12, 31)).key == "2027-H1"
    assert after("year", date(2026, 3, 3), due_month=13).nominal == date(2028, 1, 31)


@given(PERIODS, DAYS, st.integers(0, 800))
def test_periods_follow_each_other_without_a_gap(period, since, days):
    until = since + timedelta(days=days)
    found = list(spans(period, since, until))
    assert found[0].first <= since <= found[0].last
    assert found[-1].first <= until <= found[-1].last
    for earlier, later in pairwise(found):
        assert later.first - earlier.last == timedelta(days=1)
    assert len({each.key for each in found}) == len(found)


@given(PERIODS, DAYS, st.integers(0, 24), st.integers(0, 31))
def test_the_last_day_never_lies_before_the_period(period, day, month, day_of_month):
    found = span(period, day, due_month=month, due_day=day_of_month)
    assert found.nominal >= found.first


@pytest.mark.parametrize(
    ("nominal", "due"),
    [
        (date(2026, 11, 30), Due(date(2026, 11, 30), False)),  # a Monday
        (date(2026, 10, 1), Due(date(2026, 10, 8), False)),  # National Day
        (date(2026, 10, 10), Due(date(2026, 10, 10), False)),  # a Saturday worked on
        (date(2026, 12, 31), Due(date(2026, 12, 31), False)),
        (date(2027, 1, 2), Due(date(2027, 1, 4), True)),  # 2027 is not published yet
    ],
)
def test_a_day_of_rest_moves_to_the_next_working_day(nominal, due):
    assert worked_on(nominal) == due


def test_a_calendar_that_comes_moves_it_again():
    calendar = Calendar()
    calendar.learn(2027, {date(2027, 1, 4): False})
    assert worked_on(date(2027, 1, 2), calendar) == Due(date(2027, 1, 5), False)
