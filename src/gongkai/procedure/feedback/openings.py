"""What a settled answer opens as a public record: words for the wall, or a count without words."""

from typing import Any

from gongkai.foundation.core import clock
from gongkai.foundation.ledger import workflow as ledger
from gongkai.foundation.organisations.audience import PUBLIC, is_public
from gongkai.procedure.feedback import acts, hanging, rules
from gongkai.procedure.feedback.hanging import Shown
from gongkai.procedure.feedback.models import Answer, Case
from gongkai.procedure.feedback.states import CaseKind
from gongkai.procedure.publication.queries import open_audience, seen_by, title_for


def of_answer(case: Case, answer: Answer, shown: Shown) -> ledger.Opening | None:
    """The public record of ``answer``, for whoever sees the item, with what hangs of the voice.

    It never holds the case's number: between two of them one could count what is private. A problem
    that is not shown, or whose item is gone, opens as a ``report``: no words and no number, only
    what is counted. An erasure can leave it as it is.
    """
    assert answer.settled_at is not None, "only a settled answer opens"
    item = acts.held(case.disclosure) if case.disclosure else None
    audience = open_audience(item) if item else frozenset({PUBLIC})
    facts: dict[str, Any] = {
        "kind": case.kind,
        "ground": case.ground,
        "outcome": answer.outcome,
        "received_at": clock.stamp(case.received_at),
        "promised_on": acts.iso(case.promised),
        "answered_at": clock.stamp(answer.settled_at),
    }
    subject = item.address if item else hanging.subject_at(shown.address)
    if shown.words is not None and audience:
        said = {
            "format": "gongkai-answer/2",
            "text": shown.words,
            "answer": _told(answer),
            "post": answer.post,
            "round": 1 + case.reopened,
            "item": item.address if item else "",
            "title": title_for(item, audience) if item else "",
            "voice": shown.address if is_public(audience) else "",
            "changed": dict(shown.changed),
        }
        return ledger.Opening("answer", subject, audience, {**facts, **said})
    audience = audience or (seen_by(item) if item else frozenset())
    if case.kind != CaseKind.PROBLEM or not audience:
        return None
    return ledger.Opening("report", subject, audience, {"format": "gongkai-report/1", **facts})


def _told(answer: Answer) -> str:
    """The answer as the wall has it: to whom it was passed on stands at its end."""
    return answer.text + (f"\n\n{rules.passed_on(answer)}" if answer.passed_to else "")
