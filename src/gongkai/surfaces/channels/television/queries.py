"""Reads about loops, and whether they still say what the records say."""

from django.db.models import Max, QuerySet

from gongkai.foundation.organisations.models import Organisation
from gongkai.foundation.organisations.queries import today
from gongkai.surfaces.board import houses
from gongkai.surfaces.channels.television import programme
from gongkai.surfaces.channels.television.models import Loop
from gongkai.surfaces.channels.television.programme import Programme
from gongkai.surfaces.channels.television.states import UNFINISHED, LoopState


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
