"""The verbs of witnessing. What is remembered here is remembered before anything is given away."""

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any, TypeVar

from django.db import transaction
from django.utils.translation import gettext as _

from gongkai.foundation.core import clock
from gongkai.foundation.core.errors import Conflict, Refused
from gongkai.foundation.ledger import workflow as ledger
from gongkai.foundation.ledger.durability import repeatable
from gongkai.foundation.ledger.workflow import SYSTEM, Actor
from gongkai.foundation.organisations.queries import installation
from gongkai.foundation.translog.checkpoint import Checkpoint
from gongkai.foundation.translog.cosignature import Cosignature, Cosigner, Witness
from gongkai.foundation.translog.note import Verifier
from gongkai.foundation.witness import rules
from gongkai.foundation.witness.models import Asked, Cosigned, TrustedWitness, WatchedLog
from gongkai.foundation.witness.states import GRAVE, Trouble

Row = TypeVar("Row", bound=Asked)

_FRESH: dict[str, Any] = {
    "queued_at": None,
    "trouble": "",
    "troubled_at": None,
    "evidence": "",
    "removed_at": None,
}
"""How a neighbour begins, and begins again when a person names it again."""


# -- whom we witness, and whom we trust ------------------------------------------------------------


@transaction.atomic
def watch(*, url: str, vkey: str, by: Actor, organisation: str) -> WatchedLog:
    """Witness the log at ``url`` with the key ``vkey`` from now on 见证.

    What was once cosigned of a log of this name still binds.
    """
    if obstacles := rules.watch_obstacles(url, vkey):
        raise Refused(obstacles)
    origin = Verifier.parse(vkey).name
    told = {"url": url.rstrip("/"), "vkey": vkey, **_FRESH}
    log, _made = WatchedLog.objects.update_or_create(origin=origin, defaults=told)
    _record("witness.watch", log, by, organisation)
    return log


@transaction.atomic
def unwatch(*, log: WatchedLog, by: Actor, organisation: str) -> None:
    """Witness this log no more 不再见证. What was cosigned is not forgotten."""
    _remove(log)
    _record("witness.unwatch", log, by, organisation)


@transaction.atomic
def trust(*, url: str, vkey: str, own: Witness, by: Actor, organisation: str) -> TrustedWitness:
    """Show the cosignatures of the witness at ``url`` with the key ``vkey`` 采信联署人.

    Another key for a known name begins anew: what the old key signed is not of the new one.
    """
    if obstacles := rules.trust_obstacles(url, vkey, own):
        raise Refused(obstacles)
    name = Witness.parse(vkey).name
    known = TrustedWitness.objects.filter(name=name).first()
    told = {"url": url.rstrip("/"), "vkey": vkey, **_FRESH}
    if known and known.vkey != vkey:
        Cosigned.objects.filter(witness=known).delete()
        told |= {"size": 0, "note": "", "cosigned_at": None}
    witness, _made = TrustedWitness.objects.update_or_create(name=name, defaults=told)
    Cosigned.objects.filter(witness=witness).update(published=False)
    _record("witness.trust", witness, by, organisation)
    return witness


@transaction.atomic
def distrust(*, witness: TrustedWitness, by: Actor, organisation: str) -> None:
    """Show this witness's cosignatures no more 不再采信: the log's files lose them."""
    _remove(witness)
    Cosigned.objects.filter(witness=witness).update(published=False)
    _record("witness.distrust", witness, by, organisation)


def _remove(row: Asked) -> None:
    row.removed_at = clock.now()
    row.save(update_fields=["removed_at"])


def _record(verb: str, row: Asked, by: Actor, organisation: str, **facts: str) -> None:
    ledger.record(
        verb=verb,
        actor=by,
        organisation=organisation,
        subject="log",
        label=_("见证"),
        facts={"name": str(row), "url": row.url, "vkey": row.vkey, **facts},
    )


def _record_found(verb: str, row: Asked, **facts: str) -> None:
    """An act of nobody's: what the worker found out when it asked."""
    own = installation()
    _record(verb, row, SYSTEM, own.slug if own else "", **facts)


