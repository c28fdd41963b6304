"""拦截词 on the desk: one post keeps the list, another reads what it holds."""

import pytest
import time_machine
from tests.procedure.editions import MONDAY

from gongkai.procedure.feedback import held, taking
from gongkai.procedure.feedback.models import Case, Held, Phrase
from gongkai.procedure.feedback.spoken import Spoken
from gongkai.procedure.feedback.states import CaseKind

pytestmark = pytest.mark.django_db
HOME = "/desk/blocked/"


@pytest.fixture(autouse=True)
def monday():
    with time_machine.travel(MONDAY, tick=False):
        yield


@pytest.fixture
def listed(at):
    at("党政办主任").post(HOME, {"phrase": "加*微信", "why": "群发广告"})
    return Phrase.objects.get()


def sent(qingxi, text):
    spoken = Spoken(qingxi, None, text, True, CaseKind.OPINION)
    return taking.take(spoken=spoken, contact={}, sender=taking.Sender(text, "a network")).held


def test_a_phrase_is_listed_and_struck_by_whoever_assigns(at, qingxi, listed):
    clerk = at("党政办主任")
    again = clerk.post(HOME, {"phrase": "加＊微信", "why": "再写"}, follow=True)
    assert "“加*微信”已经在上面了。" in again.content.decode()
    wrong = clerk.post(HOME, {"phrase": "*", "why": "广告"})
    assert wrong.status_code == 422
    assert "拦截词至少要有2个字，星号和标点不算。" in wrong.content.decode()
    sent(qingxi, "加我微信")
    page = clerk.get(HOME)
    assert ("1件等人看" in page.content.decode(), "加我微信" in page.content.decode()) == (
        True,
        False,
    )
    struck = clerk.post(f"{HOME}phrases/{listed.pk}/strike/", follow=True)
    assert "去掉了“加*微信”。已经拦下的还要有人看。" in struck.content.decode()
    assert (Phrase.objects.count(), held.waiting(qingxi).count()) == (0, 1)


def test_a_supervisor_lets_through_or_refuses(at, qingxi, listed):
    first, second = sent(qingxi, "加我微信一"), sent(qingxi, "加我微信二")
    supervisor = at("纪委副书记")
    tasks = [t for g in supervisor.get("/desk/").context["groups"] for t in g.tasks]
    assert [t.say for t in tasks if t.href == HOME] == ["2件意见里有拦截词，等您看过才成为办件。"]
    page = supervisor.get(HOME).content.decode()
    assert "加我微信一" in page
    assert 'name="phrase"' not in page
    passed = supervisor.post(f"{HOME}{first.pk}/pass/", follow=True)
    assert f"已放行，编号{Case.objects.get().number}" in passed.content.decode()
    empty = supervisor.post(f"{HOME}{second.pk}/refuse/", {f"{second.pk}-why": ""})
    assert (empty.status_code, "请写明为什么不受理" in empty.content.decode()) == (422, True)
    assert "请选一个不受理的理由" in empty.content.decode()
    told = {f"{second.pk}-reason": "advert", f"{second.pk}-why": "是广告。"}
    supervisor.post(f"{HOME}{second.pk}/refuse/", told)
    assert Held.objects.get(pk=second.pk).why == "是广告。"
    late = supervisor.post(f"{HOME}{second.pk}/pass/")
    assert (late.status_code, "不用再看" in late.content.decode()) == (422, True)


def test_others_have_no_way_in(at, qingxi, listed):
    waiting = sent(qingxi, "加我微信")
    assert at("财政所长").get(HOME).status_code == 403
    assert at("党政办主任").post(f"{HOME}{waiting.pk}/pass/").status_code == 403
    assert at("纪委副书记").post(f"{HOME}phrases/{listed.pk}/strike/").status_code == 403
    assert at("纪委副书记").post(f"{HOME}999/pass/").status_code == 404
    assert at("纪委副书记").post(HOME, {"phrase": "赌场", "why": "广告"}).status_code == 422
    assert Phrase.objects.count() == 1


@pytest.mark.parametrize("many", [1, 3])
def test_the_page_costs_the_same_however_much_waits(
    many, at, qingxi, listed, django_assert_num_queries
):
    for each in range(many):
        sent(qingxi, f"加我微信{each}")
    supervisor = at("纪委副书记")
    supervisor.get(HOME)
    with django_assert_num_queries(21):
        assert supervisor.get(HOME).content.decode().count("拦截词：加*微信") == many
