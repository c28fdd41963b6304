"""The verbs of the wall 互动反馈栏: propose words, pass them, send them back, keep off, take down.

Whatever else moves a case is told to the wall by :mod:`hanging`, from within its own verb.
"""

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from gongkai.foundation.core import clock
from gongkai.foundation.core.errors import Refused
from gongkai.foundation.ledger.workflow import SYSTEM
from gongkai.foundation.organisations.queries import Officer
from gongkai.procedure.feedback import acts, hanging, masking, openings, queries, wall_rules
from gongkai.procedure.feedback.hanging import Shown
from gongkai.procedure.feedback.models import Answer, Case, Hanging, Wording
from gongkai.procedure.feedback.states import CaseState, WallReason
from gongkai.procedure.proposals.models import Disclosure


@transaction.atomic
def propose(
    *,
    case: Case,
    officer: Officer,
    text: str,
    reason: str = "",
    why: str = "",
    item: Disclosure | None = None,
) -> Wording:
    """Propose the words in which the voice shall hang, in the place of those that wait. 提请上墙

    ``reason`` and ``why`` say why they are not the voice's own; ``item`` is where the reply leads.
    Under the charter's named exemption unchanged words hang at once.
    """
    case, text, why = acts.locked(case), masking.tidied(text), _line(why)
    if obstacles := wall_rules.propose_obstacles(case, officer, text, reason, why, item):
        raise Refused(obstacles)
    written = _written(case, officer, text=text, reason=reason, why=why, item=item)
    acts.record("wall.propose", case, officer, {"reason": reason, "text": why})
    if exemption := wall_rules.exemption(case, text):
        written.exemption = exemption
        _pass(case, written, officer)
    return written


@transaction.atomic
def keep_off(*, case: Case, officer: Officer, reason: str, why: str) -> Wording:
    """Propose that the voice be kept off the wall, for a reason that is counted. 提请不上墙"""
    case, why = acts.locked(case), _line(why)
    if obstacles := wall_rules.keep_off_obstacles(case, officer, reason, why):
        raise Refused(obstacles)
    written = _written(case, officer, off=True, reason=reason, why=why)
    acts.record("wall.keep-off", case, officer, {"reason": reason, "text": why})
    return written


@transaction.atomic
def pass_wording(*, wording: Wording, officer: Officer) -> Hanging:
    """Let what was proposed count, as the second person. 审定上墙"""
    case = acts.locked(wording.case)
    wording = _fresh(wording, case)
    if obstacles := wall_rules.pass_obstacles(wording, officer):
        raise Refused(obstacles)
    wording.passed_by, wording.passed_post = officer.member, officer.post_names
    return _pass(case, wording, officer)


@transaction.atomic
def send_back(*, wording: Wording, officer: Officer, reason: str) -> Wording:
    """Send what was proposed back with what to change. 退回上墙稿"""
    case, reason = acts.locked(wording.case), masking.tidied(reason)
    wording = _fresh(wording, case)
    if obstacles := wall_rules.return_obstacles(wording, officer, reason):
        raise Refused(obstacles)
    wording.returned_reason = reason
    wording.save(update_fields=["returned_reason"])
    acts.record("wall.return", case, officer, {"text": reason})
    return wording


@transaction.atomic
def take_down(*, case: Case, officer: Officer, reason: str, why: str) -> Hanging:
    """Take the voice and its answers off the wall at once; a dated reason stays. 撤下

    One person does it: what should not be read waits for nobody.
    """
    case, why = acts.locked(case), _line(why)
    found = hanging.of(case)
    if obstacles := wall_rules.take_down_obstacles(found, officer, case, reason, why):
        raise Refused(obstacles)
    assert found is not None, "the rule refuses what does not hang"
    acts.record("wall.take-down", case, officer, {"reason": reason, "text": why})
    hanging.take_down(case, found, officer.actor, reason, why, officer.post_names)
    return found


@transaction.atomic
def retract(*, case: Case, receipt: str) -> Case:
    """Let the voice take back that it may be shown: it comes off the wall at once. 本人要求撤下"""
    own = acts.locked(case)
    found = hanging.of(own)
    if obstacles := wall_rules.retract_obstacles(found, own, receipt):
        raise Refused(obstacles)
    _unshown(own, found)
    if own.state == CaseState.HANDED and own.head is not None:
        there = acts.locked(own.head)
        _unshown(there, hanging.of(there))
    return own


