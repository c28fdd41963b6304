"""Who may look into a disclosure: its step's own rule decides, never beyond the organisation."""

import pytest

from gongkai.foundation.ledger.workflow import SYSTEM
from gongkai.foundation.organisations import workflow as organisations
from gongkai.foundation.organisations.queries import officer_of, today
from gongkai.procedure.catalogue.charter import parse, sample
from gongkai.procedure.proposals import rules
from gongkai.procedure.proposals.models import Draft

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("post", "sees"),
    [
        ("组织干事", True),
        ("财政所长", True),
        ("党政办主任", True),
        ("党委书记", True),
        ("纪委委员", True),
        ("党建办主任", False),
        ("党政办信息员", False),
    ],
)
def test_rights_and_review_open_a_disclosure_of_the_office(begun, who, post, sees):
    draft = begun("JC-05")
    assert rules.may_see(draft.disclosure, who(post)) is sees


def test_the_head_of_a_department_sees_what_comes_under_it(begun, who):
    assert rules.may_see(begun("ZZ-01").disclosure, who("党建办主任"))


def test_whoever_proposed_sees_it_without_any_right(begun, who, township):
    draft = begun("JC-05")
    without = officer_of(draft.proposer, today(township).replace(year=2019))
    assert (without.posts, rules.may_see(draft.disclosure, without)) == ((), True)
    stranger = organisations.make_member(
        organisation=township, name="一名党员", party=True, by=SYSTEM
    )
    assert not rules.may_see(draft.disclosure, officer_of(stranger, today(township)))
    assert Draft.objects.count() == 1


def test_nobody_sees_another_organisations(begun, village_clerk):
    assert not rules.may_see(begun("JC-05").disclosure, village_clerk)


@pytest.mark.once
@pytest.mark.parametrize(
    ("charter", "code", "scopes", "channels"),
    [
        ("township", "FW-01", "A1", "website wall screen television"),
        ("township", "JC-06", "A3 A1", "website wall screen brief"),
        ("township", "LZ-02", "A3", "brief members-meeting"),
        ("township", "ZZ-04", "A4", "brief"),
        ("township", "ZZ-04", "A4 A1", "website wall notice"),
        ("village", "CW-02", "C", "delegates-meeting"),
        ("village", "CW-02", "C S", "wall website"),
        ("village", "HM-01", "H C S", "wall website broadcast"),
    ],
)
def test_a_draft_goes_where_its_entry_says_or_where_things_usually_go(
    charter, code, scopes, channels
):
    found = parse(sample(charter))
    plan = [{"scope": scope} for scope in scopes.split()]
    assert rules.default_channels(found, found.entry(code), plan) == channels.split()
