"""A loop for television: what is on, how long it stands, and that nothing of it is cut off."""

import subprocess
from datetime import timedelta
from io import BytesIO

import pytest
from django.utils import timezone
from PIL import Image, ImageChops
from tests.procedure.editions import disclosure_of, opened, sealed
from tests.surfaces.board.office import address
from tests.surfaces.desk.conftest import entered

from gongkai.foundation.core.errors import Refused
from gongkai.foundation.ledger.workflow import SYSTEM
from gongkai.foundation.organisations.queries import today
from gongkai.procedure.publication import postings
from gongkai.procedure.publication import workflow as publication
from gongkai.procedure.publication.models import Posting, Release
from gongkai.procedure.publication.states import EvidenceKind
from gongkai.surfaces.board import houses
from gongkai.surfaces.channels.television import (
    crawl,
    frames,
    jobs,
    queries,
    tape,
    timing,
    words,
    workflow,
)
from gongkai.surfaces.channels.television.models import Loop
from gongkai.surfaces.channels.television.timing import Shown

HOME = "/desk/television/"
TELEVISION = {"channels": ["television"]}
SAFE = (192, 108, 1728, 972)
PLAYED = pytest.mark.skipif(not tape.available(), reason="gongkai[television] is not installed")


@pytest.fixture
def shown(office, qingxi):
    """``shown(n, title, …)``: an item that opened just now and names television."""

    def release(number, title, **more):
        more = TELEVISION | {"opened_at": f"{timezone.now():%Y-%m-%dT%H:%M:%SZ}"} | more
        office.release(address(number), title=title, **more)

    return release


def three(shown, office):
    """A short item, one with a table and rare characters, one with far too much."""
    shown(1, "关于拟接收预备党员的公示", kind="notice", body="<p>现予公示。</p>")
    body = "<p>𠮷家湾、㐂鹊沟\u202e由受益村管护\U0001f600。</p><table><tr><td>1</td></tr></table>"
    shown(2, "关于水利设施维修养护" * 8 + "的决定", body=body)
    shown(3, "很长的一件", body=f"<p>{'各村逐条验收，验收结果公开。' * 60}</p>")
    office.go()


def set_now(qingxi):
    on, house = queries.on(qingxi), houses.town().house("qingxi")
    return frames.pages(house, on.items, today(qingxi), timezone.now())


def ink(picture: Image.Image) -> tuple[int, int, int, int]:
    """Where anything stands that is not the ground."""
    ground = Image.new(picture.mode, picture.size, picture.getpixel((2, 2)))
    return ImageChops.difference(picture, ground).point(lambda v: 255 if v > 40 else 0).getbbox()


def inside(found, safe) -> bool:
    return (
        found[0] >= safe[0] and found[1] >= safe[1] and found[2] <= safe[2] and found[3] <= safe[3]
    )


# -- pure ------------------------------------------------------------------------------------------


@pytest.mark.once
def test_a_page_stands_as_long_as_it_takes_to_read():
    assert timing.seconds("短") == timing.LEAST
    assert timing.seconds("短", code=True) == timing.SCANNED
    assert [timing.seconds("字" * n) for n in (45, 90, 180)] == [11, 21, 41]
    assert timing.weight("中文 ab12") == 4.0


@pytest.mark.once
def test_the_words_beside_the_video_cannot_break_their_form():
    pages = [Shown("", 6), Shown("甲\r\n\r\n乙 --> <丙>", 12), Shown("丁", 3600)]
    assert timing.srt(pages).split("\n") == [
        *("1", "00:00:06,000 --> 00:00:18,000", "甲", "乙 → <丙>", ""),
        *("2", "00:00:18,000 --> 01:00:18,000", "丁", ""),
    ]
    assert "\n\n00:00:06.000 --> 00:00:18.000\n甲\n乙 → &lt;丙>\n" in timing.vtt(pages)
    told = crawl.crawl("青溪镇", "党务公开", [("甲\n件𠮷", "11月24日", "一句。" + "字" * 200)])
    odd = crawl.crawl("镇", "公开", [("\u202e题\u202c\U0001f600", "1日", "\u2066㐂")]).text
    assert odd == "【公开】镇：\r\n题\U0001f600（1日）　㐂\r\n"
    assert odd.encode("gb18030").decode("gb18030") == odd
    assert told.text == f"【党务公开】青溪镇：\r\n甲 件𠮷（11月24日）　一句。{'字' * 117}……\r\n"
    assert told.text.encode("gb18030").decode("gb18030") == told.text


