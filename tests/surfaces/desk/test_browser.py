"""The desk and the members' room in a real browser: nothing spills, nothing that axe objects to."""

import io
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.urls import reverse
from tests import axe
from tests.foundation.files import made

from gongkai.foundation.core.errors import Refused
from gongkai.foundation.files import workflow as files
from gongkai.foundation.files.pages import preparing
from gongkai.foundation.files.pages.sheets import Line, Recognised
from gongkai.foundation.files.pages.store import Rendition
from gongkai.foundation.ledger.workflow import SYSTEM
from gongkai.foundation.organisations import workflow as organisations
from gongkai.foundation.organisations.queries import post, tenures_on
from gongkai.foundation.organisations.states import AbsenceKind
from gongkai.procedure.catalogue import workflow as catalogue
from gongkai.procedure.duties import jobs as duties
from gongkai.procedure.duties.models import Duty
from gongkai.procedure.feedback import workflow as feedback
from gongkai.procedure.imports import making
from gongkai.procedure.imports import workflow as imports
from gongkai.procedure.publication import hastening
from gongkai.procedure.publication.plans import Step
from gongkai.procedure.review import consulting, remarking
from gongkai.procedure.review import queries as reviews
from gongkai.procedure.review.checks.about import Listed
from gongkai.procedure.review.models import Consultation
from gongkai.procedure.review.workflow import change_words
from gongkai.surfaces.printing import workflow as printing
from gongkai.surfaces.reach import workflow as reach

from .conftest import BODY, entered

pytestmark = pytest.mark.browser
LONG = "关于2026年冬季困难党员、困难群众走访慰问对象和标准以及慰问资金发放安排情况的公示"
TABLE = "<table><tbody>" + "<tr><td>石桥村</td><td>12户</td></tr>" * 3 + "</tbody></table>"
PHONE = "<p>联系电话13800132046。</p>"


def a_scan(draft, officer):
    """A scan read in for a draft, one line of it doubtful; and whoever sees what was refused."""
    stored = files.keep(io.BytesIO(made.scan(2)), "扫描.pdf")
    row = imports.take(officer=officer, file=stored, name=f"{LONG}.pdf", draft=draft.draft)
    preparing.advance(stored.digest, "pdf", 60)
    lines = (Line(900, 900, 7000, 200, LONG, True), Line(900, 1500, 7000, 200, LONG, True))
    for number in (1, 2):
        Rendition(stored.digest).keep_words(number, Recognised(lines, (0.99, 0.42)))
    imports.propose_text(row=row, made=making.made_of(stored).data())
    with suppress(Refused):
        files.keep(io.BytesIO(b"GIF89a\0\0"), f"{LONG}.gif", officer)
    with suppress(Refused):
        files.keep(io.BytesIO(made.docx("甲", parts={"word/vbaProject.bin": b"x"})), "宏.docx")
    return row, "党政办信息员"


def beside(walk, under, officer, qingxi):
    """Two posts asked and a comment written about ``under``; somebody away; something hurried."""
    found, office = reviews.open_review(under.disclosure), officer("党政办主任")
    asked = [post(qingxi, key) for key in ("finance", "party-building")]
    consulting.ask(review=found, officer=office, posts=asked, question="经费够不够？" * 8)
    remarking.remark(review=found, officer=office, block=1, quote="现决定", text=LONG)
    today = office.on
    organisations.register_absence(
        tenure=tenures_on(today).get(post=post(qingxi, "secretary")),
        deputy=post(qingxi, "discipline"),
        since=today,
        until=today + timedelta(days=3),
        kind=AbsenceKind.TRIP,
        by=SYSTEM,
    )
    hurried = walk("石桥水库泄洪期间下游群众转移安置点").submitted()
    hastening.hasten(
        review=reviews.open_review(hurried.disclosure),
        officer=officer("党委副书记"),
        reason="今夜泄洪，等不到逐级审核。",
    )
    return hurried


