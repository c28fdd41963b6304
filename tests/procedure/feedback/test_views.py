"""The public pages under /say/, as somebody without an account and without JavaScript has them."""

import re
from html import unescape

import pytest
import time_machine
from django.core import signing
from django.test import Client
from django.utils import translation
from tests.procedure.editions import HOUR, MONDAY, disclosure_of, opened, sealed
from tests.procedure.feedback.test_workflow import drafted, settled
from tests.procedure.feedback.worked import worked_in

from gongkai.foundation.core.pace import Pace
from gongkai.foundation.ledger.models import Act
from gongkai.procedure.feedback import confirmation, guards, holding, paces, queries, workflow
from gongkai.procedure.feedback.models import Attempt, Case, Heard, Held
from gongkai.procedure.publication import workflow as publication

pytestmark = pytest.mark.django_db

VOICE = {"say": "水渠什么时候修好？", "show": "yes", "name": "", "tel": "", "website": ""}


@pytest.fixture
def reader():
    """A browser that checks for forged forms as Django does, without a session."""
    return Client(enforce_csrf_checks=True)


def said(response):
    """What a person reads on the page."""
    words = re.sub(r"<[^>]+>", " ", response.content.decode())
    return " ".join(unescape(words).split())


def token_in(response):
    return re.search(r'name="token" value="([^"]+)"', response.content.decode())[1]


def code_in(response):
    return re.search(r'class="receipt">([^<]+)<', response.content.decode())[1]


def sent(reader, path, voice=VOICE):
    """Through form and confirmation to the receipt page."""
    return reader.post(path, {"token": token_in(reader.post(path, voice))})


def test_the_whole_way_without_session_or_cookie(reader, township, item):
    path = f"/say/{item.address}/"
    with time_machine.travel(MONDAY):
        form = reader.get(path)
        assert form.status_code == 200
        assert "关于水利设施的决定" in said(form).replace(" ", "")
        assert "最晚2026年11月30日答复" in said(form)
        confirm = reader.post(path, VOICE)
        assert "意见还没有送出" in said(confirm)
        assert Case.objects.count() == 0
        receipt = reader.post(path, {"token": token_in(confirm)})
    case = Case.objects.get()
    assert (case.text, case.show, case.disclosure) == ("水渠什么时候修好？", True, item)
    assert queries.by_receipt(code_in(receipt)) == case
    assert [response.cookies for response in (form, confirm, receipt)] == [{}, {}, {}]
    assert all("no-store" in r["Cache-Control"] for r in (form, confirm, receipt))
    assert Act.objects.filter(verb="case.receive").count() == 1


def test_sending_twice_shows_the_same_code(reader, township, item):
    path = f"/say/{item.address}/"
    token = token_in(reader.post(path, VOICE))
    first, second = (reader.post(path, {"token": token}) for _ in range(2))
    assert code_in(first) == code_in(second)
    assert Case.objects.count() == 1


def test_a_thing_without_an_item(reader, township, log):
    with time_machine.travel(MONDAY):
        receipt = sent(reader, "/say/", {**VOICE, "kind": "topic"})
    case = Case.objects.get()
    assert (case.kind, case.disclosure) == ("topic", None)
    assert "最晚2026年11月26日答复" in said(receipt)


def test_a_problem_of_an_item_from_its_page_to_its_outcome(reader, township, item, who):
    path = f"/say/{item.address}/problem/"
    voice = {**VOICE, "say": "附件里有手机号。"}
    with time_machine.travel(MONDAY):
        form = reader.get(path)
        assert "这一件由党政综合办公室负责。" in said(form)
        assert "0000-6600101" in said(form)
        assert "工作日上午8:30至12:00" in said(form)
        missing = reader.post(path, voice)
        assert (missing.status_code, "请选一项" in said(missing)) == (422, True)
        confirm = reader.post(path, {**voice, "ground": "privacy"})
        assert "指出问题：泄露个人信息" in said(confirm).replace(" ", "")
        assert "只让经办人看" in said(confirm)
        assert "最晚2026年11月24日答复" in said(confirm)
        receipt = reader.post(path, {"token": token_in(confirm)})
    case = Case.objects.get()
    assert (case.kind, case.ground, case.show, case.disclosure) == (
        "problem",
        "privacy",
        False,
        item,
    )
    publication.withdraw(disclosure=item, officer=who("党委副书记"), reason="有个人信息")
    written = drafted(case, who, outcome="removed")
    workflow.approve(answer=written, officer=who("党委副书记"))
    progress = reader.post("/say/status/", {"code": code_in(receipt)})
    assert "已撤下 看现在的样子" in said(progress)
    assert f'/i/{item.address}">看现在的样子</a>' in progress.content.decode()
    assert reader.get(path).status_code == 404


