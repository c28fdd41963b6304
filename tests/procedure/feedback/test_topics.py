"""Topics that others second, and questions that a post answers over its own name."""

from datetime import date

import pytest
import time_machine
from tests.cast import officer_named
from tests.procedure.editions import MONDAY, organisation_entry
from tests.procedure.feedback.test_clocks import DAY, refused
from tests.procedure.feedback.test_workflow import assigned, body, received

from gongkai.foundation.ledger.models import PublicRecord
from gongkai.foundation.ledger.workflow import SYSTEM
from gongkai.foundation.organisations.models import Tenure
from gongkai.foundation.organisations.queries import post
from gongkai.procedure.catalogue import workflow as catalogue
from gongkai.procedure.catalogue.queries import charter_of
from gongkai.procedure.feedback import handling, promises, queries, topics, workflow
from gongkai.procedure.feedback.models import Case, Second, Topic
from gongkai.procedure.feedback.states import CaseKind

pytestmark = pytest.mark.django_db
WORDING = "镇里的垃圾清运费收了多少、怎么用的"


def with_rule(township, rule):
    """The charter with ``rule`` among those for voices."""
    source = charter_of(township)[0].source
    catalogue.apply(source=source.replace("[voices]\n", f"[voices]\n{rule}\n"), by=SYSTEM)


def topic_of(township, who, **more):
    """A topic that others may second."""
    case, code = received(township, text=f"{WORDING}？", kind=CaseKind.TOPIC, **more)
    topics.show(case=case, officer=who("党委副书记"), wording=WORDING)
    return Topic.objects.get(case=case), code


def test_an_answer_is_owed_once_enough_have_seconded(township, who):
    with_rule(township, "topic_seconds = 2")
    with time_machine.travel(MONDAY):
        topic, _code = topic_of(township, who)
        assert topic.case.promised is None
        assert topics.second(topic=topic, network="a")
        assert not topics.second(topic=topic, network="a")
    with time_machine.travel(MONDAY + DAY):
        assert topics.second(topic=topic, network="a")
    topic.refresh_from_db()
    case = Case.objects.get()
    assert (topic.seconds, topic.owed_on) == (2, date(2026, 11, 24))
    assert (case.started_on, case.promised_on) == (date(2026, 11, 24), date(2026, 11, 27))
    with time_machine.travel(MONDAY + 2 * DAY):
        assert topics.second(topic=topic, network="b")
    assert Case.objects.get().promised_on == date(2026, 11, 27)


def test_a_receipt_counts_beside_the_network_and_the_asker_not_at_all(township, who):
    topic, own = topic_of(township, who)
    _other, code = received(township)
    assert topics.second(topic=topic, network="a", receipt=code)
    assert topics.second(topic=topic, network="a")
    assert not topics.second(topic=topic, network="b", receipt=code.lower())
    assert not topics.second(topic=topic, network="b", receipt=own)
    assert refused(topics.second, topic=topic, network="b", receipt="QX7F-2M9D-41XC-8KTA") == [
        "没有这个查询码。请照抄下来的再输一次，字母O和数字0不用分。"
    ]
    kept = str(list(Second.objects.values_list("by", flat=True)))
    assert len(kept) > 100
    assert code not in kept


def test_a_topic_is_shown_by_a_second_person_with_consent_and_without_numbers(township, who):
    case = received(township, kind=CaseKind.TOPIC, show=False)[0]
    given = {"case": case, "wording": "打13900001234问"}
    assert refused(topics.show, **given, officer=who("党政办主任")) == [
        "“审定答复”要由党委副书记、纪委副书记来办。",
        "点题的人没有同意公开，不能请大家附议。",
        "题目里像是有个人号码。请去掉再公开。",
    ]
    opinion = received(township)[0]
    assert refused(topics.show, case=opinion, officer=who("党委副书记"), wording="水渠") == [
        "只有点题才能请大家附议。"
    ]


def test_what_is_not_listed_or_is_answered_takes_no_seconds(township, who):
    received(township, kind=CaseKind.TOPIC)
    topic = Topic.objects.get()
    assert refused(topics.second, topic=topic, network="a") == ["这个题目现在不收附议。"]
    shown, code = topic_of(township, who)
    workflow.withdraw(case=shown.case, receipt=code)
    assert refused(topics.second, topic=shown, network="a") == ["这个题目现在不收附议。"]
    assert list(queries.listed_topics(township)) == []


