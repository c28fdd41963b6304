"""How an entry is kept on a day, from its public row and its rule."""

from dataclasses import replace
from datetime import date

import pytest
from tests.procedure.duties.rows import owed, row, settled

from gongkai.procedure.catalogue.charter import parse, sample
from gongkai.procedure.duties import keeping
from gongkai.procedure.duties.keeping import Counts

TODAY = date(2026, 11, 23)
QUARTERLY = replace(
    next(rule for rule in parse(sample("township")).entries if rule.code == "JC-01"),
    due_month=0,
    due_day=0,
)


MET = settled("2026-08", "2026-08-31", "met", "2026-08-31")
LATE = settled("2026-09", "2026-09-30", "met", "2026-10-03")
WAIVED = settled("2026-10", "2026-10-31", "waived", "2026-11-01", reason="没有这件事。")
GONE_BY = owed("2026-07", "2026-11-20")
AHEAD = owed("2026-11", "2026-11-30")


@pytest.mark.parametrize(
    ("told", "state", "counts"),
    [
        (row(), keeping.IDLE, Counts()),
        (row(owed=[AHEAD]), keeping.DUE, Counts()),
        (row(MET, owed=[AHEAD]), keeping.ON_TIME, Counts(on_time=1)),
        (row(MET, LATE), keeping.LATE, Counts(on_time=1, late=1)),
        (row(LATE, WAIVED), keeping.WAIVED, Counts(late=1, waived=1)),
        (row(MET, owed=[GONE_BY, AHEAD]), keeping.MISSING, Counts(on_time=1, missing=1)),
    ],
)
def test_the_worst_then_the_latest_says_how_it_is_kept(told, state, counts):
    found = keeping.standing(told, None, TODAY)
    assert (found.state, found.counts) == (state, counts)


def test_nothing_is_known_without_a_row():
    assert keeping.standing(None, QUARTERLY, TODAY).state == keeping.IDLE


def test_days_late_are_counted_to_the_day_or_to_when_it_was_done():
    found = keeping.standing(row(LATE, owed=[GONE_BY]), None, TODAY)
    assert [task.late(TODAY) for task in found.tasks] == [3, 3]


def test_periods_that_begin_after_the_row_was_made_come_of_themselves():
    told = row(planned="2026-12-31")
    before, after = (keeping.standing(told, QUARTERLY, day) for day in (TODAY, date(2026, 12, 1)))
    assert before.coming is None
    assert after.coming
    assert (after.coming.key, after.coming.due) == ("2027-Q1", date(2027, 3, 31))


def test_what_fell_due_before_the_twelve_months_counts_only_while_it_is_missing():
    old = settled("2025-11", "2025-11-30", "met", "2025-11-30")
    ancient = owed("2024-01", "2024-01-31")
    counted = keeping.standing(row(old, owed=[ancient]), None, TODAY).counts
    assert counted == Counts(missing=1)
