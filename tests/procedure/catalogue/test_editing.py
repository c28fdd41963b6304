"""A charter's text with other entries: only the lines of what changed are rewritten."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gongkai.foundation.core.errors import Refused
from gongkai.procedure.catalogue.charter import parse, sample
from gongkai.procedure.catalogue.editing import edited, merged

VILLAGE = sample("village")
CHARTER = parse(VILLAGE)
ENTRIES = CHARTER.entries


def differing(before, after):
    """The lines that only one of the two has."""
    old, new = before.split("\n"), after.split("\n")
    return [line for line in old if line not in new], [line for line in new if line not in old]


def test_only_the_lines_of_what_changed_are_other_lines():
    first = replace(ENTRIES[0], title='村里的"账"', period="quarter", channels=("wall",))
    after = edited(VILLAGE, (first, *ENTRIES[1:]))
    assert after.kept
    assert differing(VILLAGE, after.text) == (
        ['title = "村级财务收支"', 'period = "month"  # 待核'],
        ['title = "村里的\\"账\\""', 'channels = ["wall"]'],
    )
    assert parse(after.text).entries[0] == first


def test_an_entry_goes_with_its_own_comments_and_no_others():
    own = VILLAGE.replace('[[entries]]\ncode = "ZC-01"', '# 土地\n[[entries]]\ncode = "ZC-01"')
    own = own.replace('[[entries]]\ncode = "ZC-02"', '# 资产\n\n[[entries]]\ncode = "ZC-02"')
    after = edited(own, [rule for rule in ENTRIES if rule.code != "ZC-01"])
    assert after.kept
    assert "# 土地" not in after.text
    assert "\n\n# 资产\n\n[[entries]]" in after.text


def test_a_comment_inside_a_list_that_changed_cannot_stay_and_it_says_so():
    inside = VILLAGE.replace('scopes = ["C"]', 'scopes = [\n  # 只到村民\n  "C",\n]', 1)
    rule = next(rule for rule in ENTRIES if rule.scopes == ("C",))
    others = [replace(each, scopes=("S",)) if each == rule else each for each in ENTRIES]
    after = edited(inside, others)
    assert (after.kept, "只到村民" in after.text) == (False, False)


def test_entries_written_as_one_list_are_written_anew():
    head, _, _ = VILLAGE.partition("[[entries]]")
    inline = 'entries = [{ code = "CW-01", title = "收支", title_en = "Accounts", category = "CW",'
    inline += ' box = "CW-1", content = "收支", content_en = "Accounts", scopes = ["C"],'
    inline += ' timing = "D3", cycle = "随时", cycle_en = "At any time",'
    inline += ' department = "村民委员会", retention = "Y" }]\n'
    text = inline + head
    one = parse(text).entries[0]
    after = edited(text, [replace(one, title="账目")])
    assert (after.kept, parse(after.text).entry("CW-01").title) == (False, "账目")


def test_an_entry_that_another_part_still_names_cannot_go():
    township = sample("township")
    left = [rule for rule in parse(township).entries if rule.code != "FW-01"]
    with pytest.raises(Refused) as refusal:
        edited(township, left)
    assert refusal.value.obstacles == [
        f"实施办法的“{part}”还用着“FW-01”，不能取消这一项。请先改实施办法的那一部分。"
        for part in ("首页", "领导接访日")
    ]


FIELDS = {
    "title": st.text(st.characters(codec="utf-8", exclude_categories=["C", "Z"]), min_size=1),
    "workdays": st.integers(0, 250),
    "consult": st.booleans(),
    "scopes": st.sampled_from([("C",), ("C", "S"), ("S",)]),
}


@st.composite
def catalogues(draw):
    """The village's entries, some left out, some changed, in another order."""
    kept = draw(st.lists(st.sampled_from(ENTRIES), min_size=1, unique_by=lambda rule: rule.code))
    return [
        _asking(replace(rule, **{name: draw(value) for name, value in FIELDS.items()}), draw)
        if draw(st.booleans())
        else rule
        for rule in kept
    ]


def _asking(rule, draw):
    """``rule``, perhaps asking its readers to confirm; only members are asked."""
    return replace(rule, confirm="C" in rule.scopes and draw(st.booleans()))


@given(catalogues())
@settings(max_examples=15, deadline=None)
def test_whatever_is_wanted_is_what_the_text_says(entries):
    after = edited(VILLAGE, entries)
    assert parse(after.text) == replace(CHARTER, entries=tuple(entries))
    assert [line for line in VILLAGE.split("\n")[:3] if line not in after.text] == []


def test_what_both_changed_the_same_way_or_apart_is_merged():
    a, b, c = ENTRIES[:3]
    other, new = replace(a, title="甲"), replace(a, code="NEW-1")
    mine, theirs = (other, new, c), (a, b, replace(c, title="丙"))
    assert merged((a, b, c), mine, theirs) == (other, new, replace(c, title="丙"))
    assert merged((a, b, c), (other, b, c), (other, b)) == (other, b)
    assert merged((a, b, c), (c, a, b), (a, replace(b, title="乙"), c)) == (
        c,
        a,
        replace(b, title="乙"),
    )
    with pytest.raises(Refused) as refusal:
        merged((a, b), (other, b), (replace(a, title="乙"), b))
    assert refusal.value.obstacles == [
        "“CW-01”这一项，新的实施办法也改了，和您改的不一样。请照新的重新改。"
    ]
