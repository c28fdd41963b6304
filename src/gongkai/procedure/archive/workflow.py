"""The verbs of the archive: file, deposit, supplement. The jobs write the folders afterwards."""

from datetime import datetime

from django.db import transaction
from django.db.models import Max

from gongkai.foundation.core import clock
from gongkai.foundation.core.errors import Refused
from gongkai.foundation.ledger import workflow as ledger
from gongkai.foundation.ledger.durability import repeatable
from gongkai.foundation.ledger.models import Cursor, PublicRecord
from gongkai.foundation.organisations.models import Organisation
from gongkai.foundation.organisations.queries import Officer
from gongkai.procedure.archive import rules
from gongkai.procedure.archive.models import Deposit, Filing, Supplement
from gongkai.procedure.catalogue.queries import charter_of
from gongkai.procedure.feedback.models import Answer
from gongkai.procedure.proposals.models import Disclosure
from gongkai.procedure.publication.queries import (
    content,
    latest_edition,
    sealed_charter,
    seen_by,
)
from gongkai.procedure.review.models import Edition


@transaction.atomic
def file(*, disclosure: Disclosure, officer: Officer) -> Filing:
    """Close the disclosure and give it its 档号; the keeper writes the 件. 归档"""
    rows = Disclosure.objects.select_for_update(of=("self",))
    disclosure = rows.select_related("organisation", "entry").get(pk=disclosure.pk)
    if obstacles := rules.file_obstacles(disclosure, officer):
        raise Refused(obstacles)
    year, retention = _year(disclosure), _retention(disclosure)
    filing = Filing.objects.create(
        disclosure=disclosure,
        file_number=_file_number(disclosure.organisation, year, retention),
        retention=retention,
        title=disclosure.title,
        year=year,
        member=officer.member,
        post=officer.post_names,
        filed_at=clock.now(),
    )
    disclosure.filed = True
    disclosure.save(update_fields=["filed"])
    ledger.record(
        verb="disclosure.file",
        actor=officer.actor,
        organisation=disclosure.organisation.slug,
        subject=disclosure.address,
        label=disclosure.title,
        facts={"number": filing.file_number, "retention": retention, "post": filing.post},
        opens=ledger.Opening(
            kind="filing",
            subject=disclosure.address,
            audience=seen_by(disclosure),
            body={
                "format": "gongkai-filing/1",
                "file_number": filing.file_number,
                "filed_at": clock.stamp(filing.filed_at),
                "retention": retention,
            },
        ),
    )
    return filing


@transaction.atomic
def deposit(*, officer: Officer, subject: str, title: str, year: int) -> Deposit:
    """Give what the office made itself its 档号 and its place among the 件. 材料入档

    A part of the verb of a later step, which has asked who may and writes down the act; its job
    writes the folder. It is kept as long as the charter keeps anything.
    """
    retention = _longest(officer.organisation)
    return Deposit.objects.create(
        organisation=officer.organisation,
        subject=subject,
        file_number=_file_number(officer.organisation, year, retention),
        retention=retention,
        title=title,
        year=year,
        member=officer.member,
        post=officer.post_names,
        filed_at=clock.now(),
    )


@transaction.atomic
def note_deposited(*, deposit: Deposit, manifest: str) -> None:
    """Write down that the folder of ``deposit`` stands, and the digest of its list of files."""
    Deposit.objects.filter(pk=deposit.pk, written_at=None).update(
        written_at=clock.now(), manifest=manifest
    )


@transaction.atomic
def note_emptied(*, deposit: Deposit, manifest: str) -> None:
    """Write down that what ``deposit`` held is destroyed, and the list of what is left."""
    Deposit.objects.filter(pk=deposit.pk).update(manifest=manifest)


@transaction.atomic
def supplement(
    *,
    filing: Filing,
    answer: Answer | None = None,
    record: PublicRecord | None = None,
    noted_until: datetime | None = None,
) -> Supplement:
    """Add what came after filing to the 件, with its date: one of the three. 补充归档"""
    filing = (
        Filing.objects.select_for_update(of=("self",))
        .select_related("disclosure__organisation")
        .get(pk=filing.pk)
    )
    last = Supplement.objects.filter(filing=filing).aggregate(last=Max("number"))["last"] or 0
    made = Supplement.objects.create(
        filing=filing,
        number=last + 1,
        answer=answer,
        record=record.pk if record else None,
        noted_until=noted_until,
        at=clock.now(),
    )
    facts: dict[str, object] = {"number": filing.file_number, "supplement": made.number}
    if answer:
        facts["case"] = answer.case.number
    if record:
        facts["record"] = record.kind
    if noted_until:
        facts["record"] = "posting"
    ledger.record(
        verb="filing.supplement",
        actor=ledger.SYSTEM,
        organisation=filing.disclosure.organisation.slug,
        subject=filing.disclosure.address,
        label=filing.title,
        facts=facts,
    )
    return made


@transaction.atomic
def note_written(*, filing: Filing, manifest: str) -> None:
    """Write down that the folder of ``filing`` stands, and the digest of its list of files."""
    Filing.objects.filter(pk=filing.pk, written_at=None).update(
        written_at=clock.now(), manifest=manifest
    )


@transaction.atomic
def note_supplement_written(*, supplement: Supplement) -> None:
    """Write down that the folder of ``supplement`` stands."""
    Supplement.objects.filter(pk=supplement.pk, written_at=None).update(written_at=clock.now())


@transaction.atomic
def note_removed(*, filing: Filing) -> None:
    """Write down that the copy of an erased disclosure is destroyed, its title with it."""
    Filing.objects.filter(pk=filing.pk, erased_at=None).update(erased_at=clock.now(), title="")


@repeatable()
def note_followed(*, name: str, seq: int) -> None:
    """Write down how far a follower has come."""
    Cursor.objects.update_or_create(name=name, defaults={"seq": seq})


def _year(disclosure: Disclosure) -> int:
    """The year the 件 belongs to: that of its first seal, when the document came into being."""
    sealed: datetime = Edition.objects.filter(disclosure=disclosure).earliest("number").sealed_at
    return clock.civil_day(sealed, disclosure.organisation.zone).year


def _retention(disclosure: Disclosure) -> str:
    """The catalogue's retention of the entry: of the charter in force, or, once it has left the
    entry out, of the one the item was sealed under.
    """
    code = disclosure.entry.code
    charter = charter_of(disclosure.organisation)[1]
    if all(entry.code != code for entry in charter.entries):
        edition = latest_edition(disclosure)
        assert edition is not None
        charter = sealed_charter(disclosure.organisation, content(edition)["charter"])
    return charter.entry(code).retention


def _longest(organisation: Organisation) -> str:
    """The retention that keeps longest; 0 years are for ever."""
    kept = charter_of(organisation)[1].retentions
    return max(kept, key=lambda each: each.years or float("inf")).code


def _file_number(organisation: Organisation, year: int, retention: str) -> str:
    """全宗号-门类·年度-保管期限-机构（问题）-件号, as in ``Z109-WS·2026-Y-BGS-0001``."""
    parts = charter_of(organisation)[1].archive
    series = f"{parts.fonds}-{parts.series}·{year}-{retention}-{parts.section}"
    return f"{series}-{ledger.next_number(f'filing:{series}'):04d}"
