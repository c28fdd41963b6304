"""What should be public and what is: from the rows of coverage alone, on the civil day."""

from datetime import UTC, datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from tests.procedure.duties.rows import owed, row, settled
from tests.surfaces.board.office import address, charter_text, pages

from gongkai.foundation.core import clock
from gongkai.surfaces.board import build, jobs
from gongkai.surfaces.board.models import Kept
from gongkai.surfaces.board.pages import subordinates

A = address(1)
DONE = settled("2026-10", "2026-10-31", "met", "2026-10-30", item=A)
LATE = settled("2026-09", "2026-09-30", "met", "2026-10-02")
WAIVED = settled(
    "2026-08", "2026-08-31", "waived", "2026-08-30", reason="停办一个月。", post="党委书记"
)


@pytest.fixture
def told(qingxi_board):
    """A way to tell how entries are kept, as the tick does."""

    def tell(rows, audience=("public",), organisation="qingxi"):
        body = {
            "format": "gongkai-coverage/1",
            "rows": [{"entry": code, "listed": True, **each} for code, each in rows.items()],
        }
        subject = f"cover:{organisation}"
        qingxi_board.record("coverage", subject, set(audience), body, organisation=organisation)

    return tell


def test_each_entry_says_how_it_is_kept_and_leads_to_its_duties(qingxi_board, told):
    overdue, next_one = owed("2026-Q3", "2026-11-20"), owed("2026-11", "2026-11-30")
    told(
        {
            "FW-05": row(DONE, LATE, WAIVED),
            "JC-06": row(owed=[overdue]),
            "FW-01": row(owed=[next_one]),
        }
    )
    qingxi_board.go()
    catalogue = qingxi_board.page("catalogue.html")
    assert "逾期3日" in catalogue
    assert '<a href="/catalogue/JC-06">' in catalogue
    assert catalogue.count(">33%<") == 1  # in time: one of three; two were published
    assert catalogue.count(">66%<") == 1
    entry = qingxi_board.page("catalogue/FW-05.html")
    for words in (
        f'<a href="/i/{A}">2026年10月</a>',
        "按时公开",
        "晚了2日公开",
        "停办一个月。",
        "党委书记",
    ):
        assert words in entry
    home = qingxi_board.page("index.html")
    soon = home[home.index('id="h-soon"') :]
    assert soon.index("/catalogue/JC-06") < soon.index("逾期") < soon.index("/catalogue/FW-01")


def test_midnight_says_what_the_day_changed_and_a_build_the_same(qingxi_board, told, time_machine):
    told({"JC-06": row(owed=[owed("2026-Q3", "2026-11-23")]), "FW-05": row(DONE)})
    qingxi_board.go()
    assert "逾期" not in qingxi_board.page("catalogue/JC-06.html")
    time_machine.move_to(datetime(2026, 11, 24, 4, 0, tzinfo=UTC), tick=False)
    jobs.midnight(clock.now())
    assert "逾期1日" in qingxi_board.page("catalogue/JC-06.html")
    before = pages(qingxi_board.home.board)
    known = set(Kept.objects.values_list("entry", "seq", "audience"))
    Kept.objects.all().delete()
    assert build.build().changed == 0
    assert pages(qingxi_board.home.board) == before
    assert set(Kept.objects.values_list("entry", "seq", "audience")) == known


def test_what_members_alone_may_see_never_comes_before_the_public(qingxi_board, told):
    hidden = settled("2026-10", "2026-10-31", "waived", "2026-10-30", reason="只对内说的理由。")
    told({"JC-06": row(hidden)}, audience=["party"])
    qingxi_board.go()
    assert not [
        path
        for path, data in pages(qingxi_board.home.board).items()
        if "只对内说的".encode() in data
    ]


def test_a_later_row_replaces_an_earlier_one_and_not_the_other_way(qingxi_board, told):
    told({"JC-06": row(owed=[owed("2026-Q3", "2026-11-20")])})
    told({"JC-06": row(DONE)})
    qingxi_board.go()
    build.build()
    assert "按时公开" in qingxi_board.page("catalogue/JC-06.html")
    assert Kept.objects.get().row["open"] == []


