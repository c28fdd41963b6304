"""From a publication to a letter: whom it concerns, when, once, and never what is not public."""

import re
from datetime import timedelta

import pytest
from django.core import mail
from django.db import connection
from django.utils import translation
from django_tasks_db.models import DBTaskResult
from tests.procedure.editions import stored
from tests.surfaces.board.office import address
from tests.surfaces.channels.conftest import MONDAY_NOON, Server, go, work

from gongkai.foundation.core import clock
from gongkai.foundation.ledger.models import Cursor
from gongkai.foundation.notices import queries as letters
from gongkai.foundation.notices import workflow as notices
from gongkai.foundation.notices.models import Letter
from gongkai.surfaces.board import houses
from gongkai.surfaces.channels import jobs, rules, tokens, workflow
from gongkai.surfaces.channels.models import Alert, Subscription

A, B, C = address(1), address(2), address(3)
LI, ZHAO = "li@example.org", "zhao@example.org"


def follow(what="e:qingxi:JC-05", to=LI, words="", pace="now", language="zh-hans") -> Subscription:
    """Somebody asks, and confirms."""
    workflow.ask(
        town=houses.town(), address=to, what=what, words=words, pace=pace, language=language
    )
    row = Subscription.objects.latest("pk")
    assert workflow.confirm(token=tokens.token(tokens.CONFIRM, row.handle)) == row
    work()
    mail.outbox.clear()
    return row


def told() -> list[tuple[str, str]]:
    """To whom letters went, and about what; then the tray is empty."""
    found = sorted((message.to[0], message.subject) for message in mail.outbox)
    mail.outbox.clear()
    return found


@pytest.mark.parametrize(
    ("what", "words", "concerned"),
    [
        ("e:qingxi:JC-05", "", True),
        ("c:qingxi:JC", "", True),
        ("o:qingxi", "", True),
        ("all", "", True),
        ("e:qingxi:JC-06", "", False),
        ("o:shiqiao", "", False),
        ("o:qingxi", "第一批 修渠", True),
        ("o:qingxi", "第一批 低保", False),
        ("c:qingxi:LZ", "第一批", False),
    ],
)
def test_whom_a_publication_concerns(office, what, words, concerned):
    follow(what, words=words)
    office.release(A, title="修渠的决定")
    go(office)
    work()
    assert told() == ([(LI, "新公开：修渠的决定")] if concerned else [])


def test_a_letter_says_what_it_is_and_how_to_leave(office):
    row = follow("c:qingxi:JC", words="修渠")
    office.release(A, title="修渠\r\n的\u202e决定 <b>")
    go(office)
    work()
    (message,) = mail.outbox
    leave = f"http://127.0.0.1:8000/follow/leave/{tokens.token(tokens.LEAVE, row.handle)}/"
    assert message.subject == "新公开：修渠 的决定 <b>"
    assert message.extra_headers["List-Unsubscribe"] == f"<{leave}>"
    assert message.extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert message.extra_headers["List-Id"] == "<c.qingxi.jc.qingxi.example>"
    assert message.extra_headers["Auto-Submitted"] == "auto-generated"
    assert message.extra_headers["Message-ID"].endswith("@qingxi.example>")
    assert message.body.index(f"http://127.0.0.1:8000/i/{A}\n") < message.body.index(leave)
    assert "第一批52处" not in message.body  # words of a text cannot be taken back
    (html, kind) = message.alternatives[0]
    assert kind == "text/html"
    assert "修渠 的决定 &lt;b&gt;</a>" in html
    assert message.message()["Message-ID"] == message.extra_headers["Message-ID"]


def test_a_letter_speaks_the_subscribers_language(office):
    follow("c:qingxi:JC", language="en")
    translation.activate("zh-hans")
    office.release(A)
    go(office)
    work()
    (message,) = mail.outbox
    assert message.subject.startswith("New: ")
    assert f"http://127.0.0.1:8000/en/i/{A}" in message.body
    assert "You follow:" in message.body


def test_what_is_for_members_is_told_to_nobody(office):
    follow("all")
    follow("all", words="只给党员", to=ZHAO)
    office.release(A, audience=("org:qingxi",), title="只给党员看")
    go(office)
    work()
    assert Alert.objects.count() == 0
    assert told() == []


def test_what_was_there_before_is_not_told(office):
    office.release(A)
    go(office)
    follow()
    work()
    office.release(B, title="新的")
    go(office)
    work()
    assert told() == [(LI, "新公开：新的")]


