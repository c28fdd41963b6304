"""Prove from the log that nothing published is missing or different, after a backup was laid out.

    database ──► tables, assets ──► log ──► erasures ──► files

Each step can be repeated. Nothing is signed here: what the database had signed is exposed again.
"""

import shutil
from contextlib import closing
from pathlib import Path

import click
from django.conf import settings
from django.db import connection

from gongkai.config import copying, upgrade
from gongkai.config.backups.laying import DUMP
from gongkai.config.env import Unusable
from gongkai.foundation.files import jobs as files
from gongkai.foundation.ledger import commands as ledger
from gongkai.foundation.ledger import jobs, queries
from gongkai.foundation.ledger.logs import OFFICE, PUBLIC, Log
from gongkai.foundation.translog.checkpoint import Checkpoint
from gongkai.foundation.translog.merkle import EMPTY_ROOT
from gongkai.foundation.translog.note import Verifier
from gongkai.foundation.translog.store import TileStore
from gongkai.foundation.translog.verify import verify_log
from gongkai.foundation.witness import queries as queries_of_witnesses
from gongkai.procedure.archive import jobs as archive
from gongkai.surfaces.channels.briefs import jobs as briefs


def prove() -> list[str]:
    """Do it all; returns the digests of attachments that should be there and are not.

    ``Unusable`` when the log does not hold, or the database says otherwise than the log.
    """
    _load()
    upgrade.prepare()
    with upgrade.alone() as lease:
        for log in (PUBLIC, OFFICE):
            _lay(log)
            jobs.write_tiles(log)
            jobs.expose(lease, log)
    _verify()
    files.destroy_erased()
    files.read_lost()
    archive.repeat_removals()
    briefs.repeat_removals()
    return files.missing()


def verifiers() -> list[Verifier]:
    """The keys by which checkpoints of the public log are known."""
    return PUBLIC.verifiers


def _vkeys(log: Log) -> list[str]:
    return [each.vkey for each in log.verifiers]


def witnesses() -> list[tuple[str, str]]:
    """Address and key of those whom the restored log trusts as witnesses."""
    return [(each.url, each.vkey) for each in queries_of_witnesses.trusted()]


def contradicts(checkpoint: Checkpoint) -> bool:
    """Whether ``checkpoint``, not longer than our log, is of another history."""
    store = PUBLIC.store
    ours = store.root(checkpoint.size) if checkpoint.size else EMPTY_ROOT
    return ours != checkpoint.root


def signed() -> int:
    """How many entries this installation has signed."""
    return queries.head().signed_size


def _load() -> None:
    dump: Path = settings.HOME.path / DUMP
    if connection.vendor == "sqlite" or not dump.exists():
        return
    with closing(connection.cursor()):
        empty = not connection.introspection.table_names()
    if empty:  # else it was loaded, in one transaction, before this restore was cut off
        copying.load_database(dump)
    dump.unlink()


def _lay(log: Log) -> None:
    """Tiles that the backup lacks are made again from the database's entries, all of them.

    The checkpoint comes back only when they give its root.
    """
    store, kept = log.store, Path(settings.HOME.run) / f"{log.place}-checkpoint"
    if not kept.exists():
        if store.read_checkpoint() is None or verify_log(log.folder, *_vkeys(log)).ok:
            return
        log.checkpoint.rename(kept)
    note = kept.read_text("utf-8")
    shutil.rmtree(log.folder / "tile", ignore_errors=True)
    jobs.write_tiles(log)
    size = int(note.split("\n")[1])
    if size > queries.head(log.name).size or not verified(store, size, note):
        raise Unusable(
            "数据库里的记录与备份里的检查点不符，没有恢复完。请用另一份备份。"
            " / The database's entries do not give the backup's checkpoint."
        )
    kept.rename(log.checkpoint)


def verified(store: TileStore, size: int, note: str) -> bool:
    """Whether the tiles give the root that ``note`` promises for ``size``."""
    return store.root(size) == Checkpoint.parse(note.rpartition("\n\n")[0] + "\n").root


def _verify() -> None:
    """``gongkai log verify`` and ``audit verify``, of the logs that have begun."""
    context = click.Context(ledger.log)
    try:
        if queries.head(PUBLIC.name).signed_size:
            context.invoke(ledger.verify)
        if queries.head(OFFICE.name).signed_size:
            context.invoke(ledger.verify_acts)
    except SystemExit as stop:
        raise Unusable(
            "恢复出来的内容与日志不符，没有恢复完。请用另一份备份。"
            " / What was restored is not what the log says; use another backup."
        ) from stop
