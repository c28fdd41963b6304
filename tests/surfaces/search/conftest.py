"""An office whose records can be looked for."""

import pytest
from tests.surfaces.board.conftest import (  # noqa: F401, fixtures
    _fixed_day,
    office,
)

from gongkai.surfaces.search import asking, guards, jobs, similar


@pytest.fixture(autouse=True)
def _of_its_own(monkeypatch):
    """What a process remembers of its own home is nothing to the next test."""
    monkeypatch.setattr(jobs, "RETRY", 0.0)
    _forget()
    yield
    _forget()


def _forget() -> None:
    jobs.close()
    jobs._owed.clear()
    jobs._trouble.clear()
    asking._counts.clear()
    guards.ASKING.forget()
    guards.ALIKE.forget()
    similar._newest._known.clear()


@pytest.fixture
def shelf(office):  # noqa: F811, the fixture
    """A township whose charter is public and whose index is there and follows; without pages."""
    office.charter()
    office.expose()
    follow()
    return office


def follow() -> None:
    """What the keeper does for the index in one pass."""
    jobs.follow()
    jobs.advance()
    assert jobs.trouble() == ""
