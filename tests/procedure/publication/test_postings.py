"""Each release has one posting for a channel; carriers and people tell what became of it."""

import json
from datetime import timedelta
from io import BytesIO

import pytest
import time_machine
from PIL import Image
from tests.procedure.editions import (
    HOUR,
    MEMBERS,
    MONDAY,
    PUBLIC,
    disclosure_of,
    opened,
    planned,
    sealed,
    verbs,
)

from gongkai.foundation.core.errors import Refused
from gongkai.foundation.files import storage
from gongkai.foundation.ledger.models import PublicRecord
from gongkai.procedure.publication import hanging, jobs, postings, workflow
from gongkai.procedure.publication.models import Evidence, Posting, Release
from gongkai.procedure.publication.postings import TICKS_KEPT, Proof
from gongkai.procedure.publication.states import EvidenceKind

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
CARRIERS = ["website", "wall", "screen", "brief", "members-meeting"]


@pytest.fixture(autouse=True)
def monday():
    with time_machine.travel(MONDAY, tick=False) as traveller:
        yield traveller


@pytest.fixture
def item(township):
    return disclosure_of(township)


@pytest.fixture
def public(item):
    """The public release of an item that goes to five channels."""
    opened(sealed(item, channels=CARRIERS))
    return Release.objects.get(disclosure=item, scope=PUBLIC)


def states(disclosure):
    rows = Posting.objects.filter(release__disclosure=disclosure).order_by("pk")
    return {each.channel: each.state for each in rows}


def wall(disclosure, edition=1):
    return Posting.objects.get(
        release__disclosure=disclosure, channel="wall", release__edition__number=edition
    )


def told(disclosure):
    records = PublicRecord.objects.filter(subject=disclosure.address, kind="posting")
    return [json.loads(each.body)["channels"] for each in records.order_by("pk")]


def note(key="1", at=MONDAY, kind=EvidenceKind.NOTE):
    return Proof(kind, key, at)


def picture():
    made = BytesIO()
    Image.new("RGB", (40, 30), "red").save(made, "JPEG")
    made.seek(0)
    return made


def test_an_opening_plans_a_posting_for_each_channel_where_it_can_be_read(item, public):
    rows = Posting.objects.order_by("pk").values_list("release__scope", "channel")
    assert list(rows) == [
        (MEMBERS, "brief"),
        (MEMBERS, "members-meeting"),
        (PUBLIC, "website"),
        (PUBLIC, "wall"),
        (PUBLIC, "screen"),
    ]
    assert set(states(item).values()) == {"planned"}


def test_without_an_inner_stage_all_channels_go_with_the_public_one(item):
    opened(sealed(item, plan=planned(PUBLIC), channels=["wall", "brief"]))
    assert list(Posting.objects.order_by("pk").values_list("release__scope", "channel")) == [
        (PUBLIC, "wall"),
        (PUBLIC, "brief"),
    ]


@pytest.mark.parametrize("count", [1, 3])
def test_planning_is_one_statement_however_many(item, count, django_assert_num_queries):
    channels = ["wall", "screen", "notice"][:count]
    edition = sealed(item, plan=planned(PUBLIC), channels=channels)
    opened(edition)
    release = Release.objects.select_related("edition", "disclosure__organisation").get()
    Posting.objects.all().delete()
    data = json.loads(bytes(edition.data))
    charter = workflow.queries.sealed_charter(item.organisation, data["charter"])
    with django_assert_num_queries(1):
        postings.plan(release, data, charter, MONDAY)
    assert Posting.objects.count() == count


def test_a_sheet_comes_down_after_the_charters_days(item, public):
    last = Posting.objects.exclude(comes_down=None).get()
    assert (last.channel, last.comes_down) == ("wall", MONDAY.replace(hour=16, minute=0) + 29 * DAY)


def test_the_keeper_says_that_pages_stand_and_that_they_are_gone(item, public, log):
    assert postings.note_pages(10**9, MONDAY) == 0
    log()
    record = PublicRecord.objects.get(pk=public.record)
    assert postings.note_pages(record.seq, MONDAY) == 0
    assert postings.note_pages(record.seq + 1, MONDAY) == 1
    assert states(item)["website"] == "delivered"
    assert postings.note_removed([record.pk], MONDAY) == 1
    assert postings.note_removed([record.pk], MONDAY) == 0
    assert states(item)["website"] == "taken_down"


