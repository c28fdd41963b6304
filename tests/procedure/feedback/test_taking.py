"""The same words twice, an honest village behind one address, a robot."""

import time
from datetime import timedelta

import pytest
import time_machine
from tests.procedure.editions import HOUR, MONDAY
from tests.procedure.publication.test_together import together

from gongkai.foundation.core import clock as civil
from gongkai.procedure.feedback import jobs, paces, receipts, taking
from gongkai.procedure.feedback.models import Case, Heard
from gongkai.procedure.feedback.spoken import Spoken
from gongkai.procedure.feedback.states import CaseKind

EVENING = MONDAY.replace(hour=11)
"""Seven o'clock in the township."""


def spoken(township, text="水渠什么时候修好？", item=None, **more):
    return Spoken(township, item, text, True, CaseKind.OPINION, **more)


def taken(township, page, text="水渠什么时候修好？", network="one", worked=False, item=None):
    sender = taking.Sender(page, network, worked)
    return taking.take(spoken=spoken(township, text, item), contact={}, sender=sender)


@pytest.mark.django_db
def test_the_same_words_make_one_case_a_day_and_network(township, item):
    with time_machine.travel(EVENING, tick=False):
        first = taken(township, "page 1")
        assert taken(township, "page 1") == first  # the same page, sent twice
        again = taken(township, "page 2", "水渠，什么时候\u200b修好")
        assert (again.case, again.code, again.earlier) == (None, "", EVENING)
        assert taken(township, "page 3", item=item).case
        assert taken(township, "page 4", network="another").case
        assert taken(township, "page 5", "水渠什么时候修好？我家也缺水。").case
    with time_machine.travel(EVENING + 24 * HOUR):
        assert taken(township, "page 6").case
    assert Case.objects.count() == 5
    assert first.code == receipts.code_for("page 1")


@pytest.mark.django_db
def test_what_is_remembered_names_nobody_and_goes_after_a_day(township):
    with time_machine.travel(EVENING):
        taken(township, "page", network="203.0.113.0/24")
    row = str(Heard.objects.values().get())
    assert "203.0.113" not in row
    assert "水渠" not in row
    assert (jobs.forget_heard(EVENING + 23 * HOUR), Heard.objects.count()) == (0, 1)
    assert (jobs.forget_heard(EVENING + 25 * HOUR), Heard.objects.count()) == (1, 0)


def gone_by(steps, *, worked, network="the village"):
    """Each voice comes after so long, and waits as it is told; how long each had to."""
    waits = []
    with time_machine.travel(EVENING, tick=False) as clock:
        for number, step in enumerate(steps):
            clock.shift(step)
            begun = time.time()
            while wait := paces.wait(network, worked=worked):
                assert wait <= paces.WINDOW
                clock.shift(wait)
            words = f"{network} {number}"
            Heard.objects.create(network=network, words=words, at=civil.now())
            waits.append(time.time() - begun)
    return waits


@pytest.mark.django_db
def test_a_village_behind_one_address_gets_through_in_an_evening():
    three_hours = [timedelta(seconds=54)] * 200
    assert set(gone_by(three_hours, worked=False)) == {0}


@pytest.mark.django_db
def test_a_crowd_after_a_meeting_waits_some_minutes_without_programs_and_not_with_them():
    crowd = [timedelta(seconds=2)] * 35
    waits = gone_by(crowd, worked=False)
    assert (set(waits[:30]), max(waits) <= 600, sum(wait > 0 for wait in waits)) == ({0}, True, 1)
    assert set(gone_by(crowd, worked=True, network="another")) == {0}


@pytest.mark.django_db
def test_with_work_a_network_has_a_limit_too_and_harder_work(township):
    with time_machine.travel(EVENING, tick=False):
        named = taking.counted(township, "one")
        rows = [Heard(network=named, words=str(n), at=EVENING) for n in range(paces.WITH_WORK)]
        assert paces.bits(named) == 11
        Heard.objects.bulk_create(rows)
        assert paces.bits(named) == 15
        assert taken(township, "page", worked=True).wait == paces.WINDOW
        assert taken(township, "page", network="another").case


@pytest.mark.parametrize(
    ("wait", "words"),
    [
        (timedelta(microseconds=1), "1秒"),
        (timedelta(seconds=59.2), "60秒"),
        (timedelta(seconds=61), "2分钟"),
        (timedelta(minutes=10), "10分钟"),
    ],
)
def test_a_wait_is_told_and_never_shorter_than_it_is(wait, words):
    assert paces.in_words(wait) == words


@pytest.mark.django_db(transaction=True)
def test_the_same_words_at_the_same_moment_make_one_case(township):
    same = [lambda page=page: taken(township, f"page {page}") for page in (1, 2, 3, 1)]
    assert together(*same) == {"done": 4}
    assert (Case.objects.count(), Heard.objects.count()) == (1, 1)
