"""Templates: what the charter knows is filled in, the rest is marked, and the checks agree."""

from datetime import date

import pytest
from tests.procedure.review.checks.reader import told

from gongkai.foundation.core.deadlines import notice_period
from gongkai.procedure.catalogue.charter import parse, sample
from gongkai.procedure.catalogue.vetting import TEMPLATES
from gongkai.procedure.proposals import blanks
from gongkai.procedure.proposals.sanitise import clean
from gongkai.procedure.proposals.states import DocumentKind
from gongkai.procedure.review.checking import elements

TOWNSHIP = parse(sample("township"))
TODAY = date(2026, 11, 26)


@pytest.mark.parametrize("key", TEMPLATES)
def test_a_template_is_clean_and_says_what_it_asks_for(key):
    blank, rule = blanks.all_of_them()[key], TOWNSHIP.entry("JC-05")
    text = blanks.filled(blank, TOWNSHIP, rule, TODAY)
    kept = clean(text.body).replace("<tbody>", "").replace("</tbody>", "")
    assert kept == text.body.strip()
    assert text.kind in DocumentKind.values
    assert "【填：" in text.body
    asked = [list(each) for each in blank.elements]
    found = told(text.body, [("标题", text.title)], elements=asked, notice_workdays=5)
    assert {each.kind for each in found} == {"unfilled"}
    assert {each.blocking for each in found} == {True}


def test_a_notice_says_its_period_as_the_engine_counts_it():
    rule = TOWNSHIP.entry("ZZ-04")
    start, end, days = blanks.notice_span(TOWNSHIP, rule, TODAY)
    assert days == (rule.notice_workdays or TOWNSHIP.deadlines.notice_workdays)
    assert notice_period(start, days).counted[0] == start
    assert notice_period(start, days).due == end
    body = blanks.filled(blanks.all_of_them()["notice"], TOWNSHIP, rule, TODAY).body
    span = f"{start.year}年{start.month}月{start.day}日至{end.year}年{end.month}月{end.day}日"
    assert f"公示期为{span}，共{days}个工作日。" in body
    assert TOWNSHIP.organisation.address in body
    assert told(body, notice_workdays=days, elements=[["实名"]])[0].kind == "unfilled"


@pytest.mark.parametrize(
    ("code", "expected"),
    [("BZ-04", "appointment"), ("ZZ-08", "notice"), ("JC-05", "decision"), ("FW-01", "")],
)
def test_the_desk_suggests_by_the_entrys_title(code, expected):
    assert blanks.suggested(TOWNSHIP.entry(code)) == expected


def test_a_kind_is_looked_at_by_its_own_template_or_the_general_one():
    assert blanks.of_kind("notice").key == "notice"
    assert blanks.of_kind("notice", "appointment").key == "appointment"
    assert blanks.of_kind("minutes", "appointment").key == "minutes"
    assert blanks.of_kind("document") is None
    assert elements(None, "notice")[0][0] == "公示如下"
    assert elements(TOWNSHIP.entry("JC-05"), "document") == [
        [each] for each in TOWNSHIP.entry("JC-05").content.replace("；", "、").split("、")
    ]
