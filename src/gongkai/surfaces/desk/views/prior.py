"""审核确定, outside the catalogue: ask the superior; above, read what was submitted and decide."""

from django.contrib import messages
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from gongkai.foundation.organisations.doors import OFFICER, door
from gongkai.foundation.organisations.forms import attempt
from gongkai.foundation.organisations.seat import Seated
from gongkai.foundation.ui import marks
from gongkai.foundation.ui.parts import Act, Link
from gongkai.procedure.feedback.masking import masked
from gongkai.procedure.review import prior as verbs
from gongkai.procedure.review import prior_rules, queries
from gongkai.procedure.review.models import PriorApproval
from gongkai.surfaces.desk import upward
from gongkai.surfaces.desk.forms import SureForm
from gongkai.surfaces.desk.review_forms import PriorForm, ReferForm
from gongkai.surfaces.desk.views.common import dossier_of, form_page, one_act, posted, shown
from gongkai.surfaces.members.downloads import handed_out


@door(OFFICER)
@form_page
def refer(request: Seated, address: str) -> HttpResponse:
    """Ask the superior to approve what was submitted."""
    dossier, officer = dossier_of(request, address), request.acting
    under = queries.open_review(dossier.disclosure)
    return one_act(
        request,
        dossier,
        ReferForm(posted(request)),
        lambda data: verbs.ask(review=under, officer=officer, question=data["text"]),
        told=lambda made: (
            _("已报%(superior)s批准，%(day)s前答复。")
            % {"superior": made.superior.name, "day": marks.day(made.due_on)}
        ),
        obstacles=lambda: prior_rules.may_ask_obstacles(under, officer),
        heading=_("报上级批准"),
        lead=_("上级批准的就是这次送审的这一稿。改过再送审的，要重新报。"),
        label=_("报上级批准"),
    )


@door(OFFICER)
@form_page
def recall(request: Seated, address: str, key: int) -> HttpResponse:
    """Take the request back."""
    dossier, officer = dossier_of(request, address), request.acting
    found = queries.requests().filter(review__draft__disclosure=dossier.disclosure, pk=key).first()
    if found is None:
        raise Http404
    return one_act(
        request,
        dossier,
        SureForm(posted(request)),
        lambda _data: verbs.recall(request=found, officer=officer),
        told=lambda _done: _("已撤回报批。"),
        obstacles=lambda: prior_rules.recall_obstacles(found, officer),
        heading=_("撤回报批"),
        lead=_("撤回以后，%(superior)s就看不到这一稿了。") % {"superior": found.superior.name},
        label=_("撤回报批"),
    )


@door(OFFICER)
@form_page
def decide(request: Seated, key: int) -> HttpResponse:
    """What a body below submitted, exactly that, and the superior's decision on it."""
    prior, officer = _seen(request, key), request.acting
    form, title = PriorForm(posted(request)), shown(masked(prior.review.draft.title))
    if request.method == "POST" and form.is_valid():
        verb = verbs.approve if form.cleaned_data["decision"] == "approve" else verbs.refuse
        text = form.cleaned_data["text"]
        if attempt(form, verb, request=prior, officer=officer, text=text) is not None:
            messages.success(request, _("已答复《%(title)s》的报批。") % {"title": title})
            return redirect("desk:inbox")
    submission = queries.submission_of(prior.review)
    obstacles = () if form.errors else prior_rules.approve_obstacles(prior, officer)
    context = {
        "prior": prior,
        "title": title,
        "of": prior.review.draft.disclosure.organisation.name,
        "question": masked(prior.question),
        "text": masked(prior.text),
        "zone": officer.organisation.zone,
        "form": form,
        "act": Act(_("答复"), obstacles=obstacles),
        "sheet": upward.submitted(prior, submission),
        "particulars": upward.particulars(prior, submission),
        "crumbs": [Link(_("待我办"), reverse("desk:inbox"))],
    }
    status = 422 if request.method == "POST" else 200
    return render(request, "desk/prior.html", context, status=status)


@door(OFFICER)
@require_safe
def file(request: Seated, key: int, filename: str) -> FileResponse:
    """An attachment or a picture of what was submitted, for who decides on it."""
    submission = queries.submission_of(_seen(request, key).review)
    for each in submission.attachments:
        if filename == upward.stored(each):
            return handed_out(each["digest"], each["title"])
    raise Http404


def _seen(request: Seated, key: int) -> PriorApproval:
    """The request ``key``; 404 when it is not for this officer to look into."""
    found = prior_rules.visible(request.acting).filter(pk=key).first()
    if found is None:
        raise Http404
    return found
