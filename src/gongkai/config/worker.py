"""``gongkai worker``: slow tasks, one after the other. Publication never waits for them."""

import secrets
import signal

import click
from django_tasks_db.management.commands.db_worker import Worker

POLL = 1.0


@click.command(help="后台任务：识别、导入、邮件。 / Slow tasks.")
def worker() -> None:
    """Work until told to stop; a task that has begun is finished.

    Not the library's own command: that one takes a second signal, which Ctrl-C and the supervisor
    together always send, as the wish to break off the task.
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
    signal.signal(signal.SIGTERM, loop.shutdown)
    loop.run()
