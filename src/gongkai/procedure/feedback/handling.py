"""The verbs beside the answer: note, mark, help, merge and separate, hand over."""

from django.db import transaction

from gongkai.foundation.core import clock
from gongkai.foundation.core.errors import Refused
from gongkai.foundation.organisations.models import Organisation, Post
from gongkai.foundation.organisations.queries import Officer, today
from gongkai.procedure.feedback import (
    acts,
    handling_rules,
    masking,
    promises,
    queries,
    receipts,
    routing,
    telling,
)
from gongkai.procedure.feedback.models import (
    Case,
    CaseFile,
    Contact,
    Helper,
    Note,
    Pause,
    Topic,
)
from gongkai.procedure.feedback.states import CaseState, Happened, NoteKind


@transaction.atomic
def note(*, case: Case, officer: Officer, text: str, kind: str = NoteKind.NOTE) -> Note:
    """Write down for the office alone a note, or what was said on the telephone. 内部记录

    The act says that it was written and by whom; the words stay in the case.
    """
    case, text = acts.locked(case), masking.tidied(text)
    if obstacles := handling_rules.note_obstacles(case, officer, kind, text):
        raise Refused(obstacles)
    written = Note.objects.create(
        case=case,
        kind=kind,
        text=text,
        post=officer.post_names,
        member=officer.member,
        at=clock.now(),
    )
    acts.record("case.note", case, officer, {"kind": kind})
    return written


@transaction.atomic
def mark(*, case: Case, officer: Officer, urgent: bool) -> Case:
    """Mark the case urgent, or no longer. 标记急件"""
    case = acts.locked(case)
    if obstacles := handling_rules.mark_obstacles(case, officer):
        raise Refused(obstacles)
    case.urgent = urgent
    case.save(update_fields=["urgent"])
    acts.record("case.mark", case, officer, {"urgent": urgent})
    return case


@transaction.atomic
def ask_help(*, case: Case, officer: Officer, post: Post) -> Helper:
    """Let ``post`` help: it sees the case and writes notes, and does not answer. 协办"""
    case = acts.locked(case)
    if obstacles := handling_rules.help_obstacles(case, officer, post):
        raise Refused(obstacles)
    helper = Helper.objects.create(case=case, post=post)
    acts.record("case.help", case, officer, {"to": post.name})
    return helper


@transaction.atomic
def release(*, case: Case, officer: Officer, post: Post) -> None:
    """Take ``post`` off the case: it no longer sees it; what it noted stays. 退出协办"""
    case = acts.locked(case)
    if obstacles := handling_rules.release_obstacles(case, officer, post):
        raise Refused(obstacles)
    Helper.objects.filter(case=case, post=post).delete()
    acts.record("case.release", case, officer, {"to": post.name})


@transaction.atomic
def merge(*, case: Case, officer: Officer, into: str) -> Case:
    """Make the case a part of the one numbered ``into``: its answer goes to both receipts. 合并

    Whatever was merged into this one goes along. The code of each stays alive and leads to the
    head; nobody reads another's words by it.
    """
    found = Case.objects.filter(organisation_id=case.organisation_id, number=into.strip()).first()
    pair = sorted({case.pk, *([found.pk] if found else [])})
    held = {pk: acts.locked(Case(pk=pk)) for pk in pair}  # always in one order
    case, head = held[case.pk], held[found.pk] if found else None
    if obstacles := handling_rules.merge_obstacles(case, head, officer):
        raise Refused(obstacles)
    assert head is not None, "the rule refuses what is not there"
    queries.parts(case).update(head=head)
    _lead_on(case, head, CaseState.MERGED)
    acts.record("case.merge", case, officer, {"into": head.number})
    return head


@transaction.atomic
def separate(*, case: Case, officer: Officer, reason: str) -> Case:
    """Undo a merge by mistake: the case is owed an answer of its own again. 分开办

    Its clock was never stopped, so the time for which it was merged counts, and it may be overdue
    at once. It goes back to the post that it had. What its sender said meanwhile is its own; what
    was merged together with it stays where it is, to be separated by itself.
    """
    case, reason = acts.locked(case), masking.tidied(reason)
    if obstacles := handling_rules.separate_obstacles(case, officer, reason):
        raise Refused(obstacles)
    left = case.head.number if case.head else ""
    case.head, case.separated_on = None, today(case.organisation)
    case.state = CaseState.ASSIGNED if case.post else CaseState.RECEIVED
    case.save(update_fields=["head", "state", "separated_on"])
    acts.record("case.separate", case, officer, {"from": left, "text": reason})
    return case


@transaction.atomic
def hand_over(*, case: Case, officer: Officer, to: Organisation | None, reason: str) -> Case:
    """Hand the case over to a body above or below, with its clock running on. 转交

    There it has a number of its own and is assigned by that body; the code leads there. Contact
    data, files and what was merged into it go along. Returns the new case.
    """
    case, reason = acts.locked(case), masking.tidied(reason)
    if obstacles := handling_rules.hand_over_obstacles(case, officer, to, reason):
        raise Refused(obstacles)
    assert to is not None, "the rule refuses a body that is not there"
    there = _moved(case, to)
    moved = [CaseFile(case=there, file_id=f.file_id, name=f.name) for f in queries.files(case)]
    CaseFile.objects.bulk_create(moved)
    Pause.objects.bulk_create(_paused(there, pause) for pause in promises.pauses(case))
    Contact.objects.filter(case=case).update(case=there)
    Topic.objects.filter(case=case).update(case=there)
    queries.parts(case).update(head=there)
    _lead_on(case, there, CaseState.HANDED)
    told = {"to": to.name, "number": there.number, "text": reason}
    acts.record("case.hand-over", case, officer, told)
    taken = {"from": case.organisation.name, "promised_on": acts.iso(there.promised)}
    acts.record("case.take-over", there, officer, taken)
    telling.note(there, Happened.HANDED, number=case.number)
    return there


def _moved(case: Case, to: Organisation) -> Case:
    """The same voice at another body: its own number, the same clock, a code that nobody has."""
    return Case.objects.create(
        organisation=to,
        disclosure=case.disclosure,
        entry=case.entry,
        number=routing.number(to, today(to)),
        kind=case.kind,
        text=case.text,
        show=case.show,
        receipt=receipts.hashed(receipts.code_for("")),
        received_at=case.received_at,
        promised_on=case.promised_on,
        started_on=case.started_on,
        term=case.term,
        every_day=case.every_day,
        extension=case.extension,
        extended_why=case.extended_why,
        accepted_on=case.accepted_on,
        urgent=case.urgent,
        callback=case.callback,
        reopened=case.reopened,
        entered_by=case.entered_by,
    )


def _paused(there: Case, pause: Pause) -> Pause:
    """The same pause in the clock that runs on."""
    return Pause(
        case=there,
        reason=pause.reason,
        text=pause.text,
        post=pause.post,
        stopped_on=pause.stopped_on,
        resumed_on=pause.resumed_on,
    )


def _lead_on(case: Case, head: Case, state: CaseState) -> None:
    case.head, case.state = head, state
    case.save(update_fields=["head", "state"])
