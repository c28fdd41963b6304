"""Begin, edit, attach, submit, drop: each whole or not at all, each refusal in sentences."""

import io

import pytest

from gongkai.foundation.core import clock
from gongkai.foundation.core.errors import Conflict, Refused
from gongkai.foundation.files import workflow as files
from gongkai.foundation.ledger.models import Act
from gongkai.procedure.catalogue.queries import entry
from gongkai.procedure.proposals import queries, workflow
from gongkai.procedure.proposals.models import Disclosure, Draft, DraftFile, Submission

from ...foundation.files import made
from ..editions import MEMBERS, PUBLIC, planned


def refused(verb, **given):
    with pytest.raises(Refused) as refusal:
        verb(**given)
    return refusal.value.obstacles


def kept(data=b"", name="x"):
    return files.keep(io.BytesIO(data or made.pdf()), name)


def test_a_draft_begins_with_what_the_charter_says(begun, township):
    draft = begun(title="关于水利\u200b设施\n管护的决定", body="甲<script>x</script>")
    disclosure = draft.disclosure
    assert (draft.title, draft.body) == ("关于水利设施 管护的决定", "<p>甲</p>")
    assert (draft.form, draft.plan) == ("daily", planned(MEMBERS, PUBLIC))
    assert draft.channels[0] == "website"
    assert (disclosure.title, disclosure.entry.code, len(disclosure.address)) == (
        draft.title,
        "JC-05",
        10,
    )
    act = Act.objects.get(subject=disclosure.address)
    assert (act.verb, act.actor_label, act.facts) == (
        "draft.begin",
        "组织干事",
        {"post": "组织干事", "draft": 1, "entry": "JC-05"},
    )


@pytest.mark.parametrize(
    ("changes", "obstacles"),
    [
        ({"title": "　"}, ["还没有写标题。"]),
        ({"title": "长" * 2000}, ["标题有2000个字，太长。请写成不超过120个字。"]),
        (
            {"title": "关于\x07的决定"},
            ["标题里有不能显示的字符：第1行第3个字。请删去。"],
        ),
        (
            {"kind": "novel", "form": "gossip", "title": ""},
            [
                "还没有写标题。",
                "文种要从这些里选一个：文件、会议纪要、简报、资料、公示。",
                "公开形式要从这些里选一个：日常式公开、互动式公开、点题式公开、民主日公开。",
            ],
        ),
        (
            {"plan": planned(PUBLIC, MEMBERS)},
            ["先党内后党外：党内的范围要排在向社会公开的前面。"],
        ),
        (
            {"plan": planned(PUBLIC)},
            [
                "“JC-05 党委会议决议、决定（可公开部分）”的公开范围一个也不能少："
                "在本镇党员干部中公开、向社会公开。"
            ],
        ),
        (
            {"plan": planned("A4")},
            [
                "“JC-05 党委会议决议、决定（可公开部分）”的公开范围只能是："
                "在本镇党员干部中公开、向社会公开，每个一次。"
            ],
        ),
        (
            {"plan": planned(MEMBERS, PUBLIC, opens="2020-01-02T01:05:00Z")},
            [
                "“在本镇党员干部中公开”的公开时间2020年1月2日9:05已经过去。"
                "请改成以后的时间，或不填（盖章后安排）。",
                "“向社会公开”的公开时间2020年1月2日9:05已经过去。"
                "请改成以后的时间，或不填（盖章后安排）。",
            ],
        ),
        (
            {"plan": planned(MEMBERS, PUBLIC, opens="明天")},
            [
                "“在本镇党员干部中公开”的公开时间看不懂。请重新选日期和时间。",
                "“向社会公开”的公开时间看不懂。请重新选日期和时间。",
            ],
        ),
        ({"by": "党政办信息员"}, None),
    ],
)
def test_a_draft_that_may_not_begin_leaves_nothing(begun, changes, obstacles):
    with pytest.raises(Refused) as refusal:
        begun(**changes)
    if obstacles is None:
        assert refusal.value.obstacles[0].startswith(
            "您现在的岗位不能提出内容。可以提出的岗位：组织干事、"
        )
    else:
        assert refusal.value.obstacles == obstacles
    assert (Disclosure.objects.count(), Draft.objects.count()) == (0, 0)
    assert not Act.objects.filter(verb="draft.begin").exists()


