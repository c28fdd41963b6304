"""What was typed on the page of something new: from the form as it is sent, and back into it."""

from typing import Any

from django.http import QueryDict

from gongkai.procedure.catalogue.charter import Charter, EntryRule
from gongkai.procedure.proposals.models import Jotting
from gongkai.procedure.proposals.sanitise import clean
from gongkai.surfaces.desk import readers, typed
from gongkai.surfaces.desk.draft_forms import DraftForm

_BOXES = ("channels", "take_", "groups_")
"""Fields that are not sent at all where nothing is ticked."""
_NOT_SAID = {"csrfmiddlewaretoken", "edits", "html", "body"}


def said(data: QueryDict) -> dict[str, Any]:
    """The fields of the form as they are kept: each by its name, the text as HTML."""
    text = data["html"] if "html" in data else typed.body(data.get("body", ""))
    fields = {name: values for name, values in data.lists() if name not in _NOT_SAID}
    return {"fields": fields, "html": clean(str(text))}


def text(row: Jotting | None) -> str:
    """The text that was kept."""
    return str(row.said["html"]) if row else ""


def initial(
    row: Jotting | None, charter: Charter, rule: EntryRule, people: readers.People
) -> dict[str, Any]:
    """What the form shows of it; nothing where nothing was kept."""
    if row is None:
        return {}
    data = QueryDict(mutable=True)
    for name, values in row.said["fields"].items():
        data.setlist(name, values)
    form = DraftForm(data, charter=charter, rule=rule, people=people, before="")
    shown = {
        name: field.widget.value_from_datadict(data, {}, name)
        for name, field in form.fields.items()
        if name in data or (name.startswith(_BOXES) and not field.disabled)
    }
    body = typed.text(row.said["html"])
    return {**shown, "body": body, "edits": row.edits}
