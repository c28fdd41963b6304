"""Who may have a loop made and fetch it, and when. Reads, never writes."""

from django.utils.translation import gettext as _

from gongkai.foundation.organisations.models import Organisation
from gongkai.foundation.organisations.queries import Officer
from gongkai.foundation.organisations.rules import not_theirs
from gongkai.foundation.organisations.states import Right
from gongkai.surfaces.channels.television import queries, tape
from gongkai.surfaces.channels.television.models import Loop
from gongkai.surfaces.channels.television.programme import Programme
from gongkai.surfaces.channels.television.states import LoopState


def make_obstacles(organisation: Organisation, officer: Officer, on: Programme) -> list[str]:
    """Why ``officer`` may not have a loop made of what is on."""
    if obstacles := not_theirs(officer, organisation, Right.PUBLISH):
        return obstacles
    if not tape.available():
        return [_("这台机器没有装视频工具。请管理员安装gongkai[television]。")]
    if not on.items:
        return [_("现在没有能上电视的：要向社会公开、还在展示期，而且盖章时定的渠道里有电视。")]
    if queries.in_hand(organisation):
        return [_("已经在做了。做好以后再看。")]
    made = queries.ready(organisation)
    if made and made.content == on.content:
        return [_("做好的就是现在的内容，不用重做。")]
    return []


def stop_obstacles(loop: Loop | None, organisation: Organisation, officer: Officer) -> list[str]:
    """Why ``officer`` may not stop the making."""
    if obstacles := not_theirs(officer, organisation, Right.PUBLISH):
        return obstacles
    return [] if loop else [_("现在没有在做的。")]


def fetch_obstacles(loop: Loop | None, on: Programme) -> list[str]:
    """Why the loop is not handed out: it shows what the records do not say any more."""
    if loop is None or loop.state != LoopState.READY:
        return [_("循环片还没有做好。")]
    if loop.content != on.content:
        return [
            _(
                "内容已经变了（有撤回、更正、期满或者新公开的），这一版不能再播。新的做好以后再下载。"
            )
        ]
    return []
