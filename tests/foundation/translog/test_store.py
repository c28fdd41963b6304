"""The folder: what it holds after each write, after a crash, and against a second history."""

import os
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gongkai.foundation.core.errors import Broken
from gongkai.foundation.translog.checkpoint import Checkpoint
from gongkai.foundation.translog.merkle import (
    Frontier,
    consistency_proof,
    inclusion_proof,
    leaf_hash,
    verify_consistency,
    verify_inclusion,
)
from gongkai.foundation.translog.note import Signer
from gongkai.foundation.translog.store import TileStore
from gongkai.foundation.translog.tiles import Tile, changed

SIGNER = Signer("demo.invalid/log", bytes(32))
ENTRIES = [b"entry %d" % n for n in range(70_000)]


@pytest.fixture
def store(tmp_path):
    return TileStore(tmp_path / "log")


def root(size):
    frontier = Frontier()
    frontier.extend(map(leaf_hash, ENTRIES[:size]))
    return frontier.root()


def grow(store, *sizes):
    """Write and expose the log at each size in turn."""
    for old, new in pairwise(sizes):
        store.write(old, ENTRIES[old:new])
        expose(store, new)


def expose(store, size):
    store.publish_checkpoint(SIGNER.sign(Checkpoint("demo.invalid/log", size, root(size)).text()))


def files(store):
    return {
        str(path.relative_to(store.folder)): path.read_bytes()
        for path in store.folder.rglob("*")
        if path.is_file()
    }


@pytest.mark.parametrize("size", [1, 255, 256, 257, 65_536, 70_000])
def test_the_disk_has_the_tiles_of_its_size_and_their_root(store, size):
    store.write(0, ENTRIES[:size])
    assert set(files(store)) == {tile.path for tile in changed(0, size)}
    assert store.root(size) == root(size)


@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=st.lists(st.integers(1, 400), min_size=1, max_size=6), data=st.data())
def test_growth_only_appends(tmp_path_factory, steps, data):
    store = TileStore(tmp_path_factory.mktemp("log"))
    sizes = [0]
    for step in steps:
        sizes.append(sizes[-1] + step)
        store.write(sizes[-2], ENTRIES[sizes[-2] : sizes[-1]])
    reader = store.hash_reader(sizes[-1])
    for size in sizes[1:]:
        assert store.root(size) == root(size)
        proof = consistency_proof(size, sizes[-1], reader)
        assert verify_consistency(size, sizes[-1], root(size), root(sizes[-1]), proof)
        index = data.draw(st.integers(0, size - 1))
        proof = inclusion_proof(index, size, store.hash_reader(size))
        assert verify_inclusion(leaf_hash(ENTRIES[index]), index, size, proof, root(size))
        assert store.entry(index) == ENTRIES[index]


def test_the_files_do_not_depend_on_the_batches(tmp_path):
    one, other = TileStore(tmp_path / "one"), TileStore(tmp_path / "other")
    grow(one, 0, 1000)
    grow(other, 0, 3, 256, 600, 1000)
    assert files(one).items() <= files(other).items()


def test_writing_again_changes_nothing(store):
    grow(store, 0, 100, 300)
    before = files(store)
    store.write(100, ENTRIES[100:300])
    store.write(300, [])
    assert files(store) == before


def test_a_crash_at_any_file_is_completed_by_the_same_call(tmp_path, monkeypatch):
    whole = TileStore(tmp_path / "whole")
    grow(whole, 0, 250, 600)
    rename, left = Path.rename, 0

    def failing(self, target):
        nonlocal left
        left -= 1
        if left < 0:
            raise OSError("no power")
        return rename(self, target)

    crashes = 0
    while True:
        store = TileStore(tmp_path / f"crash-{crashes}")
        grow(store, 0, 250)
        left = crashes
        with monkeypatch.context() as patched:
            patched.setattr(Path, "rename", failing)
            try:
                store.write(250, ENTRIES[250:600])
            except OSError:
                crashes += 1
            else:
                break
        assert store.root(250) == root(250)
        store.write(250, ENTRIES[250:600])
        expose(store, 600)
        assert files(store) == files(whole)
    assert crashes == len(list(changed(250, 600)))


def test_every_file_and_every_folder_is_synced(store, monkeypatch):
    synced = []
    monkeypatch.setattr(os, "fsync", lambda handle: synced.append(os.fstat(handle).st_ino))
    store.write(0, ENTRIES[:300])
    everything = [store.folder, *store.folder.rglob("*")]
    assert sorted(synced) == sorted(path.stat().st_ino for path in everything)


