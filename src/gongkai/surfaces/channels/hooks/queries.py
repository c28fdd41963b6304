"""Reads about hooks and what became of each attempt. Never an address, never a secret."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db.models import Q, QuerySet

from gongkai.foundation.organisations.models import Organisation
from gongkai.surfaces.channels.hooks.models import Delivery, Hook
from gongkai.surfaces.channels.hooks.states import HookState

LEASE = timedelta(minutes=15)
"""After so long the worker that had a hook in hand is dead."""


def names(organisation: Organisation) -> list[str]:
    """What the hooks of an organisation are called."""
    found = Hook.objects.filter(organisation=organisation)
    return list(found.order_by("name").values_list("name", flat=True))


def hooks(organisation: Organisation) -> list[Hook]:
    """The hooks of an organisation, those in trouble first: one query."""
    order = [HookState.GIVEN_UP, HookState.ON, HookState.STOPPED]
    found = list(Hook.objects.filter(organisation=organisation).order_by("name"))
    return sorted(found, key=lambda hook: order.index(HookState(hook.state)))


def hook(organisation: Organisation, pk: int) -> Hook | None:
    """One hook of the organisation; none if it has no such."""
    found = Hook.objects.filter(organisation=organisation, pk=pk)
    return found.select_related("organisation").first()


def deliveries(hook: Hook, most: int) -> Sequence[Delivery]:
    """The last attempts, newest first."""
    return list(Delivery.objects.filter(hook=hook).order_by("-at", "-pk")[:most])


def due(now: datetime, shown: int) -> QuerySet[Hook]:
    """The hooks whose turn it is, and which nobody has in hand; ``shown`` is how much of the log
    stands on the board.
    """
    free = Q(queued_at=None) | Q(queued_at__lt=now - LEASE)
    come = Q(next_at=None) | Q(next_at__lte=now)
    return Hook.objects.filter(free, come, state=HookState.ON, cursor__lt=shown).order_by("pk")


def old(before: datetime) -> QuerySet[Delivery]:
    """Attempts from before that moment."""
    return Delivery.objects.filter(at__lt=before)
