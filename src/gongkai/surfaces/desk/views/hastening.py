"""紧急公开: seal and open at once, look at it afterwards, and the list of all of them."""

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from gongkai.foundation.organisations.doors import OFFICER, ONE_OF, door
from gongkai.foundation.organisations.seat import Seated
from gongkai.foundation.organisations.states import Right
from gongkai.foundation.ui import marks
from gongkai.procedure.publication import hastening
from gongkai.procedure.review import emergency_rules, queries
from gongkai.procedure.review.models import Emergency
from gongkai.surfaces.desk.acts import WORDS
from gongkai.surfaces.desk.dossier import Dossier
from gongkai.surfaces.desk.forms import ConfirmForm, HastenForm, RefuseForm
from gongkai.surfaces.desk.views.common import dossier_of, form_page, one_act, posted, shown

PAGE = 50


@door(OFFICER)
@form_page
def hasten(request: Seated, address: str) -> HttpResponse:
    """Seal and open at once what is under review."""
    dossier, officer = dossier_of(request, address), request.acting
    under = queries.open_review(dossier.disclosure)
    return one_act(
        request,
        dossier,
        HastenForm(posted(request)),
        lambda data: hastening.hasten(review=under, officer=officer, reason=data["text"]),
        told=lambda made: (
            _("已紧急公开《%(title)s》，%(day)s前由另一个人补审。")
            % {"title": shown(dossier.title), "day": marks.day(made.due_on)}
        ),
        obstacles=lambda: emergency_rules.may_hasten_obstacles(under, officer),
        heading=_("紧急公开"),
        lead=_(
            "马上封存，按先党内后党外的次序公开，一个字也不能再改。公开栏上写明“紧急公开，待补审”，"
            "直到另一个人补审。"
        ),
        label=_("封存并公开"),
        shows=lambda: {"sections": dossier.findings(), "sheet": dossier.sheet()},
    )


@door(OFFICER)
@form_page
def confirm(request: Seated, address: str) -> HttpResponse:
    """Decide afterwards that it may stand."""
    dossier, officer = dossier_of(request, address), request.acting
    found = _emergency(dossier)
    return one_act(
        request,
        dossier,
        ConfirmForm(posted(request)),
        lambda data: hastening.confirm(emergency=found, officer=officer, text=data["text"]),
        told=lambda _done: _("已补审通过《%s》。") % shown(dossier.title),
        obstacles=lambda: emergency_rules.confirm_obstacles(found, officer),
        heading=_("补审通过"),
        lead=_why(found),
        label=_("补审通过"),
        shows=lambda: {"sheet": dossier.sheet()},
    )


@door(OFFICER)
@form_page
def refuse(request: Seated, address: str) -> HttpResponse:
    """Decide afterwards that it may not stand."""
    dossier, officer = dossier_of(request, address), request.acting
    found = _emergency(dossier)
    return one_act(
        request,
        dossier,
        RefuseForm(posted(request)),
        lambda data: hastening.refuse(emergency=found, officer=officer, reason=data["text"]),
        told=lambda _done: (
            _("已记下《%s》补审没有通过，有撤回权的岗位会看到。") % shown(dossier.title)
        ),
        obstacles=lambda: emergency_rules.refuse_obstacles(found, officer, WORDS),
        heading=_("补审不通过"),
        lead=_why(found),
        label=_("补审不通过"),
        shows=lambda: {"sheet": dossier.sheet()},
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


def _why(emergency: Emergency) -> str:
    said = {"post": emergency.post, "reason": emergency.reason}
    return _("%(post)s紧急公开了这一件，理由是：%(reason)s") % said
