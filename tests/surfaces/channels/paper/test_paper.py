"""What is printed of an item: the words of its public record, for whoever may read it."""

import io
from datetime import UTC, date, datetime
from urllib.parse import unquote

import pypdfium2
import pytest
from django.urls import reverse
from tests.surfaces.board.office import address
from tests.surfaces.board.test_hastened import DECIDED, TOLD
from tests.surfaces.desk.conftest import entered

from gongkai.surfaces.board import houses
from gongkai.surfaces.channels.paper import notice, queries, wall
from gongkai.surfaces.reach import workflow as reach

pytestmark = pytest.mark.django_db
HOME = "/desk/paper/"
WALL = {"channels": ["wall"]}
TITLE = "关于今冬明春农田水利设施维修养护工作的决定"
LONG = (
    "<h2>一、管护责任</h2><p>𠮷家湾、㐂鹊沟由受益村管护。</p><table><caption>设施表</caption><thead>"
    "<tr><th>序号</th><th>设施</th></tr></thead><tbody>"
    + "".join(f"<tr><td>{n}</td><td>第{n}处渠道</td></tr>" for n in range(1, 61))
    + "</tbody></table>"
)


@pytest.fixture
def clerk(officer):
    return entered(officer("组织干事"))


def path(name, *args):
    return reverse(f"paper:{name}", args=args)


def pages(made: bytes) -> list[str]:
    """The words of each page, without blanks and broken lines."""
    document = pypdfium2.PdfDocument(io.BytesIO(made))
    return ["".join(page.get_textpage().get_text_range().split()) for page in document]


def test_an_item_is_printed_as_a_document_in_the_same_bytes_each_time(office, clerk, qingxi):
    files = [{"title": "设施明细表.xlsx", "digest": "ab" * 32, "size": 9, "extension": "xlsx"}]
    record = office.release(address(1), body=LONG, attachments=files)
    office.go()
    answer = clerk.get(path("document", address(1)))
    assert answer["Content-Type"] == "application/pdf"
    assert answer.content == clerk.get(path("document", address(1))).content
    told = pages(answer.content)
    whole = "".join(told)
    assert sum(page.count("序号设施") for page in told) > 1
    for expected in (
        TITLE,
        "中共青溪镇委员会",
        "青委发〔2026〕41号",
        "𠮷家湾、㐂鹊沟",
        "附件：1.设施明细表（XLSX）",
        "中共青溪镇委员会2026年11月10日",
        "青委公审〔2026〕第118号",
        f"公开编号：{'青溪-JC-2026-12'}",
        record.digest,
        "不等同于电子公章",
    ):
        assert expected in whole


def test_members_alone_print_what_is_for_members_and_nothing_of_it_hangs(office, clerk, officer):
    office.release(address(2), audience={"org:qingxi"}, title="只给成员的安排")
    office.release(address(3), audience={"org:elsewhere"}, organisation="elsewhere")
    office.go()
    told = "".join(pages(clerk.get(path("document", address(2))).content))
    assert "只给成员的安排" in told
    assert "请不要转发到外面" in told
    for name, *args in (
        ("sheet", address(2), "a3"),
        ("document", address(3)),
        ("document", address(4)),
        ("sheet", address(4), "a3"),
    ):
        assert clerk.get(path(name, *args)).status_code == 404


def test_a_sheet_for_the_wall_tells_period_codes_and_telephones(office, clerk):
    office.release(
        address(5), kind="notice", title="关于拟接收预备党员的公示", body="<p>现予公示。</p>"
    )
    office.release(address(6), body=LONG * 3)
    office.go()
    (told,) = pages(clerk.get(path("sheet", address(5), "a4")).content)
    for expected in (
        "决策决议",
        "JC-1会议决议",
        "公示期：2026年11月23日至11月27日",
        "共5个工作日",
        "0000-6600101",
        "看全文核对真伪提意见",
        "第1张，共1张",
    ):
        assert expected in told
    office.release(address(7), body=f"<p>{'逐座塘坝落实管护责任人。' * 150}</p>")
    office.go()
    for number, begins in ((6, "一、管护责任"), (7, "逐座塘坝落实管护责任人。……")):
        (told,) = pages(clerk.get(path("sheet", address(number), "a3")).content)
        assert begins in told
        assert "全文请扫“看全文”的二维码" in told
    assert clerk.get(path("sheet", address(6), "a5")).status_code == 404


def test_what_cannot_be_printed_is_named_and_what_is_withdrawn_is_not_printed(office, clerk):
    office.release(address(7), title="开会\U0001f600", **WALL)
    office.release(address(8))
    office.withdraw(address(8))
    office.go()
    assert clerk.get(path("document", address(8))).status_code == 404
    assert clerk.get(path("sheet", address(8), "a4")).status_code == 404
    answer = clerk.get(path("document", address(7)), follow=True)
    assert "U+1F600" in answer.content.decode()


