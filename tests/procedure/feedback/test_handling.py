"""What the office does beside answering: notes, help, merging, handing over, many at once."""

from datetime import date

import pytest
import time_machine
from django.core import mail
from tests import cast
from tests.procedure.editions import HOUR, MONDAY
from tests.procedure.feedback.test_clocks import DAY, WAIT, refused
from tests.procedure.feedback.test_topics import with_rule
from tests.procedure.feedback.test_workflow import assigned, drafted, received, settled

from gongkai.foundation.ledger.models import Act, PublicRecord
from gongkai.foundation.ledger.workflow import SYSTEM
from gongkai.foundation.organisations import workflow as organisations
from gongkai.foundation.organisations.models import Post
from gongkai.foundation.organisations.queries import post, today
from gongkai.procedure.feedback import (
    bulk,
    clocks,
    handling,
    jobs,
    pages,
    promises,
    queries,
    rules,
    workflow,
)
from gongkai.procedure.feedback.models import Case, Contact, Note, Survey
from gongkai.procedure.feedback.states import CaseKind
from gongkai.procedure.feedback.workflow import Intake

pytestmark = pytest.mark.django_db


def below(township):
    """A village of the township."""
    village = cast.village()
    village.parent = township
    village.save()
    return village


# -- taking down and routing -----------------------------------------------------------------------


def test_a_clerk_takes_a_call_down_with_its_note(township, who, log):
    intake = Intake(who("党政办主任"), urgent=True, callback=True, call="说晚上再打。")
    case, code = received(
        township, kind=CaseKind.HOTLINE, intake=intake, contact={"name": "", "tel": "13900001234"}
    )
    assert (case.entered_by, case.urgent, case.callback) == ("党政办主任", True, True)
    assert queries.by_receipt(code) == case
    assert [(each.kind, each.text) for each in queries.notes(case)] == [("call", "说晚上再打。")]
    act = Act.objects.get(verb="case.receive")
    assert act.actor_label == "党政办主任"
    assert "晚上" not in str(Act.objects.values())


def test_only_whoever_assigns_takes_down_and_no_question(township, who):
    given = {"organisation": township, "disclosure": None, "text": "问", "show": False}
    taken = {**given, "kind": CaseKind.PROBLEM, "ground": "error"}
    assert refused(workflow.receive, **taken, intake=Intake(who("组织干事")))[1:] == [
        "“分办意见”要由党政办主任来办。",
        "这一类不能代录。请让本人在网上说，或者按来访登记。",
    ]


def test_a_rule_of_the_charter_gives_a_voice_to_its_post(township, item, who):
    with_rule(
        township,
        'routes = [{post = "civil", kind = "hotline"}, {post = "finance", category = "JC"}]',
    )
    call = received(township, kind=CaseKind.HOTLINE, intake=Intake(who("党政办主任")))[0]
    about = received(township, item)[0]
    other = received(township)[0]
    assert [case.entry for case in (call, about, other)] == [None, item.entry, None]
    assert [case.post and case.post.name for case in (call, about, other)] == [
        "民政办主任",
        "财政所长",
        None,
    ]
    assert Act.objects.filter(verb="case.route").count() == 2


# -- notes and help --------------------------------------------------------------------------------


def test_a_note_stays_at_the_desk(township, item, who, log):
    case = received(township, item)[0]
    handling.note(case=case, officer=who("党政办主任"), text="此人上次也来过。")
    settled(case, who)
    assert "上次也来过" not in str(list(PublicRecord.objects.values_list("body", flat=True)))
    assert "上次也来过" not in str(Act.objects.values())
    assert refused(handling.note, case=case, officer=who("组织干事"), text="看看") == [
        "这一件不归您的岗位办。"
    ]


def test_a_helping_post_sees_and_notes_but_does_not_answer(township, who):
    case = received(township)[0]
    assigned(case, who)
    helper = who("组织干事")
    assert not rules.may_see(case, helper)
    clerk = who("党政办主任")
    handling.ask_help(case=case, officer=clerk, post=post(township, "organiser"))
    assert rules.may_see(case, helper)
    assert handling.note(case=case, officer=helper, text="看过了。")
    assert refused(
        handling.ask_help, case=case, officer=clerk, post=post(township, "organiser")
    ) == ["组织干事已经在办这一件。"]
    case.refresh_from_db()
    assert rules.may_answer_obstacles(case, helper) == ["这一件分给了财政所长，由财政所长答复。"]


