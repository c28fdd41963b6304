"""One keeper at a time, also where the lock on a folder does not tell: on PostgreSQL."""

import os
import socket
import subprocess
import sys
from datetime import timedelta

import pytest

from gongkai.foundation.core import clock
from gongkai.foundation.core.errors import Conflict
from gongkai.foundation.ledger import models
from gongkai.foundation.ledger.lease import Lease

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(not os.environ["DATABASE_URL"], reason="SQLite's lease is a file lock"),
]
HERE = socket.gethostname()


def dead():
    """The number of a process that has ended."""
    child = subprocess.Popen([sys.executable, "-c", ""])
    child.wait()
    return child.pid


@pytest.mark.parametrize(
    ("holder", "free"),
    [
        (lambda: f"{HERE}:{dead()}", True),
        (lambda: f"{HERE}:{os.getppid()}", False),
        (lambda: f"another-{HERE}:{dead()}", False),
    ],
    ids=["died here", "lives here", "somewhere else"],
)
def test_only_a_keeper_known_to_be_dead_is_not_waited_for(holder, free, home):
    until = clock.now() + timedelta(seconds=10)
    models.Lease.objects.update_or_create(
        pk=1, defaults={"holder": holder(), "until": until, "epoch": 7}
    )
    lease = Lease()
    assert lease.acquire() is free
    assert lease.epoch == (8 if free else 0)
    lease.release()


def test_whoever_was_replaced_is_stopped_by_the_fence(home):
    lease = Lease()
    assert lease.acquire()
    models.Lease.objects.update(epoch=lease.epoch + 1, holder="another:1")
    with pytest.raises(Conflict):
        lease.fence()
    lease.release()
