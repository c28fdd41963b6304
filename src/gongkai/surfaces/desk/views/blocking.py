"""拦截词: phrases for which a voice is read first, and what a supervisor makes of it."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from gongkai.foundation.organisations.doors import ONE_OF, RIGHT, door
from gongkai.foundation.organisations.forms import attempt
from gongkai.foundation.organisations.seat import Seated
from gongkai.foundation.organisations.states import Right
from gongkai.procedure.feedback import held, holding, holding_rules, phrases, rules
from gongkai.procedure.feedback.models import Held
from gongkai.procedure.feedback.states import TO_REFUSE, CaseKind, HeldState
from gongkai.surfaces.desk.views.common import form_page, posted

SHOWN = 50
"""Voices that wait, and that were decided on, on one page."""


class PhraseForm(forms.Form):
    """One phrase."""

    use_required_attribute = False

    phrase = forms.CharField(
        label=gettext_lazy("拦截词"),
        max_length=phrases.LONGEST,
        help_text=gettext_lazy(
            "要先看的写法，2个字以上。星号代表中间隔着的字，最多20个，例如：加*微信。"
            "全角半角、大小写、空格、标点都不管。"
        ),
        error_messages={"required": gettext_lazy("请写要先看的写法")},
    )
    why = forms.CharField(
        label=gettext_lazy("为什么要先看"),
        max_length=holding_rules.LONGEST_WHY,
        error_messages={"required": gettext_lazy("请写明为什么要先看")},
    )


class RefuseForm(forms.Form):
    """Why a voice is not taken up."""

    use_required_attribute = False

    reason = forms.ChoiceField(
        label=gettext_lazy("不受理的理由"),
        choices=[(each.value, each.label) for each in TO_REFUSE],
        widget=forms.RadioSelect,
        help_text=gettext_lazy("愿意公开的，按理由计入公开的调整登记，没有原话。"),
        error_messages={"required": gettext_lazy("请选一个不受理的理由")},
    )
    why = forms.CharField(
        label=gettext_lazy("怎么对送的人说"),
        max_length=rules.LONGEST_TEXT,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": gettext_lazy("请写明为什么不受理")},
    )


@door(ONE_OF(Right.ASSIGN, Right.SUPERVISE))
@form_page
def listed(request: Seated) -> HttpResponse:
    """The list, with a form for one more phrase, and what it holds."""
    form, officer = PhraseForm(posted(request)), request.acting
    if request.method == "POST" and form.is_valid():
        given = {"organisation": officer.organisation, "officer": officer, **form.cleaned_data}
        made = attempt(form, holding.list_phrase, **given)
        if made is not None:
            told = _("写上了“%(phrase)s”。") if made[1] else _("“%(phrase)s”已经在上面了。")
            messages.success(request, told % {"phrase": made[0].phrase})
            return redirect("desk:blocked")
    return _page(request, phrase_form=form)


@door(RIGHT(Right.ASSIGN))
@require_POST
def strike(request: Seated, key: int) -> HttpResponse:
    """Take one phrase off the list."""
    officer = request.acting
    found = held.phrases(officer.organisation).select_related("organisation").filter(pk=key).first()
    if found is not None and holding.strike_phrase(phrase=found, officer=officer):
        told = _("去掉了“%(phrase)s”。已经拦下的还要有人看。")
        messages.success(request, told % {"phrase": found.phrase})
    return redirect("desk:blocked")


@door(RIGHT(Right.SUPERVISE))
@require_POST
def let_through(request: Seated, key: int) -> HttpResponse:
    """Make a case of what was held."""
    case = holding.let_through(held=_held(request, key), officer=request.acting)
    told = _("已放行，编号%(number)s，期限从收到的那天算起。")
    messages.success(request, told % {"number": case.number})
    return redirect("desk:blocked")


@door(RIGHT(Right.SUPERVISE))
@require_POST
def refuse(request: Seated, key: int) -> HttpResponse:
    """Confirm that it is abuse, with a reason."""
    found, form = _held(request, key), RefuseForm(request.POST, prefix=str(key))
    if form.is_valid():
        given = {"held": found, "officer": request.acting, **form.cleaned_data}
        if attempt(form, holding.refuse, **given):
            messages.success(request, _("记为不受理，送的人凭查询码看得到理由。"))
            return redirect("desk:blocked")
    return _page(request, refusing=(key, form))


def _held(request: Seated, key: int) -> Held:
    own = Held.objects.filter(organisation=request.acting.organisation, pk=key)
    found: Held | None = own.select_related("organisation").first()
    if found is None:
        raise Http404
    return found


def _page(
    request: Seated,
    *,
    phrase_form: PhraseForm | None = None,
    refusing: tuple[int, RefuseForm] | None = None,
) -> HttpResponse:
    officer, organisation = request.acting, request.acting.organisation
    supervises = officer.may(Right.SUPERVISE)
    waiting = held.waiting(organisation)
    bound = {refusing[0]: refusing[1]} if refusing else {}
    context: dict[str, Any] = {
        "rows": held.phrases(organisation),
        "many": waiting.count(),
        "waiting": [_row(each, request, bound) for each in waiting[:SHOWN]] if supervises else [],
        "decided": [_decided(each) for each in held.decided(organisation)[:SHOWN]],
        "supervises": supervises,
        "keeps": officer.may(Right.ASSIGN),
        "phrase_form": phrase_form or PhraseForm(),
        "refuse_form": refusing[1] if refusing else None,
        "zone": organisation.zone,
        "today": request.today,
    }
    status = 422 if refusing or (phrase_form and phrase_form.is_bound) else 200
    return render(request, "desk/blocked.html", context, status=status)


def _row(each: Held, request: Seated, bound: dict[int, RefuseForm]) -> dict[str, Any]:
    return {
        "held": each,
        "kind": CaseKind(each.kind).label,
        "title": each.disclosure.title if each.disclosure else "",
        "own": each.listed_by_id == request.acting.member.pk,
        "form": bound.get(each.pk) or RefuseForm(prefix=str(each.pk)),
    }


def _decided(each: Held) -> dict[str, Any]:
    return {"held": each, "state": HeldState(each.state).label}
