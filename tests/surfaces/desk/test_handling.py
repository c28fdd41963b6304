"""处理反馈 beside the answer, at the desk: intake with its slip, the other acts, many at once."""

import re
from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from tests.foundation.files import made
from tests.surfaces.desk.test_cases import errors, page, said

from gongkai.foundation.organisations.queries import post
from gongkai.procedure.catalogue.queries import entry
from gongkai.procedure.feedback import handling, queries
from gongkai.procedure.feedback.models import Case, Contact
from gongkai.procedure.feedback.states import CaseKind

pytestmark = pytest.mark.django_db
CALL = {"kind": "hotline", "text": "路灯坏了三天。", "tel": "0000-6600123", "callback": "on"}
BOOK, NEW, MANY = (reverse(f"desk:{name}") for name in ("case-book", "case-new", "cases"))


def act(client, case, verb, **given):
    path = reverse("desk:case-act", args=[case.number, verb])
    return client.post(path, given, follow=True)


def marked(found, *numbers):
    return [row.number for row in found.context["rows"]] == list(numbers)


# -- taking down -----------------------------------------------------------------------------------


def test_a_call_is_taken_down_on_one_screen_and_gives_a_slip(voice, at):
    client = at("党政办主任")
    wrong = client.post(NEW, {**CALL, "tel": ""})
    assert (wrong.status_code, errors(wrong, "form")) == (422, ["要回电话，请写下号码"])
    slip = client.post(NEW, {**CALL, "call": "晚上再打。", "urgent": "on"})
    code = re.search(r'class="receipt">([^<]+)<', slip.content.decode())[1]
    case = queries.by_receipt(code)
    assert (case.kind, case.urgent, case.callback) == ("hotline", True, True)
    assert f"#{code}" not in slip.content.decode()  # drawn in the picture alone
    assert slip["Cache-Control"] == "no-store, private"
    shown = client.get(page(case)).content.decode()
    assert all(each in shown for each in ("急件", "晚上再打。", "希望回电话", "党政办主任代录"))


def test_whoever_calls_may_ask_to_be_told_and_the_clerk_sees_when_it_fails(voice, at, settings):
    settings.EMAIL_HOST = "mail.example.org"
    client, given = at("党政办主任"), {**CALL, "mail": "li@example.org", "tell_mail": "on"}
    missing = client.post(NEW, {**given, "mail": ""})
    assert errors(missing, "form") == ["要寄信告诉您，请写邮箱。不写就不要勾。"]
    client.post(NEW, given)
    case = Case.objects.get()
    shown = client.get(page(case)).content.decode()
    assert "li@example.org" in shown
    assert "有进展时自动寄信" in shown
    Contact.objects.update(unreached_on=date(2026, 11, 23))
    assert "寄给他的信2026年11月23日退回来了" in client.get(page(case)).content.decode()
    assert "寄给他的信退回来了，有电话请打电话。" in client.get("/desk/").content.decode()
    assert "li@example.org" not in at("党委副书记").get(page(case)).content.decode()


def test_nobody_else_takes_down(voice, at):
    for path in (NEW, BOOK):
        answer = at("组织干事").post(path, CALL)
        assert (answer.status_code, Case.objects.count()) == (422, 0)
        assert "“分办意见”要由党政办主任来办。" in answer.content.decode()


def test_a_page_of_the_book_is_transcribed_with_its_photograph(voice, at, shiqiao):
    photo = SimpleUploadedFile("第3页.pdf", made.scan(1))
    given = {"photo": photo, "entry1": "井盖丢了。", "entry3": "公厕没有灯。"}
    answer = at("党政办主任").post(BOOK, given)
    assert answer.content.decode().count('class="receipt"') == 2
    first, second = Case.objects.order_by("pk")
    assert [case.kind for case in (first, second)] == ["book", "book"]
    file = queries.files(second)[0]
    path = reverse("desk:case-file", args=[second.number, file.pk])
    got = at("党政办主任").get(path)
    assert got["Content-Disposition"].startswith("attachment")
    for client in (at("组织干事"), at("村文书", shiqiao)):
        assert client.get(path).status_code == 404
    other = reverse("desk:case-file", args=[second.number, file.pk + 99])
    assert at("党政办主任").get(other).status_code == 404


def test_a_harmful_file_is_not_taken_and_nothing_is_lost(voice, at):
    bad = SimpleUploadedFile("页.gif", b"GIF89a\0\0")
    answer = at("党政办主任").post(BOOK, {"photo": bad, "entry1": "井盖丢了。"})
    assert (answer.status_code, Case.objects.count()) == (422, 0)
    assert errors(answer, "form")[0].startswith("“页.gif”：")
    assert "井盖丢了。</textarea>" in answer.content.decode()


# -- the other acts --------------------------------------------------------------------------------


