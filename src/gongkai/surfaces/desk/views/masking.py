"""提出内容: put personal data under its mask, and the register of what was covered."""

from dataclasses import dataclass

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST, require_safe

from gongkai.foundation.core.errors import Conflict, Refused
from gongkai.foundation.organisations.doors import OFFICER, door
from gongkai.foundation.organisations.seat import Seated
from gongkai.procedure.feedback.masking import masked
from gongkai.procedure.proposals import queries
from gongkai.procedure.proposals.models import Redaction, TextMask
from gongkai.procedure.proposals.states import RedactionReason
from gongkai.procedure.review import masking
from gongkai.procedure.review.checks.finding import Finding, Place
from gongkai.procedure.review.checks.kinds import KINDS
from gongkai.surfaces.desk.flagging import Text
from gongkai.surfaces.desk.views.common import crumbs, dossier_of


class MaskForm(forms.Form):
    """What is to be masked, and why: one finding by its digest, or all of a kind."""

    edits = forms.IntegerField(min_value=0, widget=forms.HiddenInput)
    reason = forms.ChoiceField(
        label=gettext_lazy("遮盖的理由"),
        choices=RedactionReason.choices,
        initial=RedactionReason.PERSON,
    )
    only = forms.CharField(required=False, max_length=64)
    kind = forms.CharField(required=False, max_length=20)

    def chosen(self, text: Text) -> list[Finding]:
        """What is meant, among what the checks find now."""
        told = self.cleaned_data
        return [e for e in text.findings if told["only"] == e.digest or told["kind"] == e.kind]


@dataclass(frozen=True)
class Mask:
    """A row of the register for the text (登记的一行): what it was, masked, and where."""

    row: TextMask
    name: str
    where: str


@dataclass(frozen=True)
class Covered:
    """A row of the register for an attachment (登记的附件)."""

    row: Redaction
    places: int
    reasons: str


@door(OFFICER)
@require_POST
def mask(request: Seated, address: str) -> HttpResponse:
    """Mask one thing, or all of a kind, wherever it stands in the draft."""
    dossier = dossier_of(request, address)
    draft, text, form = dossier.draft, dossier.looked, MaskForm(request.POST)
    if draft is None or text is None:
        return redirect("desk:item", address)
    if not form.is_valid():
        messages.error(request, _("请选遮盖的理由，再遮盖一次。"))
        return redirect("desk:check", address)
    try:
        masks = masking.mask(
            draft=draft,
            officer=request.acting,
            edits=form.cleaned_data["edits"],
            charter=dossier.charter,
            files=text.attached,
            chosen=form.chosen(text),
            reason=form.cleaned_data["reason"],
        )
    except Conflict as conflict:
        messages.error(request, str(conflict))
    except Refused as refused:
        for sentence in refused.obstacles:
            messages.error(request, sentence)
    else:
        places = sum(len(each.places) for each in masks)
        said = ngettext("已遮盖%(n)d处，记入遮盖登记。", "已遮盖%(n)d处，记入遮盖登记。", places)
        messages.success(request, said % {"n": places})
    return redirect("desk:check", address)


@door(OFFICER)
@require_safe
def register(request: Seated, address: str) -> HttpResponse:
    """What was covered in the item's texts and attachments, why and by whom."""
    dossier = dossier_of(request, address)
    masks, attached = queries.register(dossier.disclosure)
    context = {
        "item": dossier,
        "zone": dossier.zone,
        "masks": [_mask(each) for each in masks],
        "attached": [_covered(each) for each in attached],
        "crumbs": crumbs(dossier),
    }
    return render(request, "desk/redactions.html", context)


def _mask(row: TextMask) -> Mask:
    places = tuple(Place(**each) for each in row.places)
    told = Finding("", row.kind, row.masked, places, row.digest)
    return Mask(row, str(KINDS[row.kind].title), told.where)


def _covered(row: Redaction) -> Covered:
    reasons = dict.fromkeys(each["reason"] for each in row.marks)
    named = _("、").join(str(RedactionReason(each).label) for each in reasons)
    row.attachment.title = masked(row.attachment.title)
    return Covered(row, len(row.marks), named)
