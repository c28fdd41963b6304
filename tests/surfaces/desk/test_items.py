"""The page of an item: where it stands, what it shows to whom, every act with its obstacles."""

import pytest
from django.contrib.sessions.models import Session
from django.urls import reverse
from tests.procedure.acknowledgements.conftest import confirming
from tests.remembered import Rows, everything

from gongkai.foundation.core import clock
from gongkai.procedure.acknowledgements import jobs
from gongkai.procedure.acknowledgements.models import Acknowledgement
from gongkai.procedure.acknowledgements.workflow import confirm
from gongkai.procedure.publication import workflow as publication
from gongkai.procedure.publication.plans import Step
from gongkai.procedure.review import queries as reviews
from gongkai.procedure.review import workflow as review

from .conftest import BODY

pytestmark = pytest.mark.django_db
PHONE = BODY + "<p>联系电话138<strong>0013</strong>2046，或者13800132046。</p>"
STATES = ("begun", "submitted", "sealed", "planned", "opened")


def taken(item, state):
    if state != "begun":
        getattr(item, state)()
    return item


def acts(client, item) -> dict[str, list[str]]:
    """Each act of the item's page with why not; empty when it can be done."""
    return {act.label: list(act.obstacles) for act in client.get(item.page()).context["item"].acts}


def free(client, item) -> list[str]:
    return [label for label, obstacles in acts(client, item).items() if not obstacles]


# -- acts ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("state", "post", "may"),
    [
        ("begun", "组织干事", ["修改", "检查", "送审", "放弃这份草稿"]),
        ("begun", "党政办主任", []),
        (
            "submitted",
            "党政办主任",
            ["通过，交给党委副书记或纪委书记", "退回修改", "请会签", "写批注"],
        ),
        ("submitted", "组织干事", ["请会签", "收回"]),
        ("submitted", "党委书记", ["紧急公开", "申请清除"]),
        ("begun", "党委书记", ["申请清除"]),
        ("sealed", "党政办主任", ["安排公开"]),
        ("sealed", "组织干事", ["更正"]),
        ("sealed", "党委书记", ["申请清除"]),
        ("planned", "党政办主任", []),
        ("opened", "党政办主任", ["归档"]),
        ("opened", "党委副书记", ["撤回"]),
        ("opened", "纪委书记", ["申请清除"]),
    ],
)
def test_who_may_do_what_at_each_step(state, post, may, walk, at):
    assert free(at(post), taken(walk(), state)) == may


def test_an_act_that_cannot_be_done_says_why_and_who_can(walk, at):
    item = walk().submitted()
    assert acts(at("党委书记"), item) == {
        "通过，交给党委副书记或纪委书记": [
            "现在轮到“责任部门负责人审核”（党政办主任），不轮到您。"
        ],
        "加盖审核章": [
            "审核还没有全部通过，不能盖章。现在轮到“责任部门负责人审核”（党政办主任）。"
        ],
        "退回修改": ["现在轮到“责任部门负责人审核”（党政办主任），不轮到您。"],
        "收回": ["只有提出人可以收回。请组织干事收回，或在审核时退回。"],
        "紧急公开": [],
        "申请清除": [],
    }
    text = at("党委书记").get(item.page()).content.decode()
    assert text.count('aria-disabled="true"') == 4


def test_the_last_stage_passes_to_the_seal(walk, at):
    item = walk().submitted().passed("党政办主任", "党委副书记")
    assert free(at("党委书记"), item) == [
        "通过，请党委书记盖章",
        "退回修改",
        "请会签",
        "写批注",
        "紧急公开",
        "申请清除",
    ]
    item.passed("党委书记")
    assert free(at("党委书记"), item)[:2] == ["加盖审核章", "退回修改"]


def kept() -> Rows:
    """All that the office has written down, but for who is signed in."""
    return {model: rows for model, rows in everything().items() if model is not Session}


@pytest.mark.once
@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("post", ["组织干事", "党政办主任", "党委副书记", "党委书记", "纪委委员"])
def test_what_the_page_refuses_the_address_refuses_too(state, post, walk, at):
    """Skipping a step by its address: the page behind a dashed act is dashed, and posting to it
    changes nothing."""
    item, client = taken(walk(), state), at(post)
    dossier = client.get(item.page()).context["item"]
    may = {act.href for act in dossier.bar if not act.obstacles}
    filled = {"text": "理由", "sure": "on", "stated": "on", "note": "说明"}
    filled |= {"take_A3": "on", "take_A1": "on"}
    before = kept()
    for name in ("pass", "return", "seal", "recall", "submit", "drop", "schedule", "correct",
                 "withdraw", "erase", "confirm-erasure", "file", "edit"):  # fmt: skip
        if item.page(name) in may:
            continue
        answer = client.post(item.page(name), filled)
        assert answer.status_code in (302, 404, 422), name
        if answer.status_code == 302:
            assert answer["Location"] == item.page(), name
    assert kept() == before


