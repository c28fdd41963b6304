"""What was read out at a meeting is noted once, with numbers; its minutes confirm all of it."""

from datetime import timedelta
from io import BytesIO

import pytest
import time_machine
from tests.procedure.editions import HOUR, MONDAY, PUBLIC, disclosure_of, opened, planned, sealed

from gongkai.foundation.core.errors import Refused
from gongkai.foundation.ledger.models import PublicRecord
from gongkai.procedure.publication import assemblies, jobs
from gongkai.procedure.publication.models import Assembly, Evidence, Posting
from gongkai.procedure.publication.posting_rules import Held

pytestmark = pytest.mark.django_db
MEMBERS_MEETING, DELEGATES = "members-meeting", "delegates-meeting"


@pytest.fixture(autouse=True)
def monday():
    with time_machine.travel(MONDAY, tick=False) as traveller:
        yield traveller


def item(township, title, channels, **plan):
    opened(sealed(disclosure_of(township, title=title), channels=channels, **plan))
    return list(Posting.objects.filter(release__disclosure__title=title))


def meeting(channel=DELEGATES, at=MONDAY + HOUR, place="镇大礼堂", called=60, came=41):
    return Held(channel, at, place, called, came)


def refused(**told):
    with pytest.raises(Refused) as refusal:
        assemblies.read_out(**told)
    return refusal.value.obstacles


def test_one_meeting_serves_many_items_and_its_minutes_confirm_them(township, who, monday, home):
    chosen = [*item(township, "甲", [DELEGATES]), *item(township, "乙", [DELEGATES])]
    monday.move_to(MONDAY + 2 * HOUR)
    office = who("党政办主任")
    held = assemblies.read_out(held=meeting(called=82), chosen=chosen, officer=office)
    assert set(Posting.objects.values_list("state", "since")) == {("delivered", MONDAY + HOUR)}
    said = "应到82人，实到41人。"
    assert set(Evidence.objects.values_list("kind", "said")) == {("note", said)}
    told = {"minutes": BytesIO("会议记录：宣读了两件。".encode()), "name": "记录.txt"}
    assemblies.add_minutes(assembly=held, officer=office, **told)
    assert set(Posting.objects.values_list("state", "since")) == {("confirmed", MONDAY + HOUR)}
    assert Evidence.objects.filter(kind="minutes", file__isnull=False).count() == 2
    held.refresh_from_db()
    with pytest.raises(Refused) as refusal:
        assemblies.add_minutes(assembly=held, officer=office, **told)
    assert refusal.value.obstacles == ["这次会议已经有会议记录了。"]


def test_a_meeting_without_its_quorum_is_kept_and_delivers_nothing(township, who, monday, home):
    chosen = item(township, "甲", [MEMBERS_MEETING])
    monday.move_to(MONDAY + 3 * HOUR)
    office = who("党政办主任")
    few = assemblies.read_out(
        held=meeting(MEMBERS_MEETING, called=83), chosen=chosen, officer=office
    )
    paper = {"minutes": BytesIO("到会41人。".encode()), "name": "记录.txt"}
    assemblies.add_minutes(assembly=few, officer=office, **paper)
    said = "应到83人，实到41人。不到实施办法要求的半数，会上宣读的不算公开。"
    told = Posting.objects.values_list("state", "since", "said")
    assert (few.quorum, list(told)) == ("1/2", [("failed", None, said)])
    assert list(Evidence.objects.values_list("kind", "said")) == [("minutes", said)]
    assert not PublicRecord.objects.filter(kind="posting").exists()
    again = meeting(MEMBERS_MEETING, at=MONDAY + 2 * HOUR, called=83, came=42)
    assemblies.read_out(held=again, chosen=chosen, officer=office)
    assert [state for state, *_ in told.all()] == ["delivered"]


@pytest.mark.once
@pytest.mark.parametrize(
    ("quorum", "called", "came", "met"),
    [("", 90, 1, True), ("1/2", 9, 4, False), ("1/2", 10, 5, True), ("2/3", 31, 20, False),
     ("2/3", 30, 20, True), ("1/1", 3, 2, False)],
)  # fmt: skip
def test_a_quorum_is_the_charters_share_at_least(quorum, called, came, met):
    assert Assembly(quorum=quorum, called=called, came=came).quorate is met


def test_what_is_for_members_is_told_to_members(township, who, monday):
    chosen = item(township, "甲", [MEMBERS_MEETING])
    monday.move_to(MONDAY + 2 * HOUR)
    held = meeting(MEMBERS_MEETING)
    assemblies.read_out(held=held, chosen=chosen, officer=who("组织干事"))
    assert PublicRecord.objects.get(kind="posting").audience == ["org:qingxi"]


def test_a_meeting_that_cannot_have_been_is_refused(township, who):
    chosen = item(township, "甲", [DELEGATES])
    office = who("党政办主任")
    wrong = meeting(MEMBERS_MEETING, place=" ", called=3, came=4)
    assert refused(held=wrong, chosen=chosen, officer=office) == [
        "选中的不都要在这个会上宣读。请重新选。",
        "时间在以后。请看看日期是不是写错了。",
        "实到人数最少1人，不能比应到的多。请核对人数。",
        "请写明在哪里开的会。",
    ]
    before = meeting(at=MONDAY - HOUR)
    assert refused(held=before, chosen=chosen, officer=office) == [
        "“甲”：时间早于公开的时间2026年11月23日9:40，没有公开的不能先贴。请改日期。"
    ]
    assert refused(held=before, chosen=[], officer=office) == ["还没有选。请先在前面打勾。"]


def test_what_was_never_put_up_lapses_when_its_time_is_over(township, monday):
    item(township, "甲", ["wall", "screen"], plan=planned(PUBLIC))
    assert jobs.lapse(MONDAY + timedelta(days=29)) == 0
    assert jobs.lapse(MONDAY + timedelta(days=31)) == 1
    rows = Posting.objects.order_by("pk").values_list("channel", "state", "said")
    assert list(rows) == [
        ("wall", "taken_down", "到期也没有登记贴出"),
        ("screen", "planned", ""),
    ]
