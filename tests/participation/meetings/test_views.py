"""The public pages under /say/reception/, as somebody without an account and without JavaScript."""

import re
from datetime import UTC, date, datetime

import pytest
from django.test import Client
from icalendar import Calendar
from tests.participation.meetings.test_visiting import LI, booked
from tests.procedure.feedback.test_views import code_in, said, token_in

from gongkai.foundation.ledger.workflow import SYSTEM
from gongkai.participation.meetings import queries, visiting, workflow
from gongkai.participation.meetings.models import Booking
from gongkai.procedure.catalogue import workflow as catalogue
from gongkai.procedure.catalogue.queries import charter_of

pytestmark = pytest.mark.django_db

FORM = {"slot": "2", "persons": "2", "about": "水渠什么时候修好", "name": "李某", "tel": "0000-1"}
STATUS = "/say/reception/status/"


@pytest.fixture
def reader():
    """A browser that checks for forged forms as Django does, without a session."""
    return Client(enforce_csrf_checks=True)


def path_of(day):
    return f"/say/reception/{day.key}/"


def sent(reader, day, form=FORM):
    """Through form and confirmation to the receipt page."""
    return reader.post(path_of(day), {"token": token_in(reader.post(path_of(day), form))})


def test_the_whole_way_without_session_or_cookie(reader, announced):
    day = announced()
    listed = reader.get("/say/reception/")
    assert f'href="{path_of(day)}"' in listed.content.decode()
    assert "党委副书记 镇政府一楼接访室 还有3个时段" in said(listed)
    form = reader.get(path_of(day))
    assert "09:20–09:40" in said(form)
    confirm = reader.post(path_of(day), FORM)
    assert "还没有约上" in said(confirm)
    assert "2026年12月25日销毁" in said(confirm)
    assert Booking.objects.count() == 0
    receipt = reader.post(path_of(day), {"token": token_in(confirm)})
    booking = Booking.objects.get()
    assert (booking.slot, booking.persons, booking.about) == (2, 2, "水渠什么时候修好")
    assert queries.by_receipt(code_in(receipt)) == booking
    assert queries.reach(booking) == {"name": "李某", "tel": "0000-1"}
    pages = (listed, form, confirm, receipt)
    assert [response.cookies for response in pages] == [{}] * 4
    assert all("no-store" in page["Cache-Control"] for page in pages)


def test_sending_twice_shows_the_same_code(reader, announced):
    day = announced()
    token = token_in(reader.post(path_of(day), FORM))
    first, second = (reader.post(path_of(day), {"token": token}) for _ in range(2))
    assert code_in(first) == code_in(second)
    assert Booking.objects.count() == 1


def test_the_time_that_went_meanwhile_is_chosen_anew_and_nothing_is_lost(reader, announced):
    day = announced()
    token = token_in(reader.post(path_of(day), FORM))
    booked(day, 2)
    page = reader.post(path_of(day), {"token": token})
    assert page.status_code == 422
    assert "这个时段刚刚被别人约走了" in said(page)
    assert "水渠什么时候修好" in page.content.decode()
    assert "09:20–09:40" not in said(page)


def test_on_a_full_day_one_waits_at_an_honest_place(reader, announced):
    day = announced(slots=1)
    booked(day)
    booked(day)
    assert "前面有1位" in said(reader.get(path_of(day)))
    receipt = sent(reader, day, {**FORM, "slot": ""})
    assert "候补第2位" in said(receipt)
    looked = reader.post(STATUS, {"code": code_in(receipt)})
    assert "候补 第2位" in said(looked)
    assert "加到手机日历" not in said(looked)
    for _number in range(3):
        booked(day)
    assert "约满了，候补也满了" in said(reader.get("/say/reception/"))


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"persons": "6"}, "一起来最多5个人。人多的，请推选代表。"),
        ({"persons": "x"}, "请写数字"),
        ({"about": "水" * 501}, "最多500个字，现在有501个。"),
        ({"about": "\x07"}, "请写几个字"),
        ({"slot": "9"}, "这个时段刚刚没有了。请另选一个"),
        ({"mail": "li"}, "邮箱写得不完整"),
        ({"website": "x"}, "有一栏是给机器人准备的"),
    ],
)
def test_what_cannot_be_taken_is_said_and_stays_in_the_form(reader, announced, changes, words):
    page = reader.post(path_of(announced()), {**FORM, **changes})
    assert page.status_code == 422
    assert words in said(page)
    assert 'value="李某"' in page.content.decode()


def test_a_form_from_elsewhere_is_not_taken(reader, announced):
    page = reader.post(
        path_of(announced()),
        FORM,
        headers={"Sec-Fetch-Site": "cross-site", "Origin": "https://x.cn"},
    )
    assert page.status_code == 403


def test_a_token_of_another_day_or_page_serves_nothing(reader, announced):
    day, other = announced(), announced(date(2026, 12, 2))
    token = token_in(reader.post(path_of(day), FORM))
    page = reader.post(path_of(other), {"token": token})
    assert (page.status_code, "确认页不完整" in said(page)) == (422, True)
    assert reader.post("/say/", {"token": token}).status_code == 422


