"""A draft as it will look on paper 草样: the sheets that would be printed, as pictures.

Set by the template that prints them, and marked on every page, so that nobody takes a draft for a
paper that counts. Nothing of it is kept.
"""

import io
from base64 import b64encode
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace

from django.template.loader import render_to_string

from gongkai.foundation.core.errors import Refused
from gongkai.foundation.organisations.audience import PUBLIC
from gongkai.foundation.organisations.seat import Seated
from gongkai.surfaces.board import houses
from gongkai.surfaces.board.items import Item
from gongkai.surfaces.channels.paper import document, notice
from gongkai.surfaces.desk.dossier import Dossier

PAGES = 6
"""Pages that are drawn; how many there are is said."""
WIDE = 900
"""Pixels of a picture: large enough to read, small enough to fetch."""


def sheet(_request: Seated, dossier: Dossier, item: Item) -> str:
    """The sheet for the wall, on the charter's paper."""
    shown = _public(item)
    house = houses.town().house(item.organisation)
    size = dossier.charter.wall.paper
    return _page(lambda: notice.proof(shown, house, dossier.charter, size))


def paper(_request: Seated, dossier: Dossier, item: Item) -> str:
    """The official document that anybody may read."""
    shown = _public(item)
    return _page(lambda: document.proof(item.address, shown.openings[0], dossier.charter))


def inner_paper(_request: Seated, dossier: Dossier, item: Item) -> str:
    """The official document for members alone."""
    return _page(lambda: document.proof(item.address, item.openings[0], dossier.charter))


def _public(item: Item) -> Item:
    (opening,) = item.openings
    return replace(item, openings=(replace(opening, audience=(PUBLIC,)),))


def _page(compose: Callable[[], bytes]) -> str:
    """The pages of a print below each other; or why there is none."""
    try:
        pictures, count = _drawn(compose())
    except Refused as refused:
        context = {"pictures": [], "count": 0, "obstacles": refused.obstacles}
    else:
        context = {"pictures": pictures, "count": count, "obstacles": []}
    return render_to_string("desk/paper_proof.html", context)


def _drawn(made: bytes) -> tuple[list[str], int]:
    """The first pages as pictures in the page itself, and how many there are."""
    import pypdfium2

    with closing(pypdfium2.PdfDocument(made)) as found:
        pictures = []
        for number in range(min(len(found), PAGES)):
            page = found[number]
            drawn = page.render(scale=WIDE / page.get_width()).to_pil()
            kept = io.BytesIO()
            drawn.save(kept, "WEBP", quality=70)
            pictures.append(f"data:image/webp;base64,{b64encode(kept.getvalue()).decode()}")
        return pictures, len(found)
