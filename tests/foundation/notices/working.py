"""The worker, in the test's own process and transaction."""

from contextlib import suppress

from django_tasks_db.models import DBTaskResult

from gongkai.foundation.notices.jobs import GivenUp


def work() -> None:
    """What the worker does with everything that is due."""
    while (row := DBTaskResult.objects.ready().first()) is not None:
        DBTaskResult.objects.filter(pk=row.pk).delete()
        with suppress(GivenUp):
            row.task.call(*row.args_kwargs["args"], **row.args_kwargs["kwargs"])
