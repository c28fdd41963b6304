"""Lists that the office keeps: of what is public alone, to whom agreed, never told of whom."""

import re
from datetime import timedelta

import pytest
from django.core import mail
from django.db import connection
from tests.surfaces.board.office import address
from tests.surfaces.channels.conftest import MONDAY_NOON, Server, go, work
from tests.surfaces.channels.test_jobs import told

from gongkai.foundation.core import clock
from gongkai.foundation.core.errors import Refused
from gongkai.foundation.ledger.models import Act
from gongkai.foundation.ledger.workflow import SYSTEM
from gongkai.foundation.organisations import workflow as organisations
from gongkai.surfaces.board import houses
from gongkai.surfaces.channels import jobs, rules, tokens
from gongkai.surfaces.channels import workflow as following
from gongkai.surfaces.channels.lists import queries, workflow
from gongkai.surfaces.channels.models import Alert, Subscription

A, B, C = address(1), address(2), address(3)
BUREAU, LI = "bureau@county.example", "li@example.org"


def enter(clerk, chosen, *addresses, ours=True) -> int:
    return workflow.enter(
        officer=clerk, chosen=chosen, town=houses.town(), addresses=addresses, ours=ours
    )


def test_an_office_is_told_at_once_and_a_person_only_after_agreeing(office, clerk, delegates):
    assert enter(clerk, delegates, BUREAU) == 1
    assert enter(clerk, delegates, LI, ours=False) == 1
    work()
    (asked,) = mail.outbox
    assert (asked.to, asked.subject) == ([LI], "请确认：跟进人大代表")
    assert "想把您列入邮件列表，把新公开的寄给您（请代表监督）" in asked.body
    mail.outbox.clear()
    office.release(A, title="甲")
    go(office)
    work()
    (letter,) = mail.outbox
    assert (letter.to, letter.subject) == ([BUREAU], "新公开：甲")
    assert "这封信寄给邮件列表“人大代表”（请代表监督）。" in letter.body
    assert letter.extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    mail.outbox.clear()
    token = re.search(r"/follow/confirm/(\w+)/", asked.body)[1]
    assert following.confirm(token=token) is not None
    office.release(B, title="乙")
    go(office)
    work()
    assert told() == [(BUREAU, "新公开：乙"), (LI, "新公开：乙")]
    following.leave(token=re.search(r"/follow/leave/(\w+)/", letter.body)[1])
    assert [each.confirmed_at for each in queries.recipients(delegates)] == [clock.now()]


def test_what_is_for_members_and_other_categories_are_told_to_no_list(office, clerk, delegates):
    finance = workflow.make(
        officer=clerk, name="财务", purpose="看账", pace="now", categories=["CW"]
    )
    enter(clerk, delegates, BUREAU)
    enter(clerk, finance, LI)
    office.release(A, audience=("org:qingxi",), title="只给党员看")
    office.release(B, title="乙")
    go(office)
    work()
    assert told() == [(BUREAU, "新公开：乙")]


def test_a_digest_gathers_leaves_out_and_tells_of_withdrawals_in_the_next(
    office, clerk, time_machine
):
    daily = workflow.make(officer=clerk, name="日报", purpose="存查", pace="day", categories=["JC"])
    enter(clerk, daily, BUREAU)
    for subject, title in ((A, "甲"), (B, "乙")):
        office.release(subject, title=title)
    office.withdraw(B)
    go(office)
    work()
    assert told() == []
    time_machine.move_to(MONDAY_NOON + timedelta(hours=21), tick=False)
    jobs.upkeep(clock.now())
    work()
    assert told() == [(BUREAU, "新公开：甲")]
    office.withdraw(A, title="甲")
    go(office)
    work()
    time_machine.move_to(MONDAY_NOON + timedelta(hours=45), tick=False)
    jobs.upkeep(clock.now())
    work()
    assert told() == [(BUREAU, "撤回：甲")]


