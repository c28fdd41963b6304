"""A voice and its answer: received, promised, answered with a second person, reopened once."""

import json
from datetime import date

import pytest
import time_machine
from django.db import IntegrityError, transaction
from tests.procedure.editions import (
    HOUR,
    MEMBERS,
    MONDAY,
    PUBLIC,
    disclosure_of,
    opened,
    sealed,
    verbs,
)

from gongkai.foundation.core import identifiers
from gongkai.foundation.core.errors import Refused
from gongkai.foundation.ledger.models import Act, PublicRecord
from gongkai.foundation.ledger.workflow import SYSTEM
from gongkai.foundation.organisations.queries import post
from gongkai.procedure.catalogue import workflow as catalogue
from gongkai.procedure.catalogue.queries import charter_of
from gongkai.procedure.feedback import jobs, queries, workflow
from gongkai.procedure.feedback.models import Answer, Case, Contact, Hanging
from gongkai.procedure.feedback.states import CaseKind
from gongkai.procedure.publication import workflow as publication
from gongkai.procedure.publication.queries import corrected_since as is_corrected

pytestmark = pytest.mark.django_db


def received(organisation, item=None, **changes):
    given = {"text": "水渠什么时候修好？", "show": True, **changes}
    return workflow.receive(organisation=organisation, disclosure=item, **given)


def assigned(case, who, key="finance"):
    wanted = post(case.organisation, key)
    return workflow.assign(case=case, officer=who("党政办主任"), post=wanted)


def drafted(case, who, text="十二月二十日前修好。", outcome="planned"):
    assigned(case, who)
    return workflow.answer(case=case, officer=who("财政所长"), text=text, outcome=outcome)


def settled(case, who):
    return workflow.approve(answer=drafted(case, who), officer=who("党委副书记"))


def body(record):
    return json.loads(record.body)


# -- receiving -------------------------------------------------------------------------------------


def test_a_voice_gets_a_number_a_promise_and_a_code(township, item):
    with time_machine.travel(MONDAY):
        case, code = received(township, item)
    assert (case.number, case.promised_on) == ("2026-1", date(2026, 11, 30))
    assert len(identifiers.normalised(code)) == 16
    assert identifiers.normalised(code) not in str(Case.objects.values().get())
    assert queries.by_receipt(code.lower().replace("-", " ")) == case
    assert queries.by_receipt("QX7F-2M9D-41XC-8KTA") is None
    act = Act.objects.get(verb="case.receive")
    assert (act.actor_label, act.subject) == ("读者", item.address)
    assert act.facts == {"case": "2026-1", "kind": "opinion", "promised_on": "2026-11-30"}


@pytest.mark.parametrize(
    ("received_at", "promised"),
    [
        (MONDAY - 2 * 24 * HOUR, date(2026, 11, 27)),
        (MONDAY.replace(month=9, day=18), date(2026, 9, 24)),
        (MONDAY.replace(hour=16), date(2026, 12, 1)),
    ],
    ids=["on Saturday", "before a made-up Sunday", "after midnight in the zone"],
)
def test_the_promise_excludes_the_day_of_receipt(township, received_at, promised):
    with time_machine.travel(received_at):
        assert received(township)[0].promised_on == promised


def test_a_topic_has_its_own_limit(township):
    with time_machine.travel(MONDAY):
        assert received(township, kind=CaseKind.TOPIC)[0].promised_on == date(2026, 11, 26)


def test_the_same_form_twice_is_one_case_with_one_code(township, item):
    first = received(township, item, token="nonce-of-one-page")
    second = received(township, item, token="nonce-of-one-page")
    assert first == second
    assert Case.objects.count() == 1
    assert verbs(item.address).count("case.receive") == 1
    other = received(township, item, token="nonce-of-another")
    assert other[1] != first[1]


