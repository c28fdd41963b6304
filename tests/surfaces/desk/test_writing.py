"""Choose, write, attach, send for review: what was typed stays, and two people's texts meet."""

from datetime import UTC, datetime

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from tests.foundation.files.made import docx, paragraph

from gongkai.foundation.files import jobs
from gongkai.foundation.ledger.workflow import SYSTEM
from gongkai.foundation.organisations import workflow as organisations
from gongkai.procedure.imports import queries as imports
from gongkai.procedure.proposals import workflow as proposals
from gongkai.procedure.proposals.models import Draft, DraftFile

from .conftest import BODY

pytestmark = pytest.mark.django_db
NEW = "/desk/new/JC-05/"
MONDAY = datetime(2026, 11, 23, 1, 40, tzinfo=UTC)


def typed(**changes):
    """What a person fills in on the writing page."""
    return {
        "title": "镇党委第12次会议决定",
        "document_number": "",
        "kind": "document",
        "form": "daily",
        "body": "一、管护\n甲村的水渠由甲村管护。",
        "channels": ["website", "wall"],
        "take_A3": "on",
        "take_A1": "on",
        "opens_A3": "",
        "opens_A1": "",
        **changes,
    }


def upload(name, data):
    return SimpleUploadedFile(name, data)


def said(answer) -> list[str]:
    return [str(each) for each in answer.context["messages"]]


def wrong(answer) -> dict[str, list[str]]:
    return {name: list(errors) for name, errors in answer.context["form"].errors.items()}


# -- choosing --------------------------------------------------------------------------------------


def test_an_entry_is_found_by_code_name_or_department(at):
    client, path = at("组织干事"), reverse("desk:new")
    assert len(client.get(path).context["found"]) == 48
    codes = [rule.code for rule in client.get(path, {"q": "三会一课"}).context["found"]]
    assert codes == ["SX-03"]
    assert {rule.department for rule in client.get(path, {"q": "民政"}).context["found"]} == {
        "民政办公室"
    }
    text = client.get(path, {"q": "飞船"}).content.decode()
    assert "没有找到这样的目录事项" in text
    text = client.get(path).content.decode()
    assert '<optgroup label="决策决议">' in text
    assert client.get(path, {"entry": "JC-05"})["Location"] == NEW
    assert "请选一项" in client.get(path, {"entry": ""}).content.decode()


def test_whoever_may_not_propose_is_told_who_may(at):
    client = at("党政办主任")
    assert "您现在的岗位不能提出内容。" in client.get(reverse("desk:new")).content.decode()
    assert "您现在的岗位不能提出内容。" in client.get(NEW).content.decode()
    answer = client.post(NEW, typed())
    assert answer.status_code == 422
    assert Draft.objects.count() == 0


def test_an_entry_that_is_not_there_is_named(at):
    answer = at("组织干事").get("/desk/new/XX-99/")
    assert answer.status_code == 422
    assert "目录里没有“XX-99”这个事项。" in answer.content.decode()


# -- writing ---------------------------------------------------------------------------------------


def test_a_draft_is_written_and_kept(at):
    answer = at("组织干事").post(NEW, typed(), follow=True)
    draft = Draft.objects.get()
    assert draft.body == "<h2>一、管护</h2>\n<p>甲村的水渠由甲村管护。</p>"
    assert [step["scope"] for step in draft.plan] == ["A3", "A1"]
    assert answer.redirect_chain == [(f"/desk/i/{draft.disclosure.address}/", 302)]
    assert said(answer) == ["已存草稿《镇党委第12次会议决定》。"]


def test_the_form_comes_with_what_the_catalogue_says(at):
    form = at("组织干事").get(NEW).context["form"]
    assert [(row.scope.code, row.take.initial) for row in form.scope_fields()] == [
        ("A3", True),
        ("A1", True),
    ]
    assert form.fields["take_A3"].disabled
    assert form["channels"].value() == list(form.charter.entry("JC-05").channels)
    text = at("组织干事").get("/desk/new/FW-04/").content.decode()
    assert "这一项可以选范围，至少选一个。" in text
    assert "党务公开领导小组" in text


