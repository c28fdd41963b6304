"""One reading with positions, one model of finding, and kinds that the charter knows."""

import json
import re._parser as parser
from dataclasses import fields

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st
from tests.procedure.review.checks.reader import labels, told

from gongkai.procedure.catalogue.charter import parse, sample
from gongkai.procedure.catalogue.vetting import Checks
from gongkai.procedure.proposals.sanitise import blocks
from gongkai.procedure.review import privacy
from gongkai.procedure.review.checks import (
    calendar_words,
    capitals,
    dates,
    elements,
    links,
    money,
    persons,
    pictures,
    reading,
    secrecy,
    sums,
    words,
)
from gongkai.procedure.review.checks.finding import Finding, Place
from gongkai.procedure.review.checks.kinds import KINDS
from gongkai.procedure.review.checks.reading import Attached, document, pieces, sentence_at

MODULES = (
    privacy, calendar_words, capitals, dates, elements, links, money, persons, pictures, reading,
    secrecy, sums, words,
)  # fmt: skip


# -- findings --------------------------------------------------------------------------------------


def test_the_charter_and_the_checks_know_the_same_kinds_by_the_same_names():
    assert [each.name for each in fields(Checks)] == list(KINDS)
    assert [str(each.metadata["label"]) for each in fields(Checks)] == [
        str(kind.title) for kind in KINDS.values()
    ]


def test_each_thing_is_told_once_with_all_its_places_and_masked():
    found = told(
        "<p>甲</p><table><tr><th>电话</th></tr><tr><td>138 1234 5678</td></tr></table>",
        [("标题", "联系13812345678")],
        [Attached("名单", "0" * 64, "无\n13812345678"), Attached("图1", "1" * 64, None)],
    )
    assert [each.label for each in found] == [
        "手机号码138****5678（标题、正文第2段的表格第2行第1列、附件“名单”第2行）",
        "附件“图1”里的文字读不出来，请打开核对有没有个人信息",
    ]
    kept = [Finding.of_data(json.loads(json.dumps(each.as_data()))) for each in found]
    assert kept == found
    with translation.override("en"):
        assert kept[0].label == (
            "Mobile number 138****5678 (Title, row 2, column 1 of the table in paragraph 2 of the"
            " text, attachment “名单”, line 2)"
        )
    assert [(each.kind, each.blocking) for each in found] == [
        ("mobile", True),
        ("unreadable", True),
    ]
    assert "13812345678" not in str([each.as_data() for each in found])


def test_a_number_in_an_attachments_title_is_found_and_not_repeated():
    found = told(attached=[Attached("张某13812345678的材料", "0" * 64, None)])
    assert [each.where for each in found] == ["附件名称", "附件“张某…的材料”"]
    assert "13812345678" not in str([each.as_data() for each in found])


def test_a_charter_decides_what_blocks():
    source = sample("village") + '\n[checks]\nmobile = "advisory"\nwords = "blocking"\n'
    levels = parse(source).checks.blocking()
    assert (levels["mobile"], levels["words"], levels["identity"]) == (False, True, True)


# -- positions -------------------------------------------------------------------------------------

HTML = st.lists(
    st.sampled_from(
        ["甲", "13812345678", "<p>", "</p>", "<br>", "<table><tr><td>", "</td><td>", "</td></tr>",
         "<tr><th rowspan=2>", "</th></tr></table>", "<ul><li>", "</li></ul>", "&amp;", "&nbsp;",
         "<strong>", "</strong>", "\n", "　", "<h2>乙</h2>", "<caption>丙</caption>"]
    ),
    max_size=14,
).map("".join)  # fmt: skip


@given(HTML)
def test_every_place_is_where_the_text_stands(html):
    texts = {n: block.text for n, block in enumerate(blocks(html), 1)}
    for block in blocks(html):
        assert "".join(part.text for part in pieces(block.inner)) == block.text
    for passage in document((), html).passages:
        place = passage.at(0, len(passage.text))
        there = texts[place.number][place.start : place.start + place.length]
        assert there == passage.text


def test_a_number_does_not_reach_from_one_cell_or_point_into_the_next():
    html = "<table><tr><td>138</td><td>1234</td><td>5678</td></tr></table>"
    assert labels(html + "<ul><li>138</li><li>1234</li><li>5678</li></ul>") == []
    (found,) = told("<p>138<br>1234<strong>56</strong>78</p>")
    assert found.places == (Place("body", number=1, start=0, length=12),)


def test_an_attachments_lines_are_counted_and_only_a_check_digit_joins_two():
    text = "甲\n联系13812345678\n138\n1234\n5678\n1101011990\n0307109X"
    found = told(attached=[Attached("名单", "0" * 64, text)])
    assert [(each.kind, each.places) for each in found] == [
        ("identity", (Place("line", "名单", 6, start=0, length=19),)),
        ("mobile", (Place("line", "名单", 2, start=2, length=11),)),
    ]


def test_the_sentence_around_a_place():
    text = "一句。联系人电话13812345678，请拨打。三句"
    assert sentence_at(text, 8, 11) == ("联系人电话", "13812345678", "，请拨打")


# -- time ------------------------------------------------------------------------------------------

FAR = 4000


def branches(tree, times=1):
    """How much a pattern's backtracking can multiply: each repeat by how often it can give back."""
    worst = times
    for op, given_ in tree:
        name = str(op)
        if name in {"MAX_REPEAT", "MIN_REPEAT"}:
            least, most, inner = given_
            assert most != parser.MAXREPEAT, "a quantifier without an end has to be possessive"
            worst = max(worst, branches(inner, times * (most - least + 1)))
        elif name == "POSSESSIVE_REPEAT":
            worst = max(worst, branches(given_[2], times))
        elif name == "SUBPATTERN":
            worst = max(worst, branches(given_[3], times))
        elif name == "BRANCH":
            worst = max([worst, *(branches(each, times) for each in given_[1])])
        elif name == "ATOMIC_GROUP":
            worst = max(worst, branches(given_, times))
    return worst


@pytest.mark.parametrize("module", MODULES, ids=lambda module: module.__name__.rpartition(".")[2])
def test_no_pattern_can_run_away(module):
    """Each start costs at most a constant: no repeat without an end that gives anything back, and
    no repeats within repeats that multiply. So a line of any length is read in one go.
    """
    for name, value in vars(module).items():
        if isinstance(value, parser.re.Pattern if hasattr(parser, "re") else type(privacy._RUN)):
            assert branches(parser.parse(value.pattern, value.flags)) <= FAR, name


@pytest.mark.parametrize(
    "unit", ["1 ", "13812345678,", "9", "一", "村", "2026年", "秘密", "【填：", "a@", "零壹"]
)
def test_a_line_of_a_hundred_thousand_characters_is_read(unit):
    assert told(f"<p>{unit * (100_000 // len(unit))}</p>") is not None
