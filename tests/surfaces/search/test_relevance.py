"""Fifty questions of villagers: what comes first is written down, and good enough."""

from tests.surfaces.search import relevance
from tests.surfaces.search.conftest import follow


def test_villagers_find_what_they_ask_for_and_the_reference_says_so(shelf):
    relevance.lay(shelf)
    follow()
    found = relevance.judged()
    assert len(found) == 50
    assert relevance.rank(found) >= relevance.LEAST
    assert relevance.page(found) == relevance.PAGE.read_text("utf-8"), "run the module again"
