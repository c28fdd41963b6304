"""Covering an attachment: what is marked is not published, what is published holds none of it."""

import io
from datetime import timedelta

import pypdfium2
import pytest
from django_tasks_db.models import DBTaskResult

from gongkai.foundation.core import clock
from gongkai.foundation.core.errors import Conflict, Refused
from gongkai.foundation.files import storage
from gongkai.foundation.files import workflow as files
from gongkai.foundation.files.models import StoredFile
from gongkai.foundation.files.redacting import Place
from gongkai.foundation.ledger.models import Act
from gongkai.procedure.proposals import jobs, queries, redacting, rules, workflow
from gongkai.procedure.proposals.models import DraftFile, Redaction
from gongkai.procedure.publication.erasing import own_files

from ...foundation.files import made

NUMBER = "110101199003078515"
LINE = Place(1, 0, 500, 9_000, 1_000)
UNFINISHED = "附件“名单”画了遮盖的框，还没有生成遮盖件。请生成，或者撤销遮盖。"

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("home")]


@pytest.fixture
def officer(who):
    return who("组织干事")


@pytest.fixture
def attachment(begun, officer):
    draft = begun()
    stored = files.keep(io.BytesIO(made.pages([f"No {NUMBER}", "Water"], ["Second"])), "名单.pdf")
    return workflow.attach(draft=draft, officer=officer, file=stored, title="名单.pdf")


def marked(attachment, officer, *places, reason="person"):
    return redacting.mark(
        attachment=attachment, officer=officer, places=list(places or [LINE]), reason=reason
    )


def made_by_worker(redaction, officer):
    redaction = redacting.make(redaction=redaction, officer=officer)
    while queries.redaction_at_work(redaction.pk):
        jobs.redact.call(redaction.pk)
    return Redaction.objects.get(pk=redaction.pk)


def refused(verb, **given):
    with pytest.raises(Refused) as refusal:
        verb(**given)
    return refusal.value.obstacles


def obstacles_to_submit(attachment, officer):
    draft = attachment.draft
    charter = rules.charter_of(draft.disclosure.organisation)[1]
    found = queries.attachments(draft)
    return rules.submit_obstacles(draft, officer, charter, found, clock.now())


def test_the_copy_takes_the_place_of_the_original(attachment, officer):
    original = attachment.file
    redaction = made_by_worker(marked(attachment, officer), officer)
    attachment = DraftFile.objects.select_related("file").get(pk=attachment.pk)
    assert (redaction.state, redaction.original, redaction.pages) == ("done", original, 2)
    assert attachment.file != original
    with storage.open(attachment.file.digest) as copy:
        document = pypdfium2.PdfDocument(copy.read())
    words = [page.get_textpage().get_text_range().strip() for page in document]
    assert words == ["Water", "Second"]
    verbs = list(Act.objects.filter(verb__startswith="draft.redact").order_by("pk"))
    assert [(act.verb, act.actor_label) for act in verbs] == [
        ("draft.redact", "组织干事"),
        ("draft.redacted", "系统"),
    ]
    assert verbs[0].facts["reasons"] == ["person"]
    assert NUMBER not in str([act.facts for act in verbs])
    assert not jobs._folder(redaction).exists()


def test_nothing_is_submitted_while_a_mark_is_only_drawn(attachment, officer):
    assert obstacles_to_submit(attachment, officer) == []
    redaction = marked(attachment, officer)
    assert obstacles_to_submit(attachment, officer) == [UNFINISHED]
    redacting.make(redaction=redaction, officer=officer)
    assert obstacles_to_submit(attachment, officer) == [UNFINISHED]
    jobs.redact.call(redaction.pk)
    assert obstacles_to_submit(attachment, officer) == []
    marked(attachment, officer, Place(2, 0, 0, 100, 100))
    assert obstacles_to_submit(attachment, officer) == [UNFINISHED]


def test_a_mark_more_covers_the_original_anew_with_all_marks(attachment, officer):
    first = made_by_worker(marked(attachment, officer), officer)
    again = made_by_worker(marked(attachment, officer, Place(2, 0, 0, 9_999, 9_999)), officer)
    assert (again.original, len(again.marks), again.turn) == (first.original, 2, 2)
    with storage.open(DraftFile.objects.get().file.digest) as copy:
        document = pypdfium2.PdfDocument(copy.read())
    assert [page.get_textpage().get_text_range().strip() for page in document] == ["Water", ""]


def test_the_original_comes_back_when_the_covers_are_given_up(attachment, officer):
    original = attachment.file
    redaction = made_by_worker(marked(attachment, officer), officer)
    redacting.restore(redaction=redaction, officer=officer)
    assert DraftFile.objects.get().file == original
    assert not Redaction.objects.exists()
    assert Act.objects.latest("pk").verb == "draft.unredact"


