"""``gongkai upgrade``: the same installation under a new version, or nothing changed at all.

    backup ──► migrate ──► assets ──► mark

Each stage may be repeated. A crash before the mark leaves the old mark, so the next start
upgrades again; the backup made first is the way back. The pages follow in the background: the
keeper finds that another version has rendered them. Until then they stand, with their old assets.
"""

import gzip
import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import brotli
import click
from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.utils.translation import gettext as _

from gongkai.config import copying, installed
from gongkai.config.env import Unusable
from gongkai.config.keys import make_audit_key, make_witness_key
from gongkai.foundation.ledger import queries as ledger
from gongkai.foundation.ledger.lease import LASTS, Lease
from gongkai.foundation.ledger.logs import OFFICE
from gongkai.foundation.witness.models import WatchedLog

BACKUPS_KEPT = 5
PATIENCE = LASTS.total_seconds() + 5  # a dead keeper's lease runs out meanwhile
COMPRESSED = {".css", ".js", ".json", ".svg", ".txt", ".html"}
LEAST_COMPRESSED = 512  # below that, the headers weigh more than what is saved

TWINS: tuple[tuple[str, Callable[[bytes], bytes]], ...] = (
    # Assets are compressed once and read for ever: the slowest setting pays here, and only here.
    (".br", lambda data: brotli.compress(data, quality=11)),
    (".gz", lambda data: gzip.compress(data, 9, mtime=0)),
)


@click.command(help="升级：备份、更新数据库、样式和页面。 / Back up, migrate, rebuild.")
def upgrade() -> None:
    """Back up, migrate, collect the assets, and note the version; the keeper renders anew."""
    settings.HOME.lay_out()
    with alone():
        if saved := back_up():
            click.echo(_("备份：%(file)s") % {"file": saved})
        prepare()
        installed.write(settings.HOME)
    click.echo(_("已是 %(version)s。") % {"version": installed.fingerprint().split()[0]})


def prepare() -> None:
    """Tables and assets as this version needs them."""
    call_command("migrate", interactive=False, verbosity=0)
    call_command("createcachetable", verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)
    compress(settings.HOME.assets)
    if not ledger.head(OFFICE.name).size:  # a key lost later is a matter for people
        make_audit_key(settings.HOME, settings.LOG_ORIGIN)
    if not WatchedLog.objects.exclude(note="").exists():
        make_witness_key(settings.HOME, settings.LOG_ORIGIN)


@contextmanager
def alone() -> Iterator[Lease]:
    """Hold the keeper's place: tables and pages must not change under a keeper at work.

    Before the first tables there is no keeper, and on PostgreSQL no lease to take.
    """
    lease = Lease()
    if not connection.introspection.table_names():
        yield lease
        return
    until = time.monotonic() + PATIENCE
    while not lease.acquire():
        if time.monotonic() > until:
            raise Unusable(_("keeper 还在运行。请先停下 gongkai，再升级。"))
        time.sleep(0.2)
    try:
        yield lease
    finally:
        lease.release()


def back_up() -> Path | None:
    """A copy of the database in the home's ``backups``; None while it has no tables yet."""
    if not connection.introspection.table_names():
        return None
    folder: Path = settings.HOME.path / "backups"
    name = datetime.now(UTC).strftime("%Y%m%dT%H%M%S%fZ")
    saved = folder / f"{name}{copying.suffix()}"
    partial = folder / f".{saved.name}"
    copying.copy_database(partial)
    partial.replace(saved)
    for old in sorted(folder.iterdir())[:-BACKUPS_KEPT]:
        old.unlink()
    return saved


def compress(folder: Path) -> None:
    """Give every asset its twins. Old assets stay: old pages still name them."""
    for file in folder.rglob("*"):
        if file.suffix in COMPRESSED and file.is_file() and file.stat().st_size >= LEAST_COMPRESSED:
            for suffix, squeeze in TWINS:
                write_twin(file, file.with_name(file.name + suffix), squeeze)


def write_twin(plain: Path, twin: Path, squeeze: Callable[[bytes], bytes]) -> None:
    """Write ``twin`` of ``plain`` unless it is the present one; equal times mark that."""
    facts = plain.stat()
    if twin.exists() and twin.stat().st_mtime_ns == facts.st_mtime_ns:
        return
    partial = twin.with_name(f".{twin.name}.partial")
    partial.write_bytes(squeeze(plain.read_bytes()))
    os.utime(partial, ns=(facts.st_atime_ns, facts.st_mtime_ns))
    partial.replace(twin)
