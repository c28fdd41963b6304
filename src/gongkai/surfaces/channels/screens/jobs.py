"""What the keeper does for displays: lay their files down as soon as anything they show changes."""

import logging
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

from django.utils import translation

from gongkai.foundation.core import clock
from gongkai.foundation.core.clock import civil_day
from gongkai.foundation.core.errors import Broken
from gongkai.foundation.organisations import queries as organisations
from gongkai.foundation.organisations.models import Organisation
from gongkai.surfaces.board import houses
from gongkai.surfaces.board.houses import House
from gongkai.surfaces.board.items import Item
from gongkai.surfaces.channels.screens import (
    files,
    programme,
    proving,
    queries,
    shell,
    vocabulary,
    workflow,
)
from gongkai.surfaces.channels.screens.content import Content
from gongkai.surfaces.channels.screens.models import Playlist, Screen, Urgent
from gongkai.surfaces.channels.screens.programme import Programme
from gongkai.surfaces.channels.screens.states import Layout

logger = logging.getLogger(__name__)

AT_LEAST = timedelta(minutes=10)
"""So often the files are worked out anew, whatever happened: pictures are drawn meanwhile."""

_done: dict[str, Any] = {}


def follow(now: datetime) -> None:
    """Lay the files down where something changed: a question a pass, and none without displays.

    *Repeats after a crash: the first pass of a process always looks.*
    """
    if not files.root().exists():
        return
    state = (files.root(), queries.state())
    if _done.get("state") == state and now < _done["due"]:
        return
    lay(now)
    _done["state"], _done["due"] = state, _next(now)


def forget(_closed: object) -> None:
    """Lay the files down without what was just closed, before its pages go: displays wait for no
    log entry and for no other step. For the keeper's removals.

    What cannot be done now is owed: the next pass that reaches :func:`follow` looks again, and
    keeps nobody's page standing meanwhile.
    """
    _done.pop("state", None)
    try:
        follow(clock.now())
    except Broken:
        raise
    except Exception:
        logger.exception("files of displays still show what was closed")


def upkeep(now: datetime) -> None:
    """What is due now and then: a new home gets its folder, old totals go, and publication is told
    of what came down.
    """
    if not files.root().exists() and queries.hung().exists():
        files.prepare()
    workflow.sweep(now)
    if "shown" in _done:  # files were laid down by this process
        proving.taken_down(now, _done["shown"])


def lay(now: datetime) -> int:
    """Work out what every display shows, and lay it down; how many files were written."""
    with translation.override("zh-hans"):  # a hall reads what was written
        return _lay(now)


def _lay(now: datetime) -> int:
    town, by_body = houses.town(), _by_body()
    urgents = {each.organisation_id: each for each in queries.urgents(now)}
    everywhere = organisations.installation()
    words: dict[str, dict[str, Any]] = {}
    named: dict[str, bytes] = {}
    contents: list[Content] = []
    for body, screens in by_body.items():
        house = town.house(body.slug)
        found, programmes = _programmes(house, screens, now)
        for made in programmes.values():
            named[made.name] = made.data
            contents += made.contents
        spelt = _vocabulary(house, screens, found, programmes.values())
        named |= spelt
        urgent = urgents.get(body.pk) or urgents.get(everywhere.pk if everywhere else 0)
        told = _interruption(urgent, town.house(urgent.organisation.slug), now) if urgent else None
        if told:
            contents.append(told[1])
        for screen in screens:
            words[screen.code] = {
                "place": screen.place,
                "layout": screen.layout,
                "programme": programmes[_key(screen)].name,
                "words": next(iter(spelt), "") if screen.layout == Layout.KIOSK else "",
                "program": shell.version(),
                "urgent": told[0] if told else None,
            }
    written = files.lay_down(words, named.items(), contents)
    _done["shown"] = {each.digest for each in contents}
    return written


def _by_body() -> dict[Organisation, list[Screen]]:
    found: dict[Organisation, list[Screen]] = {}
    for screen in queries.hung().prefetch_related("playlists"):
        found.setdefault(screen.organisation, []).append(screen)
    return found


def _programmes(
    house: House, screens: Iterable[Screen], now: datetime
) -> tuple[dict[str, Item], dict[tuple[int, ...], Programme]]:
    """What may be shown, and a programme for each different set of playlists of a display."""
    sets = {_key(screen): _playlists(screen) for screen in screens}
    extra = {
        address
        for playlists in sets.values()
        for playlist in playlists
        for address in (*playlist.pinned, *playlist.picked)
    }
    found = programme.candidates(house, extra)
    made = {
        key: programme.programme(house, playlists, found, now) for key, playlists in sets.items()
    }
    return found, made


def _vocabulary(
    house: House,
    screens: Iterable[Screen],
    found: Mapping[str, Item],
    programmes: Iterable[Programme],
) -> dict[str, bytes]:
    """The words of what may be on a display now, by the file's name; nothing without keys to write
    them by.
    """
    if not any(screen.layout == Layout.KIOSK for screen in screens):
        return {}
    titles = [each.current.edition.title for each in found.values() if each.current]
    contents = {each.name: each for made in programmes for each in made.contents}
    return dict([vocabulary.vocabulary(house.charter, titles, contents.values())])


def _playlists(screen: Screen) -> list[Playlist]:
    return sorted(screen.playlists.all(), key=lambda each: each.name)


def _key(screen: Screen) -> tuple[int, ...]:
    return tuple(each.pk for each in _playlists(screen))


def _interruption(
    urgent: Urgent, house: House, now: datetime
) -> tuple[dict[str, Any], Content] | None:
    made = programme.urgent_entry(house, urgent.address, now)
    if made is None:
        return None  # withdrawn meanwhile: the displays go on with their programme
    told, content = made
    return {**told, "until": clock.stamp(urgent.until)}, content


def _next(now: datetime) -> datetime:
    """When the files say something else though nothing happens."""
    ends = [each.until for each in queries.urgents(now)]
    zones = {house.zone for house in houses.town().houses.values()}
    midnights = [clock.end_of(civil_day(now, zone), zone) for zone in zones]
    return min([now + AT_LEAST, *ends, *midnights])
