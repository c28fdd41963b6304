"""One spelling for what is published and what is asked; every two letters are found."""

from random import Random

import pytest

from gongkai.surfaces.search import words


@pytest.mark.parametrize(
    ("written", "spelt"),
    [
        ("農村低保標準", "农村低保标准"),
        ("ＷｉＦｉ　密码", "wifi 密码"),
        ("青委发〔2026〕12号", "青委发 2026 12号"),
        ("１２．５％", "12 5"),
        ("Café №5 ㈱", "cafe no5 株"),
        ("𠮷田\u3000〇一", "𠮷田 〇一"),
        ("\U00031350\ue000", "\U00031350\ue000"),  # newer than this Python; of a private font
        ("a\x00b\t\n", "a b"),
        ("，。！", ""),
        ("", ""),
    ],
)
def test_there_is_one_spelling(written, spelt):
    assert words.fold(written) == spelt
    assert words.letters(written) == spelt.replace(" ", "")


def test_a_text_is_found_by_every_two_letters():
    assert words.terms("𠮷田村：2路") == {"𠮷田", "田村", "村2", "2路"}
    assert words.terms("村") == {"村"}
    assert words.terms("——") == set()


@pytest.mark.parametrize(
    ("question", "asked"),
    [
        ("低保怎么申请？", ["低保", "申请"]),
        ("我想问一下危房改造补助有多少", ["危房改造", "补助"]),
        ("低保 低保 名单", ["低保", "名单"]),
        ("〔2026〕12号", ["2026", "12"]),
        ("是什么", ["是什么"]),
        ("的", ["的"]),
        ("o b", ["ob"]),
        ('"?!', []),
        ("\x00", []),
    ],
)
def test_a_question_asks_for_its_telling_words(question, asked):
    assert words.asked(question) == asked


def test_a_text_that_holds_the_question_answers_it():
    chance = Random(5)
    text = "农村最低生活保障（低保）：WiFi 2026年第12号，𠮷田村 Ａ区3组，申请表一式二份。"
    for _ in range(300):
        begin = chance.randrange(len(text) - 2)
        question = text[begin : begin + chance.randint(2, 12)]
        wanted = words.asked(question)
        assert words.found(wanted, words.letters(text))
        for word in wanted:
            assert len(word) == 1 or set(words.grams(word)) <= words.terms(text)


def test_what_offices_write_is_meant_by_what_people_say():
    assert words.meant("低保") == ("低保", "最低生活保障")
    assert words.meant("水塘") == ("水塘",)
    for word, others in words._instead().items():
        assert words.asked(word) == [word]
        assert all(len(other) > 1 and words.letters(other) == other for other in others)
        assert len(others) <= 3  # each costs as much as the word itself


def test_a_long_word_is_made_of_shorter_ones():
    assert words.finer("救灾物资") == ["救灾", "物资"]
    assert words.finer("危房改造") == ["危房", "改造"]
    assert words.finer("水塘") == ["水塘"]
