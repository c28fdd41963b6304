"""What falls due, what becomes of it, and what the charter changes about it."""

import copy
import json
import threading
import time
from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from tests.cast import officer_named, village

from gongkai.foundation.core import workdays
from gongkai.foundation.core.errors import Refused
from gongkai.foundation.core.workdays import Calendar
from gongkai.foundation.ledger.models import Act, PublicRecord
from gongkai.foundation.ledger.workflow import SYSTEM
from gongkai.procedure.catalogue.charter import sample
from gongkai.procedure.catalogue.models import Entry
from gongkai.procedure.catalogue.workflow import apply
from gongkai.procedure.duties import jobs, queries, workflow
from gongkai.procedure.duties.models import Duty, Schedule, Tally
from gongkai.procedure.duties.states import DutyKind, DutyState

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 23, 1, 40, tzinfo=UTC)
"""Monday, 9:40 in 青溪镇."""
TODAY = date(2026, 11, 23)


@pytest.fixture
def now(time_machine):
    time_machine.move_to(NOW, tick=False)
    return NOW


@pytest.fixture
def township(now, qingxi):
    """青溪镇 whose charter has just been followed, and planned a month ahead."""
    jobs.follow(now)
    jobs.plan(now)
    return qingxi


def entry(organisation, code):
    return Entry.objects.get(organisation=organisation, code=code)


def duties(organisation, code):
    found = Duty.objects.filter(organisation=organisation, entry__code=code)
    return [(each.key, each.due_on.isoformat(), each.state) for each in found.order_by("due_on")]


def counts(organisation):
    rows = Tally.objects.filter(organisation=organisation).order_by("month")
    return {
        f"{row.month:%Y-%m}": (row.made, row.on_time, row.late, row.waived)
        for row in rows
        if row.made
    }


def counted(organisation):
    """The same, counted one by one."""
    told = {}
    for duty in Duty.objects.filter(organisation=organisation).exclude(state=DutyState.VOID):
        made, on_time, late, waived = told.get(f"{duty.due_on:%Y-%m}", (0, 0, 0, 0))
        met = duty.state == DutyState.MET
        in_time = met and duty.settled_on <= duty.due_on
        told[f"{duty.due_on:%Y-%m}"] = (
            made + 1,
            on_time + in_time,
            late + (met and not in_time),
            waived + (duty.state == DutyState.WAIVED),
        )
    return told


def at_once(*acts):
    """Let each be done by somebody else at the same moment; what each was told, if refused."""
    told, start = [None] * len(acts), threading.Barrier(len(acts), timeout=10)

    def do(place):
        start.wait()
        try:
            acts[place]()
        except Refused as refusal:
            told[place] = refusal.obstacles
        except IntegrityError:
            told[place] = ["made already"]
        connection.close()

    people = [threading.Thread(target=do, args=[place]) for place in range(len(acts))]
    for each in people:
        each.start()
    for each in people:
        each.join()
    return told


# -- what falls due


def test_the_charter_makes_what_falls_due(township):
    assert duties(township, "JC-01") == [("2026-Q4", "2026-12-31", "open")]
    assert duties(township, "FW-05") == [
        ("2026-11", "2026-11-30", "open"),
        ("2026-12", "2026-12-31", "open"),
    ]
    assert duties(township, "QT-03") == [("2026", "2027-02-01", "open")]
    assert duties(township, "JC-05") == []
    assert counts(township) == counted(township)


def test_what_stands_for_good_and_was_never_shown_is_due_soon(township):
    """形成以后5个工作日: the deadline engine counts them."""
    assert duties(township, "FW-02") == [("first", "2026-11-30", "open")]
    assert Duty.objects.get(entry=entry(township, "FW-02")).kind == DutyKind.FIRST


def test_a_last_day_already_over_when_the_charter_comes_is_not_owed(township):
    """JC-03 is due by the end of February; the charter came in November."""
    assert duties(township, "JC-03") == []
    assert Schedule.objects.get(entry=entry(township, "JC-03")).planned == date(2026, 12, 31)


