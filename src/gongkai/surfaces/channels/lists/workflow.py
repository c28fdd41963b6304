"""The verbs on lists: make, change, put addresses on, take one off, close.

Acts tell of lists and numbers, never of addresses.
"""

from collections.abc import Sequence

from django.db import transaction

from gongkai.foundation.core import clock
from gongkai.foundation.core.errors import Refused
from gongkai.foundation.ledger import workflow as ledger
from gongkai.foundation.notices import jobs as mail
from gongkai.foundation.organisations.queries import Officer
from gongkai.surfaces.board.houses import Town
from gongkai.surfaces.channels import mailbox
from gongkai.surfaces.channels import workflow as following
from gongkai.surfaces.channels.lists import queries, rules, trial
from gongkai.surfaces.channels.lists.models import MailingList
from gongkai.surfaces.channels.models import Subscription

LANGUAGE = "zh-hans"
TRIAL = "trial"
"""Whose letters trials are."""


@transaction.atomic
def make(
    *, officer: Officer, name: str, purpose: str, pace: str, categories: Sequence[str]
) -> MailingList:
    """A list with nobody on it yet 建列表."""
    if obstacles := rules.name_obstacles(officer, name):
        raise Refused(obstacles)
    made = MailingList.objects.create(
        organisation=officer.organisation,
        name=name,
        purpose=purpose,
        pace=pace,
        categories=list(categories),
        made_at=clock.now(),
    )
    _tell("list.make", officer, made)
    return made


@transaction.atomic
def change(
    *,
    officer: Officer,
    chosen: MailingList,
    name: str,
    purpose: str,
    pace: str,
    categories: Sequence[str],
) -> MailingList:
    """Another name, purpose, pace or choice of categories, for what is published from now on."""
    chosen = _locked(chosen)
    if obstacles := rules.name_obstacles(officer, name, chosen):
        raise Refused(obstacles)
    chosen.name, chosen.purpose, chosen.pace = name, purpose, pace
    chosen.categories = list(categories)
    chosen.save(update_fields=["name", "purpose", "pace", "categories"])
    Subscription.objects.filter(what=chosen.what).update(pace=pace)
    _tell("list.change", officer, chosen)
    return chosen


def enter(
    *, officer: Officer, chosen: MailingList, town: Town, addresses: Sequence[str], ours: bool
) -> int:
    """Put these tidied addresses on the list; returns how many were not on it.

    ``ours``: the mailboxes of offices, which are told from now on. Others are asked first, as
    whoever follows by themselves is; one that was asked too often is not asked again. 加邮箱
    """
    with transaction.atomic():
        chosen = _locked(chosen)
        if obstacles := rules.enter_obstacles(officer, chosen, len(addresses)):
            raise Refused(obstacles)
        known = set(queries.recipients(chosen).values_list("key", flat=True))
        keys = {mailbox.key_of(address): address for address in addresses}
        fresh = [address for key, address in keys.items() if key not in known]
        for address in fresh:
            following.invite(
                town=town,
                address=address,
                what=chosen.what,
                pace=chosen.pace,
                language=LANGUAGE,
                confirmed=ours,
            )
        _tell("list.enter", officer, chosen, count=len(fresh), ours=ours)
    return len(fresh)


@transaction.atomic
def take_off(*, officer: Officer, chosen: MailingList, handle: str) -> bool:
    """Destroy one address of the list, and what waits for it; says whether it was there."""
    chosen = _locked(chosen)
    if obstacles := rules.own_obstacles(officer, chosen):
        raise Refused(obstacles)
    gone = following.forget(queries.recipients(chosen).filter(handle=handle))
    if gone:
        _tell("list.take-off", officer, chosen)
    return bool(gone)


@transaction.atomic
def close(*, officer: Officer, chosen: MailingList) -> None:
    """Destroy the list with every address on it, and what waits to be sent 去掉列表."""
    chosen = _locked(chosen)
    if obstacles := rules.own_obstacles(officer, chosen):
        raise Refused(obstacles)
    gone = following.forget(queries.recipients(chosen))
    _tell("list.close", officer, chosen, count=gone)
    chosen.delete()


def try_out(*, officer: Officer, chosen: MailingList, town: Town) -> str:
    """Send the officer alone what the list would have told last; returns the address. 试寄"""
    if obstacles := rules.own_obstacles(officer, chosen):
        raise Refused(obstacles)
    address = trial.address_of(officer)
    mail.queue(trial.letter(town, chosen, address), TRIAL)
    return address


def _locked(chosen: MailingList) -> MailingList:
    found = MailingList.objects.select_for_update(of=("self",)).select_related("organisation")
    return found.get(pk=chosen.pk)


def _tell(verb: str, officer: Officer, chosen: MailingList, **facts: object) -> None:
    ledger.record(
        verb=verb,
        actor=officer.actor,
        organisation=chosen.organisation.slug,
        subject=f"list:{chosen.pk}",
        label=chosen.name,
        facts={"name": chosen.name, **facts},
    )