def test_a_members_item_takes_no_public_channel(begun):
    draft = begun("LZ-02")
    assert draft.plan == planned(MEMBERS)
    assert "website" not in draft.channels
    assert "members-meeting" in draft.channels
    obstacles = refused(begun, code="LZ-02", channels=["wall"])
    assert obstacles == ["这一件不向社会公开，不能用这些渠道：公开栏。请去掉。"]


@pytest.mark.parametrize(
    ("typed", "obstacle"),
    [
        ("JC-5", "最接近的是：JC-05 党委会议决议"),
        ("组织关系接转", "最接近的是：ZZ-09 党员组织关系接转统计"),
    ],
)
def test_an_unknown_entry_names_the_nearest(township, typed, obstacle):
    (said,) = refused(queries.entry_of, organisation=township, code=typed)
    assert said.startswith(f"目录里没有“{typed}”这个事项。")
    assert obstacle in said


def test_an_entry_is_found_as_people_type_it(township):
    assert queries.entry_of(township, " ｊｃ－０５ ").code == "JC-05"
    assert refused(queries.entry_of, organisation=township, code="？？？") == [
        "目录里没有“？？？”这个事项。请按公开目录填写编号。"
    ]


def test_a_disclosure_is_found_as_people_type_it(begun):
    address = begun().disclosure.address
    assert queries.disclosure(f" {address[:5].lower()}-{address[5:]} ").address == address
    assert refused(queries.disclosure, address="没有这一件") == [
        "没有“没有这一件”这一件。请核对地址里的10个字符。"
    ]


def test_an_edit_counts_and_the_second_of_two_is_told(begun, who):
    draft = begun()
    first = workflow.edit(draft=draft, officer=who("组织干事"), edits=0, body="甲")
    assert (first.edits, first.body, first.title) == (1, "<p>甲</p>", draft.title)
    with pytest.raises(Conflict) as conflict:
        workflow.edit(draft=draft, officer=who("团委书记"), edits=0, body="乙")
    assert str(conflict.value) == (
        "别人刚刚改过这份草稿，您的修改没有存。请看最新的稿子，再改一次。"
    )
    draft.refresh_from_db()
    assert (draft.body, draft.edits, len(draft.authors)) == ("<p>甲</p>", 1, 1)


def test_whoever_writes_is_an_author(begun, who):
    draft = begun()
    draft = workflow.edit(draft=draft, officer=who("团委书记"), edits=0, title="另一个标题")
    assert draft.authors == sorted([who("组织干事").member.key, who("团委书记").member.key])
    assert Disclosure.objects.get().title == "另一个标题"


def test_an_edit_that_is_refused_changes_nothing(begun, who):
    draft = begun()
    obstacles = refused(
        workflow.edit, draft=draft, officer=who("组织干事"), edits=0, title="长" * 121, body="乙"
    )
    assert obstacles == ["标题有121个字，太长。请写成不超过120个字。"]
    draft.refresh_from_db()
    assert (draft.body, draft.edits) == ("<p>甲村的水渠由甲村管护。</p>", 0)


def test_another_entry_brings_its_own_scopes(begun, who, township):
    draft = begun()
    other = entry(township, "LZ-02")
    officer = who("组织干事")
    (obstacle, *_rest) = refused(workflow.edit, draft=draft, officer=officer, edits=0, entry=other)
    assert obstacle.startswith("“LZ-02 班子成员述责述廉”的公开范围只能是")
    workflow.edit(
        draft=draft,
        officer=officer,
        edits=0,
        entry=other,
        plan=planned(MEMBERS),
        channels=[],
    )
    assert Disclosure.objects.get().entry == other


