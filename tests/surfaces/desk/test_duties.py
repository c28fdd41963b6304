"""Duties on the desk: the list, the months, a duty with its sum, and what is done with it."""

from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from tests.cast import village
from tests.surfaces.desk.conftest import entered

from gongkai.foundation.core.deadlines import deadline
from gongkai.foundation.ledger.models import PublicRecord
from gongkai.procedure.catalogue.models import Entry
from gongkai.procedure.duties import jobs, workflow
from gongkai.procedure.duties.models import Duty
from gongkai.procedure.duties.states import DutyState
from gongkai.surfaces.desk import agenda

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 23, 1, 40, tzinfo=UTC)
LIST = "/desk/duties/"
MONTHS = "/desk/duties/calendar/"


@pytest.fixture
def township(qingxi):
    with time_machine.travel(NOW, tick=False):
        jobs.follow(NOW)
        jobs.plan(NOW)
        yield qingxi


@pytest.fixture
def office(township, at):
    """The head of the office, who publishes and waives."""
    return at("党政办主任")


def of(organisation, code, key) -> Duty:
    found = Duty.objects.filter(organisation=organisation, entry__code=code, key=key)
    return found.select_related("entry", "organisation").get()


def rows(page) -> list[tuple[str, str]]:
    return [(row.duty.entry.code, row.duty.key) for row in page.context["page"].rows]


