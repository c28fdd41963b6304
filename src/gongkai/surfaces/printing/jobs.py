"""Looking after runs: ask again for those whose worker died, take away what is over."""

from datetime import datetime, timedelta

from gongkai.surfaces.printing import queries, rules, store, workflow
from gongkai.surfaces.printing.setting import set_sheets

LEASE = timedelta(minutes=5)


def requeue(now: datetime) -> int:
    """Ask again for what nobody goes on with: its worker died. Returns how many; for the tick."""
    left = list(queries.left_alone(now - LEASE))
    for run in left:
        workflow.touch(run)
        set_sheets.enqueue(run.pk)
    return len(left)


def tidy(now: datetime) -> int:
    """Take away what is out of date or over; returns how many runs. For the tick."""
    outdated, over = queries.outdated(), list(queries.over(now - rules.KEPT))
    for run in outdated:
        workflow.retire(run=run)
    for run in over:
        workflow.forget(run=run)
    for name in list(store.orphans(queries.folders(), now)):
        store.destroy(name)
    return len(outdated) + len(over)
