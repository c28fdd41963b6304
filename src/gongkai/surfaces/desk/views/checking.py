"""检查 before submitting, and beginning a draft from a template."""

from functools import partial

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from gongkai.foundation.core.errors import Refused
from gongkai.foundation.organisations.doors import OFFICER, door
from gongkai.foundation.organisations.queries import today
from gongkai.foundation.organisations.seat import Seated
from gongkai.procedure.catalogue.queries import charter_of
from gongkai.procedure.proposals import blanks, queries, workflow
from gongkai.procedure.review import rules
from gongkai.surfaces.desk import flagging, owed, sheet
from gongkai.surfaces.desk.views.common import crumbs, dossier_of, shown
from gongkai.surfaces.desk.views.masking import MaskForm


@door(OFFICER)
@require_safe
def check(request: Seated, address: str) -> HttpResponse:
    """What the checks find in the draft as it is saved; nothing is kept of it."""
    dossier = dossier_of(request, address)
    draft, text = dossier.draft, dossier.looked
    if draft is None or text is None:
        return redirect("desk:item", address)
    kinds = flagging.maskings(text)
    context = {
        "item": dossier,
        "sections": flagging.before(text),
        "masking": MaskForm(initial={"edits": draft.edits}) if kinds else None,
        "kinds": kinds,
        "blocking": sum(each.blocking for each in text.findings),
        "advice": sum(not each.blocking for each in text.findings),
        "stops": rules.submit_obstacles(text.findings),
        "title": sheet.line(draft.title),
        "document_number": draft.document_number,
        "body": text.body,
        "crumbs": crumbs(dossier),
    }
    return render(request, "desk/check.html", context)


class FromForm(forms.Form):
    """Which duty the draft shall meet, when it is begun for one."""

    duty = forms.CharField(required=False, max_length=18)


@door(OFFICER)
@require_POST
def begin(request: Seated, code: str, key: str) -> HttpResponse:
    """A new draft under the line ``code`` that begins with the template ``key``."""
    officer = request.acting
    organisation = officer.organisation
    _version, charter = charter_of(organisation)
    entry = queries.entry_of(organisation, code)
    rule = charter.entry(entry.code)
    blank = blanks.all_of_them().get(key)
    if blank is None:
        raise Http404
    form = FromForm(request.POST)
    asked = form.cleaned_data["duty"] if form.is_valid() else ""
    offered = owed.choices(entry, asked)
    duty = next((each for each in offered if str(each.pk) == asked), None)
    text = blanks.filled(blank, charter, rule, today(organisation))
    started = partial(workflow.begin, organisation=organisation, entry=entry, officer=officer)
    try:
        draft = started(title=text.title, body=text.body, kind=text.kind, duty=duty)
    except Refused as refused:
        for sentence in refused.obstacles:
            messages.error(request, sentence)
        return redirect("desk:write", code)
    told = _("已按“%(name)s”起草，存成草稿。请把【填：…】都填好。")
    messages.success(request, told % {"name": shown(_(blank.name))})
    return redirect("desk:edit", draft.disclosure.address)
