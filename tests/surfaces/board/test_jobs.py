"""What the keeper's steps leave in the folder."""

import random
import re
import shutil
from datetime import UTC, datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from tests.surfaces.board.office import address, charter_text, pages, says

from gongkai.foundation.ledger.models import Cursor, PublicRecord
from gongkai.surfaces.board import build, check, jobs, rendering, shelves
from gongkai.surfaces.board.models import Place, Shelf
from gongkai.surfaces.board.site import Site

A, B, C = address(1), address(2), address(3)


class Cut(Exception):
    """The process ends here."""


# -- opening ---------------------------------------------------------------------------------------


def test_a_public_release_has_its_page_in_both_languages(qingxi_board):
    qingxi_board.release(A)
    qingxi_board.go()
    for path in (f"i/{A}.html", f"en/i/{A}.html"):
        sealed = "<!--sealed--><p>第一批52处，2027年9月底前完工。</p><!--/sealed-->"
        assert sealed in qingxi_board.page(path)


def test_no_page_stands_before_the_log_is_exposed(qingxi_board):
    qingxi_board.release(A)
    jobs.remove()
    jobs.follow()
    assert not qingxi_board.has(f"i/{A}.html")
    assert not Place.objects.filter(subject=A).exists()


def test_a_release_to_members_never_touches_the_board(qingxi_board):
    before = pages(qingxi_board.home.board)
    file = qingxi_board.attachment(b"inner", title="内部附件")
    qingxi_board.release(A, audience=("org:qingxi",), title="只给党员看", attachments=[file])
    qingxi_board.answer(A, item=A).delete()
    qingxi_board.go()
    after = pages(qingxi_board.home.board)
    changed = {path for path in after if after[path] != before.get(path)}
    # the log grew by an entry that says nothing; its page and nothing else tells the length
    assert {path.removesuffix(".br").removesuffix(".gz") for path in changed} == {
        "log-about.html",
        "en/log-about.html",
    }
    assert says(qingxi_board.home.board, "只给党员看") == []
    assert not Place.objects.exists()


def test_members_first_then_the_public(qingxi_board):
    qingxi_board.release(A, audience=("org:qingxi",))
    qingxi_board.go()
    assert not qingxi_board.has(f"i/{A}.html")
    qingxi_board.editions[A] = 0
    qingxi_board.release(A)
    qingxi_board.go()
    assert "本镇党员干部，2026年11月11日" in qingxi_board.page(f"i/{A}.html")
    assert qingxi_board.has(f"i/{A}/v2.json")
    assert not qingxi_board.has(f"i/{A}/v1.json")


def test_places_are_dense_and_in_the_order_of_the_log(qingxi_board):
    for subject in (C, A, B):
        qingxi_board.release(subject)
    qingxi_board.go()
    places = Place.objects.filter(shelf__name="c:qingxi:JC").order_by("ordinal")
    assert list(places.values_list("ordinal", "subject")) == [(0, C), (1, A), (2, B)]


def test_attachments_are_downloads_beside_their_item(qingxi_board):
    file = qingxi_board.attachment(b"%PDF-1.7 list", title="附件1　清单")
    qingxi_board.release(A, attachments=[file])
    qingxi_board.go()
    name = f"files/{A}/{file['digest'][:16]}.pdf"
    assert (qingxi_board.home.board / name).read_bytes() == b"%PDF-1.7 list"
    assert f'href="/{name}" download' in qingxi_board.page(f"i/{A}.html")


def test_one_item_that_cannot_be_rendered_keeps_no_other_back(qingxi_board, caplog):
    missing = {"title": "附件", "digest": "ab" * 32, "size": 3, "extension": "pdf"}
    body = {"format": "gongkai-release/1", "edition": "{}", "number": "", "note": ""}
    qingxi_board.record("release", B, {"public"}, body)
    qingxi_board.release(A)
    qingxi_board.release(C, attachments=[missing])
    qingxi_board.go()
    assert qingxi_board.has(f"i/{A}.html")
    assert qingxi_board.has(f"i/{C}.html")
    assert not qingxi_board.has(f"i/{B}.html")
    assert f"records of {B} cannot be read" in caplog.text
    assert "is missing from the store" in caplog.text


def test_an_address_that_leads_elsewhere_writes_nothing_there(qingxi_board):
    qingxi_board.release("../../elsewhere")
    qingxi_board.release(A)
    qingxi_board.go()
    assert qingxi_board.has(f"i/{A}.html")
    assert list(qingxi_board.home.path.rglob("*elsewhere*")) == []


