"""A display in a hall: paired by its code, published to, cut off, told of a withdrawal."""

import re

import pytest
from django.urls import reverse
from playwright.sync_api import expect
from tests.journeys.walking import walked, with_right
from tests.surfaces.desk.conftest import entered

from gongkai.config import keeper
from gongkai.config.keys import make_keys
from gongkai.foundation.core import clock
from gongkai.foundation.ledger.lease import Lease
from gongkai.foundation.organisations.states import Right
from gongkai.procedure.publication import workflow as publication
from gongkai.procedure.publication.models import Posting
from gongkai.surfaces.channels.screens import jobs, rules, workflow
from gongkai.surfaces.channels.screens.models import Play, Playlist, Screen

pytestmark = [pytest.mark.browser, pytest.mark.once]
HALL = {"width": 1920, "height": 1080}
SOON = 30_000
KEPT = "caches.open('content').then((kept) => kept.keys()).then((keys) => keys.length)"
"""How many contents the display holds: a programme, and an item each."""


@pytest.fixture
def lease(site, settings, home, qingxi):
    settings.BOARD_URL = settings.OFFICE_URL = site
    make_keys(home, settings.LOG_ORIGIN)
    jobs._done.clear()
    lease = Lease()
    assert lease.acquire()
    yield lease
    lease.release()


@pytest.fixture
def hall(browser, lease):
    """The display's browser, whose clock is half a day slow."""
    context = browser.new_context(viewport=HALL, locale="zh-CN")
    page = context.new_page()
    page.clock.install(time=clock.now().timestamp() - 12 * 3600)
    page.set_default_timeout(SOON)
    yield page
    context.close()


def until(hall, true, seconds=1):
    """Let the display's clocks run, so many ``seconds`` at a time, until it is ``true``.

    Between two steps its requests get the time that they really take.
    """
    for _each in range(250):
        if true():
            return
        hall.clock.run_for(seconds * 1000)
        hall.wait_for_timeout(100)
    raise AssertionError(hall.locator("body").inner_text())


def shows(hall, where, words):
    """Wait for what stands on the display, and nothing more."""
    found = hall.locator(where)
    until(hall, lambda: found.count() > 0 and words in (found.first.text_content() or ""))
    expect(found.first).to_contain_text(words, timeout=SOON)


def test_a_display_is_paired_published_to_cut_off_and_told_again(site, hall, lease, qingxi):
    clerk = with_right(qingxi, Right.PUBLISH)
    playlist = workflow.keep(playlist=Playlist(name="大厅", keep_hours=2), officer=clerk)
    first = walked(qingxi, "ZD-01", "第一件")

    hall.goto(f"{site}/screen/")
    code = hall.locator(".pair__code").inner_text()
    form = {"code": code, "place": "大厅", "layout": "ticker", "playlists": [playlist.pk]}
    assert entered(clerk).post(reverse("screens:pair"), form).status_code == 302
    keeper.run_once(lease)
    shows(hall, "h1", "第一件")
    expect(hall).to_have_url(re.compile("/screen/[0-9A-Z]{8}$"))
    shows(hall, ".screen__fresh", "联机，内容更新于")
    shows(hall, ".screen__fresh", "本机时钟差720分钟")
    until(hall, lambda: hall.evaluate("caches.keys().then((names) => names.length)") == 2)
    until(hall, lambda: hall.evaluate("Boolean(navigator.serviceWorker.controller)"))
    until(hall, lambda: hall.evaluate(KEPT) == 2)

    hall.context.set_offline(True)
    shows(hall, ".screen__fresh", "没有联网")
    hall.reload()
    shows(hall, "h1", "第一件")
    hall.clock.fast_forward("02:01:00")
    shows(hall, ".screen__plain", "已经过期")

    publication.withdraw(
        disclosure=first.draft.disclosure,
        officer=with_right(qingxi, Right.WITHDRAW),
        reason="数字没有核对清楚。",
    )
    walked(qingxi, "ZD-01", "第二件")
    keeper.run_once(lease)
    hall.context.set_offline(False)
    shows(hall, "h1", "第二件")
    until(hall, lambda: hall.evaluate(KEPT) == 2)  # what was withdrawn is not kept either

    shown = Posting.objects.filter(channel="screen", state="confirmed")
    until(hall, shown.exists, seconds=6)
    assert Play.objects.exists()
    screen = Screen.objects.get()
    assert rules.health(screen, clock.now()) == "live"
    workflow.revoke(screen=screen, officer=clerk)
    keeper.run_once(lease)
    until(hall, lambda: hall.locator(".pair__code").count() == 1)
    assert hall.evaluate("localStorage.getItem('gongkai-screen.token')") is None
