"""The head at every entry is the root of the tree that ends there, however the log has grown."""

from gongkai.foundation.translog.heads import Heads
from gongkai.foundation.translog.merkle import Frontier, leaf_hash
from gongkai.foundation.translog.store import TileStore

ENTRIES = [b"%d" % number for number in range(700)]


def roots():
    frontier = Frontier()
    for entry in ENTRIES:
        frontier.append(leaf_hash(entry))
        yield frontier.root()


def test_every_head_is_the_root_of_its_tree_while_the_log_grows(tmp_path):
    store, expected = TileStore(tmp_path), list(roots())
    heads, size = Heads(store), 0
    for more in (1, 3, 250, 2, 256, 188):
        store.write(size, ENTRIES[size : size + more])
        size += more
        assert [heads.root(each) for each in range(1, size + 1)] == expected[:size]
    # Only the widest partial tile was ever written: as after a restore.
    anew = TileStore(tmp_path / "anew")
    anew.write(0, ENTRIES)
    assert Heads(anew).root(3) == expected[2]
