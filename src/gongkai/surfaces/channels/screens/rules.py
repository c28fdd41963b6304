"""Who may pair, arrange and interrupt displays, and how much one of them may tell."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from gongkai.foundation.core import clock
from gongkai.foundation.organisations.queries import Officer
from gongkai.foundation.organisations.states import Right
from gongkai.surfaces.channels.screens.models import Pairing, Playlist, Screen
from gongkai.surfaces.channels.screens.states import Health

LETTERS = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Of a pairing code: none that is read as another from four metres."""
CODE = 6
EXPIRES = timedelta(minutes=10)
ASKED_AN_HOUR = 60
"""Codes that one network gets in an hour: a hall full of displays that wait gets through."""
TRIED_AN_HOUR = 20
"""Codes that one officer may enter in an hour; with 700 million codes none is found by trying."""
HELD = 500
"""Codes that stand at once; each is gone after some minutes."""

REPORTS_EVERY = 120
"""Seconds between two reports of a display."""
LATE = timedelta(minutes=7)
"""A display not heard of for so long has missed three reports."""
ROTATE = timedelta(days=7)
LINES = 200
"""Editions in one batch of plays."""
MOST_A_DAY = 24 * 60 * 12
"""Plays of one edition on one display in a day: one in five seconds."""
KEPT_DAYS = 400
"""How long daily totals are kept."""
BACK = timedelta(days=31)
"""How long a display that is cut off may hold its plays."""
LONGEST_URGENT = timedelta(days=3)


def this_hour() -> datetime:
    """The hour in which askings and tries are counted now."""
    return clock.now().replace(minute=0, second=0, microsecond=0)


def may_keep(officer: Officer) -> bool:
    """Whether the officer pairs and arranges displays."""
    return officer.may(Right.PUBLISH) or officer.may(Right.ADMINISTER)


def pair_obstacles(
    pairing: Pairing | None, officer: Officer, place: str, tried: int, now: datetime
) -> list[str]:
    """Why ``officer`` may not hang a display with this code here. A code that was never shown, one
    that was used and one that is too old are told in the same words.
    """
    found = _keeper(officer)
    if tried > TRIED_AN_HOUR:
        found.append(_("一小时里输错的代码太多了。请过一小时再试。"))
    elif pairing is None or pairing.screen_id or pairing.expires_at <= now:
        found.append(_("没有显示屏在显示这个代码。代码10分钟换一次，请照屏上现在的抄。"))
    if not place.strip():
        found.append(_("请写显示屏挂在哪里，比如“便民大厅东墙”。"))
    return found


def keep_obstacles(officer: Officer, of: Screen | Playlist | None) -> list[str]:
    """Why ``officer`` may not change this display or playlist."""
    found = _keeper(officer)
    if of and of.organisation_id != officer.organisation.pk:
        found.append(_("这是别的单位的，不能在这里改。"))
    if isinstance(of, Screen) and of.revoked_at:
        found.append(_("这块显示屏已经停用。要再用，请在屏上重新配对。"))
    return found


def drop_obstacles(officer: Officer, playlist: Playlist, used_by: Sequence[str]) -> list[str]:
    """Why the playlist may not be deleted."""
    found = keep_obstacles(officer, playlist)
    if used_by:
        places = _("、").join(used_by)
        found.append(
            _("还有显示屏在用这个节目单：%(places)s。请先给它们换一个。") % {"places": places}
        )
    return found


def urgent_obstacles(officer: Officer, showable: bool, until: datetime, now: datetime) -> list[str]:
    """Why ``officer`` may not interrupt the displays with an item until then."""
    found = []
    if not officer.may(Right.PUBLISH):
        found.append(_("紧急插播由安排公开的岗位决定。"))
    if not showable:
        found.append(
            _(
                "这一件不能上屏：要已经向社会公开，公开渠道里有电子显示屏，没有撤回。插播不能只写一句话。"
            )
        )
    if until <= now:
        found.append(_("结束时间已经过了。请写以后的时间。"))
    elif until > now + LONGEST_URGENT:
        found.append(_("紧急插播最长3天。更久的，请放进节目单并置顶。"))
    return found


def health(screen: Screen, now: datetime) -> Health:
    """What is known of a display now."""
    if screen.revoked_at:
        return Health.REVOKED
    if screen.seen_at is None:
        return Health.NEVER
    return Health.LIVE if screen.seen_at > now - LATE else Health.LATE


def _keeper(officer: Officer) -> list[str]:
    if may_keep(officer):
        return []
    return [_("显示屏由安排公开的岗位，或者管理岗位和账号的岗位来管。")]
