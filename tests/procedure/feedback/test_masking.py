"""No personal number reaches the wall, however it was written."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gongkai.procedure.feedback.masking import masked, tidied
from gongkai.procedure.review.privacy import numbers_in

MOBILE, IDENTITY, CARD = "13900001234", "11010519491231002X", "6222021234567890128"
WIDE = {ord("0") + n: chr(0xFF10 + n) for n in range(10)}


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("打13900001234告诉我", "打139****1234告诉我"),
        ("139 0000 1234", "139****1234"),
        ("139-0000-1234或１３９００００１２３４", "139****1234或139****1234"),
        ("+8613900001234", "+86139****1234"),
        ("身份证11010519491231002x。", "身份证1****************X。"),
        ("渠长1284米，2026年11月23日", "渠长1284米，2026年11月23日"),
        ("两个：13900001234、13911112222", "两个：139****1234、139****2222"),
        ("第一行\n13900001234\n第三行", "第一行\n139****1234\n第三行"),
    ],
)
def test_numbers_are_masked_in_one_way(text, shown):
    assert masked(text) == shown


@given(
    st.text(max_size=20),
    st.sampled_from([MOBILE, IDENTITY]),
    st.booleans(),
    st.sampled_from(["", " ", "-", "　"]),
    st.text(max_size=20),
)
def test_whatever_the_review_finds_is_gone(before, number, wide, between, after):
    written = number.translate(WIDE) if wide else number
    if number == MOBILE and between:
        written = between.join((written[:3], written[3:7], written[7:]))
    text = tidied(before + written + after)
    found = {digits for line in text.split("\n") for _kind, digits in numbers_in(line)}
    left = {digits for line in masked(text).split("\n") for _kind, digits in numbers_in(line)}
    assert not found & left


@given(st.text(max_size=60))
def test_tidying_is_done_once(text):
    assert tidied(tidied(text)) == tidied(text)
