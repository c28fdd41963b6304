"""Finding an item by what somebody holds of it 查找: a number, a text, an attachment.

There is no search in this, only addresses that can be computed: what is held is put into one
spelling and hashed, and ``/verify/find/<2>/<14 hexadecimal digits>.json`` lists the items found
under that. Each key is a list of the board like any other (``k:<16 digits>``, see ``shelves``), so
a file is a function of the records, an opening writes only those of its own keys, and they go with
their item at once. ``static/board/prove.js`` spells in the same way.
"""

import json
import re
import unicodedata
from collections.abc import Collection, Iterator, Mapping
from html.parser import HTMLParser

from gongkai.foundation.core import canonical
from gongkai.foundation.ledger.models import PublicRecord
from gongkai.surfaces.board import addresses, items, queries, shelves
from gongkai.surfaces.board.items import Item, Opening
from gongkai.surfaces.board.site import Site

SHORTEST = 20
"""Characters of a text that is found by itself: “见附件” stands in a thousand items."""
DIGITS = 16
"""Hexadecimal digits of a digest that are enough to look up: 64 bits."""

# Named one by one, since Python's and the browser's \s are not the same.
_BLANK = re.compile("[\\s\x85\u180e\u200b-\u200f\u2060\ufeff\u00ad]+")
_DASH = re.compile("[\u2010-\u2015\u2212\u30fc\uff0d]")


def render(site: Site, found: Mapping[str, Item], subjects: Collection[str]) -> None:
    """The files of all keys under which ``subjects`` ever stood, as it is now.

    ``found`` are those of them that can be read. A key that no item has any more loses its file.
    """
    holders = queries.holders(queries.held_by(subjects))
    others = {each for names in holders.values() for each in names} - set(subjects)
    known = {**found, **queries.items_of(others, items.LISTED)}
    keys = {address: keys_of(item) for address, item in known.items()}
    for name, standing in sorted(holders.items()):
        path = addresses.finding(code_of(name))[1:]
        mine = sorted(each for each in standing if code_of(name) in keys.get(each, ()))
        if mine:
            site.write(path, canonical.encode(mine))
        else:
            site.delete(path)


def keys_of(item: Item) -> set[str]:
    """The keys under which ``item`` is found: by its numbers, and by each open edition.

    Of a withdrawn or erased item only the number that its tombstone shows is left.
    """
    if item.gone:
        return {key_of_number(item.gone.number)} if item.gone.number else set()
    return {key for opening in item.openings for key in _keys_of_opening(opening)}


def keys_in(record: PublicRecord) -> set[str]:
    """The keys that a record of an opening, a withdrawal or an erasure brings with it."""
    try:
        if record.kind == items.RELEASE:
            return set(_keys_of_opening(items.opening(record)))
        number = str(json.loads(record.body).get("number", ""))
        return {key_of_number(number)} if number else set()
    except (LookupError, TypeError, ValueError):
        return set()  # destroyed, or not to be understood: reported where its page is made


def key_of(digest: str) -> str:
    """The key that a digest gives."""
    return digest[:DIGITS]


def key_of_number(number: str) -> str:
    """The key of a number in one spelling: capitals, plain dashes, no blanks."""
    wide = unicodedata.normalize("NFKC", number).upper()
    return key_of(canonical.digest(_DASH.sub("-", _BLANK.sub("", wide)).encode()))


def key_of_text(text: str) -> str:
    """The key of a text from which :func:`text_of` has taken the blanks."""
    return key_of(canonical.digest(text.encode()))


def text_of(body: str) -> str:
    """The words of a sealed body without any blank, as somebody copies them from a page."""
    words = _Words()
    words.feed(body)
    words.close()
    return _BLANK.sub("", "".join(words.found))


def code_of(shelf: str) -> str:
    """The key whose list ``shelf`` is."""
    return shelf.removeprefix(shelves.name(shelves.HELD, "") + ":")


def _keys_of_opening(opening: Opening) -> Iterator[str]:
    edition = opening.edition
    for number in (opening.number, edition.document_number):
        if number:
            yield key_of_number(number)
    text = text_of(edition.body)
    if len(text) >= SHORTEST:
        yield key_of_text(text)
    for file in edition.attachments:
        yield key_of(file.digest)


class _Words(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_data(self, data: str) -> None:
        self.found.append(data)
