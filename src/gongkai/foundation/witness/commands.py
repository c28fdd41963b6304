"""``gongkai witness``: whom we witness, and who witnesses us. By whoever runs the machine."""

from collections.abc import Iterable
from typing import TypeVar

import click
from django.utils.translation import gettext as _

from gongkai.foundation.core.errors import Refused
from gongkai.foundation.ledger import poke
from gongkai.foundation.ledger.lease import Lease
from gongkai.foundation.ledger.workflow import SYSTEM
from gongkai.foundation.organisations import queries as organisations
from gongkai.foundation.witness import asking, jobs, queries, workflow
from gongkai.foundation.witness.models import Asked, WatchedLog
from gongkai.foundation.witness.states import Trouble

Row = TypeVar("Row", bound=Asked)


@click.group(help="见证：我们给别人联署，别人给我们联署。 / Witnesses.")
def witness() -> None:
    """The group of the commands below."""


@witness.command(help="打印本站的联署公钥。 / Print the key by which we cosign.")
def key() -> None:
    """The line that a neighbour needs for ``gongkai witness trust``."""
    click.echo(queries.witness().vkey)


@witness.command(help="给别人的日志见证。 / Witness the log of another board.")
@click.argument("url")
@click.argument("vkey")
def add(url: str, vkey: str) -> None:
    """URL is the other board's address, VKEY its log's key, from where you trust it."""
    log = workflow.watch(url=url, vkey=vkey, by=SYSTEM, organisation=_organisation())
    click.echo(_("从现在起给%(name)s见证。") % {"name": log.origin})
    _tell(asking.look(log))
    _publish()


@witness.command(help="不再给一个日志见证。 / Witness a log no more.")
@click.argument("name")
def remove(name: str) -> None:
    """NAME is the log's name, or its board's address."""
    log = _named(queries.watched(), name)
    workflow.unwatch(log=log, by=SYSTEM, organisation=_organisation())
    _publish()
    click.echo(_("不再给%(name)s见证。联署过的还记着。") % {"name": log.origin})


@witness.command(help="采信一个联署人。 / Trust a witness of our own log.")
@click.argument("url")
@click.argument("vkey")
def trust(url: str, vkey: str) -> None:
    """URL is the witness's board, VKEY what ``gongkai witness key`` prints there."""
    own = queries.witness()
    trusted = workflow.trust(url=url, vkey=vkey, own=own, by=SYSTEM, organisation=_organisation())
    click.echo(_("从现在起采信%(name)s的联署。") % {"name": trusted.name})
    _tell(asking.hear(trusted))
    _publish()


@witness.command(help="不再采信一个联署人。 / Trust a witness no more.")
@click.argument("name")
def distrust(name: str) -> None:
    """NAME is the witness's name, or its board's address."""
    trusted = _named(queries.trusted(), name)
    workflow.distrust(witness=trusted, by=SYSTEM, organisation=_organisation())
    _publish()
    click.echo(_("不再采信%(name)s，它的联署不再公布。") % {"name": trusted.name})


@witness.command("list", help="双方的情况和证据。 / How things stand, with any evidence.")
def list_() -> None:
    """Whom we witness, who witnesses us, and what is wrong. Exit status 1 when something is."""
    rows: list[Asked] = [*queries.watched(), *queries.trusted()]
    if not rows:
        click.echo(_("没有给别人见证，也没有采信联署人。"))
    for row in rows:
        _tell(row)
        if row.evidence:
            click.echo(row.evidence)
    if any(row.trouble or row.evidence for row in rows):
        raise SystemExit(1)


@witness.command(help="现在就问一遍。 / Ask everybody now.")
def run() -> None:
    """What the worker does from time to time. Exit status 1 when something is wrong."""
    done: list[Asked] = [asking.look(log) for log in queries.watched()]
    done += [asking.hear(each) for each in queries.trusted()]
    for row in done:
        _tell(row)
    _publish()
    if any(row.trouble for row in done):
        raise SystemExit(1)


def _tell(row: Asked) -> None:
    """How it stands with one neighbour, in a line."""
    told = {"name": str(row), "url": row.url, "size": row.size}
    if isinstance(row, WatchedLog):
        said = _("见证 %(name)s（%(url)s）：已联署到%(size)s条")
    else:
        said = _("联署人 %(name)s（%(url)s）：已联署到%(size)s条")
    line = said % told
    if row.cosigned_at:
        line += _("，%(at)s") % {"at": f"{row.cosigned_at:%Y-%m-%d %H:%M:%S} UTC"}
    if row.trouble:
        line += _("。不好：%(why)s") % {"why": Trouble(row.trouble).label}
    click.echo(line, err=bool(row.trouble))


def _publish() -> None:
    """Put it into the log's files; beside a keeper at work, that is the keeper's to do."""
    lease = Lease()
    if not lease.acquire():
        poke.keeper()
        return
    try:
        jobs.publish()
    finally:
        lease.release()


def _named(rows: Iterable[Row], name: str) -> Row:
    for row in rows:
        if name.rstrip("/") in (str(row), row.url):
            return row
    raise Refused([_("没有叫“%(name)s”的。请看gongkai witness list。") % {"name": name}])


def _organisation() -> str:
    found = organisations.installation()
    if found is None:
        raise Refused([_("这里还没有单位。请先运行gongkai init。")])
    return found.slug
