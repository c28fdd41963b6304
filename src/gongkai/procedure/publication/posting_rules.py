"""The channels of a release, how long a thing hangs there, and who may say so. Only reads."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.utils.translation import gettext as _

from gongkai.foundation.core import clock
from gongkai.foundation.organisations.audience import is_public
from gongkai.foundation.organisations.queries import Officer
from gongkai.foundation.organisations.rules import not_theirs, sentence_obstacles
from gongkai.foundation.organisations.states import Right
from gongkai.foundation.ui import marks
from gongkai.procedure.catalogue.charter import MEETING, Channel, Charter, scope_keys
from gongkai.procedure.catalogue.periods import comment_period
from gongkai.procedure.publication.models import Assembly, Posting, Release
from gongkai.procedure.publication.states import OUT, WAITING, PostingState

WEBSITE = "website"
"""The channel that the keeper tells of; known by its key in the charter, as the next ones."""
PASSING = ("brief", "broadcast")
"""Channels on which a thing is printed or said once."""
PICTURES = ("image/jpeg", "image/png")
AHEAD = timedelta(minutes=5)
"""How far a clock may be before ours."""


@dataclass(frozen=True)
class Held:
    """A meeting as it is written down (会议): when and where, how many were called and came."""

    channel: str
    at: datetime
    place: str
    called: int
    came: int


def is_meeting(channel: str) -> bool:
    """Whether things are read out on this channel, at a meeting."""
    return channel.endswith(MEETING)


def passes(channel: str) -> bool:
    """Whether what went out there is past: said, printed, read. Nothing of it can come down."""
    return is_meeting(channel) or channel in PASSING


def channels_of(release: Release, sealed: Mapping[str, Any], charter: Charter) -> list[Channel]:
    """The channels by which ``release`` goes out, of those its edition names, in their order.

    What anybody may come across goes out when the public may read; what is for members, with the
    last stage of the plan that is not public: there are the widest circle of members. In a plan
    that is public from the start, with that.
    """
    named = set(sealed.get("channels", ()))
    inner = [
        stage["scope"]
        for stage in sealed["plan"]
        if not is_public(scope_keys(charter, charter.scope(stage["scope"]), stage.get("keys", ())))
    ]
    public = is_public(release.audience)
    theirs = release.scope == inner[-1] if inner else public
    return [
        channel
        for channel in charter.channels
        if channel.key in named and (public if channel.public else theirs)
    ]


def comes_down(
    channel: str, sealed: Mapping[str, Any], charter: Charter, now: datetime, zone: str
) -> datetime | None:
    """When a sheet that goes out ``now`` has hung long enough on the physical board: at the end of
    its comment period, or after the charter's days. None for every other channel.
    """
    if channel != charter.wall.channel:
        return None
    opened = clock.civil_day(now, zone)
    code = sealed["entry"]["code"]
    period = None
    if any(entry.code == code for entry in charter.entries):
        period = comment_period(charter, code, sealed.get("kind", ""), opened, inner=False)
    last = period.last if period else opened + timedelta(days=charter.wall.days - 1)
    return clock.end_of(last, zone)


def may_post_obstacles(posting: Posting, officer: Officer) -> list[str]:
    """Why ``officer`` may say nothing of what becomes of this posting."""
    organisation = posting.organisation
    if officer.organisation == organisation and officer.may(Right.PROPOSE):
        return []
    return not_theirs(officer, organisation, Right.PUBLISH)


def put_up_obstacles(posting: Posting, officer: Officer, at: datetime, now: datetime) -> list[str]:
    """Why ``officer`` may not say that it went out at ``at``."""
    obstacles = may_post_obstacles(posting, officer) + _day_obstacles(posting, at, now)
    if posting.channel == WEBSITE:
        obstacles.append(_("网站由系统自己登记，不用人登记。"))
    if posting.comes_down and posting.comes_down <= at:
        obstacles.append(_("这一件已经到了该取下的时候，不能再登记贴出。请登记取下。"))
    elif posting.state in OUT:
        obstacles.append(_("这一件已经登记过贴出了。"))
    elif posting.state == PostingState.TAKEN_DOWN and posting.at and at <= posting.at:
        obstacles.append(_("这一件在这以后登记过取下。请改日期。"))
    return obstacles


def confirm_obstacles(posting: Posting, officer: Officer) -> list[str]:
    """Why ``officer`` may not confirm that it is out; who supervises may as well."""
    theirs = officer.organisation == posting.organisation and officer.may(Right.SUPERVISE)
    obstacles = [] if theirs else may_post_obstacles(posting, officer)
    if posting.state not in OUT:
        obstacles.append(_("这一件现在没有挂出，没有什么可以证实的。"))
    return obstacles


def bring_down_obstacles(
    posting: Posting, officer: Officer, at: datetime, now: datetime
) -> list[str]:
    """Why ``officer`` may not say that it came down at ``at``."""
    obstacles = may_post_obstacles(posting, officer) + _day_obstacles(posting, at, now)
    if posting.channel == WEBSITE:
        obstacles.append(_("网页由系统自己撤下，不用人登记。"))
    elif passes(posting.channel):
        obstacles.append(_("会上宣读过、简报印过的收不回来，不用登记取下。"))
    if posting.state == PostingState.TAKEN_DOWN:
        obstacles.append(_("这一件已经登记过取下了。"))
    elif posting.state in WAITING and (posting.comes_down is None or posting.comes_down > now):
        obstacles.append(_("这一件还没有贴出，不用取下。"))
    return obstacles


def fail_obstacles(posting: Posting, officer: Officer, reason: str) -> list[str]:
    """Why ``officer`` may not say that it could not go out."""
    obstacles = may_post_obstacles(posting, officer)
    if posting.channel == WEBSITE or posting.state not in WAITING:
        obstacles.append(_("只有还没有发出的，才能登记没有发成。"))
    return obstacles + sentence_obstacles(reason, _("请写明为什么没有发成。"))


def photo_obstacles(posting: Posting, officer: Officer, at: datetime, now: datetime) -> list[str]:
    """Why ``officer`` may hand in no photograph of it, taken at ``at``."""
    obstacles = may_post_obstacles(posting, officer) + _day_obstacles(posting, at, now)
    if posting.channel == WEBSITE:
        obstacles.append(_("网站由系统自己登记，不用拍照。"))
    if posting.state == PostingState.TAKEN_DOWN and posting.at and at > posting.at:
        obstacles.append(_("这一件已经登记过取下了。要是又贴上了，请先登记贴出。"))
    return obstacles


def picture_obstacles(media_type: str) -> list[str]:
    """The sentence for a file that is no photograph."""
    if media_type in PICTURES:
        return []
    return [_("这不是照片。请用手机拍一张，或者选一张JPG、PNG的照片。")]


def assembly_obstacles(
    officer: Officer, held: Held, chosen: Sequence[Posting], now: datetime
) -> list[str]:
    """Why this meeting may not be written down with these items."""
    obstacles = none_chosen(chosen)
    if not is_meeting(held.channel) or any(each.channel != held.channel for each in chosen):
        obstacles.append(_("选中的不都要在这个会上宣读。请重新选。"))
    if held.at > now + AHEAD:
        obstacles.append(_("时间在以后。请看看日期是不是写错了。"))
    if not 1 <= held.came <= held.called:
        obstacles.append(_("实到人数最少1人，不能比应到的多。请核对人数。"))
    if not held.place.strip():
        obstacles.append(_("请写明在哪里开的会。"))
    return obstacles


def minutes_obstacles(assembly: Assembly, officer: Officer) -> list[str]:
    """Why ``officer`` may not add the minutes of ``assembly``."""
    obstacles = []
    if officer.organisation != assembly.organisation or not officer.may(Right.PROPOSE):
        obstacles = not_theirs(officer, assembly.organisation, Right.PUBLISH)
    if assembly.minutes_id:
        obstacles.append(_("这次会议已经有会议记录了。"))
    return obstacles


def none_chosen(chosen: Sequence[Posting]) -> list[str]:
    """The sentence for an empty choice."""
    return [] if chosen else [_("还没有选。请先在前面打勾。")]


def named(title: str, obstacle: str) -> str:
    """An obstacle of one among many, with the title it is about."""
    return _("“%(title)s”：%(words)s") % {"title": title, "words": obstacle}


def _day_obstacles(posting: Posting, at: datetime, now: datetime) -> list[str]:
    if at > now + AHEAD:
        return [_("时间在以后。请看看日期是不是写错了。")]
    if at < posting.planned_at - AHEAD:
        said = {"at": marks.moment(posting.planned_at, posting.organisation.zone)}
        return [_("时间早于公开的时间%(at)s，没有公开的不能先贴。请改日期。") % said]
    return []
