"""The letters to who deals with voices: numbers and days, never words of a voice."""

from collections.abc import Sequence
from datetime import date

from django.conf import settings
from django.core.mail import send_mail
from django.utils.translation import gettext as _

from gongkai.foundation.organisations.models import Member, Organisation
from gongkai.foundation.ui import marks
from gongkai.procedure.feedback.models import Case, Pattern
from gongkai.procedure.feedback.states import CaseKind


def overdue(organisation: Organisation, member: Member, cases: Sequence[Case], today: date) -> None:
    """Tell ``member``, who has an account with an address, of ``cases``, longest overdue first."""
    assert member.account is not None, "a letter goes to an account's address"
    ordered = sorted(cases, key=lambda case: (case.promised_on, case.pk))
    told = {"name": organisation.name, "many": len(ordered)}
    lines = [_line(case, today) for case in ordered]
    ask = _("请登录办理：%s") % f"{settings.OFFICE_URL}/desk/"
    subject = _("%(name)s：%(many)s件意见逾期没有答复") % told
    send_mail(subject, "\n".join([*lines, "", ask]), None, [member.account.email])


def runs_on(case: Case, member: Member) -> None:
    """Tell ``member``, whose account has an address, that the clock of ``case`` runs on."""
    assert member.account is not None, "a letter goes to an account's address"
    told = {
        "kind": CaseKind(case.kind).label,
        "number": case.number,
        "day": marks.day(case.promised_on),
    }
    said = _("%(kind)s%(number)s暂停到期，接着计时，最晚%(day)s答复。") % told
    ask = _("请登录办理：%s") % f"{settings.OFFICE_URL}/desk/"
    subject = _("%(name)s：暂停到期，接着计时") % {"name": case.organisation.name}
    send_mail(subject, f"{said}\n\n{ask}", None, [member.account.email])


def suggested(pattern: Pattern, member: Member) -> None:
    """Tell ``member``, whose account has an address, that a suggestion waits for somebody."""
    assert member.account is not None, "a letter goes to an account's address"
    said = _("%(post)s从群众意见里提出一条建议，等人接手。") % {"post": pattern.post}
    ask = _("请登录办理：%s") % f"{settings.OFFICE_URL}/desk/suggestions/{pattern.pk}/"
    subject = _("%(name)s：一条建议等人接手") % {"name": pattern.organisation.name}
    send_mail(subject, f"{said}\n\n{ask}", None, [member.account.email])


def _line(case: Case, today: date) -> str:
    said = {
        "kind": CaseKind(case.kind).label,
        "number": case.number,
        "post": case.post.name if case.post else _("还没有分办"),
        "day": marks.day(case.promised_on),
        "days": (today - case.promised_on).days,
    }
    return _("%(kind)s%(number)s（%(post)s）：答应%(day)s前答复，已经逾期%(days)s日。") % said
