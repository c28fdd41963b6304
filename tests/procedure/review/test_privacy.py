"""Personal numbers are found however they are written, and nothing else is."""

import json
from datetime import date
from time import monotonic

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st
from stdnum import luhn
from stdnum.cn import ric

from gongkai.procedure.review.privacy import (
    Attached,
    Finding,
    findings,
    masked_number,
    numbers_in,
)

FULL_WIDTH = str.maketrans("0123456789X-", "０１２３４５６７８９Ｘ－")
mobiles = st.builds(
    lambda second, rest: f"1{second}{rest:09d}", st.integers(3, 9), st.integers(0, 999_999_999)
)
identities = st.builds(
    lambda place, day, order: (
        (body := f"{place}{day:%Y%m%d}{order:03d}") + ric.calc_check_digit(body + "0")
    ),
    st.sampled_from(["110101", "330106", "510703"]),
    st.dates(date(1930, 1, 1), date(2020, 12, 31)),
    st.integers(0, 999),
)
cards = st.builds(
    lambda body: body + luhn.calc_check_digit(body),
    st.integers(0, 10**15 - 1).map(lambda n: f"622{n:015d}"[:18]),
)
separators = st.sampled_from([" ", "-", "－", "　", "\u00a0", "—", " - "[:2]])
around = st.sampled_from(["", "电话", "：", "张某，", "号码", "tel", "（", "\n", "。"])


def found(text):
    return [each for line in text.split("\n") for each in numbers_in(line)]


def grouped(number, sizes, separator):
    parts, start = [], 0
    for size in sizes:
        parts.append(number[start : start + size])
        start += size
    return separator.join(filter(None, [*parts, number[start:]]))


@given(mobiles, around, around)
def test_a_mobile_is_found_whatever_stands_around_it(number, before, after):
    assert found(before + number + after) == [("mobile", number)]


@given(mobiles, separators, st.sampled_from([(3, 4, 4), (3, 8), (7, 4), (1,) * 11]))
def test_a_mobile_is_found_in_groups(number, separator, sizes):
    assert found(f"联系电话{grouped(number, sizes, separator)}，请拨打") == [("mobile", number)]


@given(mobiles, st.sampled_from(["86", "+86", "0086", "+86 ", "86-", "0"]))
def test_a_prefix_does_not_hide_a_mobile(number, prefix):
    assert found(f"电话：{prefix}{number}") == [("mobile", number)]


@given(identities, around, around)
def test_an_identity_number_is_found(number, before, after):
    assert found(before + number + after) == [("identity", number)]
    assert found(before + number.lower().translate(FULL_WIDTH) + after) == [("identity", number)]


@given(identities, separators)
def test_an_identity_number_is_found_in_groups(number, separator):
    assert found(grouped(number, (6, 8, 4), separator)) == [("identity", number)]


@given(identities.filter(lambda number: number[-1].isdecimal()))
def test_a_wrong_check_digit_is_no_identity_number(number):
    wrong = number[:-1] + str((int(number[-1]) + 1) % 10)
    assert ("identity", wrong) not in found(wrong)


@given(cards, separators)
def test_a_card_is_found_in_one_piece_and_in_fours(number, separator):
    kinds = {kind for kind, digits in found(number) if digits == number}
    assert kinds & {"card", "identity"}
    assert {digits for _kind, digits in found(grouped(number, (4, 4, 4, 4), separator))} == {number}


@given(mobiles, mobiles, st.sampled_from([" ", "、", "\t", "；", "/"]))
def test_two_numbers_side_by_side_are_two(first, second, between):
    assert found(f"{first}{between}{second}") == [("mobile", first), ("mobile", second)]


@given(st.integers(0, 10**7), st.integers(1, 12), st.integers(1, 28), st.integers(1900, 2099))
def test_dates_and_amounts_are_nobody(amount, month, day, year):
    text = f"{year}年{month}月{day}日，{year}-{month:02d}-{day:02d}，支出{amount}元，{amount:,}.50"
    assert found(text) == []


@pytest.mark.parametrize(
    "text",
    [
        "值班电话：0816-2345678、0816—12345678，（010）66012345，传真010 6601 2345-801",
        "青委发〔2026〕41号，档号Z109-WS·2026-Y-BGS-0001",
        "资金13812345678元；共13812345678.50；¥13812345678",
        "第13812345678号文",
        "热线12345、12388、400-810-8888",
        "1949-10-01-001 2026.11.23 09:40",
        "统一社会信用代码11510703MB1234567X",
        "12812345678",
        "138123456789",
    ],
)
def test_what_is_not_personal_is_left_alone(text):
    assert found(text) == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("138\u200b1234\u200b5678", [("mobile", "13812345678")]),
        ("一三八，１３８－１２３４－５６７８。", [("mobile", "13812345678")]),
        ("330106800101123", [("identity", "330106800101123")]),
    ],
)
def test_odd_spellings(text, expected):
    assert found(text) == expected


def test_each_number_is_told_once_with_all_its_places_and_masked():
    told = findings(
        [("标题", "联系13812345678")],
        "<p>甲</p><table><tr><td>138 1234 5678</td></tr></table>",
        [Attached("名单", "0" * 64, "无\n13812345678"), Attached("图1", "1" * 64, None)],
    )
    assert [each.label for each in told] == [
        "手机号码138****5678（标题、正文第2段、附件“名单”第2行）",
        "附件“图1”里的文字读不出来，请打开核对有没有个人信息",
    ]
    kept = [Finding.of_data(json.loads(json.dumps(each.as_data()))) for each in told]
    assert kept == told
    with translation.override("en"):
        assert kept[0].label == (
            "Mobile number 138****5678 (Title, paragraph 2 of the text, attachment “名单”, line 2)"
        )
    assert [each.kind for each in told] == ["mobile", "unreadable"]
    assert "13812345678" not in str([each.as_data() for each in told])


def test_a_number_in_an_attachments_title_is_found_and_not_repeated():
    (first, second) = findings([], "", [Attached("张某13812345678的材料", "0" * 64, None)])
    assert (first.where, second.where) == ("附件名称", "附件“张某…的材料”")


def test_bold_digits_inside_a_number_do_not_hide_it():
    (told,) = findings([], "<p>138<strong>1234</strong>5678</p>", [])
    assert told.masked == "138****5678"


@given(st.sampled_from(["mobile", "card", "identity"]), st.integers(10**15, 10**18))
def test_a_mask_hides_more_than_it_shows(kind, number):
    masked = masked_number(kind, str(number))
    assert len(masked) - masked.count("*") <= 7


@pytest.mark.parametrize("line", ["1 " * 200_000, "13812345678," * 30_000, "9" * 500_000])
def test_a_long_line_of_digits_is_read_in_time(line):
    begun = monotonic()
    list(numbers_in(line))
    assert monotonic() - begun < 20
