"""The verbs on charters: apply one; change its catalogue by a revision that a second one approves.

``apply`` alone puts a text in force, for the machine's operator as for whoever approves.
"""

from collections.abc import Callable, Sequence

from django.db import transaction

from gongkai.foundation.core import canonical, clock
from gongkai.foundation.core.errors import Conflict, Refused
from gongkai.foundation.ledger import workflow as ledger
from gongkai.foundation.organisations import workflow as organisations
from gongkai.foundation.organisations.audience import PUBLIC
from gongkai.foundation.organisations.models import Organisation
from gongkai.foundation.organisations.queries import By, Officer, actor_of
from gongkai.procedure.catalogue import queries, rules
from gongkai.procedure.catalogue.changes import changes
from gongkai.procedure.catalogue.charter import Charter, EntryRule, parse
from gongkai.procedure.catalogue.editing import edited, merged
from gongkai.procedure.catalogue.models import CharterVersion, Entry, Revision
from gongkai.procedure.catalogue.states import RevisionState


def apply(*, source: str, by: By, approving: Revision | None = None) -> list[str]:
    """Put the charter ``source`` in force, and publish it 生效. Returns what changed, in sentences.

    Applying what is in force already changes nothing and returns nothing. ``approving``: the
    revision whose text it is; :func:`approve` has asked who may. ``Refused`` with every mistake of
    the text.
    """
    text = source.removeprefix("\ufeff")
    return _apply(text, parse(text), by, approving)


@transaction.atomic
def _apply(source: str, charter: Charter, by: By, approving: Revision | None) -> list[str]:
    slug = charter.organisation.slug
    organisation = Organisation.objects.select_for_update().filter(slug=slug).first()
    if approving is None and (obstacles := rules.apply_obstacles(organisation, by)):
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
    _record(version, by, changed, approving)
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


