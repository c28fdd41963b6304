"""Merkle tree hashes and proofs of RFC 6962 (section 2.1), verified as in RFC 9162.

Hashes are SHA-256 in 32 bytes. A complete subtree is named ``(height, index)``: the root over the
2**height leaves from ``index * 2**height``. Whoever can answer for those is a ``HashReader``.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from hashlib import sha256
from typing import Any, Self

HashReader = Callable[[int, int], bytes]
"""``reader(height, index)``: the root of that complete subtree."""

HASH_SIZE = 32
EMPTY_ROOT = sha256().digest()


def leaf_hash(entry: bytes) -> bytes:
    """The hash of a log entry; the prefix keeps entries and nodes apart."""
    return sha256(b"\0" + entry).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """The hash of an inner node."""
    return sha256(b"\1" + left + right).digest()


def subtree_root(hashes: Sequence[bytes]) -> bytes:
    """The root over a power of two of neighbouring subtree hashes."""
    while len(hashes) > 1:
        hashes = [
            sha256(b"\1" + left + right).digest()
            for left, right in zip(hashes[::2], hashes[1::2], strict=True)
        ]
    return hashes[0]


def fold(hashes: Iterable[bytes]) -> bytes:
    """The root over complete subtrees given from the right (smallest) to the left."""
    root = b""
    for left in hashes:
        root = node_hash(left, root) if root else left
    return root or EMPTY_ROOT


class Frontier:
    """The right edge of a tree: enough to append and to know every later root, in O(log n).

    The database keeps it, so the root of a longer log is known before any tile is written.
    """

    def __init__(self, size: int = 0, hashes: Iterable[bytes] = ()) -> None:
        """``hashes``: the complete subtrees that make up ``size`` leaves, largest first.

        ``ValueError`` when their number does not fit ``size``.
        """
        self.size = size
        self._hashes = list(hashes)
        fits = size >= 0 and len(self._hashes) == size.bit_count()
        if not fits or any(len(each) != HASH_SIZE for each in self._hashes):
            raise ValueError(f"these hashes are not the edge of a tree of {size}")

    @property
    def hashes(self) -> tuple[bytes, ...]:
        """The complete subtrees, largest first."""
        return tuple(self._hashes)

    def append(self, leaf: bytes) -> None:
        """Add one leaf hash at the right."""
        size = self.size
        while size & 1:
            leaf = node_hash(self._hashes.pop(), leaf)
            size >>= 1
        self._hashes.append(leaf)
        self.size += 1

    def extend(self, leaves: Iterable[bytes]) -> None:
        """Add leaf hashes in order."""
        for leaf in leaves:
            self.append(leaf)

    def root(self) -> bytes:
        """The root of the tree of ``size`` leaves."""
        return fold(reversed(self._hashes))

    def to_json(self) -> dict[str, Any]:
        """A JSON value: the size, and the hashes in hexadecimal."""
        return {"size": self.size, "hashes": [each.hex() for each in self._hashes]}

    @classmethod
    def from_json(cls, value: dict[str, Any]) -> Self:
        """The frontier that :meth:`to_json` wrote."""
        return cls(value["size"], map(bytes.fromhex, value["hashes"]))


def tree_root(size: int, reader: HashReader) -> bytes:
    """The root of the tree of the first ``size`` leaves."""
    return _range_root(0, size, reader)


def inclusion_proof(index: int, size: int, reader: HashReader) -> list[bytes]:
    """The hashes that join leaf ``index`` to the root of ``size`` leaves, from the leaf upwards.

    ``ValueError`` when the tree has no such leaf.
    """
    if not 0 <= index < size:
        raise ValueError(f"no leaf {index} in a tree of {size}")
    proof = []
    low, high = 0, size
    while high - low > 1:
        middle = low + _split(high - low)
        if index < middle:
            proof.append(_range_root(middle, high, reader))
            high = middle
        else:
            proof.append(_range_root(low, middle, reader))
            low = middle
    return proof[::-1]


def verify_inclusion(
    leaf: bytes, index: int, size: int, proof: Sequence[bytes], root: bytes
) -> bool:
    """Whether ``proof`` shows the leaf hash at ``index`` in the tree of that size and root."""
    if not 0 <= index < size or not _are_hashes([leaf, root, *proof]):
        return False
    node, last = index, size - 1
    for sibling in proof:
        if last == 0:
            return False
        if node & 1 or node == last:
            leaf = node_hash(sibling, leaf)
            while node and not node & 1:
                node, last = node >> 1, last >> 1
        else:
            leaf = node_hash(leaf, sibling)
        node, last = node >> 1, last >> 1
    return last == 0 and leaf == root


def consistency_proof(old: int, new: int, reader: HashReader) -> list[bytes]:
    """The hashes that show the tree of ``new`` leaves to begin with the tree of ``old`` leaves.

    Empty when ``old`` is 0 or ``new``. ``ValueError`` when ``old`` is larger than ``new``.
    """
    if not 0 <= old <= new:
        raise ValueError(f"a tree of {new} does not extend one of {old}")
    if old == 0:
        return []
    proof = []
    low, high = 0, new
    while old < high:
        middle = low + _split(high - low)
        if old <= middle:
            proof.append(_range_root(middle, high, reader))
            high = middle
        else:
            proof.append(_range_root(low, middle, reader))
            low = middle
    if low:
        proof.append(_range_root(low, high, reader))
    return proof[::-1]


def verify_consistency(
    old: int, new: int, old_root: bytes, new_root: bytes, proof: Sequence[bytes]
) -> bool:
    """Whether ``proof`` shows that the tree ``new`` only appended to the tree ``old``."""
    if not 0 <= old <= new or not _are_hashes([old_root, new_root, *proof]):
        return False
    if old in (0, new):
        return not proof and old_root == (new_root if old else EMPTY_ROOT)
    if old.bit_count() == 1:  # then the old root itself is the first node of the path
        proof = [old_root, *proof]
    if not proof:
        return False
    node, last = old - 1, new - 1
    while node & 1:
        node, last = node >> 1, last >> 1
    before = after = proof[0]
    for sibling in proof[1:]:
        if last == 0:
            return False
        if node & 1 or node == last:
            before, after = node_hash(sibling, before), node_hash(sibling, after)
            while node and not node & 1:
                node, last = node >> 1, last >> 1
        else:
            after = node_hash(after, sibling)
        node, last = node >> 1, last >> 1
    return last == 0 and before == old_root and after == new_root


def _are_hashes(values: Iterable[bytes]) -> bool:
    return all(len(value) == HASH_SIZE for value in values)


def _split(count: int) -> int:
    """The largest power of two below ``count``: where RFC 6962 divides a tree."""
    return 1 << (count - 1).bit_length() - 1


def _range_root(low: int, high: int, reader: HashReader) -> bytes:
    """The root over leaves ``low`` to ``high``, a range that proofs divide a tree into."""
    return fold(reader(height, index) for height, index in _subtrees(low, high))


def _subtrees(low: int, high: int) -> Iterator[tuple[int, int]]:
    """The complete subtrees of a range, from the right (smallest) to the left."""
    count = high - low
    while count:
        height = (count & -count).bit_length() - 1
        high -= 1 << height
        count -= 1 << height
        yield height, high >> height
