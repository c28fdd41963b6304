"""The wall on the board: made of public records alone, marked late by the day alone."""

from datetime import UTC, datetime

import pytest
from django.db import transaction
from tests.surfaces.board.office import address
from tests.surfaces.board.test_feeds import atom, json_feed
from tests.surfaces.board.test_receptions import words

from gongkai.foundation.core import clock
from gongkai.foundation.ledger import workflow as ledger
from gongkai.foundation.ledger.models import PublicRecord
from gongkai.surfaces.board import build, hearing, jobs, queries, shelves, touched
from gongkai.surfaces.board.models import Owed, Place, Shelf

pytestmark = pytest.mark.django_db
A, B, C, D = map(address, (1, 2, 3, 4))
REPLY = {
    "answer": "月底前修好。",
    "answered_at": "2026-11-19T02:00:00Z",
    "outcome": "planned",
    "post": "农业农村办公室主任",
    "promised_on": "2026-11-24",
    "round": 1,
}


def told(office, key, text="三号渠漏水。", **changes):
    """A voice as the verbs tell it."""
    body = {
        "format": "gongkai-voice/1",
        "address": key,
        "state": "open",
        "kind": "opinion",
        "ground": "",
        "text": text,
        "changed": {},
        "received_at": "2026-11-17T02:00:00Z",
        "promised_on": "2026-11-24",
        "waits": "",
        "extended": False,
        "reopened": 0,
        "unit": "agriculture",
        "post": "农业农村办公室主任",
        "answers": [],
        "judged": [],
        "item": "",
        "leads": "",
        **changes,
    }
    return office.record("voice", f"voice:{key}", {"public"}, body)


def answered(office, key, reply=None, **changes):
    """A voice that was answered, with the answer's own record."""
    subject = f"voice:{key}"
    given = {**REPLY, **(reply or {})}
    office.answer(subject, text="三号渠漏水。", voice=key, **given)
    replies = [{**given, "place": f"{subject}.1"}]
    return told(office, key, state="answered", answers=replies, **changes)


def taken_down(office, key):
    with transaction.atomic():
        ledger.close(subject=f"voice:{key}", kinds=["voice"], at=clock.now())
    body = {
        "format": "gongkai-voice/1",
        "address": key,
        "state": "down",
        "kind": "opinion",
        "received_at": "2026-11-17T02:00:00Z",
        "down": {
            "reason": "person",
            "why": "写到邻居",
            "post": "党委副书记",
            "at": "2026-11-22T02:00:00Z",
        },
    }
    return office.record("voice", f"voice:{key}", {"public"}, body)


def test_what_is_owed_stands_with_its_day_and_is_late_by_the_day_alone(
    qingxi_board, time_machine, settings
):
    office = qingxi_board
    told(office, A)
    told(office, B, "路灯不亮。", promised_on="2026-11-19", unit="planning", post="")
    told(office, C, "修桥。", promised_on="", waits="stopped")
    office.go()
    page = words(office, "wall/open.html")
    late, coming = page[page.index("已经逾期 意见") :].split("没到日子的", 1)
    assert "路灯不亮。" in late
    assert "逾期2个工作日" in late
    assert "农业农村办公室主任在办，答应2026年11月24日以前答复。" in coming
    assert "还有1个工作日" in coming
    assert "计时暂停，恢复以后再算哪一天答复。" in coming
    assert "农业农村办公室 2 规划建设办公室 1" in page
    assert "还在办的3件" in words(office, "index.html")
    assert "1件逾期没有答复" in words(office, "index.html")
    for name in (f"w/{B}.html", "wall/k/opinion.html", "wall/y/2026.html", "wall/p/planning.html"):
        assert "路灯不亮。" in words(office, name)
        assert "逾期" not in words(office, name)
    now = datetime(2026, 11, 25, 4, 0, tzinfo=UTC)
    time_machine.move_to(now, tick=False)
    jobs.midnight(now)
    assert "2件逾期没有答复" in words(office, "index.html")
    english = words(office, "en/wall/open.html")
    assert "The clock is stopped" in english