def test_the_same_place_is_marked_once_and_can_be_taken_away(attachment, officer):
    redaction = marked(attachment, officer, LINE)
    assert len(marked(attachment, officer, LINE, reason="other").marks) == 1
    place = redaction.marks[0]
    assert redacting.unmark(redaction=redaction, officer=officer, place=place).marks == []
    with pytest.raises(Conflict):
        redacting.unmark(redaction=redaction, officer=officer, place=place)
    assert refused(redacting.make, redaction=redaction, officer=officer) == [
        "还没有画要遮盖的地方。"
    ]


@pytest.mark.parametrize(
    ("place", "reason", "said"),
    [
        (Place(0, 0, 0, 10, 10), "person", "框要画在页面里面，有宽有高。"),
        (Place(1, 0, 0, 0, 10), "person", "框要画在页面里面，有宽有高。"),
        (Place(1, 0, 0, 10, 10_001), "person", "框要画在页面里面，有宽有高。"),
        (LINE, "because", "请选遮盖的理由。"),
    ],
)
def test_a_mark_that_makes_no_sense_is_refused(attachment, officer, place, reason, said):
    asked = {"attachment": attachment, "officer": officer, "places": [place], "reason": reason}
    assert refused(redacting.mark, **asked) == [said]
    assert not Redaction.objects.exists()


def test_only_who_writes_may_mark(attachment, who):
    asked = {"attachment": attachment, "places": [LINE], "reason": "person"}
    assert len(refused(redacting.mark, officer=who("党委书记"), **asked)) == 1


def test_marks_have_an_end(attachment, officer, monkeypatch):
    monkeypatch.setattr(rules, "MARKS_LIMIT", 1)
    asked = {"attachment": attachment, "officer": officer, "reason": "person"}
    assert refused(redacting.mark, places=[LINE, Place(2, 0, 0, 9, 9)], **asked) == [
        "一个附件最多画1个框。请改用大一些的框，或者分成几个文件。"
    ]


def test_a_text_file_cannot_be_covered(begun, officer):
    stored = files.keep(io.BytesIO("某某 电话".encode()), "名单.txt")
    attached = workflow.attach(draft=begun(), officer=officer, file=stored, title="名单")
    asked = {"attachment": attached, "officer": officer, "places": [LINE], "reason": "person"}
    assert refused(redacting.mark, **asked) == ["这种文件不能直接遮盖。请另存为PDF，再上传遮盖。"]


def test_while_the_copy_is_made_nothing_is_changed(attachment, officer):
    redaction = redacting.make(redaction=marked(attachment, officer), officer=officer)
    waits = ["正在生成遮盖件，请等它做完再改。"]
    asked = {"attachment": attachment, "officer": officer, "places": [LINE], "reason": "person"}
    assert refused(redacting.mark, **asked) == waits
    assert refused(redacting.restore, redaction=redaction, officer=officer) == waits
    assert refused(redacting.make, redaction=redaction, officer=officer) == [
        "正在生成遮盖件，请等它做完。"
    ]


def test_a_page_that_is_not_there_is_said_and_nothing_is_lost(attachment, officer):
    original = attachment.file
    redaction = made_by_worker(marked(attachment, officer, Place(9, 0, 0, 10, 10)), officer)
    assert (redaction.state, redaction.trouble) == (
        "marking",
        "有框画在第9页，这个文件只有2页。请去掉那些框。",
    )
    assert DraftFile.objects.get().file == original


def test_a_late_worker_changes_nothing(attachment, officer):
    original = attachment.file
    late = redacting.make(redaction=marked(attachment, officer), officer=officer)
    Redaction.objects.filter(pk=late.pk).update(turn=late.turn + 1)
    assert not redacting.finish(redaction=late, copy=original)
    Redaction.objects.filter(pk=late.pk).delete()
    assert not redacting.finish(redaction=late, copy=original)
    workflow.detach(draft=attachment.draft, officer=officer, attachment=attachment)
    with pytest.raises(Conflict):
        redacting.finish(redaction=late, copy=original)
    jobs.redact.call(late.pk)
    assert StoredFile.objects.count() == 1


def test_what_a_dead_worker_left_is_gone_on_with_and_what_nobody_wants_goes(attachment, officer):
    redaction = redacting.make(redaction=marked(attachment, officer), officer=officer)
    stray = jobs._place() / "99-1"
    stray.mkdir(parents=True)
    now = clock.now()
    assert jobs.requeue(now) == 0
    assert not stray.exists()
    assert jobs.requeue(now + timedelta(minutes=6)) == 1
    asked = [task.args_kwargs["args"] for task in DBTaskResult.objects.ready()]
    assert [redaction.pk] in asked


def test_an_erasure_destroys_original_and_copy(attachment, officer):
    original = attachment.file
    made_by_worker(marked(attachment, officer), officer)
    disclosure = attachment.draft.disclosure
    assert {each.pk for each in own_files(disclosure)} == {
        original.pk,
        DraftFile.objects.get().file_id,
    }


def test_an_erasure_elsewhere_leaves_an_original_that_is_used_here(attachment, officer, begun):
    other = workflow.attach(draft=begun(), officer=officer, file=attachment.file, title="同一份")
    made_by_worker(marked(attachment, officer), officer)
    assert own_files(other.draft.disclosure) == []