def test_the_same_form_twice_at_once_is_one_case(township, monkeypatch):
    """The second process looked before the first had committed."""
    first = received(township, token="nonce")
    real = Case.objects.filter
    monkeypatch.setattr(
        Case.objects,
        "filter",
        lambda **asked: Case.objects.none() if "token" in asked else real(**asked),
    )
    assert received(township, token="nonce") == first
    assert received(township)[0].number.endswith("-2")


def test_what_cannot_be_taken_down_says_why(township):
    with pytest.raises(Refused) as refusal:
        received(township, text=" \r\n\x00 ")
    assert refusal.value.obstacles == ["还没有写内容。请写下您要说的事。"]
    with pytest.raises(Refused) as refusal:
        received(township, text="长" * 2001)
    assert refusal.value.obstacles == ["最多2000个字，现在有2001个。请写短一些，或者分几次说。"]


def test_control_characters_do_not_enter(township):
    case, _code = received(township, text="第一行\r\n\x07第二行\r\n\n\n\n第三行\u0000")
    assert case.text == "第一行\n第二行\n\n第三行"


# -- problems of an item ---------------------------------------------------------------------------


def problem(item, ground="error", **changes):
    given = {"kind": CaseKind.PROBLEM, "ground": ground, **changes}
    return received(item.organisation, item, **given)[0]


def test_personal_data_is_answered_by_the_next_day_and_never_shown(township, item):
    with time_machine.travel(MONDAY):
        case, other = problem(item, "privacy"), problem(item)
    assert (case.show, case.promised_on) == (False, date(2026, 11, 24))
    assert (other.show, other.promised_on) == (True, date(2026, 11, 30))
    facts = Act.objects.filter(verb="case.receive").earliest("pk").facts
    assert (facts["kind"], facts["ground"]) == ("problem", "privacy")
    with pytest.raises(IntegrityError), transaction.atomic():
        Case.objects.filter(pk=case.pk).update(show=True)
    with pytest.raises(IntegrityError), transaction.atomic():
        Case.objects.filter(pk=case.pk).update(ground="")


def test_a_problem_needs_its_item_and_its_ground(township):
    with pytest.raises(Refused) as refusal:
        received(township, kind=CaseKind.PROBLEM)
    assert refusal.value.obstacles == [
        "请先打开有问题的那一件，再从那里说。",
        "还没有选是什么问题。",
    ]


@pytest.mark.parametrize(
    ("outcome", "obstacle"),
    [
        ("corrected", "这一件还没有更正公开。请先更正，公开以后再这样答复。"),
        ("removed", "这一件还没有撤回或者清除。请先撤下，再这样答复。"),
        ("done", "还没有选办理结果。"),
    ],
)
def test_no_outcome_claims_what_has_not_happened(township, item, who, outcome, obstacle):
    case = problem(item)
    assigned(case, who)
    with pytest.raises(Refused) as refusal:
        workflow.answer(case=case, officer=who("财政所长"), text="办了。", outcome=outcome)
    assert refusal.value.obstacles == [obstacle]


def test_a_problem_that_was_corrected_tells_its_ground(township, item, who, log):
    case = problem(item)
    edition = corrected(item, who, item.title)
    opened(edition, MEMBERS)
    assert not is_corrected(item, case.received_at)
    opened(edition, PUBLIC)
    assigned(case, who)
    written = workflow.answer(
        case=case, officer=who("财政所长"), text="已改正。", outcome="corrected"
    )
    record = PublicRecord.objects.get(
        pk=workflow.approve(answer=written, officer=who("党委副书记")).record
    )
    assert record.kind == "answer"
    told = body(record)
    assert (told["ground"], told["outcome"], told["answer"]) == ("error", "corrected", "已改正。")


