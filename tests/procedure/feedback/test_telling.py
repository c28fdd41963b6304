"""What whoever gave a voice is told: a number and a day, once, if they asked, until they stop."""

import logging
import re
import smtplib
from datetime import date, timedelta

import pytest
import time_machine
from django.core import mail
from django_tasks_db.models import DBTaskResult
from tests.foundation.notices.receiving import receiver
from tests.foundation.notices.test_queue import Server
from tests.foundation.notices.working import work
from tests.procedure.editions import HOUR, MONDAY
from tests.procedure.feedback.test_clocks import DAY, WAIT
from tests.procedure.feedback.test_handling import below
from tests.procedure.feedback.test_views import VOICE, code_in, reader, said, token_in
from tests.procedure.feedback.test_workflow import assigned, received, settled

from gongkai.foundation.core.errors import Refused
from gongkai.foundation.ledger.models import Act
from gongkai.foundation.notices import jobs as notices
from gongkai.foundation.notices import signing
from gongkai.foundation.notices.models import Letter
from gongkai.foundation.notices.workflow import PAUSES
from gongkai.procedure.catalogue.queries import asked_once
from gongkai.procedure.feedback import (
    bulk,
    clocks,
    contacts,
    handling,
    holding,
    jobs,
    queries,
    taking,
    telling,
    tidings,
    workflow,
)
from gongkai.procedure.feedback.models import Case, Contact, Survey, Tiding
from gongkai.procedure.feedback.spoken import Spoken
from gongkai.procedure.feedback.states import CaseKind

__all__ = ["reader", "receiver"]
pytestmark = pytest.mark.django_db
ADDRESS, NUMBER, NAME, TEXT = "wang@example.org", "13800001234", "王某", "水渠什么时候修好？"
WISH = {"name": NAME, "mail": ADDRESS, "tell_mail": "yes", "language": "zh-hans"}
STATUS = "/say/status/"
GONE = smtplib.SMTPRecipientsRefused({ADDRESS: (550, b"unknown")})


@pytest.fixture(autouse=True)
def through_the_queue(settings):
    settings.EMAIL_HOST = "mail.example.org"
    settings.MAIL_BACKEND = f"{Server.__module__}.{Server.__qualname__}"
    Server.mood = [None]


def told() -> list[tuple[str, str]]:
    """What goes out now: subject and first line of each letter; then the tray is empty."""
    jobs.tell(MONDAY)
    work()
    found = [(each.subject, each.body.splitlines()[0]) for each in mail.outbox]
    mail.outbox.clear()
    return found


def voice(township, **changes):
    """A voice whose sender is told, after the first letter."""
    case, code = received(township, text=TEXT, contact={**WISH, **changes})
    told()
    return case, code


def leave_of(contact):
    return f"/say/letters/{tidings.word(contact.handle)}/"


# -- letters ---------------------------------------------------------------------------------------


def test_what_happens_is_told_once_each(township, who, log):
    with time_machine.travel(MONDAY, tick=False) as clock:
        case, code = received(township, text=TEXT, contact=WISH)
        assert told() == [
            (
                "中共青溪镇委员会：第2026-1号收下了",
                "您说的事收下了，编号2026-1，最晚2026年11月30日答复。",
            )
        ]
        assigned(case, who)
        clocks.extend(case=case, officer=who("党委副书记"), reason="要等检测结果。")
        clocks.stop(case=case, officer=who("党政办主任"), **WAIT, until=date(2026, 11, 26))
        assert told() == [
            (
                "中共青溪镇委员会：第2026-1号延长了期限",
                "编号2026-1延长了期限，最晚2026年12月7日答复。",
            ),
            (
                "中共青溪镇委员会：第2026-1号暂停计时",
                "编号2026-1暂停计时，最晚2026年11月26日接着计时。也许在等您补充。",
            ),
        ]
        clock.shift(3 * DAY)
        jobs.end_pauses(MONDAY + 3 * DAY)
        assert [line for _subject, line in told()] == [
            "编号2026-1接着计时，最晚2026年12月9日答复。"
        ]
        settled(case, who)
        assert told() == [("中共青溪镇委员会：第2026-1号有答复了", "编号2026-1有答复了。")]
        workflow.reopen(case=case, receipt=code, text="还没有来人。")
        settled(case, who)
        assert [line for _subject, line in told()] == ["编号2026-1有答复了。"]
        assert told() == []


