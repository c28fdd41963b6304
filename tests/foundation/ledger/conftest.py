"""A log of one's own: a home with a key, a lease, and a way to make records."""

import pytest
from django.db import transaction

from gongkai.foundation.ledger import jobs
from gongkai.foundation.ledger import workflow as ledger
from gongkai.foundation.ledger.lease import Lease
from gongkai.foundation.translog.note import Signer


@pytest.fixture
def log_home(home, settings):
    """An empty data folder that holds a log key."""
    (home.keys / "log.key").write_text(Signer.generate(settings.LOG_ORIGIN).skey)
    return home


@pytest.fixture
def lease(log_home):
    """The right to be keeper, for one test."""
    lease = Lease()
    assert lease.acquire()
    yield lease
    lease.release()


@pytest.fixture
def publish():
    """Make a public record by a verb, as many as asked."""

    def verb(count=1, subject="7K3QX0M2ZD", **changes):
        made = []
        for number in range(count):
            body = {"title": f"第{number + 1}件"}
            opening = ledger.Opening("release", subject, {"public"}, body)
            with transaction.atomic():
                made.append(
                    ledger.record(
                        verb="release.open",
                        actor=ledger.SYSTEM,
                        organisation="qingxi",
                        subject=subject,
                        label="关于水利设施的决定",
                        opens=opening,
                        **changes,
                    )
                )
        return made

    return verb


@pytest.fixture
def log_pass(lease):
    """One pass of the ledger's own steps."""

    def run():
        jobs.order(lease)
        jobs.write_tiles()
        jobs.sign(lease)
        jobs.expose(lease)

    return run
