"""Checkpoints: the text by which a log commits itself to all its entries (C2SP tlog-checkpoint)."""

import re
from dataclasses import dataclass
from typing import Self

from gongkai.foundation.translog.merkle import HASH_SIZE
from gongkai.foundation.translog.note import BadNote, Verifier, decode64, encode64, open_note

DECIMAL = re.compile(r"0|[1-9][0-9]{0,18}")
"""How sizes and indices are written: no leading zero, below 10**19."""


@dataclass(frozen=True)
class Checkpoint:
    """The state of a log: its name (origin), how many entries it has, the root over them."""

    origin: str
    size: int
    root: bytes
    extensions: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        lines = (self.origin, *self.extensions)
        if not all(lines) or any("\n" in line for line in lines):
            raise ValueError("the lines of a checkpoint are not empty")
        if self.size < 0 or len(self.root) != HASH_SIZE:
            raise ValueError("no tree has this size and root")

    def text(self) -> str:
        """The text to be signed."""
        lines = (self.origin, str(self.size), encode64(self.root), *self.extensions)
        return "\n".join(lines) + "\n"

    @classmethod
    def parse(cls, text: str) -> Self:
        """The checkpoint written as ``text``, which is not verified. ``ValueError`` on another."""
        lines = text.split("\n")
        if len(lines) < 4 or lines.pop() or not DECIMAL.fullmatch(lines[1]):
            raise ValueError("no checkpoint")
        origin, size, root, *extensions = lines
        return cls(origin, int(size), decode64(root), tuple(extensions))


def open_checkpoint(note: str, *verifiers: Verifier, origin: str = "") -> Checkpoint:
    """The checkpoint in ``note``, signed by one of ``verifiers`` and of the log ``origin``.

    The origin is the verifiers' name unless given. ``BadNote`` when anything of this is not so.
    """
    text = open_note(note, verifiers)
    try:
        checkpoint = Checkpoint.parse(text)
    except ValueError as error:
        raise BadNote(f"the signed text is no checkpoint: {error}") from error
    if checkpoint.origin != (origin or verifiers[0].name):
        raise OtherOrigin(checkpoint.origin)
    return checkpoint


class OtherOrigin(BadNote):
    """The checkpoint is of another log."""

    def __init__(self, origin: str) -> None:
        self.origin = origin
        super().__init__(f"the checkpoint is of another log: {origin}")
