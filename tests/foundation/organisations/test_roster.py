"""The roster: read by cell, all or nothing, and again without effect."""

import io
import zipfile
from contextlib import suppress
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook

from gongkai.foundation.core.errors import Refused
from gongkai.foundation.ledger.models import Act
from gongkai.foundation.ledger.workflow import SYSTEM
from gongkai.foundation.organisations import enrolling, queries, roster, workflow
from gongkai.foundation.organisations.models import Account, Member, Tenure

HEADS = ["姓名", "党员", "用户名", "电子邮箱", "岗位", "从哪天起"]
SINCE = date(2026, 11, 1)


def sheet(*rows, heads=HEADS) -> bytes:
    """The bytes of a roster with these rows."""
    book = Workbook()
    for row in [heads, *rows]:
        book.active.append(row)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def bring(organisation, *rows, by=SYSTEM, heads=HEADS):
    return enrolling.import_members(
        organisation=organisation, roster=roster.read(sheet(*rows, heads=heads)), by=by
    )


def refusal(organisation, *rows, by=SYSTEM, heads=HEADS) -> list[str]:
    before = Member.objects.count(), Account.objects.count(), Tenure.objects.count()
    with pytest.raises(Refused) as refused:
        bring(organisation, *rows, by=by, heads=heads)
    assert (Member.objects.count(), Account.objects.count(), Tenure.objects.count()) == before
    return refused.value.obstacles


@pytest.fixture
def vacant(qingxi):
    """青溪镇 with three posts that nobody holds from November."""
    names = ("组织干事", "团委书记", "财政所长")
    for tenure in Tenure.objects.filter(post__name__in=names):
        workflow.end_tenure(tenure=tenure, on=date(2026, 10, 31), by=SYSTEM)
    return qingxi


def test_members_accounts_and_posts_are_brought_in_together(vacant):
    imported = bring(
        vacant,
        ["甲", "是", "jia", "jia@example.org", "组织干事、团委书记", SINCE],
        ["乙", "否", "", "", "财政所长", "2026年11月1日"],
        ["丙", "", 1234, None, "", ""],
    )
    assert [member.name for member in imported.members] == ["甲", "乙", "丙"]
    assert [member.name for member in imported.accounts] == ["甲", "丙"]
    assert (imported.appointed, imported.amended) == (3, 0)
    jia = queries.officer_of(Member.objects.get(name="甲"), SINCE)
    assert jia.post_names == "组织干事、团委书记"
    assert (jia.member.party, jia.member.account.email) == (True, "jia@example.org")
    assert not jia.member.account.has_usable_password()
    assert Account.objects.filter(username="1234").exists()
    act = Act.objects.get(verb="member.import")
    assert act.facts["members"] == [member.key for member in imported.members]
    assert "甲" not in str(act.facts)


def test_the_same_roster_again_changes_nothing(vacant):
    rows = [
        ["甲", "是", "jia", "jia@example.org", "组织干事", SINCE],
        ["乙", "否", "", "", "财政所长", SINCE],
    ]
    bring(vacant, *rows)
    acts = Act.objects.count()
    assert not bring(vacant, *rows).changed
    assert Act.objects.count() == acts


def test_a_later_roster_corrects_and_an_empty_cell_does_not(vacant):
    bring(vacant, ["甲", "是", "jia", "jia@example.org", "", ""])
    assert not bring(vacant, ["甲", "", "jia", "", "", ""]).changed
    assert not bring(vacant, ["甲"], heads=["姓名"]).changed
    assert bring(vacant, ["甲", "否", "", "new@example.org", "", ""]).amended == 1
    jia = Member.objects.get(name="甲")
    assert (jia.party, jia.account.email) == (False, "new@example.org")


def test_every_mistake_is_named_by_its_cell(vacant):
    assert refusal(
        vacant,
        ["甲", "也许", "ji a", "jia@", "组织干市", "2026-13-01"],
        ["", "是", "", "", "村支书记长", ""],
        ["乙\x7f".replace("\x7f", "\u200b"), "是", "", "yi@example.org", "党委书记", ""],
        ["丙" * 61, "是", "", "", "团委书记、财政所长", ""],
        ["丁", "是", "ding", "", "团委书记", ""],
        ["丁", "是", "DING", "", "", ""],
    ) == [
        "B2：请填“是”或“否”，不能填“也许”。",
        "C2：用户名不能空着，也不能有空格。可以用汉字、字母和数字。",
        "D2：“jia@”不像一个邮箱。请核对。",
        "E2：没有“组织干市”这个岗位，最接近的是“组织干事”。",
        "F2：“2026-13-01”不是日期。请写成2026年11月23日。",
        "A3：姓名没有填。",
        "A4：有看不见的控制字符。请重新输入，不要粘贴。",
        "A5：姓名太长了，最多60个字。",
        "E5：“团委书记”填给了两个人。一个岗位同时只能由一人担任。",
        "A6：名册里有2位丁。同名的人都要填用户名，才分得清。",
        "C6：用户名“ding”填了两次。请换一个。",
        "E6：“团委书记”填给了两个人。一个岗位同时只能由一人担任。",
        "A7：名册里有2位丁。同名的人都要填用户名，才分得清。",
        "C7：用户名“DING”填了两次。请换一个。",
    ]


