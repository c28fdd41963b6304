"""The verbs on loops: want, stop, take; and what the worker notes."""

from datetime import datetime

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from gongkai.foundation.core import clock
from gongkai.foundation.core.errors import Refused
from gongkai.foundation.ledger import workflow as ledger
from gongkai.foundation.organisations.models import Organisation
from gongkai.foundation.organisations.queries import By, Officer, actor_of
from gongkai.procedure.publication.postings import Proof, deliver
from gongkai.procedure.publication.queries import release_of_each
from gongkai.procedure.publication.states import EvidenceKind
from gongkai.surfaces.channels.television import queries, rules
from gongkai.surfaces.channels.television.models import Loop
from gongkai.surfaces.channels.television.programme import Programme
from gongkai.surfaces.channels.television.states import CHANNEL, UNFINISHED, LoopState


@transaction.atomic
def want(*, organisation: Organisation, by: By, on: Programme) -> Loop:
    """Have a loop made of what is on now; the worker does it 制作循环片"""
    organisation = Organisation.objects.select_for_update().get(pk=organisation.pk)
    if isinstance(by, Officer) and (wrong := rules.make_obstacles(organisation, by, on)):
        raise Refused(wrong)
    loop = Loop.objects.create(
        organisation=organisation,
        content=on.content,
        items=[item.address for item in on.items],
        wanted_at=clock.now(),
    )
    _told("television.want", loop, by, items=len(on.items))
    return loop


@transaction.atomic
def stop(*, organisation: Organisation, by: By) -> Loop | None:
    """Leave off making; what was made before stays 停止制作"""
    organisation = Organisation.objects.select_for_update().get(pk=organisation.pk)
    loop = queries.in_hand(organisation)
    if isinstance(by, Officer) and (wrong := rules.stop_obstacles(loop, organisation, by)):
        raise Refused(wrong)
    if loop is not None:
        loop.state = LoopState.STOPPED
        loop.save(update_fields=["state"])
        _told("television.stop", loop, by)
    return loop


@transaction.atomic
def take(*, loop: Loop, officer: Officer, on: Programme) -> None:
    """The video goes to the station with whoever fetches it; the first time is written down 取片"""
    loop = (
        Loop.objects.select_for_update(of=("self",)).select_related("organisation").get(pk=loop.pk)
    )
    if wrong := rules.fetch_obstacles(loop, on):
        raise Refused(wrong)
    if loop.taken_at is None:
        loop.taken_at = clock.now()
        loop.save(update_fields=["taken_at"])
        carried = [item.current.edition.digest for item in on.items if item.current]
        said = _("循环片交给了电视台")
        shows = Proof(EvidenceKind.DELIVERY, f"{queries.TAKEN}{loop.pk}", loop.taken_at, said=said)
        for release in release_of_each(carried):
            deliver(release, CHANNEL, shows)
        _told("television.take", loop, officer)


def begin(*, loop: Loop, pages: int, seconds: int, now: datetime) -> bool:
    """The worker takes the loop on; not one that was stopped, or that another is at."""
    mine = Q(state=LoopState.WAITING) | Q(touched_at=loop.touched_at, state=LoopState.MAKING)
    return bool(
        Loop.objects.filter(mine, pk=loop.pk).update(
            state=LoopState.MAKING, pages=pages, seconds=seconds, done=0, touched_at=now
        )
    )


def go_on(*, loop: Loop, done: int) -> bool:
    """Note how many pages are done; says whether the loop is still wanted."""
    making = Loop.objects.filter(pk=loop.pk, state=LoopState.MAKING)
    return bool(making.update(done=done, touched_at=clock.now()))


def finish(*, loop: Loop) -> bool:
    """The files stand; says whether they are still wanted. Older ones are out of date by that."""
    making = Loop.objects.filter(pk=loop.pk, state=LoopState.MAKING)
    return bool(making.update(state=LoopState.READY, made_at=clock.now(), done=loop.pages))


def fail(*, loop: Loop, trouble: str) -> None:
    """It could not be made, and why."""
    Loop.objects.filter(pk=loop.pk, state__in=UNFINISHED).update(
        state=LoopState.FAILED, trouble=trouble
    )


def let_go(*, organisation: Organisation) -> int:
    """Nothing is on any more: the loops that were made are out of date for good."""
    made = Loop.objects.filter(organisation=organisation, state=LoopState.READY)
    return made.update(state=LoopState.STOPPED)


def _told(verb: str, loop: Loop, by: By, **facts: int) -> None:
    ledger.record(
        verb=verb,
        actor=actor_of(by),
        organisation=loop.organisation.slug,
        subject=f"television:{loop.organisation.slug}",
        label="",
        facts={"content": loop.content, "loop": loop.pk, **facts},
    )
