"""What belongs into a backup, and the order that makes it one, while everything runs.

    log ──► database ──► files, archive, calendars ──► list

A log never gets ahead of its database, so the log is read first and the database after it: a
database that is newer than the log completes it at the next start. Files stand before a row names
them and archive folders appear whole, so both come after the database and hold what it names. The
board's pages and the assets are made anew from the database and the program.
"""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

from django.conf import settings
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder

from gongkai.config import copying, installed
from gongkai.config.backups import sealing
from gongkai.config.backups.pool import Damaged, Kept, Manifest, Pool
from gongkai.foundation.ledger import keyring
from gongkai.foundation.ledger.logs import PUBLIC
from gongkai.foundation.translog.store import TileStore
from gongkai.foundation.translog.tiles import changed
from gongkai.foundation.witness import queries as witnesses

LOGS = ("board/log", "audit")
"""The public log, and the office's own."""
DATABASE = "database"
TRIES = 5

Step = Callable[[int], None]
"""``step(n)``: so many more files are looked at."""


class Gathering:
    """One backup on its way into ``pool``; ``faults`` names what could not be taken in."""

    def __init__(self, pool: Pool, step: Step) -> None:
        self._pool, self._step = pool, step
        self._home: Path = settings.HOME.path
        self.faults: list[str] = []
        before = pool.newest()
        self._known = {
            (kept.path, kept.size, kept.mtime): kept.sha256
            for kept in (before.files if before else ())
        }

    def take(self, passphrase: str) -> Manifest:
        """Gather, seal, write the list. *Cut off anywhere, it leaves no backup, and no harm.*"""
        at = datetime.now(UTC)
        note = self._note("board/log")
        files = [kept for log in LOGS for kept in self._log(log)]
        files.append(self._database())
        files += self._files()
        files += self._archive()
        files += self._calendars()
        facts = {
            "checkpoint": note,
            "migrations": sorted(installed.migrations() & _applied()),
            "database": connection.vendor,
            "origin": settings.LOG_ORIGIN,
            "version": installed.fingerprint().strip(),
            "vkey": PUBLIC.vkey,
            "vkeys": [each.vkey for each in PUBLIC.verifiers],
            "witnesses": [[each.url, each.vkey] for each in witnesses.trusted()],
        }
        manifest = Manifest(at, facts, tuple(files), {})
        sealed = sealing.seal(self._secrets(), passphrase, manifest.covered())
        manifest = Manifest(at, facts, tuple(files), sealed)
        self._pool.write(manifest)
        return manifest

    # -- the parts, in order ---------------------------------------------------------------------

    def _note(self, log: str) -> str:
        return TileStore(self._home / log).read_checkpoint() or ""

    def _log(self, name: str) -> Iterator[Kept]:
        """The checkpoint, read first, and the tiles that it covers: no others are promised yet."""
        folder = self._home / name
        checkpoint = folder / "checkpoint"
        if not checkpoint.exists():
            return
        partial = self._pool.incoming / "checkpoint"
        partial.write_bytes(checkpoint.read_bytes())
        size = int(partial.read_text("utf-8").split("\n")[1])
        digest, length = self._pool.adopt(partial)
        yield Kept(f"{name}/checkpoint", digest, length, 0)
        self._pool.settle()
        store = TileStore(folder)
        for tile in changed(0, size):
            found = next(
                (each for each in (tile, tile.full) if (store.folder / each.path).exists()), None
            )
            if found is None:
                self.faults.append(f"{name}/{tile.path}")
            else:
                yield from self._one(folder / found.path)
        for beside in ("vkey", keyring.LIST):
            if (folder / beside).exists():
                yield from self._one(folder / beside)

    def _database(self) -> Kept:
        partial = self._pool.incoming / DATABASE
        copying.copy_database(partial)
        digest, size = self._pool.adopt(partial)
        self._pool.settle()
        self._step(1)
        return Kept(f"{DATABASE}{copying.suffix()}", digest, size, 0)

    def _files(self) -> Iterator[Kept]:
        """Attachments; one whose bytes no longer fit its name is named, and not taken in."""
        for file in sorted(self._home.glob("files/[0-9a-f][0-9a-f]/[0-9a-f][0-9a-f]/*")):
            try:
                yield from self._one(file, expected=file.name)
            except Damaged:
                self.faults.append(str(file.relative_to(self._home)))
            except FileNotFoundError:
                continue  # erased meanwhile

    def _archive(self) -> list[Kept]:
        """The archive's folders, as they stand together; read again when one is replaced."""
        for _attempt in range(TRIES):
            try:
                return [kept for file in self._filed() for kept in self._one(file)]
            except FileNotFoundError:
                continue
        return [kept for file in self._filed() for kept in self._one(file)]

    def _filed(self) -> Iterator[Path]:
        """The archive's files; those with a dot in front are unfinished, or on their way out."""
        for file in sorted((self._home / "archive").rglob("*")):
            inner = file.relative_to(self._home).parts
            if file.is_file() and not any(part.startswith(".") for part in inner):
                yield file

    def _calendars(self) -> list[Kept]:
        """The years' holidays that were loaded."""
        found = sorted(self._home.glob("calendars/[0-9][0-9][0-9][0-9].json"))
        return [kept for file in found for kept in self._one(file)]

    def _secrets(self) -> dict[str, bytes]:
        """Keys, and the settings, which may hold the mail server's password."""
        places = [*sorted(self._home.glob("keys/*")), self._home / "gongkai.toml"]
        named = [place for place in places if place.is_file() and not place.name.startswith(".")]
        return {place.relative_to(self._home).as_posix(): place.read_bytes() for place in named}

    def _one(self, file: Path, *, expected: str = "") -> Iterator[Kept]:
        """One file, copied unless its bytes are in the pool, read unless it is known unchanged."""
        facts = file.stat()
        path, mtime = file.relative_to(self._home).as_posix(), facts.st_mtime_ns // 1000
        digest = expected or self._known.get((path, facts.st_size, mtime), "")
        if not (digest and self._pool.has(digest, facts.st_size)):
            digest = self._pool.keep(file, expected=expected)
        self._step(1)
        yield Kept(path, digest, facts.st_size, mtime)


def _applied() -> set[str]:
    """The changes of the tables that this database has seen, as :func:`installed.migrations`."""
    return {f"{app}.{name}" for app, name in MigrationRecorder(connection).applied_migrations()}
