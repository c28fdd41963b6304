"""Is the folder what it should be? By its digests in a moment, or by rendering everything again.

Looking changes nothing and needs no keeper's place, so it goes on beside a keeper at work. What
looks wrong is then looked at once more, and put right, by whoever holds the place: this process,
or the keeper, to whom it is left as a doubt. Only what was wrong then counts, so that a page which
the keeper was just about to change is nobody's fault.
"""

import time
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

from django.conf import settings

from gongkai.foundation.ledger import jobs as log
from gongkai.foundation.ledger import poke
from gongkai.foundation.ledger.lease import Lease
from gongkai.surfaces.board import build, crew, houses, jobs, queries, rendering
from gongkai.surfaces.board.build import Progress
from gongkai.surfaces.board.manifest import AT_ONCE, Manifest

PATIENCE = 60.0
"""Seconds to wait for the keeper to settle a doubt."""


@dataclass(frozen=True)
class Found:
    """What a check found: how many files there should be, which were wrong and are right again,
    and which the keeper has yet to look at.
    """

    files: int
    wrong: tuple[str, ...]
    waiting: tuple[str, ...] = ()


def check(progress: Progress | None = None, *, quick: bool = False, hands: int = 1) -> Found:
    """Find files that are missing, edited or left over, and have them put right.

    ``quick`` reads every file and compares it with its digest in the manifest; otherwise all is
    rendered again and compared with both. ``Broken`` when database and log tell two stories.
    """
    log.check_head()
    _catch_up()
    look = _digests if quick else _records
    suspects = sorted(set(look(progress or _silent, hands)))
    files = rendering.manifest().count()
    if not suspects:
        return Found(files, ())
    lease = Lease()
    if not lease.acquire():
        return _left_to_the_keeper(files, suspects)
    try:
        return Found(files, tuple(_repaired(suspects)))
    finally:
        lease.release()


def _catch_up() -> None:
    """Without a keeper: what waits for its page, or to lose it, is not yet wrong."""
    lease = Lease()
    if lease.acquire():
        try:
            jobs.remove()
            jobs.follow()
        finally:
            lease.release()


def _repaired(suspects: Collection[str]) -> Iterator[str]:
    for portion in queries.portions(suspects):
        yield from build.repair(portion)


def _left_to_the_keeper(files: int, suspects: Collection[str]) -> Found:
    manifest = rendering.manifest()
    manifest.doubt(suspects)
    poke.keeper()
    until = time.monotonic() + PATIENCE
    while (waiting := manifest.doubts()) and time.monotonic() < until:
        time.sleep(0.1)
    return Found(files, tuple(manifest.settled()), tuple(waiting))


# -- by digests ------------------------------------------------------------------------------------


def _digests(show: Progress, hands: int) -> Iterator[str]:
    """The files that do not have the digest that the manifest knows, and those it does not know."""
    whole, seen = rendering.manifest().count(), 0
    show(0, whole)
    for portion, wrong in crew.shared(unsound, _portions(rendering.manifest()), hands):
        seen += len(portion)
        show(min(seen, whole), whole)
        yield from wrong
    for strangers in rendering.site_of_board().strangers(rendering.manifest()):
        yield from strangers


def _portions(manifest: Manifest) -> Iterator[list[tuple[str, bytes]]]:
    after = ""
    while portion := manifest.portion(after):
        yield portion
        after = portion[-1][0]


def unsound(portion: list[tuple[str, bytes]]) -> list[str]:
    """Those of these files whose bytes, or whose twins' bytes, have another digest."""
    site = rendering.site_of_board()
    return [path for path, expected in portion if not site.sound(path, expected)]


# -- by the records --------------------------------------------------------------------------------


def _records(show: Progress, hands: int) -> Iterator[str]:
    """The files that are not what the records render, or not in the manifest as such."""
    manifest, sizes = rendering.manifest(), rendering.sizes(houses.town())
    whole, seen = build.total(sizes), 0
    show(0, whole)
    # What should stand is too much for memory on a large board: a manifest of its own, for a while.
    with TemporaryDirectory(dir=settings.HOME.run, prefix="check-") as folder:
        rendered = Manifest(Path(folder) / "rendered.sqlite3")
        perform = partial(build.perform, thorough=True, dry=True)
        for unit, done in crew.shared(perform, build.units(sizes), hands):
            yield from done.changed
            yield from _otherwise(manifest, dict(done.written))
            rendered.note(done.written)
            seen += build.weight(unit)
            show(seen, whole)
        for portion in _portions(manifest):
            known = rendered.known([path for path, _digest in portion])
            yield from (path for path, _digest in portion if path not in known)
        for strangers in rendering.site_of_board().strangers(rendered):
            yield from strangers
        rendered.close()


def _otherwise(manifest: Manifest, written: dict[str, bytes]) -> Iterator[str]:
    paths = list(written)
    for start in range(0, len(paths), AT_ONCE):
        portion = paths[start : start + AT_ONCE]
        known = manifest.known(portion)
        yield from (path for path in portion if known.get(path) != written[path])


def _silent(_done: int, _whole: int) -> None:
    """No progress to show."""