def many(organisation, how_many, on=date(2026, 12, 1)):
    entry = Entry.objects.get(organisation=organisation, code="JC-05")
    return Duty.objects.bulk_create(
        Duty(
            organisation=organisation,
            entry=entry,
            kind="event",
            key=f"n{n}",
            title=f"第{n}次会议",
            from_on=on,
            nominal_on=on,
            due_on=on + timedelta(days=n // 20),
            made_at=NOW,
        )
        for n in range(how_many)
    )


# -- the list


def test_the_list_is_narrowed_by_month_department_and_state(office, township, officer):
    asked = {"month": "2026-12", "department": "党政综合办公室"}
    assert sorted(rows(office.get(LIST, asked))) == [
        ("BZ-05", "2026"),
        ("FW-05", "2026-12"),
        ("JC-01", "2026-Q4"),
        ("JC-06", "2026-Q4"),
    ]
    assert rows(office.get(LIST, {"state": "overdue"})) == []
    duty = of(township, "FW-05", "2026-11")
    with time_machine.travel(NOW + timedelta(days=8)):
        later = entered(officer("党政办主任"))
        assert ("FW-05", "2026-11") in rows(later.get(LIST, {"state": "overdue"}))
    workflow.waive(duty=duty, officer=officer("党政办主任"), reason="本月没有收到意见")
    assert rows(office.get(LIST, {"state": "waived"})) == [("FW-05", "2026-11")]


def test_the_list_goes_on_from_its_last_line(office, township):
    Duty.objects.all().delete()
    made = many(township, 45)
    first = office.get(LIST)
    assert len(rows(first)) == 30
    second = office.get(LIST, {"after": first.context["page"].older})
    assert rows(first) + rows(second) == [("JC-05", duty.key) for duty in made]
    assert second.context["page"].older == ""


@pytest.mark.parametrize("after", ["x", "2026-02-30.1", "2026-11-30", "0.0"])
def test_a_place_that_is_none_is_not_found(office, after):
    assert office.get(LIST, {"after": after}).status_code == 404


@pytest.mark.parametrize("month", ["0206-11", "2026-13", "十一月", "2026-11-01"])
@pytest.mark.parametrize("path", [LIST, MONTHS])
def test_a_month_that_is_none_is_explained(office, path, month):
    answer = office.get(path, {"month": month})
    assert answer.status_code == 422
    assert "请写成2026-11这样的月份" in answer.content.decode()


@pytest.mark.parametrize("path", [LIST, MONTHS])
def test_list_and_month_cost_the_same_for_one_and_three(
    office, township, path, django_assert_num_queries
):
    Duty.objects.all().delete()
    many(township, 1)
    office.get(path)
    with django_assert_num_queries(24):
        office.get(path, {"month": "2026-12"})
    Duty.objects.all().delete()
    many(township, 3)
    with django_assert_num_queries(24):
        office.get(path, {"month": "2026-12"})


# -- the months


def test_a_month_marks_holidays_and_days_worked_instead():
    """October 2026: the holiday week, and the Saturday worked for it."""
    month = agenda.month(date(2026, 10, 1), today=date(2026, 10, 9))
    days = {cell.day: cell for week in month.weeks for cell in week if cell.inside}
    assert [cell.day.day for cell in days.values() if cell.rest == "休"] == list(range(1, 8))
    assert [cell.day.day for cell in days.values() if cell.rest == "班"] == [10]
    assert (days[date(2026, 10, 9)].today, days[date(2026, 10, 11)].free) == (True, True)
    assert (len(days), month.provisional) == (31, False)


def test_a_sum_is_drawn_day_by_day():
    """Five working days from Monday 28 September 2026 reach over the holidays."""
    counted = deadline(date(2026, 9, 28), 5)
    months = agenda.sum_of(counted, date(2026, 9, 28))
    marks = [
        (cell.day.isoformat(), cell.mark, cell.said)
        for month in months
        for week in month.weeks
        for cell in week
        if cell.inside and cell.mark
    ]
    assert marks[0] == ("2026-09-28", "起", "从这天算起")
    assert marks[-1] == (counted.due.isoformat(), "5", "最后一天")
    assert len(marks) == 6


def test_the_month_counts_what_is_due_and_lists_it_below(office, township):
    page = office.get(MONTHS, {"month": "2026-12"})
    counts = {
        cell.day.isoformat(): cell.count
        for week in page.context["month"].weeks
        for cell in week
        if cell.count
    }
    listed = {day.isoformat(): len(found) for day, found in page.context["days"]}
    assert counts == listed
    text = page.content.decode()
    assert '<a class="month__count" href="#d-2026-12-31">' in text
    assert 'id="d-2026-12-31"' in text
    assert 'href="?month=2026-11"' in text
    assert office.get(MONTHS, {"month": "1949-10"}).context["total"] == 0


# -- one duty


def test_a_duty_says_how_its_last_day_was_found(office, township):
    duty = of(township, "FW-02", "first")
    text = office.get(f"{LIST}{duty.pk}/").content.decode()
    assert "11月23日起算，次日起5个工作日" in text
    duty = of(township, "QT-03", "2026")
    text = office.get(f"{LIST}{duty.pk}/").content.decode()
    assert "按规定是2027年1月31日，那天休息，顺延到2027年2月1日。" in text
    assert "日期暂定" in text


def test_waiving_needs_words_and_the_right_and_is_taken_back(office, township, at):
    duty = of(township, "FW-05", "2026-11")
    page = f"{LIST}{duty.pk}/"
    assert "所有人都看得到这句话" in office.get(page).content.decode()
    answer = office.post(f"{page}waive/", {"text": " "})
    assert (answer.status_code, "请写明为什么不用公开" in answer.content.decode()) == (422, True)
    refused = at("组织干事").post(f"{page}waive/", {"text": "没有意见"})
    assert refused.status_code == 422
    assert "要由党政办主任来办" in refused.content.decode()
    assert office.get(f"{page}waive/").status_code == 405
    office.post(f"{page}waive/", {"text": "本月没有收到意见"})
    duty.refresh_from_db()
    assert (duty.state, duty.reason, duty.post) == ("waived", "本月没有收到意见", "党政办主任")
    assert PublicRecord.objects.filter(kind="waiver").count() == 1
    text = office.get(page).content.decode()
    assert "党政办主任定为免于公开，理由是" in text
    assert "取消免于公开" in text
    office.post(f"{page}reinstate/")
    duty.refresh_from_db()
    assert duty.state == DutyState.OPEN


def test_the_second_to_waive_is_told(office, township, officer):
    duty = of(township, "FW-05", "2026-11")
    workflow.waive(duty=duty, officer=officer("党政办主任"), reason="本月没有收到意见")
    answer = office.post(f"{LIST}{duty.pk}/waive/", {"text": "我也这么看"})
    assert answer.status_code == 422
    duty.refresh_from_db()
    assert duty.reason == "本月没有收到意见"


def test_a_yearly_review_is_confirmed(office, township):
    duty = of(township, "FW-02", "first")
    Duty.objects.filter(pk=duty.pk).update(kind="review", from_on=date(2026, 11, 1))
    assert "复核过，没有变化" in office.get(f"{LIST}{duty.pk}/").content.decode()
    office.post(f"{LIST}{duty.pk}/confirm/")
    duty.refresh_from_db()
    assert duty.state == DutyState.MET


def test_an_entry_taken_off_the_list_leaves_its_duties_readable(office, township):
    duty = of(township, "FW-05", "2026-11")
    Duty.objects.filter(pk=duty.pk).update(
        state=DutyState.VOID, settled_on=NOW.date(), reason="实施办法第2版不再列这一项。"
    )
    text = office.get(f"{LIST}{duty.pk}/").content.decode()
    assert "实施办法第2版不再列这一项。" in text
    assert "waive/" not in text


@pytest.mark.parametrize("page", ["", "waive/", "reinstate/", "confirm/"])
def test_another_organisations_duty_is_not_there(township, at, page):
    shiqiao = village()
    jobs.follow(NOW)
    jobs.plan(NOW)
    foreign = Duty.objects.filter(organisation=shiqiao)[0]
    client, path = at("党政办主任"), f"{LIST}{foreign.pk}/{page}"
    answer = client.post(path, {"text": "一"}) if page else client.get(path)
    assert answer.status_code == 404
    assert client.get(f"{LIST}{'9' * 25}/").status_code == 404


# -- reporting


def test_two_fields_make_a_duty(township, at):
    client = at("组织干事")
    answer = client.get(f"{LIST}report/", {"entry": "JC-05"})
    assert answer["Location"] == f"{LIST}report/JC-05/"
    answer = client.post(answer["Location"], {"title": "11月20日党委会议", "on": "2026-11-20"})
    duty = Duty.objects.get(title="11月20日党委会议")
    assert answer["Location"] == f"{LIST}{duty.pk}/"
    assert (duty.kind, duty.due_on, duty.post) == ("event", date(2026, 11, 27), "组织干事")
    assert (
        "登记了这件事，要在2026年11月27日前公开。"
        in client.get(answer["Location"]).content.decode()
    )


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"title": "会议", "on": "0206-11-20"}, "日期离今天超过五年，请核对年份。"),
        ({"title": "会议", "on": "2026-02-30"}, "没有这一天。请写成2026-11-23这样的日期"),
        ({"title": "会议", "on": "2026-12-20"}, "这件事还没有发生。"),
        ({"title": "", "on": "2026-11-20"}, "请写明是什么事"),
        ({"title": "会" * 201, "on": "2026-11-20"}, "200"),
    ],
)
def test_a_slip_in_either_field_is_explained_and_makes_nothing(township, at, typed, said):
    answer = at("组织干事").post(f"{LIST}report/JC-05/", typed)
    assert (answer.status_code, said in answer.content.decode()) == (422, True)
    assert not Duty.objects.filter(entry__code="JC-05").exists()


def test_what_recurs_is_not_reported(township, at):
    text = at("组织干事").get(f"{LIST}report/SX-02/").content.decode()
    assert "不用登记" in text
    codes = [
        code
        for _group, found in at("组织干事")
        .get(f"{LIST}report/")
        .context["form"]
        .fields["entry"]
        .choices[1:]
        for code, _label in found
    ]
    assert "JC-05" in codes
    assert "SX-02" not in codes