def test_a_petition_is_told_that_it_is_taken_up(township, who, log):
    with time_machine.travel(MONDAY, tick=False):
        case, _code = received(
            township, contact=WISH, kind="letter", intake=workflow.Intake(who("党政办主任"))
        )
        clocks.accept(case=case, officer=who("党政办主任"))
        assert [line for _subject, line in told()] == [
            "您说的事登记了，编号2026-1，最晚2026年12月8日告知是否受理。",
            "编号2026-1受理了，最晚2027年1月22日答复。",
        ]


def test_a_letter_has_nothing_of_the_voice_nor_of_the_answer(township, who, log, caplog):
    with caplog.at_level(logging.DEBUG):
        case, code = received(township, text=TEXT, contact=WISH)
        kept = [*Contact.objects.values(), *Tiding.objects.values()]
        settled(case, who)
        jobs.tell(MONDAY)
        jobs.write_letters.call()
        kept += [*Letter.objects.values(), *DBTaskResult.objects.values(), *Act.objects.values()]
        work()
    first, second = mail.outbox
    (contact,) = Contact.objects.all()
    assert second.to == [ADDRESS]
    lines = second.body.splitlines()
    assert all(re.fullmatch(r"(?:|\w+：0000-\d{7})", line) for line in lines[4:-4])
    assert [*lines[2:4], *lines[-3:]] == [
        "写了什么、要做什么，凭查询码看：http://127.0.0.1:8000/say/status/",
        "",
        "公开栏：http://127.0.0.1:8000/",
        "",
        f"不想再收这一件的信：http://127.0.0.1:8000{leave_of(contact)}",
    ]
    assert second.extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    letters = str([(each.subject, each.body, each.extra_headers) for each in (first, second)])
    for private in (TEXT, NAME, ADDRESS, code, code.replace("-", ""), "十二月二十日前修好"):
        assert private not in letters
    for private in (NAME, ADDRESS, code):
        assert private not in str(kept) + caplog.text


def test_it_is_written_in_the_language_of_the_voice(township, who, log):
    with time_machine.travel(MONDAY):
        received(township, contact={**WISH, "language": "en"})
        ((subject, line),) = told()
    assert subject.endswith(": number 2026-1, taken in")
    assert line == (
        "What you said is taken in under number 2026-1. It is answered by 30 November 2026."
    )


def test_nobody_is_written_to_who_did_not_ask(township, who, log):
    case, _code = received(township, contact={"name": NAME, "mail": ADDRESS})
    settled(case, who)
    assert (told(), Contact.objects.get().handle) == ([], None)
    assert queries.contact_of(case) == {"name": NAME, "mail": ADDRESS}


def test_who_was_merged_hears_by_their_own_number(township, who, log):
    head, _code = received(township)
    part, _code = voice(township)
    assigned(head, who)
    handling.merge(case=part, officer=who("党政办主任"), into=head.number)
    answered = workflow.answer(case=head, officer=who("财政所长"), text="已修。", outcome="done")
    workflow.approve(answer=answered, officer=who("党委副书记"))
    assert [line for _subject, line in told()] == [f"编号{part.number}有答复了。"]


def test_who_was_handed_over_hears_the_new_number(township, who, log):
    village = below(township)
    case, _code = voice(township)
    there = handling.hand_over(case=case, officer=who("党政办主任"), to=village, reason="村里的事")
    assert [line for _subject, line in told()] == [
        f"编号{case.number}转交{village.name}办，那边的编号是{there.number}。查询码照用。"
    ]
    assert queries.contact_of(case) == {}


