"""The page behind a receipt code, the question door and the topics, as a reader without an account
has them.
"""

import re

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from tests import axe, cast
from tests.foundation.files import made
from tests.procedure.editions import HOUR, MONDAY
from tests.procedure.feedback.test_clocks import DAY, WAIT
from tests.procedure.feedback.test_handling import below
from tests.procedure.feedback.test_topics import WORDING, topic_of, with_rule
from tests.procedure.feedback.test_views import VOICE, code_in, reader, said, sent, token_in
from tests.procedure.feedback.test_workflow import assigned, received, settled

from gongkai.foundation.files.models import Refusal, StoredFile
from gongkai.procedure.feedback import clocks, guards, handling, queries, topics, workflow
from gongkai.procedure.feedback.models import Case, Contact, Survey, Topic
from gongkai.procedure.feedback.states import CaseKind
from gongkai.procedure.feedback.workflow import Intake

__all__ = ["reader"]
pytestmark = pytest.mark.django_db
STATUS, TOPICS, QUESTION = "/say/status/", "/say/topics/", "/say/question/"


@pytest.fixture
def asked(reader):
    """``asked(code, reopen=1)``: the page behind the code, after pressing something on it."""
    return lambda code, **pressed: reader.post(STATUS, {"code": code, **pressed})


# -- doors -----------------------------------------------------------------------------------------


def test_a_post_is_questioned_by_name(reader, township, log):
    form = reader.get(QUESTION)
    assert re.findall(r'<option value="([a-z-]*)"', form.content.decode()) == [
        "", "secretary", "office", "finance", "civil", "safety", "agriculture", "planning",
    ]  # fmt: skip
    missing = reader.post(QUESTION, VOICE)
    assert (missing.status_code, "请选一个岗位" in said(missing)) == (422, True)
    confirm = reader.post(QUESTION, {**VOICE, "asked": "secretary"})
    assert "质询：党委书记" in said(confirm).replace(" ", "")
    receipt = reader.post(QUESTION, {"token": token_in(confirm)})
    case = Case.objects.get()
    assert (case.kind, case.asked.name, case.post.name) == ("question", "党委书记", "党委书记")
    page = said(reader.post(STATUS, {"code": code_in(receipt)}))
    assert "您说的，质询党委书记" in page.replace(" ", "")


def test_a_topic_says_honestly_that_no_day_is_promised_yet(reader, township, log):
    with_rule(township, "topic_seconds = 20")
    honest = "满20人附议，3个工作日内答复。没有满以前也会有人看，但不答应哪一天答复。"
    confirm = reader.post("/say/", {**VOICE, "kind": "topic", "tel": "13900001234"})
    assert honest in said(confirm)
    receipt = reader.post("/say/", {"token": token_in(confirm)})
    assert honest in said(receipt)
    page = said(reader.post(STATUS, {"code": code_in(receipt)}))
    assert honest in page
    assert "最晚" not in page


def test_topics_are_seconded_by_a_press(reader, township, who, log, monkeypatch):
    with_rule(township, "topic_seconds = 20")
    topic, _code = topic_of(township, who)
    page = reader.get(TOPICS)
    assert WORDING in said(page)
    assert "已有0人附议，满20人必须答复" in said(page)
    first = reader.post(TOPICS, {"topic": queries.name_of(topic)})
    assert "已经记下您的附议。" in said(first)
    assert "已有1人附议" in said(first)
    again = reader.post(TOPICS, {"topic": queries.name_of(topic)})
    assert "您所在的网络今天已经附议过这个题目。" in said(again)
    wrong = reader.post(TOPICS, {"topic": queries.name_of(topic), "code": "QX7F-2M9D-41XC-8KTA"})
    assert (wrong.status_code, "没有这个查询码。" in said(wrong)) == (422, True)
    for other in (topic.pk, "x", ""):
        assert reader.post(TOPICS, {"topic": other}).status_code == 422
    monkeypatch.setitem(guards.LIMITS, "send", 0)
    assert reader.post(TOPICS, {"topic": queries.name_of(topic)}).status_code == 422
    assert Topic.objects.get().seconds == 1


@pytest.mark.parametrize("count", [1, 3])
def test_topics_cost_the_same_however_many(
    reader, township, who, log, count, django_assert_num_queries
):
    for _each in range(count):
        topic_of(township, who)
    reader.get(TOPICS)
    with django_assert_num_queries(3):
        reader.get(TOPICS)


