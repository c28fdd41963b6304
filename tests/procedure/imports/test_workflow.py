"""A file is read in, looked at, and only then becomes a text or a part of one."""

from datetime import timedelta

import pytest
from django_tasks_db.models import DBTaskResult
from tests.foundation.files import made

from gongkai.foundation.core import clock
from gongkai.foundation.core.errors import Conflict, Refused
from gongkai.foundation.files import recognition
from gongkai.foundation.files.pages import limited
from gongkai.foundation.files.pages.sheets import Line, Recognised
from gongkai.foundation.files.pages.store import Rendition
from gongkai.procedure.catalogue.queries import entry
from gongkai.procedure.imports import jobs, queries, rules, workflow
from gongkai.procedure.imports.models import Import
from gongkai.procedure.imports.states import ImportState, Use
from gongkai.procedure.proposals import queries as proposals
from gongkai.procedure.proposals.rules import picture_obstacles
from gongkai.procedure.publication import erasing

pytestmark = pytest.mark.django_db
LETTER = made.docx("关于清理水渠的通知", "一、时间", "从周一开始。")


def refusal(verb, **given):
    with pytest.raises(Refused) as refused:
        verb(**given)
    return refused.value.obstacles


def test_a_letter_becomes_something_new_with_its_original(brought, township, who):
    row = brought(LETTER)
    assert (row.state, row.made["title"], row.made["html"]) == (
        "ready",
        "关于清理水渠的通知",
        "<h2>一、时间</h2>\n<p>从周一开始。</p>",
    )
    draft = workflow.begin(row=row, officer=who("组织干事"), entry=entry(township, "JC-05"))
    row.refresh_from_db()
    assert (draft.title, draft.body) == (row.made["title"], row.made["html"])
    assert (row.state, row.use, row.disclosure) == ("used", "new", draft.disclosure)
    assert queries.originals(draft.disclosure) == [row]
    assert list(queries.in_hand(township)) == []
    assert refusal(workflow.drop, row=row, officer=who("组织干事")) == [
        "这个文件已经办过了。请看最新的情况。"
    ]


def test_nothing_of_a_text_is_lost(brought, begun, who):
    officer, draft = who("组织干事"), begun()
    row = brought(LETTER, draft=draft)
    draft.refresh_from_db()
    assert draft.body == "<p>甲村的水渠由甲村管护。</p>"
    workflow.put_in(row=row, officer=officer, draft=draft, use=Use.APPEND, edits=draft.edits)
    draft.refresh_from_db()
    assert draft.body == ("<p>甲村的水渠由甲村管护。</p>\n<h2>一、时间</h2>\n<p>从周一开始。</p>")
    whole = draft.body
    again = brought(LETTER, draft=draft)
    with pytest.raises(Conflict):
        workflow.put_in(row=again, officer=officer, draft=draft, use=Use.REPLACE, edits=0)
    draft.refresh_from_db()
    assert draft.body == whole
    workflow.put_in(row=again, officer=officer, draft=draft, use=Use.REPLACE, edits=draft.edits)
    again.refresh_from_db()
    draft.refresh_from_db()
    assert (draft.title, again.before["title"], again.before["body"]) == (
        "关于清理水渠的通知",
        "关于水利设施管护的决定",
        whole,
    )


def test_what_cannot_be_read_can_still_be_attached(brought, begun, who, monkeypatch):
    monkeypatch.setattr(limited, "office", lambda: "")
    draft, officer = begun(), who("组织干事")
    row = brought(made.compound("WordDocument"), "旧.doc", draft=draft)
    assert (row.state, row.trouble) == (
        "failed",
        "这种办公文件要先转换，这里没有装LibreOffice。请另存为.docx、.xlsx或者PDF，再读一次；"
        "也可以只作附件。",
    )
    given = {"row": row, "officer": officer, "draft": draft, "edits": draft.edits}
    assert refusal(workflow.put_in, use=Use.APPEND, **given) == [
        "还没有读出文字。可以先等等，或者只把它作附件。"
    ]
    workflow.put_in(use=Use.ATTACH, **given)
    assert [each.title for each in proposals.attachments(draft)] == ["旧"]


def test_pictures_come_along_in_the_text_and_as_attachments(brought, township, who):
    picture = made.picture((60, 40))
    image = (
        '<w:p><w:r><w:drawing xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/'
        'wordprocessingDrawing" xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" '
        'xmlns:pic="http://schemas.openxmlformats.org/drawingml/2006/picture" xmlns:r="http://'
        'schemas.openxmlformats.org/officeDocument/2006/relationships"><wp:inline><a:graphic>'
        '<a:graphicData><pic:pic><pic:blipFill><a:blip r:embed="rId7"/></pic:blipFill></pic:pic>'
        "</a:graphicData></a:graphic></wp:inline></w:drawing></w:r></w:p>"
    )
    rels = made.relations(("rId7", "image", "media/image1.png", False))
    parts = {"word/_rels/document.xml.rels": rels, "word/media/image1.png": picture}
    row = brought(made.docx("关于水渠的图", "见下图。", image, parts=parts))
    draft = workflow.begin(row=row, officer=who("组织干事"), entry=entry(township, "JC-05"))
    (attached,) = proposals.attachments(draft)
    name = f"{attached.file.digest[:16]}.png"
    address = draft.disclosure.address
    figure = f'<figure><img alt="" src="/files/{address}/{name}"></figure>'
    assert (draft.body, attached.title) == (f"<p>见下图。</p>\n{figure}", "图1")
    assert picture_obstacles(draft, [attached]) == []
    again = brought(made.docx("关于水渠的图", "再看。", image, parts=parts), draft=draft)
    given = {"row": again, "officer": who("组织干事"), "draft": draft, "edits": 0}
    workflow.put_in(use=Use.APPEND, **given)
    draft.refresh_from_db()
    assert draft.body == f"<p>见下图。</p>\n{figure}\n<p>再看。</p>\n{figure}"
    assert proposals.attachments(draft) == [attached]


