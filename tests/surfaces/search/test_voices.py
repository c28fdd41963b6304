"""Voices on the wall in the public search: what hangs is found, and nothing else of them."""

import pytest
from django.conf import settings
from django.db import transaction
from django.test import Client
from tests.surfaces.board.office import address
from tests.surfaces.board.test_wall import answered as replied
from tests.surfaces.board.test_wall import taken_down, told
from tests.surfaces.search.asked import answered, subjects
from tests.surfaces.search.conftest import follow
from tests.surfaces.search.test_jobs import silent

from gongkai.foundation.core import clock
from gongkai.foundation.ledger import workflow as ledger
from gongkai.surfaces.board import jobs as board
from gongkai.surfaces.search import building, jobs

ITEM = "K7AAAAAAA1"
A, B, C = map(address, (1, 2, 3))
VOICE_A, VOICE_B, VOICE_C = (f"voice:{each}" for each in (A, B, C))


@pytest.fixture
def heard(shelf):
    """An item of a ditch, and three voices of it: waiting, answered last year, kept off."""
    shelf.release(ITEM, title="三号渠的安排")
    told(shelf, A, "三号渠漏水，请来修。", post="规划建设办公室主任", unit="planning")
    replied(shelf, B, received_at="2025-12-30T02:00:00Z", kind="hotline")
    off = {"reason": "insult", "at": "2026-11-22T02:00:00Z"}
    body = {"format": "gongkai-voice/1", "state": "off", "off": off}
    shelf.record("voice", VOICE_C, {"public"}, body)
    shelf.expose()
    follow()
    return shelf


def page(**asked) -> str:
    return Client().get("/search/", asked).content.decode()


def test_what_hangs_is_found_beside_what_was_published(heard):
    assert subjects("三号渠") == [ITEM, VOICE_A, VOICE_B]
    assert subjects("月底前修好") == [VOICE_B]  # an answer's words
    found = answered("三号渠")
    assert dict(found.facets["what"]) == {"voices": 2, "items": 1}
    assert "unit" not in found.facets
    assert subjects("三号渠", w="items") == [ITEM]


def test_voices_are_narrowed_by_department_kind_state_and_year(heard):
    found = answered("三号渠", w="voices")
    told_of = {name: dict(found.facets[name]) for name in ("voice", "state", "year")}
    assert told_of == {
        "voice": {"opinion": 1, "hotline": 1},
        "state": {"open": 1, "answered": 1},
        "year": {"2026": 1, "2025": 1},
    }
    assert set(found.facets) & {"category", "box", "kind", "form"} == set()
    assert dict(found.facets["unit"]) == {"规划建设办公室": 1, "农业农村办公室": 1}
    for given, there in (
        ({"v": "hotline"}, VOICE_B),
        ({"s": "open"}, VOICE_A),
        ({"y": "2025"}, VOICE_B),
        ({"d": "规划建设办公室"}, VOICE_A),
    ):
        assert subjects("三号渠", w="voices", **given) == [there]
    assert subjects("", w="voices", s="answered") == [VOICE_B]


def test_a_line_says_how_it_stands_and_by_when_an_answer_is_promised(heard):
    shown = page(q="漏水", w="voices")
    assert f'href="{settings.BOARD_URL}/w/{A}"' in shown
    assert "三号渠<mark>漏水</mark>，请来修。" in shown
    assert "还在办，答应" in shown
    assert "2026年11月24日" in shown or "11月24日" in shown
    assert "已答复" in shown
    there = Client().get("/search/", {"q": B})
    assert (there.status_code, there["Location"]) == (302, f"{settings.BOARD_URL}/w/{B}")


def test_what_is_taken_down_or_put_in_other_words_is_found_no_more_at_once(heard):
    taken_down(heard, A)
    assert subjects("请来修") == []  # the record is closed: nothing is shown
    board.remove(jobs.forget)
    assert answered("请来修").total == 0
    with transaction.atomic():
        ledger.close(subject=VOICE_B, kinds=["voice"], at=clock.now())
    told(heard, B, "村口的渠漏水。")
    board.remove(jobs.forget)
    assert answered("三号渠", w="voices").total == 0
    heard.expose()
    follow()
    assert subjects("村口的渠") == [VOICE_B]
    assert answered("请来修").total == answered("三号渠", w="voices").total == 0


def test_made_anew_the_index_says_the_same(heard):
    before = [answered(each, w="voices") for each in ("三号渠", "漏水", "")]
    told(heard, A, "三号渠漏水，请来修。", extended=True)
    heard.expose()
    follow()
    assert building.rebuild(silent, 1) == 3
    after = [answered(each, w="voices") for each in ("三号渠", "漏水", "")]
    assert [each.facets["state"] for each in after] == [each.facets["state"] for each in before]
    assert subjects("请来修") == [VOICE_A]


@pytest.mark.parametrize("count", [1, 3])
def test_hits_of_voices_cost_two_queries(heard, count, django_assert_num_queries):
    for number in range(count):
        told(heard, address(10 + number), "水塘满了。")
    heard.expose()
    follow()
    page(q="水塘")
    with django_assert_num_queries(2):  # the charters, the hits
        assert page(q="水塘", part="1").count('class="row"') == count