def test_ten_thousand_attachments(qingxi_board):
    file = qingxi_board.attachment(b"%PDF list")
    many = [file | {"title": f"附件{number}"} for number in range(10_000)]
    qingxi_board.release(A, attachments=many)
    qingxi_board.go()
    assert qingxi_board.page(f"i/{A}.html").count(" download ") == 10_000
    assert len(list((qingxi_board.home.board / f"files/{A}").iterdir())) == 1


# -- correcting, withdrawing, erasing --------------------------------------------------------------


def test_a_correction_shows_what_changed_and_keeps_the_earlier_version(qingxi_board):
    qingxi_board.release(A)
    qingxi_board.go()
    qingxi_board.release(
        A,
        body="<p>第一批52处，2027年10月底前完工。</p>",
        note="要与停水安排一致。",
        opened_at="2026-11-19T02:00:00Z",
    )
    qingxi_board.go()
    page = qingxi_board.page(f"i/{A}.html")
    assert "第一批52处，2027年<del>9月</del><ins>10月</ins>底前完工。" in page
    assert "要与停水安排一致。" in page
    assert f'href="/i/{A}/v1"' in page
    earlier = qingxi_board.page(f"i/{A}/v1.html")
    assert "这是第1版，后来更正过" in earlier
    assert "2027年9月底前完工" in earlier
    assert "2026年11月19日更正" in qingxi_board.page("c/JC.html")


def test_a_correction_for_privacy_leaves_nothing_of_the_earlier_version(qingxi_board):
    file = qingxi_board.attachment(b"names", title="名单")
    first = qingxi_board.release(A, body="<p>张某某身份证</p>", attachments=[file])
    qingxi_board.go()
    qingxi_board.release(A, note="去掉了个人信息。")
    PublicRecord.objects.filter(pk=first.pk).update(closed_at=datetime(2026, 11, 20, tzinfo=UTC))
    qingxi_board.go()
    assert says(qingxi_board.home.board, "张某某") == []
    kept = {f"i/{A}.html", f"i/{A}.json", f"i/{A}/v2.json", f"i/{A}/v2.log.json"}
    plain = {path for path in pages(qingxi_board.home.board) if not path.endswith((".br", ".gz"))}
    assert {path for path in plain if A in path and not path.startswith("en/")} == kept
    assert "更正前的版本不再公开" in qingxi_board.page(f"i/{A}.html")


def test_a_withdrawal_removes_at_once_and_explains_after_the_log(qingxi_board):
    qingxi_board.release(A)
    qingxi_board.go()
    qingxi_board.withdraw(A)
    jobs.remove()
    assert not qingxi_board.has(f"i/{A}.html")
    assert not qingxi_board.has(f"i/{A}.html.br")
    assert "水利设施" not in qingxi_board.page("all.html")
    assert "已经撤下，说明随后公布" in qingxi_board.page("all.html")
    assert PublicRecord.objects.get(kind="release").removed_at
    qingxi_board.go()
    tombstone = qingxi_board.page(f"i/{A}.html")
    assert "预算数字没有核对清楚" in tombstone
    assert "第一批52处" not in tombstone
    assert "row--withdrawn" in qingxi_board.page("all.html")
    assert "党委副书记决定撤回" in qingxi_board.page("withdrawals.html")


def test_what_a_killed_keeper_left_half_written_keeps_nothing_from_going(qingxi_board, caplog):
    qingxi_board.release(A)
    qingxi_board.go()
    for folder in ("i", "en/i", "files"):
        (qingxi_board.home.board / folder / A).mkdir(parents=True, exist_ok=True)
        (qingxi_board.home.board / folder / A / ".9-1.partial").write_text("第一批52处")
    qingxi_board.withdraw(A)
    jobs.remove()
    assert says(qingxi_board.home.board, "第一批52处") == []
    assert caplog.text == ""


def test_an_erasure_leaves_a_tombstone_without_title(qingxi_board):
    file = qingxi_board.attachment(b"leak", title="泄露的附件")
    qingxi_board.release(A, attachments=[file])
    qingxi_board.answer(A, item=A)
    qingxi_board.answer("case:qingxi:2026-9")
    qingxi_board.go()
    qingxi_board.erase(A)
    jobs.remove()
    assert says(qingxi_board.home.board, "水利设施") == []
    assert not any(path.startswith(f"files/{A}/") for path in pages(qingxi_board.home.board))
    qingxi_board.go()
    assert "内容已经清除" in qingxi_board.page(f"i/{A}.html")
    assert "党委书记、纪委书记" in qingxi_board.page(f"i/{A}.html")
    assert "水利设施" not in "".join(
        qingxi_board.page(path) for path in ("all.html", "wall.html", "withdrawals.html")
    )


