"""Totals by day: added once, of our items and marks alone, and gone when their days are over."""

import gzip
import shutil
from datetime import UTC, date, datetime, timedelta

import pytest
from click.testing import CliRunner
from django.urls import reverse
from tests.surfaces.desk.conftest import entered

from gongkai.foundation.core import clock
from gongkai.foundation.core.errors import Refused
from gongkai.surfaces.reach import jobs, queries, reading, rules, workflow
from gongkai.surfaces.reach.commands import reach
from gongkai.surfaces.reach.counting import Counter
from gongkai.surfaces.reach.models import Calls, ReadLog, Spot

pytestmark = pytest.mark.django_db
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
DAY = date(2026, 11, 24)
NOW = datetime(2026, 11, 24, 4, 0, tzinfo=UTC)


@pytest.fixture
def item(walk, log, time_machine):
    """A public item, at noon."""
    time_machine.move_to(NOW, tick=False)
    item = walk("石桥水库除险加固").opened().disclosure
    item.refresh_from_db()
    return item


def totals() -> list[tuple[date, str, int]]:
    rows = Calls.objects.order_by("day", "mark")
    return list(rows.values_list("day", "mark", "count"))


def test_what_processes_counted_is_added_once_by_civil_day(item, settings):
    for _process in range(2):
        counter = Counter(settings.HOME.reach)
        for path, query in ((item.address, ""), (item.address, "s=w"), (item.address, "s=zzzz")):
            called = {"REQUEST_METHOD": "GET", "PATH_INFO": f"/i/{path}", "QUERY_STRING": query}
            counter.note({**called, "HTTP_USER_AGENT": FIREFOX}, 200)
        counter.note({**called, "PATH_INFO": "/i/0000000000", "HTTP_USER_AGENT": FIREFOX}, 200)
        assert counter.write()
    shutil.copytree(settings.HOME.reach, settings.HOME.run / "again")
    assert jobs.gather(clock.now()) == 2
    assert totals() == [(DAY, "", 4), (DAY, "w", 2)]
    shutil.copytree(settings.HOME.run / "again", settings.HOME.reach, dirs_exist_ok=True)
    (settings.HOME.reach / "broken.json").write_text("{")
    jobs.gather(clock.now())
    assert (totals(), list(settings.HOME.reach.glob("*.json"))) == (
        [(DAY, "", 4), (DAY, "w", 2)],
        [],
    )
    assert jobs.forget(clock.now() + timedelta(days=settings.REACH_DAYS)) == 0
    assert jobs.forget(clock.now() + timedelta(days=settings.REACH_DAYS + 1)) == 2


def line(address: str, minute: int, query: str = "") -> str:
    asked = f'"GET /i/{address}{query} HTTP/1.1" 200 512 "-" "{FIREFOX}"'
    return f"192.0.2.{minute} - - [24/Nov/2026:09:{minute:02}:00 +0800] {asked}\n"


def test_a_log_is_read_on_from_where_it_was_read_whatever_it_is_called(item, tmp_path):
    log = tmp_path / "access.log"
    log.write_text(line(item.address, 1) + line(item.address, 2, "?s=d") + "x\n" + "192.0.2.9 - -")
    told = CliRunner().invoke(reach, [str(log)])
    assert told.output == "access.log：新的3行，页面调用2次，看不懂的1行。\n"
    assert totals() == [(DAY, "", 1), (DAY, "d", 1)]
    log.write_text(log.read_text().removesuffix("192.0.2.9 - -") + line(item.address, 3))
    older = log.rename(tmp_path / "access.log.1")
    assert (reading.read(older).calls, reading.read(older).lines) == (1, 0)
    packed = tmp_path / "access.log.2.gz"
    packed.write_bytes(gzip.compress(older.read_bytes() + line(item.address, 4).encode()))
    assert (reading.read(packed).lines, reading.read(packed).lines) == (1, 0)
    assert totals() == [(DAY, "", 3), (DAY, "d", 1)]
    assert ReadLog.objects.count() == 1
    log.write_text("Nov 24 09:00:00 host sshd[1]: x\n")
    with pytest.raises(Refused, match="不是访问日志"):
        reading.read(log)


def test_a_second_reader_and_a_log_of_another_year_add_nothing(item, tmp_path, settings):
    log = tmp_path / "access.log"
    log.write_text(line(item.address, 1).replace("2026", "2024"))
    assert (reading.read(log).calls, totals()) == (0, [])
    row = ReadLog.objects.get()
    stale = ReadLog(pk=row.pk, read=0)
    assert workflow.read_on(log=stale, read=9, totals={(DAY, item.address, ""): 1}) is False
    settings.REACH_DAYS = 0
    told = CliRunner().invoke(reach, [str(log)])
    assert (type(told.exception), told.exit_code) == (Refused, 1)


def test_the_desk_tells_what_was_called_and_from_which_place(
    item, officer, settings, django_assert_num_queries
):
    clerk, publisher = entered(officer("组织干事")), entered(officer("党政办主任"))
    assert publisher.post("/desk/reach/", {"name": "石桥村村口"}).status_code == 302
    assert publisher.post("/desk/reach/", {"name": "石桥村村口"}).status_code == 422
    spot = Spot.objects.get()
    counted = {(DAY, item.address, ""): 1200, (DAY - timedelta(days=3), item.address, spot.mark): 7}
    workflow.take(name="a", totals=counted)
    with django_assert_num_queries(1):
        days = queries.by_day(item.address, DAY - timedelta(days=3), DAY)
    assert [(each.count, each.scanned) for each in days] == [(7, 7), (0, 0), (0, 0), (1200, 0)]
    for path in (
        "/desk/reach/",
        f"/desk/reach/i/{item.address}/",
        reverse("desk:item", args=[item.address]),
    ):
        page = clerk.get(path)
        assert page.status_code == 200, path
        assert "1,207" in page.content.decode(), path
    assert "石桥村村口" in clerk.get(f"/desk/reach/i/{item.address}/").content.decode()
    assert clerk.post(f"/desk/reach/spots/{spot.mark}/end/").status_code == 403
    assert publisher.post(f"/desk/reach/spots/{spot.mark}/end/").status_code == 302
    assert "石桥村村口" in clerk.get("/desk/reach/?days=7").content.decode()
    assert clerk.get("/desk/reach/?days=8").status_code == 404
    settings.REACH_DAYS = 0
    assert clerk.get(f"/desk/reach/i/{item.address}/").status_code == 404
    assert "这里不计阅读量" in clerk.get("/desk/reach/").content.decode()


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_costs_the_same(walk, log, officer, count, django_assert_num_queries):
    for number in range(count):
        found = walk(f"第{number}件").opened().disclosure
        workflow.take(name=f"{number}", totals={(DAY, found.address, ""): number + 1})
    organisation = found.organisation
    with django_assert_num_queries(2):
        most = queries.most_read(organisation, DAY)
    assert [each.count for each in most] == list(range(count, 0, -1))
    assert rules.oldest(DAY) < DAY
