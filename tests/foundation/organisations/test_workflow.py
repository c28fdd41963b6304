"""Appointing, handing over, ending; members and accounts. Who may, and who may not."""

from datetime import UTC, date, datetime, timedelta
from threading import Thread

import pytest
import time_machine
from django.db import connection
from tests.foundation.organisations.conftest import TOWNSHIP_POSTS, arranged

from gongkai.foundation.core.errors import Refused
from gongkai.foundation.ledger.models import Act
from gongkai.foundation.ledger.workflow import SYSTEM
from gongkai.foundation.organisations import queries, workflow
from gongkai.foundation.organisations.models import Group, Post, Seat, Tenure

TODAY = date(2026, 11, 23)
TOMORROW = date(2026, 11, 24)


@pytest.fixture
def youth_post(qingxi) -> Post:
    return queries.post(qingxi, "youth")


def refused(verb, **arguments) -> list[str]:
    """The obstacles with which ``verb`` is refused; nothing may have been written."""
    before = (Tenure.objects.count(), Act.objects.count())
    with pytest.raises(Refused) as refusal:
        verb(**arguments)
    assert (Tenure.objects.count(), Act.objects.count()) == before
    return refusal.value.obstacles


def test_a_hand_over_takes_place_at_midnight_in_the_organisations_zone(
    qingxi, youth_post, youth, party_member, office
):
    workflow.hand_over(post=youth_post, to=party_member, on=TOMORROW, by=office)
    last_minute = datetime(2026, 11, 23, 15, 59, tzinfo=UTC)  # 23:59 in Shanghai
    with time_machine.travel(last_minute, tick=False):
        assert queries.holder(youth_post, queries.today(qingxi)) == youth.member
    with time_machine.travel(last_minute + timedelta(minutes=1), tick=False):
        today = queries.today(qingxi)
        assert queries.holder(youth_post, today) == party_member
        assert queries.officer_of(youth.member, today).posts == ()
    acts = Act.objects.filter(subject="post:qingxi/youth").order_by("-pk")[:2]
    assert [(act.verb, act.actor_label, act.facts["since"]) for act in acts] == [
        ("post.appoint", "党政办主任", "2026-11-24"),
        ("post.end", "党政办主任", "2020-01-01"),
    ]


def test_a_post_is_held_by_one_person_at_a_time(youth_post, party_member, office):
    assert refused(
        workflow.appoint, post=youth_post, member=party_member, since=TODAY, by=office
    ) == ["团委书记从2020年1月1日起担任这个岗位，还没有结束。请用“移交”，或先登记结束。"]


def test_a_tenure_may_not_reach_into_the_next(youth_post, youth, party_member, office):
    tenure = Tenure.objects.get(post=youth_post)
    workflow.end_tenure(tenure=tenure, on=TODAY, by=office)
    assert refused(
        workflow.appoint, post=youth_post, member=party_member, since=TODAY, by=office
    ) == ["团委书记在2020年1月1日至2026年11月23日担任这个岗位，日期重叠。请改日期。"]
    workflow.appoint(post=youth_post, member=party_member, since=TOMORROW, by=office)
    assert refused(workflow.hand_over, post=youth_post, to=party_member, on=TODAY, by=office) == [
        "一名党员从2026年11月24日起担任这个岗位，一个岗位一天只由一人担任。"
        "请选2026年11月25日或者以后的日期移交。"
    ]


def test_who_began_today_hands_over_tomorrow(youth_post, youth, party_member, office):
    workflow.hand_over(post=youth_post, to=party_member, on=TODAY, by=office)
    sentence = [
        "一名党员从2026年11月23日起担任这个岗位，一个岗位一天只由一人担任。"
        "请选2026年11月24日或者以后的日期移交。"
    ]
    back = {"post": youth_post, "by": office}
    assert refused(workflow.hand_over, to=youth.member, on=TODAY, **back) == sentence
    assert refused(workflow.appoint, member=youth.member, since=TODAY, **back) == sentence
    workflow.hand_over(to=youth.member, on=TOMORROW, **back)
    assert queries.holder(youth_post, TODAY) == party_member
    assert queries.holder(youth_post, TOMORROW) == youth.member