def test_a_helper_is_taken_off_and_no_longer_sees(township, who):
    case, clerk, helper = received(township)[0], who("党政办主任"), post(township, "organiser")
    handling.ask_help(case=case, officer=clerk, post=helper)
    handling.note(case=case, officer=who("组织干事"), text="看过了。")
    assert refused(handling.release, case=case, officer=who("组织干事"), post=helper) == [
        "“分办意见”要由党政办主任来办。"
    ]
    handling.release(case=case, officer=clerk, post=helper)
    assert not rules.may_see(case, who("组织干事"))
    assert [each.text for each in queries.notes(case)] == ["看过了。"]
    assert refused(handling.release, case=case, officer=clerk, post=helper) == [
        "组织干事没有协办这一件。"
    ]


# -- merging ---------------------------------------------------------------------------------------


def test_a_merge_by_mistake_is_undone_and_its_time_counts(township, who, log):
    with time_machine.travel(MONDAY):
        head, _code = received(township, text="水渠断了。")
        case, code = received(township, text="路灯坏了。")
        assigned(case, who)
        handling.merge(case=case, officer=who("党政办主任"), into=head.number)
    settled(head, who)
    clerk = {"case": case, "officer": who("党政办主任")}
    with time_machine.travel(MONDAY + 8 * DAY):
        assert refused(handling.separate, **clerk, reason=" ") == ["请写明为什么分开办。"]
        done = handling.separate(**clerk, reason="不是同一件事。")
        assert (done.state, done.post.key, done.head) == ("assigned", "finance", None)
        assert done.promised_on == date(2026, 11, 30)  # overdue at once, and told so
        own = queries.by_receipt(code)
        told = pages.progress(own, code)
    assert (told["overdue"], told["separated"], queries.answers_for(own)) == (
        True,
        date(2026, 12, 1),
        [],
    )
    assert refused(handling.separate, **clerk, reason="再分。") == ["这一件没有并入别的件。"]
    settled(done, who)
    assert len(queries.answers_for(queries.by_receipt(code))) == 1
    act = Act.objects.get(verb="case.separate")
    assert (act.facts["from"], act.facts["text"]) == (head.number, "不是同一件事。")


def test_what_stands_still_is_not_merged(township, who):
    head, case = (received(township)[0] for _each in range(2))
    clerk = who("党政办主任")
    clocks.stop(case=case, officer=clerk, **WAIT)
    assert refused(handling.merge, case=case, officer=clerk, into=head.number) == [
        "这一件的计时停着。请先恢复计时，再合并。"
    ]


def test_merged_receipts_stay_alive_and_lead_to_the_head(township, who, log):
    with time_machine.travel(MONDAY):
        head, _first = received(township, text="水渠断了。")
        case, second = received(township, text="我家田里没有水，我是张三。", show=False)
        third, _code = received(township)
    clerk = who("党政办主任")
    handling.merge(case=third, officer=clerk, into=case.number)
    handling.merge(case=case, officer=clerk, into=head.number)
    assert [each.head for each in Case.objects.order_by("pk")] == [None, head, head]
    settled(head, who)
    own = queries.by_receipt(second)
    assert own is not None
    assert (own.number, own.head) == (case.number, head)
    assert [each.text for each in queries.answers_for(own)] == ["十二月二十日前修好。"]
    assert "张三" not in str(list(PublicRecord.objects.values_list("body", flat=True)))
    again = workflow.reopen(case=own, receipt=second, text="我家田里还是没有水。")
    assert (again.pk, again.state) == (head.pk, "assigned")
    assert [turn.text for turn in queries.turns(head)] == []
    assert [turn.text for turn in queries.turns_of_parts(head)] == ["我家田里还是没有水。"]
    settled(again, who)
    assert "没有水" not in str(list(PublicRecord.objects.values_list("body", flat=True)))
    assert workflow.judge(case=own, receipt=second, verdict="yes").case == own


def test_nobody_waits_longer_by_a_merge_or_shares_an_answer_of_their_own(township, item, who):
    clerk = who("党政办主任")
    with time_machine.travel(MONDAY):
        early = received(township)[0]
    with time_machine.travel(MONDAY + DAY):
        late = received(township)[0]
        problem = received(township, item, kind=CaseKind.PROBLEM, ground="error")[0]
    assert refused(handling.merge, case=early, officer=clerk, into=late.number) == [
        f"第{late.number}号答应的日子比这一件晚。请反过来，把它并入这一件。"
    ]
    assert refused(handling.merge, case=late, officer=clerk, into="2026-99") == [
        "没有这个编号的另一件。请看清编号再写。"
    ]
    assert refused(handling.merge, case=problem, officer=clerk, into=early.number) == [
        "质询、指出问题、来信和来访要一件一件答复，不能合并。可以成批答复。"
    ]
    drafted(late, who)
    assert refused(handling.merge, case=late, officer=clerk, into=early.number) == [
        "这一件的答复正等审定。请先退回答复，再合并。"
    ]


