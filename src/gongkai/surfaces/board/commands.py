"""``gongkai board`` renders the public pages or checks them."""

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import click
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from gongkai.foundation.core.errors import Refused
from gongkai.foundation.core.progress import Progress, bar
from gongkai.foundation.ledger.lease import LASTS, Lease
from gongkai.surfaces.board import build as builds
from gongkai.surfaces.board import check as checks
from gongkai.surfaces.board import crew
from gongkai.surfaces.board.build import NAMED

RENEWED_AFTER = LASTS.total_seconds() / 3

JOBS = click.option(
    "--jobs",
    type=click.IntRange(1, 256),
    default=crew.hands,
    help="同时渲染的进程数，默认每个处理器一个。 / Processes; one for each processor by default.",
)


@click.group()
def board() -> None:
    """The public board."""


@board.command()
@JOBS
def build(jobs: int) -> None:
    """Render every page from the public records, and take away what does not belong.

    A build that was cut off goes on where it was.
    """
    with _keeper() as lease, bar(_("公开栏"), counts=True) as show:
        report = builds.build(_renewing(lease, show), hands=jobs)
    _name(report.named, report.changed)
    said = ngettext("共%(n)s个文件。", "共%(n)s个文件。", report.files) % {"n": report.files}
    click.echo(said + _verdict(report.changed))


@board.command()
@click.option(
    "--quick",
    is_flag=True,
    help="只按清单核对指纹，不重新渲染。 / Compare digests only; render nothing.",
)
@JOBS
def check(quick: bool, jobs: int) -> None:
    """Find pages that are missing, edited or left over, and put them right.

    Exit status 1 when there were any: somebody else has been in the folder.
    """
    with bar(_("公开栏"), counts=True) as show:
        found = checks.check(show, quick=quick, hands=jobs)
    _name(found.wrong, len(found.wrong))
    said = ngettext("共%(n)s个文件。", "共%(n)s个文件。", found.files) % {"n": found.files}
    click.echo(said + _verdict(len(found.wrong)))
    if found.waiting:
        _name(found.waiting, len(found.waiting))
        click.echo(_("以上文件可疑，keeper 还没有看完，会接着核对、改正。"))
    if found.wrong or found.waiting:
        raise SystemExit(1)


def _renewing(lease: Lease, show: Progress) -> Progress:
    """``show``, which now and then renews the lease as well."""
    renewed = 0.0

    def both(done: int, whole: int) -> None:
        nonlocal renewed
        if time.monotonic() - renewed > RENEWED_AFTER:
            lease.renew()
            renewed = time.monotonic()
        show(done, whole)

    return both


@contextmanager
def _keeper() -> Iterator[Lease]:
    """The keeper's place: two writers would undo each other's pages."""
    lease = Lease()
    if not lease.acquire():
        raise Refused([_("keeper 还在运行。请先停下 gongkai，再做一次。")])
    try:
        yield lease
    finally:
        lease.release()


def _name(paths: Sequence[str], total: int) -> None:
    shown = paths[:NAMED]
    for path in shown:
        click.echo(path)
    if total > len(shown):
        click.echo("…")


def _verdict(changed: int) -> str:
    if not changed:
        return _("都和公开记录一致。")
    return ngettext("重写或者去掉%(n)s个。", "重写或者去掉%(n)s个。", changed) % {"n": changed}