@pytest.mark.parametrize("count_only", ["privacy", "withdrawn", "not shown"])
def test_a_problem_that_is_not_shown_is_counted_without_words(township, item, who, log, count_only):
    ground = "privacy" if count_only == "privacy" else "outdated"
    case, outcome = problem(item, ground, show=count_only != "not shown"), "refused"
    if count_only == "withdrawn":
        publication.withdraw(disclosure=item, officer=who("党委副书记"), reason="过时")
        outcome = "removed"
    assigned(case, who)
    written = workflow.answer(case=case, officer=who("财政所长"), text="办了。", outcome=outcome)
    settled = workflow.approve(answer=written, officer=who("党委副书记"))
    record = PublicRecord.objects.get(pk=settled.record)
    assert (record.kind, record.subject) == ("report", item.address)
    assert "public" in record.audience
    assert sorted(body(record)) == [
        "answered_at",
        "format",
        "ground",
        "kind",
        "outcome",
        "promised_on",
        "received_at",
    ]
    assert (body(record)["ground"], body(record)["outcome"]) == (ground, outcome)


# -- contact data ----------------------------------------------------------------------------------


def test_contact_data_is_encrypted_and_apart(township, log):
    case, _code = received(township, contact={"name": "石桥村民", "tel": "13900001234"})
    sealed_bytes = bytes(Contact.objects.get().sealed)
    assert b"13900001234" not in sealed_bytes
    assert queries.contact_of(case) == {"name": "石桥村民", "tel": "13900001234"}
    assert not Act.objects.filter(facts__icontains="1390000").exists()


def test_contact_data_ends_on_the_charters_day(township, log):
    with time_machine.travel(MONDAY):
        case, _code = received(township, contact={"name": "", "tel": "13900001234"})
    assert Contact.objects.get().destroy_on == date(2027, 5, 29)
    eve = MONDAY.replace(year=2027, month=5, day=28, hour=15, minute=59)
    assert jobs.destroy_contacts(eve) == 0
    assert jobs.destroy_contacts(eve + HOUR) == 1
    assert jobs.destroy_contacts(eve + HOUR) == 0
    assert queries.contact_of(case) == {}
    assert Act.objects.get(verb="contact.destroy").facts == {
        "case": case.number,
        "due": "2027-05-29",
    }


def test_an_answer_ends_contact_data_sooner_and_never_later(township, who, log):
    with time_machine.travel(MONDAY):
        case, _code = received(township, contact={"name": "", "tel": "13900001234"})
        settled(case, who)
    assert Contact.objects.get().destroy_on == date(2027, 5, 22)


@pytest.mark.parametrize("count", [1, 3])
def test_looking_for_contact_data_costs_one_query(township, log, count, django_assert_num_queries):
    for _each in range(count):
        received(township, contact={"name": "", "tel": "13900001234"})
    with django_assert_num_queries(1):
        jobs.destroy_contacts(MONDAY)


# -- assigning and answering -----------------------------------------------------------------------


def test_a_case_is_given_to_a_post_that_answers(township, who):
    case, _code = received(township)
    assert assigned(case, who).post.name == "财政所长"
    assert assigned(case, who, "office").post.name == "党政办主任"
    with pytest.raises(Refused) as refusal:
        assigned(case, who, "secretary")
    assert refusal.value.obstacles[0].startswith("党委书记没有答复意见的权限。可以分给：")
    with pytest.raises(Refused) as refusal:
        workflow.assign(case=case, officer=who("组织干事"), post=post(township, "finance"))
    assert refusal.value.obstacles == ["“分办意见”要由党政办主任来办。"]


def test_only_the_post_it_was_given_to_answers(township, who):
    case, _code = received(township)
    with pytest.raises(Refused) as refusal:
        workflow.answer(case=case, officer=who("财政所长"), text="好。", outcome="done")
    assert refusal.value.obstacles == ["这一件还没有分办。请先分给一个岗位。"]
    assigned(case, who)
    with pytest.raises(Refused) as refusal:
        workflow.answer(case=case, officer=who("民政办主任"), text=" ", outcome="ignored")
    assert refusal.value.obstacles == [
        "这一件分给了财政所长，由财政所长答复。",
        "还没有写答复。",
        "还没有选办理结果。",
    ]


