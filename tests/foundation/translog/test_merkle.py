"""The tree against the published vectors, and its proofs for every small size."""

import json
from base64 import b64decode
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gongkai.foundation.translog.merkle import (
    EMPTY_ROOT,
    Frontier,
    consistency_proof,
    inclusion_proof,
    leaf_hash,
    node_hash,
    subtree_root,
    tree_root,
    verify_consistency,
    verify_inclusion,
)

# The reference tree of Certificate Transparency implementations: eight leaves, eight roots.
LEAVES = [
    bytes.fromhex(leaf)
    for leaf in (
        "",
        "00",
        "10",
        "2021",
        "3031",
        "40414243",
        "5051525354555657",
        "606162636465666768696a6b6c6d6e6f",
    )
]
ROOTS = [
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]
LARGEST = 40
HASHES = [leaf_hash(b"%d" % n) for n in range(LARGEST)]
SIZES = st.integers(0, 700)


@cache
def reader(height, index):
    return subtree_root(HASHES[index << height : (index + 1) << height])


def naive_root(hashes):
    """MTH as RFC 6962 writes it."""
    if not hashes:
        return EMPTY_ROOT
    if len(hashes) == 1:
        return hashes[0]
    split = 1
    while split * 2 < len(hashes):
        split *= 2
    return node_hash(naive_root(hashes[:split]), naive_root(hashes[split:]))


def flipped(data, at):
    changed = bytearray(data)
    changed[at // 8] ^= 1 << at % 8
    return bytes(changed)


@pytest.mark.parametrize("size", range(9))
def test_published_roots(size):
    frontier = Frontier()
    frontier.extend(map(leaf_hash, LEAVES[:size]))
    assert frontier.root().hex() == ROOTS[size]


def test_published_paths():
    leaves = [leaf_hash(leaf) for leaf in LEAVES]

    def published(height, index):
        return subtree_root(leaves[index << height : (index + 1) << height])

    assert [each.hex() for each in inclusion_proof(5, 8, published)] == [
        "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
        "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    ]
    assert [each.hex() for each in consistency_proof(6, 8, published)] == [
        "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
        "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    ]


def test_published_proofs_hold_and_the_spoilt_ones_do_not():
    """The vectors that implementations of RFC 6962 and RFC 9162 share."""
    vectors = json.loads((Path(__file__).parent / "vectors.json").read_text())
    kinds = {"inclusion": included, "consistency": consistent}
    for kind, verify in kinds.items():
        wrong = [row for row in vectors[kind] if verify(*row[:5]) != row[5]]
        assert wrong == []
    assert [len(vectors[kind]) for kind in kinds] == [98, 97]


def included(index, size, root, leaf, path):
    return verify_inclusion(decoded(leaf), index, size, [*map(decoded, path)], decoded(root))


def consistent(old, new, old_root, new_root, path):
    roots = decoded(old_root), decoded(new_root)
    return verify_consistency(old, new, *roots, [*map(decoded, path)])


def decoded(text):
    return b64decode(text or "")


@given(SIZES, SIZES)
def test_a_tree_extends_every_smaller_one(size, more):
    hashes = [leaf_hash(b"%d" % n) for n in range(size + more)]

    def larger(height, index):
        return subtree_root(hashes[index << height : (index + 1) << height])

    old, new = naive_root(hashes[:size]), naive_root(hashes)
    proof = consistency_proof(size, size + more, larger)
    assert verify_consistency(size, size + more, old, new, proof)
    if size and more:
        assert not verify_consistency(size, size + more, flipped(old, 7), new, proof)
        assert not verify_consistency(size, size + more, old, flipped(new, 7), proof)


@given(SIZES, SIZES)
def test_the_frontier_is_the_naive_tree_and_survives_storage(size, more):
    hashes = [leaf_hash(b"%d" % n) for n in range(size + more)]
    frontier = Frontier()
    frontier.extend(hashes[:size])
    assert frontier.root() == naive_root(hashes[:size])
    stored = Frontier.from_json(json.loads(json.dumps(frontier.to_json())))
    stored.extend(hashes[size:])
    assert (stored.size, stored.root()) == (size + more, naive_root(hashes))


@pytest.mark.parametrize(("size", "count"), [(3, 1), (4, 2), (-1, 1), (0, 1)])
def test_a_frontier_that_fits_no_size_is_refused(size, count):
    with pytest.raises(ValueError, match="edge"):
        Frontier(size, [EMPTY_ROOT] * count)


def test_every_inclusion_proof_holds_for_its_leaf_place_and_size_only():
    for size in range(1, LARGEST + 1):
        root = tree_root(size, reader)
        assert root == naive_root(HASHES[:size])
        for index in range(size):
            proof = inclusion_proof(index, size, reader)
            for other in range(size):
                holds = verify_inclusion(HASHES[index], other, size, proof, root)
                assert holds == (other == index)
            assert not verify_inclusion(HASHES[index - 1], index, size, proof, root) or size == 1
            assert not verify_inclusion(HASHES[index], index, size, [*proof, root], root)
            assert not verify_inclusion(HASHES[index], index, size, proof[:-1], root) or size == 1


def test_every_consistency_proof_holds_for_its_two_trees_only():
    roots = [tree_root(size, reader) for size in range(LARGEST + 1)]
    for new in range(LARGEST + 1):
        for old in range(new + 1):
            proof = consistency_proof(old, new, reader)
            assert verify_consistency(old, new, roots[old], roots[new], proof)
            assert not verify_consistency(old, new, roots[old], roots[new], [*proof, roots[new]])
            if 0 < old < new:
                assert not verify_consistency(old, new, roots[new], roots[new], proof)
                assert not verify_consistency(old, new, roots[old], roots[old], proof)
                assert not verify_consistency(old, new, roots[old], roots[new], proof[:-1])


@given(st.data(), st.integers(2, LARGEST))
def test_a_flipped_bit_of_a_proof_is_caught(data, size):
    index = data.draw(st.integers(0, size - 1))
    proof = inclusion_proof(index, size, reader)
    place = data.draw(st.integers(0, len(proof) - 1))
    proof[place] = flipped(proof[place], data.draw(st.integers(0, 255)))
    assert not verify_inclusion(HASHES[index], index, size, proof, tree_root(size, reader))


@given(st.data(), st.integers(2, LARGEST))
def test_a_flipped_bit_of_a_consistency_proof_is_caught(data, new):
    old = data.draw(st.integers(1, new - 1))
    proof = consistency_proof(old, new, reader)
    place = data.draw(st.integers(0, len(proof) - 1))
    proof[place] = flipped(proof[place], data.draw(st.integers(0, 255)))
    roots = tree_root(old, reader), tree_root(new, reader)
    assert not verify_consistency(old, new, *roots, proof)


def test_what_the_tree_has_not_cannot_be_proved():
    with pytest.raises(ValueError, match="no leaf 3"):
        inclusion_proof(3, 3, reader)
    with pytest.raises(ValueError, match="does not extend"):
        consistency_proof(4, 3, reader)
    assert not verify_inclusion(HASHES[0], 1, 1, [], HASHES[0])
    assert not verify_inclusion(HASHES[0][:31], 0, 1, [], HASHES[0][:31])
    assert not verify_consistency(2, 1, HASHES[0], HASHES[0], [])
    assert not verify_consistency(3, 5, HASHES[0], HASHES[0], [])
    assert not verify_consistency(0, 5, HASHES[0], HASHES[0], [])