def test_the_feeds_tell_what_is_new_answered_and_taken_down(qingxi_board):
    office = qingxi_board
    told(office, A, "三号渠漏水。\n请派人来看看，漏了半个月了，下游三十亩田没有水，秧苗快干死了。")
    told(office, B, "路灯不亮。", unit="planning")
    office.go()
    waiting, open_too = atom(office, "wall/feed.atom")
    assert (waiting["title"], open_too["title"][:4]) == ("还在办：路灯不亮。", "还在办：")
    assert waiting["summary"] == "答应2026年11月24日以前答复。"
    assert [each["href"][-10:] for each in atom(office, "wall/p/planning/feed.atom")] == [B]
    answered(office, A)
    office.go()
    first, _second = json_feed(office, "wall/feed.json")
    assert (first["title"], first["content_text"]) == ("已答复：三号渠漏水。", "月底前修好。")
    assert first["id"] == open_too["id"] == f"tag:test.invalid,2026-11-17:w/{A}"
    taken_down(office, A)
    jobs.remove()
    assert "三号渠" not in office.page("wall/feed.atom") + office.page("wall/feed.json")
    office.go()
    for path in ("wall/feed.atom", "wall/p/agriculture/feed.atom"):
        gone = atom(office, path)[0]
        assert (gone["id"], gone["title"]) == (first["id"], "已撤下")
        assert gone["summary"] == "写到了别人的个人情况（写到邻居）"
    assert 'href="/wall/p/planning/feed.atom"' in office.page("wall/p/planning.html")
    assert 'href="/wall/feed.json"' in office.page("wall/open.html")
    assert 'href="/wall/feed.atom"' in office.page("following.html")
    followed = {each: each.read_bytes() for each in office.home.board.rglob("*feed.*")}
    build.build()
    assert {each: each.read_bytes() for each in office.home.board.rglob("*feed.*")} == followed


@pytest.mark.parametrize("count", [1, 3])
def test_the_feeds_of_few_lists_cost_six_questions(qingxi_board, count, django_assert_num_queries):
    for number in range(count):
        answered(qingxi_board, address(number))
    qingxi_board.go()
    with django_assert_num_queries(6):
        found = hearing.newest(["wall:qingxi", "wp:qingxi:agriculture"])
    assert [len(each) for each in found.values()] == [count, count]


def test_an_answer_ends_the_wait_with_day_promise_and_what_was_said_of_it(qingxi_board):
    office = qingxi_board
    told(office, A)
    office.go()
    judged = [{"round": 1, "moment": "closing", "verdict": "no"}]
    answered(office, A, judged=judged, leads=B)
    answered(office, C, {"answered_at": "2026-11-26T02:00:00Z", "promised_on": "2026-11-20"})
    office.go()
    assert "三号渠" not in words(office, "wall/open.html")
    page = words(office, f"w/{A}.html")
    assert "月底前修好。 已列入计划 农业农村办公室主任，2026年11月19日 按时答复" in page
    assert "本人评价：不满意" in page
    assert "<title>意见：三号渠漏水。 - " in office.page(f"w/{A}.html")
    assert f'href="/i/{B}"' in office.page(f"w/{A}.html")
    assert "比答应的晚了6日" in words(office, f"w/{C}.html")
    wall = office.page("wall.html")
    assert f'href="/w/{A}"' in wall
    assert "本人评价：不满意" in words(office, "wall.html")


def test_the_departments_are_counted_and_few_judgements_give_no_rate(qingxi_board):
    office = qingxi_board
    for number in range(6):
        verdict = "no" if number == 0 else "yes"
        judged = [{"round": 1, "moment": "closing", "verdict": verdict}]
        reply = {"answered_at": "2026-11-26T02:00:00Z"} if number == 5 else {}
        answered(office, address(number), reply, judged=judged)
    answered(
        office, address(9), unit="finance", reopened=1,
        judged=[{"round": 1, "moment": "later", "verdict": "yes"}],
    )  # fmt: skip
    office.go()
    page = words(office, "wall/departments.html")
    assert "农业农村办公室 6 6 5 0 满意83%（6次评价）" in page
    assert "财政所 1 1 1 1 1次评价，太少，不算比例" in page
    told(office, address(0), state="open", reopened=1)
    office.go()
    assert "农业农村办公室 6 6 5 1 满意83%（6次评价）" in words(office, "wall/departments.html")


