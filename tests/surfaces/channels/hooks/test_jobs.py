"""From a publication to a program: in order, signed, at least once, never what is not public."""

import base64
import hmac
import json
from datetime import timedelta
from hashlib import sha256

import pytest
from django.core import mail
from django.db import connection
from tests.surfaces.board.office import address
from tests.surfaces.channels.conftest import MONDAY_NOON, work
from tests.surfaces.channels.hooks.conftest import go

from gongkai.foundation.core import clock
from gongkai.foundation.core.errors import Refused
from gongkai.foundation.ledger.models import Act
from gongkai.foundation.ledger.workflow import SYSTEM
from gongkai.foundation.organisations import workflow as organisations
from gongkai.surfaces.channels.hooks import jobs, queries, rules, workflow
from gongkai.surfaces.channels.hooks.models import Delivery, Hook

A, B, C = address(1), address(2), address(3)


@pytest.fixture
def hooked(keeper, receiver):
    """A hook on everything, with its secret."""
    return workflow.add_webhook(
        officer=keeper, name="县数据平台", address=receiver.address, categories=[]
    )


def signatures(key: str, headers, body) -> str:
    """As a receiver computes them."""
    signed = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
    secret = base64.b64decode(key.removeprefix("whsec_"))
    return "v1," + base64.b64encode(hmac.new(secret, signed, sha256).digest()).decode()


def test_what_a_program_is_told_and_by_whom(office, hooked, receiver):
    _hook, secret = hooked
    record = office.release(A, title="修渠\n的决定")
    office.release(B, audience=("org:qingxi",), title="只给党员看")
    go(office)
    ((headers, body),) = receiver.came
    record.refresh_from_db()
    seq = record.seq
    assert json.loads(body) == {
        "format": "gongkai-hook/1",
        "seq": seq,
        "log": "test.invalid/log",
        "kind": "release",
        "corrected": False,
        "organisation": "qingxi",
        "item": A,
        "url": f"http://127.0.0.1:8000/i/{A}",
        "title": "修渠 的决定",
        "category": "JC",
        "entry": "JC-05",
        "digest": record.digest,
        "at": "2026-11-23T04:00:00Z",
        "record": f"http://127.0.0.1:8000/i/{A}/v1.json",
        "proof": f"http://127.0.0.1:8000/i/{A}/v1.log.json",
    }
    for name in ("record", "proof"):
        path = json.loads(body)[name].removeprefix("http://127.0.0.1:8000/")
        assert (office.home.board / path).exists()
    assert headers["webhook-id"] == f"seq-{seq}"
    assert headers["webhook-timestamp"] == str(int(MONDAY_NOON.timestamp()))
    assert headers["webhook-signature"] == signatures(secret, headers, body)


def test_withdrawals_and_erasures_reach_the_program_and_nothing_that_is_closed(
    office, hooked, receiver
):
    office.release(A, title="甲")
    office.release(B, title="乙")
    office.withdraw(A, title="甲")
    go(office)
    told = [json.loads(body) for _headers, body in receiver.came]
    assert [(each["kind"], each["title"]) for each in told] == [
        ("release", "乙"),
        ("withdrawal", "甲"),
    ]
    assert told[1]["record"] == f"http://127.0.0.1:8000/i/{A}/gone.json"
    receiver.came.clear()
    office.erase(B)
    go(office)
    ((_headers, body),) = receiver.came
    told = json.loads(body)
    assert (told["kind"], told["item"], told["title"], told["category"]) == ("erasure", B, "", "")


def test_only_its_categories_and_its_organisation(office, keeper, receiver):
    for name, codes in (("财务", ["CW"]), ("决策", ["JC"])):
        workflow.add_webhook(officer=keeper, name=name, address=receiver.address, categories=codes)
    office.charter("village", "shiqiao")
    office.release(A)
    office.release(B, organisation="shiqiao")
    go(office)
    assert [json.loads(body)["item"] for _headers, body in receiver.came] == [A]
    assert Hook.objects.filter(cursor=Hook.objects.latest("pk").cursor).count() == 2


def test_a_receiver_that_fails_gets_all_in_order_once_it_is_well(
    office, hooked, receiver, time_machine
):
    hook, _secret = hooked
    receiver.status = 500
    office.release(A)
    office.release(B)
    go(office)
    assert len(receiver.seqs()) == 1
    hook.refresh_from_db()
    assert (hook.attempts, hook.trouble) == (1, "failing")
    jobs.upkeep(clock.now())
    work()
    assert receiver.seqs() == []  # not before its time
    receiver.status = 200
    time_machine.shift(rules.PAUSES[0])
    jobs.upkeep(clock.now())
    work()
    first, second = receiver.seqs()
    assert int(first.removeprefix("seq-")) < int(second.removeprefix("seq-"))
    hook.refresh_from_db()
    assert (hook.attempts, hook.failing_since, hook.told_at) == (0, None, clock.now())
    attempts = Delivery.objects.order_by("pk").values_list("attempt", "status", "trouble")
    assert list(attempts) == [(1, 500, "failing"), (2, 200, ""), (1, 200, "")]


