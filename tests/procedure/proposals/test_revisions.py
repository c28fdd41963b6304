"""What a draft said before: kept save by save, one a sitting, few, and gone with the draft."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from gongkai.foundation.core.errors import Conflict, Refused
from gongkai.foundation.ledger.models import Act
from gongkai.procedure.proposals import queries, rules, workflow
from gongkai.procedure.proposals.models import Revision

pytestmark = pytest.mark.django_db
TEN = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)


def told(draft):
    """Count, kind and text of each revision, oldest first."""
    rows = Revision.objects.filter(draft=draft).order_by("pk")
    return [tuple(row) for row in rows.values_list("edits", "kind", "body")]


def test_every_save_leaves_a_revision_and_the_first_text_is_one(begun, who):
    draft = begun()
    workflow.edit(draft=draft, officer=who("组织干事"), edits=0, body="甲")
    assert told(draft) == [
        (0, "saved", "<p>甲村的水渠由甲村管护。</p>"),
        (1, "saved", "<p>甲</p>"),
    ]
    assert queries.body_at(draft, 1) == "<p>甲</p>"
    assert queries.body_at(draft, 7) is None


def test_the_editors_saves_are_one_revision_and_one_act_a_sitting(begun, who):
    draft, clerk = begun(), who("组织干事")
    with time_machine.travel(TEN) as clock:
        for edits, body in enumerate(["甲", "甲乙", "甲乙丙"]):
            draft = workflow.autosave(draft=draft, officer=clerk, edits=edits, body=body)
            clock.shift(timedelta(minutes=2))
        assert workflow.autosave(draft=draft, officer=clerk, edits=3, body="甲乙丙").edits == 3
        clock.shift(timedelta(minutes=5))
        draft = workflow.autosave(draft=draft, officer=clerk, edits=3, body="丁")
        other = workflow.autosave(draft=draft, officer=who("团委书记"), edits=4, body="戊")
        workflow.edit(draft=other, officer=who("团委书记"), edits=5, body="己")
    assert told(draft)[1:] == [
        (3, "automatic", "<p>甲乙丙</p>"),
        (4, "automatic", "<p>丁</p>"),
        (6, "saved", "<p>己</p>"),
    ]
    acts = Act.objects.filter(verb="draft.edit").order_by("pk").values_list("facts", flat=True)
    assert [facts["edits"] for facts in acts] == [1, 4, 5, 6]
    assert [facts.get("automatic", False) for facts in acts] == [True, True, True, False]


def test_the_later_of_two_is_told_and_their_words_are_set_aside_once(begun, who):
    draft = begun()
    workflow.autosave(draft=draft, officer=who("团委书记"), edits=0, body="先存的")
    with pytest.raises(Conflict):
        workflow.autosave(draft=draft, officer=who("组织干事"), edits=0, body="后存的")
    for body in ("后存的", "后存的，又写了"):
        workflow.set_aside(draft=draft, officer=who("组织干事"), title="我的题目", body=body)
    draft.refresh_from_db()
    assert (draft.body, draft.edits) == ("<p>先存的</p>", 1)
    assert told(draft)[1:] == [
        (1, "automatic", "<p>先存的</p>"),
        (1, "aside", "<p>后存的，又写了</p>"),
    ]
    assert queries.body_at(draft, 1) == "<p>先存的</p>"
    with pytest.raises(Refused):
        workflow.set_aside(draft=draft, officer=who("党政办主任"), body="不许")


def test_an_earlier_revision_comes_back_as_a_new_one(begun, who):
    draft, clerk = begun(), who("组织干事")
    first = Revision.objects.get(draft=draft)
    workflow.edit(draft=draft, officer=clerk, edits=0, title="新题", body="乙", channels=["wall"])
    back = workflow.restore(draft=draft, officer=clerk, edits=1, revision=first)
    assert (back.title, back.body, back.edits) == (first.title, first.body, 2)
    assert back.channels == ["wall"]
    assert [row[:2] for row in told(draft)] == [(0, "saved"), (1, "saved"), (2, "restored")]
    with pytest.raises(Conflict):
        workflow.restore(draft=draft, officer=clerk, edits=1, revision=first)
    stranger = Revision.objects.get(draft=begun(title="另一件"))
    with pytest.raises(Conflict) as gone:
        workflow.restore(draft=draft, officer=clerk, edits=2, revision=stranger)
    assert str(gone.value) == "这一稿已经不在了。请看最新的修改记录。"


def test_revisions_are_few_and_go_with_the_draft(begun, who, monkeypatch):
    monkeypatch.setattr(rules, "REVISIONS_LIMIT", 3)
    draft, clerk = begun(), who("组织干事")
    for edits in range(5):
        workflow.edit(draft=draft, officer=clerk, edits=edits, body=str(edits))
    assert [row[0] for row in told(draft)] == [3, 4, 5]
    workflow.drop(draft=draft, officer=clerk, reason="不办了")
    assert told(draft) == []


def test_a_draft_from_before_keeps_what_it_said(begun, who):
    draft = begun()
    Revision.objects.all().delete()
    workflow.autosave(draft=draft, officer=who("组织干事"), edits=0, body="乙")
    assert told(draft) == [
        (0, "saved", "<p>甲村的水渠由甲村管护。</p>"),
        (1, "automatic", "<p>乙</p>"),
    ]


@pytest.mark.parametrize("count", [1, 3])
def test_a_save_costs_the_same_however_many_there_were(
    begun, who, count, django_assert_num_queries
):
    draft, clerk = begun(), who("组织干事")
    for edits in range(count):
        workflow.edit(draft=draft, officer=clerk, edits=edits, body=str(edits))
    with django_assert_num_queries(11):
        workflow.autosave(draft=draft, officer=clerk, edits=count, body="乙")
