"""What was sealed bounds what is opened: never wider, never sooner, never in another order."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from gongkai.procedure.publication.plans import (
    Planned,
    Stage,
    Step,
    earliest_steps,
    plan_obstacles,
)

NOW = datetime(2026, 11, 23, 1, 40, tzinfo=UTC)
HOUR = timedelta(hours=1)
MEMBERS = Stage("A3", "在本镇党员干部中公开", frozenset({"org:qingxi"}), inner=True)
PUBLIC = Stage("A1", "向社会公开", frozenset({"public"}), inner=False)
CHOSEN = Stage("A4", "对特定党组织公开", frozenset({"group:qingxi/leading"}), inner=True)


def at(hours):
    return NOW + hours * HOUR


def test_members_first_then_the_public():
    steps = [Step("A3", opens_at=at(1)), Step("A1", opens_at=at(2))]
    assert plan_obstacles([MEMBERS, PUBLIC], [], steps, NOW) == []


def test_the_public_before_the_members_is_refused():
    steps = [Step("A1", opens_at=at(1)), Step("A3", opens_at=at(2))]
    assert plan_obstacles([MEMBERS, PUBLIC], [], steps, NOW) == [
        "先党内后党外：要先安排“在本镇党员干部中公开”，再安排“向社会公开”。"
    ]


def test_the_public_alone_is_refused_where_members_come_first():
    assert plan_obstacles([MEMBERS, PUBLIC], [], [Step("A1", opens_at=at(1))], NOW) == [
        "先党内后党外：要先安排“在本镇党员干部中公开”，再安排“向社会公开”。"
    ]


def test_the_public_may_follow_later():
    stands = [Planned("A3", at(-5))]
    assert plan_obstacles([MEMBERS, PUBLIC], stands, [Step("A1")], NOW) == []


def test_an_entry_for_the_public_goes_straight_there():
    assert plan_obstacles([PUBLIC], [], [Step("A1")], NOW) == []


def test_equal_times_keep_the_order():
    steps = [Step("A3", opens_at=at(1)), Step("A1", opens_at=at(1))]
    assert plan_obstacles([MEMBERS, PUBLIC], [], steps, NOW) == []


def test_times_against_the_order_are_refused():
    steps = [Step("A3", opens_at=at(2)), Step("A1", opens_at=at(1))]
    assert plan_obstacles([MEMBERS, PUBLIC], [], steps, NOW) == [
        "“向社会公开”不能早于“在本镇党员干部中公开”。请把时间改成同时或者更晚。"
    ]


def test_a_scope_that_was_not_reviewed_is_refused():
    assert plan_obstacles([MEMBERS], [], [Step("A3"), Step("A1")], NOW) == [
        "审核通过的计划里没有“A1”。要扩大公开范围，请更正后重新审核。"
    ]


def test_keys_that_were_not_reviewed_are_refused():
    wider = Step("A4", keys=("group:qingxi/leading", "member:0000000001"))
    assert plan_obstacles([CHOSEN], [], [wider], NOW) == [
        "“对特定党组织公开”里选了审核时没有的对象。要扩大公开范围，请更正后重新审核。"
    ]


def test_sooner_than_sealed_is_refused():
    later = Stage("A1", "向社会公开", frozenset({"public"}), inner=False, earliest=at(24))
    assert plan_obstacles([later], [], [Step("A1", opens_at=at(1))], NOW) == [
        "“向社会公开”最早到2026年11月24日9:40才能公开，这是审核时定下的。请选这以后的时间。"
    ]


def test_the_earliest_steps_wait_for_seal_and_order():
    later = Stage("A3", "在本镇党员干部中公开", frozenset({"org:qingxi"}), True, earliest=at(24))
    past = Stage("A1", "向社会公开", frozenset({"public"}), inner=False, earliest=at(-24))
    steps = earliest_steps([later, past], NOW)
    assert [step.opens_at for step in steps] == [at(24), at(24)]
    assert plan_obstacles([later, past], [], steps, NOW) == []


def test_a_time_that_has_passed_is_refused_but_a_minute_ago_is_now():
    assert plan_obstacles([PUBLIC], [], [Step("A1", opens_at=at(-2))], NOW) == [
        "“向社会公开”的时间已经过去。请选以后的时间，或者选“立即”。"
    ]
    just_now = NOW - timedelta(minutes=1)
    assert plan_obstacles([PUBLIC], [], [Step("A1", opens_at=just_now)], NOW) == []


def test_a_mistyped_year_is_refused():
    assert plan_obstacles([PUBLIC], [], [Step("A1", opens_at=at(24 * 4000))], NOW) == [
        "“向社会公开”的时间在十年以后。请看看年份是不是写错了。"
    ]


def test_a_plan_sealed_in_the_wrong_order_cannot_be_carried_out():
    steps = [Step("A1"), Step("A3")]
    assert plan_obstacles([PUBLIC, MEMBERS], [], steps, NOW) == [
        "封存的公开计划先党外后党内，不能照办。请更正公开计划，重新审核。"
    ]


def test_nothing_chosen_and_everything_wrong_are_said_at_once():
    assert plan_obstacles([PUBLIC], [], [], NOW) == ["还没有选公开范围。请至少选一步。"]
    steps = [Step("A9", opens_at=at(-2)), Step("A1", opens_at=at(-3))]
    assert len(plan_obstacles([PUBLIC], [Planned("A1", at(-5))], steps, NOW)) == 3


STAGES = st.permutations([MEMBERS, CHOSEN, PUBLIC]).flatmap(
    lambda stages: st.integers(1, 3).map(lambda count: stages[:count])
)
STEPS = st.lists(
    st.builds(
        Step,
        scope=st.sampled_from(["A1", "A3", "A4"]),
        opens_at=st.integers(0, 5).map(at),
    ),
    max_size=4,
)


@given(STAGES, STEPS)
def test_whatever_is_allowed_shows_members_before_the_public(stages, steps):
    if plan_obstacles(stages, [], steps, NOW):
        return
    opened = sorted(enumerate(steps), key=lambda pair: (pair[1].opens_at, pair[0]))
    scopes = [step.scope for _n, step in opened]
    assert scopes == [stage.scope for stage in stages[: len(scopes)]]
    if "A1" in scopes:
        inner = [stage.scope for stage in stages if stage.inner]
        assert all(scopes.index(scope) < scopes.index("A1") for scope in inner)
