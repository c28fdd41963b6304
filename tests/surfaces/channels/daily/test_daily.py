"""Each morning supervisors are told of yesterday: once, honestly, without anybody's name."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.core import mail
from tests.cast import officer_named
from tests.oversight.supervision import quarter
from tests.procedure.editions import disclosure_of, log, opened, sealed, township
from tests.surfaces.channels.conftest import Server, work

from gongkai.foundation.core import clock
from gongkai.foundation.core.errors import Refused
from gongkai.foundation.ledger.models import Act
from gongkai.foundation.ledger.workflow import SYSTEM
from gongkai.foundation.organisations import workflow as organisations
from gongkai.procedure.catalogue.models import Entry
from gongkai.procedure.duties.models import Duty
from gongkai.procedure.publication import workflow as publication
from gongkai.surfaces.channels.daily import jobs, workflow
from gongkai.surfaces.channels.daily.models import Told

__all__ = ["log", "township"]

SUNDAY_EIGHT = datetime(2026, 11, 22, 0, 0, tzinfo=UTC)
MONDAY = date(2026, 11, 23)
DAY = timedelta(days=1)
ADDRESS = "supervisor@qingxi.example"


@pytest.fixture
def supervisor(township, time_machine):
    """纪委书记, who has signed in, in an office that has been told up to Sunday."""
    time_machine.move_to(SUNDAY_EIGHT + DAY, tick=False)
    officer = officer_named(township, "纪委书记")
    account = organisations.make_account(member=officer.member, username="jiwei", by=SYSTEM)
    account.email, account.last_login = ADDRESS, clock.now()
    account.save()
    morning()
    return officer_named(township, "纪委书记")


def morning() -> list[str]:
    """The tick and the worker; what was written."""
    jobs.upkeep(clock.now())
    work()
    found = [message.body for message in mail.outbox]
    mail.outbox.clear()
    return found


def owed(township, on: date) -> Duty:
    entry = Entry.objects.filter(organisation=township).order_by("pk").first()
    return Duty.objects.create(
        organisation=township, entry=entry, kind="period", key=f"k{on:%m%d}", from_on=on,
        nominal_on=on, due_on=on, made_at=clock.now(),
    )  # fmt: skip


def test_yesterday_is_told_once_and_names_nobody(township, supervisor, log, time_machine):
    duty = owed(township, MONDAY)
    withdrawn = disclosure_of(township, title="绝密的标题")
    opened(sealed(withdrawn))
    publication.withdraw(
        disclosure=withdrawn,
        officer=officer_named(township, "党委副书记"),
        reason="数字没有核对清楚。",
    )
    quarter.voice(township, "2026-7", date(2026, 11, 20), MONDAY)
    quarter.voice(township, "2026-8", MONDAY)
    time_machine.move_to(SUNDAY_EIGHT + 2 * DAY - timedelta(minutes=1), tick=False)
    assert morning() == []
    time_machine.move_to(SUNDAY_EIGHT + 2 * DAY, tick=False)
    (body,) = morning()
    assert body == (
        "到期没有公开（1）：\n"
        f"{duty.entry.title}，2026年11月23日截止\n\n"
        "撤回（1）：\n"
        f"党委会议决议、决定（可公开部分） http://127.0.0.1:8000/desk/i/{withdrawn.address}/\n\n"
        "超过期限没有答复（1）：\n"
        "2026-8，答应2026年11月23日答复\n\n"
        "答复迟了（1）：\n"
        "2026-7，答应2026年11月20日，2026年11月23日答复\n\n"
        "新公开1件。\n\n"
        "详细的在办公台：http://127.0.0.1:8000/desk/\n"
        "不想再收，请在“订阅与推送”里停收：http://127.0.0.1:8000/desk/messages/\n"
    )
    assert morning() == []
    jobs.tell.call()
    work()
    assert mail.outbox == []


def test_after_a_downtime_it_is_told_late_and_says_so(township, supervisor, time_machine):
    for back in (0, 1, 2):
        owed(township, MONDAY + back * DAY)
    time_machine.move_to(SUNDAY_EIGHT + 4 * DAY + timedelta(hours=5), tick=False)
    jobs.upkeep(clock.now())
    work()
    (message,) = mail.outbox
    assert message.to == [ADDRESS]
    assert message.subject == ("补寄 中共青溪镇委员会：2026年11月23日至2026年11月25日公开情况")
    assert message.body.startswith("系统停过，或者邮件没有通，这封信迟了。\n\n到期没有公开（3）：")
    assert Told.objects.get().day == MONDAY + 2 * DAY


def test_a_quiet_day_is_not_written_about(township, supervisor, time_machine):
    time_machine.shift(DAY)
    assert morning() == []
    assert Told.objects.get().day == MONDAY


def test_who_never_signed_in_and_who_leaves_out_get_nothing(township, supervisor, time_machine):
    deputy = officer_named(township, "纪委副书记")
    account = organisations.make_account(member=deputy.member, username="fushuji", by=SYSTEM)
    account.email = "deputy@qingxi.example"
    account.save()
    owed(township, MONDAY)
    owed(township, MONDAY + DAY)
    time_machine.shift(DAY)
    assert len(morning()) == 1
    workflow.choose(officer=supervisor, wanted=False)
    time_machine.shift(DAY)
    assert morning() == []
    workflow.choose(officer=supervisor, wanted=True)
    acts = Act.objects.filter(verb__startswith="daily.").order_by("pk")
    assert list(acts.values_list("verb", flat=True)) == [
        "daily.leave",
        "daily.take",
    ]
    with pytest.raises(Refused) as refusal:
        workflow.choose(officer=officer_named(township, "党政办信息员"), wanted=False)
    assert refusal.value.obstacles == ["日报只寄给有“监督检查”权限的岗位。"]


def test_a_mail_server_that_is_down_delays_it(township, supervisor, time_machine):
    owed(township, MONDAY)
    Server.away = True
    time_machine.shift(DAY)
    assert morning() == []
    Server.away = False
    time_machine.shift(timedelta(minutes=2))
    assert len(morning()) == 1
