"""By when a voice is answered 期限: lengths from the charter, days from the one deadline engine."""

from dataclasses import dataclass
from datetime import date, timedelta

from gongkai.foundation.core import deadlines
from gongkai.foundation.core.deadlines import Deadline, Unit
from gongkai.foundation.organisations.models import Organisation
from gongkai.procedure.catalogue.charter import Charter
from gongkai.procedure.catalogue.queries import charter_of
from gongkai.procedure.feedback.models import Case, Pause
from gongkai.procedure.feedback.states import PETITIONS, CaseKind, Ground

_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Term:
    """How long something may take (时限), in working days or in days."""

    length: int
    unit: Unit = Unit.WORKDAYS


def term(charter: Charter, kind: str, ground: str = "", *, accepted: bool = False) -> Term:
    """How long a voice of this kind may wait; a petition for its notice, then ``accepted``."""
    limits, voices = charter.deadlines, charter.voices
    if ground == Ground.PRIVACY:
        return Term(limits.privacy_workdays)
    if kind in PETITIONS:
        days = voices.petition_days if accepted else voices.petition_notice_days
        return Term(days, Unit.DAYS)
    own = {
        CaseKind.TOPIC.value: limits.topic_workdays,
        CaseKind.QUESTION.value: voices.question_workdays,
        CaseKind.HOTLINE.value: voices.hotline_workdays,
        CaseKind.BOOK.value: voices.book_workdays,
    }
    return Term(own.get(kind, 0) or limits.answer_workdays)


def extension(charter: Charter, kind: str) -> int:
    """By how much a voice of this kind may be extended once, in the unit of its term."""
    voices = charter.voices
    return voices.petition_extend_days if kind in PETITIONS else voices.extend_workdays


def promise(organisation: Organisation, kind: str, received: date, ground: str = "") -> Deadline:
    """By when a voice received on ``received`` is answered; the day of receipt does not count.

    Open-ended for a topic that others must second first.
    """
    charter = charter_of(organisation)[1]
    span = term(charter, kind, ground)
    waits = kind == CaseKind.TOPIC and charter.voices.topic_seconds > 0
    pauses = [deadlines.Pause(received + _DAY)] if waits else []
    return deadlines.deadline(received, span.length, unit=span.unit, pauses=pauses)


def of(case: Case) -> Deadline:
    """The clock of ``case`` as it stands: its start, its length, what stopped it, its extension."""
    stopped = Pause.objects.filter(case=case, stopped_on__gte=case.started_on).order_by("pk")
    pauses = [each for pause in stopped if (each := _days(pause))]
    if not_owed(case):
        pauses.append(deadlines.Pause(case.started_on + _DAY))
    return deadlines.deadline(
        case.started_on,
        case.term,
        unit=Unit.DAYS if case.every_day else Unit.WORKDAYS,
        pauses=pauses,
        extension=case.extension,
    )


def not_owed(case: Case) -> bool:
    """Whether the case is a topic whose clock has not begun, since too few have seconded it."""
    if case.kind != CaseKind.TOPIC or case.promised is not None:
        return False
    return not Pause.objects.filter(case=case, resumed_on=None).exists()


def stopped(case: Case) -> Pause | None:
    """The pause in which the case stands; none while its clock runs."""
    return Pause.objects.filter(case=case, resumed_on=None).first()


def pauses(case: Case) -> list[Pause]:
    """Every pause there was, oldest first."""
    return list(Pause.objects.filter(case=case).order_by("pk"))


def contact_end(organisation: Organisation, due: date) -> date:
    """The day on which contact data is destroyed at the latest, for an answer due on ``due``."""
    return due + timedelta(days=charter_of(organisation)[1].deadlines.contact_days)


def _days(pause: Pause) -> deadlines.Pause | None:
    """The days that ``pause`` takes out; none when it was over by the next day."""
    first = pause.stopped_on + _DAY
    if pause.resumed_on is None:
        return deadlines.Pause(first)
    last = pause.resumed_on - _DAY
    return deadlines.Pause(first, last) if last >= first else None
