"""Reads about what is kept: its pages and texts, whoever follows them, and what is damaged."""

from collections.abc import Collection
from datetime import datetime

from django.db.models import Q, QuerySet

from gongkai.foundation.files.models import Damage, Reading, Refusal, StoredFile
from gongkai.foundation.files.states import ReadingState, Trouble
from gongkai.foundation.organisations.models import Organisation


def reading(digest: str) -> Reading | None:
    """The reading of the file named ``digest``, with the file but for its text."""
    found = Reading.objects.select_related("file").defer("file__text")
    return found.filter(file__digest=digest).first()


def left_alone(since: datetime) -> QuerySet[Reading]:
    """The readings that wait and with which nobody went on since ``since``."""
    waiting = Reading.objects.filter(
        Q(touched_at=None) | Q(touched_at__lt=since),
        state=ReadingState.WAITING,
        file__erased_at=None,
    )
    return waiting.select_related("file").defer("file__text").order_by("touched_at", "pk")


def without_office() -> QuerySet[Reading]:
    """The readings that would be there if LibreOffice were installed."""
    return Reading.objects.filter(trouble=Trouble.NO_OFFICE, file__erased_at=None)


def to_number() -> QuerySet[Reading]:
    """The finished readings that have no place in the common order yet."""
    return Reading.objects.filter(seq=None, finished_at__isnull=False)


def finished_from(seq: int, count: int) -> list[tuple[int, str]]:
    """The next ``count`` finished readings from place ``seq`` on, as (place, digest of the file).

    For followers: keep the last place plus one as cursor. Places are dense and given in order by
    the keeper, so none appears behind a cursor; one read again has a new place.
    """
    rows = Reading.objects.filter(seq__gte=seq).order_by("seq")
    found = rows.values_list("seq", "file__digest")[:count]
    return [(place, digest) for place, digest in found if place is not None]


def texts(digests: Collection[str]) -> dict[str, str]:
    """The texts of these files by digest, of those that have one; never of an erased file."""
    rows = StoredFile.objects.filter(digest__in=digests, readable=True, erased_at=None)
    return dict(rows.values_list("digest", "text"))


def damages() -> QuerySet[Damage]:
    """What was found damaged and has not been found whole since, the oldest first."""
    return Damage.objects.filter(mended_at=None).order_by("id")


def refusals(organisation: Organisation) -> QuerySet[Refusal]:
    """What was not taken in from this organisation's people, the newest first.

    The topmost organisation also sees what came from nobody's desk: from the command line.
    """
    mine = Q(organisation=organisation)
    if organisation.parent_id is None:
        mine |= Q(organisation=None)
    return Refusal.objects.filter(mine).order_by("-id")


def refusals_due(before: datetime) -> QuerySet[Refusal]:
    """The refusals from before that day whose name, and bytes if any, are still there."""
    return Refusal.objects.filter(destroyed_at=None, at__lt=before).order_by("at")
