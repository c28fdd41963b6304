"""Checks at submission and in review: what blocks, what is seen, what is read beside the text."""

import io
from importlib import import_module

import pytest
from django.apps import apps

from gongkai.foundation.core.errors import Refused
from gongkai.foundation.files import workflow as files
from gongkai.foundation.ledger.models import Act, PublicRecord
from gongkai.procedure.catalogue.queries import charter_of
from gongkai.procedure.proposals import workflow as proposals
from gongkai.procedure.proposals.models import Draft, DraftFile
from gongkai.procedure.review import checking, queries, workflow
from gongkai.procedure.review.checks.about import Listed
from gongkai.procedure.review.checks.finding import Finding
from gongkai.procedure.review.models import ListedWord, Opinion, Review

from .conftest import REVIEWERS

DATE = "<p>定于2026年2月30日召开。</p>"


def refused(verb, **given):
    with pytest.raises(Refused) as refusal:
        verb(**given)
    return refusal.value.obstacles


def looked(draft):
    found = DraftFile.objects.filter(draft=draft).select_related("file").order_by("order")
    return checking.read(draft, found, charter_of(draft.disclosure.organisation)[1]).findings


def test_a_blank_left_open_stops_the_submission(begun, who):
    draft = begun(body="<p>电话【填：电话】。</p>")
    assert refused(workflow.submit, draft=draft, officer=who("组织干事")) == [
        "“【填：电话】”还没有填（正文第1段）。请填上，或者删去这一处。改好再送审。"
    ]
    draft.refresh_from_db()
    assert (draft.state, Review.objects.count()) == ("writing", 0)


def test_advice_holds_nothing_up_and_is_kept_as_seen(submitted, who):
    review = submitted(body=DATE)
    advice = queries.advice_of(review)
    assert [each.kind for each in advice] == ["dates", "elements"]
    assert queries.open_findings(review) == []
    officer = who("党政办主任")
    assert refused(
        workflow.clear, review=review, officer=officer, finding=advice[0], reason="没有错。"
    ) == ["这项只是提示，不挡审核，不用写理由。"]
    for post in REVIEWERS:
        review = workflow.pass_stage(review=review, officer=who(post))
    digests = [each.digest for each in advice]
    assert [each.seen for each in Opinion.objects.order_by("pk")] == [digests] * 3
    codes = [each.code for each in advice]
    assert [act.facts["seen"] for act in Act.objects.filter(verb="review.pass")] == [codes] * 3
    workflow.seal(review=review, officer=who("党委书记"))


@pytest.mark.parametrize("attachments", [1, 3])
def test_a_check_costs_no_query_for_an_attachment(
    attachments, begun, who, home, django_assert_num_queries
):
    draft = begun(body=DATE)
    for n in range(attachments):
        stored = files.keep(io.BytesIO(f"第{n}份".encode()), "a.txt")
        proposals.attach(draft=draft, officer=who("组织干事"), file=stored, title=f"第{n}份")
    draft = Draft.objects.select_related("disclosure__organisation", "disclosure__entry").get()
    charter = charter_of(draft.disclosure.organisation)[1]
    with django_assert_num_queries(2):
        found = DraftFile.objects.filter(draft=draft).select_related("file")
        checking.read(draft, found, charter)


def test_links_are_looked_up(begun, settings):
    settings.BOARD_URL = "https://board.invalid"
    gone, there = begun(), begun()
    for field, draft in (("withdrawal", gone), ("release", there)):
        PublicRecord.objects.create(
            kind=field, subject=draft.disclosure.address, version=1, organisation="qingxi",
            audience=[], body="", digest="", at=draft.changed_at, salt=b"", entry=b"",
        )  # fmt: skip
    addresses = ["AAAAAAAAA1", gone.disclosure.address, there.disclosure.address]
    hrefs = "".join(f'<a href="https://board.invalid/i/{each}">见</a>' for each in addresses)
    found = looked(begun(body=f"<p>{hrefs}</p>"))
    assert [(each.masked, each.variant) for each in found if each.kind == "links"] == [
        ("/i/AAAAAAAAA1", "missing"),
        (f"/i/{gone.disclosure.address}", "withdrawn"),
    ]


def test_a_notice_is_measured_by_the_entrys_days(begun):
    body = "<p>公示期为2026年11月26日至2026年11月27日。</p>"
    assert "period" in [each.kind for each in looked(begun("ZZ-04", kind="notice", body=body))]
    assert "period" not in [each.kind for each in looked(begun("ZZ-04", body=body))]


def test_the_word_list_is_looked_for(begun, who, township):
    given = {"organisation": township, "officer": who("党政办信息员")}
    row = Listed("mistyped", "截止目前", "截至目前")
    assert workflow.change_words(**given, add=[row]) == (1, 0)
    assert workflow.change_words(**given, add=[row]) == (0, 0)
    assert "words" in [each.kind for each in looked(begun(body="<p>截止目前没有。</p>"))]
    assert workflow.change_words(**given, remove=[row]) == (0, 1)
    assert ListedWord.objects.count() == 0
    acts = Act.objects.filter(subject="words:qingxi").order_by("id")
    assert [(act.verb, act.subject_label) for act in acts] == [
        ("words.add", "截止目前"),
        ("words.remove", "截止目前"),
    ]
    given["officer"] = who("党委书记")
    assert refused(workflow.change_words, **given, add=[row]) == ["词表由“党政办信息员”维护。"]


OLD = {"code": "mobile-1", "kind": "mobile", "masked": "138****5678", "digest": "0" * 64}


@pytest.mark.parametrize(
    ("more", "where"),
    [
        ({"where": "标题、正文第2段"}, "标题、正文第2段"),
        ({"places": [{"part": "body", "name": "", "number": 2}]}, "正文第2段"),
    ],
)
def test_findings_of_before_are_rewritten_once(submitted, more, where):
    migration = import_module("gongkai.procedure.review.migrations.0003_findings_of_every_kind")
    review = submitted()
    review.findings = [OLD | more]
    review.save()
    migration.complete(apps, None)
    review.refresh_from_db()
    found = Finding.of_data(review.findings[0])
    assert (found.blocking, found.label) == (True, f"手机号码138****5678（{where}）")
