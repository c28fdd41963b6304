"""``gongkai search``: make the index anew, say how it is."""

import click
from django.utils.translation import gettext as _

from gongkai.foundation.core.errors import Refused
from gongkai.foundation.ledger.queries import head
from gongkai.surfaces.board import crew
from gongkai.surfaces.search import building, index
from gongkai.surfaces.search.index import Unreadable, Unwritable


@click.group(help="检索库。 / The search index.")
def search() -> None:
    """The search index."""


@search.command(help="把检索库重新做一遍；做的时候照常能搜。 / Make the index anew.")
@click.option(
    "--jobs",
    type=click.IntRange(1, 64),
    default=crew.hands,
    help="同时整理的进程数，默认每个处理器一个。 / Processes; one for each processor by default.",
)
def rebuild(jobs: int) -> None:
    """Make the index anew from the public records, while the old one answers."""
    with click.progressbar(length=head().exposed_size, label=_("整理检索库")) as bar:
        try:
            count = building.rebuild(lambda done, _whole: bar.update(done - bar.pos), jobs)
        except Unwritable as error:
            raise Refused([_("没有写成，旧的还在用：%(error)s") % {"error": error}]) from error
    click.echo(_("共%(n)s件可以搜到。") % {"n": count})


@search.command(help="检索库现在怎样。 / How the index is.")
def status() -> None:
    """How many items can be found, and how far the log is followed."""
    place = index.current()
    try:
        seen = index.reading()
        behind = max(0, head().exposed_size - index.state_of(place).seq) if place else 0
    except Unreadable as error:
        raise Refused(
            [
                _("检索库读不了（%(error)s）。keeper 会重新做；也可以运行 gongkai search rebuild。")
                % {"error": error}
            ]
        ) from error
    click.echo(
        _("共%(n)s件可以搜到，日志还有%(behind)s条没有跟上。") % {"n": seen.size, "behind": behind}
    )