def test_what_was_hurried_says_so_on_paper_and_gets_another_sheet_once_decided(office, clerk):
    office.release(address(9), emergency=TOLD, opened_at="2026-11-23T01:40:00Z", **WALL)
    office.go()
    for name, *size in (("sheet", "a3"), ("document",)):
        told = "".join(pages(clerk.get(path(name, address(9), *size)).content))
        assert "紧急公开，待补审" in told
        assert "应当在2026年11月24日以前由另一个人补审" in told
    decided = DECIDED | {"decided_at": "2026-12-01T01:00:00Z", "outcome": "confirmed"}
    body = {"format": "gongkai-emergency/1", "edition": 1, **TOLD, **decided}
    office.record("emergency", address(9), {"public"}, body)
    office.go()
    told = "".join(pages(clerk.get(path("sheet", address(9), "a3")).content))
    assert "纪委书记在2026年12月1日9:00补审通过" in told
    assert plan(date(2026, 11, 23)) == {"JC-1": ([TITLE], [], [])}
    assert plan(date(2026, 11, 30)) == {"JC-1": ([], [TITLE], [])}
    assert plan(date(2026, 12, 1)) == {"JC-1": ([TITLE], [], [(TITLE, "decided")])}


def plan(day: date) -> dict[str, tuple[list[str], list[str], list[tuple[str, str]]]]:
    house = houses.town().house("qingxi")
    made = wall.plan(house, house.charter, wall.monday_of(day), day)
    return {
        slot.box.key: (
            [each.title for each in slot.up],
            [each.title for each in slot.stays],
            [(each.title, each.why) for each in slot.down],
        )
        for slot in made.slots
        if slot.up or slot.stays or slot.down
    }


def test_the_wall_holds_what_invites_comments_and_the_newest_of_each_box(
    office, officer, time_machine
):
    def opened(day: datetime, subject: str, title: str, **more) -> None:
        time_machine.move_to(day, tick=False)
        office.release(subject, title=title, opened_at=f"{day:%Y-%m-%dT%H:%M:%SZ}", **WALL | more)
        office.go()

    first, second, third = (datetime(2026, 11, day, 4, tzinfo=UTC) for day in (23, 24, 30))
    opened(first, address(10), "甲")
    opened(first, address(11), "不上墙", channels=["website"])
    opened(second, address(12), "乙")
    opened(second, address(13), "别的盒", box="JC-2")
    answer = entered(officer("组织干事")).get(HOME)
    assert [hung.title for hung in answer.context["plan"].up] == ["乙", "甲", "别的盒"]
    assert "贴上3件" in answer.content.decode()
    assert plan(date(2026, 11, 23))["JC-1"] == (["甲"], [], [])
    opened(third, address(14), "公示", kind="notice")
    opened(third, address(15), "丙")
    assert plan(date(2026, 11, 30)) == {
        "JC-1": (["丙", "公示"], [], [("乙", "newer"), ("甲", "newer")]),
        "JC-2": ([], ["别的盒"], []),
    }
    clerk = entered(officer("组织干事"))
    told = pages(clerk.get(path("checklist")).content)
    assert "取下2件，贴上2件" in told[0]
    assert "文件盒标签" in told[-1]
    for wrong in ("x", "2026-13-01", "9999-12-31", "1000-01-01"):
        assert clerk.get(HOME, {"week": wrong}).status_code == 404
    opened(datetime(2026, 12, 8, 4, tzinfo=UTC), address(15), "丙改", note="改了数字。")
    assert plan(date(2026, 12, 8))["JC-1"] == (["丙改"], ["公示"], [("丙", "replaced")])
    office.withdraw(address(14), title="公示", at="2026-12-08T02:00:00Z")
    office.go()
    changed = plan(date(2026, 12, 8))["JC-1"]
    assert changed == (["丙改", "乙"], [], [("丙", "replaced"), ("公示", "withdrawn")])
    assert plan(date(2026, 12, 30))["JC-1"] == ([], [], [("丙改", "over")])


@pytest.mark.parametrize("count", [1, 3])
def test_the_plan_costs_the_same(office, count, django_assert_num_queries):
    for n in range(count):
        office.release(address(30 + n), title=f"第{n}件", **WALL)
    office.go()
    house = houses.town().house("qingxi")
    with django_assert_num_queries(6):
        made = wall.plan(house, house.charter, date(2026, 11, 23), date(2026, 11, 26))
    assert len(made.up) == min(count, 2)


def test_a_single_sheet_says_at_which_place_it_hangs(office, clerk, officer, qingxi):
    office.release(address(1), body="<p>正文。</p>", **WALL)
    office.go()
    spot = reach.name_spot(officer=officer("党政办主任"), name="石桥村村口")
    sheet = path("sheet", address(1), "a4")
    item, house = queries.public_item(address(1)), houses.town().house("qingxi")
    for asked, mark in (({}, "w"), ({"at": spot.mark}, spot.mark)):
        assert clerk.get(sheet, asked).content == notice.notice(item, house, "a4", mark)
    assert clerk.get(sheet).content != clerk.get(sheet, {"at": spot.mark}).content
    assert "石桥村村口" in unquote(clerk.get(sheet, {"at": spot.mark})["Content-Disposition"])
    week = {"week": "2026-11-23", "at": spot.mark}
    large = path("sheet", address(1), "a3")
    assert f'href="{large}?at={spot.mark}"' in clerk.get(HOME, week).content.decode()
    reach.end_spot(officer=officer("党政办主任"), spot=spot)
    for wrong in (spot.mark, "zz"):
        assert clerk.get(sheet, {"at": wrong}).status_code == 404
