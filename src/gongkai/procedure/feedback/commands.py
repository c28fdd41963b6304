"""``gongkai case``: voices by command line, as the holders of posts."""

import click
from django.utils.translation import gettext as _

from gongkai.foundation.core.errors import Refused
from gongkai.foundation.organisations import queries as organisations
from gongkai.foundation.organisations.queries import Officer
from gongkai.foundation.ui import marks
from gongkai.procedure.feedback import queries, workflow
from gongkai.procedure.feedback.models import Answer, Case
from gongkai.procedure.feedback.states import Outcome

AS = click.option("--as", "post", required=True, help="The post whose holder acts, by its key.")
ORG = click.option("--org", required=True, help="The organisation's slug.")
NUMBER = click.argument("number")


@click.group()
def case() -> None:
    """Voices and their answers: list, assign, answer, approve, return."""


@case.command(name="list")
@ORG
def list_(org: str) -> None:
    """Every voice that is not answered yet, due first at the top."""
    organisation = organisations.organisation(org)
    for found in queries.cases(organisation).exclude(state="answered"):
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
def answer(number: str, org: str, post: str, text: str, outcome: str) -> None:
    """Answer the voice NUMBER; another person approves."""
    found, officer = _found(number, org, post)
    _told(workflow.answer(case=found, officer=officer, text=text, outcome=outcome).case)


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
    due = marks.day(found.promised_on)
    click.echo(f"{found.number}  {due}  {found.get_state_display()}{post}")
