"""The approval sheet says all that was decided, in the same bytes for ever."""

import io

import pypdfium2
import pytest
from django.utils import translation
from django_tasks_db.models import DBTaskResult

from gongkai.foundation.core import clock
from gongkai.foundation.core.errors import Broken
from gongkai.foundation.files import storage
from gongkai.foundation.ledger.models import Act
from gongkai.foundation.seals import judging, papers
from gongkai.foundation.seals import queries as seals
from gongkai.foundation.seals.examining import examine
from gongkai.procedure.archive import contents
from gongkai.procedure.publication import erasing
from gongkai.procedure.review import approval, jobs, queries, workflow
from gongkai.procedure.review.models import ApprovalSheet, Edition

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("home")]

TITLE = "关于石桥村、青溪村等六个村水利设施管护责任和灌溉用水次序的决定"


@pytest.fixture
def edition(submitted, who):
    """Returned once, with a number that was let stand, and sealed."""
    review = submitted(title=TITLE, body="<p>值班电话13812345678。</p>")
    workflow.return_draft(review=review, officer=who("党政办主任"), reason="请写明由哪个村出工。")
    review = workflow.submit(draft=review.draft, officer=who("组织干事"))
    for post in ("党政办主任", "党委副书记"):
        workflow.pass_stage(review=review, officer=who(post))
    secretary = who("党委书记")
    for finding in queries.open_findings(review):
        workflow.clear(review=review, officer=secretary, finding=finding, reason="是值班电话。")
    workflow.pass_stage(review=review, officer=secretary, text="同意，公开以后及时答复。")
    return workflow.seal(review=review, officer=secretary)


def words(pdf):
    pages = pypdfium2.PdfDocument(io.BytesIO(pdf))
    said = "".join(page.get_textpage().get_text_range() for page in pages)
    return "".join(said.split())


def test_the_sheet_says_what_was_decided_and_by_whom(edition):
    made = approval.sheet(edition)
    said = words(made)
    for expected in (
        "中共青溪镇委员会",
        "党务公开审批表",
        TITLE,
        "请写明由哪个村出工。",
        "内容属实，同意公开。",
        "同意，公开以后及时答复。",
        "是值班电话。",
        "本轮没有放行",
        "提示，党政办主任、党委副书记、党委书记已看",
        "党务公开审核专用章",
        edition.seal_number,
        edition.digest[:32],
        f"/i/{edition.disclosure.address}",
    ):
        assert "".join(expected.split()) in said, expected
    assert "13812345678" not in said
    assert "138****5678" in said


def test_the_same_edition_gives_the_same_bytes_in_any_language(edition):
    first = approval.sheet(edition)
    with translation.override("en"):
        assert approval.sheet(Edition.objects.get(pk=edition.pk)) == first


def test_false_bytes_get_no_sheet(edition):
    edition.data = b"{}"
    with pytest.raises(Broken):
        approval.sheet(edition)


def test_the_worker_makes_it_and_the_item_is_filed_with_it(edition):
    assert contents._sheets([edition]) is None
    assert jobs.requeue(clock.now()) == 1
    assert jobs.requeue(clock.now()) == 0
    assert DBTaskResult.objects.ready().count() >= 1
    jobs.make_sheets.call()
    kept = queries.sheet_of(edition)
    with storage.open(kept.file.digest) as stored:
        assert TITLE in words(stored.read())
    assert contents._sheets([edition]) == {"approval.pdf": kept.file.digest}
    assert jobs.requeue(clock.now()) == 0


def test_an_earlier_editions_sheet_stands_in_its_folder(edition):
    jobs.make_sheets.call()
    later = Edition.objects.get(pk=edition.pk)
    later.number = 2  # never saved: only what comes after it
    found = contents._sheets([edition, later])
    assert list(found) == ["editions/1/approval.pdf"]


def test_a_sheet_that_cannot_be_printed_says_why_and_holds_nothing_up(submitted, who):
    review = submitted()
    for post in ("党政办主任", "党委副书记", "党委书记"):
        workflow.pass_stage(review=review, officer=who(post), text="同意\U000f0000")
    edition = workflow.seal(review=review, officer=who("党委书记"))
    jobs.make_sheets.call()
    sheet = ApprovalSheet.objects.get(edition=edition)
    assert (sheet.file, "U+F0000" in sheet.trouble) == (None, True)
    assert contents._sheets([edition]) == {}
    assert jobs.requeue(clock.now()) == 0


def test_the_sheet_is_sealed_and_its_digest_logged(edition, tmp_path):
    jobs.make_sheets.call()
    kept, act = queries.sheet_of(edition).file, Act.objects.get(verb="seal.paper")
    assert (act.subject, act.facts["digest"]) == (edition.disclosure.address, kept.digest)
    judgement = judging.of(examine(storage.path(kept.digest), seals.known()), "")
    assert judgement.good, judgement.sentences
    with storage.open(kept.digest) as stored:
        assert stored.read().startswith(approval.sheet(edition))


def test_one_that_cannot_be_sealed_now_waits_alone(edition, sealing, who, caplog, monkeypatch):
    other = workflow.seal(review=sealing(), officer=who("党委书记"))

    def reached(paper, *, of, **given):
        if of == queries.paper(edition):
            raise papers.Later("the token is not there")
        return file(paper, of=of, **given)

    file = papers.file
    monkeypatch.setattr(papers, "file", reached)
    jobs.make_sheets.call()
    assert [each.edition for each in queries.sheets_to_make()] == [edition]
    assert queries.sheet_of(other).file is not None
    assert "waits for its seal: the token is not there" in caplog.text


def test_an_erasure_takes_a_sheet_that_was_sealed_and_not_yet_noted(edition):
    jobs.make_sheets.call()
    kept = queries.sheet_of(edition).file
    ApprovalSheet.objects.update(file=None)
    assert kept in erasing.own_files(edition.disclosure)


def test_an_erasure_takes_the_sheet(edition):
    jobs.make_sheets.call()
    kept = queries.sheet_of(edition)
    assert kept.file in erasing.own_files(edition.disclosure)


def test_an_erased_edition_gets_none(edition):
    erasing.destroy_texts(edition.disclosure, clock.now())
    jobs.make_sheets.call()
    assert ApprovalSheet.objects.get().file is None