def test_four_weeks_later_they_are_asked_once_unless_they_said_it(township, who, log):
    with time_machine.travel(MONDAY, tick=False) as clock:
        (case, code), (other, _other_code) = voice(township), voice(township)
        settled(case, who)
        settled(other, who)
        told()
        later = MONDAY + 28 * DAY + HOUR
        assert jobs.ask_again(later - 2 * HOUR) == 0
        clock.move_to(later)
        workflow.judge(case=case, receipt=code, verdict="yes")
        assert (jobs.ask_again(later), jobs.ask_again(later)) == (1, 0)
        assert [line for _subject, line in told()] == [
            f"编号{other.number}答复四周了。真办好了没有，请您说一声。"
        ]
        assert Survey.objects.count() == 1


@pytest.mark.parametrize("count", [1, 3])
def test_a_flood_is_written_by_the_worker(
    township, who, log, count, django_assert_num_queries, monkeypatch
):
    numbers = [voice(township)[0].number for _each in range(count)]
    for number in numbers:
        assigned(Case.objects.get(number=number), who)
    bulk.answer(numbers, officer=who("财政所长"), text="已修。", outcome="done")
    monkeypatch.setattr(tidings, "letter", lambda *_: pytest.fail("written in the request"))
    bulk.approve(numbers, officer=who("党委副书记"))
    monkeypatch.undo()
    assert Tiding.objects.count() == count
    found = list(telling.waiting())
    with asked_once(), django_assert_num_queries(6 + count):  # each letter is put into the queue
        assert telling.write(found) == count
    assert telling.write(found) == 0
    work()
    assert len(mail.outbox) == count


