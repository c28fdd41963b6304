"""A correction shows what it changed."""

from dataclasses import replace

import pytest

from gongkai.surfaces.board import items
from gongkai.surfaces.board.comparison import MOST, changes, paragraphs


@pytest.fixture
def edition():
    text = (
        '{"attachments":[],"body":"","box":"JC-1","category":"JC","entry":{"code":"JC-05"},'
        '"number":1,"title":"决定"}'
    )
    return items.edition(text)


def marked(edition, before, after):
    old, new = replace(edition, body=before), replace(edition, body=after)
    return [str(change) for change in changes(old, new)]


def test_numbers_change_with_their_unit(edition):
    assert marked(edition, "<p>2027年9月底前完工。</p>", "<p>2027年10月底前完工。</p>") == [
        "2027年<del>9月</del><ins>10月</ins>底前完工。"
    ]


def test_only_the_neighbourhood_is_told(edition):
    assert marked(
        edition, f"<p>{'前' * 50}甲{'后' * 50}</p>", f"<p>{'前' * 50}乙{'后' * 50}</p>"
    ) == [f"…{'前' * 24}<del>甲</del><ins>乙</ins>{'后' * 24}…"]


def test_paragraphs_that_come_and_go(edition):
    assert marked(edition, "<p>一</p><p>二</p>", "<p>一</p>") == ["<del>二</del>"]
    assert marked(edition, "<p>一</p>", "<p>一</p><ul><li>二</li></ul>") == ["<ins>二</ins>"]


def test_title_and_files_count(edition):
    file = items.Attachment("<清单>", "ab" * 32, 10, "pdf")
    after = replace(edition, title="决议", attachments=(file,))
    assert [str(change) for change in changes(edition, after)] == [
        "决<del>定</del><ins>议</ins>",
        "附件：<ins>&lt;清单&gt;</ins>",
    ]


def test_what_documents_say_stays_text(edition):
    assert marked(edition, "<p>甲</p>", "<p>&lt;script&gt;</p>") == [
        "<del>甲</del><ins>&lt;script&gt;</ins>"
    ]


def test_a_rewritten_text_is_cut_short(edition):
    before = "".join(f"<p>第{n}条</p>" for n in range(40))
    after = "".join(f"<p>改{n}句</p>" for n in range(40))
    told = marked(edition, before, after)
    assert len(told) == MOST + 1
    assert told[-1] == "还有28处改动，请对照从前的版本看。"


def test_a_very_long_paragraph_is_not_compared_word_by_word(edition):
    assert marked(edition, f"<p>{'一二' * 5000}</p>", f"<p>{'三四' * 5000}</p>") == [
        "有一段很长的文字改动过，请对照从前的版本看。"
    ]


def test_paragraphs_of_a_table_are_its_cells():
    assert paragraphs("<table><tr><th>甲</th><td>1<br>2</td></tr></table>") == ["甲", "1", "2"]
