"""Who comes: booked, waiting, moved, given up; arrived, heard, told, forgotten."""

from datetime import date, timedelta

import pytest
from django.core import mail
from django.db import IntegrityError, transaction
from tests.participation.meetings.conftest import WEDNESDAY, approved
from tests.participation.meetings.test_workflow import refused

from gongkai.foundation.core import clock, identifiers
from gongkai.foundation.ledger.models import Act
from gongkai.foundation.notices.models import Letter
from gongkai.participation.meetings import jobs, queries, visiting, workflow
from gongkai.participation.meetings.models import Booking, Reach
from gongkai.procedure.feedback import queries as feedback

pytestmark = pytest.mark.django_db

LI = {"name": "李某", "tel": "0000-1", "mail": ""}
MAIL = {"name": "王某", "tel": "", "mail": "wang@example.org"}


def booked(day, slot=None, **more):
    return visiting.book(day=day, persons=1, about="水渠什么时候修好", slot=slot, **more)


def held(day):
    """Who has which time, and who waits, oldest first."""
    return {each.slot: each.pk for each in queries.bookings(day) if each.slot}, [
        each.pk for each in queries.queue(day)
    ]


# -- booking ---------------------------------------------------------------------------------------


def test_a_booking_has_a_code_that_is_kept_nowhere(announced):
    day = announced()
    booking, code = booked(day, 2, contact=LI)
    assert (booking.slot, booking.state) == (2, "booked")
    assert len(identifiers.normalised(code)) == 16
    assert identifiers.normalised(code) not in str(Booking.objects.values().get())
    assert queries.by_receipt(code.lower()) == booking
    assert queries.by_receipt("QX7F-2M9D-41XC-8KTA") is None
    assert queries.reach(booking) == LI
    assert "李某".encode() not in bytes(Reach.objects.get().sealed)
    act = Act.objects.get(verb="reception.book")
    assert (act.actor_label, act.subject) == ("来访人", day.subject_name)
    assert act.facts == {"booking": booking.pk, "slot": 2, "persons": 1, "day": day.key}


def test_the_last_time_is_had_once_and_who_is_late_waits(announced):
    day = announced(slots=1)
    first, _ = booked(day, 1)
    second, _ = booked(day, 1)
    third, _ = booked(day)
    assert held(day) == ({1: first.pk}, [second.pk, third.pk])
    assert (queries.place(second), queries.place(third)) == (1, 2)
    with pytest.raises(IntegrityError), transaction.atomic():
        Booking.objects.filter(pk=second.pk).update(state="booked", slot=1)


def test_the_database_decides_who_has_the_time(announced, monkeypatch):
    """The second process looked before the first had committed."""
    day = announced(slots=1)
    first, _ = booked(day, 1)
    monkeypatch.setattr(queries, "free", lambda day, now: [1])
    second, _ = booked(day, 1)
    assert held(day) == ({1: first.pk}, [second.pk])


def test_while_others_are_free_who_is_late_chooses(announced):
    day = announced()
    booked(day, 1)
    assert refused(visiting.book, day=day, persons=1, about="低保", slot=1) == [
        "这个时段刚刚被别人约走了，还有别的时段。请另选一个。"
    ]
    assert booked(day)[0].slot == 2


def test_the_waiting_list_has_an_end(announced):
    day = announced(slots=1)
    for _number in range(6):
        booked(day)
    assert refused(visiting.book, day=day, persons=1, about="低保") == [
        "这一天都约满了，候补也满了。请另选一天，或者打电话问。"
    ]