def test_whoever_was_told_hears_that_it_was_taken_back(office):
    follow("c:qingxi:JC")
    follow("o:qingxi", words="修渠", to=ZHAO)
    follow("o:qingxi", words="第一批52处", to="sun@example.org")
    office.release(A, title="修渠的决定")
    go(office)
    work()
    assert len(told()) == 3
    office.withdraw(A, title="修渠的决定")
    go(office)
    work()
    messages = list(mail.outbox)
    # Words are looked for in what still stands: the text is closed, its tombstone has the title.
    assert told() == [(LI, "撤回：修渠的决定"), (ZHAO, "撤回：修渠的决定")]
    assert "公开栏撤回了，理由写在那一页上：\n\n（撤回）修渠的决定" in messages[0].body
    assert f"/i/{A}\n" in messages[0].body
    office.erase(A)
    go(office)
    work()
    assert told() == []


def test_what_went_before_anybody_heard_of_it_is_told_to_nobody(office):
    follow("o:qingxi")
    office.release(A, title="甲")
    office.withdraw(A)
    go(office)
    work()
    assert told() == []
    assert Alert.objects.count() == 0


def test_one_letter_tells_what_is_new_before_what_was_taken_back(office, time_machine):
    follow("o:qingxi", pace="day")
    office.release(A, title="甲")
    go(office)
    work()
    time_machine.move_to(MONDAY_NOON + timedelta(hours=21), tick=False)
    jobs.upkeep(clock.now())
    work()
    assert told() == [(LI, "新公开：甲")]
    office.withdraw(A, title="甲")
    office.release(B, title="乙")
    go(office)
    work()
    time_machine.move_to(MONDAY_NOON + timedelta(hours=45), tick=False)
    jobs.upkeep(clock.now())
    work()
    (message,) = mail.outbox
    assert message.subject == "新公开：乙"
    assert re.findall(r"/i/(\w+)", message.body) == [B, A]
    assert "（撤回）甲" in message.body


def test_an_attachments_words_concern_as_search_finds_them(office, home):
    follow("o:qingxi", words="柳树湾村")
    follow("o:qingxi", words="柳树湾村 光伏", to=ZHAO)
    file = stored(home, b"bought")
    file.text = "第一页：柳树湾村的采购明细。"
    file.save()
    office.release(A, title="修渠的决定", attachments=[office.attachment(b"bought")])
    go(office)
    work()
    assert told() == [(LI, "新公开：修渠的决定")]


def test_a_digest_gathers_and_leaves_out_what_was_taken_back(office, time_machine):
    follow("o:qingxi", pace="day")
    follow("o:qingxi", pace="week", to=ZHAO)
    for subject, title in ((A, "甲"), (B, "乙"), (C, "丙")):
        office.release(subject, title=title)
    go(office)
    office.withdraw(B)
    office.release(C, title="丙，改过", note="改了。")
    go(office)
    work()
    assert told() == []
    time_machine.move_to(MONDAY_NOON + timedelta(hours=21), tick=False)
    jobs.upkeep(clock.now())
    work()
    (message,) = mail.outbox
    assert (message.to, message.subject) == ([LI], "新公开2件：甲")
    assert re.findall(r"/i/(\w+)", message.body) == [A, C]
    assert "（更正）丙，改过" in message.body
    assert "乙" not in message.body
    mail.outbox.clear()
    office.withdraw(A, title="甲")
    office.withdraw(C, title="丙，改过")
    go(office)
    work()
    time_machine.move_to(MONDAY_NOON + timedelta(days=7), tick=False)
    jobs.upkeep(clock.now())
    work()
    assert told() == [(LI, "撤回2件：甲")]  # the weekly digest never told of them
    assert Alert.objects.count() == 0


def test_a_crash_while_matching_tells_nobody_twice(office, monkeypatch):
    for to in (LI, ZHAO):
        follow("o:qingxi", to=to)
    follow("o:qingxi", words="修渠", to="sun@example.org")
    office.release(A, title="修渠")
    go(office)
    real = Alert.objects.bulk_create

    def cut(*_args, **_kwargs):
        raise OSError("the machine ends here")

    monkeypatch.setattr(type(Alert.objects), "bulk_create", cut)
    with pytest.raises(OSError, match="ends here"):
        jobs.match.call()
    jobs.post.call()
    assert Alert.objects.count() == 2  # not before all of it has been matched
    monkeypatch.setattr(type(Alert.objects), "bulk_create", real.__func__)
    work()
    jobs.match.call()
    work()
    assert [to for to, _subject in told()] == [LI, "sun@example.org", ZHAO]


