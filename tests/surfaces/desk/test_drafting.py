"""Around a draft: saved while it is written, pictures, earlier revisions, how it will look."""

import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from tests.foundation.files.made import picture

from gongkai.procedure.proposals import workflow as proposals
from gongkai.procedure.proposals.models import Draft, DraftFile, Jotting, Revision

from .test_writing import typed

pytestmark = pytest.mark.django_db


def drawn() -> SimpleUploadedFile:
    """A small picture, as somebody would upload it."""
    return SimpleUploadedFile("canal.png", picture())


def sent(client, item, **changes):
    """What the editor sends: the form with the text as HTML."""
    data = {name: value for name, value in typed(**changes).items() if name != "body"}
    return client.post(item.page("autosave"), {"edits": "0", "html": "<p>甲</p>", **data})


# -- saved while it is written ---------------------------------------------------------------------


def test_the_editor_saves_and_says_when(walk, at):
    item = walk()
    answer = sent(at("组织干事"), item, html="<h2>一、甲</h2><table><tr><td>1</td></tr></table>")
    told = json.loads(answer.content)
    assert (answer.status_code, told["edits"]) == (200, 1)
    assert told["says"].startswith("已保存 ")
    item.draft.refresh_from_db()
    assert item.draft.body == ("<h2>一、甲</h2>\n<table><tbody><tr><td>1</td></tr></tbody></table>")
    assert answer["Cache-Control"] == "no-store, private"


def test_what_cannot_be_saved_yet_is_said_in_a_sentence(walk, at):
    item = walk()
    answer = sent(at("组织干事"), item, title="")
    assert (answer.status_code, json.loads(answer.content)) == (
        422,
        {"says": "还不能存：请写标题"},
    )
    item.submitted()
    answer = sent(at("组织干事"), item)
    assert json.loads(answer.content)["says"].startswith("已送审，不能再改。")


def test_the_later_of_two_is_told_and_nothing_is_lost(walk, at):
    item = walk(body="<p>同一段。</p>\n<p>要改的一段。</p>\n<p>另一段。</p>")
    theirs = "<p>同一段。</p><p>要改的一段，团委改了。</p><p>另一段。</p>"
    mine = "<p>同一段。</p><p>要改的一段。</p><p>另一段，组织改了。</p><p>新写的。</p>"
    assert sent(at("团委书记"), item, html=theirs).status_code == 200
    answer = sent(at("组织干事"), item, html=mine)
    assert answer.status_code == 409
    assert "团委书记" in json.loads(answer.content)["says"]
    page = at("组织干事").post(item.page("edit"), typed(edits="0", html=mine))
    assert page.status_code == 409
    places = page.context["conflict"]["places"]
    assert [(place.number, place.advice) for place in places] == [(1, "theirs"), (2, "mine")]
    assert Revision.objects.filter(draft=item.draft, kind="aside").count() == 1
    chosen = {"seen": "0"} | {place.name: place.advice for place in places}
    unseen = {"seen": "0", "piece-0123456789abcdef": "theirs"}
    met = at("组织干事").post(item.page("edit"), typed(edits="1", html=mine, **unseen))
    assert (met.status_code, met.context["conflict"]["places"]) == (409, places)
    done = at("组织干事").post(item.page("edit"), typed(edits="1", html=mine, **chosen))
    assert done.status_code == 302
    item.draft.refresh_from_db()
    assert item.draft.body == (
        "<p>同一段。</p>\n<p>要改的一段，团委改了。</p>\n<p>另一段，组织改了。</p>\n<p>新写的。</p>"
    )


def test_the_editor_begins_with_the_text_and_a_plain_browser_with_lines(walk, at):
    item = walk(body="<table><tbody><tr><td>甲</td></tr></tbody></table>")
    answer = at("组织干事").get(item.page("edit"))
    assert answer.context["form"].in_editor() == item.draft.body
    text = answer.content.decode()
    assert "【表格1：甲】</textarea>" in text
    assert '<div class="editor" data-editor hidden' in text
    assert "data-save=" in text
    wrong = at("组织干事").post(item.page("edit"), typed(edits="0", title="", html="<p>乙</p>"))
    assert wrong.context["form"].in_editor() == "<p>乙</p>"
    assert 'data-dirty="1"' in wrong.content.decode()


