"""``gongkai reach``: read the access logs of the server in front, and say what was read."""

from pathlib import Path

import click
from django.utils.translation import gettext as _

from gongkai.foundation.core import clock
from gongkai.foundation.core.errors import Refused
from gongkai.surfaces.reach import jobs, reading, rules


@click.command(help="读访问日志，只记每天的总数。 / Read access logs, keep totals by day alone.")
@click.argument("files", nargs=-1, type=click.Path(exists=True, dir_okay=False, path_type=Path))
def reach(files: tuple[Path, ...]) -> None:
    """Add what the logs ``files`` hold beyond what was read before, the oldest first.

    Without a file, add what the web process of this machine wrote down: for a machine on which no
    keeper runs.
    """
    if not rules.counts():
        raise Refused([_("REACH_DAYS是0，这里不计阅读量。")])
    if not files:
        click.echo(_("计入了%(count)s个文件。") % {"count": jobs.gather(clock.now())})
    for file in files:
        try:
            told = reading.read(file)
        except EOFError as error:
            raise Refused([_("%(file)s不完整，没有读完。") % {"file": file.name}]) from error
        said = {
            "file": file.name,
            "lines": told.lines,
            "calls": told.calls,
            "unknown": told.unknown,
        }
        click.echo(
            _("%(file)s：新的%(lines)s行，页面调用%(calls)s次，看不懂的%(unknown)s行。") % said
        )
