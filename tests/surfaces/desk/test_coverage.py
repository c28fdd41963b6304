"""落实情况 at the desk: the officer's organisation and those below it, inner entries included."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from tests.cast import officer_named, village
from tests.surfaces.desk.conftest import entered

from gongkai.foundation.organisations.models import Organisation
from gongkai.procedure.catalogue.models import Entry
from gongkai.procedure.duties import jobs, workflow
from gongkai.procedure.duties.models import Duty
from gongkai.surfaces.desk import oversight

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 23, 1, 40, tzinfo=UTC)


@pytest.fixture
def both(time_machine, qingxi):
    """青溪镇 and 石桥村 below it, their duties planned, on the day after some fell due."""
    time_machine.move_to(NOW, tick=False)
    shiqiao = village()
    Organisation.objects.filter(pk=shiqiao.pk).update(parent=qingxi)
    jobs.follow(NOW)
    jobs.plan(NOW)
    time_machine.move_to(NOW + timedelta(days=8), tick=False)
    return qingxi, Organisation.objects.get(pk=shiqiao.pk)


@pytest.fixture
def auditor(both):
    return entered(officer_named(both[0], "纪委书记").member)


def test_the_worst_comes_first_and_each_leads_to_its_entries(both, auditor):
    qingxi, shiqiao = both
    page = auditor.get("/desk/coverage/")
    rows = list(page.context["page"])
    missing = [row.counts.missing for row in rows]
    assert {row.organisation for row in rows} == {qingxi, shiqiao}
    assert missing == sorted(missing, reverse=True)
    assert (
        missing[0]
        == Duty.objects.filter(
            organisation=rows[0].organisation, due_on__lt=date(2026, 12, 1)
        ).count()
    )
    assert f'href="/desk/coverage/{shiqiao.slug}/"' in page.text
    assert auditor.get(f"/desk/coverage/{shiqiao.slug}/").status_code == 200


def test_what_was_met_and_waived_is_told_with_its_item_and_reason(both, auditor):
    qingxi = both[0]
    manager = officer_named(qingxi, "党政办主任")
    overdue = Duty.objects.filter(organisation=qingxi, due_on__lt=date(2026, 12, 1)).order_by("pk")
    met, waived = overdue[0], overdue[1]
    entry = Entry.objects.get(pk=met.entry_id)
    day = date(2026, 12, 1)
    workflow.fulfil(entry=entry, duty=met, item="K700000001", on=day, shown=True, correction=False)
    workflow.waive(duty=waived, officer=manager, reason="停办一个月。")
    page = auditor.get(f"/desk/coverage/{qingxi.slug}/").text
    for words in ("晚了", "/desk/i/K700000001/", "停办一个月。", "没有公开"):
        assert words in page


def test_another_house_is_not_theirs_to_look_into(both):
    shiqiao = both[1]
    reader = entered(officer_named(shiqiao, "村文书").member)
    assert reader.get("/desk/coverage/qingxi/").status_code == 404
    assert reader.get("/desk/coverage/").context["shown"] == shiqiao


def test_a_member_without_such_a_right_has_no_door(both, party_member):
    assert entered(party_member).get("/desk/coverage/").status_code == 403


@pytest.mark.parametrize("page", ["/desk/coverage/", "/desk/coverage/qingxi/"])
def test_the_queries_do_not_grow_with_the_rows(both, auditor, page):
    auditor.get(page)
    with CaptureQueriesContext(connection) as few:
        auditor.get(page)
    later = NOW + timedelta(days=200)
    jobs.plan(later, budget=10)
    for number in range(3):
        Organisation.objects.create(slug=f"v{number}", name=f"{number}村", parent=both[0])
    with CaptureQueriesContext(connection) as many:
        auditor.get(page)
    assert len(many) == len(few)
    assert oversight.table([], NOW.date()) == []
