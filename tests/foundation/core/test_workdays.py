"""Working days against the published calendar, past its end, and with a year learned later."""

import json
from datetime import date, timedelta

import chinese_calendar
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gongkai.foundation.core.workdays import (
    Calendar,
    arrangement,
    is_provisional,
    is_workday,
    workdays_between,
)

DAYS = st.dates(date(2003, 6, 1), date(2030, 12, 31))


@given(st.dates(date(2004, 1, 1), date(2026, 12, 31)))
def test_published_years_agree_with_the_library(day):
    assert is_workday(day) == chinese_calendar.is_workday(day)


@pytest.mark.parametrize(
    "day", ["2026-01-04", "2026-02-14", "2026-02-28", "2026-05-09", "2026-09-20", "2026-10-10"]
)
def test_make_up_days_of_2026_are_worked(day):
    assert is_workday(date.fromisoformat(day))


@pytest.mark.parametrize("year", [1949, 2003, 2027, 9999])
def test_an_unpublished_year_is_provisional_and_counts_weekdays(year):
    monday = next(date(year, 3, n) for n in range(1, 8) if date(year, 3, n).weekday() == 0)
    assert is_provisional(year)
    assert [is_workday(monday + timedelta(days=n)) for n in range(7)] == [True] * 5 + [False] * 2


def test_a_published_year_is_not_provisional():
    assert not is_provisional(2004)
    assert not is_provisional(2026)


@given(DAYS, DAYS)
def test_between_counts_each_working_day_once(a, b):
    low, high = min(a, b), max(a, b)
    span = [low + timedelta(days=n + 1) for n in range((high - low).days)]
    expected = sum(map(is_workday, span))
    assert workdays_between(low, high) == expected
    assert workdays_between(high, low) == -expected


def test_a_year_learned_from_a_file_settles_it(tmp_path):
    calendar = Calendar()
    before = calendar.between(date(2026, 12, 31), date(2027, 1, 10))
    file = tmp_path / "2027.json"
    days = [
        {"name": "元旦", "date": "2027-01-01", "isOffDay": True},
        {"name": "元旦", "date": "2027-01-03", "isOffDay": False},
        {"name": "元旦", "date": "2027-01-04", "isOffDay": True},
    ]
    file.write_text(json.dumps({"year": 2027, "days": days}), encoding="utf-8")

    calendar.learn(*arrangement(file.read_bytes()))

    assert not calendar.is_provisional(2027)
    assert calendar.is_holiday(date(2027, 1, 1))
    assert calendar.is_workday(date(2027, 1, 3))
    assert calendar.between(date(2026, 12, 31), date(2027, 1, 10)) == before - 1
    assert is_provisional(2027), "the national calendar learned nothing"


def test_a_learned_year_replaces_the_published_one():
    calendar = Calendar()
    calendar.learn(2026, {})
    assert calendar.is_workday(date(2026, 10, 1))
    assert not calendar.is_workday(date(2026, 10, 10))


def test_a_year_learned_again_forgets_the_earlier_arrangement_and_no_other_year():
    calendar = Calendar()
    calendar.learn(2028, {date(2027, 12, 31): False})
    calendar.learn(2027, {date(2027, 2, 1): False, date(2027, 12, 31): True})
    calendar.learn(2027, {date(2027, 1, 1): False})
    assert calendar.is_workday(date(2027, 2, 1))
    assert calendar.is_holiday(date(2027, 1, 1))
    assert calendar.is_holiday(date(2027, 12, 31))


def test_a_file_of_another_form_is_refused():
    with pytest.raises(ValueError, match="isoformat"):
        arrangement(b'{"year": 2027, "days": [{"date": "1 January", "isOffDay": true}]}')
