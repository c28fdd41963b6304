"""What a list would have told last, as a letter to whoever tries it out."""

from django.core.mail import EmailMessage
from django.utils.translation import gettext as _

from gongkai.foundation.core import clock
from gongkai.foundation.core.errors import Refused
from gongkai.foundation.organisations.letters import reaches
from gongkai.foundation.organisations.queries import Officer
from gongkai.surfaces.board import items, shelves
from gongkai.surfaces.board import queries as board
from gongkai.surfaces.board.houses import Town
from gongkai.surfaces.channels import letters, mailbox, tokens
from gongkai.surfaces.channels.lists.models import MailingList
from gongkai.surfaces.channels.models import Alert, Subscription

FEW = 5
NOBODY = "0" * tokens.HANDLE
"""Names no follower: the link to leave in a trial leads to nobody's row."""


def address_of(officer: Officer) -> str:
    """Where a trial goes: the officer's own mailbox. ``Refused`` when there is none."""
    account = officer.member.account
    if account is None or not reaches(account):
        raise Refused([_("试寄寄到您自己的邮箱。您的账号没有邮箱，或者邮件还没有接通。")])
    return str(account.email)


def letter(town: Town, chosen: MailingList, address: str) -> EmailMessage:
    """The letter about the newest things of the list; ``Refused`` when there are none."""
    found = board.items_of(_newest(town, chosen), items.LISTED)
    standing = sorted(
        (each for each in found.values() if each.current), key=lambda each: each.opened_at
    )[-FEW:]
    row = Subscription(
        handle=NOBODY,
        sealed=mailbox.seal(address),
        what=chosen.what,
        pace=chosen.pace,
        language="zh-hans",
    )
    alerts = [
        Alert(subject=each.address, seq=each.current.seq, due_at=clock.now())
        for each in standing
        if each.current
    ]
    made = letters.alert(town, row, alerts, {each.address: each for each in standing})
    if made is None:
        raise Refused([_("这些类别还没有公开过东西，没有可以试寄的。")])
    made.subject = _("试寄：%(subject)s") % {"subject": made.subject}
    return made


def _newest(town: Town, chosen: MailingList) -> set[str]:
    house = town.house(chosen.organisation.slug)
    codes = chosen.categories or list(house.categories)
    names = [house.shelf(shelves.CATEGORY, code) for code in codes]
    return {
        place.subject for places in board.newest_of(names).values() for place in places[: FEW * 2]
    }