# -- the page behind the code ----------------------------------------------------------------------


def test_the_code_leads_there_by_a_picture_and_stands_in_no_address(reader, township, log):
    receipt = sent(reader, "/say/", {**VOICE, "kind": "opinion"})
    code = code_in(receipt)
    text = receipt.content.decode()
    assert "<svg" in text
    assert text.count(code) == 2  # to read, and hidden in the form for files
    assert not re.search(rf'(?:href|action|src)="[^"]*{code}', text)


@pytest.mark.parametrize("path", ["/say/", STATUS, TOPICS, QUESTION])
def test_no_crawler_and_no_cache_keeps_a_page(reader, township, log, path):
    for answer in (reader.get(path), reader.post(path, {"code": "QX7F-2M9D-41XC-8KTA"})):
        assert answer["X-Robots-Tag"] == "noindex, nofollow"
        assert "no-store" in answer["Cache-Control"]


def test_unknown_and_malformed_codes_have_one_answer_and_one_look(
    reader, township, log, django_assert_num_queries
):
    told = []
    for code in ("QX7F-2M9D-41XC-8KTA", "QX7F", "X" * 60):
        answer = reader.post(STATUS, {"code": code})
        text = answer.content.decode().replace(code, "…")
        told.append((answer.status_code, re.sub(r'value="[^"]*"', "", text)))
        with django_assert_num_queries(1):
            assert queries.by_receipt(code) is None
    assert told[0] == told[1] == told[2]


def test_a_stopped_and_an_extended_clock_show_their_reasons_and_the_sum(township, who, log, asked):
    with time_machine.travel(MONDAY):
        case, code = received(township)
        assigned(case, who)
        clocks.extend(case=case, officer=who("党委副书记"), reason="要等检测。")
        clocks.stop(case=case, officer=who("党政办主任"), **WAIT)
        page = said(asked(code))
    assert "2026年11月23日起暂停计时：等您补充情况。请您写明是哪一户。" in page
    assert "延长了期限，理由是：要等检测。" in page
    assert "现在暂停计算，还有10个工作日。" in page
    assert "最晚" not in page


def test_a_letter_is_told_first_whether_it_is_taken_up(township, who, log, asked):
    with time_machine.travel(MONDAY):
        case, code = received(township, kind=CaseKind.LETTER, intake=Intake(who("党政办主任")))
        assert "最晚2026年12月8日告知是否受理。" in said(asked(code))
        clocks.accept(case=case, officer=who("党政办主任"))
        assert "最晚2027年1月22日答复。" in said(asked(code))


def test_why_it_is_not_enough_must_be_said(township, who, log, asked):
    case, code = received(township)
    settled(case, who)
    missing = asked(code, reopen="1", text=" ")
    assert (missing.status_code, "请写明对答复哪里不满意" in said(missing)) == (422, True)
    again = said(asked(code, reopen="1", text="还没有通水。"))
    assert "好，重新办理" in again
    assert "还没有通水。" in again


def test_two_taps_at_closing_and_again_after_four_weeks(township, who, log, asked):
    case, code = received(township)
    with time_machine.travel(MONDAY):
        settled(case, who)
        assert "对答复满意吗" in said(asked(code))
        done = said(asked(code, judge="yes"))
        assert "记下了，谢谢" in done
        assert "对答复满意吗" not in done
    with time_machine.travel(MONDAY + 28 * DAY + HOUR):
        assert "四周过去了，真办好了吗" in said(asked(code))
        assert asked(code, judge="maybe").status_code == 422
        asked(code, judge="no")
    assert list(Survey.objects.order_by("pk").values_list("moment", "verdict")) == [
        ("closing", "yes"),
        ("later", "no"),
    ]


def test_a_voice_is_taken_back_and_contact_data_destroyed_on_demand(township, log, asked):
    _case, code = received(township, contact={"name": "", "tel": "13900001234"})
    assert "联系方式已经销毁" in said(asked(code, forget="1"))
    assert not Contact.objects.exists()
    _other, second = received(township, contact={"name": "", "tel": "13900001234"})
    done = said(asked(second, withdraw="1"))
    assert "您已经撤回，不再办了。" in done
    assert not Contact.objects.exists()
    assert asked(second, withdraw="1").status_code == 422


