"""Personal numbers are found however they are written, and nothing else is."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum import luhn
from stdnum.cn import ric

from gongkai.procedure.review.masks import mask
from gongkai.procedure.review.privacy import found_in, masked_in, numbers_in

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
        "订单号6222021234567890128",
        "受理编号：110101900307123",
        "合同编号13812345678",
    ],
)
def test_what_is_not_personal_is_left_alone(text):
    assert found(text) == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("138\u200b1234\u200b5678", [("mobile", "13812345678")]),
        ("一三八，１３８－１２３４－５６７８。", [("mobile", "13812345678")]),
        ("一三八一二三四五六七八", [("mobile", "13812345678")]),
        ("138一二三四5678", [("mobile", "13812345678")]),
        ("电话13812345678，2026年起", [("mobile", "13812345678")]),
        ("1，13812345678，2", [("mobile", "13812345678")]),
        ("330106800101123", [("identity", "330106800101123")]),
        ("身份证号：110101199003071091", [("identity", "110101199003071091")]),
        ("账号：012345678901234", [("card", "012345678901234")]),
        ("110101\n19900307\n109X", [("identity", "11010119900307109X")]),
    ],
)
def test_odd_spellings(text, expected):
    assert list(numbers_in(text)) == expected


def test_a_number_is_told_with_the_place_of_its_first_and_last_character():
    text = "电话138\u200b1234 5678，卡号6222 0000 0000 0000 0"
    assert [(text[each.start : each.end], each.kind) for each in found_in(text)] == [
        ("138\u200b1234 5678", "mobile"),
        ("6222 0000 0000 0000 0", "card"),
    ]
    assert masked_in("甲13812345678\n乙13912345678。") == "甲138****5678\n乙139****5678。"


@given(st.sampled_from(["mobile", "card", "identity"]), st.integers(10**15, 10**18))
def test_a_mask_hides_more_than_it_shows(kind, number):
    masked = mask(kind, str(number))
    assert len(masked) - masked.count("*") <= 7
