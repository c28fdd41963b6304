"""The emergency path: one person opens it at once, and another must look at it afterwards."""

import json
from datetime import date, timedelta

import pytest
import time_machine
from django.db import IntegrityError, transaction
from django.utils import translation
from tests.procedure.proposals.conftest import begun

from gongkai.foundation.core import clock
from gongkai.foundation.core.errors import Refused
from gongkai.foundation.ledger.models import Act, PublicRecord
from gongkai.foundation.ledger.workflow import SYSTEM
from gongkai.foundation.organisations import queries as organisations
from gongkai.foundation.organisations import workflow as posts
from gongkai.foundation.organisations.models import Tenure
from gongkai.foundation.organisations.states import AbsenceKind
from gongkai.procedure.archive import rules as archive
from gongkai.procedure.publication import hastening, queries, rules, workflow
from gongkai.procedure.publication.models import Release
from gongkai.procedure.review import approval, emergency_rules
from gongkai.procedure.review import queries as reviews
from gongkai.procedure.review import workflow as review
from gongkai.procedure.review.models import ApprovalSheet, Emergency

from ..editions import MONDAY

__all__ = ["begun"]

REASON = "汛情紧急，转移安置地点要马上公布。"


def refused(verb, **given):
    with pytest.raises(Refused) as refusal:
        verb(**given)
    return refusal.value.obstacles


@pytest.fixture
def submitted(begun, who):
    """``submitted(…)``: the review of what 组织干事 has just handed over."""

    def submit(**changes):
        return review.submit(draft=begun(**changes), officer=who("组织干事"))

    return submit


@pytest.fixture
def hastened(submitted, who):
    """``hastened()``: opened at once by 党委副书记, on a Monday."""

    def hasten(**changes):
        return hastening.hasten(
            review=submitted(**changes), officer=who("党委副书记"), reason=REASON
        )

    return hasten


def opened(edition):
    """Everything of ``edition`` whose time has come, opened as the tick does."""
    return workflow.open_stages(stages=queries.standing(edition))


def test_it_is_sealed_and_opened_at_once_members_first(hastened):
    with time_machine.travel(MONDAY, tick=False):
        emergency = hastened()
        edition = emergency.edition
        stages = queries.standing(edition)
        assert [(each.scope, each.opens_at) for each in stages] == [("A3", MONDAY), ("A1", MONDAY)]
        records = opened(edition)
    assert (edition.sealed_by, emergency.due_on, emergency.confirmed) == (
        "党委副书记",
        date(2026, 11, 24),
        None,
    )
    told = json.loads(records[-1].body)
    assert told["emergency"] == {
        "post": "党委副书记",
        "at": "2026-11-23T01:40:00Z",
        "due_on": "2026-11-24",
        "outcome": "",
        "decided_post": "",
        "decided_at": "",
    }
    assert REASON not in records[-1].body
    assert "emergency" not in json.loads(told["edition"])
    act = Act.objects.get(verb="review.seal")
    assert (act.facts["emergency"], act.facts["text"]) == (True, REASON)


def test_a_second_person_confirms_and_readers_are_told(hastened, who):
    with time_machine.travel(MONDAY, tick=False):
        emergency = hastened()
        opened(emergency.edition)
        ApprovalSheet.objects.update(trouble="x")
        assert [each.pk for each in queries.emergencies_in_hand(who("党委书记").organisation)] == [
            emergency.pk
        ]
        with translation.override("en"):
            found = hastening.confirm(emergency=emergency, officer=who("纪委书记"))
    assert (found.confirmed, found.decided_as, found.text) == (True, "纪委书记", "补审通过。")
    record = PublicRecord.objects.get(kind="emergency")
    assert (json.loads(record.body)["outcome"], sorted(record.audience)) == (
        "confirmed",
        ["org:qingxi", "public"],
    )
    assert queries.emergencies_in_hand(who("党委书记").organisation) == []
    assert ApprovalSheet.objects.get().trouble == ""
    assert refused(hastening.confirm, emergency=found, officer=who("党委书记")) == [
        "这次紧急公开已经由纪委书记补审。"
    ]


def test_a_refusal_stops_what_waits_and_asks_for_a_withdrawal(hastened, who):
    with time_machine.travel(MONDAY, tick=False):
        emergency = hastened()
        first, _second = queries.standing(emergency.edition)
        workflow.open_stages(stages=[first])
        assert refused(
            hastening.refuse, emergency=emergency, officer=who("党委书记"), reason=" "
        ) == ["请写明为什么补审不能通过。"]
        hastening.refuse(emergency=emergency, officer=who("党委书记"), reason="地点有误。")
    assert list(Release.objects.order_by("order").values_list("state", flat=True)) == [
        "open",
        "cancelled",
    ]
    assert rules.may_schedule_obstacles(emergency.edition, who("党政办主任")) == [
        "这一版补审没有通过，不能再公开。请撤回，或者更正。"
    ]
    disclosure = emergency.edition.disclosure
    assert "补审没有通过。请先撤回，或者更正。" in archive.file_obstacles(
        disclosure, who("党政办主任")
    )
    organisation = who("党委书记").organisation
    assert len(queries.emergencies_in_hand(organisation)) == 1
    workflow.withdraw(disclosure=disclosure, officer=who("党委书记"), reason="地点有误。")
    assert queries.emergencies_in_hand(organisation) == []