def test_closed_before_it_was_ever_followed(qingxi_board):
    qingxi_board.release(A)
    qingxi_board.erase(A)
    qingxi_board.release(B)
    qingxi_board.withdraw(B)
    qingxi_board.go()
    assert "内容已经清除" in qingxi_board.page(f"i/{A}.html")
    places = Place.objects.filter(shelf__name="c:qingxi:JC").order_by("ordinal")
    assert list(places.values_list("subject", flat=True)) == [A, B]


# -- answers and filing ----------------------------------------------------------------------------


def test_an_answer_reaches_the_item_and_the_wall(qingxi_board):
    qingxi_board.release(A)
    qingxi_board.answer(A, item=A)
    qingxi_board.go()
    for path in (f"i/{A}.html", "wall.html", "index.html"):
        assert "有。列在附件1第14项。" in qingxi_board.page(path)
    assert f'href="/i/{A}"' in qingxi_board.page("wall.html")


def test_the_wall_no_longer_tells_the_title_of_what_was_withdrawn(qingxi_board):
    qingxi_board.release(A)
    qingxi_board.answer(A, item=A)
    qingxi_board.go()
    assert "水利设施" in qingxi_board.page("wall.html")
    qingxi_board.withdraw(A)
    qingxi_board.go()
    assert "水利设施" not in qingxi_board.page("wall.html")
    assert "有。列在附件1第14项。" in qingxi_board.page("wall.html")


def test_filing_completes_the_five_steps(qingxi_board):
    qingxi_board.release(A)
    qingxi_board.go()
    assert "反馈办完后归档" in qingxi_board.page(f"i/{A}.html")
    qingxi_board.filing(A)
    qingxi_board.go()
    assert "档号Z109-WS·2026-Y-BGS-0001" in qingxi_board.page(f"i/{A}.html")
    assert 'data-state="now"' not in qingxi_board.page(f"i/{A}.html")


# -- pages of lists --------------------------------------------------------------------------------


def test_old_pages_are_finished(qingxi_board, monkeypatch):
    monkeypatch.setattr(shelves, "PAGE", 3)
    for number in range(7):
        qingxi_board.release(address(number), title=f"第{number}件")
    qingxi_board.go()
    first, second = qingxi_board.page("all/1.html"), qingxi_board.page("all/2.html")
    assert [f"第{n}件" in first for n in range(4)] == [True, True, True, False]
    assert "第6件" in qingxi_board.page("all.html")
    for number in range(7, 13):
        qingxi_board.release(address(number), title=f"第{number}件")
        qingxi_board.go()
    assert qingxi_board.page("all/1.html") == first
    # the second gained the number of its newer neighbour when that became old, then rested
    assert 'href="/all/3"' in qingxi_board.page("all/2.html")
    assert qingxi_board.page("all/2.html") == second.replace('"/all"', '"/all"').replace(
        '<a rel="prev" href="/all">', '<a rel="prev" href="/all/3">'
    ).replace('<a href="/all">3</a>', '<a href="/all/3">3</a>')
    assert qingxi_board.has("all/4.html")
    assert not qingxi_board.has("all/5.html")


def test_empty_lists_say_so(qingxi_board):
    assert "这里还没有公开过内容" in qingxi_board.page("c/LZ.html")
    assert "还没有撤下过任何一件" in qingxi_board.page("withdrawals.html")


def test_the_catalogue_says_never(qingxi_board):
    qingxi_board.release(A)
    qingxi_board.go()
    page = qingxi_board.page("catalogue.html")
    assert page.count("从未公开") > 20
    assert '<a href="/e/JC-05">' in page


# -- repeating, rebuilding -------------------------------------------------------------------------


