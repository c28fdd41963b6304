"""The rota: planned by one, announced by another, changed and cancelled in public, concluded."""

import json
from datetime import date, time

import pytest
from django.db import IntegrityError, transaction
from tests.participation.meetings.conftest import WEDNESDAY, approved
from tests.procedure.editions import MONDAY

from gongkai.foundation.core.errors import Refused
from gongkai.foundation.ledger.models import Act, PublicRecord
from gongkai.foundation.ledger.workflow import SYSTEM
from gongkai.foundation.organisations.models import Tenure
from gongkai.participation.meetings import queries, rules, visiting, workflow
from gongkai.participation.meetings.models import Notice, ReceptionDay
from gongkai.procedure.catalogue import workflow as catalogue
from gongkai.procedure.catalogue.queries import charter_of
from gongkai.procedure.proposals.models import Draft

pytestmark = pytest.mark.django_db


def told(day):
    """What the public record of the day says now."""
    records = PublicRecord.objects.filter(kind="reception", subject=day.subject_name)
    return json.loads(records.latest("version").body)


def refused(verb, **given):
    with pytest.raises(Refused) as refusal:
        verb(**given)
    return refusal.value.obstacles


# -- planning and announcing -----------------------------------------------------------------------


def test_a_day_is_public_once_a_second_person_says_so(planned, who):
    (day,) = planned()
    assert PublicRecord.objects.filter(kind="reception").count() == 0
    waiting = queries.in_hand(day)
    assert refused(workflow.approve, notice=waiting, officer=who("党政办主任")) == [
        "“审定答复”要由党委副书记、纪委副书记来办。",
        "这是您写的，请另一位有审定权的人审定。",
    ]
    approved(day, who)
    assert told(day) == {
        "format": "gongkai-reception/1",
        "key": day.key,
        "date": "2026-11-25",
        "state": "open",
        "post": "党委副书记",
        "starts": "09:00",
        "ends": "10:00",
        "minutes": 20,
        "slots": 3,
        "place": "镇政府一楼接访室",
        "subject": "",
        "result_due": "2026-11-30",
        "notices": [{"kind": "plan", "at": "2026-11-23T01:40:00Z", "reason": ""}],
    }
    assert refused(workflow.approve, notice=waiting, officer=who("纪委副书记")) == [
        "这条公告已经审定或者退回了。请看最新的情况。"
    ]


def test_the_database_keeps_the_writer_from_announcing(planned, who):
    (day,) = planned()
    notice = queries.in_hand(day)
    with pytest.raises(IntegrityError), transaction.atomic():
        Notice.objects.filter(pk=notice.pk).update(approved_by=notice.member)
    with pytest.raises(IntegrityError), transaction.atomic():
        Notice.objects.filter(pk=notice.pk).update(settled_at=MONDAY)


@pytest.mark.parametrize(
    ("on", "changes", "said"),
    [
        (date(2026, 11, 20), {}, "2026年11月20日这一天已经过去或者已经开始。请选以后的日期。"),
        (date(2026, 11, 23), {}, "2026年11月23日这一天已经过去或者已经开始。请选以后的日期。"),
        (date(2028, 1, 3), {}, "2028年1月3日太远了。最多安排到一年以后。"),
        (WEDNESDAY, {"place": "  "}, "还没有写在哪里接访。"),
        (WEDNESDAY, {"place": "镇" * 101}, "最多100个字，现在有101个。请写短一些。"),
        (
            WEDNESDAY,
            {"place": "一楼\x07"},
            "里面有换行或者看不见的控制字符。请重新输入，不要粘贴。",
        ),
        (
            WEDNESDAY,
            {"subject": "找王某13812341234"},
            "里面像是有个人的号码，要公开的话不能写。请去掉。",
        ),
        (WEDNESDAY, {"slots": 41}, "时段要在1和40个之间，每段5到240分钟。"),
        (
            WEDNESDAY,
            {"slots": 40, "minutes": 60},
            "这样排要到第二天才结束。请少排几段，或者早一点开始。",
        ),
    ],
)
def test_a_plan_that_cannot_be_says_why(planned, on, changes, said):
    with pytest.raises(Refused) as refusal:
        planned(on, **changes)
    assert refusal.value.obstacles == [said]
    assert ReceptionDay.objects.count() == 0


