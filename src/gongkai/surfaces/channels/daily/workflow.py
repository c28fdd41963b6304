"""The verbs of the daily letter: write it once for each day, leave a post out or let it in."""

from collections.abc import Sequence
from datetime import date

from django.core.mail import EmailMessage
from django.db import transaction
from django.utils.translation import gettext as _

from gongkai.foundation.core.errors import Refused
from gongkai.foundation.ledger import workflow as ledger
from gongkai.foundation.notices import jobs as mail
from gongkai.foundation.organisations.models import Organisation
from gongkai.foundation.organisations.queries import Officer
from gongkai.surfaces.channels.daily import queries
from gongkai.surfaces.channels.daily.models import LeftOut, Told


@transaction.atomic
def tell(
    *,
    organisation: Organisation,
    known: date | None,
    day: date,
    written: Sequence[EmailMessage],
) -> bool:
    """Queue these letters about all up to ``day``, unless somebody else did since it was told up
    to ``known``. Says whether. 寄日报
    """
    if known is None:
        _row, ours = Told.objects.get_or_create(organisation=organisation, defaults={"day": day})
    else:
        rows = Told.objects.filter(organisation=organisation, day=known)
        ours = bool(rows.update(day=day))
    if ours:
        for message in written:
            mail.queue(message)
    return ours


@transaction.atomic
def choose(*, officer: Officer, wanted: bool) -> None:
    """Let the officer's supervising posts get the daily letter, or no more. 收、停收日报"""
    posts = queries.supervising(officer.posts)
    if not posts:
        raise Refused([_("日报只寄给有“监督检查”权限的岗位。")])
    LeftOut.objects.filter(post__in=posts).delete()
    if not wanted:
        LeftOut.objects.bulk_create([LeftOut(post=each) for each in posts])
    ledger.record(
        verb="daily.take" if wanted else "daily.leave",
        actor=officer.actor,
        organisation=officer.organisation.slug,
        subject="daily",
        label="",
        facts={"post": "、".join(each.name for each in posts)},
    )