@pytest.mark.parametrize(
    ("changes", "field", "sentence"),
    [
        ({"title": ""}, "title", "请写标题"),
        ({"opens_A3": "明天"}, "opens_A3", "请写成2026-11-23 09:40这样的日期和时间"),
        (
            {"opens_A3": "2020-01-01T09:00"},
            "__all__",
            "“在本镇党员干部中公开”的公开时间2020年1月1日9:00已经过去。"
            "请改成以后的时间，或不填（盖章后安排）。",
        ),
        (
            {"body": "【表格1：没有的】"},
            "body",
            "认不出“【表格1：没有的】”是原来的哪一处。请照原样写，或者删掉这一行。",
        ),
    ],
)
def test_what_was_typed_stays_on_every_error(changes, field, sentence, at):
    answer = at("组织干事").post(NEW, typed(**changes))
    assert answer.status_code == 422
    assert wrong(answer) == {field: [sentence]}
    text = answer.content.decode()
    assert "甲村的水渠由甲村管护。" in text or "没有的" in text
    assert Draft.objects.count() == 0
    if field != "__all__":
        assert f'<a href="#id_{field}">' in text


def test_civil_time_is_the_organisations(at):
    with time_machine.travel(MONDAY):
        at("组织干事").post(NEW, typed(opens_A3="2026-12-01T09:00", opens_A1="2026-12-03 09:00"))
        draft = Draft.objects.get()
        assert [step["opens"] for step in draft.plan] == [
            "2026-12-01T01:00:00Z",
            "2026-12-03T01:00:00Z",
        ]
        text = at("组织干事").get(f"/desk/i/{draft.disclosure.address}/edit/").content.decode()
        assert 'value="2026-12-01T09:00"' in text


def test_the_preview_shows_what_readers_will_see_and_keeps_nothing(at):
    answer = at("组织干事").post(NEW, typed(body="电话13800132046。", preview=""))
    assert answer.status_code == 200
    text = answer.content.decode()
    assert '<p>电话<mark class="flag">138****2046</mark>。</p>' in text
    assert "还没有存。" in text
    assert Draft.objects.count() == 0


def test_readers_of_an_item_are_named(at, qingxi):
    member = organisations.make_member(organisation=qingxi, name="石小桥", party=True, by=SYSTEM)
    path = "/desk/new/FW-04/"
    fields = typed(take_A4="on", groups_A4=["group:qingxi/leading"], people_A4="石小桥")
    assert at("组织干事").post(path, fields).status_code == 302
    draft = Draft.objects.get()
    assert draft.plan[0]["keys"] == sorted(["group:qingxi/leading", f"member:{member.key}"])
    text = at("组织干事").get(f"/desk/i/{draft.disclosure.address}/edit/").content.decode()
    assert "石小桥</textarea>" in text
    again = at("组织干事").post(path, {**fields, "people_A4": "谁也不是"})
    assert wrong(again) == {"people_A4": ["本单位没有叫“谁也不是”的成员。"]}
    organisations.make_member(organisation=qingxi, name="石小桥", party=True, by=SYSTEM)
    again = at("组织干事").post(path, fields)
    assert wrong(again)["people_A4"][0].startswith("有2位叫“石小桥”，请写清楚是哪一位")
    nobody = {**fields, "groups_A4": [], "people_A4": ""}
    assert "还没有指定对象" in str(wrong(at("组织干事").post(path, nobody)))


# -- from a file -----------------------------------------------------------------------------------


def test_a_word_file_becomes_a_draft(at):
    data = docx(*map(paragraph, ("关于水利设施管护的决定", "一、管护", "甲村的水渠由甲村管护。")))
    answer = at("组织干事").post(
        NEW, typed(title="", body="", text_file=upload("决定.docx", data)), follow=True
    )
    draft = Draft.objects.get()
    assert (draft.title, draft.body) == (
        "关于水利设施管护的决定",
        "<h2>一、管护</h2>\n<p>甲村的水渠由甲村管护。</p>",
    )
    assert answer.redirect_chain == [(f"/desk/i/{draft.disclosure.address}/edit/", 302)]
    assert said(answer)[-1] == "已从文件读入，存成草稿。请核对正文，再送审。"


def test_what_was_typed_stands_behind_the_text_of_a_file_and_the_file_is_kept(at):
    data = docx(*map(paragraph, ("关于水利设施管护的决定", "甲村的水渠由甲村管护。")))
    at("组织干事").post(NEW, typed(body="先写的话。", text_file=upload("决定.docx", data)))
    draft = Draft.objects.get()
    assert draft.body == "<p>甲村的水渠由甲村管护。</p>\n<p>先写的话。</p>"
    (original,) = imports.originals(draft.disclosure)
    assert (original.name, original.state, original.post) == ("决定.docx", "used", "组织干事")


