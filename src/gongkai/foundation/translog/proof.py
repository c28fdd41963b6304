"""Proofs that stand alone: an entry is in the log, verifiable offline (C2SP tlog-proof)."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

from gongkai.foundation.translog.checkpoint import DECIMAL, Checkpoint, open_checkpoint
from gongkai.foundation.translog.merkle import (
    HASH_SIZE,
    HashReader,
    inclusion_proof,
    leaf_hash,
    verify_inclusion,
)
from gongkai.foundation.translog.note import Verifier, decode64, encode64, split_note

_HEADER = "c2sp.org/tlog-proof@v1"
_TALLEST = 63


class BadProof(ValueError):
    """The text is no proof, or does not prove the entry."""


@dataclass(frozen=True)
class Proof:
    """The path from an entry to a signed checkpoint. ``extra`` is carried but proves nothing."""

    index: int
    hashes: Sequence[bytes]
    checkpoint: str
    extra: bytes | None = None

    @classmethod
    def make(cls, index: int, note: str, reader: HashReader, *, extra: bytes | None = None) -> Self:
        """The proof of entry ``index`` under the signed checkpoint ``note``.

        ``ValueError`` when the checkpoint does not reach that far.
        """
        size = Checkpoint.parse(split_note(note)[0]).size
        return cls(index, tuple(inclusion_proof(index, size, reader)), note, extra)

    def text(self) -> str:
        """The text of a ``.tlog-proof`` file."""
        lines = [_HEADER]
        if self.extra is not None:
            lines.append(f"extra {encode64(self.extra)}")
        lines += [f"index {self.index}", *map(encode64, self.hashes)]
        return "\n".join(lines) + "\n\n" + self.checkpoint

    @classmethod
    def parse(cls, text: str) -> Self:
        """The proof written as ``text``, which is not verified. Raises ``BadProof``."""
        head, _, checkpoint = text.partition("\n\n")
        header, *lines = head.split("\n")
        try:
            extra = decode64(lines.pop(0)[6:]) if lines[0].startswith("extra ") else None
            word, index = lines[0].split(" ")
            hashes = tuple(map(decode64, lines[1:]))
        except (ValueError, IndexError) as error:
            raise BadProof("no proof of a log entry") from error
        if header != _HEADER or word != "index" or not DECIMAL.fullmatch(index):
            raise BadProof("no proof of a log entry")
        if len(hashes) > _TALLEST or any(len(each) != HASH_SIZE for each in hashes):
            raise BadProof("no path in a Merkle tree")
        return cls(int(index), hashes, checkpoint, extra)

    def verify(self, entry: bytes, verifier: Verifier, *, origin: str = "") -> Checkpoint:
        """The checkpoint that ``entry`` is shown to be under; ``BadNote`` or ``BadProof`` if not.

        The origin is the verifier's name unless given.
        """
        checkpoint = open_checkpoint(self.checkpoint, verifier, origin=origin)
        leaf = leaf_hash(entry)
        if not verify_inclusion(leaf, self.index, checkpoint.size, self.hashes, checkpoint.root):
            raise BadProof("the entry is not in the log under this checkpoint")
        return checkpoint
