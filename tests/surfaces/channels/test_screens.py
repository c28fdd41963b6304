"""Displays: paired by a code, told by files, believed in little; and what may never be on one."""

import json
import re
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from tests.procedure.editions import disclosure_of, opened, sealed
from tests.surfaces.board.office import address
from tests.surfaces.desk.conftest import entered

from gongkai.config import keeper
from gongkai.foundation.core import clock
from gongkai.foundation.core.errors import Refused
from gongkai.foundation.files.pages.store import Head, Rendition
from gongkai.foundation.files.states import Trouble
from gongkai.foundation.ledger.models import Act
from gongkai.procedure.publication import workflow as publication
from gongkai.procedure.publication.models import Evidence, Posting
from gongkai.surfaces.board import houses
from gongkai.surfaces.channels.screens import (
    content,
    files,
    jobs,
    queries,
    rules,
    views,
    vocabulary,
    workflow,
)
from gongkai.surfaces.channels.screens.models import Pairing, Play, Playlist, Presence, Screen

pytestmark = pytest.mark.django_db
ON_SCREEN = {"channels": ["screen"]}
NOON = datetime(2026, 11, 23, 4, 0, tzinfo=UTC)
WRONG_CODE = "没有显示屏在显示这个代码。代码10分钟换一次，请照屏上现在的抄。"


@pytest.fixture(autouse=True)
def _begin():
    jobs._done.clear()


@pytest.fixture
def clerk(officer):
    return officer("党政办主任")


@pytest.fixture
def playlist(qingxi, clerk):
    return workflow.keep(playlist=Playlist(name="大厅"), officer=clerk)


def asked(client):
    answer = client.post("/screen/ask", {}, content_type="application/json")
    assert answer.status_code == 200
    return answer.json()


def claimed(client, secret):
    return client.post("/screen/claim", {"secret": secret}, content_type="application/json").json()


def reported(client, token, **told):
    return client.post(
        "/screen/report",
        json.dumps(told),
        content_type="application/json",
        headers={"Authorization": f"Bearer {token}"},
    )


@pytest.fixture
def hung(client, clerk, playlist, home):
    """A display that hangs, and its token."""
    files.prepare()
    told = asked(client)
    screen = workflow.pair(
        code=told["code"], place="大厅", layout="ticker", playlists=[playlist], officer=clerk
    )
    return screen, claimed(client, told["secret"])["token"]


def word(screen):
    """What the display's file says, and the programme it names."""
    told = json.loads(files.told(screen.code).read_bytes())
    return told, kept(told["programme"])


def kept(name):
    return json.loads((files.root() / "screen" / "c" / name).read_bytes())


def titles(screen):
    _told, programme = word(screen)
    return [each["title"] for each in programme["entries"]]


# -- pairing ---------------------------------------------------------------------------------------


def test_a_code_becomes_a_token_of_which_only_the_digest_is_kept(client, clerk, playlist):
    told = asked(client)
    assert set(told["code"]) <= set(rules.LETTERS)
    assert claimed(client, told["secret"]) == {"state": "waiting"}
    screen = workflow.pair(
        code=f" {told['code'][:3].lower()}-{told['code'][3:]}",
        place="大厅",
        layout="full",
        playlists=[playlist],
        officer=clerk,
    )
    first, second = (claimed(client, told["secret"]) for _each in range(2))
    assert first["screen"] == second["screen"] == screen.code
    assert reported(client, first["token"]).status_code == 401
    assert reported(client, second["token"]).status_code == 200
    screen.refresh_from_db()
    assert second["token"] not in str(Screen.objects.filter(pk=screen.pk).values()[0])
    assert claimed(client, told["secret"]) == {"state": "gone"}
    assert [act.verb for act in Act.objects.filter(subject=f"screen:{screen.pk}")] == [
        "screen.pair"
    ]
    assert [act.verb for act in Act.objects.filter(subject=f"playlist:{playlist.pk}")] == [
        "screen.playlist"
    ]


def test_wrong_used_and_late_codes_are_told_in_the_same_words(
    client, clerk, playlist, hung, time_machine
):
    time_machine.move_to(NOON, tick=False)
    late = asked(client)
    time_machine.shift(rules.EXPIRES)
    used = Pairing.objects.get(screen=hung[0]).code
    for code in ("ZZZZZZ", "", "😀" * 9, late["code"], used):
        with pytest.raises(Refused) as refused:
            workflow.pair(
                code=code, place="大厅", layout="full", playlists=[playlist], officer=clerk
            )
        assert refused.value.obstacles == [WRONG_CODE]
    assert claimed(client, late["secret"]) == claimed(client, "no") == {"state": "gone"}


