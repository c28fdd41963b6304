"""A personal number never stands on a page of the desk in full, however it is written."""

import pytest

from gongkai.surfaces.desk import sheet


@pytest.mark.parametrize(
    ("body", "shown"),
    [
        ("<p>没有号码。</p>", "<p>没有号码。</p>"),
        (
            "<p>电话13800132046。</p>",
            '<p>电话<mark class="flag">138****2046</mark>。</p>',
        ),
        (
            "<p>电话138 0013 2046，<strong>不收费</strong>。</p>",
            '<p>电话<mark class="flag">138****2046</mark>，<strong>不收费</strong>。</p>',
        ),
        (
            "<p><strong>138</strong>00132046</p>",
            '<p><strong><mark class="flag">138****2046</mark></strong></p>',
        ),
        (
            "<table><tbody><tr><td>甲</td><td>13800132046</td></tr></tbody></table>",
            "<table><tbody><tr><td>甲</td><td>"
            '<mark class="flag">138****2046</mark></td></tr></tbody></table>',
        ),
        (
            "<p>a &lt;b&gt; 13800132046</p>",
            '<p>a &lt;b&gt; <mark class="flag">138****2046</mark></p>',
        ),
        (
            '<figure><img alt="电话13800132046" src="/files/ABCDEFGH12/0123456789abcdef.png">'
            "<figcaption>图1</figcaption></figure>",
            '<figure><img alt="电话138****2046" '
            'src="/desk/i/ABCDEFGH12/pictures/0123456789abcdef.png">'
            "<figcaption>图1</figcaption></figure>",
        ),
        ("<p>文号〔2026〕41号，97,100元</p>", "<p>文号〔2026〕41号，97,100元</p>"),
    ],
)
def test_numbers_are_masked_and_marked(body, shown):
    assert sheet.flagged(body) == shown


def test_what_compares_texts_gets_no_marks():
    assert sheet.plain("<p>电话13800132046。</p>") == "<p>电话138****2046。</p>"
    assert sheet.plain("<p>一段。</p>\n<p>二段。</p>") == "<p>一段。</p>\n<p>二段。</p>"


def test_markup_in_a_line_is_text():
    assert sheet.line("<b>13800132046</b>") == (
        '&lt;b&gt;<mark class="flag">138****2046</mark>&lt;/b&gt;'
    )
    assert sheet.line("<b>甲</b>") == "&lt;b&gt;甲&lt;/b&gt;"
