"""``gongkai members``: people and posts from the command line, by whoever runs the machine."""

from pathlib import Path

import click
from django.utils.translation import gettext as _

from gongkai.foundation.core.errors import Refused
from gongkai.foundation.ledger.workflow import SYSTEM
from gongkai.foundation.organisations import letters, queries, roster, workflow
from gongkai.foundation.organisations.adapter import link_address
from gongkai.foundation.organisations.models import Member, Organisation

ORG = click.option("--org", default="", help="单位代号 / the organisation's slug")


@click.group(help="成员、岗位和账号。 / Members, posts, accounts.")
def members() -> None:
    """The group of the commands below."""


@members.command("import", help="导入名册，全对才导入。 / Import a roster, whole or not at all.")
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@ORG
def bring_in(file: Path, org: str) -> None:
    """Members and posts from FILE; every mistake by its cell."""
    sheet = roster.read(_bytes(file))
    organisation = _organisation(org)
    imported = workflow.import_members(organisation=organisation, roster=sheet, by=SYSTEM)
    click.echo(imported.summary)
    written = [each.key for each in imported.accounts if letters.reaches(each.account)]
    if written:
        letters.invite_all.enqueue(written, SYSTEM.key, SYSTEM.label)
        click.echo(_("会给%(n)s人寄设定密码的链接。") % {"n": len(written)})
    if len(written) < len(imported.accounts):
        click.echo(_("寄不到的，用gongkai members link 用户名 各要一条链接。"))


@members.command(help="写一份空白名册。 / Write an empty roster.")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@ORG
def template(file: Path, org: str) -> None:
    """An empty sheet with the organisation's posts, into FILE, which must be new."""
    names = [post.name for post in queries.posts(_organisation(org))]
    data = roster.blank(names)
    try:
        with file.open("xb") as opened:
            opened.write(data)
    except FileExistsError as error:
        raise Refused(
            [_("%(file)s已经有了，没有动它。请换一个文件名。") % {"file": file}]
        ) from error
    except OSError as error:
        reason = error.strerror or ""
        wording = _("%(file)s写不进去（%(reason)s）。请换一个地方。")
        raise Refused([wording % {"file": file, "reason": reason}]) from error
    click.echo(_("写好了：%(file)s") % {"file": file})


@members.command(help="给账号一条一次性链接。 / A one-time link that sets the password.")
@click.argument("username")
def link(username: str) -> None:
    """Print a link with which USERNAME sets a password."""
    found = Member.objects.filter(account__username__iexact=username).select_related(
        "account", "organisation"
    )
    member = found.first()
    if member is None:
        raise Refused([_("没有用户名是“%(username)s”的成员。") % {"username": username}])
    click.echo(link_address(*workflow.make_link(member=member, by=SYSTEM)))


def _organisation(slug: str) -> Organisation:
    found = queries.organisation(slug) if slug else queries.installation()
    if found is None:
        raise Refused([_("这里还没有单位。请先运行gongkai init。")])
    return found


def _bytes(file: Path) -> bytes:
    """No more of the file than tells that it is too large."""
    with file.open("rb") as opened:
        return opened.read(roster.LARGEST_FILE + 1)