def test_an_answer_waits_for_a_second_person(township, who):
    case, _code = received(township)
    answer = drafted(case, who)
    case.refresh_from_db()
    assert (case.state, answer.settled_at) == ("drafted", None)
    assert not PublicRecord.objects.filter(kind="answer").exists()
    with pytest.raises(Refused) as refusal:
        workflow.approve(answer=answer, officer=who("财政所长"))
    assert refusal.value.obstacles == [
        "“审定答复”要由党委副书记、纪委副书记来办。",
        "这份答复是您写的，请另一位有审定权的人审定。",
    ]
    with pytest.raises(IntegrityError), transaction.atomic():
        Answer.objects.filter(pk=answer.pk).update(approved_by=answer.member)
    with pytest.raises(IntegrityError), transaction.atomic():
        Answer.objects.filter(pk=answer.pk).update(settled_at=MONDAY)


def test_an_approved_answer_reaches_item_and_wall(township, item, who, log):
    case, _code = received(township, item, text="水渠什么时候修好？打13900001234告诉我。")
    answer = settled(case, who)
    case.refresh_from_db()
    record = PublicRecord.objects.get(kind="answer")
    assert (case.state, answer.record) == ("answered", record.pk)
    assert (record.subject, record.audience) == (item.address, ["org:qingxi", "public"])
    told = body(record)
    assert told.pop("received_at")
    assert told.pop("answered_at")
    assert told == {
        "format": "gongkai-answer/2",
        "kind": "opinion",
        "ground": "",
        "promised_on": case.promised_on.isoformat(),
        "text": "水渠什么时候修好？打139****1234告诉我。",
        "answer": "十二月二十日前修好。",
        "outcome": "planned",
        "post": "财政所长",
        "round": 1,
        "item": item.address,
        "title": "关于水利设施的决定",
        "voice": Hanging.objects.get().address,
        "changed": {},
    }


def test_a_voice_that_wished_not_to_be_shown_is_not(township, item, who):
    case, _code = received(township, item, show=False)
    assert settled(case, who).settled_at
    assert not PublicRecord.objects.filter(kind="answer").exists()


def test_a_voice_about_a_members_item_stays_with_the_members(township, who):
    item = disclosure_of(township, title="内部事项")
    opened(sealed(item), "A3")
    settled(received(township, item)[0], who)
    assert PublicRecord.objects.get(kind="answer").audience == ["org:qingxi"]


def test_a_voice_without_an_item_has_a_subject_of_its_own(township, who):
    case, _code = received(township)
    settled(case, who)
    record = PublicRecord.objects.get(kind="answer")
    assert (record.subject, record.audience) == (
        f"voice:{Hanging.objects.get().address}",
        ["public"],
    )


def corrected(item, who, title, privacy=False):
    """A sealed correction with another title; nobody has seen it."""
    draft = publication.correct(
        disclosure=item, officer=who("组织干事"), note="改标题。", privacy=privacy
    )
    draft.title = title
    draft.save()
    edition = sealed(item, draft=draft)
    item.title = title  # as ``review.seal`` leaves it
    item.save()
    return edition


def test_an_answer_bears_the_title_that_its_readers_saw(township, item, who):
    edition = corrected(item, who, "还没有公开的标题")
    settled(received(township, item)[0], who)
    opened(edition, MEMBERS)
    settled(received(township, item)[0], who)
    opened(edition, PUBLIC)
    settled(received(township, item)[0], who)
    answers = PublicRecord.objects.filter(kind="answer").order_by("pk")
    assert [body(answer)["title"] for answer in answers] == [
        "关于水利设施的决定",
        "关于水利设施的决定",
        "还没有公开的标题",
    ]


def test_a_title_corrected_for_privacy_leaves_the_wall(township, item, who):
    settled(received(township, item)[0], who)
    opened(corrected(item, who, "遮住姓名的标题", privacy=True), MEMBERS)
    assert not PublicRecord.objects.filter(kind="answer", closed_at=None).exists()


def test_an_answer_about_a_withdrawn_item_reaches_its_voice_only(township, item, who):
    case, _code = received(township, item)
    publication.withdraw(disclosure=item, officer=who("党委副书记"), reason="有误。")
    assert settled(case, who).settled_at
    assert not PublicRecord.objects.filter(kind="answer").exists()


