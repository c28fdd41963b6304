"""Which tests are repeated on PostgreSQL, which of them begin, and when none does."""

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

DAYS = ZoneInfo("Asia/Shanghai")
"""Where the days of the tests' organisations begin."""


def once(item: pytest.Item) -> bool:
    """Whether PostgreSQL cannot change what the test says."""
    if item.get_closest_marker("once"):
        return True
    if item.nodeid.startswith("tests/journeys/"):
        return False
    # Not its blocker: every test is given that, so that it opens no database unasked.
    asks = {"db", "transactional_db", "django_db_setup"}
    asked = asks & set(item.fixturenames) or item.get_closest_marker("django_db")
    return not asked or bool(item.get_closest_marker("browser"))


def begin_with_what_is_long(items: list[pytest.Item]) -> None:
    """Each long test before the others of its kind. What commits stays where pytest-django has put
    it, behind what finds the database as it was laid.
    """
    long = [item for item in items if item.get_closest_marker("long")]
    rest = [item for item in items if item not in set(long)]
    free = [item for item in long if not _commits(item)]
    first = next((at for at, item in enumerate(rest) if _commits(item)), len(rest))
    items[:] = [*free, *rest[:first], *(item for item in long if item not in free), *rest[first:]]


def _commits(item: pytest.Item) -> bool:
    marker = item.get_closest_marker("django_db")
    return "transactional_db" in item.fixturenames or bool(marker and marker.kwargs)


def until_midnight(item: pytest.Item, now: datetime) -> timedelta:
    """How long ``item`` has to wait for the next day: it may ask more than once what day it is, and
    means one. Nothing but for a few moments before midnight.
    """
    here = now.astimezone(DAYS)
    left = datetime.combine(here.date() + timedelta(days=1), time(), DAYS) - here
    takes = timedelta(minutes=3) if item.get_closest_marker("long") else timedelta(seconds=15)
    return left if left < takes else timedelta()
