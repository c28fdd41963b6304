"""The verbs of printing: ask for sheets, go on, finish, give up, take away what is out of date.

Nothing is decided by them and nothing is disclosed: whoever may print one sheet may print many. So
they leave no act behind.
"""

import secrets
from collections.abc import Sequence

from django.db import transaction

from gongkai.foundation.core import clock
from gongkai.foundation.core.errors import Refused
from gongkai.foundation.organisations.queries import Officer
from gongkai.surfaces.printing import queries, rules, store
from gongkai.surfaces.printing.models import Run
from gongkai.surfaces.printing.states import RunState


@transaction.atomic
def ask(*, officer: Officer, wanted: Sequence[str], what: str, size: str, mark: str) -> Run:
    """Sheets of ``wanted`` on paper of ``size`` are to be set 成批打印.

    ``Refused`` where there is nothing, too much, or no room for another run.
    """
    if obstacles := rules.ask_obstacles(officer, wanted):
        raise Refused(obstacles)
    return Run.objects.create(
        organisation=officer.organisation,
        post=officer.post_names,
        what=what,
        size=size,
        mark=mark,
        wanted=list(wanted),
        folder=secrets.token_hex(8),
        seq=queries.logged(),
        at=clock.now(),
    )


def touch(run: Run) -> None:
    """Somebody goes on with it now."""
    Run.objects.filter(pk=run.pk).update(touched_at=clock.now())


@transaction.atomic
def go_on(*, run: Run, done: int, left_out: Sequence[Sequence[str]]) -> bool:
    """Note that the sheets up to ``done`` are set, but those ``left_out`` 排好一部分.

    Says whether this was news: a second worker's is not, nor that of one given up meanwhile.
    """
    row = Run.objects.select_for_update().get(pk=run.pk)
    if row.state != RunState.WAITING or row.done != run.done:
        return False
    row.done, row.left_out = done, [*row.left_out, *map(list, left_out)]
    row.save(update_fields=["done", "left_out"])
    return True


@transaction.atomic
def finish(*, run: Run, pages: int, size: int) -> bool:
    """All is set; without a page it failed 排好. Says whether this was news."""
    row = Run.objects.select_for_update().get(pk=run.pk)
    if row.state != RunState.WAITING:
        return False
    row.state = RunState.READY if pages else RunState.FAILED
    row.pages, row.bytes = pages, size
    row.save(update_fields=["state", "pages", "bytes"])
    return True


def cancel(*, run: Run, officer: Officer) -> None:
    """Give a run up, finished or not; its bytes go at once 不印了."""
    if obstacles := rules.cancel_obstacles(run, officer):
        raise Refused(obstacles)
    _end(run, RunState.CANCELLED)


def retire(*, run: Run) -> None:
    """Take away what shows something that has changed since 过时."""
    _end(run, RunState.OUTDATED)


def forget(*, run: Run) -> None:
    """Remove a run whose days are over, bytes and row."""
    store.destroy(run.folder)
    Run.objects.filter(pk=run.pk).delete()


def _end(run: Run, state: RunState) -> None:
    Run.objects.filter(pk=run.pk).update(state=state, bytes=0)
    store.destroy(run.folder)
