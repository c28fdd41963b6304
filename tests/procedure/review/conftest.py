"""The township with its charter, drafts of its organising officer, and the way to the seal."""

import pytest
from tests.procedure.editions import township, who
from tests.procedure.proposals.conftest import begun

from gongkai.procedure.review import workflow

__all__ = ["begun", "sealing", "submitted", "township", "who"]

REVIEWERS = ("党政办主任", "党委副书记", "党委书记")
"""Who passes the three stages of the township's charter, in order."""


@pytest.fixture
def submitted(begun, who):
    """``submitted(…)``: the review of a draft that 组织干事 has just handed over."""

    def submit(by="组织干事", **changes):
        return workflow.submit(draft=begun(by=by, **changes), officer=who(by))

    return submit


@pytest.fixture
def sealing(submitted, who):
    """``sealing(…)``: a review of which every stage has been passed."""

    def passed(**changes):
        review = submitted(**changes)
        for post in REVIEWERS:
            review = workflow.pass_stage(review=review, officer=who(post))
        return review

    return passed