def test_a_waiver_and_its_row_pass_every_step(qingxi_board, told):
    body = {"format": "gongkai-waiver/1", "entry": "JC-06", "key": "2026-Q3", "waived": True}
    qingxi_board.record("waiver", "due:qingxi:JC-06:2026-Q3", {"public"}, body)
    told({"JC-06": row(WAIVED)})
    qingxi_board.go()
    assert "停办一个月。" in qingxi_board.page("catalogue/JC-06.html")
    assert jobs.remove() == 0


@pytest.fixture
def villages(qingxi_board, told):
    """柳树村 and 石桥村 below the township; the first overdue, the second has done all."""
    for slug, name in (("shiqiao", "石桥村"), ("liushu", "柳树村")):
        text = charter_text("village").replace('"shiqiao"', f'"{slug}"\nparent = "qingxi"', 1)
        body = {"number": 1, "source": text.replace("石桥村", name)}
        qingxi_board.record("charter", f"charter:{slug}", {"public"}, body, organisation=slug)
    told({"CW-01": row(DONE)}, organisation="shiqiao")
    told({"CW-01": row(owed=[owed("2026-09", "2026-10-14")])}, organisation="liushu")
    qingxi_board.go()


def test_subordinates_stand_side_by_side_the_worst_first(qingxi_board, villages):
    page = qingxi_board.page("subordinates.html")
    assert page.index("/o/liushu/catalogue") < page.index("/o/shiqiao/catalogue")
    assert ">0%<" in page
    assert ">100%<" in page
    assert ">50%<" in page
    assert 'href="/subordinates"' in qingxi_board.page("catalogue.html")


def test_many_subordinates_go_on_on_the_next_page(qingxi_board, villages, told, monkeypatch):
    monkeypatch.setattr(subordinates, "PAGE", 1)
    late = [owed("2026-08", "2026-09-14"), owed("2026-09", "2026-10-14")]
    told({"CW-03": row(owed=late)}, organisation="shiqiao")
    qingxi_board.go()
    first, second = map(qingxi_board.page, ("subordinates.html", "subordinates/2.html"))
    told_of = ("/o/shiqiao/catalogue", "/o/liushu/catalogue", "合计")
    assert [each in first for each in told_of] == [True, False, True]
    assert [each in second for each in told_of] == [False, True, False]
    assert '<a rel="next" href="/subordinates/2">' in first
    assert '<a rel="prev" href="/subordinates">' in second
    assert build.build().changed == 0
    monkeypatch.setattr(subordinates, "PAGE", 50)
    told({"CW-03": row(DONE)}, organisation="shiqiao")
    qingxi_board.go()
    assert [path for path in pages(qingxi_board.home.board) if "subordinates/" in path] == []


def test_who_said_nothing_new_is_not_counted_again(qingxi_board, villages, told):
    told({"CW-03": row(DONE)}, organisation="shiqiao")
    qingxi_board.expose()
    with CaptureQueriesContext(connection) as asked:
        jobs.follow()
    read = [each["sql"] for each in asked if '"board_kept"."row"' in each["sql"]]
    assert read
    assert not [sql for sql in read if "liushu" in sql]


def test_midnight_gives_way_to_other_work_and_compares_last(qingxi_board, villages, time_machine):
    time_machine.move_to(datetime(2026, 11, 24, 4, 0, tzinfo=UTC), tick=False)

    def visit():
        return jobs.midnight(clock.now(), lambda: True), "11月24日" in qingxi_board.page(
            "subordinates.html"
        )

    assert [visit() for _ in range(4)] == [(1, False), (1, False), (1, True), (0, True)]


def test_the_queries_do_not_grow_with_the_rows(qingxi_board, told):
    def followed(*codes):
        told({code: row(DONE) for code in codes})
        qingxi_board.expose()
        with CaptureQueriesContext(
            connection,
        ) as asked:
            jobs.follow()
        return len(asked)

    followed("JC-02")
    assert followed("JC-06") == followed("FW-05", "FW-04", "QT-03")
