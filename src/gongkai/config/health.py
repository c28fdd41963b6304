"""Is the installation well? Questions for ``/readyz`` and ``gongkai doctor``."""

import shutil
from dataclasses import asdict, dataclass
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db import Error as DatabaseError
from django.db import connection

from gongkai.foundation.core.clock import now
from gongkai.foundation.ledger.models import Head, PublicRecord

MOST_LAG = timedelta(seconds=60)
LEAST_FREE = 500 * 1024 * 1024


@dataclass(frozen=True)
class Lag:
    """How far the keeper is behind: what waits for its order, what is logged but not exposed."""

    waiting_seconds: int
    unexposed: int
    size: int

    @property
    def short(self) -> bool:
        """Whether the keeper keeps up."""
        return self.waiting_seconds <= MOST_LAG.total_seconds()


def keeper_lag() -> Lag:
    """The age of the oldest record without an order, and the log's own distance to its readers."""
    oldest = PublicRecord.objects.filter(seq__isnull=True).order_by("at").values("at").first()
    head = Head.objects.filter(pk=1).first()
    waiting = int((now() - oldest["at"]).total_seconds()) if oldest else 0
    if head is None:
        return Lag(max(waiting, 0), 0, 0)
    return Lag(max(waiting, 0), head.size - head.exposed_size, head.size)


def free_space() -> int:
    """Bytes left on the disk that carries the home folder."""
    return shutil.disk_usage(settings.HOME.path).free


def readiness() -> tuple[bool, dict[str, Any]]:
    """Whether all is well, and each part's state."""
    free = free_space()
    state: dict[str, Any] = {"database": True, "free_bytes": free, "disk": free >= LEAST_FREE}
    try:
        connection.ensure_connection()
        lag = keeper_lag()
        state |= {"keeper": lag.short, "lag": asdict(lag)}
    except DatabaseError:
        state |= {"database": False, "keeper": False}
    return all((state["database"], state["disk"], state["keeper"])), state
