"""Stages in order, each by the holder of its post; four eyes; the seal on the exact bytes."""

import io
from datetime import date

import pytest
import time_machine
from django.utils import translation

from gongkai.foundation.core import canonical, clock
from gongkai.foundation.core.errors import Broken, Conflict, Refused
from gongkai.foundation.files import workflow as files
from gongkai.foundation.ledger.models import Act, Counter
from gongkai.foundation.ledger.workflow import SYSTEM
from gongkai.foundation.organisations import queries as organisations
from gongkai.foundation.organisations import workflow as posts
from gongkai.procedure.proposals import queries as proposals_read
from gongkai.procedure.proposals import workflow as proposals
from gongkai.procedure.proposals.models import Draft
from gongkai.procedure.review import queries, rules, workflow
from gongkai.procedure.review.models import Clearance, Edition, Opinion, Review

from ...foundation.files import made
from ..editions import verbs
from .conftest import REVIEWERS

OTHERS_DRAFT = "提出人不能审核自己提出的内容，换一个岗位也不行。"
ID_NUMBER = "11010119900307109X"


def refused(verb, **given):
    with pytest.raises(Refused) as refusal:
        verb(**given)
    return refusal.value.obstacles


def test_the_stages_come_in_the_charters_order(submitted, who):
    with time_machine.travel("2026-11-23T01:40:00Z", tick=False):
        review = submitted()
        seen = []
        for post in REVIEWERS:
            seen.append((review.stage, review.posts, review.due_on, review.state))
            review = workflow.pass_stage(review=review, officer=who(post), text=f"{post}同意。")
    assert seen == [
        (0, ["office"], date(2026, 11, 24), "pending"),
        (1, ["deputy", "discipline"], date(2026, 11, 25), "pending"),
        (2, ["secretary"], date(2026, 11, 25), "pending"),
    ]
    assert (review.state, review.posts) == ("passed", ["secretary"])
    assert [(each.stage, each.post, each.text) for each in queries.opinions(review)] == [
        (0, "党政办主任", "党政办主任同意。"),
        (1, "党委副书记", "党委副书记同意。"),
        (2, "党委书记", "党委书记同意。"),
    ]
    assert verbs(review.draft.disclosure.address) == [
        "draft.begin",
        "draft.submit",
        "review.pass",
        "review.pass",
        "review.pass",
    ]


def test_a_pass_without_words_has_the_usual_ones(submitted, who):
    review, officer = submitted(), who("党政办主任")
    with translation.override("en"):
        review = workflow.pass_stage(review=review, officer=officer, text="  ")
        assert queries.opinion_said(Opinion.objects.get().text) != "内容属实，同意公开。"
    assert queries.opinion_said("同意。") == "同意。"
    assert Opinion.objects.get().text == "内容属实，同意公开。"
    (advice,) = queries.advice_of(review)
    assert Act.objects.get(verb="review.pass").facts == {
        "seen": [advice.code],
        "draft": 1,
        "round": 1,
        "post": "党政办主任",
        "stage": "责任部门负责人审核",
        "text": "内容属实，同意公开。",
    }
    assert review.stage == 1


def test_a_stage_out_of_turn_says_whose_turn_it_is(submitted, who):
    review = submitted()
    assert refused(workflow.pass_stage, review=review, officer=who("党委书记")) == [
        "现在轮到“责任部门负责人审核”（党政办主任），不轮到您。"
    ]
    assert refused(workflow.seal, review=review, officer=who("党委书记")) == [
        "审核还没有全部通过，不能盖章。现在轮到“责任部门负责人审核”（党政办主任）。"
    ]
    assert Opinion.objects.count() == 0


def test_a_vacant_post_is_named_with_who_can_fill_it(submitted, who, township):
    review = submitted()
    today = organisations.today(township)
    office = who("党政办主任")
    tenure = organisations.tenures_on(today).get(post__key="office", post__organisation=township)
    posts.end_tenure(tenure=tenure, on=date(2021, 1, 1), by=SYSTEM)
    (obstacle,) = refused(workflow.pass_stage, review=review, officer=who("党委书记"))
    assert obstacle == (
        "现在轮到“责任部门负责人审核”（党政办主任），但现在没有人担任，"
        "请“党政办信息员”先登记由谁担任，不轮到您。"
    )
    left = organisations.officer_of(office.member, today)
    assert len(refused(workflow.pass_stage, review=review, officer=left)) == 1


def test_the_proposer_never_reviews_by_another_post_either(submitted, who, township):
    review = submitted()
    proposer = who("组织干事")
    office = organisations.post(township, "office")
    posts.hand_over(post=office, to=proposer.member, on=organisations.today(township), by=SYSTEM)
    officer = who("党政办主任")
    assert officer.member == proposer.member
    for verb, given in (
        (workflow.pass_stage, {}),
        (workflow.return_draft, {"reason": "改"}),
    ):
        assert refused(verb, review=review, officer=officer, **given) == [OTHERS_DRAFT]
    assert queries.waiting_for(officer) == []


