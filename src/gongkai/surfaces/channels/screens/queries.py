"""Reads about displays."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Count, Max, Q, QuerySet, Sum

from gongkai.foundation.ledger.models import PUBLIC_LOG, Head
from gongkai.foundation.organisations.models import Organisation
from gongkai.procedure.publication.queries import content
from gongkai.procedure.review.models import Edition
from gongkai.surfaces.channels.screens.models import (
    Change,
    Pairing,
    Play,
    Playlist,
    Presence,
    Screen,
    Urgent,
)
from gongkai.surfaces.channels.screens.states import Health

REVOKED_SHOWN = 20


def state() -> tuple[int, int]:
    """What the files of displays depend on: how far the log is exposed, and how often the desk has
    changed something. One query of two rows.
    """
    exposed = Head.objects.filter(name=PUBLIC_LOG).values_list("exposed_size")
    changes = Change.objects.values_list("number")
    found = [row[0] for row in exposed.union(changes, all=True)]
    return (sum(found), len(found))


def hung(organisation: Organisation | None = None) -> QuerySet[Screen]:
    """The displays in use, of one body or of all, by place."""
    found = Screen.objects.filter(revoked_at__isnull=True)
    found = found.filter(organisation=organisation) if organisation else found
    return found.select_related("organisation").order_by("place", "code")


def in_state(found: QuerySet[Screen], health: str, since: datetime) -> QuerySet[Screen]:
    """Those of the displays whose health is this; all of them without one. ``since`` is when a
    display that plays has reported last.
    """
    kinds = {
        Health.LIVE: Q(seen_at__gt=since),
        Health.LATE: Q(seen_at__lte=since),
        Health.NEVER: Q(seen_at=None),
    }
    return found.filter(kinds[Health(health)]) if health else found


def counted(found: QuerySet[Screen], since: datetime) -> dict[str, int]:
    """How many of the displays are in each state, and ``""`` of all: one question."""
    told = found.aggregate(
        all=Count("pk"),
        live=Count("pk", filter=Q(seen_at__gt=since)),
        late=Count("pk", filter=Q(seen_at__lte=since)),
        never=Count("pk", filter=Q(seen_at=None)),
    )
    return {"" if name == "all" else name: number for name, number in told.items()}


def revoked(organisation: Organisation) -> list[Screen]:
    """The displays that were taken out of use last."""
    found = Screen.objects.filter(organisation=organisation, revoked_at__isnull=False)
    return list(found.order_by("-revoked_at")[:REVOKED_SHOWN])


def playlists(organisation: Organisation) -> QuerySet[Playlist]:
    """The playlists of a body, by name."""
    return Playlist.objects.filter(organisation=organisation).order_by("name")


def users_of(playlist: Playlist) -> list[str]:
    """Where the displays in use hang that show the playlist."""
    found = Screen.objects.filter(playlists=playlist, revoked_at__isnull=True)
    return list(found.order_by("place").values_list("place", flat=True))


def urgents(now: datetime) -> list[Urgent]:
    """What interrupts displays at this moment, or would have until it is ended."""
    found = Urgent.objects.filter(ended_at__isnull=True, until__gt=now)
    return list(found.select_related("organisation"))


def urgent_of(organisation: Organisation, now: datetime) -> Urgent | None:
    """What interrupts the displays of a body at this moment."""
    found = Urgent.objects.filter(organisation=organisation, ended_at__isnull=True, until__gt=now)
    return found.first()


def pairing_of(secret: str) -> Pairing | None:
    """The pairing whose secret has this digest: one look-up, which is all that a display that
    waits costs.
    """
    return Pairing.objects.filter(secret=secret).first()


def by_token(digest: str) -> Screen | None:
    """The display in use whose token, or the next one, has this digest: two index look-ups."""
    known = Q(token=digest) | Q(next_token=digest)
    return Screen.objects.filter(known, revoked_at__isnull=True).first() if digest else None


def titles(digests: Iterable[str]) -> dict[str, str]:
    """The titles of editions by their digests, as far as they still stand."""
    found = Edition.objects.filter(digest__in=set(digests), erased_at__isnull=True)
    return {each.digest: str(content(each).get("title", "")) for each in found}


def played(screen: Screen, since: date) -> list[dict[str, Any]]:
    """The editions that the display showed since that day, the latest first."""
    found = Play.objects.filter(screen=screen, day__gte=since).values("digest")
    told = found.annotate(count=Sum("count"), seconds=Sum("seconds"), last=Max("last_at"))
    return [dict(row) for row in told.order_by("-last", "digest")[:100]]


def presence(screens: Sequence[Screen], since: date) -> dict[int, int]:
    """On how many days since then each of these displays reported, by key."""
    rows = Presence.objects.filter(screen__in=screens, day__gte=since).order_by()
    return dict(rows.values_list("screen").annotate(Count("pk")))


def of_days(today: date, kept: int) -> tuple[QuerySet[Play], QuerySet[Presence]]:
    """The totals that are older than ``kept`` days."""
    old = today - timedelta(days=kept)
    return Play.objects.filter(day__lt=old), Presence.objects.filter(day__lt=old)
