"""The search page as anybody sees it, and what strange questions get."""

from urllib.parse import parse_qs, urlsplit

import pytest
from django.conf import settings
from django.test import Client
from tests.surfaces.search.conftest import follow

from gongkai.foundation.core.pace import Pace
from gongkai.surfaces.search import guards, index

ITEM = "K7AAAAAAA1"


@pytest.fixture
def seen(shelf):
    """A browser that prefers English, before one item among others."""
    shelf.release(
        ITEM,
        title="关于<农村>低保名单的公示",
        body="<p>最低生活保障</p><p>对象&amp;标准：一类低保户每月<b>700</b>元。</p>",
        document_number="青民发〔2026〕12号",
    )
    for number in range(24):
        shelf.release(f"K7AAAAAB{number:02}", title=f"水塘的安排之{number}", document_number="")
    shelf.expose()
    follow()
    return Client(HTTP_ACCEPT_LANGUAGE="en")


def words_of(client, path="/search/", status=200, **asked) -> str:
    response = client.get(path, asked)
    assert response.status_code == status
    return response.content.decode()


def test_the_page_is_the_boards_and_nobodys_own(seen):
    response = seen.get("/search/", {"q": "低保"})
    page = response.content.decode()
    assert "找到1件" in page
    assert "关于&lt;农村&gt;<mark>低保</mark>名单的公示" in page
    assert "对象&amp;标准：一类<mark>低保</mark>户每月700元。" in page.replace("\n", " ")
    assert f'href="{settings.BOARD_URL}/i/{ITEM}"' in page
    assert response["Cache-Control"] == "no-cache, private"
    assert response["X-Robots-Tag"] == "noindex"
    assert not response.cookies
    assert "Cookie" not in response.get("Vary", "")
    english = words_of(seen, "/search/en/", q="低保")
    assert "1 item found" in english
    assert '<span lang="zh-CN">关于&lt;农村&gt;<mark>低保</mark>' in english
    assert seen.post("/search/", {"q": "低保"}).status_code == 405


def test_a_number_opens_its_item(seen):
    there = seen.get("/search/", {"q": "青民发[2026]12号"})
    assert (there.status_code, there["Location"]) == (302, f"{settings.BOARD_URL}/i/{ITEM}")
    assert "编号是它的" in words_of(seen, q="青民发[2026]12号", part="1")


def test_a_search_costs_the_same_few_queries_for_many_hits(seen, django_assert_num_queries):
    words_of(seen, q="水塘")
    for typed in ("低保", "水塘"):
        with django_assert_num_queries(2):  # the charters, the hits
            words_of(seen, q=typed, part="1")


def test_pages_are_turned_and_end(seen):
    assert "水塘" in words_of(seen, q="水塘", p="3")
    for page in ("1000000000", "0", "-1", "x", "９"):
        assert "没有这么多页" in words_of(seen, q="水塘", p=page)
    assert 'aria-current="page">3<' in words_of(seen, q="水塘", p="49")


STRANGE = (
    ("低保" * 5000, "写得太长"),
    ("从未" * 30_000, "写得太长"),
    ('"低保" AND (NOT', "其中的词"),
    ("title:低保 OR *:* ~9^4 [a TO b]", "其中的词"),
    ("\x00低保\x00", "找到1件"),
    ("，。！？《》", "请写几个字"),
    ("的了吗", "没有找到"),
    ("怎么 什么", "没有找到"),
    ("低", "找到1件"),
    ("<script>alert(1)</script>", "&lt;script&gt;"),
    ("", "写两三个词就行"),
    (" ".join(f"词{n}语{n}" for n in range(300)), "写得太长"),
    ("\ud83d低保", "找到1件"),
)


def test_whatever_is_typed_has_an_answer(seen):
    for typed, told in STRANGE:
        page = words_of(seen, q=typed.encode("utf-8", "surrogatepass").decode("utf-8", "replace"))
        assert told in page, typed
        assert len(page) < 60_000


def test_unknown_and_a_thousand_filters_are_left_out(seen):
    many = {f"f{n}": "x" for n in range(900)}
    page = words_of(
        seen, q="低保", c="没有这一类", y="二〇二六", o="nobody", k="'", sort="x", **many
    )
    assert "有的筛选这里没有" in page
    assert "找到1件" in page
    assert "不要筛选，有1件" in words_of(seen, q="低保", y="1999")


def test_zero_hits_lead_to_the_form_with_the_words_filled_in(seen):
    page = words_of(seen, q="自来水改造")
    assert "没有找到" in page
    href = page.partition('请有关部门公开：<a href="')[2].partition('"')[0].replace("&amp;", "&")
    asked = parse_qs(urlsplit(href).query)
    assert asked == {"kind": ["topic"], "say": ["我想看到关于“自来水改造”的公开内容。"]}


def test_a_network_that_asks_too_often_waits(seen, monkeypatch):
    monkeypatch.setattr(guards, "ASKING", Pace(0.0, 2.0))  # however slow this machine is
    for status in (200, 200, 429):
        page = words_of(seen, status=status, q="低保")
    assert "搜得太频繁了" in page
    answer = seen.get("/search/en/", {"q": "低保"})
    assert (answer.status_code, answer["Retry-After"]) == (429, "60")
    assert "search again" in answer.content.decode().lower()


def test_without_an_index_the_page_says_so_and_what_else_helps(seen):
    (index.folder() / "current").unlink()
    assert "检索正在准备" in words_of(seen, status=503, q="低保")
    assert "写两三个词就行" in words_of(seen)
