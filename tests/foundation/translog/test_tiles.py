"""Names and packing of tiles, with the examples of the specification."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gongkai.foundation.translog.tiles import (
    Tile,
    bundle_path,
    changed,
    pack_bundle,
    tile_path,
    unpack_bundle,
)

ENTRIES = st.lists(st.binary(max_size=300), max_size=256)


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        (tile_path(0, 0), "tile/0/000"),
        (tile_path(0, 1234067), "tile/0/x001/x234/067"),
        (tile_path(0, 1234, 17), "tile/0/x001/234.p/17"),
        (tile_path(63, 1000), "tile/63/x001/000"),
        (bundle_path(999), "tile/entries/999"),
        (bundle_path(1000000, 255), "tile/entries/x001/x000/000.p/255"),
    ],
)
def test_paths(path, expected):
    assert path == expected


@pytest.mark.parametrize(
    ("level", "index", "width"), [(-1, 0, 1), (64, 0, 1), (0, -1, 1), (0, 0, 0), (0, 0, 257)]
)
def test_no_path_for_what_cannot_be(level, index, width):
    with pytest.raises(ValueError, match="no tile"):
        tile_path(level, index, width)


@given(ENTRIES)
def test_a_bundle_holds_what_was_packed(entries):
    assert unpack_bundle(pack_bundle(entries)) == entries


@given(st.lists(st.binary(max_size=300), min_size=1, max_size=20), st.data())
def test_a_bundle_cut_inside_an_entry_is_refused(entries, data):
    packed = pack_bundle(entries)
    last = len(entries[-1]) + 2
    cut = data.draw(st.integers(1, last - 1))
    with pytest.raises(ValueError, match="cut off"):
        unpack_bundle(packed[:-cut])


def test_an_entry_holds_at_most_65535_bytes():
    assert unpack_bundle(pack_bundle([bytes(65535)])) == [bytes(65535)]
    with pytest.raises(ValueError, match="at most 65535 bytes, not 65536"):
        pack_bundle([bytes(65536)])


def test_the_tree_of_70000_has_the_tiles_the_specification_counts():
    tiles = [tile for tile in changed(0, 70_000) if tile.level is not None]
    full = [sum(t.width == 256 and t.level == level for t in tiles) for level in range(3)]
    partial = [(t.level, t.index, t.width) for t in tiles if t.width < 256]
    assert full == [273, 1, 0]
    assert partial == [(0, 273, 112), (1, 1, 17), (2, 0, 1)]
    assert sum(tile.level is None for tile in changed(0, 70_000)) == 274


def test_a_tree_of_256_has_a_full_tile_and_one_above_it():
    assert list(changed(255, 256)) == [Tile(None, 0), Tile(0, 0), Tile(1, 0, 1)]
    assert list(changed(256, 256)) == []


@given(st.integers(0, 10**9), st.integers(1, 2000))
def test_growth_makes_only_files_that_the_larger_log_has(old, more):
    tiles = list(changed(old, old + more))
    assert len(tiles) == len(set(tiles))
    assert all(old < tile.end <= old + more for tile in tiles)
