"""What people type becomes a body, and a body becomes lines again without losing anything."""

import pytest

from gongkai.procedure.proposals.sanitise import clean
from gongkai.surfaces.desk import typed

BODIES = [
    "<p>为做好慰问工作，拟慰问186户。</p>",
    "<h2>一、对象</h2>\n<p>困难党员41户。</p>\n<h3>（一）标准</h3>\n<p>每户600元。</p>",
    '<h2>说明</h2>\n<p>见<a href="https://example.invalid/">网站</a>，<strong>不收费</strong>。</p>',
    "<p>第一行<br>第二行</p>",
    "<p>户数如下</p>\n<table><tbody><tr><td>石桥村</td><td>12</td></tr></tbody></table>\n<p>完。</p>",
    "<ul><li>甲</li><li>乙</li></ul>\n<ol><li>丙</li></ol>\n<ul><li>甲</li><li>乙</li></ul>",
    "<p>同一句。</p>\n<p>同一句。</p>",
    "<p>一、这是一句完整的话。</p>",
    "<p>a &lt; b &amp; c</p>",
    "",
]


@pytest.mark.parametrize("body", BODIES)
def test_text_that_nobody_touched_is_the_body_it_was(body):
    kept = clean(body)
    assert typed.body(typed.text(kept), kept) == kept
    assert typed.body(typed.text(kept).replace("\n", "\r\n\r\n"), kept) == kept


def test_a_pasted_text_becomes_paragraphs_and_headings():
    assert typed.body("　　为做好工作。\n一、对象\n\n困难党员41户。") == (
        "<p>为做好工作。</p>\n<h2>一、对象</h2>\n<p>困难党员41户。</p>"
    )


def test_a_touched_line_loses_only_its_own_marks():
    before = clean("<p>见<strong>甲</strong>。</p><p>见<strong>乙</strong>。</p>")
    assert (
        typed.body("见甲吧。\n见乙。", before) == "<p>见甲吧。</p>\n<p>见<strong>乙</strong>。</p>"
    )


def test_a_table_stays_behind_its_line_and_goes_with_it():
    before = clean(BODIES[4])
    lines = typed.text(before).split("\n")
    assert lines == ["户数如下", "【表格1：石桥村 12】", "完。"]
    assert "<table>" in typed.body("改过\n【表格1：石桥村 12】\n完。", before)
    assert "<table>" not in typed.body("户数如下\n完。", before)


def test_a_changed_line_in_brackets_is_named():
    before = clean(BODIES[4])
    assert typed.missing("【表格1：石桥村 13】", before) == ["【表格1：石桥村 13】"]
    assert typed.missing(typed.text(before), before) == []
    assert typed.missing("【标题】说明", before) == []


def test_markup_is_text():
    assert typed.body("<script>alert(1)</script>") == "<p>&lt;script&gt;alert(1)&lt;/script&gt;</p>"


def test_the_words_of_a_picture_can_be_typed():
    place = "/files/ABCDEFGH23/0123456789abcdef.png"
    figure = f'<figure><img alt="" src="{place}"><figcaption>图1</figcaption></figure>'
    before = f"<p>甲</p>\n{figure}"
    assert typed.text(before) == "甲\n【图片1：】"
    retold = "甲\n【图片1：水渠“<口>”】"
    assert typed.missing(retold, before) == []
    assert typed.body(retold, before) == before.replace('alt=""', 'alt="水渠“&lt;口&gt;”"')
    assert typed.text(typed.body(retold, before)) == retold
    assert typed.missing("【图片2：水渠】", before) == ["【图片2：水渠】"]
