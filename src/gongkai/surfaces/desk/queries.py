"""What stands at each of the five steps, and what waits for whom.

Each function is a fixed number of queries however many rows there are, and each walks an index.

What may be seen is asked with EXISTS, row by row, and what is in hand is named by its keys: so the
few rows in hand come first on both databases. As a join, SQLite, which does not know how rare a
state is, would begin with everything that the organisation ever had.
"""

from collections.abc import Iterable
from typing import Any

from django.db.models import DateTimeField, Exists, OuterRef, Q, QuerySet, Subquery

from gongkai.foundation.organisations.models import Organisation
from gongkai.foundation.organisations.queries import Officer
from gongkai.foundation.organisations.states import Right
from gongkai.procedure.archive.models import Filing
from gongkai.procedure.catalogue.models import Entry
from gongkai.procedure.catalogue.queries import entries
from gongkai.procedure.proposals import rules as proposals
from gongkai.procedure.proposals.models import Draft
from gongkai.procedure.proposals.queries import own
from gongkai.procedure.proposals.states import EDITABLE
from gongkai.procedure.publication.models import Release
from gongkai.procedure.publication.queries import to_arrange
from gongkai.procedure.publication.states import ReleaseState
from gongkai.procedure.review.models import Edition, Opinion, Review
from gongkai.procedure.review.queries import OPEN
from gongkai.procedure.review.states import Decision

# -- the officer's own -----------------------------------------------------------------------------


def drafts_to_finish(officer: Officer) -> list[Draft]:
    """Drafts that this officer, or whoever held the post before, began and has not handed over."""
    mine = Q(proposer=officer.member)
    if officer.posts and officer.may(Right.PROPOSE):
        mine |= Q(proposer_post=officer.post_names)
    found = Draft.objects.filter(
        mine, own(officer.organisation, "disclosure"), pk__in=in_state(Draft, EDITABLE)
    )
    return list(found.select_related("disclosure__entry").defer("body").order_by("pk"))


def reasons_of_return(drafts: Iterable[Draft]) -> dict[int, Opinion]:
    """The last opinion that sent each of these drafts back."""
    found = Opinion.objects.filter(
        review__draft__in=[draft.pk for draft in drafts], decision=Decision.RETURN
    )
    return {
        opinion.review.draft_id: opinion
        for opinion in found.select_related("review").order_by("pk")
    }


# -- what stands at each step ----------------------------------------------------------------------


def in_state(model: type[Draft | Review], states: Iterable[str]) -> QuerySet[Any, Any]:
    """The keys of what is in these states, of which there are as many as work in hand."""
    return model._default_manager.filter(state__in=list(states)).values("pk")


def drafts(officer: Officer) -> QuerySet[Draft]:
    """Every draft the officer may look into, oldest first."""
    found = Draft.objects.filter(_seen(officer, "disclosure"))
    return found.select_related("disclosure__entry").defer("body").order_by("pk")


def reviews(officer: Officer) -> QuerySet[Review]:
    """Every round of review the officer may look into, the one due first at the top."""
    found = Review.objects.filter(_seen(officer, "draft__disclosure"))
    return found.select_related("draft__disclosure__entry", "charter").order_by("due_on", "pk")


def open_reviews(officer: Officer) -> QuerySet[Review]:
    """Those in which somebody still has to act."""
    return reviews(officer).filter(pk__in=in_state(Review, OPEN))


def editions(officer: Officer) -> QuerySet[Edition]:
    """Every edition the officer may look into, oldest first, without its bytes."""
    found = Edition.objects.filter(_seen(officer, "disclosure"))
    return found.select_related("disclosure__entry").defer("data").order_by("pk")


def to_publish(officer: Officer) -> QuerySet[Edition]:
    """Those of which a stage is to be arranged or will open by itself, oldest first.

    Named by their keys from two short lists: an OR of the two questions would ask every edition.
    """
    ours = officer.organisation
    keys = to_arrange(ours).values("pk").union(planned(ours).order_by().values("edition"))
    return editions(officer).filter(pk__in=keys)


def with_release(found: QuerySet[Edition], *states: str) -> QuerySet[Edition]:
    """Those with a release in one of these states."""
    return found.filter(Exists(Release.objects.filter(edition=OuterRef("pk"), state__in=states)))


def planned(organisation: Organisation) -> QuerySet[Release]:
    """What will open by itself, in the order of time."""
    found = Release.objects.filter(own(organisation, "disclosure"), state=ReleaseState.PLANNED)
    return found.select_related("disclosure__entry").order_by("opens_at", "order", "pk")


def releases_of(editions: Iterable[Edition]) -> dict[int, list[Release]]:
    """The releases of these editions in their order, by edition: 1 query."""
    found: dict[int, list[Release]] = {}
    wanted = [edition.pk for edition in editions]
    for release in Release.objects.filter(edition__in=wanted).order_by("order", "pk"):
        found.setdefault(release.edition_id, []).append(release)
    return found


def filings(officer: Officer) -> QuerySet[Filing]:
    """What has been filed, oldest first."""
    found = Filing.objects.filter(_seen(officer, "disclosure"))
    return found.select_related("disclosure__entry").order_by("pk")


def _seen(officer: Officer, path: str) -> Exists:
    return Exists(proposals.visible(officer).filter(pk=OuterRef(path)))


# -- the catalogue ---------------------------------------------------------------------------------


def catalogue(organisation: Organisation) -> QuerySet[Entry]:
    """The lines of the catalogue, each with what was last published under it: 1 query."""
    last = (
        Release.objects.filter(disclosure__entry=OuterRef("pk"), opened_at__isnull=False)
        .exclude(state=ReleaseState.ERASED)
        .order_by("-opened_at")
    )
    return entries(organisation).annotate(
        last_at=Subquery(last.values("opened_at")[:1], output_field=DateTimeField()),
        last_title=Subquery(last.values("disclosure__title")[:1]),
        last_address=Subquery(last.values("disclosure__address")[:1]),
    )
