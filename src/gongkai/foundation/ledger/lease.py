"""There is one keeper: a lock on the home folder, and on PostgreSQL a lease that fences writes.

An advisory lock alone is not enough on PostgreSQL, where a failover can grant it twice. So each
writing transaction of the keeper reads the lease row ``FOR SHARE`` and fails if the epoch moved.
"""

import fcntl
import os
import socket
from datetime import timedelta
from pathlib import Path
from typing import IO

from django.conf import settings
from django.db import connection, transaction

from gongkai.foundation.core import clock
from gongkai.foundation.core.errors import Conflict
from gongkai.foundation.ledger import models

LASTS = timedelta(seconds=15)


class Lease:
    """The right to be keeper. ``acquire`` until it says yes, ``renew`` each pass, ``release``."""

    def __init__(self) -> None:
        self.holder = f"{socket.gethostname()}:{os.getpid()}"
        self.epoch = 0
        self._lock: IO[str] | None = None

    def acquire(self) -> bool:
        """Whether this process is keeper now; a second one gets no and waits."""
        return self._lock_home() and self._lease_row()

    def renew(self) -> None:
        """Keep the lease; ``Conflict`` when another process has taken it."""
        if connection.vendor != "postgresql":
            return
        mine = models.Lease.objects.filter(pk=1, epoch=self.epoch, holder=self.holder)
        if not mine.update(until=clock.now() + LASTS):
            raise Conflict("another keeper holds the lease")

    def fence(self) -> None:
        """Inside a writing transaction: ``Conflict`` unless this process still holds the lease."""
        if connection.vendor != "postgresql":
            return
        with connection.cursor() as cursor:
            cursor.execute("SELECT epoch FROM ledger_lease WHERE id = 1 FOR SHARE")
            row = cursor.fetchone()
        if not row or row[0] != self.epoch:
            raise Conflict("another keeper holds the lease")

    def release(self) -> None:
        """Let another process be keeper at once."""
        if connection.vendor == "postgresql" and self.epoch:
            models.Lease.objects.filter(pk=1, epoch=self.epoch).update(until=clock.now())
        if self._lock:
            self._lock.close()
            self._lock = None

    def _lock_home(self) -> bool:
        if self._lock:
            return True
        path = Path(settings.HOME.run) / "keeper.lock"
        path.parent.mkdir(parents=True, exist_ok=True)
        lock = path.open("w")
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            lock.close()
            return False
        self._lock = lock
        return True

    def _lease_row(self) -> bool:
        if connection.vendor != "postgresql":
            return True
        now = clock.now()
        with transaction.atomic():
            models.Lease.objects.get_or_create(pk=1, defaults={"holder": "", "until": now})
            row = models.Lease.objects.select_for_update().get(pk=1)
            if row.until > now and row.holder != self.holder and not _died_here(row.holder):
                return False
            row.holder, row.epoch, row.until = self.holder, row.epoch + 1, now + LASTS
            row.save()
        self.epoch = row.epoch
        return True


def _died_here(holder: str) -> bool:
    """Whether ``holder`` was a process of this machine that is no more: its lease need not run out.

    Were it wrong, because two machines have one name, the fence would still stop the slower one.
    """
    host, _colon, process = holder.rpartition(":")
    if host != socket.gethostname():
        return False
    try:
        os.kill(int(process), 0)
    except OSError as error:
        return isinstance(error, ProcessLookupError)  # any other says that it lives
    return False
