"""Which key signs which checkpoints, and what the world is told of it 换密钥.

A change of keys is an entry of the log it concerns: ``rotated`` names the key that follows,
``retired`` the one that signs no more, ``compromised`` a stolen one and the size up to which it is
still believed. Which keys sign a checkpoint follows from its size and those entries alone, so that
a pass that was cut off signs the same note again:

    size ≤ seq of the change      the old key
    size > seq                    both, old first, until the old one is retired
    after a theft                 the new one, whatever the size

The keys' files follow the log: only when a checkpoint that covers the change is exposed does the
next key become the key. Each step can be repeated.
"""

import os
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from gongkai.foundation.core import canonical
from gongkai.foundation.core.durable import sync
from gongkai.foundation.core.errors import Broken
from gongkai.foundation.ledger import acts, logs
from gongkai.foundation.ledger.logs import OFFICE, PUBLIC, Log
from gongkai.foundation.ledger.models import Act, Handover, Head, PublicRecord
from gongkai.foundation.ledger.queries import head
from gongkai.foundation.translog import keylist
from gongkai.foundation.translog.note import Signer
from gongkai.foundation.translog.proof import Proof

KIND, LIST = keylist.KIND, keylist.LIST
ROTATED, RETIRED, COMPROMISED = keylist.ROTATED, keylist.RETIRED, keylist.COMPROMISED
VERBS, LIST_FORMAT = keylist.VERBS, keylist.LIST_FORMAT
SUBJECTS = {PUBLIC.name: "log-key", OFFICE.name: "audit-key"}
CHANGE_FORMAT = "gongkai-key-change/1"


@dataclass(frozen=True)
class Change:
    """A change of keys (换密钥): ``seq`` is its place in the log, None while it waits.

    ``row`` is the record or the act that says it.
    """

    seq: int | None
    change: str
    old: str
    new: str
    size: int
    row: Any


@dataclass(frozen=True)
class Span:
    """A key and the sizes of the checkpoints it signs (密钥的有效范围): above ``since`` ones, up to
    and with ``until``. Of a ``bad`` one, none above ``until`` are to be believed.
    """

    vkey: str
    since: int
    until: int | None = None
    bad: bool = False
    change: Change | None = None

    def covers(self, size: int) -> bool:
        """Whether this key signs the checkpoint of ``size``."""
        return self.since <= size and (self.until is None or size <= self.until)


def changes(log: Log) -> list[Change]:
    """The changes of the keys of ``log``, the oldest first."""
    found: list[tuple[Any, Any]]
    if log.name == PUBLIC.name:
        records = PublicRecord.objects.filter(kind=KIND, subject=SUBJECTS[log.name])
        found = [(each, canonical.decode(each.body.encode())) for each in records]
    else:
        rows = Act.objects.filter(subject=SUBJECTS[log.name], verb__in=VERBS.values())
        found = [(each, each.facts) for each in rows.order_by("id")]
    told = [
        Change(row.seq, said["change"], said["old"], said["new"], said["size"], row)
        for row, said in found
    ]
    return sorted(told, key=lambda each: each.row.pk)


def spans(log: Log) -> list[Span]:
    """Which key signs which sizes, the oldest first; changes that wait for the log not counted."""
    told = changes(log)
    found = [Span(told[0].old if told else _first(log), 0)]
    for each in told:
        if each.seq is None:
            continue
        place = next(at for at, span in enumerate(found) if span.vkey == each.old)
        if each.change == ROTATED:
            found.append(Span(each.new, each.seq + 1, change=each))
        elif each.change == RETIRED:
            found[place] = replace(found[place], until=each.seq)
        else:
            found[place] = replace(found[place], until=each.size, bad=True)
            found.append(Span(each.new, each.size, change=each))
    return found


def signers(log: Log, size: int) -> list[Signer]:
    """Who signs the checkpoint of ``size``. ``Broken`` when no key at hand may."""
    files = [log.key_file(part) for part in ("old", "next")]
    there = [file for file in files if file.exists()]
    if not there and not log.known_keys.exists():
        return [log.signer]
    at_hand = [logs.signer(file) for file in (log.key_file(), *there)]
    held = {each.verifier.vkey: each for each in at_hand}
    chosen = [held[span.vkey] for span in spans(log) if span.covers(size) and span.vkey in held]
    if not chosen:
        raise Broken(f"no key in keys/ is one that may sign {size} entries of {log.origin}")
    return chosen


