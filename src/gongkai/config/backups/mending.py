"""Files that the integrity watch found damaged, put back from a backup one by one.

A backup's list says which bytes stood at a path; only bytes that have that digest are taken, and
the watch then looks at them as at any others. Rows of the database are no business of this.
"""

import os
import shutil
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from django.conf import settings

from gongkai.config import watch
from gongkai.config.backups.pool import Damaged, Pool
from gongkai.foundation.core.durable import sync
from gongkai.foundation.files import queries


def mended(pool: Pool) -> Iterator[tuple[str, bool]]:
    """Each damaged file, and whether it is whole now."""
    wanted = [each for each in queries.damages() if "/" in each.path]
    for damage in wanted:
        yield (
            damage.path,
            any(
                _put_back(pool, digest, size, damage.path) and watch.is_whole(damage)
                for digest, size in _kept(pool, damage.path)
            ),
        )
    watch.look_again()


def _kept(pool: Pool, path: str) -> Iterator[tuple[str, int]]:
    """The different bytes that backups have for ``path``, the newest first."""
    seen = set()
    for file in reversed(pool.manifests()):
        with suppress(Damaged):
            for kept in pool.read(file).files:
                if kept.path == path and kept.sha256 not in seen:
                    seen.add(kept.sha256)
                    yield kept.sha256, kept.size


def _put_back(pool: Pool, digest: str, size: int, path: str) -> bool:
    """Have the saved bytes stand at ``path``, whole or not at all."""
    if pool.fault(digest, size):
        return False
    place: Path = settings.HOME.path / path
    place.parent.mkdir(parents=True, exist_ok=True)
    partial = place.with_name(f".{place.name}.{os.getpid()}")
    shutil.copyfile(pool.blob(digest), partial)
    partial.chmod(0o644 if path.startswith("board/") else 0o600)
    sync([partial])
    partial.replace(place)
    sync([place.parent])
    return True
