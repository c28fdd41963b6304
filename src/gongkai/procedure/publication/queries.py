"""Reads about releases: what stands, what is due, who has seen a disclosure."""

import json
from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from gongkai.foundation.core import canonical, clock
from gongkai.foundation.ledger.models import PublicRecord
from gongkai.foundation.organisations.models import Organisation
from gongkai.foundation.organisations.queries import Officer
from gongkai.foundation.organisations.states import Right
from gongkai.procedure.catalogue.charter import Charter, scope_keys
from gongkai.procedure.catalogue.models import CharterVersion, parsed
from gongkai.procedure.proposals.models import Disclosure
from gongkai.procedure.publication.audience import covers
from gongkai.procedure.publication.models import Erasure, Release, Withdrawal
from gongkai.procedure.publication.plans import Planned, Stage
from gongkai.procedure.publication.states import ReleaseState
from gongkai.procedure.review.models import Edition, Emergency
from gongkai.procedure.review.queries import emergencies_in

STANDING = (ReleaseState.PLANNED, ReleaseState.OPEN, ReleaseState.REPLACED)
"""States of a release that keeps its place in its edition's plan."""

OPENED = (ReleaseState.OPEN, ReleaseState.REPLACED, ReleaseState.WITHDRAWN)
"""States of a release that readers have seen."""


def releases(disclosure: Disclosure) -> QuerySet[Release]:
    """Every release of the disclosure, in the order of its editions and their plans."""
    found = Release.objects.filter(disclosure=disclosure).select_related("edition")
    return found.order_by("edition__number", "order", "pk")


def release_of_each(digests: Iterable[str]) -> list[int]:
    """A release of each of these editions, for a carrier that knows what it carried by digest: the
    posting on its channel is found from any of them. One query.
    """
    found = Release.objects.filter(edition__digest__in=list(digests), opened_at__isnull=False)
    rows = found.order_by("edition", "order").values_list("edition", "pk")
    return list(dict(rows).values())


def standing(edition: Edition, before: int | None = None) -> list[Release]:
    """The stages of the edition's plan that are arranged or open, in order; only those ``before``
    that place.
    """
    found = Release.objects.filter(edition=edition, state__in=STANDING)
    found = found if before is None else found.filter(order__lt=before)
    return list(found.order_by("order"))


def due(now: datetime) -> QuerySet[Release]:
    """What should be open by ``now`` and is not yet, in the order of time; found by the index."""
    waiting = Release.objects.filter(state=ReleaseState.PLANNED, opens_at__lte=now)
    return waiting.select_related("disclosure").order_by("opens_at", "order", "pk")


def open_audience(disclosure: Disclosure) -> frozenset[str]:
    """Every key under which the disclosure is open at this moment."""
    return _keys(disclosure, (ReleaseState.OPEN,))


def seen_by(disclosure: Disclosure) -> frozenset[str]:
    """Every key under which the disclosure has ever been open."""
    return _keys(disclosure, OPENED)


def title_for(disclosure: Disclosure, audience: Iterable[str]) -> str:
    """The title that all of ``audience`` may be told: of the newest edition open to every one.

    Not ``disclosure.title``: a correction that is sealed, or open to members alone, is not yet the
    public's. Nor a title that was corrected for privacy. Without one, the catalogue's line.
    """
    keys: dict[Edition, set[str]] = defaultdict(set)
    opened = releases(disclosure).filter(opened_at__isnull=False)
    for release in opened.select_related("edition__review__draft").order_by("-edition__number"):
        keys[release.edition].update(release.audience)
    for edition, seen in keys.items():
        if covers(seen, audience):
            return str(content(edition)["title"])
        if edition.review.draft.privacy:
            break
    return disclosure.entry.title


def corrected_since(disclosure: Disclosure, at: datetime) -> bool:
    """Whether a correction has opened at ``at`` or later to all who could see the disclosure."""
    opened = Release.objects.filter(disclosure=disclosure, opened_at__gte=at)
    found = opened.filter(edition__number__gt=1).values_list("audience", flat=True)
    return bool(found) and covers({key for keys in found for key in keys}, seen_by(disclosure))


def taken_back_since(disclosure: Disclosure, at: datetime) -> bool:
    """Whether the disclosure was withdrawn or erased at ``at`` or later."""
    return (
        Withdrawal.objects.filter(disclosure=disclosure, at__gte=at).exists()
        or Erasure.objects.filter(disclosure=disclosure, confirmed_at__gte=at).exists()
    )


def answers_titled_otherwise(release: Release) -> list[int]:
    """The open answers that name the item by another title than the edition of ``release``."""
    title = content(release.edition)["title"]
    answers = PublicRecord.objects.filter(
        kind="answer", subject=release.disclosure.address, closed_at__isnull=True
    )
    return [each.pk for each in answers if canonical.decode(each.body.encode())["title"] != title]


def latest_edition(disclosure: Disclosure) -> Edition | None:
    """The edition sealed last; none before the first seal."""
    return Edition.objects.filter(disclosure=disclosure).order_by("-number").first()


def is_newest(edition: Edition) -> bool:
    """Whether no later edition of its disclosure has been sealed; asked without their bytes."""
    later = Edition.objects.filter(disclosure=edition.disclosure_id, number__gt=edition.number)
    return not later.exists()


