"""A year of a township and its villages in accelerated time: what falls due, and what comes of it.

Duties appear by themselves; one is met through the whole procedure, one late, one waived; a holiday
moves a last day; next year's calendar settles what was provisional; at the end the superior has
everybody's year side by side. People work in a browser, each at the desk of their post, and a
stranger reads the board. Only the clock and the keeper's passes are moved by hand.
"""

import json
import re
from collections import deque
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

import pytest
from click.testing import CliRunner
from django.conf import settings
from django.core import mail
from django.test import Client
from playwright.sync_api import expect
from tests.cast import CHARTERS, officer_named, staffed, township
from tests.journeys.walking import walked

from gongkai.config import keeper, tick
from gongkai.config.keys import make_keys
from gongkai.foundation.core.workdays import NATIONAL
from gongkai.foundation.ledger.workflow import SYSTEM
from gongkai.foundation.organisations.models import Organisation
from gongkai.foundation.organisations.workflow import make_account
from gongkai.procedure.catalogue.workflow import apply
from gongkai.procedure.duties.commands import calendar
from gongkai.procedure.duties.models import Duty
from gongkai.procedure.publication import workflow as publication

pytestmark = [pytest.mark.browser, pytest.mark.once]  # what its verbs do is asked of both elsewhere

VILLAGES = {
    "shiqiao": ("石桥村村民委员会", "石"),
    "baiguo": ("白果树坪彝族苗族联合村村民委员会", "白"),
    "shuanghe": ("双河口易地扶贫搬迁安置点社区居民委员会", "双"),
}
"""By slug: the name, and the word that the numbers of its seals begin with."""
WALL = "/catalogue/FW-05"
"""The monthly duty of the general office: what people said, and what came of it."""
POSTS = ("组织干事", "党政办主任", "党政办信息员", "党委副书记", "党委书记", "纪委书记")
ORDERLY = [
    ("党政办主任", "通过，交给党委副书记或纪委书记"),
    ("党委副书记", "通过，交给党委书记"),
    ("党委书记", "通过，请党委书记盖章"),
]


