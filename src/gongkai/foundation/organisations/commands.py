"""``gongkai members``: people and posts from the command line, by whoever runs the machine."""

from datetime import datetime
from pathlib import Path

import click
from django.utils.translation import gettext as _

from gongkai.foundation.core.errors import Refused
from gongkai.foundation.ledger.workflow import SYSTEM
from gongkai.foundation.organisations import enrolling, letters, queries, roster, workflow
from gongkai.foundation.organisations.adapter import link_address
from gongkai.foundation.organisations.models import Member, Organisation
from gongkai.foundation.organisations.states import AbsenceKind
from gongkai.foundation.ui.marks import day

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
    imported = enrolling.import_members(organisation=organisation, roster=sheet, by=SYSTEM)
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


@members.command(help="登记外出和代行。 / Register who is away, and who acts for them.")
@click.argument("post")
@click.option("--deputy", required=True, help="代行的岗位代号 / the deputy's post, by its key")
@click.option("--since", "since", type=click.DateTime(["%Y-%m-%d"]), help="默认今天 / today")
@click.option(
    "--until", type=click.DateTime(["%Y-%m-%d"]), required=True, help="最后一天 / last day"
)
@click.option("--kind", type=click.Choice(AbsenceKind.values), default=AbsenceKind.OTHER.value)
@ORG
def away(
    post: str, deputy: str, since: datetime | None, until: datetime, kind: str, org: str
) -> None:
    """The holder of POST is away; the holder of another acts on their turns."""
    organisation = _organisation(org)
    today = queries.today(organisation)
    leaving = queries.post(organisation, post)
    held = queries.place(leaving, today).held
    if held is None:
        raise Refused([queries.vacancy(leaving)])
    made = workflow.register_absence(
        tenure=held,
        deputy=queries.post(organisation, deputy),
        since=since.date() if since else today,
        until=until.date(),
        kind=AbsenceKind(kind),
        by=SYSTEM,
    )
    told = _("已登记：“%(post)s”%(since)s至%(until)s外出，由“%(deputy)s”代行。")
    words = {
        "post": leaving,
        "deputy": made.deputy,
        "since": day(made.since),
        "until": day(made.until),
    }
    click.echo(told % words)


@members.command(help="登记提前回来。 / Register an early return.")
@click.argument("post")
@ORG
def back(post: str, org: str) -> None:
    """The holder of POST is back, or does not go: every absence not yet over ends."""
    organisation = _organisation(org)
    leaving = queries.post(organisation, post)
    found = [
        each
        for each in queries.absences(organisation, queries.today(organisation))
        if each.tenure.post_id == leaving.pk
    ]
    if not found:
        raise Refused([_("“%(post)s”没有登记外出。") % {"post": leaving}])
    for each in found:
        workflow.end_absence(absence=each, by=SYSTEM)
    click.echo(_("已登记：“%(post)s”不再外出，代行结束。") % {"post": leaving})


def _organisation(slug: str) -> Organisation:
    found = queries.organisation(slug) if slug else queries.installation()
    if found is None:
        raise Refused([_("这里还没有单位。请先运行gongkai init。")])
    return found


def _bytes(file: Path) -> bytes:
    """No more of the file than tells that it is too large."""
    with file.open("rb") as opened:
        return opened.read(roster.LARGEST_FILE + 1)
