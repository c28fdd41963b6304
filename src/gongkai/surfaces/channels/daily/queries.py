"""Whose letter is due, and who gets it."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings

from gongkai.foundation.organisations.letters import reaches
from gongkai.foundation.organisations.models import Organisation, Post
from gongkai.foundation.organisations.queries import belongs, tenures_on
from gongkai.foundation.organisations.states import Right
from gongkai.surfaces.channels.daily.models import LeftOut, Told

DAY = timedelta(days=1)


def yesterday(organisation: Organisation, now: datetime) -> date:
    """The last day that can be told of: yesterday, and before the letter's hour the day before."""
    here = now.astimezone(ZoneInfo(organisation.zone))
    return here.date() - DAY * (1 if here.hour >= settings.DAILY_HOUR else 2)


def due(now: datetime) -> list[Organisation]:
    """The organisations whose letter is due, or which were never looked at: 2 queries."""
    told = dict(Told.objects.values_list("organisation", "day"))
    return [
        each
        for each in Organisation.objects.order_by("pk")
        if each.pk not in told or told[each.pk] < yesterday(each, now)
    ]


def told(organisation: Organisation) -> date | None:
    """The last day that was told of; none before the first."""
    return Told.objects.filter(organisation=organisation).values_list("day", flat=True).first()


def supervising(posts: Sequence[Post]) -> list[Post]:
    """Those of ``posts`` that may supervise."""
    return [each for each in posts if Right.SUPERVISE in each.rights]


def left_out(posts: Sequence[Post]) -> bool:
    """Whether all of these posts want no letter."""
    keys = [each.pk for each in posts]
    return LeftOut.objects.filter(post__in=keys).count() == len(keys)


def addresses(organisation: Organisation, on: date) -> list[str]:
    """Where the letter goes: to the accounts of those who hold, on that day, a post that may
    supervise and wants it, and who have signed in with it once: 2 queries.
    """
    out = set(LeftOut.objects.values_list("post", flat=True))
    held = tenures_on(on).filter(
        post__organisation=organisation, post__retired=False, member__account__isnull=False
    )
    found = [
        tenure.member.account.email
        for tenure in held.select_related("post", "member__account").order_by("pk")
        if Right.SUPERVISE in tenure.post.rights
        and tenure.post_id not in out
        and belongs(tenure.member, on)
        and tenure.member.account
        and tenure.member.account.last_login
        and reaches(tenure.member.account)
    ]
    return list(dict.fromkeys(found))
