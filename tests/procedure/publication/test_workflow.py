"""The verbs of publication on real rows; every invariant meets somebody who tries to break it."""

import json
from datetime import timedelta

import pytest
import time_machine
from django.db import IntegrityError, connection, transaction
from tests.procedure.editions import (
    HOUR,
    MEMBERS,
    MONDAY,
    PUBLIC,
    disclosure_of,
    opened,
    planned,
    sealed,
    stored,
    verbs,
)

from gongkai.foundation.core import canonical, clock
from gongkai.foundation.core.errors import Broken, Conflict, Refused
from gongkai.foundation.ledger.models import Act, Counter, PublicRecord
from gongkai.foundation.organisations.audience import ANONYMOUS
from gongkai.procedure.proposals.models import Draft, DraftFile, Submission
from gongkai.procedure.publication import queries, workflow
from gongkai.procedure.publication.audience import readable_records
from gongkai.procedure.publication.models import Erasure, Release
from gongkai.procedure.publication.plans import Step
from gongkai.procedure.publication.states import ReleaseState
from gongkai.procedure.review import workflow as review
from gongkai.procedure.review.models import Edition, Opinion

pytestmark = pytest.mark.django_db


@pytest.fixture
def office(who):
    return who("党政办主任")


@pytest.fixture
def item(township):
    return disclosure_of(township)


def states(item):
    return [(release.scope, release.state) for release in queries.releases(item)]


def body(record):
    return json.loads(record.body)


# -- arranging -------------------------------------------------------------------------------------


def test_a_plan_waits_for_its_times(item, office):
    edition = sealed(item)
    with time_machine.travel(MONDAY):
        steps = [Step(MEMBERS), Step(PUBLIC, opens_at=MONDAY + 24 * HOUR)]
        made = workflow.schedule(edition=edition, officer=office, steps=steps)
    assert [(release.order, release.audience, release.opens_at) for release in made] == [
        (0, ["org:qingxi"], MONDAY),
        (1, ["public"], MONDAY + 24 * HOUR),
    ]
    assert Act.objects.get(verb="release.plan").facts == {
        "post": "党政办主任",
        "plan": [
            {"edition": 1, "scope": "A3", "opens_at": "2026-11-23T01:40:00Z"},
            {"edition": 1, "scope": "A1", "opens_at": "2026-11-24T01:40:00Z"},
        ],
    }


def test_the_wrong_order_leaves_nothing(item, office):
    edition = sealed(item)
    with pytest.raises(Refused) as refusal:
        workflow.schedule(edition=edition, officer=office, steps=[Step(PUBLIC)])
    assert refusal.value.obstacles == [
        "先党内后党外：要先安排“在本镇党员干部中公开”，再安排“向社会公开”。"
    ]
    assert Release.objects.count() == 0
    assert not Act.objects.filter(subject=item.address).exists()


def test_only_the_post_with_the_right_arranges(item, who):
    with pytest.raises(Refused) as refusal:
        workflow.schedule(edition=sealed(item), officer=who("组织干事"), steps=[Step(MEMBERS)])
    assert refusal.value.obstacles == ["“安排公开”要由党政办主任来办。"]


def test_the_second_of_two_people_is_told(item, office):
    edition = sealed(item)
    workflow.schedule(edition=edition, officer=office, steps=[Step(MEMBERS)])
    with pytest.raises(Refused) as refusal:
        workflow.schedule(edition=edition, officer=office, steps=[Step(MEMBERS)])
    assert refusal.value.obstacles == [
        "“在本镇党员干部中公开”已经安排过了。要换时间，请改那一步的时间。"
    ]


def test_the_database_too_keeps_one_stage_in_a_place(item, office):
    edition = sealed(item)
    [release] = workflow.schedule(edition=edition, officer=office, steps=[Step(MEMBERS)])
    release.pk = None
    with pytest.raises(IntegrityError), transaction.atomic():
        release.save()


def test_an_older_edition_is_not_arranged_any_more(item, office):
    first, _second = sealed(item), sealed(item)
    with pytest.raises(Refused) as refusal:
        workflow.schedule(edition=first, officer=office, steps=[Step(MEMBERS)])
    assert refusal.value.obstacles == ["后来又审核封存了新的版本。请安排新的版本公开。"]


