"""What is printed: public records that whoever asks may read, by the one audience policy."""

from gongkai.foundation.organisations.audience import Reader
from gongkai.procedure.publication.audience import readable_records
from gongkai.surfaces.board import items
from gongkai.surfaces.board import queries as board
from gongkai.surfaces.board.items import Item, Opening


def item_for(reader: Reader, address: str) -> Item | None:
    """The item as ``reader`` may see it; None where nothing of it is open to them."""
    found = readable_records(reader).filter(subject=address, kind__in=items.PRINTED)
    records = list(found.order_by("seq"))
    return items.item(address, records[0].at, records) if records else None


def public_item(address: str) -> Item | None:
    """The item as anybody may see it: nothing else may hang on a wall."""
    return board.items_of([address], items.PRINTED).get(address)


def to_print(item: Item) -> Opening | None:
    """The opening that is printed: the public one where there is one, lest what is for members
    alone hangs where anybody passes. None once it is withdrawn.
    """
    if item.gone:
        return None
    public = [each for each in item.openings if each.public]
    found = public or list(item.openings)
    return found[-1] if found else None
