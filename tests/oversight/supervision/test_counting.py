"""A report's figures are what the system owns, and say nothing that an erasure takes."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from tests.oversight.supervision import quarter
from tests.procedure.editions import log, township

from gongkai.foundation.core import canonical
from gongkai.oversight.supervision import counting, periods
from gongkai.oversight.supervision.periods import Period
from gongkai.procedure.catalogue.queries import charter_of

__all__ = ["log", "township"]


def counted(township, period=quarter.QUARTER, reasons=None):
    charter = charter_of(township)[1]
    return counting.count(
        counting.Asked(township, charter, period, date(2026, 10, 12), reasons or {})
    )


def test_what_was_due_is_told_with_what_became_of_it(township, time_machine):
    duties = quarter.lived(township, time_machine)
    name = f"due:qingxi:{duties['late'].entry.code}:{duties['late'].key}"
    facts = counted(township, reasons={name: "材料交晚了。"})
    rows = {row["key"]: row for row in facts["duties"]}
    states = counting.states(facts["duties"])
    assert (states["late"], states["waived"]) == (1, 1)
    late, waived = rows[duties["late"].pk], rows[duties["waived"].pk]
    assert (late["state"], late["days"], late["reason"]) == ("late", 3, "材料交晚了。")
    assert (waived["reason"], waived["post"]) == ("停办一个季度。", "党政办主任")
    assert rows[duties["missing"].pk]["state"] == "missing"
    assert rows[duties["missing"].pk]["days"] > 0
    assert rows[duties["on_time"].pk]["state"] == "on_time"
    assert {row["due"] for row in facts["duties"]} <= {
        f"2026-{month:02d}-{day:02d}" for month in (7, 8, 9) for day in range(1, 32)
    }
    departments = {row["name"]: row for row in facts["departments"]}
    assert sum(row["on_time"] for row in departments.values()) == states["on_time"]
    canonical.encode(facts)  # nothing in it that cannot be kept


def test_what_comes_is_what_falls_due_in_the_next_quarter(township, time_machine):
    quarter.lived(township, time_machine)
    coming = counted(township)["coming"]
    assert coming
    assert all("2026-10-01" <= row["due"] <= "2026-12-31" for row in coming)
    assert coming == sorted(coming, key=lambda row: (row["due"], row["entry"]))
    # planned so far to the middle of November: the rest is told from the rules
    assert max(row["due"] for row in coming) >= "2026-12-01"
    assert len({(row["entry"], row["due"]) for row in coming}) == len(coming)


def test_voices_are_counted_by_their_promise(township, time_machine):
    time_machine.move_to(quarter.AFTER, tick=False)
    promised = date(2026, 9, 3)
    quarter.voice(township, "A-1", promised, answered=promised)
    quarter.voice(township, "A-2", promised, answered=date(2026, 9, 4))
    quarter.voice(township, "A-3", promised)
    quarter.voice(township, "A-4", date(2026, 10, 12))
    rows = {row["number"]: row["state"] for row in counted(township)["voices"]}
    assert rows == {"A-1": "in_time", "A-2": "late", "A-3": "overdue", "A-4": "waiting"}
    assert "说的话" not in str(counted(township))
    assert counted(township, Period(date(2026, 9, 1), date(2026, 9, 30)))["voices"] == []


def test_items_are_told_by_entry_and_address_alone(township, time_machine, log):
    corrected, withdrawn = quarter.published(township, time_machine)
    facts = counted(township)
    assert [row["address"] for row in facts["opened"]] == [corrected.address, withdrawn.address]
    (row,) = facts["corrections"]
    assert (row["address"], row["on"], row["entry"]) == (corrected.address, "2026-09-02", "JC-05")
    assert [row["address"] for row in facts["withdrawals"]] == [withdrawn.address]
    assert facts["erasures"] == []
    assert "绝密的标题" not in str(facts)
    assert "没有核对" not in str(facts)


def test_more_rows_ask_no_more_questions(township, time_machine):
    time_machine.move_to(quarter.AFTER, tick=False)
    promised, asked = date(2026, 9, 3), []
    for number in range(3):
        quarter.voice(township, f"A-{number}", promised, answered=promised)
        with CaptureQueriesContext(
            connection,
        ) as queries:
            counted(township)
        asked.append(len(queries))
    assert asked[0] == asked[1] == asked[2]


@pytest.mark.parametrize(
    ("first", "last", "called", "then"),
    [
        ("2026-07-01", "2026-09-30", "2026年第三季度", "2026年第四季度"),
        ("2026-10-01", "2026-12-31", "2026年第四季度", "2027年第一季度"),
        ("2026-02-01", "2026-02-28", "2026年2月", "2026年3月"),
        ("2026-07-01", "2026-12-31", "2026年下半年", "2027年上半年"),
        ("2025-01-01", "2025-12-31", "2025年", "2026年"),
        ("2026-03-05", "2026-03-08", "2026年3月5日至2026年3月8日", "2026年3月9日至2026年3月12日"),
    ],
)
def test_a_period_is_called_and_followed(first, last, called, then):
    period = Period(date.fromisoformat(first), date.fromisoformat(last))
    assert periods.name(period) == called
    assert periods.name(period.following) == then


def test_periods_that_are_over_are_offered():
    found = list(periods.offered(date(2026, 10, 1)))
    assert found[0] == quarter.QUARTER
    assert all(each.last < date(2026, 10, 1) for each in found)
    assert len(set(found)) == len(found) == 14
