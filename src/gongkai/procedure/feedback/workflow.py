"""The verbs of feedback: receive, assign, answer, approve, return, reopen, withdraw, judge.

What moves a clock is in :mod:`clocks`, what becomes of a topic in :mod:`topics`, what the office
does with a case beside answering it in :mod:`handling`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import F

from gongkai.foundation.core import clock
from gongkai.foundation.core.errors import Refused
from gongkai.foundation.files.models import StoredFile
from gongkai.foundation.files.workflow import shown_name
from gongkai.foundation.ledger import workflow as ledger
from gongkai.foundation.organisations.models import Organisation, Post
from gongkai.foundation.organisations.queries import Officer
from gongkai.procedure.feedback import (
    acts,
    escalating,
    hanging,
    letters,
    masking,
    openings,
    promises,
    queries,
    receipts,
    routing,
    rules,
    telling,
    wall,
)
from gongkai.procedure.feedback.acts import READER, iso
from gongkai.procedure.feedback.models import (
    Answer,
    Attempt,
    Case,
    CaseFile,
    Contact,
    Note,
    Survey,
    Topic,
    Turn,
)
from gongkai.procedure.feedback.spoken import Files, Spoken
from gongkai.procedure.feedback.states import (
    CaseKind,
    CaseState,
    Ground,
    NoteKind,
)
from gongkai.procedure.proposals.models import Disclosure

REMINDED_AT_ONCE = 1000
"""Overdue cases that one round of letters tells of; the next visit goes on."""


@dataclass(frozen=True)
class Intake:
    """What a clerk knows of a voice that they take down for somebody (代录).

    ``received_on`` is the day it came, today when left out; ``call`` is kept as a call note.
    """

    officer: Officer
    received_on: date | None = None
    urgent: bool = False
    callback: bool = False
    call: str = ""


@transaction.atomic
def receive(
    *,
    organisation: Organisation,
    disclosure: Disclosure | None,
    text: str,
    show: bool,
    contact: Mapping[str, str] | None = None,
    token: str = "",
    kind: CaseKind = CaseKind.OPINION,
    ground: str = "",
    asked: Post | None = None,
    files: Files = (),
    intake: Intake | None = None,
    came_at: datetime | None = None,
) -> tuple[Case, str]:
    """Take down a voice, promise a date, and return its code, which is kept nowhere. 收下意见

    ``token`` names the confirmation page: sent twice, it gives the same case and the same code.
    ``contact``, as :func:`contacts.given` has it, is encrypted and destroyed on the charter's day.
    A problem has a ``ground``; what tells of personal data is not shown, whatever ``show`` says. A
    question names the post that is ``asked``. With ``intake`` a clerk takes it down for somebody.
    ``came_at`` is when a voice came that was held since.
    """
    spoken = Spoken(
        organisation,
        disclosure,
        masking.tidied(text),
        show,
        CaseKind(kind),
        ground,
        asked,
        files,
        came_at,
    )
    obstacles = [
        *rules.spoken_obstacles(spoken),
        *rules.files_obstacles(len(files)),
        *(rules.intake_obstacles(organisation, kind, intake.officer) if intake else ()),
        *(rules.came_obstacles(organisation, intake.received_on) if intake else ()),
    ]
    if obstacles:
        raise Refused(obstacles)
    code = receipts.code_for(token)
    if token and (earlier := Case.objects.filter(token=token).first()):
        return earlier, code
    try:
        with transaction.atomic():
            case = _new_case(spoken, receipts.hashed(code), token, intake)
    except IntegrityError:  # the same form, sent twice at the same moment
        return Case.objects.get(token=token), code
    CaseFile.objects.bulk_create(
        CaseFile(case=case, file=f, name=shown_name(name)[:120]) for f, name in files
    )
    _received(case, intake)
    if contact:
        telling.keep(case, contact)
    return case, code


def transcribe(
    *,
    officer: Officer,
    entries: Sequence[str],
    photo: tuple[StoredFile, str],
    received_on: date | None = None,
    show: bool = False,
) -> list[tuple[Case, str]]:
    """Take down the entries of one page of the opinions book, each with the page's photograph 抄录.

    All of them or none: a page is never half transcribed. Returns each case with its code.
    """
    written = [text for text in entries if text.strip()]
    if obstacles := rules.transcribe_obstacles(officer, written):
        raise Refused(obstacles)
    with transaction.atomic():
        return [
            receive(
                organisation=officer.organisation,
                disclosure=None,
                text=text,
                show=show,
                kind=CaseKind.BOOK,
                files=[photo],
                intake=Intake(officer, received_on),
            )
            for text in written
        ]


@transaction.atomic
def assign(*, case: Case, officer: Officer, post: Post) -> Case:
    """Give the case to the post that will answer it; again, to another. 分办"""
    case = acts.locked(case)
    if obstacles := rules.assign_obstacles(case, officer, post):
        raise Refused(obstacles)
    case.post, case.state = post, CaseState.ASSIGNED
    case.save(update_fields=["post", "state"])
    acts.record("case.assign", case, officer, {"to": post.name})
    return case


@transaction.atomic
def answer(*, case: Case, officer: Officer, text: str, outcome: str, passed_to: str = "") -> Answer:
    """Answer the case; a second person approves, unless the charter exempts the post. 答复

    ``passed_to`` names the body that was told, where the outcome is that it is another's business.
    """
    case, text = acts.locked(case), masking.tidied(text)
    passed_to = " ".join(masking.tidied(passed_to).split())
    if obstacles := rules.answer_obstacles(case, officer, text, outcome, passed_to):
        raise Refused(obstacles)
    exemption = rules.exemption(case, officer)
    written = Answer.objects.create(
        case=case,
        text=text,
        outcome=outcome,
        passed_to=passed_to,
        post=_over_whose_name(case, officer),
        member=officer.member,
        at=clock.now(),
        exemption=exemption,
    )
    if exemption:
        return _settle("case.answer", case, written, officer, {"exemption": exemption})
    case.state = CaseState.DRAFTED
    case.save(update_fields=["state"])
    acts.record("case.answer", case, officer, {"outcome": outcome})
    return written


@transaction.atomic
def approve(*, answer: Answer, officer: Officer) -> Answer:
    """Let the answer go to the voice, the item and the wall. 审定答复"""
    case = acts.locked(answer.case)
    answer = acts.fresh(answer, case)
    if obstacles := rules.approve_obstacles(answer, officer):
        raise Refused(obstacles)
    answer.approved_by, answer.approved_post = officer.member, officer.post_names
    answer.approved_at = clock.now()
    return _settle("case.approve", case, answer, officer, {})


@transaction.atomic
def return_answer(*, answer: Answer, officer: Officer, reason: str) -> Case:
    """Send the answer back to its post with a reason. 退回答复"""
    case = acts.locked(answer.case)
    answer = acts.fresh(answer, case)
    if obstacles := rules.return_obstacles(answer, officer, reason):
        raise Refused(obstacles)
    answer.returned_reason = masking.tidied(reason)
    answer.save(update_fields=["returned_reason"])
    case.state = CaseState.ASSIGNED
    case.save(update_fields=["state"])
    acts.record("case.return", case, officer, {"text": answer.returned_reason})
    return case


# -- the voice's own verbs -------------------------------------------------------------------------


@transaction.atomic
def reopen(*, case: Case, receipt: str, text: str) -> Case:
    """Let the voice ask once for another answer and say why, with a new promised date. 要求重办

    For a question it is the one follow-up. ``case`` is the voice's own; where another case answers
    in its place, that one is opened again.
    """
    own, case = acts.locked_for(case)
    text = masking.tidied(text)
    if obstacles := rules.reopen_obstacles(own, case, receipt, text):
        raise Refused(obstacles)
    day = clock.civil_day(clock.now(), case.organisation.zone)
    Turn.objects.create(case=own, text=text, at=clock.now())
    case.state, case.reopened, case.told = CaseState.ASSIGNED, case.reopened + 1, 0
    routing.begin(case, day, accepted=case.accepted_on is not None)
    case.save()
    telling.reopened(case)
    acts.record("case.reopen", case, READER, {"promised_on": iso(case.promised)})
    return case


@transaction.atomic
def withdraw(*, case: Case, receipt: str) -> Case:
    """Let the voice take back what it said, before it is answered. 本人撤回"""
    case = acts.locked(case)
    if obstacles := rules.withdraw_obstacles(case, receipt):
        raise Refused(obstacles)
    case.state = CaseState.WITHDRAWN
    case.save(update_fields=["state"])
    acts.record("case.withdraw", case, READER, {})
    for contact in Contact.objects.filter(case=case).select_related("case__organisation"):
        _destroyed(contact, READER)
    return case


@transaction.atomic
def attach(*, case: Case, receipt: str, file: StoredFile, name: str) -> CaseFile:
    """Let the voice add a file, kept before by the rules for hostile uploads. 补充附件"""
    own, case = acts.locked_for(case)
    if obstacles := rules.attach_obstacles(own, case, receipt):
        raise Refused(obstacles)
    kept = own if own.state == CaseState.MERGED else case
    added = CaseFile.objects.create(case=kept, file=file, name=shown_name(name)[:120])
    acts.record("case.attach", kept, READER, {"digest": file.digest})
    return added


@transaction.atomic
def judge(*, case: Case, receipt: str, verdict: str) -> Survey:
    """Let the voice say whether it is content: at closing, and again four weeks later. 评价"""
    own, case = acts.locked_for(case)
    moment = rules.moment(own, case)
    if obstacles := rules.judge_obstacles(own, moment, receipt, verdict):
        raise Refused(obstacles)
    assert moment is not None, "the rule refuses when no moment has come"
    said = Survey.objects.create(
        case=own, round=1 + case.reopened, moment=moment, verdict=verdict, at=clock.now()
    )
    acts.record("case.judge", own, READER, {"moment": moment, "verdict": verdict})
    return said


@transaction.atomic
def forget(*, case: Case, receipt: str) -> bool:
    """Destroy the voice's contact data because it asks; says whether there was any. 提前销毁"""
    if obstacles := rules.receipt_obstacles(case, receipt):
        raise Refused(obstacles)
    kept_by = case.head if case.state == CaseState.HANDED else case
    found = Contact.objects.select_related("case__organisation", "case__disclosure")
    contact = found.filter(case=kept_by).first()
    return contact is not None and _destroyed(contact, READER)


