"""Putting charters in force: rows, versions, the public record, and nothing the second time."""

import json

import pytest
from tests.cast import staffed

from gongkai.foundation.core import canonical
from gongkai.foundation.core.errors import Refused
from gongkai.foundation.ledger.models import Act, PublicRecord
from gongkai.foundation.ledger.workflow import SYSTEM
from gongkai.foundation.organisations import queries as organisations
from gongkai.foundation.organisations import workflow as people
from gongkai.foundation.organisations.models import Post
from gongkai.procedure.catalogue import queries
from gongkai.procedure.catalogue.charter import parse, sample
from gongkai.procedure.catalogue.models import CharterVersion, Entry
from gongkai.procedure.catalogue.workflow import apply

pytestmark = pytest.mark.django_db
TOWNSHIP, VILLAGE = sample("township"), sample("village")


@pytest.fixture
def township(db):
    apply(source=TOWNSHIP, by=SYSTEM)
    return organisations.organisation("qingxi")


def test_the_first_charter_makes_the_organisation_and_its_catalogue():
    changed = apply(source=TOWNSHIP, by=SYSTEM)
    assert changed == ["中共青溪镇委员会第一次有实施办法：8类，48项目录事项，15个岗位。"]
    township = organisations.organisation("qingxi")
    version, charter = queries.charter_of(township)
    assert (version.number, version.source) == (1, TOWNSHIP)
    assert charter == parse(TOWNSHIP)
    assert [entry.code for entry in queries.entries(township)] == sorted(
        rule.code for rule in charter.entries
    )
    assert [post.key for post in organisations.posts(township)] == [
        post.key for post in charter.posts
    ]


def test_applying_it_again_changes_nothing(township):
    before = (Act.objects.count(), PublicRecord.objects.count())
    assert apply(source=TOWNSHIP, by=SYSTEM) == []
    assert apply(source=f"# 只是注释\n{TOWNSHIP}", by=SYSTEM) == []
    assert (Act.objects.count(), PublicRecord.objects.count()) == before
    assert CharterVersion.objects.count() == 1


def test_the_charter_is_itself_a_public_record(township):
    record = PublicRecord.objects.get(kind="charter")
    body = json.loads(record.body)
    assert (record.subject, record.audience, record.version) == ("charter:qingxi", ["public"], 1)
    assert body["source"] == TOWNSHIP
    assert body["digest"] == canonical.digest(TOWNSHIP.encode())
    assert parse(body["source"]) == queries.charter_of(township)[1]


def test_a_change_is_said_and_becomes_the_next_version(township):
    source = TOWNSHIP.replace("answer_workdays = 5", "answer_workdays = 4").replace(
        'title = "党委议事规则"', 'title = "党委会议事规则"'
    )
    assert apply(source=source, by=SYSTEM) == [
        "期限的答复意见的工作日数由“5”改为“4”。",
        "目录事项“ZD-02 党委会议事规则”的公开事项由“党委议事规则”改为“党委会议事规则”。",
    ]
    version, charter = queries.charter_of(township)
    assert (version.number, charter.deadlines.answer_workdays) == (2, 4)
    assert queries.entry(township, "ZD-02").title == "党委会议事规则"
    assert PublicRecord.objects.get(kind="charter", version=2).subject == "charter:qingxi"


def test_a_line_left_out_is_only_marked_and_may_return(township):
    kept = queries.entry(township, "QT-03")
    start = TOWNSHIP.index('[[entries]]\ncode = "QT-03"')
    changed = apply(source=TOWNSHIP[:start], by=SYSTEM)
    assert changed == ["不再有目录事项“QT-03 党务公开年度情况”。"]
    assert queries.entry(township, "QT-03").retired
    assert len(queries.entries(township)) == 47
    apply(source=TOWNSHIP, by=SYSTEM)
    assert queries.entry(township, "QT-03").pk == kept.pk
    assert not queries.entry(township, "QT-03").retired


def test_a_faulty_charter_writes_nothing(township):
    with pytest.raises(Refused):
        apply(source=TOWNSHIP.replace('box = "JC-1"', 'box = "JC-9"', 1), by=SYSTEM)
    assert CharterVersion.objects.count() == 1


def test_only_an_administrator_of_the_organisation_applies_its_charter(township):
    staffed(township)
    on = organisations.today(township)
    changed = TOWNSHIP.replace("answer_workdays = 5", "answer_workdays = 4")
    with pytest.raises(Refused):
        apply(source=changed, by=organisations.officer_of_post(township, "organiser", on))
    clerk = organisations.officer_of_post(township, "clerk", on)
    with pytest.raises(Refused):
        apply(source=VILLAGE, by=clerk)
    assert apply(source=changed, by=clerk)
    assert queries.charter_of(township)[0].applied_by == "党政办信息员"


def test_a_post_left_out_retires_with_its_holder(township):
    staffed(township)
    without = TOWNSHIP.replace(
        '[[posts]]\nkey = "youth"\nname = "团委书记"\nname_en = "Youth League secretary"\n'
        'department = "党建工作办公室"\nrights = ["propose"]\n\n',
        "",
    ).replace('    { post = "youth", role = "成员", role_en = "Member" },\n', "")
    changed = apply(source=without, by=SYSTEM)
    assert changed == [
        "不再有岗位“youth 团委书记”。",
        "小组“leading 党务公开领导小组”：不再有成员“youth”。",
    ]
    assert Post.objects.get(organisation=township, key="youth").retired


def test_a_township_and_a_village_stand_side_by_side(township):
    apply(source=VILLAGE, by=SYSTEM)
    village = organisations.organisation("shiqiao")
    assert queries.charter_of(village)[1].organisation.matter == "村务公开"
    assert queries.charter_of(township)[1].organisation.matter == "党务公开"
    assert Entry.objects.filter(organisation=village).count() == 14


def test_without_a_charter_the_answer_says_what_to_do(db):
    bare = people.arrange(slug="bare", name="某单位", posts=())
    with pytest.raises(Refused) as refusal:
        queries.charter_of(bare)
    assert refusal.value.obstacles == [
        "某单位还没有实施办法。请先用gongkai charter apply生效一份。"
    ]


def test_the_charter_in_force_costs_one_query(township, django_assert_num_queries):
    queries.charter_of(township)
    with django_assert_num_queries(1):
        queries.charter_of(township)