def busy(office):
    """A board with everything on it."""
    file = office.attachment(b"list", title="附件1")
    for number in range(8):
        office.release(address(number), title=f"第{number}件", attachments=[file])
    office.go()
    office.release(address(0), body="<p>改过</p>", note="更正", attachments=[file])
    office.answer(address(1), item=address(1))
    office.answer("case:qingxi:2026-7")
    office.go()
    office.withdraw(address(2))
    office.erase(address(3))
    office.filing(address(4))
    office.release(address(20), audience=("org:qingxi",), title="内部")
    office.charter("village", "shiqiao")
    office.go()
    office.release(address(21), organisation="shiqiao", category="CW", box="CW-1", title="村里的")
    diary = {"entry": {"code": "FW-06"}, "category": "FW", "box": "FW-1"}
    for number in range(30, 35):
        office.release(address(number), title=f"日记{number}", **diary)
    office.release(address(36), title="公示", kind="notice", **diary)
    office.release(address(37), entry={"code": "JC-07"}, title="征求意见稿")
    rules = {"entry": {"code": "ZD-01"}, "category": "ZD", "box": "ZD-1"}
    office.release(address(38), title="制度汇编", **rules)
    office.answer(address(37), item=address(37))
    office.go()
    office.withdraw(address(31), entry="FW-06", category="FW", box="FW-1")
    office.erase(address(37), entry="JC-07")
    office.go()


def test_a_rebuild_gives_the_same_bytes(qingxi_board, monkeypatch, tmp_path, settings):
    monkeypatch.setattr(shelves, "PAGE", 3)
    busy(qingxi_board)
    followed = pages(qingxi_board.home.board)
    assert build.build().named == []
    shutil.copytree(qingxi_board.home.log, tmp_path / "log")
    shutil.rmtree(qingxi_board.home.board)
    shutil.copytree(tmp_path / "log", qingxi_board.home.log)
    Place.objects.all().delete()
    Shelf.objects.all().delete()
    build.build()
    assert pages(qingxi_board.home.board) == followed


def test_following_twice_changes_nothing(qingxi_board):
    busy(qingxi_board)
    before = pages(qingxi_board.home.board)
    Cursor.objects.filter(name="board").update(seq=0)
    jobs.follow()
    assert pages(qingxi_board.home.board) == before


@pytest.mark.parametrize(
    "seed", [0, 1, *(pytest.param(seed, marks=pytest.mark.once) for seed in (2, 3, 4, 5))]
)
def test_cut_off_anywhere_and_repeated(qingxi_board, monkeypatch, seed):
    """A crash at any write or deletion: the next pass completes it to the same bytes."""
    monkeypatch.setattr(shelves, "PAGE", 3)
    left = random.Random(seed).randrange(1, 400)
    put, unlink = Site._put, Site.delete

    def failing(real):
        def call(*args, **kwargs):
            nonlocal left
            left -= 1
            if left == 0:
                raise Cut
            return real(*args, **kwargs)

        return call

    monkeypatch.setattr(Site, "_put", failing(put))
    monkeypatch.setattr(Site, "delete", failing(unlink))
    real_go = qingxi_board.go

    def go():
        try:
            real_go()
        except Cut:
            real_go()

    monkeypatch.setattr(qingxi_board, "go", go)
    monkeypatch.setattr(rendering, "_isolated", lambda render, item: render(item))
    busy(qingxi_board)
    assert check.check() == check.Found(rendering.manifest().count(), ())


def test_midnight_renders_home_once_a_day(qingxi_board, time_machine):
    def shown():
        return "11月24日" in qingxi_board.page("index.html")

    before_midnight = datetime(2026, 11, 23, 15, 59, tzinfo=UTC)
    after_midnight = datetime(2026, 11, 23, 16, 0, tzinfo=UTC)
    assert jobs.midnight(before_midnight) == 0
    assert not shown()
    assert jobs.midnight(after_midnight) == 1
    assert shown()
    assert "24 November" in qingxi_board.page("en/index.html")
    assert jobs.midnight(after_midnight) == 0
    assert jobs.midnight(before_midnight) == 1  # the clock has been set back
    assert not shown()


# -- what is open, due, counted --------------------------------------------------------------------


