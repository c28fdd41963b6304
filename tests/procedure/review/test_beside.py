"""Other posts asked beside the stages, and comments at a place in the text."""

from datetime import date, timedelta

import pytest
import time_machine

from gongkai.foundation.core.errors import Refused
from gongkai.foundation.ledger.models import Act
from gongkai.foundation.organisations import queries as organisations
from gongkai.procedure.proposals import workflow as proposals
from gongkai.procedure.review import (
    anchoring,
    approval,
    consulting,
    queries,
    remarking,
    rules,
    workflow,
)
from gongkai.procedure.review.models import Consultation, Remark

from ..editions import MONDAY
from .conftest import REVIEWERS

BODY = "<p>甲村的水渠由甲村管护。</p>\n<h2>二、经费</h2>\n<p>经费由镇财政列支，每年两万元。</p>"


def refused(verb, **given):
    with pytest.raises(Refused) as refusal:
        verb(**given)
    return refusal.value.obstacles


@pytest.fixture
def posts(township):
    """``posts("finance", …)``: the posts of these keys."""
    return lambda *keys: [organisations.post(township, key) for key in keys]


# -- other posts -----------------------------------------------------------------------------------


def test_several_are_asked_at_once_and_the_last_stage_waits(submitted, who, posts):
    with time_machine.travel(MONDAY, tick=False):
        review = submitted()
        office, finance, youth = who("党政办主任"), who("财政所长"), who("团委书记")
        asked = consulting.ask(
            review=review, officer=office, posts=posts("finance", "youth"), question="经费够不够？"
        )
        assert [each.due_on for each in asked] == [date(2026, 11, 25)] * 2
        assert [
            each.pk for each in queries.consulted(youth, queries.under_review(youth.organisation))
        ] == [asked[1].pk]
        for post in REVIEWERS[:2]:
            review = workflow.pass_stage(review=review, officer=who(post))
        wording = "还在等%s会签（2026年11月25日前）。等齐了再办；不再等的，先写明不再等。"
        assert refused(workflow.pass_stage, review=review, officer=who("党委书记")) == [
            wording % "财政所长",
            wording % "团委书记",
        ]
        consulting.advise(asked=asked[1], officer=youth, advice="amend", text="写明金额。")
        consulting.drop(asked=asked[0], officer=office)
        assert queries.consulted(finance, queries.under_review(youth.organisation)) == []
        review = workflow.pass_stage(review=review, officer=who("党委书记"))
        edition = workflow.seal(review=review, officer=who("党委书记"))
    assert approval.facts(edition)["opinions"][-2:] == [
        ["1", "会签", "财政所长", "不再等", "", ""],
        ["1", "会签", "团委书记\n团委书记", "建议修改", "写明金额。", "2026年11月23日9:40"],
    ]
    acts = Act.objects.filter(verb__in=["review.ask", "review.advise", "review.unask"])
    assert [(act.verb, act.facts["post"]) for act in acts.order_by("pk")] == [
        ("review.ask", "党政办主任"),
        ("review.advise", "团委书记"),
        ("review.unask", "党政办主任"),
    ]


def test_where_the_charter_does_not_wait_it_is_advice(submitted, who, posts, monkeypatch):
    review = submitted()
    consulting.ask(review=review, officer=who("组织干事"), posts=posts("finance"))
    for post in REVIEWERS[:2]:
        review = workflow.pass_stage(review=review, officer=who(post))
    assert len(rules.pass_obstacles(review, who("党委书记"))) == 1
    consulting_rule = review.charter.charter.consulting
    monkeypatch.setitem(consulting_rule.__dict__, "wait", False)
    assert rules.pass_obstacles(review, who("党委书记")) == []


def test_who_may_ask_whom(submitted, who, posts):
    review = submitted()
    assert refused(
        consulting.ask, review=review, officer=who("团委书记"), posts=posts("youth")
    ) == ["现在轮到“责任部门负责人审核”（党政办主任），不轮到您。"]
    office = who("党政办主任")
    assert refused(consulting.ask, review=review, officer=office, posts=[]) == [
        "请选至少一个岗位。"
    ]
    assert refused(consulting.ask, review=review, officer=office, posts=posts("organiser")) == [
        "“组织干事”由提出人担任，不用会签。请另选。"
    ]
    consulting.ask(review=review, officer=office, posts=posts("youth"))
    assert refused(consulting.ask, review=review, officer=office, posts=posts("youth")) == [
        "这一轮已经请“团委书记”会签过了。"
    ]


def test_who_was_asked_sees_the_item_and_answers_once(submitted, who, posts):
    review = submitted()
    head = who("党建办主任")
    disclosure = review.draft.disclosure
    assert not rules.visible(head).filter(pk=disclosure.pk).exists()
    (asked,) = consulting.ask(
        review=review, officer=who("党政办主任"), posts=posts("party-building")
    )
    assert rules.visible(head).filter(pk=disclosure.pk).exists()
    given = {"asked": asked, "officer": head}
    assert refused(consulting.advise, **given, advice="object") == [
        "请写明哪里要改，或者为什么不同意。"
    ]
    assert refused(consulting.advise, **given, advice="") == [
        "请选一种意见。",
        "请写明哪里要改，或者为什么不同意。",
    ]
    assert refused(consulting.advise, asked=asked, officer=who("财政所长"), advice="agree") == [
        "这是请“党建办主任”会签的。"
    ]
    consulting.advise(**given, advice="agree")
    assert refused(consulting.advise, **given, advice="agree") == ["“党建办主任”的会签已经结束。"]
    assert Consultation.objects.get().answered_as == "党建办主任"