def test_working_days_after_the_period(now):
    """石桥村 shows a month's accounts within 10 working days after it."""
    shiqiao = village()
    jobs.follow(now)
    jobs.plan(now)
    assert duties(shiqiao, "CW-01") == [
        ("2026-11", "2026-12-14", "open"),
        ("2026-12", "2027-01-14", "open"),
    ]
    assert Duty.objects.get(entry=entry(shiqiao, "CW-01"), key="2026-12").provisional


def test_planning_again_makes_nothing(township, now):
    before = Duty.objects.count()
    assert (jobs.follow(now), jobs.plan(now)) == (0, 0)
    assert Duty.objects.count() == before


def test_a_month_without_the_tick_is_caught_up_in_order(township, now):
    assert jobs.plan(now + timedelta(days=70)) > 0
    assert [key for key, _due, _state in duties(township, "FW-05")] == [
        "2026-11",
        "2026-12",
        "2027-01",
        "2027-02",
        "2027-03",
    ]
    assert counts(township) == counted(township)


def test_a_clock_set_back_makes_nothing_twice(township, now):
    jobs.plan(now + timedelta(days=70))
    before = Duty.objects.count()
    assert jobs.plan(now - timedelta(days=40)) == 0
    assert Duty.objects.count() == before


@pytest.mark.django_db(transaction=True)
def test_two_ticks_at_once_make_nothing_twice(township, now):
    later = now + timedelta(days=70)
    waiting = list(queries.to_plan(later.date()))
    until = {township.pk: later.date()}
    found = at_once(*[lambda: workflow.plan(copy.deepcopy(waiting), until)] * 2)
    assert [each for each in found if each] == [["made already"]]
    assert [key for key, _due, _state in duties(township, "FW-05")] == [
        "2026-11",
        "2026-12",
        "2027-01",
        "2027-02",
    ]
    assert counts(township) == counted(township)
    assert jobs.plan(now + timedelta(days=39)) == 0


def test_planning_asks_no_more_for_three_than_for_one(township, django_assert_num_queries):
    quarterly = list(Schedule.objects.filter(period="quarter")[:4])
    until = {township.pk: date(2027, 1, 1)}
    Tally.objects.get_or_create(organisation=township, month=date(2027, 3, 1))
    for some in (quarterly[:1], quarterly[1:4]):
        Duty.objects.filter(entry__in=[each.entry_id for each in some]).delete()
        for each in some:
            each.planned = date(2026, 12, 31)
        with django_assert_num_queries(6):
            assert workflow.plan(some, until) == len(some)


# -- provisional days


def test_a_provisional_day_settles_when_the_calendar_comes(township, now, monkeypatch):
    duty = Duty.objects.get(entry=entry(township, "QT-03"))
    assert (duty.nominal_on, duty.due_on, duty.provisional) == (
        date(2027, 1, 31),
        date(2027, 2, 1),
        True,
    )
    assert jobs.recount(now) == 0
    calendar = Calendar()
    calendar.learn(2027, {date(2027, 2, day): False for day in range(1, 4)})
    monkeypatch.setattr(workdays.NATIONAL, "_overrides", calendar._overrides)
    monkeypatch.setattr(workdays.NATIONAL, "_learned", calendar._learned)
    assert jobs.recount(now) > 0
    duty.refresh_from_db()
    assert (duty.due_on, duty.provisional) == (date(2027, 2, 4), False)
    assert counts(township) == counted(township)
    assert jobs.recount(now) == 0


# -- reporting


def test_an_event_is_due_after_its_working_days(township, officer):
    duty = workflow.report(
        entry=entry(township, "JC-05"),
        officer=officer("组织干事"),
        title=" 11月20日 党委会议 ",
        on=date(2026, 11, 20),
    )
    assert (duty.kind, duty.title, duty.due_on) == (
        DutyKind.EVENT,
        "11月20日 党委会议",
        date(2026, 11, 27),
    )
    act = Act.objects.get(verb="duty.report")
    assert (act.subject, act.facts["due"]) == (f"due:qingxi:JC-05:{duty.key}", "2026-11-27")
    assert counts(township) == counted(township)