def test_every_act_beside_the_answer(voice, at, qingxi):
    client = at("党政办主任")
    case = voice()
    first = voice(text="水渠断了。")
    done = [
        act(client, case, "mark"),
        act(client, case, "help", **{"help-post": post(qingxi, "organiser").pk}),
        act(client, case, "stop", **{"stop-reason": "sender", "stop-text": "等您说明。"}),
        act(client, case, "resume"),
        act(at("党委副书记"), case, "extend", **{"extend-text": "要等检测。"}),
        act(client, first, "merge", **{"merge-into": case.number}),
    ]
    assert [said(answer)[0][:6] for answer in done[:4]] == [
        "已标为急件。",
        "已请组织干事",
        "已暂停计时，",
        "接着计时，最",
    ]
    assert said(done[4])[0].startswith("已延长到")
    assert "答应的日子比这一件晚" in done[5].content.decode()
    assert "等您说明。" in done[2].content.decode()
    assert at("组织干事").get(page(case)).status_code == 200
    shown = client.get(reverse("desk:case-handle", args=[case.number])).context["sections"]
    assert [each.key for each in shown] == ["stop", "extend", "mark", "help", "release", "merge"]
    off = act(client, case, "release", **{"release-post": post(qingxi, "organiser").pk})
    assert said(off) == ["组织干事不再协办。"]
    second = voice(text="也是水渠。")
    act(client, second, "merge", **{"merge-into": first.number})
    shown = client.get(reverse("desk:case-handle", args=[second.number])).context["sections"]
    assert [each.key for each in shown] == ["separate"]
    apart = act(client, second, "separate", **{"separate-text": "不是一件事。"})
    assert said(apart)[0].startswith("已分开办，最晚")


def test_a_letter_is_taken_up_and_a_topic_shown_and_drafted(voice, at, qingxi, officer):
    from gongkai.procedure.feedback.workflow import Intake

    letter = voice(kind=CaseKind.LETTER, intake=Intake(officer("党政办主任")))
    assert "告知受理的期限怎么算的" in at("党政办主任").get(page(letter)).content.decode()
    assert said(act(at("党政办主任"), letter, "accept"))[0].startswith("已告知受理，最晚")
    topic = voice(kind=CaseKind.TOPIC, text="清运费怎么用的")
    assert said(act(at("党委副书记"), topic, "show", **{"show-wording": "清运费怎么用的"})) == [
        "大家现在可以附议这个题目。"
    ]
    handling.ask_help(case=topic, officer=officer("党政办主任"), post=post(qingxi, "organiser"))
    given = {"become-entry": "JC-05", "become-title": "清运费收支"}
    assert said(act(at("组织干事"), topic, "become", **given)) == [
        "已起草《清运费收支》，点题的人会知道。"
    ]


def test_a_voice_is_handed_over_with_its_clock_in_sight(voice, at, qingxi, shiqiao):
    shiqiao.parent = qingxi
    shiqiao.save()
    case = voice()
    given = {"hand-to": "shiqiao", "hand-text": "归村里管。"}
    answer = act(at("党政办主任"), case, "hand-over", **given)
    assert said(answer) == ["已转交石桥村村民委员会，那边的编号是2026-1。"]
    there = Case.objects.get(organisation=shiqiao)
    assert "还有" in answer.content.decode()
    clerk = at("村文书", shiqiao).get(page(there)).content.decode()
    assert f"中共青溪镇委员会转来，原编号{case.number}。" in clerk


def test_an_act_that_is_none_or_of_anothers_voice(voice, at, shiqiao):
    case = voice()
    assert act(at("党政办主任"), case, "burn").status_code == 404
    for client in (at("组织干事"), at("村文书", shiqiao)):
        assert act(client, case, "mark").status_code == 404
        assert client.get(reverse("desk:case-handle", args=[case.number])).status_code == 404


def test_a_note_is_written_and_an_answer_begun_from_a_wording(voice, at, qingxi):
    case = voice()
    client = at("党政办主任")
    client.post(page(case, "assign"), {"post": post(qingxi, "finance").pk})
    noted = client.post(
        page(case, "case-note"), {"note-kind": "call", "note-text": "打过，没人接。"}, follow=True
    )
    assert "打过，没人接。" in noted.content.decode()
    missing = client.post(page(case, "case-note"), {"note-kind": "call", "note-text": ""})
    assert errors(missing, "note_form") == ["还没有写内容"]
    form = at("财政所长").get(page(case) + "?wording=1").context["answer_form"]
    assert form["text"].value().startswith("您反映的____归____管")
    for asked in ("9", "x", "-1", "１"):
        form = at("财政所长").get(page(case) + f"?wording={asked}").context["answer_form"]
        assert form["text"].value() is None


# -- many at once ----------------------------------------------------------------------------------