def test_a_vacant_post_receives_nobody(planned, who):
    (day,) = planned()
    Tenure.objects.filter(post=day.post).update(until=date(2026, 11, 24))
    vacant = "“党委副书记”现在没有人担任。请“党政办信息员”先登记由谁担任。"
    assert refused(workflow.approve, notice=queries.in_hand(day), officer=who("纪委副书记")) == [
        vacant
    ]
    with pytest.raises(Refused) as refusal:
        planned(date(2026, 12, 2))
    assert refusal.value.obstacles == [vacant]


def test_a_post_receives_once_at_a_time(planned):
    planned()
    with pytest.raises(Refused) as refusal:
        planned()
    assert refusal.value.obstacles == ["党委副书记在2026年11月25日同一时间已经有接访安排。"]
    planned(starts=time(14))
    assert ReceptionDay.objects.count() == 2


def test_a_charter_without_the_section_keeps_no_rota(township, planned, who):
    source = charter_of(township)[0].source
    head, _, rest = source.partition("[reception]")
    catalogue.apply(source=head + rest[rest.index("# 首页") :], by=SYSTEM)
    with pytest.raises(Refused) as refusal:
        planned()
    assert refusal.value.obstacles == [
        "实施办法里没有“领导接访日”（reception）这一部分。请先在实施办法里写明，再来安排。"
    ]


def test_who_does_not_keep_the_rota_is_told_who_does(township, who, wanted):
    assert refused(
        workflow.plan,
        officer=who("组织干事"),
        organisation=township,
        on=[WEDNESDAY],
        wanted=wanted(),
    ) == ["“分办意见”要由党政办主任来办。"]


def test_what_is_sent_back_is_planned_anew(planned, who, wanted):
    (day,) = planned()
    office, second = who("党政办主任"), who("纪委副书记")
    assert refused(workflow.send_back, notice=queries.in_hand(day), officer=second, text=" ") == [
        "请写明哪里要改。"
    ]
    workflow.send_back(notice=queries.in_hand(day), officer=second, text="地点在二楼")
    assert queries.returned(day).returned_reason == "地点在二楼"
    workflow.change(day=day, officer=office, wanted=wanted(place="镇政府二楼"))
    approved(day, who)
    assert (told(day)["place"], len(told(day)["notices"])) == ("镇政府二楼", 1)


def test_a_day_never_announced_is_given_up_and_leaves_its_hour(planned, who):
    (day,) = planned()
    workflow.drop(day=day, officer=who("党政办主任"))
    planned()
    assert refused(workflow.drop, day=day, officer=who("党政办主任")) == [
        "这一天已经公布，不能放弃。可以取消，写明理由。"
    ]


# -- changing and cancelling -----------------------------------------------------------------------


def test_a_change_is_public_with_its_reason_and_what_was_before(announced, who, wanted):
    day = announced()
    office = who("党政办主任")
    asked = {"day": day, "officer": office}
    assert refused(workflow.change, **asked, wanted=wanted(), reason="") == [
        "请写明为什么更改，要公开。"
    ]
    workflow.change(**asked, wanted=wanted(key="secretary", starts=time(14)), reason="上午开会")
    assert told(day)["post"] == "党委副书记"
    approved(day, who)
    now = told(day)
    assert (now["post"], now["starts"], now["ends"]) == ("党委书记", "14:00", "15:00")
    change = now["notices"][1]
    assert (change["kind"], change["reason"]) == ("change", "上午开会")
    assert (change["was"]["post"], change["was"]["starts"]) == ("党委副书记", "09:00")


def test_a_change_takes_no_time_from_who_has_booked_it(announced, who, wanted):
    day = announced()
    visiting.book(day=day, persons=1, about="水渠", slot=3)
    assert refused(
        workflow.change,
        day=day,
        officer=who("党政办主任"),
        wanted=wanted(slots=2),
        reason="开会",
    ) == ["第3个时段已经有人约了，不能去掉。"]


