"""The pages under /follow/, as somebody without an account and without JavaScript has them."""

import re
from html import unescape

import pytest
from click.testing import CliRunner
from django.core import mail
from tests.surfaces.channels.conftest import work
from tests.surfaces.channels.test_jobs import LI, follow
from tests.surfaces.channels.test_parts import report

from gongkai.foundation.ledger.models import Act
from gongkai.surfaces.channels import rules, tokens, views
from gongkai.surfaces.channels.commands import mail as command
from gongkai.surfaces.channels.models import Subscription

FORM = {
    "what": "c:qingxi:JC", "words": "", "pace": "now", "mail": LI, "website": "", "lang": "zh-CN"
}  # fmt: skip


def said(response) -> str:
    words = re.sub(r"<[^>]+>", " ", response.content.decode())
    return " ".join(unescape(words).split())


def token_in(response) -> str:
    return re.search(r'name="token" value="([^"]+)"', response.content.decode())[1]


def asked(reader, form=FORM, **more):
    """Through form and confirmation page."""
    token = token_in(reader.post("/follow/", form, **more))
    kept = {"token": token, "what": form["what"], "lang": form["lang"]}
    return reader.post("/follow/", kept, **more)


def link_in(message, purpose) -> str:
    return re.search(rf"http://127\.0\.0\.1:8000(/follow/{purpose}/\S+)", message.body)[1]


def test_the_whole_way_without_session_or_cookie(office, reader):
    page = reader.get("/follow/?what=c:qingxi:JC&words=低保")
    assert page.status_code == 200
    assert 'value="低保"' in page.content.decode()
    check = reader.post("/follow/", FORM)
    assert "现在还什么都没有留下" in said(check)
    assert Subscription.objects.count() == 0
    sent = asked(reader)
    assert f"确认信会寄到{LI}" in said(sent)
    work()
    (message,) = mail.outbox
    path = link_in(message, "confirm")
    for _scanner in range(2):
        assert "还差一步" in said(reader.get(path))
    assert not Subscription.objects.filter(confirmed_at__isnull=False).exists()
    for _double in range(2):
        done = reader.post(path)
        assert (done.status_code, "开始提醒了" in said(done)) == (200, True)
    row = Subscription.objects.get()
    leave = f"/follow/leave/{tokens.token(tokens.LEAVE, row.handle)}/"
    assert "按一下按钮，就不再寄" in said(reader.get(leave))
    assert Subscription.objects.count() == 1
    answers = [reader.post(leave) for _double in range(2)]
    assert {each.content for each in answers} == {answers[0].content}
    assert "不再寄了" in said(answers[0])
    assert Subscription.objects.count() == 0
    for response in (page, check, sent, done, *answers):
        assert not response.cookies
        assert "Cookie" not in response.get("Vary", "")
        assert "no-store" in response["Cache-Control"]


def test_known_and_unknown_forged_and_used_read_the_same(office, reader):
    unknown = asked(reader)
    Subscription.objects.all().delete()
    row = follow("c:qingxi:JC")
    known = asked(reader)
    assert known.content == unknown.content
    good = tokens.token(tokens.LEAVE, row.handle)
    forged = reader.post(f"/follow/leave/{good[:-1]}~/")
    assert Subscription.objects.filter(pk=row.pk).exists()
    assert reader.post(f"/follow/leave/{good}/").content == forged.content
    for bad in (good, "x", "0" * 36):
        gone = reader.post(f"/follow/confirm/{bad}/")
        assert (gone.status_code, "这个链接用不了" in said(gone)) == (410, True)


def test_one_click_comes_from_a_mail_program(office, reader):
    row = follow()
    leave = f"/follow/leave/{tokens.token(tokens.LEAVE, row.handle)}/"
    headers = {"Sec-Fetch-Site": "cross-site", "Origin": "https://mail.example"}
    response = reader.post(leave, {"List-Unsubscribe": "One-Click"}, headers=headers)
    assert response.status_code == 200
    assert Subscription.objects.count() == 0