def test_words_are_escaped(reader, township, item):
    shown = reader.post(f"/say/{item.address}/", {**VOICE, "say": "<script>x</script>"})
    assert b"<script>x" not in shown.content
    assert b"&lt;script&gt;x&lt;/script&gt;" in shown.content


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"say": ""}, "请写几个字，写清楚是什么事"),
        ({"say": "长" * 2001}, "最多2000个字，现在有2001个。请写短一些，或者分几次说。"),
        ({"show": ""}, "请选一项"),
        ({"website": "http://spam.example"}, "有一栏是给机器人准备的，已经清空。请再送一次。"),
        ({"tel": "1" * 41}, "40"),
    ],
    ids=["empty", "too long", "no choice", "the trap", "a long number"],
)
def test_a_mistake_is_said_and_the_text_is_kept(reader, township, item, changes, message):
    voice = {**VOICE, "say": "写了很久的话。", **changes}
    response = reader.post(f"/say/{item.address}/", voice)
    assert response.status_code == 422
    assert message in said(response)
    assert voice["say"][:100] in unescape(response.content.decode())
    assert "http://spam.example" not in response.content.decode()
    assert Case.objects.count() == 0


def test_going_back_keeps_everything(reader, township, item):
    path = f"/say/{item.address}/"
    voice = {**VOICE, "show": "no", "name": "石桥村民", "tel": "13900001234"}
    again = reader.post(path, {"token": token_in(reader.post(path, voice)), "edit": "1"})
    page = again.content.decode()
    assert again.status_code == 200
    assert all(words in page for words in ("水渠什么时候修好？", "石桥村民", "13900001234"))
    assert re.search(r'value="no"[^>]*checked', page)


def test_a_page_left_lying_expires_and_loses_nothing(reader, township, item):
    path = f"/say/{item.address}/"
    with time_machine.travel(MONDAY):
        token = token_in(reader.post(path, VOICE))
    with time_machine.travel(MONDAY + 2 * HOUR):
        late = reader.post(path, {"token": token})
    assert late.status_code == 422
    assert "内容都在，请再送一次。" in said(late)
    assert "水渠什么时候修好？" in late.content.decode()
    assert Case.objects.count() == 0


def test_a_forged_or_moved_token_is_not_taken(reader, township, item):
    other = disclosure_of(township, title="另一件")
    token = token_in(reader.post(f"/say/{item.address}/", VOICE))
    for path, forged in ((f"/say/{item.address}/", token[:-3] + "xyz"), ("/say/", token)):
        response = reader.post(path, {"token": forged})
        assert response.status_code == 422
        assert "确认页不完整，意见没有送出。" in said(response)
    assert reader.post(f"/say/{other.address}/", {"token": token}).status_code == 404
    assert Case.objects.count() == 0


def test_the_confirmation_shows_how_the_wall_will_mask(reader, township, item):
    voice = {**VOICE, "say": "打13900001234告诉我。", "tel": "13900005678"}
    with time_machine.travel(MONDAY):
        page = said(reader.post(f"/say/{item.address}/", voice))
    assert "打139****1234告诉我。" in page
    assert "加密保存，最晚2027年5月29日销毁" in page


# -- who may speak about what ----------------------------------------------------------------------


def test_nobody_speaks_about_what_they_cannot_read(reader, township, log, who, signed_in):
    item = disclosure_of(township, title="内部事项")
    opened(sealed(item), "A3")
    assert reader.get(f"/say/{item.address}/").status_code == 404
    log()
    assert reader.get(f"/say/{item.address}/").status_code == 404
    member = signed_in(who("组织干事"))
    response = member.get(f"/say/{item.address}/")
    assert response.status_code == 200
    assert "内部事项" in said(response).replace(" ", "")
    assert sent(member, f"/say/{item.address}/").status_code == 200


def test_an_unknown_or_withdrawn_item_is_not_found(reader, item, who):
    assert reader.get("/say/0000000000/").status_code == 404
    publication.withdraw(disclosure=item, officer=who("党委副书记"), reason="有误。")
    assert reader.get(f"/say/{item.address}/").status_code == 404