def test_comments_are_invited_until_the_last_day(qingxi_board, time_machine):
    qingxi_board.release(A, title="拟表彰公示", kind="notice", body=f"<p>{'说明' * 10}</p>")
    qingxi_board.release(B, title="征求意见稿", entry={"code": "JC-07"})
    qingxi_board.release(C, title="不征求意见")
    qingxi_board.go()

    def invited(page):
        said = qingxi_board.page(page)
        return [f"/say/{address}/" in said for address in (A, B, C)]

    home = qingxi_board.page("index.html")
    assert home.index("拟表彰公示") < home.index("今天") < home.index("征求意见稿")
    assert ("说明" * 10 in home, "2026年11月27日截止" in home) == (True, True)
    assert "11月23日起算，当天计入，共5个工作日" in home
    assert invited("open.html") == [True, True, False]
    # over: the notice after five working days, the draft after fifteen days from the next one
    for day, open_now in ((27, [True, True, False]), (28, [False, True, False])):
        time_machine.move_to(datetime(2026, 11, day, 4, 0, tzinfo=UTC), tick=False)
        assert jobs.midnight(datetime(2026, 11, day, 4, 0, tzinfo=UTC)) == 1
        assert invited("open.html") == open_now
    time_machine.move_to(datetime(2026, 12, 9, 4, 0, tzinfo=UTC), tick=False)
    jobs.midnight(datetime(2026, 12, 9, 4, 0, tzinfo=UTC))
    assert invited("open.html") == [False, False, False]
    assert "现在没有公示" in qingxi_board.page("index.html")


def test_nobody_is_asked_about_what_was_taken_back(qingxi_board):
    qingxi_board.release(A, title="拟表彰公示", kind="notice")
    qingxi_board.go()
    qingxi_board.withdraw(A)
    jobs.remove()
    assert f"/say/{A}/" not in qingxi_board.page("open.html") + qingxi_board.page("index.html")


def test_a_column_shows_what_lies_under_its_entries(qingxi_board, monkeypatch):
    monkeypatch.setattr(shelves, "PAGE", 3)
    for number in range(5):
        entry = {"entry": {"code": "FW-06"}, "category": "FW", "box": "FW-1"}
        qingxi_board.release(address(number), title=f"日记{number}", **entry)
    qingxi_board.go()
    column = qingxi_board.page("columns/diary.html")
    assert [f"日记{number}" in column for number in range(5)] == [False, False, True, True, True]
    assert '<a href="/e/FW-06">全部：民情日记</a>' in column
    assert '民情日记</a><span class="note">11月23日更新' in qingxi_board.page("index.html")
    qingxi_board.withdraw(address(4), entry="FW-06", category="FW", box="FW-1", title="日记4")
    jobs.remove()
    assert "日记4" not in qingxi_board.page("columns/diary.html")


def test_figures_stay_right_after_an_erasure(qingxi_board):
    qingxi_board.release(A)
    qingxi_board.answer(A, item=A)
    qingxi_board.answer("case:qingxi:2026-9", answered_at="2026-11-24T16:00:00Z")
    qingxi_board.answer("case:qingxi:2026-8", answered_at="2026-11-24T15:59:00Z")
    told = {"kind": "problem", "ground": "privacy", "answered_at": "2027-01-04T02:00:00Z"}
    qingxi_board.record("report", A, {"public"}, {**told, "outcome": "removed"})
    qingxi_board.record("report", A, {"party"}, {**told, "outcome": "refused"})
    qingxi_board.go()

    def answered():
        page = qingxi_board.page("statistics.html")
        return [int(n) for n in re.findall(r'<td class="num">(\d+)</td>', page)[:3]]

    def ended():
        page = qingxi_board.page("outcomes.html")
        rows = re.findall(r">([^<]+)</th><td>([^<]+)</td><td class=\"num\">(\d+)</td>", page)
        return re.findall(r'id="y(\d+)"', page), rows

    problem = ("指出问题：泄露个人信息", "已撤下", "1")
    assert answered() == [2, 1, 3]
    assert ended() == (["2027", "2026"], [problem, ("意见", "已说明", "3")])
    qingxi_board.erase(A)
    qingxi_board.go()
    assert answered() == [1, 2, 3]
    assert ended() == (["2027", "2026"], [problem, ("意见", "已说明", "2")])
    assert "Something" not in qingxi_board.page("outcomes.html")
    Place.objects.all().delete()
    Shelf.objects.all().delete()
    assert build.build().named == []


def test_a_month_is_that_of_the_zone_in_force_then(qingxi_board, time_machine):
    time_machine.move_to(datetime(2026, 11, 30, 16, 30, tzinfo=UTC), tick=False)
    qingxi_board.release(A)
    qingxi_board.go()
    assert qingxi_board.has("m/2026-12.html")
    text = charter_text("township").replace("[organisation]", '[organisation]\nzone = "UTC"', 1)
    qingxi_board.record("charter", "charter:qingxi", {"public"}, {"number": 2, "source": text})
    qingxi_board.release(B)
    qingxi_board.go()
    assert qingxi_board.has("m/2026-11.html")
    before = pages(qingxi_board.home.board)
    Place.objects.all().delete()
    Shelf.objects.all().delete()
    build.build()
    assert pages(qingxi_board.home.board) == before


