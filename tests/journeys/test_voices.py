"""Voices, by those who have them and those who answer: plain forms, no JavaScript, large text.

A resident on a phone goes the whole way to the last tap; a clerk has thirty voices in a morning.
"""

from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse
from playwright.sync_api import expect
from tests.surfaces.desk.conftest import entered

from gongkai.config.keys import make_keys
from gongkai.foundation.core import clock
from gongkai.foundation.ledger.workflow import SYSTEM
from gongkai.foundation.organisations.queries import post
from gongkai.foundation.ui import marks
from gongkai.procedure.catalogue import workflow as catalogue
from gongkai.procedure.catalogue.charter import sample
from gongkai.procedure.feedback import queries, workflow
from gongkai.procedure.feedback.models import Case, Survey

pytestmark = [pytest.mark.browser, pytest.mark.once]
PHONE = {"width": 390, "height": 844}
LAPTOP = {"width": 1440, "height": 900}
MORNING = "今天早上起下坪村停水，水站的电话没有人接。"


@pytest.fixture
def window(site, browser, settings, home):
    """``window(PHONE)``: a browser without JavaScript; ``officer``: who has signed in there."""
    settings.BOARD_URL = settings.OFFICE_URL = site
    make_keys(home, settings.LOG_ORIGIN)
    contexts = []

    def opened(size, officer=None):
        context = browser.new_context(viewport=size, java_script_enabled=False, locale="zh-CN")
        contexts.append(context)
        if officer:
            cookie = entered(officer).cookies["gongkai_session"].value
            context.add_cookies([{"name": "gongkai_session", "value": cookie, "url": site}])
        page = context.new_page()
        page.set_default_timeout(20_000)
        return page

    yield opened
    for context in contexts:
        context.close()


def in_large_text(page):
    """Nothing stands beyond the edge of the screen when everything is written large."""
    page.locator("#mode-text").check(force=True)
    size = page.evaluate("getComputedStyle(document.documentElement).fontSize")
    assert float(size.removesuffix("px")) > 16
    wide = page.evaluate("document.documentElement.scrollWidth")
    assert wide <= page.viewport_size["width"], page.url


def pressed(page, button):
    """Press it, and see the page that answers in large text."""
    with page.expect_navigation():
        button.click()
    in_large_text(page)


def looked_up(page, site, code):
    """The private page of the voice with this code."""
    page.goto(f"{site}{reverse('say:status')}")
    in_large_text(page)
    page.get_by_label("查询码").fill(code)
    pressed(page, page.get_by_role("button", name="看进展"))


def answered(case, officer, text):
    """The post answers, and a second person lets it go."""
    written = workflow.answer(case=case, officer=officer("民政办主任"), text=text, outcome="done")
    workflow.approve(answer=written, officer=officer("党委副书记"))


def test_a_resident_speaks_asks_again_and_judges(window, site, qingxi, officer):
    page = window(PHONE)
    page.goto(f"{site}/say/")
    in_large_text(page)
    page.get_by_label("您的意见").fill("村口的路灯坏了三天。")
    pressed(page, page.get_by_role("button", name="看一遍再送出"))
    pressed(page, page.get_by_role("button", name="送出意见"))
    code = page.locator(".receipt").inner_text()
    looked_up(page, site, code)
    case = queries.by_receipt(code)
    main = page.locator("main")
    expect(main).to_contain_text(f"最晚{marks.day(case.promised)}答复")
    expect(main).to_contain_text("已经收到，正在确定由谁来办。")
    workflow.assign(case=case, officer=officer("党政办主任"), post=post(qingxi, "civil"))
    answered(case, officer, "灯泡已经换好。")

    looked_up(page, site, code)
    expect(main).to_contain_text("灯泡已经换好。")
    pressed(page, page.get_by_role("button", name="不满意", exact=True))
    page.get_by_label("哪里不满意").fill("换了一盏，还有两盏不亮。")
    pressed(page, page.get_by_role("button", name="要求重办"))
    expect(main).to_contain_text("换了一盏，还有两盏不亮。")
    case.refresh_from_db()
    expect(main).to_contain_text(f"最晚{marks.day(case.promised)}答复")
    answered(case, officer, "三盏都亮了。")

    looked_up(page, site, code)
    expect(main).to_contain_text("三盏都亮了。")
    assert page.get_by_role("button", name="要求重办").count() == 0
    pressed(page, page.get_by_role("button", name="满意", exact=True))
    with time_machine.travel(clock.now() + timedelta(weeks=4, minutes=1)):
        looked_up(page, site, code)
        pressed(page, page.get_by_role("button", name="办好了", exact=True))
    said = Survey.objects.order_by("pk").values_list("round", "moment", "verdict")
    assert list(said) == [(1, "closing", "no"), (2, "closing", "yes"), (2, "later", "yes")]