def test_codes_and_tries_are_limited(client, clerk, playlist, monkeypatch, still):
    still()
    monkeypatch.setattr(rules, "ASKED_AN_HOUR", 2)
    asked(client), asked(client)
    answer = client.post("/screen/ask", {}, content_type="application/json")
    assert (answer.status_code, answer["Retry-After"]) == (429, "60")
    page = entered(clerk)
    monkeypatch.setattr(rules, "TRIED_AN_HOUR", 1)
    form = {"code": "ZZZZZZ", "place": "大厅", "layout": "full", "playlists": [playlist.pk]}
    assert WRONG_CODE in page.post(reverse("screens:pair"), form).content.decode()
    again = page.post(reverse("screens:pair"), form).content.decode()
    assert "一小时里输错的代码太多了" in again
    assert WRONG_CODE not in again


def test_a_revoked_token_is_worth_nothing_and_a_lost_display_is_replaced(
    client, clerk, playlist, hung
):
    screen, token = hung
    jobs.upkeep(clock.now())
    jobs.follow(clock.now())
    assert files.told(screen.code).exists()
    told = asked(client)
    other = workflow.pair(
        code=told["code"],
        place="大厅",
        layout="full",
        playlists=[playlist],
        officer=clerk,
        instead=screen,
    )
    assert reported(client, token).status_code == 401
    jobs.follow(clock.now())
    assert not files.told(screen.code).exists()
    assert files.told(other.code).exists()
    with pytest.raises(Refused):
        workflow.revoke(screen=screen, officer=clerk)


def test_a_token_is_changed_each_week_and_the_old_one_dies_with_the_first_use(
    client, hung, time_machine
):
    _screen, token = hung
    time_machine.move_to(clock.now() + rules.ROTATE + timedelta(minutes=1), tick=False)
    lost = reported(client, token).json()["token"]
    new = reported(client, token).json()["token"]
    assert reported(client, lost).status_code == 401
    assert "token" not in reported(client, new).json()
    assert reported(client, token).status_code == 401


# -- what is shown ---------------------------------------------------------------------------------


def test_a_display_shows_what_names_it_and_is_public(office, client, hung):
    screen, _token = hung
    office.release(address(1), **ON_SCREEN, title="上屏的")
    office.release(address(2), channels=["website"], title="只上网的")
    office.release(address(3), **ON_SCREEN, audience={"org:qingxi"}, title="给成员的")
    office.release(address(4), **ON_SCREEN, title="留下的")
    office.go()
    office.release(address(5), channels=["screen"], title="还没有进日志的")
    jobs.follow(clock.now())
    assert set(titles(screen)) == {"上屏的", "留下的"}
    office.withdraw(address(1))
    office.go()
    jobs.follow(clock.now())
    assert set(titles(screen)) == {"留下的", "还没有进日志的"}
    left = "".join(each.read_text("utf-8", "replace") for each in files.root().rglob("*.json"))
    assert "上屏的" not in left
    assert "给成员的" not in left


def test_a_withdrawal_leaves_the_files_before_the_log_has_it_and_whatever_else_fails(
    office, client, clerk, hung, playlist, monkeypatch
):
    screen, _token = hung
    workflow.arrange(
        screen=screen, place="大厅", layout="kiosk", playlists=[playlist], officer=clerk
    )
    office.release(address(1), **ON_SCREEN, title="鹊沟渠道维修的决定")
    office.release(address(2), **ON_SCREEN, title="留下的", body="<p>发放补贴，发放补贴。</p>")
    office.go()
    jobs.follow(clock.now())
    assert set(titles(screen)) == {"鹊沟渠道维修的决定", "留下的"}
    office.withdraw(address(1))
    monkeypatch.setattr(files, "lay_down", _full_disk)
    removals = dict(keeper.STEPS)["removals"]
    removals(None)  # the pages go all the same
    monkeypatch.undo()
    jobs.follow(clock.now())
    assert titles(screen) == ["留下的"]
    left = "".join(each.read_text("utf-8", "replace") for each in files.root().rglob("*.json"))
    assert "鹊" not in left  # nor in the words that its keys offer


def _full_disk(*_told):
    raise OSError(28, "No space left on device")


