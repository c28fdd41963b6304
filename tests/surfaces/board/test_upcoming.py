"""What is due, by the civil calendar."""

from dataclasses import replace
from datetime import date

import pytest

from gongkai.procedure.catalogue.charter import parse, sample
from gongkai.surfaces.board.upcoming import due_on, period, upcoming

TOWNSHIP = parse(sample("township"))
TODAY = date(2026, 11, 23)
SINCE = date(2026, 3, 2)


@pytest.mark.parametrize(
    ("kind", "day", "first", "last"),
    [
        ("month", date(2026, 2, 28), date(2026, 2, 1), date(2026, 2, 28)),
        ("month", date(2026, 12, 31), date(2026, 12, 1), date(2026, 12, 31)),
        ("quarter", date(2026, 11, 23), date(2026, 10, 1), date(2026, 12, 31)),
        ("half", date(2026, 6, 30), date(2026, 1, 1), date(2026, 6, 30)),
        ("year", date(2028, 2, 29), date(2028, 1, 1), date(2028, 12, 31)),
    ],
)
def test_periods_of_the_civil_calendar(kind, day, first, last):
    assert period(kind, day) == (first, last)


@pytest.mark.parametrize(
    ("kind", "last", "due"),
    [
        ("month", None, date(2026, 3, 31)),
        ("month", date(2026, 10, 31), date(2026, 11, 30)),
        ("month", date(2026, 11, 1), date(2026, 12, 31)),
        ("quarter", date(2026, 3, 5), date(2026, 6, 30)),
        ("half", date(2026, 11, 23), date(2027, 6, 30)),
        ("year", date(2025, 5, 1), date(2026, 12, 31)),
    ],
)
def test_the_period_after_the_newest_wants_something(kind, last, due):
    assert due_on(kind, last, SINCE) == due


def test_overdue_comes_first_and_what_is_done_is_left_out():
    last = {
        "FW-01": date(2026, 11, 20),  # this month
        "FW-05": date(2026, 10, 30),  # last month
        "LZ-04": date(2026, 8, 3),  # the quarter before
        "JC-06": date(2026, 10, 1),  # this quarter
        "BZ-03": date(2026, 7, 30),  # this half
        "QT-02": date(2026, 7, 6),
        "QT-03": date(2026, 4, 1),
    }
    found = upcoming(TOWNSHIP, last, SINCE, TODAY)
    assert {code: due.on for code, due in found.items()} == {
        "FW-05": date(2026, 11, 30),
        "LZ-04": date(2026, 12, 31),
    }
    del last["JC-06"], last["BZ-03"]
    last["LZ-04"] = date(2026, 6, 30)
    found = upcoming(TOWNSHIP, last, SINCE, TODAY)
    assert [(code, due.on, due.overdue(TODAY)) for code, due in found.items()] == [
        ("JC-06", date(2026, 3, 31), True),
        ("BZ-03", date(2026, 6, 30), True),
        ("LZ-04", date(2026, 9, 30), True),
        ("FW-05", date(2026, 11, 30), False),
    ]


def test_nothing_is_overdue_from_before_the_charter():
    found = upcoming(TOWNSHIP, {}, TODAY, TODAY)
    assert [code for code, due in found.items() if due.overdue(TODAY)] == []
    assert list(found)[:2] == ["FW-01", "FW-05"]


def test_what_is_for_members_alone_is_nobody_elses_deadline():
    inner = {rule.code for rule in TOWNSHIP.entries if set(rule.scopes) <= {"A3", "A4"}}
    assert inner & set(upcoming(TOWNSHIP, {}, TODAY, TODAY)) == set()


def test_a_standing_entry_with_a_period_is_no_deadline():
    standing = replace(TOWNSHIP, entries=tuple(e for e in TOWNSHIP.entries if e.timing == "T1"))
    assert any(rule.period for rule in standing.entries)
    assert upcoming(standing, {}, TODAY, TODAY) == {}
