"""What may have been answered already, for whoever is writing: from what is public, and no more."""

import pytest
from django.conf import settings
from django.test import Client
from tests.surfaces.search.conftest import follow

from gongkai.foundation.core.pace import Pace
from gongkai.procedure.feedback import topics, workflow
from gongkai.procedure.feedback.states import CaseKind
from gongkai.surfaces.search import guards, index, similar

ITEM, INNER, OTHER = "K7AAAAAAA1", "K7AAAAAAA2", "K7AAAAAAA3"
VOICE = "请问石桥村三号渠今年冬天修不修？春天浇地没有水。"


@pytest.fixture
def written(qingxi, office, officer):
    """A browser before items, answers and topics that others may second."""
    office.release(ITEM, title="石桥村水渠维修的安排", body="<p>三号渠今年冬天维修。</p>")
    office.release(INNER, title="石桥村三号渠的内部安排", audience=("party",), number="")
    office.release(OTHER, title="食堂采购结果", body="<p>大米。</p>")
    office.answer("case:qingxi:2026-1")
    office.answer("case:qingxi:2026-2", text="食堂几点开门？")
    case, _code = workflow.receive(
        organisation=qingxi, disclosure=None, text=VOICE, show=True, kind=CaseKind.TOPIC
    )
    topics.show(case=case, officer=officer("党委副书记"), wording="石桥村三号渠的维修费用")
    office.expose()
    follow()
    return Client(HTTP_ACCEPT_LANGUAGE="en")


@pytest.mark.django_db
def test_what_is_like_the_words_is_shown_and_nothing_else(written, django_assert_max_num_queries):
    page = written.post("/search/similar/", {"say": VOICE})
    assert page.status_code == 200
    said = page.content.decode()
    assert f'href="{settings.BOARD_URL}/i/{ITEM}"' in said
    assert "第一批里有没有<mark>石桥</mark>村" in said
    assert "有。列在附件1第14项。" in said
    assert "/say/topics/" in said
    assert all(other not in said for other in (INNER, OTHER, "内部安排", "食堂"))
    assert (page["Cache-Control"], page["X-Robots-Tag"]) == ("no-store", "noindex")
    assert not page.cookies
    english = written.post("/search/en/similar/", {"say": VOICE}).content.decode()
    assert f'href="{settings.BOARD_URL}/en/i/{ITEM}"' in english
    assert "Perhaps answered already" in english
    with django_assert_max_num_queries(8):
        written.post("/search/similar/", {"say": VOICE})


@pytest.mark.django_db
@pytest.mark.parametrize(
    "say", ["", "。", "\x00\u200b", "<script>", "完全没有关系的一句话", "的" * 100_000]
)
def test_other_words_get_nothing(written, say):
    assert written.post("/search/similar/", {"say": say}).content == b""


@pytest.mark.django_db
def test_whatever_is_closed_or_cannot_be_read_is_not_shown(written, office):
    assert len(similar.lines(VOICE)) == 3
    office.withdraw(ITEM)
    assert sorted(line.href.rpartition("/")[2] for line in similar.lines(VOICE)) == ["", "wall"]
    (index.folder() / "current").unlink()
    assert len(similar.lines(VOICE)) == 2


@pytest.mark.django_db
def test_it_is_asked_from_our_pages_at_a_pace_and_never_by_address(written, monkeypatch):
    assert written.get("/search/similar/", {"say": VOICE}).status_code == 405
    foreign = {"HTTP_SEC_FETCH_SITE": "cross-site", "HTTP_ORIGIN": "https://elsewhere.example"}
    assert written.post("/search/similar/", {"say": VOICE}, **foreign).status_code == 403
    monkeypatch.setattr(guards, "ALIKE", Pace(0.01, 1.0))
    statuses = [written.post("/search/similar/", {"say": VOICE}).status_code for _ in range(2)]
    slow = written.post("/search/similar/", {"say": VOICE})
    assert (statuses, slow.status_code, slow.content) == ([200, 429], 429, b"")
    assert 1 <= int(slow["Retry-After"]) <= 100