def test_a_time_moves_within_its_order(item, office):
    edition = sealed(item)
    with time_machine.travel(MONDAY):
        steps = [
            Step(MEMBERS, opens_at=MONDAY + 2 * HOUR),
            Step(PUBLIC, opens_at=MONDAY + 4 * HOUR),
        ]
        inner, outer = workflow.schedule(edition=edition, officer=office, steps=steps)
        moved = workflow.reschedule(release=inner, officer=office, opens_at=MONDAY + 3 * HOUR)
        assert moved.opens_at == MONDAY + 3 * HOUR
        with pytest.raises(Refused) as refusal:
            workflow.reschedule(release=inner, officer=office, opens_at=MONDAY + 5 * HOUR)
        assert refusal.value.obstacles == [
            "不能晚于后面一步的2026年11月23日13:40。请先改后面一步的时间。"
        ]
        with pytest.raises(Refused) as refusal:
            workflow.reschedule(release=outer, officer=office, opens_at=MONDAY + HOUR)
        assert refusal.value.obstacles == ["不能早于前面一步的2026年11月23日12:40。先党内后党外。"]


def test_cancelling_the_members_stage_cancels_the_public_one(item, office):
    edition = sealed(item)
    inner, _outer = workflow.schedule(
        edition=edition, officer=office, steps=[Step(MEMBERS), Step(PUBLIC)]
    )
    workflow.cancel(release=inner, officer=office)
    assert states(item) == [("A3", "cancelled"), ("A1", "cancelled")]
    again = workflow.schedule(edition=edition, officer=office, steps=[Step(MEMBERS)])
    assert again[0].order == 0


# -- opening ---------------------------------------------------------------------------------------


def test_members_read_first_then_the_public(item, log):
    edition = sealed(item)
    inner, outer = opened(edition)
    log()
    assert (inner.version, outer.version) == (1, 2)
    assert [record.audience for record in (inner, outer)] == [["org:qingxi"], ["public"]]
    assert [each.pk for each in readable_records(ANONYMOUS).filter(kind="release")] == [outer.pk]


def test_the_record_holds_the_sealed_bytes_verbatim(item):
    edition = sealed(item)
    inner, outer = opened(edition)
    assert body(outer)["edition"].encode() == bytes(edition.data)
    assert outer.digest == edition.digest == canonical.digest(body(outer)["edition"].encode())
    assert [stage["name"] for stage in body(outer)["stages"]] == [
        "在本镇党员干部中公开",
        "向社会公开",
    ]
    assert [stage["scope"] for stage in body(inner)["stages"]] == ["A3"]


def test_the_number_is_given_at_the_first_public_opening(township, item):
    inner, outer = opened(sealed(item))
    year = clock.civil_day(clock.now()).year
    assert (body(inner)["number"], body(outer)["number"]) == ("", f"QX-JC-{year}-1")
    other = disclosure_of(township, title="第二件")
    opened(sealed(other), MEMBERS)
    other.refresh_from_db()
    assert other.number is None
    opened(sealed(item))
    item.refresh_from_db()
    assert item.number == f"QX-JC-{year}-1"


def test_a_number_that_another_organisation_has_is_left_out(township, item):
    opened(sealed(item))
    Counter.objects.filter(name__startswith="item:").update(value=0)  # as the other one counts
    again = disclosure_of(township, title="另一件")
    opened(sealed(again))
    again.refresh_from_db()
    assert again.number.endswith("-2")


def test_a_stage_never_opens_before_its_stored_time(item, office):
    edition = sealed(item)
    with time_machine.travel(MONDAY):
        steps = [Step(MEMBERS, opens_at=MONDAY + HOUR)]
        [release] = workflow.schedule(edition=edition, officer=office, steps=steps)
        release.opens_at = MONDAY - HOUR  # a stale or forged copy in memory
        with pytest.raises(Refused) as refusal:
            workflow.open_stages(stages=[release])
    assert refusal.value.obstacles == ["还没有到公开的时间：2026年11月23日10:40。"]
    assert PublicRecord.objects.filter(kind="release").count() == 0


def test_the_public_stage_waits_for_the_members_stage(item, office):
    edition = sealed(item)
    _inner, outer = workflow.schedule(
        edition=edition, officer=office, steps=[Step(MEMBERS), Step(PUBLIC)]
    )
    with pytest.raises(Refused) as refusal:
        workflow.open_stages(stages=[outer])
    assert refusal.value.obstacles == ["前面的一步还没有公开，这一步要等它。"]


