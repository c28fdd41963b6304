"""Does the database still say what the log says? The log itself is checked by ``translog.verify``.

Pages are rendered from the records, so an altered record would show words that nobody sealed, with
a salt and an index under which readers find another commitment.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator

from django.conf import settings

from gongkai.foundation.core import canonical
from gongkai.foundation.ledger.models import AudienceKey, PublicRecord
from gongkai.foundation.ledger.workflow import commitment
from gongkai.foundation.translog.store import TileStore
from gongkai.foundation.translog.tiles import WIDTH, Tile


def altered(size: int) -> Iterator[int]:
    """The places, among the first ``size``, of records that are missing or not those logged.

    The log on disk must be sound; one bundle is held in memory at a time.
    """
    store = TileStore(settings.HOME.log)
    for start in range(0, size, WIDTH):
        entries = store.bundle(Tile(None, start // WIDTH, min(WIDTH, size - start)))
        rows = PublicRecord.objects.filter(seq__gte=start, seq__lt=start + len(entries))
        records = {record.seq: record for record in rows}
        keys = _keys(records.values())
        for seq, entry in enumerate(entries, start):
            record = records.get(seq)
            if (
                record is None
                or bytes(record.entry) != entry
                or sorted(keys[record.pk]) != record.audience
                or not _holds(record)
            ):
                yield seq


def _keys(records: Iterable[PublicRecord]) -> dict[int, list[str]]:
    """The keys by which readers find each record; they must be those of its audience."""
    found: dict[int, list[str]] = defaultdict(list)
    rows = AudienceKey.objects.filter(record__in=[record.pk for record in records])
    for record, key in rows.values_list("record", "key"):
        found[record].append(key)
    return found


def _holds(record: PublicRecord) -> bool:
    """Whether the record is what its entry commits to; an erased one can no longer tell."""
    if not record.salt:
        return True
    try:
        logged, shown = (
            canonical.decode(bytes(record.entry)),
            canonical.decode(record.body.encode()),
        )
    except ValueError:
        return False
    # The log commits to the sealed bytes where a record carries them, else to its whole body.
    covered = shown["edition"] if record.kind == "release" and "edition" in shown else record.body
    digest = canonical.digest(covered.encode())
    expected = commitment(
        bytes(record.salt),
        subject=record.subject,
        version=record.version,
        organisation=record.organisation,
        audience=record.audience,
        digest=digest,
    )
    return (logged["kind"], logged["commitment"], record.digest) == (record.kind, expected, digest)
