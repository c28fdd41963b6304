"""A due thing happens without anyone, in order, once, and says how late it was."""

from datetime import timedelta

import pytest
import time_machine
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
)

from gongkai.foundation.files import storage
from gongkai.foundation.ledger.models import Act, PublicRecord
from gongkai.procedure.publication import jobs, workflow
from gongkai.procedure.publication.models import Erasure, Release
from gongkai.procedure.publication.plans import Step
from gongkai.procedure.review.models import Edition

pytestmark = pytest.mark.django_db


def arranged(organisation, who, *hours, title="某件", plan=None):
    """A sealed item whose stages open so many hours after Monday morning."""
    scopes = [MEMBERS, PUBLIC] if plan is None else plan
    edition = sealed(disclosure_of(organisation, title=title), plan=planned(*scopes))
    steps = [
        Step(scope, opens_at=MONDAY + hour * HOUR)
        for scope, hour in zip(scopes, hours, strict=False)
    ]
    return workflow.schedule(edition=edition, officer=who("党政办主任"), steps=steps)


@pytest.fixture(autouse=True)
def monday():
    with time_machine.travel(MONDAY, tick=False) as traveller:
        yield traveller


def pass_at(monday, hours):
    now = MONDAY + hours * HOUR
    monday.move_to(now)
    return jobs.open_due(now)


def opened_subjects():
    records = PublicRecord.objects.filter(kind="release").order_by("pk")
    return [(record.subject, record.version) for record in records]


def test_each_stage_opens_by_itself_on_time(township, who, monday):
    arranged(township, who, 1, 2)
    assert pass_at(monday, 0) == 0
    assert pass_at(monday, 1) == 1
    assert pass_at(monday, 1) == 0
    assert pass_at(monday, 2) == 1
    assert [release.state for release in Release.objects.all()] == ["open", "open"]
    facts = Act.objects.filter(verb="release.open").values_list("facts", flat=True)
    assert ["late" in each for each in facts] == [False, False]


def test_after_downtime_everything_missed_opens_in_the_order_of_time(township, who, monday):
    late = arranged(township, who, 3, 4, title="后")
    early = arranged(township, who, 1, 5, title="先")
    assert pass_at(monday, 10) == 4
    assert opened_subjects() == [
        (early[0].disclosure.address, 1),
        (late[0].disclosure.address, 1),
        (late[0].disclosure.address, 2),
        (early[0].disclosure.address, 2),
    ]
    facts = Act.objects.filter(verb="release.open").order_by("pk").values_list("facts", flat=True)
    assert [each["late"] for each in facts] == [9 * 3600, 7 * 3600, 6 * 3600, 5 * 3600]


def test_equal_times_open_in_the_order_of_the_plan(township, who, monday):
    arranged(township, who, 1, 1)
    assert pass_at(monday, 1) == 2
    assert [r.audience for r in PublicRecord.objects.filter(kind="release").order_by("pk")] == [
        ["org:qingxi"],
        ["public"],
    ]


def test_a_clock_that_runs_ahead_in_the_caller_opens_nothing(township, who):
    arranged(township, who, 1, 2)
    assert jobs.open_due(MONDAY + timedelta(days=30)) == 0


def test_one_that_cannot_open_does_not_hold_up_the_others(township, who, monday):
    held = arranged(township, who, 1, 2, title="被卡住的")
    Release.objects.filter(pk=held[0].pk).update(state="cancelled")
    arranged(township, who, 3, 4, title="好的")
    assert pass_at(monday, 5) == 2


def test_a_pass_cut_off_in_the_middle_is_completed(township, who, monday, monkeypatch):
    arranged(township, who, 1, 1, title="先开的")
    later = arranged(township, who, 2, 2, title="后开的")
    monday.move_to(MONDAY + 3 * HOUR)
    real = jobs.open_stages

    def killed(*, stages):
        if stages[0] in later:
            raise KeyboardInterrupt
        return real(stages=stages)

    monkeypatch.setattr(jobs, "open_stages", killed)
    with pytest.raises(KeyboardInterrupt):
        jobs.open_due(MONDAY + 3 * HOUR)
    monkeypatch.undo()
    assert len(opened_subjects()) == 2
    assert pass_at(monday, 3) == 2
    assert len(opened_subjects()) == 4


def test_stages_of_one_edition_open_together_or_not_at_all(township, who, monday, monkeypatch):
    arranged(township, who, 1, 2)
    monday.move_to(MONDAY + 3 * HOUR)
    begun, real = [], workflow.open_stage

    def killed(release, *rest):
        if release.order:
            raise KeyboardInterrupt
        begun.append(release)
        return real(release, *rest)

    monkeypatch.setattr(workflow, "open_stage", killed)
    with pytest.raises(KeyboardInterrupt):
        jobs.open_due(MONDAY + 3 * HOUR)
    monkeypatch.undo()
    assert (len(begun), opened_subjects()) == (1, [])
    assert pass_at(monday, 3) == 2


def test_what_lies_between_two_stages_in_time_opens_between_them(township, who, monday):
    early = arranged(township, who, 1, 3, title="早开的")
    arranged(township, who, 2, 4, title="晚开的")
    assert pass_at(monday, 5) == 4
    address = early[0].disclosure.address
    assert [subject == address for subject, _version in opened_subjects()] == [
        True,
        False,
        True,
        False,
    ]


@pytest.mark.parametrize("count", [1, 3])
def test_looking_for_what_is_due_costs_one_query(
    township, who, monday, count, django_assert_num_queries
):
    for number in range(count):
        arranged(township, who, 5, 6, title=f"第{number}件")
    with django_assert_num_queries(1):
        assert jobs.open_due(MONDAY) == 0


def test_files_of_an_erasure_are_destroyed_after_it(township, who, home):
    file = stored(home)
    item = disclosure_of(township)
    opened(sealed(item, files=[file]))
    erasure = workflow.ask_erasure(disclosure=item, officer=who("党委书记"), reason="裁定。")
    assert jobs.erase_files(MONDAY) == 0
    assert storage.path(file.digest).exists()
    workflow.confirm_erasure(erasure=erasure, officer=who("纪委书记"))
    assert jobs.erase_files(MONDAY) == 1
    assert not storage.path(file.digest).exists()
    assert Erasure.objects.get().files_gone_at
    assert jobs.erase_files(MONDAY) == 0


def test_destroying_files_repeats_after_a_crash(township, who, home, monkeypatch):
    files = [stored(home, b"%PDF one"), stored(home, b"%PDF two")]
    item = disclosure_of(township)
    sealed(item, files=files)
    erasure = workflow.ask_erasure(disclosure=item, officer=who("党委书记"), reason="裁定。")
    workflow.confirm_erasure(erasure=erasure, officer=who("纪委书记"))
    real, calls = storage.destroy, []

    def killed(digest):
        calls.append(digest)
        if len(calls) == 2:
            raise KeyboardInterrupt
        return real(digest)

    monkeypatch.setattr(storage, "destroy", killed)
    with pytest.raises(KeyboardInterrupt):
        jobs.erase_files(MONDAY)
    monkeypatch.undo()
    assert jobs.erase_files(MONDAY) == 1
    assert [storage.path(file.digest).exists() for file in files] == [False, False]
    assert Edition.objects.get().data is None