def test_the_charter_names_who_may(submitted, who):
    under = submitted()
    given = {"review": under, "reason": REASON}
    assert refused(hastening.hasten, officer=who("党政办主任"), **given) == [
        "紧急公开要由党委书记或党委副书记决定，不能代行。"
    ]
    assert refused(hastening.hasten, review=under, officer=who("党委副书记"), reason="") == [
        "请写明为什么等不到逐级审核。"
    ]
    assert Emergency.objects.count() == 0


def test_neither_proposer_nor_deputy_hastens(begun, who, township):
    today = organisations.today(township)
    draft = begun()
    posts.hand_over(
        post=organisations.post(township, "deputy"),
        to=who("组织干事").member,
        on=today,
        by=SYSTEM,
    )
    under = review.submit(draft=draft, officer=who("组织干事"))
    assert refused(hastening.hasten, review=under, officer=who("党委副书记"), reason=REASON) == [
        "提出人不能自己紧急公开。请另一个岗位决定。"
    ]
    posts.register_absence(
        tenure=Tenure.objects.get(post=organisations.post(township, "secretary"), until=None),
        deputy=organisations.post(township, "youth"),
        since=today,
        until=today,
        kind=AbsenceKind.TRIP,
        by=SYSTEM,
    )
    assert refused(hastening.hasten, review=under, officer=who("团委书记"), reason=REASON) == [
        "紧急公开要由党委书记或党委副书记决定，不能代行。"
    ]


def test_personal_data_blocks_it_as_well(submitted, who):
    under = submitted(body="<p>联系人11010119900307109X</p>")
    (obstacle,) = refused(hastening.hasten, review=under, officer=who("党委副书记"), reason=REASON)
    assert obstacle.startswith("紧急公开也不能放过：身份证号码")


def test_it_takes_a_second_person_by_rule_and_in_the_database(submitted, who, township):
    secretary = who("党委书记")
    emergency = hastening.hasten(review=submitted(), officer=secretary, reason=REASON)
    assert refused(hastening.confirm, emergency=emergency, officer=secretary) == [
        "紧急公开要两个人：决定的人不能补审，也不能由人代他补审。"
    ]
    today = organisations.today(township)
    posts.register_absence(
        tenure=Tenure.objects.get(post=organisations.post(township, "secretary"), until=None),
        deputy=organisations.post(township, "youth"),
        since=today,
        until=today + timedelta(days=1),
        kind=AbsenceKind.TRIP,
        by=SYSTEM,
    )
    assert len(refused(hastening.confirm, emergency=emergency, officer=who("团委书记"))) == 1
    assert refused(hastening.confirm, emergency=emergency, officer=who("组织干事")) == [
        "紧急公开由纪委书记或党委书记补审。"
    ]
    row = Emergency.objects.filter(pk=emergency.pk)
    with pytest.raises(IntegrityError), transaction.atomic():
        row.update(confirmed=True, decided_by=secretary.member, decided_at=clock.now())
    with pytest.raises(IntegrityError), transaction.atomic():
        row.update(confirmed=True)


def test_nobody_left_to_confirm_is_said_before(submitted, who, township):
    today = organisations.today(township)
    under = submitted()
    for key in ("discipline", "secretary"):
        posts.hand_over(
            post=organisations.post(township, key), to=who("党委副书记").member, on=today, by=SYSTEM
        )
    assert emergency_rules.may_hasten_obstacles(under, who("党委副书记")) == [
        "没有另外一个人能补审。请先登记由谁担任纪委书记或党委书记。"
    ]


def test_a_charter_without_the_path_has_none(submitted, who, monkeypatch):
    under = submitted()
    monkeypatch.setitem(under.charter.charter.__dict__, "emergency", None)
    assert emergency_rules.may_hasten_obstacles(under, who("党委书记")) == [
        "实施办法没有规定紧急公开。请按级审核。"
    ]


def test_the_approval_sheet_says_so_before_and_after(hastened, who):
    with time_machine.travel(MONDAY, tick=False):
        emergency = hastened()
        begun_by = f"党委副书记　党委副书记　2026年11月23日9:40决定：{REASON}"
        before = dict(approval.facts(emergency.edition)["fields"])["紧急公开"]
        assert before == f"{begun_by}\n待补审，2026年11月24日前"
        hastening.confirm(emergency=emergency, officer=who("纪委书记"), text="情况属实。")
        after = dict(approval.facts(emergency.edition)["fields"])["紧急公开"]
        assert after == f"{begun_by}\n补审通过：情况属实。　纪委书记　纪委书记　2026年11月23日9:40"
    assert reviews.emergency_of(emergency.edition).confirmed


def test_it_is_filed_once_it_has_been_looked_at(hastened, who):
    with time_machine.travel(MONDAY, tick=False):
        emergency = hastened()
        opened(emergency.edition)
        disclosure, office = emergency.edition.disclosure, who("党政办主任")
        assert archive.file_obstacles(disclosure, office) == [
            "这是紧急公开的，还没有补审（2026年11月24日前）。请先补审。"
        ]
        hastening.confirm(emergency=emergency, officer=who("纪委书记"))
        assert archive.file_obstacles(disclosure, office) == []
