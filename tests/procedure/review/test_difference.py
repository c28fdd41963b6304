"""A resubmission shows what changed, and the comparison itself is harmless."""

import re

from hypothesis import given
from hypothesis import strategies as st

from gongkai.procedure.proposals.models import Submission
from gongkai.procedure.proposals.sanitise import clean, text_of
from gongkai.procedure.review.difference import body, combined, difference, pieces, words

texts = st.lists(
    st.text(st.sampled_from(list("甲乙丙村决定，。<&>\"'186万元")), min_size=1, max_size=30),
    max_size=6,
)


def html_of(lines):
    return clean(
        "".join(f"<p>{text.replace('&', '&amp;').replace('<', '&lt;')}</p>" for text in lines)
    )


def kept(compared, without):
    """What remains when one side's words are taken out."""
    left = re.sub(rf"<{without}>.*?</{without}>", "", compared)
    lines = (text_of(block).replace("\n", "") for block in left.split("\n"))
    return [line for line in lines if line.strip()]


def test_words_change_inside_a_paragraph():
    assert words("支出186万元", "支出94万元") == "支出<del>186</del><ins>94</ins>万元"


def test_paragraphs_come_and_go():
    old = "<h2>一、要求</h2>\n<p>经费支出186万元。</p>\n<p>本决定自印发之日起施行。</p>"
    new = "<h2>一、要求</h2>\n<p>经费支出94万元。</p>\n<p>各村组织群众评议。</p>"
    assert body(old, new).split("\n") == [
        "<h3>一、要求</h3>",
        "<p>经费支出<del>186</del><ins>94</ins>万元。</p>",
        "<p><ins>各村组织群众评议。</ins></p>",
        "<p><del>本决定自印发之日起施行。</del></p>",
    ]


def test_markup_in_a_text_stays_text():
    shown = body("<p>&lt;script&gt;甲</p>", "<p>&lt;script&gt;乙</p>")
    assert "<script" not in shown
    assert "&lt;" in shown


@given(texts, texts)
def test_both_texts_can_be_read_out_of_the_comparison(old, new):
    before, after = html_of(old), html_of(new)
    compared = body(before, after)
    assert kept(compared, "del") == kept(body(after, after), "del")
    assert sorted(kept(compared, "ins")) == sorted(kept(body(before, before), "ins"))
    assert set(re.findall(r"</?(\w+)", compared)) <= {"p", "h3", "h4", "ins", "del", "br"}


def submission(**changes):
    given = {"title": "决定", "body": "<p>甲</p>", "attachments": [], "particulars": {}}
    return Submission(**{**given, **changes})


def test_attachments_and_particulars_are_told():
    old = submission(attachments=[{"title": "附表", "digest": "1"}], particulars={"kind": "brief"})
    new = submission(attachments=[{"title": "名单", "digest": "2"}], particulars={"kind": "notice"})
    told = difference(old, new)
    assert (told.added, told.removed, told.particulars, told.changed) == (
        ("名单",),
        ("附表",),
        ("kind",),
        True,
    )
    assert difference(old, old).changed is False


TEXTS = st.lists(st.sampled_from("甲乙丙丁戊"), max_size=6).map(
    lambda letters: "\n".join(f"<p>{letter}</p>" for letter in letters)
)


@given(st.one_of(st.none(), TEXTS), TEXTS, TEXTS)
def test_either_of_two_texts_can_be_taken_whole_and_the_advice_loses_no_words(base, theirs, mine):
    found = pieces(base, theirs, mine)
    assert combined(found, {}) == mine
    assert combined(found, {piece.key: "theirs" for piece in found}) == theirs
    advised = combined(found, {piece.key: piece.advice for piece in found})
    if base is not None and theirs == base:
        assert advised == mine
    if base is not None and mine == base:
        assert advised == theirs
    written = {*theirs.split("\n"), *mine.split("\n")} - {"", *(base or "").split("\n")}
    assert written <= set(advised.split("\n"))


def test_what_only_one_of_two_changed_is_theirs_even_side_by_side():
    base = "<p>一段。</p><p>二段。</p><p>三段。</p><p>四段。</p>"
    theirs = "<p>一段，改了。</p><p>二段。</p><p>三段。</p><p>四段，他改。</p>"
    mine = "<p>一段。</p><p>二段，我改。</p><p>三段。</p><p>四段，我改。</p>"
    found = [piece for piece in pieces(base, theirs, mine) if piece.differs]
    assert [piece.advice for piece in found] == ["theirs", "mine", "both"]
    assert combined(pieces(base, theirs, mine), {each.key: each.advice for each in found}) == (
        "<p>一段，改了。</p>\n<p>二段，我改。</p>\n<p>三段。</p>\n<p>四段，他改。</p>\n"
        "<p>四段，我改。</p>"
    )