def test_a_stage_may_end_in_future(township, officer):
    duty = workflow.report(
        entry=entry(township, "JC-04"),
        officer=officer("组织干事"),
        title="第一阶段",
        on=date(2026, 12, 31),
    )
    assert (duty.kind, duty.from_on, duty.nominal_on) == (
        DutyKind.MILESTONE,
        TODAY,
        date(2026, 12, 31),
    )


@pytest.mark.parametrize(
    ("code", "title", "on", "says"),
    [
        ("JC-05", "  ", TODAY, "请写明是什么事，例如“11月23日党委会议”。"),
        ("JC-05", "会" * 201, TODAY, "事项名称最多200个字，现在有201个。"),
        (
            "JC-05",
            "会议",
            date(2026, 11, 24),
            "这件事还没有发生。请在发生以后登记，日期填发生的那一天。",
        ),
        ("JC-04", "阶段", date(2206, 1, 1), "日期离今天超过五年，请核对年份。"),
        (
            "JC-01",
            "季度",
            TODAY,
            "“JC-01 上级决策部署学习贯彻情况”不用登记："
            "定期的由系统按周期列出，依申请的收到申请才办。",
        ),
    ],
)
def test_what_cannot_be_reported(township, officer, code, title, on, says):
    with pytest.raises(Refused) as refusal:
        workflow.report(
            entry=entry(township, code), officer=officer("组织干事"), title=title, on=on
        )
    assert refusal.value.obstacles == [says]


def test_another_organisation_reports_nothing(township, shiqiao, officer):
    with pytest.raises(Refused):
        workflow.report(
            entry=entry(township, "JC-05"),
            officer=officer_named(shiqiao, "村文书"),
            title="会议",
            on=TODAY,
        )


# -- meeting


def meet(organisation, code, on=TODAY, duty=None, correction=False):
    return workflow.fulfil(
        entry=entry(organisation, code),
        duty=duty,
        item="7K3QX0M2ZD",
        on=on,
        shown=True,
        correction=correction,
    )


def test_publishing_meets_what_has_been_due_longest(township):
    met = meet(township, "FW-05", on=date(2026, 12, 2))
    assert (met.key, met.state, met.late(TODAY)) == ("2026-11", "met", 2)
    assert counts(township) == counted(township)


def test_publishing_for_a_duty_meets_that_one(township):
    later = Duty.objects.get(entry=entry(township, "FW-05"), key="2026-12")
    assert meet(township, "FW-05", duty=later).key == "2026-12"
    assert duties(township, "FW-05")[0] == ("2026-11", "2026-11-30", "open")


def test_a_correction_meets_a_period_no_more_than_it_was(township):
    assert meet(township, "FW-05", correction=True) is None


def test_a_correction_meets_what_a_change_asked_for(township, officer):
    told = workflow.report(
        entry=entry(township, "BZ-01"), officer=officer("组织干事"), title="分工调整", on=TODAY
    )
    assert meet(township, "BZ-01", correction=True).key == told.key


def test_what_stands_for_good_is_looked_at_a_year_later(township):
    meet(township, "FW-02")
    assert duties(township, "FW-02") == [
        ("first", "2026-11-30", "met"),
        ("R2027-11-23", "2027-11-23", "open"),
    ]
    meet(township, "FW-02", on=date(2027, 3, 1))
    assert duties(township, "FW-02") == [
        ("first", "2026-11-30", "met"),
        ("R2027-11-23", "2027-11-23", "void"),
        ("R2028-03-01", "2028-03-01", "open"),
    ]
    assert counts(township) == counted(township)


def test_what_is_taken_back_is_owed_again(township):
    meet(township, "FW-05")
    assert [duty.key for duty in workflow.owe_again(item="7K3QX0M2ZD")] == ["2026-11"]
    assert duties(township, "FW-05")[0] == ("2026-11", "2026-11-30", "open")
    assert counts(township) == counted(township)


