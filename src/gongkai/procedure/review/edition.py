"""The sealed form of a disclosure: ``gongkai-edition/1``. A new form would be a new version.

Published editions are read by monitors for decades: nothing here may change for the same input.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from gongkai.foundation.core import clock
from gongkai.procedure.proposals.models import Draft

FORMAT = "gongkai-edition/1"


@dataclass(frozen=True)
class SealMark:
    """The review seal on an edition (审核专用章): its number, whose post fixed it, and when."""

    number: str
    post: str
    at: datetime


def compose(
    draft: Draft,
    *,
    number: int,
    attachments: Sequence[Mapping[str, Any]],
    mark: SealMark,
    charter: str,
) -> dict[str, Any]:
    """Everything the seal covers, as data for canonical JSON.

    ``number`` counts the editions of the disclosure; ``charter`` is the digest of its text.
    """
    disclosure = draft.disclosure
    entry = disclosure.entry
    assert draft.statement is not None
    return {
        "format": FORMAT,
        "organisation": disclosure.organisation.slug,
        "organisation_name": disclosure.organisation.name,
        "address": disclosure.address,
        "number": number,
        "entry": {"code": entry.code, "title": entry.title},
        "category": entry.category,
        "box": entry.box,
        "kind": draft.kind,
        "document_number": draft.document_number,
        "form": draft.form,
        "title": draft.title,
        "body": draft.body,
        "attachments": [dict(each) for each in attachments],
        "plan": draft.plan,
        "channels": draft.channels,
        "proposer": {"name": draft.statement["name"], "post": draft.statement["post"]},
        "statement": draft.statement,
        "seal": {"number": mark.number, "post": mark.post, "at": clock.stamp(mark.at)},
        "charter": charter,
        "corrects": draft.corrects,
        "note": draft.note,
    }
