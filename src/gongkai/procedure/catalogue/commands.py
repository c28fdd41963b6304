"""``gongkai charter``: look at an organisation's rules, and put them in force.

``gongkai catalogue``: the charter's entries as a sheet, out and in.
"""

from pathlib import Path

import click
from django.utils.translation import gettext as _

from gongkai.foundation.core.errors import Refused
from gongkai.foundation.ledger.workflow import SYSTEM
from gongkai.foundation.organisations import queries as organisations
from gongkai.foundation.organisations.models import Organisation
from gongkai.procedure.catalogue import queries, sheet_reading, sheet_writing, workflow
from gongkai.procedure.catalogue.changes import changes
from gongkai.procedure.catalogue.charter import Charter, parse
from gongkai.procedure.catalogue.editing import edited

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
    _put_in_force(source, _meant(parse(source), org), yes)


def _put_in_force(source: str, read: Charter, yes: bool) -> None:
    changed = _changes(read)
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
    click.echo(queries.charter_of(_organisation(org))[0].source, nl=False)


@click.group()
def catalogue() -> None:
    """The catalogue: a charter's entries as a spreadsheet."""


@catalogue.command("export")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--org", default="", help="The organisation's slug; the first one when left out.")
def write_sheet(file: Path, org: str) -> None:
    """Write the catalogue in force into FILE (.xlsx), which must be new."""
    data = sheet_writing.workbook(queries.charter_of(_organisation(org))[1])
    try:
        with file.open("xb") as opened:
            opened.write(data)
    except FileExistsError as error:
        wording = _("%(file)s已经有了，没有动它。请换一个文件名。")
        raise Refused([wording % {"file": file}]) from error
    except OSError as error:
        wording = _("%(file)s写不进去（%(reason)s）。请换一个地方。")
        raise Refused([wording % {"file": file, "reason": error.strerror or ""}]) from error
    click.echo(_("写好了：%(file)s") % {"file": file})


@catalogue.command("import")
@FILE
@click.option("--org", default="", help="The organisation's slug; the first one when left out.")
@click.option("--yes", is_flag=True, help="Apply without asking.")
def read_sheet(file: Path, org: str, yes: bool) -> None:
    """Read FILE (.xlsx) as the whole catalogue, say what it changes, ask, put it in force."""
    version, charter = queries.charter_of(_organisation(org))
    with file.open("rb") as opened:
        data = opened.read(sheet_reading.LARGEST_FILE + 1)
    after = edited(version.source, sheet_reading.read(data, charter))
    if not after.kept:
        click.echo(_("实施办法里的注释有一些留不住：改到的那几行重新写了。"))
    _put_in_force(after.text, parse(after.text), yes)


def _organisation(slug: str) -> Organisation:
    found = organisations.organisation(slug) if slug else organisations.installation()
    if found is None:
        raise Refused([_("这里还没有单位。请先用gongkai charter apply生效一份实施办法。")])
    return found


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
