"""Who hears of a duty, and when: the responsible, the leading group, the supervision group."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.core import mail

from gongkai.foundation.ledger.models import Act
from gongkai.foundation.organisations.models import Account, Member
from gongkai.procedure.catalogue.pacing import Reminders
from gongkai.procedure.catalogue.queries import charter_of
from gongkai.procedure.duties import jobs, workflow
from gongkai.procedure.duties.models import Duty, Followed
from gongkai.procedure.duties.reminding import Step, responsible, round_of, steps

pytestmark = pytest.mark.django_db

DUE = date(2026, 11, 30)
"""When FW-05 of November is due in 青溪镇."""


@pytest.fixture
def township(time_machine, qingxi, settings):
    """青溪镇 on 23 November, every account with an address; the only duty is FW-05."""
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    time_machine.move_to(datetime(2026, 11, 23, 1, 40, tzinfo=UTC), tick=False)
    now = datetime(2026, 11, 23, 1, 40, tzinfo=UTC)
    jobs.follow(now)
    jobs.plan(now)
    Duty.objects.exclude(entry__code="FW-05", key="2026-11").delete()
    for number, member in enumerate(Member.objects.order_by("pk")):
        account = Account.objects.create(username=f"a{number}", email=f"{number}@example.org")
        Member.objects.filter(pk=member.pk).update(account=account)
    mail.outbox = []
    return qingxi


@pytest.fixture
def morning(time_machine):
    """``morning(date)``: the tick at 8:30 of that day in 青溪镇. Returns who was written to."""

    def tick(day, hour=8):
        at = datetime(day.year, day.month, day.day, hour, 30, tzinfo=UTC) - timedelta(hours=8)
        time_machine.move_to(at, tick=False)
        mail.outbox = []
        jobs.remind(at)
        addresses = {letter.to[0] for letter in mail.outbox}
        return sorted(Member.objects.filter(account__email__in=addresses).values_list("name"))

    return tick


def names(*posts):
    return sorted((post,) for post in posts)


def test_the_charter_says_when(township):
    assert steps(Reminders(leaders="leading", supervisors="supervision"), DUE) == [
        Step(date(2026, 11, 23)),
        Step(date(2026, 11, 29)),
        Step(date(2026, 12, 1)),
        Step(date(2026, 12, 5), "leading"),
        Step(date(2026, 12, 10), "supervision"),
    ]


def test_the_responsible_hear_first_then_the_leaders_then_the_supervisors(township, morning):
    office = sorted(
        post.name
        for post in charter_of(township)[1].posts
        if post.key in set(responsible(charter_of(township)[1], "党政综合办公室"))
    )
    assert morning(date(2026, 11, 23)) == names(*office)
    assert morning(date(2026, 11, 24)) == []
    assert morning(date(2026, 11, 29)) == names(*office)
    assert morning(date(2026, 12, 1)) == names(*office)
    leaders = morning(date(2026, 12, 5))
    assert ("党委书记",) in leaders
    assert ("纪委委员",) not in leaders
    assert ("纪委委员",) in morning(date(2026, 12, 10))
    assert morning(date(2026, 12, 11)) == []


def test_the_letter_says_what_and_by_when(township, morning):
    morning(date(2026, 12, 1))
    letter = mail.outbox[0]
    assert letter.subject == "中共青溪镇委员会：1项公开任务已经逾期"
    assert letter.body.splitlines()[0] == (
        "FW-05 群众意见处理与反馈（回音壁）（2026年11月）：2026年11月30日截止，已经逾期1日。"
    )


def test_nobody_is_written_to_at_night_or_twice_a_day(township, morning):
    assert morning(date(2026, 11, 23), hour=7) == []
    assert morning(date(2026, 11, 23)) != []
    assert morning(date(2026, 11, 23), hour=20) == []
    act = Act.objects.get(verb="duty.remind")
    assert act.facts["duties"] == 1


def test_after_a_month_without_the_tick_each_group_hears_once(township, morning):
    first = morning(date(2026, 12, 28))
    assert ("党委书记",) in first
    assert ("纪委委员",) in first
    assert len(mail.outbox) == len({letter.to[0] for letter in mail.outbox})
    assert morning(date(2026, 12, 29)) == []


def test_a_clock_set_back_writes_to_nobody(township, morning):
    morning(date(2026, 11, 29))
    assert morning(date(2026, 11, 28)) == []


def test_what_was_met_reminds_nobody(township, morning):
    duty = Duty.objects.get()
    workflow.fulfil(
        entry=duty.entry,
        duty=duty,
        item="7K3QX0M2ZD",
        on=date(2026, 11, 23),
        shown=True,
        correction=False,
    )
    Duty.objects.exclude(pk=duty.pk).delete()
    assert morning(date(2026, 12, 1)) == []


def test_an_account_without_an_address_is_told_on_the_desk_alone(township, morning):
    Account.objects.update(email="")
    assert morning(date(2026, 11, 23)) == []
    assert Duty.objects.get().told == 1


def test_a_round_asks_no_more_for_three_duties_than_for_one(township, django_assert_num_queries):
    charter = charter_of(township)[1]
    duty = Duty.objects.select_related("entry").get()
    with django_assert_num_queries(3):
        round_of(township, charter, date(2026, 11, 23))
    for number in range(2):
        duty.pk, duty.key = None, f"more{number}"
        duty.save(force_insert=True)
    with django_assert_num_queries(3):
        assert len(round_of(township, charter, date(2026, 11, 23)).told) == 3
    assert Followed.objects.count() == 1
