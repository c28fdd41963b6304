"""Who may arrange what is handed on, how long it is tried, how much is kept."""

from datetime import datetime, timedelta
from urllib.parse import urlsplit

from django.conf import settings
from django.utils.translation import gettext as _

from gongkai.foundation.core.fetching import is_address
from gongkai.foundation.organisations.queries import Officer
from gongkai.foundation.organisations.states import Right
from gongkai.surfaces.channels.hooks import queries
from gongkai.surfaces.channels.hooks.models import Hook
from gongkai.surfaces.channels.hooks.states import Carrier, HookState

PAUSES = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 15, 30, 60, 120, 240))
"""How long to wait after each failure in a row; after the last ones as long as after the last."""
PATIENCE = timedelta(hours=24)
"""After failing for so long it is not tried again until a person says so."""
OVERLAP = timedelta(hours=24)
"""How long a secret that was replaced still signs."""
KEPT = timedelta(days=30)
"""How long the attempts are kept."""
MOST = 20
"""Hooks of one organisation."""
LONGEST = 500
"""Characters of an address."""


def arrange_obstacles(officer: Officer) -> list[str]:
    """Why ``officer`` may not arrange hooks; empty when they may: they carry secrets."""
    if officer.may(Right.ADMINISTER):
        return []
    return [_("设推送要有“管理岗位和账号”的权限，请信息员来设。")]


def add_obstacles(officer: Officer, name: str) -> list[str]:
    """Why ``officer`` may not add a hook of this name; empty when they may."""
    obstacles = arrange_obstacles(officer)
    names = queries.names(officer.organisation)
    if name in names:
        obstacles.append(_("已经有叫“%(name)s”的推送。请换一个名字。") % {"name": name})
    if len(names) >= MOST:
        obstacles.append(_("已经有%(most)s个推送。请先去掉不用的。") % {"most": MOST})
    return obstacles


def address_obstacles(address: str) -> list[str]:
    """What is wrong with the address of a webhook, as far as its letters tell; where its name
    leads is looked at each time something is sent.
    """
    if len(address) > LONGEST or not address.isascii() or not is_address(address):
        return [_("地址要写成 https://example.org/hook 的样子，不带用户名和密码。")]
    if urlsplit(address).scheme != "https" and not settings.HOOKS_INSIDE:
        return [_("地址要以 https:// 开头。内网的系统确实只有http，请管理员设置HOOKS_INSIDE。")]
    return []


def own_obstacles(officer: Officer, hook: Hook) -> list[str]:
    """Why ``officer`` may not touch ``hook``; empty when they may."""
    obstacles = arrange_obstacles(officer)
    if hook.organisation_id != officer.organisation.pk:
        obstacles.append(_("这不是本单位的推送。"))
    return obstacles


def rotate_obstacles(officer: Officer, hook: Hook, now: datetime) -> list[str]:
    """Why ``officer`` may not replace the secret of ``hook``; empty when they may."""
    obstacles = own_obstacles(officer, hook)
    if hook.carrier != Carrier.WEBHOOK:
        obstacles.append(_("群机器人的密钥在群里换。换了以后请去掉这个推送，再设一次。"))
    if hook.old_until and now < hook.old_until:
        obstacles.append(_("刚换过密钥，旧的还在用。请等旧的停用以后再换。"))
    return obstacles


def resume_obstacles(officer: Officer, hook: Hook) -> list[str]:
    """Why ``officer`` may not let ``hook`` go on; empty when they may."""
    obstacles = own_obstacles(officer, hook)
    if hook.state == HookState.ON and not hook.failing_since:
        obstacles.append(_("它正在送，不用恢复。"))
    return obstacles


def pause(attempts: int) -> timedelta:
    """How long to wait after so many failures in a row."""
    return PAUSES[min(attempts, len(PAUSES)) - 1]


def too_long(failing_since: datetime, now: datetime) -> bool:
    """Whether it has failed for so long that it is given up."""
    return now - failing_since >= PATIENCE