def test_a_carrier_delivers_once_and_readers_are_told_once(item, public):
    for _ in range(2):
        postings.deliver(public.pk, "screen", note("s1", kind=EvidenceKind.PLAY))
    postings.deliver(public.pk, "screen", note("s2", kind=EvidenceKind.PLAY))
    assert (Evidence.objects.count(), states(item)["screen"]) == (2, "confirmed")
    assert told(item) == [
        [
            {
                "channel": "screen",
                "name": "电子显示屏",
                "name_en": "Display screen",
                "since": "2026-11-23T01:40:00Z",
                "until": "",
            }
        ]
    ]
    assert verbs(item.address)[-1:] == ["posting.deliver"]


def test_a_repeated_tick_asks_two_questions(item, public, django_assert_num_queries):
    postings.deliver(public.pk, "screen", note("s1", kind=EvidenceKind.PLAY))
    with django_assert_num_queries(2):
        postings.deliver(public.pk, "screen", note("s1", kind=EvidenceKind.PLAY))


def test_of_machines_so_much_is_kept(item, public):
    for number in range(TICKS_KEPT + 2):
        postings.deliver(public.pk, "screen", note(f"s{number}", kind=EvidenceKind.PLAY))
    assert Evidence.objects.count() == TICKS_KEPT


def test_a_carrier_knows_the_edition_not_the_stage(item, public):
    posting = postings.deliver(public.pk, "brief", note(kind=EvidenceKind.DELIVERY))
    assert (posting.release.scope, posting.state) == (MEMBERS, "delivered")
    record = PublicRecord.objects.get(subject=item.address, kind="posting")
    assert record.audience == ["org:qingxi"]
    assert postings.deliver(public.pk, "television", note()) is None


def test_what_failed_can_still_go_out(item, public):
    for _ in range(2):
        postings.fail(public.pk, "screen", MONDAY, "屏幕没有电。")
    assert (states(item)["screen"], verbs(item.address)[-2:]) == (
        "failed",
        ["release.open", "posting.fail"],
    )
    postings.deliver(public.pk, "screen", note())
    postings.fail(public.pk, "screen", MONDAY, "又没有电。")
    assert states(item)["screen"] == "delivered"


def test_a_withdrawal_reaches_every_channel(item, public, who, monday):
    postings.deliver(public.pk, "screen", note())
    monday.move_to(MONDAY + HOUR)
    workflow.withdraw(disclosure=item, officer=who("党委书记"), reason="内容有误。")
    down = Posting.objects.filter(comes_down__lte=MONDAY + HOUR).order_by("pk")
    assert [each.channel for each in down] == ["wall", "screen"]
    assert states(item) == {
        "brief": "taken_down",
        "members-meeting": "taken_down",
        "website": "planned",
        "wall": "planned",
        "screen": "delivered",
    }
    before = told(item)
    postings.take_down(public.pk, "screen", MONDAY + HOUR)
    hanging.bring_down(chosen=[wall(item)], officer=who("党政办主任"))
    assert (states(item)["wall"], states(item)["screen"]) == ("taken_down", "taken_down")
    assert told(item) == before, "the tombstone says enough"


def test_proof_after_it_came_down_brings_it_back(item, public, who, monday):
    postings.deliver(public.pk, "screen", note())
    workflow.withdraw(disclosure=item, officer=who("党委书记"), reason="内容有误。")
    postings.take_down(public.pk, "screen", MONDAY + HOUR)
    postings.deliver(public.pk, "screen", note("late", MONDAY, EvidenceKind.PLAY))
    assert states(item)["screen"] == "taken_down"
    postings.deliver(public.pk, "screen", note("again", MONDAY + 2 * HOUR, EvidenceKind.PLAY))
    again = Posting.objects.get(channel="screen")
    assert (again.state, again.comes_down) == ("confirmed", MONDAY)


def test_a_correction_takes_the_old_sheet_down_and_plans_the_new(item, public, who, monday):
    hanging.put_up(chosen=[wall(item)], officer=who("党政办主任"))
    monday.move_to(MONDAY + DAY)
    opened(sealed(item, channels=["wall"]))
    old, new = wall(item), wall(item, 2)
    assert (old.state, old.comes_down) == ("delivered", MONDAY + DAY)
    assert (new.state, new.comes_down) == ("planned", MONDAY.replace(hour=16, minute=0) + 29 * DAY)
    unsent = Posting.objects.filter(channel__in=["screen", "brief", "members-meeting"])
    assert [(each.state, each.said) for each in unsent.order_by("pk")] == [
        ("taken_down", "没有发出，就换成了更正的版本")
    ] * 3


