"""What falls due in feedback: the end of contact data."""

from datetime import datetime, timedelta

from gongkai.foundation.core import clock
from gongkai.procedure.feedback.models import Contact
from gongkai.procedure.feedback.workflow import destroy_contact


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
