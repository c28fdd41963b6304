"""The door for uploads: a file is taken in, and the worker told that its pages are wanted."""

from typing import IO

from gongkai.foundation.files import jobs, workflow
from gongkai.foundation.files.models import StoredFile
from gongkai.foundation.organisations.queries import Officer


def keep(upload: IO[bytes], name: str, sender: Officer | None = None) -> StoredFile:
    """As ``workflow.keep``; and the worker begins with the pages, where that was not asked before.

    A crash between the two is made good by the tick.
    """
    stored = workflow.keep(upload, name, sender)
    if jobs.unasked(stored):
        jobs.read.enqueue(stored.digest)
    return stored
