"""Two people at the same voice at the same moment."""

import pytest
from tests.procedure.feedback.test_workflow import drafted, received
from tests.procedure.publication.test_together import together

from gongkai.foundation.ledger.models import PublicRecord
from gongkai.procedure.feedback import guards, workflow
from gongkai.procedure.feedback.models import Attempt, Case

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


def test_a_flood_is_counted_together():
    hour = guards.this_hour()

    def knock():
        workflow.count_attempt(door="send", network="n", hour=hour)

    assert together(*[knock] * 8) == {"done": 8}
    assert Attempt.objects.get().count == 8