def test_whoever_may_not_write_reads_nothing_in(brought, who):
    assert refusal(workflow.take, officer=who("党政办主任"), file=None, name="x")[0].startswith(
        "您现在的岗位不能提出内容。"
    )
    row = brought(LETTER)
    assert not rules.visible(who("党政办主任")).exists()
    assert rules.visible(who("组织干事")).get() == row


def test_a_pdf_is_read_in_the_order_of_its_lines(brought):
    long = "This line of the text runs to the very edge of the page and goes"
    row = brought(made.pages(["Notice", long, "on here.", "- 1 -"], ["Second page."]), "a.pdf")
    assert (row.state, row.made["title"]) == ("ready", "Notice")
    assert row.made["html"] == f"<p>{long} on here.</p>\n<p>Second page.</p>"
    assert row.made["notes"] == [
        "文字是从2页里读出来的，段落和表格可能和原件不同。请对着原件看一遍。"
    ]
    assert [number for number, _digest in queries.previews(row.file)] == [1, 2]


def scanned(brought, words):
    """An import of a scan of two pages whose first one a machine has read."""
    row = brought(made.scan(2), "扫描.pdf", reads=False)
    jobs.preparing.advance(row.file.digest, "pdf", 60)
    Rendition(row.file.digest).keep_words(1, words)
    return row


def test_a_scan_is_proposed_with_its_doubts(brought, monkeypatch):
    monkeypatch.setattr(recognition, "available", lambda: True)
    lines = (
        Line(1000, 1000, 4000, 200, "关于水渠的通知", True),
        Line(1000, 1500, 8000, 200, "请各村在周一以前清理水渠，", True),
        Line(1000, 1800, 3000, 200, "不得延误。", False),
    )
    row = scanned(brought, Recognised(lines, (0.99, 0.98, 0.61)))
    assert queries.progress(row.file) == queries.Progress(1, 2, reads=True)
    Rendition(row.file.digest).keep_words(2, Recognised(failed=True))
    jobs.read_in.call(row.pk)
    row.refresh_from_db()
    assert row.made["title"] == "关于水渠的通知"
    assert row.made["html"] == "<p>请各村在周一以前清理水渠，不得延误。</p>"
    assert row.made["doubts"] == [{"page": 1, "words": "不得延误。", "sure": 0.61}]
    assert row.made["notes"] == [
        "有2页是扫描的图像，文字由机器识别，可能认错。请对着原件逐字核对。",
        "有1行机器没有把握，标了出来。",
        "第2页没有读出文字，请照原件录入。",
    ]
    assert queries.doubts(row, row.made["html"]) == row.made["doubts"]
    assert queries.doubts(row, "<p>不得延期。</p>") == []


def test_without_recognition_a_scan_says_what_to_do(brought, monkeypatch):
    monkeypatch.setattr(recognition, "available", lambda: False)
    row = brought(made.scan(1), "扫描.pdf")
    assert (row.state, row.trouble) == (
        "failed",
        "扫描的图像要先识别文字，这里没有装（gongkai[ocr]）。请照着原件录入，或者只作附件。",
    )
    workflow.again(row=row, officer=rules_officer(row))
    row.refresh_from_db()
    assert (row.state, row.trouble) == ("waiting", "")


def rules_officer(row):
    from tests.cast import officer_named

    return officer_named(row.organisation, "组织干事")


def test_a_worker_that_died_leaves_nothing_waiting(brought):
    row = brought(LETTER, reads=False)
    now = clock.now()
    assert jobs.requeue(now) == 0
    assert jobs.requeue(now + timedelta(minutes=6)) == 1
    task = DBTaskResult.objects.get()
    jobs.read_in.call(*task.args_kwargs["args"])
    row.refresh_from_db()
    assert row.state == ImportState.READY
    assert jobs.requeue(now + timedelta(minutes=60)) == 0


def test_an_erasure_takes_the_original_too(brought, township, who):
    row = brought(LETTER, "某人的事.docx")
    draft = workflow.begin(row=row, officer=who("组织干事"), entry=entry(township, "JC-05"))
    assert erasing.own_files(draft.disclosure) == [row.file]
    erasing.destroy_texts(draft.disclosure, clock.now())
    row = Import.objects.select_related("file").get()
    assert (row.name, row.made, row.file.text, row.file.erased_at is None) == (
        "（已清除）",
        None,
        "",
        False,
    )
