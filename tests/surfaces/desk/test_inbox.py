"""One list over all steps: what waits for a post, by when, overdue first; what it costs."""

from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from tests.surfaces.desk.conftest import entered

from gongkai.foundation.ledger.workflow import SYSTEM
from gongkai.foundation.organisations import workflow as organisations
from gongkai.foundation.organisations.models import Tenure
from gongkai.foundation.organisations.queries import post
from gongkai.procedure.feedback import workflow as feedback
from gongkai.procedure.feedback.states import CaseKind
from gongkai.procedure.publication import workflow as publication
from gongkai.procedure.publication.plans import Step
from gongkai.procedure.review import queries as reviews
from gongkai.procedure.review import workflow as review
from gongkai.surfaces.desk import inbox, rail

pytestmark = pytest.mark.django_db
MONDAY = datetime(2026, 11, 23, 1, 40, tzinfo=UTC)
HOME = "/desk/"


@pytest.fixture(autouse=True)
def monday():
    with time_machine.travel(MONDAY, tick=False):
        yield


def told(client) -> list[tuple[str, str, str, str]]:
    """Heading, title, sentence and act of everything in the inbox."""
    groups = client.get(HOME).context["groups"]
    return [(g.name, t.title, t.say, t.act) for g in groups for t in g.tasks]


def test_a_draft_waits_for_its_proposer(walk, at):
    walk("三会一课")
    assert told(at("组织干事")) == [("以后", "三会一课", "草稿还没有送审。", "接着写")]
    assert told(at("团委书记")) == []


def test_personal_data_in_an_item_is_for_now_and_anything_else_for_its_day(walk, at, voice):
    item = walk("三会一课").disclosure
    for ground in ("outdated", "privacy"):
        voice(item, "有问题", kind=CaseKind.PROBLEM, ground=ground)
    assert [each[:2] for each in told(at("党政办主任"))] == [
        ("马上要办", "泄露个人信息：有问题"),
        ("以后", "内容过时：有问题"),
    ]


def test_a_returned_draft_tells_why(walk, at, officer):
    item = walk("三会一课").submitted()
    under = reviews.open_review(item.disclosure)
    review.return_draft(review=under, officer=officer("党政办主任"), reason="户数不对")
    assert told(at("组织干事")) == [
        ("以后", "三会一课", "党政办主任退回修改：户数不对", "照意见改")
    ]


def test_a_draft_goes_over_to_whoever_holds_the_post(walk, at, qingxi, party_member, officer):
    walk("三会一课")
    organisations.hand_over(
        post=post(qingxi, "organiser"), to=party_member, on=date(2026, 11, 23), by=SYSTEM
    )
    assert [title for _, title, _, _ in told(at("组织干事"))] == ["三会一课"]


def test_a_review_waits_at_the_posts_of_its_stage(walk, at):
    item = walk("三会一课").submitted()
    assert told(at("党政办主任")) == [
        ("本周到期", "三会一课", "组织干事11月23日送审，等您办“责任部门负责人审核”。", "审核")
    ]
    assert told(at("党委书记")) == []
    item.passed("党政办主任", "党委副书记", "党委书记")
    assert told(at("党委书记")) == [
        ("本周到期", "三会一课", "组织干事11月23日送审，各级都已通过，等您盖章。", "盖章")
    ]


def test_what_is_sealed_waits_for_its_plan_and_then_only_informs(walk, at, officer):
    item = walk("三会一课").sealed()
    seal = item.edition.seal_number
    assert told(at("党政办主任")) == [
        ("以后", "三会一课", f"已盖章封存（{seal}），还有公开的步骤没有安排。", "安排公开")
    ]
    publication.schedule(
        edition=item.edition,
        officer=officer("党政办主任"),
        steps=[
            Step("A3", opens_at=MONDAY + timedelta(days=2)),
            Step("A1", opens_at=MONDAY + timedelta(days=3)),
        ],
    )
    assert told(at("党政办主任")) == [
        ("已经安排好，到时自动公开", "三会一课", "11月25日9:40在本镇党员干部中公开。", "查看"),
        ("已经安排好，到时自动公开", "三会一课", "11月26日9:40向社会公开。", "查看"),
    ]
    assert at("党政办主任").get(HOME).context["count"] == 0


def test_an_opening_that_did_not_come_is_pressing(walk, at):
    walk("三会一课").planned()
    with time_machine.travel(MONDAY + timedelta(hours=1)):
        assert [(name, say) for name, _, say, _ in told(at("党政办主任"))] == [
            (
                "马上要办",
                "“在本镇党员干部中公开”该在11月23日9:40公开，还没有公开。请看看后台程序是不是停了。",
            ),
            (
                "马上要办",
                "“向社会公开”该在11月23日9:40公开，还没有公开。请看看后台程序是不是停了。",
            ),
        ]


def test_a_voice_waits_for_whoever_has_the_next_act(voice, at, officer, qingxi):
    case = voice(text="水渠几时修好？我的电话13912345678")
    assert told(at("党政办主任")) == [
        (
            "以后",
            "意见：水渠几时修好？我的电话139****5678",
            "2026-1号，等您分给一个岗位办。",
            "分办",
        )
    ]
    feedback.assign(case=case, officer=officer("党政办主任"), post=post(qingxi, "finance"))
    assert [say for _, _, say, _ in told(at("财政所长"))] == [
        "2026-1号，分给了财政所长，等您答复。"
    ]
    assert told(at("党政办主任")) == []
    case.refresh_from_db()
    feedback.answer(case=case, officer=officer("财政所长"), text="年底前。", outcome="planned")
    assert [say for _, _, say, _ in told(at("党委副书记"))] == [
        "2026-1号，财政所长写了答复，等您审定。"
    ]
    with time_machine.travel(MONDAY + timedelta(days=9)):
        assert [name for name, _, _, _ in told(entered(officer("党委副书记")))] == ["已经逾期"]


