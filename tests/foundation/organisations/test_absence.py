"""Who is away, who acts for them, and what a deputy does not become."""

from datetime import date, timedelta

import pytest
from click.testing import CliRunner
from django.db import IntegrityError, transaction

from gongkai.foundation.core.errors import Refused
from gongkai.foundation.ledger.models import Act
from gongkai.foundation.ledger.workflow import SYSTEM
from gongkai.foundation.organisations import commands, queries, workflow
from gongkai.foundation.organisations.models import Absence, Tenure
from gongkai.foundation.organisations.states import AbsenceKind


@pytest.fixture
def today(qingxi) -> date:
    return queries.today(qingxi)


@pytest.fixture
def away(qingxi, today):
    """``away("secretary", "deputy", days=3)``: the first is away from today, the second acts."""

    def register(post, deputy, *, days=3, starts=0, by=SYSTEM):
        since = today + timedelta(days=starts)
        return workflow.register_absence(
            tenure=Tenure.objects.get(post=queries.post(qingxi, post), until=None),
            deputy=queries.post(qingxi, deputy),
            since=since,
            until=since + timedelta(days=days - 1),
            kind=AbsenceKind.TRIP,
            by=by,
        )

    return register


def refused(verb, *given, **named) -> list[str]:
    with pytest.raises(Refused) as refusal:
        verb(*given, **named)
    return refusal.value.obstacles


def test_a_deputy_acts_by_the_post_and_has_none_of_its_rights(away, deputy, secretary, today):
    away("secretary", "deputy", by=secretary)
    acting = queries.officer_of(deputy.member, today)
    (capacity,) = acting.deputising
    assert (capacity.name, capacity.absent) == ("党委书记（党委副书记代）", secretary.member)
    assert [each.name for each in acting.capacities(["secretary"])] == [capacity.name]
    assert [each.name for each in acting.capacities(["secretary", "deputy"])] == ["党委副书记"]
    assert (acting.rights, acting.holds("secretary")) == (deputy.rights, False)
    act = Act.objects.get(verb="post.away")
    assert (act.actor_label, act.subject_label, act.facts["deputy"]) == (
        "党委书记",
        "党委书记",
        "党委副书记",
    )


def test_it_is_over_by_itself_after_its_last_day(away, deputy, today):
    away("secretary", "deputy", days=2)
    for days, acts in ((-1, False), (0, True), (1, True), (2, False)):
        officer = queries.officer_of(deputy.member, today + timedelta(days=days))
        assert bool(officer.deputising) is acts


def test_it_ends_with_the_tenure_and_with_the_deputys(away, qingxi, deputy, party_member, today):
    away("secretary", "deputy", days=9)
    tomorrow = today + timedelta(days=1)
    workflow.hand_over(post=queries.post(qingxi, "deputy"), to=party_member, on=tomorrow, by=SYSTEM)
    assert queries.officer_of(deputy.member, tomorrow).deputising == ()
    assert len(queries.officer_of(party_member, tomorrow).deputising) == 1
    workflow.hand_over(
        post=queries.post(qingxi, "secretary"), to=deputy.member, on=tomorrow, by=SYSTEM
    )
    assert queries.officer_of(party_member, tomorrow).deputising == ()


def test_nobody_deputises_for_a_deputy(away, youth, finance, today):
    away("secretary", "youth")
    assert refused(away, "youth", "finance")[0].startswith("“团委书记”")
    assert "代行不能再转给别人" in refused(away, "youth", "finance")[0]
    assert "自己外出，不能代行" in refused(away, "finance", "secretary")[0]
    assert queries.officer_of(finance.member, today).deputising == ()


def test_nobody_deputises_for_themselves(away, qingxi, secretary, today):
    post = queries.post(qingxi, "youth")
    workflow.hand_over(post=post, to=secretary.member, on=today, by=SYSTEM)
    assert refused(away, "secretary", "youth") == ["“团委书记”也由本人担任，不能代行。请另选。"]
    assert refused(away, "secretary", "secretary") == ["代行的要是另一个岗位。"]


