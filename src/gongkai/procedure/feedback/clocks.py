"""The verbs that move a case's clock: accept, extend, stop, resume. The sender sees each, with its
reason and the sum counted anew.
"""

from datetime import date

from django.db import transaction

from gongkai.foundation.core import clock
from gongkai.foundation.core.errors import Refused
from gongkai.foundation.ledger.workflow import SYSTEM
from gongkai.foundation.organisations.queries import Officer, today
from gongkai.procedure.catalogue.queries import charter_of
from gongkai.procedure.feedback import (
    acts,
    escalating,
    handling_rules,
    letters,
    masking,
    promises,
    routing,
    telling,
)
from gongkai.procedure.feedback.models import Case, Pause
from gongkai.procedure.feedback.states import UNANSWERED, Happened


@transaction.atomic
def accept(*, case: Case, officer: Officer) -> Case:
    """Tell the sender that the petition is taken up; its clock begins anew today. 受理"""
    case = acts.locked(case)
    if obstacles := handling_rules.accept_obstacles(case, officer):
        raise Refused(obstacles)
    case.accepted_on = today(case.organisation)
    routing.begin(case, case.accepted_on, accepted=True)
    case.told = 0
    case.save()
    acts.record("case.accept", case, officer, {"promised_on": acts.iso(case.promised)})
    telling.note(case, Happened.ACCEPTED, case.promised)
    return case


@transaction.atomic
def extend(*, case: Case, officer: Officer, reason: str) -> Case:
    """Give the case the charter's extension, once, for a reason that the sender reads. 延长"""
    case, reason = acts.locked(case), masking.tidied(reason)
    day = today(case.organisation)
    if obstacles := handling_rules.extend_obstacles(case, officer, reason, day):
        raise Refused(obstacles)
    case.extension = promises.extension(charter_of(case.organisation)[1], case.kind)
    case.extended_why = reason
    _reckon(case)
    told = {"text": reason, "promised_on": acts.iso(case.promised)}
    acts.record("case.extend", case, officer, told)
    telling.note(case, Happened.EXTENDED, case.promised)
    return case


@transaction.atomic
def stop(
    *, case: Case, officer: Officer, reason: str, text: str, until: date | None = None
) -> Pause:
    """Let the clock stand still from tomorrow, for the charter's ``reason``. 暂停计时

    On ``until`` it runs on by itself; at the latest after the days that the charter allows for this
    reason, which stand for a day that was not said.
    """
    case, text = acts.locked(case), masking.tidied(text)
    day = today(case.organisation)
    until = until or handling_rules.latest_end(case, reason, day)
    if obstacles := [
        *handling_rules.stop_obstacles(case, officer, reason, text, day),
        *handling_rules.until_obstacles(case, reason, until, day),
    ]:
        raise Refused(obstacles)
    pause = Pause.objects.create(
        case=case,
        reason=reason,
        text=text,
        post=officer.post_names,
        stopped_on=day,
        ends_on=until,
    )
    _reckon(case)
    told = {"reason": reason, "text": text, **({"until": acts.iso(until)} if until else {})}
    acts.record("case.stop", case, officer, told)
    telling.note(case, Happened.STOPPED, until)
    return pause


@transaction.atomic
def resume(*, case: Case, officer: Officer) -> Case:
    """Let the clock run on from today. 恢复计时"""
    case = acts.locked(case)
    if obstacles := handling_rules.resume_obstacles(case, officer):
        raise Refused(obstacles)
    day = clock.civil_day(clock.now(), case.organisation.zone)
    Pause.objects.filter(case=case, resumed_on=None).update(resumed_on=day)
    _reckon(case)
    acts.record("case.resume", case, officer, {"promised_on": acts.iso(case.promised)})
    telling.note(case, Happened.RESUMED, case.promised)
    return case


@transaction.atomic
def resume_by_itself(*, pause: Pause) -> bool:
    """Let the clock run on because the day has come that was said; says whether it did.

    It counts from that day, however late this is done. Who deals with the case gets a letter.
    """
    case = acts.locked(pause.case)
    ended = Pause.objects.filter(pk=pause.pk, resumed_on=None)
    if pause.ends_on is None or not ended.update(resumed_on=pause.ends_on):
        return False
    if case.state not in UNANSWERED:
        return False  # taken back meanwhile: nobody waits for it
    _reckon(case)
    acts.record("case.resume", case, SYSTEM, {"promised_on": acts.iso(case.promised)})
    telling.note(case, Happened.RESUMED, case.promised)
    for member in escalating.dealing(case):
        letters.runs_on(case, member)
    return True


def _reckon(case: Case) -> None:
    """Count the promise anew."""
    case.promised_on = case.started_on  # it has begun, whatever stood before
    case.promised_on = promises.of(case).due
    case.save(update_fields=["promised_on", "extension", "extended_why"])
