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
from gongkai.surfaces.channels.screens import jobs, rules, workflow
from gongkai.surfaces.channels.screens.models import Play, Playlist, Screen

pytestmark = [pytest.mark.browser, pytest.mark.once]
HALL = {"width": 1920, "height": 1080}
SOON = 30_000


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


def test_a_display_is_paired_published_to_cut_off_and_told_again(site, hall, lease, qingxi):
    clerk = with_right(qingxi, Right.PUBLISH)
    playlist = workflow.keep(playlist=Playlist(name="大厅", keep_hours=2), officer=clerk)
    first = walked(qingxi, "ZD-01", "第一件")
    title = hall.locator("h1")

    hall.goto(f"{site}/screen/")
    code = hall.locator(".pair__code").inner_text()
    form = {"code": code, "place": "大厅", "layout": "ticker", "playlists": [playlist.pk]}
    assert entered(clerk).post(reverse("screens:pair"), form).status_code == 302
    keeper.run_once(lease)
    expect(title).to_have_text("第一件", timeout=SOON)
    expect(hall).to_have_url(re.compile("/screen/[0-9A-Z]{8}$"))
    fresh = hall.locator(".screen__fresh")
    expect(fresh).to_contain_text("联机", timeout=SOON)
    expect(fresh).to_contain_text("本机时钟差720分钟", timeout=SOON)
    hall.wait_for_function("caches.keys().then((names) => names.length === 2)")
    hall.wait_for_function("navigator.serviceWorker.controller")

    hall.context.set_offline(True)
    expect(fresh).to_contain_text("没有联网", timeout=SOON)
    hall.reload()
    expect(title).to_have_text("第一件", timeout=SOON)
    hall.clock.fast_forward("02:01:00")
    expect(hall.locator(".screen__plain")).to_contain_text("已经过期", timeout=SOON)

    publication.withdraw(
        disclosure=first.draft.disclosure,
        officer=with_right(qingxi, Right.WITHDRAW),
        reason="数字没有核对清楚。",
    )
    walked(qingxi, "ZD-01", "第二件")
    keeper.run_once(lease)
    hall.context.set_offline(False)
    expect(title).to_have_text("第二件", timeout=SOON)
    kept = "caches.open('content').then((kept) => kept.keys()).then((keys) => keys.length)"
    hall.wait_for_function(f"{kept}.then((count) => count === 2)")

    for _each in ("is shown to its end", "is told"):
        with hall.expect_response("**/screen/report", timeout=SOON):
            hall.clock.fast_forward("00:02:30")
    screen = Screen.objects.get()
    assert abs(screen.clock_offset) > 0
    assert rules.health(screen, clock.now()) == "live"
    assert Play.objects.exists()
    workflow.revoke(screen=screen, officer=clerk)
    keeper.run_once(lease)
    expect(hall.locator(".pair__code")).to_be_visible(timeout=SOON)
    assert hall.evaluate("localStorage.getItem('gongkai-screen.token')") is None
