"""Is the installation well? Questions for ``/readyz`` and ``gongkai doctor``."""

import shutil
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import Error as DatabaseError
from django.db import connection

from gongkai.foundation.core.clock import now
from gongkai.foundation.files.queries import damages
from gongkai.foundation.ledger.models import (
    OFFICE_LOG,
    PUBLIC_LOG,
    Act,
    Cursor,
    Head,
    Lease,
    PublicRecord,
)
from gongkai.surfaces.board import jobs as board
from gongkai.surfaces.search import index

MOST_LAG = timedelta(seconds=60)
SILENCE = timedelta(seconds=60)
"""Without a sign of life; a pass gives one before each of its steps."""
LEAST_FREE = 500 * 1024 * 1024


@dataclass(frozen=True)
class Lag:
    """How far the keeper is behind: for how long something has waited for its page, or to lose
    it; and how many entries are logged but not exposed.
    """

    waiting_seconds: int
    unexposed: int
    size: int

    @property
    def short(self) -> bool:
        """Whether the keeper keeps up."""
        return self.waiting_seconds <= MOST_LAG.total_seconds()


def keeper_lag() -> Lag:
    """The age of what has waited longest, and the log's own distance to its readers."""
    head = Head.objects.filter(name=PUBLIC_LOG).first() or Head()
    since = min(filter(None, _waiting_since(head.exposed_size)), default=now())
    waiting = max(0, int((now() - since).total_seconds()))
    return Lag(waiting, head.size - head.exposed_size, head.size)


def _waiting_since(exposed: int) -> Iterator[datetime | None]:
    """Since when the oldest record waits for its place, its exposure and page, its removal."""
    records = PublicRecord.objects.order_by("at").values_list("at", flat=True)
    yield records.filter(seq__isnull=True).first()
    followed = Cursor.objects.filter(name=board.CURSOR).values_list("seq", flat=True).first()
    yield records.filter(seq__gte=min(exposed, followed or 0)).first()
    closed = PublicRecord.objects.filter(closed_at__isnull=False, removed_at__isnull=True)
    yield closed.order_by("closed_at").values_list("closed_at", flat=True).first()


def office_lag() -> int:
    """For how many seconds the oldest act has waited for its place under a signed office log."""
    head = Head.objects.filter(name=OFFICE_LOG).first() or Head()
    acts = Act.objects.values_list("at", flat=True)
    unordered = acts.filter(seq__isnull=True).order_by("id").first()
    unsigned = acts.filter(seq__gte=head.exposed_size).order_by("seq").first()
    since = min(filter(None, (unordered, unsigned)), default=now())
    return max(0, int((now() - since).total_seconds()))


def search_lag() -> int | None:
    """For how many seconds something public has waited to be found; None without an index."""
    place = index.current()
    try:
        followed = index.state_of(place).seq if place else None
    except index.Unreadable:
        followed = None
    if followed is None:
        return None
    head = Head.objects.filter(name=PUBLIC_LOG).first() or Head()
    waiting = PublicRecord.objects.filter(seq__gte=followed, seq__lt=head.exposed_size)
    since = waiting.order_by("seq").values_list("at", flat=True).first()
    return max(0, int((now() - since).total_seconds())) if since else 0


def keeper_lives() -> bool:
    """Whether a keeper has lately given a sign of life: in this home, or by holding the lease."""
    try:
        mark = (settings.HOME.run / "keeper.alive").stat().st_mtime
    except FileNotFoundError:
        mark = 0.0
    if mark > (now() - SILENCE).timestamp():
        return True
    return (
        connection.vendor == "postgresql"
        and Lease.objects.filter(pk=1, until__gt=now() - SILENCE).exists()
    )


def free_space() -> int:
    """Bytes left on the disk that carries the home folder."""
    return shutil.disk_usage(settings.HOME.path).free


def readiness() -> tuple[bool, dict[str, Any]]:
    """Whether all is well, and each part's state.

    The lag of office log and search, and what the integrity watch found, are told, but do not make
    the installation unready: readers lose no page (``docs/adr/0019``). ``None`` says that there is
    no index yet.
    """
    free = free_space()
    state: dict[str, Any] = {"database": True, "free_bytes": free, "disk": free >= LEAST_FREE}
    try:
        connection.ensure_connection()
        lag = keeper_lag()
        state |= {"keeper": keeper_lives() and lag.short, "lag": asdict(lag)}
        state["office_log"] = {"waiting_seconds": office_lag()}
        state["damaged"] = damages().count()
        state["search"] = {"waiting_seconds": search_lag()}
    except DatabaseError:
        state |= {"database": False, "keeper": False}
    return all((state["database"], state["disk"], state["keeper"])), state
