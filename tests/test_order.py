"""What is repeated on PostgreSQL: what asks for a database, and that is not most of the suite."""

from datetime import UTC, datetime, timedelta

import pytest
from tests import order


def test_what_asks_for_no_database_is_not_repeated(request):
    assert order.once(request.node)


def test_what_asks_for_one_is_repeated(request, db):
    assert not order.once(request.node)


@pytest.mark.once
def test_what_says_that_no_database_can_change_it_is_not_repeated(request, db):
    assert order.once(request.node)


@pytest.mark.parametrize(
    ("second", "waits"), [(0, timedelta()), (44, timedelta()), (46, timedelta(seconds=14))]
)
def test_none_begins_a_few_moments_before_midnight(request, second, waits):
    moment = datetime(2026, 11, 26, 15, 59, second, tzinfo=UTC)
    assert order.until_midnight(request.node, moment) == waits
