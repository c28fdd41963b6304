"""What a witness signs: "at this time I saw this checkpoint, and it extends all I saw before".

C2SP tlog-cosignature, cosignature/v1 with Ed25519. The signature line holds, behind the key's
identifier, the time in seconds and the signature over time and checkpoint. So a cosigned checkpoint
proves "not later than" to whoever trusts the witness's clock, and that the log had one history as
far as this witness ever looked.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import ClassVar

from gongkai.foundation.translog.note import (
    Signer,
    Verifier,
    WrongSignature,
    encode64,
    split_note,
)

_ALGORITHM = b"\x04"
_TIME = 8
_LARGEST_TIME = 2**63 - 1


class Witness(Verifier):
    """A witness's public key (联署人公钥), written like any other as ``name+id+base64``."""

    algorithm: ClassVar[bytes] = _ALGORITHM

    def verify(self, text: str, signature: bytes) -> bool:
        """Whether ``signature`` (time, 64 bytes) is by this key and of the checkpoint ``text``."""
        at = int.from_bytes(signature[:_TIME], "big")
        if len(signature) != _TIME + 64 or not 0 < at <= _LARGEST_TIME:
            return False
        return self._signed(_message(text, at), signature[_TIME:])


class Cosigner(Signer):
    """A witness's private key (联署密钥)."""

    kind: ClassVar[type[Verifier]] = Witness

    @property
    def witness(self) -> Witness:
        """The public half, for those who are to trust it."""
        assert isinstance(self.verifier, Witness)
        return self.verifier

    def cosign(self, text: str, at: int) -> str:
        """The signature line for the checkpoint ``text`` at ``at``, in seconds since 1970."""
        signature = at.to_bytes(_TIME, "big") + self._key.sign(_message(text, at))
        return f"— {self.verifier.name} {encode64(self.verifier.key_id + signature)}\n"

    def sign(self, text: str) -> str:
        """Refused: this key signs no notes of its own."""
        raise TypeError("a witness cosigns what a log has signed")


@dataclass(frozen=True)
class Cosignature:
    """That a witness saw the checkpoint (联署): ``at`` in seconds since 1970, ``line`` verbatim."""

    witness: str
    at: int
    line: str


def cosignatures(note: str, witnesses: Collection[Witness]) -> list[Cosignature]:
    """The cosignatures on ``note`` by ``witnesses``, in the note's order, all of them verified.

    Those of others are passed over. ``WrongSignature`` when one by a known key is wrong, as the
    specification of notes asks; ``BadNote`` when ``note`` is none.
    """
    text, _signatures = split_note(note)
    return list(_checked(text, note, {(each.name, each.key_id): each for each in witnesses}))


def _checked(
    text: str, note: str, known: dict[tuple[str, bytes], Witness]
) -> Iterator[Cosignature]:
    for name, signature in split_note(note)[1]:
        if witness := known.get((name, signature[:4])):
            if not witness.verify(text, signature[4:]):
                raise WrongSignature(f"the cosignature of {name} is not of this checkpoint")
            at = int.from_bytes(signature[4 : 4 + _TIME], "big")
            yield Cosignature(name, at, f"— {name} {encode64(signature)}\n")


def _message(text: str, at: int) -> bytes:
    return f"cosignature/v1\ntime {at}\n{text}".encode()