# -- taking a stage on -----------------------------------------------------------------------------


def test_one_of_several_takes_a_stage_on_for_some_hours(submitted, who):
    with time_machine.travel(MONDAY, tick=False) as clock:
        review = workflow.pass_stage(review=submitted(), officer=who("党政办主任"))
        deputy, discipline = who("党委副书记"), who("纪委书记")
        review = workflow.claim(review=review, officer=discipline)
        wording = "纪委书记已经认领，到2026年11月24日9:40以前由他办。"
        assert refused(workflow.pass_stage, review=review, officer=deputy) == [wording]
        assert refused(workflow.claim, review=review, officer=deputy) == [wording]
        assert refused(workflow.claim, review=review, officer=discipline) == [
            "您已经认领了这一级。"
        ]
        assert refused(workflow.unclaim, review=review, officer=deputy) == ["您没有认领这一级。"]
        review = workflow.unclaim(review=review, officer=discipline)
        assert rules.pass_obstacles(review, deputy) == []
        review = workflow.claim(review=review, officer=discipline)
        clock.shift(timedelta(hours=24))
        review = workflow.pass_stage(review=review, officer=deputy)
    assert (review.stage, review.claimed_by, review.claimed_until) == (2, None, None)


# -- comments --------------------------------------------------------------------------------------


def test_a_comment_stands_at_its_words_through_the_next_round(submitted, who):
    review, office = submitted(body=BODY), who("党政办主任")
    made = remarking.remark(
        review=review, officer=office, block=3, quote="每年两万元", text="写明从哪年起。"
    )
    remarking.remark(review=review, officer=office, block=1, text="写明管护到哪里为止。")
    workflow.return_draft(review=review, officer=office, reason="见批注。")
    proposer = who("组织干事")
    draft = proposals.edit(
        draft=review.draft,
        officer=proposer,
        edits=0,
        body="<p>另加一段。</p>\n" + BODY.replace("甲村管护", "乙村管护"),
    )
    texts = anchoring.texts(draft.body)
    places = {
        each.block: anchoring.found_at(each.block, each.quote, each.opening, texts)
        for each in queries.remarks(draft)
    }
    assert places == {1: None, 3: 4}
    assert refused(remarking.resolve, remark=made, officer=office) == [
        "您现在的岗位不能提出内容。可以提出的岗位：组织干事、团委书记、财政所长、民政办主任、"
        "平安法治办主任、农业农村办主任、规划建设办主任。"
    ]
    remarking.resolve(remark=made, officer=proposer)
    assert refused(remarking.resolve, remark=made, officer=proposer) == [
        "这条批注已经由组织干事标为已改。"
    ]
    workflow.submit(draft=draft, officer=proposer)
    assert [(each.block, bool(each.resolved_at)) for each in queries.remarks(draft)] == [
        (1, False),
        (3, True),
    ]


def test_a_comment_needs_a_place_that_is_there(submitted, who):
    review, office = submitted(body=BODY), who("党政办主任")
    given = {"review": review, "officer": office, "text": "改。"}
    assert refused(remarking.remark, **given, block=4) == ["正文没有第4段。请从列出的段落里选。"]
    assert refused(remarking.remark, **given, block=1, quote="乙村") == [
        "第1段里没有“乙村”。请照原文写，或者空着，指整段。"
    ]
    assert refused(remarking.remark, **{**given, "text": " "}, block=1) == ["请写明这里要怎么改。"]
    assert refused(remarking.remark, **{**given, "officer": who("团委书记")}, block=1) == [
        "现在轮到“责任部门负责人审核”（党政办主任），不轮到您。"
    ]


def test_ones_own_comment_is_taken_back_while_the_round_lasts(submitted, who, posts):
    review, office = submitted(body=BODY), who("党政办主任")
    consulting.ask(review=review, officer=office, posts=posts("finance"))
    finance = who("财政所长")
    made = remarking.remark(review=review, officer=finance, block=3, text="经费没有列。")
    assert made.post == "财政所长"
    assert refused(remarking.unsay, remark=made, officer=office) == [
        "这条批注是财政所长写的，只能由本人去掉。"
    ]
    remarking.unsay(remark=made, officer=finance)
    assert Remark.objects.count() == 0


def test_no_comment_comes_into_the_sealed_bytes(submitted, who):
    review, office = submitted(body=BODY), who("党政办主任")
    remarking.remark(review=review, officer=office, block=1, text="只给写稿的人看。")
    for post in REVIEWERS:
        review = workflow.pass_stage(review=review, officer=who(post))
    edition = workflow.seal(review=review, officer=who("党委书记"))
    assert "只给写稿的人看" not in bytes(edition.data).decode()