def test_a_review_may_be_confirmed_near_its_day_alone(township, officer, time_machine):
    meet(township, "FW-02")
    duty = Duty.objects.get(entry=entry(township, "FW-02"), state=DutyState.OPEN)
    with pytest.raises(Refused) as refusal:
        workflow.confirm(duty=duty, officer=officer("党政办主任"))
    assert refusal.value.obstacles == ["离复核的日子还早，到期前一个月内再确认。"]
    time_machine.move_to(datetime(2027, 11, 20, 2, tzinfo=UTC), tick=False)
    workflow.confirm(duty=duty, officer=officer("党政办主任"))
    assert duties(township, "FW-02")[1:] == [
        ("R2027-11-23", "2027-11-23", "met"),
        ("R2028-11-20", "2028-11-20", "open"),
    ]


# -- waiving


def test_a_waiver_is_a_public_record_with_its_reason(township, officer):
    duty = Duty.objects.get(entry=entry(township, "FW-05"), key="2026-11")
    workflow.waive(duty=duty, officer=officer("党政办主任"), reason=" 本月没有收到意见。 ")
    record = PublicRecord.objects.get(kind="waiver")
    assert (record.subject, record.audience) == ("due:qingxi:FW-05:2026-11", ["public"])
    assert json.loads(record.body) == {
        "format": "gongkai-waiver/1",
        "entry": "FW-05",
        "key": "2026-11",
        "title": "",
        "due": "2026-11-30",
        "waived": True,
        "reason": "本月没有收到意见。",
        "post": "党政办主任",
    }
    assert counts(township) == counted(township)
    workflow.reinstate(duty=duty, officer=officer("党政办主任"))
    assert [
        json.loads(each.body)["waived"]
        for each in PublicRecord.objects.filter(kind="waiver").order_by("version")
    ] == [True, False]
    assert counts(township) == counted(township)


def test_a_waiver_wants_a_reason_and_the_right_post(township, officer):
    duty = Duty.objects.get(entry=entry(township, "FW-05"), key="2026-11")
    with pytest.raises(Refused) as refusal:
        workflow.waive(duty=duty, officer=officer("组织干事"), reason="")
    assert refusal.value.obstacles == [
        "“安排公开”要由党政办主任来办。",
        "请写明为什么不用公开，读者会在公开目录里看到这句话。",
    ]


@pytest.mark.django_db(transaction=True)
def test_of_two_who_waive_at_once_the_second_is_told(township, officer):
    duty = Duty.objects.get(entry=entry(township, "FW-05"), key="2026-11")
    said = {"duty": duty, "officer": officer("党政办主任")}
    found = at_once(
        lambda: workflow.waive(**said, reason="停办一个月。"),
        lambda: workflow.waive(**said, reason="这个月没有。"),
    )
    assert [each for each in found if each] == [
        ["这项任务已经是“免于公开”，不能再改。请看最新的情况。"]
    ]
    assert Act.objects.filter(verb="duty.waive").count() == 1
    assert counts(township) == counted(township)


def test_what_is_met_is_not_waived(township, officer):
    duty = meet(township, "FW-05")
    with pytest.raises(Refused) as refusal:
        workflow.waive(duty=duty, officer=officer("党政办主任"), reason="没有内容")
    assert refusal.value.obstacles == ["这项任务已经是“已公开”，不能再改。请看最新的情况。"]


# -- another charter


def changed(text, old, new):
    assert old in text
    apply(source=text.replace(old, new), by=SYSTEM)


def test_an_entry_left_out_ends_its_duties_and_says_why(township, now):
    text = sample("township")
    start = text.index('[[entries]]\ncode = "ZZ-09"')
    end = text.index("[[entries]]", start + 1)
    changed(text, text[start:end], "")
    assert jobs.follow(now) == 1
    duty = Duty.objects.get(organisation=township, entry__code="ZZ-09")
    assert (duty.state, duty.reason) == ("void", "实施办法第2版不再列这一项。")
    assert counts(township) == counted(township)
    assert Schedule.objects.get(entry__code="ZZ-09").timing == ""


def test_another_period_holds_for_what_has_not_begun(township, now):
    """What has begun stays due by the rule it began under."""
    text = sample("township")
    start = text.index('code = "FW-05"')
    period = 'period = "month"'
    at = text.index(period, start)
    apply(source=text[:at] + 'period = "quarter"' + text[at + len(period) :], by=SYSTEM)
    jobs.follow(now)
    jobs.plan(now)
    assert duties(township, "FW-05") == [
        ("2026-11", "2026-11-30", "open"),
        ("2026-12", "2026-12-31", "void"),
        ("2026-Q4", "2026-12-31", "open"),
    ]
    assert counts(township) == counted(township)


