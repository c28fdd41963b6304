"""The letter itself: headings, counts and lines, in plain Chinese."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage
from django.utils.translation import gettext as _
from django.utils.translation import override

from gongkai.foundation.organisations.models import Organisation
from gongkai.foundation.ui import marks
from gongkai.oversight.supervision import counting
from gongkai.surfaces.channels.daily.counting import Days, Voice

MOST = 20
"""Lines under one heading; the desk has the rest."""


def letter(organisation: Organisation, told: Days, address: str, *, late: bool) -> EmailMessage:
    """What ``address`` is told; ``late`` says that it should have gone out on an earlier day."""
    with override("zh-hans"):
        names = {"name": organisation.name, "days": _span(told)}
        subject = _("%(name)s：%(days)s公开情况") % names
        if late:
            subject = _("补寄 %(subject)s") % {"subject": subject}
        parts = ["\n".join(part) for part in _parts(told, late) if part]
        desk = f"{settings.OFFICE_URL}/desk/"
        parts.append(
            _("详细的在办公台：%(desk)s\n不想再收，请在“订阅与推送”里停收：%(stop)s")
            % {"desk": desk, "stop": f"{desk}messages/"}
        )
        return EmailMessage(
            subject,
            "\n\n".join(parts) + "\n",
            settings.DEFAULT_FROM_EMAIL,
            [address],
            headers={"Auto-Submitted": "auto-generated", "X-Auto-Response-Suppress": "All"},
        )


def _span(told: Days) -> str:
    first, last = marks.day(told.first), marks.day(told.last)
    if told.first == told.last:
        return str(last)
    return _("%(first)s至%(last)s") % {"first": first, "last": last}


def _parts(told: Days, late: bool) -> Iterator[list[str]]:
    if late:
        yield [_("系统停过，或者邮件没有通，这封信迟了。")]
    yield _part(_("到期没有公开"), [_duty(row) for row in told.missing])
    settled = [row for row in told.due if row["state"] != counting.MISSING]
    yield _part(_("到期的任务"), [_duty(row) for row in settled])
    if told.still:
        yield [_("更早的还有%(num)s项没有公开。") % {"num": told.still}]
    yield _part(_("撤回"), map(_item, told.withdrawals))
    yield _part(_("清除"), map(_item, told.erasures))
    yield _part(_("更正"), map(_item, told.corrections))
    yield _part(_("超过期限没有答复"), map(_voice, told.overdue))
    yield _part(_("答复迟了"), map(_voice, told.late_answers))
    if told.opened:
        yield [_("新公开%(num)s件。") % {"num": len(told.opened)}]


def _part(heading: str, lines: Iterable[str]) -> list[str]:
    found: Sequence[str] = list(lines)
    if not found:
        return []
    shown = [_("%(heading)s（%(num)s）：") % {"heading": heading, "num": len(found)}, *found[:MOST]]
    if len(found) > MOST:
        shown.append(_("还有%(num)s项。") % {"num": len(found) - MOST})
    return shown


def _duty(row: dict[str, Any]) -> str:
    words = {"entry": row["title"], "day": marks.day(date.fromisoformat(row["due"]))}
    match row["state"]:
        case counting.MISSING:
            return _("%(entry)s，%(day)s截止") % words
        case counting.WAIVED:
            return _("%(entry)s，%(day)s截止，免于公开") % words
        case counting.LATE:
            return _("%(entry)s，%(day)s截止，迟了才公开") % words
        case _:
            return _("%(entry)s，%(day)s截止，已公开") % words


def _item(row: dict[str, Any]) -> str:
    return f"{row['title']} {settings.OFFICE_URL}/desk/i/{row['address']}/"


def _voice(voice: Voice) -> str:
    words = {"number": voice.number, "day": marks.day(voice.promised)}
    if voice.answered is None:
        return _("%(number)s，答应%(day)s答复") % words
    on = marks.day(voice.answered)
    return _("%(number)s，答应%(day)s，%(on)s答复") % {**words, "on": on}