def test_after_a_day_it_is_given_up_and_a_person_resumes_it(
    office, hooked, receiver, keeper, settings, time_machine
):
    hook, _secret = hooked
    settings.EMAIL_HOST = "mail.invalid"
    account = organisations.make_account(member=keeper.member, username="xinxi", by=SYSTEM)
    account.email = "clerk@qingxi.example"
    account.save()
    receiver.status = 503
    office.release(A)
    go(office)
    for _hour in range(30):
        time_machine.shift(timedelta(hours=1))
        jobs.upkeep(clock.now())
        work()
    tries = len(receiver.seqs())
    assert 8 <= tries <= 14
    hook.refresh_from_db()
    assert hook.state == "given-up"
    (letter,) = mail.outbox
    assert letter.to == ["clerk@qingxi.example"]
    assert letter.subject == "推送“县数据平台”一天送不到，不再试"
    assert Act.objects.get(verb="hook.give-up").actor == "system"
    receiver.status = 200
    workflow.resume(officer=keeper, hook=hook, from_now=False)
    jobs.wake()
    work()
    assert len(receiver.seqs()) == 1


def test_who_resumes_may_leave_out_what_was_missed(office, hooked, receiver, keeper):
    hook, _secret = hooked
    workflow.stop(officer=keeper, hook=hook)
    office.release(A)
    go(office)
    assert receiver.seqs() == []
    workflow.resume(officer=keeper, hook=hook, from_now=True)
    office.release(B)
    go(office)
    assert [json.loads(body)["item"] for _headers, body in receiver.came] == [B]


def test_two_secrets_sign_for_a_day(office, hooked, receiver, keeper, time_machine):
    hook, old = hooked
    new = workflow.rotate(officer=keeper, hook=hook)
    with pytest.raises(Refused) as refusal:
        workflow.rotate(officer=keeper, hook=hook)
    assert refusal.value.obstacles == ["刚换过密钥，旧的还在用。请等旧的停用以后再换。"]
    office.release(A)
    go(office)
    ((headers, body),) = receiver.came
    both = f"{signatures(new, headers, body)} {signatures(old, headers, body)}"
    assert headers["webhook-signature"] == both
    receiver.came.clear()
    time_machine.shift(rules.OVERLAP)
    office.release(B)
    go(office)
    ((headers, body),) = receiver.came
    assert headers["webhook-signature"] == signatures(new, headers, body)


def test_a_place_inside_is_never_called(office, hooked, receiver, settings):
    settings.HOOKS_INSIDE = ()
    office.release(A)
    go(office)
    assert receiver.came == []
    assert Delivery.objects.get().trouble == "inside"


def test_a_trial_says_that_it_is_one_and_moves_nothing(office, hooked, receiver):
    hook, _secret = hooked
    jobs.try_out.enqueue(hook.pk)
    work()
    ((headers, body),) = receiver.came
    assert json.loads(body)["kind"] == "test"
    assert headers["webhook-id"].startswith("test-")
    row = Delivery.objects.get()
    assert (row.seq, row.status, row.trouble) == (None, 200, "")
    assert Hook.objects.get().cursor == hook.cursor


def test_a_worker_that_died_after_sending_sends_the_same_again(office, hooked, receiver):
    hook, _secret = hooked
    office.release(A)
    go(office)
    Hook.objects.update(cursor=hook.cursor, queued_at=None)  # as if it had not been written down
    jobs.wake()
    work()
    first, again = receiver.seqs()
    assert first == again


def test_nobody_reads_address_or_secret_in_the_database(hooked):
    _hook, secret = hooked
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM hooks_hook")
        row = str([bytes(v) if isinstance(v, memoryview) else v for v in cursor.fetchone()])
    acts = str(list(Act.objects.values("facts", "subject_label")))
    for told in (row, acts):
        assert "hush" not in told
        assert secret not in told
    assert "127.0.0.1" in row  # the host may be shown


def test_attempts_end_after_a_month(office, hooked, receiver, time_machine):
    office.release(A)
    go(office)
    time_machine.shift(rules.KEPT + timedelta(seconds=1))
    jobs.upkeep(clock.now())
    assert Delivery.objects.count() == 0


def test_an_idle_keeper_asks_two_questions(office, hooked, django_assert_num_queries):
    with django_assert_num_queries(2):
        jobs.wake()


def test_who_may_arrange_and_how_many(office, hooked, keeper, organiser, receiver):
    with pytest.raises(Refused) as refusal:
        workflow.add_webhook(
            officer=organiser, name="县数据平台", address="http://u@x/", categories=[]
        )
    assert refusal.value.obstacles == [
        "设推送要有“管理岗位和账号”的权限，请信息员来设。",
        "已经有叫“县数据平台”的推送。请换一个名字。",
        "地址要写成 https://example.org/hook 的样子，不带用户名和密码。",
    ]
    workflow.remove(officer=keeper, hook=Hook.objects.get())
    assert queries.names(keeper.organisation) == []
