"""From committed records to the exposed log: what the keeper does with the ledger, in order.

Each step can be repeated after a crash at any point and then writes the same bytes. No step looks
at anything but the database, the log's folder and its key.
"""

from collections.abc import Iterator
from functools import lru_cache

from django.conf import settings
from django.db import transaction

from gongkai.foundation.core import clock
from gongkai.foundation.core.errors import Broken, Conflict
from gongkai.foundation.ledger.durability import repeatable
from gongkai.foundation.ledger.lease import Lease
from gongkai.foundation.ledger.models import Head, PublicRecord
from gongkai.foundation.ledger.queries import head
from gongkai.foundation.translog.checkpoint import Checkpoint, open_checkpoint
from gongkai.foundation.translog.merkle import Frontier, leaf_hash
from gongkai.foundation.translog.note import Signer
from gongkai.foundation.translog.store import TileStore

ORDERED_AT_ONCE = 2000
WRITTEN_AT_ONCE = 4096


class RolledBack(Broken):
    """The exposed log is longer than what the database signed: going on would fork it."""

    def __init__(self, exposed: int, signed: int) -> None:
        super().__init__(
            f"the exposed log has {exposed} entries, the database signed {signed}: "
            "the database was rolled back; going on would fork the log"
        )
        self.exposed, self.signed = exposed, signed


def order(lease: Lease) -> int:
    """Give the waiting records their places in the log; returns how many.

    Takes rows without a place, never "id above the last": PostgreSQL commits ids out of order.
    *A crash before the commit leaves all unordered; after it, later steps write identical bytes.*
    """
    unordered = PublicRecord.objects.filter(seq__isnull=True)
    if not unordered.exists():  # each second: without taking SQLite's only lock
        return 0
    with transaction.atomic():
        lease.fence()
        now = _held_head()
        waiting = list(unordered.order_by("id").only("id", "entry")[:ORDERED_AT_ONCE])
        frontier = Frontier.from_json(now.frontier)
        for record in waiting:
            record.seq = frontier.size
            frontier.append(leaf_hash(bytes(record.entry)))
        PublicRecord.objects.bulk_update(waiting, ["seq"], batch_size=400)
        moved = Head.objects.filter(pk=1, size=now.size, root=now.root).update(
            size=frontier.size, root=frontier.root().hex(), frontier=frontier.to_json()
        )
        if not moved:
            raise Conflict("another keeper has ordered the log meanwhile")
    return len(waiting)


def write_tiles() -> None:
    """Write what the log's folder lacks of the ordered entries.

    *A crash leaves whole files that no checkpoint covers; the next pass rewrites them identically.*
    A full tile with other bytes raises ``Broken``.
    """
    now, store = head(), _store()
    on_disk = _exposed(store)
    start = on_disk.size if on_disk else 0
    _refuse_rollback(now, on_disk)
    for begin, entries in _portions(start, now.size):
        store.write(begin, entries, entry_at=_entries)


def sign(lease: Lease) -> bool:
    """Sign the ordered size, once what stands on disk has been read back; says whether it moved.

    Refuses (``Broken``) when the tiles do not give the ordered root, or do not extend the last
    checkpoint in the database or the one on disk. *Ed25519 is deterministic: after a crash the
    same note comes out.*
    """
    now, store = head(), _store()
    if now.signed_size == now.size:
        return False
    if store.root(now.size).hex() != now.root:
        raise Broken("the tiles on disk do not give the root that was ordered")
    last = open_checkpoint(now.note, _signer().verifier) if now.note else None
    for earlier in filter(None, (last, _exposed(store))):
        if store.root(earlier.size) != earlier.root:
            raise Broken(f"the log does not extend its own checkpoint of {earlier.size}")
    checkpoint = Checkpoint(settings.LOG_ORIGIN, now.size, bytes.fromhex(now.root))
    note = _signer().sign(checkpoint.text())
    with transaction.atomic():
        lease.fence()
        moved = Head.objects.filter(pk=1, size__gte=now.size, signed_size=now.signed_size).update(
            signed_size=now.size, note=note
        )
    if not moved:
        raise Conflict("another keeper has signed the log meanwhile")
    return True


def expose(lease: Lease) -> bool:
    """Put the signed checkpoint and the key where readers look; says whether it moved.

    *Database ahead of disk, or the files lost: repeated. Disk ahead of the database: it was
    rolled back; refused.*
    """
    now, store = head(), _store()
    if not now.signed_size:
        return False
    _publish_vkey(store)
    on_disk = _exposed(store)
    if on_disk and on_disk.size == now.exposed_size == now.signed_size:
        return False
    _refuse_rollback(now, on_disk)
    if store.root(now.signed_size) != open_checkpoint(now.note, _signer().verifier).root:
        raise Broken("the tiles on disk do not give the root that was signed")
    store.publish_checkpoint(now.note)
    with repeatable():
        lease.fence()
        Head.objects.filter(pk=1, exposed_size__lt=now.signed_size).update(
            exposed_size=now.signed_size, exposed_at=clock.now()
        )
    return True


def check_head() -> None:
    """Before the first pass: database and disk must tell one story. Raises ``Broken``."""
    store = _store()
    now, on_disk = head(), _exposed(store)
    _refuse_rollback(now, on_disk)
    if on_disk and store.root(on_disk.size) != on_disk.root:
        raise Broken("the tiles on disk do not give the root of the exposed checkpoint")


def hidden() -> int:
    """How many entries readers were shown once and cannot check now: the checkpoint went back."""
    on_disk = _exposed(_store())
    return max(0, head().exposed_size - (on_disk.size if on_disk else 0))


def vkey() -> str:
    """The key with which this installation signs, as readers know it."""
    return _signer().verifier.vkey


def _held_head() -> Head:
    rows = Head.objects.select_for_update()
    return rows.filter(pk=1).first() or rows.get(pk=head().pk)


def _refuse_rollback(now: Head, on_disk: Checkpoint | None) -> None:
    if on_disk and on_disk.size > now.signed_size:
        raise RolledBack(on_disk.size, now.signed_size)


def _portions(start: int, stop: int) -> Iterator[tuple[int, list[bytes]]]:
    for begin in range(start, stop, WRITTEN_AT_ONCE):
        yield begin, _entries(range(begin, min(begin + WRITTEN_AT_ONCE, stop)))


def _entries(places: range) -> list[bytes]:
    """The ordered entries of a range; ``Broken`` when one is missing."""
    rows = PublicRecord.objects.filter(seq__gte=places.start, seq__lt=places.stop)
    entries = [bytes(entry) for entry in rows.order_by("seq").values_list("entry", flat=True)]
    if len(entries) != len(places):
        raise Broken(f"the database lacks entries between {places.start} and {places.stop}")
    return entries


def _store() -> TileStore:
    return TileStore(settings.HOME.log)


def _exposed(store: TileStore) -> Checkpoint | None:
    """The checkpoint on disk, which must be signed by our own key."""
    try:
        note = store.read_checkpoint()
        return None if note is None else open_checkpoint(note, _signer().verifier)
    except ValueError as error:  # no text, no note, or not of our key
        raise Broken(f"the exposed checkpoint is not ours: {error}") from error


def _publish_vkey(store: TileStore) -> None:
    path, key = store.folder / "vkey", vkey() + "\n"
    if not path.exists() or path.read_text("utf-8", "replace") != key:
        store.folder.mkdir(parents=True, exist_ok=True)
        path.write_text(key, "utf-8")


def _signer() -> Signer:
    return _parsed(settings.HOME.secret("log.key"))


@lru_cache(4)
def _parsed(key: str) -> Signer:
    return Signer.parse(key)
