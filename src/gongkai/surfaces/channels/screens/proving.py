"""What publication is told of displays: that they show a thing, and that none does any more.

A display shows an edition some hundred times a day; publication hears of the first, one for each
edition, display and day.
"""

from collections.abc import Collection, Iterable
from datetime import datetime, timedelta

from django.db.models import Q

from gongkai.procedure.publication import postings
from gongkai.procedure.publication.models import Posting, Release
from gongkai.procedure.publication.states import OUT, EvidenceKind
from gongkai.surfaces.channels.screens import queries
from gongkai.surfaces.channels.screens.models import Play, Screen
from gongkai.surfaces.channels.screens.programme import CHANNEL

AT_ONCE = 100
HEARD = timedelta(minutes=1)
"""A display that reports so long after a file has changed has asked for it twelve times."""


def shown(plays: Iterable[Play]) -> None:
    """Tell of what was shown for the first time on its day."""
    found = list(plays)
    digests = {each.digest for each in found}
    openings = Release.objects.filter(edition__digest__in=digests, record__isnull=False)
    releases = dict(openings.order_by("pk").values_list("edition__digest", "pk"))
    for each in found:
        if release := releases.get(each.digest):
            proof = postings.Proof(
                kind=EvidenceKind.PLAY,
                key=f"{each.screen.code} {each.day.isoformat()}",
                at=each.last_at,
                place=each.screen.place,
            )
            postings.deliver(release, CHANNEL, proof)


def taken_down(now: datetime, on_show: Collection[str]) -> int:
    """Tell of what was to come down and stands on no display any more; how many were told of.

    ``on_show`` are the digests that files name now. A display that has not reported since may still
    show it, until the hours that its playlists give it without a network are over.
    """
    due = Posting.objects.filter(channel=CHANNEL, state__in=OUT, comes_down__lte=now)
    rows = due.select_related("release__edition").order_by("comes_down", "pk")[:AT_ONCE]
    told = 0
    for row in rows:
        assert row.comes_down is not None, "it was asked for by that"
        if row.release.edition.digest in on_show or _behind(row, row.comes_down, now):
            continue
        postings.take_down(row.release_id, CHANNEL, now)
        told += 1
    return told


def _behind(posting: Posting, since: datetime, now: datetime) -> bool:
    """Whether a display in use may still show it."""
    unheard = Q(seen_at__isnull=True) | Q(seen_at__lt=since + HEARD)
    hung: Iterable[Screen] = queries.hung(posting.organisation).filter(unheard)
    return any(
        now < max(since, each.seen_at or since) + timedelta(hours=hours)
        for each in hung
        for hours in each.playlists.values_list("keep_hours", flat=True)
    )
