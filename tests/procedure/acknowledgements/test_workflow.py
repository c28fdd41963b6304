"""Who is asked, who may confirm, what a correction, a withdrawal and the years do to it."""

from datetime import UTC, date, datetime

import pytest
from django.core import mail
from tests.procedure.acknowledgements.conftest import MONDAY, asked
from tests.procedure.editions import disclosure_of, log, opened, planned, sealed, verbs

from gongkai.foundation.core.errors import Refused
from gongkai.foundation.ledger.models import Act
from gongkai.foundation.ledger.workflow import SYSTEM
from gongkai.foundation.organisations import workflow as organisations
from gongkai.foundation.organisations.models import Account, Member
from gongkai.procedure.acknowledgements import jobs, queries, rules, workflow
from gongkai.procedure.acknowledgements.models import Acknowledgement, Circular
from gongkai.procedure.catalogue.queries import charter_of
from gongkai.procedure.publication import workflow as publication

__all__ = ["log"]
pytestmark = pytest.mark.django_db

TODAY = date(2026, 11, 23)
GONE = ["这一版已经更正或者撤回。请看最新的情况。"]


def confirm(member, edition):
    address = edition.disclosure.address
    return workflow.confirm(member=member, address=address, digest=edition.digest)


def numbers(edition, today=TODAY):
    """How many of an edition were asked, have confirmed, owe it, are excused."""
    of = queries.readings(edition.disclosure, today)
    one = next(each for each in of if each.circular.edition_id == edition.pk)
    return one.asked_count, one.confirmed_count, len(one.owed), len(one.excused)


def corrected(edition, organiser):
    draft = publication.correct(
        disclosure=edition.disclosure, officer=organiser, note="金额写错了。", privacy=False
    )
    return sealed(edition.disclosure, draft=draft, plan=planned("A3", "A1"))


# -- who is asked ----------------------------------------------------------------------------------


def test_asked_is_who_holds_a_key_on_the_day_it_opens(circulated, shiqiao, party_member):
    edition = circulated()
    ours = Member.objects.exclude(organisation=shiqiao)
    assert asked(edition) == set(ours.values_list("name", flat=True))
    late = organisations.make_member(
        organisation=edition.disclosure.organisation, name="后来的人", party=True, by=SYSTEM
    )
    assert jobs.ask(MONDAY) == 0
    row = Acknowledgement.objects.first()
    assert (row.asked_on, row.due_on) == (TODAY, date(2026, 11, 30))
    with pytest.raises(Refused) as refusal:
        confirm(late, edition)
    assert refusal.value.obstacles == ["这一件没有请您确认阅读。"]


def test_a_body_asks_its_own_members_and_those_below(township, shiqiao):
    village = set(Member.objects.filter(organisation=shiqiao))
    ours = set(Member.objects.exclude(organisation=shiqiao))
    assert set(queries.asked_by(township, ["party"], TODAY)) == ours
    shiqiao.parent = township
    shiqiao.save()
    assert set(queries.asked_by(shiqiao, ["party"], TODAY)) == village
    assert set(queries.asked_by(township, ["party"], TODAY)) == ours | village


def test_each_is_asked_once_for_an_edition_and_nobody_by_the_public(circulated, township):
    leaders = {"scope": "A4", "keys": ["group:qingxi/leading"], "opens": ""}
    edition = circulated("A4", "A3", "A1", plan=[leaders, *planned("A3", "A1")])
    assert numbers(edition)[0] == Member.objects.count()
    acts = Act.objects.filter(verb="reading.ask").order_by("pk").values_list("facts", flat=True)
    seated = queries.asked_by(township, leaders["keys"], TODAY).count()
    assert [each["asked"] for each in acts] == [seated, Member.objects.count() - seated]


def test_nobody_is_asked_where_the_entry_does_not_ask(circulated, township):
    edition = circulated(disclosure=disclosure_of(township, "JC-07"))
    assert queries.readings(edition.disclosure, TODAY) == []


# -- confirming ------------------------------------------------------------------------------------


def test_a_second_click_changes_nothing_and_no_act_names_the_reader(
    circulated, party_member, time_machine
):
    edition = circulated()
    first = confirm(party_member, edition)
    time_machine.move_to(datetime(2026, 11, 24, 1, tzinfo=UTC), tick=False)
    assert confirm(party_member, edition).confirmed_at == first.confirmed_at == MONDAY
    count = Member.objects.count()
    assert numbers(edition) == (count, 1, count - 1, 0)
    assert verbs(edition.disclosure.address) == ["release.plan", "release.open", "reading.ask"]
    assert not Act.objects.filter(actor__contains=party_member.key).exists()


def test_who_lost_the_last_key_neither_confirms_nor_owes(circulated, party_member):
    edition = circulated()
    organisations.leave(member=party_member, on=TODAY, by=SYSTEM)
    party_member.refresh_from_db()
    with pytest.raises(Refused) as refusal:
        confirm(party_member, edition)
    assert refusal.value.obstacles == GONE
    count = Member.objects.count()
    assert numbers(edition) == (count, 0, count - 1, 1)


