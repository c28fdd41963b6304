"""The table by which touch screens turn letters into characters: whole, common first, small."""

import gzip
import json
import re

import pytest
from django.contrib.staticfiles import finders

from gongkai.surfaces.channels.screens import shell

pytestmark = pytest.mark.once
LARGEST = 300_000


@pytest.fixture(scope="module")
def table():
    """The program's text, the characters of each syllable, the words."""
    with open(finders.find("screens/pinyin.js"), encoding="utf-8") as file:
        text = file.read()
    shelves = dict(re.findall(r'^  "?(\w+)"?: "([^"]+)",$', text, re.MULTILINE))
    words = json.loads(re.search(r"^export const WORDS = (.+);$", text, re.MULTILINE)[1])
    return text, shelves, words.split(" ")


def test_every_common_character_has_its_syllables_and_nothing_else_is_there(table):
    text, shelves, words = table
    assert len(gzip.compress(text.encode(), 6)) < LARGEST
    held = set("".join(shelves.values()))
    first = bytes(range(0xB0, 0xD8))  # the commoner level of GB 2312: 3755 characters
    common = {
        bytes((row, cell)).decode("gb2312", "ignore") for row in first for cell in range(0xA1, 0xFF)
    }
    common.discard("")
    assert len(common) == 3755
    assert common - held == set()
    assert {each for each in held if not "\u4e00" <= each <= "\u9fff"} == set()
    assert {name for name in shelves if not re.fullmatch("[a-z]{1,6}", name)} == set()
    assert [name for name, shelf in shelves.items() if len(set(shelf)) != len(shelf)] == []
    assert len(words) == len(set(words)) == 12_000
    assert {word for word in words if not (2 <= len(word) <= 4 and set(word) <= held)} == set()


def test_readings_are_those_of_today_and_the_commonest_comes_first(table):
    _text, shelves, words = table
    names = ("de", "wo", "cun", "tie", "lv", "nv", "zhen")
    assert "".join(shelves[name][0] for name in names) == "的我存铁律女真"
    of = {sign: [name for name, shelf in shelves.items() if sign in shelf] for sign in "行重鹊贴"}
    assert set(of["行"]) >= {"hang", "xing"}
    assert set(of["重"]) >= {"chong", "zhong"}
    assert of["鹊"] == ["que"]
    assert of["贴"] == ["tie"]
    assert {"补贴", "我们", "道路", "农村"} - set(words) == set()


def test_all_that_a_display_loads_is_kept_for_when_there_is_no_network():
    waiting, found = ["screens/main.js"], set()
    while waiting:
        name = waiting.pop()
        found.add(name)
        with open(finders.find(name), encoding="utf-8") as file:
            told = re.findall(r'^import .*from "\./([a-z]+\.js)";$', file.read(), re.MULTILINE)
        waiting += {f"screens/{each}" for each in told} - found
    assert found == set(shell.MODULES)
    assert "screens/pinyin.js" in found
