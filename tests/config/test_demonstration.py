"""What the demonstration holds, once loaded: read only, so that all tests share one load."""

import json
from collections import Counter
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.contrib.auth import authenticate
from django.db import transaction
from django.test import override_settings
from tests.surfaces.board.office import forget

from gongkai.config import demo, settings
from gongkai.config.demonstration import FOLDER, ITEMS, papers
from gongkai.config.demonstration.days import DAYS, soonest
from gongkai.config.demonstration.papers import PAPERS
from gongkai.config.demonstration.township import Township, text_of
from gongkai.config.env import Home
from gongkai.foundation.core import clock
from gongkai.foundation.files.models import StoredFile
from gongkai.foundation.files.pages.store import Rendition
from gongkai.foundation.ledger.models import PublicRecord
from gongkai.foundation.organisations import queries as organisations
from gongkai.foundation.organisations.models import Account, Member
from gongkai.foundation.translog.note import Signer
from gongkai.participation.meetings import queries as meetings
from gongkai.participation.meetings import visiting
from gongkai.participation.meetings.models import ReceptionDay
from gongkai.procedure.archive import queries as archive
from gongkai.procedure.feedback import queries as feedback
from gongkai.procedure.feedback.models import Wording
from gongkai.procedure.proposals.models import Disclosure, Draft
from gongkai.procedure.publication.models import Posting, Release
from gongkai.procedure.review import queries as review
from gongkai.procedure.review.models import Clearance, Edition

pytestmark = pytest.mark.django_db  # pytest-django makes the tables only for tests so marked

ORIGIN = "demo.invalid/test"


@pytest.fixture(scope="module")
def demo_home(tmp_path_factory):
    home = Home(tmp_path_factory.mktemp("demonstration"))
    home.lay_out()
    (home.keys / "log.key").write_text(Signer.generate(ORIGIN).skey)
    with override_settings(
        HOME=home, STATIC_ROOT=home.assets, LOG_ORIGIN=ORIGIN, DEMONSTRATION=True
    ):
        yield home


@pytest.fixture(scope="module")
def loaded(demo_home, django_db_setup, django_db_blocker):
    forget()
    with django_db_blocker.unblock(), transaction.atomic():
        assert demo.load_all() == []
        yield organisations.organisation("qingxi")
        transaction.set_rollback(True)


def accounts(home) -> dict[str, str]:
    rows = (home.path / "demo-accounts.txt").read_text("utf-8").splitlines()[1:]
    return {row.split("\t")[0]: row.split("\t")[1] for row in rows}


def test_every_step_of_the_desk_has_work(loaded):
    today = organisations.today(loaded)

    def officer(post):
        return organisations.officer_of_post(loaded, post, today)

    for post in ("party-building", "office", "deputy", "discipline", "secretary"):
        assert review.waiting_for(officer(post)), post
    for post in ("office", "agriculture", "planning", "deputy", "discipline-deputy"):
        assert feedback.waiting_for(officer(post)), post
    assert archive.waiting_for(officer("office"))
    drafts = Counter(Draft.objects.values_list("state", flat=True))
    assert (drafts["writing"], drafts["returned"], drafts["submitted"]) == (1, 1, 4)
    releases = Counter(Release.objects.values_list("state", flat=True))
    assert (releases["withdrawn"], releases["replaced"], releases["planned"]) == (1, 2, 1)
    sealed = Disclosure.objects.filter(title="2026年为民办实事项目第三阶段进展")
    assert not Release.objects.filter(disclosure__in=sealed).exists()


def test_a_reception_lies_ahead_with_a_booking_and_somebody_is_away(loaded):
    added, ahead = ReceptionDay.objects.order_by("pk")
    assert [each.slot for each in meetings.bookings(ahead)] == [1]
    assert (ahead.post.key, len(meetings.free(ahead, clock.now()))) == ("secretary", 7)
    assert added.at(1) > clock.now()
    [absence] = organisations.absences(loaded, organisations.today(loaded))
    assert (absence.tenure.post.key, absence.deputy.key) == ("youth", "organiser")


