"""Transactions of the keeper that whoever lost them would simply do again.

Only two commits of a pass must be on the disk before the next step: the order of the log, since
tiles are written from it, and the signed note, since a checkpoint must never be ahead of it. The
others say how far something has come. A database keeps its commits in order, so a loss of power
can only take the last of them; the next pass then finds the work undone and does it again, to the
same bytes. Waiting for the disk each time would be most of the time of a publication.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, transaction


@contextmanager
def repeatable() -> Iterator[None]:
    """A transaction that is seen by all when it ends, and on the disk with the next durable one.

    Inside another transaction it is a part of that one, and as durable.
    """
    if connection.in_atomic_block:
        with transaction.atomic():
            yield
    elif connection.vendor == "postgresql":
        with transaction.atomic():
            _say("SET LOCAL synchronous_commit = off")
            yield
    else:
        _say("PRAGMA synchronous=NORMAL")  # SQLite does not take it inside a transaction
        try:
            with transaction.atomic():
                yield
        finally:
            _say("PRAGMA synchronous=FULL")


def _say(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)
