"""接访日 at the desk: the rota, the day itself, what is said and what is announced."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.urls import reverse
from tests.participation.meetings.conftest import announced, planned, wanted
from tests.participation.meetings.test_visiting import LI, booked
from tests.procedure.feedback.test_views import code_in, said
from tests.surfaces.desk.conftest import entered

from gongkai.foundation.ledger.models import PublicRecord
from gongkai.participation.meetings import queries
from gongkai.participation.meetings.models import Booking, ReceptionDay
from gongkai.procedure.feedback import queries as feedback

__all__ = ["announced", "planned", "wanted"]
pytestmark = pytest.mark.django_db

PLAN = {
    "post": "deputy",
    "date": "2026-11-25",
    "every": "0",
    "until": "",
    "starts": "09:00",
    "slots": "3",
    "minutes": "20",
    "place": "镇政府一楼接访室",
    "subject": "",
}


@pytest.fixture(autouse=True)
def _monday(time_machine):
    time_machine.move_to(datetime(2026, 11, 23, 1, 40, tzinfo=UTC), tick=False)


@pytest.fixture
def township(qingxi):
    return qingxi


@pytest.fixture
def who(officer):
    return officer


def of(day, name="reception", *more):
    return reverse(f"desk:{name}", args=[day.key, *more])


def test_a_series_is_planned_by_one_and_announced_by_another(at, log):
    office, second = at("党政办主任"), at("纪委副书记")
    new = reverse("desk:reception-new")
    assert 'value="8"' in office.get(new).content.decode()
    missing = office.post(new, {**PLAN, "every": "2"})
    assert (missing.status_code, "重复的，请写到哪天为止" in said(missing)) == (422, True)
    made = office.post(new, {**PLAN, "every": "2", "until": "2027-02-10"}, follow=True)
    assert "排了6天" in said(made)
    assert ReceptionDay.objects.count() == 6
    assert "“审定答复”要由" in said(made)
    assert "党政办主任写了安排，等您审定公布。" in said(second.get(reverse("desk:inbox")))
    done = second.post(reverse("desk:receptions-approve"), follow=True)
    assert "公布了6条。" in said(done)
    assert PublicRecord.objects.filter(kind="reception").count() == 6
    assert "0／3 已经公布" in said(done)


def test_a_series_into_a_year_without_calendar_says_so(at, log):
    page = at("党政办主任").post(
        reverse("desk:reception-new"),
        {**PLAN, "date": "2026-12-30", "every": "1", "until": "2027-01-06", "starts": "25:00"},
    )
    assert (page.status_code, "请写成09:00这样的时间" in said(page)) == (422, True)
    made = at("党政办主任").post(
        reverse("desk:reception-new"),
        {**PLAN, "date": "2026-11-27", "every": "1", "until": "2027-01-02"},
        follow=True,
    )
    assert "其中有的年份还没有放假安排" in said(made)


def test_one_day_from_announcing_to_the_draft_of_its_record(at, officer, announced, time_machine):
    day = announced()
    booked(day, 1, contact=LI)
    office, organiser = at("党政办主任"), at("组织干事")
    assert "接访台" not in said(organiser.get(of(day)))
    assert organiser.get(of(day, "visitors")).status_code == 404
    early = office.get(of(day, "visitors"))
    assert "到那一天再登记谁来了" in said(early)
    assert "李某" in said(early)
    Booking.objects.update(unreached_on=day.date - timedelta(days=1))
    failed = said(office.get(of(day, "visitors"))).replace(" ", "")
    assert "2026年11月24日寄给他的信没有寄到" in failed
    time_machine.move_to(day.at(1))  # sessions end before
    office, second, organiser = map(entered, map(officer, ("党政办主任", "纪委副书记", "组织干事")))
    key = Booking.objects.get().pk
    office.post(of(day, "visit-note", key, "arrive"))
    assert "请下一位" in said(at("党委副书记").get(of(day, "visitors")))
    walked = {"walk-persons": "2", "walk-about": "低保怎么办", "walk-name": "", "walk-tel": ""}
    too_many = office.post(of(day, "visitors"), {**walked, "walk-persons": "6"})
    assert (too_many.status_code, "一起来最多5个人" in said(too_many)) == (422, True)
    office.post(of(day, "visitors"), walked)
    added = Booking.objects.get(walk_in=True).pk
    heard = {"text": "水渠漏水", "category": "FW", "show": "no", "promise": "", "promise_by": ""}
    assert office.post(of(day, "hear", key), {**heard, "text": ""}).status_code == 422
    slip = office.post(of(day, "hear", key), heard)
    case = feedback.by_receipt(code_in(slip))
    assert (case.text, case.kind, feedback.contact_of(case)["name"]) == (
        "水渠漏水",
        "visit",
        "李某",
    )
    office.post(of(day, "visit-note", added, "away"))
    done = office.post(of(day, "reception-act", "held"), {"sure": "on"}, follow=True)
    assert "结果已登记" in said(done)
    announced_now = second.post(of(day, "reception-act", "approve"), follow=True)
    assert "1批1人，没有预约的0批，没有来的1批" not in said(announced_now)
    assert "已经公布。" in said(announced_now)
    draft = organiser.post(of(day, "reception-act", "record"), {"sure": "on"}, follow=True)
    assert "2026年11月25日党委副书记接访记录" in draft.content.decode()


def test_cancelling_asks_to_telephone_who_left_a_number(at, announced):
    day = announced()
    booked(day, 1, contact=LI)
    office = at("党政办主任")
    page = office.post(of(day, "reception-act", "cancel"), {"text": " "})
    assert (page.status_code, "请写明为什么取消" in said(page)) == (422, True)
    office.post(of(day, "reception-act", "cancel"), {"text": "防汛"})
    inbox = said(office.get(reverse("desk:inbox")))
    assert "时间有变，要打电话告诉1位来访人。" in inbox
    key = Booking.objects.get().pk
    assert "已打电话告诉" in said(office.get(of(day, "visitors")))
    office.post(of(day, "visit-note", key, "told"))
    assert "要打电话告诉" not in said(office.get(reverse("desk:inbox")))


def test_a_day_gone_by_without_result_stands_in_the_inbox(at, announced, time_machine):
    day = announced()
    time_machine.move_to(datetime(2026, 12, 2, 1, 0, tzinfo=UTC))
    office = at("党政办主任")
    assert "还没有登记结果" in said(office.get(reverse("desk:inbox")))
    assert "逾期" in said(office.get(reverse("desk:receptions")))
    office.post(of(day, "reception-act", "missed"), {"text": "出差"})
    assert "还没有登记结果" not in said(office.get(reverse("desk:inbox")))


def test_a_change_and_its_return_are_seen(at, announced):
    day = announced()
    office, second = at("党政办主任"), at("纪委副书记")
    form = {name: PLAN[name] for name in ("post", "starts", "slots", "minutes", "place", "subject")}
    page = office.post(of(day, "reception-change"), {**form, "place": "二楼", "reason": ""})
    assert (page.status_code, "请写明为什么更改，要公开。" in said(page)) == (422, True)
    office.post(of(day, "reception-change"), {**form, "place": "二楼", "reason": "一楼装修"})
    shown = said(second.get(of(day)))
    assert "更改：等审定 党政办主任，2026年11月23日9:40写" in shown
    assert "二楼" in shown
    own = office.post(of(day, "reception-act", "approve"))
    assert (own.status_code, "这是您写的" in said(own)) == (422, True)
    second.post(of(day, "reception-act", "return"), {"text": "写明几号房间"})
    assert "写明几号房间" in said(office.get(of(day)))
    day.refresh_from_db()
    assert day.place == "镇政府一楼接访室"


def test_nobody_sees_or_touches_another_organisations_days(at, announced, shiqiao):
    day = announced()
    clerk = at("村文书", shiqiao)
    for name in ("reception", "visitors", "reception-change"):
        assert clerk.get(of(day, name)).status_code == 404, name
    assert clerk.post(of(day, "reception-act", "cancel"), {"text": "x"}).status_code == 404
    assert "还没有排接访日" in said(clerk.get(reverse("desk:receptions")))


def test_who_comes_is_read_in_the_same_queries_at_one_and_at_three(at, announced, time_machine):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    day, office, counted = announced(), at("党政办主任"), []
    office.get(of(day, "visitors"))
    for more in (1, 2):
        for _number in range(more):
            booked(day, contact=LI)
        for name in ("visitors", "reception"):
            with CaptureQueriesContext(connection) as asked:
                office.get(of(day, name))
            counted.append(len(asked))
    assert counted[:2] == counted[2:]


def test_the_rota_costs_the_same_at_one_day_and_at_three(at, announced):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    office, counted = at("党政办主任"), []
    announced()
    for more in ((), (date(2026, 12, 2), date(2026, 12, 9))):
        for on in more:
            announced(on)
        office.get(reverse("desk:receptions"))
        with CaptureQueriesContext(connection) as asked:
            office.get(reverse("desk:receptions"))
        counted.append(len(asked))
    assert counted[0] == counted[1]
    assert len(queries.to_approve(ReceptionDay.objects.first().organisation)) == 0
