"""Feeds, calendars and maps: valid, true, of constant size, and the same bytes from a build."""

import json
import re
from datetime import date, datetime
from xml.etree import ElementTree

import pytest
from icalendar import Calendar
from tests.procedure.duties.rows import owed, row
from tests.surfaces.board.office import address, pages, says

from gongkai.config.wsgi import RESERVED
from gongkai.surfaces.board import build, houses, jobs, shelves
from gongkai.surfaces.board.pages import calendars, maps

A, B, C = address(1), address(2), address(3)
ATOM = "{http://www.w3.org/2005/Atom}"
MAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
FEEDS = ("all", "c/JC", "e/JC-05")
BASE = "http://127.0.0.1:8000"


def atom(office, path="feed.atom") -> list[dict[str, str]]:
    """The entries of a feed that holds what RFC 4287 asks of one."""
    feed = ElementTree.fromstring(office.page(path).encode())
    assert feed.tag == f"{ATOM}feed"
    for needed in ("id", "title", "updated", "author"):
        assert len(feed.findall(ATOM + needed)) == 1
    links = {link.get("rel"): link.get("href") for link in feed.findall(f"{ATOM}link")}
    assert links["self"] == f"{BASE}/{path}"
    assert office.has(links["alternate"].removeprefix(f"{BASE}/").rstrip("/") + ".html") or links[
        "alternate"
    ].endswith("/")
    found = []
    for entry in feed.findall(f"{ATOM}entry"):
        told = {each.tag.removeprefix(ATOM): each.text for each in entry}
        assert told.keys() >= {"id", "title", "published", "updated", "summary"}
        for stamp in (told["published"], told["updated"]):
            assert datetime.fromisoformat(stamp).tzinfo
        told["href"] = entry.find(f"{ATOM}link[@rel='alternate']").get("href")
        found.append(told)
    assert len({each["id"] for each in found}) == len(found)
    return found


def json_feed(office, path="feed.json") -> list[dict]:
    """The items of a feed that holds what JSON Feed 1.1 asks of one."""
    feed = json.loads(office.page(path))
    assert feed["version"] == "https://jsonfeed.org/version/1.1"
    assert feed["title"]
    assert feed["feed_url"] == f"{BASE}/{path}"
    for item in feed["items"]:
        assert item["id"]
        assert item["content_text"]
        assert datetime.fromisoformat(item["date_modified"]).tzinfo
    return feed["items"]


def test_what_is_opened_stands_in_the_feeds_of_its_lists(qingxi_board):
    qingxi_board.release(A, title="修渠 <b>&</b> 建闸")
    qingxi_board.go()
    for folder in ("", *(f"{each}/" for each in FEEDS)):
        (entry,) = atom(qingxi_board, f"{folder}feed.atom")
        (item,) = json_feed(qingxi_board, f"{folder}feed.json")
        assert entry["id"] == item["id"] == f"tag:test.invalid,2026-11-23:i/{A}"
        assert entry["title"] == item["title"] == "修渠 <b>&</b> 建闸"
        assert entry["href"] == item["url"] == f"{BASE}/i/{A}"
        assert item["content_text"] == "第一批52处，2027年9月底前完工。"
    empty = [
        each for each in qingxi_board.home.board.glob("c/*/feed.atom") if "/JC/" not in str(each)
    ]
    assert len(empty) == 7
    assert atom(qingxi_board, empty[0].relative_to(qingxi_board.home.board).as_posix()) == []
    for path in ("feed.atom", "feed.json", "calendar.ics", "sitemap-items-0.xml"):
        assert qingxi_board.has(f"{path}.br")
        assert qingxi_board.has(f"{path}.gz")


def test_a_correction_keeps_the_id_and_comes_back_to_the_top(qingxi_board):
    qingxi_board.release(A)
    qingxi_board.go()
    (before,) = atom(qingxi_board)
    qingxi_board.release(B, title="另一件")
    qingxi_board.release(A, note="改了日期。", opened_at="2026-11-22T02:00:00Z")
    qingxi_board.go()
    first, second = atom(qingxi_board)
    assert first["id"] == before["id"]
    assert first["title"].startswith("更正：")
    assert first["summary"] == "改了日期。"
    assert second["title"] == "另一件"
    assert [each["title"][:2] for each in atom(qingxi_board, "c/JC/feed.atom")] == ["另一", "更正"]


