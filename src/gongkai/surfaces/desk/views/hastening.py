"""紧急公开: seal and open at once, look at it afterwards, and the list of all of them."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from gongkai.foundation.organisations.doors import OFFICER, ONE_OF, door
from gongkai.foundation.organisations.forms import attempt
from gongkai.foundation.organisations.seat import Seated
from gongkai.foundation.organisations.states import Right
from gongkai.foundation.ui import marks
from gongkai.procedure.publication import hastening
from gongkai.procedure.review import emergency_rules, queries
from gongkai.procedure.review.models import Emergency
from gongkai.surfaces.desk.acts import WORDS
from gongkai.surfaces.desk.dossier import Dossier
from gongkai.surfaces.desk.forms import ConfirmForm, HastenForm, RefuseForm
from gongkai.surfaces.desk.views.common import act_page, dossier_of, form_page, posted, shown

PAGE = 50


@door(OFFICER)
@form_page
def hasten(request: Seated, address: str) -> HttpResponse:
    """Seal and open at once what is under review."""
    dossier, officer = dossier_of(request, address), request.acting
    under = queries.open_review(dossier.disclosure)
    form = HastenForm(posted(request))
    if request.method == "POST" and form.is_valid():
        reason = form.cleaned_data["text"]
        made = attempt(form, hastening.hasten, review=under, officer=officer, reason=reason)
        if made:
            said = {"title": shown(dossier.title), "day": marks.day(made.due_on)}
            told = _("已紧急公开《%(title)s》，%(day)s前由另一个人补审。")
            messages.success(request, told % said)
            return redirect("desk:item", address)
    return act_page(
        request,
        dossier,
        heading=_("紧急公开"),
        lead=_(
            "马上封存，按先党内后党外的次序公开，一个字也不能再改。公开栏上写明“紧急公开，待补审”，"
            "直到另一个人补审。"
        ),
        label=_("封存并公开"),
        form=form,
        obstacles=() if form.errors else emergency_rules.may_hasten_obstacles(under, officer),
        sections=dossier.findings(),
        sheet=dossier.sheet(),
    )


@door(OFFICER)
@form_page
def confirm(request: Seated, address: str) -> HttpResponse:
    """Decide afterwards that it may stand."""
    dossier, officer = dossier_of(request, address), request.acting
    found, form = _emergency(dossier), ConfirmForm(posted(request))
    if request.method == "POST" and form.is_valid():
        text = form.cleaned_data["text"]
        if attempt(form, hastening.confirm, emergency=found, officer=officer, text=text):
            messages.success(request, _("已补审通过《%s》。") % shown(dossier.title))
            return redirect("desk:item", address)
    return act_page(
        request,
        dossier,
        heading=_("补审通过"),
        lead=_("%(post)s紧急公开了这一件，理由是：%(reason)s")
        % {"post": found.post, "reason": found.reason},
        label=_("补审通过"),
        form=form,
        obstacles=() if form.errors else emergency_rules.confirm_obstacles(found, officer),
        sheet=dossier.sheet(),
    )


@door(OFFICER)
@form_page
def refuse(request: Seated, address: str) -> HttpResponse:
    """Decide afterwards that it may not stand."""
    dossier, officer = dossier_of(request, address), request.acting
    found, form = _emergency(dossier), RefuseForm(posted(request))
    if request.method == "POST" and form.is_valid():
        reason = form.cleaned_data["text"]
        if attempt(form, hastening.refuse, emergency=found, officer=officer, reason=reason):
            told = _("已记下《%s》补审没有通过，有撤回权的岗位会看到。")
            messages.success(request, told % shown(dossier.title))
            return redirect("desk:item", address)
    return act_page(
        request,
        dossier,
        heading=_("补审不通过"),
        lead=_("%(post)s紧急公开了这一件，理由是：%(reason)s")
        % {"post": found.post, "reason": found.reason},
        label=_("补审不通过"),
        form=form,
        obstacles=() if form.errors else emergency_rules.refuse_obstacles(found, officer, WORDS),
        sheet=dossier.sheet(),
    )


@door(ONE_OF(Right.SUPERVISE, Right.PUBLISH, Right.WITHDRAW))
@require_safe
def listed(request: Seated) -> HttpResponse:
    """Everything that was ever opened in an emergency, the newest first."""
    organisation = request.acting.organisation
    found = Paginator(queries.emergencies_in(organisation), PAGE)
    context = {"page": found.get_page(request.GET.get("page")), "zone": organisation.zone}
    return render(request, "desk/emergencies.html", context)


def _emergency(dossier: Dossier) -> Emergency:
    if dossier.emergency is None:
        raise Http404
    return dossier.emergency
