"""What opening a stage changes: number, duty, record, postings, and the editions before it."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from gongkai.foundation.core import canonical, clock
from gongkai.foundation.core.errors import Broken
from gongkai.foundation.ledger import workflow as ledger
from gongkai.foundation.ledger.models import PublicRecord
from gongkai.foundation.organisations.audience import is_public
from gongkai.procedure.catalogue.queries import charter_of
from gongkai.procedure.duties import workflow as duties
from gongkai.procedure.proposals.models import Disclosure
from gongkai.procedure.publication import postings, queries
from gongkai.procedure.publication.audience import covers
from gongkai.procedure.publication.models import Release
from gongkai.procedure.publication.states import ReleaseState
from gongkai.procedure.publication.telling import coming, record_act, said
from gongkai.procedure.review import queries as review
from gongkai.procedure.review.models import Edition

LATE = timedelta(minutes=1)
"""An opening this much after its time is reported as late in its act."""


def open_stage(
    release: Release, plan: Sequence[Release], text: str, more: Mapping[str, Any], now: datetime
) -> PublicRecord:
    """Open ``release``, one of the stages of ``plan``, with the sealed ``text``; its record says
    ``more`` beside it.
    """
    _give_number(release, now)
    _fulfil(release, now)
    release.state, release.opened_at = ReleaseState.OPEN, now
    record = record_act(
        "release.open",
        release.disclosure,
        None,
        _opening_facts(release, now),
        ledger.Opening(
            kind="release",
            subject=release.disclosure.address,
            audience=release.audience,
            body={**_body(release, plan, text), **more},
            digest=release.edition.digest,
        ),
    )
    assert record is not None
    release.record = record.pk
    release.save(update_fields=["state", "opened_at", "record"])
    _replace_earlier(release, now)
    _plan_postings(release, text, now)
    return record


def _plan_postings(release: Release, text: str, now: datetime) -> None:
    """A posting for each channel, as the charter that it was sealed under knows them."""
    sealed = canonical.decode(text.encode("utf-8"))
    if sealed.get("channels"):
        organisation = release.disclosure.organisation
        charter = queries.sealed_charter(organisation, sealed["charter"])
        postings.plan(release, sealed, charter, now)


def sealed_text(edition: Edition) -> str:
    """The sealed bytes as text, after proof that they are the ones that were sealed."""
    data = bytes(edition.data or b"")
    if canonical.digest(data) != edition.digest:
        raise Broken(f"edition {edition.pk}: the bytes do not have the digest that was sealed")
    return data.decode("utf-8")


def _give_number(release: Release, now: datetime) -> None:
    """The human number 组织-类-年-序, at the first opening to the public."""
    disclosure = release.disclosure
    if disclosure.number or not is_public(release.audience):
        return
    organisation = disclosure.organisation
    charter = charter_of(organisation)[1]
    year = clock.civil_day(now, organisation.zone).year
    prefix = f"{charter.organisation.number_code}-{disclosure.entry.category}-{year}"
    disclosure.number = _free_number(f"item:{organisation.slug}:{prefix}", prefix)
    disclosure.save(update_fields=["number"])


def _free_number(counter: str, prefix: str) -> str:
    """The next number behind ``prefix``; those that another organisation of this code has are
    left out, since a number names one thing.
    """
    while True:
        number = f"{prefix}-{ledger.next_number(counter)}"
        if not Disclosure.objects.filter(number=number).exists():
            return number


def _fulfil(release: Release, now: datetime) -> None:
    """The last stage of a plan meets what was due: until then not everybody meant can read it."""
    disclosure = release.disclosure
    if release.last and not disclosure.extra:
        duties.fulfil(
            entry=disclosure.entry,
            duty=disclosure.duty,
            item=disclosure.address,
            on=clock.civil_day(now, disclosure.organisation.zone),
            shown=is_public(release.audience),
            correction=release.edition.number > 1,
        )


def _body(release: Release, plan: Sequence[Release], text: str) -> Mapping[str, Any]:
    """What the record shows: the sealed text verbatim, and which stages it has gone through."""
    sealed = canonical.decode(text.encode("utf-8"))
    charter = queries.sealed_charter(release.disclosure.organisation, sealed["charter"])
    assert release.opened_at is not None
    return {
        "format": "gongkai-release/1",
        "edition": text,
        "scope": release.scope,
        "order": release.order,
        "stages": [
            {
                "scope": stage.scope,
                "name": charter.scope(stage.scope).name,
                "name_en": charter.scope(stage.scope).name_en,
                "opened_at": clock.stamp(stage.opened_at or release.opened_at),
            }
            for stage in plan
            if stage.order <= release.order
        ],
        "number": release.disclosure.number or "" if is_public(release.audience) else "",
        "opened_at": clock.stamp(release.opened_at),
        "note": sealed.get("note") or "",
        **coming(plan, charter, after=release.order),
    }


def hastened(edition: Edition) -> dict[str, Any]:
    """That the edition opens by the emergency path, and how far that has been looked at."""
    emergency = review.emergency_of(edition)
    return {"emergency": queries.told(emergency)} if emergency else {}


def _opening_facts(release: Release, now: datetime) -> dict[str, Any]:
    late = now - release.opens_at
    facts = {**said(release), "digest": release.edition.digest}
    if release.disclosure.number:
        facts["number"] = release.disclosure.number
    return {**facts, "late": int(late.total_seconds())} if late >= LATE else facts


def _replace_earlier(release: Release, now: datetime) -> None:
    """Earlier editions give way to whoever sees the new one; for privacy, to everybody."""
    if release.edition.number == 1:
        return
    privacy = release.edition.review.draft.privacy
    earlier = Release.objects.filter(
        disclosure=release.disclosure, edition__number__lt=release.edition.number
    )
    gone = [
        each.pk
        for each in earlier.filter(state=ReleaseState.OPEN)
        if privacy or covers(release.audience, each.audience)
    ]
    Release.objects.filter(pk__in=gone).update(state=ReleaseState.REPLACED)
    postings.replaced(gone, now)
    if privacy:
        records = [each.record for each in earlier if each.record is not None]
        records += queries.answers_titled_otherwise(release)
        subject = release.disclosure.address
        ledger.close(subject=subject, kinds=["release", "answer"], at=now, only=records)
