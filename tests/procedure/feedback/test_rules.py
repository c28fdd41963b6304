"""Who may read a voice at the desk."""

import pytest

from gongkai.foundation.organisations.queries import post
from gongkai.procedure.feedback import rules, workflow

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("reader", "before", "after"),
    [
        ("党政办主任", True, True),
        ("党委副书记", True, True),
        ("纪委委员", True, True),
        ("财政所长", False, True),
        ("民政办主任", False, False),
        ("组织干事", False, False),
    ],
)
def test_a_voice_is_read_by_whoever_has_to_do_with_it(township, who, reader, before, after):
    case, _code = workflow.receive(
        organisation=township, disclosure=None, text="水渠什么时候修好？", show=True
    )
    assert rules.may_see(case, who(reader)) is before
    workflow.assign(case=case, officer=who("党政办主任"), post=post(township, "finance"))
    assert rules.may_see(case, who(reader)) is after


def test_nobody_reads_another_organisations(township, village_clerk):
    case, _code = workflow.receive(organisation=township, disclosure=None, text="问", show=True)
    assert not rules.may_see(case, village_clerk)
