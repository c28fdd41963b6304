"""审核确定, 实施公开, 归档管理 through the pages: exact words, refusals, what is left behind."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from gongkai.procedure.archive.models import Filing
from gongkai.procedure.proposals.models import Draft
from gongkai.procedure.publication.models import Release
from gongkai.procedure.publication.plans import Step
from gongkai.procedure.review.models import Edition, Opinion

pytestmark = pytest.mark.django_db
MONDAY = datetime(2026, 11, 23, 1, 40, tzinfo=UTC)


def said(answer) -> list[str]:
    return [str(each) for each in answer.context["messages"]]


def wrong(answer) -> dict[str, list[str]]:
    return {name: list(errors) for name, errors in answer.context["form"].errors.items()}


# -- reviewing -------------------------------------------------------------------------------------


def test_the_stages_pass_one_after_the_other_and_the_last_seals(walk, at):
    item = walk().submitted()
    first = at("党政办主任").post(item.page("pass"), {"text": ""}, follow=True)
    assert said(first) == [
        "已通过《关于水利设施管护的决定》。现在轮到“分管领导审核”（党委副书记或纪委书记）。"
    ]
    at("党委副书记").post(item.page("pass"), {"text": "同意"})
    third = at("党委书记").post(item.page("pass"), {"text": "同意公开"}, follow=True)
    assert said(third) == ["已通过《关于水利设施管护的决定》。现在轮到“盖章”（党委书记）。"]
    assert list(Opinion.objects.order_by("pk").values_list("text", flat=True)) == [
        "内容属实，同意公开。",
        "同意",
        "同意公开",
    ]
    page = at("党委书记").get(item.page("seal")).content.decode()
    assert "以后一个字也不能改" in page
    assert "甲村的水渠由甲村管护。" in page
    unsure = at("党委书记").post(item.page("seal"), {})
    assert (unsure.status_code, wrong(unsure)) == (422, {"sure": ["要勾选这一项"]})
    sealed = at("党委书记").post(item.page("seal"), {"sure": "on"}, follow=True)
    edition = Edition.objects.get()
    assert said(sealed) == [f"已盖章封存，编号{edition.seal_number}，第1版。"]


def test_a_return_needs_its_reason(walk, at):
    item, client = walk().submitted(), at("党政办主任")
    assert wrong(client.post(item.page("return"), {})) == {"text": ["请写明为什么退回、要改什么"]}
    answer = client.post(item.page("return"), {"text": "户数不对"}, follow=True)
    assert said(answer) == ["已退回《关于水利设施管护的决定》，组织干事会看到理由。"]
    story = answer.context["item"].story()
    assert (story[0].text, story[0].quote) == ("党政办主任退回修改，理由是", "户数不对")


def test_whoever_proposed_does_not_review(walk, at, officer, qingxi):
    """Four eyes: the proposer who comes to hold a reviewing post is refused by page and verb."""
    from gongkai.foundation.ledger.workflow import SYSTEM
    from gongkai.foundation.organisations import queries, workflow

    item = walk().submitted()
    organiser = officer("组织干事").member
    today = queries.today(qingxi)
    workflow.hand_over(post=queries.post(qingxi, "office"), to=organiser, on=today, by=SYSTEM)
    from .conftest import entered

    answer = entered(organiser).post(item.page("pass"), {"text": ""})
    assert answer.status_code == 422
    assert wrong(answer) == {"__all__": ["提出人不能审核自己提出的内容，换一个岗位也不行。"]}


def test_a_finding_that_is_not_there_is_named(walk, at):
    item = walk().submitted()
    answer = at("党政办主任").get(item.page("clear", "mobile-00000000"))
    assert answer.status_code == 422
    assert "没有编号是“mobile-00000000”的发现。" in answer.content.decode()


def test_what_is_not_under_review_cannot_be_passed(walk, at):
    item = walk()
    answer = at("党政办主任").post(item.page("pass"), {"text": "x"})
    assert answer.status_code == 422
    assert "现在没有在审核。" in answer.content.decode()


# -- arranging -------------------------------------------------------------------------------------


def plan(**changes):
    return {"take_A3": "on", "take_A1": "on", "opens_A3": "", "opens_A1": "", **changes}


def test_the_form_comes_from_the_sealed_plan(walk, at):
    with time_machine.travel(MONDAY):
        item = walk(
            plan=[
                {"scope": "A3", "keys": [], "opens": ""},
                {"scope": "A1", "keys": [], "opens": "2026-12-01T01:00:00Z"},
            ]
        ).sealed()
        form = at("党政办主任").get(item.page("schedule")).context["form"]
        assert [
            (stage.name, opens.value(), opens.help_text) for stage, _, opens in form.rows()
        ] == [
            ("在本镇党员干部中公开", "", "空着就是立即公开。"),
            ("向社会公开", "2026-12-01T09:00", "审核时定的：最早12月1日。"),
        ]


def test_stages_are_arranged_in_civil_time(walk, at):
    with time_machine.travel(MONDAY, tick=False):
        item = walk().sealed()
        fields = plan(opens_A1="2026-12-01T09:00")
        answer = at("党政办主任").post(item.page("schedule"), fields, follow=True)
        assert said(answer) == [
            "已安排：在本镇党员干部中公开 11月23日9:40，向社会公开 12月1日9:00。到时自动公开。"
        ]
        assert [each.opens_at for each in Release.objects.order_by("order")] == [
            MONDAY,
            datetime(2026, 12, 1, 1, tzinfo=UTC),
        ]


def test_the_public_does_not_come_before_the_members(walk, at):
    item = walk().sealed()
    answer = at("党政办主任").post(item.page("schedule"), {"take_A1": "on"})
    assert answer.status_code == 422
    assert wrong(answer) == {
        "__all__": ["先党内后党外：要先安排“在本镇党员干部中公开”，再安排“向社会公开”。"]
    }
    nothing = at("党政办主任").post(item.page("schedule"), {})
    assert wrong(nothing) == {"__all__": ["还没有选公开范围。请至少选一步。"]}
    assert Release.objects.count() == 0


def test_the_rest_of_a_plan_is_arranged_later(walk, at):
    item = walk().planned(Step("A3"))
    page = at("党政办主任").get(item.page("schedule"))
    assert [stage.scope for stage, _, _ in page.context["form"].rows()] == ["A1"]
    at("党政办主任").post(item.page("schedule"), {"take_A1": "on", "opens_A1": ""})
    assert list(Release.objects.order_by("order").values_list("scope", flat=True)) == ["A3", "A1"]


def test_a_stage_is_moved_and_cancelled_with_what_follows(walk, at):
    with time_machine.travel(MONDAY, tick=False):
        item = walk().planned(
            Step("A3", opens_at=MONDAY + timedelta(days=1)),
            Step("A1", opens_at=MONDAY + timedelta(days=2)),
        )
        first, second = item.releases
        client = at("党政办主任")
        late = client.post(item.page("move", first.pk), {"opens": "2026-12-24T09:00"})
        assert wrong(late) == {
            "__all__": ["不能晚于后面一步的2026年11月25日9:40。请先改后面一步的时间。"]
        }
        moved = client.post(item.page("move", first.pk), {"opens": "2026-11-24T18:00"}, follow=True)
        assert said(moved) == ["已改到2026年11月24日18:00公开。"]
        page = client.get(item.page("cancel", first.pk)).content.decode()
        assert "和排在它后面的，都会取消" in page
        gone = client.post(item.page("cancel", first.pk), {"sure": "on"}, follow=True)
        assert said(gone) == ["已取消公开安排。封存的内容没有变，随时可以重新安排。"]
        assert set(Release.objects.values_list("state", flat=True)) == {"cancelled"}
        again = client.post(item.page("cancel", second.pk), {"sure": "on"})
        assert wrong(again) == {"__all__": ["这一步已取消，不能再改。请看最新的情况。"]}
        assert client.get(item.page("move", 999999)).status_code == 404


def test_a_release_of_another_item_is_not_moved(walk, at):
    item, other = walk("一").planned(), walk("二").planned()
    path = item.page("move", other.releases[0].pk)
    assert at("党政办主任").post(path, {"opens": ""}).status_code == 404


# -- correcting and taking back --------------------------------------------------------------------


def test_a_correction_opens_a_draft_with_its_note(walk, at):
    item, client = walk().opened(), at("组织干事")
    assert wrong(client.post(item.page("correct"), {})) == {"text": ["请写明更正了什么"]}
    answer = client.post(item.page("correct"), {"text": "户数更正为184户"}, follow=True)
    assert answer.redirect_chain == [(item.page("edit"), 302)]
    assert said(answer) == ["已起草更正稿。改好以后送审，盖章后再安排公开。"]
    assert "户数更正为184户</textarea>" in answer.content.decode()
    page = client.get(item.page())
    assert page.context["item"].badges() == [("fixed", "正在更正")]
    assert "已经有一份更正在办。" in page.content.decode()


def test_a_correction_for_privacy_says_so(walk, at):
    item = walk().opened()
    fields = {"text": "去掉电话", "privacy": "on"}
    at("组织干事").post(item.page("correct"), fields)
    assert Draft.objects.get(disclosure=item.disclosure, number=2).privacy
    text = at("组织干事").get(item.page()).content.decode()
    assert "因个人信息更正：新版公开时旧版同时关闭。" in text


def test_a_withdrawal_needs_its_public_reason(walk, at):
    item, client = walk().opened(), at("党委副书记")
    assert wrong(client.post(item.page("withdraw"), {"text": ""})) == {"text": ["请写明为什么撤回"]}
    answer = client.post(item.page("withdraw"), {"text": "附件有误"}, follow=True)
    assert said(answer) == ["已撤回。原来的地址上会写明撤回的日期和理由。"]
    again = client.post(item.page("withdraw"), {"text": "再撤"})
    assert wrong(again) == {"__all__": ["这一件已经撤回了。要再公开，请另起一件。"]}


def test_an_erasure_takes_two_persons(walk, at):
    item = walk().opened()
    asked = at("纪委书记").post(item.page("erase"), {"text": "青溪法院决定书"}, follow=True)
    assert said(asked) == ["已申请清除，等另一位有清除权的人确认。"]
    alone = at("纪委书记").post(item.page("confirm-erasure"), {"sure": "on"})
    assert wrong(alone) == {"__all__": ["清除要两个人：您是申请人，请另一位有清除权的人确认。"]}
    page = at("党委书记").get(item.page("confirm-erasure")).content.decode()
    assert "纪委书记申请清除，理由是：青溪法院决定书。" in page
    done = at("党委书记").post(item.page("confirm-erasure"), {"sure": "on"}, follow=True)
    assert said(done) == ["已清除。正文和附件已经销毁，记录保留。"]
    assert Edition.objects.get().data is None


def test_nobody_confirms_what_nobody_asked_for(walk, at):
    item = walk().opened()
    assert at("党委书记").post(item.page("confirm-erasure"), {"sure": "on"}).status_code == 404


# -- filing ----------------------------------------------------------------------------------------


def test_an_item_is_filed_when_nothing_is_open(walk, voice, at):
    item = walk().opened()
    case = voice(item.disclosure)
    client = at("党政办主任")
    waiting = client.post(item.page("file"), {"sure": "on"})
    assert wrong(waiting) == {"__all__": [f"意见{case.number}还没有分办。"]}
    case.delete()
    page = client.get(item.page("file")).content.decode()
    assert "保管期限：永久。" in page
    answer = client.post(item.page("file"), {"sure": "on"}, follow=True)
    filing = Filing.objects.get()
    assert said(answer) == [f"已归档，档号{filing.file_number}。"]
    steps = answer.context["item"].steps()
    assert (steps[4].state, steps[4].lines[0]) == ("done", filing.file_number)
