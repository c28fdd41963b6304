"""Files brought to the desk: each with its own outcome, seen before anything is made of it."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from tests.foundation.files import made

from gongkai.foundation.files import recognition
from gongkai.foundation.files.models import Refusal
from gongkai.foundation.files.pages import preparing
from gongkai.foundation.files.pages.sheets import Line, Recognised
from gongkai.foundation.files.pages.store import Rendition
from gongkai.procedure.imports import jobs
from gongkai.procedure.imports.models import Import
from gongkai.procedure.proposals.models import Draft
from gongkai.surfaces.desk import sheet

pytestmark = pytest.mark.django_db
PATH = "/desk/import/"


def upload(name, data):
    return SimpleUploadedFile(name, data)


def letter(*lines):
    return made.docx("关于清理水渠的通知", *(lines or ("从周一开始。",)))


def read_all():
    for row in Import.objects.filter(state="waiting"):
        jobs.read_in.call(row.pk)


def said(answer):
    return [str(each) for each in answer.context["messages"]]


def test_one_bad_file_keeps_no_other_out(at, home):
    files = [
        upload("一.docx", letter()),
        upload("坏.gif", b"GIF89a\0\0"),
        upload("二.csv", b"a,b\nc,d\n"),
    ]
    answer = at("组织干事").post(PATH, {"files": files}, follow=True)
    assert said(answer) == [
        "“一.docx”收下了，正在读。",
        "“坏.gif”：这种文件（看内容像.gif）没有收下。",
        "“坏.gif”：附件可以是：PDF、Word、Excel、PPT、WPS、OFD、文本、CSV、PNG、JPG。",
        "“二.csv”收下了，正在读。",
    ]
    assert [row.name for row, _progress in answer.context["rows"]] == ["一.docx", "二.csv"]
    refusal = Refusal.objects.get()
    assert (refusal.sender, refusal.name, refusal.organisation.slug) == (
        "组织干事",
        "坏.gif",
        Import.objects.all()[0].organisation.slug,
    )


def test_a_script_is_told_as_data(at, home):
    client = at("组织干事")
    asked = {"headers": {"Accept": "application/json"}}
    good = client.post(PATH, {"files": [upload("一.docx", letter())]}, **asked)
    row = Import.objects.get()
    assert (good.status_code, good.json()) == (
        200,
        {"taken": True, "sentences": ["“一.docx”收下了，正在读。"], "href": f"{PATH}{row.pk}/"},
    )
    bad = client.post(PATH, {"files": [upload("空.docx", b"")]}, **asked)
    assert (bad.status_code, bad.json()) == (
        422,
        {
            "taken": False,
            "sentences": ["“空.docx”：文件是空的。请打开看看内容是否保存了，再传一次。"],
            "href": "",
        },
    )
    assert client.post(PATH, {}, **asked).json()["sentences"] == ["没有文件。"]


def test_a_draft_is_added_to_only_when_somebody_says_so(walk, at):
    item, client = walk(), at("组织干事")
    before = item.draft.body
    client.post(PATH, {"for": item.address, "files": [upload("一.docx", letter())]})
    row = Import.objects.get()
    page = client.get(f"{PATH}{row.pk}/").content.decode()
    assert "data-poll" in page
    read_all()
    page = client.get(f"{PATH}{row.pk}/").content.decode()
    assert ("从周一开始。" in page, "data-poll" in page) == (True, False)
    stale = client.post(f"{PATH}{row.pk}/", {"use": "replace", "edits": "7"})
    assert stale.status_code == 422
    answer = client.post(f"{PATH}{row.pk}/", {"use": "append", "edits": "0"})
    assert answer["Location"] == item.page("edit")
    item.draft.refresh_from_db()
    assert item.draft.body == f"{before}\n<p>从周一开始。</p>"
    page = client.get(item.page("edit")).content.decode()
    assert f'<a href="{PATH}{row.pk}/">一.docx</a>' in page


def test_something_new_is_begun_under_the_entry_that_is_chosen(at, home):
    client = at("组织干事")
    client.post(PATH, {"files": [upload("一.docx", letter())]})
    read_all()
    path = f"{PATH}{Import.objects.get().pk}/"
    assert client.post(path, {"use": "new", "entry": ""}).status_code == 422
    answer = client.post(path, {"use": "new", "entry": "JC-05"})
    draft = Draft.objects.get()
    assert answer["Location"] == f"/desk/i/{draft.disclosure.address}/edit/"
    assert draft.title == "关于清理水渠的通知"
    again = client.post(path, {"use": "new", "entry": "JC-05"})
    assert (again.status_code, Draft.objects.count()) == (422, 1)


def test_a_file_is_put_aside_or_tried_again(at, home, monkeypatch):
    monkeypatch.setattr(recognition, "available", lambda: False)
    client = at("组织干事")
    client.post(PATH, {"files": [upload("扫.pdf", made.scan(1))]})
    read_all()
    path = f"{PATH}{Import.objects.get().pk}/"
    page = client.get(path).content.decode()
    assert ("这里没有装（gongkai[ocr]）" in page, 'value="append"' in page) == (True, False)
    assert client.post(path, {"use": "again"})["Location"] == path
    assert client.post(path, {"use": "drop"})["Location"] == PATH
    assert Import.objects.get().state == "dropped"


def test_the_reviewer_sees_the_original_and_the_doubts(walk, at, monkeypatch):
    monkeypatch.setattr(recognition, "available", lambda: True)
    item, client = walk(), at("组织干事")
    data = made.scan(1)
    client.post(PATH, {"for": item.address, "files": [upload("扫.pdf", data)]})
    row = Import.objects.select_related("file").get()
    preparing.advance(row.file.digest, "pdf", 60)
    lines = tuple(Line(1000, 1000 + 600 * n, 4000, 200, f"第{n}条渠道。", True) for n in (1, 2))
    Rendition(row.file.digest).keep_words(1, Recognised(lines, (0.99, 0.5)))
    read_all()
    page = client.get(f"{PATH}{row.pk}/").content.decode()
    assert '<mark class="unsure">第2条渠道。</mark>' in page
    client.post(f"{PATH}{row.pk}/", {"use": "append", "edits": "0"})
    item.submitted()
    reviewer = at("党政办主任")
    page = reviewer.get(item.page()).content.decode()
    assert "机器识别没有把握、正文里还没改的有1行：" in page
    assert reviewer.get(f"{PATH}{row.pk}/").status_code == 200
    assert b"".join(reviewer.get(f"{PATH}{row.pk}/file/")) == data
    picture = row.file.digest
    assert reviewer.get(f"{PATH}{row.pk}/read/").status_code == 200
    assert reviewer.get(f"{PATH}{row.pk}/read/{picture}.webp").status_code == 404


def test_nobody_else_sees_a_file_that_was_brought(at, shiqiao, home):
    at("组织干事").post(PATH, {"files": [upload("一.docx", letter())]})
    path = f"{PATH}{Import.objects.get().pk}/"
    for post, organisation in (("党政办主任", None), ("村文书", shiqiao)):
        client = at(post, organisation) if organisation else at(post)
        for tail in ("", "file/", "read/", "read/text.txt"):
            assert client.get(path + tail).status_code == 404
    refused = at("党政办主任").post(PATH, {"files": [upload("二.docx", letter())]})
    assert Import.objects.count() == 1
    assert "您现在的岗位不能提出内容。" in at("党政办主任").get(PATH).content.decode()
    assert refused.status_code in (302, 409, 422)


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_asks_no_more_for_more_files(count, at, home):
    client = at("组织干事")
    names = [upload(f"{n}.docx", letter(f"第{n}件。")) for n in range(count)]
    client.post(PATH, {"files": names})
    client.get(PATH)
    with CaptureQueriesContext(connection) as asked:
        client.get(PATH)
    assert sum("imports_import" in each["sql"] for each in asked) == 1


def test_the_administrator_sees_what_was_refused(at, home):
    harm = made.docx("甲", parts={"word/vbaProject.bin": b"x"})
    at("组织干事").post(PATH, {"files": [upload("宏.docx", harm)]})
    path = reverse("desk:refusals")
    page = at("党政办信息员").get(path).content.decode()
    assert [word in page for word in ("宏.docx", "文件里有宏或控件", "隔离")] == [True] * 3
    assert at("组织干事").get(path).status_code == 403


def test_a_doubtful_line_is_marked_among_others():
    marked = sheet.unsure("<p>甲&amp;乙。丙。</p>", ["甲&乙。"])
    assert marked == '<p><mark class="unsure">甲&amp;乙。</mark>丙。</p>'
    assert sheet.unsure("<p>甲</p>", []) == "<p>甲</p>"
