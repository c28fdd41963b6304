"""A sealed text becomes values; tables keep every cell and fit on paper."""

import pytest

from gongkai.procedure.proposals.sanitise import clean
from gongkai.surfaces.channels.paper import body, widths

pytestmark = pytest.mark.once
PICTURE = "/files/K7ABCDEFGH/0123456789abcdef.png"


def table(columns, rows=2, words="一二三四五六"):
    head = "".join(f"<th>{words}{n}</th>" for n in range(columns))
    line = "".join(f"<td>{n}</td>" for n in range(columns))
    (made,) = body.nodes(clean(f"<table><tr>{head}</tr>{f'<tr>{line}</tr>' * rows}</table>"))
    return made


def test_every_block_is_kept_and_markup_is_words():
    found = body.nodes(
        clean(
            "<h2>一</h2><p>甲<strong>乙\u202e</strong><br>#丙 $x$</p><ul><li>丁</li></ul>"
            f'<blockquote><p>戊</p></blockquote><figure><img src="{PICTURE}" alt="己">'
            "<figcaption>庚</figcaption></figure>"
        )
    )
    assert found == [
        {"t": "h", "level": 2, "in": ["一"]},
        {"t": "p", "in": ["甲", {"t": "strong", "in": ["乙"]}, {"t": "br"}, "#丙 $x$"]},
        {"t": "list", "ordered": False, "items": [[{"t": "p", "in": ["丁"]}]]},
        {"t": "quote", "in": [{"t": "p", "in": ["戊"]}]},
        {"t": "figure", "file": "0123456789abcdef.png", "alt": "己", "caption": ["庚"]},
    ]


def test_spans_are_cut_to_the_grid_and_short_rows_filled():
    (found,) = body.nodes(
        clean(
            "<table><tr><th>甲</th><th colspan=2>乙</th></tr>"
            "<tr><td rowspan=9>1</td><td>2</td></tr><tr><td colspan=2>1,234.5</td></tr></table>"
        )
    )
    assert (found["heads"], found["rows"], found["columns"]) == (1, 3, 3)
    cells = [
        (c["x"], c["y"], c["w"], c["h"], body.plain(c["in"]), c["number"]) for c in found["cells"]
    ]
    assert cells == [
        (0, 0, 1, 1, "甲", False),
        (1, 0, 2, 1, "乙", False),
        (0, 1, 1, 2, "1", True),
        (1, 1, 1, 1, "2", True),
        (1, 2, 2, 1, "1,234.5", True),
        (2, 1, 1, 1, "", False),
    ]


def test_a_table_is_turned_before_it_is_cut_and_cut_before_it_is_too_small():
    fits = {columns: widths.fit(table(columns)) for columns in (3, 6, 9, 12, 30)}
    assert [(each.turned, len(each.groups) > 1) for each in fits.values()] == [
        (False, False),
        (False, False),
        (True, False),
        (True, True),
        (True, True),
    ]
    assert min(each.size for each in fits.values()) == widths.SMALL
    groups = fits[30].groups
    assert {group[0] for group in groups} == {0}
    assert [column for group in groups for column in group[1:]] == list(range(1, 30))


def test_a_table_on_a_sheet_is_cut_and_never_turned():
    found = widths.fit(table(30), widths.SHEET)
    assert (found.turned, found.size) == (False, widths.SMALL)
    assert [column for group in found.groups for column in group[1:]] == list(range(1, 30))
    assert max(map(sum, map(found.shares, found.groups))) <= widths.HANGING


def test_a_cell_over_two_groups_stands_in_both():
    (found,) = body.nodes(clean("<table><tr><td>甲</td><td colspan=3>乙</td></tr></table>"))
    told = [
        [(c["x"], c["w"], body.plain(c["in"])) for c in widths.cut(found, columns)]
        for columns in ((0, 1, 2), (0, 3))
    ]
    assert told == [[(0, 1, "甲"), (1, 2, "乙")], [(0, 1, "甲"), (1, 1, "乙")]]