def test_nobody_who_wrote_in_it_reviews(begun, who, township):
    draft = begun()
    youth = who("团委书记")
    proposals.edit(draft=draft, officer=youth, edits=0, title="改过的标题")
    review = workflow.submit(draft=draft, officer=who("组织干事"))
    office = organisations.post(township, "office")
    posts.hand_over(post=office, to=youth.member, on=organisations.today(township), by=SYSTEM)
    assert refused(workflow.pass_stage, review=review, officer=who("党政办主任")) == [OTHERS_DRAFT]


def test_one_person_does_not_decide_two_stages_by_two_posts(submitted, who, township):
    review = workflow.pass_stage(review=submitted(), officer=who("党政办主任"))
    office = who("党政办主任").member
    for key in ("deputy", "secretary"):
        post = organisations.post(township, key)
        posts.hand_over(post=post, to=office, on=organisations.today(township), by=SYSTEM)
    assert refused(workflow.pass_stage, review=review, officer=who("党委副书记")) == [
        "您已经以别的岗位审过前面一级，同一个人不能审两级。请另一位党委副书记或纪委书记审。"
    ]
    review = workflow.pass_stage(review=review, officer=who("纪委书记"))
    assert len(refused(workflow.pass_stage, review=review, officer=who("党委书记"))) == 1


def test_a_return_needs_a_reason_and_ends_the_round(submitted, who):
    review = submitted()
    officer = who("党政办主任")
    assert refused(workflow.return_draft, review=review, officer=officer, reason=" ") == [
        "请写明为什么退回、要改什么。"
    ]
    review = workflow.return_draft(review=review, officer=officer, reason="请写明经费来源。")
    assert (review.state, review.posts, Draft.objects.get().state) == ("returned", [], "returned")
    assert refused(workflow.pass_stage, review=review, officer=officer) == [
        "这一轮审核已经结束（已退回）。请看最新的情况。"
    ]


def test_a_resubmission_is_a_new_round_with_its_difference(submitted, who):
    from gongkai.procedure.review.difference import difference

    review, proposer = submitted(), who("组织干事")
    workflow.return_draft(review=review, officer=who("党政办主任"), reason="请改。")
    draft = Draft.objects.get()
    draft = proposals.edit(
        draft=draft, officer=proposer, edits=0, body="<p>甲村的水渠由乙村管护。</p>"
    )
    again = workflow.submit(draft=draft, officer=proposer)
    assert (again.round, again.stage, Review.objects.count()) == (2, 0, 2)
    before, after = proposals_read.submissions(draft)
    told = difference(before, after)
    assert "<del>" in told.body
    assert "<ins>" in told.body
    assert told.title == draft.title
    assert [each.round for each in queries.rounds(draft)] == [1, 2]


def test_the_proposer_recalls_and_nobody_else(submitted, who):
    review = workflow.pass_stage(review=submitted(), officer=who("党政办主任"))
    assert refused(workflow.recall, review=review, officer=who("团委书记")) == [
        "只有提出人可以收回。请组织干事收回，或在审核时退回。"
    ]
    review = workflow.recall(review=review, officer=who("组织干事"))
    assert (review.state, Draft.objects.get().state) == ("recalled", "writing")
    assert verbs(review.draft.disclosure.address)[-1] == "draft.recall"


def test_two_reviewers_at_once_the_second_is_told(submitted, who):
    review = submitted()
    first = second = review
    workflow.pass_stage(review=first, officer=who("党政办主任"))
    assert refused(workflow.pass_stage, review=second, officer=who("党政办主任")) == [
        "现在轮到“分管领导审核”（党委副书记或纪委书记），不轮到您。"
    ]
    assert Opinion.objects.count() == 1


def test_a_change_during_the_check_is_not_submitted(begun, who, monkeypatch):
    draft, officer = begun(), who("组织干事")
    checked = workflow._checked

    def somebody_edits(given):
        result = checked(given)
        proposals.edit(draft=draft, officer=officer, edits=0, body="<p>13812345678</p>")
        return result

    monkeypatch.setattr(workflow, "_checked", somebody_edits)
    with pytest.raises(Conflict):
        workflow.submit(draft=draft, officer=officer)
    draft.refresh_from_db()
    assert (draft.state, Review.objects.count()) == ("writing", 0)


# -- privacy ---------------------------------------------------------------------------------------


