"""The verbs of feedback: receive, assign, answer, approve, return, reopen, destroy contact data."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import F

from gongkai.foundation.core import clock
from gongkai.foundation.core.errors import Refused
from gongkai.foundation.ledger import workflow as ledger
from gongkai.foundation.organisations.audience import PUBLIC
from gongkai.foundation.organisations.models import Organisation, Post
from gongkai.foundation.organisations.queries import Officer
from gongkai.procedure.feedback import contacts, masking, queries, receipts, rules
from gongkai.procedure.feedback.models import Answer, Attempt, Case, Contact
from gongkai.procedure.feedback.states import CaseKind, CaseState, Ground
from gongkai.procedure.proposals.models import Disclosure
from gongkai.procedure.publication.queries import open_audience, seen_by, title_for

READER = ledger.Actor("reader", "读者")
"""Whoever speaks: no account, and nothing kept that tells who it was."""


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
) -> tuple[Case, str]:
    """Take down a voice, promise a date, and return its code, which is kept nowhere. 收下意见

    ``token`` names the confirmation page: sent twice, it gives the same case and the same code.
    ``contact`` is encrypted here and destroyed on the charter's day. A problem has a ``ground``;
    what tells of personal data is not shown, whatever ``show`` says.
    """
    text = masking.tidied(text)
    obstacles = [*rules.kind_obstacles(kind, ground, disclosure), *rules.receive_obstacles(text)]
    if obstacles:
        raise Refused(obstacles)
    code = receipts.code_for(token)
    if token and (earlier := Case.objects.filter(token=token).first()):
        return earlier, code
    now = clock.now()
    day = clock.civil_day(now, organisation.zone)
    try:
        with transaction.atomic():
            case = Case.objects.create(
                organisation=organisation,
                disclosure=disclosure,
                number=f"{day.year}-{ledger.next_number(f'case:{organisation.slug}:{day.year}')}",
                kind=kind,
                ground=ground,
                text=text,
                show=show and ground != Ground.PRIVACY,
                receipt=receipts.hashed(code),
                token=token or None,
                received_at=now,
                promised_on=queries.promise(organisation, kind, day, ground).due,
            )
    except IntegrityError:  # the same form, sent twice at the same moment
        return Case.objects.get(token=token), code
    if contact:
        end = queries.contact_end(organisation, case.promised_on)
        Contact.objects.create(case=case, sealed=contacts.seal(contact), destroy_on=end)
    told = {"kind": kind, "promised_on": _iso(case.promised_on)}
    _record("case.receive", case, READER, {**told, "ground": ground} if ground else told)
    return case, code


@transaction.atomic
def assign(*, case: Case, officer: Officer, post: Post) -> Case:
    """Give the case to the post that will answer it; again, to another. 分办"""
    case = _locked(case)
    if obstacles := rules.assign_obstacles(case, officer, post):
        raise Refused(obstacles)
    case.post, case.state = post, CaseState.ASSIGNED
    case.save(update_fields=["post", "state"])
    _record("case.assign", case, officer, {"to": post.name})
    return case


@transaction.atomic
def answer(*, case: Case, officer: Officer, text: str, outcome: str) -> Answer:
    """Answer the case; a second person approves, unless the charter exempts the post. 答复"""
    case, text = _locked(case), masking.tidied(text)
    if obstacles := rules.answer_obstacles(case, officer, text, outcome):
        raise Refused(obstacles)
    exemption = rules.exemption(case, officer)
    written = Answer.objects.create(
        case=case,
        text=text,
        outcome=outcome,
        post=officer.post_names,
        member=officer.member,
        at=clock.now(),
        exemption=exemption,
    )
    if exemption:
        return _settle("case.answer", case, written, officer, {"exemption": exemption})
    case.state = CaseState.DRAFTED
    case.save(update_fields=["state"])
    _record("case.answer", case, officer, {"outcome": outcome})
    return written


@transaction.atomic
def approve(*, answer: Answer, officer: Officer) -> Answer:
    """Let the answer go to the voice, the item and the wall. 审定答复"""
    case = _locked(answer.case)
    answer = _fresh(answer, case)
    if obstacles := rules.approve_obstacles(answer, officer):
        raise Refused(obstacles)
    answer.approved_by, answer.approved_post = officer.member, officer.post_names
    answer.approved_at = clock.now()
    return _settle("case.approve", case, answer, officer, {})


@transaction.atomic
def return_answer(*, answer: Answer, officer: Officer, reason: str) -> Case:
    """Send the answer back to its post with a reason. 退回答复"""
    case = _locked(answer.case)
    answer = _fresh(answer, case)
    if obstacles := rules.return_obstacles(answer, officer, reason):
        raise Refused(obstacles)
    answer.returned_reason = masking.tidied(reason)
    answer.save(update_fields=["returned_reason"])
    case.state = CaseState.ASSIGNED
    case.save(update_fields=["state"])
    _record("case.return", case, officer, {"text": answer.returned_reason})
    return case


@transaction.atomic
def reopen(*, case: Case, receipt: str) -> Case:
    """Let the voice ask once for another answer, with a new promised date. 要求重办"""
    case = _locked(case)
    if obstacles := rules.reopen_obstacles(case, receipt):
        raise Refused(obstacles)
    day = clock.civil_day(clock.now(), case.organisation.zone)
    case.state, case.reopened = CaseState.ASSIGNED, case.reopened + 1
    case.promised_on = queries.promise(case.organisation, case.kind, day, case.ground).due
    case.save(update_fields=["state", "reopened", "promised_on"])
    _record("case.reopen", case, READER, {"promised_on": _iso(case.promised_on)})
    return case


@transaction.atomic
def destroy_contact(*, contact: Contact) -> bool:
    """Destroy contact data whose day has come; says whether it was still there. 销毁联系方式"""
    deleted, _rows = Contact.objects.filter(pk=contact.pk).delete()
    if deleted:
        _record("contact.destroy", contact.case, ledger.SYSTEM, {"due": _iso(contact.destroy_on)})
    return bool(deleted)


@transaction.atomic
def count_attempt(*, door: str, network: str, hour: datetime) -> int:
    """Count one more knock of ``network`` at ``door`` in this hour; returns how many by now.

    In the database, so that several processes count together. Past hours are forgotten here.
    """
    Attempt.objects.filter(hour__lt=hour).delete()
    attempt, _made = Attempt.objects.get_or_create(door=door, network=network, hour=hour)
    Attempt.objects.filter(pk=attempt.pk).update(count=F("count") + 1)
    attempt.refresh_from_db(fields=["count"])
    return attempt.count


# -- settling --------------------------------------------------------------------------------------


def _settle(
    verb: str, case: Case, answer: Answer, officer: Officer, facts: Mapping[str, Any]
) -> Answer:
    """The answer counts from now on: tell it, end the contact data sooner, open the record."""
    now = answer.settled_at = clock.now()
    case.state = CaseState.ANSWERED
    case.save(update_fields=["state"])
    day = clock.civil_day(now, case.organisation.zone)
    end = queries.contact_end(case.organisation, day)
    Contact.objects.filter(case=case, destroy_on__gt=end).update(destroy_on=end)
    told = {"outcome": answer.outcome, **facts}
    record = _record(verb, case, officer, told, _opening(case, answer, now))
    answer.record = record.pk if record else None
    answer.save()
    return answer


def _opening(case: Case, answer: Answer, now: datetime) -> ledger.Opening | None:
    """The public record, for whoever sees the item; none when the voice was not to be shown.

    A problem that is not shown, or whose item is gone, opens as a ``report``: no words and no
    number, only what is counted. An erasure can leave it as it is.
    """
    item = _held(case.disclosure) if case.disclosure else None
    audience = open_audience(item) if item else frozenset({PUBLIC})
    facts = {
        "kind": case.kind,
        "ground": case.ground,
        "outcome": answer.outcome,
        "received_at": clock.stamp(case.received_at),
        "promised_on": _iso(case.promised_on),
        "answered_at": clock.stamp(now),
    }
    subject = queries.subject_of(case)
    if case.show and audience:
        said = {
            "format": "gongkai-answer/1",
            "case": case.number,
            "text": masking.masked(case.text),
            "answer": answer.text,
            "post": answer.post,
            "round": 1 + case.reopened,
            "item": item.address if item else "",
            "title": title_for(item, audience) if item else "",
        }
        return ledger.Opening("answer", subject, audience, {**facts, **said})
    audience = audience or (seen_by(item) if item else frozenset())
    if case.kind != CaseKind.PROBLEM or not audience:
        return None
    return ledger.Opening("report", subject, audience, {"format": "gongkai-report/1", **facts})


# -- small parts -----------------------------------------------------------------------------------


def _locked(case: Case) -> Case:
    rows = Case.objects.select_for_update(of=("self",))
    return rows.select_related("organisation", "disclosure", "post").get(pk=case.pk)


def _held(item: Disclosure) -> Disclosure:
    """The item, held so that nobody withdraws or erases it while an answer to it opens."""
    rows = Disclosure.objects.select_for_update(of=("self",)).select_related("entry")
    return rows.get(pk=item.pk)


def _fresh(answer: Answer, case: Case) -> Answer:
    """The answer as it is now; its case is the one that is locked, so that both change together."""
    found = Answer.objects.get(pk=answer.pk)
    found.case = case
    return found


def _record(
    verb: str,
    case: Case,
    by: Officer | ledger.Actor,
    facts: Mapping[str, Any],
    opens: ledger.Opening | None = None,
) -> Any:
    post = {"post": by.post_names} if isinstance(by, Officer) else {}
    return ledger.record(
        verb=verb,
        actor=by.actor if isinstance(by, Officer) else by,
        organisation=case.organisation.slug,
        subject=queries.subject_of(case),
        label=case.disclosure.title if case.disclosure else case.number,
        facts={"case": case.number, **facts, **post},
        opens=opens,
    )


def _iso(day: date) -> str:
    return day.isoformat()
