"""The list of a log's keys in the hands of whoever checks 公钥表: ``/log/keys.json``.

Nothing in it is believed by itself. Whoever trusts one key is led to another by the entry that
announced it: forward when the earlier key signed a checkpoint over that entry, backward when the
later one did. From a stolen key no way leads forward, since the thief could have gone it, too.
Asks no database; ``ledger/keyring.py`` writes the list, ``static/board/prove.js`` reads it in the
browser.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

from gongkai.foundation.core import canonical
from gongkai.foundation.core.entries import commitment
from gongkai.foundation.core.errors import Broken
from gongkai.foundation.translog.checkpoint import Checkpoint, open_checkpoint
from gongkai.foundation.translog.merkle import inclusion_proof, leaf_hash, verify_inclusion
from gongkai.foundation.translog.note import BadNote, UnknownSigner, Verifier, split_note
from gongkai.foundation.translog.proof import BadProof, Proof
from gongkai.foundation.translog.remote import Read, ReadLog, Unverifiable

KIND = "key"
ROTATED, RETIRED, COMPROMISED = "rotated", "retired", "compromised"
VERBS = {ROTATED: "key.rotate", RETIRED: "key.retire", COMPROMISED: "key.compromise"}
LIST, LIST_FORMAT = "keys.json", "gongkai-keys/1"


class NoList(ValueError):
    """The text is no list of a log's keys."""


class Distrusted(ValueError):
    """No way leads from the trusted key to this checkpoint; ``why`` is one of those below."""

    def __init__(self, why: str) -> None:
        self.why = why
        super().__init__(why)


STOLEN, OUTSIDE, UNCONNECTED = "stolen", "outside", "unconnected"
"""Signed by a key above the size up to which it is believed, outside its range, or by one that
nothing connects with the trusted one."""


@dataclass(frozen=True)
class Listed:
    """A key of the list, the sizes it signs, and what announced it (表上的公钥)."""

    vkey: str
    since: int
    until: int | None
    bad: bool
    link: Mapping[str, Any] | None

    @property
    def verifier(self) -> Verifier:
        """The key itself."""
        return Verifier.parse(self.vkey)

    def covers(self, size: int) -> bool:
        """Whether this key signs checkpoints of ``size``."""
        return self.since <= size and (self.until is None or size <= self.until)


@dataclass(frozen=True)
class Accepted:
    """A checkpoint that a way from the trusted key leads to, and the key on it that signed."""

    checkpoint: Checkpoint
    key: Listed


