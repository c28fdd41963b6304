"""Who finds what: every audience against results, counts, facets, pieces, suggestions, numbers."""

import pytest
from tests.surfaces.search.asked import answered, asking, members, subjects
from tests.surfaces.search.conftest import follow

from gongkai.foundation.organisations.audience import ANONYMOUS
from gongkai.foundation.ui.parts import Frame
from gongkai.surfaces.board import houses
from gongkai.surfaces.search import jobs
from gongkai.surfaces.search.pages import Found, Room

AUDIENCES = {
    "public": ("K7AAAAAAA0", {"public"}, "茶馆"),
    "party": ("K7AAAAAAA1", {"party"}, "槐树"),
    "group": ("K7AAAAAAA2", {"group:qingxi/leaders"}, "石磨"),
    "member": ("K7AAAAAAA3", {"member:m1"}, "竹篮"),
    "several": ("K7AAAAAAA4", {"org:qingxi", "org:shiqiao"}, "水车"),
}
READERS = {
    "stranger": ANONYMOUS,
    "party member": members("party"),
    "leader": members("party", "org:qingxi", "group:qingxi/leaders"),
    "the one member": members("member:m1"),
    "villager": members("org:shiqiao"),
}


@pytest.fixture
def town(shelf):
    for number, (subject, audience, word) in enumerate(AUDIENCES.values()):
        shelf.release(
            subject,
            audience=sorted(audience),
            title=f"关于{word}修缮的通知",
            body=f"<p>修缮{word}共{number + 3}处。</p>",
            document_number=f"青委发〔2026〕{number + 71}号",
            number=f"青溪-JC-2026-{number + 71}",
            kind="notice" if "public" in audience else "minutes",
            opened_at=f"{2026 - number}-05-06T01:00:00Z",
        )
    shelf.expose()
    follow()
    return shelf


def test_every_audience_against_all_that_a_search_tells(town):
    for reader in READERS.values():
        theirs = {s for s, audience, _word in AUDIENCES.values() if audience & reader.keys}
        found = answered("修缮", reader)
        assert {hit.subject for hit in found.hits} == theirs
        assert found.total == len(theirs)
        for counts in (found.facets[name] for name in ("year", "kind", "category")):
            assert sum(counts.values()) == len(theirs)
        assert len(found.facets["year"]) == len(theirs)
        for number, (subject, audience, word) in enumerate(AUDIENCES.values()):
            seen = bool(audience & reader.keys)
            assert answered(word, reader).total == seen
            assert answered("修缮", reader, y=str(2026 - number)).total == seen
            meant = asking(reader).numbered(f"青委发〔2026〕{number + 71}号")
            assert [hit.subject for hit in meant] == ([subject] if seen else [])
            assert bool(asking(reader).numbered(subject)) == seen
            typo = f"{word[0]}厶"
            assert (word in answered(typo, reader).similar) == seen
            assert (word in _page(reader, "修缮")) == seen
            assert (word in _page(reader, f"{typo} 修缮")) == seen


def test_a_change_of_membership_needs_no_new_index(town):
    assert subjects("石磨", members("party")) == []
    assert subjects("石磨", members("party", "group:qingxi/leaders")) == ["K7AAAAAAA2"]


def test_each_reader_finds_the_newest_that_they_may_read(shelf):
    shelf.release("K7AAAAAAA9", audience=["org:qingxi"], title="全文：水塘的安排")
    shelf.expose()
    follow()
    inner = members("org:qingxi")
    assert subjects("全文", inner) == ["K7AAAAAAA9"]
    shelf.release("K7AAAAAAA9", audience=["party"], title="节选：水塘的安排")
    shelf.expose()
    follow()
    assert answered("水塘", inner).hits[0].opening.edition.title.startswith("全文")
    both = members("org:qingxi", "party")
    assert answered("水塘", both).total == 1
    assert answered("水塘", both).hits[0].opening.edition.title.startswith("节选")
    assert answered("全文", both).total == 0
    shelf.release("K7AAAAAAA9", audience=["public"], title="更正：水塘的安排")
    shelf.expose()
    follow()
    for reader in (ANONYMOUS, inner, both):
        assert answered("水塘", reader).hits[0].opening.edition.title.startswith("更正")
        assert answered("全文", reader).total == answered("节选", reader).total == 0


def test_nothing_is_found_before_it_opens_or_after_it_is_gone(shelf):
    shelf.release("K7AAAAAAA9", title="水塘的安排")
    follow()
    assert answered("水塘").total == 0  # recorded, but not under the exposed checkpoint
    shelf.expose()
    follow()
    assert answered("水塘").total == 1
    closed = shelf.withdraw("K7AAAAAAA9")
    page = answered("水塘")
    assert (page.total, list(page.hits)) == (1, [])  # no keeper yet: known, and shown to nobody
    assert asking().numbered("K7AAAAAAA9") == []
    jobs.forget([closed])
    assert answered("水塘").total == 0


def _page(reader, typed: str) -> str:
    """All words of the page, without the question's own."""
    ways = (lambda address: f"/i/{address}", lambda address: f"/w/{address}")
    room = Room("/search/", reader, houses.town(), *ways, _frame)
    html = Found(room, {"q": typed}).html()
    return html.replace("<mark>", "").replace("</mark>", "").replace(typed, "")


def _frame(_slug: str, _asked: str) -> Frame:
    return Frame(organisation="青溪镇")
