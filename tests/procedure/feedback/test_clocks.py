"""The clocks of voices by kind: petitions, extensions, pauses; the sum is the engine's."""

from datetime import date, timedelta

import pytest
import time_machine
from django.core import mail
from django.db import IntegrityError, transaction
from tests.procedure.editions import MONDAY
from tests.procedure.feedback.test_workflow import assigned, drafted, received

from gongkai.foundation.core.deadlines import UNKNOWN
from gongkai.foundation.core.errors import Refused
from gongkai.foundation.ledger.models import Act
from gongkai.foundation.ledger.workflow import SYSTEM
from gongkai.foundation.organisations import workflow as organisations
from gongkai.procedure.catalogue import workflow as catalogue
from gongkai.procedure.catalogue.charter import parse, sample
from gongkai.procedure.catalogue.queries import charter_of
from gongkai.procedure.catalogue.voices import KINDS
from gongkai.procedure.feedback import clocks, jobs, pages, promises, queries, workflow
from gongkai.procedure.feedback.models import Case, Pause
from gongkai.procedure.feedback.states import CaseKind
from gongkai.procedure.feedback.workflow import Intake

DAY = timedelta(days=1)
WAIT = {"reason": "sender", "text": "请您写明是哪一户。"}


def taken(township, who, kind="letter", **more):
    """A letter that the office took down."""
    return received(township, kind=kind, intake=Intake(who("党政办主任"), **more))[0]


def refused(verb, **given):
    with pytest.raises(Refused) as refusal:
        verb(**given)
    return refusal.value.obstacles


def test_the_charter_knows_every_kind():
    assert set(KINDS) == set(CaseKind.values)


@pytest.mark.parametrize(
    ("kind", "rule", "term"),
    [
        ("opinion", "", "5 workdays"),
        ("topic", "", "3 workdays"),
        ("hotline", "", "5 workdays"),
        ("hotline", "hotline_workdays = 2", "2 workdays"),
        ("question", "question_workdays = 10", "10 workdays"),
        ("book", "book_workdays = 7", "7 workdays"),
        ("letter", "", "15 days"),
        ("visit", "petition_notice_days = 10", "10 days"),
    ],
)
def test_every_kind_has_its_own_limit(kind, rule, term):
    charter = parse(sample("township").replace("[voices]\n", f"[voices]\n{rule}\n"))
    found = promises.term(charter, kind)
    assert f"{found.length} {found.unit}" == term


@pytest.mark.django_db
def test_a_letter_is_told_in_fifteen_days_and_answered_in_sixty_after_that(township, who):
    with time_machine.travel(MONDAY):
        case = taken(township, who)
    assert (case.promised_on, case.every_day) == (date(2026, 12, 8), True)
    with time_machine.travel(MONDAY + 10 * DAY):
        case = clocks.accept(case=case, officer=who("党政办主任"))
    assert (case.accepted_on, case.promised_on) == (date(2026, 12, 3), date(2027, 2, 1))
    with time_machine.travel(MONDAY + 20 * DAY):
        case = clocks.extend(case=case, officer=who("党委副书记"), reason="要等检测结果。")
    assert case.promised_on == date(2027, 3, 3)
    assert promises.of(case).sentence().startswith("12月3日起算，次日起90日：")
    acts = Act.objects.filter(verb__startswith="case.").order_by("pk")
    assert [act.facts["promised_on"] for act in acts] == [
        "2026-12-08",
        "2027-02-01",
        "2027-03-03",
    ]
    with time_machine.travel(MONDAY + 21 * DAY):
        assert refused(clocks.accept, case=case, officer=who("党政办主任")) == [
            "这一件已经告知受理了。"
        ]
        assert refused(clocks.extend, case=case, officer=who("党委副书记"), reason="再等。") == [
            "这一件已经延长过一次，不能再延长。"
        ]


@pytest.mark.django_db
def test_a_letter_that_came_earlier_counts_from_its_day(township, who):
    with time_machine.travel(MONDAY):
        case = taken(township, who, received_on=date(2026, 11, 20))
        assert case.promised_on == date(2026, 12, 5)
        for day in (date(2026, 11, 24), date(2025, 11, 1)):
            with pytest.raises(Refused) as refusal:
                taken(township, who, received_on=day)
            assert refusal.value.obstacles == ["收到的日子不能晚于今天，也不能早于一年以前。"]


@pytest.mark.django_db
def test_a_letter_is_not_answered_before_it_is_taken_up_unless_it_is_not(township, who):
    case = taken(township, who)
    assigned(case, who)
    answer = {"case": case, "officer": who("财政所长"), "text": "已修。"}
    assert refused(workflow.answer, **answer, outcome="done") == [
        "来信来访要先告知受理，再答复。不予受理的，办理结果选不能办或者转告。"
    ]
    assert refused(workflow.answer, **answer, outcome="elsewhere") == ["请写明转告了哪个单位。"]
    written = workflow.answer(**answer, outcome="elsewhere", passed_to=" 县水利局\n")
    assert written.passed_to == "县水利局"


@pytest.mark.django_db
def test_an_extension_is_a_second_persons_and_in_time(township, who):
    with time_machine.travel(MONDAY):
        case = received(township)[0]
        assigned(case, who)
    ask = {"case": case, "reason": "要等检测结果。"}
    with time_machine.travel(MONDAY):
        assert refused(clocks.extend, **ask, officer=who("财政所长")) == [
            "“审定答复”要由党委副书记、纪委副书记来办。",
            "这一件由您的岗位答复，请另一位有审定权的人批准延长。",
        ]
    with time_machine.travel(MONDAY + 8 * DAY):
        assert refused(clocks.extend, **ask, officer=who("党委副书记")) == [
            "已经过了答应的日子，不能再延长。请尽快答复。"
        ]
        assert refused(clocks.extend, case=case, reason=" ", officer=who("党委副书记")) == [
            "已经过了答应的日子，不能再延长。请尽快答复。",
            "请写明为什么要延长，来信的人会看到。",
        ]
    with time_machine.travel(MONDAY + DAY):
        case = clocks.extend(**ask, officer=who("党委副书记"))
    assert (case.extension, case.promised_on) == (5, date(2026, 12, 7))


