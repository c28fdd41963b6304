"""Phrases of a block list against what people, and robots, write."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gongkai.procedure.feedback import phrases


def stands(phrase: str, text: str) -> bool:
    return phrases.stands(phrases.written(phrase), phrases.spelt(text))


@pytest.mark.parametrize(
    ("phrase", "text"),
    [
        ("加微信", "请加微信abc"),
        ("加微信", "加\u200b微\u2060信"),
        ("加微信", "加 微\n信"),
        ("加微信", "加.微、信"),
        ("加*微信", "加我的微信"),
        ("加＊微信", "加微信"),
        ("casino", "ＣＡＳＩＮＯ"),
        ("casino", "c\u00adasi\u0301no"),
        ("①号平台", "1号平台"),
        ("加*微信*返*利", "加我微信，马上返现金利息"),
        ("a*b", f"a{'甲' * 30}a{'甲' * 20}b"),
        ("ab*ab", "abab"),
    ],
)
def test_nothing_hides_a_phrase(phrase, text):
    assert stands(phrase, text)


@pytest.mark.parametrize(
    ("phrase", "text"),
    [
        ("加微信", "加群，微信里说"),
        ("加*微信", f"加{'甲' * 21}微信"),
        ("加*微信", "微信加"),
        ("ab*ab", "ab a"),
        ("(a+)+$", "aaaaaaaaaaaaaaaaaaaaaaaa!"),
        ("a.c", "abd"),
        ("加微信", ""),
    ],
)
def test_and_nothing_else_is_one(phrase, text):
    assert not stands(phrase, text)


@pytest.mark.parametrize("phrase", ["*", "＊＊", " * ", "，。", "\u200b", "甲", "甲*", ""])
def test_what_has_no_letters_to_look_for_is_short(phrase):
    assert sum(map(len, phrases.parts(phrase))) < phrases.LEAST


def test_the_worst_phrase_costs_no_more_than_the_text_is_long():
    text = phrases.spelt("ab" * 10_000)
    assert phrases.stands("*".join(["ab"] * 6), text)
    assert not phrases.stands("*".join([*["ab"] * 5, "b甲"]), text)


@settings(max_examples=40)
@given(st.text(max_size=40), st.text(max_size=20), st.text(max_size=20))
def test_a_phrase_stands_in_every_text_that_holds_it(phrase, before, after):
    written = phrases.written(phrase.replace("*", "").replace("＊", ""))
    if written:
        spelt = phrases.spelt(before) + written + phrases.spelt(after)
        assert phrases.stands(written, spelt)