def test_the_same_form_twice_is_one_booking_with_one_code(announced):
    day = announced()
    assert booked(day, 1, token="of-one-page") == booked(day, 1, token="of-one-page")
    assert Booking.objects.count() == 1


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"persons": 6}, "一起来最多5个人。人多的，请推选代表。"),
        ({"persons": 0}, "一起来最多5个人。人多的，请推选代表。"),
        ({"about": "\x07 \n"}, "请写几个字，想谈什么事。"),
        ({"about": "水" * 501}, "最多500个字，现在有501个。见面再细说。"),
        ({"slot": 4}, "没有这个时段。请另选一个。"),
        ({"slot": 0}, "没有这个时段。请另选一个。"),
    ],
)
def test_a_booking_that_cannot_be_says_why(announced, changes, said):
    given = {"day": announced(), "persons": 1, "about": "水渠", **changes}
    assert refused(visiting.book, **given) == [said]
    assert Booking.objects.count() == 0


def test_what_is_past_too_far_or_not_announced_cannot_be_booked(announced, planned, time_machine):
    far, day = announced(date(2026, 12, 30)), announced()
    (draft,) = planned(date(2026, 12, 2))
    ask = {"persons": 1, "about": "水渠"}
    assert refused(visiting.book, day=far, **ask) == ["这一天2026年11月30日起才可以预约。"]
    assert refused(visiting.book, day=draft, **ask) == ["这一天的接访已经过去了。请另选一天。"]
    time_machine.move_to(day.at(2))
    assert refused(visiting.book, day=day, slot=2, **ask) == ["这个时段已经过去了。请另选一个。"]
    assert visiting.book(day=day, **ask)[0].slot == 3
    time_machine.move_to(day.ends_at)
    assert refused(visiting.book, day=day, **ask) == ["这一天的接访已经过去了。请另选一天。"]


# -- moving and giving up --------------------------------------------------------------------------


def test_a_time_given_back_goes_to_who_has_waited_longest_and_they_are_told(announced):
    day = announced(slots=1)
    first, _ = booked(day, contact=LI)
    by_mail, _ = booked(day, contact=MAIL)
    by_call, _ = booked(day, contact=LI)
    visiting.give_up(booking=first)
    assert held(day) == ({1: by_mail.pk}, [by_call.pk])
    assert Reach.objects.filter(booking=first).count() == 0
    assert Letter.objects.get().origin == "reception"
    visiting.give_up(booking=by_mail)
    by_call.refresh_from_db()
    assert (by_call.slot, by_call.untold) == (1, True)
    assert refused(visiting.give_up, booking=first) == ["这个预约现在是“已退”，不能再改。"]


def test_moving_keeps_the_code_and_gives_the_old_time_back(announced):
    day, other = announced(slots=1), announced(date(2026, 12, 2), slots=1)
    first, code = booked(day, contact=LI)
    waiting, _ = booked(day)
    moved = visiting.move(booking=first, day=other)
    assert queries.by_receipt(code) == moved
    assert (held(day), held(other)) == (({1: waiting.pk}, []), ({1: first.pk}, []))
    assert Reach.objects.get().destroy_on == date(2027, 1, 1)
    assert refused(visiting.move, booking=moved, day=other, slot=1) == [
        "约的就是这个时段，不用改。"
    ]
    waits = visiting.move(booking=waiting, day=other)
    assert waits.waits
    assert refused(visiting.move, booking=waits, day=other) == [
        "这一天没有空的时段，您还在候补里，名次不变。"
    ]


def test_when_the_day_falls_out_who_booked_is_told_and_moves(announced, who):
    day, other = announced(), announced(date(2026, 12, 2))
    by_mail, _ = booked(day, contact=MAIL)
    by_call, _ = booked(day, contact=LI)
    unreachable, _ = booked(day)
    workflow.cancel(day=day, officer=who("党政办主任"), text="防汛")
    untold = {each.pk: each.untold for each in Booking.objects.all()}
    assert untold == {by_mail.pk: False, by_call.pk: True, unreachable.pk: False}
    assert Letter.objects.count() == 1
    by_call.refresh_from_db()
    assert visiting.move(booking=by_call, day=other).untold is False
    assert refused(visiting.book, day=day, persons=1, about="水渠") == [
        "这一天的接访已经取消了。请另选一天。"
    ]


