"""Reading the ledger: an item's history, the open records, a record's proof."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db import connection
from django.db.models import QuerySet, Value
from django.db.models.functions import Concat

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


@dataclass(frozen=True)
class Wanted:
    """Which acts of an organisation are asked for; what is empty narrows nothing."""

    organisation: str
    since: datetime | None = None
    until: datetime | None = None
    post: str = ""
    member: str = ""
    verb: str = ""
    subject: str = ""
    outcome: str = ""


def acts(wanted: Wanted, after: Act | None = None) -> QuerySet[Act]:
    """The acts that are wanted, newest first; ``after``: those that follow this one in the list.

    Each filter is a range of an index in this very order, so no page costs more than the first.
    """
    equal = {
        "actor_label": wanted.post,
        "actor": wanted.member,
        "verb": wanted.verb,
        "subject": wanted.subject,
        "outcome": wanted.outcome,
    }
    found = Act.objects.filter(
        organisation=wanted.organisation, **{name: value for name, value in equal.items() if value}
    )
    if wanted.since:
        found = found.filter(at__gte=wanted.since)
    if wanted.until:
        found = found.filter(at__lt=wanted.until)
    if after:  # the plain bound lets the index begin there
        found = found.filter(at__lte=after.at).exclude(at=after.at, id__gte=after.pk)
    return found.order_by("-at", "-id")


def different(column: str, organisation: str) -> list[str]:
    """The different values of ``column`` in an organisation's acts, in order.

    One look-up in the column's index for each value, where DISTINCT would read every act.
    """
    if column not in {"actor_label", "verb", "outcome"}:
        raise ValueError(f"no index leads through {column}")
    # The column is one of three, never what somebody typed.
    step = f"SELECT MIN({column}) FROM ledger_act WHERE organisation = %s AND {column} >"
    found = (
        f"WITH RECURSIVE found(value) AS ({step} '' UNION ALL"
        f" SELECT ({step} found.value) FROM found WHERE found.value IS NOT NULL)"
        " SELECT value FROM found WHERE value IS NOT NULL"
    )
    with connection.cursor() as cursor:
        cursor.execute(found, [organisation, organisation])
        return [row[0] for row in cursor.fetchall()]


def exposed_records() -> QuerySet[PublicRecord]:
    """Records that lie under the exposed checkpoint and have not been closed."""
    return PublicRecord.objects.filter(seq__lt=head().exposed_size, closed_at__isnull=True)


def of_kinds(records: QuerySet[PublicRecord], kinds: Iterable[str]) -> QuerySet[PublicRecord]:
    """Those of ``records`` that are of these kinds, looked at one by one.

    For records found by their place in the log. SQLite keeps no statistics: it would take the
    index of kinds for the narrower one and read every release there is, seconds among a million.
    """
    return records.alias(of_kind=Concat("kind", Value(""))).filter(of_kind__in=list(kinds))


def proof(record: PublicRecord) -> Proof | None:
    """The inclusion proof of ``record`` under the exposed checkpoint; None while it waits."""
    store = TileStore(settings.HOME.log)
    note = store.read_checkpoint()
    if note is None or record.seq is None or record.seq >= head().exposed_size:
        return None
    size = int(note.split("\n")[1])
    return Proof.make(record.seq, note, store.hash_reader(size), extra=bytes(record.salt))
