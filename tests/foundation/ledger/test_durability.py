"""Transactions that do not wait for the disk, and those after them, which do."""

import pytest
from django.db import connection, transaction

from gongkai.foundation.core.errors import Conflict
from gongkai.foundation.ledger.durability import repeatable
from gongkai.foundation.ledger.models import Cursor

pytestmark = pytest.mark.django_db(transaction=True)

ASKED = {"sqlite": "PRAGMA synchronous", "postgresql": "SHOW synchronous_commit"}
RELAXED = {"sqlite": 1, "postgresql": "off"}
DURABLE = {"sqlite": 2, "postgresql": "on"}


def waits():
    with connection.cursor() as cursor:
        cursor.execute(ASKED[connection.vendor])
        return cursor.fetchone()[0]


@repeatable()
def _moved_in_vain():
    Cursor.objects.create(name="a follower", seq=7)
    raise Conflict("somebody else was faster")


def test_only_the_transaction_itself_does_not_wait():
    with repeatable():
        inside = waits()
        Cursor.objects.create(name="a follower", seq=7)

    assert (inside, waits()) == (RELAXED[connection.vendor], DURABLE[connection.vendor])
    assert Cursor.objects.get(name="a follower").seq == 7


def test_a_failure_undoes_it_and_the_next_one_waits_again():
    with pytest.raises(Conflict):
        _moved_in_vain()

    assert not Cursor.objects.exists()
    assert waits() == DURABLE[connection.vendor]


def test_inside_another_it_is_as_durable_as_that_one():
    with transaction.atomic(), repeatable():
        assert waits() == DURABLE[connection.vendor]