def test_a_worker_that_is_killed_leaves_all_or_nothing(township, log, monkeypatch):
    received(township, contact=WISH)
    monkeypatch.setattr(type(notices.send_many), "enqueue", lambda _task, _pks: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        jobs.write_letters.call()
    assert (Letter.objects.count(), Tiding.objects.count()) == (0, 1)
    monkeypatch.undo()
    assert len(told()) == 1
    assert (Letter.objects.count(), Tiding.objects.count()) == (0, 0)


def test_nobody_has_hundreds_of_voices_send_letters_to_one_address(township, log):
    for n in range(telling.FIRST_LETTERS + 2):
        received(township, contact={**WISH, "mail": ADDRESS.upper() if n % 2 else ADDRESS})
    received(township, contact={**WISH, "mail": "li@example.org"})
    assert len(told()) == telling.FIRST_LETTERS + 1
    assert ADDRESS not in str(list(Contact.objects.values()))


def test_what_waits_goes_with_the_contact_data(township, log):
    _case, code = received(township, contact=WISH)
    received(township, contact=WISH)
    jobs.write_letters.call()
    assert Letter.objects.count() == 2
    workflow.forget(case=_case, receipt=code)
    assert Letter.objects.count() == 1
    with time_machine.travel(MONDAY + 400 * DAY):
        jobs.destroy_contacts(MONDAY + 400 * DAY)
    assert (Letter.objects.count(), Contact.objects.count()) == (0, 0)


# -- short messages --------------------------------------------------------------------------------


def test_a_short_message_says_the_same_without_a_link_that_does_anything(
    township, who, log, settings, receiver
):
    settings.SMS_URL, settings.SMS_SECRET = receiver.address, signing.new_secret()
    wish = {"tel": NUMBER, "tell_text": "yes"}
    taken = {"kind": "hotline", "intake": workflow.Intake(who("党政办主任")), "contact": wish}
    with time_machine.travel(MONDAY):
        received(township, **taken)
        assert told() == []
    ((_headers, body),) = receiver.came
    assert body.decode() == (
        '{"format":"gongkai-text/1","text":"中共青溪镇委员会：您说的事收下了，编号2026-1，'
        '最晚2026年11月30日答复。凭查询码看进展：http://127.0.0.1:8000/say/status/",'
        f'"to":"{NUMBER}"}}'
    )
    case, _code = received(township, contact=wish)
    told()
    assert len(receiver.came) == 1  # from the web, nobody knows yet whose number it is
    receiver.status = 422
    settled(case, who)
    told()
    jobs.settle_letters(MONDAY)
    assert queries.reach(case).by_text is False
    assert Act.objects.get(verb="contact.unreached").facts == {"case": case.number, "by": "text"}


# -- stopping --------------------------------------------------------------------------------------


def test_a_link_stops_the_letters_and_opening_it_does_nothing(township, who, log, reader):
    case, _code = voice(township)
    contact = Contact.objects.get()
    settled(case, who)
    link = leave_of(contact)
    for _scanner in range(2):
        page = reader.get(link)
        assert "按一下按钮，这一件以后不再寄信" in said(page)
    assert (Tiding.objects.count(), Contact.objects.get().by_mail) == (1, True)
    done = reader.post(
        link, {"List-Unsubscribe": "One-Click"}, headers={"Origin": "https://m.example"}
    )
    assert "不再寄信了" in said(done)
    assert (told(), Contact.objects.get().by_mail, Tiding.objects.count()) == ([], False, 0)
    assert Act.objects.get(verb="contact.tell").facts == {"case": case.number, "by": ""}
    again, forged = reader.post(link), reader.post(f"{link[:-3]}~~/")
    assert said(again) == said(forged) == said(done)
    assert Act.objects.filter(verb="contact.tell").count() == 1


def test_letters_are_stopped_and_begun_on_the_private_page(township, log, reader):
    case, code = voice(township)
    page = said(reader.post(STATUS, {"code": code}))
    assert "有进展时寄信到w…@example.org，只写编号和日期。" in page.replace(" ", "")
    assert ADDRESS not in page
    assert "不再告诉您了" in said(reader.post(STATUS, {"code": code, "hush": "1"}))
    wrong = reader.post(STATUS, {"code": code, "reach": "1", "mail": "wang"})
    assert (wrong.status_code, "邮箱要写成 name@example.com 的样子" in said(wrong)) == (422, True)
    reader.post(STATUS, {"code": code, "reach": "1", "mail": "li@Example.org"})
    assert queries.contact_of(case) == {"name": NAME, "mail": "li@example.org"}
    assert Contact.objects.get().by_mail is True


def test_who_left_nothing_may_give_an_address_while_it_is_open(township, who, log):
    case, code = received(township)
    given = {"case": case, "receipt": code, "address": ADDRESS, "language": "en"}
    made = telling.reach(**given)
    assert (made.by_mail, made.language, made.destroy_on > case.promised_on) == (True, "en", True)
    settled(case, who)
    workflow.forget(case=case, receipt=code)
    with pytest.raises(Refused) as refusal:
        telling.reach(**given)
    assert refusal.value.obstacles == ["这一件已经办完，不再留联系方式。有答复和评价，凭查询码看。"]


# -- letters that come back ------------------------------------------------------------------------


def test_what_is_refused_for_good_is_told_to_clerk_and_sender(township, log, reader):
    Server.mood = [GONE]
    with time_machine.travel(MONDAY, tick=False):
        case, code = received(township, contact=WISH)
        told()
        jobs.settle_letters(MONDAY)
        jobs.settle_letters(MONDAY)
        assert queries.reach(case).unreached_on == date(2026, 11, 23)
        page = said(reader.post(STATUS, {"code": code}))
        assert "我们寄给您的信2026年11月23日退回来了" in page.replace(" ", "")
    assert Act.objects.get(verb="contact.unreached").facts == {"case": case.number, "by": "mail"}
    assert Letter.objects.count() == 0
    Server.mood = [None]
    telling.note(case, "answered")
    assert told() == []
    telling.reach(case=case, receipt=code, address="li@example.org", language="zh-hans")
    telling.note(case, "answered")
    assert len(told()) == 1


def test_a_report_that_comes_later_counts_for_the_address_it_came_from(township, log):
    case, code = voice(township)
    word = tidings.word(Contact.objects.get().handle)
    assert telling.returned(word=word, for_good=False) is True
    assert queries.reach(case).unreached_on is None
    telling.reach(case=case, receipt=code, address="li@example.org", language="zh-hans")
    assert telling.returned(word=word, for_good=True) is True
    assert queries.reach(case).unreached_on is None
    assert telling.returned(word="FORGED", for_good=True) is False
    acts = Act.objects.filter(verb__startswith="contact.").order_by("pk")
    assert list(acts.values_list("verb", "facts__by")) == [
        ("contact.missed", "mail"),
        ("contact.tell", "mail"),
    ]


def test_a_server_that_stays_away_leaves_a_line_in_the_story(township, log):
    Server.mood = [ConnectionRefusedError()]
    with time_machine.travel(MONDAY, tick=False) as clock:
        case, _code = received(township, contact=WISH)
        told()
        for pause in PAUSES:
            clock.shift(pause + timedelta(seconds=1))
            work()
        jobs.settle_letters(MONDAY)
    assert Act.objects.get(verb="contact.missed").facts == {"case": case.number, "by": "mail"}
    assert (queries.reach(case).unreached_on, Letter.objects.count()) == (None, 0)


# -- the form --------------------------------------------------------------------------------------


def test_the_form_asks_says_what_it_costs_and_keeps_the_wish(reader, township, log):
    form = reader.get("/say/").content.decode()
    assert re.search(r'name="tell_mail"[^>]*', form)
    assert "checked" not in re.search(r'<input[^>]*name="tell_mail"[^>]*>', form)[0]
    assert "看得到您邮箱的人会知道您说过一件事" in form
    assert "tell_text" not in form
    assert "回音壁在http://127.0.0.1:8000/wall，谁都能看" in form
    missing = reader.post("/say/", {**VOICE, "kind": "opinion", "tell_mail": "on"})
    assert (missing.status_code, "要寄信告诉您，请写邮箱" in said(missing)) == (422, True)
    given = {**VOICE, "kind": "opinion", "mail": "Wang@Example.org", "tell_mail": "on"}
    confirm = reader.post("/say/", given)
    assert "有进展时寄信到Wang@example.org。" in said(confirm).replace(" ", "")
    back = reader.post("/say/", {"token": token_in(confirm), "edit": "1"}).content.decode()
    assert "checked" in re.search(r'<input[^>]*name="tell_mail"[^>]*>', back)[0]
    receipt = reader.post("/say/", {"token": token_in(confirm)})
    case = queries.by_receipt(code_in(receipt))
    assert (queries.reach(case).by_mail, queries.contact_of(case)) == (
        True,
        {"mail": "Wang@example.org"},
    )


def test_where_no_mail_goes_out_none_is_promised(reader, township, log, settings):
    settings.EMAIL_HOST = ""
    assert "tell_mail" not in reader.get("/say/").content.decode()
    given = {**VOICE, "kind": "opinion", "mail": ADDRESS, "tell_mail": "on"}
    reader.post("/say/", {"token": token_in(reader.post("/say/", given))})
    assert Contact.objects.count() == 0


def test_a_short_message_needs_a_mobile_number(reader, township, log, settings):
    settings.SMS_URL = "https://sms.example.org/"
    given = {**VOICE, "kind": "opinion", "tel": "0000-6600101", "tell_text": "on"}
    assert "短信只能发到手机" in said(reader.post("/say/", given))


@pytest.mark.once
def test_a_voice_taken_down_is_answered_in_its_own_language():
    assert contacts.language_of("水渠坏了 broken") == "zh-hans"
    assert contacts.language_of("The canal is broken.") == "en"


def test_what_is_held_is_told_of_once_it_is_a_case(township, who, log):
    clerk, supervisor = who("党政办主任"), who("纪委副书记")
    holding.list_phrase(organisation=township, officer=clerk, phrase="加*微信", why="群发广告")
    sender = taking.Sender("one page", "a network")
    spoken = Spoken(township, None, "加我微信领红包", True, CaseKind.OPINION)
    waiting = taking.take(spoken=spoken, contact=WISH, sender=sender).held
    assert told() == []
    case = holding.let_through(held=waiting, officer=supervisor)
    assert [subject for subject, _line in told()] == [f"中共青溪镇委员会：第{case.number}号收下了"]
