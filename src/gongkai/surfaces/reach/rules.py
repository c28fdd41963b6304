"""Who names the places of sheets, and how long totals are kept."""

from datetime import date, timedelta

from django.conf import settings
from django.utils.translation import gettext as _

from gongkai.foundation.organisations.queries import Officer
from gongkai.foundation.organisations.rules import not_theirs
from gongkai.foundation.organisations.states import Right
from gongkai.surfaces.reach import queries
from gongkai.surfaces.reach.models import Spot

SPOTS = 60
"""Places of one organisation at once: a township's villages and groups."""


def counts() -> bool:
    """Whether calls are counted here at all."""
    return bool(settings.REACH_DAYS)


def oldest(today: date) -> date:
    """The first day of which totals are kept."""
    return today - timedelta(days=settings.REACH_DAYS)


def name_obstacles(officer: Officer, name: str) -> list[str]:
    """Why ``officer`` may not name a place of sheets so."""
    obstacles = not_theirs(officer, officer.organisation, Right.PUBLISH)
    standing = {each.name for each in queries.spots(officer.organisation)}
    if name in standing:
        obstacles.append(_("已经有叫“%(name)s”的张贴处。") % {"name": name})
    if len(standing) >= SPOTS:
        obstacles.append(_("张贴处最多%(most)s个。请先停用不用的。") % {"most": SPOTS})
    return obstacles


def end_obstacles(officer: Officer, spot: Spot) -> list[str]:
    """Why ``officer`` may not give up a place."""
    obstacles = not_theirs(officer, spot.organisation, Right.PUBLISH)
    return obstacles + ([_("这个张贴处已经停用。")] if spot.ended_at else [])
