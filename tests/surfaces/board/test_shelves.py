"""Pages are counted from the oldest, so that old ones are finished."""

from hypothesis import given
from hypothesis import strategies as st

from gongkai.surfaces.board import shelves
from gongkai.surfaces.board.shelves import PAGE, Cut


def test_names_hold_organisation_and_code():
    assert shelves.name("c", "qingxi", "JC") == "c:qingxi:JC"
    assert shelves.name("wall", "qingxi") == "wall:qingxi"


def test_an_empty_list_has_one_page():
    assert [shelves.pages(size) for size in (0, 1, PAGE, PAGE + 1)] == [1, 1, 1, 2]


def test_within_a_page_only_that_page_is_touched():
    assert list(shelves.touched("all", PAGE + 5)) == [Cut("all", 2)]


def test_opening_a_page_touches_the_two_before_it():
    assert list(shelves.touched("all", 3 * PAGE)) == [Cut("all", 2), Cut("all", 3), Cut("all", 4)]
    assert list(shelves.touched("all", 0)) == [Cut("all", 1)]


@given(st.integers(0, 10**7))
def test_a_place_stands_on_the_page_that_counts_it(ordinal):
    cut = shelves.cut_of("all", ordinal)
    assert ordinal in cut.ordinals
    assert cut in list(shelves.touched("all", ordinal))
