"""The verb on charters: apply one."""

from django.db import transaction

from gongkai.foundation.core import canonical, clock
from gongkai.foundation.core.errors import Refused
from gongkai.foundation.ledger import workflow as ledger
from gongkai.foundation.organisations import workflow as organisations
from gongkai.foundation.organisations.audience import PUBLIC
from gongkai.foundation.organisations.models import Organisation
from gongkai.foundation.organisations.queries import By, actor_of
from gongkai.procedure.catalogue import queries, rules
from gongkai.procedure.catalogue.changes import changes
from gongkai.procedure.catalogue.charter import Charter, EntryRule, parse
from gongkai.procedure.catalogue.models import CharterVersion, Entry


def apply(*, source: str, by: By) -> list[str]:
    """Put the charter ``source`` in force, and publish it 生效. Returns what changed, in sentences.

    Applying what is in force already changes nothing and returns nothing. ``Refused`` with every
    mistake of the text.
    """
    text = source.removeprefix("\ufeff")
    return _apply(text, parse(text), by)


@transaction.atomic
def _apply(source: str, charter: Charter, by: By) -> list[str]:
    slug = charter.organisation.slug
    organisation = Organisation.objects.select_for_update().filter(slug=slug).first()
    if obstacles := rules.apply_obstacles(organisation, by):
        raise Refused(obstacles)
    before = queries.latest_version(organisation) if organisation else None
    changed = changes(before.charter if before else None, charter)
    if not changed:
        return []
    organisation = organisations.arrange(
        slug=slug,
        name=charter.organisation.name,
        zone=charter.organisation.zone,
        parent=charter.organisation.parent or None,
        posts=charter.posts,
        groups=charter.groups,
    )
    _write_entries(organisation, charter)
    version = CharterVersion.objects.create(
        organisation=organisation,
        number=before.number + 1 if before else 1,
        source=source,
        digest=canonical.digest(source.encode("utf-8")),
        applied_at=clock.now(),
        applied_by=actor_of(by).label,
    )
    _record(version, by, changed)
    return changed


def _write_entries(organisation: Organisation, charter: Charter) -> None:
    """The catalogue's rows as the charter has them.

    A line that the charter leaves out is only marked: disclosures point to it for ever.
    """
    Entry.objects.bulk_create(
        [_row(organisation, rule) for rule in charter.entries],
        update_conflicts=True,
        unique_fields=["organisation", "code"],
        update_fields=["title", "category", "box", "department", "retired"],
    )
    left_out = Entry.objects.filter(organisation=organisation, retired=False)
    left_out.exclude(code__in=[rule.code for rule in charter.entries]).update(retired=True)


def _row(organisation: Organisation, rule: EntryRule) -> Entry:
    return Entry(
        organisation=organisation,
        code=rule.code,
        title=rule.title,
        category=rule.category,
        box=rule.box,
        department=rule.department,
        retired=False,
    )


def _record(version: CharterVersion, by: By, changed: list[str]) -> None:
    slug = version.organisation.slug
    ledger.record(
        verb="charter.apply",
        actor=actor_of(by),
        organisation=slug,
        subject=f"charter:{slug}",
        label=version.organisation.name,
        facts={"number": version.number, "digest": version.digest, "changes": changed},
        opens=ledger.Opening(
            kind="charter",
            subject=f"charter:{slug}",
            audience=[PUBLIC],
            body={
                "format": "gongkai-charter/1",
                "number": version.number,
                "digest": version.digest,
                "applied_at": clock.stamp(version.applied_at),
                "source": version.source,
            },
        ),
    )
