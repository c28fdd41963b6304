"""The manifest 清单: what every file of the board's folder should be, beside the folder.

A small SQLite file in the home's ``run`` folder holds the digest of each file that the board has
written, and how far a build has come. It describes this folder on this disk, so it belongs neither
into the office's database (a restored backup must not claim other pages) nor among the pages,
where whoever edits a page could edit it too. Losing it costs a build in the background.

One process writes it, the one that holds the keeper's place; any may read, and leave doubts.
"""

import json
import sqlite3
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from hashlib import sha256
from pathlib import Path
from typing import Any

DIGEST = 16
"""Bytes kept of each SHA-256: enough against any second text of the same digest."""
PATIENCE = 30.0
AT_ONCE = 500

_TABLES = """
CREATE TABLE IF NOT EXISTS page (
    path TEXT PRIMARY KEY, digest BLOB NOT NULL, build INTEGER NOT NULL
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS fact (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS doubt (path TEXT PRIMARY KEY, wrong INTEGER) WITHOUT ROWID;
"""


def digest(data: bytes) -> bytes:
    """What the manifest keeps of a file's bytes."""
    return sha256(data).digest()[:DIGEST]


class Anew(OSError):
    """The manifest could not be read and has been begun anew: what it said is lost."""


class Manifest:
    """The digests of one board, in the file ``path``; made where missing, anew where unreadable."""

    def __init__(self, path: Path) -> None:
        self.path = path
        path.parent.mkdir(parents=True, exist_ok=True)
        with suppress(Anew), self._heard():
            self._open()

    def _open(self) -> None:
        self._db = sqlite3.connect(self.path, timeout=PATIENCE, isolation_level=None)
        self._db.execute("PRAGMA journal_mode=WAL")
        self._db.execute("PRAGMA synchronous=NORMAL")
        self._db.execute("PRAGMA cache_size=-16000")
        self._db.executescript(_TABLES)
        self.path.chmod(0o600)

    def close(self) -> None:
        """Let go of the file."""
        self._db.close()

    @contextmanager
    def _heard(self) -> Iterator[None]:
        """SQLite's errors as ``OSError``; a file that is not whole is thrown away first."""
        try:
            yield
        except sqlite3.OperationalError as error:
            raise OSError(f"{self.path}: {error}") from error
        except sqlite3.DatabaseError as error:
            self._db.close()
            for file in (self.path, Path(f"{self.path}-wal"), Path(f"{self.path}-shm")):
                file.unlink(missing_ok=True)
            self._open()
            raise Anew(f"{self.path}: {error}; begun anew") from error

    # -- files -------------------------------------------------------------------------------------

    def note(
        self,
        written: Iterable[tuple[str, bytes]],
        gone: Iterable[str] = (),
        facts: Mapping[str, Any] | None = None,
    ) -> None:
        """Keep the digests of these files, forget those, and remember ``facts``, all at once.

        Call it when the files themselves are durable. A loss of power may take the last notes with
        it: then units are rendered again, and a doubt is settled by what the records say.
        """
        build = self.build
        with self._transaction():
            self._db.executemany("DELETE FROM page WHERE path = ?", ((path,) for path in gone))
            self._db.executemany(
                "INSERT INTO page VALUES (?, ?, ?) ON CONFLICT (path) DO UPDATE"
                " SET digest = excluded.digest, build = excluded.build",
                ((path, digest, build) for path, digest in written),
            )
            self._db.executemany(
                "INSERT OR REPLACE INTO fact VALUES (?, ?)",
                ((name, json.dumps(value)) for name, value in (facts or {}).items()),
            )

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        with self._heard():
            self._db.execute("BEGIN IMMEDIATE")
            try:
                yield
                self._db.execute("COMMIT")
            except BaseException:
                if self._db.in_transaction:
                    self._db.execute("ROLLBACK")
                raise

    def count(self) -> int:
        """How many files the board should have."""
        return int(self._rows("SELECT count(*) FROM page")[0][0])

    def portion(self, after: str) -> list[tuple[str, bytes]]:
        """The next files by path, each with its digest; none behind the last."""
        asked = "SELECT path, digest FROM page WHERE path > ? ORDER BY path LIMIT ?"
        return self._rows(asked, after, AT_ONCE)

    def known(self, paths: Sequence[str]) -> dict[str, bytes]:
        """What those of ``paths`` should be that should be there."""
        marks = ",".join("?" * len(paths))
        return dict(self._rows(f"SELECT path, digest FROM page WHERE path IN ({marks})", *paths))

    def left_over(self) -> list[str]:
        """Some of the files that the build in hand has not made again; none when all is done."""
        asked = "SELECT path FROM page WHERE build < ? LIMIT ?"
        return [path for (path,) in self._rows(asked, self.build, AT_ONCE)]

    # -- builds ------------------------------------------------------------------------------------

    @property
    def build(self) -> int:
        """The number of the build in hand, or of the last one."""
        return int(self.fact("build") or 0)

    def fact(self, name: str) -> Any:
        """What was remembered under ``name``; None when nothing was."""
        rows = self._rows("SELECT value FROM fact WHERE name = ?", name)
        return json.loads(rows[0][0]) if rows else None

    # -- doubts ------------------------------------------------------------------------------------

    def doubt(self, paths: Iterable[str]) -> None:
        """Ask whoever holds the keeper's place to look at these files, and to put them right."""
        with self._transaction():
            self._db.executemany(
                "INSERT OR REPLACE INTO doubt VALUES (?, NULL)", ((path,) for path in paths)
            )

    def doubts(self) -> list[str]:
        """Some of the files to look at."""
        asked = "SELECT path FROM doubt WHERE wrong IS NULL LIMIT ?"
        return [path for (path,) in self._rows(asked, AT_ONCE)]

    def settle(self, paths: Iterable[str], wrong: Collection[str]) -> None:
        """These have been looked at; ``wrong`` were not right, and are now."""
        with self._transaction():
            self._db.executemany(
                "UPDATE doubt SET wrong = ? WHERE path = ?",
                ((path in wrong, path) for path in paths),
            )

    def settled(self) -> list[str]:
        """The doubtful files that were indeed wrong. Forgets all that have been looked at."""
        asked = "SELECT path FROM doubt WHERE wrong ORDER BY path"
        wrong = [path for (path,) in self._rows(asked)]
        with self._transaction():
            self._db.execute("DELETE FROM doubt WHERE wrong IS NOT NULL")
        return wrong

    def _rows(self, asked: str, *values: object) -> list[Any]:
        with self._heard():
            return self._db.execute(asked, values).fetchall()
