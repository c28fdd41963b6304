"""Does the log go on from what was seen of it before?"""

from gongkai.config.monitor.alarms import Alarm
from gongkai.config.monitor.memory import Memory
from gongkai.foundation.core.fetching import Unreachable
from gongkai.foundation.translog.checkpoint import Checkpoint, OtherOrigin
from gongkai.foundation.translog.keylist import STOLEN, Distrusted, follow
from gongkai.foundation.translog.note import UnknownSigner, Verifier, WrongSignature, split_note
from gongkai.foundation.translog.remote import (
    Forked,
    Read,
    ReadLog,
    Unverifiable,
    WentBack,
    extends,
)


def look(read: Read, memory: Memory) -> tuple[Checkpoint, list[Alarm]]:
    """The checkpoint that can be relied on, and what is wrong with the log.

    A key that the log itself announced takes the place of the pinned one. Remembers the present
    checkpoint when all is well. Otherwise the alarm comes again at each run, both notes are kept as
    evidence, and the earlier checkpoint is the one that is returned. Raises ``Unreachable`` when
    there is nothing to compare.
    """
    pinned = _verifier(read, memory)
    before = memory.note
    old = Checkpoint.parse(split_note(before)[0]) if before else None  # opened when it was kept
    note = _note(read)
    try:
        found = follow(read, note, pinned.vkey)
        new = found.checkpoint
        extends(ReadLog(read), old, new)
    except ValueError as error:
        kind = _kind(error)
        if not kind:
            raise Unreachable(f"no checkpoint there: {error}") from error
        kept = memory.accuse(kind, (("before", before), ("now", note)))
        if old is None:
            old = Checkpoint(pinned.name, 0, bytes(32))
        return old, [Alarm(kind, detail=f"{error}; {kept}")]
    memory.pin(found.key.vkey)
    memory.keep(note, new.size)
    return new, []


def _verifier(read: Read, memory: Memory) -> Verifier:
    """The pinned key; at the first run the one that the board hands out."""
    vkey = memory.vkey
    if not vkey:
        told = read("vkey")
        if told is None:
            raise Unreachable("no log there: /log/vkey is missing")
        vkey = told.decode("utf-8", "replace").strip()
    try:
        return Verifier.parse(vkey)
    except ValueError as error:
        raise Unreachable(f"no log there: {error}") from error


def _note(read: Read) -> str:
    data = read("checkpoint")
    if data is None:
        raise Unreachable("no checkpoint there")
    return data.decode("utf-8", "replace")


def _kind(error: ValueError) -> str:
    """The alarm for an error; empty for an answer that is no checkpoint at all."""
    match error:
        case WentBack():
            return "rollback"
        case Distrusted():
            return "stolen-key" if error.why == STOLEN else "wrong-key"
        case Forked():
            return "fork"
        case Unverifiable():
            return "tiles"
        case UnknownSigner():
            return "wrong-key"
        case WrongSignature():
            return "wrong-signature"
        case OtherOrigin():
            return "wrong-origin"
        case _:
            return ""
