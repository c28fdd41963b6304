"""Who holds what on which day, and what follows from it."""

from datetime import date, timedelta

import pytest

from gongkai.foundation.core.errors import Refused
from gongkai.foundation.ledger.workflow import SYSTEM, Actor
from gongkai.foundation.organisations import audience, queries, workflow
from gongkai.foundation.organisations.models import Account, Member
from gongkai.foundation.organisations.states import Right

TODAY = date(2026, 11, 23)


def test_an_officer_has_the_rights_of_the_posts_held_on_the_day(office, qingxi):
    assert office.post_names == "党政办主任"
    assert office.rights == {"administer", "publish", "assign", "file"}
    assert office.may(Right.PUBLISH)
    assert not office.may(Right.PROPOSE)
    assert office.holds("office")
    assert not office.holds("secretary")
    assert office.actor == Actor(f"member:{office.member.key}", "党政办主任")


def test_two_posts_add_their_rights(qingxi, organiser):
    post = queries.post(qingxi, "youth")
    workflow.hand_over(post=post, to=organiser.member, on=TODAY, by=SYSTEM)
    both = queries.officer_of(organiser.member, TODAY)
    assert both.post_names == "组织干事、团委书记"
    assert queries.officer_of(organiser.member, TODAY - timedelta(days=1)).post_names == "组织干事"


def test_an_officer_costs_two_queries(organiser, django_assert_num_queries):
    fresh = Member.objects.get(pk=organiser.member.pk)
    with django_assert_num_queries(2):
        queries.officer_of(fresh, TODAY)


def test_a_member_without_a_post_acts_under_the_own_name(party_member):
    nobody = queries.officer_of(party_member, TODAY)
    assert (nobody.posts, nobody.rights, nobody.actor.label) == ((), frozenset(), "一名党员")


def test_a_retired_post_carries_no_rights(qingxi, office):
    post = queries.post(qingxi, "office")
    post.retired = True
    post.save()
    assert queries.officer_of(office.member, TODAY).rights == frozenset()
    with pytest.raises(Refused) as refusal:
        queries.officer_of_post(qingxi, "office", TODAY)
    assert refusal.value.obstacles == ["中共青溪镇委员会的实施办法里没有“office”这个岗位。"]


def test_a_vacant_post_says_who_fills_it(qingxi, finance):
    workflow.end_tenure(
        tenure=queries.tenures_on(TODAY).get(member=finance.member), on=TODAY, by=SYSTEM
    )
    after = TODAY + timedelta(days=1)
    assert queries.vacant_posts(qingxi, TODAY) == []
    assert [post.name for post in queries.vacant_posts(qingxi, after)] == ["财政所长"]
    with pytest.raises(Refused) as refusal:
        queries.officer_of_post(qingxi, "finance", after)
    assert refusal.value.obstacles == ["“财政所长”现在没有人担任。请“党政办主任”先登记由谁担任。"]


def test_a_reader_has_the_keys_of_the_day(qingxi, organiser, party_member):
    assert queries.reader_of(None, TODAY) == audience.ANONYMOUS
    assert queries.reader_of(organiser.member, TODAY).keys == {
        "public",
        "party",
        "org:qingxi",
        "group:qingxi/leading",
        f"member:{organiser.member.key}",
    }
    assert queries.reader_of(party_member, TODAY).keys == {
        "public",
        "party",
        "org:qingxi",
        f"member:{party_member.key}",
    }


def test_a_village_reads_what_its_township_shows_and_not_the_reverse(village_clerk, organiser):
    village = queries.reader_of(village_clerk.member, TODAY).keys
    township = queries.reader_of(organiser.member, TODAY).keys
    assert {"org:shiqiao", "org:qingxi"} <= village
    assert "org:shiqiao" not in township
    assert not any(key.startswith("group:") for key in village)


def test_whoever_left_reads_what_anybody_reads(party_member):
    workflow.leave(member=party_member, on=TODAY, by=SYSTEM)
    party_member.refresh_from_db()
    assert "party" in queries.reader_of(party_member, TODAY - timedelta(days=1)).keys
    assert queries.reader_of(party_member, TODAY) == audience.ANONYMOUS


def test_an_account_stands_for_a_member_only_while_they_belong(party_member, qingxi):
    account = workflow.make_account(member=party_member, username="dangyuan", by=SYSTEM)
    assert queries.member_of(account) == party_member
    workflow.leave(member=party_member, on=queries.today(qingxi), by=SYSTEM)
    assert queries.member_of(account) is None
    assert queries.member_of(Account.objects.create_user("nobody")) is None


def test_the_installation_is_its_topmost_organisation(qingxi, shiqiao):
    assert queries.installation() == qingxi
    with pytest.raises(Refused) as refusal:
        queries.organisation("qinxi")
    assert refusal.value.obstacles == ["没有代号为“qinxi”的单位。现有：qingxi、shiqiao。"]


def test_a_circle_of_organisations_ends(qingxi, shiqiao, organiser):
    qingxi.parent = shiqiao
    qingxi.save()
    member = Member.objects.get(pk=organiser.member.pk)
    assert "org:shiqiao" in queries.reader_of(member, TODAY).keys


@pytest.mark.parametrize("many", [1, 3])
def test_lists_cost_the_same_for_one_and_three(many, qingxi, django_assert_num_queries):
    for n in range(many):
        workflow.make_member(organisation=qingxi, name=f"某人{n}", by=SYSTEM)
    with django_assert_num_queries(2):
        queries.places(qingxi, TODAY)
    with django_assert_num_queries(2):
        found = queries.people(queries.members(qingxi, TODAY, "某人"), TODAY)
    assert len(found) == many


def test_who_reads_by_a_key_are_those_whose_reader_has_it(
    qingxi, shiqiao, organiser, party_member, village_clerk
):
    workflow.leave(member=party_member, on=TODAY, by=SYSTEM)
    members = list(Member.objects.select_related("organisation"))
    keys = {member: queries.reader_of(member, TODAY).keys for member in members}
    present = {member for member in members if member != party_member}
    every = frozenset().union(*keys.values())
    assert {key.partition(":")[0] for key in every} == {"public", "party", "org", "group", "member"}
    for key in every - {"public"}:
        assert set(queries.readers_with([key], TODAY)) == {m for m in members if key in keys[m]}
    assert set(queries.readers_with(["public"], TODAY)) == present
    some = ["org:shiqiao", "group:qingxi/leading"]
    assert set(queries.readers_with(some, TODAY)) == {m for m in members if keys[m] & set(some)}
    assert set(queries.readers_with(["org:nowhere", "group:qingxi/none"], TODAY)) == set()
