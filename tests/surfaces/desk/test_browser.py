"""The desk and the members' room in a real browser: nothing spills, nothing that axe objects to."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.urls import reverse

from gongkai.foundation.organisations.queries import post
from gongkai.procedure.catalogue import workflow as catalogue
from gongkai.procedure.duties import jobs as duties
from gongkai.procedure.duties.models import Duty
from gongkai.procedure.feedback import workflow as feedback
from gongkai.procedure.publication.plans import Step

from .conftest import BODY, entered

pytestmark = pytest.mark.browser
LONG = "关于2026年冬季困难党员、困难群众走访慰问对象和标准以及慰问资金发放安排情况的公示"
TABLE = "<table><tbody>" + "<tr><td>石桥村</td><td>12户</td></tr>" * 3 + "</tbody></table>"
PHONE = "<p>联系电话13800132046。</p>"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
MODES = ("", "text", "contrast")
SET_MODE = """mode => {
    const root = document.documentElement
    root.removeAttribute('data-text')
    root.removeAttribute('data-contrast')
    if (mode) root.setAttribute('data-' + mode, mode == 'text' ? 'large' : 'high')
}"""


@pytest.fixture
def world(walk, voice, officer, qingxi, log):
    """Something at every step, with the longest real title, something late, something found."""
    now = datetime.now(UTC)
    duties.follow(now)
    duties.plan(now)
    first = Duty.objects.filter(key="first").order_by("pk")[0]
    with time_machine.travel(datetime.now(UTC) - timedelta(days=20)):
        review = walk(LONG, BODY + TABLE + PHONE).submitted()
        case = voice(text="镇东垃圾中转站什么时候搬？去年就说要搬。" * 4)
    sealed = walk("镇党委第12次会议决定（可公开部分）").sealed()
    planned = walk("关于调整村级便民服务点开放时间的通知").planned(Step("A3"))
    draft = walk("第三季度决议决定执行结果")
    feedback.assign(case=case, officer=officer("党政办主任"), post=post(qingxi, "office"))
    item = walk("2026年10月领导接访日接待和办理结果").opened()
    revision = catalogue.revise(
        officer=officer("组织干事"),
        change=lambda charter: [
            replace(rule, title=LONG) if rule.code == "JC-06" else rule for rule in charter.entries
        ],
    )
    log()
    return [
        ("entry", "组织干事", reverse("desk:entry", args=["JC-06"])),
        ("revision", "组织干事", reverse("desk:revision", args=[revision.pk])),
        ("inbox", "党政办主任", reverse("desk:inbox")),
        ("review", "党政办主任", review.page()),
        ("planned", "党政办主任", planned.page()),
        ("new", "组织干事", reverse("desk:write", args=["FW-04"])),
        ("edit", "组织干事", draft.page("edit")),
        ("submit", "组织干事", draft.page("submit")),
        ("case", "党政办主任", reverse("desk:case", args=[case.number])),
        ("schedule", "党政办主任", sealed.page("schedule")),
        ("step", "党政办主任", reverse("desk:step", args=["review"])),
        ("catalogue", "组织干事", reverse("desk:catalogue")),
        ("duties", "党政办主任", reverse("desk:duties")),
        ("months", "党政办主任", reverse("desk:months")),
        ("duty", "党政办主任", reverse("desk:duty", args=[first.pk])),
        ("report", "组织干事", reverse("desk:report", args=["JC-05"])),
        ("audit", "纪委书记", reverse("desk:audit")),
        ("room", "组织干事", reverse("members:list")),
        ("read", "组织干事", reverse("members:item", args=[item.address])),
    ]


@pytest.mark.parametrize(
    ("width", "language"), [(1440, "zh-hans"), (390, "zh-hans"), (320, "zh-hans"), (390, "en")]
)
def test_pages_fit_their_window_and_pass_axe(width, language, world, site, browser, officer):
    from axe_playwright_python.sync_playwright import Axe

    who = {name: entered(officer(name)) for name in {post for _, post, _ in world}}
    complaints: list[str] = []
    for name, post_name, path in world:
        with browser.new_context(viewport={"width": width, "height": 900}) as context:
            cookies = {"gongkai_language": language}
            cookies["gongkai_session"] = who[post_name].cookies["gongkai_session"].value
            context.add_cookies(
                [{"name": key, "value": value, "url": site} for key, value in cookies.items()]
            )
            page = context.new_page()
            page.on("console", lambda message: complaints.append(message.text))
            assert page.goto(site + path).status == 200, name
            for mode in MODES:
                page.evaluate(SET_MODE, mode)
                spill = page.evaluate("document.documentElement.scrollWidth - innerWidth")
                assert spill <= 0, (name, mode)
                found = Axe().run(page, options={"runOnly": RULES}).response["violations"]
                told = [(each["id"], [n["html"] for n in each["nodes"]][:3]) for each in found]
                assert told == [], (name, mode)
    assert complaints == []
