"""Reads about the block list and what it holds."""

from django.db.models import QuerySet

from gongkai.foundation.core.identifiers import RECEIPT_LENGTH, normalised
from gongkai.foundation.organisations.models import Organisation
from gongkai.foundation.organisations.queries import Officer
from gongkai.foundation.organisations.states import Right
from gongkai.procedure.feedback import receipts
from gongkai.procedure.feedback.models import Held, Phrase
from gongkai.procedure.feedback.states import HeldState


def by_receipt(typed: str) -> Held | None:
    """What is or was held whose receipt code was typed; none for a wrong code."""
    rows = Held.objects.select_related("organisation", "disclosure")
    found = rows.filter(receipt=receipts.hashed(typed)).first()
    return found if len(normalised(typed)) == RECEIPT_LENGTH else None


def phrases(organisation: Organisation) -> QuerySet[Phrase]:
    """The block list, the newest first."""
    return Phrase.objects.filter(organisation=organisation).order_by("-listed_on", "-pk")


def waiting(organisation: Organisation) -> QuerySet[Held]:
    """What waits to be read, the oldest first."""
    found = Held.objects.filter(organisation=organisation, state=HeldState.WAITING)
    return found.select_related("disclosure").order_by("look_by", "pk")


def waiting_for(officer: Officer) -> QuerySet[Held]:
    """What waits for this officer to read: no query for whoever does not supervise."""
    if not officer.may(Right.SUPERVISE):
        return Held.objects.none()
    return waiting(officer.organisation).exclude(listed_by=officer.member)


def decided(organisation: Organisation) -> QuerySet[Held]:
    """What was read, taken back or let through, the newest first."""
    found = Held.objects.filter(organisation=organisation).exclude(state=HeldState.WAITING)
    return found.select_related("case").order_by("-came_at", "-pk")
