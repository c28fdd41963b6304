"""A certificate made here is followed by another before it ends, without anybody."""

from datetime import datetime

from django_tasks import task
from django_tasks_db.models import DBTaskResult

from gongkai.foundation.core import clock
from gongkai.foundation.ledger.workflow import SYSTEM
from gongkai.foundation.seals import queries, rules, workflow
from gongkai.foundation.seals.states import Origin


@task(priority=-5)
def renew() -> None:
    """Let another follow each certificate made here that ends soon. *Repeats.*"""
    for each in queries.running_out(clock.now() + rules.EARLY):
        if each.origin == Origin.MADE:
            workflow.make(organisation=each.organisation, by=SYSTEM, first=False)


def requeue(now: datetime) -> int:
    """Ask the worker to renew what ends soon; says whether it was asked. For the tick."""
    ending = queries.running_out(now + rules.EARLY)
    if not any(each.origin == Origin.MADE for each in ending):
        return 0
    if DBTaskResult.objects.ready().filter(task_path=renew.module_path).exists():
        return 0
    renew.enqueue()
    return 1