def test_a_finding_holds_up_the_last_stage_and_the_seal(submitted, who):
    with translation.override("en"):  # whoever writes in English leaves no English behind
        review = submitted(body=f"<p>甲</p><p>联系人{ID_NUMBER}</p>")
    label = "身份证号码1****************X（正文第2段）"
    review = workflow.pass_stage(review=review, officer=who("党政办主任"))
    review = workflow.pass_stage(review=review, officer=who("党委副书记"))
    secretary = who("党委书记")
    assert refused(workflow.pass_stage, review=review, officer=secretary) == [
        f"还不能通过：{label}没有处理。请退回修改，或核对后写明可以保留的理由。"
    ]
    (finding,) = queries.open_findings(review)
    given = {"review": review, "officer": secretary, "finding": finding}
    assert refused(workflow.clear, **given, reason="") == ["请写明为什么可以保留。"]
    with translation.override("en"):
        workflow.clear(**given, reason="本人书面同意公开。")
    assert refused(workflow.clear, **given, reason="再一次") == ["这项发现已经有人核对过了。"]
    review = workflow.pass_stage(review=review, officer=secretary)
    workflow.seal(review=review, officer=secretary)
    clearance = Clearance.objects.get()
    assert (clearance.label, clearance.post) == (label, "党委书记")
    assert ID_NUMBER not in str(list(Review.objects.values())) + str(list(Act.objects.values()))


def test_a_clearance_does_not_outlive_its_round(submitted, who):
    review = submitted(body=f"<p>{ID_NUMBER}</p>")
    officer = who("党政办主任")
    (finding,) = queries.open_findings(review)
    workflow.clear(review=review, officer=officer, finding=finding, reason="同意。")
    workflow.return_draft(review=review, officer=officer, reason="改标题。")
    again = workflow.submit(draft=Draft.objects.get(), officer=who("组织干事"))
    assert len(queries.open_findings(again)) == 1


def test_only_whose_turn_it_is_clears(submitted, who):
    review = submitted(body=f"<p>{ID_NUMBER}</p>")
    (finding,) = queries.open_findings(review)
    given = {"review": review, "finding": finding, "reason": "同意。"}
    assert refused(workflow.clear, officer=who("组织干事"), **given)[0] == OTHERS_DRAFT
    assert len(refused(workflow.clear, officer=who("党委书记"), **given)) == 1


@pytest.mark.usefixtures("home")
def test_attachments_are_checked_and_unreadable_ones_named(begun, who):
    draft, officer = begun(), who("组织干事")
    listed = files.keep(io.BytesIO(made.xlsx(["某人", "138 1234 5678"])), "名单.xlsx")
    scan = files.keep(io.BytesIO(made.pdf()), "扫描件.pdf")
    for file, title in ((listed, "名单"), (scan, "扫描件")):
        proposals.attach(draft=draft, officer=officer, file=file, title=title)
    review = workflow.submit(draft=draft, officer=officer)
    assert [each.label for each in queries.open_findings(review)] == [
        "手机号码138****5678（附件“名单”第1行）",
        "附件“扫描件”里的文字读不出来，请打开核对有没有个人信息",
    ]
    code = queries.open_findings(review)[1].code
    assert queries.finding(review, code).where == "附件“扫描件”"
    (obstacle,) = refused(queries.finding, review=review, code="没有")
    assert obstacle.startswith("没有编号是“没有”的发现。现有：mobile-")


# -- the seal --------------------------------------------------------------------------------------


def test_the_seal_covers_exactly_what_was_reviewed(sealing, who, township):
    with time_machine.travel("2026-11-23T01:40:00Z", tick=False):
        review = sealing()
        edition = workflow.seal(review=review, officer=who("党委书记"))
    data = bytes(edition.data)
    assert (edition.digest, canonical.encode(canonical.decode(data))) == (
        canonical.digest(data),
        data,
    )
    draft = Draft.objects.get()
    disclosure = draft.disclosure
    assert queries.edition_data(edition) == {
        "format": "gongkai-edition/1",
        "organisation": "qingxi",
        "organisation_name": township.name,
        "address": disclosure.address,
        "number": 1,
        "entry": {"code": "JC-05", "title": "党委会议决议、决定（可公开部分）"},
        "category": "JC",
        "box": "JC-1",
        "kind": "document",
        "document_number": "",
        "form": "daily",
        "title": "关于水利设施管护的决定",
        "body": "<p>甲村的水渠由甲村管护。</p>",
        "attachments": [],
        "plan": [
            {"scope": "A3", "keys": [], "opens": ""},
            {"scope": "A1", "keys": [], "opens": ""},
        ],
        "channels": draft.channels,
        "proposer": {"name": "组织干事", "post": "组织干事"},
        "statement": draft.statement,
        "seal": {
            "number": "青委公审〔2026〕第1号",
            "post": "党委书记",
            "at": "2026-11-23T01:40:00Z",
        },
        "charter": review.charter.digest,
        "corrects": "",
        "note": "",
    }
    assert (draft.state, Review.objects.get().state) == ("sealed", "sealed")
    assert Act.objects.get(verb="review.seal").facts == {
        "draft": 1,
        "round": 1,
        "number": 1,
        "seal": "青委公审〔2026〕第1号",
        "digest": edition.digest,
        "post": "党委书记",
    }