def test_a_day_not_announced_is_not_there_and_a_cancelled_one_says_so(
    reader, planned, announced, who
):
    (draft,) = planned(date(2026, 12, 2))
    assert reader.get(path_of(draft)).status_code == 404
    day = announced()
    workflow.cancel(day=day, officer=who("党政办主任"), text="防汛")
    assert "这一天的接访已经取消了" in said(reader.get(path_of(day)))
    assert "现在没有可以约的接访日" in said(reader.get("/say/reception/"))


def test_an_organisation_without_the_section_has_no_such_pages(reader, announced, township):
    day, link = announced(), 'href="/say/reception/of/qingxi/"'
    assert link in reader.get("/say/").content.decode()
    source = charter_of(township)[0].source
    head, _, rest = source.partition("[reception]")
    catalogue.apply(source=head + rest[rest.index("# 首页") :], by=SYSTEM)
    paths = ("/say/reception/", "/say/reception/of/qingxi/", "/say/reception/of/x/", path_of(day))
    assert [reader.get(path).status_code for path in paths] == [404] * 4
    assert link not in reader.get("/say/").content.decode()


# -- by the code -----------------------------------------------------------------------------------


def test_wrong_forged_and_unknown_codes_get_the_same_answer(reader, announced):
    sent(reader, announced())
    pages = [
        reader.post(STATUS, {"code": code})
        for code in ("QX7F-2M9D-41XC-8KTA", "QX7F2M9D41XC8KTB", "short", "’ OR 1=1")
    ]
    assert {page.status_code for page in pages} == {422}
    assert all("没有这个查询码" in said(page) for page in pages)


def test_by_the_code_one_moves_and_gives_up(reader, announced):
    day, other = announced(), announced(date(2026, 12, 2))
    code = code_in(sent(reader, day))
    gone = reader.post(STATUS, {"code": code, "move": "1", "to": f"{other.key}:9"})
    assert (gone.status_code, "这个时段刚刚没有了" in said(gone)) == (422, True)
    moved = reader.post(STATUS, {"code": code, "move": "1", "to": f"{other.key}:3"})
    assert "改好了" in said(moved)
    assert "2026年12月2日 星期三 09:40–10:00" in said(moved)
    left = reader.post(STATUS, {"code": code, "give_up": "1"})
    assert "已经退了" in said(left)
    again = reader.post(STATUS, {"code": code, "give_up": "1"})
    assert (again.status_code, "这个预约现在是“已退”" in said(again)) == (422, True)
    assert (queries.taken(day), queries.taken(other)) == (set(), set())


def test_who_booked_a_day_that_fell_out_reads_why_and_where_to_go(reader, announced, who):
    day, other = announced(), announced(date(2026, 12, 2))
    code = code_in(sent(reader, day))
    workflow.cancel(day=day, officer=who("党政办主任"), text="防汛")
    page = reader.post(STATUS, {"code": code})
    assert "这一天的接访取消了" in said(page)
    assert "原因：防汛" in said(page)
    assert f'value="{other.key}:1"' in page.content.decode()


def test_the_calendar_file_is_one_event_that_grows(reader, announced):
    day = announced()
    code = code_in(sent(reader, day))
    answer = reader.post(STATUS, {"code": code, "calendar": "1"})
    assert answer["Content-Type"] == "text/calendar; charset=utf-8"
    (event,) = Calendar.from_ical(answer.content).walk("VEVENT")
    assert event.decoded("dtstart") == datetime(2026, 11, 25, 1, 20, tzinfo=UTC)
    assert event.decoded("dtend") == datetime(2026, 11, 25, 1, 40, tzinfo=UTC)
    assert (event["summary"], event["location"]) == ("领导接访：党委副书记", "镇政府一楼接访室")
    assert event["status"] == "CONFIRMED"
    assert "水渠" not in answer.content.decode()
    assert max(map(len, answer.content.split(b"\r\n"))) <= 75
    booking = queries.by_receipt(code)
    visiting.give_up(booking=booking)
    (later,) = Calendar.from_ical(
        reader.post(STATUS, {"code": code, "calendar": "1"}).content
    ).walk("VEVENT")
    assert (later["uid"], later["status"]) == (event["uid"], "CANCELLED")


def test_the_pages_are_there_in_english(reader, announced):
    day = announced()
    booked(day, contact=LI)
    reader.cookies["django_language"] = "en"
    for path in ("/say/reception/", path_of(day), STATUS):
        page = reader.get(path, headers={"Accept-Language": "en"})
        words = re.sub(r'<[^>]*lang="zh-CN"[^>]*>[^<]*<', "<", page.content.decode())
        main = words[words.index("<main") : words.index("</main>")]
        assert re.findall(r"[\u4e00-\u9fff]+", re.sub(r"<[^>]+>", "", main)) == [], path


def test_the_list_of_days_costs_the_same_at_one_and_at_three(
    reader, announced, django_assert_num_queries
):
    announced()
    reader.get("/say/reception/")
    with django_assert_num_queries(5):
        reader.get("/say/reception/")
    for on in (date(2026, 12, 2), date(2026, 12, 9)):
        booked(announced(on))
    with django_assert_num_queries(5):
        reader.get("/say/reception/")
