"""A change of the catalogue: proposed by one, approved by another, in force at once."""

from dataclasses import replace

import pytest
from django.db import IntegrityError, transaction
from tests.procedure.editions import log

from gongkai.foundation.core.errors import Conflict, Refused
from gongkai.foundation.ledger.models import Act, PublicRecord
from gongkai.foundation.ledger.workflow import SYSTEM
from gongkai.procedure.catalogue import queries, workflow
from gongkai.procedure.catalogue.charter import sample
from gongkai.procedure.catalogue.models import Entry, Revision
from gongkai.procedure.catalogue.states import RevisionState

__all__ = ["log"]

pytestmark = pytest.mark.django_db
TOWNSHIP = sample("township")


def amend(code, **values):
    """A change of one entry."""
    return lambda charter: [
        replace(rule, **values) if rule.code == code else rule for rule in charter.entries
    ]


@pytest.fixture
def begun(organiser):
    """A revision of 组织干事 that changes one title."""
    return workflow.revise(officer=organiser, change=amend("JC-01", title="上级部署学习贯彻情况"))


@pytest.fixture
def proposed(begun, organiser):
    return workflow.propose(revision=begun, officer=organiser, text="和上级的说法一致。")


def refused(verb, **asked):
    with pytest.raises(Refused) as refusal:
        verb(**asked)
    return refusal.value.obstacles


def test_a_second_person_puts_it_in_force_and_it_is_published(
    proposed, secretary, organiser, qingxi
):
    before = PublicRecord.objects.filter(kind="charter").count()
    told = workflow.approve(revision=proposed, officer=secretary, seen=proposed.digest)
    assert told == [
        "目录事项“JC-01 上级部署学习贯彻情况”的公开事项由“上级决策部署学习贯彻情况”"
        "改为“上级部署学习贯彻情况”。"
    ]
    version, charter = queries.charter_of(qingxi)
    assert (version.number, charter.entry("JC-01").title) == (2, "上级部署学习贯彻情况")
    assert version.source == TOWNSHIP.replace(
        'title = "上级决策部署学习贯彻情况"', 'title = "上级部署学习贯彻情况"'
    )
    assert Entry.objects.get(organisation=qingxi, code="JC-01").title == "上级部署学习贯彻情况"
    assert PublicRecord.objects.filter(kind="charter").count() == before + 1
    proposed.refresh_from_db()
    assert (proposed.state, proposed.decider_post) == (RevisionState.APPROVED, "党委书记")
    acts = Act.objects.order_by("-pk").values_list("verb", "actor_label")[:3]
    assert list(acts) == [
        ("charter.apply", "党委书记"),
        ("catalogue.approve", "党委书记"),
        ("catalogue.propose", "组织干事"),
    ]
    assert Act.objects.latest("pk").facts["proposer"] == "组织干事"
    assert refused(workflow.withdraw, revision=proposed, officer=organiser) == [
        "这份修改已经生效。要再改，请另外提出。"
    ]


def test_nobody_else_decides_and_nobody_on_their_own(proposed, organiser, office, secretary):
    only = "目录的修改要由党委书记来审定。"
    assert refused(
        workflow.approve, revision=proposed, officer=organiser, seen=proposed.digest
    ) == [only, "这份修改是您提出的，要由另一个人来审定。"]
    assert refused(workflow.send_back, revision=proposed, officer=office, text="不对") == [only]
    for wrong in ({"decider": organiser.member}, {"state": "approved"}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Revision.objects.filter(pk=proposed.pk).update(**wrong)


def test_what_is_returned_is_worked_on_and_proposed_again(proposed, organiser, secretary):
    assert refused(workflow.send_back, revision=proposed, officer=secretary, text=" ") == [
        "请写明为什么退回、要改什么。"
    ]
    workflow.send_back(revision=proposed, officer=secretary, text="英文也要改")
    again = workflow.revise(officer=organiser, change=amend("JC-01", title_en="Carrying out"))
    assert (again.pk, again.state, again.answer) == (proposed.pk, "returned", "英文也要改")
    workflow.propose(revision=again, officer=organiser, text="已改。")
    with pytest.raises(Conflict):
        workflow.approve(revision=again, officer=secretary, seen=proposed.digest)
    assert len(workflow.approve(revision=again, officer=secretary, seen=again.digest)) == 2


def test_while_it_waits_it_is_taken_back_before_it_is_changed(proposed, organiser, officer):
    change = amend("JC-01", title="别的")
    assert refused(workflow.revise, officer=organiser, change=change) == [
        "这份修改已经交去审定。要接着改，请先收回。"
    ]
    workflow.recall(revision=proposed, officer=organiser)
    assert workflow.revise(officer=organiser, change=change).pk == proposed.pk
    workflow.withdraw(revision=proposed, officer=organiser)
    assert workflow.revise(officer=organiser, change=change).pk != proposed.pk
    assert refused(workflow.revise, officer=officer("党委书记"), change=change)[0].startswith(
        "“提出内容”要由"
    )


def test_nothing_and_what_does_not_fit_are_refused(begun, organiser):
    assert refused(
        workflow.revise, officer=organiser, change=amend("FW-01", timing="T9", period="year")
    ) == ["没有“T9”这个时限类。是不是“T5”？"]
    workflow.revise(officer=organiser, change=amend("JC-01", title="上级决策部署学习贯彻情况"))
    begun.refresh_from_db()
    assert begun.source == TOWNSHIP
    assert refused(workflow.propose, revision=begun, officer=organiser, text="") == [
        "还没有改什么。请先改一项、添一项或者取消一项。",
        "请写明为什么要改目录。",
    ]
    with pytest.raises(Conflict):
        workflow.revise(officer=organiser, change=amend("JC-01", title="别的"), seen="0" * 64)


def test_one_made_upon_an_older_charter_is_brought_upon_the_new_one(
    proposed, organiser, secretary, qingxi
):
    newer = TOWNSHIP.replace('title = "党委议事规则"', 'title = "镇党委议事规则"')
    workflow.apply(source=newer, by=SYSTEM)
    assert refused(
        workflow.approve, revision=proposed, officer=secretary, seen=proposed.digest
    ) == [
        "这份修改是照第1版实施办法改的，现在生效的已经是第2版。"
        "请组织干事先换到新的一版，再交来审定。"
    ]
    workflow.recall(revision=proposed, officer=organiser)
    rebased = workflow.rebase(revision=proposed, officer=organiser)
    assert (rebased.base.number, rebased.charter.entry("ZD-02").title) == (2, "镇党委议事规则")
    assert rebased.charter.entry("JC-01").title == "上级部署学习贯彻情况"
    assert refused(workflow.rebase, revision=rebased, officer=organiser) == [
        "这份修改就是照现行的实施办法改的，不用换。"
    ]
    clash = newer.replace('title = "上级决策部署学习贯彻情况"', 'title = "学习贯彻"')
    workflow.apply(source=clash, by=SYSTEM)
    assert refused(workflow.rebase, revision=rebased, officer=organiser) == [
        "“JC-01”这一项，新的实施办法也改了，和您改的不一样。请照新的重新改。"
    ]


def test_who_has_something_to_do_with_it_is_asked(proposed, begun, organiser, office, secretary):
    charter = queries.charter_of(organiser.organisation)[1]

    def waiting(officer):
        return [each.pk for each in queries.revisions_for(officer, charter)]

    assert (waiting(organiser), waiting(office), waiting(secretary)) == ([], [], [proposed.pk])
    workflow.send_back(revision=proposed, officer=secretary, text="再看看")
    assert (waiting(organiser), waiting(secretary)) == ([proposed.pk], [])