@transaction.atomic
def follow_erasure(*, found: Hanging) -> Hanging:
    """Take down a voice about an item that was erased, since its words may repeat it. 随清除撤下"""
    case = acts.locked(found.case)
    fresh = hanging.of(case)
    assert fresh is not None, "what hung has a place on the wall"
    if fresh.down_at is None:
        hanging.take_down(case, fresh, SYSTEM, WallReason.ERASED, "", "")
    return fresh


def with_answer(case: Case, answer: Answer, officer: Officer) -> Shown:
    """What hangs of the voice beside the answer that has just been settled.

    Whoever approves an answer has read the voice, and passes its words along: those that another
    person proposed, or else its own with numbers masked. What they proposed themselves goes on
    waiting, and the answer with it.
    """
    if not wall_rules.hangable(case):
        return Shown()
    found = hanging.of(case)
    if found is not None and (found.down_at is not None or found.wording.off):
        return Shown()
    waiting = queries.waiting_wording(case)
    if waiting is None and found is not None and found.wording.reason:
        return hanging.shown(found)
    if waiting is None:
        waiting = _own_words(case, answer, found)
    elif answer.approved_by is None or waiting.member == answer.approved_by:
        return Shown(waits=True)
    if waiting.passed_at is None:
        waiting.passed_by, waiting.passed_post = answer.approved_by, answer.approved_post
        waiting.exemption, waiting.passed_at = answer.exemption, clock.now()
        waiting.save()
        found = hanging.place(case, waiting)
        if waiting.off:
            hanging.keep_off(case, found, officer.actor)
    assert found is not None, "whatever was passed has its place"
    return hanging.shown(found)


def _own_words(case: Case, answer: Answer, found: Hanging | None) -> Wording:
    """The voice's own words as whoever wrote the answer had them before their eyes."""
    words = hanging.words_of(case)
    if found is not None and found.wording.text == words:
        return found.wording
    return Wording(
        case=case, text=words, member=answer.member, post=answer.post, at=answer.at,
        item=found.wording.item if found else None,
    )  # fmt: skip


def _unshown(case: Case, found: Hanging | None) -> None:
    case.show = False
    case.save(update_fields=["show"])
    acts.record("wall.retract", case, acts.READER, {})
    waiting = Wording.objects.filter(case=case, passed_at=None, returned_reason="")
    waiting.update(returned_reason=_("本人不再同意公开。"))
    if found is None:  # answered before voices had a place of their own
        hanging.close_answers(case, clock.now())
    elif found.down_at is None:
        hanging.take_down(case, found, acts.READER, WallReason.ASKED, "", "")


def _pass(case: Case, wording: Wording, officer: Officer) -> Hanging:
    """It counts from now on, for answers too that were given meanwhile."""
    wording.passed_at = clock.now()
    wording.save()
    acts.record("wall.pass", case, officer, {"off": wording.off})
    place = hanging.place(case, wording)
    if case.state == CaseState.ANSWERED:
        _open_answers(case, place, officer)
    if wording.off:
        hanging.keep_off(case, place, officer.actor)
    else:
        hanging.renew(case, officer.actor, place)
    return place


def _open_answers(case: Case, place: Hanging, officer: Officer) -> None:
    """Open the last answer, which waited for the words beside it."""
    last = queries.settled_answers(case)[-1]
    opening = openings.of_answer(case, last, hanging.shown(place))
    record = acts.record("wall.answer", case, officer, {}, opening)
    last.record = record.pk if record else None
    last.save(update_fields=["record"])


def _written(case: Case, officer: Officer, **said: Any) -> Wording:
    earlier = Wording.objects.filter(case=case, passed_at=None, returned_reason="")
    earlier.update(returned_reason=_("另写了一稿。"))
    return Wording.objects.create(
        case=case, member=officer.member, post=officer.post_names, at=clock.now(), **said
    )


def _fresh(wording: Wording, case: Case) -> Wording:
    found = Wording.objects.get(pk=wording.pk)
    found.case = case
    return found


def _line(text: str) -> str:
    return " ".join(masking.tidied(text).split())
