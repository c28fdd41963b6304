"""The township with its charter, its officers, a log, and an item that stands on the board."""

import pytest
from tests.procedure.editions import disclosure_of, log, opened, sealed, township, who

__all__ = ["log", "township", "who"]


@pytest.fixture
def item(township, log):
    """An item that members and public can read."""
    item = disclosure_of(township)
    opened(sealed(item))
    log()
    return item
