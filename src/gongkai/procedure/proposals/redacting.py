"""The verbs of covering an attachment 遮盖: mark, unmark, make the copy, take the original back.

Apart from ``workflow`` for their length alone; as there, the draft is held first. The copy is made
by the worker (``jobs.redact``): until it stands, the draft cannot be submitted.
"""

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from gongkai.foundation.core import clock
from gongkai.foundation.core.errors import Conflict, Refused
from gongkai.foundation.files.models import StoredFile
from gongkai.foundation.files.redacting import Place
from gongkai.foundation.organisations.queries import Officer
from gongkai.procedure.proposals import holding, rules
from gongkai.procedure.proposals.models import Draft, DraftFile, Redaction
from gongkai.procedure.proposals.states import EDITABLE, RedactionState


@transaction.atomic
def mark(*, attachment: DraftFile, officer: Officer, places: list[Place], reason: str) -> Redaction:
    """Note that these ``places`` of ``attachment`` are to be covered, each for ``reason`` 画遮盖框.

    ``Refused`` with every obstacle; a place that is marked already is not marked twice.
    """
    draft, attachment = _lock(attachment)
    found = Redaction.objects.filter(attachment=attachment).first()
    redaction = found or Redaction(attachment=attachment, original=attachment.file)
    new = [{"page": each.page, "box": _box(each), "reason": reason} for each in places]
    if obstacles := rules.mark_obstacles(draft, officer, redaction, new):
        raise Refused(obstacles)
    known = [{**each, "reason": ""} for each in redaction.marks]
    redaction.marks += [each for each in new if {**each, "reason": ""} not in known]
    redaction.state, redaction.touched_at = RedactionState.MARKING, clock.now()
    redaction.trouble = ""
    redaction.save()
    return redaction


@transaction.atomic
def unmark(*, redaction: Redaction, officer: Officer, place: Mapping[str, Any]) -> Redaction:
    """Take a mark away again; ``Conflict`` when it is gone already 去遮盖框."""
    draft, attachment = _lock(redaction.attachment)
    redaction = Redaction.objects.get(attachment=attachment)
    if obstacles := rules.mark_obstacles(draft, officer, redaction, []):
        raise Refused(obstacles)
    if place not in redaction.marks:
        raise Conflict(_("这个框已经去掉了。请看最新的情况。"))
    redaction.marks.remove(place)
    redaction.state, redaction.touched_at = RedactionState.MARKING, clock.now()
    redaction.save()
    return redaction


@transaction.atomic
def make(*, redaction: Redaction, officer: Officer) -> Redaction:
    """Have the copy made from the original, with all that is marked covered 生成遮盖件.

    The caller asks the worker once this is durable.
    """
    draft, attachment = _lock(redaction.attachment)
    redaction = Redaction.objects.select_related("original").get(attachment=attachment)
    if obstacles := rules.make_obstacles(draft, officer, redaction):
        raise Refused(obstacles)
    redaction.state, redaction.touched_at = RedactionState.WORKING, clock.now()
    redaction.turn += 1
    redaction.pages = redaction.drawn = 0
    redaction.trouble = ""
    redaction.save()
    reasons = sorted({each["reason"] for each in redaction.marks})
    facts = {"file": redaction.original.digest, "places": len(redaction.marks), "reasons": reasons}
    holding.record("draft.redact", draft, officer, facts)
    return redaction


@transaction.atomic
def restore(*, redaction: Redaction, officer: Officer) -> DraftFile:
    """Give up the covers: the attachment is the original again 撤销遮盖."""
    draft, attachment = _lock(redaction.attachment)
    redaction = Redaction.objects.select_related("original").get(attachment=attachment)
    if obstacles := rules.mark_obstacles(draft, officer, redaction, []):
        raise Refused(obstacles)
    attachment.file = redaction.original
    attachment.save(update_fields=["file"])
    redaction.delete()
    _touch(draft)
    holding.record("draft.unredact", draft, officer, {"file": attachment.file.digest})
    return attachment


def note_drawn(*, redaction: Redaction, pages: int, drawn: int) -> None:
    """So far the copy has come; the worker says so."""
    Redaction.objects.filter(pk=redaction.pk, turn=redaction.turn).update(
        pages=pages, drawn=drawn, touched_at=clock.now()
    )


@transaction.atomic
def finish(*, redaction: Redaction, copy: StoredFile | None, trouble: str = "") -> bool:
    """The copy stands, and is the attachment from now on; or ``trouble`` says why there is none.

    Says whether it was still wanted. The worker does this, so the act is the system's.
    """
    draft, attachment = _lock(redaction.attachment)
    turn = redaction.turn
    now = Redaction.objects.select_related("original").filter(attachment=attachment).first()
    if now is None or now.turn != turn or now.state != RedactionState.WORKING:
        return False
    if copy is None or draft.state not in EDITABLE:
        now.state, now.trouble = RedactionState.MARKING, trouble[:300]
        now.save(update_fields=["state", "trouble"])
        return False
    now.state = RedactionState.DONE
    now.save(update_fields=["state"])
    attachment.file = copy
    attachment.save(update_fields=["file"])
    _touch(draft)
    facts = {"attached": copy.digest, "file": now.original.digest}
    holding.record("draft.redacted", draft, None, facts)
    return True


def _lock(attachment: DraftFile) -> tuple[Draft, DraftFile]:
    """The draft, held, and its attachment as it is now; ``Conflict`` when that was taken off."""
    rows = Draft.objects.select_for_update(of=("self",)).select_related("disclosure__organisation")
    draft = rows.get(pk=attachment.draft_id)
    found = DraftFile.objects.select_related("file").filter(pk=attachment.pk).first()
    if found is None:
        raise Conflict(_("这个附件已经去掉了。请看最新的稿子。"))
    return draft, found


def _box(place: Place) -> list[int]:
    return [place.left, place.top, place.right, place.bottom]


def _touch(draft: Draft) -> None:
    draft.changed_at = clock.now()
    draft.save(update_fields=["changed_at"])