def test_the_keys_offer_words_that_anybody_may_read_and_no_others(office, clerk, hung, playlist):
    screen, _token = hung
    office.release(address(1), **ON_SCREEN, title="补贴发放", body="<p>石桥村水渠，石桥村。</p>")
    office.release(address(2), channels=["website"], title="骆驼")
    office.release(address(3), **ON_SCREEN, audience={"org:qingxi"}, title="琵琶")
    disclosure_of(clerk.organisation, title="葡萄")
    office.go()
    jobs.follow(clock.now())
    assert word(screen)[0]["words"] == ""  # no keys, no words
    workflow.arrange(
        screen=screen, place="大厅", layout="kiosk", playlists=[playlist], officer=clerk
    )
    jobs.follow(clock.now())
    spelt = kept(word(screen)[0]["words"])
    assert spelt["words"].index("补贴") < spelt["words"].index("水渠")
    assert {"骆驼", "琵琶", "葡萄"} & set(spelt["words"]) == set()
    assert set("骆琵葡") & set(spelt["often"]) == set()
    named = set("".join(vocabulary.names(houses.town().house("qingxi").charter)))
    assert set("".join(spelt["words"])) <= named | set("补贴发放石桥村水渠")
    assert spelt["often"].index("村") < spelt["often"].index("渠")


def test_rule_hand_and_hours_make_the_programme(office, clerk, hung, playlist, time_machine):
    screen, _token = hung
    for number, changes in enumerate(
        (
            {"title": "甲"},
            {"title": "乙", "category": "FW", "box": "FW-1"},
            {"title": "公示", "kind": "notice", "opened_at": "2026-11-23T01:00:00Z"},
            {"title": "标语", "entry": {"code": "QT-01", "title": "其它"}},
        ),
        1,
    ):
        office.release(address(number), **ON_SCREEN, **changes)
    office.go()
    jobs.follow(clock.now())
    assert titles(screen)[0] == "公示"
    assert set(titles(screen)[1:]) == {"甲", "乙", "标语"}
    playlist.categories, playlist.slogans = ["FW"], ["QT-01"]
    playlist.pinned, playlist.weekdays, playlist.begins = [address(1)], [0, 1], 480
    workflow.keep(playlist=playlist, officer=clerk)
    jobs.follow(clock.now())
    _told, programme = word(screen)
    (part,) = programme["parts"]
    assert [each["address"] for each in part["items"]] == [address(1), address(2)]
    assert (part["weekdays"], part["begins"], part["ends"]) == ([0, 1], 480, 1440)
    assert part["ticker"] == ["标语"]
    time_machine.move_to(NOON + timedelta(days=40), tick=False)
    jobs.follow(clock.now())
    assert titles(screen) == ["甲"]  # what was chosen by hand stays


def test_a_hostile_text_stays_words_and_fits(office, hung):
    screen, _token = hung
    cells = "".join(f"<td>{n}</td>" for n in range(20))
    body = (
        "<p>𠮷家湾\u202e反\u202c㐂<strong>&lt;script&gt;</strong>\U0001f600</p>"
        f"<table><tr>{cells}</tr><tr>{cells}</tr></table>" + "<p>" + "长" * 5000 + "</p>"
    )
    office.release(address(1), **ON_SCREEN, body=body, title="\u202e题")
    office.go()
    jobs.follow(clock.now())
    _told, programme = word(screen)
    (entry,) = programme["entries"]
    content = kept(entry["content"])
    assert (entry["title"], content["cut"]) == ("题", True)
    paragraph, *tables = content["blocks"]
    assert paragraph["in"] == ["𠮷家湾反㐂", {"t": "strong", "in": ["<script>"]}, "\U0001f600"]
    assert [each["columns"] for each in tables] == [6, 6, 6, 5]
    assert [each["part"]["to"] for each in tables] == [6, 11, 16, 20]


def test_a_picture_that_is_too_large_to_be_drawn_is_told_in_words(home):
    """60,000 px: the pages of attachments refuse it, and a display says what is there instead."""
    digest = "ab" * 32
    rendition = Rendition(digest)
    rendition.folder.mkdir(parents=True)
    rendition.finish(Head(trouble=Trouble.LARGE))
    assert content._Pictures().name(digest) == ""
    assert content._Pictures().name("cd" * 32) == ""  # not drawn yet


