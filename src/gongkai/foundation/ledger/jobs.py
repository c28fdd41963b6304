"""From committed rows to the exposed log: what the keeper does with the ledger, in order.

Each step can be repeated after a crash at any point and then writes the same bytes. No step looks
at anything but the database, the log's folder and its key. The public log is meant unless another
is named.
"""

import logging
from datetime import timedelta

from django.conf import settings
from django.db import DatabaseError, transaction

from gongkai.foundation.core import clock
from gongkai.foundation.core.errors import Broken, Conflict
from gongkai.foundation.ledger import held, keyring
from gongkai.foundation.ledger.durability import repeatable
from gongkai.foundation.ledger.lease import Lease
from gongkai.foundation.ledger.logs import OFFICE, PUBLIC, Log
from gongkai.foundation.ledger.models import Head
from gongkai.foundation.ledger.queries import head
from gongkai.foundation.translog.checkpoint import Checkpoint, open_checkpoint
from gongkai.foundation.translog.merkle import Frontier, leaf_hash
from gongkai.foundation.translog.note import sign_note

logger = logging.getLogger(__name__)

ORDERED_AT_ONCE = 2000
WRITTEN_AT_ONCE = 4096
GATHERED = timedelta(seconds=3)


class RolledBack(Broken):
    """The exposed log is longer than what the database signed: going on would fork it."""

    def __init__(self, exposed: int, signed: int) -> None:
        super().__init__(
            f"the exposed log has {exposed} entries, the database signed {signed}: "
            "the database was rolled back; going on would fork the log"
        )
        self.exposed, self.signed = exposed, signed


def order(lease: Lease, log: Log = PUBLIC) -> int:
    """Give the waiting rows their places in the log; returns how many.

    *A crash before the commit leaves all unordered; after it, later steps write identical bytes.*
    """
    if not log.waiting().exists():  # each second: without taking SQLite's only lock
        return 0
    with transaction.atomic():
        lease.fence()
        now = _held_head(log)
        waiting = list(log.waiting()[:ORDERED_AT_ONCE])
        frontier = Frontier.from_json(now.frontier)
        for row in waiting:
            row.seq = frontier.size
            frontier.append(leaf_hash(log.entry(row)))
        log.model.objects.bulk_update(waiting, ["seq"], batch_size=400)
        moved = Head.objects.filter(pk=now.pk, size=now.size, root=now.root).update(
            size=frontier.size, root=frontier.root().hex(), frontier=frontier.to_json()
        )
        if not moved:
            raise Conflict("another keeper has ordered the log meanwhile")
    return len(waiting)


def write_tiles(log: Log = PUBLIC) -> None:
    """Write what the log's folder lacks of the ordered entries.

    *A crash leaves whole files that no checkpoint covers; the next pass rewrites them identically.*
    A full tile with other bytes raises ``Broken``.
    """
    now, store = head(log.name), log.store
    on_disk = _exposed(log)
    start = on_disk.size if on_disk else 0
    _refuse_rollback(now, on_disk)
    for begin, entries in log.portions(start, now.size, WRITTEN_AT_ONCE):
        store.write(begin, entries, entry_at=log.entries)


def sign(lease: Lease, log: Log = PUBLIC) -> bool:
    """Sign the ordered size, once what stands on disk has been read back; says whether it moved.

    Refuses (``Broken``) when the tiles do not give the ordered root, or do not extend the last
    checkpoint in the database or the one on disk. *Ed25519 is deterministic: after a crash the
    same note comes out.* ``Held`` after a restore that nobody has confirmed.
    """
    held.refuse(settings.HOME.path)
    now, store = head(log.name), log.store
    if now.signed_size == now.size:
        return False
    if store.root(now.size).hex() != now.root:
        raise Broken("the tiles on disk do not give the root that was ordered")
    last = open_checkpoint(now.note, *log.verifiers) if now.note else None
    for earlier in filter(None, (last, _exposed(log))):
        if store.root(earlier.size) != earlier.root:
            raise Broken(f"the log does not extend its own checkpoint of {earlier.size}")
    checkpoint = Checkpoint(log.origin, now.size, bytes.fromhex(now.root))
    note = sign_note(checkpoint.text(), keyring.signers(log, now.size))
    with transaction.atomic():
        lease.fence()
        same = Head.objects.filter(pk=now.pk, size__gte=now.size, signed_size=now.signed_size)
        moved = same.update(signed_size=now.size, note=note)
    if not moved:
        raise Conflict("another keeper has signed the log meanwhile")
    return True