def heard(organisation, count, text, kind="opinion"):
    """So many voices, as residents send them; each as its number and its receipt code."""
    told = [
        workflow.receive(
            organisation=organisation, disclosure=None, text=f"{text}（{n}）", show=True, kind=kind
        )
        for n in range(count)
    ]
    return [case.number for case, _code in told], [code for _case, code in told]


def done_to(page, site, verb, numbers, **given):
    """One act for these voices, from the list, by its plain form; how many were done."""
    page.goto(f"{site}{reverse('desk:cases')}")
    in_large_text(page)
    for number in numbers:
        page.locator(f'input[name="number"][value="{number}"]').check()
    form = page.get_by_role("group", name=verb, exact=True)
    for label, value in given.items():
        field = form.get_by_label(label)
        if label == "分给":
            field.select_option(label=value)
        elif label == "办理结果":
            form.get_by_label(value).check()
        else:
            field.fill(value)
    pressed(page, form.get_by_role("button", name=verb, exact=True))
    expect(page.locator("main")).to_contain_text(f"办好{len(numbers)}件，没有办0件。")


def acted(page, site, number, section, **given):
    """One act beside the answer, on the page of one voice."""
    page.goto(f"{site}{reverse('desk:case-handle', args=[number])}")
    in_large_text(page)
    form = page.locator(f"#{section}")
    for label, value in given.items():
        field = form.get_by_label(label)
        field.select_option(label=value) if label == "转交哪个单位" else field.fill(value)
    pressed(page, form.get_by_role("button"))


def test_a_clerks_morning_with_thirty_voices(window, site, qingxi, shiqiao, officer):
    rule = '[voices]\nroutes = [{ kind = "topic", post = "planning" }]\n'
    source = sample("township").replace("[voices]\n", rule)
    catalogue.apply(source=source, by=SYSTEM)
    shiqiao.parent = qingxi
    shiqiao.save()
    water, codes = heard(qingxi, 14, MORNING)
    lamps, _codes = heard(qingxi, 8, "路灯不亮。")
    topics, _codes = heard(qingxi, 6, "请公开清运费。", "topic")
    [road, canal], _codes = heard(qingxi, 2, "村里的机耕路要修。")
    by_rule = Case.objects.filter(number__in=topics)
    assert set(by_rule.values_list("post__key", "state")) == {("planning", "assigned")}

    clerk = window(LAPTOP, officer("党政办主任"))
    done_to(clerk, site, "合并", water[1:6], 并入哪一号=water[0])
    rest = [water[0], *water[6:]]
    done_to(clerk, site, "分办", rest, 分给="党政办主任")
    done_to(clerk, site, "分办", [*lamps, canal], 分给="民政办主任")
    text = "抢修到今天中午12点，水车10点到村口。"
    done_to(clerk, site, "用一段话答复", rest, 答复=text, 办理结果="已办成")
    acted(
        clerk,
        site,
        road,
        "hand-over",
        转交哪个单位="石桥村村民委员会",
        为什么转交="机耕路归村里管。",
    )
    expect(clerk.locator("main")).to_contain_text("已转交石桥村村民委员会")
    deputy = window(LAPTOP, officer("党委副书记"))
    done_to(deputy, site, "审定答复", rest)
    acted(deputy, site, canal, "extend", 为什么要延长="要等县里的检测结果。")
    expect(deputy.locator("main")).to_contain_text("已延长到")

    states = Case.objects.filter(organisation=qingxi).values_list("state", flat=True)
    counted = {state: list(states).count(state) for state in set(states)}
    assert counted == {"answered": 9, "merged": 5, "assigned": 15, "handed": 1}
    phone = window(PHONE)
    for code in (codes[0], codes[5], codes[13]):
        looked_up(phone, site, code)
        expect(phone.locator("main")).to_contain_text(text)
