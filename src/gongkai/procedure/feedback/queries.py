"""Reads about voices and answers."""

from datetime import date, timedelta

from django.db.models import Q, QuerySet

from gongkai.foundation.core import deadlines
from gongkai.foundation.core.identifiers import RECEIPT_LENGTH, normalised
from gongkai.foundation.organisations.models import Organisation
from gongkai.foundation.organisations.queries import Officer
from gongkai.foundation.organisations.states import Right
from gongkai.procedure.catalogue.queries import charter_of
from gongkai.procedure.feedback import contacts, receipts
from gongkai.procedure.feedback.models import Answer, Case, Contact
from gongkai.procedure.feedback.states import UNANSWERED, CaseKind, CaseState, Ground
from gongkai.procedure.proposals.models import Disclosure


def promise(
    organisation: Organisation, kind: str, received: date, ground: str = ""
) -> deadlines.Deadline:
    """By when a voice received on ``received`` is answered; the day of receipt does not count."""
    limits = charter_of(organisation)[1].deadlines
    if ground == Ground.PRIVACY:
        return deadlines.deadline(received, limits.privacy_workdays)
    topic = kind == CaseKind.TOPIC
    return deadlines.deadline(received, limits.topic_workdays if topic else limits.answer_workdays)


def contact_end(organisation: Organisation, due: date) -> date:
    """The day on which contact data is destroyed at the latest, for an answer due on ``due``."""
    return due + timedelta(days=charter_of(organisation)[1].deadlines.contact_days)


def by_receipt(typed: str) -> Case | None:
    """The case whose receipt code was typed, in any spelling; none for a wrong code."""
    if len(normalised(typed)) != RECEIPT_LENGTH:
        return None
    cases = Case.objects.select_related("organisation", "disclosure", "post")
    return cases.filter(receipt=receipts.hashed(typed)).first()


def answers(case: Case) -> list[Answer]:
    """Every answer ever written, oldest first."""
    return list(Answer.objects.filter(case=case).order_by("pk"))


def settled_answers(case: Case) -> list[Answer]:
    """The answers that reached the voice, oldest first."""
    return [answer for answer in answers(case) if answer.settled_at]


def draft_answer(case: Case) -> Answer | None:
    """The answer that waits for a second person; none when none waits."""
    if case.state != CaseState.DRAFTED:
        return None
    return Answer.objects.filter(case=case, settled_at=None, returned_reason="").latest("pk")


def cases_of(disclosure: Disclosure) -> QuerySet[Case]:
    """Every voice about an item, oldest first."""
    return Case.objects.filter(disclosure=disclosure).select_related("post").order_by("pk")


def unanswered(disclosure: Disclosure) -> list[Case]:
    """The voices about an item that still wait for an answer."""
    return list(cases_of(disclosure).filter(state__in=UNANSWERED))


def cases(organisation: Organisation) -> QuerySet[Case]:
    """Every voice of an organisation, the one due first at the top; answered ones last."""
    found = Case.objects.filter(organisation=organisation)
    return found.select_related("post", "disclosure").order_by("promised_on", "pk")


def waiting_for(officer: Officer) -> list[Case]:
    """The cases in which the next act is this officer's, due first at the top; one query."""
    theirs = Q(state=CaseState.ASSIGNED, post__in=[post.pk for post in officer.posts])
    if officer.may(Right.ASSIGN):
        theirs |= Q(state=CaseState.RECEIVED)
    if officer.may(Right.APPROVE):
        written = Answer.objects.filter(member=officer.member, settled_at=None, returned_reason="")
        theirs |= Q(state=CaseState.DRAFTED) & ~Q(pk__in=written.values("case"))
    return list(cases(officer.organisation).filter(theirs, state__in=UNANSWERED))


def contact_of(case: Case) -> dict[str, str]:
    """The decrypted contact data; empty when none was given or it has been destroyed."""
    contact = Contact.objects.filter(case=case).first()
    return contacts.unseal(bytes(contact.sealed)) if contact else {}


def subject_of(case: Case) -> str:
    """Under which name the ledger keeps the case: its item, or the case itself."""
    if case.disclosure is not None:
        return case.disclosure.address
    return f"case:{case.organisation.slug}:{case.number}"
