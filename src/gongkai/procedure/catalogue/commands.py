"""``gongkai charter``: look at an organisation's rules, and put them in force."""

from pathlib import Path

import click
from django.utils.translation import gettext as _

from gongkai.foundation.core.errors import Refused
from gongkai.foundation.ledger.workflow import SYSTEM
from gongkai.foundation.organisations import queries as organisations
from gongkai.foundation.organisations.models import Organisation
from gongkai.procedure.catalogue import queries, workflow
from gongkai.procedure.catalogue.changes import changes
from gongkai.procedure.catalogue.charter import Charter, parse

FILE = click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
ORG = click.option("--org", default="", help="The organisation's slug; guards against a mix-up.")


@click.group()
def charter() -> None:
    """The charters: an organisation's rules as data."""


@charter.command()
@FILE
def check(file: Path) -> None:
    """Read FILE and name every mistake with its line."""
    read = parse(_text(file))
    told = {
        "name": read.organisation.name,
        "categories": len(read.categories),
        "entries": len(read.entries),
        "stages": len(read.stages),
    }
    wording = _("%(name)s：%(categories)s类，%(entries)s项目录事项，%(stages)s级审核。没有错误。")
    click.echo(wording % told)


@charter.command()
@FILE
@ORG
def diff(file: Path, org: str) -> None:
    """Say what FILE would change."""
    _show(_changes(_meant(parse(_text(file)), org)))


@charter.command()
@FILE
@ORG
@click.option("--yes", is_flag=True, help="Apply without asking.")
def apply(file: Path, org: str, yes: bool) -> None:
    """Say what FILE changes, ask, and put it in force."""
    source = _text(file)
    changed = _changes(_meant(parse(source), org))
    _show(changed)
    if not changed:
        return
    if not yes and not click.confirm(_("现在生效吗？")):
        raise SystemExit(1)
    workflow.apply(source=source, by=SYSTEM)
    click.echo(_("已经生效，会作为公开记录登在公开栏上。"))


@charter.command()
@click.option("--org", default="", help="The organisation's slug; the first one when left out.")
def export(org: str) -> None:
    """Write the charter in force, as it was applied, to standard output."""
    organisation = organisations.organisation(org) if org else organisations.installation()
    if organisation is None:
        raise Refused([_("这里还没有单位。请先用gongkai charter apply生效一份实施办法。")])
    click.echo(queries.charter_of(organisation)[0].source, nl=False)


def _text(file: Path) -> str:
    try:
        return file.read_text("utf-8-sig")
    except UnicodeDecodeError as error:
        wording = _("%(file)s不是UTF-8编码的文字。请在编辑器里另存为UTF-8。")
        raise Refused([wording % {"file": file}]) from error


def _meant(read: Charter, org: str) -> Charter:
    """``read``, once it is clear that it belongs to the organisation that was named."""
    slug = read.organisation.slug
    if org and org != slug:
        wording = _("文件里写的是“%(slug)s”，不是“%(org)s”。请看是不是拿错了文件。")
        raise Refused([wording % {"slug": slug, "org": org}])
    return read


def _changes(read: Charter) -> list[str]:
    found = Organisation.objects.filter(slug=read.organisation.slug).first()
    before = queries.latest_version(found) if found else None
    return changes(before.charter if before else None, read)


def _show(changed: list[str]) -> None:
    for sentence in changed or [_("和现行的实施办法一样，什么也不用改。")]:
        click.echo(sentence)
