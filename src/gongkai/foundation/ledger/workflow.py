"""Writing the ledger 台账: the last step of every verb, in the verb's own transaction."""

import logging
import secrets
from collections.abc import Iterable, Mapping
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

from django.db import connection, transaction
from django.utils.translation import gettext as _

from gongkai.foundation.core import canonical, clock
from gongkai.foundation.core.entries import commitment
from gongkai.foundation.core.errors import Broken, Refused
from gongkai.foundation.ledger import acts, keyring, poke
from gongkai.foundation.ledger.logs import PUBLIC, Log
from gongkai.foundation.ledger.models import Act, AudienceKey, Counter, Head, PublicRecord

logger = logging.getLogger(__name__)

SALT_LENGTH = 32
request_identity: ContextVar[str] = ContextVar("request_identity", default="")


@dataclass(frozen=True)
class Actor:
    """Who acts: a key that stays, and the label people read (the post, for an office holder)."""

    key: str
    label: str


SYSTEM = Actor("system", "系统")


@dataclass(frozen=True)
class Opening:
    """A public record to be: ``body`` is shown to ``audience`` under ``subject``.

    ``digest`` is the SHA-256 that the log commits to: an edition's own digest, otherwise (when
    left out) the digest of the body's canonical bytes.
    """

    kind: str
    subject: str
    audience: Iterable[str]
    body: Mapping[str, Any]
    digest: str = ""


def record(
    *,
    verb: str,
    actor: Actor,
    organisation: str,
    subject: str,
    label: str,
    facts: Mapping[str, Any] | None = None,
    opens: Opening | None = None,
) -> PublicRecord | None:
    """Write the act, and the public record when the verb ``opens`` one; return that record.

    ``facts`` hold identifiers, counts and reasons meant for the office's history, never contact
    data or the text of a voice. Raises ``Broken`` outside a transaction.
    """
    if not connection.in_atomic_block:
        raise Broken("ledger.record outside a transaction")
    at, salt, kept = clock.now(), secrets.token_bytes(SALT_LENGTH), dict(facts or {})
    canonical.encode(kept)  # what has no canonical form must fail here, not in the keeper
    act = Act.objects.create(
        at=at,
        verb=verb,
        organisation=organisation,
        actor=actor.key,
        actor_label=actor.label,
        subject=subject,
        subject_label=label[:300],
        facts=kept,
        outcome=str(kept.get("outcome", "")),
        request=request_identity.get(),
        salt=salt,
        words=acts.commitment(salt, label=label[:300], facts=kept),
    )
    made = _open(opens, organisation, at) if opens else None
    transaction.on_commit(partial(_tell, act))
    return made


@transaction.atomic
def resume(*, actor: Actor, organisation: str, backup: str, size: int, reason: str) -> PublicRecord:
    """Write down that the log goes on after a restore, for everybody to see 恢复后续签.

    ``backup`` is its time, ``size`` how many entries it had, ``reason`` why somebody goes on.
    """
    body = {
        "format": "gongkai-restore/1",
        "backup": backup,
        "size": size,
        "post": actor.label,
        "reason": reason,
    }
    made = record(
        verb="restore.confirm",
        actor=actor,
        organisation=organisation,
        subject="log",
        label=_("从备份恢复"),
        facts={"backup": backup, "size": size, "text": reason},
        opens=Opening("restore", "log", {"public"}, body),
    )
    assert made is not None
    return made


@transaction.atomic
def change_key(
    *,
    log: Log,
    change: str,
    old: str,
    new: str,
    size: int,
    actor: Actor,
    organisation: str,
    why: str,
) -> None:
    """Announce a change of the key of ``log``, as an entry of that very log 换密钥.

    ``new`` is empty where a key is retired; ``size`` is up to where a stolen ``old`` one is still
    believed. Of the public log's keys everybody is told. ``Refused`` while another change is under
    way.
    """
    if wrong := keyring.obstacles(log, change, new=new, size=size):
        raise Refused(wrong)
    subject = keyring.SUBJECTS[log.name]
    said = {"change": change, "new": new, "old": old, "size": size}
    public = log.name == PUBLIC.name
    told = {**said, "format": keyring.CHANGE_FORMAT, "post": actor.label, "reason": why}
    record(
        verb=keyring.VERBS[change],
        actor=actor,
        organisation=organisation,
        subject=subject,
        label=_("日志的密钥") if public else _("办公日志的密钥"),
        facts={**said, "text": why},
        opens=Opening(keyring.KIND, subject, {"public"}, told) if public else None,
    )