@dataclass(frozen=True)
class KeyList:
    """Every key that a log had, the oldest first (公钥表)."""

    origin: str
    keys: tuple[Listed, ...]

    @classmethod
    def parse(cls, value: Any) -> Self:
        """The list in the JSON ``value``, not checked. ``NoList`` when it is none."""
        try:
            if value["format"] != LIST_FORMAT or set(value) != {"format", "keys", "origin"}:
                raise NoList
            keys = tuple(Listed(**each) for each in value["keys"])
            sound = all(
                each.verifier.name == value["origin"]
                and type(each.since) is int
                and (each.until is None or type(each.until) is int)
                and type(each.bad) is bool
                for each in keys
            )
        except (KeyError, TypeError, ValueError) as error:
            raise NoList("no list of keys") from error
        if not keys or not sound:
            raise NoList("no list of keys")
        return cls(value["origin"], keys)

    @classmethod
    def decode(cls, data: bytes) -> Self:
        """The list in a file. ``NoList`` when it is none."""
        try:
            return cls.parse(canonical.decode(data))
        except (ValueError, TypeError, RecursionError) as error:
            raise NoList("no list of keys") from error

    def accept(self, note: str, trusted: str) -> Accepted:
        """The checkpoint in ``note``, by a key that ``trusted`` leads to.

        ``Distrusted`` when none does, ``BadNote`` when the note or a signature is none.
        """
        _text, signatures = split_note(note)
        named = {(name, signature[:4]) for name, signature in signatures}
        at = next((n for n, key in enumerate(self.keys) if key.vkey == trusted), None)
        if at is None:
            raise Distrusted(UNCONNECTED)
        why = ""
        for place in sorted(range(len(self.keys)), key=lambda place: abs(place - at)):
            key = self.keys[place]
            if (key.verifier.name, key.verifier.key_id) not in named:
                continue
            checkpoint = open_checkpoint(note, key.verifier)
            if not key.covers(checkpoint.size):
                why = why or (STOLEN if key.bad else OUTSIDE)
            elif not self._leads(at, place):
                why = why or UNCONNECTED
            else:
                return Accepted(checkpoint, key)
        if not why:
            raise UnknownSigner("no signature by a key of the list")
        raise Distrusted(why)

    def forward(self, note: str, trusted: str, log: ReadLog) -> Accepted:
        """The checkpoint in ``note``, by ``trusted`` or the newest key that it leads forward to.

        For who remembers: an earlier key is not gone back to, and each step must stand in ``log``
        itself under this checkpoint, where everybody sees it. Raises as :meth:`accept` does, and
        ``Unverifiable`` when the tiles do not give the signed root.
        """
        at = next((n for n, key in enumerate(self.keys) if key.vkey == trusted), None)
        if at is None:
            return _by_itself(note, trusted)
        why = ""
        for place in reversed(range(at, len(self.keys))):
            try:
                checkpoint = open_checkpoint(note, self.keys[place].verifier)
            except UnknownSigner:
                continue
            if not self._leads(at, place):
                stolen = any(map(self._stolen, range(at, place)))
                why = why or (STOLEN if stolen else UNCONNECTED)
            elif not self.keys[place].covers(checkpoint.size):
                why = why or (STOLEN if self._stolen(place) else OUTSIDE)
            elif not all(self._stands(n, checkpoint, log) for n in range(at + 1, place + 1)):
                why = why or UNCONNECTED
            else:
                return Accepted(checkpoint, self.keys[place])
        if not why:
            raise UnknownSigner("no signature by a key of the list")
        raise Distrusted(why)

    def _stolen(self, at: int) -> bool:
        """Whether the key that follows vouches for it that this one was stolen."""
        listed = self.keys[at].bad and at + 1 < len(self.keys)
        return listed and self._joined(at + 1, forward=False)

    def _stands(self, place: int, checkpoint: Checkpoint, log: ReadLog) -> bool:
        """Whether the announcement of this key is an entry of ``log`` under ``checkpoint``."""
        _said, entry, proof = _opened(self.keys[place].link or {})
        if proof.index >= checkpoint.size:
            return False
        try:
            reader = log.hash_reader(checkpoint.size)
            hashes = inclusion_proof(proof.index, checkpoint.size, reader)
        except (Broken, IndexError) as error:
            raise Unverifiable(str(error)) from error
        root, size = checkpoint.root, checkpoint.size
        return verify_inclusion(leaf_hash(entry), proof.index, size, hashes, root)

    def _leads(self, at: int, to: int) -> bool:
        """Whether a way leads from one key to the other, each step by a signed entry."""
        forward = at < to
        steps = range(at + 1, to + 1) if forward else range(to + 1, at + 1)
        return all(self._joined(step, forward=forward) for step in steps)

    def _joined(self, place: int, *, forward: bool) -> bool:
        """Whether an entry says that the key before ``place`` gave way to this one."""
        before, key = self.keys[place - 1], self.keys[place]
        try:
            said, entry, proof = _opened(key.link or {})
            proof.verify(entry, (before if forward else key).verifier)
        except (ValueError, KeyError, TypeError, AttributeError, BadNote, BadProof):
            return False
        if (said["old"], said["new"]) != (before.vkey, key.vkey):
            return False
        if said["change"] == COMPROMISED:
            held = before.bad and before.until == key.since == said["size"]
            return held and not forward
        return said["change"] == ROTATED and key.since == proof.index + 1 and not before.bad


def follow(read: Read, note: str, trusted: str) -> Accepted:
    """The checkpoint in ``note`` of the log that ``read`` asks, by ``trusted`` or by a key that
    the log itself announced since; :meth:`KeyList.forward` says what is raised.

    A list that cannot be read leads nowhere: then only ``trusted`` itself counts.
    """
    data = read(LIST)
    try:
        keys = KeyList.decode(data) if data is not None else None
    except NoList:
        keys = None
    if keys is None:
        return _by_itself(note, trusted)
    return keys.forward(note, trusted, ReadLog(read))


def _by_itself(note: str, trusted: str) -> Accepted:
    checkpoint = open_checkpoint(note, Verifier.parse(trusted))
    return Accepted(checkpoint, Listed(trusted, 0, None, bad=False, link=None))


def _opened(link: Mapping[str, Any]) -> tuple[Mapping[str, Any], bytes, Proof]:
    """What the announcement says, the entry that commits to it, and that entry's proof."""
    proof = Proof.parse(link["proof"])
    if "act" in link:
        act = canonical.decode(link["act"].encode())
        if act["verb"] not in VERBS.values() or act["facts"] != canonical.digest(
            link["facts"].encode()
        ):
            raise ValueError("the act says something else")
        return canonical.decode(link["facts"].encode()), link["act"].encode(), proof
    facts = link["facts"]
    covered = {name: facts[name] for name in ("subject", "version", "organisation", "digest")}
    made = commitment(bytes.fromhex(facts["salt"]), audience=facts["audience"], **covered)
    entry = canonical.encode({"commitment": made, "kind": KIND, "time": facts["time"]})
    if canonical.digest(link["body"].encode()) != facts["digest"] or proof.index != facts["index"]:
        raise ValueError("the record says something else")
    return canonical.decode(link["body"].encode()), entry, proof