@pytest.mark.once
def test_whole_paragraphs_are_shown_and_tables_left_to_the_page():
    said = [{"t": "p", "in": ["甲" * 400]}, {"t": "table"}, {"t": "p", "in": ["乙" * 400]}]
    assert words.told(said) == (["甲" * 400], True)
    assert words.told(said[:2]) == (["甲" * 400], False)
    assert words.told([{"t": "p", "in": ["一句。" + "丙" * 700]}])[0] == [f"一句。{'丙' * 597}……"]


# -- from records ----------------------------------------------------------------------------------


@pytest.mark.django_db
def test_only_what_is_public_on_show_and_names_television_is_on(office, qingxi, shown):
    old = timezone.now() - timedelta(days=400)
    shown(1, "上电视的")
    shown(2, "不上电视的", channels=["website"])
    shown(3, "只给成员的", audience={"org:qingxi"})
    shown(4, "过了期的", opened_at=f"{old:%Y-%m-%dT%H:%M:%SZ}")
    shown(5, "公示", kind="notice")
    shown(6, "更新的")
    office.go()
    before = queries.on(qingxi)
    assert [each.current.edition.title for each in before.items] == ["公示", "更新的", "上电视的"]
    office.withdraw(address(6))
    office.go()
    after = queries.on(qingxi)
    assert [each.current.edition.title for each in after.items] == ["公示", "上电视的"]
    assert after.content != before.content


@pytest.mark.django_db
def test_every_word_stands_in_the_safe_area_and_can_be_read(office, qingxi, shown):
    three(shown, office)
    pages = set_now(qingxi)
    drawn = [Image.open(BytesIO(each)) for each in pages.pictures()]
    assert {each.size for each in drawn} == {(1920, 1080)}
    assert [n for n, each in enumerate(drawn) if not inside(ink(each), SAFE)] == []
    assert [each for each in pages.shown if timing.weight(each.text) / each.seconds > 5] == []
    assert [each.item for each in pages.shown][:2] == [0, 1]
    whole = "".join("".join(each.text.split()) for each in pages.shown)
    for expected in (
        "现予公示。",
        "𠮷家湾、㐂鹊沟由受益村管护□。",
        "表格请扫码看",
        "全文请扫码看",
        "0000-6600101",
    ):
        assert expected in whole


@pytest.mark.django_db
def test_the_desk_tells_what_is_on_and_why_nothing_can_be_made(office, qingxi, shown, officer):
    shown(1, "上电视的")
    office.go()
    clerk, other = entered(officer("党政办主任")), entered(officer("组织干事"))
    assert "上电视的" in clerk.get(HOME).text.replace("<wbr>", "")
    assert "要由党政办主任来办" in other.post(f"{HOME}make/", follow=True).text
    assert clerk.get(f"{HOME}1/loop.mp4").status_code == 404
    assert "现在没有在做的" in clerk.post(f"{HOME}stop/", follow=True).text


@pytest.mark.django_db
@pytest.mark.parametrize("count", [1, 3])
def test_the_programme_costs_the_same(office, qingxi, shown, count, django_assert_num_queries):
    for number in range(count):
        shown(number, f"第{number}件")
    office.go()
    house = houses.town().house("qingxi")
    with django_assert_num_queries(5):
        assert len(queries.programme.programme(house, today(qingxi)).items) == count


def taken(edition, qingxi, number):
    """A loop with the edition that somebody fetched for the station."""
    now = timezone.now()
    loop = Loop.objects.create(
        organisation=qingxi,
        content=f"{number:064d}",
        items=[edition.disclosure.address],
        state="ready",
        wanted_at=now,
        made_at=now,
        taken_at=now,
    )
    proof = postings.Proof(EvidenceKind.DELIVERY, f"{queries.TAKEN}{loop.pk}", now)
    postings.deliver(Release.objects.filter(edition=edition).latest("pk").pk, "television", proof)
    return loop


