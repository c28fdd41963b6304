"""Reads about loops, and whether they still say what the records say."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Max, QuerySet

from gongkai.foundation.organisations.models import Organisation
from gongkai.foundation.organisations.queries import today
from gongkai.procedure.publication.models import Evidence, Posting, Release
from gongkai.procedure.publication.states import OUT, ReleaseState
from gongkai.surfaces.board import houses
from gongkai.surfaces.channels.television import programme
from gongkai.surfaces.channels.television.models import Loop
from gongkai.surfaces.channels.television.programme import Programme
from gongkai.surfaces.channels.television.states import CHANNEL, UNFINISHED, LoopState

TAKEN = "loop:"
"""How the key of the evidence begins that says with which loop an item went to the station."""


@dataclass(frozen=True)
class Recalled:
    """Something that the station holds and may not show any more (要撤播的): its posting, and the
    loops that it was handed with it.
    """

    posting: Posting
    loops: Sequence[Loop]


def on(organisation: Organisation) -> Programme:
    """What is on today, by the records as they stand."""
    house = houses.town().house(organisation.slug)
    return programme.programme(house, today(organisation))


def loops(organisation: Organisation) -> QuerySet[Loop]:
    """Every loop of the organisation, newest first."""
    return Loop.objects.filter(organisation=organisation).order_by("-pk")


def ready(organisation: Organisation) -> Loop | None:
    """The loop that was made last; none before the first, or after what it showed was gone."""
    return loops(organisation).filter(state=LoopState.READY).first()


def in_hand(organisation: Organisation) -> Loop | None:
    """The loop that the worker has still to make or is making."""
    return loops(organisation).filter(state__in=UNFINISHED).first()


def last(organisation: Organisation) -> Loop | None:
    """The newest loop, whatever became of it."""
    return loops(organisation).first()


def waiting() -> QuerySet[Loop]:
    """What the worker has still to make, the oldest first."""
    return Loop.objects.filter(state__in=UNFINISHED).select_related("organisation").order_by("pk")


def kept() -> set[int]:
    """The loops whose files may stand: the newest that was made of each organisation, and those in
    the making.
    """
    newest = Loop.objects.filter(state=LoopState.READY).values("organisation")
    rows = set(newest.annotate(last=Max("pk")).values_list("last", flat=True))
    return rows | set(Loop.objects.filter(state__in=UNFINISHED).values_list("pk", flat=True))


def followed() -> list[Organisation]:
    """The organisations that have a loop, so that a new one is made when something changes."""
    having = Loop.objects.filter(state=LoopState.READY).values("organisation")
    return list(Organisation.objects.filter(pk__in=having).order_by("pk"))


def recalled(organisation: Organisation, now: datetime) -> list[Recalled]:
    """What went to the station and has to come down, until somebody notes it: 3 queries."""
    due = Posting.objects.filter(
        organisation=organisation, channel=CHANNEL, state__in=OUT, comes_down__lte=now
    )
    postings = list(due.select_related("release__disclosure").order_by("comes_down", "pk"))
    told = Evidence.objects.filter(posting__in=postings, key__startswith=TAKEN).order_by("pk")
    keys = [(posting, int(key.removeprefix(TAKEN))) for posting, key in _keys(told)]
    made = Loop.objects.in_bulk([number for _posting, number in keys])
    return [
        Recalled(each, [made[n] for posting, n in keys if posting == each.pk and n in made])
        for each in postings
    ]


def _keys(told: QuerySet[Evidence]) -> list[tuple[int, str]]:
    return list(told.values_list("posting", "key"))


def taken_back(addresses: Collection[str]) -> list[str]:
    """The titles of those of these items that were withdrawn or erased; not of what is over."""
    gone = (ReleaseState.WITHDRAWN, ReleaseState.ERASED)
    found = Release.objects.filter(disclosure__address__in=addresses, state__in=gone)
    rows = found.order_by("disclosure__address").values_list("disclosure__title", flat=True)
    return list(rows.distinct())