def test_what_was_changed_kept_off_or_taken_down_is_counted_and_the_words_are_gone(qingxi_board):
    office = qingxi_board
    changed = {"reason": "unproved", "why": "人名没有查实", "at": "2026-11-18T02:00:00Z"}
    told(office, A, changed=changed)
    told(office, B, "邻居的事。")
    off = {"reason": "advert", "at": "2026-10-18T02:00:00Z"}
    body = {"format": "gongkai-voice/1", "state": "off", "off": off}
    office.record("voice", f"voice:{C}", {"public"}, body)
    office.record("voice", f"voice:{D}", {"public"}, {**body, "state": "refused"})
    office.go()
    assert "上墙时改过文字：点名指责，还没有查实（人名没有查实）" in words(office, f"w/{A}.html")
    assert not (office.home.board / f"w/{C}.html").exists()
    assert not (office.home.board / f"w/{D}.html").exists()
    taken_down(office, B)
    jobs.remove()
    assert not (office.home.board / f"w/{B}.html").exists()
    assert "邻居的事。" not in words(office, "wall/open.html")
    office.go()
    told(office, A, changed=changed, judged=[])
    office.go()
    tombstone = words(office, f"w/{B}.html")
    assert "2026年11月22日撤下。理由：写到了别人的个人情况（写到邻居） 党委副书记" in tombstone
    register = words(office, "wall/register.html")
    november, october = register.split("2026年11月", 1)[1].split("2026年10月", 1)
    assert "改了文字 点名指责，还没有查实 1" in november
    assert "从墙上撤下 写到了别人的个人情况 1" in november
    assert "没有上墙 是广告 1" in october
    assert "先看过，没有受理 是广告 1" in october
    everywhere = [each.read_bytes() for each in office.home.board.rglob("*.html")]
    assert [each for each in everywhere if "邻居的事".encode() in each] == []


def test_a_rebuild_gives_the_same_bytes_and_needs_the_records_alone(qingxi_board, monkeypatch):
    monkeypatch.setattr(shelves, "PAGE", 3)
    office = qingxi_board
    for number in range(5):
        told(office, address(number), f"第{number}件")
    answered(office, A)
    office.go()
    taken_down(office, B)
    office.go()
    told(office, address(7), "第7件")
    office.go()
    answered(office, address(4))
    office.go()
    assert build.build().named == []
    Owed.objects.all().delete()
    Place.objects.filter(shelf__name__regex="^w[kpyfr]:").delete()
    Shelf.objects.filter(name__regex="^w[kpyfr]:").delete()
    assert build.build().named == []
    assert len(queries.waiting("qingxi", datetime(2026, 11, 23, tzinfo=UTC).date(), 9).coming) == 3
    (office.home.board / f"w/{C}.html").write_text("forged")
    assert f"w/{C}.html" in build.repair([f"w/{C}.html"])
    assert "第3件" in words(office, f"w/{C}.html")


def test_a_move_touches_its_own_pages_and_no_older_ones(qingxi_board, monkeypatch):
    monkeypatch.setattr(shelves, "PAGE", 3)
    office = qingxi_board
    for number in range(10):
        told(office, address(number), f"第{number}件")
    office.go()
    older = [office.home.board / f"wall/y/2026/{page}.html" for page in (1, 2)]
    before = [each.stat().st_mtime_ns for each in older]
    told(office, address(9), "第9件", extended=True)
    office.go()
    assert [each.stat().st_mtime_ns for each in older] == before
    assert "延长过期限。" in words(office, f"w/{address(9)}.html")


def test_where_only_voices_moved_only_pages_that_tell_of_voices_follow(qingxi_board):
    office = qingxi_board
    told(office, A)
    alone = touched.by(list(PublicRecord.objects.filter(kind="voice")))
    assert (alone.houses, alone.heard) == (set(), {"qingxi"})
    answered(office, B)
    both = touched.by(list(PublicRecord.objects.filter(kind__in=["voice", "answer"])))
    assert (both.houses, both.heard) == ({"qingxi"}, set())


@pytest.mark.parametrize("many", [1, 3])
def test_what_is_owed_costs_the_same(qingxi_board, many, django_assert_num_queries):
    office = qingxi_board
    for number in range(many):
        told(office, address(number))
    office.go()
    with django_assert_num_queries(6):
        queries.waiting("qingxi", datetime(2026, 11, 23, tzinfo=UTC).date(), 50)