@transaction.atomic
def destroy_contact(*, contact: Contact) -> bool:
    """Destroy contact data whose day has come; says whether it was still there. 销毁联系方式"""
    return _destroyed(contact, ledger.SYSTEM)


@transaction.atomic
def remind(*, organisation: Organisation, today: date) -> int:
    """Write to whoever has to hear today of overdue voices 催办. Returns how many letters.

    *A crash sends none of them, the next visit all.*
    """
    found = escalating.round_of(organisation, today, REMINDED_AT_ONCE)
    addressed = {
        member: cases
        for member, cases in found.letters.items()
        if member.account and member.account.email
    }
    for member, cases in addressed.items():
        letters.overdue(organisation, member, cases, today)
    for many in sorted(set(found.told.values())):
        those = [key for key, told in found.told.items() if told == many]
        Case.objects.filter(pk__in=those).update(told=many)
    if found.told:
        ledger.record(
            verb="case.remind",
            actor=ledger.SYSTEM,
            organisation=organisation.slug,
            subject=f"cases:{organisation.slug}",
            label=organisation.name,
            facts={"cases": len(found.told), "letters": len(addressed)},
        )
    return len(addressed)


@transaction.atomic
def count_attempt(*, door: str, network: str, hour: datetime) -> int:
    """Count one more knock of ``network`` at ``door`` in the window ``hour``; returns how many.

    In the database, so that several processes count together. Past windows are forgotten here.
    """
    Attempt.objects.filter(hour__lt=hour).delete()
    attempt, _made = Attempt.objects.get_or_create(door=door, network=network, hour=hour)
    Attempt.objects.filter(pk=attempt.pk).update(count=F("count") + 1)
    attempt.refresh_from_db(fields=["count"])
    return attempt.count


