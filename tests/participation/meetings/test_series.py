"""Which days a series falls on, by the one calendar."""

from datetime import date

from gongkai.participation.meetings.series import Series, spread


def test_every_second_wednesday_leaves_out_the_days_of_rest():
    found = spread(Series(2, 2, date(2026, 9, 14), date(2026, 10, 31)))
    assert found.days == (
        date(2026, 9, 16),
        date(2026, 9, 30),
        date(2026, 10, 14),
        date(2026, 10, 28),
    )
    assert (found.skipped, found.provisional) == ((), False)
    other = spread(Series(3, 1, date(2026, 9, 24), date(2026, 10, 8)))
    assert other.days == (date(2026, 9, 24), date(2026, 10, 8))
    assert other.skipped == (date(2026, 10, 1),)


def test_a_made_up_sunday_is_a_day_of_work():
    found = spread(Series(6, 1, date(2026, 9, 13), date(2026, 9, 27)))
    assert found.days == (date(2026, 9, 20),)
    assert found.skipped == (date(2026, 9, 13), date(2026, 9, 27))


def test_a_year_without_calendar_is_provisional():
    assert spread(Series(2, 1, date(2031, 1, 1), date(2031, 1, 8))).provisional is True
