"""The wall's feeds 互动反馈栏的订阅源: what was newly brought there, answered, taken down.

An entry holds how a voice stands and its first sentence, and the first of its answer; of one that
was taken down, the reason alone. Numbers and names stand in none.
"""

from collections.abc import Sequence

from gongkai.foundation.ui import marks
from gongkai.foundation.ui.spoken import gettext as _
from gongkai.foundation.ui.spoken import speaking
from gongkai.surfaces.board import addresses, excerpt, shelves
from gongkai.surfaces.board.hearing import News
from gongkai.surfaces.board.houses import House
from gongkai.surfaces.board.pages import feeds, wall
from gongkai.surfaces.board.pages.answers import reasoned, sort
from gongkai.surfaces.board.pages.feeds import Feed, Told
from gongkai.surfaces.board.press import Press
from gongkai.surfaces.board.wall import Voice


def write(press: Press, name: str, found: Sequence[News]) -> None:
    """The two files of the feed of a wall, or of a department's part of it; newest first."""
    house, page = addresses.house(press.town, name), addresses.shelf(press.town, name)
    with speaking("zh-hans"):
        feed = Feed(page, page, _title(house, name), house, False, feeds.since(house))
        feeds.write(press, feed, [_told(press, each, house) for each in found])


def _title(house: House, name: str) -> str:
    family, _sep, rest = name.partition(":")
    if family == shelves.WALL:
        return _("%(name)s互动反馈栏") % {"name": house.name}
    named = {"unit": wall.unit(rest.partition(":")[2], house).striptags(), "name": house.name}
    return _("%(unit)s收到的意见 - %(name)s") % named


def _told(press: Press, news: News, house: House) -> Told:
    voice = news.voice
    state, _badge = wall.state(voice)
    title = _("%(state)s：%(text)s") % {"state": state, "text": voice.title}
    return Told(
        id=feeds.name_of(addresses.voice(voice.address), voice.received_at or news.at, house),
        href=feeds.href(addresses.voice(voice.address)),
        title=feeds.fit(title if voice.text else state),
        summary=feeds.fit(_summary(voice)),
        category=sort(voice.kind, voice.ground),
        author=house.name,
        published=voice.received_at or news.at,
        updated=news.at,
    )


def _summary(voice: Voice) -> str:
    """What became of it, or by when it is to be answered; of one taken down, why."""
    if voice.down:
        return reasoned(voice.noted.reason, voice.noted.why).striptags() if voice.noted else ""
    if voice.replies:
        return excerpt.short(voice.replies[-1].text)
    if voice.open and voice.promised_on:
        return _("答应%(day)s以前答复。") % {"day": marks.day(voice.promised_on)}
    return ""
