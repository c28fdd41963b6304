"""A body is harmless, of one shape, and the same on every machine."""

import os
import subprocess
import sys

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from gongkai.procedure.proposals.sanitise import (
    Block,
    blocks,
    clean,
    pictures,
    placed,
    text_of,
)

PLACE = "/files/ABCDEFGH12/0123456789abcdef.png"
PICTURE = f'<img alt="水渠" src="{PLACE}">'
PIECES = st.sampled_from(
    [
        *("<p>", "</p>", "<h1>", "</h1>", "<h3>", "</h3>", "<div>", "</div>", "<ul>", "<li>"),
        *("</li>", "</ul>", "<table>", "<tr>", "<td colspan=2 rowspan=3>", "</td>", "</table>"),
        *("<strong>", "</strong>", "<i>", "</i>", "<a href='http://a.invalid'>", "</a>", "<br>"),
        *("<a href='#x'>", "<script>", "</script>", "<svg onload=x>", "<img src=x onerror=y>"),
        *("甲", "　　", "&nbsp;", "&lt;", "&", "<", ">", "\n", "<!--", "-->", "<blockquote>"),
        *("</blockquote>", "<caption>", "<math>", "<style>", "</style>", "<pre>", '"', "'"),
        *("<figure>", "</figure>", "<figcaption>", "</figcaption>", PICTURE),
    ]
)


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("甲<b>乙</b>", "<p>甲<strong>乙</strong></p>"),
        ("<div>甲</div><div>乙</div>", "<p>甲</p>\n<p>乙</p>"),
        ("<h1>一、甲</h1><h5>（一）</h5>", "<h2>一、甲</h2>\n<h3>（一）</h3>"),
        ("<p>　　甲&nbsp;</p><p> </p><p><br></p>", "<p>甲</p>"),
        ("<p onclick=x style=y>甲<script>z</script></p>", "<p>甲</p>"),
        ("<img src=x onerror=y>甲<iframe src=x></iframe>", "<p>甲</p>"),
        (
            "<a href=http://a.invalid title=x target=_blank>甲</a>",
            '<p><a href="http://a.invalid" rel="nofollow noopener noreferrer">甲</a></p>',
        ),
        ("<a href=javascript:x>甲</a><a href=#f>乙</a><a href=/x>丙</a>", "<p>甲乙丙</p>"),
        ("<a href=data:text/html,x>甲</a>", "<p>甲</p>"),
        (
            "<table><tr><td colspan=2 rowspan=1 id=x>甲</td><td colspan=-1>乙</td></tr></table>",
            '<table><tbody><tr><td colspan="2">甲</td><td>乙</td></tr></tbody></table>',
        ),
        ("<strong><p>甲</p><p>乙</p></strong>", "<p><strong><br>甲<br>乙</strong></p>"),
        ("甲\u202e乙\x07丙\u200b", "<p>甲乙丙</p>"),
        ("甲<li>乙</li>丙", "<p>甲</p>\n<p>乙</p>\n<p>丙</p>"),
        ("", ""),
        (f"<figure>{PICTURE}</figure>", f"<figure>{PICTURE}</figure>"),
        (
            f"<figure><figcaption><p>图1</p></figcaption><img src={PLACE} alt=' a&quot;<' x=y>",
            f'<figure><img alt="a&quot;&lt;" src="{PLACE}"><figcaption>图1</figcaption></figure>',
        ),
        (
            f"甲{PICTURE}乙",
            f"<p>甲</p>\n<figure>{PICTURE}</figure>\n<p>乙</p>",
        ),
        (f"<ul><li>甲{PICTURE}</li></ul>", "<ul><li>甲</li></ul>"),
        ("<figure><figcaption>甲</figcaption></figure>", "<p>甲</p>"),
        ("<img data-file=//a.invalid/x><img src=data:image/png;base64,AA>甲", "<p>甲</p>"),
        (f"<img src=http://a.invalid{PLACE}>甲", "<p>甲</p>"),
    ],
)
def test_what_stays_and_what_goes(given, expected):
    assert clean(given) == expected


@example(["<h1>", "<table>", "&lt;", "<caption>"])
@given(st.lists(PIECES, max_size=25))
def test_cleaning_twice_changes_nothing(pieces):
    once = clean("".join(pieces))
    assert clean(once) == once


@given(st.lists(PIECES, max_size=25))
def test_nothing_active_is_left(pieces):
    cleaned = clean("".join(pieces)).lower()
    cleaned = cleaned.replace(PICTURE.lower(), "")
    for active in ("<script", "<svg", "<img", "<math", "<style", "href='#", "onload=", "<!--"):
        assert active not in cleaned.replace("&lt;", "")


def test_other_processes_give_the_same_bytes():
    body = (
        "<table><tr><td rowspan=2 colspan=3>甲</td></tr></table>"
        "<a title=x rel=y href=http://a.invalid target=z>乙</a>"
    )
    code = f"from gongkai.procedure.proposals.sanitise import clean; print(clean({body!r}))"
    seen = {
        subprocess.run(
            [sys.executable, "-c", code],
            env={**os.environ, "PYTHONHASHSEED": str(seed), "PYTHONIOENCODING": "utf-8"},
            capture_output=True,
            check=True,
        ).stdout
        for seed in range(3)
    }
    assert seen == {(clean(body) + "\n").encode()}


def test_blocks_read_as_text():
    body = "<h2>甲</h2><ul><li>乙</li><li>丙</li></ul><table><tr><td>丁</td><td>1</td></tr></table>"
    assert [(block.tag, block.text) for block in blocks(body)] == [
        ("h2", "甲"),
        ("ul", "乙\n丙"),
        ("table", "丁\t1"),
    ]
    assert Block("p", "甲&amp;乙<br>丙").text == "甲&乙\n丙"
    assert text_of("<p>甲</p><p>乙</p>") == "甲\n乙"
    figure = blocks(f"<figure>{PICTURE}<figcaption>图1</figcaption></figure>")
    assert [(block.tag, block.text) for block in figure] == [("figure", "水渠\n图1")]


def test_pictures_are_named_and_moved_to_where_a_surface_shows_them():
    body = f"<p>甲</p>\n<figure>{PICTURE}</figure>"
    assert pictures(body) == [("ABCDEFGH12", "0123456789abcdef.png", "水渠")]
    moved = placed(body, lambda address, name: f"/desk/i/{address}/pictures/{name}")
    assert moved == (
        '<p>甲</p>\n<figure><img alt="水渠" '
        'src="/desk/i/ABCDEFGH12/pictures/0123456789abcdef.png"></figure>'
    )