def test_a_file_replaces_nothing_of_a_draft_unseen(walk, at):
    item = walk()
    fields = typed(edits="0", text_file=upload("新.txt", "新标题\n新的正文。".encode()))
    at("组织干事").post(item.page("edit"), fields)
    item.draft.refresh_from_db()
    assert item.draft.title == "镇党委第12次会议决定"
    page = at("组织干事").get(item.page("edit")).content.decode()
    assert f'href="/desk/import/?for={item.address}"' in page
    assert 'name="text_file"' not in page


def test_a_file_that_cannot_be_read_says_what_to_do(at):
    answer = at("组织干事").post(
        NEW, typed(text_file=upload("图.png", b"\x89PNG\r\n\x1a\n" + b"0" * 40))
    )
    assert answer.status_code == 422
    assert "图.png" in wrong(answer)["text_file"][0]
    assert Draft.objects.count() == 0
    assert "甲村的水渠由甲村管护。" in answer.content.decode()


@pytest.mark.parametrize(
    ("name", "data", "sentence"),
    [
        ("空.txt", b"", "“空.txt”：文件是空的。请打开看看内容是否保存了，再传一次。"),
        ("断.docx", docx(paragraph("题"))[:200], "“断.docx”"),
        ("响铃.txt", "题\x07\n正文".encode(), "“响铃.txt”"),
    ],
)
def test_a_file_that_was_to_bring_the_title_is_what_is_wrong(name, data, sentence, at):
    answer = at("组织干事").post(NEW, typed(title="", body="", text_file=upload(name, data)))
    assert answer.status_code == 422
    assert list(wrong(answer)) == ["text_file"]
    assert wrong(answer)["text_file"][0].startswith(sentence)
    assert Draft.objects.count() == 0


# -- attachments -----------------------------------------------------------------------------------


def test_attachments_come_with_the_text_and_go_alone(at):
    files = [
        upload("分村户数.txt", "石桥村 12".encode()),
        upload("名册.csv", "村,户\n石桥村,12\n".encode()),
    ]
    at("组织干事").post(NEW, typed(attached=files))
    draft = Draft.objects.get()
    titles = [each.title for each in DraftFile.objects.filter(draft=draft).order_by("order")]
    assert titles == ["分村户数", "名册"]
    first = DraftFile.objects.get(draft=draft, title="分村户数")
    where = [draft.disclosure.address, first.pk]
    answer = at("党政办主任").get(reverse("desk:draft-file", args=where))
    assert answer["Content-Disposition"].startswith("attachment")
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert b"".join(answer.streaming_content) == "石桥村 12".encode()
    jobs.read.call(first.file.digest)
    read = at("党政办主任").get(reverse("desk:draft-read", args=where))
    assert "<p>石桥村 12</p>" in read.content.decode()
    words = at("党政办主任").get(reverse("desk:draft-read-piece", args=[*where, "text.txt"]))
    assert b"".join(words.streaming_content) == "石桥村 12\n".encode()
    gone = at("组织干事").post(reverse("desk:detach", args=where), follow=True)
    assert said(gone)[-1] == "已去掉附件“分村户数”。"
    assert at("党政办主任").post(reverse("desk:detach", args=where)).status_code == 404
    more = at("组织干事").post(
        reverse("desk:attach", args=where[:1]), {"files": [upload("图.txt", b"x")]}, follow=True
    )
    assert said(more) == ["已加附件“图”。"]


def test_a_bad_attachment_keeps_everything_from_being_saved(at):
    files = [upload("好.txt", b"good"), upload("坏.exe", b"MZ" + b"\x00" * 80)]
    answer = at("组织干事").post(NEW, typed(attached=files))
    assert answer.status_code == 422
    assert "坏.exe" in wrong(answer)["attached"][0]
    assert Draft.objects.count() == 0


def test_an_attachment_is_only_for_whoever_sees_the_draft(walk, at, shiqiao):
    item = walk()
    at("组织干事").post(
        reverse("desk:attach", args=[item.address]), {"files": [upload("a.txt", b"a")]}
    )
    where = [item.address, DraftFile.objects.get().pk]
    pages = reverse("desk:draft-read", args=where)
    for path in (reverse("desk:draft-file", args=where), pages, f"{pages}text.txt"):
        assert at("党建办主任").get(path).status_code == 404
        assert at("村文书", shiqiao).get(path).status_code == 404