def test_a_file_is_added_by_the_rules_for_hostile_uploads(township, log, asked, home):
    _case, code = received(township)

    def upload(name, data):
        return asked(code, attach="1", file=SimpleUploadedFile(name, data))

    assert "请选一个文件" in said(asked(code, attach="1"))
    good = said(upload("漏水.pdf", made.scan(1)))
    assert "附件收到了" in good
    assert "附件：漏水.pdf" in good
    bad = upload("宏.docx", made.docx("甲", parts={"word/vbaProject.bin": b"x"}))
    assert (bad.status_code, Refusal.objects.count()) == (422, 1)
    assert "“宏.docx”：" in said(bad)
    large = upload("大.pdf", b"%PDF" + b"0" * (10 * 1024 * 1024))
    assert "文件太大，最大10MB。" in said(large)
    upload("\u202e二.pdf", made.scan(2))
    assert "附件：二.pdf" in said(asked(code))
    upload("三.pdf", made.scan(3))
    many = upload("四.pdf", made.scan(4))
    assert "最多附3个文件，现在有4个。" in said(many)
    assert StoredFile.objects.count() == 3


def test_merged_voices_read_the_answer_and_nothing_of_each_other(township, who, log, asked):
    head, first = received(township, text="水渠断了，我是甲某。")
    case, second = received(township, text="没有水，我是乙某。")
    handling.merge(case=case, officer=who("党政办主任"), into=head.number)
    assert f"和第{head.number}号是同一件事" in said(asked(second))
    settled(head, who)
    asked(second, reopen="1", text="乙家还是没有水。")
    pages = said(asked(first)), said(asked(second))
    assert all("十二月二十日前修好。" in page for page in pages)
    assert "乙" not in pages[0]
    assert case.number not in pages[0]
    assert "甲某" not in pages[1]
    assert "乙家还是没有水。" in pages[1]


def test_a_voice_handed_over_is_followed_by_the_same_code(township, who, log, asked):
    village = below(township)
    with time_machine.travel(MONDAY):
        case, code = received(township)
        there = handling.hand_over(
            case=case, officer=who("党政办主任"), to=village, reason="归村里管。"
        )
        page = said(asked(code))
    assert "已经转交石桥村村民委员会办，那边的编号是2026-1。" in page
    assert "最晚2026年11月30日答复。" in page
    assert cast.officer_named(village, "村文书").organisation == there.organisation


def test_whoever_asked_is_told_that_a_disclosure_was_begun(township, who, log, asked):
    from tests.procedure.editions import opened, organisation_entry, sealed

    from gongkai.foundation.organisations.queries import post

    topic, code = topic_of(township, who)
    handling.ask_help(case=topic.case, officer=who("党政办主任"), post=post(township, "organiser"))
    entry = organisation_entry(township, "JC-05")
    draft = topics.become(case=topic.case, officer=who("组织干事"), entry=entry, title="清运费收支")
    before = said(asked(code))
    assert "已经据此起草，审核以后公开" in before
    assert "清运费收支" not in before
    opened(sealed(draft.disclosure, draft=draft))
    log()
    assert f'/i/{draft.disclosure.address}">清运费收支</a>' in asked(code).content.decode()
    assert workflow.withdraw(case=topic.case, receipt=code).state == "withdrawn"


@pytest.mark.browser
def test_a_scanned_code_is_filled_in_and_leaves_the_address(township, who, log, site, browser):
    """On a phone; and nothing that axe objects to, on the pages that came with the doors."""
    case, code = received(township)
    topic_of(township, who)
    settled(case, who)
    wrong: list[str] = []
    with browser.new_context(viewport={"width": 390, "height": 800}) as context:
        context.add_cookies([{"name": "gongkai_language", "value": "zh-hans", "url": site}])
        page = context.new_page()
        asked: list[str] = []
        page.on("request", lambda request: asked.append(request.url))
        page.goto(f"{site}{STATUS}#{code}")
        assert page.input_value("input[name=code]") == code
        assert page.url == f"{site}{STATUS}"
        page.click("main form button")
        assert "2026-1" in page.inner_text("h1")
        assert [url for url in asked if code in url.partition("#")[0]] == []
        wrong += axe.complaints(page, (390, 320))
        for path in (TOPICS, QUESTION):
            page.goto(site + path)
            wrong += axe.complaints(page, (390, 320))
    assert wrong == []
