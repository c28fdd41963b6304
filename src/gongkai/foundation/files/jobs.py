"""Clearing away uploads that never arrived whole."""

from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings

_ARRIVES_WITHIN = timedelta(hours=6)


def sweep(now: datetime) -> int:
    """Remove what a crash left of uploads older than six hours; returns how many files."""
    folder = Path(settings.HOME.files) / "incoming"
    removed = 0
    for left in folder.glob("*"):
        with suppress(FileNotFoundError):
            if left.stat().st_mtime < (now - _ARRIVES_WITHIN).timestamp():
                left.unlink()
                removed += 1
    return removed