def waiting_for(officer: Officer) -> list[Edition]:
    """Sealed editions of which a stage is still to be arranged by ``officer``; one query.

    Oldest seal first.
    """
    if not officer.may(Right.PUBLISH):
        return []
    rows = to_arrange(officer.organisation).select_related(
        "disclosure__organisation", "disclosure__entry"
    )
    return list(rows.defer("data").order_by("sealed_at", "pk"))


def to_arrange(organisation: Organisation) -> QuerySet[Edition]:
    """The newest editions of which a stage is still to be arranged, of items that are not gone.

    One whose arrangement was cancelled comes back: somebody must decide. Looked for among the
    disclosures that wait, of which there are as many as work in hand.
    """
    item = OuterRef("disclosure")
    newer = Edition.objects.filter(disclosure=item, number__gt=OuterRef("number"))
    arranged = Release.objects.filter(edition=OuterRef("pk"), state__in=STANDING, last=True)
    return Edition.objects.filter(
        ~Exists(newer),
        ~Exists(arranged),
        ~Exists(Withdrawal.objects.filter(disclosure=item)),
        disclosure__organisation=organisation,
        disclosure__waits=True,
        erased_at__isnull=True,
    )


def erasures_for(officer: Officer) -> list[Erasure]:
    """Erasures that somebody else has asked for and ``officer`` may confirm; one query."""
    if not officer.may(Right.ERASE):
        return []
    asked = Erasure.objects.filter(
        disclosure__organisation=officer.organisation, confirmed_at__isnull=True
    )
    rows = asked.exclude(asked_by=officer.member).select_related("disclosure")
    return list(rows.order_by("asked_at", "pk"))


def is_withdrawn(disclosure: Disclosure) -> bool:
    """Whether the disclosure has been taken back."""
    return Withdrawal.objects.filter(disclosure=disclosure).exists()


def is_erased(disclosure: Disclosure) -> bool:
    """Whether what the disclosure said has been destroyed."""
    return Erasure.objects.filter(disclosure=disclosure, confirmed_at__isnull=False).exists()


def withdrawal_of(disclosure: Disclosure) -> Withdrawal | None:
    """The withdrawal, when there is one."""
    return Withdrawal.objects.filter(disclosure=disclosure).first()


def erasure_of(disclosure: Disclosure) -> Erasure | None:
    """The erasure asked for or done, when there is one."""
    return Erasure.objects.filter(disclosure=disclosure).first()


def emergencies_in_hand(organisation: Organisation) -> list[Emergency]:
    """What was opened in an emergency and waits for its second person, or was found wrong and
    still stands: 1 query.
    """
    item = OuterRef("edition__disclosure")
    newer = Edition.objects.filter(disclosure=item, number__gt=OuterRef("edition__number"))
    gone = Withdrawal.objects.filter(disclosure=item)
    refused = Q(confirmed=False) & ~Exists(newer) & ~Exists(gone)
    found = emergencies_in(organisation).filter(Q(confirmed=None) | refused)
    return list(found.filter(edition__erased_at=None).order_by("due_on", "pk"))


def told(emergency: Emergency) -> dict[str, Any]:
    """What readers are told of an emergency: posts and days. Its reason is the office's: nobody
    has reviewed those words.
    """
    outcomes = {None: "", True: "confirmed", False: "refused"}
    decided = clock.stamp(emergency.decided_at) if emergency.decided_at else ""
    return {
        "post": emergency.post,
        "at": clock.stamp(emergency.at),
        "due_on": emergency.due_on.isoformat(),
        "outcome": outcomes[emergency.confirmed],
        "decided_post": emergency.decided_as,
        "decided_at": decided,
    }


def content(edition: Edition) -> dict[str, Any]:
    """The sealed bytes as data; empty once they have been erased."""
    return json.loads(bytes(edition.data)) if edition.data is not None else {}


def sealed_charter(organisation: Organisation, digest: str) -> Charter:
    """The charter that an edition was sealed under: its scopes keep their meaning of that day."""
    if known := parsed(digest):
        return known
    versions = CharterVersion.objects.filter(organisation=organisation, digest=digest)
    return versions.latest("number").charter


def sealed_stages(edition: Edition) -> tuple[Stage, ...]:
    """The plan inside the sealed bytes, with concrete audience keys."""
    data = content(edition)
    if not data:
        return ()
    charter = sealed_charter(edition.disclosure.organisation, data["charter"])
    return tuple(_stage(charter, planned) for planned in data["plan"])


def standing_plan(edition: Edition) -> list[Planned]:
    """What stands of the edition's plan, as values."""
    return [
        Planned(release.scope, release.opened_at or release.opens_at)
        for release in standing(edition)
    ]


def _stage(charter: Charter, planned: dict[str, Any]) -> Stage:
    scope = charter.scope(planned["scope"])
    return Stage(
        scope=scope.code,
        name=scope.name,
        keys=scope_keys(charter, scope, tuple(planned.get("keys", ()))),
        inner=scope.inner,
        earliest=clock.unstamp(planned["opens"]) if planned.get("opens") else None,
    )


def _keys(disclosure: Disclosure, states: tuple[ReleaseState, ...]) -> frozenset[str]:
    found = Release.objects.filter(disclosure=disclosure, state__in=states)
    return frozenset(key for keys in found.values_list("audience", flat=True) for key in keys)
