"""The first words of a document."""

import pytest

from gongkai.surfaces.board.excerpt import LONGEST, lead

LONG = "镇党委拟在2027年集中力量办十件实事，为了把钱花在最要紧的地方，现向全镇群众征求意见。"


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ("", ""),
        ("<table><tr><td>无段落</td></tr></table>", ""),
        (f"<p>各位乡亲：</p><p>{LONG}</p>", LONG),
        (
            "<p>请看<strong>附件</strong>一，&lt;二&gt;，下面还有说明。</p>",
            "请看附件一，<二>，下面还有说明。",
        ),
        (f"<p>{LONG * 4}</p>", LONG * 2),
        (f"<p>{'字' * 200}</p>", "字" * LONGEST + "…"),
    ],
)
def test_the_first_paragraph_cut_at_a_sentence(body, said):
    assert lead(body) == said
