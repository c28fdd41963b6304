"""Two people at the same voice at the same moment."""

import pytest
import time_machine
from tests.procedure.editions import MONDAY
from tests.procedure.feedback.test_topics import topic_of
from tests.procedure.feedback.test_workflow import drafted, received
from tests.procedure.publication.test_together import together

from gongkai.foundation.ledger.models import PublicRecord
from gongkai.procedure.feedback import guards, handling, topics, workflow
from gongkai.procedure.feedback.models import Attempt, Case, Second

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_form_sent_twice_at_once_is_one_case(township):
    ends = together(*[lambda: received(township, token="one page")] * 4)
    assert ends == {"done": 4}
    assert list(Case.objects.values_list("number", flat=True)) == [Case.objects.get().number]
    assert received(township)[0].number.endswith("-2")


def test_two_people_approve_an_answer_once(township, who):
    answer = drafted(received(township)[0], who)
    first, second = who("党委副书记"), who("纪委副书记")
    ends = together(
        lambda: workflow.approve(answer=answer, officer=first),
        lambda: workflow.approve(answer=answer, officer=second),
    )
    assert ends == {"done": 1, "Refused": 1}
    assert PublicRecord.objects.filter(kind="answer").count() == 1


def test_two_cases_merged_into_each_other_at_once_are_one(township, who):
    with time_machine.travel(MONDAY, tick=False):
        first, second = received(township)[0], received(township)[0]
        clerk = who("党政办主任")
        ends = together(
            lambda: handling.merge(case=first, officer=clerk, into=second.number),
            lambda: handling.merge(case=second, officer=clerk, into=first.number),
        )
    assert ends == {"done": 1, "Refused": 1}
    assert sorted(Case.objects.values_list("state", flat=True)) == ["merged", "received"]


def test_many_second_a_topic_at_once_and_each_counts_once(township, who):
    topic, _code = topic_of(township, who)
    networks = ["a", "b", "a", "c", "b", "d"]
    ends = together(
        *[
            lambda network=network: topics.second(topic=topic, network=network)
            for network in networks
        ]
    )
    assert ends == {"done": 6}
    topic.refresh_from_db()
    assert topic.seconds == Second.objects.count() == 4


def test_a_flood_is_counted_together():
    hour = guards.this_window()

    def knock():
        workflow.count_attempt(door="send", network="n", hour=hour)

    assert together(*[knock] * 8) == {"done": 8}
    assert Attempt.objects.get().count == 8