def test_a_mailbox_that_bounces_is_paused_and_a_server_that_is_down_loses_nothing(
    office, clerk, delegates, time_machine
):
    enter(clerk, delegates, BUREAU, LI)
    Server.refused = frozenset([LI])
    for number in range(rules.REFUSALS):
        office.release(address(number), title=f"第{number}件")
        go(office)
        work()
        jobs.upkeep(clock.now())
    assert queries.numbers(clerk.organisation) == {
        delegates.what: {"told": 1, "asked": 0, "paused": 1}
    }
    mail.outbox.clear()
    Server.away = True
    office.release(C, title="丙")
    go(office)
    work()
    assert told() == []
    Server.away = False
    time_machine.shift(timedelta(minutes=2))
    work()
    assert told() == [(BUREAU, "新公开：丙")]


def test_a_closed_list_keeps_no_address_and_sends_nothing_more(office, clerk, delegates):
    enter(clerk, delegates, BUREAU, LI)
    office.release(A)
    go(office)
    Server.away = True
    work()
    workflow.close(officer=clerk, chosen=delegates)
    Server.away = False
    work()
    assert told() == []
    assert (Subscription.objects.count(), Alert.objects.count()) == (0, 0)
    assert Act.objects.get(verb="list.close").facts == {"count": 2, "name": "人大代表"}


def test_a_trial_goes_to_the_clerk_alone(office, clerk, delegates, settings):
    with pytest.raises(Refused) as refusal:
        workflow.try_out(officer=clerk, chosen=delegates, town=houses.town())
    assert refusal.value.obstacles == [
        "试寄寄到您自己的邮箱。您的账号没有邮箱，或者邮件还没有接通。"
    ]
    account = organisations.make_account(member=clerk.member, username="zhuren", by=SYSTEM)
    account.email = "clerk@qingxi.example"
    account.save()
    clerk.member.account = account
    with pytest.raises(Refused) as refusal:
        workflow.try_out(officer=clerk, chosen=delegates, town=houses.town())
    assert refusal.value.obstacles == ["这些类别还没有公开过东西，没有可以试寄的。"]
    enter(clerk, delegates, BUREAU)
    office.release(A, title="甲")
    office.release(B, title="乙")
    office.withdraw(B)
    go(office)
    work()
    mail.outbox.clear()
    workflow.try_out(officer=clerk, chosen=delegates, town=houses.town())
    work()
    assert told() == [("clerk@qingxi.example", "试寄：新公开：甲")]


def test_whoever_is_on_a_list_is_not_entered_twice_and_stands_nowhere_in_plain(
    clerk, delegates, organiser
):
    assert enter(clerk, delegates, BUREAU, "Bureau@county.example") == 1
    assert enter(clerk, delegates, BUREAU) == 0
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM channels_subscription")
        row = cursor.fetchone()
    plain = str([bytes(v) if isinstance(v, memoryview) else v for v in row])
    assert "county.example" not in plain + str(list(Act.objects.values()))
    with pytest.raises(Refused) as refusal:
        enter(organiser, delegates, *[f"a{n}@b.example" for n in range(51)])
    assert refusal.value.obstacles == [
        "管邮件列表要有“安排公开”的权限。",
        "一次最多写50个邮箱。请分几次。",
    ]


def test_a_change_counts_from_now_on(office, clerk, delegates):
    enter(clerk, delegates, BUREAU)
    workflow.change(
        officer=clerk, chosen=delegates, name="代表", purpose="看账", pace="week",
        categories=["CW"],
    )  # fmt: skip
    assert Subscription.objects.get().pace == "week"
    office.release(A)
    go(office)
    work()
    assert Alert.objects.count() == 0


def test_a_forged_name_of_a_list_is_nobodys():
    assert queries.named("list:qingxi:x") is None
    assert tokens.handle_in(tokens.LEAVE, "0" * 36) == ""