@pytest.mark.once
@pytest.mark.parametrize(
    ("now", "begins"),
    [
        ("2026-11-26T09:21", "2026-11-26T10:00"),
        ("2026-11-26T09:20", "2026-11-26T09:30"),
        ("2026-11-26T02:10", "2026-11-26T09:00"),
        ("2026-11-26T16:20", "2026-11-26T16:30"),
        ("2026-11-26T16:21", "2026-11-27T09:00"),
        ("2026-11-27T23:55", "2026-11-30T09:00"),  # over the week's end
    ],
)
def test_a_reception_at_short_notice_begins_while_the_office_is_open(now, begins):
    zone = ZoneInfo("Asia/Shanghai")
    found = soonest(datetime.fromisoformat(now).replace(tzinfo=zone))
    assert found == datetime.fromisoformat(begins).replace(tzinfo=zone)


def test_a_load_after_the_hours_of_a_reception_announces_its_result_once(loaded):
    township, added = Township(loaded), ReceptionDay.objects.order_by("pk").first()
    township.rota.hold(DAYS[0])
    assert meetings.result(added) is None
    with time_machine.travel(added.ends_at + timedelta(minutes=1)):
        for _load in range(2):
            township.rota.hold(DAYS[0])
    added.refresh_from_db()
    assert (added.state, meetings.result(added).facts) == (
        "held",
        {
            "held": True,
            "visits": 1,
            "persons": 3,
            "walk_ins": 0,
            "absent": 0,
            "categories": {"JC": 1},
        },
    )
    assert feedback.cases(loaded).filter(kind="visit").count() == 1


def test_a_reception_on_which_somebody_has_acted_is_left_to_them(loaded):
    township, added = Township(loaded), ReceptionDay.objects.order_by("pk").first()
    with time_machine.travel(added.ends_at + timedelta(minutes=1)):
        [booking] = meetings.bookings(added)
        visiting.stay_away(booking=booking, officer=township.officer("office"))
        township.rota.hold(DAYS[0])
    assert meetings.result(added) is None


def test_a_topic_can_be_seconded_and_a_question_is_answered_by_whom_it_asked(loaded):
    [topic] = feedback.listed_topics(loaded)
    assert topic.wording == "镇东垃圾中转站什么时候搬、搬到哪里"
    question = feedback.cases(loaded).get(kind="question")
    [answer] = feedback.settled_answers(question)
    assert (question.asked.key, question.state, answer.post) == (
        "finance",
        "answered",
        question.asked.name,
    )


def test_what_is_for_members_never_says_public(loaded):
    for title in ("党委理论学习中心组第三季度学习情况", "2026年上半年党费收缴、使用和管理情况"):
        address = Disclosure.objects.get(title=title).address
        records = PublicRecord.objects.filter(subject=address)
        assert {tuple(record.audience) for record in records} == {("org:qingxi",)}


def test_the_correction_says_the_other_month(loaded):
    disclosure = Disclosure.objects.get(title__startswith="关于今冬明春")
    first, second = review.editions(disclosure)
    assert "2027年9月底以前完工" in review.edition_data(first)["body"]
    assert "2027年10月底以前完工" in review.edition_data(second)["body"]
    assert "<table>" in review.edition_data(second)["body"]


def test_the_pages_stand_and_the_log_covers_them(loaded, demo_home):
    assert (demo_home.log / "checkpoint").exists()
    assert PublicRecord.objects.filter(seq=None).count() == 0
    shown = Disclosure.objects.get(title__startswith="关于2027年为民办实事").address
    inner = Disclosure.objects.get(title__startswith="党委理论学习").address
    assert (demo_home.board / "i" / f"{shown}.html").exists()
    assert not (demo_home.board / "i" / f"{inner}.html").exists()


def test_every_column_shows_something_and_comments_are_invited(loaded, demo_home):
    home = (demo_home.board / "index.html").read_text("utf-8").replace("<wbr>", "")
    columns = home[home.index('id="h-shelf"') : home.index('id="h-wall"')]
    assert (columns.count("更新</span>"), "还没有公开" in columns) == (5, False)
    assert home.index("“清洁庭院”党员中心户拟表彰对象公示") < home.index('id="h-today"')
    open_now = (demo_home.board / "open.html").read_text("utf-8")
    assert (open_now.count('class="row"'), open_now.count(">提意见</a>")) == (2, 2)