# -- receiving -------------------------------------------------------------------------------------


def _new_case(spoken: Spoken, receipt: str, token: str, intake: Intake | None) -> Case:
    """The row of a voice, with its number, its clock begun, and its post where a rule names one."""
    now, organisation = spoken.came_at or clock.now(), spoken.organisation
    today = clock.civil_day(now, organisation.zone)
    came = intake.received_on if intake and intake.received_on else today
    case = Case(
        organisation=organisation,
        disclosure=spoken.disclosure,
        entry=spoken.disclosure.entry if spoken.disclosure else None,
        number=routing.number(organisation, today),
        kind=spoken.kind,
        ground=spoken.ground,
        text=spoken.text,
        show=spoken.show and spoken.ground != Ground.PRIVACY,
        receipt=receipt,
        token=token or None,
        received_at=now,
        asked=spoken.asked,
        urgent=bool(intake and intake.urgent),
        callback=bool(intake and intake.callback),
        entered_by=intake.officer.post_names if intake else "",
    )
    routing.begin(case, came)
    if post := routing.post_for(case):
        case.post, case.state = post, CaseState.ASSIGNED
    case.save()
    return case


def _received(case: Case, intake: Intake | None) -> None:
    """Write down that the voice came, where it went by rule, and what was said on the telephone."""
    told = {"kind": case.kind, "promised_on": iso(case.promised)}
    by = intake.officer if intake else READER
    acts.record("case.receive", case, by, {**told, "ground": case.ground} if case.ground else told)
    if case.post:
        acts.record("case.route", case, ledger.SYSTEM, {"to": case.post.name})
    if case.kind == CaseKind.TOPIC:
        Topic.objects.create(case=case)
    if intake and intake.call.strip():
        Note.objects.create(
            case=case,
            kind=NoteKind.CALL,
            text=masking.tidied(intake.call),
            post=intake.officer.post_names,
            member=intake.officer.member,
            at=clock.now(),
        )


