"""``gongkai publish``, ``correct``, ``withdraw`` and ``erase``: what follows the seal.

Each acts as the present holder of a post, as in :mod:`gongkai.procedure.review.commands`. Nothing
opens here: the keeper opens every stage at its time.
"""

from datetime import datetime
from zoneinfo import ZoneInfo

import click
from django.utils.translation import gettext as _

from gongkai.foundation.core import clock
from gongkai.foundation.core.errors import Refused
from gongkai.foundation.organisations import queries as organisations
from gongkai.foundation.organisations.queries import Officer
from gongkai.foundation.ui import marks
from gongkai.procedure.proposals import queries as proposals
from gongkai.procedure.proposals.models import Disclosure
from gongkai.procedure.publication import hastening, queries, workflow
from gongkai.procedure.publication.models import Release
from gongkai.procedure.publication.plans import Step, earliest_steps
from gongkai.procedure.review import queries as reviews
from gongkai.procedure.review.models import Emergency

AS = click.option("--as", "post", required=True, help="The post whose holder acts, by its key.")
ADDRESS = click.argument("address")


@click.group()
def publish() -> None:
    """Arrange what is sealed: plan, move, cancel, show; or open it in an emergency."""


@publish.command()
@ADDRESS
@AS
@click.option(
    "--stage",
    "stages",
    multiple=True,
    metavar="SCOPE[=TIME]",
    help="A stage such as A1=2026-11-27T09:00 (the organisation's time); without TIME at once. "
    "Left out: every stage that is not arranged yet, as early as its seal allows.",
)
def plan(address: str, post: str, stages: tuple[str, ...]) -> None:
    """Arrange stages of what is sealed at ADDRESS, in the order they open."""
    disclosure, officer = found(address, post)
    edition = queries.latest_edition(disclosure)
    if edition is None:
        raise Refused([_("“%s”还没有审核封存，不能安排公开。") % disclosure.title])
    rest = queries.sealed_stages(edition)[len(queries.standing(edition)) :]
    steps = [_step(stage, disclosure) for stage in stages] or earliest_steps(rest, clock.now())
    for release in workflow.schedule(edition=edition, officer=officer, steps=steps):
        _told(release, disclosure)


@publish.command()
@ADDRESS
@AS
@click.option("--stage", required=True, metavar="SCOPE[=TIME]", help="The stage and its new time.")
def move(address: str, post: str, stage: str) -> None:
    """Move a stage that waits at ADDRESS to another time."""
    disclosure, officer = found(address, post)
    step = _step(stage, disclosure)
    release = _waiting(disclosure, step.scope)
    moved = workflow.reschedule(release=release, officer=officer, opens_at=step.opens_at)
    _told(moved, disclosure)


@publish.command()
@ADDRESS
@click.argument("scope")
@AS
def cancel(address: str, scope: str, post: str) -> None:
    """Cancel the stage SCOPE that waits at ADDRESS, and those after it."""
    disclosure, officer = found(address, post)
    for release in workflow.cancel(release=_waiting(disclosure, scope), officer=officer):
        click.echo(_("已取消：%s") % release.scope)


@publish.command()
@ADDRESS
@AS
@click.option("--reason", required=True, help="Why the stages of review cannot be waited for.")
def hasten(address: str, post: str, reason: str) -> None:
    """Seal and open what is under review at ADDRESS at once; another person looks afterwards."""
    disclosure, officer = found(address, post)
    under = reviews.open_review(disclosure)
    made = hastening.hasten(review=under, officer=officer, reason=reason)
    said = {"title": disclosure.title, "day": marks.day(made.due_on)}
    click.echo(_("已紧急公开《%(title)s》，%(day)s前由另一个人补审。") % said)


@publish.command()
@ADDRESS
@AS
@click.option("--text", default="", help="The opinion; without it the usual wording stands.")
def confirm_emergency(address: str, post: str, text: str) -> None:
    """Decide that what was opened at ADDRESS in an emergency may stand."""
    disclosure, officer = found(address, post)
    hastening.confirm(emergency=_emergency(disclosure), officer=officer, text=text)
    click.echo(_("已补审通过《%s》。") % disclosure.title)


