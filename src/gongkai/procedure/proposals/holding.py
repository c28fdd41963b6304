"""A draft held for a verb: locked, saved, its authors told, written into the trail."""

from collections.abc import Mapping
from typing import Any

from gongkai.foundation.core import clock
from gongkai.foundation.ledger import workflow as ledger
from gongkai.foundation.organisations.queries import Officer
from gongkai.procedure.proposals.models import Draft


def lock(draft: Draft) -> Draft:
    """``draft`` as it is now, held until the transaction ends."""
    rows = Draft.objects.select_for_update(of=("self",))
    return rows.select_related("disclosure__organisation", "disclosure__entry", "proposer").get(
        pk=draft.pk
    )


def save(draft: Draft, officer: Officer) -> None:
    """Count a save of ``officer`` and keep it."""
    draft.edits += 1
    draft.changed_at = clock.now()
    add_author(draft, officer)
    draft.save()
    if draft.number == 1:
        draft.disclosure.title = draft.title
    draft.disclosure.save(update_fields=["title", "entry"])


def touch(draft: Draft, officer: Officer) -> None:
    """Attachments change beside the text: somebody's open editor must not lose its save."""
    draft.changed_at = clock.now()
    add_author(draft, officer)
    draft.save(update_fields=["changed_at", "authors"])


def add_author(draft: Draft, officer: Officer) -> None:
    """Note that ``officer`` wrote in it: none of its authors may review it."""
    draft.authors = sorted({*draft.authors, officer.member.key})


def record(verb: str, draft: Draft, officer: Officer | None, facts: Mapping[str, Any]) -> None:
    """Write an act upon ``draft`` into the trail; without an officer, one of the worker's."""
    post = {"post": officer.post_names} if officer else {}
    ledger.record(
        verb=verb,
        actor=officer.actor if officer else ledger.SYSTEM,
        organisation=draft.disclosure.organisation.slug,
        subject=draft.disclosure.address,
        label=draft.title,
        facts={"draft": draft.number, **post, **facts},
    )
