"""Reads about subscriptions and alerts: by key, by list, in numbers. Never an address."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any

from django.db.models import Count, Q, QuerySet

from gongkai.foundation.ledger.models import Cursor
from gongkai.surfaces.board import jobs as board
from gongkai.surfaces.board.queries import portions
from gongkai.surfaces.channels.lists.models import FAMILY
from gongkai.surfaces.channels.models import Alert, Subscription

CURSOR = "alerts"


def active() -> QuerySet[Subscription]:
    """Confirmed, and not paused."""
    return Subscription.objects.filter(confirmed_at__isnull=False, paused_at__isnull=True)


def of_address(key: str, since: datetime) -> tuple[int, int]:
    """How often an address asked since then without confirming, and how much it follows."""
    rows = Subscription.objects.filter(key=key)
    told = rows.aggregate(
        asked=Count("pk", filter=Q(asked_at__gt=since, confirmed_at__isnull=True)),
        held=Count("pk", filter=Q(confirmed_at__isnull=False)),
    )
    return told["asked"], told["held"]


def rows_with(anchors: Sequence[str]) -> dict[str, int]:
    """How many subscriptions are found by each of these anchors."""
    rows = Subscription.objects.filter(anchor__in=anchors[:200]).order_by()
    return dict(rows.values_list("anchor").annotate(Count("pk")))


def asking(
    lists: Sequence[str], anchors: Iterable[str], seq: int
) -> Iterator[tuple[int, str, str]]:
    """Key, pace and terms of the rows that ask for words which a publication may hold."""
    for portion in portions(anchors):
        rows = active().filter(what__in=lists, anchor__in=portion, since__lte=seq)
        yield from rows.values_list("pk", "pace", "terms").iterator(chunk_size=5000)


def position() -> tuple[int, int]:
    """Up to where publications have been matched, and up to where the board has their pages."""
    rows = dict(Cursor.objects.filter(name__in=[CURSOR, board.CURSOR]).values_list("name", "seq"))
    return rows.get(CURSOR, 0), rows.get(board.CURSOR, 0)


def due(now: datetime, matched: int) -> QuerySet[Alert]:
    """What is to be told now, oldest first. What is still being matched may not go out yet."""
    waiting = Alert.objects.filter(letter__isnull=True, due_at__lte=now, seq__lt=matched)
    return waiting.order_by("due_at", "id")


def numbers(slug: str | None) -> list[dict[str, Any]]:
    """How many follow what at which pace, of one organisation or of all. Numbers alone.

    Lists that the office keeps are not among them: it knows whom it put there.
    """
    rows = Subscription.objects.exclude(what__startswith=f"{FAMILY}:")
    if slug is not None:
        mine = Q(what__endswith=f":{slug}") | Q(what__contains=f":{slug}:")
        rows = rows.filter(mine)
    counted = (
        rows.order_by("what")
        .values("what")
        .annotate(
            now=Count("pk", filter=_told(pace="now")),
            day=Count("pk", filter=_told(pace="day")),
            week=Count("pk", filter=_told(pace="week")),
            words=Count("pk", filter=_told() & ~Q(terms="")),
            unconfirmed=Count("pk", filter=Q(confirmed_at__isnull=True)),
            paused=Count("pk", filter=Q(paused_at__isnull=False)),
        )
    )
    return [dict(row) for row in counted]


def _told(**more: str) -> Q:
    return Q(confirmed_at__isnull=False, paused_at__isnull=True, **more)


def oldest_waiting(now: datetime) -> datetime | None:
    """Since when the oldest alert that was due has waited for its letter or the mail server."""
    late = Alert.objects.filter(due_at__lte=now).order_by("due_at")
    return late.values_list("due_at", flat=True).first()