def test_a_stage_opens_once(item, office):
    edition = sealed(item)
    [release] = workflow.schedule(edition=edition, officer=office, steps=[Step(MEMBERS)])
    workflow.open_stages(stages=[release])
    with pytest.raises(Conflict):
        workflow.open_stages(stages=[release])
    assert PublicRecord.objects.filter(kind="release").count() == 1


def test_bytes_changed_after_the_seal_do_not_open(item, office):
    edition = sealed(item)
    [release] = workflow.schedule(edition=edition, officer=office, steps=[Step(MEMBERS)])
    forged = bytes(edition.data).replace("正文".encode(), "假文".encode())
    with connection.cursor() as cursor:  # whoever reaches the database itself
        cursor.execute("UPDATE review_edition SET data = %s WHERE id = %s", [forged, edition.pk])
    with pytest.raises(Broken):
        workflow.open_stages(stages=[release])
    release.refresh_from_db()
    assert release.state == ReleaseState.PLANNED
    assert PublicRecord.objects.filter(kind="release").count() == 0


# -- correcting ------------------------------------------------------------------------------------


def corrected(item, who, privacy=False, title="关于水利设施的决定"):
    """A sealed correction of what is open."""
    officer = who("组织干事")
    draft = workflow.correct(
        disclosure=item, officer=officer, note="金额写错了，已经改正。", privacy=privacy
    )
    draft.title = title
    draft.save()
    return sealed(item, draft=draft)


def test_a_correction_replaces_whom_it_reaches(item, who, log):
    opened(sealed(item))
    edition = corrected(item, who)
    opened(edition, MEMBERS)
    assert states(item) == [("A3", "replaced"), ("A1", "open"), ("A3", "open")]
    opened(edition, PUBLIC)
    assert states(item) == [
        ("A3", "replaced"),
        ("A1", "replaced"),
        ("A3", "open"),
        ("A1", "open"),
    ]
    log()
    shown = readable_records(ANONYMOUS).filter(kind="release").order_by("version")
    assert [(record.version, body(record)["note"]) for record in shown] == [
        (2, ""),
        (4, "金额写错了，已经改正。"),
    ]


def test_a_correction_for_privacy_closes_the_earlier_edition_only(item, who, log):
    opened(sealed(item))
    opened(corrected(item, who, privacy=True), MEMBERS)
    log()
    assert states(item) == [("A3", "replaced"), ("A1", "replaced"), ("A3", "open")]
    assert list(readable_records(ANONYMOUS).filter(kind="release")) == []
    closed = PublicRecord.objects.filter(kind="release").order_by("version")
    assert [bool(record.closed_at) for record in closed] == [True, True, False]


def test_what_still_waits_of_the_corrected_edition_is_cancelled(item, who, office):
    edition = sealed(item)
    opened(edition, MEMBERS)
    later = clock.now() + 48 * HOUR
    workflow.schedule(edition=edition, officer=office, steps=[Step(PUBLIC, opens_at=later)])
    opened(corrected(item, who), MEMBERS)
    assert states(item) == [("A3", "replaced"), ("A1", "cancelled"), ("A3", "open")]


def test_a_leak_that_still_waits_is_cancelled_at_once(item, who, office):
    edition = sealed(item)
    later = clock.now() + 48 * HOUR
    workflow.schedule(edition=edition, officer=office, steps=[Step(MEMBERS, opens_at=later)])
    workflow.correct(disclosure=item, officer=who("组织干事"), note="遮住姓名。", privacy=True)
    assert states(item) == [("A3", "cancelled")]


def test_a_correction_says_what_changed(item, who):
    sealed(item)
    with pytest.raises(Refused) as refusal:
        workflow.correct(disclosure=item, officer=who("组织干事"), note=" ", privacy=False)
    assert refusal.value.obstacles == ["请写明更正了什么，读者会看到这句话。"]


def test_one_correction_at_a_time(item, who):
    sealed(item)
    workflow.correct(disclosure=item, officer=who("组织干事"), note="改。", privacy=False)
    with pytest.raises(Refused) as refusal:
        workflow.correct(disclosure=item, officer=who("团委书记"), note="改。", privacy=False)
    assert refusal.value.obstacles == ["已经有一份更正在办。请先办完或者放弃那一份。"]


