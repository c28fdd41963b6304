"""What the verbs of publication tell the ledger: acts, plans, the place of a tombstone."""

from collections.abc import Mapping, Sequence
from typing import Any

from gongkai.foundation.core import clock
from gongkai.foundation.ledger import workflow as ledger
from gongkai.foundation.ledger.models import PublicRecord
from gongkai.foundation.organisations.audience import is_public
from gongkai.foundation.organisations.queries import Officer
from gongkai.procedure.catalogue.charter import Charter
from gongkai.procedure.proposals.models import Disclosure
from gongkai.procedure.publication import queries
from gongkai.procedure.publication.models import Release
from gongkai.procedure.publication.states import ReleaseState
from gongkai.procedure.review.models import Edition


def coming(plan: Sequence[Release], charter: Charter, after: int = -1) -> dict[str, Any]:
    """The stage that is planned next, as those may know it who see the edition already."""
    planned = (each for each in plan if each.state == ReleaseState.PLANNED and each.order > after)
    stage = next(planned, None)
    if stage is None:
        return {}
    scope = charter.scope(stage.scope)
    return {
        "next": {
            "scope": stage.scope,
            "name": scope.name,
            "name_en": scope.name_en,
            "opens_at": clock.stamp(stage.opens_at),
            "public": is_public(stage.audience),
        }
    }


def replanned(edition: Edition) -> ledger.Opening | None:
    """What those who see ``edition`` are told of a change of plan; None before anybody does."""
    plan = queries.standing(edition)
    opened = [each for each in plan if each.state == ReleaseState.OPEN]
    if not opened:
        return None
    audience = {key for each in opened for key in each.audience}
    sealed = queries.content(edition)
    charter = queries.sealed_charter(edition.disclosure.organisation, sealed["charter"])
    body = {"format": "gongkai-plan/1", "edition": edition.number, **coming(plan, charter)}
    return ledger.Opening("plan", edition.disclosure.address, audience, body)


def record_act(
    verb: str,
    disclosure: Disclosure,
    officer: Officer | None,
    facts: Mapping[str, Any],
    opens: ledger.Opening | None = None,
) -> PublicRecord | None:
    """Write the act about the item, and what it opens; a post among ``facts`` stands as it is."""
    return ledger.record(
        verb=verb,
        actor=officer.actor if officer else ledger.SYSTEM,
        organisation=disclosure.organisation.slug,
        subject=disclosure.address,
        label=disclosure.title,
        facts={"post": officer.post_names, **facts} if officer else facts,
        opens=opens,
    )


def said(release: Release) -> dict[str, Any]:
    """A release as the office's history tells it."""
    opens_at = clock.stamp(release.opens_at)
    return {"edition": release.edition.number, "scope": release.scope, "opens_at": opens_at}


def place(disclosure: Disclosure) -> dict[str, str]:
    """Where a tombstone stands on the board: number, entry, category, box."""
    entry = disclosure.entry
    return {
        "number": disclosure.number or "",
        "entry": entry.code,
        "category": entry.category,
        "box": entry.box,
    }