def test_mistakes_that_only_the_organisation_shows(vacant, shiqiao):
    workflow.make_account(member=Member.objects.get(name="村文书"), username="wenshu", by=SYSTEM)
    for _n in range(2):
        workflow.make_member(organisation=vacant, name="王芳", by=SYSTEM)
    bring(vacant, ["甲", "", "jia", "", "", ""])
    assert refusal(
        vacant,
        ["新来的", "", "WenShu", "", "", ""],
        ["新来的人", "", "jia", "", "党委书记", ""],
        ["王芳", "", "", "", "", ""],
        ["甲", "", "jia2", "", "村文书", ""],
        ["团委书记", "", "", "t@example.org", "", ""],
    ) == [
        "C2：用户名“WenShu”已经有人用了。请换一个。",
        "C3：用户名“jia”已经有人用了。请换一个。",
        "E3：“党委书记”从2020年1月1日起由党委书记担任。换人请在办公台上移交。",
        "A4：本单位有2位王芳，分不清是哪一位。请填各人的用户名，或在办公台上登记。",
        "C5：本单位的甲已有账号“jia”。同名的另一位请在办公台上单独添加。",
        "E5：没有“村文书”这个岗位。请照实施办法里的名称写。",
        "D6：有邮箱却没有用户名。请填用户名，或把邮箱空着。",
    ]


def test_another_organisations_administrator_may_not(vacant, village_clerk, office):
    assert refusal(vacant, ["甲"], by=village_clerk) == [
        "这是中共青溪镇委员会的事，只能由它自己的“党政办主任”登记。"
    ]
    assert bring(vacant, ["甲"], by=office).changed


def test_headings_may_be_in_any_order_and_are_checked(vacant):
    bring(vacant, ["组织干事", "甲"], heads=["岗位", "姓名"])
    assert queries.officer_of_post(vacant, "organiser", queries.today(vacant)).member.name == "甲"
    assert refusal(vacant, ["甲"], heads=["姓名", "用户民", "地址", "姓名"]) == [
        "B1：没有“用户民”这一列，最接近的是“用户名”。",
        "C1：没有“地址”这一列。请删掉它。",
        "D1：“姓名”这一列有两个。请删掉一个。",
    ]
    assert refusal(vacant, ["甲"], heads=["名"]) == [
        "A1：没有“名”这一列，最接近的是“姓名”。",
        "A1：第一行要有“姓名”这一列。请用空白名册的表头。",
    ]


def test_an_empty_roster_is_told(vacant):
    assert refusal(vacant) == ["A2：名册是空的。请从第2行起，一行填一人。"]
    assert refusal(vacant, heads=[]) == ["A1：第一行要有“姓名”这一列。请用空白名册的表头。"]


def bomb() -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("xl/workbook.xml", b"0" * (roster.LARGEST_UNPACKED + 1))
    return stream.getvalue()


UNREADABLE = "读不出这个文件。请用表格软件另存为 .xlsx（不加密、不带宏），再传一次。"


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", UNREADABLE),
        ("姓名,岗位".encode("gb18030"), UNREADABLE),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" * 100, UNREADABLE),
        (sheet(["甲"])[:-400], UNREADABLE),
        (b"x" * (roster.LARGEST_FILE + 1), "文件太大了。名册最多5 MB，请去掉图片和别的表。"),
        (bomb(), "文件展开以后太大了。请把名册复制到一个新文件里，再传一次。"),
    ],
)
def test_what_is_no_roster_is_refused_in_a_sentence(data, words):
    with pytest.raises(Refused) as refused:
        roster.read(data)
    assert refused.value.obstacles == [words]


@given(st.binary(max_size=300), st.integers(0, 4000))
def test_a_damaged_file_never_breaks(noise, place):
    data = sheet(["甲", "是"])
    place %= len(data)
    with suppress(Refused):
        roster.read(data[:place] + noise + data[place + len(noise) :])


def test_a_roster_that_is_too_long_is_refused():
    rows = [["甲"]] * (roster.MOST_ROWS + 1)
    with pytest.raises(Refused) as refused:
        roster.read(sheet(*rows))
    assert refused.value.obstacles == ["表太长了，一次最多5000人。请分成几个文件。"]


def test_the_blank_sheet_is_a_roster_with_every_heading(vacant):
    data = roster.blank([post.name for post in queries.posts(vacant)])
    book = load_workbook(io.BytesIO(data))
    assert [cell.value for cell in book.worksheets[0][1]] == HEADS
    notes = [row[0].value for row in book.worksheets[1].iter_rows()]
    assert notes[-8:] == [post.name for post in queries.posts(vacant)]
    assert [str(mistake) for mistake in roster.read(data).mistakes] == [
        "A2：名册是空的。请从第2行起，一行填一人。"
    ]


@pytest.mark.parametrize("many", [1, 3])
def test_comparing_costs_the_same_for_one_and_three(many, vacant, django_assert_num_queries):
    from gongkai.foundation.organisations.enrolment import Comparison

    read = roster.read(sheet(*[[f"某人{n}", "", f"u{n}", "", "", ""] for n in range(many)]))
    with django_assert_num_queries(4):
        assert Comparison(vacant, read, SINCE).mistakes == []


def test_a_big_roster_is_quick(vacant, django_assert_max_num_queries):
    rows = [[f"某人{n}", "是", f"user{n}", "", "", ""] for n in range(1000)]
    with django_assert_max_num_queries(60):
        assert len(bring(vacant, *rows).accounts) == 1000
