"""``gongkai worker``: slow tasks, one after the other. Publication never waits for them."""

import secrets
import signal
import sys

import click
from django_tasks_db.management.commands.db_worker import Worker

POLL = 1.0


@click.command(help="后台任务：识别、导入、邮件。 / Slow tasks.")
def worker() -> None:
    """Work until told to stop; a task that has begun is finished.

    Not the library's own command: that one breaks the task off at a second signal, and Ctrl-C
    and the supervisor together always send two.
    """
    loop = Worker(
        queue_names=["*"],
        excluded_queue_names=[],
        interval=POLL,
        batch=False,
        backend_name="default",
        startup_delay=False,
        max_tasks=None,
        worker_id=secrets.token_hex(16),
    )

    def stop(*_: object) -> None:
        loop.running = False
        if not loop.running_task:
            sys.exit(0)

    signal.signal(signal.SIGTERM, stop)
    loop.run()