@pytest.mark.parametrize("tile", [Tile(None, 0), Tile(0, 0), Tile(0, 1, 44), Tile(1, 0, 1)])
def test_another_history_on_disk_stops_everything(store, tile):
    grow(store, 0, 300)
    path = store.folder / tile.path
    path.write_bytes(b"\0" + path.read_bytes()[1:] + b"\0")
    before = files(store)
    with pytest.raises(Broken, match="two histories"):
        store.write(0, ENTRIES[:300])
    assert files(store) == before


def test_what_no_checkpoint_covers_may_be_written_anew(store):
    store.write(0, [b"never ordered", *ENTRIES[1:10]])
    store.write(0, ENTRIES[:10])
    assert store.root(10) == root(10)


def test_an_oversized_entry_leaves_nothing_behind(store):
    with pytest.raises(ValueError, match="65535"):
        store.write(0, [*ENTRIES[:300], bytes(65536)])
    assert not store.folder.exists()


def test_a_lost_partial_tile_is_made_again_from_the_database(store):
    grow(store, 0, 1000)
    for lost in ("tile/entries/003.p/232", "tile/0/003.p/232", "tile/1/000.p/3"):
        (store.folder / lost).unlink()
    with pytest.raises(Broken, match=r"tile/entries/003\.p/232 is missing"):
        store.write(1000, ENTRIES[1000:1100])
    store.write(1000, ENTRIES[1000:1100], entry_at=lambda span: ENTRIES[span.start : span.stop])
    assert store.root(1100) == root(1100)


@pytest.mark.parametrize(
    ("name", "content", "fault"),
    [
        ("tile/entries/000.p/10", b"\0", "cut off"),
        ("tile/entries/000.p/10", b"\0\0", "holds 1 entries"),
        ("tile/entries/000.p/10", b"\0\0" * 10, "other entries than tile/0/000.p/10"),
        ("tile/0/000.p/10", b"\0", "of 1 bytes"),
    ],
)
def test_a_damaged_file_is_named_and_not_built_upon(store, name, content, fault):
    grow(store, 0, 10)
    (store.folder / name).write_bytes(content)
    before = files(store)
    with pytest.raises(Broken, match=fault):
        store.write(10, ENTRIES[10:20])
    assert files(store) == before


def test_an_entry_the_log_has_not(store):
    grow(store, 0, 10, 12)
    assert store.entry(11) == ENTRIES[11]
    for index in (12, 300):
        with pytest.raises(IndexError, match=f"no entry {index}"):
            store.entry(index)


def test_the_checkpoint_is_exposed_and_never_taken_back(store):
    assert store.read_checkpoint() is None
    grow(store, 0, 10, 20)
    exposed = store.read_checkpoint()
    assert "\n20\n" in exposed
    expose(store, 20)
    other = Checkpoint("demo.invalid/log", 20, root(19))
    for note in (SIGNER.sign(other.text()), SIGNER.sign(Checkpoint("a", 19, root(19)).text())):
        with pytest.raises(Broken, match="contradicts"):
            store.publish_checkpoint(note)
    assert store.read_checkpoint() == exposed


def test_an_unreadable_checkpoint_stops_the_writer(store):
    grow(store, 0, 10)
    (store.folder / "checkpoint").write_bytes(b"\xff")
    with pytest.raises(Broken, match="unreadable"):
        store.write(10, ENTRIES[10:20])


def test_pruning_waits_for_the_checkpoint_and_loses_nothing(store):
    grow(store, 0, 100, 255)
    store.write(255, ENTRIES[255:600])
    assert store.prune() == 0, "the exposed log of 255 still needs its partial tiles"
    expose(store, 600)
    assert store.prune() == 2
    assert store.prune() == 0
    assert {path for path in files(store) if ".p/" in path} == {
        "tile/entries/002.p/88",
        "tile/0/002.p/88",
        "tile/1/000.p/2",
    }
    assert store.root(100) == root(100)
    assert store.root(600) == root(600)
    assert store.entry(99) == ENTRIES[99]
    store.write(100, ENTRIES[100:600])
    assert store.root(600) == root(600)


def test_a_batch_that_cannot_be_finished_leaves_nothing(store, monkeypatch):
    grow(store, 0, 3)
    before = sorted(store.folder.rglob("*"))

    def full(_handle):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space"):
        store.write(3, ENTRIES[3:9])

    assert [path for path in sorted(store.folder.rglob("*")) if path not in before] == []


def test_an_earlier_root_is_known_where_only_wider_tiles_were_written(tmp_path):
    entries = [b"%d" % number for number in range(300)]
    grown, anew = TileStore(tmp_path / "grown"), TileStore(tmp_path / "anew")
    for old, new in ((0, 7), (7, 260), (260, 300)):
        grown.write(old, entries[old:new])
    anew.write(0, entries)
    assert [anew.root(size) for size in (7, 256, 260)] == [
        grown.root(size) for size in (7, 256, 260)
    ]
    assert anew.bundle(Tile(None, 1, 4)) == entries[256:260]
