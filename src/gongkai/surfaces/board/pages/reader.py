"""The pages on which an attachment is read: ten of its own to each, with their pictures and text.

They stand as long as the file is open to the public with some edition of the item, and go with it.
While the worker has not finished there is one page that says so; what it has finished changes
nothing any more, so rendering again writes nothing.
"""

import logging
from collections.abc import Mapping
from functools import partial
from typing import Any

from gongkai.foundation.files.pages.store import Head, Rendition
from gongkai.foundation.ui.parts import Link
from gongkai.surfaces.board import addresses, items, reading, words
from gongkai.surfaces.board.houses import House
from gongkai.surfaces.board.items import Attachment, Item
from gongkai.surfaces.board.pages import look
from gongkai.surfaces.board.press import Press
from gongkai.surfaces.board.reading import Places

logger = logging.getLogger(__name__)


def files(item: Item) -> Mapping[str, Attachment]:
    """The attachments that may be read now, by digest; named as the newest edition names them."""
    openings = item.openings if item.current else ()
    return {file.digest: file for opening in openings for file in opening.edition.attachments}


def pages(press: Press, item: Item) -> None:
    """All pages of all attachments of an item, and away with what stood there besides."""
    for file in files(item).values():
        _attachment(press, item, file)


def _attachment(press: Press, item: Item, file: Attachment) -> None:
    made, house = Rendition(file.digest), press.town.house(item.organisation)
    head = made.head()
    for number in range(1, reading.parts(head) + 1):
        _part(press, item, file, made, head, number, house)
    if head and not head.trouble:
        text = addresses.reader_text(item.address, file.digest)[1:]
        press.site.write(text, made.text.read_bytes())
    _drop_others(press, item, file)


def _part(
    press: Press,
    item: Item,
    file: Attachment,
    made: Rendition,
    head: Head | None,
    number: int,
    house: House,
) -> None:
    shown: set[str] = set()

    def values(root: str) -> dict[str, Any]:
        view = reading.view(made, head, number, places(root, item, file))
        shown.update(reading.pictures(view))
        return {
            "view": view,
            "body": reading.drawn(view),
            "file": file,
            "number": number,
            "item_href": f"{root}{addresses.item(item.address)}",
            **_around(item, house, root),
        }

    category = items.filed_under(item)[0]
    address = addresses.reader(item.address, file.digest, number)
    press.pages(address, "reader", house, values, f"c:{category}")
    for digest in sorted(shown):
        _picture(press, item, file, made, digest)


def _around(item: Item, house: House, root: str) -> dict[str, Any]:
    current = item.current
    assert current, "only what is open has attachments"
    category, box, _entry, number = items.filed_under(item)
    title = words.title(current.edition.title)
    way = look.crumbs(category, box, house, root)
    return {
        "house": house,
        "crumbs": [*way, Link(title, f"{root}{addresses.item(item.address)}")],
        "headed": current.edition.document_number or number or item.address,
        "title": title,
        "by": current.edition.organisation_name,
    }


def places(root: str, item: Item, file: Attachment) -> Places:
    """Where the board shows an attachment."""
    return Places(
        part=lambda number: f"{root}{addresses.reader(item.address, file.digest, number)}",
        picture=partial(addresses.reader_picture, item.address, file.digest),
        text=addresses.reader_text(item.address, file.digest),
        original=addresses.attachment(item.address, file),
    )


def _picture(press: Press, item: Item, file: Attachment, made: Rendition, digest: str) -> None:
    path = addresses.reader_picture(item.address, file.digest, digest)[1:]
    try:
        press.site.link(path, made.picture(digest))
    except FileNotFoundError:
        logger.error("a picture of the file %s is missing from the store", file.digest)


def _drop_others(press: Press, item: Item, file: Attachment) -> None:
    """Take away parts and pictures that this file no longer has, once it was made anew."""
    folder = addresses.reader(item.address, file.digest)[1:]
    for _language, root in addresses.LANGUAGES:
        for path in press.site.under(f"{root}/{folder}"[1:] if root else folder):
            if path not in press.site.written:
                press.site.drop(path)
