"""The verbs of reading confirmations: ask, confirm, remind, destroy the names."""

from datetime import date, datetime, timedelta
from itertools import groupby

from django.db import transaction

from gongkai.foundation.core import clock
from gongkai.foundation.core.deadlines import deadline
from gongkai.foundation.core.errors import Refused
from gongkai.foundation.ledger import workflow as ledger
from gongkai.foundation.ledger.models import Cursor, PublicRecord
from gongkai.foundation.organisations import queries as organisations
from gongkai.foundation.organisations.models import Member, Organisation
from gongkai.procedure.acknowledgements import letters, queries, rules
from gongkai.procedure.acknowledgements.models import Acknowledgement, Circular
from gongkai.procedure.catalogue.queries import charter_of
from gongkai.procedure.publication.audience import readable_records
from gongkai.procedure.publication.models import Release

AT_ONCE = 1000
"""Members whom one visit reminds at most."""


@transaction.atomic
def ask(*, release: Release) -> int:
    """Ask those to whom ``release`` has opened to confirm that they have read it 请确认阅读.

    Asked is who holds one of its keys on the day it opened, among the organisation's own members
    and those below it; each once for an edition, however many stages it opens by. Whoever joins
    later may read and is not asked. Returns how many. *Repeats: who was asked is not asked again.*
    """
    disclosure, opened_at = release.disclosure, release.opened_at
    assert opened_at is not None, "an open release has its time"
    organisation = disclosure.organisation
    charter = charter_of(organisation)[1]
    rule = next((each for each in charter.entries if each.code == disclosure.entry.code), None)
    if rule is None or not rule.confirm:
        return 0
    on, limits = clock.civil_day(opened_at, organisation.zone), charter.deadlines
    destroy_on = on + timedelta(days=limits.confirm_days)
    circular = Circular.objects.select_for_update().get_or_create(
        edition=release.edition, defaults={"disclosure": disclosure, "destroy_on": destroy_on}
    )[0]
    if circular.names_gone_at:
        return 0
    before = Acknowledgement.objects.filter(circular=circular).values("member")
    due_on = deadline(on, limits.confirm_workdays).due
    made = [
        Acknowledgement(circular=circular, member=member, asked_on=on, due_on=due_on)
        for member in queries.asked_by(organisation, release.audience, on).exclude(pk__in=before)
    ]
    if not made:
        return 0
    Acknowledgement.objects.bulk_create(made)
    circular.destroy_on = max(circular.destroy_on, destroy_on)
    circular.save(update_fields=["destroy_on"])
    _record("reading.ask", circular, {"asked": len(made)})
    return len(made)


@transaction.atomic
def confirm(*, member: Member, address: str, digest: str) -> Acknowledgement:
    """Note that ``member`` says to have read the edition named ``digest`` of an item 确认阅读.

    ``Refused`` when they were not asked, or it is not the newest that they may read. A second time
    changes nothing. No act is written: those stay for ever, and who read what has its end.
    """
    asked = queries.asked(member, digest)
    if asked is not None:
        rows = Acknowledgement.objects.select_for_update(of=("self",))
        asked = rows.select_related("circular").filter(pk=asked.pk).first()
    reader = organisations.reader_of(member, organisations.today(member.organisation))
    found = readable_records(reader).filter(subject=address, kind="release").order_by("-seq")
    newest: PublicRecord | None = found.first()
    stands = newest is not None and newest.digest == digest
    if obstacles := rules.confirm_obstacles(asked, stands):
        raise Refused(obstacles)
    assert asked is not None
    if asked.confirmed_at is None:
        asked.confirmed_at = clock.now()
        asked.save(update_fields=["confirmed_at"])
    return asked


@transaction.atomic
def remind(*, organisation: Organisation, today: date) -> int:
    """Write once to each who was asked, may still read, and has let the last day pass 催阅.

    One letter tells a member of all; who has no address is only shown to the responsible post.
    Returns how many letters. *A crash sends none of them, the next visit all.*
    """
    rows = queries.late(organisation, today, AT_ONCE)
    owed = queries.still_owed(rows, today)
    sent, told = 0, set[str]()
    for member, own in groupby(rows, key=lambda row: row.member):
        mine = [row for row in own if row.pk in owed]
        if not mine or member.account is None or not member.account.email:
            continue
        addresses = [row.circular.disclosure.address for row in mine]
        letters.reminder(organisation, member, addresses)
        sent += 1
        told.update(addresses)
    Acknowledgement.objects.filter(pk__in=[row.pk for row in rows]).update(reminded=True)
    if sent:
        ledger.record(
            verb="reading.remind",
            actor=ledger.SYSTEM,
            organisation=organisation.slug,
            subject=f"readings:{organisation.slug}",
            label=organisation.name,
            facts={"items": len(told), "letters": sent},
        )
    return sent


@transaction.atomic
def destroy_names(*, circular: Circular, now: datetime) -> bool:
    """Destroy who was asked and who confirmed, and keep how many 销毁名单. Says whether they stood.

    The count goes into the act, so that it stays with the item.
    """
    circular = Circular.objects.select_for_update(of=("self",)).get(pk=circular.pk)
    if circular.names_gone_at:
        return False
    rows = Acknowledgement.objects.filter(circular=circular)
    circular.asked, circular.names_gone_at = rows.count(), now
    circular.confirmed = rows.filter(confirmed_at__isnull=False).count()
    circular.save(update_fields=["asked", "confirmed", "names_gone_at"])
    rows.delete()
    _record(
        "reading.destroy",
        circular,
        {"asked": circular.asked, "confirmed": circular.confirmed},
    )
    return True


def note_followed(seq: int) -> None:
    """Openings before ``seq`` have been looked at."""
    Cursor.objects.update_or_create(name=queries.CURSOR, defaults={"seq": seq})


def _record(verb: str, circular: Circular, numbers: dict[str, int]) -> None:
    disclosure = circular.disclosure
    ledger.record(
        verb=verb,
        actor=ledger.SYSTEM,
        organisation=disclosure.organisation.slug,
        subject=disclosure.address,
        label=disclosure.title,
        facts={"edition": circular.edition.number, **numbers},
    )
