"""An item on its way by the verbs, whoever's post each step is: the charter alone says."""

from dataclasses import dataclass

from gongkai.foundation.organisations import queries as organisations
from gongkai.foundation.organisations.models import Organisation
from gongkai.foundation.organisations.queries import Officer
from gongkai.foundation.organisations.states import Right
from gongkai.procedure.catalogue import queries as catalogue
from gongkai.procedure.proposals import workflow as proposals
from gongkai.procedure.proposals.models import Draft
from gongkai.procedure.publication import queries as publication_read
from gongkai.procedure.publication import workflow as publication
from gongkai.procedure.publication.models import Release
from gongkai.procedure.publication.plans import Step
from gongkai.procedure.review import queries as review_read
from gongkai.procedure.review import workflow as review
from gongkai.procedure.review.models import Edition
from gongkai.procedure.review.states import ReviewState


@dataclass
class Walk:
    """An item that was proposed, passed by ``stages`` reviewers, sealed and arranged (办理过程)."""

    draft: Draft
    stages: int
    edition: Edition
    releases: list[Release]


def with_right(organisation: Organisation, right: Right) -> Officer:
    """Who holds the first post that has the right."""
    post = organisations.posts_with_right(organisation, right)[0]
    return organisations.officer_of_post(organisation, post.key, organisations.today(organisation))


def walked(organisation: Organisation, code: str, title: str) -> Walk:
    """An item under the entry, all of whose stages are due at once."""
    proposer = with_right(organisation, Right.PROPOSE)
    draft = proposals.begin(
        organisation=organisation,
        entry=catalogue.entry(organisation, code),
        officer=proposer,
        title=title,
        body="<p>正文写明事情、数字和日期。</p>",
        kind="document",
    )
    round_, stages = review.submit(draft=draft, officer=proposer), 0
    while round_.state == ReviewState.PENDING:
        round_ = review.pass_stage(review=round_, officer=_other(organisation, round_))
        stages += 1
    edition = review.seal(review=round_, officer=_other(organisation, round_))
    steps = [Step(stage.scope) for stage in publication_read.sealed_stages(edition)]
    publisher = with_right(organisation, Right.PUBLISH)
    releases = publication.schedule(edition=edition, officer=publisher, steps=steps)
    return Walk(draft, stages, edition, releases)


def _other(organisation: Organisation, round_) -> Officer:
    """Whoever reviews now and did not write the draft."""
    day, rows = organisations.today(organisation), review_read.current(round_.draft)
    officers = (organisations.officer_of_post(organisation, key, day) for key in rows.posts)
    return next(each for each in officers if each.member.key not in rows.draft.authors)
