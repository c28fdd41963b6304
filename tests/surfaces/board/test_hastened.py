"""A page of what was opened in an emergency says so, in either language, and what was decided."""

import pytest

from gongkai.surfaces.board import telling, words
from gongkai.surfaces.board.items import hastened

from .office import Office, address

TOLD = {
    "post": "党委副书记",
    "at": "2026-11-23T01:40:00Z",
    "due_on": "2026-11-24",
    "outcome": "",
    "decided_post": "",
    "decided_at": "",
}
DECIDED = {"decided_post": "纪委书记", "decided_at": "2026-11-24T01:00:00Z"}


@pytest.mark.parametrize(
    ("more", "heading", "sentence"),
    [
        (
            {},
            "紧急公开，待补审",
            "来不及逐级审核，党委副书记在2026年11月23日9:40先封存公开，"
            "应当在2026年11月24日以前由另一个人补审。",
        ),
        (
            {**DECIDED, "outcome": "confirmed"},
            "紧急公开，已经补审",
            "党委副书记在2026年11月23日9:40先封存公开，纪委书记在2026年11月24日9:00补审通过。",
        ),
        (
            {**DECIDED, "outcome": "refused"},
            "紧急公开，补审没有通过",
            "党委副书记在2026年11月23日9:40先封存公开，纪委书记在2026年11月24日9:00"
            "补审没有通过，应当撤回或者更正。",
        ),
    ],
)
def test_the_sentence_says_who_when_and_what_next(more, heading, sentence):
    found = hastened({**TOLD, **more})
    assert telling.hastened(found, "Asia/Shanghai", words.chinese) == (heading, sentence)


def test_the_page_says_so_until_and_after_somebody_has_decided(office: Office):
    office.charter()
    office.release(address(1), emergency=TOLD)
    office.go()
    assert "紧急公开，待补审" in office.page(f"i/{address(1)}.html")
    assert "Another person should review it" in office.page(f"en/i/{address(1)}.html")
    body = {"format": "gongkai-emergency/1", "edition": 1, **TOLD, **DECIDED}
    office.record("emergency", address(1), {"public"}, {**body, "outcome": "confirmed"})
    office.go()
    page = office.page(f"i/{address(1)}.html")
    assert ("紧急公开，已经补审" in page, "待补审" in page) == (True, False)
    assert "Discipline secretary" in office.page(f"en/i/{address(1)}.html")


def test_a_deputy_is_named_in_either_language(office: Office):
    office.charter()
    office.release(address(1), seal={"number": "1", "post": "党委书记（党委副书记代）", "at": ""})
    office.go()
    assert "党委书记（党委副书记代）" in office.page(f"i/{address(1)}.html")
    english = office.page(f"en/i/{address(1)}.html")
    assert "Party secretary (Deputy Party secretary acting)" in english
