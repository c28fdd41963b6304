"""The township with its charter, and a draft of its organising officer."""

import pytest
from tests.procedure.editions import township, who

from gongkai.procedure.catalogue.queries import entry
from gongkai.procedure.proposals import workflow

__all__ = ["begun", "township", "who"]


@pytest.fixture
def begun(township, who):
    """``begun(code="JC-05", …)``: a draft that 组织干事 has just begun."""

    def begin(code="JC-05", by="组织干事", **changes):
        given = {
            "title": "关于水利设施管护的决定",
            "body": "<p>甲村的水渠由甲村管护。</p>",
            "kind": "document",
            **changes,
        }
        return workflow.begin(
            organisation=township, entry=entry(township, code), officer=who(by), **given
        )

    return begin
