"""What falls due in feedback: ends of contact data and of pauses, reminders of what is overdue,
letters to whoever spoke.
"""

from datetime import datetime, timedelta

from django_tasks import task

from gongkai.foundation.core import clock
from gongkai.foundation.notices import queries as letters
from gongkai.foundation.notices.jobs import LOW
from gongkai.foundation.organisations.models import Organisation
from gongkai.procedure.catalogue.queries import asked_once
from gongkai.procedure.feedback import escalating, holding, taking, telling
from gongkai.procedure.feedback.clocks import resume_by_itself
from gongkai.procedure.feedback.models import Case, Contact, Hanging, Pause
from gongkai.procedure.feedback.states import UNANSWERED
from gongkai.procedure.feedback.wall import follow_erasure
from gongkai.procedure.feedback.workflow import destroy_contact, remind
from gongkai.procedure.publication.models import Erasure

FARTHEST_ZONE = timedelta(hours=14)
REMEMBERED = timedelta(days=1)
"""How long words are known again; their digest holds the day and is of no use after it."""
MORNING = timedelta(hours=8)
"""The hour of the civil day at which reminders go out."""


def destroy_contacts(now: datetime) -> int:
    """Destroy the contact data whose day has come in its organisation's zone.

    Returns how many went, each with its act and in its own transaction. *Repeats after a crash.*
    """
    # No zone is more than fourteen hours ahead of UTC: a day that has come nowhere is not read.
    ahead = (now + timedelta(hours=14)).date()
    near = Contact.objects.filter(destroy_on__lte=ahead).order_by("destroy_on", "pk")
    return sum(
        destroy_contact(contact=contact)
        for contact in near.select_related("case__organisation", "case__disclosure")
        if contact.destroy_on <= clock.civil_day(now, contact.case.organisation.zone)
    )


def end_pauses(now: datetime) -> int:
    """Let each clock run on whose day has come in its organisation's zone; returns how many.

    *Repeats after a crash; late, it still counts from the day that was said.*
    """
    near = Pause.objects.filter(resumed_on=None, ends_on__lte=(now + FARTHEST_ZONE).date())
    return sum(
        resume_by_itself(pause=pause)
        for pause in near.select_related("case__organisation").order_by("ends_on", "pk")
        if pause.ends_on and pause.ends_on <= clock.civil_day(now, pause.case.organisation.zone)
    )


def follow_erasures(_now: datetime) -> int:
    """Take down the voices about items that were erased. Returns how many. *Repeats after a crash.*

    Erasures are few, and an index leads from an item to its voices.
    """
    erased = Erasure.objects.filter(confirmed_at__isnull=False).values("disclosure")
    hung = Hanging.objects.filter(down_at=None, case__in=Case.objects.filter(disclosure__in=erased))
    found = list(hung.select_related("case"))
    for each in found:
        follow_erasure(found=each)
    return len(found)


def destroy_held(now: datetime) -> int:
    """Destroy what was kept of voices that were held, on its day in their organisation's zone.

    Returns from how many; each has its act and its own transaction. *Repeats after a crash.*
    """
    return sum(
        holding.destroy(held=held)
        for held in holding.to_destroy((now + FARTHEST_ZONE).date())
        if held.destroy_on <= clock.civil_day(now, held.organisation.zone)
    )


def forget_heard(now: datetime) -> int:
    """Let go of which words came from which network, after a day. *Repeats after a crash.*"""
    return taking.forget(now - REMEMBERED)


def remind_overdue(now: datetime) -> int:
    """Write in the morning to whoever has to hear of overdue voices. Returns how many letters.

    Each case remembers what went out for it: after a crash or downtime nothing goes out twice.
    """
    late = Case.objects.filter(
        state__in=UNANSWERED,
        promised_on__lt=(now + FARTHEST_ZONE).date(),
        told__lt=escalating.STEPS,
    )
    sent = 0
    for organisation in Organisation.objects.filter(pk__in=late.values("organisation")):
        today = clock.civil_day(now, organisation.zone)
        if now >= clock.start_of(today, organisation.zone) + MORNING:
            sent += remind(organisation=organisation, today=today)
    return sent


AT_ONCE = 200
"""What one visit of the tick does at most."""
LETTERS_AT_ONCE = 25
"""Letters of one task: if the mail server lets each wait for its longest, it still ends in time."""


def ask_again(now: datetime) -> int:
    """Ask whoever wished to be told, four weeks after an answer; returns how many. *Once only.*"""
    return sum(telling.ask(contact=each) for each in telling.to_ask(now)[:AT_ONCE])


def settle_letters(_now: datetime) -> None:
    """Note which letters were given up, and let them go. *Repeats after a crash.*"""
    for letter in letters.given_up(telling.ORIGIN)[:AT_ONCE]:
        telling.settle(letter=letter)


def tell(_now: datetime) -> None:
    """Have the worker write what is to be told, if there is anything."""
    if telling.waiting().exists() and not letters.waits(write_letters.module_path):
        write_letters.enqueue()


@task(priority=LOW)
def write_letters() -> None:
    """Write some of what is to be told; the rest in a task of its own. *May run twice.*"""
    with asked_once():
        telling.write(list(telling.waiting()[:LETTERS_AT_ONCE]))
    if telling.waiting().exists():
        write_letters.enqueue()