def test_what_can_be_filed_waits_for_whoever_files(walk, at):
    walk("三会一课").opened()
    assert told(at("党政办主任")) == [
        ("没有定期限", "三会一课", "都已公开，意见都已答复，可以归档。", "归档")
    ]
    assert told(at("党委副书记")) == []


def test_an_erasure_waits_for_the_second_person_alone(walk, at, officer):
    item = walk("误发的名单").opened()
    publication.ask_erasure(
        disclosure=item.disclosure, officer=officer("纪委书记"), reason="法院决定书"
    )
    assert told(at("党委书记")) == [
        ("马上要办", "误发的名单", "纪委书记申请清除，要您确认：法院决定书", "看申请")
    ]
    assert told(at("纪委书记")) == []


def test_vacant_posts_wait_for_the_administrator(at, officer):
    client, youth = at("党政办信息员"), officer("团委书记")
    assert told(client) == []
    organisations.end_tenure(
        tenure=Tenure.objects.get(member=youth.member), on=date(2026, 11, 22), by=SYSTEM
    )
    assert told(client) == [
        (
            "没有定期限",
            "“团委书记”没有人担任",
            "空着的岗位不能办事。登记由谁担任以后，权限当天生效。",
            "登记",
        )
    ]


def test_the_page_counts_in_words_and_leads_with_what_is_late(voice, at):
    voice(text="甲")
    with time_machine.travel(MONDAY + timedelta(days=8)):
        voice(text="乙")
        page = at("党政办主任").get(HOME)
        text = page.content.decode()
        assert "今天是2026年12月1日，星期二。有2件事等您。<b>1件已经逾期。</b>" in text
        assert [group.name for group in page.context["groups"]] == ["已经逾期", "以后"]


def test_nothing_waits(at):
    text = at("纪委委员").get(HOME).content.decode()
    assert "没有事等您。" in text
    assert "都办完了" in text


def test_another_organisation_waits_for_its_own(walk, voice, at, shiqiao):
    walk().submitted()
    voice()
    assert told(at("村文书", shiqiao)) == []


@pytest.mark.parametrize("who", ["member", "stranger"])
def test_the_desk_is_for_posts(who, client, party_member, signed_in):
    if who == "member":
        assert signed_in(party_member).get(HOME).status_code == 403
    else:
        assert client.get(HOME)["Location"] == f"{reverse('account_login')}?next=/desk/"


# -- cost ------------------------------------------------------------------------------------------


def stock(walk, voice, many):
    """``many`` of everything that can wait for 党政办主任."""
    for n in range(many):
        walk(f"在审{n}").submitted()
        walk(f"封存{n}").sealed()
        item = walk(f"已安排{n}").sealed()
        publication.schedule(
            edition=item.edition,
            officer=item.officer("党政办主任"),
            steps=[Step("A3", opens_at=MONDAY + timedelta(days=1))],
        )
        walk(f"已公开{n}").opened()
        voice(text=f"意见{n}")


@pytest.mark.parametrize("many", [1, 3])
def test_the_inbox_costs_the_same_for_one_and_three(
    many, walk, voice, at, django_assert_num_queries
):
    stock(walk, voice, many)
    client = at("党政办主任")
    client.get(HOME)
    with django_assert_num_queries(26):
        assert len(client.get(HOME).context["groups"]) >= 3


@pytest.mark.skipif("connection.vendor != 'sqlite'", reason="reads SQLite's own plan")
def test_no_step_of_the_inbox_reads_a_whole_table(walk, voice, officer):
    """Each query starts from an index, but for the few rows that hold the organisation itself."""
    stock(walk, voice, 3)
    with CaptureQueriesContext(connection) as asked:
        inbox.tasks(officer("党政办主任"))
    scanned = set()
    with connection.cursor() as cursor:
        for query in asked.captured_queries:
            cursor.execute(f"EXPLAIN QUERY PLAN {query['sql']}")
            scanned |= {row[3] for row in cursor.fetchall() if row[3].startswith("SCAN ")}
    small = ("organisations_", "catalogue_", "(", "U")
    large = {step for step in scanned if not step.removeprefix("SCAN ").startswith(small)}
    assert {step for step in large if "USING" not in step} == set()


@pytest.mark.skipif("connection.vendor != 'sqlite'", reason="reads SQLite's own plan")
def test_what_is_in_hand_is_not_looked_for_among_all_that_is_done(walk, voice, officer):
    """An organisation's items are reached by their marks, its voices by their state."""
    stock(walk, voice, 3)
    with CaptureQueriesContext(connection) as asked:
        desk = rail.Desk(officer("党政办主任"))
        assert (len(desk.tasks), desk.counts["publish"]) == (18, 6)
    steps = set()
    with connection.cursor() as cursor:
        for query in asked.captured_queries:
            cursor.execute(f"EXPLAIN QUERY PLAN {query['sql']}")
            steps |= {row[3] for row in cursor.fetchall()}
    reached = {step.split("USING ")[1] for step in steps if "(organisation_id=?" in step}
    assert {each for each in reached if "proposals_" in each or "feedback_" in each} == set()
    assert {
        "INDEX disclosures_to_arrange (organisation_id=?)",
        "INDEX disclosures_to_file (organisation_id=?)",
        "INDEX cases_by_state (organisation_id=? AND state=?)",
    } <= reached