# -- changing --------------------------------------------------------------------------------------


def test_the_text_comes_back_as_it_was(walk, at):
    item = walk(body=BODY + "<table><tbody><tr><td>甲</td><td>1</td></tr></tbody></table>")
    client = at("组织干事")
    form = client.get(item.page("edit")).context["form"]
    fields = typed(body=form["body"].value(), edits=form["edits"].value(), title="改过的标题")
    client.post(item.page("edit"), fields)
    item.draft.refresh_from_db()
    assert (item.draft.title, item.draft.edits) == ("改过的标题", 1)
    assert "<table>" in item.draft.body
    assert "不要改它" in client.get(item.page("edit")).content.decode()


def test_two_peoples_texts_are_both_shown_and_the_second_goes_over_knowingly(walk, at, officer):
    item = walk()
    proposals.edit(
        draft=item.draft,
        officer=officer("团委书记"),
        edits=0,
        body="<p>团委书记写的13800132046。</p>",
    )
    answer = at("组织干事").post(item.page("edit"), typed(edits="0", body="组织干事写的。"))
    assert answer.status_code == 409
    text = answer.content.decode()
    assert "别人刚刚改过这份草稿，您的还没有存" in text
    assert "组织干事写的。</textarea>" in text
    assert "<ins>" in text
    assert '<p>团委书记写的<mark class="flag">138****2046</mark>。</p>' in text
    assert "13800132046" not in text
    assert answer.context["form"]["edits"].value() == "1"
    again = at("组织干事").post(item.page("edit"), typed(edits="1", body="组织干事写的。"))
    assert again.status_code == 302
    item.draft.refresh_from_db()
    assert item.draft.body == "<p>组织干事写的。</p>"


def test_a_draft_under_review_is_not_changed(walk, at):
    item = walk().submitted()
    answer = at("组织干事").post(item.page("edit"), typed(edits="0"))
    assert answer.status_code == 422
    assert "已送审，不能再改。" in answer.content.decode()
    assert "已送审，不能再改。" in at("组织干事").get(item.page("edit")).content.decode()


# -- handing over ----------------------------------------------------------------------------------


def test_the_statement_stands_in_full_and_is_confirmed(walk, at):
    item, client = walk(), at("组织干事")
    page = client.get(item.page("submit")).content.decode()
    assert proposals.statement_wording() in page
    answer = client.post(item.page("submit"), {})
    assert answer.status_code == 422
    assert wrong(answer) == {"stated": ["要勾选这一项才能送审"]}
    answer = client.post(item.page("submit"), {"stated": "on"}, follow=True)
    assert said(answer) == [
        "已送审《关于水利设施管护的决定》。现在轮到“责任部门负责人审核”（党政办主任）。"
    ]
    item.draft.refresh_from_db()
    assert item.draft.state == "submitted"


def test_what_is_missing_is_said_before_the_statement(walk, at):
    item = walk(body="")
    text = at("组织干事").get(item.page("submit")).content.decode()
    assert "还没有正文。请写正文，或从文件导入。" in text
    answer = at("组织干事").post(item.page("submit"), {"stated": "on"})
    assert answer.status_code == 422
    assert wrong(answer) == {"__all__": ["还没有正文。请写正文，或从文件导入。"]}


def test_save_and_submit_goes_on_to_the_statement(at):
    answer = at("组织干事").post(NEW, typed(submit=""))
    assert answer["Location"] == reverse(
        "desk:submit", args=[Draft.objects.get().disclosure.address]
    )


def test_a_draft_is_given_up_with_a_reason(walk, at):
    item, client = walk(), at("组织干事")
    assert wrong(client.post(item.page("drop"), {"text": " "})) == {"text": ["请写明为什么放弃"]}
    answer = client.post(item.page("drop"), {"text": "重复了"}, follow=True)
    assert said(answer) == ["已放弃草稿《关于水利设施管护的决定》。"]
    story = client.get(item.page()).context["item"].story()
    assert (story[0].text, story[0].quote) == ("组织干事放弃了这份草稿，理由是", "重复了")


def test_a_draft_is_taken_back_out_of_review(walk, at):
    item, client = walk().submitted(), at("组织干事")
    answer = client.post(item.page("recall"), {"sure": "on"}, follow=True)
    assert answer.redirect_chain == [(item.page("edit"), 302)]
    assert said(answer) == ["已收回，可以接着改。"]