def test_what_is_taken_back_leaves_its_reason_and_no_text(qingxi_board):
    for subject in (A, B):
        qingxi_board.release(subject, body="<p>不该公开的一句话，谁也不该再看到。</p>")
    qingxi_board.go()
    assert len(says(qingxi_board.home.board, "谁也不该再看到")) > 8
    ids = {each["id"] for each in atom(qingxi_board)}
    qingxi_board.withdraw(A)
    qingxi_board.erase(B)
    jobs.remove()
    assert says(qingxi_board.home.board, "谁也不该再看到") == []
    qingxi_board.go()
    gone, withdrawn = atom(qingxi_board)
    assert {gone["id"], withdrawn["id"]} == ids
    assert (gone["title"], gone["summary"]) == ("内容已经清除", None)
    assert withdrawn["title"] == "已经撤回：关于今冬明春农田水利设施维修养护工作的决定"
    assert withdrawn["summary"] == "预算数字没有核对清楚，核对后重新公开。"
    assert "robots" in qingxi_board.page(f"i/{A}.html")


def test_what_is_for_members_stands_in_no_feed_calendar_or_map(qingxi_board):
    qingxi_board.release(A, audience=("org:qingxi",), title="只给党员看")
    qingxi_board.go()
    assert atom(qingxi_board) == atom(qingxi_board, "all/feed.atom") == []
    assert not qingxi_board.has("e/JC-05/feed.atom")
    assert not qingxi_board.has("sitemap-items-0.xml")


@pytest.fixture
def small(monkeypatch):
    """Lists and shards so small that a few items fill several."""
    monkeypatch.setattr(shelves, "PAGE", 3)
    monkeypatch.setattr("gongkai.surfaces.board.pages.feeds.NEWEST", 3)
    monkeypatch.setattr(maps, "SHARD", 2)


def test_a_build_makes_the_same_bytes_and_takes_away_what_is_stale(qingxi_board, small):
    for number in range(7):
        qingxi_board.release(address(number), title=f"第{number}件")
        qingxi_board.go()
    qingxi_board.release(address(0), title="第0件", note="改了。")
    qingxi_board.withdraw(address(1))
    qingxi_board.go()
    titles = [each["title"] for each in atom(qingxi_board, "c/JC/feed.atom")]
    assert titles == ["第6件", "第5件", "第4件"]
    assert [each["title"][:3] for each in atom(qingxi_board)] == ["已经撤", "更正：", "第6件"]
    followed = pages(qingxi_board.home.board)
    (qingxi_board.home.board / "c/JC/feed.atom").unlink()
    (qingxi_board.home.board / "sitemap-items-1.xml").write_text("worn")
    (qingxi_board.home.board / "c/JC/feed.rss").write_text("nobody's")
    build.build()
    assert pages(qingxi_board.home.board) == followed
    paths = ["c/JC/feed.json", "o/none/feed.atom", "sitemap-items-2.xml", "calendar.ics"]
    for path in paths:
        (qingxi_board.home.board / path).parent.mkdir(parents=True, exist_ok=True)
        (qingxi_board.home.board / path).write_text("worn")
    assert build.repair(paths) == sorted(paths)
    assert pages(qingxi_board.home.board) == followed


def test_the_map_names_every_item_once_in_shards(qingxi_board, small):
    for number in range(5):
        qingxi_board.release(address(number))
        qingxi_board.go()
    index = ElementTree.fromstring(qingxi_board.page("sitemap.xml"))
    files = [each.text.removeprefix(f"{BASE}/") for each in index.iter(f"{MAP}loc")]
    assert files == ["sitemap-pages-qingxi.xml", *(f"sitemap-items-{n}.xml" for n in range(3))]
    found = [
        each.text.removeprefix(BASE)
        for file in files
        for each in ElementTree.fromstring(qingxi_board.page(file)).iter(f"{MAP}loc")
    ]
    assert len(set(found)) == len(found)
    assert [each for each in found if each.startswith("/i/")] == [
        f"/i/{address(number)}" for number in range(5)
    ]
    for each in found:
        assert each.split("/")[1] not in RESERVED, "the office would answer"
        assert qingxi_board.has(each[1:] + ("index.html" if each.endswith("/") else ".html")), each


