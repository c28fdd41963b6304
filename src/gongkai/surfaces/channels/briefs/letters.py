"""The letter that sends an issue round: where to read it, and to whom anybody may read it, of what.

Of what is for members no title stands in a letter: titles may be inner, and a letter cannot be
taken back.
"""

from collections.abc import Collection

from django.conf import settings
from django.core.mail import EmailMessage
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from gongkai.foundation.organisations.audience import is_public
from gongkai.surfaces.board import addresses, items
from gongkai.surfaces.channels.briefs.models import Brief
from gongkai.surfaces.channels.briefs.queries import Facts


def issue(brief: Brief, facts: Facts, gone: Collection[str], to: str) -> EmailMessage:
    """The letter to one reader; of what is ``gone`` nothing is told."""
    standing = [part for part in facts["items"] if part["address"] not in gone]
    told = {"matter": facts["matter"], "year": facts["year"], "number": facts["number"]}
    subject = _("%(matter)s简报%(year)s年第%(number)s期") % told
    n = len(standing)
    lines = [
        _("%(name)s编印了%(issue)s。") % {"name": facts["name"], "issue": subject},
        ngettext("这一期有%(n)s件内容。", "这一期有%(n)s件内容。", n) % {"n": n},
        "",
    ]
    if is_public(brief.audience):
        lines += [*facts["lead"].splitlines(), ""]
        for part in standing:
            lines += [
                items.edition(part["edition"]).title.strip(),
                f"{settings.BOARD_URL}{addresses.item(part['address'])}",
            ]
    else:
        lines += [_("请登录后看："), f"{settings.OFFICE_URL}/members/briefs/"]
    headers = {"Auto-Submitted": "auto-generated", "X-Auto-Response-Suppress": "All"}
    return EmailMessage(
        f"{facts['name']}：{subject}"[:200],
        "\n".join(lines),
        settings.DEFAULT_FROM_EMAIL,
        [to],
        headers=headers,
    )
