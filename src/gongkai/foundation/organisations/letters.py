"""The letter that brings somebody their first password."""

from collections.abc import Sequence

from django.conf import settings
from django.core.mail import send_mail
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django_tasks import task

from gongkai.foundation.core.errors import Refused
from gongkai.foundation.ledger.workflow import Actor
from gongkai.foundation.organisations import workflow
from gongkai.foundation.organisations.adapter import link_address
from gongkai.foundation.organisations.models import Account, Member, Organisation


def reaches(account: Account | None) -> bool:
    """Whether a letter would reach ``account``: it has an address, and we a mail server."""
    return bool(account and account.email and settings.EMAIL_HOST)


def invite(organisation: Organisation, account: Account, link: str) -> None:
    """Send ``account`` its one-time ``link`` by mail, through the queue."""
    context = {"organisation": organisation, "username": account.username, "link": link}
    body = render_to_string("organisations/invitation.txt", context)
    subject = _("%(organisation)s：设定您的密码") % {"organisation": organisation}
    send_mail(subject, body, None, [account.email])


@task
def invite_all(keys: Sequence[str], actor_key: str, actor_label: str) -> None:
    """Write to each of these members how to set a password; whoever has one by now is left out."""
    actor = Actor(actor_key, actor_label)
    members = Member.objects.filter(key__in=keys).select_related("account", "organisation")
    for member in members:
        account = member.account
        if account is None or not reaches(account) or account.has_usable_password():
            continue
        try:
            link = link_address(*workflow.make_link(member=member, by=actor))
        except Refused:
            continue  # left since
        invite(member.organisation, account, link)
