"""Displays: what a thousand of them cost, and whether one of them holds on for a day.

The day passes in a real Chromium against the real web process. Its clocks are run forward five
seconds at a time, so that each of 17,280 questions is asked and each page is turned; ``--items``
says how many hours. What is left in memory afterwards is compared with what there was after the
first hour, each time after a collection.
"""

import json
import os
import sys
import time
from collections.abc import Callable
from typing import Any

from django.conf import settings
from playwright.sync_api import CDPSession, Page
from tests.bench import laying
from tests.bench.measure import Series, series
from tests.bench.reader import Reader
from tests.cast import officer_named
from tests.config.served import free_port, running
from tests.surfaces.board.office import Office, address
from tools.chromium import chromium

from gongkai.foundation.core import clock
from gongkai.foundation.ledger.lease import Lease
from gongkai.foundation.organisations.models import Organisation
from gongkai.surfaces.channels.screens import files, jobs, reports, workflow
from gongkai.surfaces.channels.screens.models import Playlist

HOURS, SCREENS, SHOWN = 24, 1_000, 30
STEP, HOUR = 5, 3600
ASKED, TOLD = 5_000, 200
MEGABYTE = 1024 * 1024
TEXT = "<p>今年全镇11个村共排查渠道63公里，发现需要维修的问题128处，分两批完工。</p>"
TABLE = f"<table><tr><th>序号</th><th>设施</th></tr>{'<tr><td>1</td><td>渠</td></tr>' * 20}</table>"
DIGEST = "ab" * 32


def run(items: int = HOURS) -> list[Series]:
    """The files of a thousand displays, their questions and reports, and a day of one of them."""
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"  # Playwright's loop runs in this thread
    body = laying.fill(1)
    _publish(body)
    port = free_port()
    address_here = f"http://127.0.0.1:{port}"
    command = [sys.executable, "-m", "gongkai.config.web", "127.0.0.1", str(port)]
    around: dict[str, Any] = {"SECRET_KEY": settings.SECRET_KEY, "PUBLIC_URL": address_here}
    with running(port, command, **around), chromium() as browser:
        page = browser.new_page(viewport={"width": 1920, "height": 1080})
        day = _day(page, address_here, body, items)
    return [*day, *_crowd(body)]


def _publish(body: Organisation) -> None:
    lease = Lease()
    assert lease.acquire()
    office, now = Office(settings.HOME, lease), clock.stamp(clock.now())
    for number in range(SHOWN):
        text = TEXT * (1 + number % 9) + (TABLE if number % 5 == 0 else "")
        named = {"channels": ["screen"], "title": f"第{number}件公告", "body": text}
        office.release(address(number), organisation=body.slug, opened_at=now, **named)
    office.go()
    lease.release()


# -- a day of one display --------------------------------------------------------------------------


def _day(page: Page, here: str, body: Organisation, hours: int) -> list[Series]:
    """Heap and nodes of a paired display after an hour, and after so many."""
    officer = officer_named(body, "党政办主任")
    playlist = workflow.keep(playlist=Playlist(name="大厅", most=SHOWN), officer=officer)
    page.clock.install()
    page.goto(f"{here}/screen/")
    code = page.locator(".pair__code").inner_text()
    workflow.pair(code=code, place="大厅", layout="ticker", playlists=[playlist], officer=officer)
    jobs.lay(clock.now())
    _until(page, lambda: page.locator("h1").inner_text().startswith("第"))
    inside = page.context.new_cdp_session(page)
    _pass(page, HOUR)
    early, begun = _memory(inside), time.monotonic()
    _pass(page, (hours - 1) * HOUR)
    took, late = time.monotonic() - begun, _memory(inside)
    told = page.evaluate("JSON.parse(localStorage.getItem('gongkai-screen.number') ?? '0')")
    return [
        Series("hours that passed", "h", (hours,)),
        Series("seconds they took", "s", (took,)),
        Series("batches of plays told", "", (told,)),
        Series("heap after the first hour", "MB", (early[0],)),
        Series("heap at the end", "MB", (late[0],)),
        Series("nodes after the first hour", "", (early[1],)),
        Series("nodes at the end", "", (late[1],)),
        Series("listeners after the first hour", "", (early[2],)),
        Series("listeners at the end", "", (late[2],)),
    ]


def _pass(page: Page, seconds: int) -> None:
    for _each in range(0, seconds, STEP):
        page.clock.run_for(STEP * 1000)


def _until(page: Page, true: Callable[[], bool]) -> None:
    while not true():
        page.clock.run_for(1000)
        page.wait_for_timeout(50)


def _memory(inside: CDPSession) -> tuple[float, float, float]:
    """Megabytes of heap, nodes, listeners, after everything that can go has gone."""
    for _each in range(3):
        inside.send("HeapProfiler.collectGarbage")
    heap = inside.send("Runtime.getHeapUsage")["usedSize"] / MEGABYTE
    counted = inside.send("Memory.getDOMCounters")
    return heap, counted["nodes"], counted["jsEventListeners"]


# -- a thousand displays ---------------------------------------------------------------------------


def _crowd(body: Organisation) -> list[Series]:
    """What it costs to lay their files down, to be asked by them, and to hear their reports."""
    officer = officer_named(body, "党政办主任")
    playlist = Playlist.objects.get()
    tokens = [_hung(officer, playlist, number) for number in range(SCREENS - 1)]
    begun = time.perf_counter()
    jobs.lay(clock.now())
    laid = time.perf_counter() - begun
    reader = Reader(files.root())
    asked = [f"/screen/{each.stem}.json" for each in files.told("x").parent.glob("*.json")]
    tags = {each: reader.get(each)[1]["ETag"] for each in asked}

    def ask(number: int) -> float:
        name = asked[number % len(asked)]
        at = time.perf_counter()
        status, _headers, _body = reader.get(name, HTTP_IF_NONE_MATCH=tags[name])
        assert status == 304
        return time.perf_counter() - at

    line = {"digest": DIGEST, "count": 1, "seconds": 30}
    line |= dict.fromkeys(("first", "last"), clock.stamp(clock.now()))
    word = {"plays": [line] * SHOWN, "batch": 1, "version": "1", "playing": DIGEST}

    def report(number: int) -> float:
        at = time.perf_counter()
        told = reports.read(json.loads(json.dumps(word)), clock.now(), body.zone)
        assert told
        assert workflow.report(token=tokens[number], told=told)
        return time.perf_counter() - at

    return [
        Series(f"files of {SCREENS} displays", "s", (laid,)),
        series("a question that nothing changed", "µs", [ask(each) for each in range(ASKED)]),
        series("a report with 30 plays", "ms", [report(each) for each in range(TOLD)]),
    ]


def _hung(officer: Any, playlist: Playlist, number: int) -> str:
    made = workflow.ask()
    assert made
    pairing, secret = made
    workflow.pair(
        code=pairing.code,
        place=f"第{number}厅",
        layout="ticker",
        playlists=[playlist],
        officer=officer,
    )
    claimed = workflow.claim(secret=secret)
    assert isinstance(claimed, tuple)
    pairing.delete()
    return claimed[1]
