"""What a pass asks and does when the one before it left nothing undone."""

from collections import deque

import pytest
from django.db import connection
from tests.procedure.editions import MEMBERS, PUBLIC, disclosure_of, sealed

from gongkai.config import keeper
from gongkai.config.keys import make_keys
from gongkai.foundation.ledger.lease import Lease
from gongkai.procedure.publication import workflow as publication
from gongkai.procedure.publication.plans import Step


@pytest.fixture
def lease(home, settings, qingxi):
    """The right to be keeper of a township whose charter and catalogue have their pages."""
    make_keys(home, settings.LOG_ORIGIN)
    lease = Lease()
    assert lease.acquire()
    keeper.run_once(lease)
    keeper.run_once(lease)
    yield lease
    lease.release()


def test_an_idle_second_asks_ten_questions(lease, django_assert_num_queries):
    renewed = connection.vendor == "postgresql"
    with django_assert_num_queries(10 + renewed):
        keeper.run_once(lease, calm=True)


def test_a_calm_pass_leaves_out_only_what_has_nothing_to_do(lease):
    heard = []
    keeper.run_once(lease, heard.append, calm=True)
    assert heard == ["tick", "removals", "order", "filing", "office"]


def test_a_calm_pass_publishes_what_is_due(lease, home, qingxi, office, deputy):
    edition = sealed(disclosure_of(qingxi))
    address = edition.disclosure.address
    page = home.board / f"i/{address}.html"
    publication.schedule(edition=edition, officer=office, steps=[Step(MEMBERS), Step(PUBLIC)])

    keeper.run_once(lease, calm=True)
    assert "<!--sealed-->" in page.read_text("utf-8")

    publication.withdraw(disclosure=edition.disclosure, officer=deputy, reason="数字有误")
    keeper.run_once(lease, calm=True)
    assert "<!--sealed-->" not in page.read_text("utf-8")


def test_the_upkeep_gives_way_to_other_work_a_job_at_a_time(lease):
    done = []
    upkeep = deque([lambda _now: done.append("dues"), lambda _now: done.append("letters")])

    keeper.run_once(lease, upkeep=upkeep, leave_off=lambda: True)
    assert (done, len(upkeep)) == (["dues"], 1)
    keeper.run_once(lease, upkeep=upkeep, leave_off=lambda: True)
    assert (done, len(upkeep)) == (["dues", "letters"], 0)


def test_the_upkeep_is_done_whole_where_nothing_waits(lease):
    done = []
    upkeep = deque([lambda _now: done.append("dues"), lambda _now: done.append("letters")])
    keeper.run_once(lease, upkeep=upkeep, leave_off=lambda: False)
    assert (done, len(upkeep)) == (["dues", "letters"], 0)
