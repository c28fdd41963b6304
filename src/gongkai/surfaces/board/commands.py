"""``gongkai board``: render the public pages anew, or see whether they are as they should be."""

from collections.abc import Iterator
from contextlib import contextmanager

import click
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from gongkai.foundation.core.errors import Refused
from gongkai.foundation.ledger.lease import Lease
from gongkai.surfaces.board import jobs
from gongkai.surfaces.board.site import Site

NAMED = 20
"""Differing pages that are listed by name."""


@click.group()
def board() -> None:
    """The public board."""


@board.command()
def build() -> None:
    """Render every page from the public records, and take away what does not belong."""
    _tell(_built(thorough=False))


@board.command()
def check() -> None:
    """Find pages that are missing, edited or left over, and put them right.

    Exit status 1 when there were any: somebody else has been in the folder.
    """
    site = _built(thorough=True)
    _tell(site)
    if site.changed:
        raise SystemExit(1)


def _built(*, thorough: bool) -> Site:
    with _keeper() as lease, click.progressbar(length=1, label=_("公开栏")) as bar:

        def progress(done: int, total: int) -> None:
            lease.renew()
            bar.length = total
            bar.update(done - bar.pos)

        return jobs.build(progress, thorough=thorough)


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


def _tell(site: Site) -> None:
    for path in site.changed[:NAMED]:
        click.echo(path)
    total = len(site.kept)
    said = ngettext("共%(n)s个文件。", "共%(n)s个文件。", total) % {"n": total}
    changed = len(site.changed)
    if changed:
        said += ngettext("重写或者去掉%(n)s个。", "重写或者去掉%(n)s个。", changed) % {"n": changed}
    else:
        said += _("都和公开记录一致。")
    click.echo(said)
