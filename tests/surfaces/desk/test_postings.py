"""The desk's list of postings, the photo page without its program, and meetings."""

from datetime import timedelta
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image
from tests.procedure.editions import MONDAY, PUBLIC, disclosure_of, opened, planned, sealed

from gongkai.foundation.core import clock
from gongkai.procedure.catalogue.queries import charter_of
from gongkai.procedure.publication import hanging, workflow
from gongkai.procedure.publication.models import Assembly, Evidence, Posting
from gongkai.surfaces.desk import posting_list
from gongkai.surfaces.desk.posting_list import DOWN, PostingsForm

pytestmark = pytest.mark.django_db
LIST = "/desk/postings/"


@pytest.fixture(autouse=True)
def monday(time_machine):
    time_machine.move_to(MONDAY, tick=False)
    return time_machine


@pytest.fixture
def hung(qingxi):
    """``hung("甲")``: the postings of a public item by channel."""

    def make(title="甲", channels=("wall", "delegates-meeting")):
        item = disclosure_of(qingxi, title=title)
        opened(sealed(item, plan=planned(PUBLIC), channels=list(channels)))
        rows = Posting.objects.filter(release__disclosure=item).order_by("pk")
        return {each.channel: each for each in rows}

    return make


def photo():
    made = BytesIO()
    Image.new("RGB", (40, 30), "red").save(made, "JPEG")
    return SimpleUploadedFile("IMG_1.jpg", made.getvalue(), "image/jpeg")


def titles(answer):
    return [row.posting.release.disclosure.title for row in answer.context["page"].rows]


def test_what_waits_is_put_up_in_one_act_and_comes_down_on_its_day(at, hung):
    walls = [hung(title)["wall"] for title in "甲乙"]
    office = at("党政办主任")
    assert titles(office.get(LIST, {"channel": "wall"})) == ["甲", "乙"]
    marked = {"posting": [each.pk for each in walls], "verb": "up", "day": "2026-11-23"}
    answer = office.post(f"{LIST}act/?channel=wall", marked, follow=True)
    assert "已登记2件。" in answer.content.decode()
    assert titles(answer) == []
    assert titles(office.get(LIST, {"state": DOWN})) == []
    Posting.objects.update(comes_down=MONDAY + timedelta(hours=5))
    assert titles(office.get(LIST, {"state": DOWN})) == ["甲", "乙"]
    office.post(f"{LIST}act/", {"posting": walls[0].pk, "verb": "down"})
    assert titles(office.get(LIST, {"state": "taken_down", "channel": "wall"})) == ["甲"]


def test_what_is_refused_is_said_and_stays_marked(at, hung):
    row = hung()["wall"]
    for told, said in (
        ({"verb": "fail"}, "“甲”：请写明为什么没有发成。"),
        ({"verb": "up", "day": "2026-12-24"}, "“甲”：时间在以后。请看看日期是不是写错了。"),
        ({"verb": "down"}, "“甲”：这一件还没有贴出，不用取下。"),
    ):
        answer = at("党政办主任").post(f"{LIST}act/", {"posting": row.pk, **told})
        assert (answer.status_code, said in answer.content.decode()) == (422, True)
        assert f'value="{row.pk}" checked' in answer.content.decode()


def test_a_withdrawal_lists_even_what_nobody_noted(at, hung, officer):
    row = hung()["wall"]
    item = row.release.disclosure
    workflow.withdraw(disclosure=item, officer=officer("党委书记"), reason="数字有误。")
    answer = at("党政办主任").get(LIST, {"state": DOWN})
    assert titles(answer) == ["甲"]
    assert "今天要从公开栏等处取下1件" in at("党政办主任").get("/desk/").content.decode()
    assert "没有登记贴出，请去看一看" in answer.content.decode()


@pytest.mark.parametrize("count", [1, 3])
def test_a_page_of_the_list_is_one_query(hung, qingxi, count, django_assert_num_queries):
    for number in range(count):
        hung(str(number))
    charter = charter_of(qingxi)[1]
    for state in ("", DOWN, "confirmed"):
        form = PostingsForm({"state": state}, charter=charter)
        with django_assert_num_queries(1):
            posting_list.page(qingxi, charter, form, "", clock.now())


