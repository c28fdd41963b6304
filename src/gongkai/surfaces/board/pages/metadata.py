"""What machines that read a page are told of it: schema.org as JSON-LD.

A block of data is not a program: the strict policy against inline scripts does not concern it.
It is made once for both languages, in the words of the document.
"""

import json
from typing import Any

from django.conf import settings
from markupsafe import Markup

from gongkai.foundation.core import clock
from gongkai.surfaces.board import addresses
from gongkai.surfaces.board.houses import House
from gongkai.surfaces.board.items import Item, Opening

_UNSAFE = {ord("<"): "\\u003c", ord(">"): "\\u003e", ord("&"): "\\u0026"}


def document(item: Item, opening: Opening) -> Markup:
    """An item's opening as a ``DigitalDocument``, dated and numbered, with who published it."""
    edition = opening.edition
    version = None if opening is item.current else opening.version
    return _block(
        {
            "@type": "DigitalDocument",
            "@id": f"{settings.BOARD_URL}{addresses.item(item.address, version)}",
            "name": edition.title.strip(),
            "identifier": edition.document_number or opening.number,
            "version": edition.number,
            "inLanguage": "zh-CN",
            "datePublished": clock.stamp(item.opened_at),
            "dateModified": clock.stamp(opening.at),
            "isAccessibleForFree": True,
            "publisher": {"@type": "Organization", "name": edition.organisation_name},
        }
    )


def organisation(house: House) -> Markup:
    """An organisation with its address and telephones, as its charter gives them."""
    facts: dict[str, Any] = {
        "@type": "Organization",
        "name": house.name,
        "url": f"{settings.BOARD_URL}{house.root}/",
    }
    if house.name_en:
        facts["alternateName"] = house.name_en
    if house.charter:
        own = house.charter.organisation
        facts["telephone"] = [line.number for line in own.telephones]
        if own.address:
            facts["address"] = own.address
    return _block(facts)


def _block(facts: dict[str, Any]) -> Markup:
    """The data as an element; nothing in it can end the element."""
    text = json.dumps({"@context": "https://schema.org", **facts}, ensure_ascii=False)
    return Markup(f'<script type="application/ld+json">{text.translate(_UNSAFE)}</script>')
