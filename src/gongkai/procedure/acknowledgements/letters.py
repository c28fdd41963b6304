"""The letter that reminds a member: how many, and where. Never of what: titles may be inner."""

from collections.abc import Sequence

from django.conf import settings
from django.core.mail import send_mail
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from gongkai.foundation.organisations.models import Member, Organisation


def reminder(organisation: Organisation, member: Member, addresses: Sequence[str]) -> None:
    """Tell ``member``, who has an account with an address, of the items at ``addresses``."""
    assert member.account is not None, "a letter goes to an account's address"
    n, told = len(addresses), {"name": organisation.name, "n": len(addresses)}
    links = [f"{settings.OFFICE_URL}/members/i/{address}/" for address in addresses]
    lead = ngettext(
        "有%(n)s件请您阅读并确认的内容，已经过了日期，您还没有确认。请登录后看：",
        "有%(n)s件请您阅读并确认的内容，已经过了日期，您还没有确认。请登录后看：",
        n,
    )
    subject = ngettext(
        "%(name)s：%(n)s件内容请您阅读并确认", "%(name)s：%(n)s件内容请您阅读并确认", n
    )
    body = [lead % told, "", *links, "", _("看过以后，请按页面上的“我读过了”。")]
    send_mail(subject % told, "\n".join(body), None, [member.account.email])