@pytest.mark.django_db
def test_a_clock_stands_still_for_the_charters_reasons_alone(township, who):
    with time_machine.travel(MONDAY):
        case = received(township)[0]
        assigned(case, who)
    clerk = {"case": case, "officer": who("党政办主任")}
    with time_machine.travel(MONDAY + DAY):
        assert refused(clocks.stop, **clerk, reason="holiday", text="") == [
            "请选一个实施办法写明的理由：等您补充情况、等有资质的机构检测或者鉴定。",
            "请写明在等什么，来信的人会看到。",
        ]
        assert refused(clocks.stop, case=case, officer=who("财政所长"), **WAIT) == [
            "“分办意见”要由党政办主任来办。"
        ]
        clocks.stop(**clerk, **WAIT)
        case.refresh_from_db()
        assert (case.promised_on, case.promised) == (UNKNOWN, None)
        assert promises.of(case).sentence() == (
            "11月23日起算，次日起5个工作日：24日。现在暂停计算，还有4个工作日。"
        )
        assert refused(clocks.stop, **clerk, **WAIT) == ["这一件的计时没有在走，不用暂停。"]
        answer = {"officer": who("财政所长"), "text": "好。", "outcome": "done"}
        assert refused(workflow.answer, case=case, **answer) == [
            "这一件的计时停着。请先恢复计时，再答复。"
        ]
    with time_machine.travel(MONDAY + 4 * DAY):
        case = clocks.resume(case=case, officer=who("财政所长"))
        assert refused(clocks.resume, **clerk) == ["这一件的计时没有停着。"]
    assert case.promised_on == date(2026, 12, 2)
    assert "25日、26日暂停计算，不算。" in promises.of(case).sentence()


@pytest.mark.django_db
def test_a_pause_ends_by_itself_on_the_day_that_was_said(township, who):
    holder = who("财政所长").member
    account = organisations.make_account(member=holder, username="财政", by=SYSTEM)
    account.email = "finance@example.org"
    account.save()
    with time_machine.travel(MONDAY):
        case, code = received(township)
        assigned(case, who)
        clerk = {"case": case, "officer": who("党政办主任")}
        assert refused(clocks.stop, **clerk, **WAIT, until=MONDAY.date()) == [
            "自己恢复计时的日子最早是明天。"
        ]
        clocks.stop(**clerk, **WAIT, until=date(2026, 11, 26))
        waits = pages.progress(queries.by_receipt(code), code)["clock"].waits
        assert waits.endswith("最晚2026年11月26日接着计时。")
    assert jobs.end_pauses(MONDAY + 2 * DAY) == 0
    late = MONDAY + 5 * DAY  # the tick was down: the day that was said counts, not this one
    with time_machine.travel(late):
        assert [jobs.end_pauses(late) for _visit in range(2)] == [1, 0]
    case.refresh_from_db()
    assert (promises.pauses(case)[0].resumed_on, case.promised_on) == (
        date(2026, 11, 26),
        date(2026, 12, 2),
    )
    act = Act.objects.get(verb="case.resume")
    assert (act.actor_label, act.facts["promised_on"]) == (SYSTEM.label, "2026-12-02")
    [letter] = mail.outbox
    assert letter.to == ["finance@example.org"]
    assert "意见2026-1暂停到期，接着计时，最晚2026年12月2日答复。" in letter.body


@pytest.mark.django_db
def test_a_charter_may_limit_how_long_a_clock_stands_still(township, who):
    source = charter_of(township)[0].source.replace(
        'key = "sender"', 'key = "sender"\nmost_days = 10'
    )
    catalogue.apply(source=source, by=SYSTEM)
    with time_machine.travel(MONDAY):
        clerk = {"case": received(township)[0], "officer": who("党政办主任")}
        assert refused(clocks.stop, **clerk, **WAIT, until=date(2026, 12, 4)) == [
            "这个理由最多停到2026年12月3日。请选早一些的日子。"
        ]
        assert clocks.stop(**clerk, **WAIT).ends_on == date(2026, 12, 3)


@pytest.mark.django_db
def test_a_clock_stopped_and_resumed_at_once_loses_no_day(township, who):
    with time_machine.travel(MONDAY):
        case = received(township)[0]
        clocks.stop(case=case, officer=who("党政办主任"), **WAIT)
        assert clocks.resume(case=case, officer=who("党政办主任")).promised_on == date(2026, 11, 30)


@pytest.mark.django_db
def test_the_table_holds_one_open_pause(township, who):
    case = received(township)[0]
    clocks.stop(case=case, officer=who("党政办主任"), **WAIT)
    with pytest.raises(IntegrityError), transaction.atomic():
        Pause.objects.create(case=case, reason="sender", text="", stopped_on=date(2026, 11, 23))


@pytest.mark.django_db
def test_a_later_charter_leaves_promises_alone(township, who):
    with time_machine.travel(MONDAY):
        case = received(township)[0]
    source = charter_of(township)[0].source.replace("answer_workdays = 5", "answer_workdays = 9")
    catalogue.apply(source=source, by=SYSTEM)
    assert promises.of(Case.objects.get(pk=case.pk)).due == case.promised_on == date(2026, 11, 30)
    assert drafted(case, who)
