"""Feeds 订阅源: the newest of a list, for programs that look by themselves (Atom and JSON Feed).

A feed holds titles and the first sentence, never a whole text: what is taken back must not live on
in every reader's programs. It is in Chinese, as the documents are, and leads to pages that have
both languages. What it says follows from the list's newest places alone, so a publication renders
those of its own lists and no other.
"""

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit
from xml.sax.saxutils import escape, quoteattr

from django.conf import settings

from gongkai.foundation.core import clock
from gongkai.foundation.ui.spoken import gettext as _
from gongkai.foundation.ui.spoken import speaking
from gongkai.surfaces.board import addresses, excerpt, items, shelves
from gongkai.surfaces.board.houses import House, Town
from gongkai.surfaces.board.items import Item
from gongkai.surfaces.board.press import Press

NEWEST = shelves.PAGE
"""Entries of a feed: as many as a page of a list has."""

_UNFIT = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What XML cannot hold, not even escaped."""


@dataclass(frozen=True)
class Feed:
    """What a feed says of itself (订阅源): the folder of its files, the page it stands for."""

    folder: str
    page: str
    title: str
    house: House
    named: bool
    since: datetime | None


@dataclass(frozen=True)
class Told:
    """An entry of a feed: one thing, as it is now."""

    id: str
    href: str
    title: str
    summary: str
    category: str
    author: str
    published: datetime
    updated: datetime


def of_list(press: Press, name: str, found: Sequence[Item]) -> None:
    """The two files of a list's feed; ``found`` are its newest items, newest first."""
    house = addresses.house(press.town, name)
    page = addresses.shelf(press.town, name)
    with speaking("zh-hans"):
        title = _title(house, name)
        _write(press, Feed(page, page, title, house, name == shelves.ALL, since(house)), found)


def of_house(press: Press, house: House, found: Sequence[Item]) -> None:
    """The two files of an organisation's feed: what is new, corrected, taken back."""
    with speaking("zh-hans"):
        title = _("%(name)s公开栏") % {"name": house.name}
        page = f"{house.root}/"
        _write(press, Feed(house.root, page, title, house, False, since(house)), found)


def entry_id(town: Town, item: Item) -> str:
    """A name for the item that outlives every move of the board to another host (RFC 4151)."""
    house = town.house(item.organisation)
    return name_of(addresses.item(item.address), item.opened_at, house)


def name_of(page: str, at: datetime, house: House) -> str:
    """The same for whatever has its page at this address since that time."""
    authority = urlsplit(f"//{settings.LOG_ORIGIN}").hostname or "gongkai.invalid"
    return f"tag:{authority},{clock.civil_day(at, house.zone).isoformat()}:{page[1:]}"


def href(page: str) -> str:
    """Where an entry leads."""
    return f"{settings.BOARD_URL}{page}"


def fit(text: str) -> str:
    """``text`` without what XML cannot hold."""
    return _UNFIT.sub("", text)


def since(house: House) -> datetime | None:
    """When the organisation began to publish: what an empty feed is dated by."""
    return house.issues[0].at if house.issues else None


def _title(house: House, name: str) -> str:
    family, _sep, rest = name.partition(":")
    code = rest.partition(":")[2]
    match family:
        case shelves.CATEGORY if code in house.categories:
            own = house.categories[code].name
        case shelves.ENTRY if code in house.entries:
            own = house.entries[code].title
        case shelves.ALL:
            return _("全部公开")
        case _:
            own = code
    return f"{own} - {house.name}"


def _write(press: Press, feed: Feed, found: Sequence[Item]) -> None:
    write(press, feed, [each for item in found if (each := _told(press, item))])


def write(press: Press, feed: Feed, told: Sequence[Told]) -> None:
    """The two files of a feed of these entries."""
    updated = max((each.updated for each in told), default=feed.since)
    press.site.write(f"{feed.folder}/feed.atom"[1:], "\n".join(_atom(feed, told, updated)))
    press.site.write(f"{feed.folder}/feed.json"[1:], _json(feed, told))


def _told(press: Press, item: Item) -> Told | None:
    """The item as an entry; None while it has been closed and its tombstone waits for the log."""
    key = ("told", item.address)
    if key not in press.kept:
        press.kept[key] = _new(press.town, item)
    told: Told | None = press.kept[key]
    return told


def _new(town: Town, item: Item) -> Told | None:
    house = town.house(item.organisation)
    category, _box, _entry, number = items.filed_under(item)
    named = house.categories.get(category)
    if gone := item.gone:
        title = (
            _("内容已经清除") if gone.erased else _("已经撤回：%(title)s") % {"title": gone.title}
        )
        summary, updated = "" if gone.erased else gone.reason, gone.at
    elif current := item.current:
        title = current.edition.title.strip() or number or item.address
        summary, updated = current.note or excerpt.lead(current.edition.body), current.at
        title = _("更正：%(title)s") % {"title": title} if item.corrected else title
    else:
        return None
    return Told(
        id=entry_id(town, item),
        href=href(addresses.item(item.address)),
        title=fit(title),
        summary=fit(summary),
        category=named.name if named else "",
        author=house.name,
        published=item.opened_at,
        updated=max(updated, item.opened_at),
    )


def _atom(feed: Feed, told: Sequence[Told], updated: datetime | None) -> Iterator[str]:
    at = f"{settings.BOARD_URL}{feed.folder}/feed.atom"
    yield '<?xml version="1.0" encoding="utf-8"?>'
    yield '<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="zh-CN">'
    yield f"<id>{escape(at)}</id>"
    yield f"<title>{escape(feed.title)}</title>"
    if updated:
        yield f"<updated>{clock.stamp(updated)}</updated>"
    yield f'<link rel="self" type="application/atom+xml" href={quoteattr(at)}/>'
    page = quoteattr(f"{settings.BOARD_URL}{feed.page}")
    yield f'<link rel="alternate" type="text/html" href={page}/>'
    yield f"<author><name>{escape(feed.house.name)}</name></author>"
    for each in told:
        yield from _atom_entry(feed, each)
    yield "</feed>\n"


def _atom_entry(feed: Feed, each: Told) -> Iterator[str]:
    yield "<entry>"
    yield f"<id>{escape(each.id)}</id>"
    yield f"<title>{escape(each.title)}</title>"
    yield f"<published>{clock.stamp(each.published)}</published>"
    yield f"<updated>{clock.stamp(each.updated)}</updated>"
    yield f'<link rel="alternate" type="text/html" href={quoteattr(each.href)}/>'
    if each.category:
        yield f"<category term={quoteattr(each.category)}/>"
    if feed.named:
        yield f"<author><name>{escape(each.author)}</name></author>"
    yield f"<summary>{escape(each.summary)}</summary>"
    yield "</entry>"


def _json(feed: Feed, told: Sequence[Told]) -> str:
    """JSON Feed 1.1."""
    data = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": feed.title,
        "home_page_url": f"{settings.BOARD_URL}{feed.page}",
        "feed_url": f"{settings.BOARD_URL}{feed.folder}/feed.json",
        "language": "zh-CN",
        "authors": [{"name": feed.house.name}],
        "items": [_json_item(feed, each) for each in told],
    }
    return json.dumps(data, ensure_ascii=False) + "\n"


def _json_item(feed: Feed, each: Told) -> dict[str, object]:
    return {
        "id": each.id,
        "url": each.href,
        "title": each.title,
        "content_text": each.summary or each.title,
        "date_published": clock.stamp(each.published),
        "date_modified": clock.stamp(each.updated),
        **({"tags": [each.category]} if each.category else {}),
        **({"authors": [{"name": each.author}]} if feed.named else {}),
    }