@pytest.mark.usefixtures("home")
def test_attachments_keep_their_order_and_do_not_disturb_an_open_editor(begun, who):
    draft, officer = begun(), who("组织干事")
    first = workflow.attach(draft=draft, officer=officer, file=kept(), title="C:\\表\\附表一.pdf")
    second = workflow.attach(
        draft=draft, officer=officer, file=kept(made.PNG), title="../图\n1.png"
    )
    assert [(each.title, each.order) for each in queries.attachments(draft)] == [
        ("附表一", 1),
        ("图1", 2),
    ]
    assert refused(workflow.attach, draft=draft, officer=officer, file=kept(), title="又一次") == [
        "这个文件已经在附件里了。"
    ]
    workflow.edit(draft=draft, officer=officer, edits=0, title="改过的标题")
    workflow.detach(draft=draft, officer=officer, attachment=first)
    assert list(DraftFile.objects.all()) == [second]
    with pytest.raises(Conflict):
        workflow.detach(draft=draft, officer=officer, attachment=first)


def test_a_submission_bears_the_statement(begun, who):
    draft, officer = begun(), who("组织干事")
    submission = workflow.submit(draft=draft, officer=officer)
    draft.refresh_from_db()
    assert draft.statement == {
        "text": "我对所提内容的真实性、准确性、完整性负责，已按规定作保密自查和个人信息自查。",
        "name": officer.member.name,
        "post": "组织干事",
        "at": clock.stamp(draft.submitted_at),
    }
    assert (submission.round, submission.body, submission.particulars["plan"]) == (
        1,
        draft.body,
        planned(MEMBERS, PUBLIC),
    )
    assert refused(workflow.submit, draft=draft, officer=officer) == [
        "已送审，不能再改。要改请先收回，或请审核人退回。"
    ]
    assert Submission.objects.count() == 1


def test_an_unfinished_draft_is_not_submitted(begun, who):
    draft = begun(body="<p> </p>")
    assert refused(workflow.submit, draft=draft, officer=who("组织干事")) == [
        "还没有正文。请写正文，或从文件导入。"
    ]


def test_the_statement_is_that_of_whoever_submits(begun, who):
    draft = begun()
    workflow.submit(draft=draft, officer=who("团委书记"))
    draft.refresh_from_db()
    assert (draft.proposer, draft.statement["post"], len(draft.authors)) == (
        who("团委书记").member,
        "团委书记",
        2,
    )


def test_a_dropped_draft_is_over(begun, who):
    draft, officer = begun(), who("组织干事")
    assert refused(workflow.drop, draft=draft, officer=officer, reason=" ") == [
        "请写明为什么放弃。"
    ]
    workflow.drop(draft=draft, officer=officer, reason="改用另一件")
    assert refused(workflow.edit, draft=draft, officer=officer, edits=0, title="甲") == [
        "这份草稿已经结束（已放弃），不能再改。"
    ]
    assert queries.draft_in_hand(draft.disclosure) is None


@pytest.mark.usefixtures("home")
def test_a_correction_begins_from_what_was_sealed(begun, who):
    draft, officer = begun(), who("组织干事")
    file = kept()
    source = {
        "title": "旧标题",
        "body": "<p>旧</p>",
        "kind": "document",
        "document_number": "",
        "form": "daily",
        "plan": planned(MEMBERS, PUBLIC, opens="2026-01-01T00:00:00Z"),
        "channels": [],
        "attachments": [{"title": "附表", "digest": file.digest}],
    }
    given = {
        "disclosure": draft.disclosure,
        "officer": officer,
        "note": "更正数字",
        "privacy": True,
        "corrects": "0" * 64,
        "source": source,
    }
    assert refused(workflow.revise, **given) == [
        "这一件已有一份没有办完的草稿。请先办完或放弃那一份。"
    ]
    workflow.drop(draft=draft, officer=officer, reason="换一份")
    revised = workflow.revise(**given)
    assert (revised.number, revised.title, revised.plan, revised.privacy) == (
        2,
        "旧标题",
        planned(MEMBERS, PUBLIC),
        True,
    )
    assert [each.title for each in queries.attachments(revised)] == ["附表"]


@pytest.mark.usefixtures("home")
@pytest.mark.parametrize("count", [1, 3])
def test_a_list_of_drafts_costs_the_same(begun, township, count, django_assert_num_queries):
    for _number in range(count):
        begun()
    with django_assert_num_queries(1):
        assert (
            len(
                [
                    (d.title, d.disclosure.entry.code, d.proposer.name)
                    for d in queries.drafts(township, ["writing"])
                ]
            )
            == count
        )