def _record(
    version: CharterVersion, by: By, changed: list[str], approving: Revision | None
) -> None:
    slug = version.organisation.slug
    facts = {"number": version.number, "digest": version.digest, "changes": changed}
    if approving:
        facts |= {"revision": approving.pk, "proposer": approving.proposer_post}
    ledger.record(
        verb="charter.apply",
        actor=actor_of(by),
        organisation=slug,
        subject=f"charter:{slug}",
        label=version.organisation.name,
        facts=facts,
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


# -- revisions -------------------------------------------------------------------------------------


@transaction.atomic
def revise(
    *, officer: Officer, change: Callable[[Charter], Sequence[EntryRule]], seen: str = ""
) -> Revision:
    """Change the catalogue in the officer's revision, begun now when there is none 改目录.

    ``change`` is given the charter as the revision has it and returns all entries wanted. ``seen``
    is the digest of the text that the officer looked at; ``Conflict`` when it has changed since.
    ``Refused`` when the entries do not fit the charter.
    """
    organisation = Organisation.objects.select_for_update().get(pk=officer.organisation.pk)
    revision = queries.revision_in_hand(officer)
    if obstacles := rules.revise_obstacles(organisation, officer, revision):
        raise Refused(obstacles)
    version = queries.charter_of(organisation)[0]
    if seen and seen != (revision or version).digest:
        raise Conflict
    before = revision or version
    after = edited(before.source, change(before.charter))
    if revision is None:
        revision = Revision(
            organisation=organisation,
            base=version,
            state=RevisionState.DRAFT,
            proposer=officer.member,
            proposer_post=officer.post_names,
        )
    revision.kept = revision.kept and after.kept
    _write(revision, after.text)
    return revision


@transaction.atomic
def propose(*, revision: Revision, officer: Officer, text: str) -> Revision:
    """Hand ``revision`` over to be approved; ``text`` says why it is wanted 提请审定."""
    revision = _locked(revision)
    charter = queries.charter_of(revision.organisation)[1]
    if obstacles := rules.propose_obstacles(revision, officer, charter, text):
        raise Refused(obstacles)
    revision.state, revision.text = RevisionState.PROPOSED, text.strip()
    revision.proposer_post, revision.changed_at = officer.post_names, clock.now()
    revision.save(update_fields=["state", "text", "proposer_post", "changed_at"])
    told = changes(revision.base.charter, revision.charter)
    _note("catalogue.propose", revision, officer, text=revision.text, changes=told)
    return revision


@transaction.atomic
def approve(*, revision: Revision, officer: Officer, seen: str) -> list[str]:
    """Put ``revision`` in force as the second person 审定. Returns what changed, in sentences.

    ``seen`` is the digest of the text that was approved; ``Conflict`` when it is another by now.
    """
    revision = _locked(revision)
    charter = queries.charter_of(revision.organisation)[1]
    if obstacles := rules.approve_obstacles(revision, officer, charter):
        raise Refused(obstacles)
    if seen != revision.digest:
        raise Conflict
    _decide(revision, officer, RevisionState.APPROVED, "")
    _note("catalogue.approve", revision, officer, digest=revision.digest)
    return apply(source=revision.source, by=officer, approving=revision)


@transaction.atomic
def send_back(*, revision: Revision, officer: Officer, text: str) -> Revision:
    """Return ``revision`` to its proposer with the reason 退回."""
    revision = _locked(revision)
    charter = queries.charter_of(revision.organisation)[1]
    if obstacles := rules.return_obstacles(revision, officer, charter, text):
        raise Refused(obstacles)
    _decide(revision, officer, RevisionState.RETURNED, text.strip())
    _note("catalogue.return", revision, officer, text=revision.answer)
    return revision


@transaction.atomic
def recall(*, revision: Revision, officer: Officer) -> Revision:
    """Take ``revision`` back from approval, to go on with it 收回."""
    revision = _locked(revision)
    if obstacles := rules.recall_obstacles(revision, officer):
        raise Refused(obstacles)
    _move(revision, RevisionState.DRAFT)
    _note("catalogue.recall", revision, officer)
    return revision


@transaction.atomic
def withdraw(*, revision: Revision, officer: Officer) -> Revision:
    """Give ``revision`` up 撤销."""
    revision = _locked(revision)
    if obstacles := rules.withdraw_obstacles(revision, officer):
        raise Refused(obstacles)
    _move(revision, RevisionState.WITHDRAWN)
    _note("catalogue.withdraw", revision, officer)
    return revision


@transaction.atomic
def rebase(*, revision: Revision, officer: Officer) -> Revision:
    """Bring what ``revision`` changes upon the charter now in force 换到新版.

    ``Refused`` with every entry that both changed.
    """
    revision = _locked(revision)
    if obstacles := rules.rebase_obstacles(revision, officer):
        raise Refused(obstacles)
    version, charter = queries.charter_of(revision.organisation)
    entries = merged(revision.base.charter.entries, revision.charter.entries, charter.entries)
    after = edited(version.source, entries)
    revision.base, revision.kept = version, after.kept
    _write(revision, after.text)
    return revision


def _locked(revision: Revision) -> Revision:
    """The row as it is now, held; of its organisation's charter there is no other version then."""
    Organisation.objects.select_for_update().get(pk=revision.organisation_id)
    rows = Revision.objects.select_for_update(of=("self",))
    return rows.select_related("organisation", "base").get(pk=revision.pk)


def _write(revision: Revision, source: str) -> None:
    revision.source = source
    revision.digest = canonical.digest(source.encode("utf-8"))
    revision.changed_at = clock.now()
    revision.save()


def _decide(revision: Revision, officer: Officer, state: RevisionState, answer: str) -> None:
    revision.decider, revision.decider_post = officer.member, officer.post_names
    revision.answer = answer
    revision.state, revision.changed_at = state, clock.now()
    revision.save(update_fields=["decider", "decider_post", "answer", "state", "changed_at"])


def _move(revision: Revision, state: RevisionState) -> None:
    revision.state, revision.changed_at = state, clock.now()
    revision.save(update_fields=["state", "changed_at"])


def _note(verb: str, revision: Revision, officer: Officer, **facts: object) -> None:
    slug = revision.organisation.slug
    ledger.record(
        verb=verb,
        actor=officer.actor,
        organisation=slug,
        subject=f"charter:{slug}",
        label=revision.organisation.name,
        facts={"revision": revision.pk, "base": revision.base.number, **facts},
    )
