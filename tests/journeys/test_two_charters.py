"""One procedure under two charters: the product knows neither the township nor the village."""

import json

import pytest
from tests.cast import staffed

from gongkai.foundation.core import clock
from gongkai.foundation.ledger.models import PublicRecord
from gongkai.foundation.ledger.workflow import SYSTEM
from gongkai.foundation.organisations import queries as organisations
from gongkai.foundation.organisations.states import Right
from gongkai.procedure.archive import workflow as archive
from gongkai.procedure.catalogue import queries as catalogue
from gongkai.procedure.catalogue.charter import sample
from gongkai.procedure.catalogue.workflow import apply
from gongkai.procedure.proposals import workflow as proposals
from gongkai.procedure.proposals.models import Disclosure
from gongkai.procedure.publication import jobs
from gongkai.procedure.publication import queries as publication_read
from gongkai.procedure.publication import workflow as publication
from gongkai.procedure.publication.plans import Step
from gongkai.procedure.review import queries as review_read
from gongkai.procedure.review import workflow as review
from gongkai.procedure.review.states import ReviewState

WALKS = {
    # charter: slug, entry, its scopes in order, stages, what the public number begins with
    "township": ("qingxi", "JC-05", ["A3", "A1"], 3, "QX-JC-"),
    "village": ("shiqiao", "CW-01", ["C", "S"], 2, "SQ-CW-"),
}


@pytest.mark.django_db
@pytest.mark.parametrize("name", WALKS)
def test_from_draft_to_archive(name):
    slug, code, scopes, stages, number = WALKS[name]
    apply(source=sample(name), by=SYSTEM)
    organisation = staffed(organisations.organisation(slug))
    today = organisations.today(organisation)

    def with_right(right):
        post = organisations.posts_with_right(organisation, right)[0]
        return organisations.officer_of_post(organisation, post.key, today)

    proposer = with_right(Right.PROPOSE)
    draft = proposals.begin(
        organisation=organisation,
        entry=catalogue.entry(organisation, code),
        officer=proposer,
        title="一件按实施办法走完的事",
        body="<p>正文写明事情、数字和日期。</p>",
        kind="document",
    )
    assert [step["scope"] for step in draft.plan] == scopes

    round_ = review.submit(draft=draft, officer=proposer)
    passed = 0
    while round_.state == ReviewState.PENDING:
        round_ = review.pass_stage(review=round_, officer=_other(organisation, round_, today))
        passed += 1
    assert passed == stages
    edition = review.seal(review=round_, officer=_other(organisation, round_, today))

    steps = [Step(stage.scope) for stage in publication_read.sealed_stages(edition)]
    publication.schedule(edition=edition, officer=with_right(Right.PUBLISH), steps=steps)
    jobs.open_due(clock.now())
    disclosure = Disclosure.objects.get(pk=draft.disclosure_id)
    assert disclosure.number.startswith(number)
    opened = PublicRecord.objects.filter(subject=disclosure.address, kind="release").order_by("pk")
    assert [json.loads(record.body)["scope"] for record in opened] == scopes
    assert [record.audience for record in opened] == [[f"org:{slug}"], ["public"]]

    filing = archive.file(disclosure=disclosure, officer=with_right(Right.FILE))
    charter = catalogue.charter_of(organisation)[1]
    assert filing.retention == charter.entry(code).retention
    assert filing.file_number.startswith(charter.archive.fonds)


def _other(organisation, round_, today):
    """Whoever reviews now and did not write the draft."""
    rows = review_read.current(round_.draft)
    officers = (organisations.officer_of_post(organisation, key, today) for key in rows.posts)
    return next(each for each in officers if each.member.key not in rows.draft.authors)