def close(
    *, subject: str, kinds: Iterable[str], at: datetime, only: Iterable[int] | None = None
) -> int:
    """Close the open records of ``subject``: no surface renders them any more. Returns how many.

    ``only`` names the keys of the records that are meant when others of the same kinds stay open.
    The keeper removes their pages and files before it does anything else.
    """
    if not connection.in_atomic_block:
        raise Broken("ledger.close outside a transaction")
    transaction.on_commit(poke.keeper)
    meant = PublicRecord.objects.filter(
        subject=subject, kind__in=list(kinds), closed_at__isnull=True
    )
    if only is not None:
        meant = meant.filter(pk__in=list(only))
    return meant.update(closed_at=at)


def erase(*, subject: str, kinds: Iterable[str], at: datetime) -> int:
    """Destroy body and salt of the records of ``subject``; their log entries stay 清除.

    Without the salt, nobody can tell any more what the commitments stood for. The acts keep verb,
    post and numbers, and lose the label and the words they shared with what is destroyed, and the
    salt by which the office log commits to those.
    """
    close(subject=subject, kinds=kinds, at=at)
    for act in Act.objects.filter(subject=subject):
        act.subject_label = ""
        act.facts, act.salt = acts.lasting(act.facts), b""
        act.save(update_fields=["subject_label", "facts", "salt"])
    return PublicRecord.objects.filter(subject=subject, kind__in=list(kinds)).update(
        body="{}", salt=b"", removed_at=None
    )


def note_check(log: str, *, size: int, faults: int) -> None:
    """Remember that all of the log called ``log`` was checked just now, and what was found."""
    Head.objects.filter(name=log).update(
        verified_size=size, verified_faults=faults, verified_at=clock.now()
    )


def next_number(name: str) -> int:
    """The next number of the dense sequence ``name``, from 1; given back if the verb fails."""
    if not connection.in_atomic_block:
        raise Broken("ledger.next_number outside a transaction")
    held = Counter.objects.select_for_update()
    counter = held.filter(name=name).first()
    if counter is None:
        Counter.objects.get_or_create(name=name)
        counter = held.get(name=name)
    counter.value += 1
    counter.save(update_fields=["value"])
    return counter.value


def _tell(act: Act) -> None:
    """What follows a verb that is durable: a line for the operators, a hint to the keeper."""
    logger.info("done: %s", act.verb, extra={"act": act.pk})
    poke.keeper()


def _open(opening: Opening, organisation: str, at: datetime) -> PublicRecord:
    """The public record of ``opening`` with its final log entry; salt and time are chosen here."""
    body = canonical.encode(dict(opening.body))
    audience = sorted(set(opening.audience))
    digest = opening.digest or canonical.digest(body)
    version = 1 + PublicRecord.objects.filter(kind=opening.kind, subject=opening.subject).count()
    salt = secrets.token_bytes(SALT_LENGTH)
    entry = {
        "commitment": commitment(
            salt,
            subject=opening.subject,
            version=version,
            organisation=organisation,
            audience=audience,
            digest=digest,
        ),
        "kind": opening.kind,
        "time": clock.stamp(at),
    }
    made = PublicRecord.objects.create(
        kind=opening.kind,
        subject=opening.subject,
        version=version,
        organisation=organisation,
        audience=audience,
        body=body.decode("utf-8"),
        digest=digest,
        at=at,
        salt=salt,
        entry=canonical.encode(entry),
    )
    AudienceKey.objects.bulk_create(AudienceKey(record=made, key=key) for key in audience)
    return made
