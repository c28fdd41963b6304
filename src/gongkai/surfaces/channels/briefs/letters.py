"""The letter that sends an issue round: where to read it, and to whom anybody may read it, of what.

Of what is for members no title stands in a letter: titles may be inner, and a letter cannot be
taken back.
"""

from collections.abc import Collection, Sequence

from django.conf import settings
from django.core.mail import EmailMessage
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from gongkai.foundation.organisations.audience import is_public
from gongkai.surfaces.board import addresses, houses, items
from gongkai.surfaces.channels.briefs.models import Brief
from gongkai.surfaces.channels.briefs.queries import Facts


def recall(brief: Brief, facts: Facts, erased: bool, to: str) -> EmailMessage:
    """The letter that calls an issue back: something in it was taken away, and where to read what
    stands now. It tells nothing of what was taken.
    """
    told = {"matter": facts["matter"], "year": facts["year"], "number": facts["number"]}
    name = _("%(matter)s简报%(year)s年第%(number)s期") % told
    if erased:
        happened = _("%(issue)s里有一件已经清除，整期不再登载，也不能恢复。")
        asked = _("请删去保存的文件，收回并销毁印出来的，不要再转给别人。")
    else:
        happened = _("%(issue)s里有一件已经撤下。网页和可以下载的文件里都不再有它。")
        asked = _("以前保存的、印出来的，请换成现在的文件，不要再转给别人。")
    lines = [happened % {"issue": name}, asked, "", *_where(brief, facts)]
    return _letter(_("收回：%(issue)s") % {"issue": name}, lines, facts, to)


def _where(brief: Brief, facts: Facts) -> list[str]:
    """Where the issue is read."""
    if is_public(brief.audience):
        house = houses.town().house(facts["organisation"])
        page = addresses.brief(house, f"{facts['year']}-{facts['number']}")
        return [_("这一期的网页："), f"{settings.BOARD_URL}{page}"]
    return [_("请登录后看："), f"{settings.OFFICE_URL}/members/briefs/"]


def _letter(subject: str, lines: Sequence[str], facts: Facts, to: str) -> EmailMessage:
    headers = {"Auto-Submitted": "auto-generated", "X-Auto-Response-Suppress": "All"}
    return EmailMessage(
        f"{facts['name']}：{subject}"[:200],
        "\n".join(lines),
        settings.DEFAULT_FROM_EMAIL,
        [to],
        headers=headers,
    )


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
        lines += [*_where(brief, facts), "", *facts["lead"].splitlines(), ""]
        for part in standing:
            lines += [
                items.edition(part["edition"]).title.strip(),
                f"{settings.BOARD_URL}{addresses.item(part['address'])}",
            ]
    else:
        lines += _where(brief, facts)
    return _letter(subject, lines, facts, to)
