"""What a block list holds is read by another person, and nothing of it is lost."""

import json
from datetime import date

import pytest
import time_machine
from tests.procedure.editions import HOUR, MONDAY
from tests.procedure.feedback.test_taking import taken

from gongkai.foundation.core import clock
from gongkai.foundation.core.errors import Refused
from gongkai.foundation.ledger.models import Act, PublicRecord
from gongkai.procedure.feedback import held, holding, holding_rules, jobs, queries, taking
from gongkai.procedure.feedback.models import Case, Heard, Held, Phrase
from gongkai.procedure.feedback.spoken import Spoken
from gongkai.procedure.feedback.states import CaseKind

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("log")]

ABUSE = "加我微信领红包"


@pytest.fixture
def listed(township, who):
    """A phrase that the office manager has put on the list."""
    clerk = who("党政办主任")
    return holding.list_phrase(
        organisation=township, officer=clerk, phrase="加*微信", why="群发广告"
    )[0]


def sent(township, text=ABUSE, kind=CaseKind.OPINION, asked=None, contact=None, show=True):
    spoken = Spoken(township, None, text, show, kind, asked=asked)
    with time_machine.travel(MONDAY, tick=False):
        sender = taking.Sender(f"page of {text}", "a network")
        return taking.take(spoken=spoken, contact=contact or {}, sender=sender)


def obstacles(verb, **given):
    with pytest.raises(Refused) as refusal:
        verb(**given)
    return refusal.value.obstacles


def test_what_is_held_is_no_case_and_has_its_receipt(township, listed):
    answer = sent(township, contact={"tel": "0000-1"})
    waiting = Held.objects.get()
    assert (answer.held, answer.case, Case.objects.count()) == (waiting, None, 0)
    assert (waiting.phrase, waiting.look_by) == ("加*微信", date(2026, 11, 25))
    assert held.by_receipt(answer.code.lower()) == waiting
    assert queries.by_receipt(answer.code) is None
    assert sent(township, contact={"tel": "0000-1"}) == answer
    assert "0000-1" not in str(Held.objects.values().get())
    act = Act.objects.get(verb="voice.hold")
    assert (act.actor_label, ABUSE in str(act.facts)) == ("读者", False)


def test_let_through_it_is_a_case_with_the_same_code_and_the_clock_of_its_day(
    township, listed, who
):
    answer = sent(township, contact={"tel": "0000-1"})
    with time_machine.travel(MONDAY + 48 * HOUR):
        case = holding.let_through(held=answer.held, officer=who("纪委副书记"))
    assert queries.by_receipt(answer.code) == case
    assert (case.text, case.received_at, case.promised_on) == (
        ABUSE,
        MONDAY,
        date(2026, 11, 30),
    )
    assert queries.contact_of(case) == {"tel": "0000-1"}
    left = Held.objects.get()
    assert (left.text, left.sealed, left.case, left.decided_post) == ("", None, case, "纪委副书记")
    assert obstacles(holding.let_through, held=left, officer=who("纪委副书记")) == [
        "这一件已经是“已放行”，不用再看。"
    ]


def test_a_topic_let_through_waits_for_seconds_as_any_other(township, listed, who):
    plain, _code = taken_plain(township)
    answer = sent(township, kind=CaseKind.TOPIC)
    case = holding.let_through(held=answer.held, officer=who("纪委副书记"))
    assert (case.promised_on, queries.topic(case).pk is not None) == (plain.promised_on, True)


def taken_plain(township):
    answer = sent(township, "请公开水费", kind=CaseKind.TOPIC)
    return answer.case, answer.code


def test_refused_its_words_and_contact_have_an_end(township, listed, who):
    answer = sent(township, contact={"tel": "0000-1"})
    assert obstacles(
        holding.refuse, held=answer.held, officer=who("纪委副书记"), reason="", why=" "
    ) == [
        "请选一个不受理的理由。",
        "请写明为什么不受理，送的人会看到。",
    ]
    gone = holding.refuse(
        held=answer.held, officer=who("纪委副书记"), reason="advert", why="广告。"
    )
    assert (gone.state, gone.why, gone.sealed, gone.text) == ("refused", "广告。", None, ABUSE)
    end = MONDAY.replace(year=2027, month=5, day=29)
    assert gone.destroy_on == end.date()
    assert jobs.destroy_held(end - 24 * HOUR) == 0
    assert (jobs.destroy_held(end), jobs.destroy_held(end)) == (1, 0)
    assert Held.objects.get().text == ""


@pytest.mark.parametrize("show", [True, False])
def test_a_refusal_is_counted_for_everybody_where_the_voice_was_meant_for_everybody(
    township, listed, who, show
):
    answer = sent(township, show=show)
    with time_machine.travel(MONDAY, tick=False):
        holding.refuse(held=answer.held, officer=who("纪委副书记"), reason="insult", why="骂人。")
    told = PublicRecord.objects.filter(kind="voice")
    off = {"reason": "insult", "at": clock.stamp(MONDAY)}
    body = {"format": "gongkai-voice/1", "state": "refused", "off": off}
    assert [(json.loads(each.body), set(each.audience)) for each in told] == (
        [(body, {"public"})] if show else []
    )


