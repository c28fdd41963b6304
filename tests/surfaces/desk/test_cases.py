"""处理反馈: assigned, answered, approved by a second person, sent back; seen only by theirs."""

from datetime import timedelta

import pytest
from django.urls import reverse

from gongkai.foundation.organisations.queries import post
from gongkai.procedure.feedback.models import Answer
from gongkai.procedure.feedback.states import CaseKind

pytestmark = pytest.mark.django_db
ANSWER = {"text": "年底前修好。", "outcome": "planned"}


def page(case, name="case") -> str:
    return reverse(f"desk:{name}", args=[case.number])


def said(answer) -> list[str]:
    return [str(each) for each in answer.context["messages"]]


def errors(answer, name) -> list[str]:
    return [each for found in answer.context[name].errors.values() for each in found]


@pytest.fixture
def assigned(voice, at, qingxi):
    """A voice that 财政所长 is to answer."""
    case = voice(contact={"name": "李先生", "tel": "0000-6600123"})
    chosen = {"post": post(qingxi, "finance").pk}
    assert said(at("党政办主任").post(page(case, "assign"), chosen, follow=True)) == [
        "已分给财政所长。"
    ]
    case.refresh_from_db()
    return case


def test_a_voice_is_assigned_answered_and_approved(assigned, at):
    answer = at("财政所长").post(page(assigned, "answer"), ANSWER, follow=True)
    assert said(answer) == ["答复已写好，等另一位有审定权的人审定。"]
    answer = at("党委副书记").post(page(assigned, "approve"), follow=True)
    assert said(answer) == ["已审定，答复已经送出。"]
    text = answer.content.decode()
    assert "年底前修好。" in text
    assert "党委副书记审定" in text
    assert answer.context["story"][0].text == "党委副书记审定了意见2026-1的答复（已列入计划）。"


def test_every_form_says_what_is_missing(assigned, at):
    answer = at("财政所长").post(page(assigned, "answer"), {"text": "", "outcome": ""})
    assert answer.status_code == 422
    assert errors(answer, "answer_form") == ["还没有写答复", "还没有选办理结果"]
    answer = at("财政所长").post(page(assigned, "answer"), {"text": "写了一半", "outcome": ""})
    assert "写了一半</textarea>" in answer.content.decode()
    answer = at("党政办主任").post(page(assigned, "assign"), {"post": ""})
    assert errors(answer, "assign_form") == ["请选一个岗位"]


def test_an_answer_is_sent_back_and_written_on(assigned, at):
    at("财政所长").post(page(assigned, "answer"), ANSWER)
    client = at("党委副书记")
    refused = client.post(page(assigned, "return-answer"), {"return-text": ""})
    assert errors(refused, "return_form") == ["请写明哪里要改"]
    answer = client.post(page(assigned, "return-answer"), {"return-text": "写明日期"}, follow=True)
    assert said(answer) == ["已退回，财政所长会看到理由。"]
    form = at("财政所长").get(page(assigned)).context["answer_form"]
    assert form["text"].value() == "年底前修好。"
    assert "退回：写明日期" in at("财政所长").get(page(assigned)).content.decode()
    late = client.post(page(assigned, "approve"))
    assert errors(late, "approve_form") == ["这份答复已经审定或者退回了。请看最新的情况。"]


def test_nobody_approves_alone(assigned, at):
    at("财政所长").post(page(assigned, "answer"), ANSWER)
    answer = at("财政所长").post(page(assigned, "approve"))
    assert answer.status_code == 422
    assert errors(answer, "approve_form")[0] == "“审定答复”要由党委副书记、纪委副书记来办。"
    assert Answer.objects.get().approved_by is None


def test_the_acts_say_whose_turn_it_is(voice, at):
    case = voice()
    acts = {
        act.label: list(act.obstacles) for act in at("党委副书记").get(page(case)).context["acts"]
    }
    assert acts == {
        "答复": ["这一件还没有分办。请先分给一个岗位。"],
        "分办": ["“分办意见”要由党政办主任来办。"],
    }
    text = at("党委副书记").get(page(case)).content.decode()
    assert text.count('aria-disabled="true"') == 2


def test_contact_data_is_for_whoever_deals_with_the_voice(assigned, at):
    for post_name, sees in [("财政所长", True), ("党政办主任", True), ("党委副书记", False)]:
        text = at(post_name).get(page(assigned)).content.decode()
        assert ("0000-6600123" in text) is sees, post_name


def test_what_would_be_masked_on_the_wall_is_shown_masked(voice, at):
    case = voice(text="请打13912345678找我")
    text = at("党政办主任").get(page(case)).content.decode()
    assert "上墙时个人号码会遮住：" in text
    assert "请打139****5678找我" in text
    hidden = voice(text="请打13912345679找我", show=False)
    assert "上墙时个人号码会遮住：" not in at("党政办主任").get(page(hidden)).content.decode()


def test_the_promise_shows_its_sum(voice, at):
    case = voice(kind=CaseKind.TOPIC)
    text = at("党政办主任").get(page(case)).content.decode()
    assert "次日起3个工作日" in text
    assert case.promised_on - case.received_at.date() >= timedelta(days=3)


def test_a_voice_is_seen_by_theirs_alone(assigned, at, shiqiao):
    for client in (at("组织干事"), at("民政办主任"), at("村文书", shiqiao)):
        assert client.get(page(assigned)).status_code == 404
        for name in ("assign", "answer", "approve", "return-answer"):
            assert client.post(page(assigned, name), ANSWER).status_code == 404
    assert at("党政办主任").get("/desk/case/2026-999/").status_code == 404


def test_the_verbs_are_posted_never_fetched(assigned, at):
    for name in ("assign", "answer", "approve", "return-answer"):
        assert at("党政办主任").get(page(assigned, name)).status_code == 405


def test_a_voice_about_an_item_leads_there_only_whoever_may_look(walk, voice, at, qingxi):
    item = walk().opened()
    case = voice(item.disclosure)
    at("党政办主任").post(page(case, "assign"), {"post": post(qingxi, "party-building").pk})
    assert item.page() in at("党政办主任").get(page(case)).content.decode()
    text = at("党建办主任").get(page(case)).content.decode()
    assert item.page() not in text
    assert "关于水利设施管护的决定" in text


@pytest.mark.parametrize("many", [1, 3])
def test_a_case_costs_the_same_however_many_there_are(many, voice, at, django_assert_num_queries):
    cases = [voice(text=f"意见{n}") for n in range(many)]
    client = at("党政办主任")
    client.get(page(cases[0]))
    with django_assert_num_queries(43):
        client.get(page(cases[0]))
