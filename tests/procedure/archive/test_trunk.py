"""The whole procedure by its own verbs: from a draft to the 件, corrected, and gone again."""

import io
import json

import pytest
from tests.procedure.editions import planned, verbs
from tests.procedure.feedback.test_workflow import received, settled

from gongkai.foundation.core import clock
from gongkai.foundation.files import storage
from gongkai.foundation.files import workflow as files
from gongkai.foundation.ledger.models import PublicRecord
from gongkai.foundation.organisations.audience import ANONYMOUS
from gongkai.foundation.organisations.queries import officer_of_post, today
from gongkai.procedure.archive import folders
from gongkai.procedure.archive import jobs as archive_jobs
from gongkai.procedure.archive import workflow as archive
from gongkai.procedure.catalogue.queries import charter_of, entry
from gongkai.procedure.proposals import workflow as proposals
from gongkai.procedure.publication import jobs as publication_jobs
from gongkai.procedure.publication import queries, workflow
from gongkai.procedure.publication.audience import readable_records
from gongkai.procedure.publication.plans import Step
from gongkai.procedure.review import jobs as review_jobs
from gongkai.procedure.review import workflow as review

pytestmark = pytest.mark.django_db


def reviewed(draft, who):
    """Submitted by 组织干事, passed at every stage and sealed, each by a post that may."""
    round_ = review.submit(draft=draft, officer=who("组织干事"))
    organisation = draft.disclosure.organisation
    charter = charter_of(organisation)[1]
    for stage in charter.stages:
        rule = charter.entry(draft.disclosure.entry.code)
        post = charter.stage_posts(stage, rule)[0]
        reviewer = officer_of_post(organisation, post, today(organisation))
        round_ = review.pass_stage(review=round_, officer=reviewer, text="同意。")
    sealer = officer_of_post(organisation, charter.seal.posts[0], today(organisation))
    return review.seal(review=round_, officer=sealer)


def published(edition, who, log):
    steps = [Step(stage.scope) for stage in queries.sealed_stages(edition)]
    workflow.schedule(edition=edition, officer=who("党政办主任"), steps=steps)
    assert publication_jobs.open_due(clock.now()) == len(steps)
    log()


def test_from_the_draft_to_the_archive_and_out_of_it(township, who, log, home):
    draft = proposals.begin(
        organisation=township,
        entry=entry(township, "JC-05"),
        officer=who("组织干事"),
        title="关于水利设施的决定",
        body="<p>修三条渠。</p>",
        kind="document",
        form="daily",
        plan=planned("A3", "A1"),
    )
    file = files.keep(io.BytesIO("第一条渠\n第二条渠\n".encode()), "渠道名单.txt")
    proposals.attach(draft=draft, officer=who("组织干事"), file=file, title="渠道名单")
    published(reviewed(draft, who), who, log)
    item = draft.disclosure
    settled(received(township, item)[0], who)
    log()

    correction = workflow.correct(
        disclosure=item, officer=who("组织干事"), note="是四条渠。", privacy=False
    )
    edits = correction.edits
    correction = proposals.edit(
        draft=correction, officer=who("组织干事"), edits=edits, body="<p>修四条渠。</p>"
    )
    published(reviewed(correction, who), who, log)
    shown = readable_records(ANONYMOUS).filter(kind="release", subject=item.address)
    newest = json.loads(shown.order_by("-version").first().body)
    assert (newest["note"], "四条渠" in newest["edition"]) == ("是四条渠。", True)

    filing = archive.file(disclosure=item, officer=who("党政办主任"))
    log()
    assert archive_jobs.write_filings(clock.now()) == 0  # it waits for the approval sheets
    review_jobs.make_sheets.call()
    assert archive_jobs.write_filings(clock.now()) == 1
    folder = folders.folder_of(filing)
    attachments = [path.read_text("utf-8") for path in (folder / "attachments").iterdir()]
    assert attachments == ["第一条渠\n第二条渠\n"]

    erasure = workflow.ask_erasure(disclosure=item, officer=who("党委书记"), reason="裁定。")
    workflow.confirm_erasure(erasure=erasure, officer=who("纪委书记"))
    assert publication_jobs.erase_files(clock.now()) == 1
    assert archive_jobs.remove_erased(clock.now()) == 1
    log()
    assert not storage.path(file.digest).exists()
    own = PublicRecord.objects.filter(subject=item.address)
    assert not own.filter(body__contains="渠").exists()
    assert sorted(path.name for path in folder.iterdir()) == ["manifest.json", "readme.txt"]
    left = readable_records(ANONYMOUS).filter(subject=item.address)
    assert sorted(record.kind for record in left) == ["erasure", "filing"]
    assert verbs(item.address)[-1] == "erasure.confirm"
