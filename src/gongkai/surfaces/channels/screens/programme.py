"""What displays of an organisation show, worked out from public records and playlists alone.

A programme is the same bytes for the same records, playlists and civil day. Whoever asks for it
gets what anybody may read: :func:`gongkai.surfaces.board.queries.items_of` asks the one audience
policy, and nothing here reads a record in another way.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from hashlib import sha256
from json import loads
from typing import Any

from django.conf import settings
from markupsafe import Markup

from gongkai.foundation.core import canonical, clock
from gongkai.foundation.core.clock import civil_day
from gongkai.foundation.ui import marks
from gongkai.procedure.catalogue.charter import Charter
from gongkai.procedure.catalogue.periods import NOTICE, Period
from gongkai.procedure.feedback.states import Ground
from gongkai.surfaces.board import gathering, items, queries, shelves
from gongkai.surfaces.board.houses import House
from gongkai.surfaces.board.items import Item
from gongkai.surfaces.channels.screens.content import Content, content
from gongkai.surfaces.channels.screens.models import Playlist

CHANNEL = "screen"
"""The charter's channel that means displays; postings know it by this key."""
FORMAT = "gongkai-screen-programme/1"
TICKER = 12
"""Lines of the ticker: more are not read by anybody who passes."""
LONG = timedelta(days=366)
"""How long what was chosen by hand may stay: until somebody takes it off, or it is withdrawn."""


@dataclass(frozen=True)
class Shown:
    """An item that may be on a display today, and until when (上屏件).

    ``until`` is the end of its last day; none for what was chosen by hand.
    """

    item: Item
    period: Period | None
    until: datetime

    @property
    def inviting(self) -> bool:
        """Whether comments on it are invited."""
        return self.period is not None


@dataclass(frozen=True)
class Programme:
    """What some playlists show together (节目): bytes named by their digest, and the contents."""

    name: str
    data: bytes
    contents: Sequence[Content]


def has_channel(charter: Charter | None) -> bool:
    """Whether the charter knows displays at all."""
    return charter is not None and any(each.key == CHANNEL for each in charter.channels)


def candidates(house: House, extra: Iterable[str] = ()) -> dict[str, Item]:
    """What may be on a display: of the newest in each box, of all that invites comments and of the
    ``extra`` addresses what is open and names the channel. The same few queries for any board.
    """
    if not has_channel(house.charter):
        return {}
    names = [house.shelf(shelves.BOX, key) for key in house.boxes]
    newest = queries.newest_of([*names, house.shelf(shelves.COMMENT)])
    subjects = {place.subject for places in newest.values() for place in places}
    found = queries.items_of(sorted(subjects | set(extra)), (*items.LISTED, items.EMERGENCY))
    return {
        address: item
        for address, item in found.items()
        if showable(item) and item.organisation == house.slug
    }


def showable(item: Item | None) -> bool:
    """Whether the item is open to the public now and its edition names the channel."""
    if item is None or item.current is None:
        return False
    return CHANNEL in loads(item.current.edition.source).get("channels", ())


def chosen(house: House, playlist: Playlist, found: Mapping[str, Item], today: date) -> list[Shown]:
    """What the playlist shows on a day, in its order."""
    by_hand = [*playlist.pinned, *playlist.picked]
    first = [_shown(house, found[each], today, None) for each in by_hand if each in found]
    if playlist.by_hand:
        return first
    rest = [
        shown
        for address, item in found.items()
        if address not in by_hand
        and _category(item, playlist)
        and (shown := _shown(house, item, today, playlist.days)).until > _begin(house, today)
    ]
    rest.sort(key=lambda each: (-each.item.opened_at.timestamp(), each.item.address))
    rest.sort(key=lambda each: each.until.timestamp() if each.inviting else float("inf"))
    pinned = first[: sum(each in found for each in playlist.pinned)]
    picked = first[len(pinned) :]
    return [*pinned, *picked, *rest][: max(playlist.most, len(first))]


