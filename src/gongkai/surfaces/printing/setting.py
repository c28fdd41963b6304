"""Setting sheets in the worker, a portion a task: killed at any moment, it is taken up there."""

from collections.abc import Sequence

from django_tasks import task

from gongkai.foundation.core.errors import Refused
from gongkai.surfaces.board import houses
from gongkai.surfaces.board.houses import House
from gongkai.surfaces.board.items import Item
from gongkai.surfaces.channels.paper import notice
from gongkai.surfaces.printing import queries, store, workflow
from gongkai.surfaces.printing.models import Run
from gongkai.surfaces.printing.states import RunState

BEHIND = -5
"""Somebody waits at the desk: before pages for readers, behind letters."""
TOGETHER = 20
"""Sheets of one task, set in one go: so a worker that is to stop can, and letters do not wait."""
LONG = 60_000
"""Characters of one task: a text of a hundred pages is set by itself."""

GONE = "gone"
"""Why a sheet is left out of what is no longer open."""

LeftOut = list[tuple[str, str]]


@task(priority=BEHIND)
def set_sheets(key: int) -> None:
    """Set the next sheets of a run, and leave the rest to the next task. May run twice."""
    run = queries.rows().filter(pk=key, state=RunState.WAITING).first()
    if run is None:
        return
    workflow.touch(run)
    if run.done == len(run.wanted):
        pages, size = store.join(run.folder) if len(run.left_out) < run.done else (0, 0)
        news = workflow.finish(run=run, pages=pages, size=size)
    else:
        done, left_out = _portion(run)
        news = workflow.go_on(run=run, done=done, left_out=left_out)
        if news:
            set_sheets.enqueue(key)
    if not news and not queries.rows().filter(pk=key, state=RunState.WAITING).exists():
        _clear(key, run.folder)


def _clear(key: int, folder: str) -> None:
    """What was written while the run was given up goes again; of one that is ready nothing does."""
    if not queries.rows().filter(pk=key, state=RunState.READY).exists():
        store.destroy(folder)


def _portion(run: Run) -> tuple[int, LeftOut]:
    """Set what comes next of a run; returns how far it is then, and what could not be set."""
    here = run.wanted[run.done : run.done + TOGETHER]
    found = {item.address: item for item in queries.standing(here, run.organisation.slug)}
    taken, long = 0, 0
    for address in here:
        item = found.get(address)
        long += len(item.current.edition.body) if item and item.current else 0
        if taken and long > LONG:
            break
        taken += 1
    here = here[:taken]
    house = houses.town().house(run.organisation.slug)
    left_out = [(address, GONE) for address in here if address not in found]
    made, unset = _set([found[each] for each in here if each in found], house, run)
    for number, portion in enumerate(made):
        store.keep(run.folder, f"{run.done:03}-{number:02}", portion)
    return run.done + taken, left_out + unset


def _set(printed: Sequence[Item], house: House, run: Run) -> tuple[list[bytes], LeftOut]:
    """These sheets, in one PDF where all can be set; halved until what cannot be stands alone."""
    if not printed:
        return [], []
    try:
        return [notice.notices(printed, house, run.size, run.mark)], []
    except Refused as refused:
        if len(printed) == 1:
            return [], [(printed[0].address, " ".join(refused.obstacles))]
    half = len(printed) // 2
    first, second = _set(printed[:half], house, run), _set(printed[half:], house, run)
    return first[0] + second[0], first[1] + second[1]