def expose(lease: Lease, log: Log = PUBLIC) -> bool:
    """Put the signed checkpoint and the key where readers look; says whether it moved.

    *Database ahead of disk, or the files lost: repeated. Disk ahead of the database: it was
    rolled back; refused.*
    """
    now, store = head(log.name), log.store
    if not now.signed_size:
        return False
    _publish_vkey(log)
    on_disk = _exposed(log)
    if on_disk and on_disk.size == now.exposed_size == now.signed_size:
        keyring.settle(log, now)
        _publish_vkey(log)
        return False
    _refuse_rollback(now, on_disk)
    if store.root(now.signed_size) != open_checkpoint(now.note, *log.verifiers).root:
        raise Broken("the tiles on disk do not give the root that was signed")
    store.publish_checkpoint(now.note)
    with repeatable():
        lease.fence()
        Head.objects.filter(pk=now.pk, exposed_size__lt=now.signed_size).update(
            exposed_size=now.signed_size, exposed_at=clock.now()
        )
    keyring.settle(log, now)
    _publish_vkey(log)
    return True


def keep_office(lease: Lease) -> None:
    """One pass over the office log, once acts wait that have gathered company.

    What goes wrong here is told once and holds nothing else up: the public log neither waits for
    the acts nor stops with them (``docs/adr/0012``). A lost lease or database is the keeper's.
    """
    if not _due(head(OFFICE.name)):
        return
    try:
        OFFICE.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        _publish_vkey(OFFICE)  # without a key nothing is ordered either
        order(lease, OFFICE)
        write_tiles(OFFICE)
        sign(lease, OFFICE)
        expose(lease, OFFICE)
    except (Conflict, DatabaseError):
        raise
    except Exception as error:
        _tell_once(f"{type(error).__name__}: {error}")
    else:
        _told.clear()


def _due(now: Head) -> bool:
    """Whether a pass was cut off, or an act waits that is not of this very moment.

    Each pass costs three commits; acts that come one after the other share them.
    """
    if now.exposed_size < now.size or (now.size and not OFFICE.checkpoint.exists()):
        return True
    oldest, moment = OFFICE.waiting().values_list("at", flat=True).first(), clock.now()
    return oldest is not None and not moment - GATHERED < oldest <= moment


def _tell_once(trouble: str) -> None:
    if trouble not in _told:
        _told.add(trouble)
        logger.critical("office log not kept: %s", trouble)


_told: set[str] = set()
"""What was said already of the office log's trouble: a pass comes every second."""


def check_head(log: Log = PUBLIC) -> None:
    """Before the first pass: database and disk must tell one story. Raises ``Broken``.

    ``Held``, a ``Broken`` too, after a restore that nobody has confirmed.
    """
    held.refuse(settings.HOME.path)
    now, on_disk = head(log.name), _exposed(log)
    _refuse_rollback(now, on_disk)
    if on_disk and log.store.root(on_disk.size) != on_disk.root:
        raise Broken("the tiles on disk do not give the root of the exposed checkpoint")


def hidden(log: Log = PUBLIC) -> int:
    """How many entries readers were shown once and cannot check now: the checkpoint went back."""
    on_disk = _exposed(log)
    return max(0, head(log.name).exposed_size - (on_disk.size if on_disk else 0))


def _held_head(log: Log) -> Head:
    rows = Head.objects.select_for_update()
    return rows.filter(name=log.name).first() or rows.get(pk=head(log.name).pk)


def _refuse_rollback(now: Head, on_disk: Checkpoint | None) -> None:
    if on_disk and on_disk.size > now.signed_size:
        raise RolledBack(on_disk.size, now.signed_size)


def _exposed(log: Log) -> Checkpoint | None:
    """The checkpoint on disk, which must be signed by our own key."""
    try:
        note = log.store.read_checkpoint()
        return None if note is None else open_checkpoint(note, *log.verifiers)
    except ValueError as error:  # no text, no note, or not of our key
        raise Broken(f"the exposed checkpoint is not ours: {error}") from error


def _publish_vkey(log: Log) -> None:
    path, key = log.folder / "vkey", log.vkey + "\n"
    if not path.exists() or path.read_text("utf-8", "replace") != key:
        log.folder.mkdir(parents=True, exist_ok=True)
        path.write_text(key, "utf-8")
