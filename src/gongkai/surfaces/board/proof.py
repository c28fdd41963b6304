"""A proof 校样: the page of an item as the board would show it, drawn before anything is sealed.

By the same template, look and gaps as the page that will be published, from an edition composed as
it would be sealed. It is handed to whoever asks and written nowhere.
"""

import re
from collections.abc import Sequence
from dataclasses import replace

from django.conf import settings

from gongkai.foundation.core import clock
from gongkai.surfaces.board import addresses, houses, items
from gongkai.surfaces.board.items import Item, Opening, Stage
from gongkai.surfaces.board.pages import look
from gongkai.surfaces.board.press import Press, proof_language
from gongkai.surfaces.board.site import Site

_SCRIPT = re.compile(r"<script\b[^>]*>\s*</script>")
_UNSEALED = "0" * 64


def item(
    source: str, *, address: str, organisation: str, number: str, note: str, stages: Sequence[Stage]
) -> Item:
    """The item that an edition makes, of which ``source`` is the canonical JSON, once it opens."""
    now = clock.now()
    opening = Opening(
        version=1,
        seq=0,
        salt=_UNSEALED,
        audience=(),
        at=now,
        recorded_at=now,
        edition=items.edition(source),
        stages=tuple(stages),
        number=number,
        note=note,
    )
    return Item(address=address, organisation=organisation, opened_at=now, openings=(opening,))


def page(item: Item) -> str:
    """The board's page of ``item`` in the active language, without its scripts."""
    (opening,), town = item.openings, houses.town()
    house, (_language, root) = town.house(item.organisation), proof_language()
    shown = replace(look.look(item, opening, None), proof=True)
    gaps = {**look.gaps(item, opening, house, head=""), "metadata": ""}
    html = Press(Site(settings.HOME.board, dry=True), town).proof(
        addresses.item(item.address),
        "item",
        house,
        look.values(shown, house, root),
        gaps,
        f"c:{opening.edition.category}",
    )
    return silenced(html)


def silenced(html: str) -> str:
    """A page without its scripts: where it is looked at, none may run."""
    return _SCRIPT.sub("", html)
