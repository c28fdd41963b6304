"""Clearing away uploads that never arrived whole; what a restore must put right and know."""

from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings

from gongkai.foundation.files import storage
from gongkai.foundation.files.models import StoredFile

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


def destroy_erased() -> int:
    """Destroy again what was erased, wherever the bytes came back from; returns how many files."""
    erased = StoredFile.objects.filter(erased_at__isnull=False).values_list("digest", flat=True)
    return sum(storage.destroy(digest) for digest in erased.iterator())


def missing() -> list[str]:
    """The digests of files that should stand in the store and do not."""
    wanted = StoredFile.objects.filter(erased_at__isnull=True).values_list("digest", flat=True)
    return [digest for digest in wanted.iterator() if not storage.path(digest).exists()]
