"""Pictures of a file stand in the text where they stood there, each with its words."""

from hashlib import sha256

import pytest
from tests.foundation.files.made import picture

from gongkai.procedure.proposals import pictures
from gongkai.procedure.proposals.pictures import Picture, lifted
from gongkai.procedure.proposals.sanitise import clean, housed


def image(n, alt=""):
    said = f' alt="{alt}"' if alt else ""
    return f'<img{said} src="picture:{n}" />'


def figure(n, alt="", caption=""):
    said = f"<figcaption>{caption}</figcaption>" if caption else ""
    return f'<figure><img src="/files/0000000000/{n:016x}.png" alt="{alt}">{said}</figure>'


@pytest.mark.parametrize(
    ("html", "made", "alts"),
    [
        ("<p>甲</p>", "<p>甲</p>", []),
        (f"<p>{image(1, '水渠')}</p><p>乙</p>", f"{figure(1, '水渠')}<p>乙</p>", ["水渠"]),
        (
            f"<p><strong>甲{image(1)}</strong>乙</p>",
            f"<p><strong>甲</strong>乙</p>{figure(1)}",
            [""],
        ),
        (f"<p>{image(1)}甲{image(2)}</p>", f"{figure(1)}{figure(2)}<p>甲</p>", ["", ""]),
        (
            f"<table><tr><td><p>{image(1)}</p></td></tr></table><p>乙</p>",
            f"<table><tr><td><p>（见图1）</p></td></tr></table>{figure(1)}<p>乙</p>",
            [""],
        ),
        (
            f'<p>{image(1, "a &amp; b")}</p><p class="caption">图1 水渠</p>',
            figure(1, "a &amp; b", "图1 水渠"),
            ["a & b"],
        ),
        ('<p class="caption">表1</p>', '<p class="caption">表1</p>', []),
    ],
)
def test_each_picture_is_a_figure_behind_what_held_it(html, made, alts):
    assert lifted(html) == (made, alts)


@pytest.mark.django_db
def test_the_store_names_them_and_the_item_houses_them(home):
    data = picture((60, 40)) + b"hidden"
    html, alts = lifted(f"<p>{image(1, '水渠')}</p><p>{image(2)}</p>")
    taken = pictures.take(html, [Picture(data, alts[0]), Picture(data, alts[1])])
    ((file, title),) = taken.files  # the same picture twice is one attachment
    assert title == "水渠"
    assert file.digest != sha256(data).hexdigest()  # drawn anew
    name = f"{file.digest[:16]}.png"
    body = housed(clean(taken.html), "ABCDEFGH23")
    assert body == (
        f'<figure><img alt="水渠" src="/files/ABCDEFGH23/{name}"></figure>\n'
        f'<figure><img alt="" src="/files/ABCDEFGH23/{name}"></figure>'
    )