def test_people_put_up_confirm_and_take_down(item, public, who, monday):
    office, at = who("党政办主任"), MONDAY
    with pytest.raises(Refused) as refusal:
        hanging.confirm(chosen=[wall(item)], officer=office)
    assert refusal.value.obstacles == [
        "“关于水利设施的决定”：这一件现在没有挂出，没有什么可以证实的。"
    ]
    hanging.put_up(chosen=[wall(item)], officer=office)
    hanging.confirm(chosen=[wall(item)], officer=who("纪委书记"))
    assert states(item)["wall"] == "confirmed"
    monday.move_to(at + DAY)
    hanging.bring_down(chosen=[wall(item)], officer=office, said="期满")
    assert [(each[0]["since"], each[0]["until"]) for each in told(item)] == [
        ("2026-11-23T01:40:00Z", ""),
        ("2026-11-23T01:40:00Z", "2026-11-24T01:40:00Z"),
    ]
    assert verbs(item.address)[-3:] == ["posting.deliver", "posting.confirm", "posting.down"]
    kept = Evidence.objects.order_by("pk").values_list("key", "post", "said")
    assert list(kept) == [
        ("up:1", "党政办主任", ""),
        ("seen:2", "纪委书记", ""),
        ("down:3", "党政办主任", "期满"),
    ]


def test_of_many_all_or_none(item, public, who):
    screen = Posting.objects.get(channel="screen")
    website = Posting.objects.get(channel="website")
    with pytest.raises(Refused) as refusal:
        hanging.put_up(chosen=[screen, website], officer=who("党政办主任"))
    assert refusal.value.obstacles == ["“关于水利设施的决定”：网站由系统自己登记，不用人登记。"]
    assert states(item)["screen"] == "planned"


def test_nobody_says_so_for_another_day_or_another_office(item, public, who, village_clerk):
    office = who("党政办主任")
    for at, said in (
        (MONDAY + HOUR, "时间在以后。请看看日期是不是写错了。"),
        (MONDAY - HOUR, "时间早于公开的时间2026年11月23日9:40，没有公开的不能先贴。请改日期。"),
    ):
        with pytest.raises(Refused) as refusal:
            hanging.put_up(chosen=[wall(item)], officer=office, at=at)
        assert refusal.value.obstacles == [f"“关于水利设施的决定”：{said}"]
    with pytest.raises(Refused):
        hanging.put_up(chosen=[wall(item)], officer=village_clerk)


def test_a_photograph_confirms_and_counts_once(item, public, who, home):
    office = who("党政办主任")
    for _ in range(2):
        hanging.photograph(
            posting=wall(item), officer=office, upload=picture(), name="x.jpg", key="k", at=MONDAY
        )
    kept = Evidence.objects.select_related("file").get()
    assert (kept.kind, kept.post, states(item)["wall"]) == ("photo", "党政办主任", "confirmed")
    with pytest.raises(Refused) as refusal:
        hanging.photograph(
            posting=wall(item),
            officer=office,
            upload=BytesIO("一段话".encode()),
            name="x.txt",
            key="t",
            at=MONDAY,
        )
    assert refusal.value.obstacles == ["这不是照片。请用手机拍一张，或者选一张JPG、PNG的照片。"]


def test_an_erasure_takes_photographs_and_words(item, public, who, home):
    hanging.photograph(
        posting=wall(item),
        officer=who("党政办主任"),
        upload=picture(),
        name="x.jpg",
        key="k",
        at=MONDAY,
        place="镇政府门口",
    )
    digest = Evidence.objects.get().file.digest
    erasure = workflow.ask_erasure(disclosure=item, officer=who("党委书记"), reason="裁定。")
    workflow.confirm_erasure(erasure=erasure, officer=who("纪委书记"))
    jobs.erase_files(MONDAY)
    assert not storage.path(digest).exists()
    assert (Evidence.objects.get().place, wall(item).comes_down) == ("", MONDAY)