def programme(
    house: House, playlists: Sequence[Playlist], found: Mapping[str, Item], now: datetime
) -> Programme:
    """What these playlists show together, each in its hours."""
    today = civil_day(now, house.zone)
    contents: dict[str, Content] = {}
    entries: dict[str, dict[str, Any]] = {}
    parts = []
    for playlist in playlists:
        listed = chosen(house, playlist, found, today)
        for each in listed:
            if each.item.address not in entries:
                made = _content(each, house)
                contents[made.name] = made
                entries[each.item.address] = entry(each, made, house, today)
        parts.append(
            {
                "weekdays": playlist.weekdays,
                "begins": playlist.begins,
                "ends": playlist.ends,
                "keep": playlist.keep_hours * 3600,
                "items": [
                    {"address": each.item.address, "until": clock.stamp(each.until)}
                    for each in listed
                ],
                "ticker": ticker(house, playlist, found, listed, today),
            }
        )
    told = {"format": FORMAT, "parts": parts, "entries": list(entries.values()), **around(house)}
    data = canonical.encode(told)
    return Programme(f"{sha256(data).hexdigest()}.json", data, list(contents.values()))


def entry(shown: Shown, made: Content, house: House, today: date) -> dict[str, Any]:
    """How a programme names one item: what lists of it need, and the name of its content."""
    opening = shown.item.current
    assert opening is not None, "what is shown is open"
    category = house.categories.get(opening.edition.category)
    return {
        "address": shown.item.address,
        "digest": opening.edition.digest,
        "content": made.name,
        "title": loads(made.data)["title"],
        "category": category.name if category else "",
        "number": opening.number,
        "document": opening.edition.document_number,
        "period": _invited(shown, today),
    }


def urgent_entry(
    house: House, address: str, now: datetime
) -> tuple[dict[str, Any], Content] | None:
    """An item for an interruption; None once it is no longer open or names the channel no more."""
    item = queries.items_of([address], (*items.LISTED, items.EMERGENCY)).get(address)
    if item is None or not showable(item):
        return None
    today = civil_day(now, house.zone)
    shown = _shown(house, item, today, None)
    made = _content(shown, house)
    return entry(shown, made, house, today), made


def ticker(
    house: House,
    playlist: Playlist,
    found: Mapping[str, Item],
    listed: Sequence[Shown],
    today: date,
) -> list[str]:
    """The lines that run along the foot: titles of published slogans, then what invites comments.

    Both are words of public records; the carrier adds the last day alone.
    """
    slogans = [
        item.current.edition.title.strip()
        for item in sorted(found.values(), key=lambda each: each.opened_at, reverse=True)
        if item.current and item.current.edition.entry in playlist.slogans
    ]
    inviting = [
        f"{each.item.current.edition.title.strip()}：{_invited(each, today)}"
        for each in listed
        if each.inviting and each.item.current
    ]
    return [*slogans, *inviting][:TICKER]


def around(house: House) -> dict[str, Any]:
    """What stands around the items: names and telephones, from the published charter."""
    charter = house.charter
    own = charter.organisation if charter else None
    return {
        "organisation": house.name,
        "matter": own.matter if own else "",
        "zone": house.zone,
        "notice": "演示：机构和内容都是虚构的。" if settings.DEMONSTRATION else "",
        "telephones": [
            {"name": each.name, "number": each.number, "hours": each.hours}
            for each in (own.telephones if own else ())
        ],
        "grounds": grounds(),
    }


def grounds() -> list[dict[str, str]]:
    """What somebody at a touch screen may say of an item without writing: a problem's grounds."""
    return [{"key": key, "label": str(label)} for key, label in Ground.choices]


def _shown(house: House, item: Item, today: date, days: int | None) -> Shown:
    period = gathering.period_of(house, item)
    running = period if period and not period.over(today) else None
    if running:
        last = running.last
    elif days is None:
        last = today + LONG
    else:
        last = civil_day(item.opened_at, house.zone) + timedelta(days=days - 1)
    return Shown(item, running, clock.end_of(last, house.zone))


def _content(shown: Shown, house: House) -> Content:
    opening = shown.item.current
    assert opening is not None, "what is shown is open"
    return content(shown.item, opening, house)


def _category(item: Item, playlist: Playlist) -> bool:
    category, _box, entry_code, _number = items.filed_under(item)
    if entry_code in playlist.slogans:
        return False  # it runs in the ticker
    return not playlist.categories or category in playlist.categories


def _begin(house: House, today: date) -> datetime:
    return clock.start_of(today, house.zone)


def _invited(shown: Shown, today: date) -> str:
    """Until when comments are invited, with the countdown; nothing for anything else."""
    if shown.period is None or shown.item.current is None:
        return ""
    notice = shown.item.current.edition.kind == NOTICE
    name = "公示" if notice else "征求意见"
    left = Markup(marks.due(shown.period.last, today)).striptags()
    last = shown.period.last
    return f"{name}到{marks.day(last, year=last.year != today.year)}，{left}"
