"""What a draft said after each save, kept while it is written: see ``models.Revision``."""

from typing import Any

from gongkai.foundation.core import clock
from gongkai.foundation.organisations.queries import Officer
from gongkai.procedure.proposals import rules
from gongkai.procedure.proposals.models import Draft, Revision
from gongkai.procedure.proposals.states import RevisionKind


def particulars(draft: Draft) -> dict[str, Any]:
    """What a submission says beside its text."""
    return {
        "document_number": draft.document_number,
        "kind": draft.kind,
        "form": draft.form,
        "plan": draft.plan,
        "channels": draft.channels,
        "entry": draft.disclosure.entry.code,
        "note": draft.note,
    }


def first(draft: Draft) -> Revision:
    """What a draft from before there were revisions says."""
    return Revision.objects.create(
        draft=draft,
        edits=draft.edits,
        kind=RevisionKind.SAVED,
        author=draft.proposer.key,
        post=draft.proposer_post,
        began_at=draft.changed_at,
        **_said(draft),
    )


def write_down(
    draft: Draft, officer: Officer, kind: RevisionKind, last: Revision | None
) -> Revision | None:
    """Write down what the draft says now; None when it went into the ``last`` revision."""
    said, now = _said(draft), clock.now()
    if last and rules.one_sitting(last, officer.member.key, kind, now):
        row = Revision.objects.filter(pk=last.pk)
        row.update(**said, edits=draft.edits, kind=kind, post=officer.post_names)
        return None
    made = Revision.objects.create(
        draft=draft,
        edits=draft.edits,
        kind=kind,
        author=officer.member.key,
        post=officer.post_names,
        began_at=now,
        **said,
    )
    if draft.edits:
        thin(draft)
    return made


def thin(draft: Draft) -> None:
    """Keep the revisions of a draft few: of too many, the oldest go."""
    keys = Revision.objects.filter(draft=draft).order_by("-pk").values_list("pk", flat=True)
    if surplus := list(keys[rules.REVISIONS_LIMIT :]):
        Revision.objects.filter(pk__in=surplus).delete()


def _said(draft: Draft) -> dict[str, Any]:
    told = {"title": draft.title, "body": draft.body, "particulars": particulars(draft)}
    return {**told, "at": draft.changed_at}