def test_only_the_holder_and_the_administrator_register_it(away, youth, secretary, office):
    assert refused(away, "secretary", "deputy", by=youth) == [
        "您今天的岗位不管登记。请找“党政办主任”。"
    ]
    away("secretary", "deputy", by=office)
    away("youth", "finance", by=youth)
    assert Absence.objects.count() == 2


def test_no_day_is_registered_afterwards_and_none_without_end(away):
    assert refused(away, "secretary", "deputy", starts=-1) == [
        "已经过去的日子不能补登。请从今天或者以后的日子起。"
    ]
    assert refused(away, "secretary", "deputy", days=0) == ["最后一天不能早于第一天。请改日期。"]
    assert refused(away, "secretary", "deputy", days=400) == [
        "一次最多登记366天。离开更久的，请移交岗位。"
    ]
    away("secretary", "deputy", days=3)
    (obstacle,) = refused(away, "secretary", "discipline", starts=2)
    assert obstacle.startswith("“党委书记”已经登记")


def test_who_is_back_early_acts_alone_again(away, deputy, secretary, today):
    absence = away("secretary", "deputy")
    workflow.end_absence(absence=absence, by=secretary)
    assert queries.officer_of(deputy.member, today).deputising == ()
    assert refused(workflow.end_absence, absence=absence, by=secretary) == [
        "没有这次外出，可能刚有人改过。请看最新的情况。"
    ]
    begun = away("secretary", "deputy")
    Absence.objects.filter(pk=begun.pk).update(since=today - timedelta(days=1))
    workflow.end_absence(absence=begun, by=SYSTEM)
    assert Absence.objects.get().until == today - timedelta(days=1)


def test_the_database_wants_its_end_after_its_beginning(away, today):
    absence = away("secretary", "deputy")
    with pytest.raises(IntegrityError), transaction.atomic():
        Absence.objects.filter(pk=absence.pk).update(until=today - timedelta(days=1))


def test_leaving_takes_an_absence_that_never_was_along(away, youth, today):
    away("youth", "finance")
    workflow.leave(member=youth.member, on=date(2020, 1, 1), by=SYSTEM)
    assert Absence.objects.count() == 0


def test_the_page_shows_who_is_away_and_registers_oneself_alone(
    away, signed_in, youth, qingxi, today
):
    away("secretary", "deputy")
    desk = signed_in(youth)
    shown = desk.get("/desk/posts/absences/")
    assert [(each.tenure.post.key, may) for each, may in shown.context["away"]] == [
        ("secretary", False)
    ]
    assert [each.post.key for each in shown.context["form"].fields["tenure"].queryset] == ["youth"]
    filled = {
        "tenure": Tenure.objects.get(post__key="youth", post__organisation=qingxi).pk,
        "deputy": queries.post(qingxi, "finance").pk,
        "kind": "study",
        "since": today.isoformat(),
        "until": today.isoformat(),
    }
    assert desk.post("/desk/posts/absences/", filled).status_code == 302
    again = desk.post("/desk/posts/absences/", filled)
    assert (again.status_code, len(again.context["form"].non_field_errors())) == (422, 1)
    made = Absence.objects.get(tenure__post__key="youth")
    assert desk.post(f"/desk/posts/absences/{made.pk}/back/").status_code == 302
    others = Absence.objects.get()
    assert desk.post(f"/desk/posts/absences/{others.pk}/back/").status_code == 422


def test_the_command_registers_and_ends_it(qingxi, today):
    run = CliRunner().invoke
    until = (today + timedelta(days=2)).isoformat()
    given = ["away", "secretary", "--deputy", "deputy", "--until", until, "--org", "qingxi"]
    assert run(commands.members, given, catch_exceptions=False).output.startswith(
        "已登记：“党委书记”"
    )
    done = run(commands.members, ["back", "secretary", "--org", "qingxi"], catch_exceptions=False)
    assert done.output == "已登记：“党委书记”不再外出，代行结束。\n"
    assert Absence.objects.count() == 0
    with pytest.raises(Refused):
        run(commands.members, ["back", "secretary", "--org", "qingxi"], catch_exceptions=False)
