"""The page of an item, with its earlier versions and files; or its tombstone."""

import logging
from typing import Any

from django.conf import settings

from gongkai.foundation.core import canonical, clock
from gongkai.foundation.files import storage
from gongkai.surfaces.board import addresses, items
from gongkai.surfaces.board.items import Gone, Item, Opening
from gongkai.surfaces.board.pages import look, metadata, reader
from gongkai.surfaces.board.press import Press

logger = logging.getLogger(__name__)


def page(press: Press, item: Item) -> None:
    """The page of an item with its earlier versions and files, or its tombstone.

    An item that has just been closed has no page until its tombstone lies in the log.
    """
    _stand(press, item)
    if item.current:
        _openings(press, item)
    elif item.gone:
        house = press.town.house(item.organisation)
        press.pages(
            addresses.item(item.address),
            "gone",
            house,
            lambda root: look.common_values(item, house, root),
            _category_key(item),
        )
        _tombstone_files(press, item, item.gone)
    _drop_closed(press, item)


def _stand(press: Press, item: Item) -> None:
    """How the item stands, for programs; nothing while its tombstone waits for the log."""
    current, gone = item.current, item.gone
    path = addresses.stand(item.address)[1:]
    if not (current or gone):
        press.site.delete(path)
        return
    facts: dict[str, Any] = {
        "address": item.address,
        "page": f"{settings.BOARD_URL}{addresses.item(item.address)}",
    }
    if current:
        facts |= {
            "current": current.version,
            "number": current.number,
            "state": "open",
            "versions": [each.version for each in item.openings],
        }
    elif gone:
        facts |= {"number": gone.number, "state": "erased" if gone.erased else "withdrawn"}
    press.site.write(path, canonical.encode(facts))


def _openings(press: Press, item: Item) -> None:
    for before, opening in zip((None, *item.openings), item.openings, strict=False):
        _opening(press, item, opening, before)
        _sealed_files(press, item, opening)


def _opening(press: Press, item: Item, opening: Opening, before: Opening | None) -> None:
    house = press.town.house(item.organisation)
    version = None if opening is item.current else opening.version
    shown = look.look(item, opening, before)
    told = metadata.document(item, opening)
    press.moulded(
        addresses.item(item.address, version),
        "item",
        house,
        shown if shown.common else None,
        lambda root: look.values(shown, house, root),
        lambda: {**look.gaps(item, opening, house), "metadata": told},
        _category_key(item),
    )


def _sealed_files(press: Press, item: Item, opening: Opening) -> None:
    """The bytes behind the page: the edition, what the log entry is made from, attachments."""
    sealed = addresses.sealed(item.address, opening.version)[1:]
    press.site.write(sealed, opening.edition.source)
    log = addresses.opened(item.address, opening.version)[1:]
    press.site.write(log, canonical.encode(log_facts(item, opening)))
    for file in opening.edition.attachments:
        _attachment(press, addresses.attachment(item.address, file)[1:], file.digest)


def _tombstone_files(press: Press, item: Item, gone: Gone) -> None:
    """The bytes behind a tombstone: the record, and what its log entry is made from."""
    press.site.write(addresses.tombstone(item.address)[1:], gone.source)
    facts = canonical.encode(_facts(item, gone, gone.kind, canonical.digest(gone.source.encode())))
    press.site.write(addresses.taken_back(item.address)[1:], facts)


def _attachment(press: Press, path: str, digest: str) -> None:
    """A downloadable file; one that is lost is reported, and the page stands without it."""
    try:
        press.site.link(path, storage.path(digest))
    except FileNotFoundError:
        logger.error("the file %s of %s is missing from the store", digest, path)


def _drop_closed(press: Press, item: Item) -> None:
    """Take away what stood here for openings that are no longer open."""
    current = item.current
    versions = item.openings if current else ()
    kept = {f"i/{item.address}/v{each.version}.html" for each in versions if each is not current}
    if item.gone:
        kept |= {addresses.tombstone(item.address)[1:], addresses.taken_back(item.address)[1:]}
    for each in versions:
        kept.add(addresses.sealed(item.address, each.version)[1:])
        kept.add(addresses.opened(item.address, each.version)[1:])
        kept |= {addresses.attachment(item.address, file)[1:] for file in each.edition.attachments}
    readers = {addresses.reader(item.address, digest)[1:] for digest in reader.files(item)}
    kept |= {f"{each}.html" for each in readers}
    kept |= {f"en/{path}" for path in kept if path.endswith(".html")}
    for folder in (f"i/{item.address}", f"en/i/{item.address}", f"files/{item.address}"):
        for path in press.site.under(folder):
            if path not in kept and path.removeprefix("en/").rpartition("/")[0] not in readers:
                press.site.drop(path)
    if not current and not item.gone:
        for _language, root in addresses.LANGUAGES:
            press.site.delete(f"{root}/i/{item.address}.html"[1:])


def _category_key(item: Item) -> str:
    return f"c:{items.filed_under(item)[0]}"


def log_facts(item: Item, opening: Opening) -> dict[str, Any]:
    """All that the log entry of an opening is made from, so that anyone can make it again."""
    return _facts(item, opening, items.RELEASE, opening.edition.digest)


def _facts(item: Item, record: Opening | Gone, kind: str, digest: str) -> dict[str, Any]:
    return {
        "audience": list(record.audience),
        "digest": digest,
        "index": record.seq,
        "kind": kind,
        "organisation": item.organisation,
        "salt": record.salt,
        "subject": item.address,
        "time": clock.stamp(record.recorded_at),
        "version": record.version,
    }
