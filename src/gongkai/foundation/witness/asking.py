"""Asking a neighbour: the log that we witness, or the witness that we trust.

All that comes back is compared with what is remembered here; nothing of it is believed. Whatever is
wrong becomes a ``Trouble``, with the note that proves it where somebody lies.
"""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import monotonic

from django.conf import settings

from gongkai.foundation.core import clock, fetching
from gongkai.foundation.core.errors import Conflict
from gongkai.foundation.ledger import held, queries
from gongkai.foundation.ledger.logs import PUBLIC
from gongkai.foundation.ledger.models import PublicRecord
from gongkai.foundation.translog.checkpoint import Checkpoint, OtherOrigin, open_checkpoint
from gongkai.foundation.translog.cosignature import Witness, cosignatures
from gongkai.foundation.translog.cosigned import log_address, witness_place
from gongkai.foundation.translog.keylist import STOLEN, Distrusted, follow
from gongkai.foundation.translog.note import (
    BadNote,
    UnknownSigner,
    WrongSignature,
    split_note,
)
from gongkai.foundation.translog.remote import (
    LARGEST_CHECKPOINT,
    LARGEST_FILE,
    Forked,
    Read,
    ReadLog,
    Unverifiable,
    WentBack,
    extends,
)
from gongkai.foundation.witness import queries as own
from gongkai.foundation.witness import workflow
from gongkai.foundation.witness.models import TrustedWitness, WatchedLog
from gongkai.foundation.witness.states import Trouble

SECONDS = 120.0
"""For one neighbour altogether; then the worker has other things to do."""
CLOCKS_DIFFER = timedelta(minutes=10)


def reader(address: str) -> Read:
    """Reads files below ``address``, all of them within the time for one neighbour."""
    until = monotonic() + SECONDS

    def read(path: str) -> bytes | None:
        seconds = min(fetching.SECONDS, until - monotonic())
        if seconds <= 0:
            raise fetching.Unreachable(f"took longer than {SECONDS:.0f} s")
        most = LARGEST_FILE if path.startswith("tile/") else LARGEST_CHECKPOINT
        return fetching.get(f"{address}/{path}", most=most, seconds=seconds)

    return read


# -- as a witness ----------------------------------------------------------------------------------


def look(log: WatchedLog) -> WatchedLog:
    """Fetch the log's checkpoint, compare it with what is remembered, cosign it.

    A key that the log itself announced is followed; one that it declared stolen is believed no
    more until a person names another. Says how it went in the row that comes back. ``Held`` in a
    home out of a backup: what it remembers may be old.
    """
    held.refuse(settings.HOME.path)
    if log.trouble == Trouble.STOLEN:
        return workflow.fail(row=log, trouble=Trouble.STOLEN)
    read, note = reader(log_address(log.url)), ""
    try:
        data = read("checkpoint")
        if data is None:
            return workflow.fail(row=log, trouble=Trouble.NOTHING)
        note = data.decode()
        found = follow(read, note, log.vkey)
        extends(ReadLog(read), _remembered(log), found.checkpoint)
        return workflow.cosign(
            log=log,
            checkpoint=found.checkpoint,
            note=_by_the_log(note, log.origin),
            vkey=found.key.vkey,
            cosigner=own.cosigner(),
        )
    except Forked:
        return workflow.fail(row=log, trouble=Trouble.FORKED, evidence=note)
    except (OSError, ValueError) as error:
        return workflow.fail(row=log, trouble=_trouble(error))
    except Conflict:
        return WatchedLog.objects.get(pk=log.pk)


def _remembered(log: WatchedLog) -> Checkpoint | None:
    """What was cosigned last: as the database says, or what was given away, if that is more.

    A database that was put back to yesterday does not make us forget what stands on the board.
    """
    row = Checkpoint(log.origin, log.size, bytes.fromhex(log.root)) if log.root else None
    given = given_away(log.origin)
    return given if given and given.size > log.size else row