def test_the_wall_shows_voices_in_different_states(loaded, demo_home):
    told = PublicRecord.objects.filter(kind="voice", organisation="qingxi").order_by("pk")
    stands = {each.subject: json.loads(each.body) for each in told}
    states = Counter(each["state"] for each in stands.values())
    assert states == {"open": 3, "answered": 7, "off": 1}
    verdicts = Counter(
        each["verdict"] for told in stands.values() for each in told.get("judged", ())
    )
    assert verdicts == {"yes": 1, "no": 1}
    assert Wording.objects.filter(passed_at=None).count() == 1
    waiting = (demo_home.board / "wall/open.html").read_text("utf-8")
    assert waiting.count('class="case"') == 3
    assert "家里谁生病不写" in waiting
    assert "是广告" in (demo_home.board / "wall/register.html").read_text("utf-8")


def test_three_kinds_of_attachment_stand_on_the_board_and_can_be_read(loaded, demo_home):
    item = Disclosure.objects.get(organisation=loaded, entry__code="JC-05")
    [edition] = [e for e in Edition.objects.filter(disclosure=item) if e.number == 2]
    attached = json.loads(bytes(edition.data))["attachments"]
    assert [each["extension"] for each in attached] == ["pdf", "xlsx", "png"]
    for each, pages in zip(attached, (3, 2, 1), strict=True):
        head = Rendition(each["digest"]).head()
        assert (head.trouble, head.pages) == ("", pages)
        reader = demo_home.board / "i" / item.address / f"{each['digest'][:16]}.html"
        assert "没有装转换程序" not in reader.read_text("utf-8")
    assert "柳树湾村" in StoredFile.objects.get(digest=attached[0]["digest"]).text
    [signed] = Clearance.objects.filter(review=edition.review)
    assert signed.reason == PAPERS["jc-05.docx"][2].cleared


def test_the_papers_are_the_same_at_every_load_and_add_up():
    works = list(papers.works())
    assert (len(works), sum(each.cost for each in works)) == (52, 1860)
    assert min(each.cost for each in works) > 0
    for made in (papers.sheet, papers.drawing):
        assert made() == made()


def test_people_are_named_by_their_posts(loaded):
    posts = {post.name for post in organisations.posts(loaded)}
    assert set(Member.objects.values_list("name", flat=True)) == posts | {"党员"}


def test_every_text_is_used_and_long_enough():
    used = {item.file for item in ITEMS}
    assert used == {file.name for file in FOLDER.iterdir() if file.suffix in {".txt", ".docx"}}
    for item in ITEMS:
        text = text_of(item.file, ())
        assert text.title
        assert len(text.html) > 200, item.file
        assert text.notes == ()


def test_records_are_plain_data(loaded):
    for record in PublicRecord.objects.all():
        assert json.loads(record.body)["format"].startswith("gongkai-")


def test_the_accounts_are_for_their_owner_alone_and_open_the_door(loaded, demo_home, rf):
    file = demo_home.path / "demo-accounts.txt"
    assert file.stat().st_mode & 0o777 == 0o600
    known = accounts(demo_home)
    assert len(known) == len(list(organisations.posts(loaded))) + 1
    assert len(set(known.values())) == len(known)
    with override_settings(PASSWORD_HASHERS=settings.PASSWORD_HASHERS):  # not those of the tests
        user = authenticate(rf.post("/"), username="secretary", password=known["secretary"])
    assert user is not None
    assert "m=102400" in Account.objects.get(username="secretary").password


def test_sheets_hang_and_those_taken_back_must_come_down(loaded):
    walls = Posting.objects.filter(channel="wall").exclude(since=None)
    down = walls.filter(comes_down__lte=clock.now())
    assert (walls.count(), down.count()) == (4, 2)
    assert walls.filter(state="confirmed").count() == 2
    assert Posting.objects.filter(channel="delegates-meeting", state="delivered").count() == 2
