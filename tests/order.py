"""Which tests are repeated on PostgreSQL, and which of them begin."""

import pytest


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
