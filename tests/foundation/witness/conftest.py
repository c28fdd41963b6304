"""An installation with a log of its own, and a neighbour on a free port."""

import pytest
from tests.foundation.witness.neighbours import Neighbour
from tests.surfaces.board.serving import served

from gongkai.config.keys import make_keys
from gongkai.foundation.ledger import jobs
from gongkai.foundation.ledger import workflow as ledger
from gongkai.foundation.ledger.lease import Lease
from gongkai.foundation.ledger.models import PublicRecord


@pytest.fixture
def ours(home, settings, db):
    """Adds so many entries to our own log and exposes them; returns its checkpoint's note."""
    make_keys(home, settings.LOG_ORIGIN)

    def grow(count=1):
        lease = Lease()
        assert lease.acquire()
        start = PublicRecord.objects.count()
        for number in range(start, start + count):
            ledger.record(
                verb="note.open",
                actor=ledger.SYSTEM,
                organisation="qingxi",
                subject=f"n{number}",
                label="",
                opens=ledger.Opening("note", f"n{number}", {"public"}, {}),
            )
        jobs.order(lease)
        jobs.write_tiles()
        jobs.sign(lease)
        jobs.expose(lease)
        lease.release()
        return (home.log / "checkpoint").read_text()

    return grow


@pytest.fixture
def neighbour(tmp_path):
    """A neighbour with a log of three entries; ``url`` is where it is served."""
    made = Neighbour(tmp_path / "neighbour")
    made.grow(b"a", b"b", b"c")
    with served(made.folder) as made.url:
        yield made
