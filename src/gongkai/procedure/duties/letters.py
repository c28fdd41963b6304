"""The letter about what is due: to the holder of a post, in Chinese, in plain words."""

from collections.abc import Sequence
from datetime import date

from django.conf import settings
from django.core.mail import send_mail
from django.utils.translation import gettext as _

from gongkai.foundation.organisations.models import Member
from gongkai.foundation.ui import marks
from gongkai.procedure.catalogue.charter import Charter
from gongkai.procedure.duties import recurrence
from gongkai.procedure.duties.models import Duty
from gongkai.procedure.duties.states import DutyKind


def reminder(charter: Charter, member: Member, duties: Sequence[Duty], today: date) -> None:
    """Tell ``member``, who has an account with an address, of ``duties``, longest due first."""
    assert member.account is not None, "a letter goes to an account's address"
    ordered = sorted(duties, key=lambda duty: (duty.due_on, duty.pk))
    late = sum(duty.due_on < today for duty in ordered)
    told = {"name": charter.organisation.name, "many": len(ordered), "late": late}
    subject = (
        _("%(name)s：%(late)s项公开任务已经逾期")
        if late
        else _("%(name)s：%(many)s项公开任务快到期")
    )
    lines = [_line(duty, today) for duty in ordered]
    ask = _("请登录办理：%s") % f"{settings.OFFICE_URL}/desk/"
    send_mail(subject % told, "\n".join([*lines, "", ask]), None, [member.account.email])


def _line(duty: Duty, today: date) -> str:
    told = {"entry": duty.entry, "duty": what(duty), "day": marks.day(duty.due_on)}
    if days := duty.late(today):
        return _("%(entry)s（%(duty)s）：%(day)s截止，已经逾期%(days)s日。") % {
            **told,
            "days": days,
        }
    return _("%(entry)s（%(duty)s）：%(day)s截止。") % told


def what(duty: Duty) -> str:
    """What of the entry is due: 2026年第4季度, or what was reported; else its kind."""
    if duty.title:
        return duty.title
    if duty.kind == DutyKind.PERIOD:
        return recurrence.said(duty.key)
    return str(DutyKind(duty.kind).label)