def test_a_form_from_another_site_is_refused(office, reader):
    headers = {"Sec-Fetch-Site": "cross-site", "Origin": "https://elsewhere.example"}
    assert reader.post("/follow/", FORM, headers=headers).status_code == 403


@pytest.mark.parametrize(
    ("changed", "line"),
    [
        ({"mail": ""}, "请写一个邮箱"),
        ({"mail": "li@example.org\r\nBcc: x@example.org"}, "name@example.com 的样子"),
        ({"mail": "l" * 10_000 + "@example.org"}, "邮箱太长了"),
        ({"mail": "li@example.org\x00"}, "空字符"),
        ({"what": "e:qingxi:NO-99"}, "没有这一项"),
        ({"what": "o:nobody"}, "没有这一项"),
        ({"words": "……！"}, "只有标点"),
        ({"words": "Ⅷ" * 80}, "字太多了"),
        ({"pace": "hour"}, "hour"),
        ({"website": "spam"}, "给机器人准备的"),
    ],
)
def test_bad_input_is_told_in_place_and_keeps_the_rest(office, reader, changed, line):
    response = reader.post("/follow/", {**FORM, **changed})
    assert response.status_code == 422
    assert line in said(response)
    assert Subscription.objects.count() == 0


def test_a_network_that_asks_too_often_is_slowed(office, reader, monkeypatch, still):
    still()
    monkeypatch.setattr(views, "ASKED_AT_ONCE", 4)
    for _each in range(2):
        assert asked(reader).status_code == 200
    assert reader.post("/follow/", FORM).status_code == 429
    assert reader.post("/follow/", FORM, REMOTE_ADDR="198.51.100.1").status_code == 200


def test_without_a_mail_server_no_address_is_taken(office, reader, settings):
    settings.EMAIL_HOST = ""
    response = reader.post("/follow/", FORM)
    assert (response.status_code, "现在还不能寄邮件" in said(response)) == (503, True)


def test_an_english_page_is_answered_and_written_to_in_english(office, reader):
    sent = asked(reader, {**FORM, "lang": "en"})
    assert "A letter goes to" in said(sent)
    work()
    assert mail.outbox[0].subject.startswith("Please confirm")


# -- the office ------------------------------------------------------------------------------------


def test_the_administrator_sees_numbers_and_removes_an_address_on_request(
    office, signed_in, administrator
):
    follow("c:qingxi:JC")
    follow("o:qingxi", words="低保", pace="week")
    client = signed_in(administrator)
    page = client.get("/desk/followers/")
    assert page.status_code == 200
    assert "li@" not in page.content.decode()
    rows = re.findall(r'<th scope="row">.*', page.content.decode())
    assert [re.findall(r">(\d+)<", row) for row in rows] == [list("100000"), list("001100")]
    both = ("Li@Example.org", "no@x.org")
    answers = [client.post("/desk/followers/", {"mail": to}) for to in both]
    assert Subscription.objects.count() == 0
    assert {"这个邮箱如果在这里留过，现在没有了。" in said(each) for each in answers} == {True}
    acts = Act.objects.filter(verb="follow.remove")
    assert acts.count() == 2
    assert "example" not in str(list(acts.values()))


def test_others_do_not_see_the_numbers(office, signed_in, organiser):
    assert signed_in(organiser).get("/desk/followers/").status_code == 403


def test_a_village_sees_its_own_numbers_alone(office, signed_in, village_clerk):
    follow("c:qingxi:JC")
    page = said(signed_in(village_clerk).get("/desk/followers/"))
    assert "还没有人跟进" in page


def test_a_bounced_letter_counts_as_a_refusal(office):
    row = follow()
    link = f"https://b.example/follow/leave/{tokens.token(tokens.LEAVE, row.handle)}/"
    for _each in range(rules.REFUSALS):
        run = CliRunner().invoke(command, ["bounce"], input=report(link=link))
        assert (run.exit_code, run.output) == (0, "记下了一次退信。\n")
    assert Subscription.objects.get().paused_at is not None
    forged = CliRunner().invoke(command, ["bounce"], input=report(link=link[:-2] + "~/"))
    assert (forged.exit_code, "没有记" in forged.output) == (0, True)