def test_an_entry_that_moved_is_told_where_it_belongs_now(qingxi_board):
    """The item lies in the category it was sealed for; the entry's line stands in the other."""
    qingxi_board.release(A, category="QT", box="QT-2")
    qingxi_board.go()
    moved = qingxi_board.page("c/JC.html")
    assert '<a href="/e/JC-05">' in moved
    assert build.build().named == []


# -- cost ------------------------------------------------------------------------------------------


def queries_of_following(office, numbers):
    for number in numbers:
        office.release(address(number))
    jobs.remove()
    office.expose()
    with CaptureQueriesContext(
        connection,
    ) as queries:
        jobs.follow()
    return len(queries)


def test_the_cost_does_not_grow(qingxi_board, monkeypatch):
    """One opening, three openings, and one on a larger board: the same number of queries."""
    monkeypatch.setattr(shelves, "PAGE", 10)
    queries_of_following(qingxi_board, range(100, 101))
    one = queries_of_following(qingxi_board, range(1))
    three = queries_of_following(qingxi_board, range(1, 4))
    queries_of_following(qingxi_board, range(4, 90))
    assert [one, three] == [one, one]
    assert queries_of_following(qingxi_board, range(90, 91)) == one


def test_removing_costs_the_same_for_one_and_three(qingxi_board):
    for number in range(8):
        qingxi_board.release(address(number))
    qingxi_board.go()

    def cost(numbers):
        for number in numbers:
            qingxi_board.withdraw(address(number))
        with CaptureQueriesContext(connection) as queries:
            jobs.remove()
        qingxi_board.expose()
        jobs.follow()
        return len(queries)

    assert cost([0]) == cost([1, 2, 3]) == cost([4])


# -- several organisations -------------------------------------------------------------------------


def test_a_village_stands_under_its_own_root(qingxi_board):
    qingxi_board.charter("village", "shiqiao")
    qingxi_board.go()
    village = qingxi_board.page("o/shiqiao/index.html")
    assert "石桥" in village
    assert qingxi_board.has("o/shiqiao/catalogue.html")
    assert 'href="/o/shiqiao/"' in qingxi_board.page("index.html")


def test_the_tree_holds_each_below_its_superior(qingxi_board):
    text = charter_text("village").replace(
        'slug = "shiqiao"', 'slug = "shiqiao"\nparent = "qingxi"'
    )
    body = {"number": 1, "source": text}
    qingxi_board.record("charter", "charter:shiqiao", {"public"}, body, organisation="shiqiao")
    qingxi_board.go()
    tree = qingxi_board.page("organisations.html")
    inner = tree[tree.index('href="/about"') :]
    assert inner.index("<ul>") < inner.index('href="/o/shiqiao/"') < inner.index("</ul>")
    assert "<b>从未公开</b>" in inner
    assert '上级</span> <a href="/about">' in qingxi_board.page("o/shiqiao/about.html")
    assert '下级</span> <a href="/o/shiqiao/about">' in qingxi_board.page("about.html")
    qingxi_board.release(A, organisation="shiqiao", category="CW", box="CW-1")
    qingxi_board.go()
    assert "公开1件，最近一次2026年11月23日" in qingxi_board.page("organisations.html")
    assert "这个单位没有另立制度" in qingxi_board.page("o/shiqiao/systems.html")


def test_a_circle_of_superiors_ends(office):
    for slug, parent in (("shiqiao", "xiaping"), ("xiaping", "shiqiao")):
        text = charter_text("village").replace('"shiqiao"', f'"{slug}"\nparent = "{parent}"', 1)
        body = {"number": 1, "source": text}
        office.record("charter", f"charter:{slug}", {"public"}, body, organisation=slug)
    office.go()
    assert office.page("organisations.html").count('class="tree__line"') == 2


def test_a_village_alone_stands_at_the_root(office):
    office.charter("village", "shiqiao")
    office.go()
    home = office.page("index.html")
    assert "石桥" in home
    assert "党务" not in home
    assert "党员登录" not in home


def test_a_board_without_a_charter_still_opens_its_items(office):
    office.release(A)
    office.go()
    assert "第一批52处" in office.page(f"i/{A}.html")
