"""Signed notes with Ed25519 keys (C2SP signed-note).

A note is a text, an empty line, and signature lines. A key is known by its name and the first four
bytes of a hash over name and key. Key texts have the form of Go's ``golang.org/x/mod/sumdb/note``:
``name+id+base64`` for a verifier, the same after ``PRIVATE+KEY+`` for a signer.
"""

import re
from base64 import b64encode
from binascii import a2b_base64
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import ClassVar, Self

_ED25519 = b"\x01"
_LARGEST_NOTE = 1_000_000
_MOST_SIGNATURES = 100
_CONTROL = re.compile(r"[\x00-\x09\x0b-\x1f]")


class BadNote(ValueError):
    """The text is no signed note, or none that can be believed."""


class UnknownSigner(BadNote):
    """No signature is by a known key."""


class WrongSignature(BadNote):
    """A signature names a known key but is not of this text."""


@dataclass(frozen=True)
class Verifier:
    """A public key and the name it signs as."""

    name: str
    public_key: bytes
    algorithm: ClassVar[bytes] = _ED25519
    """The byte of signed-note that says what kind of signature the key makes."""

    def __post_init__(self) -> None:
        if not _is_name(self.name) or len(self.public_key) != 32:
            raise ValueError(f"no verifier key: {self.name!r}")

    @classmethod
    def parse(cls, vkey: str) -> Self:
        """The verifier written as ``name+id+base64``. ``ValueError`` on any other text."""
        name, identity, key = _split_key(vkey, cls.algorithm)
        verifier = cls(name, key)
        if verifier.key_id.hex() != identity:
            raise ValueError(f"the key identifier does not fit: {vkey}")
        return verifier

    @property
    def key_id(self) -> bytes:
        """The four bytes by which signature lines name this key."""
        return sha256(self.name.encode() + b"\n" + self.algorithm + self.public_key).digest()[:4]

    @property
    def vkey(self) -> str:
        """The text form, fit for publication."""
        return f"{self.name}+{self.key_id.hex()}+{encode64(self.algorithm + self.public_key)}"

    def verify(self, text: str, signature: bytes) -> bool:
        """Whether ``signature`` (64 bytes) is by this key and of ``text``."""
        return self._signed(text.encode(), signature)

    def _signed(self, message: bytes, signature: bytes) -> bool:
        from cryptography.exceptions import InvalidSignature
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

        try:
            Ed25519PublicKey.from_public_bytes(self.public_key).verify(signature, message)
        except InvalidSignature:
            return False
        return True


class Signer:
    """A private key and the name it signs as. Ed25519 is deterministic: one text, one note."""

    kind: ClassVar[type[Verifier]] = Verifier
    """The public half."""

    def __init__(self, name: str, private_key: bytes) -> None:
        """``private_key``: the 32 bytes of an Ed25519 seed. ``ValueError`` when they are not."""
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

        self._seed = private_key
        self._key = Ed25519PrivateKey.from_private_bytes(private_key)
        self.verifier = self.kind(name, self._key.public_key().public_bytes_raw())

    @classmethod
    def generate(cls, name: str) -> Self:
        """A new random key."""
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

        return cls(name, Ed25519PrivateKey.generate().private_bytes_raw())

    @classmethod
    def parse(cls, skey: str) -> Self:
        """The signer written as ``PRIVATE+KEY+…``. ``ValueError``, which never shows the key."""
        if not skey.startswith("PRIVATE+KEY+"):
            raise ValueError("no signer key")
        name, identity, seed = _split_key(skey.removeprefix("PRIVATE+KEY+"), cls.kind.algorithm)
        signer = cls(name, seed)
        if signer.verifier.key_id.hex() != identity:
            raise ValueError(f"the key identifier does not fit: {name}")
        return signer

    @property
    def skey(self) -> str:
        """The secret text form, for the key file only."""
        own = self.verifier
        secret = encode64(own.algorithm + self._seed)
        return f"PRIVATE+KEY+{own.name}+{own.key_id.hex()}+{secret}"

    def sign(self, text: str) -> str:
        """The note of ``text`` with one signature. ``ValueError`` when the text cannot be one."""
        if not _is_text(text):
            raise ValueError("a note's text ends in a newline and has no control characters")
        signature = self.verifier.key_id + self._key.sign(text.encode())
        return f"{text}\n— {self.verifier.name} {encode64(signature)}\n"


def sign_note(text: str, signers: Sequence[Signer]) -> str:
    """The note of ``text`` with a signature by each of ``signers``, in their order."""
    first, *others = (signer.sign(text) for signer in signers)
    return first + "".join(each.removeprefix(f"{text}\n") for each in others)


def open_note(note: str, verifiers: Collection[Verifier]) -> str:
    """The text of ``note``, once at least one of ``verifiers`` signed it and none wrongly.

    Signatures by other keys are ignored, as the specification asks. Raises ``BadNote``.
    """
    text, signatures = split_note(note)
    known = {(each.name, each.key_id): each for each in verifiers}
    signed = False
    for name, signature in signatures:
        if verifier := known.get((name, signature[:4])):
            if not verifier.verify(text, signature[4:]):
                raise WrongSignature(f"the signature of {name} is not of this text")
            signed = True
    if not signed:
        raise UnknownSigner("no signature by a known key")
    return text


def split_note(note: str) -> tuple[str, list[tuple[str, bytes]]]:
    """The text of ``note`` and its signatures (name, identifier and signature), none verified."""
    text, divider, tail = note.rpartition("\n\n")
    text += "\n"
    if not divider or len(note) > _LARGEST_NOTE or not _is_text(note) or not tail:
        raise BadNote("no signed note")
    lines = tail[:-1].split("\n")
    if len(lines) > _MOST_SIGNATURES:
        raise BadNote("too many signatures")
    return text, [_split_signature(line) for line in lines]


def encode64(data: bytes) -> str:
    """Standard base64."""
    return b64encode(data).decode()


def decode64(text: str) -> bytes:
    """The bytes of base64 ``text``; ``ValueError`` on any spelling but the canonical one.

    Two spellings of one value would let a byte of a proof be changed unnoticed.
    """
    try:
        data = a2b_base64(text, strict_mode=True)
    except ValueError as error:
        raise ValueError(f"no base64: {text!r}") from error
    if encode64(data) != text:
        raise ValueError(f"no canonical base64: {text!r}")
    return data


def _split_signature(line: str) -> tuple[str, bytes]:
    match line.split(" "):
        case ["—", name, encoded] if _is_name(name):
            try:
                signature = decode64(encoded)
            except ValueError as error:
                raise BadNote(f"no signature: {line!r}") from error
            if len(signature) > 4:
                return name, signature
    raise BadNote(f"no signature line: {line!r}")


def _split_key(text: str, algorithm: bytes) -> tuple[str, str, bytes]:
    """Name, identifier in hexadecimal and key bytes. A name holds no plus, base64 may."""
    name, _, rest = text.partition("+")
    identity, _, encoded = rest.partition("+")
    try:
        key = decode64(encoded)
    except ValueError:
        key = b""
    if len(key) != 33 or not key.startswith(algorithm):
        raise ValueError(f"no Ed25519 key: {name!r}")
    return name, identity, key[1:]


def _is_name(name: str) -> bool:
    return bool(name) and "+" not in name and not any(map(str.isspace, name))


def _is_text(text: str) -> bool:
    return text.endswith("\n") and not _CONTROL.search(text)
