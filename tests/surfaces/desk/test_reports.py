"""工作报告 at the desk: from the choice of a period to the paper, and who may look."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from tests.oversight.supervision import month, quarter

from gongkai.oversight.supervision import jobs, workflow
from gongkai.oversight.supervision.models import Report

pytestmark = pytest.mark.django_db
KEY = "2026-07-01/2026-09-30"


@pytest.fixture
def duties(qingxi, time_machine):
    """The township after its third quarter."""
    return quarter.lived(qingxi, time_machine)


def test_from_the_period_to_the_paper(duties, at, log):
    office, secretary = at("党政办主任"), at("党委书记")
    made = office.post("/desk/reports/new/", {"period": KEY})
    report = Report.objects.get()
    assert made.url == f"/desk/reports/{report.pk}/edit/"
    late = duties["late"]
    words = {"introduction": "第一段。\n<b>第二段</b>。", f"why-{late.pk}": "材料交晚了。"}
    assert f'name="why-{late.pk}"' in office.get(made.url).text
    assert office.post(made.url, words).url == f"/desk/reports/{report.pk}/"
    page = office.get(f"/desk/reports/{report.pk}/").text
    for told in ("材料交晚了。", "晚了3日", "停办一个季度。", "&lt;b&gt;第二段", "没有公开"):
        assert told in page
    for anchor in re.findall(r'href="#([a-z-]+)"', page):
        assert f'id="{anchor}"' in page
    assert f'href="/desk/duties/{late.pk}/"' in page
    assert office.post(f"/desk/reports/{report.pk}/propose/", {"sure": "on"}).status_code == 302
    assert "等您定稿" in secretary.get("/desk/").text
    asked = secretary.get(f"/desk/reports/{report.pk}/finish/").text
    seen = re.search(r'name="seen" value="(\w{64})"', asked)[1]
    stale = secretary.post(f"/desk/reports/{report.pk}/finish/", {"sure": "on", "seen": "0" * 64})
    assert "别人刚刚改过" in stale.text
    done = secretary.post(f"/desk/reports/{report.pk}/finish/", {"sure": "on", "seen": seen})
    assert done.status_code == 302
    page = at("纪委书记").get(f"/desk/reports/{report.pk}/").text
    for told in ("2026年第1号", "Z109-WS·2026-Y-BGS-0001", "材料交晚了。"):
        assert told in page
    paper = office.get(f"/desk/reports/{report.pk}/report.pdf")
    assert paper.headers["Content-Type"] == "application/pdf"
    assert paper.content.startswith(b"%PDF-")
    assert "2026年第1号" in office.get("/desk/reports/").text


def test_who_may_look(qingxi, shiqiao, at, time_machine):
    time_machine.move_to(quarter.AFTER, tick=False)
    report = quarter.proposed(qingxi)
    paths = ["/desk/reports/", f"/desk/reports/{report.pk}/"]
    paths += [f"{paths[1]}{more}" for more in ("report.pdf", "edit/", "finish/", "drop/")]
    for post in ("党委书记", "党委副书记", "纪委书记", "组织干事"):
        assert at(post).get(paths[1]).status_code == 200  # the leading group, and the auditor
    for path in paths:
        assert at("民政办主任").get(path).status_code == 404
    for path in paths[1:]:
        assert at("村委会主任", shiqiao).get(path).status_code == 404
    refused = at("纪委书记").post(f"{paths[1]}finish/", {"sure": "on"})
    assert "报告要由党委书记来定稿。" in refused.text


def test_mistakes_are_told_at_their_field(officer, at, time_machine):
    time_machine.move_to(quarter.AFTER, tick=False)
    office = at("党政办主任")
    answer = office.post("/desk/reports/new/", {"period": "other", "first": "2026-01-01"})
    assert answer.status_code == 422
    assert "请写上这个日期" in answer.text
    report = workflow.draft(officer=officer("党政办主任"), period=quarter.QUARTER)
    office.post(f"/desk/reports/{report.pk}/edit/", {"introduction": "好😀"})
    answer = office.post(f"/desk/reports/{report.pk}/propose/", {"sure": "on"})
    assert "“😀”（U+1F600）印不出来" in answer.text


def test_more_rows_ask_no_more_questions(duties, qingxi, at, time_machine):
    report = quarter.proposed(qingxi)
    office, asked = at("党政办主任"), []
    for number in range(3):
        quarter.voice(qingxi, f"A-{number}", quarter.QUARTER.last)
        with CaptureQueriesContext(connection) as queries:
            office.get(f"/desk/reports/{report.pk}/")
        asked.append(len(queries))
    assert asked[1] == asked[2]


def test_a_month_is_read_finished_and_taken_along(qingxi, at, time_machine, log):
    time_machine.move_to(quarter.AFTER, tick=False)
    came = month.SEPTEMBER.first
    for n in range(5):
        month.answered(month.case(qingxi, f"A-{n}", came), came + 2 * month.DAY, "explained")
    jobs.count_months(quarter.AFTER)
    report, secretary, office = Report.objects.get(), at("党委书记"), at("党政办主任")
    path = f"/desk/reports/{report.pk}/"
    assert "系统统计好了，等您定稿。" in secretary.get("/desk/").text
    page = office.get(path).text
    for told in ("2026年9月意见办理情况月报", "已说明", "党政综合办公室", "不足5件的", "下载表格"):
        assert told in page
    assert "放弃这份报告" not in page
    seen = re.search(r'name="seen" value="(\w{64})"', secretary.get(f"{path}finish/").text)[1]
    assert secretary.post(f"{path}finish/", {"sure": "on", "seen": seen}).status_code == 302
    book = office.get(f"{path}report.xlsx")
    assert book.headers["Content-Type"].endswith("spreadsheetml.sheet")
    assert book.content.startswith(b"PK")
    general = quarter.proposed(qingxi)
    assert office.get(f"/desk/reports/{general.pk}/report.xlsx").status_code == 404
    assert at("民政办主任").get(f"{path}report.xlsx").status_code == 404
