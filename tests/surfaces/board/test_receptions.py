"""The rota of receptions on the board: made of public records, marked late by the day alone."""

import re
from datetime import UTC, datetime
from html import unescape

import pytest
from tests.surfaces.board.office import address, charter_text

from gongkai.surfaces.board import build, jobs, queries, shelves

pytestmark = pytest.mark.django_db
A, B, C = map(address, (1, 2, 3))


def told(office, key, on, state="open", notices=(), **changes):
    """A day as the verbs announce it."""
    body = {
        "format": "gongkai-reception/1",
        "key": key,
        "date": on,
        "state": state,
        "post": "党委副书记",
        "starts": "09:00",
        "ends": "10:00",
        "minutes": 20,
        "slots": 3,
        "place": "一楼接访室",
        "subject": "",
        "result_due": "2026-11-25",
        "notices": [{"kind": "plan", "at": "2026-11-16T01:00:00Z", "reason": ""}, *notices],
        **changes,
    }
    office.record("reception", f"reception:qingxi:{key}", {"public"}, body)


def notice(kind, reason):
    return {"kind": kind, "at": "2026-11-20T01:00:00Z", "reason": reason}


def words(office, name):
    """What a person reads in the main part of a page."""
    page = (office.home.board / name).read_text("utf-8")
    main = page[page.index("<main") : page.index("</main>")]
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", main)).split())


def test_the_rota_is_public_with_its_changes_and_who_can_be_booked(qingxi_board, settings):
    office = qingxi_board
    assert "还没有公布接访日" in words(office, "receptions.html")
    told(office, A, "2026-11-25")
    told(office, B, "2026-12-02", "cancelled", [notice("cancel", "防汛")])
    told(office, C, "2026-12-09", "open", [notice("change", "上午开会")])
    office.go()
    page = words(office, "receptions.html")
    assert "2026年11月25日 星期三 09:00–10:00 党委副书记 一楼接访室 预约这一天" in page
    assert "已取消 原因：防汛" in page
    assert "预约这一天 改过安排：上午开会" in page
    source = (office.home.board / "receptions.html").read_text("utf-8")
    assert f'href="{settings.OFFICE_URL}/say/reception/{A}/"' in source
    assert "约领导接访" in words(office, "wall.html")
    assert f"/say/reception/{B}/" not in source
    assert "11月25日 09:00–10:00 党委副书记 一楼接访室 看安排，预约" in words(office, "index.html")
    english = words(office, "en/receptions.html")
    assert "Deputy Party secretary" in english
    assert "Cancelled Reason: 防汛" in english


def test_results_are_shown_and_a_missing_one_is_late_by_the_day_alone(qingxi_board, time_machine):
    office = qingxi_board
    result = {"held": True, "visits": 3, "persons": 5, "walk_ins": 1, "absent": 0}
    told(office, A, "2026-11-18", result_due="2026-11-23")
    told(
        office, B, "2026-11-11", "held", [notice("result", "")],
        result={**result, "categories": {"FW": 2, "JC": 1}},
    )  # fmt: skip
    told(office, C, "2026-11-04", "missed", [notice("result", "出差")], result={"held": False})
    office.go()
    page = words(office, "receptions.html")
    assert "还没有公布结果 今天截止" in page
    assert "接待3批，5人 服务群众 2，决策决议 1" in page
    assert "没有接访 原因：出差" in page
    time_machine.move_to(datetime(2026, 11, 25, 4, 0, tzinfo=UTC), tick=False)
    jobs.midnight(datetime(2026, 11, 25, 4, 0, tzinfo=UTC))
    assert "还没有公布结果 逾期2个工作日" in words(office, "receptions.html")
    month = words(office, "receptions/2026-11.html")
    assert "逾期" not in month
    assert "接待3批，5人" in month


def test_a_later_announcement_takes_the_place_of_the_one_before(qingxi_board):
    office = qingxi_board
    told(office, A, "2026-11-25")
    office.go()
    told(office, A, "2026-11-25", "open", [notice("change", "装修")], place="二楼会议室")
    office.go()
    for name in ("receptions.html", "receptions/2026-11.html"):
        assert "二楼会议室" in words(office, name)
        assert "一楼接访室" not in words(office, name)
    (day,) = queries.receptions([shelves.name(shelves.ROTA, "qingxi", "2026-11")])
    assert (day.place, list(day.changes)) == ("二楼会议室", ["装修"])


def test_a_rebuild_gives_the_same_bytes_and_needs_the_records_alone(qingxi_board):
    office = qingxi_board
    told(office, A, "2026-11-25")
    told(office, B, "2027-06-02")
    office.go()
    report = build.build()
    assert (report.changed, report.named) == (0, [])
    assert "2027年6月2日" not in words(office, "receptions.html")
    assert "2027年6月2日" in words(office, "receptions/2027-06.html")


def test_what_lies_far_ahead_is_not_read_for_every_publication(
    qingxi_board, django_assert_num_queries
):
    office = qingxi_board
    for number, on in enumerate(("2026-11-25", "2026-12-02", "2027-06-02", "2025-06-04")):
        told(office, address(number), on)
    office.go()
    names = [shelves.name(shelves.ROTA, "qingxi", code) for code in ("2026-11", "2026-12")]
    with django_assert_num_queries(2):
        assert len(queries.receptions(names)) == 2


def test_a_charter_without_receptions_has_no_such_page(office):
    head, _, rest = charter_text("township").partition("[reception]")
    body = {
        "format": "gongkai-charter/1",
        "number": 1,
        "source": head + rest[rest.index("# 首页") :],
    }
    office.record("charter", "charter:qingxi", {"public"}, body)
    office.go()
    assert not (office.home.board / "receptions.html").exists()
    assert "/receptions" not in (office.home.board / "index.html").read_text("utf-8")
    assert "约领导接访" not in words(office, "wall.html")
