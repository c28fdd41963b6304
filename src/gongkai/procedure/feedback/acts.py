"""What every verb of feedback does first and last: hold the case, and write the act."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from gongkai.foundation.ledger import workflow as ledger
from gongkai.foundation.ledger.models import PublicRecord
from gongkai.foundation.organisations.queries import Officer
from gongkai.procedure.feedback import hanging, queries
from gongkai.procedure.feedback.models import Answer, Case
from gongkai.procedure.proposals.models import Disclosure

READER = ledger.Actor("reader", "读者")
"""Whoever speaks: no account, and nothing kept that tells who it was."""


def locked(case: Case) -> Case:
    """The case as it is now, held until the verb has ended."""
    rows = Case.objects.select_for_update(of=("self",))
    return rows.select_related("organisation", "disclosure", "post", "asked").get(pk=case.pk)


def locked_for(own: Case) -> tuple[Case, Case]:
    """The voice's own case as it is now, and the one that answers it, which is held.

    One row is held, never two: whoever merges holds two in the order of their keys, and nobody
    waits in a circle.
    """
    own = Case.objects.select_related("organisation", "head").get(pk=own.pk)
    case = locked(own.head or own)
    return (own, case) if own.head else (case, case)


def held(item: Disclosure) -> Disclosure:
    """The item, held so that nobody withdraws or erases it while an answer to it opens."""
    rows = Disclosure.objects.select_for_update(of=("self",)).select_related("entry")
    return rows.get(pk=item.pk)


def fresh(answer: Answer, case: Case) -> Answer:
    """The answer as it is now; its case is the one that is locked, so that both change together."""
    found = Answer.objects.get(pk=answer.pk)
    found.case = case
    return found


def record(
    verb: str,
    case: Case,
    by: Officer | ledger.Actor,
    facts: Mapping[str, Any],
    opens: ledger.Opening | None = None,
) -> PublicRecord | None:
    """Write the act of ``verb`` on ``case``, with the public record that it opens, if any; the wall
    is told of what moves the case.
    """
    post = {"post": by.post_names} if isinstance(by, Officer) else {}
    actor = by.actor if isinstance(by, Officer) else by
    made = ledger.record(
        verb=verb,
        actor=actor,
        organisation=case.organisation.slug,
        subject=queries.subject_of(case),
        label=case.disclosure.title if case.disclosure else case.number,
        facts={"case": case.number, **facts, **post},
        opens=opens,
    )
    if case.show and verb in hanging.MOVING:
        hanging.renew(case, actor)
    return made


def iso(day: date | None) -> str:
    """``day`` as an act keeps it; empty for none."""
    return day.isoformat() if day else ""