def test_an_office_that_published_before_anybody_counted(now, qingxi):
    """It came with an earlier version of the product: nothing is suddenly late."""
    apply(
        source=sample("township").replace('title = "为民办实事项目"', 'title = "民生实事项目"'),
        by=SYSTEM,
    )
    jobs.follow(now)
    assert duties(qingxi, "FW-02") == [("R2027-11-23", "2027-11-23", "open")]


# -- the public row


def rows(organisation, *, public=True):
    """The rows as the records tell them, the latest of each entry."""
    told = {}
    for record in PublicRecord.objects.filter(
        kind="coverage", organisation=organisation.slug
    ).order_by("version"):
        if ("public" in record.audience) == public:
            told |= {row["entry"]: row for row in json.loads(record.body)["rows"]}
    return told


def test_the_row_of_an_entry_says_how_it_is_kept(township, now):
    meet(township, "FW-05", on=date(2026, 12, 2))
    jobs.show(now)
    assert rows(township)["FW-05"] == {
        "entry": "FW-05",
        "listed": True,
        "planned": "2026-12-31",
        "open": [
            {
                "key": "2026-12",
                "kind": "period",
                "title": "",
                "from": "2026-12-01",
                "due": "2026-12-31",
                "provisional": False,
            }
        ],
        "settled": [
            {
                "key": "2026-11",
                "kind": "period",
                "title": "",
                "due": "2026-11-30",
                "state": "met",
                "on": "2026-12-02",
                "item": "7K3QX0M2ZD",
                "reason": "",
                "post": "",
            }
        ],
        "months": [["2026-11", 1, 0, 1, 0], ["2026-12", 1, 0, 0, 0]],
    }


def test_a_row_for_members_is_for_members(township, now):
    jobs.show(now)
    assert "JC-01" in rows(township, public=False)
    assert "JC-01" not in rows(township)
    assert len(rows(township)) + len(rows(township, public=False)) == 48


def test_a_record_is_written_only_when_something_changed(township, now):
    assert jobs.show(now) == 48
    before = PublicRecord.objects.count()
    assert jobs.show(now) == 0
    meet(township, "FW-05")
    assert jobs.show(now) == 1
    assert PublicRecord.objects.count() == before + 1


def test_rows_ask_no_more_for_three_than_for_one(township, django_assert_num_queries):
    schedules = list(queries.to_show().filter(audience=["public"])[:4])
    for some in (schedules[:1], schedules[1:4]):
        with django_assert_num_queries(9):
            assert workflow.show(some) == len(some)


@pytest.mark.django_db(transaction=True)
def test_what_changes_while_rows_are_being_shown_is_shown_next(township, now):
    """Two people at once: the mark that a row is old must not get lost between them."""
    jobs.show(now)
    entry_ = entry(township, "FW-05")
    Schedule.objects.filter(entry=entry_).update(stale=True)
    shown = threading.Event()

    def show():
        with transaction.atomic():
            workflow.show(list(queries.to_show()))
            shown.set()
            time.sleep(0.3)  # the other one comes now, and waits
        connection.close()

    showing = threading.Thread(target=show)
    showing.start()
    assert shown.wait(10)
    meet(township, "FW-05")
    showing.join()
    assert Schedule.objects.get(entry=entry_).stale


def test_what_was_settled_meanwhile_is_not_counted_anew(township, monkeypatch):
    duty = Duty.objects.get(entry=entry(township, "QT-03"))
    workflow.fulfil(
        entry=duty.entry, duty=duty, item="7K3QX0M2ZD", on=TODAY, shown=True, correction=False
    )
    calendar = Calendar()
    calendar.learn(2027, {date(2027, 2, day): False for day in range(1, 29)})
    monkeypatch.setattr(workdays.NATIONAL, "_overrides", calendar._overrides)
    assert workflow.recount([duty]) == 0
    assert counts(township) == counted(township)