def test_pages_follow_each_other(at, hung, monkeypatch, officer):
    monkeypatch.setattr(posting_list, "PAGE", 1)
    rows = [hung(title)["wall"] for title in "甲乙"]
    office = at("党政办主任")

    def both(**asked):
        first = office.get(LIST, {"channel": "wall", **asked})
        older = first.context["page"].older
        second = office.get(LIST, {"channel": "wall", **asked, "after": older})
        return [*titles(first), *titles(second)]

    assert both() == ["甲", "乙"]
    hanging.put_up(chosen=rows, officer=officer("党政办主任"))
    assert both(state="delivered") == ["乙", "甲"]
    Posting.objects.update(comes_down=MONDAY)
    assert both(state=DOWN) == ["甲", "乙"]
    for state, wrong in (("", "x"), (DOWN, "x_1"), (DOWN, "2026-11-23_1"), ("delivered", "9" * 30)):
        asked = {"state": state, "channel": "wall", "after": wrong}
        assert office.get(LIST, asked).status_code == 404


def test_a_photograph_is_taken_in_without_the_program_and_shown_to_the_office(
    at, hung, home, shiqiao
):
    row = hung()["wall"]
    page = f"{LIST}{row.pk}/photo/"
    office = at("组织干事")
    asked = office.get(page)
    assert "geolocation=(self)" in asked["Permissions-Policy"]
    answer = office.post(page, {"photo": photo()}, follow=True)
    assert "照片收下了，已登记证实。" in answer.content.decode()
    kept = Evidence.objects.get()
    shown = office.get(f"{page}{kept.pk}/")
    assert (shown["Content-Type"], b"".join(shown.streaming_content)[:2]) == (
        "image/jpeg",
        b"\xff\xd8",
    )
    assert at("村文书", shiqiao).get(page).status_code == 404


def test_the_program_is_answered_in_json_and_says_how_long_ago(at, hung, home, monday):
    row = hung()["wall"]
    page, office = f"{LIST}{row.pk}/photo/", at("组织干事")
    monday.move_to(MONDAY + timedelta(hours=3))
    told = {"key": "0123456789abcdef", "ago": "3600", "place": "37.1, 113.2（±20米）"}
    for _ in range(2):
        answer = office.post(
            page, {"photo": photo(), **told}, headers={"X-Requested-With": "photo"}
        )
        assert (answer.status_code, answer.json()) == (200, {"wrong": []})
    kept = Evidence.objects.get()
    assert (kept.at, kept.place) == (MONDAY + timedelta(hours=2), told["place"])
    empty = office.post(page, told, headers={"X-Requested-With": "photo"})
    assert (empty.status_code, empty.json()) == (422, {"wrong": ["这个字段是必填项。"]})


def test_what_the_telephone_keeps_names_no_item_and_nobody(at, hung, home):
    hung("只给党员看的标题")
    office = at("组织干事")
    shell = office.get(f"{LIST}photo/").content.decode()
    assert ("标题" in shell, "组织干事" in shell, "csrfmiddlewaretoken" in shell) == (
        False,
        False,
        False,
    )
    worker = office.get(f"{LIST}worker.js")
    assert (worker["Content-Type"], worker["Cache-Control"]) == (
        "text/javascript; charset=utf-8",
        "no-store, private",
    )


def test_a_meeting_is_written_down_with_its_items(at, hung, home):
    row = hung()["delegates-meeting"]
    office = at("党政办主任")
    page = f"{LIST}meetings/new/delegates-meeting/"
    assert "甲" in office.get(page).content.decode()
    told = {"at": "2026-11-23T09:40", "place": "礼堂", "called": 60, "came": 41}
    wrong = office.post(page, told)
    assert (wrong.status_code, "还没有选。" in wrong.content.decode()) == (422, True)
    minutes = SimpleUploadedFile("记录.txt", "会议记录".encode())
    answer = office.post(page, {**told, "posting": row.pk, "minutes": minutes}, follow=True)
    assert "应到60人，实到41人。" in answer.content.decode()
    assembly = Assembly.objects.get()
    handed = office.get(f"{LIST}meetings/{assembly.pk}/minutes/")
    assert b"".join(handed.streaming_content).decode() == "会议记录"
    assert "41" in office.get(f"{LIST}meetings/").content.decode()
    assert office.get(f"{LIST}meetings/new/wall/").status_code == 404
