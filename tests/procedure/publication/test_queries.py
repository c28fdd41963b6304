"""What waits for whom."""

import pytest
from tests.procedure.editions import MEMBERS, PUBLIC, disclosure_of, opened, planned, sealed

from gongkai.procedure.publication import queries, workflow
from gongkai.procedure.publication.plans import Step

pytestmark = pytest.mark.django_db


def test_a_sealed_edition_waits_until_its_last_stage_is_arranged(township, who):
    office, item = who("党政办主任"), disclosure_of(township)
    edition = sealed(item)
    assert queries.waiting_for(office) == [edition]
    assert queries.waiting_for(who("组织干事")) == []
    opened(edition, MEMBERS)
    assert queries.waiting_for(office) == [edition]
    [outer] = workflow.schedule(edition=edition, officer=office, steps=[Step(PUBLIC)])
    assert queries.waiting_for(office) == []
    workflow.cancel(release=outer, officer=office)
    assert queries.waiting_for(office) == [edition]
    workflow.withdraw(disclosure=item, officer=who("党委副书记"), reason="有误。")
    assert queries.waiting_for(office) == []


def test_a_corrected_edition_waits_no_more(township, who):
    item = disclosure_of(township)
    sealed(item)
    newer = sealed(item)
    assert queries.waiting_for(who("党政办主任")) == [newer]


def test_an_erasure_waits_for_the_second_person(township, who):
    item = disclosure_of(township)
    sealed(item)
    erasure = workflow.ask_erasure(disclosure=item, officer=who("党委书记"), reason="裁定。")
    assert queries.erasures_for(who("纪委书记")) == [erasure]
    assert queries.erasures_for(who("党委书记")) == []
    assert queries.erasures_for(who("组织干事")) == []


@pytest.mark.parametrize("count", [1, 3])
def test_lists_cost_one_query(township, who, count, django_assert_num_queries):
    office, discipline = who("党政办主任"), who("纪委书记")
    for _each in range(count):
        item = disclosure_of(township)
        sealed(item, plan=planned(PUBLIC))
        workflow.ask_erasure(disclosure=item, officer=who("党委书记"), reason="裁定。")
    with django_assert_num_queries(1):
        waiting = queries.waiting_for(office)
        assert [str(edition.disclosure.entry) for edition in waiting]
    assert len(waiting) == count
    with django_assert_num_queries(1):
        assert len(queries.erasures_for(discipline)) == count