def test_what_is_answered_with_others_is_not_taken_back_alone(township, who):
    head, first = received(township)
    case, second = received(township)
    handling.merge(case=case, officer=who("党政办主任"), into=head.number)
    for own, code in ((head, first), (case, second)):
        assert refused(workflow.withdraw, case=own, receipt=code) == [
            "这一件已经和别的意见一起办，不能单独撤回。"
        ]


# -- handing over ----------------------------------------------------------------------------------


def test_a_case_handed_over_keeps_code_clock_and_contact(township, who, log):
    village = below(township)
    with time_machine.travel(MONDAY):
        case, code = received(township, contact={"name": "李", "tel": "13900001234"})
        clocks.stop(case=case, officer=who("党政办主任"), **WAIT)
    with time_machine.travel(MONDAY + 3 * DAY):
        case = clocks.resume(case=case, officer=who("党政办主任"))
        there = handling.hand_over(
            case=case, officer=who("党政办主任"), to=village, reason="水渠归村里管。"
        )
    assert (there.organisation, there.number, there.state) == (village, "2026-1", "received")
    assert (there.promised_on, there.started_on) == (case.promised_on, case.started_on)
    assert promises.of(there).due == there.promised_on == date(2026, 12, 2)
    assert queries.contact_of(there)["tel"] == "13900001234"
    own = queries.by_receipt(code)
    assert own is not None
    assert (own.state, own.head) == ("handed", there)
    assert [
        act.organisation for act in Act.objects.filter(verb__endswith="-over").order_by("pk")
    ] == [
        "qingxi",
        "shiqiao",
    ]
    assert workflow.forget(case=own, receipt=code)
    assert not Contact.objects.exists()


def test_a_case_is_handed_up_or_down_only(township, item, who):
    clerk = who("党政办主任")
    village = below(township)
    case = received(township)[0]
    given = {"case": case, "officer": clerk, "reason": "归村里管。"}
    assert refused(handling.hand_over, **given, to=township) == [
        "只能转交给本系统里的上级或者下级单位。"
    ]
    clocks.stop(case=case, officer=clerk, **WAIT)
    assert refused(handling.hand_over, **given, to=village) == [
        "这一件的计时停着。请先恢复计时，再转交。"
    ]
    problem = received(township, item, kind=CaseKind.PROBLEM, ground="error")[0]
    assert refused(handling.hand_over, case=problem, officer=clerk, to=village, reason=" ") == [
        "质询和指出问题要由本单位答复，不能转交。",
        "请写明为什么转交，来信的人会看到。",
    ]


# -- nothing orphaned ------------------------------------------------------------------------------


def test_the_next_holder_of_a_post_has_its_cases(township, who):
    case = received(township)[0]
    assigned(case, who)
    before = who("财政所长")
    member = organisations.make_member(organisation=township, name="新所长", party=False, by=SYSTEM)
    organisations.hand_over(
        post=post(township, "finance"), to=member, on=today(township), by=SYSTEM
    )
    after = who("财政所长")
    assert after.member == member
    assert case in queries.waiting_for(after)
    assert before.member != member


def test_a_question_to_a_retired_post_is_answered_by_another(township, who):
    case = received(township, kind=CaseKind.QUESTION, asked=post(township, "civil"))[0]
    Post.objects.filter(key="civil").update(retired=True)
    assert queries.waiting_for(who("党政办主任")) == [case]
    assert drafted(case, who).post == "财政所长"


def test_what_a_retired_post_had_waits_for_whoever_assigns(township, who):
    case = received(township)[0]
    assigned(case, who)
    Post.objects.filter(key="finance").update(retired=True)
    assert queries.waiting_for(who("党政办主任")) == [case]


# -- what is overdue -------------------------------------------------------------------------------