def test_an_urgent_item_reaches_every_file_and_ends_by_itself(
    office, clerk, hung, time_machine, officer
):
    screen, _token = hung
    office.release(address(1), **ON_SCREEN, title="防汛公告")
    office.release(address(2), channels=["website"], title="不上屏的")
    office.go()
    page = entered(clerk)
    refused = page.post(reverse("screens:interrupt"), {"item": address(2), "minutes": 60})
    assert "这一件不能上屏" in refused.content.decode()
    link = f"https://board.example/i/{address(1)}?x#y"
    assert page.post(reverse("screens:interrupt"), {"item": link, "minutes": 60}).status_code == 302
    jobs.follow(clock.now())
    urgent = word(screen)[0]["urgent"]
    assert (urgent["title"], urgent["until"]) == (
        "防汛公告",
        clock.stamp(clock.now() + timedelta(hours=1)),
    )
    time_machine.shift(timedelta(hours=1))
    jobs.follow(clock.now())
    assert word(screen)[0]["urgent"] is None
    with pytest.raises(Refused):
        workflow.resume(officer=officer("组织干事"))


def test_a_pass_without_a_change_asks_one_question(office, hung, django_assert_num_queries):
    office.go()
    jobs.follow(clock.now())
    with django_assert_num_queries(1):
        jobs.follow(clock.now())


# -- what a display tells --------------------------------------------------------------------------


def line(digest, **changes):
    return {
        "digest": digest,
        "count": 3,
        "seconds": 90,
        "first": "2026-11-23T01:00:00Z",
        "last": "2026-11-23T03:00:00Z",
    } | changes


def test_a_batch_of_plays_counts_once_and_only_what_can_be(client, hung, qingxi, time_machine):
    time_machine.move_to(NOON, tick=False)
    edition = sealed(disclosure_of(qingxi))
    screen, token = hung
    plays = [
        line(edition.digest),
        line("ab" * 32),
        line(edition.digest, count=10**9),
        line(edition.digest, last="2027-01-01T00:00:00Z"),
        line(edition.digest, first="昨天"),
        "😀",
    ]
    told = {"batch": 1, "plays": plays, "version": "1\u202e\n", "offset": 7.2e6, "storage": 1e99}
    for _each in range(2):
        assert reported(client, token, **told).json() == {"batch": 1, "every": 120}
    reported(client, token, batch=2, plays=[line(edition.digest)], playing=edition.digest)
    assert list(Play.objects.values_list("digest", "count", "seconds")) == [
        (edition.digest, 6, 180)
    ]
    assert list(Presence.objects.values_list("reports", flat=True)) == [3]
    screen.refresh_from_db()
    assert (screen.batch, screen.lost_plays, screen.playing) == (2, 4, edition.digest)


def test_publication_hears_of_the_first_play_and_of_the_last_display(
    client, hung, qingxi, officer, time_machine
):
    time_machine.move_to(NOON, tick=False)
    item = disclosure_of(qingxi)
    edition = sealed(item, channels=["screen"])
    opened(edition)
    posting = Posting.objects.get(channel="screen")
    _screen, token = hung
    for number in (1, 2):
        told = {"batch": number, "plays": [line(edition.digest)]}
        assert reported(client, token, **told).status_code == 200
    posting.refresh_from_db()
    assert (posting.state, posting.at) == ("confirmed", clock.unstamp("2026-11-23T03:00:00Z"))
    assert Evidence.objects.filter(posting=posting, kind="play").count() == 1

    time_machine.shift(timedelta(minutes=1))
    publication.withdraw(disclosure=item, officer=officer("党委副书记"), reason="数字有误")
    jobs.lay(clock.now())
    states = []
    for step in (lambda: None, lambda: reported(client, token)):
        time_machine.shift(timedelta(minutes=2))
        step()
        jobs.upkeep(clock.now())
        posting.refresh_from_db()
        states.append(posting.state)
    assert states == ["confirmed", "taken_down"]


@pytest.mark.parametrize("body", ["", "{", "[]", "null", '{"plays": 7}', "[" * 50_000])
def test_broken_words_are_refused_in_a_sentence(client, hung, body):
    answer = client.post(
        "/screen/report",
        body,
        content_type="application/json",
        headers={"Authorization": f"Bearer {hung[1]}"},
    )
    assert (answer.status_code, list(answer.json())) == (400, ["error"])


def test_another_site_cannot_speak_for_a_display(client, hung):
    answer = client.post(
        "/screen/ask",
        {},
        content_type="application/json",
        headers={"Sec-Fetch-Site": "cross-site", "Origin": "https://elsewhere.example"},
    )
    assert answer.status_code == 403


# -- the desk --------------------------------------------------------------------------------------


