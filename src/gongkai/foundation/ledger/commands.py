"""``gongkai log``: look after the transparency log from the command line."""

from pathlib import Path

import click
from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from gongkai.foundation.ledger import queries
from gongkai.foundation.translog.verify import verify_log


@click.group()
def log() -> None:
    """The transparency log."""


@log.command()
@click.option(
    "--folder", type=click.Path(path_type=Path, exists=True), help="A copy of a log folder."
)
@click.option("--vkey", help="The published key; the folder's own file vkey when left out.")
def verify(folder: Path | None, vkey: str | None) -> None:
    """Recompute every entry, tile and root, and compare them with the signed checkpoint."""
    place = folder or Path(settings.HOME.log)
    key = vkey or _published_key(place)
    with click.progressbar(length=1, label=_("核对日志")) as bar:

        def progress(done: int, total: int) -> None:
            bar.length = total
            bar.update(done - bar.pos)

        report = verify_log(place, key, progress=progress, gettext=_)
    faults = [*report.faults, *([] if folder else _database_faults(report.entries))]
    for fault in faults:
        click.echo(fault, err=True)
    if faults or not report.ok:
        raise SystemExit(1)
    said = ngettext("日志完好：%(count)s条。", "日志完好：%(count)s条。", report.entries)
    click.echo(said % {"count": report.entries})


def _published_key(folder: Path) -> str:
    try:
        return (folder / "vkey").read_text("utf-8").strip()
    except OSError as error:
        raise click.ClickException(
            _("%(folder)s里没有vkey文件。还没有公开过内容，或者文件夹不对。") % {"folder": folder}
        ) from error


def _database_faults(entries: int) -> list[str]:
    """Where our own database says otherwise than the log on disk."""
    head = queries.head()
    if head.exposed_size == entries:
        return []
    told = {"disk": entries, "database": head.exposed_size}
    return [_("日志有%(disk)s条，数据库记着已公布%(database)s条。") % told]
