"""What the members' room reads: public records that its reader may see, and nothing else."""

from collections.abc import Iterable

from django.db.models import Exists, OuterRef, QuerySet

from gongkai.foundation.ledger.models import AudienceKey, PublicRecord
from gongkai.foundation.ledger.queries import of_kinds
from gongkai.foundation.organisations.audience import PUBLIC, Reader
from gongkai.procedure.publication.audience import readable_records
from gongkai.surfaces.board import items


def listed(
    reader: Reader, *, inner: bool = False, before: int | None = None
) -> QuerySet[PublicRecord]:
    """The newest record of each item open to ``reader``, newest first.

    ``inner``: only those that the public may not see. ``before``: only those further back in the
    log, so that a page is found by walking the log from there, however long it is.
    """
    newer = readable_records(reader).filter(
        subject=OuterRef("subject"), seq__gt=OuterRef("seq"), kind__in=items.LISTED
    )
    found = of_kinds(readable_records(reader).filter(~Exists(newer)), items.LISTED)
    if inner:
        # From the few keys that are not the public's; the log would be walked to its beginning.
        theirs = AudienceKey.objects.filter(key__in=sorted(reader.keys - {PUBLIC}))
        public = AudienceKey.objects.filter(record=OuterRef("pk"), key=PUBLIC)
        found = found.filter(~Exists(public), pk__in=theirs.values("record"))
    if before is not None:
        found = found.filter(seq__lt=before)
    return found.order_by("-seq")


def plans_of(reader: Reader, subjects: Iterable[str]) -> dict[str, list[PublicRecord]]:
    """What ``reader`` was told of changed plans of these items, by item; one query."""
    found: dict[str, list[PublicRecord]] = {}
    for record in readable_records(reader).filter(subject__in=list(subjects), kind=items.PLAN):
        found.setdefault(record.subject, []).append(record)
    return found


def of_item(reader: Reader, address: str) -> list[PublicRecord]:
    """Every record of one item that is open to ``reader``, in log order."""
    found = readable_records(reader).filter(subject=address, kind__in=items.ITEM)
    return list(found.order_by("seq"))