def test_of_a_change_who_booked_is_told_and_more_times_reach_who_waits(announced, who, wanted):
    day = announced(slots=1)
    booked(day, contact=MAIL)
    waiting, _ = booked(day)
    workflow.change(day=day, officer=who("党政办主任"), wanted=wanted(slots=2), reason="来的人多")
    approved(day, who)
    waiting.refresh_from_db()
    assert (waiting.state, waiting.slot, Letter.objects.count()) == ("booked", 2, 1)


# -- the day ---------------------------------------------------------------------------------------


def test_the_day_from_arrival_to_a_case(announced, who, time_machine):
    day = announced()
    booking, _ = booked(day, 1, contact=LI)
    office = who("党政办主任")
    assert refused(visiting.arrive, booking=booking, officer=office) == [
        "2026年11月25日才接访。到那一天再登记谁来了。"
    ]
    time_machine.move_to(day.at(1))
    hear = {"officer": office, "text": "水渠漏水", "show": True, "category": "FW"}
    assert refused(visiting.hear, booking=booking, **hear) == ["请先登记这一位到了。"]
    visiting.stay_away(booking=booking, officer=office)
    visiting.arrive(booking=booking, officer=office)
    assert refused(visiting.hear, booking=booking, **{**hear, "category": "??"}) == [
        "还没有选是哪一类的事。"
    ]
    assert refused(visiting.hear, booking=booking, **hear, promise="修") == [
        "答应了什么、哪一天以前办，要一起写；没有答应就都空着。"
    ]
    late = {"promise": "修", "promise_by": date(2026, 11, 24)}
    assert refused(visiting.hear, booking=booking, **hear, **late) == [
        "答应的日期不能早于接访那一天。"
    ]
    case, code = visiting.hear(booking=booking, **hear)
    assert (case.kind, case.text, case.show) == ("visit", "水渠漏水", True)
    assert feedback.by_receipt(code) == case
    assert feedback.contact_of(case) == {"name": "李某", "tel": "0000-1"}
    assert Reach.objects.count() == 0
    assert refused(visiting.hear, booking=booking, **hear) == ["这一位说的事已经登记过了。"]
    assert refused(visiting.stay_away, booking=booking, officer=office) == [
        "这一位说的事已经登记成办件，不能再改。"
    ]


def test_who_comes_without_a_booking_takes_a_free_time_or_stands_behind(
    announced, who, time_machine
):
    day = announced(slots=1)
    booked(day)
    office = who("党政办主任")
    asked = {"day": day, "officer": office, "about": "低保"}
    time_machine.move_to(day.at(1))
    assert refused(visiting.walk_in, **asked, persons=6) == [
        "一起来最多5个人。人多的，请推选代表。"
    ]
    added, _ = visiting.walk_in(**asked, persons=2, contact=LI)
    assert (added.slot, added.state, added.walk_in) == (None, "arrived", True)
    assert [each.walk_in for each in queries.bookings(day)] == [False, True]
    assert refused(visiting.walk_in, **{**asked, "officer": who("组织干事")}, persons=1) == [
        "“分办意见”要由党政办主任来办。"
    ]


# -- what falls due --------------------------------------------------------------------------------


def test_a_reminder_goes_once_to_who_left_an_address(announced, time_machine):
    day = announced()
    booked(day, contact=MAIL)
    booked(day, contact=LI)
    tuesday = day.at(1) - timedelta(hours=20)
    assert jobs.remind(tuesday - timedelta(days=1)) == 0
    time_machine.move_to(tuesday)
    assert [jobs.remind(tuesday), jobs.remind(tuesday)] == [1, 0]
    booked(day, contact=MAIL)
    assert jobs.remind(tuesday + timedelta(hours=1)) == 0
    assert jobs.remind(day.at(1)) == 0
    assert Act.objects.filter(verb="reception.remind").count() == 1


def test_how_to_reach_visitors_is_destroyed_on_the_charters_day(announced):
    day = announced()
    booking, _ = booked(day, contact=LI)
    end = day.at(1) + timedelta(days=30)
    assert jobs.destroy_reaches(end - timedelta(days=1)) == 0
    assert [jobs.destroy_reaches(end), jobs.destroy_reaches(end)] == [1, 0]
    assert queries.reach(booking) == {}
    assert Act.objects.get(verb="reception.destroy").facts == {"due": "2026-12-25", "day": day.key}