def test_letters_outlast_a_mail_server_that_is_away_for_days(office, time_machine):
    follow("o:qingxi")
    Server.away = True
    office.release(A, title="甲")
    go(office)
    for _hour in range(60):
        jobs.upkeep(clock.now())
        work()
        time_machine.shift(3600)
    assert told() == []
    assert Subscription.objects.get().paused_at is None
    Server.away = False
    for _hour in range(30):
        jobs.upkeep(clock.now())
        work()
        time_machine.shift(3600)
    assert told() == [(LI, "新公开：甲")]
    assert (Alert.objects.count(), Letter.objects.count()) == (0, 0)


def test_a_mailbox_that_refuses_is_paused_then_forgotten_and_nobody_is_told(office, time_machine):
    row = follow("o:qingxi")
    follow("o:qingxi", to=ZHAO)
    Server.refused = frozenset([LI])
    for number in range(rules.REFUSALS):
        assert Subscription.objects.get(pk=row.pk).paused_at is None
        office.release(address(number), title=f"第{number}件")
        go(office)
        work()
        jobs.upkeep(clock.now())
    assert [to for to, _subject in told()] == [ZHAO] * rules.REFUSALS
    assert Subscription.objects.get(pk=row.pk).paused_at == clock.now()
    assert letters.undelivered().count() == 0
    assert Letter.objects.count() == 0
    office.release(C)
    go(office)
    work()
    assert [to for to, _subject in told()] == [ZHAO]
    time_machine.shift(timedelta(days=31))
    jobs.upkeep(clock.now())
    assert not Subscription.objects.filter(pk=row.pk).exists()


def test_who_leaves_gets_nothing_that_still_waits(office):
    row = follow("o:qingxi")
    follow("o:qingxi", to=ZHAO)
    office.release(A)
    go(office)
    Server.away = True
    work()
    assert Letter.objects.count() == 2
    workflow.leave(token=tokens.token(tokens.LEAVE, row.handle))
    assert Letter.objects.count() == Subscription.objects.count() == 1
    Server.away = False
    DBTaskResult.objects.update(run_after=clock.now())
    work()
    assert [to for to, _subject in told()] == [ZHAO]


def test_the_database_holds_no_address_in_plain(office):
    follow("o:qingxi")
    workflow.ask(town=houses.town(), address=ZHAO, what="all", words="", pace="now", language="en")
    office.release(A)
    go(office)
    Server.away = True
    work()
    assert Letter.objects.count() == 2
    with connection.cursor() as cursor:
        for model in (Subscription, Alert, Letter, DBTaskResult):
            cursor.execute(f"SELECT * FROM {model._meta.db_table}")
            everything = str(
                [
                    [bytes(v) if isinstance(v, memoryview) else v for v in row]
                    for row in cursor.fetchall()
                ]
            )
            assert "example.org" not in everything
            assert "li@" not in everything


def test_nobody_confirmed_nobody_kept(office, time_machine):
    workflow.ask(town=houses.town(), address=LI, what="all", words="", pace="now", language="en")
    row = Subscription.objects.get()
    time_machine.shift(rules.UNCONFIRMED + timedelta(seconds=1))
    assert workflow.confirm(token=tokens.token(tokens.CONFIRM, row.handle)) is None
    jobs.upkeep(clock.now())
    assert Subscription.objects.count() == 0


def test_one_address_gets_a_few_letters_a_day_however_often_it_is_named(office, time_machine):
    for _each in range(10):
        workflow.ask(
            town=houses.town(), address=LI, what="all", words="", pace="now", language="en"
        )
    work()
    assert len(told()) == rules.ASKED_A_DAY
    time_machine.shift(timedelta(days=1, seconds=1))
    workflow.ask(town=houses.town(), address=LI, what="all", words="", pace="now", language="en")
    work()
    assert len(told()) == 1


def test_who_asks_again_goes_on_at_the_new_pace(office):
    follow("o:qingxi", pace="day")
    row = follow("o:qingxi", pace="week")
    assert [(each.pk, each.pace) for each in Subscription.objects.all()] == [(row.pk, "week")]


def test_without_subscribers_the_keeper_moves_on_by_itself(office):
    office.release(A)
    go(office)
    assert DBTaskResult.objects.count() == 0
    assert Cursor.objects.get(name="alerts").seq == Cursor.objects.get(name="board").seq


def test_an_idle_keeper_asks_one_question(office, django_assert_num_queries):
    with django_assert_num_queries(1):
        jobs.wake()


def test_a_letter_sealed_under_an_older_version_still_goes_out(office):
    letter = Letter.objects.create(
        sender="a@b.example",
        recipients=[LI],
        shown="l…@example.org",
        content={"subject": "S", "body": "B", "alternatives": [], "headers": {}},
    )
    assert notices.message(letter).to == [LI]