def test_a_topic_becomes_a_draft_and_keeps_its_key(township, who):
    topic, _code = topic_of(township, who)
    begun = {"entry": organisation_entry(township, "JC-05"), "title": "垃圾清运费收支"}
    given = {"case": topic.case, **begun}
    assert refused(topics.become, **given, officer=who("组织干事")) == [
        "这一件不归您的岗位办。请分办的人先把您的岗位加为协办。"
    ]
    organiser = post(township, "organiser")
    handling.ask_help(case=topic.case, officer=who("党政办主任"), post=organiser)
    draft = topics.become(**given, officer=who("组织干事"))
    topic.refresh_from_db()
    assert (topic.became, draft.body) == (draft.disclosure, f"<p>{WORDING}</p>")
    assert refused(topics.become, **given, officer=who("组织干事")) == [
        "已经据此起草了《垃圾清运费收支》。"
    ]


# -- questions -------------------------------------------------------------------------------------


def question(township, key="secretary", **more):
    asked = post(township, key)
    return received(township, kind=CaseKind.QUESTION, asked=asked, **more)


def test_a_question_goes_to_the_post_it_asks_which_answers_over_its_name(township, who):
    case, code = question(township)
    assert (case.state, case.post.name) == ("assigned", "党委书记")
    written = workflow.answer(
        case=case, officer=who("党委书记"), text="年底前公开。", outcome="planned"
    )
    workflow.approve(answer=written, officer=who("党委副书记"))
    told = body(PublicRecord.objects.get(kind="answer"))
    assert (told["kind"], told["post"]) == ("question", "党委书记")
    workflow.reopen(case=case, receipt=code, text="年底是哪一天？")
    case.refresh_from_db()
    again = workflow.answer(case=case, officer=who("党委书记"), text="31日。", outcome="planned")
    workflow.approve(answer=again, officer=who("党委副书记"))
    told = body(PublicRecord.objects.filter(kind="answer").latest("pk"))
    assert (told["round"], told["text"]) == (2, "水渠什么时候修好？\n\n年底是哪一天？")
    assert refused(workflow.reopen, case=case, receipt=code, text="还有。") == [
        "这一件已经追问过一次。还有话要说，请另外质询一次。"
    ]


def test_a_question_is_given_to_nobody_else(township, who):
    case = question(township)[0]
    finance = post(township, "finance")
    assert refused(workflow.assign, case=case, officer=who("党政办主任"), post=finance) == [
        "质询的是党委书记，只能由党委书记答复。"
    ]


def test_a_question_to_a_vacant_post_waits_for_its_next_holder(township, who):
    secretary = post(township, "secretary")
    tenure = Tenure.objects.get(post=secretary)
    Tenure.objects.filter(pk=tenure.pk).update(until=date(2026, 1, 1))
    case = question(township)[0]
    assert (case.state, case.post) == ("received", None)
    Tenure.objects.filter(pk=tenure.pk).update(until=None)
    workflow.assign(case=case, officer=who("党政办主任"), post=secretary)
    assert case in queries.waiting_for(officer_named(township, "党委书记"))


def test_a_question_names_a_post_that_may_be_questioned(township):
    for asked in (None, post(township, "organiser")):
        given = {"organisation": township, "disclosure": None, "text": "问", "show": True}
        assert refused(workflow.receive, **given, kind=CaseKind.QUESTION, asked=asked) == [
            "还没有选质询哪个岗位。"
        ]
    finance = post(township, "finance")
    given = {"organisation": township, "disclosure": None, "text": "问", "show": True}
    assert refused(workflow.receive, **given, asked=finance) == ["只有质询才指名由哪个岗位答复。"]


def test_a_seconded_topic_answered_before_it_was_owed_is_owed_the_second_answer(township, who):
    with_rule(township, "topic_seconds = 50")
    topic, code = topic_of(township, who)
    case = assigned(topic.case, who)
    written = workflow.answer(case=case, officer=who("财政所长"), text="好。", outcome="done")
    workflow.approve(answer=written, officer=who("党委副书记"))
    assert body(PublicRecord.objects.get(kind="answer"))["promised_on"] == ""
    with time_machine.travel(MONDAY):
        again = workflow.reopen(case=case, receipt=code, text="还没有公开。")
    assert again.promised_on == promises.of(again).due == date(2026, 11, 26)