@dataclass
class Year:
    """The township on one day after another (一年)."""

    site: str
    browser: object
    clock: object
    township: Organisation

    def on(self, day: date) -> None:
        """It is half past eight of that day, and the keeper has been through."""
        at = datetime(day.year, day.month, day.day, 8, 30, tzinfo=UTC) - timedelta(hours=8)
        self.clock.move_to(at, tick=False)
        mail.outbox = []
        tick.upkeep(deque(tick.NOW_AND_THEN), lambda: False)
        keeper.run_once()

    def desk(self, post: str, path: str = ""):
        """The desk of whoever holds the post, in a window of their own."""
        client = Client()
        client.force_login(officer_named(self.township, post).member.account)
        session = client.cookies[settings.SESSION_COOKIE_NAME].value
        page = self._window()
        page.context.add_cookies(
            [{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": self.site}]
        )
        page.goto(f"{self.site}/desk/{path}")
        return page

    def reads(self, path: str) -> str:
        """What a stranger reads on the board."""
        page = self._window()
        page.goto(f"{self.site}{path}")
        said = page.locator("main").inner_text()
        page.context.close()
        return re.sub(r"\s+", " ", said)

    def _window(self):
        context = self.browser.new_context(
            locale="zh-CN", timezone_id="Asia/Shanghai", viewport={"width": 1440, "height": 900}
        )
        page = context.new_page()
        page.set_default_timeout(15_000)
        return page


@pytest.fixture
def year(site, home, settings, browser, time_machine, monkeypatch):
    """1 April 2026: the charters of a township and three villages come into force."""
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    settings.BOARD_URL = settings.OFFICE_URL = site
    for name, value in (("_overrides", {}), ("_learned", {}), ("_years", {}), ("_seen", None)):
        monkeypatch.setattr(NATIONAL, name, value)
    make_keys(home, settings.LOG_ORIGIN)
    time_machine.move_to(datetime(2026, 4, 1, 0, 30, tzinfo=UTC), tick=False)
    found = Year(site, browser, time_machine, township())
    for number, post in enumerate(POSTS):
        account = {"username": f"user{number}", "email": f"user{number}@qingxi.example"}
        make_account(member=officer_named(found.township, post).member, by=SYSTEM, **account)
    for slug, (name, word) in VILLAGES.items():
        text = (CHARTERS / "village.toml").read_text("utf-8")
        text = text.replace('slug = "shiqiao"', f'slug = "{slug}"\nparent = "qingxi"')
        text = text.replace('"SQ"', f'"{slug}"').replace("石村公审", f"{word}村公审")
        apply(source=text.replace("石桥村村民委员会", name), by=SYSTEM)
        staffed(Organisation.objects.get(slug=slug))
    yield found
    for context in browser.contexts:
        context.close()


@pytest.mark.long
def test_a_year_of_a_township(year, tmp_path):
    what_is_due_appears_by_itself(year)
    one_is_met_through_the_whole_procedure(year)
    one_is_late(year)
    one_is_waived(year)
    a_holiday_moves_a_last_day(year)
    next_years_calendar_arrives(year, tmp_path / "2027.json")
    all_stand_side_by_side(year)


def what_is_due_appears_by_itself(year):
    year.on(date(2026, 4, 1))
    assert "下一次 2026年4月，2026年4月30日以前" in year.reads(WALL)
    page = year.desk("党政办主任", "duties/")
    line = page.locator("li.todo", has_text="群众意见处理与反馈（回音壁）（2026年4月）")
    expect(line).to_contain_text("还有20个工作日")


def one_is_met_through_the_whole_procedure(year):
    year.on(date(2026, 4, 24))
    title = "群众意见处理与反馈（回音壁）（2026年4月）"
    page = year.desk("组织干事", "duties/")
    page.get_by_role("link", name=title).click()
    page.get_by_role("link", name="起草", exact=True).click()
    expect(page.locator("input[name=title]")).to_have_value(title)
    page.locator(".ProseMirror").fill("4月收到群众意见3件，答复3件，办成2件。")  # once it has come
    page.get_by_role("button", name="存好，去送审", exact=True).click()
    page.check("input[name=stated]")
    page.get_by_role("button", name="作出承诺，送审", exact=True).click()
    expect(page.locator(".flash__line").last).to_contain_text(f"已送审《{title}》。")
    for post, act in ORDERLY:
        page = year.desk(post)
        page.locator("li.todo", has_text=title).get_by_role("link", name="审核").click()
        page.get_by_role("link", name=act, exact=True).click()
        page.get_by_role("button", name="通过", exact=True).click()
        expect(page.locator(".flash__line").last).to_contain_text(f"已通过《{title}》。")
    page.get_by_role("link", name="加盖审核章", exact=True).click()
    page.check("input[name=sure]")
    page.get_by_role("button", name="加盖审核章", exact=True).click()
    expect(page.locator(".flash__line").last).to_contain_text("已盖章封存")
    page = year.desk("党政办主任")
    page.locator("li.todo", has_text=title).get_by_role("link", name="安排公开").click()
    page.get_by_role("button", name="安排公开", exact=True).click()
    expect(page.locator(".flash__line").last).to_contain_text("到时自动公开。")

    year.on(date(2026, 4, 24))
    assert "2026年4月 2026年4月30日 按时公开 2026年4月24日" in year.reads(WALL)
    assert "答复3件，办成2件。" in year.reads(f"/i/{Duty.objects.get(state='met').item}")
    assert publish("shiqiao", "CW-01", "4月收支") == "2026-04"


def one_is_late(year):
    """The last day of May is a Sunday."""
    year.on(date(2026, 6, 2))
    assert "2026年5月 2026年6月1日 逾期1日 没有公开" in year.reads(WALL)
    letters = [letter for letter in mail.outbox if "FW-05" in letter.body]
    assert "2026年6月1日截止，已经逾期1日。" in letters[0].body
    assert publish("qingxi", "FW-05", "5月收到的意见") == "2026-05"
    assert publish("baiguo", "CW-01", "4月收支") == "2026-04"
    year.on(date(2026, 6, 2))
    assert "2026年5月 2026年6月1日 晚了1日公开 2026年6月2日" in year.reads(WALL)


def one_is_waived(year):
    year.on(date(2026, 6, 25))
    page = year.desk("党政办主任", "duties/?month=2026-06")
    page.get_by_role("link", name="群众意见处理与反馈（回音壁）（2026年6月）").click()
    page.fill("textarea[name=text]", "6月没有收到意见，回音壁停更一次。")
    page.get_by_role("button", name="定为免于公开", exact=True).click()
    expect(page.locator(".flash__line").last).to_contain_text("理由会登在公开目录上。")
    year.on(date(2026, 6, 25))
    told = "2026年6月 2026年6月30日 免于公开 6月没有收到意见，回音壁停更一次。"
    assert told in year.reads(WALL)


def a_holiday_moves_a_last_day(year):
    """Five working days after 28 September: 29, 30, 8, 9, and Saturday the 10th, made up."""
    year.on(date(2026, 9, 28))
    page = year.desk("组织干事", "catalogue/")
    line = page.locator("tr", has_text="党委会议决议、决定")
    line.get_by_role("link", name="登记一件事").click()
    page.fill("input[name=title]", "9月28日党委会议")
    page.get_by_role("button", name="登记", exact=True).click()
    expect(page.locator(".flash__line").last).to_contain_text(
        "已登记“9月28日党委会议”，2026年10月10日前公开。"
    )
    expect(page.locator(".months")).to_contain_text("10班5")
    year.on(date(2026, 9, 28))
    assert "9月28日党委会议，2026年10月10日以前" in year.reads("/catalogue/JC-05")


def next_years_calendar_arrives(year, file):
    year.on(date(2026, 12, 2))
    assert "2027年1月 2027年2月1日（暂定）" in year.reads(WALL)
    expect(year.desk("党政办信息员").locator("main")).to_contain_text("还没有2027年的放假安排")
    free = [{"date": f"2027-02-0{n}", "isOffDay": True} for n in range(1, 8)]
    file.write_text(json.dumps({"year": 2027, "days": free}))
    said = CliRunner().invoke(calendar, ["load", str(file)])
    assert said.output.startswith("2027年：放假7天，补班0天。")
    year.on(date(2026, 12, 2))
    assert "2027年1月 2027年2月8日 还没到期" in year.reads(WALL)
    page = year.desk("党政办主任", "duties/calendar/?month=2027-02")
    expect(page.locator("#d-2027-02-08")).to_contain_text("回音壁）（2027年1月）")


def all_stand_side_by_side(year):
    """Of each: owed, in time, late, missing, waived; without inner entries before the public."""
    year.on(date(2027, 3, 31))
    compared = year.reads("/subordinates")
    page = year.desk("纪委书记", "coverage/")
    rows = {
        row.locator("th").inner_text(): row.locator("td.num").all_inner_texts()[:5]
        for row in page.locator("tbody tr").all()
    }
    shiqiao, baiguo, shuanghe = villages = [name for name, _word in VILLAGES.values()]
    done = {name: (cells[1], cells[2], cells[4]) for name, cells in rows.items()}
    assert done == {
        "中共青溪镇委员会": ("1", "1", "1"),
        shiqiao: ("1", "0", "0"),
        baiguo: ("0", "1", "0"),
        shuanghe: ("0", "0", "0"),
    }
    missing = {name: int(cells[3]) for name, cells in rows.items()}
    assert missing[shuanghe] == missing[baiguo] + 1 == missing[shiqiao] + 1 > 1
    order = sorted(villages, key=compared.index)
    assert order == [shuanghe, baiguo, shiqiao]
    assert f"{shuanghe} 17 0 0 17 0 0%" in compared


def publish(slug: str, code: str, title: str) -> str:
    """Something under the entry, by the verbs of all posts. Returns the period it was for."""
    walk = walked(Organisation.objects.get(slug=slug), code, title)
    publication.open_stages(stages=walk.releases)
    return Duty.objects.get(item=walk.draft.disclosure.address).key
