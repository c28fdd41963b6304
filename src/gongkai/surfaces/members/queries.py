"""What the members' room reads: public records that its reader may see, and nothing else."""

from django.db.models import Exists, OuterRef, QuerySet

from gongkai.foundation.ledger.models import AudienceKey, PublicRecord
from gongkai.foundation.organisations.audience import PUBLIC, Reader
from gongkai.procedure.publication.audience import readable_records
from gongkai.surfaces.board import items


def listed(reader: Reader, inner: bool = False) -> QuerySet[PublicRecord]:
    """The newest record of each item open to ``reader``, oldest item first.

    ``inner``: only those that the public may not see.
    """
    newer = readable_records(reader).filter(
        subject=OuterRef("subject"), seq__gt=OuterRef("seq"), kind__in=items.LISTED
    )
    found = readable_records(reader).filter(~Exists(newer), kind__in=items.LISTED)
    if inner:
        found = found.exclude(Exists(AudienceKey.objects.filter(record=OuterRef("pk"), key=PUBLIC)))
    return found.order_by("seq")


def of_item(reader: Reader, address: str) -> list[PublicRecord]:
    """Every record of one item that is open to ``reader``, in log order."""
    found = readable_records(reader).filter(subject=address, kind__in=items.ITEM)
    return list(found.order_by("seq"))
