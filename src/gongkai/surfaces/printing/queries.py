"""Reads about runs, and which items may be printed."""

from collections.abc import Collection
from datetime import datetime

from django.db.models import F, Q, QuerySet

from gongkai.foundation.ledger.queries import head
from gongkai.foundation.organisations.models import Organisation
from gongkai.surfaces.board import items
from gongkai.surfaces.board import queries as board
from gongkai.surfaces.board.items import Item
from gongkai.surfaces.board.models import Place
from gongkai.surfaces.printing.models import Run
from gongkai.surfaces.printing.states import HOLDING, RunState

MOST = 500
"""Sheets of one run: a board's worth, and a stack that one printer takes."""


def rows() -> QuerySet[Run]:
    """Runs with their organisation."""
    return Run.objects.select_related("organisation")


def of(organisation: Organisation) -> QuerySet[Run]:
    """The runs of an organisation, the newest first."""
    return rows().filter(organisation=organisation).order_by("-id")


def holding(organisation: Organisation) -> int:
    """How many runs of an organisation have bytes on the disk."""
    return of(organisation).filter(state__in=HOLDING).count()


def folders() -> set[str]:
    """The folders of all runs that have bytes on the disk."""
    return set(Run.objects.filter(state__in=HOLDING).values_list("folder", flat=True))


def left_alone(since: datetime) -> QuerySet[Run]:
    """Runs that nobody has gone on with since then."""
    idle = Q(touched_at=None) | Q(touched_at__lt=since)
    return rows().filter(idle, state=RunState.WAITING).order_by("id")


def newest(shelf: str) -> list[str]:
    """The addresses of the newest places of a list, as many as a run may have."""
    places = Place.objects.filter(shelf__name=shelf).order_by("-ordinal")
    return list(places.values_list("subject", flat=True)[:MOST])


def standing(addresses: Collection[str], organisation: str) -> list[Item]:
    """Those of these items that anybody may read now and that are of this organisation."""
    found = board.items_of(addresses, items.PRINTED)
    here = [found[address] for address in addresses if address in found]
    return [each for each in here if each.organisation == organisation and each.current]


def named(addresses: Collection[str]) -> list[Item]:
    """Those of these items that still say a title."""
    found = board.items_of(addresses, items.PRINTED).values()
    return [each for each in found if each.openings]


def logged() -> int:
    """How far the log can be read."""
    return head().exposed_size


def outdated() -> list[Run]:
    """Runs with bytes of something that changed since: corrected, withdrawn, erased, decided on."""
    length = logged()
    held = rows().filter(state__in=HOLDING, seq__lt=length)
    return [each for each in held if changed(each)]


def changed(run: Run) -> bool:
    """Whether something in a run was corrected, withdrawn, erased or decided on since."""
    later = board.public_records(run.seq, logged()).filter(kind__in=items.PRINTED)
    return any(
        later.filter(subject__in=portion).order_by().exists()
        for portion in board.portions(run.wanted)
    )


def over(now: datetime) -> QuerySet[Run]:
    """Runs asked for before ``now``."""
    return rows().filter(at__lt=now).order_by(F("id"))