def obstacles(log: Log, change: str, *, new: str, size: int) -> list[str]:
    """Why the key of ``log`` cannot be changed so now; empty when it can."""
    told = changes(log)
    waiting = any(each.seq is None for each in told) or (
        log.key_file("next").exists() and any(each.new == new for each in told if new)
    )
    if waiting:
        return [_("上一次换密钥还没有写进日志。请等 keeper 写完（gongkai run），再做下一步。")]
    both = log.key_file("old").exists()
    if change == RETIRED:
        return [] if both else [_("没有等着停用的旧密钥。")]
    if both:
        return [_("上一次换密钥以后旧密钥还在签。请先运行 gongkai keys retire %s。") % log.place]
    signed = head(log.name).signed_size
    if size > signed:
        return [_("日志只签到%(signed)s条，不能写%(size)s。") % {"signed": signed, "size": size}]
    return []


def settle(log: Log, now: Head) -> None:
    """Let the files follow what is exposed: the next key becomes the key, a retired one goes.

    ``now`` is exposed up to its signed size. *A crash anywhere leaves it to the next pass.*
    """
    following, old = log.key_file("next"), log.key_file("old")
    if not (following.exists() or old.exists()):
        if log.known_keys.exists() and not (log.folder / LIST).exists():
            publish(log)
        return
    covered = [each for each in changes(log) if each.seq is not None and each.seq < now.signed_size]
    if not covered:
        return
    last, files = covered[-1], [log.key_file(), following]
    if following.exists() and last.new == _public(following):
        assert last.seq is not None
        Handover.objects.get_or_create(log=log.name, seq=last.seq, defaults={"note": now.note})
        _remember(log, [last.old, last.new])
        if last.change == ROTATED:
            old.unlink(missing_ok=True)
            os.link(files[0], old)
        following.replace(files[0])
        sync([files[0].parent])
    elif last.change == RETIRED and old.exists() and last.old == _public(old):
        old.unlink()
        sync([old.parent])
    publish(log)


def publish(log: Log) -> None:
    """Write the list of keys beside the checkpoint, once there was a change."""
    told = listed(log)
    if len(told["keys"]) < 2:
        return
    place, data = log.folder / LIST, canonical.encode(told)
    if not place.exists() or place.read_bytes() != data:
        partial = place.with_name(f".{LIST}")
        partial.write_bytes(data)
        sync([partial])
        partial.replace(place)


def listed(log: Log) -> dict[str, Any]:
    """The list of keys as readers get it, with what leads from each to the next."""
    return {
        "format": LIST_FORMAT,
        "keys": [
            {
                "bad": span.bad,
                "link": _link(log, span.change) if span.change else None,
                "since": span.since,
                "until": span.until,
                "vkey": span.vkey,
            }
            for span in spans(log)
        ],
        "origin": log.origin,
    }


def _link(log: Log, change: Change) -> dict[str, Any] | None:
    """The entry that announced a key, opened, with its proof under both keys' checkpoint."""
    assert change.seq is not None
    note = Handover.objects.filter(log=log.name, seq=change.seq).values_list("note", flat=True)
    if not note:
        return None
    size = int(note[0].split("\n")[1])
    proof = Proof.make(change.seq, note[0], log.store.hash_reader(size)).text()
    row = change.row
    if isinstance(row, Act):
        facts = canonical.encode(acts.lasting(row.facts)).decode()
        return {"act": acts.entry(row).decode(), "facts": facts, "proof": proof}
    return {"body": row.body, "facts": facts_of(row), "proof": proof}


def facts_of(record: PublicRecord) -> dict[str, Any]:
    """What connects a public record with its entry, as ``vV.log.json`` has it."""
    return {
        "audience": record.audience,
        "digest": record.digest,
        "index": record.seq,
        "kind": record.kind,
        "organisation": record.organisation,
        "salt": bytes(record.salt).hex(),
        "subject": record.subject,
        "time": canonical.decode(bytes(record.entry))["time"],
        "version": record.version,
    }


def _first(log: Log) -> str:
    """The key of a log that never announced another."""
    if log.known_keys.exists():
        return log.known_keys.read_text("utf-8").split()[0]
    return log.vkey


def _public(file: Path) -> str:
    known: str = settings.HOME.public_key(file.name)
    return known


def _remember(log: Log, vkeys: list[str]) -> None:
    """Note keys of ours for as long as anybody may hold a checkpoint signed by them."""
    before = log.known_keys.read_text("utf-8").split() if log.known_keys.exists() else []
    partial = log.known_keys.with_name(f".{log.known_keys.name}")
    partial.touch(mode=0o600)
    partial.write_text("".join(f"{each}\n" for each in dict.fromkeys(before + vkeys)), "utf-8")
    sync([partial])
    partial.replace(log.known_keys)
