"""Bytes become Chinese text, or a sentence says what to do."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gongkai.foundation.core.errors import Refused
from gongkai.foundation.files.decoding import decode

TEXT = "关于水利设施管护的决定\n　　一是明确责任，二是落实经费186万元。\n"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "gbk", "gb2312", "utf-16"])
def test_the_usual_encodings_are_recognised(encoding):
    assert decode(TEXT.encode(encoding)) == TEXT


def test_utf16_from_either_end():
    assert decode(b"\xfe\xff" + TEXT.encode("utf-16-be")) == TEXT


def test_a_rare_name_stays_in_gb18030():
    assert (
        decode("𠮷村党支部书记，负责全面工作。".encode("gb18030"))
        == "𠮷村党支部书记，负责全面工作。"
    )


@pytest.mark.parametrize("data", [b"", b" \r\n\t", b"\xef\xbb\xbf\n", b"\xff\xfe"])
def test_an_empty_text_is_refused(data):
    with pytest.raises(Refused) as refusal:
        decode(data)
    assert refusal.value.obstacles == ["文件是空的。请打开看看内容是否保存了，再传一次。"]


@pytest.mark.parametrize(
    "data",
    [
        TEXT.encode("big5", "ignore"),
        "Путь к открытости".encode("koi8-r"),
        bytes(range(256)),
        b"\x7fELF\x02\x01\x01\0\0\0\0\xff\xff\xff\xfe",
    ],
)
def test_what_is_not_recognised_is_refused_not_guessed(data):
    with pytest.raises(Refused) as refusal:
        decode(data)
    assert refusal.value.obstacles[0].startswith("认不出这个文件的文字编码")


def test_a_damaged_utf8_file_is_not_read_as_gb18030():
    data = TEXT.encode()
    with pytest.raises(Refused) as refusal:
        decode(data[:40] + b"\xe5" + data[40:])
    assert refusal.value.obstacles == [
        "第2行有坏字，这个文件可能没有存完整。请重新另存为UTF-8文本，再传一次。"
    ]


def test_control_characters_are_named_by_place():
    with pytest.raises(Refused) as refusal:
        decode("标题\n正文\x07有响铃，也有\x1b转义".encode())
    assert refusal.value.obstacles == [
        "文字里有不能显示的字符：第2行第3个字、第2行第10个字。请删去这些字符，再传一次。"
    ]


def test_invisible_marks_go_and_page_breaks_break_lines():
    assert decode("\u202e甲\u200b乙\ufeff\f丙\r\n丁\r戊".encode()) == "甲乙\n丙\n丁\n戊"


@given(st.text(st.characters(categories=["Lo", "Nd", "Po"], max_codepoint=0x9FFF), min_size=1))
def test_utf8_text_comes_back_whole(text):
    assert decode(text.encode()) == text.replace("\ufeff", "")


@given(st.binary(max_size=200))
def test_any_bytes_give_text_or_a_refusal_and_nothing_else(data):
    with suppress(Refused):
        assert decode(data).encode()
