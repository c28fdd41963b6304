"""Where a thing stands at the desk, and what it is called in one line."""

from collections.abc import Sequence

from django.urls import reverse
from django.utils.translation import gettext as _

from gongkai.procedure.catalogue.charter import Charter
from gongkai.procedure.duties.models import Duty
from gongkai.procedure.feedback.masking import masked
from gongkai.procedure.feedback.models import Case
from gongkai.procedure.feedback.states import CaseKind, Ground

SHORT = 24
"""Characters of a voice that stand for it in a list."""


def item_href(address: str) -> str:
    """The page of an item at the desk."""
    return reverse("desk:item", args=[address])


def draft_href(duty: Duty) -> str:
    """The page on which something is written for ``duty``."""
    return f"{reverse('desk:write', args=[duty.entry.code])}?duty={duty.pk}"


def voice(case: Case) -> str:
    """A voice in one line: 点题：镇东垃圾中转站什么时候搬; a problem by its ground."""
    words = " ".join(masked(case.text).split())
    shown = words[:SHORT] + ("…" if len(words) > SHORT else "")
    kind = Ground(case.ground) if case.ground else CaseKind(case.kind)
    return _("%(kind)s：%(text)s") % {"kind": kind.label, "text": shown}


def inner_first(plan: Sequence[dict[str, str]], charter: Charter) -> str:
    """The badge of what members see first, or alone; nothing for what goes straight out."""
    scopes = {scope.code: scope for scope in charter.scopes}
    known = [scopes[step["scope"]] for step in plan if step.get("scope") in scopes]
    inner = [scope.inner for scope in known]
    if not any(inner):
        return ""
    return _("成员先看") if not all(inner) else _("只向成员公开")
