"""Several people book the last time at once: one gets it, the others wait, in their order."""

import pytest
from tests.procedure.publication.test_together import together

from gongkai.participation.meetings import queries, visiting
from gongkai.participation.meetings.models import Booking

pytestmark = pytest.mark.django_db(transaction=True)


def test_the_last_time_booked_at_once_is_had_once(announced):
    day = announced(slots=1)
    ends = together(*[lambda: visiting.book(day=day, persons=1, about="水渠", slot=1)] * 4)
    assert ends == {"done": 4}
    found = queries.bookings(day)
    assert [each.state for each in found] == ["booked", "waiting", "waiting", "waiting"]
    assert sorted(queries.place(each) for each in found[1:]) == [1, 2, 3]


def test_a_form_sent_twice_at_once_is_one_booking(announced):
    day = announced()
    ends = together(*[lambda: visiting.book(day=day, persons=1, about="水渠", token="page")] * 4)
    assert ends == {"done": 4}
    assert Booking.objects.count() == 1


def test_two_who_change_places_do_not_wait_for_each_other(announced):
    from datetime import date

    one, other = announced(slots=2), announced(date(2026, 12, 2), slots=2)
    first, _ = visiting.book(day=one, persons=1, about="水渠")
    second, _ = visiting.book(day=other, persons=1, about="低保")
    ends = together(
        lambda: visiting.move(booking=first, day=other),
        lambda: visiting.move(booking=second, day=one),
    )
    assert ends == {"done": 2}