def test_the_desk_tells_how_displays_are_in_plain_words(
    client, clerk, hung, playlist, time_machine
):
    _screen, token = hung
    page = entered(clerk)
    assert "还没有联机" in page.get(reverse("screens:list")).content.decode()
    reported(client, token, holds=False, full=True)
    assert "屏不是用https打开的" in page.get(reverse("screens:list")).content.decode()
    reported(client, token, offset=-600_000, full=True)
    shown = page.get(reverse("screens:list")).content.decode()
    assert "时钟快10分钟，屏上已经校正" in shown
    assert "存储已满，断网以后不能续播" in shown
    time_machine.move_to(clock.now() + rules.LATE, tick=False)
    assert "没有联机" in page.get(reverse("screens:list")).content.decode()


def test_the_list_is_paged_narrowed_and_asks_the_same_for_three_displays(
    client, clerk, hung, playlist, monkeypatch
):
    screen, token = hung
    page, counts = entered(clerk), []

    def listed(asked=""):
        with CaptureQueriesContext(connection) as captured:
            answer = page.get(f"{reverse('screens:list')}{asked}")
        counts.append(len(captured))
        return answer.context["page"].paginator.count, [
            row["screen"].place for row in answer.context["rows"]
        ]

    reported(client, token)
    listed()
    assert listed() == (1, ["大厅"])
    for number in (1, 2):
        told = asked(client)
        workflow.pair(
            code=told["code"],
            place=f"厅{number}",
            layout="full",
            playlists=[playlist],
            officer=clerk,
        )
        claimed(client, told["secret"])
    assert listed() == (3, ["厅1", "厅2", "大厅"])
    assert counts[1] == counts[2]
    assert listed("?state=live") == (1, ["大厅"])
    assert listed("?state=whatever")[0] == 3
    assert listed("?state=never") == (2, ["厅1", "厅2"])
    assert listed("?state=late") == (0, [])
    Screen.objects.filter(pk=screen.pk).update(seen_at=clock.now() - rules.LATE)
    assert listed("?state=late") == (1, ["大厅"])
    monkeypatch.setattr(views, "PAGE", 2)
    assert listed("?page=2") == (3, ["大厅"])


def test_a_playlist_is_kept_by_form_and_not_deleted_while_used(office, clerk, hung, playlist):
    office.release(address(1), **ON_SCREEN, number="青溪-JC-2026-1")
    office.go()
    page = entered(clerk)
    form = {
        "name": "晚上",
        "days": 7,
        "most": 5,
        "keep_hours": 12,
        "weekdays": [0, 6],
        "begins": "18:00",
        "ends": "00:00",
        "pinned": f"青溪-JC-2026-1\nhttps://x.example/i/{address(1)}",
    }
    made = page.post(reverse("screens:new-playlist"), form)
    assert made.status_code == 302
    kept_list = Playlist.objects.get(name="晚上")
    assert (kept_list.begins, kept_list.ends, kept_list.pinned) == (1080, 1440, [address(1)])
    wrong = page.post(reverse("screens:new-playlist"), form | {"pinned": "没有", "begins": "19:00"})
    shown = wrong.content.decode()
    assert "这几件不能上屏：没有" in shown
    assert page.get(reverse("screens:playlist", args=[kept_list.pk])).status_code == 200
    page.post(reverse("screens:drop", args=[kept_list.pk]))
    page.post(reverse("screens:drop", args=[playlist.pk]))
    assert list(queries.playlists(clerk.organisation)) == [playlist]


def test_who_holds_no_fitting_post_only_looks(officer, hung):
    page = entered(officer("组织干事"))
    assert page.get(reverse("screens:list")).status_code == 200
    assert page.get(reverse("screens:pair")).status_code == 403
    assert page.get(reverse("screens:screen", args=[hung[0].code])).status_code == 403
    assert page.post(reverse("screens:interrupt"), {}).status_code == 403


def test_the_pages_that_answer_a_touch_screen_hold_what_its_program_reads(office, qingxi, reader):
    item = disclosure_of(qingxi)
    opened(sealed(item))
    office.go()
    fields = {"say": "路灯不亮。", "show": "no", "name": "", "tel": "", "website": ""}

    def answered(told):
        page = reader.post(f"/say/{item.address}/", told)
        return page.status_code, page.content.decode()

    status, page = answered(fields | {"say": " "})
    assert status == 422
    assert re.search(r'class="problem".*?<li>', page, re.DOTALL)
    token = re.search(r'<input type="hidden" name="token" value="([^"]+)"', answered(fields)[1])
    status, page = answered({"token": token[1]})
    assert status == 200
    assert re.search(r'class="receipt">[0-9A-Z-]{4,}<', page)
    assert re.search(r"<figure[^>]*>\s*<svg", page)
