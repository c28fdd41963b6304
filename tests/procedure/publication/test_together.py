"""Two people or processes at the same moment: one does it, the other is told; nothing half-done."""

import threading
from collections import Counter

import pytest
from django.db import connection
from tests.procedure.editions import MEMBERS, PUBLIC, disclosure_of, opened, sealed

from gongkai.foundation.core.errors import Conflict, Refused
from gongkai.foundation.ledger.models import PublicRecord
from gongkai.procedure.publication import workflow
from gongkai.procedure.publication.models import Release, Withdrawal
from gongkai.procedure.publication.plans import Step

pytestmark = pytest.mark.django_db(transaction=True)


def together(*acts):
    """Every act in a thread and a connection of its own; how each of them ended."""
    start, ends = threading.Barrier(len(acts)), []

    def run(act):
        try:
            start.wait()
            act()
            ends.append("done")
        except (Conflict, Refused) as told:
            ends.append(type(told).__name__)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return Counter(ends)


def test_two_keepers_open_a_stage_once(township, who):
    edition = sealed(disclosure_of(township))
    [release] = workflow.schedule(edition=edition, officer=who("党政办主任"), steps=[Step(MEMBERS)])
    ends = together(*[lambda: workflow.open_stages(stages=[release])] * 4)
    assert ends == {"done": 1, "Conflict": 3}
    assert PublicRecord.objects.filter(kind="release").count() == 1


def test_two_people_arrange_a_plan_once(township, who):
    edition, office = sealed(disclosure_of(township)), who("党政办主任")

    def arrange():
        workflow.schedule(edition=edition, officer=office, steps=[Step(MEMBERS), Step(PUBLIC)])

    assert together(*[arrange] * 4) == {"done": 1, "Refused": 3}
    assert Release.objects.count() == 2


def test_opening_and_withdrawing_at_once_leave_nothing_open(township, who):
    item = disclosure_of(township)
    edition = sealed(item)
    opened(edition, MEMBERS)
    [release] = workflow.schedule(edition=edition, officer=who("党政办主任"), steps=[Step(PUBLIC)])
    deputy = who("党委副书记")
    together(
        lambda: workflow.open_stages(stages=[release]),
        lambda: workflow.withdraw(disclosure=item, officer=deputy, reason="有误。"),
    )
    assert Withdrawal.objects.count() == 1
    left = PublicRecord.objects.filter(kind="release", closed_at__isnull=True)
    assert (list(left), Release.objects.filter(state="open").count()) == ([], 0)


def test_numbers_stay_dense_when_many_items_open_at_once(township, who):
    releases = []
    for title in "甲乙丙丁":
        edition = sealed(disclosure_of(township, title=title))
        opened(edition, MEMBERS)
        releases += workflow.schedule(
            edition=edition, officer=who("党政办主任"), steps=[Step(PUBLIC)]
        )
    acts = [lambda release=release: workflow.open_stages(stages=[release]) for release in releases]
    assert together(*acts) == {"done": 4}
    numbers = Release.objects.filter(scope=PUBLIC).values_list("disclosure__number", flat=True)
    assert sorted(int(number.rpartition("-")[2]) for number in numbers) == [1, 2, 3, 4]