# -- what it shows ---------------------------------------------------------------------------------


def test_the_five_steps_tell_dates_and_posts(walk, at):
    item = walk()
    steps = at("组织干事").get(item.page()).context["item"].steps()
    assert [(step.name, step.state) for step in steps] == [
        ("提出内容", "now"),
        ("审核确定", "todo"),
        ("实施公开", "todo"),
        ("处理反馈", "todo"),
        ("归档管理", "todo"),
    ]
    assert steps[0].lines == ["组织干事", "起草"]
    assert steps[4].lines == ["保管永久"]
    item.opened()
    steps = at("组织干事").get(item.page()).context["item"].steps()
    assert [step.state for step in steps] == ["done", "done", "done", "done", "now"]
    assert steps[1].lines[0] == item.edition.seal_number


def test_personal_numbers_are_masked_wherever_the_text_stands(walk, at, officer):
    item = walk("联系13800132046", PHONE).submitted()
    review.return_draft(
        review=reviews.open_review(item.disclosure),
        officer=officer("党政办主任"),
        reason="遮盖13800132046",
    )
    item.draft.refresh_from_db()
    item.submitted()
    pages = [item.page(), item.page("pass"), item.page("changes", 1, 2), "/desk/"]
    pages += [reverse("desk:step", args=["review"])]
    for path in pages:
        text = at("党政办主任").get(path).content.decode()
        assert "13800132046" not in text, path
        assert "138****2046" in text, path
    text = at("党政办主任").get(item.page()).content.decode()
    assert '<mark class="flag" id="b4-4">138****2046</mark>' in text
    assert "0013</strong>2046" not in text


def test_findings_stand_in_the_checks_until_somebody_signs_for_them(walk, at):
    item, client = walk("公示", PHONE).submitted(), at("党政办主任")
    page = client.get(item.page()).context["item"]
    assert [(check.good, check.words) for check in page.checks()] == [
        (True, page.checks()[0].words),
        (True, "公开范围：在本镇党员干部中公开，向社会公开"),
    ]
    assert page.checks()[0].words.startswith("组织干事已作真实性承诺")
    assert [(each.name, [line.state for line in each.lines]) for each in page.findings()] == [
        ("个人信息", ["bad"]),
        ("内容是否齐全", ["hint"]),
    ]
    (line,) = page.findings()[0].lines
    assert line.words == "手机号码138****2046（正文第4段）"
    answer = client.post(line.act.href, {"text": "是办公手机"}, follow=True)
    assert [str(each) for each in answer.context["messages"]] == [
        "已记下您的理由，这一处准予保留。"
    ]
    page = answer.context["item"]
    (line,) = page.findings()[0].lines
    assert (line.state, line.note) == ("ok", "党政办主任核对后准予保留：是办公手机")
    assert "没有挡住审核的发现" in [check.words for check in page.checks()]


def test_the_deadline_shows_its_sum(walk, at):
    item = walk()
    page = at("组织干事").get(item.page())
    limit = page.context["item"].deadline()
    assert limit.length == 5
    text = page.content.decode()
    assert "期限怎么算的" in text
    assert "次日起5个工作日" in text
    item.submitted()
    assert at("组织干事").get(item.page()).context["item"].deadline().due == (
        reviews.open_review(item.disclosure).due_on
    )
    item.passed()
    assert at("组织干事").get(item.page()).context["item"].deadline().due == (
        reviews.open_review(item.disclosure).due_on
    )


def test_the_plan_shows_what_is_arranged_and_what_is_not(walk, at):
    item = walk().planned(Step("A3"))
    plan = at("党政办主任").get(item.page()).context["item"].plan()
    assert [(step.name, step.state) for step in plan] == [
        ("在本镇党员干部中公开", "已安排"),
        ("向社会公开", "还没有安排"),
    ]
    assert [act.label for act in plan[0].acts] == ["改时间", "取消安排"]


def test_versions_carry_seal_and_digest_and_lead_to_the_board(walk, at):
    item = walk().opened()
    text = at("组织干事").get(item.page()).content.decode()
    assert item.edition.seal_number in text
    assert f"sha256:{item.edition.digest}" in text
    assert f'href="http://127.0.0.1:8000/i/{item.address}"' in text
    page = at("组织干事").get(item.page("edition", 1))
    assert "甲村的水渠由甲村管护。" in page.content.decode()
    assert at("组织干事").get(item.page("edition", 2)).status_code == 404


