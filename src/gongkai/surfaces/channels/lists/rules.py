"""Who may keep lists, how many, and whom they hold."""

from django.utils.translation import gettext as _

from gongkai.foundation.organisations.queries import Officer
from gongkai.foundation.organisations.states import Right
from gongkai.surfaces.channels.lists import queries
from gongkai.surfaces.channels.lists.models import MailingList

MOST = 20
"""Lists of one organisation."""
MOST_RECIPIENTS = 500
"""Addresses on one list; whoever wants to reach more lets people follow by themselves."""
AT_ONCE = 50
"""Addresses that are entered in one go."""


def keep_obstacles(officer: Officer) -> list[str]:
    """Why ``officer`` may not keep lists; empty when they may."""
    if officer.may(Right.PUBLISH):
        return []
    return [_("管邮件列表要有“安排公开”的权限。")]


def name_obstacles(officer: Officer, name: str, known: MailingList | None = None) -> list[str]:
    """Why ``officer`` may not call a list so, a new one or one that is ``known``."""
    obstacles = own_obstacles(officer, known) if known else keep_obstacles(officer)
    names = queries.names(officer.organisation)
    if name in names and not (known and known.name == name):
        obstacles.append(_("已经有叫“%(name)s”的列表。请换一个名字。") % {"name": name})
    if known is None and len(names) >= MOST:
        obstacles.append(_("已经有%(most)s个列表。请先去掉不用的。") % {"most": MOST})
    return obstacles


def own_obstacles(officer: Officer, chosen: MailingList) -> list[str]:
    """Why ``officer`` may not touch the list; empty when they may."""
    obstacles = keep_obstacles(officer)
    if chosen.organisation_id != officer.organisation.pk:
        obstacles.append(_("这不是本单位的邮件列表。"))
    return obstacles


def enter_obstacles(officer: Officer, chosen: MailingList, count: int) -> list[str]:
    """Why ``officer`` may not put so many addresses on the list; empty when they may."""
    obstacles = own_obstacles(officer, chosen)
    if count > AT_ONCE:
        obstacles.append(_("一次最多写%(most)s个邮箱。请分几次。") % {"most": AT_ONCE})
    if queries.recipients(chosen).count() + count > MOST_RECIPIENTS:
        wording = _("一个列表最多%(most)s个邮箱。再多的，请他们在公开栏上自己跟进。")
        obstacles.append(wording % {"most": MOST_RECIPIENTS})
    return obstacles
