"""简报 at the desk: from the choice of days to the papers, and who may look."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from tests.procedure.editions import log
from tests.surfaces.channels.briefs.test_briefs import item

from gongkai.foundation.organisations import queries as organisations
from gongkai.surfaces.channels.briefs import jobs
from gongkai.surfaces.channels.briefs.models import Brief, BriefItem

__all__ = ["log"]
pytestmark = pytest.mark.django_db


def days(qingxi) -> dict[str, str]:
    today = organisations.today(qingxi).isoformat()
    return {"scope": "A3", "first": today, "last": today}


def test_from_the_days_to_the_papers(qingxi, at, log):
    first, second = item(qingxi, "甲件"), item(qingxi, "乙件")
    log()
    office, secretary = at("党政办主任"), at("党委书记")
    made = office.post("/desk/briefs/new/", days(qingxi))
    brief = Brief.objects.get()
    page = f"/desk/briefs/{brief.pk}/"
    assert made.url == f"{page}edit/"
    asked = office.get(made.url).text
    words = {"lead": "编者的话。"}
    for place, each in ((2, first), (1, second)):
        assert f'name="pick-{each.address}"' in asked
        words |= {f"pick-{each.address}": "on", f"place-{each.address}": place}
        words |= {f"share-{each.address}": "whole"}
    assert office.post(made.url, words).url == page
    rows = BriefItem.objects.order_by("place").values_list("address", flat=True)
    assert list(rows) == [second.address, first.address]
    assert office.get(f"{page}brief.pdf").content.startswith(b"%PDF-")
    assert office.get(f"{page}brief.docx").content.startswith(b"PK")
    assert office.post(f"{page}propose/", {"sure": "on"}).status_code == 302
    assert "等您签发" in secretary.get("/desk/").text
    seen = re.search(r'name="seen" value="(\w{64})"', secretary.get(f"{page}seal/").text)[1]
    stale = secretary.post(f"{page}seal/", {"sure": "on", "seen": "0" * 64})
    assert "别人刚刚改过" in stale.text
    assert secretary.post(f"{page}seal/", {"sure": "on", "seen": seen}).status_code == 302
    assert "还在制作" in office.get(f"{page}brief.pdf", follow=True).text
    jobs.make_papers.call()
    assert b"".join(office.get(f"{page}brief.pdf").streaming_content).startswith(b"%PDF-")
    told = office.get(page).text
    for expected in ("第1期", "Z109-WS·", "分送"):
        assert expected in told
    answer = office.post(f"{page}circulate/", {})
    assert "没有登记过邮箱的" in answer.text


def test_who_may_look(qingxi, shiqiao, at, log):
    brief = Brief.objects.get(pk=int(_new(qingxi, at).split("/")[3]))
    page = f"/desk/briefs/{brief.pk}/"
    paths = [page, *(f"{page}{more}" for more in ("brief.pdf", "edit/", "seal/", "circulate/"))]
    for post in ("党委书记", "纪委书记"):
        assert at(post).get(page).status_code == 200
    for path in ["/desk/briefs/", *paths]:
        assert at("民政办主任").get(path).status_code == 404
    for path in paths:
        assert at("村委会主任", shiqiao).get(path).status_code == 404
    refused = at("纪委书记").post(f"{page}drop/", {"sure": "on"})
    assert "要由党政办主任来办" in refused.text
    wrong = at("党政办主任").post("/desk/briefs/new/", days(qingxi) | {"last": "2020-01-01"})
    assert "第一天不能在最后一天以后。" in wrong.text


def _new(qingxi, at) -> str:
    return at("党政办主任").post("/desk/briefs/new/", days(qingxi)).url


def test_more_items_ask_no_more_questions(qingxi, at, log):
    asked = []
    for count in (1, 2):
        for n in range(count):
            item(qingxi, f"第{count}{n}件")
        log()
        page = _new(qingxi, at).removesuffix("edit/")
        counted = []
        for path in (page, f"{page}edit/"):
            with CaptureQueriesContext(connection) as queries:
                at("党政办主任").get(path)
            counted.append(len(queries))
        asked.append(counted)
        at("党政办主任").post(f"{page}drop/", {"sure": "on"})
    assert asked[0] == asked[1]
