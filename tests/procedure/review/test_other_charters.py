"""Another charter, other stages and posts: nothing of the township is in the code."""

from importlib import resources

import pytest
from tests.cast import officer_named, staffed

from gongkai.foundation.ledger.workflow import SYSTEM
from gongkai.foundation.organisations.models import Organisation
from gongkai.foundation.organisations.states import Right
from gongkai.procedure.catalogue import workflow as catalogue
from gongkai.procedure.catalogue.queries import charter_of, entries
from gongkai.procedure.proposals import workflow as proposals
from gongkai.procedure.review import queries, workflow


@pytest.fixture
def village(township):
    source = (resources.files("gongkai.procedure.catalogue") / "charters/village.toml").read_text()
    catalogue.apply(source=source, by=SYSTEM)
    slug = Organisation.objects.exclude(pk=township.pk).get().slug
    return staffed(Organisation.objects.get(slug=slug))


def test_a_village_goes_its_own_way_to_the_seal(village):
    _version, charter = charter_of(village)
    writer = next(post for post in charter.posts if Right.PROPOSE in post.rights)
    proposer = officer_named(village, writer.name)
    entry = next(each for each in entries(village) if charter.entry(each.code).scopes)
    draft = proposals.begin(
        organisation=village,
        entry=entry,
        officer=proposer,
        title="村级财务收支",
        body="<p>一季度收入3万元。</p>",
        kind="notice",
    )
    review = workflow.submit(draft=draft, officer=proposer)
    for stage in charter.stages:
        (key, *_others) = [
            key
            for key in charter.stage_posts(stage, charter.entry(entry.code))
            if key != writer.key
        ]
        reviewer = officer_named(village, charter.post(key).name)
        review = workflow.pass_stage(review=review, officer=reviewer)
    sealer = officer_named(village, charter.post(charter.seal.posts[0]).name)
    edition = workflow.seal(review=review, officer=sealer)
    assert edition.seal_number == charter.seal.number(edition.sealed_at.year, 1)
    assert queries.edition_data(edition)["organisation"] == village.slug