def test_who_fills_a_gap_ends_before_the_next_begins(youth_post, youth, party_member, office):
    workflow.end_tenure(tenure=Tenure.objects.get(post=youth_post), on=TODAY, by=office)
    workflow.appoint(post=youth_post, member=youth.member, since=date(2026, 12, 1), by=office)
    gap = {"post": youth_post, "member": party_member, "since": TOMORROW, "by": office}
    assert refused(workflow.appoint, **gap) == [
        "团委书记从2026年12月1日起担任这个岗位。请把这一段的最后一天写在这以前，"
        "或者选2026年12月2日或者以后的日期移交。"
    ]
    workflow.appoint(**gap, until=date(2026, 11, 30))


def test_every_obstacle_is_told_at_once(youth_post, village_clerk, organiser):
    assert refused(
        workflow.appoint,
        post=youth_post,
        member=village_clerk.member,
        since=TODAY,
        until=date(2026, 11, 1),
        by=organiser,
    ) == [
        "您今天的岗位不管登记。请找“党政办主任”。",
        "村文书不是中共青溪镇委员会的成员。请先添加为成员。",
        "最后一天不能早于第一天。请改日期。",
    ]


def test_another_organisations_administrator_is_refused(
    qingxi, youth_post, party_member, village_clerk
):
    sentence = ["这是中共青溪镇委员会的事，只能由它自己的“党政办主任”登记。"]
    by = village_clerk
    tenure = Tenure.objects.get(post=youth_post)
    assert (
        refused(workflow.hand_over, post=youth_post, to=party_member, on=TODAY, by=by) == sentence
    )
    assert refused(workflow.end_tenure, tenure=tenure, on=TODAY, by=by) == sentence
    assert refused(workflow.make_member, organisation=qingxi, name="某人", by=by) == sentence
    assert refused(workflow.leave, member=party_member, on=TODAY, by=by) == sentence
    assert refused(workflow.make_account, member=party_member, username="a", by=by) == sentence
    workflow.make_account(member=party_member, username="a", by=SYSTEM)
    assert refused(workflow.make_link, member=party_member, by=by) == sentence


def test_handing_over_needs_somebody_to_hand_over(youth_post, party_member, youth, office):
    assert refused(workflow.hand_over, post=youth_post, to=youth.member, on=TODAY, by=office) == [
        "“团委书记”已经由团委书记担任，不用移交。"
    ]
    workflow.end_tenure(tenure=Tenure.objects.get(post=youth_post), on=TODAY, by=office)
    assert refused(
        workflow.hand_over, post=youth_post, to=party_member, on=date(2026, 12, 1), by=office
    ) == ["“团委书记”到2026年12月1日没有人可以移交。请直接登记任职。"]


def test_a_tenure_ends_within_itself(youth_post, office):
    tenure = Tenure.objects.get(post=youth_post)
    assert refused(workflow.end_tenure, tenure=tenure, on=date(2019, 1, 1), by=office) == [
        "这段任职从2020年1月1日开始，最后一天不能比它早。请改日期。"
    ]
    workflow.end_tenure(tenure=tenure, on=TODAY, by=office)
    assert refused(workflow.end_tenure, tenure=tenure, on=TOMORROW, by=office) == [
        "这段任职登记到2026年11月23日为止，不能再往后改。请另外登记一段任职。"
    ]


def test_the_last_administrator_stays_until_there_is_another(office, qingxi, party_member):
    tenure = Tenure.objects.get(member=office.member)
    sentence = ["“党政办主任”是最后一个有人担任的管理员岗位，空出来以后谁也登记不了。请先移交。"]
    assert refused(workflow.end_tenure, tenure=tenure, on=TODAY, by=office) == sentence
    assert refused(workflow.leave, member=office.member, on=TODAY, by=office) == sentence
    workflow.hand_over(post=tenure.post, to=party_member, on=TODAY, by=office)
    workflow.leave(member=office.member, on=TODAY, by=SYSTEM)


