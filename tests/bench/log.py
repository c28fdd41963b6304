"""The transparency log by itself: to append, to check the whole of it, to prove one entry."""

import os
import secrets
from hashlib import sha256
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

from tests.bench.measure import Series, in_turn, passed, series

from gongkai.foundation.core import canonical
from gongkai.foundation.translog.checkpoint import Checkpoint
from gongkai.foundation.translog.merkle import Frontier, leaf_hash
from gongkai.foundation.translog.note import Signer
from gongkai.foundation.translog.proof import Proof
from gongkai.foundation.translog.store import TileStore
from gongkai.foundation.translog.verify import verify_log

BATCH = 1000
MANY = 100_000
"""How long the long log is, unless ``--items`` says another number."""
ONE_BY_ONE = 100
PROOFS = 200


class Log:
    """A log that signs after every append, as the keeper does."""

    def __init__(self, folder: Path) -> None:
        self.store = TileStore(folder)
        self.signer = Signer.generate("test.invalid/log")
        self.frontier = Frontier()

    def append(self, count: int) -> float:
        """The seconds until ``count`` more entries stand under an exposed checkpoint."""
        entries = [_entry() for _ in range(count)]
        return passed(lambda: self._append(entries))

    def _append(self, entries: list[bytes]) -> None:
        old_size = self.frontier.size
        self.frontier.extend(map(leaf_hash, entries))
        self.store.write(old_size, entries)
        size, root = self.frontier.size, self.store.root(self.frontier.size)
        note = self.signer.sign(Checkpoint(self.signer.verifier.name, size, root).text())
        self.store.publish_checkpoint(note)


def run(items: int = MANY) -> list[Series]:
    """Ratios tell what size costs: one more entry behind 1,000 and behind the long log's."""
    with TemporaryDirectory() as folder:
        home = Path(folder)
        short, long = Log(home / "short"), Log(home / "long")
        short.append(BATCH)
        batches = [long.append(BATCH) for _ in range(items // BATCH)]
        return [
            series("1,000 entries and a checkpoint", "ms", batches),
            *_appends(home, short, long),
            *_checks(long),
            *_proofs(short, long),
        ]


def _appends(home: Path, short: Log, long: Log) -> list[Series]:
    sync, behind_few, behind_many = in_turn(
        ONE_BY_ONE,
        lambda: passed(lambda: _synced_file(home / "file")),
        lambda: short.append(1),
        lambda: long.append(1),
    )
    bare = series("a small file written and synced", "ms", sync)
    few = series("1 entry and a checkpoint behind 1,000", "ms", behind_few, bare)
    return [bare, few, series(f"the same behind {long.frontier.size:,}", "ms", behind_many, few)]


def _checks(log: Log) -> list[Series]:
    entries = [_entry() for _ in range(log.frontier.size)]
    hashed, verified = in_turn(
        5,
        lambda: passed(lambda: [sha256(entry).digest() for entry in entries]),
        lambda: passed(lambda: _verify(log)),
    )
    bare = series(f"{log.frontier.size:,} entries hashed once", "s", hashed)
    return [bare, series(f"a log of {log.frontier.size:,} verified", "s", verified, bare)]


def _proofs(short: Log, long: Log) -> list[Series]:
    chance = Random(1)
    few, many = in_turn(PROOFS, lambda: _prove(short, chance), lambda: _prove(long, chance))
    first = series("an inclusion proof among 1,000", "ms", few)
    return [first, series(f"the same among {long.frontier.size:,}", "ms", many, first)]


def _verify(log: Log) -> None:
    report = verify_log(log.store.folder, log.signer.verifier.vkey)
    assert report.ok, report.faults


def _prove(log: Log, chance: Random) -> float:
    """As on request: from the files, nothing remembered."""
    index, note = chance.randrange(log.frontier.size), log.store.read_checkpoint()
    assert note is not None
    return passed(lambda: Proof.make(index, note, log.store.hash_reader(log.frontier.size)))


def _synced_file(path: Path) -> None:
    with path.open("wb") as file:
        file.write(bytes(4096))
        file.flush()
        os.fsync(file.fileno())


def _entry() -> bytes:
    shown = {"commitment": secrets.token_hex(32), "kind": "release", "time": "2026-11-23T01:40:00Z"}
    return canonical.encode(shown)