def test_seal_numbers_are_dense_and_by_the_organisations_year(sealing, who):
    with time_machine.travel("2026-12-31T15:59:00Z", tick=False):
        first = workflow.seal(review=sealing(), officer=who("党委书记"))
        second = sealing()
    assert refused(workflow.seal, review=second, officer=who("党委副书记"))
    with time_machine.travel("2026-12-31T16:01:00Z", tick=False):
        second = workflow.seal(review=second, officer=who("党委书记"))
    assert (first.seal_number, second.seal_number) == (
        "青委公审〔2026〕第1号",
        "青委公审〔2027〕第1号",
    )


def test_a_seal_number_that_another_organisation_has_is_left_out(sealing, who):
    workflow.seal(review=sealing(), officer=who("党委书记"))
    Counter.objects.filter(name__startswith="seal:").update(value=0)  # as the other one counts
    again = workflow.seal(review=sealing(), officer=who("党委书记"))
    assert again.seal_number.endswith("第2号")


def test_a_sealed_review_is_over(sealing, who):
    review = sealing()
    workflow.seal(review=review, officer=who("党委书记"))
    over = ["这一轮审核已经结束（已封存）。请看最新的情况。"]
    assert refused(workflow.seal, review=review, officer=who("党委书记")) == over
    assert refused(workflow.recall, review=review, officer=who("组织干事")) == over
    assert Edition.objects.count() == 1


def test_the_sealing_post_may_still_send_it_back(sealing, who):
    review = sealing()
    assert refused(workflow.pass_stage, review=review, officer=who("党委书记")) == [
        "各级审核都已通过，现在等盖章。请党委书记盖章。"
    ]
    review = workflow.return_draft(review=review, officer=who("党委书记"), reason="再核对。")
    assert (review.state, Edition.objects.count()) == ("returned", 0)


def test_a_draft_changed_under_review_is_never_sealed(sealing, who):
    review = sealing()
    Draft.objects.update(body="<p>换掉的正文</p>")
    with pytest.raises(Broken):
        workflow.seal(review=review, officer=who("党委书记"))
    assert (Edition.objects.count(), Review.objects.get().state) == (0, "passed")


def test_an_editions_correction_counts_on(sealing, who):
    edition = workflow.seal(review=sealing(), officer=who("党委书记"))
    proposer = who("组织干事")
    draft = proposals.revise(
        disclosure=edition.disclosure,
        officer=proposer,
        note="更正数字。",
        privacy=False,
        corrects=edition.digest,
        source=queries.edition_data(edition),
    )
    review = workflow.submit(draft=draft, officer=proposer)
    for post in REVIEWERS:
        review = workflow.pass_stage(review=review, officer=who(post))
    second = workflow.seal(review=review, officer=who("党委书记"))
    data = queries.edition_data(second)
    assert (data["number"], data["corrects"], data["note"]) == (2, edition.digest, "更正数字。")
    assert [each.number for each in queries.editions(edition.disclosure)] == [1, 2]


# -- reads -----------------------------------------------------------------------------------------


def test_what_waits_is_what_is_ones_turn(submitted, who):
    review = submitted()
    assert queries.waiting_for(who("党政办主任")) == [review]
    assert queries.waiting_for(who("党委书记")) == []
    assert queries.open_review(review.draft.disclosure) == review
    workflow.recall(review=review, officer=who("组织干事"))
    assert refused(queries.open_review, disclosure=review.draft.disclosure) == [
        "“关于水利设施管护的决定”现在没有在审核。"
    ]


@pytest.mark.parametrize("count", [1, 3])
def test_a_reviewers_list_costs_the_same(submitted, who, count, django_assert_num_queries):
    for _number in range(count):
        submitted()
    officer = who("党政办主任")
    with django_assert_num_queries(1):
        waiting = queries.waiting_for(officer)
        told = [(each.draft.title, each.draft.disclosure.entry.code) for each in waiting]
    assert len(told) == count


def test_rules_tell_the_button_what_the_verb_will_say(submitted, who):
    review = submitted()
    assert rules.pass_obstacles(review, who("党政办主任")) == []
    assert rules.pass_obstacles(review, who("党委书记")) != []
    assert rules.seal_obstacles(review, who("党委书记")) != []
    assert rules.recall_obstacles(review, who("组织干事")) == []
    assert clock.civil_day(review.began_at) <= review.due_on