def test_something_new_is_kept_before_its_first_save(at):
    client, path = at("组织干事"), "/desk/new/JC-05/"
    assert f'data-save="{path}jot/"' in client.get(path).content.decode()
    data = {name: value for name, value in typed(title="", opens_A1="2030-").items()
            if name not in ("body", "take_A1")}  # fmt: skip
    html = "<table><tbody><tr><td>甲</td></tr></tbody></table>"
    answer = client.post(f"{path}jot/", {**data, "edits": "", "html": f"<p>乙</p>{html}"})
    told = json.loads(answer.content)
    assert (answer.status_code, told["edits"]) == (200, 1)
    assert told["says"].startswith("已留住 ")
    late = client.post(f"{path}jot/", {**data, "edits": "", "html": "<p>丙</p>"})
    assert (late.status_code, json.loads(late.content)["says"]) == (
        422,
        "您在别的窗口也在写这一项。这里的字没有盖掉那边的，请把这里的先存成草稿。",
    )
    page = client.get(path)
    form = page.context["form"]
    assert (form["body"].value(), form.in_editor()) == ("乙\n【表格1：甲】", f"<p>乙</p>\n{html}")
    assert [form[name].value() for name in ("edits", "opens_A1", "channels", "kind")] == [
        1, "2030-", ["website", "wall"], "document",
    ]  # fmt: skip
    assert page.context["left"].said["fields"]["title"] == [""]
    assert Draft.objects.count() == 0
    saved = client.post(path, typed(edits="1", html=form.in_editor()))
    assert saved.status_code == 302
    assert (Draft.objects.get().body, Jotting.objects.count()) == (f"<p>乙</p>\n{html}", 0)
    client.post(f"{path}jot/", {**data, "edits": "0", "html": "<p>丁</p>"})
    assert client.post(f"{path}jot/drop/")["Location"] == path
    assert Jotting.objects.count() == 0


# -- pictures --------------------------------------------------------------------------------------


def test_a_picture_is_attached_once_and_shown_from_the_desk(walk, at, shiqiao):
    item, client = walk(), at("组织干事")
    path = item.page("take-picture")
    place = json.loads(client.post(path, {"picture": drawn(), "alt": "水渠"}).content)["src"]
    again = json.loads(client.post(path, {"picture": drawn(), "alt": "又是水渠"}).content)["src"]
    assert place == again
    assert place.startswith(f"/files/{item.address}/")
    assert [each.title for each in DraftFile.objects.filter(draft=item.draft)] == ["水渠"]
    figure = f'<figure><img src="{place}" alt="水渠"><figcaption>图1</figcaption></figure>'
    assert sent(client, item, html=figure).status_code == 200
    shown = item.page("picture", place.rpartition("/")[2])
    assert f'<img alt="水渠" src="{shown}">' in client.get(item.page()).content.decode()
    answer = client.get(shown)
    assert (answer.status_code, answer["Content-Type"]) == (200, "image/png")
    assert at("村文书", shiqiao).get(shown).status_code == 404
    assert client.get(item.page("picture", "0123456789abcdef.png")).status_code == 404
    assert client.get(item.page("picture", "x.png")).status_code == 404
    assert not client.get(item.page("submit")).context["act"].obstacles


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        ({}, "请选一张图片，写上看不见的人也明白的说明，不超过100个字。"),
        ({"picture": drawn()}, "请选一张图片，写上看不见的人也明白的说明，不超过100个字。"),
        (
            {"picture": SimpleUploadedFile("a.png", "只是文字".encode()), "alt": "甲"},
            "正文里的图片要用PNG或JPG。请另存为这样的图片，再放一次。",
        ),
    ],
)
def test_a_picture_that_cannot_be_taken_says_what_to_do(data, sentence, walk, at):
    item = walk()
    answer = at("组织干事").post(item.page("take-picture"), data)
    assert (answer.status_code, json.loads(answer.content)) == (422, {"says": sentence})