# -- foreign pages, robots, floods -----------------------------------------------------------------


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 200),
        ({"Sec-Fetch-Site": "same-origin", "Origin": "http://127.0.0.1:8000"}, 200),
        ({"Sec-Fetch-Site": "none"}, 200),
        ({"Sec-Fetch-Site": "cross-site", "Origin": "https://elsewhere.example"}, 403),
        ({"Sec-Fetch-Site": "cross-site", "Origin": "null"}, 403),
        ({"Origin": "https://elsewhere.example"}, 403),
        ({"Origin": "http://127.0.0.1:8000"}, 200),
    ],
)
def test_a_form_from_another_site_is_refused(reader, item, headers, status):
    response = reader.post(f"/say/{item.address}/", VOICE, headers=headers)
    assert response.status_code == status
    if status == 403:
        assert "这张表是从别的网站送来的，没有收下。" in said(response)


def test_a_flood_from_one_network_waits_some_minutes_unless_its_pages_work(
    reader, item, monkeypatch, still
):
    still()
    monkeypatch.setattr(paces, "WITHOUT", 2)
    path, near = f"/say/{item.address}/", {"REMOTE_ADDR": "203.0.113.7"}

    def confirmed(words):
        return reader.post(path, {**VOICE, "say": words}, REMOTE_ADDR="203.0.113.200")

    for each in "一二":
        token = token_in(confirmed(each))
        assert reader.post(path, {"token": token}, **near).status_code == 200
    page = confirmed("三")
    slowed = reader.post(path, {"token": token_in(page)}, **near)
    assert (slowed.status_code, int(slowed["Retry-After"]) <= 600) == (429, True)
    assert "请过10分钟再送。您写的都在，没有丢。" in said(slowed).replace(" ", "")
    assert "三" in said(slowed)
    forged = reader.post(path, {"token": token_in(slowed), "work": "1 2 3 4 5 6 7 8"}, **near)
    assert forged.status_code == 429
    answer = worked_in(forged.content.decode())
    through = reader.post(path, {"token": token_in(forged), "work": answer}, **near)
    assert through.status_code == 200
    replayed = {"token": token_in(confirmed("四")), "work": answer}
    assert reader.post(path, replayed, **near).status_code == 429
    far = {"REMOTE_ADDR": "198.51.100.1"}
    assert reader.post(path, replayed, **far).status_code == 200
    assert Case.objects.count() == 4
    assert not Heard.objects.filter(network__contains="203").exists()


def test_the_same_words_again_are_told_honestly_and_can_be_added_to(reader, item):
    path = f"/say/{item.address}/"
    with time_machine.travel(MONDAY):
        assert sent(reader, path).status_code == 200
        again = sent(reader, path)
        assert (again.status_code, "查询码在收到的那一页上" in said(again)) == (409, True)
        assert not re.search(r'class="receipt"', again.content.decode())
        edited = reader.post(path, {"token": token_in(again), "edit": "1"})
    assert (edited.status_code, "水渠什么时候修好？" in edited.content.decode()) == (200, True)
    assert Case.objects.count() == 1


def test_what_is_held_has_a_receipt_a_day_and_a_reason(reader, township, item, who):
    clerk, supervisor = who("党政办主任"), who("纪委副书记")
    holding.list_phrase(organisation=township, officer=clerk, phrase="加*微信", why="广告")
    with time_machine.travel(MONDAY):
        voice = {**VOICE, "say": "加\u200b我微 信", "tel": "0000-1"}
        receipt = sent(reader, f"/say/{item.address}/", voice)
        assert "没有丢，也没有拒收" in said(receipt)
        assert "最晚2026年11月25日有人看过" in said(receipt).replace(" ", "")
        code = code_in(receipt)
        waiting = reader.post("/say/status/", {"code": code})
        assert "等监督岗位的人看一遍。" in said(waiting)
    held = Held.objects.get()
    holding.refuse(held=held, officer=supervisor, reason="advert", why="是广告。")
    page = said(reader.post("/say/status/", {"code": code, "withdraw": "1"}))
    assert "看过了，不受理。" in page
    assert "是广告。" in page
    assert "这一件已经看过了，不能撤回。" in page
    assert Case.objects.count() == 0


def test_its_sender_takes_back_what_is_held(reader, township, item, who):
    clerk = who("党政办主任")
    holding.list_phrase(organisation=township, officer=clerk, phrase="加微信", why="广告")
    code = code_in(sent(reader, f"/say/{item.address}/", {**VOICE, "say": "加微信"}))
    page = said(reader.post("/say/status/", {"code": code, "withdraw": "1"}))
    assert "您已经撤回，不再办了。内容和联系方式都已经销毁。" in page
    assert Held.objects.get().text == ""


