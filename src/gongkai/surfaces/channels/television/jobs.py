"""Making loops in the worker, and seeing to it that none is older than the records."""

import logging
from datetime import datetime, timedelta

from django_tasks import task
from django_tasks_db.models import DBTaskResult

from gongkai.foundation.core import clock
from gongkai.foundation.core.errors import Refused
from gongkai.foundation.ledger.workflow import SYSTEM
from gongkai.foundation.organisations.models import Organisation
from gongkai.foundation.organisations.queries import today
from gongkai.surfaces.board import excerpt, houses
from gongkai.surfaces.board.houses import House
from gongkai.surfaces.channels.television import crawl, frames, queries, tape, timing, workflow
from gongkai.surfaces.channels.television.models import Loop
from gongkai.surfaces.channels.television.programme import Programme

logger = logging.getLogger(__name__)

PATIENCE = timedelta(minutes=8)
"""A worker that has not gone on for so long is dead: one page takes four minutes at the most."""


@task(priority=-20)
def render() -> None:
    """Make the loop that waits longest. May run twice: one that another is at is left alone, what a
    killed worker left is begun anew.
    """
    now = clock.now()
    for loop in queries.waiting():
        if loop.touched_at and loop.touched_at > now - PATIENCE:
            continue
        try:
            _render(loop, now)
        except Refused as refusal:
            workflow.fail(loop=loop, trouble=" ".join(refusal.obstacles))
        except tape.LeftOff:
            logger.info("loop %s is not wanted any more", loop.pk)
        except OSError as error:
            logger.exception("loop %s could not be written", loop.pk)
            workflow.fail(loop=loop, trouble=str(error))
        return


def _render(loop: Loop, now: datetime) -> None:
    organisation = loop.organisation
    on, house = queries.on(organisation), houses.town().house(organisation.slug)
    if on.content != loop.content:
        workflow.stop(organisation=organisation, by=SYSTEM)
        if on.items:
            workflow.want(organisation=organisation, by=SYSTEM, on=on)  # the tick has it made
        return
    pages = frames.pages(house, on.items, today(organisation), loop.wanted_at)
    seconds = timing.total(pages.shown)
    if not workflow.begin(loop=loop, pages=len(pages.shown), seconds=seconds, now=now):
        return

    def progress(done: int) -> bool:
        return workflow.go_on(loop=loop, done=done)

    tape.make(loop.pk, pages, told(house, on), progress)
    loop.pages = len(pages.shown)
    if not workflow.finish(loop=loop):
        tape.remove(tape.folder(loop.pk))
    tape.sweep(queries.kept())


def told(house: House, on: Programme) -> crawl.Crawl:
    """The crawl of what is on."""
    lines = []
    for item in on.items:
        if opening := item.current:
            day = clock.civil_day(opening.at, house.zone)
            words = excerpt.lead(opening.edition.body)
            lines.append((opening.edition.title, f"{day.month}月{day.day}日", words))
    return crawl.crawl(house.name, house.matter, lines)


def upkeep(_now: datetime) -> None:
    """Have a new loop made where the records say something else by now, and ask the worker for what
    waits. For the tick; what is out of date is handed out no more in any case.
    """
    for organisation in queries.followed():
        _follow(organisation)
    if queries.waiting().exists() and not _waits():
        render.enqueue()


def ask() -> None:
    """Ask the worker at once: somebody wants a loop."""
    if not _waits():
        render.enqueue()


def _follow(organisation: Organisation) -> None:
    on, made = queries.on(organisation), queries.ready(organisation)
    making = queries.in_hand(organisation)
    if making is not None and making.content != on.content:
        workflow.stop(organisation=organisation, by=SYSTEM)
        making = None
    if not on.items:
        workflow.let_go(organisation=organisation)
        tape.sweep(queries.kept())
        return
    last = queries.last(organisation)
    tried = last is not None and last.trouble and last.content == on.content
    if made and made.content != on.content and making is None and not tried and tape.available():
        workflow.want(organisation=organisation, by=SYSTEM, on=on)


def _waits() -> bool:
    return DBTaskResult.objects.ready().filter(task_path=render.module_path).exists()
