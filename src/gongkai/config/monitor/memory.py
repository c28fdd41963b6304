"""What a monitor remembers between two runs: a folder that any other program can read as well.

``vkey`` is the pinned key, ``checkpoint`` the newest signed note found good, ``kept/`` each of them
by size (``gongkai restore --witness`` takes that folder), ``evidence/`` what proves a lie.
``pages.sqlite3`` knows the items and how long ago each was looked at.
"""

import fcntl
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path

from gongkai.foundation.core import durable

_TABLES = """
CREATE TABLE IF NOT EXISTS item (
    address TEXT PRIMARY KEY, looked REAL NOT NULL DEFAULT 0
);
CREATE INDEX IF NOT EXISTS item_by_age ON item (looked, address);
CREATE TABLE IF NOT EXISTS mark (name TEXT PRIMARY KEY, value INTEGER NOT NULL);
"""
_LISTED = "listed"


class Busy(Exception):
    """Another run is at work in the same folder."""


class Memory:
    """The folder of one monitored board. Only one run at a time: see :func:`opened`."""

    def __init__(self, folder: Path, pages: sqlite3.Connection) -> None:
        self.folder = folder
        self._pages = pages

    # -- the log ---------------------------------------------------------------------------------

    @property
    def vkey(self) -> str:
        """The pinned key; empty before the first run."""
        return _text(self.folder / "vkey").strip()

    def pin(self, vkey: str) -> None:
        """Believe this key from now on."""
        durable.replace(self.folder / "vkey", f"{vkey}\n".encode())

    @property
    def note(self) -> str:
        """The newest checkpoint that was found good; empty before the first."""
        return _text(self.folder / "checkpoint")

    def keep(self, note: str, size: int) -> None:
        """Remember this checkpoint; the earlier ones stay."""
        if note != self.note:
            durable.replace(self.folder / "kept" / f"{size}.txt", note.encode())
            durable.replace(self.folder / "checkpoint", note.encode())

    def accuse(self, kind: str, notes: Iterable[tuple[str, str]]) -> Path:
        """Keep what proves a lie, once; returns its folder."""
        told = [(name, note) for name, note in notes if note]
        for before in sorted((self.folder / "evidence").glob(f"*-{kind}")):
            if all(_text(before / f"{name}.txt") == note for name, note in told):
                return before
        stamp = datetime.now(UTC).strftime("%Y%m%dT%H%M%SZ")
        folder = self.folder / "evidence" / f"{stamp}-{kind}"
        for name, note in told:
            durable.replace(folder / f"{name}.txt", note.encode())
        return folder

    # -- the pages -------------------------------------------------------------------------------

    @property
    def listed(self) -> int:
        """How many pages of the list of all items are finished and were read."""
        row = self._pages.execute("SELECT value FROM mark WHERE name = ?", (_LISTED,)).fetchone()
        return int(row[0]) if row else 0

    def learn(self, addresses: Iterable[str], listed: int) -> None:
        """These items stand in the lists, of which so many pages are done."""
        with self._pages:
            self._pages.executemany(
                "INSERT OR IGNORE INTO item (address) VALUES (?)", [(each,) for each in addresses]
            )
            self._pages.execute("INSERT OR REPLACE INTO mark VALUES (?, ?)", (_LISTED, listed))

    def count(self) -> int:
        """How many items are known."""
        return int(self._pages.execute("SELECT count(*) FROM item").fetchone()[0])

    def oldest(self, most: int) -> list[str]:
        """The items that nobody has looked at for the longest time."""
        rows = self._pages.execute(
            "SELECT address FROM item ORDER BY looked, address LIMIT ?", (most,)
        )
        return [row[0] for row in rows]

    def looked(self, address: str, at: float) -> None:
        """The item was looked at, and all was well."""
        with self._pages:
            self._pages.execute("UPDATE item SET looked = ? WHERE address = ?", (at, address))


@contextmanager
def opened(folder: Path) -> Iterator[Memory]:
    """The memory in ``folder``, made when there is none. Raises ``Busy`` beside another run."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    with (folder / "lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise Busy(str(folder)) from error
        with closing(sqlite3.connect(folder / "pages.sqlite3")) as pages:
            pages.executescript(_TABLES)
            yield Memory(folder, pages)


def _text(file: Path) -> str:
    try:
        return file.read_text("utf-8")
    except FileNotFoundError:
        return ""