@pytest.mark.django_db
def test_what_the_station_holds_of_what_was_withdrawn_is_named_until_it_came_down(
    qingxi, officer, django_assert_num_queries
):
    clerk, counts = entered(officer("党政办主任")), []
    for number in range(3):
        item = disclosure_of(qingxi, title=f"交给台里的第{number}件")
        edition = sealed(item, channels=["television"])
        opened(edition)
        loops = [taken(edition, qingxi, 10 * number + n) for n in range(2)]
        assert item.title not in clerk.get(HOME).text
        publication.withdraw(disclosure=item, officer=officer("党委副书记"), reason="数字有误")
        if number != 1:
            with django_assert_num_queries(3):
                counts.append(len(queries.recalled(qingxi, timezone.now())))
    assert counts == [1, 3]
    shown = clerk.get(HOME)
    assert [each.loops for each in shown.context["recalled"]][-1] == loops
    assert "请马上打电话请他们停播" in shown.text
    assert shown.context["taken_back"] == [item.title]  # the newest loop has to be made anew
    row = Posting.objects.get(release__disclosure=item, channel="television")
    clerk.post("/desk/postings/act/", {"verb": "down", "posting": row.pk})
    left = queries.recalled(qingxi, timezone.now())
    assert [each.posting.release.disclosure.title for each in left] == [
        "交给台里的第0件",
        "交给台里的第1件",
    ]


# -- the video, where the extra is installed -------------------------------------------------------


def decoded(video, size=(480, 270)) -> list[Image.Image]:
    """Every frame of the video, small and grey."""
    asked = [
        "-i",
        str(video),
        "-vf",
        f"scale={size[0]}:{size[1]},format=gray",
        "-f",
        "rawvideo",
        "-",
    ]
    raw = subprocess.run([tape.program(), "-v", "error", *asked], capture_output=True, check=True)
    step = size[0] * size[1]
    return [
        Image.frombytes("L", size, raw.stdout[at : at + step])
        for at in range(0, len(raw.stdout), step)
    ]


@PLAYED
@pytest.mark.django_db
def test_a_loop_is_made_shown_frame_by_frame_and_withheld_once_it_is_old(
    office, qingxi, shown, officer, home
):
    shown(1, "关于水利设施的决定", body="<p>第一批52处，2027年9月底前完工。</p>")
    shown(2, "很快撤回的", body="<p>撤回的字。</p>")
    office.go()
    clerk = entered(officer("党政办主任"))
    clerk.post(f"{HOME}make/")
    loop = Loop.objects.get()
    jobs.render.call()
    loop.refresh_from_db()
    assert (loop.state, loop.done) == ("ready", loop.pages)
    pages = set_now(qingxi)
    files = {each.name for each in tape.folder(loop.pk).iterdir()}
    assert files == {*tape.FILES, *(tape.poster(n + 1) for n in range(loop.pages))}
    found = decoded(tape.folder(loop.pk) / tape.VIDEO)
    assert len(found) == timing.total(pages.shown) * timing.RATE == loop.seconds * timing.RATE
    drawn = [Image.open(BytesIO(each)).convert("L").resize((480, 270)) for each in pages.pictures()]
    at, safe = 0, (47, 26, 433, 244)
    for page, picture in zip(pages.shown, drawn, strict=True):
        for frame in found[at : at + page.seconds * timing.RATE]:
            difference = ImageChops.difference(frame, picture)
            assert sum(n * v for v, n in enumerate(difference.histogram())) / 129600 < 4
        assert inside(ink(found[at]), safe)
        at += page.seconds * timing.RATE
    answer = clerk.get(f"{HOME}{loop.pk}/loop.mp4")
    assert (answer.status_code, answer["Content-Type"]) == (200, "video/mp4")
    office.withdraw(address(2))
    office.go()
    assert "这一版不能再播" in clerk.get(f"{HOME}{loop.pk}/loop.mp4", follow=True).text
    assert clerk.get(f"{HOME}{loop.pk}/page-001.webp").status_code == 404
    jobs.upkeep(timezone.now())
    jobs.render.call()
    newest = queries.ready(qingxi)
    assert (newest.pk != loop.pk, newest.items) == (True, [address(1)])
    assert [each.name for each in home.television.iterdir()] == [str(newest.pk)]


@PLAYED
@pytest.mark.django_db
def test_one_that_is_left_off_leaves_nothing_half(office, qingxi, shown, officer, home):
    shown(1, "一件")
    office.go()
    on, pages = queries.on(qingxi), set_now(qingxi)
    loop = workflow.want(organisation=qingxi, by=SYSTEM, on=on)
    with pytest.raises(tape.LeftOff):
        tape.make(loop.pk, pages, jobs.told(houses.town().house("qingxi"), on), lambda d: d < 1)
    assert list(home.television.iterdir()) == []
    with pytest.raises(Refused):
        workflow.want(organisation=qingxi, by=officer("党政办主任"), on=on)
    workflow.stop(organisation=qingxi, by=SYSTEM)
    jobs.render.call()
    assert [each.state for each in Loop.objects.all()] == ["stopped"]
    (home.television / ".9.part").mkdir()
    assert tape.sweep(queries.kept()) == 1