def read_and_printed(item, officer):
    """A month of calls, some of them from a place's sheets; and a run of sheets, half set."""
    clerk, spot = (
        officer("组织干事"),
        reach.name_spot(officer=officer("党政办主任"), name=LONG[:30]),
    )
    days = [clerk.on - timedelta(days=n) for n in range(30)]
    calls = {(day, item.address, ""): 40 + 7 * day.day % 31 for day in days}
    reach.take(name="a", totals={**calls, (days[2], item.address, spot.mark): 12})
    item.disclosure.refresh_from_db()
    run = printing.ask(
        officer=clerk, wanted=[item.address] * 2, what=LONG, size="a3", mark=spot.mark
    )
    printing.go_on(run=run, done=1, left_out=[(item.address, LONG)])
    return run


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
    draft = walk("第三季度决议决定执行结果", BODY + TABLE + PHONE + "<p>截止目前【填：几】处。</p>")
    mistyped = Listed("mistyped", "截止目前", "截至目前")
    change_words(organisation=qingxi, officer=officer("党政办信息员"), add=[mistyped])
    feedback.assign(case=case, officer=officer("党政办主任"), post=post(qingxi, "office"))
    item = walk("2026年10月领导接访日接待和办理结果").opened()
    hurried = beside(walk, review, officer, qingxi)
    revision = catalogue.revise(
        officer=officer("组织干事"),
        change=lambda charter: [
            replace(rule, title=LONG) if rule.code == "JC-06" else rule for rule in charter.entries
        ],
    )
    run = read_and_printed(item, officer)
    brought, refused = a_scan(draft, officer("组织干事"))
    log()
    return [
        ("imports", "组织干事", reverse("desk:imports")),
        ("import", "组织干事", reverse("desk:import", args=[brought.pk])),
        ("refusals", refused, reverse("desk:refusals")),
        ("entry", "组织干事", reverse("desk:entry", args=["JC-06"])),
        ("revision", "组织干事", reverse("desk:revision", args=[revision.pk])),
        ("inbox", "党政办主任", reverse("desk:inbox")),
        ("review", "党政办主任", review.page()),
        ("comment", "党政办主任", review.page("remark")),
        ("ask", "党政办主任", review.page("ask")),
        ("advise", "财政所长", review.page("advise", Consultation.objects.earliest("pk").pk)),
        ("hurried", "纪委书记", hurried.page()),
        ("emergencies", "纪委书记", reverse("desk:emergencies")),
        ("absences", "党政办信息员", reverse("organisations:absences")),
        ("planned", "党政办主任", planned.page()),
        ("new", "组织干事", reverse("desk:write", args=["FW-04"])),
        ("edit", "组织干事", draft.page("edit")),
        ("check", "组织干事", draft.page("check")),
        ("words", "党政办信息员", reverse("desk:words")),
        ("submit", "组织干事", draft.page("submit")),
        ("case", "党政办主任", reverse("desk:case", args=[case.number])),
        ("case beside the answer", "党政办主任", reverse("desk:case-handle", args=[case.number])),
        ("cases", "党政办主任", reverse("desk:cases")),
        ("case taken down", "党政办主任", reverse("desk:case-new")),
        ("opinions book", "党政办主任", reverse("desk:case-book")),
        ("schedule", "党政办主任", sealed.page("schedule")),
        ("step", "党政办主任", reverse("desk:step", args=["review"])),
        ("catalogue", "组织干事", reverse("desk:catalogue")),
        ("duties", "党政办主任", reverse("desk:duties")),
        ("months", "党政办主任", reverse("desk:months")),
        ("duty", "党政办主任", reverse("desk:duty", args=[first.pk])),
        ("report", "组织干事", reverse("desk:report", args=["JC-05"])),
        ("paper", "组织干事", reverse("paper:wall")),
        ("runs", "组织干事", reverse("printing:runs")),
        ("run", "组织干事", reverse("printing:run", args=[run.pk])),
        ("reach", "党政办主任", reverse("reach:home")),
        ("reach of an item", "党政办主任", reverse("reach:item", args=[item.address])),
        ("postings", "党政办主任", reverse("desk:postings")),
        ("screens", "党政办主任", reverse("screens:list")),
        ("television", "党政办主任", reverse("desk:television")),
        ("briefs", "党政办主任", reverse("desk:briefs")),
        ("messages", "党政办信息员", reverse("messages:overview")),
        ("blocked", "纪委书记", reverse("desk:blocked")),
        ("audit", "纪委书记", reverse("desk:audit")),
        ("room", "组织干事", reverse("members:list")),
        ("read", "组织干事", reverse("members:item", args=[item.address])),
    ]


@pytest.mark.long
@pytest.mark.parametrize(
    ("language", "widths"), [("zh-hans", (1440, 390, 320)), ("en", (390,))], ids=["zh-hans", "en"]
)
def test_pages_fit_their_window_and_pass_axe(language, widths, world, site, browser, officer):
    wrong: list[str] = []
    for holder in sorted({holder for _name, holder, _path in world}):
        session = entered(officer(holder)).cookies["gongkai_session"].value
        cookies = {"gongkai_language": language, "gongkai_session": session}
        with browser.new_context() as context:
            context.add_cookies(
                [{"name": key, "value": value, "url": site} for key, value in cookies.items()]
            )
            page = context.new_page()
            page.on("console", lambda message: wrong.append(message.text))
            for name, path in [(name, path) for name, its, path in world if its == holder]:
                assert page.goto(site + path).status == 200, name
                wrong.extend(f"{name}: {each}" for each in axe.complaints(page, widths))
    assert wrong == []