def test_a_returned_answer_is_written_again(township, who):
    case, _code = received(township)
    answer = drafted(case, who)
    with pytest.raises(Refused) as refusal:
        workflow.return_answer(answer=answer, officer=who("党委副书记"), reason="")
    assert refusal.value.obstacles == ["请写明哪里要改。"]
    workflow.return_answer(answer=answer, officer=who("党委副书记"), reason="写明哪一天。")
    with pytest.raises(Refused) as refusal:
        workflow.approve(answer=answer, officer=who("纪委副书记"))
    assert refusal.value.obstacles == ["这份答复已经审定或者退回了。请看最新的情况。"]
    case.refresh_from_db()
    again = workflow.answer(
        case=case, officer=who("财政所长"), text="十二月二十日。", outcome="planned"
    )
    workflow.approve(answer=again, officer=who("纪委副书记"))
    assert [each.text for each in queries.settled_answers(case)] == ["十二月二十日。"]


def test_an_answer_is_approved_once(township, who):
    answer = settled(received(township)[0], who)
    with pytest.raises(Refused) as refusal:
        workflow.approve(answer=answer, officer=who("纪委副书记"))
    assert refusal.value.obstacles == ["这份答复已经审定或者退回了。请看最新的情况。"]
    assert PublicRecord.objects.filter(kind="answer").count() == 1


def test_an_exempt_post_answers_alone(township, who):
    exempt = '\n[exemption]\nname = "接访当场答复"\nname_en = "On the spot"\nposts = ["finance"]\n'
    source = charter_of(township)[0].source
    head, deadlines, rest = source.partition("[deadlines]")
    catalogue.apply(source=head + exempt + deadlines + rest, by=SYSTEM)
    answer = drafted(received(township)[0], who)
    assert answer.settled_at
    assert answer.exemption == "接访当场答复"
    assert PublicRecord.objects.filter(kind="answer").count() == 1


# -- reopening -------------------------------------------------------------------------------------


def test_a_voice_reopens_its_case_once(township, item, who):
    case, code = received(township, item)
    with pytest.raises(Refused) as refusal:
        workflow.reopen(case=case, receipt=code, text="还没有修好。")
    assert refusal.value.obstacles == ["这一件还在办，答复以后才能要求重办。"]
    settled(case, who)
    with time_machine.travel(MONDAY):
        reopened = workflow.reopen(case=case, receipt=code, text="还没有修好。")
    assert (reopened.state, reopened.post.name) == ("assigned", "财政所长")
    assert reopened.promised_on == date(2026, 11, 30)
    workflow.approve(answer=drafted(reopened, who, "已经修好。"), officer=who("党委副书记"))
    records = PublicRecord.objects.filter(kind="answer").order_by("pk")
    rounds = [body(record)["round"] for record in records]
    assert sorted(rounds) == [1, 2]
    with pytest.raises(Refused) as refusal:
        workflow.reopen(case=case, receipt=code, text="还没有修好。")
    assert refusal.value.obstacles == ["这一件已经重办过一次。还有话要说，请另外说一件事。"]


def test_nobody_reopens_without_the_code(township, who):
    case, _code = received(township)
    settled(case, who)
    with pytest.raises(Refused) as refusal:
        workflow.reopen(case=case, receipt="QX7F-2M9D-41XC-8KTA", text="还没有修好。")
    assert refusal.value.obstacles == ["查询码不对。请照抄下来的再输一次。"]


# -- lists -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("count", [1, 3])
def test_what_waits_for_an_officer_is_one_query(township, who, count, django_assert_num_queries):
    for _each in range(count):
        received(township)
        assigned(received(township)[0], who)
        drafted(received(township)[0], who)
    for name in ("党政办主任", "财政所长", "党委副书记"):
        officer = who(name)
        with django_assert_num_queries(1):
            assert len(queries.waiting_for(officer)) == count
    assert queries.waiting_for(who("党委书记")) == []
