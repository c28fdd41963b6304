"""What of a draft's fields is kept, however it was typed."""

import re
from collections.abc import Mapping, Sequence
from typing import Any, TypedDict

from gongkai.foundation.files.decoding import without_marks
from gongkai.procedure.catalogue.models import Entry
from gongkai.procedure.proposals.sanitise import clean


class Fields(TypedDict, total=False):
    """What an edit may change; what is left out stays."""

    entry: Entry
    title: str
    body: str
    kind: str
    document_number: str
    form: str
    plan: Sequence[Mapping[str, Any]]
    channels: Sequence[str]
    note: str


def kept(fields: Fields) -> dict[str, Any]:
    """The fields in the form they are kept in, but for the entry."""
    found: dict[str, Any] = {}
    for name, value in fields.items():
        match name:
            case "entry":
                continue
            case "body":
                found[name] = clean(str(value))
            case "plan":
                found[name] = plan_of(fields["plan"])
            case "channels":
                found[name] = list(fields["channels"])
            case "note":
                found[name] = without_marks(str(value)).strip()
            case _:
                found[name] = line(str(value))
    return found


def line(text: str) -> str:
    """``text`` as one line, blanks at its ends gone."""
    return re.sub(r"[ \t\r\n\u3000]+", " ", without_marks(text)).strip()


def plan_of(plan: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """The intended stages, each with its three facts."""
    return [
        {
            "scope": str(step.get("scope", "")),
            "keys": sorted(step.get("keys") or ()),
            "opens": str(step.get("opens") or ""),
        }
        for step in plan
    ]