def test_a_picture_that_is_no_attachment_stops_the_submission(walk, at):
    item = walk()
    place = f"/files/{item.address}/0123456789abcdef.png"
    sent(at("组织干事"), item, html=f'<p>甲</p><figure><img src="{place}" alt="渠"></figure>')
    obstacles = at("组织干事").get(item.page("submit")).context["act"].obstacles
    assert list(obstacles) == ["正文里的图片“渠”不在附件里。请重新插入，或者从正文里去掉。"]


# -- earlier revisions -----------------------------------------------------------------------------


@pytest.mark.parametrize("count", [1, 3])
def test_the_history_costs_the_same(walk, at, officer, count, django_assert_num_queries):
    item, client = walk(), at("组织干事")
    for edits in range(count):
        proposals.edit(
            draft=item.draft, officer=officer("组织干事"), edits=edits, body=f"<p>{edits}</p>"
        )
    client.get(item.page("history"))
    with django_assert_num_queries(21):
        answer = client.get(item.page("history"))
    assert len(answer.context["revisions"]) == count + 1


def test_an_earlier_revision_is_compared_and_comes_back(walk, at, officer):
    item, client = walk(body="<p>电话13800132046。</p>"), at("组织干事")
    proposals.edit(draft=item.draft, officer=officer("团委书记"), edits=0, body="<p>没有。</p>")
    first = Revision.objects.get(draft=item.draft, edits=0)
    text = client.get(item.page("earlier", first.pk)).content.decode()
    assert "13800132046" not in text
    assert "<del>电话138****2046。</del>" in text
    late = client.post(item.page("earlier", first.pk), {"edits": "0"})
    assert late.status_code == 409
    assert client.post(item.page("earlier", first.pk), {"edits": "1"}).status_code == 302
    item.draft.refresh_from_db()
    assert (item.draft.body, item.draft.edits) == ("<p>电话13800132046。</p>", 2)
    same = client.get(item.page("earlier", first.pk)).content.decode()
    assert "和现在的稿子一样" in same


# -- how it will look ------------------------------------------------------------------------------


def test_the_draft_is_shown_by_the_renderer_that_publishes(walk, at, shiqiao):
    item, client = walk(), at("组织干事")
    page = client.get(item.page("preview"))
    keys = [each.key for each in page.context["carriers"]]
    assert keys == ["web", "phone", "sheet", "paper"]
    assert "frame-src 'self'" in page["Content-Security-Policy"]
    assert 'sandbox="allow-same-origin"' in page.content.decode()
    frame = client.get(item.page("carried", "web"))
    text = frame.content.decode()
    assert f"<!--sealed-->{item.draft.body}<!--/sealed-->" in text
    assert "预览：还没有公开" in text
    assert "<script" not in text
    assert frame["X-Frame-Options"] == "SAMEORIGIN"
    assert frame["Cache-Control"] == "no-store, private"
    for rule in ("frame-ancestors 'self'", "script-src 'none'"):
        assert rule in frame["Content-Security-Policy"]
    assert client.get(item.page("carried", "room")).status_code == 404
    assert at("村文书", shiqiao).get(item.page("carried", "web")).status_code == 404
    item.draft.refresh_from_db()
    assert item.draft.statement is None


def test_a_draft_is_shown_on_paper_before_it_is_sealed(walk, at):
    item, client = walk(), at("组织干事")
    for carrier in ("sheet", "paper"):
        text = client.get(item.page("carried", carrier)).content.decode()
        assert "草样第1张，共1张" in text
        assert text.count("data:image/webp;base64,") == 1
    item = walk("开会\U0001f600")
    text = client.get(item.page("carried", "sheet")).content.decode()
    assert ("U+1F600" in text, "data:image" in text) == (True, False)


def test_an_item_for_members_is_shown_as_in_their_room(walk, at):
    item = walk(code="SX-03")
    page = at("组织干事").get(item.page("preview"))
    keys = [each.key for each in page.context["carriers"]]
    assert keys == ["room", "room-phone", "room-paper"]
    text = at("组织干事").get(item.page("carried", "room-phone")).content.decode()
    assert "预览：还没有公开" in text
    assert "甲村的水渠由甲村管护。" in text