# -- what comes of asking --------------------------------------------------------------------------


def queue(kind: type[Row], rows: Iterable[Row], at: datetime) -> None:
    """Their turn has come at ``at``."""
    kind._default_manager.filter(pk__in=[row.pk for row in rows]).update(queued_at=at)


def cosign(
    *, log: WatchedLog, checkpoint: Checkpoint, note: str, vkey: str, cosigner: Cosigner
) -> WatchedLog:
    """Remember ``checkpoint``, which extends what ``log`` remembers, and cosign it 联署.

    ``note`` is the checkpoint as the log signed it, by ``vkey``, which is its key from now on; that
    another key was followed is an act. The cosignature is stored in the transaction that remembers,
    and only read back by whoever publishes it: *cut off before the commit, nothing was given away;
    after it, nothing is forgotten.* ``Conflict`` when another process has cosigned meanwhile: then
    the comparison has to be made again.
    """
    at = clock.now().replace(microsecond=0)
    line = cosigner.cosign(checkpoint.text(), int(at.timestamp()))
    with transaction.atomic():
        held = WatchedLog.objects.select_for_update().get(pk=log.pk)
        remembered = (held.size, held.root, held.vkey)
        if remembered != (log.size, log.root, log.vkey) or held.removed_at:
            raise Conflict("another process has cosigned this log meanwhile")
        if held.cosigned_at and at < held.cosigned_at:
            return _troubled(held, Trouble.CLOCK)
        held.size, held.root = checkpoint.size, checkpoint.root.hex()
        held.note, held.cosigned_at, held.vkey = note + line, at, vkey
        _well(held)
        held.save()
        if vkey != log.vkey:
            _record_found("witness.follow", held, old=log.vkey)
    return held


def take(
    *,
    witness: TrustedWitness,
    checkpoint: Checkpoint,
    note: str,
    cosignature: Cosignature,
) -> TrustedWitness:
    """Keep what ``witness`` signed of our own log 收下联署; ``note`` is what we signed ourselves.

    The first moment at which it signed a size is kept for ever, the newest in its place.
    """
    at = datetime.fromtimestamp(cosignature.at, UTC)
    with transaction.atomic():
        held = TrustedWitness.objects.select_for_update().get(pk=witness.pk)
        if held.removed_at or held.vkey != witness.vkey:
            raise Conflict("another process has changed this witness meanwhile")
        if checkpoint.size < held.size:
            return _troubled(held, Trouble.WENT_BACK)
        first = {"at": at, "note": note, "line": cosignature.line}
        Cosigned.objects.get_or_create(witness=held, size=checkpoint.size, defaults=first)
        if held.cosigned_at is None or (checkpoint.size, at) > (held.size, held.cosigned_at):
            held.size, held.note, held.cosigned_at = checkpoint.size, note + cosignature.line, at
        _well(held)
        held.save()
    return held


@transaction.atomic
def fail(*, row: Row, trouble: Trouble, evidence: str = "") -> Row:
    """Write down why asking brought nothing 记下原因; ``evidence`` is a note that proves a lie.

    The first evidence is an act; the same lie is told again at each asking.
    """
    held = type(row)._default_manager.select_for_update().get(pk=row.pk)
    if evidence and not held.evidence:
        _record_found("witness.accuse", held, trouble=trouble.value)
    return _troubled(held, trouble, evidence)


def _troubled(held: Row, trouble: Trouble, evidence: str = "") -> Row:
    held.asked_at = clock.now()
    if not (held.evidence and trouble not in GRAVE):
        if held.trouble != trouble:
            held.trouble, held.troubled_at = trouble, held.asked_at
        held.evidence = held.evidence or evidence
    held.save()
    return held


def _well(held: Asked) -> None:
    """It answered as it should. Evidence of a lie stays all the same, and what it was."""
    held.asked_at = clock.now()
    if not held.evidence:
        held.trouble, held.troubled_at = "", None


def published(rows: Iterable[int]) -> None:
    """The log's files tell of these cosignatures."""
    with repeatable():
        Cosigned.objects.filter(pk__in=list(rows)).update(published=True)