def test_a_day_falls_out_at_once_by_one_person_with_a_reason(announced, who):
    day = announced()
    office = who("党政办主任")
    assert refused(workflow.cancel, day=day, officer=office, text="") == [
        "请写明为什么取消，要公开。"
    ]
    workflow.cancel(day=day, officer=office, text="防汛")
    assert (told(day)["state"], told(day)["notices"][1]["reason"]) == ("cancelled", "防汛")
    assert refused(workflow.cancel, day=day, officer=office, text="防汛") == [
        "这一天现在是“已取消”，不能这样办。请看最新的情况。"
    ]
    assert Act.objects.get(verb="reception.cancel").facts["text"] == "防汛"


# -- the result ------------------------------------------------------------------------------------


def test_a_day_that_was_not_held_is_visible_with_its_reason(announced, who, time_machine):
    day = announced()
    office = who("党政办主任")
    assert refused(workflow.conclude, day=day, officer=office, held=False, reason="出差") == [
        "接访还没有开始。开始以后才能登记结果。"
    ]
    time_machine.move_to(day.ends_at)
    workflow.conclude(day=day, officer=office, held=False, reason="出差")
    approved(day, who)
    assert (told(day)["state"], told(day)["notices"][1]["reason"]) == ("missed", "出差")
    assert told(day)["result"]["visits"] == 0


def test_a_day_without_result_is_overdue_for_who_keeps_the_rota(announced, who, time_machine):
    day = announced()
    office, second = who("党政办主任"), who("纪委副书记")
    time_machine.move_to(day.ends_at)
    thursday = date(2026, 11, 26)
    assert queries.waits_for(office, WEDNESDAY).close == []
    assert queries.waits_for(office, thursday).close == [day]
    written = workflow.conclude(day=day, officer=office, held=False, reason="出差")
    assert queries.waits_for(office, thursday).close == []
    assert queries.waits_for(second, thursday) == queries.Waiting([written], [], [])


def test_the_record_of_a_day_begins_as_a_draft_without_names(announced, who, time_machine):
    day = announced()
    contact = {"name": "李某", "tel": "0000-1"}
    booking, _ = visiting.book(day=day, persons=2, about="水渠", contact=contact)
    away, _ = visiting.book(day=day, persons=1, about="低保")
    office, organiser = who("党政办主任"), who("组织干事")
    time_machine.move_to(day.at(1))
    visiting.arrive(booking=booking, officer=office)
    assert refused(workflow.conclude, day=day, officer=office, held=True) == [
        "还有1位没有登记到没到。请先在接访台登记。",
        "还有1位来了，说的事还没有登记。",
    ]
    visiting.stay_away(booking=away, officer=office)
    visiting.hear(
        booking=booking,
        officer=office,
        text="水渠漏水",
        show=False,
        category="FW",
        promise="修水渠",
        promise_by=date(2026, 12, 20),
    )
    assert refused(workflow.draft_record, day=day, officer=organiser) == [
        "先公布这一天的接访结果，再起草记录。"
    ]
    workflow.conclude(day=day, officer=office, held=True)
    approved(day, who)
    assert told(day)["result"] == {
        "held": True, "visits": 1, "persons": 2, "walk_ins": 0, "absent": 1,
        "categories": {"FW": 1},
    }  # fmt: skip
    draft = workflow.draft_record(day=day, officer=organiser)
    assert draft == Draft.objects.get()
    assert draft.title == "2026年11月25日党委副书记接访记录"
    assert draft.disclosure.entry.code == "FW-01"
    for said in ("共接待1批2人", "修水渠", "2026年12月20日", "约了没有来的1批"):
        assert said in draft.body
    assert "李某" not in draft.body
    day.refresh_from_db()
    assert refused(workflow.draft_record, day=day, officer=organiser) == [
        "这一天的记录已经在起草了。"
    ]


def test_nobody_notes_arrivals_once_the_result_is_written(announced, who, time_machine):
    day = announced()
    office = who("党政办主任")
    assert rules.desk_obstacles(day, office) == ["2026年11月25日才接访。到那一天再登记谁来了。"]
    time_machine.move_to(day.at(1))
    assert rules.desk_obstacles(day, who("党委副书记")) == []
    assert rules.desk_obstacles(day, who("组织干事")) == ["“分办意见”要由党政办主任来办。"]
    workflow.conclude(day=day, officer=office, held=True)
    assert rules.desk_obstacles(day, office) == [
        "结果已经交去审定，不能再登记。要改，请审定的人先退回。"
    ]