def test_letters_hold_no_code_and_no_matter(announced, settings, qingxi_mail):
    day = announced(slots=1)
    first, code = booked(day)
    booked(day, contact=MAIL, language="en")
    visiting.give_up(booking=first)
    (letter,) = qingxi_mail()
    assert letter.to == ["wang@example.org"]
    assert letter.subject.endswith("you have a time now")
    assert "25 November 2026" in letter.body
    assert f"{settings.OFFICE_URL}/say/reception/status/" in letter.body
    assert code not in letter.body
    assert "水渠" not in letter.body


@pytest.fixture
def qingxi_mail():
    """The letters that wait, as a mail server would get them."""
    from gongkai.foundation.notices.workflow import message

    mail.outbox = []
    return lambda: [message(letter) for letter in Letter.objects.order_by("pk")]


def test_the_lists_cost_the_same_at_one_day_and_at_three(
    announced, township, django_assert_num_queries
):
    announced()
    for more in ((), (date(2026, 12, 2), date(2026, 12, 9))):
        for on in more:
            booked(announced(on))
        with django_assert_num_queries(1):
            found = list(queries.recent(township, WEDNESDAY))
    assert [(each.taken, each.waiting) for each in found] == [(0, 0), (1, 0), (1, 0)]


# -- letters that did not arrive -------------------------------------------------------------------

BOTH = {"name": "王某", "tel": "0000-2", "mail": "wang@example.org"}


def given_up(trouble):
    """The mail server has had enough of every letter that waits."""
    Letter.objects.update(given_up_at=clock.now(), trouble=trouble, content={})
    jobs.settle_letters(clock.now())
    assert Letter.objects.count() == 0


@pytest.mark.parametrize("trouble", ["recipient", "unreachable"])
def test_whose_letter_did_not_arrive_is_known_at_the_booking(announced, who, wanted, trouble):
    day = announced(slots=2)
    by_both, _code = booked(day, contact=BOTH)
    workflow.change(day=day, officer=who("党政办主任"), wanted=wanted(slots=3), reason="来的人多")
    approved(day, who)
    given_up(trouble)
    by_both.refresh_from_db()
    assert (by_both.unreached_on, by_both.untold) == (date(2026, 11, 23), True)
    act = Act.objects.get(verb="reception.unreached")
    assert act.facts == {"booking": by_both.pk, "slot": 1, "persons": 1, "day": day.key}


def test_a_reminder_that_did_not_arrive_asks_nobody_to_telephone(announced, time_machine):
    day = announced()
    booking, _code = booked(day, contact=BOTH)
    time_machine.move_to(day.at(1) - timedelta(hours=20))
    jobs.remind(clock.now())
    given_up("recipient")
    booking.refresh_from_db()
    assert (booking.unreached_on, booking.untold) == (date(2026, 11, 24), False)


def test_a_report_names_its_booking_by_the_letters_own_name(announced, qingxi_mail):
    day = announced(slots=1)
    first, _code = booked(day)
    booking, _code = booked(day, contact=MAIL)
    visiting.give_up(booking=first)
    (letter,) = qingxi_mail()
    word = letter.extra_headers["Message-ID"].split(".")[1]
    assert visiting.returned(word=word[:-1] + "~") is False
    assert visiting.returned(word=word) is True
    booking.refresh_from_db()
    assert booking.unreached_on == date(2026, 11, 23)


def test_letters_that_wait_go_with_how_to_reach_them(announced):
    day = announced(slots=1)
    first, _code = booked(day)
    _booking, _code = booked(day, contact=MAIL)
    visiting.give_up(booking=first)
    assert Letter.objects.count() == 1
    visiting.destroy_reach(reach=Reach.objects.get())
    assert Letter.objects.count() == 0
