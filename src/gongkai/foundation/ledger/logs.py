"""The two logs of an installation, kept by one machinery.

The public log holds the public records and stands on the board. The office log holds the acts, has
its own key and origin, and stands in a folder that is for the owner alone.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db.models import QuerySet

from gongkai.foundation.core.errors import Broken
from gongkai.foundation.ledger import acts, models
from gongkai.foundation.ledger.models import Act, PublicRecord
from gongkai.foundation.translog.note import Signer, Verifier
from gongkai.foundation.translog.store import TileStore


@dataclass(frozen=True)
class Log:
    """One of the logs (日志): where it stands, who signs it, and what its entries are.

    ``columns`` are those that ``entry`` reads of a row of ``model``.
    """

    name: str
    place: str
    suffix: str
    model: type[Any]
    columns: tuple[str, ...]
    entry: Callable[[Any], bytes]

    @property
    def folder(self) -> Path:
        """The log's folder in the home."""
        folder: Path = getattr(settings.HOME, self.place)
        return folder

    @property
    def origin(self) -> str:
        """The name under which the log signs."""
        return f"{settings.LOG_ORIGIN}{self.suffix}"

    @property
    def store(self) -> TileStore:
        """The log's files."""
        return TileStore(self.folder)

    @property
    def checkpoint(self) -> Path:
        """The file by which the log commits itself to its entries."""
        return self.folder / "checkpoint"

    def key_file(self, part: str = "") -> Path:
        """The file of the log's key; ``next`` is to follow it, ``old`` went before it."""
        name = f"{self.place}.{part}.key" if part else f"{self.place}.key"
        place: Path = settings.HOME.keys / name
        return place

    @property
    def known_keys(self) -> Path:
        """The file of every key that the log ever had, once it had more than one."""
        place: Path = settings.HOME.keys / f"{self.place}.vkeys"
        return place

    @property
    def signer(self) -> Signer:
        """The log's key."""
        return signer(self.key_file())

    @property
    def vkey(self) -> str:
        """The key with which the log is checked, as readers know it."""
        known: str = settings.HOME.public_key(self.key_file().name)
        return known

    @property
    def verifiers(self) -> list[Verifier]:
        """Every key by which checkpoints of this log are known to be ours; today's first."""
        files = (self.key_file(part) for part in ("next", "old"))
        found = [settings.HOME.public_key(file.name) for file in files if file.exists()]
        if self.known_keys.exists():
            found += self.known_keys.read_text("utf-8").split()
        return [Verifier.parse(vkey) for vkey in dict.fromkeys([self.vkey, *found])]

    def waiting(self) -> "QuerySet[Any]":
        """The rows without a place, oldest first.

        Never "id above the last": PostgreSQL commits ids out of order.
        """
        rows: QuerySet[Any] = self.model.objects.filter(seq__isnull=True)
        return rows.order_by("id").only(*self.columns)

    def rows(self, places: range) -> "QuerySet[Any]":
        """The rows that have those places, in order."""
        rows: QuerySet[Any] = self.model.objects.filter(seq__gte=places.start, seq__lt=places.stop)
        return rows.order_by("seq")

    def entries(self, places: range) -> list[bytes]:
        """The ordered entries of a range; ``Broken`` when one is missing."""
        entries = [self.entry(row) for row in self.rows(places).only("seq", *self.columns)]
        if len(entries) != len(places):
            raise Broken(f"the database lacks entries between {places.start} and {places.stop}")
        return entries

    def portions(self, start: int, stop: int, size: int) -> Iterator[tuple[int, list[bytes]]]:
        """The ordered entries from ``start`` to ``stop``, at most ``size`` at once."""
        for begin in range(start, stop, size):
            yield begin, self.entries(range(begin, min(begin + size, stop)))


PUBLIC = Log(
    name=models.PUBLIC_LOG,
    place="log",
    suffix="",
    model=PublicRecord,
    columns=("id", "entry"),
    entry=lambda record: bytes(record.entry),
)
OFFICE = Log(
    name=models.OFFICE_LOG,
    place="audit",
    suffix="/office",
    model=Act,
    columns=acts.ENTRY_COLUMNS,
    entry=acts.entry,
)


def signer(file: Path) -> Signer:
    """The signing key in ``file``, one of those of :meth:`Log.key_file`."""
    return _parsed(settings.HOME.secret(file.name), file.name)


@lru_cache(8)
def _parsed(key: str, file: str) -> Signer:
    try:
        return Signer.parse(key)
    except ValueError as error:
        raise Broken(f"keys/{file} is no signing key; bring it back from a backup") from error