def test_a_correction_asks_again_and_ends_the_earlier_edition(
    circulated, party_member, organiser, log
):
    first = circulated()
    confirm(party_member, first)
    second = corrected(first, organiser)
    count = Member.objects.count()
    assert numbers(first) == (count, 1, count - 1, 0)  # until the correction opens
    opened(second, "A3")
    log()
    jobs.ask(MONDAY)
    assert numbers(first) == (count, 1, 0, count - 1)
    assert numbers(second) == (count, 0, count, 0)
    with pytest.raises(Refused) as refusal:
        confirm(organiser.member, first)
    assert refusal.value.obstacles == GONE
    confirm(party_member, second)
    assert numbers(second) == (count, 1, count - 1, 0)


def test_a_withdrawal_ends_it_and_nobody_is_reminded(circulated, secretary, log):
    edition = circulated()
    publication.withdraw(disclosure=edition.disclosure, officer=secretary, reason="有误。")
    log()
    assert numbers(edition)[2:] == (0, Member.objects.count())
    with pytest.raises(Refused) as refusal:
        confirm(secretary.member, edition)
    assert refusal.value.obstacles == GONE
    assert jobs.remind(datetime(2026, 12, 1, 1, tzinfo=UTC)) == 0


# -- who sees --------------------------------------------------------------------------------------


def test_only_the_responsible_posts_see_names(circulated, officer, shiqiao, township):
    edition = circulated()
    charter = charter_of(township)[1]
    posts = [post.name for post in charter.posts]
    seeing = {
        name for name in posts if rules.may_see_names(officer(name), edition.disclosure, charter)
    }
    head = next(each.head for each in charter.departments if each.name == "党政综合办公室")
    proposing = {
        post.name
        for post in charter.posts
        if post.department == "党政综合办公室" and "propose" in post.rights
    }
    assert seeing == proposing | {charter.post(head).name}
    assert not rules.may_see_names(officer("村文书", shiqiao), edition.disclosure, charter)


@pytest.mark.parametrize("many", [1, 3])
def test_the_list_costs_the_same_for_one_and_three(
    many, circulated, township, django_assert_num_queries
):
    for n in range(many):
        organisations.make_member(organisation=township, name=f"成员{n}", party=True, by=SYSTEM)
    edition = circulated()
    with django_assert_num_queries(6):
        numbers(edition)


# -- time ------------------------------------------------------------------------------------------


def test_the_morning_after_the_last_day_one_letter_reminds_of_all(
    circulated, party_member, organiser, settings, time_machine
):
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    for n, member in enumerate((party_member, organiser.member)):
        account = Account.objects.create(username=f"u{n}", email=f"{n}@example.org")
        Member.objects.filter(pk=member.pk).update(account=account)
    editions = [circulated(), circulated()]
    for edition in editions:
        confirm(organiser.member, edition)
    for at, letters in [
        (datetime(2026, 11, 30, 1, tzinfo=UTC), 0),
        (datetime(2026, 11, 30, 23, 59, tzinfo=UTC), 0),  # 7:59 of the day after
        (datetime(2026, 12, 1, 0, tzinfo=UTC), 1),
        (datetime(2026, 12, 2, 1, tzinfo=UTC), 0),
    ]:
        time_machine.move_to(at, tick=False)
        assert jobs.remind(at) == letters, at
    [letter] = mail.outbox
    assert letter.to == ["0@example.org"]
    assert letter.subject == "中共青溪镇委员会：2件内容请您阅读并确认"
    assert all(edition.disclosure.address in letter.body for edition in editions)
    assert "水利" not in letter.subject + letter.body
    assert Act.objects.get(verb="reading.remind").facts == {"items": 2, "letters": 1}


def test_names_go_on_their_day_and_the_count_stays(circulated, party_member):
    edition = circulated()
    confirm(party_member, edition)
    count = Member.objects.count()
    assert jobs.destroy_names(datetime(2027, 5, 21, 15, 59, tzinfo=UTC)) == 0
    assert jobs.destroy_names(datetime(2027, 5, 21, 16, 0, tzinfo=UTC)) == 1
    assert jobs.destroy_names(datetime(2027, 5, 21, 16, 0, tzinfo=UTC)) == 0
    assert Acknowledgement.objects.count() == 0
    assert numbers(edition) == (count, 1, 0, 0)
    circular = Circular.objects.get()
    assert (circular.asked, circular.confirmed) == (count, 1)
    assert Act.objects.get(verb="reading.destroy").facts == {
        "edition": 1, "asked": count, "confirmed": 1,
    }  # fmt: skip
    queries.Cursor.objects.all().delete()
    assert jobs.ask(MONDAY) == 0
