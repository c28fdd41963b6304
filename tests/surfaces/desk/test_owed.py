"""What is due, proposed to whoever answers for it: as a task, on the writing page, on the item."""

from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from django.urls import reverse
from tests.surfaces.desk.test_writing import typed

from gongkai.foundation.core.errors import Refused
from gongkai.foundation.organisations.queries import organisation
from gongkai.procedure.catalogue.charter import parse, sample
from gongkai.procedure.catalogue.models import Entry
from gongkai.procedure.catalogue.queries import charter_of
from gongkai.procedure.duties import jobs, workflow
from gongkai.procedure.duties.models import Duty
from gongkai.procedure.duties.states import DutyState
from gongkai.procedure.proposals import rules
from gongkai.procedure.proposals import workflow as proposals
from gongkai.procedure.proposals.models import Disclosure
from gongkai.surfaces.desk import inbox, owed

pytestmark = pytest.mark.django_db
MONDAY = datetime(2026, 11, 23, 1, 40, tzinfo=UTC)
SOON = datetime(2026, 12, 28, 1, 40, tzinfo=UTC)
"""Within a week of the end of the quarter."""


@pytest.fixture
def township(qingxi):
    """青溪镇 whose charter was followed in November, a few days before the year's end."""
    with time_machine.travel(MONDAY, tick=False):
        jobs.follow(MONDAY)
        jobs.plan(MONDAY)
    with time_machine.travel(SOON, tick=False):
        yield qingxi


def of(organisation, code, key="2026-Q4") -> Duty:
    return Duty.objects.select_related("entry", "organisation").get(
        organisation=organisation, entry__code=code, key=key
    )


def codes(officer) -> list[tuple[str, str]]:
    found = owed.proposed(officer, charter_of(officer.organisation)[1])
    return [(duty.entry.code, duty.key) for duty in found]


def test_what_is_due_soon_is_proposed_to_the_posts_of_its_department(township, officer):
    assert set(codes(officer("组织干事"))) <= set(codes(officer("党建办主任")))
    assert ("SX-02", "2026-Q4") in codes(officer("组织干事"))
    assert codes(officer("党委书记")) == []
    assert {duty.entry.department for duty in owed.proposed(officer("财政所长"), _charter())} <= {
        "财政所"
    }


def _charter():
    return charter_of(organisation("qingxi"))[1]


def test_the_lead_is_the_charters(township, officer):
    """Seven days before the last one, and not a day earlier."""
    with time_machine.travel(datetime(2026, 12, 23, 15, 59, tzinfo=UTC)):
        assert ("SX-02", "2026-Q4") not in codes(officer("组织干事"))
    with time_machine.travel(datetime(2026, 12, 23, 16, 0, tzinfo=UTC)):
        assert ("SX-02", "2026-Q4") in codes(officer("组织干事"))


def test_whoever_may_write_is_led_to_a_draft_and_a_head_to_the_duty(township, at):
    duty = of(township, "SX-02")
    title = "党员教育培训计划及落实（2026年第4季度）"

    def task(post):
        groups = at(post).get("/desk/").context["groups"]
        return next(each for group in groups for each in group.tasks if each.title == title)

    told = task("组织干事")
    assert (told.act, told.href, told.due) == (
        "起草",
        f"/desk/new/SX-02/?duty={duty.pk}",
        date(2026, 12, 31),
    )
    assert told.say == "目录SX-02，党建工作办公室：到期要公开，还没有人起草。"
    told = task("党建办主任")
    assert (told.act, told.href) == ("查看", f"/desk/duties/{duty.pk}/")


def test_a_draft_begins_with_entry_and_period_and_answers_its_duty(township, at):
    duty, client = of(township, "SX-02"), at("组织干事")
    page = client.get(f"/desk/new/SX-02/?duty={duty.pk}")
    form = page.context["form"]
    assert form["title"].value() == "党员教育培训计划及落实（2026年第4季度）"
    assert form["duty"].value() == str(duty.pk)
    words = [each.words for each in page.context["elements"]]
    assert words == ["计划", "学时", "结果"]
    answer = client.post("/desk/new/SX-02/", scoped("SX-02", duty=str(duty.pk)))
    item = Disclosure.objects.get()
    assert (answer.status_code, item.duty, item.extra) == (302, duty, False)
    assert ("SX-02", "2026-Q4") not in [
        (each.entry.code, each.key) for each in owed.proposed(_officer(client), _charter())
    ]
    text = client.get(reverse("desk:item", args=[item.address])).content.decode()
    assert "对应的公开任务" in text
    assert f'<a href="/desk/duties/{duty.pk}/">2026年第4季度</a>' in text
    page = client.get(reverse("desk:edit", args=[item.address])).content.decode()
    assert "完成公开任务：2026年第4季度，2026年12月31日截止。" in page


def _officer(client):
    return client.get("/desk/").wsgi_request.acting


def of_rule(code):
    return _charter().entry(code)