# -- withdrawing -----------------------------------------------------------------------------------


def test_a_withdrawal_leaves_a_tombstone_for_all_who_saw_it(item, who, office, log):
    opened(sealed(item))
    edition = corrected(item, who)
    later = clock.now() + 48 * HOUR
    workflow.schedule(edition=edition, officer=office, steps=[Step(MEMBERS, opens_at=later)])
    workflow.withdraw(disclosure=item, officer=who("党委副书记"), reason="名单里有未成年人的信息。")
    log()
    tombstone = PublicRecord.objects.get(kind="withdrawal")
    item.refresh_from_db()
    assert tombstone.audience == ["org:qingxi", "public"]
    told = body(tombstone)
    assert told.pop("at")
    assert told == {
        "format": "gongkai-withdrawal/1",
        "title": "关于水利设施的决定",
        "reason": "名单里有未成年人的信息。",
        "post": "党委副书记",
        "number": item.number,
        "entry": "JC-05",
        "category": "JC",
        "box": item.entry.box,
    }
    assert states(item) == [("A3", "withdrawn"), ("A1", "withdrawn"), ("A3", "cancelled")]
    assert [record.kind for record in readable_records(ANONYMOUS).filter(subject=item.address)] == [
        "withdrawal"
    ]


@pytest.mark.parametrize("scopes", [(), (MEMBERS,), (MEMBERS, PUBLIC)])
def test_the_tombstone_bears_the_title_that_its_readers_saw(item, who, scopes):
    opened(sealed(item))
    edition = corrected(item, who, title="只给成员看过的标题")
    if scopes:
        opened(edition, *scopes)
    workflow.withdraw(disclosure=item, officer=who("党委副书记"), reason="有误。")
    seen = "只给成员看过的标题" if PUBLIC in scopes else "关于水利设施的决定"
    assert body(PublicRecord.objects.get(kind="withdrawal"))["title"] == seen


def test_a_title_corrected_for_privacy_stands_on_no_tombstone(item, who):
    opened(sealed(item, title="关于王某某的决定"))
    opened(corrected(item, who, privacy=True), MEMBERS)
    workflow.withdraw(disclosure=item, officer=who("党委副书记"), reason="有误。")
    told = body(PublicRecord.objects.get(kind="withdrawal"))
    assert told["title"] == item.entry.title


def test_a_withdrawal_gives_up_the_correction_in_hand(item, who):
    opened(sealed(item))
    officer = who("组织干事")
    draft = workflow.correct(disclosure=item, officer=officer, note="改一处。", privacy=False)
    round_ = review.submit(draft=draft, officer=officer)
    workflow.withdraw(disclosure=item, officer=who("党委副书记"), reason="有误。")
    draft.refresh_from_db()
    round_.refresh_from_db()
    assert (draft.state, round_.state, round_.posts) == ("dropped", "recalled", [])
    with pytest.raises(Refused):
        review.pass_stage(review=round_, officer=who("党政办主任"))
    assert verbs(item.address)[-2:] == ["draft.drop", "disclosure.withdraw"]


def test_nothing_opens_after_a_withdrawal(item, who, office):
    edition = sealed(item)
    opened(edition, MEMBERS)
    workflow.withdraw(disclosure=item, officer=who("党委副书记"), reason="有误。")
    with pytest.raises(Refused) as refusal:
        workflow.schedule(edition=edition, officer=office, steps=[Step(PUBLIC)])
    assert "这一件已经撤回了。要再公开，请另起一件。" in refusal.value.obstacles
    with pytest.raises(Refused) as refusal:
        workflow.withdraw(disclosure=item, officer=who("党委书记"), reason="有误。")
    assert refusal.value.obstacles == ["这一件已经撤回了。要再公开，请另起一件。"]


def test_a_withdrawal_needs_something_open_and_a_reason(item, who):
    sealed(item)
    with pytest.raises(Refused) as refusal:
        workflow.withdraw(disclosure=item, officer=who("组织干事"), reason="长" * 501)
    assert refusal.value.obstacles == [
        "“撤回”要由党委书记、党委副书记来办。",
        "这一件还没有公开，不用撤回。不想公开了，请取消公开安排。",
        "这句话最多500个字，现在有501个。请写短一些。",
    ]


# -- erasing ---------------------------------------------------------------------------------------