def given_away(origin: str) -> Checkpoint | None:
    """The checkpoint on our own board that we cosigned last; None when there is none of ours."""
    place = Path(settings.HOME.log) / witness_place(origin)
    try:
        note = place.read_text("utf-8")
        key = own.witness()
        return Checkpoint.parse(split_note(note)[0]) if cosignatures(note, [key]) else None
    except (FileNotFoundError, ValueError):
        return None


def _by_the_log(note: str, name: str) -> str:
    """``note`` with the signatures of ``name`` alone: others may have put theirs on it."""
    text, _signatures = split_note(note)
    lines = note[len(text) + 1 :].splitlines(keepends=True)
    mine = [line for line in lines if line.startswith(f"— {name} ")]
    return "\n".join([text, "".join(mine)])


# -- being witnessed -------------------------------------------------------------------------------


def hear(witness: TrustedWitness) -> TrustedWitness:
    """Fetch what ``witness`` signed of our own log, compare it with the log, keep it.

    A checkpoint that is not ours is evidence: of a lie where our key did not sign it, of two
    histories of our own log where it did.
    """
    held.refuse(settings.HOME.path)
    key, note = Witness.parse(witness.vkey), ""
    try:
        data = reader(log_address(witness.url))(witness_place(settings.LOG_ORIGIN))
        if data is None:
            return workflow.fail(row=witness, trouble=Trouble.NOTHING)
        note = data.decode()
        found = cosignatures(note, [key])
        checkpoint = Checkpoint.parse(split_note(note)[0])
    except (OSError, ValueError) as error:
        return workflow.fail(row=witness, trouble=_trouble(error))
    if not found:
        return workflow.fail(row=witness, trouble=Trouble.UNSIGNED)
    if checkpoint.origin != settings.LOG_ORIGIN:
        return workflow.fail(row=witness, trouble=Trouble.OTHER_LOG)
    if lie := _contradiction(checkpoint, note):
        return workflow.fail(row=witness, trouble=lie, evidence=note)
    if not _possible(checkpoint, found[0].at):
        return workflow.fail(row=witness, trouble=Trouble.CLOCK)
    ours = _by_the_log(note, settings.LOG_ORIGIN)
    try:
        return workflow.take(
            witness=witness, checkpoint=checkpoint, note=ours, cosignature=found[0]
        )
    except Conflict:
        return TrustedWitness.objects.get(pk=witness.pk)


def _contradiction(checkpoint: Checkpoint, note: str) -> Trouble | None:
    """What it means that the witness signed a checkpoint which is none of ours; None if it is."""
    ours = checkpoint.size <= queries.head().signed_size
    if ours and checkpoint.size and PUBLIC.store.root(checkpoint.size) == checkpoint.root:
        return None
    try:
        open_checkpoint(note, *PUBLIC.verifiers)
    except BadNote:
        return Trouble.FALSE
    return Trouble.FORKED


def _possible(checkpoint: Checkpoint, at: int) -> bool:
    """Whether the witness's time fits: not in the future, and not before the log's last entry."""
    seen = datetime.fromtimestamp(min(at, 2**40), UTC) if at < 2**37 else None
    if seen is None or seen > clock.now() + CLOCKS_DIFFER:
        return False
    last = PublicRecord.objects.filter(seq=checkpoint.size - 1).values_list("at", flat=True).first()
    return last is None or seen >= last - CLOCKS_DIFFER


def _trouble(error: Exception) -> Trouble:
    match error:
        case WentBack():
            return Trouble.WENT_BACK
        case Distrusted():
            return Trouble.STOLEN if error.why == STOLEN else Trouble.UNSIGNED
        case Unverifiable():
            return Trouble.TILES
        case UnknownSigner():
            return Trouble.UNSIGNED
        case WrongSignature():
            return Trouble.BAD_SIGNATURE
        case OtherOrigin():
            return Trouble.OTHER_LOG
        case ValueError():  # no text, no note, no checkpoint
            return Trouble.NOTHING
        case _:
            return Trouble.UNREACHABLE
