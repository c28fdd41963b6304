"""Writing to a group through apprise, which comes with the extra ``gongkai[messengers]``.

Of the hundred services that apprise knows four are let in, each with a fixed host: none of them
can be made to call another address, start a program or write a file. What a clerk pastes is the
address that the messenger shows for its robot; it is a secret.
"""

import logging
import re
from collections.abc import Iterator
from contextlib import contextmanager
from email import charset
from typing import Any

from django.utils.translation import gettext as _

from gongkai.foundation.core.errors import Refused
from gongkai.foundation.ui import marks
from gongkai.surfaces.board import items
from gongkai.surfaces.channels.hooks.events import Event
from gongkai.surfaces.channels.hooks.states import Service, Template
from gongkai.surfaces.channels.titles import plain

LONGEST = 500
_SHOWN = {
    Service.WECOM: re.compile(
        r"https://qyapi\.weixin\.qq\.com/cgi-bin/webhook/send\?key=(?P<key>[A-Za-z0-9-]+)"
    ),
    Service.DINGTALK: re.compile(
        r"https://oapi\.dingtalk\.com/robot/send\?access_token=(?P<key>[A-Za-z0-9]+)"
    ),
    Service.FEISHU: re.compile(
        r"https://open\.feishu\.cn/open-apis/bot/v2/hook/(?P<key>[A-Za-z0-9-]+)/?"
    ),
    Service.LARK: re.compile(
        r"https://open\.larksuite\.com/open-apis/bot/v2/hook/(?P<key>[A-Za-z0-9-]+)/?"
    ),
}
_SECRET = re.compile(r"[A-Za-z0-9]+")
_LOUD = ("apprise", "urllib3", "requests")
"""Loggers that would write a robot's address down."""


class Missing(Exception):
    """The extra ``gongkai[messengers]`` is not installed."""


def address(service: str, pasted: str, signing: str = "") -> str:
    """How apprise names the robot whose address was ``pasted``; ``Refused`` if it is none of its.

    ``signing`` is the secret that DingTalk gives for signing, where its robot asks for it.
    """
    found = _SHOWN[Service(service)].fullmatch(pasted.strip())
    if found is None:
        wording = _("这不是%(service)s的地址。请在群里打开机器人，把它的webhook地址整个复制过来。")
        raise Refused([wording % {"service": Service(service).label}])
    if not signing:
        return f"{service}://{found['key']}/"
    if service != Service.DINGTALK or not _SECRET.fullmatch(signing):
        raise Refused([_("加签密钥只有钉钉机器人用，是SEC开头的字母和数字。别的平台请留空。")])
    return f"{service}://{signing}@{found['key']}/"


def words(event: Event, template: str, category: str) -> str:
    """The message: what happened, to what, where it stands."""
    title = plain(event.title)
    if event.kind == items.WITHDRAWAL:
        line = _("撤回：%(title)s") % {"title": title}
    elif event.corrected:
        line = _("更正：%(title)s") % {"title": title}
    else:
        line = _("新公开：%(title)s") % {"title": title}
    if template == Template.LINE:
        return f"{line}\n{event.page}"
    return "\n".join(filter(None, (line, category, marks.day(event.on), event.page)))


def trial(organisation: str, name: str) -> str:
    """What is written when somebody tries a hook out."""
    return _("%(organisation)s试发一条消息（%(name)s）。收到就是通了。") % {
        "organisation": plain(organisation),
        "name": plain(name),
    }


def send(kept: str, said: str) -> bool:
    """Write ``said`` to the robot ``kept`` names; says whether its server took it.

    ``Missing`` without the extra.
    """
    for name in _LOUD:
        logging.getLogger(name).setLevel(logging.CRITICAL + 1)
    apprise = _apprise()
    # Nothing on the disk, and no way from the messenger's host to another.
    asset = apprise.AppriseAsset(storage_mode="memory", http_redirects=False)
    with _letters_as_before():
        robot = apprise.Apprise.instantiate(kept, asset=asset, suppress_exceptions=True)
    return robot is not None and bool(robot.notify(body=said, body_format="text"))


@contextmanager
def _letters_as_before() -> Iterator[None]:
    """One of the plugins that the library loads has all letters of the process encoded in another
    way: what we send by mail stays as it was.
    """
    before = charset.CHARSETS["utf-8"]
    try:
        yield
    finally:
        charset.CHARSETS["utf-8"] = before


def _apprise() -> Any:
    try:
        with _letters_as_before():
            import apprise
    except ImportError as error:
        raise Missing from error
    return apprise


def installed() -> bool:
    """Whether the extra is there."""
    try:
        _apprise()
    except Missing:
        return False
    return True
