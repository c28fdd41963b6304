"""What goes beside the stages, by the desk's pages: deputies, opinions asked for, comments."""

from datetime import timedelta

import pytest

from gongkai.foundation.ledger.workflow import SYSTEM
from gongkai.foundation.organisations import queries as organisations
from gongkai.foundation.organisations import workflow as posts
from gongkai.foundation.organisations.models import Tenure
from gongkai.foundation.organisations.states import AbsenceKind
from gongkai.procedure.review import queries as reviews
from gongkai.procedure.review.models import Consultation, Opinion, Remark
from gongkai.surfaces.desk import sheet

pytestmark = pytest.mark.django_db


@pytest.fixture
def away(qingxi):
    """``away("secretary", "discipline")``: the one is away, the other stands in."""

    def register(post, deputy):
        today = organisations.today(qingxi)
        posts.register_absence(
            tenure=Tenure.objects.get(post=organisations.post(qingxi, post), until=None),
            deputy=organisations.post(qingxi, deputy),
            since=today,
            until=today + timedelta(days=2),
            kind=AbsenceKind.TRIP,
            by=SYSTEM,
        )

    return register


def titles(client) -> list[tuple[str, str]]:
    """What waits in the inbox, as said."""
    found = client.get("/desk/").context["groups"]
    return [(task.act, task.say) for group in found for task in group.tasks]


def test_the_deputys_inbox_holds_it_and_the_page_says_how_it_will_read(walk, at, away):
    item = walk().submitted().passed("党政办主任", "党委副书记")
    away("secretary", "discipline")
    desk = at("纪委书记")
    assert any("等您代党委书记办“主要领导审定”" in said for _act, said in titles(desk))
    page = desk.get(item.page("pass")).content.decode()
    assert "您代行党委书记，会写明“党委书记（纪委书记代）”。" in page
    assert desk.post(item.page("pass"), {"text": "同意。"}).status_code == 302
    assert Opinion.objects.latest("pk").post == "党委书记（纪委书记代）"
    assert "党委书记（纪委书记代）通过“主要领导审定”" in desk.get(item.page()).content.decode()


def test_a_stage_is_taken_on_and_given_back(walk, at):
    item = walk().submitted().passed("党政办主任")
    one, other = at("纪委书记"), at("党委副书记")
    assert one.get(item.page("claim")).status_code == 200
    assert one.post(item.page("claim")).status_code == 302
    assert any("纪委书记已认领。" in said for _act, said in titles(other))
    assert other.post(item.page("claim")).status_code == 422
    assert one.post(item.page("unclaim")).status_code == 302
    assert reviews.open_review(item.disclosure).claimed_by is None


def test_posts_are_asked_answer_and_are_let_go(walk, at, qingxi):
    item = walk().submitted()
    office, head = at("党政办主任"), at("党建办主任")
    assert head.get(item.page()).status_code == 404
    keys = [organisations.post(qingxi, key).pk for key in ("party-building", "finance")]
    assert office.post(item.page("ask"), {"posts": []}).status_code == 422
    assert office.post(item.page("ask"), {"posts": keys, "text": "看看。"}).status_code == 302
    first, second = Consultation.objects.order_by("pk")
    assert [act for act, _said in titles(head)] == ["会签"]
    assert head.get(item.page("advise", first.pk)).status_code == 200
    given = {"advice": "object", "text": ""}
    assert head.post(item.page("advise", first.pk), given).status_code == 422
    given["text"] = "依据不足。"
    assert head.post(item.page("advise", first.pk), given)["Location"] == "/desk/"
    shown = office.get(item.page())
    assert [(each.text, len(each.acts)) for each in shown.context["opinions"]] == [
        ("依据不足。", 0),
        ("", 1),
    ]
    assert office.post(item.page("unask", second.pk), {"sure": "on"}).status_code == 302
    assert reviews.open_review(item.disclosure).asked == []


def test_a_comment_is_written_seen_beside_the_editor_and_dealt_with(walk, at):
    item = walk().submitted()
    office, writer = at("党政办主任"), at("组织干事")
    choices = office.get(item.page("remark")).context["form"].fields["block"].choices
    assert [label for _n, label in choices] == [
        "第1段：为做好工作，现决定如下。",
        "第2段：一、管护",
        "第3段：甲村的水渠由甲村管护。",
    ]
    wrong = {"block": 3, "quote": "乙村", "text": "写明。"}
    assert office.post(item.page("remark"), wrong).status_code == 422
    assert office.post(item.page("remark"), {**wrong, "quote": "甲村管护"}).status_code == 302
    office.post(item.page("remark"), {**wrong, "block": 1, "quote": ""})
    kept, gone = Remark.objects.order_by("-block")
    assert office.post(item.page("unsay", gone.pk)).status_code == 302
    office.post(item.page("return"), {"text": "见批注。"})
    page = writer.get(item.page("edit")).content.decode()
    assert 'href="#p3">第3段</a> <q lang="zh-CN">甲村管护</q>' in page
    assert writer.post(item.page("resolve", kept.pk), {"edit": "1"})["Location"] == item.page(
        "edit"
    )
    assert "组织干事标为已改" in writer.get(item.page()).content.decode()
    assert writer.post(item.page("resolve", kept.pk)).status_code == 422


def test_each_block_of_the_shown_text_has_its_number():
    body = "<p>一</p>\n<table><tbody><tr><td>二\n行</td></tr></tbody></table>\n<p>13812345678</p>"
    shown = sheet.flagged(body, numbered=True)
    assert [f'id="p{n}"' in shown for n in (1, 2, 3, 4)] == [True, True, True, False]
    assert '<p id="p3"><mark class="flag">138****5678</mark></p>' in shown
