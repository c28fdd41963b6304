"""``gongkai case``: voices by command line, as the holders of posts."""

from datetime import datetime

import click
from django.utils.translation import gettext as _

from gongkai.foundation.core.errors import Refused
from gongkai.foundation.organisations import queries as organisations
from gongkai.foundation.organisations.queries import Officer
from gongkai.foundation.ui import marks
from gongkai.procedure.feedback import clocks, handling, queries, workflow
from gongkai.procedure.feedback.models import Answer, Case
from gongkai.procedure.feedback.states import TAKEN_DOWN, UNANSWERED, CaseKind, Outcome

AS = click.option("--as", "post", required=True, help="The post whose holder acts, by its key.")
ORG = click.option("--org", required=True, help="The organisation's slug.")
NUMBER = click.argument("number")


@click.group()
def case() -> None:
    """Voices and their answers: take down, assign, answer; clocks, merging, handing over."""


@case.command(name="list")
@ORG
def list_(org: str) -> None:
    """Every voice that is not answered yet, due first at the top."""
    organisation = organisations.organisation(org)
    for found in queries.cases(organisation).filter(state__in=UNANSWERED):
        _told(found)


@case.command()
@NUMBER
@ORG
@AS
@click.option("--to", required=True, help="The key of the post that shall answer.")
def assign(number: str, org: str, post: str, to: str) -> None:
    """Give the voice NUMBER to a post."""
    found, officer = _found(number, org, post)
    wanted = organisations.post(found.organisation, to)
    _told(workflow.assign(case=found, officer=officer, post=wanted))


@case.command()
@NUMBER
@ORG
@AS
@click.option("--text", required=True, help="The answer.")
@click.option("--outcome", required=True, type=click.Choice(Outcome.values))
@click.option("--passed-to", default="", help="The body that was told, with the outcome elsewhere.")
def answer(number: str, org: str, post: str, text: str, outcome: str, passed_to: str) -> None:
    """Answer the voice NUMBER; another person approves."""
    found, officer = _found(number, org, post)
    written = workflow.answer(
        case=found, officer=officer, text=text, outcome=outcome, passed_to=passed_to
    )
    _told(written.case)


@case.command()
@NUMBER
@ORG
@AS
def approve(number: str, org: str, post: str) -> None:
    """Approve the answer to NUMBER; it goes to the voice, the item and the wall."""
    found, officer = _found(number, org, post)
    _told(workflow.approve(answer=_drafted(found), officer=officer).case)


@case.command(name="return")
@NUMBER
@ORG
@AS
@click.option("--reason", required=True, help="What to change.")
def return_(number: str, org: str, post: str, reason: str) -> None:
    """Send the answer to NUMBER back to its post."""
    found, officer = _found(number, org, post)
    _told(workflow.return_answer(answer=_drafted(found), officer=officer, reason=reason))


@case.command()
@ORG
@AS
@click.option("--kind", required=True, type=click.Choice([kind.value for kind in TAKEN_DOWN]))
@click.option("--text", required=True, help="What was said.")
@click.option("--show", is_flag=True, help="The voice agreed to stand on the wall.")
def take(org: str, post: str, kind: str, text: str, show: bool) -> None:
    """Take a voice down for somebody; prints its receipt code, this once."""
    organisation = organisations.organisation(org)
    officer = organisations.officer_of_post(organisation, post, organisations.today(organisation))
    found, code = workflow.receive(
        organisation=organisation,
        disclosure=None,
        text=text,
        show=show,
        kind=CaseKind(kind),
        intake=workflow.Intake(officer),
    )
    _told(found)
    click.echo(code)


@case.command()
@NUMBER
@ORG
@AS
def accept(number: str, org: str, post: str) -> None:
    """Tell the sender of the petition NUMBER that it is taken up."""
    found, officer = _found(number, org, post)
    _told(clocks.accept(case=found, officer=officer))


@case.command()
@NUMBER
@ORG
@AS
@click.option("--reason", required=True, help="Why it takes longer; the sender reads it.")
def extend(number: str, org: str, post: str, reason: str) -> None:
    """Give the voice NUMBER the charter's extension, once."""
    found, officer = _found(number, org, post)
    _told(clocks.extend(case=found, officer=officer, reason=reason))


@case.command()
@NUMBER
@ORG
@AS
@click.option("--reason", required=True, help="The key of a reason that the charter names.")
@click.option("--text", required=True, help="What is waited for; the sender reads it.")
@click.option(
    "--until", type=click.DateTime(["%Y-%m-%d"]), help="The day on which it runs on by itself."
)
def stop(number: str, org: str, post: str, reason: str, text: str, until: datetime | None) -> None:
    """Let the clock of the voice NUMBER stand still from tomorrow."""
    found, officer = _found(number, org, post)
    ends = until.date() if until else None
    clocks.stop(case=found, officer=officer, reason=reason, text=text, until=ends)
    found.refresh_from_db()
    _told(found)


@case.command()
@NUMBER
@ORG
@AS
def resume(number: str, org: str, post: str) -> None:
    """Let the clock of the voice NUMBER run on from today."""
    found, officer = _found(number, org, post)
    _told(clocks.resume(case=found, officer=officer))


@case.command()
@NUMBER
@ORG
@AS
@click.option("--into", required=True, help="The number of the voice that is answered for both.")
def merge(number: str, org: str, post: str, into: str) -> None:
    """Make the voice NUMBER a part of another; both codes stay alive."""
    found, officer = _found(number, org, post)
    _told(handling.merge(case=found, officer=officer, into=into))


@case.command()
@NUMBER
@ORG
@AS
@click.option("--reason", required=True, help="Why; it stays in the history.")
def separate(number: str, org: str, post: str, reason: str) -> None:
    """Undo the merge of the voice NUMBER: it is owed an answer of its own again."""
    found, officer = _found(number, org, post)
    _told(handling.separate(case=found, officer=officer, reason=reason))


@case.command(name="hand-over")
@NUMBER
@ORG
@AS
@click.option("--to", required=True, help="The slug of a body above or below.")
@click.option("--reason", required=True, help="Why; the sender reads it.")
def hand_over(number: str, org: str, post: str, to: str, reason: str) -> None:
    """Hand the voice NUMBER over to another body, with its clock running on."""
    found, officer = _found(number, org, post)
    body = organisations.organisation(to)
    _told(handling.hand_over(case=found, officer=officer, to=body, reason=reason))


def _found(number: str, org: str, post: str) -> tuple[Case, Officer]:
    organisation = organisations.organisation(org)
    found = queries.cases(organisation).filter(number=number).first()
    if found is None:
        raise Refused([_("没有第%s号意见。") % number[:40]])
    day = organisations.today(organisation)
    return found, organisations.officer_of_post(organisation, post, day)


def _drafted(found: Case) -> Answer:
    written = queries.draft_answer(found)
    if written is None:
        raise Refused([_("第%s号意见没有等审定的答复。") % found.number])
    return written


def _told(found: Case) -> None:
    post = f"  {found.post.name}" if found.post else ""
    due = marks.day(found.promised) if found.promised else _("没有期限")
    click.echo(f"{found.number}  {due}  {found.get_state_display()}{post}")
