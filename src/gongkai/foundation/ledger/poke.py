"""A hint to the keeper that something waits. Only a hint: a scan each second is the truth."""

import socket
from contextlib import suppress
from pathlib import Path

from django.conf import settings
from django.db import connection

CHANNEL = "gongkai_keeper"


def socket_path() -> Path:
    """Where the keeper of this home listens for datagrams."""
    return Path(settings.HOME.run) / "keeper.sock"


def keeper() -> None:
    """Wake the keeper on this machine, and on PostgreSQL wherever it runs; never fails."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as hint, suppress(OSError):
        hint.setblocking(False)  # no keeper here, or its queue is full: the scan finds the work
        hint.sendto(b".", str(socket_path()))
    if connection.vendor == "postgresql" and not connection.in_atomic_block:
        with connection.cursor() as cursor:
            cursor.execute(f"NOTIFY {CHANNEL}")