@publish.command()
@ADDRESS
@AS
@click.option("--reason", required=True, help="Why it may not stand.")
def refuse_emergency(address: str, post: str, reason: str) -> None:
    """Decide that what was opened at ADDRESS in an emergency may not stand."""
    disclosure, officer = found(address, post)
    hastening.refuse(emergency=_emergency(disclosure), officer=officer, reason=reason)
    told = _("已记下《%s》补审没有通过，有撤回权的岗位会看到。")
    click.echo(told % disclosure.title)


@publish.command()
@ADDRESS
def show(address: str) -> None:
    """Say what of ADDRESS is open, to whom, and what waits."""
    disclosure = proposals.disclosure(address)
    for release in queries.releases(disclosure):
        _told(release, disclosure)


@click.command()
@ADDRESS
@AS
@click.option("--note", required=True, help="What was corrected; readers see this sentence.")
@click.option("--privacy", is_flag=True, help="Close the earlier edition when the new one opens.")
def correct(address: str, post: str, note: str, privacy: bool) -> None:
    """Begin a correction of ADDRESS: a new draft, to be written, reviewed and sealed."""
    disclosure, officer = found(address, post)
    draft = workflow.correct(disclosure=disclosure, officer=officer, note=note, privacy=privacy)
    click.echo(_("第%d稿，从现在的版本开始。") % draft.number)


@click.command()
@ADDRESS
@AS
@click.option("--reason", required=True, help="Why; it stands in the public register.")
def withdraw(address: str, post: str, reason: str) -> None:
    """Take back what is open at ADDRESS; a dated, reasoned note stays."""
    disclosure, officer = found(address, post)
    workflow.withdraw(disclosure=disclosure, officer=officer, reason=reason)
    click.echo(_("已撤回：%s") % disclosure.title)


@click.group()
def erase() -> None:
    """Destroy all that ADDRESS says, for a leak or a court: two persons, for good."""


@erase.command()
@ADDRESS
@AS
@click.option("--reason", required=True, help="Why, without repeating what must go.")
def ask(address: str, post: str, reason: str) -> None:
    """Ask for the erasure of ADDRESS."""
    disclosure, officer = found(address, post)
    workflow.ask_erasure(disclosure=disclosure, officer=officer, reason=reason)
    click.echo(_("已申请清除，等另一位有清除权的人确认。"))


@erase.command()
@ADDRESS
@AS
def confirm(address: str, post: str) -> None:
    """Confirm the erasure of ADDRESS, as another person than the one who asked."""
    disclosure, officer = found(address, post)
    erasure = queries.erasure_of(disclosure)
    if erasure is None:
        raise Refused([_("没有人申请清除这一件。")])
    workflow.confirm_erasure(erasure=erasure, officer=officer)
    click.echo(_("内容已经销毁，不能恢复。文件和页面由后台接着清除。"))


def found(address: str, post: str) -> tuple[Disclosure, Officer]:
    """The disclosure at ``address``, and whoever holds the post of its organisation today."""
    disclosure = proposals.disclosure(address)
    day = organisations.today(disclosure.organisation)
    return disclosure, organisations.officer_of_post(disclosure.organisation, post, day)


def _step(typed: str, disclosure: Disclosure) -> Step:
    scope, _equals, time = typed.partition("=")
    if not time:
        return Step(scope.strip())
    try:
        at = datetime.fromisoformat(time.strip())
    except ValueError as error:
        wording = _("“%s”不是时间。请写成2026-11-27T09:00这样。")
        raise Refused([wording % time[:40]]) from error
    zone = ZoneInfo(disclosure.organisation.zone)
    return Step(scope.strip(), opens_at=at if at.tzinfo else at.replace(tzinfo=zone))


def _emergency(disclosure: Disclosure) -> Emergency:
    edition = queries.latest_edition(disclosure)
    made = reviews.emergency_of(edition) if edition else None
    if made is None:
        raise Refused([_("“%s”不是紧急公开的。") % disclosure.title])
    return made


def _waiting(disclosure: Disclosure, scope: str) -> Release:
    for release in queries.releases(disclosure):
        if release.scope == scope and release.state == "planned":
            return release
    raise Refused([_("“%s”没有在等公开。") % scope])


def _told(release: Release, disclosure: Disclosure) -> None:
    at = release.opened_at or release.opens_at
    when = marks.moment(at, disclosure.organisation.zone)
    click.echo(f"{release.scope}  {when}  {release.get_state_display()}")
