"""Mail addresses in one spelling; what no letter could reach is refused."""

import pytest

from gongkai.foundation.core.errors import Refused
from gongkai.foundation.notices import addresses


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        (" li@Example.ORG ", "li@example.org"),
        ("Li.Si+board@example.org", "Li.Si+board@example.org"),
        ("li@例子.中国", "li@xn--fsqu00a.xn--fiqs8s"),
    ],
)
def test_an_address_is_brought_into_one_spelling(typed, kept):
    assert addresses.tidied(typed) == kept


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "li",
        "@example.org",
        "li@",
        "li@example.org\r\nBcc: all@example.org",
        "li\n@example.org",
        "li@example.org\x00",
        "李四@example.org",
        "li@" + "a" * 10_000 + ".org",
        "li@-.org",
        "li@exa mple.org",
        "li@" + "é" * 80 + ".org",
    ],
)
def test_what_no_letter_could_reach_is_refused_with_what_to_do(typed):
    with pytest.raises(Refused) as refusal:
        addresses.tidied(typed)
    (said,) = refusal.value.obstacles
    assert said.startswith("邮箱")
    assert said.endswith(("请核对一遍。", "请换一个邮箱。"))