def erased(item, who):
    erasure = workflow.ask_erasure(
        disclosure=item, officer=who("党委书记"), reason="法院裁定，案号另记。"
    )
    return workflow.confirm_erasure(erasure=erasure, officer=who("纪委书记"))


def test_an_erasure_takes_two_persons(item, who):
    opened(sealed(item))
    erasure = workflow.ask_erasure(disclosure=item, officer=who("党委书记"), reason="泄露。")
    with pytest.raises(Refused) as refusal:
        workflow.confirm_erasure(erasure=erasure, officer=who("党委书记"))
    assert refusal.value.obstacles == ["清除要两个人：您是申请人，请另一位有清除权的人确认。"]
    with pytest.raises(Refused) as refusal:
        workflow.confirm_erasure(erasure=erasure, officer=who("组织干事"))
    assert refusal.value.obstacles == ["“清除”要由党委书记、纪委书记来办。"]
    with pytest.raises(IntegrityError), transaction.atomic():
        Erasure.objects.filter(pk=erasure.pk).update(confirmed_by=erasure.asked_by)


def test_an_erasure_destroys_the_words_and_keeps_the_log(item, who, home):
    file = stored(home)
    opened(sealed(item, files=[file], body="<p>身份证号泄露在这里。</p>"))
    workflow.withdraw(disclosure=item, officer=who("党委副书记"), reason="泄露了张三。")
    entries = {record.pk: bytes(record.entry) for record in PublicRecord.objects.all()}
    erased(item, who)
    edition = Edition.objects.get()
    assert (edition.data, bool(edition.erased_at)) == (None, True)
    assert list(Draft.objects.values_list("title", "body")) == [("（已清除）", "")]
    assert list(Submission.objects.values_list("title", "body")) == [("（已清除）", "")]
    assert list(Opinion.objects.values_list("text", flat=True)) == ["（已清除）"]
    item.refresh_from_db()
    assert item.title == "（已清除）"
    own = PublicRecord.objects.filter(subject=item.address)
    gone = own.filter(kind__in=["release", "withdrawal"])
    assert [(record.body, bytes(record.salt)) for record in gone] == [("{}", b"")] * 3
    assert all(bytes(record.entry) == entries[record.pk] for record in gone)
    assert not own.filter(body__contains="泄露").exists()
    assert not Act.objects.filter(subject_label__contains="水利").exists()
    assert not any("张三" in str(facts) for facts in Act.objects.values_list("facts", flat=True))


def test_the_tombstone_of_an_erasure_says_who_and_when_and_no_more(item, who, log):
    opened(sealed(item))
    erased(item, who)
    log()
    [record] = readable_records(ANONYMOUS).filter(subject=item.address)
    item.refresh_from_db()
    told = body(record)
    assert told.pop("at")
    assert told == {
        "format": "gongkai-erasure/1",
        "posts": ["党委书记", "纪委书记"],
        "number": item.number,
        "entry": "JC-05",
        "category": "JC",
        "box": item.entry.box,
    }
    assert verbs(item.address)[-2:] == ["erasure.ask", "erasure.confirm"]


def test_an_erasure_stops_what_waits(item, who, office):
    edition = sealed(item)
    later = clock.now() + timedelta(days=2)
    [release] = workflow.schedule(
        edition=edition, officer=office, steps=[Step(MEMBERS, opens_at=later)]
    )
    erased(item, who)
    assert states(item) == [("A3", "erased")]
    with pytest.raises(Conflict):
        workflow.open_stages(stages=[release])
    assert not PublicRecord.objects.filter(subject=item.address).exists()


def test_a_shared_attachment_outlives_the_erasure(township, item, who, home):
    shared, own = stored(home), stored(home, b"%PDF-1.7 only here")
    sealed(item, files=[shared, own])
    sealed(disclosure_of(township, title="另一件"), files=[shared])
    erased(item, who)
    shared.refresh_from_db()
    own.refresh_from_db()
    assert (shared.erased_at, bool(own.erased_at)) == (None, True)
    assert DraftFile.objects.filter(draft__disclosure=item).count() == 2


def test_entries_for_the_public_alone_go_straight_there(township, office, log):
    item = disclosure_of(township, code="BZ-01", title="班子分工")
    [record] = opened(sealed(item, plan=planned(PUBLIC)))
    log()
    assert [each.pk for each in readable_records(ANONYMOUS).filter(kind="release")] == [record.pk]
