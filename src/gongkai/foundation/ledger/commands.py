"""``gongkai log``: look after the transparency log from the command line."""

from collections.abc import Iterator
from itertools import islice
from pathlib import Path

import click
from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from gongkai.foundation.ledger import audit, jobs, queries
from gongkai.foundation.translog.verify import Report, verify_log

NAMED = 20
"""Altered records that are listed by number."""


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
    published = _published_key(place)
    # Who swapped the log may have swapped the key beside it: at home, ours decides.
    key = vkey or (published if folder else jobs.vkey())
    with click.progressbar(length=1, label=_("核对日志")) as bar:

        def progress(done: int, total: int) -> None:
            bar.length = total
            bar.update(done - bar.pos)

        report = verify_log(place, key, progress=progress, gettext=_)
    faults = [*report.faults, *([] if folder else _our_faults(report, published))]
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


def _our_faults(report: Report, published: str) -> Iterator[str]:
    """Where our own key and database say otherwise than the log on disk."""
    if published != jobs.vkey():
        yield _("文件vkey里不是本站的公钥。")
    exposed = queries.head().exposed_size
    if exposed != report.entries:
        told = {"disk": report.entries, "database": exposed}
        yield _("日志有%(disk)s条，数据库记着已公布%(database)s条。") % told
    elif report.ok:
        for seq in islice(audit.altered(exposed), NAMED):
            yield _("序号%(seq)s的公开记录与日志不符：数据库被改动过。") % {"seq": seq}