def test_the_list_is_narrowed_and_paged_from_the_last_row(voice, at, qingxi, monkeypatch):
    from gongkai.surfaces.desk.views import many

    cases = [voice(text=f"第{n}条意见") for n in range(3)]
    handling.mark(case=cases[1], officer=_clerk(qingxi), urgent=True)
    client = at("党政办主任")
    assert marked(client.get(MANY), *(case.number for case in cases))
    assert marked(client.get(MANY, {"state": "urgent"}), cases[1].number)
    assert marked(client.get(MANY, {"state": "overdue"}))
    assert marked(client.get(MANY, {"words": "第2条"}), cases[2].number)
    assert marked(client.get(MANY, {"words": cases[0].number}), cases[0].number)
    assert marked(client.get(MANY, {"kind": "topic"}))
    Case.objects.filter(pk=cases[2].pk).update(entry=entry(qingxi, "JC-05"))
    assert marked(client.get(MANY, {"entry": "JC-05"}), cases[2].number)
    assert marked(client.get(MANY, {"entry": "JC-01"}))
    monkeypatch.setattr(many, "PAGE", 2)
    first = client.get(MANY)
    assert marked(first, cases[0].number, cases[1].number)
    assert marked(client.get(MANY + first.context["next"]), cases[2].number)
    assert marked(client.get(MANY, {"from": "x"}), cases[0].number, cases[1].number)


def _clerk(organisation):
    from tests.cast import officer_named

    return officer_named(organisation, "党政办主任")


def test_many_are_assigned_and_answered_and_the_refusals_told(voice, at, qingxi):
    numbers = [voice(text=f"停水{n}").number for n in range(3)]
    path = reverse("desk:cases-act")
    client = at("党政办主任")
    given = {"number": numbers, "verb": "assign"}
    missing = client.post(path, given)
    assert (missing.status_code, errors(missing, "form")) == (422, ["请选一个岗位"])
    chosen = {"assign-post": post(qingxi, "finance").pk}
    done = client.post(path, {**given, **chosen})
    assert list(done.context["report"].done) == numbers
    answered = {"answer-text": "明天通水。", "answer-outcome": "planned", "verb": "answer"}
    finance = at("财政所长")
    finance.post(path, {**answered, "number": numbers[:1]})
    again = finance.post(path, {**answered, "number": numbers})
    assert list(again.context["report"].done) == numbers[1:]
    assert "这一件现在是“答复待审定”" in again.content.decode()
    approved = at("党委副书记").post(path, {"number": numbers, "verb": "approve"})
    assert list(approved.context["report"].done) == numbers
    for wrong in ({"verb": "burn", "number": numbers}, {"verb": "approve"}):
        assert client.post(path, wrong).status_code == 422


def test_a_suggestion_is_put_forward_from_the_list_and_taken_up(voice, at):
    cases = [voice(text=f"水费怎么算{n}") for n in range(2)]
    client, writer = at("党政办主任"), at("组织干事")
    told = {"suggest-text": "公开水费怎么算", "suggest-item": "", "verb": "suggest"}
    done = client.post(reverse("desk:cases-act"), {"number": [c.number for c in cases], **told})
    assert len(done.context["report"].done) == 2
    listed = writer.get(reverse("desk:suggestions")).context["rows"]
    waits = {"title": "建议给公开目录增加一项", "act": "看建议"}
    for who, seen in ((writer, [waits]), (client, []), (at("党建办主任"), [])):
        groups = who.get(reverse("desk:inbox")).context["groups"]
        found = [each for group in groups if group.name == "没有定期限" for each in group.tasks]
        told = [{"title": each.title, "act": each.act} for each in found if each.quiet]
        assert told == seen
    [(pattern, what)] = listed
    assert what == "给公开目录增加一项"
    path = reverse("desk:suggestion", args=[pattern.pk])
    shown = writer.get(path)
    assert (shown.context["obstacles"], shown.context["seen"]) == ([], set())
    assert "这条建议是您提出的" in client.get(path).content.decode()
    assert at("党建办主任").get(path).status_code == 404
    refused = writer.post(f"{path}take/", {"code": "JC-99"})
    assert (refused.status_code, "请先在“公开目录”里起草修改" in refused.text) == (422, True)
    answer = writer.post(f"{path}decline/", {"reason": "由县里公开"}, follow=True)
    assert said(answer) == ["已回复，说话的人会知道。"]
    assert writer.post(f"{path}burn/").status_code == 404


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_costs_the_same_however_many_there_are(
    voice, at, count, django_assert_num_queries
):
    for n in range(count):
        voice(text=f"意见{n}")
    client = at("党政办主任")
    client.get(MANY)
    with django_assert_num_queries(QUERIES):
        client.get(MANY)


QUERIES = 27
