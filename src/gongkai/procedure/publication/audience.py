"""The one audience policy: who may read a public record, decided here and nowhere else.

A record opens when its log entry lies under the exposed checkpoint, never because a clock passed,
and closes the moment a verb closes it. :func:`readable` answers for one record in hand,
:func:`readable_records` selects the same ones by index; a test walks both over every audience.
"""

from collections.abc import Iterable

from django.db.models import Exists, OuterRef, QuerySet

from gongkai.foundation.ledger.models import PUBLIC_LOG, AudienceKey, Head, PublicRecord
from gongkai.foundation.organisations.audience import Reader, is_public


def readable(reader: Reader, record: PublicRecord) -> bool:
    """Whether ``reader`` may see ``record`` at this moment."""
    return (
        record.closed_at is None
        and record.seq is not None
        and record.seq < _exposed_size()
        and not reader.keys.isdisjoint(record.audience)
    )


def readable_records(reader: Reader) -> QuerySet[PublicRecord]:
    """Every record that ``reader`` may see at this moment; one query when evaluated."""
    # Asked row by row: as a list, SQLite would gather the keys of every record first.
    theirs = AudienceKey.objects.filter(record=OuterRef("pk"), key__in=sorted(reader.keys))
    exposed = Head.objects.filter(name=PUBLIC_LOG).values("exposed_size")
    return PublicRecord.objects.filter(Exists(theirs), closed_at__isnull=True, seq__lt=exposed)


def covers(wider: Iterable[str], narrower: Iterable[str]) -> bool:
    """Whether whoever reads by a key of ``narrower`` also reads by one of ``wider``."""
    keys = set(wider)
    return is_public(keys) or keys.issuperset(narrower)


def _exposed_size() -> int:
    return Head.objects.filter(name=PUBLIC_LOG).values_list("exposed_size", flat=True).first() or 0