def test_the_calendar_tells_consultations_and_what_is_due(qingxi_board, time_machine):
    qingxi_board.release(A, kind="notice", title="拟发展对象公示")
    rows = [{"entry": "FW-05", "listed": True, **row(owed=[owed("2026-11", "2026-11-30")])}]
    body = {"format": "gongkai-coverage/1", "rows": rows}
    qingxi_board.record("coverage", "cover:qingxi", {"public"}, body, organisation="qingxi")
    qingxi_board.go()
    whole = Calendar.from_ical(qingxi_board.page("calendar.ics"))
    found = {str(each["summary"]): each for each in whole.walk("VEVENT")}
    notice = found.pop("公示：拟发展对象公示")
    assert notice.decoded("dtstart") == date(2026, 11, 23)
    assert notice.decoded("dtend") == date(2026, 11, 28)  # five working days, the first included
    assert str(notice["uid"]) == f"{A}@test.invalid"
    assert {each[:5] for each in found} == {"最晚公开："}
    data = (qingxi_board.home.board / "calendar.ics").read_bytes()
    assert all(len(line) <= 75 for line in data.split(b"\r\n"))
    assert b"\n" not in data.replace(b"\r\n", b"")
    time_machine.shift(86400 * 40)
    jobs.midnight(datetime.now().astimezone())
    said = qingxi_board.page("calendar.ics").replace("\r\n ", "")
    assert "拟发展对象公示" not in said
    assert "逾期没有公开：" in said


def test_each_department_has_a_calendar_of_its_public_entries(qingxi_board):
    rows = [
        {"entry": "FW-05", "listed": True, **row(owed=[owed("2026-11", "2026-11-30")])},
        {"entry": "JC-06", "listed": True, **row(owed=[owed("2026-Q3", "2026-11-20")])},
    ]
    body = {"format": "gongkai-coverage/1", "rows": rows}
    qingxi_board.record("coverage", "cover:qingxi", {"public"}, body, organisation="qingxi")
    qingxi_board.go()
    town = houses.town()
    house, said = town.house("qingxi"), {}
    offered = re.findall(r'href="(/calendar/\w{10}\.ics)"', qingxi_board.page("following.html"))
    assert offered == [calendars.address(house, each) for each in calendars.departments(house)]
    for each in calendars.departments(house):
        whole = Calendar.from_ical(qingxi_board.page(calendars.address(house, each)[1:]))
        assert str(whole["x-wr-calname"]).startswith(f"{each.name} - ")
        said[each.name] = [str(event["summary"]) for event in whole.walk("VEVENT")]
    ours = {code: house.entries[code] for code in ("FW-05", "JC-06")}
    told = [f"最晚公开：{ours['FW-05'].title}", f"逾期没有公开：{ours['JC-06'].title}"]
    assert told[0] in said[ours["FW-05"].department]
    assert told[1] in said[ours["JC-06"].department]
    assert sum(line in told for lines in said.values() for line in lines) == 2
    inner = [rule.title for rule in house.entries.values() if not house.shows(rule)]
    assert inner
    assert not any(title in line for title in inner for lines in said.values() for line in lines)


def test_a_page_says_what_it_is_to_machines(qingxi_board):
    qingxi_board.release(A, title='</script><script>alert("1")</script>')
    qingxi_board.go()
    html = qingxi_board.page(f"en/i/{A}.html")
    (block,) = re.findall(r'<script type="application/ld\+json">(.*?)</script>', html)
    told = json.loads(block)
    assert told["name"] == '</script><script>alert("1")</script>'
    assert told["@id"] == f"{BASE}/i/{A}"
    assert told["identifier"] == "青委发〔2026〕41号"
    assert f'<link rel="canonical" href="{BASE}/en/i/{A}">' in html
    assert f'<link rel="alternate" hreflang="zh-CN" href="{BASE}/i/{A}">' in html
    assert '<meta property="og:type" content="article">' in html
    home = qingxi_board.page("index.html")
    assert '"@type": "Organization"' in home
    assert 'href="/feed.atom"' in home
    robots = qingxi_board.page("robots.txt")
    assert robots.endswith(f"Sitemap: {BASE}/sitemap.xml\n")