def test_what_still_waits_loses_its_contact_in_time_and_keeps_its_words(township, listed):
    sent(township, contact={"tel": "0000-1"})
    assert jobs.destroy_held(MONDAY.replace(year=2027, month=6)) == 1
    assert (Held.objects.get().sealed, Held.objects.get().text) == (None, ABUSE)


def test_its_sender_may_take_it_back_until_it_is_decided(township, listed, who):
    answer = sent(township, contact={"tel": "0000-1"})
    gone = holding.take_back(held=answer.held)
    assert (gone.state, gone.text, gone.sealed) == ("withdrawn", "", None)
    assert obstacles(holding.take_back, held=gone) == ["这一件已经看过了，不能撤回。"]
    assert obstacles(
        holding.refuse, held=gone, officer=who("纪委副书记"), reason="advert", why="广告"
    ) == ["这一件已经是“本人撤回”，不用再看。"]


def test_a_supervisor_reads_and_never_whoever_listed_the_phrase(township, listed, who):
    answer = sent(township)
    clerk, reader = who("党政办主任"), who("纪委副书记")
    lacking = "您今天的岗位没有“监督检查”的权限。有这个权限的岗位：纪委书记、纪委副书记、纪委委员。"
    own = "这条拦截词是您写的，请另一位监督岗位的同志看。"
    assert obstacles(holding.let_through, held=answer.held, officer=clerk)[-1] == own
    assert len(obstacles(holding.let_through, held=answer.held, officer=clerk)) == 2
    assert [list(held.waiting_for(each)) for each in (clerk, reader)] == [[], [answer.held]]
    assert lacking


def test_where_nobody_else_could_read_nothing_is_held(township, listed, monkeypatch):
    monkeypatch.setattr(holding_rules, "readers", lambda organisation: {listed.listed_by_id})
    assert sent(township).case
    monkeypatch.setattr(holding_rules, "readers", lambda organisation: set())
    assert sent(township, f"{ABUSE}！二").case


def test_what_may_stand_on_the_list(township, who, listed):
    clerk = who("党政办主任")

    def why_not(phrase="赌场", why="广告", officer=clerk):
        given = {"organisation": township, "officer": officer, "phrase": phrase, "why": why}
        return obstacles(holding.list_phrase, **given)

    assert why_not("*") == ["拦截词至少要有2个字，星号和标点不算。"]
    assert why_not("甲" * 61) == ["拦截词最多60个字。"]
    assert why_not("\ufdfa" * 20) == ["拦截词最多60个字。"]
    assert why_not("甲*乙*丙*丁*戊*己*庚") == ["一条里最多用5个星号。"]
    assert why_not(why="") == ["请写明为什么要先看。监督岗位会看到。"]
    assert why_not(why="长" * 201) == ["理由最多200个字。"]
    assert len(why_not(officer=who("纪委副书记"))) == 1
    again = {"organisation": township, "officer": clerk, "phrase": "加 ＊ 微信", "why": "再写"}
    assert holding.list_phrase(**again) == (listed, False)
    assert holding.strike_phrase(phrase=listed, officer=clerk)
    assert not holding.strike_phrase(phrase=listed, officer=clerk)
    assert sent(township).case
    acts = Act.objects.filter(verb__startswith="phrase.").order_by("pk")
    assert list(acts.values_list("verb", flat=True)) == [
        "phrase.list",
        "phrase.strike",
    ]


def test_a_list_has_an_end(township, who, listed, monkeypatch):
    monkeypatch.setattr(holding_rules, "MOST_PHRASES", 1)
    given = {"organisation": township, "officer": who("党政办主任"), "phrase": "赌场"}
    assert obstacles(holding.list_phrase, why="广告", **given) == [
        "拦截词最多1条。请先去掉用不着的。"
    ]


def test_a_question_whose_post_is_gone_comes_as_an_opinion(township, listed, who, monkeypatch):
    asked = queries.askable(township)[0]
    answer = sent(township, kind=CaseKind.QUESTION, asked=asked)
    monkeypatch.setattr(queries, "askable", lambda organisation: [])
    case = holding.let_through(held=answer.held, officer=who("纪委副书记"))
    assert (case.kind, case.asked) == ("opinion", None)


def test_words_that_cannot_be_taken_down_are_not_held_either(township, listed):
    assert obstacles(sent, township=township, text=ABUSE * 500)[0].startswith("最多2000个字")
    assert (Held.objects.count(), Heard.objects.count(), Phrase.objects.count()) == (0, 0, 1)
    assert taken(township, "page").case
