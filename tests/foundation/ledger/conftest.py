"""A log of one's own: a home with a key, a lease, and a way to make records."""

import pytest
from django.db import transaction

from gongkai.foundation.ledger import jobs
from gongkai.foundation.ledger import workflow as ledger
from gongkai.foundation.ledger.lease import Lease
from gongkai.foundation.ledger.logs import OFFICE
from gongkai.foundation.ledger.models import Act
from gongkai.foundation.translog.note import Signer


@pytest.fixture
def log_home(home, settings):
    """An empty data folder that holds the keys of both logs."""
    (home.keys / "log.key").write_text(Signer.generate(settings.LOG_ORIGIN).skey)
    office = f"{settings.LOG_ORIGIN}/office"
    (home.keys / "audit.key").write_text(Signer.generate(office).skey)
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
def act():
    """Do a verb that opens nothing."""

    def verb(**changes):
        given = {
            "verb": "draft.drop",
            "actor": ledger.Actor("member:0000000001", "组织干事"),
            "organisation": "qingxi",
            "subject": "7K3QX0M2ZD",
            "label": "关于水利设施的决定",
            "facts": {"draft": 1, "text": "写错了"},
        }
        with transaction.atomic():
            ledger.record(**{**given, **changes})
        return Act.objects.latest("id")

    return verb


@pytest.fixture
def office_pass(lease):
    """One pass of the ledger's own steps over the office log."""

    def run():
        jobs.order(lease, OFFICE)
        jobs.write_tiles(OFFICE)
        jobs.sign(lease, OFFICE)
        jobs.expose(lease, OFFICE)

    return run


@pytest.fixture
def log_pass(lease):
    """One pass of the ledger's own steps."""

    def run():
        jobs.order(lease)
        jobs.write_tiles()
        jobs.sign(lease)
        jobs.expose(lease)

    return run