# -- settling --------------------------------------------------------------------------------------


def _settle(
    verb: str, case: Case, answer: Answer, officer: Officer, facts: Mapping[str, Any]
) -> Answer:
    """The answer counts from now on: tell it, end the contact data sooner, open the record."""
    now = answer.settled_at = clock.now()
    case.state, answer.due_on = CaseState.ANSWERED, case.promised
    case.save(update_fields=["state"])
    day = clock.civil_day(now, case.organisation.zone)
    end = promises.contact_end(case.organisation, day)
    answered = [case.pk, *queries.parts(case).values_list("pk", flat=True)]
    Contact.objects.filter(case__in=answered, destroy_on__gt=end).update(destroy_on=end)
    told = {"outcome": answer.outcome, **facts}
    shown = wall.with_answer(case, answer, officer)
    opens = None if shown.waits else openings.of_answer(case, answer, shown)
    record = acts.record(verb, case, officer, told, opens)
    answer.record = record.pk if record else None
    answer.save()
    if shown.words is not None:
        hanging.renew(case, officer.actor)
    telling.answered(case, now)
    return answer


def _over_whose_name(case: Case, officer: Officer) -> str:
    """The post that was questioned; every post of ``officer`` for any other voice."""
    if case.asked is not None and officer.holds(case.asked.key):
        return case.asked.name
    return officer.post_names


def _destroyed(contact: Contact, by: ledger.Actor) -> bool:
    telling.forget(contact)
    deleted, _rows = Contact.objects.filter(pk=contact.pk).delete()
    if deleted:
        acts.record("contact.destroy", contact.case, by, {"due": iso(contact.destroy_on)})
    return bool(deleted)