def test_pages_are_asked_for_at_a_pace(reader, item, monkeypatch):
    monkeypatch.setattr(paces, "WRITING", Pace(steady=0.01, at_once=1.0))
    path = f"/say/{item.address}/"
    statuses = [reader.post(path, VOICE).status_code for _ in range(2)]
    slowed = reader.post(path, VOICE)
    assert (statuses, slowed.status_code) == ([200, 429], 429)
    assert 1 <= int(slowed["Retry-After"]) <= 100
    assert VOICE["say"] in slowed.content.decode()


def test_a_page_of_before_the_work_is_taken_and_a_clock_set_back_changes_nothing(reader, item):
    path = f"/say/{item.address}/"
    fields = {**VOICE, "kind": "opinion"}
    kept = {"fields": fields, "address": item.address, "once": "old"}
    old = signing.dumps(kept, salt=confirmation.SALT)
    assert reader.post(path, {"token": old}).status_code == 200
    with time_machine.travel(MONDAY + 2 * HOUR):
        token = token_in(reader.post(path, {**VOICE, "say": "另一句"}))
    with time_machine.travel(MONDAY):
        assert reader.post(path, {"token": token}).status_code == 200


def test_past_knocks_are_forgotten(reader, township, log):
    for later in range(2):
        with time_machine.travel(MONDAY + later * HOUR):
            reader.post("/say/status/", {"code": "QX7F-2M9D-41XC-8KTA"})
    assert Attempt.objects.count() == 1


def test_a_form_too_large_is_refused_in_words(reader, item, settings):
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 1000
    response = reader.post(f"/say/{item.address}/", {**VOICE, "say": "长" * 1000})
    assert response.status_code == 403
    assert "送来的内容太大。请只写文字，最多2000个字。" in said(response)


# -- progress --------------------------------------------------------------------------------------


def test_the_code_shows_state_promise_and_answer(reader, township, item, who):
    with time_machine.travel(MONDAY):
        code = code_in(sent(reader, f"/say/{item.address}/"))
        page = said(reader.post("/say/status/", {"code": code.lower()}))
        assert "已经收到，正在确定由谁来办。" in page
        assert "最晚2026年11月30日答复" in page
    with time_machine.travel(MONDAY + 24 * 10 * HOUR):
        assert "逾期3个工作日" in said(reader.post("/say/status/", {"code": code}))
        settled(Case.objects.get(), who)
        page = said(reader.post("/say/status/", {"code": code}))
    assert "财政所长已经答复。" in page
    assert "十二月二十日前修好。" in page
    assert "不满意，请重办一次" in page


def test_the_code_reopens_once(reader, township, item, who):
    code = code_in(sent(reader, f"/say/{item.address}/"))
    settled(Case.objects.get(), who)
    again = reader.post("/say/status/", {"code": code, "reopen": "1", "text": "还没有修好。"})
    assert "好，重新办理" in said(again)
    assert Case.objects.get().state == "assigned"
    twice = reader.post("/say/status/", {"code": code, "reopen": "1", "text": "还没有修好。"})
    assert "这一件已经重办过一次。" in said(twice)


@pytest.mark.parametrize("code", ["", "QX7F-2M9D-41XC-8KTA", "不是查询码", "'; drop table"])
def test_a_wrong_code_tells_nothing(reader, township, log, code):
    response = reader.post("/say/status/", {"code": code})
    assert response.status_code == 422


def test_guessing_codes_is_slowed(reader, township, log, monkeypatch, still):
    still()
    monkeypatch.setitem(guards.LIMITS, "look", 1)
    statuses = [
        reader.post("/say/status/", {"code": "QX7F-2M9D-41XC-8KTA"}).status_code for _ in range(2)
    ]
    assert statuses == [422, 429]


def test_before_set_up_there_is_nobody_to_hear(reader, db):
    assert reader.get("/say/").status_code == 404


def test_the_pages_are_in_english_too(reader, item):
    with translation.override("en"):  # what the request switches to is switched back after it
        page = reader.get(f"/say/{item.address}/", headers={"Accept-Language": "en"})
    assert 'lang="en"' in page.content.decode()
    assert "Qingxi Township Committee of the CPC" in said(page)