def test_leaving_ends_what_was_held_and_was_to_come(qingxi, youth, youth_post, office):
    other = queries.post(qingxi, "finance")
    workflow.hand_over(post=other, to=youth.member, on=date(2027, 1, 1), by=office)
    workflow.leave(member=youth.member, on=TODAY, by=office)
    assert list(Tenure.objects.filter(member=youth.member).values_list("post", "until")) == [
        (youth_post.pk, date(2026, 11, 22))
    ]
    assert refused(
        workflow.appoint, post=youth_post, member=youth.member, since=TODAY, by=office
    ) == ["团委书记已在2026年11月23日离开，不再是成员。"]
    assert refused(workflow.leave, member=youth.member, on=TODAY, by=office) == [
        "团委书记已经登记为2026年11月23日离开。"
    ]


def test_a_name_is_needed(qingxi, office):
    make = workflow.make_member
    assert refused(make, organisation=qingxi, name=" ", by=office) == ["姓名没有填。"]
    assert refused(make, organisation=qingxi, name="长" * 61, by=office) == [
        "姓名太长了，最多60个字。"
    ]
    assert refused(make, organisation=qingxi, name="某\x07人", by=office) == [
        "姓名里有看不见的控制字符。请重新输入，不要粘贴。"
    ]


def test_an_account_is_made_once_and_under_a_free_name(party_member, youth, office):
    workflow.make_account(member=party_member, username="Zhang", by=office)
    assert refused(workflow.make_account, member=party_member, username="b", by=office) == [
        "一名党员已经有账号了。"
    ]
    assert refused(workflow.make_account, member=youth.member, username="zhang", by=office) == [
        "用户名“zhang”已经有人用了。请换一个。"
    ]
    assert refused(workflow.make_account, member=youth.member, username="张 三", by=office) == [
        "用户名不能空着，也不能有空格。可以用汉字、字母和数字。"
    ]
    party_member.refresh_from_db()
    assert not party_member.account.has_usable_password()


def test_acts_name_members_by_key_only(party_member, office):
    workflow.make_account(member=party_member, username="zhang", by=office)
    act = Act.objects.latest("pk")
    assert (act.verb, act.subject_label, act.facts) == (
        "account.make",
        f"member:{party_member.key}",
        {},
    )


def test_arranging_twice_changes_nothing(qingxi):
    def rows():
        return [list(each.objects.order_by("pk").values()) for each in (Post, Seat, Group)]

    before = rows()
    arranged()
    assert rows() == before


def test_a_post_that_the_charter_leaves_out_retires_and_can_return(qingxi, youth_post):
    arranged([plan for plan in TOWNSHIP_POSTS if plan.key != "youth"], ())
    youth_post.refresh_from_db()
    assert youth_post.retired
    assert Group.objects.count() == 0
    arranged()
    youth_post.refresh_from_db()
    assert not youth_post.retired
    assert Tenure.objects.filter(post=youth_post).count() == 1


@pytest.mark.django_db(transaction=True)
def test_of_two_who_hand_over_at_once_one_is_told(qingxi, youth_post, office):
    successors = [
        workflow.make_member(organisation=qingxi, name=name, by=SYSTEM) for name in "甲乙"
    ]
    refusals = []

    def hand_over(to):
        try:
            workflow.hand_over(post=youth_post, to=to, on=TODAY, by=office)
        except Refused as refusal:
            refusals.append(refusal.obstacles)
        finally:
            connection.close()

    threads = [Thread(target=hand_over, args=(to,)) for to in successors]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(refusals) == 1
    assert Tenure.objects.filter(post=youth_post, since=TODAY).count() == 1