def scoped(code, **changes):
    data = typed(**changes)
    for key in [key for key in data if key.startswith(("take_", "opens_"))]:
        del data[key]
    rule = of_rule(code)
    data["channels"] = rules.default_channels(
        _charter(), rule, rules.default_plan(_charter(), rule)
    )
    for scope in rule.scopes:
        data |= {f"take_{scope}": "on", f"opens_{scope}": ""}
    return data


def test_without_a_word_the_oldest_is_chosen_and_none_can_be(township, at):
    """What was written for no duty meets none when it opens."""
    first, client = of(township, "FW-05", "2026-11"), at("组织干事")
    page = client.get("/desk/new/FW-05/")
    assert page.context["form"]["duty"].value() == str(first.pk)
    assert page.context["form"]["title"].value() is None
    assert [label for _, label in page.context["form"].fields["duty"].choices] == [
        "2026年11月，2026年11月30日截止",
        "2026年12月，2026年12月31日截止",
        "不为任何任务",
    ]
    client.post("/desk/new/FW-05/", scoped("FW-05", duty=""))
    item = Disclosure.objects.get()
    assert (item.duty, item.extra) == (None, True)


def test_what_is_extra_meets_nothing_when_it_opens(township, walk):
    duty = of(township, "SX-02")
    walk("另外多公开的", code="SX-02", extra=True).opened()
    duty.refresh_from_db()
    assert duty.state == DutyState.OPEN
    walk("按期公开的", code="SX-02").opened()
    duty.refresh_from_db()
    assert duty.state == DutyState.MET


def test_a_duty_that_somebody_settled_meanwhile_is_not_taken(township, at, officer):
    duty, client = of(township, "SX-02"), at("组织干事")
    workflow.waive(duty=duty, officer=officer("党政办主任"), reason="本季没有活动")
    answer = client.post("/desk/new/SX-02/", scoped("SX-02", duty=str(duty.pk)))
    assert answer.status_code == 422
    assert "这项任务刚有人办了，或者不再适用。请另选一项。" in answer.content.decode()
    with pytest.raises(Refused):
        proposals.begin(
            organisation=township,
            entry=duty.entry,
            officer=officer("组织干事"),
            title="三会一课",
            body="<p>一</p>",
            kind="document",
            duty=duty,
        )


@pytest.mark.parametrize("asked", ["nonsense", "9" * 30, "0", "-1"])
def test_a_wrong_duty_in_the_address_changes_nothing(township, at, asked):
    page = at("组织干事").get("/desk/new/SX-02/", {"duty": asked})
    assert page.context["form"]["duty"].value() == str(of(township, "SX-02").pk)


def test_a_given_up_draft_leaves_its_duty_proposed(township, walk, officer):
    duty = of(township, "SX-02")
    item = walk("三会一课", code="SX-02", duty=duty)
    assert ("SX-02", "2026-Q4") not in codes(officer("组织干事"))
    proposals.drop(draft=item.draft, officer=officer("组织干事"), reason="写错了")
    assert ("SX-02", "2026-Q4") in codes(officer("组织干事"))


@pytest.mark.parametrize(
    ("key", "title", "said"),
    [
        ("2026-11", "", "2026年11月"),
        ("2026-Q3", "", "2026年第3季度"),
        ("2026-H1", "", "2026年上半年"),
        ("2026-H2", "", "2026年下半年"),
        ("2026", "", "2026年"),
        ("7k2m9q0zv3", "11月23日党委会议", "11月23日党委会议"),
    ],
)
def test_a_period_reads_as_people_say_it(key, title, said):
    assert owed.period(Duty(kind="period", key=key, title=title)) == said


def test_content_elements_are_looked_for_word_for_word():
    rule = parse(sample("township")).entry("JC-05")
    found = owed.elements(rule, "议题一", "<p>决 定如下，由甲办。</p>")
    assert [(each.words, each.found) for each in found] == [
        ("议题", True),
        ("决定", True),
        ("执行部门", False),
        ("不含讨论过程", False),
    ]


@pytest.mark.parametrize("many", [1, 3])
def test_proposing_costs_one_query_however_much_is_due(
    many, township, officer, django_assert_num_queries
):
    who, charter = officer("组织干事"), charter_of(township)[1]
    Duty.objects.exclude(entry__code="FW-05").update(state=DutyState.VOID, settled_on=SOON.date())
    entry = Entry.objects.get(organisation=township, code="SX-02")
    for n in range(many):
        Duty.objects.create(
            organisation=township,
            entry=entry,
            kind="event",
            key=f"e{n}",
            title=f"第{n}次",
            from_on=MONDAY.date(),
            nominal_on=MONDAY.date(),
            due_on=MONDAY.date() + timedelta(days=n),
            made_at=MONDAY,
        )
    with django_assert_num_queries(1):
        assert len([duty for duty in owed.proposed(who, charter) if duty.title]) == many
    found = [task for task in inbox.tasks(who) if task.act == "起草"]
    assert len(found) >= many