def test_the_story_leads_from_a_resubmission_to_its_changes(walk, at, officer):
    item = walk().submitted()
    review.return_draft(
        review=reviews.open_review(item.disclosure), officer=officer("党政办主任"), reason="改"
    )
    item.draft.refresh_from_db()
    from gongkai.procedure.proposals import workflow as proposals

    item.draft = proposals.edit(
        draft=item.draft,
        officer=officer("组织干事"),
        edits=0,
        body=BODY.replace("甲村管护", "乙村管护"),
    )
    item.submitted()
    story = at("党政办主任").get(item.page()).context["item"].story()
    link = next(event.link for event in story if "第2次送审" in event.text)
    text = at("党政办主任").get(link.href).content.decode()
    assert "<del>由甲村</del><ins>由乙村</ins>" in text
    assert at("党政办主任").get(item.page("changes", 1, 1)).status_code == 404


def test_an_english_reader_finds_the_charters_own_english(walk, at):
    item, client = walk(), at("组织干事")
    client.cookies["gongkai_language"] = "en"
    text = client.get(item.page()).content.decode()
    assert "To the township&#x27;s members and officers" in text
    assert "Decisions" in text
    assert "To the public" in client.get("/desk/new/JC-05/").content.decode()


def test_a_withdrawn_and_an_erased_item_keep_their_page(walk, at, officer):
    item = walk().opened()
    publication.withdraw(
        disclosure=item.disclosure, officer=officer("党委副书记"), reason="附件有误"
    )
    text = at("组织干事").get(item.page()).content.decode()
    assert "附件有误" in text
    erasure = publication.ask_erasure(
        disclosure=item.disclosure, officer=officer("纪委书记"), reason="决定书"
    )
    publication.confirm_erasure(erasure=erasure, officer=officer("党委书记"))
    text = at("组织干事").get(item.page()).content.decode()
    assert "内容已经清除" in text
    assert "甲村" not in text
    assert "这一件已经办完，没有要办的了。" in text
    assert at("组织干事").get(item.page("edition", 1)).status_code == 404


def test_an_item_is_shown_to_whoever_may_look_into_it_and_to_nobody_else(walk, at, shiqiao):
    item = walk().opened()
    assert at("纪委委员").get(item.page()).status_code == 200
    for client in (at("党建办主任"), at("党政办信息员"), at("村文书", shiqiao)):
        for name in ("item", "edit", "pass", "schedule", "correct", "withdraw", "erase", "file"):
            assert client.get(item.page(name)).status_code == 404, name
            if name != "item":
                assert client.post(item.page(name), {}).status_code == 404, name
        assert client.get(item.page("edition", 1)).status_code == 404


@pytest.mark.parametrize("state", STATES)
def test_the_page_costs_a_bounded_number_of_queries(state, walk, at, django_assert_max_num_queries):
    item, client = taken(walk(), state), at("党政办主任")
    client.get(item.page())
    with django_assert_max_num_queries(75):
        client.get(item.page())


@pytest.mark.parametrize("many", [1, 3])
def test_the_page_costs_the_same_for_one_voice_and_three(
    many, walk, voice, at, django_assert_num_queries
):
    item, client = walk().opened(), at("党政办主任")
    for n in range(many):
        voice(item.disclosure, text=f"意见{n}")
    client.get(item.page())
    with django_assert_num_queries(65):
        client.get(item.page())


# -- who has read it -------------------------------------------------------------------------------


def test_only_the_responsible_post_sees_who_has_read(walk, at, qingxi, log, officer):
    confirming(qingxi)
    item = walk().opened()
    log()
    jobs.ask(clock.now())
    row = Acknowledgement.objects.get(member=officer("团委书记").member)
    edition = row.circular.edition
    confirm(member=row.member, address=item.address, digest=edition.digest)
    for post, sees in [("党政办主任", True), ("纪委书记", False), ("党委书记", False)]:
        page, names = at(post).get(item.page()), at(post).get(item.page("readings"))
        assert page.status_code == 200
        assert ("看谁确认了" in page.content.decode()) is sees
        assert names.status_code == (200 if sees else 404)
    body = at("党政办主任").get(item.page("readings")).content.decode()
    assert f"请了{Acknowledgement.objects.count()}人，1人确认" in body
    assert body.index("党委书记</th>") < body.index("团委书记</th>")  # who has not comes first
    rows = at("纪委书记").get("/desk/audit/acts.csv")
    told = b"".join(rows.streaming_content).decode()
    assert "请成员确认阅读" in told
    assert [line for line in told.splitlines() if item.address in line and "团委" in line] == []
