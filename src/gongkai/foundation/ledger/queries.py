"""Reading the ledger: an item's history, the open records, a record's proof."""

from django.conf import settings
from django.db.models import QuerySet

from gongkai.foundation.ledger.models import PUBLIC_LOG, Act, Head, PublicRecord
from gongkai.foundation.translog.merkle import Frontier
from gongkai.foundation.translog.proof import Proof
from gongkai.foundation.translog.store import TileStore

EMPTY = Frontier()


def head(name: str = PUBLIC_LOG) -> Head:
    """How far the log ``name`` has come; the row is made on first use."""
    empty = {"root": EMPTY.root().hex(), "frontier": EMPTY.to_json()}
    return Head.objects.get_or_create(name=name, defaults=empty)[0]


def history(subject: str) -> QuerySet[Act]:
    """What was done to ``subject``, oldest first."""
    return Act.objects.filter(subject=subject).order_by("id")


def unlogged() -> int:
    """How many acts have no place in the office log yet."""
    return Act.objects.filter(seq__isnull=True).count()


def exposed_records() -> QuerySet[PublicRecord]:
    """Records that lie under the exposed checkpoint and have not been closed."""
    return PublicRecord.objects.filter(seq__lt=head().exposed_size, closed_at__isnull=True)


def proof(record: PublicRecord) -> Proof | None:
    """The inclusion proof of ``record`` under the exposed checkpoint; None while it waits."""
    store = TileStore(settings.HOME.log)
    note = store.read_checkpoint()
    if note is None or record.seq is None or record.seq >= head().exposed_size:
        return None
    size = int(note.split("\n")[1])
    return Proof.make(record.seq, note, store.hash_reader(size), extra=bytes(record.salt))