def test_overdue_voices_are_told_of_step_by_step(township, who, log):
    for name in ("财政所长", "党委书记"):
        member = who(name).member
        account = organisations.make_account(member=member, username=name, by=SYSTEM)
        account.email = f"{member.pk}@example.org"
        account.save()
    with time_machine.travel(MONDAY):
        case = received(township, text="水渠断了，我是张三。")[0]
        assigned(case, who)
    due = MONDAY.replace(month=12, day=1)
    with time_machine.travel(due - 3 * HOUR):
        assert jobs.remind_overdue(due - 3 * HOUR) == 0
    sent = []
    for days in (0, 0, 3, 5, 5):
        now = due + days * DAY
        with time_machine.travel(now):
            sent.append(jobs.remind_overdue(now))
    assert sent == [1, 0, 0, 2, 0]  # the post, then the leading group in which it sits
    assert [message.subject for message in mail.outbox] == [
        "中共青溪镇委员会：1件意见逾期没有答复"
    ] * 3
    letters = "".join(message.body for message in mail.outbox)
    assert "意见2026-1（财政所长）：答应2026年11月30日前答复，已经逾期1日。" in letters
    assert "张三" not in letters


# -- many at once ----------------------------------------------------------------------------------


def test_many_are_dealt_with_one_by_one_and_what_was_refused_is_told(township, who):
    numbers = [received(township)[0].number for _each in range(3)]
    clerk, finance = who("党政办主任"), who("财政所长")
    report = bulk.assign(numbers[:2], officer=clerk, post=post(township, "finance"))
    assert (report.done, report.refused) == (numbers[:2], [])
    given = {"text": "明天通水。", "outcome": "planned"}
    report = bulk.answer([*numbers, "2026-99"], officer=finance, **given)
    assert (report.done, report.refused) == (numbers[:2], [])  # the third it may not even see
    report = bulk.answer(numbers[:1], officer=finance, **given)
    assert report.refused == [
        (numbers[0], ["这一件现在是“答复待审定”，不能这样办。请看最新的情况。"])
    ]
    report = bulk.approve(numbers, officer=who("党委副书记"))
    assert report.done == numbers[:2]
    assert report.refused == [(numbers[2], ["这一件没有等审定的答复。"])]
    assert Case.objects.filter(state="answered").count() == 2


def test_many_are_merged(township, who):
    numbers = [received(township)[0].number for _each in range(3)]
    report = bulk.merge(numbers, officer=who("党政办主任"), into=numbers[0])
    assert (report.done, report.refused) == (numbers[1:], [])


# -- the voice's own acts --------------------------------------------------------------------------


def test_a_voice_judges_at_closing_and_four_weeks_later(township, who):
    case, code = received(township)
    with time_machine.travel(MONDAY):
        settled(case, who)
        workflow.judge(case=case, receipt=code, verdict="no")
        twice = {"case": case, "receipt": code, "verdict": "yes"}
        assert refused(workflow.judge, **twice) == ["现在没有要评价的答复，或者您已经评价过了。"]
    with time_machine.travel(MONDAY + 28 * DAY + HOUR):
        workflow.judge(**twice)
    assert [(each.moment, each.verdict) for each in Survey.objects.order_by("pk")] == [
        ("closing", "no"),
        ("later", "yes"),
    ]


def test_a_voice_is_taken_back_with_its_contact_data(township, who, log):
    case, code = received(township, contact={"name": "李", "tel": "13900001234"})
    drafted(case, who)
    workflow.withdraw(case=case, receipt=code)
    case.refresh_from_db()
    assert (case.state, Contact.objects.count()) == ("withdrawn", 0)
    assert queries.draft_answer(case) is None
    assert refused(workflow.withdraw, case=case, receipt="QX7F-2M9D-41XC-8KTA") == [
        "查询码不对。请照抄下来的再输一次。"
    ]
    assert case not in queries.waiting_for(who("党委副书记"))


def test_the_opinions_book_is_taken_down_whole_or_not_at_all(township, who, home):
    import io

    from tests.foundation.files import made

    from gongkai.foundation.files.workflow import keep

    photo = (keep(io.BytesIO(made.scan(1)), "第3页.pdf"), "第3页.pdf")
    given = {"officer": who("党政办主任"), "photo": photo, "received_on": date(2026, 11, 20)}
    with time_machine.travel(MONDAY):
        assert refused(workflow.transcribe, **given, entries=["路灯坏了。", "长" * 2001]) == [
            "第2条：最多2000个字，现在有2001个。请写短一些，或者分几次说。"
        ]
        taken = workflow.transcribe(**given, entries=["路灯坏了。", " ", "井盖丢了。"])
    assert [(case.kind, case.text) for case, _code in taken] == [
        ("book", "路灯坏了。"),
        ("book", "井盖丢了。"),
    ]
    assert [each.name for each in queries.files(taken[1][0])] == ["第3页.pdf"]
    assert taken[0][0].promised_on == date(2026, 11, 27)
    assert Note.objects.count() == 0
